"""When a report is due: over changes of clocks, ends of months, and always after now."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware.mail.rhythm import RHYTHMS, fits, next_time

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp()


@pytest.mark.parametrize(
    ("rhythm", "day", "time", "after", "due"),
    [
        ("daily", 0, "07:00", "2026-11-22 06:59", "2026-11-22 07:00"),
        ("daily", 0, "07:00", "2026-11-22 07:00", "2026-11-23 07:00"),
        ("weekly", 0, "07:00", "2026-11-22 12:00", "2026-11-23 07:00"),
        ("weekly", 6, "07:00", "2026-11-22 07:00", "2026-11-29 07:00"),
        ("monthly", 1, "06:30", "2026-01-31 12:00", "2026-02-01 06:30"),
        ("monthly", 28, "06:30", "2026-02-28 06:30", "2026-03-28 06:30"),
        ("daily", 0, "07:00", "2026-03-28 08:00", "2026-03-29 07:00"),
        ("daily", 0, "02:30", "2026-10-24 08:00", "2026-10-25 02:30"),
    ],
)
def test_the_next_time(rhythm: str, day: int, time: str, after: str, due: str) -> None:
    assert next_time(rhythm, day, time, BERLIN, at(after)) == at(due)


def test_a_time_that_is_left_out_comes_all_the_same() -> None:
    due = next_time("daily", 0, "02:30", BERLIN, at("2026-03-28 12:00"))
    assert datetime.fromtimestamp(due, BERLIN).isoformat() == "2026-03-29T03:30:00+02:00"


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(RHYTHMS),
    st.integers(0, 28),
    st.integers(0, 23),
    st.integers(0, 59),
    st.floats(1.7e9, 1.9e9),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
)
def test_it_is_always_ahead_and_within_its_rhythm(
    rhythm: str, day: int, hour: int, minute: int, after: float, zone: str
) -> None:
    if not fits(rhythm, day):
        return
    due = next_time(rhythm, day, f"{hour:02d}:{minute:02d}", ZoneInfo(zone), after)
    longest = {"daily": 1.2, "weekly": 7.2, "monthly": 31.2}[rhythm]
    assert after < due <= after + longest * 86_400
