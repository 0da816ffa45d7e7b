"""When something that happens daily, weekly or monthly is due next, by the office's clock. Pure.

A time that a change of clocks leaves out (02:30 in March) is moved on by the hour that is missing; one that comes
twice is the first of both.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

RHYTHMS = ("daily", "weekly", "monthly")
LAST_DAY = 28
"""Every month has it."""


def fits(rhythm: str, day: int) -> bool:
    """Whether ``day`` is one of this rhythm's: 0; 0 (Monday) to 6; 1 to 28."""
    if rhythm == "daily":
        return day == 0
    return 0 <= day <= 6 if rhythm == "weekly" else 1 <= day <= LAST_DAY


def next_time(rhythm: str, day: int, at: str, zone: ZoneInfo, after: float) -> float:
    """The first moment after ``after`` (UTC seconds) that the rhythm names; ``at`` is HH:MM."""
    hour, minute = map(int, at.split(":"))
    local = datetime.fromtimestamp(after, zone)
    today = local.replace(hour=hour, minute=minute, second=0, microsecond=0, fold=0)
    for ahead in range(63):
        due = (today + timedelta(days=ahead)).replace(fold=0)
        if _is_day(rhythm, day, due) and due.timestamp() > after:
            return due.timestamp()
    raise ValueError(f"no {rhythm} day {day}")


def _is_day(rhythm: str, day: int, due: datetime) -> bool:
    if rhythm == "weekly":
        return due.weekday() == day
    return rhythm == "daily" or due.day == day
