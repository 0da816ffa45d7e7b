"""The assistant's first two steps: whom to call, and the check of the list before anything is kept.

A file is uploaded, its columns are looked at, and the import is first only looked at (a dry import), so that the report
stands before the deed. The draft exists from the first answer on; the upload and its imports are in its notes.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bottle import HTTPResponse

from firmware.model import CallWindow, CampaignId, Problem, Role
from firmware.store.reports import Campaign
from web_ui import wizard, words
from web_ui.client import Refused
from web_ui.drafts import Notes
from web_ui.following import asked, follow
from web_ui.language import Language
from web_ui.live import Entry, Picture
from web_ui.pages import Note, fragment, see_other
from web_ui.routes.lists import COLUMN_ROLES, COLUMN_TYPES, PREVIEW_S, take_file
from web_ui.routes.wizard import draft_of, drafts, lead_to, show
from web_ui.routing import ADMINISTRATOR, Routes
from web_ui.streams import Regions
from web_ui.uploads import MOST_UPLOAD_BYTES
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()

MOST_COLUMNS = 256
IMPORT_PATIENCE_S = 4.0
"""A small import is done by then, and the person goes straight on."""
OFFICE_HOURS = [
    {"weekday": day, "start_min": window.start_min, "end_min": window.end_min}
    for day in range(5)
    for window in (CallWindow(day, 9 * 60, 18 * 60),)
]


# -- step 1: whom -------------------------------------------------------------------------------------------------


@routes.get("/wizard", ADMINISTRATOR)
def new(web: Web, visit: Visit) -> Any:
    """The first step of a new campaign."""
    return _choose(web, visit, None)


@routes.post("/wizard/list", ADMINISTRATOR)
def new_with_list(web: Web, visit: Visit) -> Any:
    """Make the draft with a list that is there already."""
    return _take_list(web, visit, None)


@routes.post("/wizard/upload", ADMINISTRATOR)
def new_with_file(web: Web, visit: Visit) -> Any:
    """Make the draft with a file."""
    return _take_upload(web, visit, None)


@routes.get("/wizard/<number:int>/<action:re:list>", ADMINISTRATOR)
def choose(web: Web, visit: Visit, number: CampaignId, action: str) -> Any:  # noqa: ARG001 - the route's form
    """The first step of a draft."""
    campaign = draft_of(web, visit, number)
    return campaign if isinstance(campaign, HTTPResponse) else _choose(web, visit, campaign)


@routes.post("/wizard/<number:int>/<action:re:list>", ADMINISTRATOR)
def change_list(web: Web, visit: Visit, number: CampaignId, action: str) -> Any:  # noqa: ARG001
    """Choose another list for a draft."""
    campaign = draft_of(web, visit, number)
    return campaign if isinstance(campaign, HTTPResponse) else _take_list(web, visit, campaign)


@routes.post("/wizard/<number:int>/upload", ADMINISTRATOR)
def change_file(web: Web, visit: Visit, number: CampaignId) -> Any:
    """Upload a file for a draft."""
    campaign = draft_of(web, visit, number)
    return campaign if isinstance(campaign, HTTPResponse) else _take_upload(web, visit, campaign)


def _choose(
    web: Web,
    visit: Visit,
    campaign: Campaign | None,
    problems: tuple[Problem, ...] = (),
    file_error: str = "",
) -> HTTPResponse:
    lists = web.reports.contact_lists()
    wanted = visit.query("list")
    chosen: int | None = campaign.settings.contact_list_id if campaign else None
    if chosen is None and wanted.isdigit():
        chosen = int(wanted)
    notes = drafts(web).read(campaign.id) if campaign else Notes()
    return show(
        web,
        visit,
        "list",
        campaign,
        problems,
        422 if problems or file_error else 200,
        called=visit.text("name", 120) or (campaign.settings.name if campaign else _default_name(visit)),
        lists=lists,
        chosen=chosen if chosen is not None else (lists[0].id if lists else None),
        upload=notes.upload if web.uploads.path(notes.upload) else "",
        upload_title=notes.title,
        file_error=file_error,
        most_bytes=MOST_UPLOAD_BYTES,
        drafts=[] if campaign else [each for each in web.reports.campaigns() if str(each.state) == "draft"],
    )


def _default_name(visit: Visit) -> str:
    return visit.language.gettext("Campaign of {date}", date=visit.language.date(time.time()))


def _take_list(web: Web, visit: Visit, campaign: Campaign | None) -> Any:
    target = wizard.after("list", visit.text("go", 20))
    wanted = visit.text("contact_list_id", 20)
    if not wanted.isdigit():
        problem = Problem("contact_list_id", "no_contact_list", "No contact list is chosen.")
        return _choose(web, visit, campaign, (problem,))
    number = _store(web, visit, campaign, {"contact_list_id": int(wanted)})
    if isinstance(number, Refused):
        return _choose(web, visit, campaign, number.problems)
    kept = drafts(web)
    kept.write(number, replace(kept.read(number), look="", job="", upload=""))
    return lead_to(web, number, target)


def _take_upload(web: Web, visit: Visit, campaign: Campaign | None) -> Any:
    upload, mistake = take_file(web, visit)
    if mistake:
        return _choose(web, visit, campaign, file_error=mistake)
    title = str(web.pages.once.take(visit.session, f"title-{upload}") or "")
    number = _store(web, visit, campaign, {})
    if isinstance(number, Refused):
        web.uploads.forget(upload)
        return _choose(web, visit, campaign, number.problems)
    kept = drafts(web)
    kept.write(number, replace(kept.read(number), upload=upload, title=title, order={}, look="", job=""))
    return see_other(f"/wizard/{number}/columns")


def _store(
    web: Web, visit: Visit, campaign: Campaign | None, changes: Mapping[str, Any]
) -> CampaignId | Refused:
    """Make the draft, or change it; its number, or why not."""
    name = visit.text("name", 120) or (campaign.settings.name if campaign else _default_name(visit))
    try:
        if campaign is not None:
            web.call("campaign.change", id=campaign.id, changes={**changes, "name": name})
            return campaign.id
        made = web.call("campaign.create", settings={**_usual(web), **changes, "name": name})
    except Refused as refused:
        return refused
    return CampaignId(int(made["id"]))


def _usual(web: Web) -> dict[str, Any]:
    """What most offices want."""
    trunk = web.settings.trunks[0] if web.settings.trunks else None
    return {
        "country": web.settings.country,
        "default_zone": web.settings.zone,
        "windows": OFFICE_HOURS,
        "trunk": trunk.name if trunk else "",
        "caller_id": trunk.caller_ids[0] if trunk and trunk.caller_ids else "",
        "dnc_list_ids": [each.id for each in web.reports.dnc_lists()],
        "agent_ids": [user.id for user in web.reports.users() if user.role == Role.AGENT and user.active],
    }


# -- the file's columns -------------------------------------------------------------------------------------------


@routes.get("/wizard/<number:int>/columns", ADMINISTRATOR)
def columns(web: Web, visit: Visit, number: CampaignId) -> Any:
    """The first rows, and what each column seems to be."""
    campaign = draft_of(web, visit, number)
    return campaign if isinstance(campaign, HTTPResponse) else _columns(web, visit, campaign, ())


@routes.post("/wizard/<number:int>/columns", ADMINISTRATOR)
def look(web: Web, visit: Visit, number: CampaignId) -> Any:
    """Look what the import would do."""
    campaign = draft_of(web, visit, number)
    if isinstance(campaign, HTTPResponse):
        return campaign
    if visit.text("go", 20) == "back":
        return see_other(f"/wizard/{number}/list")
    kept = drafts(web)
    notes = kept.read(number)
    path = web.uploads.path(notes.upload)
    if path is None:
        return see_other(f"/wizard/{number}/list")
    mapping, problems = _mapping(visit)
    order = {
        "name": visit.text("name", 120) or notes.title or campaign.settings.name,
        "mapping": mapping,
        "country": visit.text("country", 2).upper() or web.settings.country,
    }
    if problems:
        return _columns(web, visit, campaign, problems)
    try:
        job = web.call_with("list.import", {**order, "path": str(path), "dry": True})["job"]
    except Refused as refused:
        return _columns(web, visit, campaign, refused.problems)
    kept.write(number, replace(notes, order=order, look=job, job=""))
    return see_other(f"/wizard/{number}/check")


def _columns(web: Web, visit: Visit, campaign: Campaign, problems: tuple[Problem, ...]) -> Any:
    notes = drafts(web).read(campaign.id)
    path = web.uploads.path(notes.upload)
    if path is None:
        return see_other(f"/wizard/{campaign.id}/list")
    try:
        preview = web.call("list.preview", PREVIEW_S, path=str(path))
    except Refused as refused:
        web.uploads.forget(notes.upload)
        said = " ".join(words.problem(problem, visit.language) for problem in refused.problems)
        return _choose(web, visit, campaign, file_error=said)
    guessed = {**(notes.order.get("mapping") or preview.get("mapping") or {})}
    roles = {column: role for role, column in guessed.items()}
    return show(
        web,
        visit,
        "list",
        campaign,
        problems,
        422 if problems else 200,
        template="columns",
        called=visit.text("name", 120) or notes.order.get("name") or notes.title or campaign.settings.name,
        country=notes.order.get("country") or web.settings.country,
        preview=preview,
        guessed=[str(roles.get(column, "field")) for column in preview.get("columns", ())],
        column_roles=COLUMN_ROLES,
        column_types=COLUMN_TYPES,
    )


def _mapping(visit: Visit) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """Role -> column, and the roles chosen twice."""
    mapping: dict[str, str] = {}
    problems = []
    for index in range(MOST_COLUMNS):
        column, role = visit.text(f"column-{index}", 100), visit.text(f"role-{index}", 20)
        if not column or role not in COLUMN_ROLES or role == "field":
            continue
        if role in mapping:
            figures = {"role": visit.language.gettext(COLUMN_ROLES[role])}
            problems.append(Problem("mapping", "role_used_twice", f"{role} is chosen twice.", figures))
        mapping[role] = column
    return mapping, tuple(problems)


# -- step 2: the check --------------------------------------------------------------------------------------------


@routes.get("/wizard/<number:int>/<action:re:check>", ADMINISTRATOR)
def check(web: Web, visit: Visit, number: CampaignId, action: str) -> Any:
    """What the import would do or does, or what the chosen list holds."""
    campaign = draft_of(web, visit, number)
    if isinstance(campaign, HTTPResponse):
        return campaign
    notes = drafts(web).read(number)
    job = notes.job or notes.look
    if job:
        web.hub.wait_until(lambda p: job in p.imports, 2.0)
    found = job_of(web.hub.picture, notes)
    chosen = campaign.settings.contact_list_id
    if notes.job and not found:
        return _after_restart(web, number, notes)
    if chosen is None and not found:
        return see_other(f"/wizard/{number}/{'columns' if web.uploads.path(notes.upload) else 'list'}")
    return show(
        web,
        visit,
        action,
        campaign,
        job=found,
        report=web.reports.list_report(chosen) if chosen is not None and not found else None,
        dnc_lists=web.reports.dnc_lists(),
        dnc_chosen=set(campaign.settings.dnc_list_ids) | {1},
    )


@routes.post("/wizard/<number:int>/<action:re:check>", ADMINISTRATOR)
def take(web: Web, visit: Visit, number: CampaignId, action: str) -> Any:
    """Import what was looked at, and go on when it is in."""
    campaign = draft_of(web, visit, number)
    if isinstance(campaign, HTTPResponse):
        return campaign
    target = wizard.after(action, visit.text("go", 20))
    try:
        web.call("campaign.change", id=number, changes={"dnc_list_ids": visit.numbers("dnc_list_ids")})
        if wizard.goes_back(action, target):
            return see_other(f"/wizard/{number}/{target}")
        notes = _import(web, visit, number)
    except Refused as refused:
        return web.pages.refuse(visit, f"/wizard/{number}/check", refused.problems)
    if not notes.job:
        return lead_to(web, number, target if campaign.settings.contact_list_id else "check")
    picture = web.hub.wait_until(lambda p: bool(p.imports.get(notes.job, {}).get("done")), IMPORT_PATIENCE_S)
    return _go_on(web, visit, number, notes, picture, target)


def _import(web: Web, visit: Visit, number: CampaignId) -> Notes:
    """Begin the import, once; the notes afterwards."""
    kept = drafts(web)
    notes = kept.read(number)
    path = web.uploads.path(notes.upload)
    if notes.job or not notes.look or path is None:
        return notes
    who = visit.person.login if visit.person else ""
    job = web.call_with("list.import", {**notes.order, "path": str(path), "who": who})["job"]
    notes = replace(notes, job=job, begun_at=time.time())
    kept.write(number, notes)
    return notes


def _go_on(
    web: Web, visit: Visit, number: CampaignId, notes: Notes, picture: Picture, target: str
) -> HTTPResponse:
    """On to the next step if the import is done and its list is the campaign's; else back to the report."""
    job = picture.imports.get(notes.job)
    list_id = _list_of(web, notes) if job is None else job.get("list_id") if job.get("done") else None
    if list_id is None or (job and job.get("problems")):
        return see_other(f"/wizard/{number}/check")
    web.call("campaign.change", id=number, changes={"contact_list_id": list_id})
    kept = drafts(web)
    kept.write(number, replace(kept.read(number), upload="", look="", job=""))
    _tell_outcome(web, visit, job)
    return lead_to(web, number, target)


