"""Call windows over ordinary days, the nights on which clocks change, and contacts that may be in several zones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware.compliance.windows import (
    SEARCH_DAYS,
    UnknownZoneError,
    next_opening,
    open_now,
    window_at,
    window_text,
)
from firmware.model import CallWindow

OFFICE = tuple(CallWindow(day, 9 * 60, 18 * 60) for day in range(5))
BERLIN = ("Europe/Berlin",)


def at(zone: str, text: str, fold: int = 0) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp()


def utc(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    "zone", ["Europe/Atlantis", "", "../etc/passwd", "Europe/Berlin\0", "/etc/localtime", "x" * 300]
)
def test_an_unknown_zone_is_told_and_never_open(zone: str) -> None:
    with pytest.raises(UnknownZoneError):
        open_now(OFFICE, (zone,), utc("2027-03-01T12:00"))
    with pytest.raises(UnknownZoneError):
        next_opening(OFFICE, (zone,), utc("2027-03-01T12:00"))


def test_without_windows_or_zones_nothing_is_open() -> None:
    now = utc("2027-03-01T12:00")
    assert not open_now((), BERLIN, now)
    assert next_opening((), BERLIN, now) is None
    assert not open_now(OFFICE, (), now)
    assert next_opening(OFFICE, (), now) is None


@pytest.mark.req("GEN-061")
@pytest.mark.parametrize(
    ("zone", "local", "is_open"),
    [
        ("Europe/Berlin", "2027-03-01T08:59:59", False),
        ("Europe/Berlin", "2027-03-01T09:00:00", True),
        ("Europe/Berlin", "2027-03-01T17:59:59", True),
        ("Europe/Berlin", "2027-03-01T18:00:00", False),
        ("Europe/Berlin", "2027-03-06T12:00:00", False),
        ("Asia/Kolkata", "2027-03-01T09:00:00", True),
        ("Asia/Kolkata", "2027-03-01T08:59:00", False),
        ("Asia/Kathmandu", "2027-03-01T17:59:00", True),
        ("America/St_Johns", "2027-03-01T09:00:00", True),
        ("Pacific/Kiritimati", "2027-03-01T09:00:00", True),
        ("Pacific/Pago_Pago", "2027-03-01T18:00:00", False),
    ],
)
def test_a_window_is_read_in_the_contacts_own_time(zone: str, local: str, is_open: bool) -> None:
    assert open_now(OFFICE, (zone,), at(zone, local)) is is_open


def test_a_window_may_reach_the_end_of_the_day() -> None:
    late = (CallWindow(0, 23 * 60, 24 * 60), CallWindow(1, 0, 60))
    assert open_now(late, BERLIN, at("Europe/Berlin", "2027-03-01T23:59:59"))
    assert next_opening(late, BERLIN, at("Europe/Berlin", "2027-03-02T00:30:00")) == at(
        "Europe/Berlin", "2027-03-02T00:30:00"
    )
    assert window_text(late[0]) == "Mon 23:00-24:00"


def test_the_next_opening_skips_the_weekend() -> None:
    friday_evening = at("Europe/Berlin", "2027-03-05T18:00")
    assert next_opening(OFFICE, BERLIN, friday_evening) == at("Europe/Berlin", "2027-03-08T09:00")


def test_a_single_weekly_window_is_found_a_whole_week_ahead() -> None:
    monday = (CallWindow(0, 600, 601),)
    just_closed = at("Europe/Berlin", "2027-03-01T10:01")
    assert next_opening(monday, BERLIN, just_closed) == at("Europe/Berlin", "2027-03-08T10:00")


@pytest.mark.parametrize(
    ("zone", "window", "night", "opens"),
    [
        # Berlin, 28 March 2027: 02:00 becomes 03:00
        ("Europe/Berlin", CallWindow(6, 120, 180), "2027-03-28T00:00", "2027-04-04T02:00+02:00"),
        ("Europe/Berlin", CallWindow(6, 150, 240), "2027-03-28T00:00", "2027-03-28T03:00+02:00"),
        ("Europe/Berlin", CallWindow(6, 60, 150), "2027-03-28T00:00", "2027-03-28T01:00+01:00"),
        # New York, 14 March 2027: 02:00 becomes 03:00
        ("America/New_York", CallWindow(6, 125, 180), "2027-03-14T00:00", "2027-03-21T02:05-04:00"),
        ("America/New_York", CallWindow(6, 125, 200), "2027-03-14T00:00", "2027-03-14T03:00-04:00"),
        # Lord Howe, 3 October 2027: 02:00 becomes 02:30
        ("Australia/Lord_Howe", CallWindow(6, 120, 150), "2027-10-03T00:00", "2027-10-10T02:00+11:00"),
        ("Australia/Lord_Howe", CallWindow(6, 125, 160), "2027-10-03T00:00", "2027-10-03T02:30+11:00"),
        # Phoenix does not change
        ("America/Phoenix", CallWindow(6, 120, 180), "2027-03-14T00:00", "2027-03-14T02:00-07:00"),
    ],
)
def test_in_spring_minutes_that_do_not_exist_are_never_open(
    zone: str, window: CallWindow, night: str, opens: str
) -> None:
    found = next_opening((window,), (zone,), at(zone, night))
    assert found == datetime.fromisoformat(opens).timestamp()


@pytest.mark.parametrize(
    ("zone", "window", "stretches"),
    [
        # 31 October 2027: 03:00 CEST becomes 02:00 CET, 02:00-03:00 happens twice without a pause
        ("Europe/Berlin", CallWindow(6, 120, 180), [("2027-10-31T00:00", "2027-10-31T02:00")]),
        (
            "Europe/Berlin",
            CallWindow(6, 130, 140),
            [("2027-10-31T00:10", "2027-10-31T00:20"), ("2027-10-31T01:10", "2027-10-31T01:20")],
        ),
        # 7 November 2027: 02:00 EDT becomes 01:00 EST
        (
            "America/New_York",
            CallWindow(6, 75, 90),
            [("2027-11-07T05:15", "2027-11-07T05:30"), ("2027-11-07T06:15", "2027-11-07T06:30")],
        ),
        # 4 April 2027: 02:00 (+11:00) becomes 01:30 (+10:30)
        (
            "Australia/Lord_Howe",
            CallWindow(6, 95, 100),
            [("2027-04-03T14:35", "2027-04-03T14:40"), ("2027-04-03T15:05", "2027-04-03T15:10")],
        ),
    ],
)
def test_in_autumn_minutes_that_happen_twice_are_open_twice(
    zone: str, window: CallWindow, stretches: list[tuple[str, str]]
) -> None:
    for opens, closes in stretches:
        assert next_opening((window,), (zone,), utc(opens) - 1) == utc(opens)
        assert open_now((window,), (zone,), utc(opens))
        assert open_now((window,), (zone,), utc(closes) - 1)
        assert not open_now((window,), (zone,), utc(closes))


def test_with_several_zones_all_must_allow() -> None:
    zones = ("Europe/Berlin", "America/New_York")
    noon_berlin = at("Europe/Berlin", "2027-03-01T12:00")
    assert not open_now(OFFICE, zones, noon_berlin)
    both = at("America/New_York", "2027-03-01T09:00")
    assert next_opening(OFFICE, zones, noon_berlin) == both
    assert open_now(OFFICE, zones, both)
    assert not open_now(OFFICE, zones, at("Europe/Berlin", "2027-03-01T18:00"))


def test_between_two_changes_of_the_clock_the_common_hours_differ() -> None:
    """From 14 to 28 March 2027 New York is ahead by an hour already and Berlin not yet."""
    zones = ("Europe/Berlin", "America/New_York")
    assert next_opening(OFFICE, zones, utc("2027-03-15T00:00")) == utc("2027-03-15T13:00")
    assert next_opening(OFFICE, zones, utc("2027-03-08T00:00")) == utc("2027-03-08T14:00")


def test_zones_that_never_share_an_hour_have_no_opening() -> None:
    assert next_opening(OFFICE, ("Europe/Berlin", "Pacific/Honolulu"), utc("2027-03-01T00:00")) is None


def test_the_window_named_is_the_one_that_stays_open_longest() -> None:
    windows = (CallWindow(0, 540, 720), CallWindow(0, 600, 1080))
    assert window_at(windows, "Europe/Berlin", at("Europe/Berlin", "2027-03-01T11:00")) == windows[1]
    assert window_at(windows, "Europe/Berlin", at("Europe/Berlin", "2027-03-01T09:30")) == windows[0]
    assert window_at(windows, "Europe/Berlin", at("Europe/Berlin", "2027-03-01T18:00")) is None


ZONES = [
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Phoenix",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Africa/Casablanca",
    "Pacific/Apia",
    "America/Havana",
    "Antarctica/Troll",
]


@st.composite
def a_window(draw: st.DrawFn) -> CallWindow:
    start = draw(st.integers(0, 1439))
    return CallWindow(draw(st.integers(0, 6)), start, draw(st.integers(start + 1, 1440)))


def allowed_by_the_wall_clock(windows: list[CallWindow], zones: list[str], now: float) -> bool:
    """The definition, read off the wall clock and nothing else."""
    for zone in zones:
        here = datetime.fromtimestamp(now, UTC).astimezone(ZoneInfo(zone))
        minute = here.hour * 60 + here.minute
        if not any(w.weekday == here.weekday() and w.start_min <= minute < w.end_min for w in windows):
            return False
    return True


@given(
    windows=st.lists(a_window(), min_size=1, max_size=5),
    zones=st.lists(st.sampled_from(ZONES), min_size=1, max_size=3, unique=True),
    now=st.integers(int(utc("2026-01-01T00:00")), int(utc("2028-12-31T00:00"))),
)
@settings(max_examples=300, deadline=None)
def test_the_next_opening_is_the_first_minute_the_wall_clock_allows(
    windows: list[CallWindow], zones: list[str], now: int
) -> None:
    found = next_opening(windows, zones, now)
    assert open_now(windows, zones, now) == allowed_by_the_wall_clock(windows, zones, now) == (found == now)
    first = now - now % 60 + 60
    last = found if found is not None else now + SEARCH_DAYS * 86400
    if found is not None:
        assert allowed_by_the_wall_clock(windows, zones, found)
        assert found == now or not allowed_by_the_wall_clock(windows, zones, found - 1)
    for minute in range(first, int(last) if last > now else first, 7 * 60):
        assert not allowed_by_the_wall_clock(windows, zones, minute)


@given(day=st.integers(0, 364), zone=st.sampled_from(ZONES))
@settings(max_examples=100, deadline=None)
def test_no_day_of_the_year_loses_or_gains_more_than_its_change_of_clock(day: int, zone: str) -> None:
    """Windows that cover every minute of the week are open throughout, whatever the clocks do."""
    always = [CallWindow(each, 0, 1440) for each in range(7)]
    moment = (datetime(2027, 1, 1, tzinfo=UTC) + timedelta(days=day)).timestamp()
    for hour in range(24):
        assert next_opening(always, (zone,), moment + hour * 3600) == moment + hour * 3600
