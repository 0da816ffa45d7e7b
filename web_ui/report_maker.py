"""Makes reports: reads the store and hands it to the kind that was asked for; the same for pages, files and mail.

``python -m web_ui.report_maker`` makes one as a file in a process of its own, for the service, which knows no pages:
the order is one JSON object on standard input, the answer one on standard output, the file where the order says.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from firmware.model import DepartmentId
from firmware.papers.files import render
from firmware.papers.tables import Column, Figure, Line, Report, Table, Tile
from firmware.store.reports import Attempt, Reports
from web_ui import report_kinds, report_success, report_view, script_words, words
from web_ui.language import Language, Languages
from web_ui.report_tables import Names, Question
from web_ui.report_view import Asked
from web_ui.report_words import KINDS

MOST_ATTEMPTS = {"pdf": 2_000, "xlsx": 50_000}
"""More calls than these do not go into one file; CSV has them all."""
_NICE = 10


@dataclass(frozen=True, slots=True)
class Order:
    """A file for the service to send. ``query`` is a saved report's; ``now`` UTC seconds."""

    database: str
    target: str
    query: Mapping[str, Any]
    format: str
    language: str
    zone: str
    box: str
    each_agent: bool
    now: float
    departments: Sequence[int] = ()
    """Whose report it is: nothing of other departments is in it; none: the whole box's."""


def names(reports: Reports, language: Language) -> Names:
    """Who is who, in words of this language."""
    labels: dict[str, str] = {}
    campaigns = reports.campaigns()
    for campaign in campaigns:
        for code in campaign.settings.wrap_up_codes:
            labels.setdefault(code.code, code.label_de if language.code == "de" else code.label_en)
    return Names(
        {each.id: each.settings.name for each in campaigns},
        {each.id: each.name for each in reports.users()},
        labels,
    )


def make(reports: Reports, question: Question, box: str) -> Report:
    """The report that was asked for."""
    tiles, tables = _parts(reports, question)
    asked, language = question.asked, question.language
    return Report(
        title=language.gettext(KINDS[asked.kind]),
        lines=(_period(asked, language), _campaigns(question)),
        tiles=tiles,
        tables=tables,
        language=language.code,
        foot=box,
    )


def _parts(reports: Reports, q: Question) -> tuple[tuple[Tile, ...], tuple[Table, ...]]:
    period = report_view.period(q.asked, q.language.zone)
    match q.asked.kind:
        case "waiting":
            return report_kinds.waiting(reports.waits(period), q)
        case "incoming":
            return report_kinds.incoming(reports.arrivals(period), q)
        case "blocks":
            return report_kinds.blocks(reports.refusals(period), q)
        case "callbacks":
            return report_kinds.callbacks(reports.promises(period), q)
        case "detection":
            return report_kinds.detection(reports.confusion(period), q)
    return report_success.success(reports.activity(period), q)


def _period(asked: Asked, language: Language) -> str:
    since = language.date(report_view.midnight(asked.first, language.zone))
    until = language.date(report_view.midnight(asked.last, language.zone))
    return since if asked.first == asked.last else f"{since} – {until}"


def _campaigns(q: Question) -> str:
    _ = q.language.gettext
    if not q.asked.campaigns:
        return _("All campaigns")
    return ", ".join(q.names.campaigns.get(each, "?") for each in q.asked.campaigns)


# -- every call --------------------------------------------------------------------------------------------------------


def attempts(reports: Reports, question: Question, box: str, most: int, together: bool = False) -> Report:
    """Every call of the period, the first ``most`` of them; ``together``: all answers in one column."""
    period = report_view.period(question.asked, question.language.zone)
    q = replace(question, answers=reports.answer_labels(period), together=together)
    total = reports.history(period).total
    lines: list[Line] = []
    last: tuple[float, str] | None = None
    while len(lines) < most and (rows := reports.history_after(period, last, min(1000, most - len(lines)))):
        lines += [Line(tuple(attempt_cells(each, q))) for each in rows]
        last = (rows[-1].started_at, rows[-1].uid)
    _ = q.language.gettext
    note = (
        ""
        if total <= most
        else _("The first {count} calls; CSV has them all.", count=q.language.number(most))
    )
    columns = tuple(Column(title, figure=False) for title in attempt_head(q))
    table = Table("attempts", _("Every attempt"), columns, tuple(lines), note, _("No call in this period"))
    said = (_period(q.asked, q.language), _campaigns(q))
    return Report(_("Every attempt"), said, (), (table,), q.language.code, box)


