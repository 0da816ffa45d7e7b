"""Periods and intervals on the office's clock, and tables that agree with each other whatever is asked."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware.model import CampaignId, Disposition, UserId
from firmware.store.reports import Cell, Totals
from web_ui import report_view
from web_ui.language import Languages
from web_ui.report_view import Asked, NotAPeriod

BERLIN = ZoneInfo("Europe/Berlin")
ENGLISH, GERMAN = (Languages("Europe/Berlin", "de").get(code) for code in ("en", "de"))
TODAY = date(2026, 5, 28)


def cell(at: float, calls: int = 1, user: int | None = None, campaign: int = 1) -> Cell:
    totals = Totals(calls=calls, reached=calls // 2, connected=calls if user else 0)
    quarter = int(at) // 900 * 900
    who = None if user is None else UserId(user)
    return Cell(quarter, CampaignId(campaign), who, Disposition.CONTACTED, "", totals)


@pytest.mark.parametrize(
    ("first", "last", "step", "field"),
    [
        ("2026-05-28", "2026-05-27", "day", "to"),
        ("yesterday", "", "day", "from"),
        ("", "2026-02-30", "day", "to"),
        ("2020-01-01", "2026-01-01", "month", "from"),
        ("2026-01-01", "2026-03-01", "hour", "from"),
    ],
)
def test_what_is_no_period_is_named(first: str, last: str, step: str, field: str) -> None:
    with pytest.raises(NotAPeriod) as caught:
        report_view.asked(first, last, step, [], TODAY)
    assert caught.value.field == field
    assert GERMAN.gettext(str(caught.value)) != str(caught.value)


def test_nothing_typed_is_the_last_seven_days() -> None:
    assert report_view.asked("", "", "nonsense", ["3", "x", "²"], TODAY) == Asked(
        date(2026, 5, 22), TODAY, "day", (3,)
    )


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (TODAY, 24)])
def test_a_day_of_a_clock_change_has_its_hours(day: date, hours: int) -> None:
    wanted = Asked(day, day, "hour")
    starts = report_view.starts(wanted, BERLIN)
    assert len(starts) == hours
    whole = report_view.period(wanted, BERLIN)
    assert (starts[0], starts[-1] + 3600) == (whole.since, whole.until)


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe"])
def test_days_of_odd_zones_begin_on_a_quarter(zone: str) -> None:
    starts = report_view.starts(Asked(date(2026, 1, 1), date(2026, 12, 31), "day"), ZoneInfo(zone))
    assert all(at % 900 == 0 for at in starts)


@pytest.mark.req("GEN-104", "GEN-105")
def test_days_are_followed_by_their_weeks_and_months() -> None:
    wanted = Asked(date(2026, 5, 30), date(2026, 6, 2), "day")
    noon = [datetime(2026, 5, 30, 12, tzinfo=BERLIN).timestamp() + n * 86_400 for n in range(4)]
    rows = report_view.by_interval([cell(at, n + 1) for n, at in enumerate(noon)], wanted, BERLIN)
    assert [(row.kind, row.totals.calls) for row in rows] == [
        *(("interval", 1), ("interval", 2), ("week", 3), ("month", 3)),
        *(("interval", 3), ("interval", 4), ("week", 7), ("month", 7)),
    ]
    assert report_view.interval_words(rows[2], "day", ENGLISH) == "Week 22, 2026"
    assert report_view.interval_words(rows[3], "day", GERMAN) == "Mai 2026"


def test_a_single_week_has_no_sum_of_its_own() -> None:
    rows = report_view.by_interval([], Asked(date(2026, 5, 25), date(2026, 5, 28), "day"), BERLIN)
    assert [row.kind for row in rows] == ["interval"] * 4


@pytest.mark.req("GEN-100")
@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 400),
    st.integers(0, 60),
    st.lists(
        st.tuples(st.integers(0, 60 * 96), st.integers(1, 9), st.integers(1, 3), st.integers(0, 4)),
        max_size=40,
    ),
    st.sampled_from(["Europe/Berlin", "Asia/Kathmandu", "America/New_York"]),
)
def test_every_table_adds_up_to_the_same(
    begin: int, length: int, calls: list[tuple[int, int, int, int]], zone_name: str
) -> None:
    zone = ZoneInfo(zone_name)
    first = date(2025, 10, 1) + timedelta(days=begin)
    wanted = Asked(first, first + timedelta(days=length), "day")
    whole = report_view.period(wanted, zone)
    quarters = int(whole.until - whole.since) // 900
    found = [
        cell(whole.since + 900 * (at % quarters), n, user or None, campaign)
        for at, n, campaign, user in calls
    ]
    total = sum((each.totals for each in found), Totals())
    for step in ("day", "week", "month"):
        rows = report_view.by_interval(found, Asked(wanted.first, wanted.last, step), zone)
        kinds = {row.kind for row in rows}
        for kind in kinds:
            assert report_view.total(row for row in rows if row.kind == kind) == total, (step, kind)
    for key in (report_view.campaign, report_view.result, report_view.code):
        assert sum(report_view.added(found, key).values(), Totals()) == total


def test_figures_of_few_people_are_not_shown() -> None:
    found = [cell(0, 1, user) for user in (1, 2, 3, 4, 4)]
    assert report_view.may_show_work(found, each_agent=True)
    assert not report_view.may_show_work(found, each_agent=False)
    assert report_view.may_show_work([*found, cell(0, 1, 5)], each_agent=False)


@pytest.mark.req("GEN-101", "GEN-102", "GEN-103")
def test_shares_and_means() -> None:
    assert report_view.share(1, 3, GERMAN) == "33,3\u00a0%"
    assert report_view.share(0, 0, ENGLISH) == "–"
    assert report_view.mean(90.0, 4, GERMAN) == "22,5 s"
    assert report_view.mean(0.0, 0, GERMAN) == "–"
