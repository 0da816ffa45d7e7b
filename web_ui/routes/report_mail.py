"""Reports by e-mail: which saved report goes to whom when, how the last one went, one now, and the queue of mail."""

from __future__ import annotations

from typing import Any

from firmware.model import UserId
from web_ui.client import Refused
from web_ui.language import LANGUAGES
from web_ui.permissions import Permission
from web_ui.report_view import asked
from web_ui.report_words import KINDS, MAIL_STATES, RHYTHMS, RUNS
from web_ui.routes.reports import today
from web_ui.routing import Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()

PATH = "/reports/mail"


@routes.get(PATH, Permission.REPORTS_MAIL)
def index(web: Web, visit: Visit) -> Any:
    """What is sent, and what became of it."""
    saved = web.reports.report_views(UserId(visit.user_id))
    return web.pages.show(
        visit,
        "report_mail",
        asked=asked("", "", "", (), today(visit)),
        kinds=KINDS,
        saved=saved,
        names=web.reports.report_view_names(),
        planned=web.reports.report_schedules(),
        mails=web.reports.mails(30),
        mail=web.call("mail.state"),
        rhythms=RHYTHMS,
        runs=RUNS,
        states=MAIL_STATES,
        languages_to_choose=LANGUAGES,
        here="reports",
    )


@routes.post(PATH, Permission.REPORTS_MAIL)
def plan(web: Web, visit: Visit) -> Any:
    """Send a saved report from now on."""
    rhythm = visit.text("rhythm", 10)
    day = {"weekly": "weekday", "monthly": "monthday"}.get(rhythm)
    try:
        web.call(
            "report.schedule",
            view_id=_number(visit.text("view", 20)),
            rhythm=rhythm,
            day=_number(visit.text(day, 3)) if day else 0,
            at=visit.text("at", 5),
            recipients=visit.text("recipients").replace(",", " ").replace(";", " ").split(),
            format=visit.text("format", 4),
            language=visit.text("language", 2),
            by=visit.person.name if visit.person else "",
        )
    except Refused as refused:
        return web.pages.refuse(visit, PATH, refused.problems)
    return web.pages.go(visit, PATH, visit.language.gettext("The report will be sent."))


@routes.post(f"{PATH}/<number:int>/run", Permission.REPORTS_MAIL)
def run(web: Web, visit: Visit, number: int) -> Any:
    """Send it now."""
    try:
        web.call("report.run", id=number)
    except Refused as refused:
        return web.pages.refuse(visit, PATH, refused.problems)
    return web.pages.go(
        visit, PATH, visit.language.gettext("The report is being made; reload to see it go out.")
    )


@routes.post(f"{PATH}/<number:int>/remove", Permission.REPORTS_MAIL)
def remove(web: Web, visit: Visit, number: int) -> Any:
    """Send it no more."""
    try:
        web.call("report.unschedule", id=number)
    except Refused as refused:
        return web.pages.refuse(visit, PATH, refused.problems)
    return web.pages.go(visit, PATH, visit.language.gettext("The report is sent no more."))


@routes.post(f"{PATH}/test", Permission.REPORTS_MAIL)
def test(web: Web, visit: Visit) -> Any:
    """Send a message that says that mail works."""
    try:
        web.call("mail.test", recipient=visit.text("recipient", 300), language=visit.language.code)
    except Refused as refused:
        return web.pages.refuse(visit, PATH, refused.problems)
    return web.pages.go(
        visit, PATH, visit.language.gettext("The test is on its way; reload to see what became of it.")
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
