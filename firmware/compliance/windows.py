"""Call windows: may this contact be called at this moment, and if not, when next?

A call window is written in the contact's own local time; everything here turns it into stretches of UTC and
compares those, so a night on which the clocks change needs no special case: local minutes that do not exist are
never open, local minutes that happen twice are open twice. Where a contact may live in several zones, all of
them must allow the call, and where it may live in several places, none may keep a holiday that day. Which windows and
places apply, and what a refusal leads to, is ``judge``'s and the campaign's.

Pure: ``now`` is an argument. The zone data comes from ``zoneinfo`` (IANA tz database), holidays from
``holiday_tables``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from firmware.compliance.holiday_tables import is_closed
from firmware.model import CallWindow

SEARCH_DAYS = 8
"""How far ahead an opening is looked for at first: a week and the day that a week of weekdays ends on."""
LONG_SEARCH_DAYS = 400
"""How far ahead where that finds nothing: the only weekday of a campaign may be a holiday for weeks on end."""

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAY_S = 86400
_EPOCH = date(1970, 1, 1).toordinal()
_THURSDAY = 3
"""1 January 1970 was a Thursday."""

Stretch = tuple[float, float]
"""UTC seconds: open from the first, closed from the second."""


class UnknownZoneError(LookupError):
    """A time zone name the tz database does not know."""


def zone_info(name: str) -> ZoneInfo:
    """Return the zone called ``name``. Raises ``UnknownZoneError`` for anything the tz database does not hold."""
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError) as error:
        raise UnknownZoneError(name) from error


def local_time(zone: str, at: float) -> datetime:
    """Return the wall clock of ``zone`` at ``at`` (UTC seconds). Raises ``UnknownZoneError``."""
    return datetime.fromtimestamp(at, zone_info(zone))


def window_at(windows: Sequence[CallWindow], zone: str, now: float) -> CallWindow | None:
    """Return the window of ``zone`` that is open at ``now``, the longest-lasting one where several are."""
    here = local_time(zone, now)
    minute = here.hour * 60 + here.minute
    opened = [w for w in windows if w.weekday == here.weekday() and w.start_min <= minute < w.end_min]
    return max(opened, key=lambda w: w.end_min, default=None)


def open_now(windows: Sequence[CallWindow], zones: Sequence[str], now: float) -> bool:
    """Tell whether every zone has a window open at ``now``; no zone at all is never open.

    Raises ``UnknownZoneError``.
    """
    return bool(zones) and all(window_at(windows, zone, now) is not None for zone in zones)


def next_opening(
    windows: Sequence[CallWindow], zones: Sequence[str], now: float, places: Sequence[str] = ()
) -> float | None:
    """Return the first moment from ``now`` on (``now`` itself if open) at which every zone has a window open.

    Days that are a holiday in one of ``places`` are closed. None when there is no such moment within
    ``LONG_SEARCH_DAYS``. Raises ``UnknownZoneError``.
    """
    week, where, there, day = tuple(windows), tuple(zones), tuple(places), int(now // _DAY_S)
    found = _first(_open_stretches(week, where, there, day, SEARCH_DAYS), now, SEARCH_DAYS)
    if found is None and week and where:
        found = _first(_open_stretches(week, where, there, day, LONG_SEARCH_DAYS), now, LONG_SEARCH_DAYS)
    return found


def holiday_at(zones: Sequence[str], places: Sequence[str], now: float) -> tuple[str, ...]:
    """Return the places that keep a holiday at ``now`` on the calendar of one of the zones."""
    days = {local_time(zone, now).toordinal() - _EPOCH for zone in zones}
    return tuple(place for place in places if any(is_closed(place, day) for day in days))


def _first(stretches: list[Stretch], now: float, days: int) -> float | None:
    at = bisect_right(stretches, now, key=lambda stretch: stretch[0])
    if at and now < stretches[at - 1][1]:
        return now
    if at == len(stretches) or stretches[at][0] > now + days * _DAY_S:
        return None
    return float(stretches[at][0])


def window_text(window: CallWindow) -> str:
    """Write a window the way a permit shows it: ``Mon 09:00-18:00``."""
    return f"{WEEKDAYS[window.weekday]} {clock_text(window.start_min)}-{clock_text(window.end_min)}"


def clock_text(minute: int) -> str:
    """Write a minute of the day as ``HH:MM``; the end of a day is ``24:00``."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


