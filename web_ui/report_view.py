"""Reports: periods and intervals on the office's clock, and tables as sums over the store's cells.

Pure, given cells. Days begin at midnight of the office, weeks on Monday (ISO 8601); a day of a clock change has 23 or
25 hours. Every table of a page is a sum over the same cells, so their totals agree.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Generic, TypeVar

from firmware.store.reports import Attempt, Cell, Period, Tally, TallyCell, Totals
from web_ui.language import N_, Language
from web_ui.report_words import KINDS

HOUR_S = 3600
MOST_DAYS = 3 * 366
"""A longer period is not reported on."""
MOST_DAYS_BY_HOUR = 31
FEWEST_AGENTS = 5
"""Where figures of single persons are not wanted, figures of fewer are not shown either."""
STEPS = {"hour": N_("Hour"), "day": N_("Day"), "week": N_("Week"), "month": N_("Month")}

WORK = (N_("Handed over after, s"), N_("Talked, s"), N_("Wrap-up, s"))
"""The spans of ``work_of``."""

K = TypeVar("K", bound=Hashable)
A = TypeVar("A", Totals, Tally)


class NotAPeriod(Exception):
    """What was asked for is no period. ``field`` is ``from`` or ``to``, the message an English sentence."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is about: days (both included), the interval and the campaigns (none: all)."""

    first: date
    last: date
    step: str
    campaigns: tuple[int, ...] = ()
    kind: str = "success"
    """A key of ``report_words.KINDS``."""

    def query(self, kind: str = "") -> str:
        """The same as a query string; ``kind`` asks for another report of the same period."""
        parts = [f"from={self.first.isoformat()}", f"to={self.last.isoformat()}", f"by={self.step}"]
        if (kind or self.kind) != "success":
            parts.insert(0, f"kind={kind or self.kind}")
        return "&".join([*parts, *(f"campaign={each}" for each in self.campaigns)])


@dataclass(frozen=True, slots=True)
class Row(Generic[A]):
    """One line of a table. ``kind`` is ``interval``, ``week``, ``month`` or ``total``."""

    kind: str
    starts_at: float
    totals: A


def asked(
    first: str, last: str, step: str, campaigns: Iterable[str], today: date, kind: str = "success"
) -> Asked:
    """Read what was typed; nothing typed means the last seven days. Raises ``NotAPeriod``."""
    until = _day("to", last) if last else today
    since = _day("from", first) if first else until - timedelta(days=6)
    if until < since:
        raise NotAPeriod("to", N_("The last day is before the first."))
    if (until - since).days >= MOST_DAYS:
        raise NotAPeriod("from", N_("Choose at most three years."))
    step = step if step in STEPS else "day"
    if step == "hour" and (until - since).days >= MOST_DAYS_BY_HOUR:
        raise NotAPeriod("from", N_("By the hour, choose at most 31 days."))
    numbers = tuple(int(each) for each in campaigns if each.isascii() and each.isdigit() and len(each) < 19)
    return Asked(since, until, step, numbers, kind if kind in KINDS else "success")


