"""Opening hours as people write them in a settings file: ``Mon-Fri 08:00-18:00``.

Pure. Call windows and holidays are ``compliance``'s; here they say when the office takes calls.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from firmware.compliance.windows import WEEKDAYS, holiday_at, open_now
from firmware.model import CallWindow

_DAY = "|".join(WEEKDAYS)
_LINE = re.compile(rf"({_DAY})(?:\s*-\s*({_DAY}))?\s+(\d\d?):(\d\d)\s*-\s*(\d\d?):(\d\d)", re.IGNORECASE)
_MIDNIGHT_MIN = 24 * 60


class BadHoursError(ValueError):
    """A line that is no opening hours."""


def read(text: str) -> tuple[CallWindow, ...]:
    """Return one line's windows, a weekday each. :raises BadHoursError: it is not like ``Mon-Fri 08:00-18:00``."""
    found = _LINE.fullmatch(text.strip())
    if found is None:
        raise BadHoursError(text)
    first, last = _weekday(found[1]), _weekday(found[2] or found[1])
    start, end = _minute(found[3], found[4]), _minute(found[5], found[6])
    if start is None or end is None or end <= start or last < first:
        raise BadHoursError(text)
    return tuple(CallWindow(day, start, end) for day in range(first, last + 1))


def read_all(lines: Sequence[str]) -> tuple[CallWindow, ...]:
    """Return the windows of several lines. :raises BadHoursError: of the first that is none."""
    return tuple(window for line in lines for window in read(line))


def is_open(windows: Sequence[CallWindow], zone: str, place: str, now: float) -> bool:
    """Tell whether calls are taken at ``now`` (UTC seconds); no windows at all: always, but for holidays of ``place``.

    Raises ``UnknownZoneError``.
    """
    if place and holiday_at((zone,), (place,), now):
        return False
    return not windows or open_now(windows, (zone,), now)


def _weekday(name: str) -> int:
    return WEEKDAYS.index(name.capitalize())


def _minute(hours: str, minutes: str) -> int | None:
    minute = int(hours) * 60 + int(minutes)
    return minute if int(minutes) < 60 and minute <= _MIDNIGHT_MIN else None
