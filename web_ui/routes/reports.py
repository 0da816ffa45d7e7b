"""Reports: what was called, reached, abandoned and worked in a period, and the history of every attempt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from bottle import HTTPResponse

from firmware.model import CampaignId
from firmware.store.reports import Attempt, Cell, Period
from web_ui import report_view, words
from web_ui.language import Language
from web_ui.permissions import Permission
from web_ui.report_view import Asked, NotAPeriod
from web_ui.routing import Routes
from web_ui.tables import csv_lines
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()

PATH = "/reports"


@routes.get(PATH, Permission.REPORTS)
def index(web: Web, visit: Visit) -> Any:
    """Totals, intervals, campaigns, results, agents and wrap-up codes of a period."""
    wanted, errors = _asked(visit)
    zone = visit.language.zone
    found: Sequence[Cell] = () if errors else web.reports.activity(report_view.period(wanted, zone))
    each_agent = web.settings.each_agent
    return web.pages.show(
        visit,
        "reports",
        422 if errors else 200,
        asked=wanted,
        errors=errors,
        found=found,
        rows=report_view.by_interval(found, wanted, zone),
        campaigns={each.id: each.settings.name for each in web.reports.campaigns()},
        people={each.id: each.name for each in web.reports.users()},
        codes=_codes(web, visit.language),
        usual=report_view.usual_periods(_today(visit)),
        each_agent=each_agent,
        work=report_view.may_show_work(found, each_agent),
        view=report_view,
        here="reports",
    )


@routes.get(f"{PATH}/intervals.csv", Permission.REPORTS)
def intervals(web: Web, visit: Visit) -> Any:
    """The intervals as a table for a spreadsheet."""
    wanted, errors = _asked(visit)
    if errors:
        return index(web, visit)
    language, zone = visit.language, visit.language.zone
    found = web.reports.activity(report_view.period(wanted, zone))
    rows = report_view.by_interval(found, wanted, zone)
    told = [_interval_cells(row, language) for row in rows if row.kind == "interval"]
    return _csv("intervals", wanted, [csv_lines([_interval_head(language), *told], language, first=True)])


@routes.get(f"{PATH}/attempts", Permission.REPORTS_CALLS)
def attempts(web: Web, visit: Visit) -> Any:
    """Every attempt of a period."""
    wanted, errors = _asked(visit)
    if errors:
        return index(web, visit)
    return web.pages.show(
        visit,
        "report_attempts",
        asked=wanted,
        page=web.reports.history(report_view.period(wanted, visit.language.zone), visit.page()),
        campaigns={each.id: each.settings.name for each in web.reports.campaigns()},
        people=_shown_people(web),
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
    return _csv("attempts", wanted, _slices(web, period, visit.language))


def _asked(visit: Visit) -> tuple[Asked, dict[str, str]]:
    today = _today(visit)
    campaigns = visit.request.query.decode().getall("campaign")
    try:
        return report_view.asked(
            visit.query("from"), visit.query("to"), visit.query("by"), campaigns, today
        ), {}
    except NotAPeriod as mistake:
        usual = report_view.asked("", "", visit.query("by"), campaigns, today)
        return usual, {mistake.field: visit.language.gettext(str(mistake))}


def _today(visit: Visit) -> date:
    return datetime.now(visit.language.zone).date()


def _shown_people(web: Web) -> dict[int, str]:
    """Names of agents, where reports may name them."""
    return {each.id: each.name for each in web.reports.users()} if web.settings.each_agent else {}


def _codes(web: Web, language: Language) -> dict[str, str]:
    """Wrap-up codes in words; the newest campaign that has one tells its label."""
    labels: dict[str, str] = {}
    for campaign in web.reports.campaigns():
        for code in campaign.settings.wrap_up_codes:
            labels.setdefault(code.code, code.label_de if language.code == "de" else code.label_en)
    return labels


def _interval_head(language: Language) -> list[str]:
    _ = language.gettext
    return [
        *(
            _("Beginning"),
            _("Calls"),
            _("Answered"),
            _("People reached"),
            _("Reached of calls"),
            _("Abandoned"),
        ),
        *(_("Abandoned of calls"), _("Abandoned of people reached"), _("Connected")),
    ]


def _interval_cells(row: report_view.Row, language: Language) -> list[str]:
    sums = row.totals
    return [
        datetime.fromtimestamp(row.starts_at, language.zone).strftime("%Y-%m-%d %H:%M"),
        *(str(each) for each in (sums.calls, sums.answered, sums.reached)),
        report_view.share(sums.reached, sums.calls, language),
        str(sums.abandoned),
        report_view.share(sums.abandoned, sums.calls, language),
        report_view.share(sums.abandoned, sums.reached, language),
        str(sums.connected),
    ]


def _slices(web: Web, period: Period, language: Language) -> Iterator[bytes]:
    campaigns = {each.id: each.settings.name for each in web.reports.campaigns()}
    people = _shown_people(web)
    yield csv_lines([_attempt_head(language, named=bool(people))], language, first=True)
    last: tuple[float, str] | None = None
    while rows := web.reports.history_after(period, last):
        yield csv_lines([_attempt_cells(each, campaigns, people, language) for each in rows], language)
        last = (rows[-1].started_at, rows[-1].uid)


def _attempt_head(language: Language, named: bool) -> list[str]:
    _ = language.gettext
    head = [
        *(_("Time"), _("Attempt"), _("Campaign"), _("Number"), _("Contact"), _("Number shown")),
        *(_("Result"), _("Wrap-up code"), _("Verdict"), _("Ended by"), _("Answered")),
    ]
    return [*head, _("Agent"), *map(_, report_view.WORK)] if named else head


def _attempt_cells(
    each: Attempt, campaigns: Mapping[CampaignId, str], people: dict[int, str], language: Language
) -> list[str]:
    cells = [
        datetime.fromtimestamp(each.started_at, language.zone).strftime("%Y-%m-%d %H:%M:%S"),
        *(each.uid, campaigns.get(each.campaign_id, ""), each.number, each.name, each.permit.caller_id),
        words.word(words.DISPOSITIONS, each.disposition, language) if each.disposition else "",
        each.wrap_up_code or "",
        words.word(words.VERDICTS, each.verdict.label, language) if each.verdict else "",
        words.word(words.SIDES, each.ended_by, language) if each.ended_by else "",
        language.gettext("yes") if each.answered_at else language.gettext("no"),
    ]
    if not people:
        return cells
    spans = ("" if span is None else f"{span:.1f}" for span in report_view.work_of(each))
    return [*cells, people.get(each.user_id or 0, ""), *spans]


def _csv(name: str, wanted: Asked, body: Iterable[bytes]) -> HTTPResponse:
    file = f"strowger-{name}-{wanted.first.isoformat()}-{wanted.last.isoformat()}.csv"
    headers = {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": f'attachment; filename="{file}"',
        "Cache-Control": "no-store",
    }
    return HTTPResponse(body, 200, headers)
