"""The assistant's second step: what the file would bring, then bringing it in.

The import is first only looked at (a dry import); the real one begins when somebody goes on. Both outlast the page: a
draft's notes name them, and after a restart of the box the list itself tells whether the import was complete.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from bottle import HTTPResponse

from firmware.model import CampaignId
from web_ui import wizard
from web_ui.client import Refused
from web_ui.drafts import Notes
from web_ui.following import asked, follow
from web_ui.language import Language
from web_ui.live import Entry, Picture
from web_ui.pages import Note, fragment, see_other
from web_ui.permissions import Permission
from web_ui.routes.wizard import draft_of, drafts, lead_to, show
from web_ui.routing import Routes
from web_ui.streams import Regions
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()

IMPORT_PATIENCE_S = 4.0
"""A small import is done by then, and the person goes straight on."""


@routes.get("/wizard/<number:int>/<action:re:check>", Permission.CAMPAIGNS_CHANGE)
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


@routes.post("/wizard/<number:int>/<action:re:check>", Permission.CAMPAIGNS_CHANGE)
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


@routes.get("/live/wizard/<number:int>", Permission.CAMPAIGNS_CHANGE, streams=True)
def stream(web: Web, visit: Visit, number: CampaignId) -> Any:
    """The check's or the import's progress."""
    notes = drafts(web).read(number)
    return follow(web, visit, lambda picture: (_regions(picture, notes, visit.language), {}))


@routes.get("/live/wizard/<number:int>.json", Permission.CAMPAIGNS_CHANGE)
def poll(web: Web, visit: Visit, number: CampaignId) -> Any:
    """The same for a page whose stream was turned away."""
    notes = drafts(web).read(number)
    return asked(web, lambda picture: (_regions(picture, notes, visit.language), {}))


def _regions(picture: Picture, notes: Notes, language: Language) -> Regions:
    return {"import": fragment("live/wizard_import", language, job=job_of(picture, notes))}
