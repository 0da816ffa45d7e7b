"""Schedules of a contact list: make one, run it now, let it rest, remove it. They are shown on the list's page."""

from __future__ import annotations

from typing import Any

from firmware.model import ContactListId
from web_ui import forms
from web_ui.client import Refused
from web_ui.permissions import Permission
from web_ui.routing import Routes
from web_ui.schedule_words import DID
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()


@routes.post("/lists/<number:int>/schedules", Permission.LISTS)
def plan(web: Web, visit: Visit, number: ContactListId) -> Any:
    """Do something with a list again and again."""
    if web.reports.list_report(number) is None:
        return web.pages.missing(visit)
    kind = visit.text("kind", 10)
    asked: dict[str, Any] = {
        "id": number,
        "kind": kind,
        "days": [day for day in range(7) if visit.text(f"day-{day}")],
        "at": visit.text("at", 5),
        "who": _who(visit),
    }
    if kind == "recycle":
        asked |= {
            "dispositions": visit.texts("results"),
            "rest_days": forms.as_number(visit.text("rest_days", 10) or "0"),
        }
    else:
        source, mapping = visit.text("source", 120), visit.text("mapping", 120)
        asked |= {"source": source, "mapping": mapping, "update": bool(visit.text("update"))}
    try:
        web.call_with("list.schedule", asked)
    except Refused as refused:
        return web.pages.refuse(visit, _back(number), refused.problems)
    return web.pages.go(visit, _back(number), visit.language.gettext("The schedule is saved."))


@routes.post("/lists/<number:int>/schedules/<made:int>/<action:re:run|rest|resume|remove>", Permission.LISTS)
def act(web: Web, visit: Visit, number: ContactListId, made: int, action: str) -> Any:
    """Run it now, let it rest, let it run again, or remove it."""
    report = web.reports.list_report(number)
    if report is None or all(each.id != made for each in report.schedules):
        return web.pages.missing(visit)
    try:
        if action == "run":
            web.call("list.run_schedule", schedule_id=made, list_id=number, who=_who(visit))
        elif action == "remove":
            web.call("list.unschedule", schedule_id=made)
        else:
            web.call("list.switch_schedule", schedule_id=made, active=action == "resume")
    except Refused as refused:
        return web.pages.refuse(visit, _back(number), refused.problems)
    return web.pages.go(visit, _back(number), visit.language.gettext(DID[action]))


def _back(number: ContactListId) -> str:
    return f"/lists/{number}"


def _who(visit: Visit) -> str:
    return visit.person.login if visit.person else ""