def _day(field: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotAPeriod(field, N_("This is not a day.")) from None


SPANS: Mapping[str, str] = {
    "today": N_("Today"),
    "yesterday": N_("Yesterday"),
    "this_week": N_("This week"),
    "last_week": N_("Last week"),
    "this_month": N_("This month"),
    "last_month": N_("Last month"),
}
"""Periods people ask for again and again; a saved report means them by these keys."""


def span(key: str, today: date) -> tuple[date, date]:
    """First and last day of one of ``SPANS``."""
    month = today.replace(day=1)
    before = month - timedelta(days=1)
    monday = today - timedelta(days=today.weekday())
    yesterday = today - timedelta(days=1)
    return {
        "today": (today, today),
        "yesterday": (yesterday, yesterday),
        "this_week": (monday, today),
        "last_week": (monday - timedelta(days=7), monday - timedelta(days=1)),
        "this_month": (month, today),
        "last_month": (before.replace(day=1), before),
    }[key]


def usual_periods(today: date) -> Mapping[str, tuple[date, date]]:
    """All of ``SPANS`` by their English names."""
    return {name: span(key, today) for key, name in SPANS.items()}


def midnight(day: date, zone: tzinfo) -> float:
    """UTC seconds at which a day begins there."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()


def period(wanted: Asked, zone: tzinfo) -> Period:
    """The same as moments."""
    until = midnight(wanted.last + timedelta(days=1), zone)
    return Period(midnight(wanted.first, zone), until, wanted.campaigns)  # type: ignore[arg-type]


def starts(wanted: Asked, zone: tzinfo) -> list[float]:
    """When each interval of the period begins; the first may be cut off by the period's beginning."""
    if wanted.step == "hour":
        whole = period(wanted, zone)
        hours = range(int(whole.since), int(whole.until), HOUR_S)
        return [float(at) for at in hours]
    days = [wanted.first + timedelta(days=n) for n in range((wanted.last - wanted.first).days + 1)]
    return [midnight(day, zone) for n, day in enumerate(days) if n == 0 or _begins(day, wanted.step)]


def _begins(day: date, step: str) -> bool:
    return step == "day" or (step == "week" and day.weekday() == 0) or (step == "month" and day.day == 1)


def by_interval(found: Sequence[Cell], wanted: Asked, zone: tzinfo) -> list[Row[Totals]]:
    """A row for each interval, empty ones too; days are followed by sums of their weeks and months."""
    return _by_interval([(cell.starts_at, cell.totals) for cell in found], wanted, zone, Totals())


def tallies(found: Sequence[TallyCell], wanted: Asked, zone: tzinfo) -> list[Row[Tally]]:
    """The same for cells of named counts."""
    return _by_interval([(cell.starts_at, cell.totals) for cell in found], wanted, zone, Tally())


def _by_interval(found: Sequence[tuple[int, A]], wanted: Asked, zone: tzinfo, nothing: A) -> list[Row[A]]:
    beginnings = starts(wanted, zone)
    sums: list[A] = [nothing] * len(beginnings)
    for starts_at, totals in found:
        at = bisect_right(beginnings, starts_at) - 1
        if at >= 0:
            sums[at] = sums[at] + totals
    rows = [Row("interval", at, each) for at, each in zip(beginnings, sums, strict=True)]
    return _with_sums(rows, zone, nothing) if wanted.step == "day" else rows


def _with_sums(days: Sequence[Row[A]], zone: tzinfo, nothing: A) -> list[Row[A]]:
    """The days with a row after each week and each month; a single week or month needs none."""
    dates = [datetime.fromtimestamp(row.starts_at, zone).date() for row in days]
    kinds = [(kind, key) for kind, key in _SUMS.items() if len({key(each) for each in dates}) > 1]
    since = dict.fromkeys(_SUMS, 0)
    told: list[Row[A]] = []
    for n, row in enumerate(days):
        told.append(row)
        for kind, key in kinds:
            if n + 1 == len(days) or key(dates[n + 1]) != key(dates[n]):
                told.append(Row(kind, days[since[kind]].starts_at, _sum(days[since[kind] : n + 1], nothing)))
                since[kind] = n + 1
    return told


def _sum(rows: Iterable[Row[A]], nothing: A) -> A:
    found = nothing
    for row in rows:
        found = found + row.totals
    return found


def _week_of(day: date) -> tuple[int, int]:
    year, week, _ = day.isocalendar()
    return year, week


def _month_of(day: date) -> tuple[int, int]:
    return day.year, day.month


_SUMS: Mapping[str, Callable[[date], tuple[int, int]]] = {"week": _week_of, "month": _month_of}


def total(rows: Iterable[Row[Totals]]) -> Totals:
    """The sum of some rows."""
    return _sum(rows, Totals())


def tally(rows: Iterable[Row[Tally]]) -> Tally:
    """The same of named counts."""
    return _sum(rows, Tally())


def added(found: Iterable[Cell], key: Callable[[Cell], K]) -> dict[K, Totals]:
    """Sums by whatever ``key`` says of a cell, in order of first appearance."""
    sums: dict[K, Totals] = {}
    for cell in found:
        of = key(cell)
        sums[of] = sums.get(of, Totals()) + cell.totals
    return sums


def result(cell: Cell) -> str:
    """Key for sums by disposition; empty while the call goes on."""
    return "" if cell.disposition is None else str(cell.disposition)


def code(cell: Cell) -> str:
    """Key for sums by wrap-up code; empty without one."""
    return cell.wrap_up_code


def campaign(cell: Cell) -> int:
    """Key for sums by campaign."""
    return cell.campaign_id


def agent(cell: Cell) -> int:
    """Key for sums by agent, of the calls that were connected to one; 0 for the others."""
    return (cell.user_id or 0) if cell.totals.connected else 0


def agents(found: Iterable[Cell]) -> int:
    """How many agents had a share in the calls."""
    return len({cell.user_id for cell in found if cell.user_id is not None})


def may_show_work(found: Sequence[Cell], each_agent: bool) -> bool:
    """Whether figures about agents' work may be shown: always, or only of enough of them together."""
    return each_agent or agents(found) >= FEWEST_AGENTS


def work_of(each: Attempt) -> tuple[float | None, float | None, float | None]:
    """Seconds from the answer to the agent, of talking, and of wrapping up; None for what did not happen."""
    if each.user_id is None or each.talking_at is None:
        return None, None, None
    return (
        _span(each.answered_at, each.talking_at),
        _span(each.talking_at, each.ended_at),
        _span(each.ended_at, each.disposed_at),
    )


def _span(since: float | None, until: float | None) -> float | None:
    return None if since is None or until is None else max(0.0, until - since)


def share(part: int, whole: int, language: Language) -> str:
    """``part`` of ``whole`` as per cent; a dash where there is nothing to divide by."""
    return language.percent(part / whole) if whole else "–"


def mean(total_s: float, count: int, language: Language) -> str:
    """Seconds a case, with one decimal; a dash without cases."""
    return f"{language.number(round(total_s / count, 1))} s" if count else "–"


def interval_words(row: Row[Any], step: str, language: Language) -> str:
    """An interval or a sum in words."""
    at = datetime.fromtimestamp(row.starts_at, language.zone)
    kind = row.kind if row.kind in ("week", "month") else step
    if kind == "week":
        return language.gettext("Week {number}, {year}", number=at.isocalendar()[1], year=at.isocalendar()[0])
    if kind == "month":
        return language.month(row.starts_at)
    if kind == "hour":
        return f"{language.date(row.starts_at)}, {at:%H:%M}"
    return f"{language.weekday(at.weekday())} {language.date(row.starts_at)}"


def interval_short(row: Row[Any], step: str, language: Language) -> str:
    """An interval as an axis has room for it."""
    at = datetime.fromtimestamp(row.starts_at, language.zone)
    if step == "hour":
        return f"{at:%H:%M}"
    if step == "week":
        return language.gettext("wk {number}", number=at.isocalendar()[1])
    return language.short_day(row.starts_at) if step == "day" else f"{at:%m/%y}"