@lru_cache(maxsize=4096)
def _open_stretches(
    windows: tuple[CallWindow, ...], zones: tuple[str, ...], places: tuple[str, ...], day: int, days: int
) -> list[Stretch]:
    """Return when every zone is open, from UTC day ``day`` on for ``days`` and a day, in order.

    Cached because thousands of contacts ask about the same zone on the same day.
    """
    if not zones:
        return []
    every = [_zone_stretches(windows, zone, places, day, days) for zone in zones]
    common = every[0]
    for other in every[1:]:
        common = _overlap(common, other)
    return common


def _zone_stretches(
    windows: tuple[CallWindow, ...], zone: str, places: tuple[str, ...], day: int, days: int
) -> list[Stretch]:
    found: list[Stretch] = []
    for begin, end, offset_s in _constant_offsets(zone, day * _DAY_S, (day + days + 1) * _DAY_S):
        first_day, last_day = int((begin + offset_s) // _DAY_S), int((end + offset_s) // _DAY_S)
        for local_day in range(first_day, last_day + 1):
            if not any(is_closed(place, local_day) for place in places):
                found += _on_day(windows, local_day, begin, end, offset_s)
    return _joined(found)


def _on_day(
    windows: tuple[CallWindow, ...], local_day: int, begin: int, end: int, offset_s: int
) -> list[Stretch]:
    """The windows of one local day, in UTC, as far as the zone keeps this offset."""
    midnight = local_day * _DAY_S - offset_s
    today = (w for w in windows if w.weekday == (local_day + _THURSDAY) % 7)
    pairs = ((max(begin, midnight + w.start_min * 60), min(end, midnight + w.end_min * 60)) for w in today)
    return [(opens, closes) for opens, closes in pairs if opens < closes]


def _constant_offsets(zone: str, begin: int, end: int) -> list[tuple[int, int, int]]:
    """Split ``begin..end`` (UTC) where the zone's offset changes; each part with its offset in seconds."""
    info = zone_info(zone)
    edges = [begin]
    for first, last in pairwise(range(begin, end + 1, _DAY_S // 4)):
        if _offset_s(info, first) != _offset_s(info, last):
            edges.append(_change_between(info, first, last))
    edges.append(end)
    return [(a, b, _offset_s(info, a)) for a, b in pairwise(edges)]


def _change_between(info: ZoneInfo, before: int, after: int) -> int:
    """Find the second at which the offset becomes that of ``after``."""
    while after - before > 1:
        middle = (before + after) // 2
        if _offset_s(info, middle) == _offset_s(info, after):
            after = middle
        else:
            before = middle
    return after


def _offset_s(info: ZoneInfo, at: int) -> int:
    offset = datetime.fromtimestamp(at, UTC).astimezone(info).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


def _joined(stretches: list[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for opens, closes in sorted(stretches):
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], closes))
        else:
            joined.append((opens, closes))
    return joined


def _overlap(one: list[Stretch], other: list[Stretch]) -> list[Stretch]:
    """What is open in both; each is in order and overlaps nowhere with itself."""
    found: list[Stretch] = []
    at = 0
    for opens, closes in one:
        while at < len(other) and other[at][1] <= opens:
            at += 1
        for more in range(at, len(other)):
            if other[more][0] >= closes:
                break
            found.append((max(opens, other[more][0]), min(closes, other[more][1])))
    return found