def attempt_head(q: Question) -> list[str]:
    """Headings of ``attempt_cells``."""
    _ = q.language.gettext
    head = [
        *(_("Time"), _("Attempt"), _("Campaign"), _("Number"), _("Contact"), _("Number shown")),
        *(_("Result"), _("Wrap-up code"), _("Verdict"), _("Ended by"), _("Answered")),
    ]
    work = [_("Agent"), *map(_, report_view.WORK)] if q.each_agent else []
    return [*head, *work, *([_("Filled in")] if q.together and q.answers else q.answers)]


def attempt_cells(each: Attempt, q: Question) -> Sequence[str | Figure]:
    """One call as a line of a table; agents and their work only where figures of single agents are shown."""
    language = q.language
    cells = [
        datetime.fromtimestamp(each.started_at, language.zone).strftime("%Y-%m-%d %H:%M:%S"),
        *(each.uid, q.names.campaigns.get(each.campaign_id, ""), each.number, each.name),
        each.permit.caller_id,
        words.word(words.DISPOSITIONS, each.disposition, language) if each.disposition else "",
        each.wrap_up_code or "",
        words.word(words.VERDICTS, each.verdict.label, language) if each.verdict else "",
        words.word(words.SIDES, each.ended_by, language) if each.ended_by else "",
        language.gettext("yes") if each.answered_at else language.gettext("no"),
    ]
    given = {answer.label: script_words.answer({"value": answer.value}, language) for answer in each.answers}
    answers = [given.get(label, "") for label in q.answers]
    if q.together and q.answers:
        answers = ["; ".join(f"{label}: {value}" for label, value in given.items())]
    if not q.each_agent:
        return [*cells, *answers]
    spans = (
        "" if span is None else Figure(f"{span:.1f}", round(span, 1)) for span in report_view.work_of(each)
    )
    return [*cells, q.names.people.get(each.user_id or 0, ""), *spans, *answers]


# -- for the service ---------------------------------------------------------------------------------------------------


def of_view(query: Mapping[str, Any], today: date) -> Asked:
    """What a saved report asks for today. Raises ``NotAPeriod``, as do days that were never right."""
    first, last = str(query.get("from", "")), str(query.get("to", ""))
    span = str(query.get("span", ""))
    if span in report_view.SPANS:
        first, last = (each.isoformat() for each in report_view.span(span, today))
    campaigns = [str(each) for each in query.get("campaigns", ())]
    return report_view.asked(
        first, last, str(query.get("by", "")), campaigns, today, str(query.get("kind", ""))
    )


def write(order: Order) -> str:
    """Write the file; returns the report's title. :raises OSError: the disk. :raises StoreUnavailable: the store."""
    language = Languages(order.zone, order.language).get(order.language)
    today = datetime.fromtimestamp(order.now, ZoneInfo(order.zone)).date()
    scope = frozenset(DepartmentId(each) for each in order.departments) or None
    reports = Reports(Path(order.database), scope)
    try:
        question = Question(of_view(order.query, today), language, names(reports, language), order.each_agent)
        report = make(reports, question, order.box)
    finally:
        reports.close()
    Path(order.target).write_bytes(render(report, order.format, datetime.fromtimestamp(order.now, UTC)))
    return f"{report.title}, {report.lines[0]}"


def main() -> int:
    """Do one order."""
    os.nice(_NICE)
    sys.stdout.write(json.dumps({"title": write(Order(**json.loads(sys.stdin.readline())))}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
