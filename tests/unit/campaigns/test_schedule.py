"""When a schedule of a list is due next: by the office's clock, whatever the clocks do."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.campaigns import schedule
from firmware.campaigns.defaults import FINAL
from firmware.campaigns.retry import DEAD
from firmware.model import RECYCLABLE

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp()


@pytest.mark.parametrize(
    ("days", "time", "after", "due"),
    [
        ([0], "06:00", "2027-03-01T05:59:59", "2027-03-01T06:00"),
        ([0], "06:00", "2027-03-01T06:00", "2027-03-08T06:00"),
        ([0, 3], "06:00", "2027-03-01T12:00", "2027-03-04T06:00"),
        ([6], "23:59", "2027-12-31T12:00", "2028-01-02T23:59"),
        ([6], "02:30", "2027-03-27T12:00", "2027-03-28T03:30"),
        ([6], "02:30", "2027-10-30T12:00", "2027-10-31T02:30"),
        (range(7), "00:00", "2028-02-28T12:00", "2028-02-29T00:00"),
    ],
)
def test_the_next_time(days: list[int], time: str, after: str, due: str) -> None:
    assert schedule.next_time(days, time, BERLIN, at(after)) == at(due)


def test_without_days_it_has_no_time_of_its_own() -> None:
    assert schedule.next_time([], "06:00", BERLIN, 0.0) is None


@given(
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(0, 23),
    st.integers(0, 59),
    st.floats(1.7e9, 2.2e9),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]),
)
def test_it_always_comes_and_within_eight_days(
    days: set[int], hour: int, minute: int, after: float, zone: str
) -> None:
    due = schedule.next_time(days, f"{hour:02d}:{minute:02d}", ZoneInfo(zone), after)
    assert due is not None
    assert after < due <= after + 8.1 * 86400
    assert datetime.fromtimestamp(due, ZoneInfo(zone)).weekday() in days


@pytest.mark.parametrize("text", ["", "6:00", "24:00", "06:60", "06:00:00", "٠٦:٠٠"])
def test_what_is_no_time(text: str) -> None:
    assert not schedule.is_time(text)


@pytest.mark.parametrize("text", ["", "../x.csv", "a/b.csv", "a\\b.csv", ".", "..", "a\x00.csv", "x" * 121])
def test_a_pattern_names_files_of_one_folder(text: str) -> None:
    assert not schedule.is_pattern(text)
    assert schedule.is_pattern("customers*.csv")


def test_who_was_reached_or_cannot_be_is_never_called_once_more() -> None:
    assert not set(RECYCLABLE) & (FINAL | DEAD)
