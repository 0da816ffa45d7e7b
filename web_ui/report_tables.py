"""What reports as tables are made of: the question with its words, and tables over cells of named counts. Pure.

All tables of a report are sums over the same cells, so the sum of the intervals, of the campaigns and of the agents
with the calls of none is the same total; tests hold that to be so. Figures of single persons are told only where
``each_agent`` says so, of groups only from five agents on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from firmware.papers.tables import Cell as Said
from firmware.papers.tables import Chart, Column, Figure, Line, Series, Table
from firmware.store.reports import Tally, TallyCell, Totals
from web_ui import report_view as view
from web_ui.language import Language
from web_ui.report_view import Asked, Row

NO_TOTAL = "–"


@dataclass(frozen=True, slots=True)
class Names:
    """Who is who: names by id, labels of wrap-up codes."""

    campaigns: Mapping[int, str]
    people: Mapping[int, str]
    codes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """What every table wants to know besides its cells."""

    asked: Asked
    language: Language
    names: Names
    each_agent: bool
    answers: tuple[str, ...] = ()
    """Labels of what agents filled in, each a column of its own in a list of calls."""
    together: bool = False
    """On paper, where there is no room for columns nobody counted, answers stand in one."""

    def figure(self, value: float) -> Figure:
        """A count."""
        return Figure(self.language.number(value), value)

    def share(self, part: float, whole: float) -> Said:
        """``part`` of ``whole`` as per cent."""
        return Figure(self.language.percent(part / whole), part / whole) if whole else NO_TOTAL

    def seconds(self, total_s: float, count: float) -> Said:
        """Seconds a case."""
        if not count:
            return NO_TOTAL
        mean = round(total_s / count, 1)
        return Figure(f"{self.language.number(mean)} s", mean)

    def interval(self, row: Row[Totals] | Row[Tally]) -> str:
        """An interval in words."""
        if row.kind == "total":
            return self.language.gettext("Total")
        return view.interval_words(row, self.asked.step, self.language)

    def short(self, row: Row[Totals] | Row[Tally]) -> str:
        """The same as an axis has room for."""
        return view.interval_short(row, self.asked.step, self.language)

    def first_column(self) -> Column:
        """Of a table by interval."""
        return Column(self.language.gettext(view.STEPS[self.asked.step]), figure=False)

    def text_column(self, title: str) -> Column:
        """Of names."""
        return Column(title, figure=False)

    @property
    def few(self) -> str:
        """Why figures of agents are not shown."""
        return self.language.gettext("These figures are shown for five agents or more together only.")

    def campaign(self, number: int) -> str:
        """Its name."""
        return self.names.campaigns.get(number, "?") if number else self.language.gettext("No campaign")


# -- kinds of named counts -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of report: its columns over counts, and the names of the bars among them."""

    columns: Sequence[tuple[str, Callable[[Tally, Question], Said]]]
    bars: Sequence[tuple[str, str, Callable[[Tally], float]]]
    """Name, look, value."""
    chart: str
    counted: Callable[[Tally], float]
    """How much there is; intervals without any are left out."""


def tables_of(
    found: Sequence[TallyCell], question: Question, shape: Shape, titles: tuple[str, str], note: str = ""
) -> tuple[Table, ...]:
    """By interval with a chart, and by campaign; both end with the same total."""
    rows = view.tallies(found, question.asked, question.language.zone)
    sums = view.tally(row for row in rows if row.kind == "interval")
    if not shape.counted(sums):
        return ()
    return (
        _tally_intervals(rows, sums, question, shape, titles[0], note),
        _tally_campaigns(found, sums, question, shape, titles[1]),
    )


def _tally_intervals(
    rows: Sequence[Row[Tally]], sums: Tally, q: Question, shape: Shape, title: str, note: str
) -> Table:
    lines = [
        Line((q.interval(row), *cells(row.totals, q, shape)), sum=row.kind != "interval")
        for row in (*rows, Row("total", rows[0].starts_at, sums))
        if row.kind != "interval" or shape.counted(row.totals)
    ]
    counted = [row for row in rows if row.kind == "interval"]
    series = tuple(
        Series(name, look, tuple(value(row.totals) for row in counted)) for name, look, value in shape.bars
    )
    chart = Chart(shape.chart, tuple(map(q.short, counted)), tuple(map(q.interval, counted)), series)
    columns = (q.first_column(), *(Column(name) for name, _ in shape.columns))
    return Table("interval", title, columns, tuple(lines), note, chart=chart)


def _tally_campaigns(found: Sequence[TallyCell], sums: Tally, q: Question, shape: Shape, title: str) -> Table:
    by_campaign = added(found, lambda cell: cell.campaign_id)
    lines = [
        Line((q.campaign(number), *cells(each, q, shape)), href=f"/campaigns/{number}" if number else "")
        for number, each in by_campaign.items()
    ]
    lines.append(Line((q.language.gettext("Total"), *cells(sums, q, shape)), sum=True))
    columns = (
        q.text_column(q.language.gettext("Campaign")),
        *(Column(name) for name, _ in shape.columns),
    )
    return Table("campaign", title, columns, tuple(lines))


def cells(each: Tally, q: Question, shape: Shape) -> tuple[Said, ...]:
    """A line's figures."""
    return tuple(make(each, q) for _, make in shape.columns)


def added(found: Iterable[TallyCell], key: Callable[[TallyCell], int]) -> dict[int, Tally]:
    """Sums by whatever ``key`` says of a cell."""
    sums: dict[int, Tally] = {}
    for cell in found:
        sums[key(cell)] = sums.get(key(cell), Tally()) + cell.totals
    return sums


def count(name: str) -> Callable[[Tally, Question], Said]:
    """A column of one count."""
    return lambda each, q: q.figure(each[name])


def of(part: str, whole: str) -> Callable[[Tally, Question], Said]:
    """A column of one count as a share of another."""
    return lambda each, q: q.share(each[part], each[whole])


def whole(found: Sequence[TallyCell], q: Question) -> Tally:
    """The sum of all cells of the period."""
    by_month = Asked(q.asked.first, q.asked.last, "month", q.asked.campaigns)
    return view.tally(view.tallies(found, by_month, q.language.zone))


def text(cell: Said) -> str:
    """A cell as people read it."""
    return cell if isinstance(cell, str) else cell.text
