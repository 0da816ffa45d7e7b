"""Reports: of every kind and period, as pages and as files; saved ones; and the history of every attempt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qs

from bottle import HTTPResponse

from firmware.model import UserId
from firmware.papers.files import KINDS as FORMATS
from firmware.papers.files import render
from firmware.papers.tables import Report, texts
from firmware.store.reports import Period
from web_ui import report_maker, report_success, report_view
from web_ui.client import Refused
from web_ui.permissions import Permission
from web_ui.report_chart import drawing
from web_ui.report_tables import Question
from web_ui.report_view import Asked, NotAPeriod
from web_ui.report_words import ABOUT, KINDS
from web_ui.routing import Routes
from web_ui.tables import csv_lines
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()

PATH = "/reports"


@routes.get(PATH, Permission.REPORTS)
def index(web: Web, visit: Visit) -> Any:
    """One report: its figures, charts and tables."""
    wanted, errors = _asked(visit)
    question = _question(web, visit, wanted)
    report = None if errors else report_maker.make(web.reports, question, web.settings.box_name)
    return web.pages.show(
        visit,
        "reports",
        422 if errors else 200,
        asked=wanted,
        errors=errors,
        report=report,
        campaigns=question.names.campaigns,
        saved=web.reports.report_views(UserId(visit.user_id)),
        today=today(visit),
        kinds=KINDS,
        about=ABOUT,
        view=report_view,
        draw=drawing,
        texts=texts,
        here="reports",
    )


@routes.get(f"{PATH}/report.csv", Permission.REPORTS)
def table(web: Web, visit: Visit) -> Any:
    """The report's tables, one below the other, for a spreadsheet."""
    wanted, errors = _asked(visit)
    if errors:
        return index(web, visit)
    report = report_maker.make(web.reports, _question(web, visit, wanted), web.settings.box_name)
    rows = [[report.title], *([line] for line in report.lines)]
    for each in report.tables:
        rows += [[], [each.title], [column.title for column in each.columns]]
        rows += [list(texts(line)) for line in each.lines]
    return _file(wanted, wanted.kind, "csv", [csv_lines(rows, visit.language, first=True)])


@routes.get(f"{PATH}/intervals.csv", Permission.REPORTS)
def intervals(web: Web, visit: Visit) -> Any:
    """The intervals alone with their moments, empty ones too, for a program that reads them."""
    wanted, errors = _asked(visit)
    if errors:
        return index(web, visit)
    question = _question(web, visit, wanted)
    cells = web.reports.activity(report_view.period(wanted, visit.language.zone))
    found = report_view.by_interval(cells, wanted, visit.language.zone)
    told = [report_success.interval_cells(row, question) for row in found if row.kind == "interval"]
    rows = [report_success.interval_head(question), *told]
    return _file(wanted, "intervals", "csv", [csv_lines(rows, visit.language, first=True)])


@routes.get(f"{PATH}/report.xlsx", Permission.REPORTS)
def workbook(web: Web, visit: Visit) -> Any:
    """The report as a workbook."""
    return _report_file(web, visit, "xlsx")


@routes.get(f"{PATH}/report.pdf", Permission.REPORTS)
def paper(web: Web, visit: Visit) -> Any:
    """The report on paper."""
    return _report_file(web, visit, "pdf")


def _report_file(web: Web, visit: Visit, kind: str) -> Any:
    wanted, errors = _asked(visit)
    if errors:
        return index(web, visit)
    report = report_maker.make(web.reports, _question(web, visit, wanted), web.settings.box_name)
    return _rendered(wanted, wanted.kind, kind, report)


# -- saved ones --------------------------------------------------------------------------------------------------------


@routes.post(f"{PATH}/views", Permission.REPORTS)
def save(web: Web, visit: Visit) -> Any:
    """Keep this report under a name."""
    asked_for = parse_qs(visit.text("query"))
    span = visit.text("span", 20)
    query = {
        **{name: asked_for.get(name, [""])[0] for name in ("kind", "from", "to", "by")},
        "span": span if span in report_view.SPANS else "",
        "campaigns": [
            int(each) for each in asked_for.get("campaign", []) if each.isascii() and each.isdigit()
        ],
    }
    back = f"{PATH}?{visit.text('query')}"
    try:
        web.call(
            "report.save",
            name=visit.text("name", 200),
            user_id=visit.user_id,
            shared=visit.text("shared") == "1",
            query=query,
        )
    except Refused as refused:
        return web.pages.refuse(visit, back, refused.problems)
    return web.pages.go(visit, back, visit.language.gettext("The report is saved."))


@routes.get(f"{PATH}/views/<number:int>", Permission.REPORTS)
def saved(web: Web, visit: Visit, number: int) -> Any:
    """Go to a saved report."""
    found = next(
        (each for each in web.reports.report_views(UserId(visit.user_id)) if each.id == number), None
    )
    if found is None:
        return web.pages.missing(visit)
    try:
        wanted = report_maker.of_view(found.query, today(visit))
    except NotAPeriod as mistake:
        return web.pages.go(visit, PATH, visit.language.gettext(str(mistake)), "refused")
    return web.pages.go(visit, f"{PATH}?{wanted.query()}")