def _after_restart(web: Web, number: CampaignId, notes: Notes) -> HTTPResponse:
    """The box was restarted over the import: on with the list if it was complete, else the file comes anew."""
    list_id = _list_of(web, notes)
    kept = drafts(web)
    kept.write(number, replace(kept.read(number), job="", look=""))
    if list_id is None:
        return see_other(f"/wizard/{number}/{'columns' if web.uploads.path(notes.upload) else 'list'}")
    web.call("campaign.change", id=number, changes={"contact_list_id": list_id})
    return see_other(f"/wizard/{number}/check")


def _list_of(web: Web, notes: Notes) -> int | None:
    """The list an import made that the box no longer speaks of, because it was restarted since."""
    made = [
        each
        for each in web.reports.contact_lists()
        if each.name == notes.order.get("name") and each.created_at >= notes.begun_at - 1.0
    ]
    return made[0].id if made else None


def _tell_outcome(web: Web, visit: Visit, job: Entry | None) -> None:
    if job is None:
        return
    text = visit.language.ngettext(
        "{count} contact imported.", "{count} contacts imported.", int(job.get("new") or 0)
    )
    web.pages.tell(visit, Note(text))


def job_of(picture: Picture, notes: Notes) -> Entry:
    """The import a draft waits for: the real one if it was begun."""
    return picture.imports.get(notes.job) or picture.imports.get(notes.look) or {}


@routes.get("/live/wizard/<number:int>", ADMINISTRATOR, streams=True)
def stream(web: Web, visit: Visit, number: CampaignId) -> Any:
    """The check's or the import's progress."""
    notes = drafts(web).read(number)
    return follow(web, visit, lambda picture: (_regions(picture, notes, visit.language), {}))


@routes.get("/live/wizard/<number:int>.json", ADMINISTRATOR)
def poll(web: Web, visit: Visit, number: CampaignId) -> Any:
    """The same for a page whose stream was turned away."""
    notes = drafts(web).read(number)
    return asked(web, lambda picture: (_regions(picture, notes, visit.language), {}))


def _regions(picture: Picture, notes: Notes, language: Language) -> Regions:
    return {"import": fragment("live/wizard_import", language, job=job_of(picture, notes))}
