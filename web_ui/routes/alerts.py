"""Alerts: what is wrong now, what was, who has taken note, and who is told by e-mail."""

from __future__ import annotations

from typing import Any

from web_ui import alert_words
from web_ui.client import Refused
from web_ui.language import LANGUAGES
from web_ui.permissions import Permission
from web_ui.routing import Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()

PATH = "/alerts"


@routes.get(PATH, Permission.ALERTS)
def index(web: Web, visit: Visit) -> Any:
    """What is wrong and what was."""
    change = visit.may(Permission.ALERTS_CHANGE)
    return web.pages.show(
        visit,
        "alerts",
        open_now=web.reports.open_alerts(),
        past=web.reports.past_alerts(),
        receivers=web.reports.alert_receivers() if change else [],
        mail=web.call("mail.state") if change else {},
        view=alert_words,
        languages_to_choose=LANGUAGES,
        here="alerts",
    )


@routes.post(f"{PATH}/<number:int>/acknowledge", Permission.ALERTS)
def acknowledge(web: Web, visit: Visit, number: int) -> Any:
    """Take note of an alert."""
    try:
        web.call("alert.acknowledge", id=number, by=visit.person.name if visit.person else "?")
    except Refused as refused:
        return web.pages.refuse(visit, PATH, refused.problems)
    return web.pages.go(visit, PATH)


@routes.post(f"{PATH}/receivers", Permission.ALERTS_CHANGE)
def tell(web: Web, visit: Visit) -> Any:
    """Tell somebody from now on."""
    try:
        web.call(
            "alert.tell",
            address=visit.text("address", 300),
            language=visit.text("language", 2),
            rules=visit.texts("rule"),
            by=visit.person.name if visit.person else "",
        )
    except Refused as refused:
        return web.pages.refuse(visit, PATH, refused.problems)
    return web.pages.go(visit, PATH, visit.language.gettext("Alerts go there from now on."))


@routes.post(f"{PATH}/receivers/<number:int>/remove", Permission.ALERTS_CHANGE)
def tell_no_more(web: Web, visit: Visit, number: int) -> Any:
    """Tell somebody no more."""
    try:
        web.call("alert.tell_no_more", id=number)
    except Refused as refused:
        return web.pages.refuse(visit, PATH, refused.problems)
    return web.pages.go(visit, PATH, visit.language.gettext("This receiver is told no more."))
