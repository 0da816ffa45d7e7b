"""Schedules of contact lists: on which days and at what time they run, and whose contacts may be called once more.

Pure. What a run does is ``firmware.commands.schedules``', keeping it the store's.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

LATE_S = 600.0
"""A run that begins later than this after its time was missed: the box was off, or its clock was not known good."""
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_PATTERN = re.compile(r"[^\x00-\x1f\x7f/\\]{1,120}")


def is_time(text: str) -> bool:
    """Tell whether a text is a time of day, ``HH:MM``."""
    return _TIME.fullmatch(text) is not None


def is_pattern(text: str) -> bool:
    """Tell whether a text can name files of one folder: ``*`` and ``?`` stand for what differs."""
    return _PATTERN.fullmatch(text) is not None and text not in (".", "..")


def next_time(days: Collection[int], at: str, zone: ZoneInfo, after: float) -> float | None:
    """Return the first moment after ``after`` (UTC seconds) that falls on one of the weekdays; None without days.

    Monday is 0. A time that a change of clocks leaves out is moved on by what is missing; of one that comes twice, the
    first counts.
    """
    if not days:
        return None
    hour, minute = map(int, at.split(":"))
    today = datetime.fromtimestamp(after, zone).replace(
        hour=hour, minute=minute, second=0, microsecond=0, fold=0
    )
    for ahead in range(9):
        due = (today + timedelta(days=ahead)).replace(fold=0)
        if due.weekday() in days and due.timestamp() > after:
            return due.timestamp()
    raise ValueError(f"no weekday among {sorted(days)}")