@routes.post(f"{PATH}/views/<number:int>/remove", Permission.REPORTS)
def remove(web: Web, visit: Visit, number: int) -> Any:
    """Forget a saved report."""
    try:
        web.call("report.remove", id=number, user_id=visit.user_id)
    except Refused as refused:
        return web.pages.refuse(visit, PATH, refused.problems)
    return web.pages.go(visit, PATH, visit.language.gettext("The saved report is removed."))


# -- every attempt -----------------------------------------------------------------------------------------------------


@routes.get(f"{PATH}/attempts", Permission.REPORTS_CALLS)
def attempts(web: Web, visit: Visit) -> Any:
    """Every attempt of a period."""
    wanted, errors = _asked(visit)
    if errors:
        return index(web, visit)
    names = report_maker.names(web.reports, visit.language)
    return web.pages.show(
        visit,
        "report_attempts",
        asked=wanted,
        page=web.reports.history(report_view.period(wanted, visit.language.zone), visit.page()),
        campaigns=names.campaigns,
        people=names.people if web.settings.each_agent else {},
        kinds=KINDS,
        view=report_view,
        here="reports",
    )


@routes.get(f"{PATH}/attempts.csv", Permission.REPORTS_CALLS)
def attempts_table(web: Web, visit: Visit) -> Any:
    """Every attempt of a period as a table for a spreadsheet, sent while it is read."""
    wanted, errors = _asked(visit)
    if errors:
        return index(web, visit)
    period = report_view.period(wanted, visit.language.zone)
    return _file(wanted, "attempts", "csv", _slices(web, period, _question(web, visit, wanted)))


@routes.get(f"{PATH}/attempts.xlsx", Permission.REPORTS_CALLS)
def attempts_workbook(web: Web, visit: Visit) -> Any:
    """The same as a workbook."""
    return _attempts_file(web, visit, "xlsx")


@routes.get(f"{PATH}/attempts.pdf", Permission.REPORTS_CALLS)
def attempts_paper(web: Web, visit: Visit) -> Any:
    """The same on paper."""
    return _attempts_file(web, visit, "pdf")


def _attempts_file(web: Web, visit: Visit, kind: str) -> Any:
    wanted, errors = _asked(visit)
    if errors:
        return index(web, visit)
    most = report_maker.MOST_ATTEMPTS[kind]
    question, box = _question(web, visit, wanted), web.settings.box_name
    report = report_maker.attempts(web.reports, question, box, most, together=kind == "pdf")
    return _rendered(wanted, "attempts", kind, report)


def _slices(web: Web, period: Period, question: Question) -> Iterator[bytes]:
    question = replace(question, answers=web.reports.answer_labels(period))
    yield csv_lines([report_maker.attempt_head(question)], question.language, first=True)
    last: tuple[float, str] | None = None
    while rows := web.reports.history_after(period, last):
        cells = [report_maker.attempt_cells(each, question) for each in rows]
        told = [[cell if isinstance(cell, str) else cell.text for cell in row] for row in cells]
        yield csv_lines(told, question.language)
        last = (rows[-1].started_at, rows[-1].uid)


# -- small things ------------------------------------------------------------------------------------------------------


def _asked(visit: Visit) -> tuple[Asked, dict[str, str]]:
    now = today(visit)
    campaigns, kind = visit.request.query.decode().getall("campaign"), visit.query("kind")
    try:
        return report_view.asked(
            visit.query("from"), visit.query("to"), visit.query("by"), campaigns, now, kind
        ), {}
    except NotAPeriod as mistake:
        usual = report_view.asked("", "", "", campaigns, now, kind)
        return usual, {mistake.field: visit.language.gettext(str(mistake))}


def _question(web: Web, visit: Visit, wanted: Asked) -> Question:
    names = report_maker.names(web.reports, visit.language)
    return Question(wanted, visit.language, names, web.settings.each_agent)


def today(visit: Visit) -> date:
    """By the office's clock."""
    return datetime.now(visit.language.zone).date()


def _rendered(wanted: Asked, name: str, kind: str, report: Report) -> HTTPResponse:
    return _file(wanted, name, kind, [render(report, kind, datetime.now(UTC))])


def _file(wanted: Asked, name: str, kind: str, body: Iterable[bytes]) -> HTTPResponse:
    file = f"strowger-{name}-{wanted.first.isoformat()}-{wanted.last.isoformat()}.{kind}"
    headers = {
        "Content-Type": FORMATS.get(kind, "text/csv; charset=utf-8"),
        "Content-Disposition": f'attachment; filename="{file}"',
        "Cache-Control": "no-store",
    }
    return HTTPResponse(body, 200, headers)
