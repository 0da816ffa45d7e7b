"""The assistant's first step: whom to call, from a list that is there or a file whose columns are looked at.

The draft exists from the first answer on; the upload is in its notes. What the file would bring is ``wizard_check``'s.
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
from web_ui.pages import see_other
from web_ui.permissions import Permission
from web_ui.routes.lists import COLUMN_ROLES, COLUMN_TYPES, PREVIEW_S, take_file
from web_ui.routes.wizard import draft_of, drafts, lead_to, show
from web_ui.routing import Routes
from web_ui.uploads import MOST_UPLOAD_BYTES
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()

MOST_COLUMNS = 256
OFFICE_HOURS = [
    {"weekday": day, "start_min": window.start_min, "end_min": window.end_min}
    for day in range(5)
    for window in (CallWindow(day, 9 * 60, 18 * 60),)
]


# -- step 1: whom -------------------------------------------------------------------------------------------------


@routes.get("/wizard", Permission.CAMPAIGNS_CHANGE)
def new(web: Web, visit: Visit) -> Any:
    """The first step of a new campaign."""
    return _choose(web, visit, None)


@routes.post("/wizard/list", Permission.CAMPAIGNS_CHANGE)
def new_with_list(web: Web, visit: Visit) -> Any:
    """Make the draft with a list that is there already."""
    return _take_list(web, visit, None)


@routes.post("/wizard/upload", Permission.CAMPAIGNS_CHANGE)
def new_with_file(web: Web, visit: Visit) -> Any:
    """Make the draft with a file."""
    return _take_upload(web, visit, None)


@routes.get("/wizard/<number:int>/<action:re:list>", Permission.CAMPAIGNS_CHANGE)
def choose(web: Web, visit: Visit, number: CampaignId, action: str) -> Any:  # noqa: ARG001 - the route's form
    """The first step of a draft."""
    campaign = draft_of(web, visit, number)
    return campaign if isinstance(campaign, HTTPResponse) else _choose(web, visit, campaign)


@routes.post("/wizard/<number:int>/<action:re:list>", Permission.CAMPAIGNS_CHANGE)
def change_list(web: Web, visit: Visit, number: CampaignId, action: str) -> Any:  # noqa: ARG001
    """Choose another list for a draft."""
    campaign = draft_of(web, visit, number)
    return campaign if isinstance(campaign, HTTPResponse) else _take_list(web, visit, campaign)


@routes.post("/wizard/<number:int>/upload", Permission.CAMPAIGNS_CHANGE)
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
        "agent_ids": [user.id for user in web.reports.users() if Role.AGENT in user.roles and user.active],
    }


# -- the file's columns -------------------------------------------------------------------------------------------


@routes.get("/wizard/<number:int>/columns", Permission.CAMPAIGNS_CHANGE)
def columns(web: Web, visit: Visit, number: CampaignId) -> Any:
    """The first rows, and what each column seems to be."""
    campaign = draft_of(web, visit, number)
    return campaign if isinstance(campaign, HTTPResponse) else _columns(web, visit, campaign, ())


@routes.post("/wizard/<number:int>/columns", Permission.CAMPAIGNS_CHANGE)
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
