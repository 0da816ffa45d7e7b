"""The report on success: what was dialled, whom it reached and what came of it. Pure.

All its tables are sums over the same cells, so intervals, campaigns, results, and agents with the calls of none, have
the same total. Figures of single agents are told only where the office wants them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from firmware.papers.tables import Cell as Said
from firmware.papers.tables import Chart, Column, Line, Series, Table, Tile
from firmware.store.reports import Cell, Totals
from web_ui import report_view as view
from web_ui import words
from web_ui.report_tables import Question, text
from web_ui.report_view import Row


def success(found: Sequence[Cell], question: Question) -> tuple[tuple[Tile, ...], tuple[Table, ...]]:
    """What was dialled: by interval, campaign, result, wrap-up code and agent."""
    rows = view.by_interval(found, question.asked, question.language.zone)
    sums = view.total(row for row in rows if row.kind == "interval")
    if not sums.calls:
        return (), ()
    tables = (
        _intervals(rows, sums, question),
        _campaigns(found, sums, question),
        _results(found, sums, question),
        _codes(found, question),
        _agents(found, sums, question),
    )
    return _tiles(sums, question), tables


def _tiles(sums: Totals, q: Question) -> tuple[Tile, ...]:
    _, number = q.language.gettext, q.language.number
    of_calls = _("{share} of calls", share=text(q.share(sums.reached, sums.calls)))
    of_people = _("{share} of people reached", share=text(q.share(sums.abandoned, sums.reached)))
    of_connected = _("{share} of calls", share=text(q.share(sums.connected, sums.calls)))
    return (
        Tile(_("Calls"), number(sums.calls)),
        Tile(_("People reached"), number(sums.reached), of_calls),
        Tile(_("Abandoned"), number(sums.abandoned), of_people),
        Tile(_("Connected"), number(sums.connected), of_connected),
    )


def _intervals(rows: Sequence[Row[Totals]], sums: Totals, q: Question) -> Table:
    _ = q.language.gettext
    lines = [
        Line((q.interval(row), *_success_cells(row.totals, q)), sum=row.kind != "interval")
        for row in (*rows, Row("total", rows[0].starts_at, sums))
        if row.kind != "interval" or row.totals.calls
    ]
    counted = [row for row in rows if row.kind == "interval"]
    chart = Chart(
        _("Calls, people reached and abandoned calls by interval; the table below has the same figures."),
        tuple(map(q.short, counted)),
        tuple(map(q.interval, counted)),
        (
            Series(_("Calls"), "calls", tuple(row.totals.calls for row in counted)),
            Series(_("People reached"), "reached", tuple(row.totals.reached for row in counted)),
            Series(_("Abandoned"), "lost", tuple(row.totals.abandoned for row in counted)),
        ),
    )
    note = _(
        "Intervals without a call are left out. A call counts where it was dialled. Abandoned: a person answered and"
        " nobody was there in time."
    )
    columns = (q.first_column(), *map(Column, _heads(q)))
    return Table("interval", _("Success by interval"), columns, tuple(lines), note, chart=chart)


def _heads(q: Question) -> tuple[str, ...]:
    _ = q.language.gettext
    return (
        *(_("Calls"), _("Answered"), _("People reached"), _("Reached of calls"), _("Abandoned")),
        *(_("Abandoned of calls"), _("Abandoned of people reached"), _("Connected")),
    )


def interval_head(q: Question) -> list[str]:
    """Headings of ``interval_cells``."""
    return [q.language.gettext("Beginning"), *_heads(q)]


def interval_cells(row: Row[Totals], q: Question) -> list[str]:
    """An interval as a line for a program: its moment and plain figures."""
    cells = _success_cells(row.totals, q)
    begins = datetime.fromtimestamp(row.starts_at, q.language.zone).strftime("%Y-%m-%d %H:%M")
    shares = (3, 5, 6)
    return [
        begins,
        *(text(c) if n in shares or isinstance(c, str) else f"{c.value:.0f}" for n, c in enumerate(cells)),
    ]


def _success_cells(each: Totals, q: Question) -> tuple[Said, ...]:
    return (
        *(q.figure(each.calls), q.figure(each.answered), q.figure(each.reached)),
        *(q.share(each.reached, each.calls), q.figure(each.abandoned)),
        *(q.share(each.abandoned, each.calls), q.share(each.abandoned, each.reached)),
        q.figure(each.connected),
    )


def _campaigns(found: Sequence[Cell], sums: Totals, q: Question) -> Table:
    _ = q.language.gettext
    heads = [_("Calls"), _("People reached"), _("Reached of calls"), _("Abandoned")]
    heads += [_("Abandoned of people reached")]
    if q.each_agent:
        heads += [_("Handed over after"), _("Talked, mean"), _("Wrap-up, mean")]

    def cells(each: Totals) -> tuple[Said, ...]:
        told = (
            *(q.figure(each.calls), q.figure(each.reached), q.share(each.reached, each.calls)),
            *(q.figure(each.abandoned), q.share(each.abandoned, each.reached)),
        )
        return (*told, *_work(each, q)) if q.each_agent else told

    lines = [
        Line((q.campaign(number), *cells(each)), href=f"/campaigns/{number}")
        for number, each in view.added(found, view.campaign).items()
    ]
    lines.append(Line((_("Total"), *cells(sums)), sum=True))
    columns = (q.text_column(_("Campaign")), *map(Column, heads))
    return Table("campaign", _("Campaigns"), columns, tuple(lines))


def _work(each: Totals, q: Question) -> tuple[Said, ...]:
    return (
        q.seconds(each.handover_s, each.connected),
        q.seconds(each.talk_s, each.connected),
        q.seconds(each.wrap_up_s, each.wrapped),
    )


def _results(found: Sequence[Cell], sums: Totals, q: Question) -> Table:
    _ = q.language.gettext
    results = view.added(found, view.result)
    lines = [
        Line((_result(name, q), q.figure(each.calls), q.share(each.calls, sums.calls)))
        for name, each in sorted(results.items(), key=lambda pair: -pair[1].calls)
    ]
    lines.append(Line((_("Total"), q.figure(sums.calls), q.share(sums.calls, sums.calls)), sum=True))
    columns = (q.text_column(_("Result")), Column(_("Calls")), Column(_("of calls")))
    return Table("result", _("Results"), columns, tuple(lines))


def _result(name: str, q: Question) -> str:
    return words.word(words.DISPOSITIONS, name, q.language) if name else q.language.gettext("still going on")


def _codes(found: Sequence[Cell], q: Question) -> Table:
    _ = q.language.gettext
    chosen = {code: each for code, each in view.added(found, view.code).items() if code}
    shown = view.may_show_work(found, q.each_agent)
    lines = [
        Line((q.names.codes.get(code, code), q.figure(each.calls)))
        for code, each in sorted(chosen.items(), key=lambda pair: -pair[1].calls)
        if shown
    ]
    empty = _("No agent has chosen one in this period.") if shown else q.few
    columns = (q.text_column(_("Wrap-up code")), Column(_("Calls")))
    return Table("code", _("Wrap-up codes"), columns, tuple(lines), empty=empty)


def _agents(found: Sequence[Cell], sums: Totals, q: Question) -> Table:
    """Every call is one agent's or nobody's, so that the lines add up to the total."""
    _ = q.language.gettext
    by_agent = view.added(found, view.agent)
    served = {user: each for user, each in by_agent.items() if user}
    shown = view.may_show_work(found, q.each_agent)
    empty = q.few if served else _("No call was connected to an agent in this period.")
    lines: list[Line] = []
    if served and shown:
        told = _named(served, q)
        lines = [Line((name, *_agent_cells(each, q))) for name, each in sorted(told, key=lambda p: p[0])]
        lines.append(Line((_("No agent"), *_agent_cells(by_agent.get(0, Totals()), q))))
        lines.append(Line((_("Total"), *_agent_cells(sums, q)), sum=True))
    heads = (_("Calls"), _("Connected"), _("Handed over after"), _("Talked, mean"), _("Wrap-up, mean"))
    columns = (q.text_column(_("Agent")), *map(Column, heads))
    return Table("agent", _("Agents"), columns, tuple(lines), empty=empty)


def _named(served: Mapping[int, Totals], q: Question) -> list[tuple[str, Totals]]:
    if q.each_agent:
        return [(q.names.people.get(user, "?"), each) for user, each in served.items()]
    together = q.language.ngettext("{count} agent together", "{count} agents together", len(served))
    return [(together, sum(served.values(), Totals()))]


def _agent_cells(each: Totals, q: Question) -> tuple[Said, ...]:
    return (q.figure(each.calls), q.figure(each.connected), *_work(each, q))
