"""1200 Bd FSK of caller ID, from sound to bytes: Bell 202 (1200/2200 Hz) and V.23 (1300/2100 Hz) alike.

Both are centred on 1700 Hz, so one receiver does for both. A line's distortion moves the point between mark and space
by hundreds of hertz and noise makes clicks, so a burst is read many times: by a frequency discriminator at several
thresholds and by a pair of correlators at several balances, each sampled early, in time and late. What comes out is
every reading that has a message's outer form (type, length, sum zero modulo 256) after a stretch of marks. Which of
them to believe, and what they mean, is ``caller_id``'s.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp.frames import SAMPLE_RATE_HZ, Floats

BAUD = 1200.0
_BIT = SAMPLE_RATE_HZ / BAUD
_CENTRE_HZ = 1700.0
_CORRELATED_HZ = ((1200.0, 2200.0), (1300.0, 2100.0))
_THRESHOLDS_HZ = (0.0, -100.0, 100.0, -200.0, 200.0, -300.0, 300.0)
_BALANCES_DB = (0.0, -3.0, 3.0, -6.0, 6.0, -9.0, 9.0)
_FIRST = 3
"""Slicers of every sort; if none of them sees marks, it is no FSK."""
_ENOUGH = 4
"""When so many slicers have read the same, no more are asked."""
_TIMINGS = (0.0, -0.15, 0.15)
"""Bits by which the middle of a bit is missed on purpose."""
_MIDDLES = [np.round((np.arange(10) + 0.5 + timing) * _BIT).astype(np.int64) for timing in _TIMINGS]
_MARKS_BEFORE = 20
"""Bits of mark that must precede a message: 180 are sent, 80 during a conversation."""
_MARKED = 0.8
_SEARCH_BITS = 30
"""How far after the marks the first byte may begin: noise can feign its start bit."""
TYPES = frozenset((0x04, 0x06, 0x0B, 0x80, 0x82, 0x84, 0x85, 0x86))
"""SDMF caller ID and lamp; MDMF call, lamp, charge and others of GR-30 and EN 300 659-3."""
_PEAK = 1.7
"""A sine's peak over the median of its absolute value is 1.41."""
_TYPES = np.array(sorted(TYPES), np.uint8)


def _low_pass(taps: int, cut_hz: float) -> Floats:
    at = np.arange(taps) - (taps - 1) / 2
    kernel = np.sinc(2 * cut_hz / SAMPLE_RATE_HZ * at) * np.hamming(taps)
    return np.asarray(kernel / kernel.sum(), np.float32)


_FILTER = _low_pass(41, 950.0)
_SMOOTH = np.ones(5, np.float32) / 5


@dataclass(frozen=True, slots=True)
class Reading:
    """One slicer's message. ``end``: index of the sample where its last byte ends."""

    message: bytes
    end: int
    slicer: int
    correlated: bool
    """Read by correlators, not by the discriminator."""
    offset_hz: float
    """Middle between its marks and its spaces, from where it should be: how far the line shifts them."""
    mark_hz: float
    """Mean pitch of the marks before it: about 1200 is Bell 202, 1300 V.23."""


def readings(burst: Floats) -> list[Reading]:
    """Every message that any slicer sees in a stretch of sound (any scale). May be the same many times over."""
    if len(burst) < 40 * _BIT:
        return []
    hz = discriminate(burst)
    smooth = np.convolve(hz, _SMOOTH, mode="same")
    found: list[Reading] = []
    votes: Counter[bytes] = Counter()
    marked = 0
    for slicer, (soft, correlated) in enumerate(_soft(burst, smooth)):
        line = soft > 0
        falls = np.flatnonzero(line[:-1] & ~line[1:])
        starts = _after_marks(line, falls)
        marked += bool(starts)
        for message, start, end in _messages(line, falls, starts):
            mark_hz, offset_hz = _pitches(hz, start, end)
            found.append(Reading(message, end, slicer, correlated, offset_hz, mark_hz))
            votes[message] += 1
        if (votes and max(votes.values()) >= _ENOUGH) or (slicer + 1 == _FIRST and not marked):
            break
    return found


def _pitches(hz: NDArray[np.float32], start: int, end: int) -> tuple[float, float]:
    """The marks' pitch and the shift of the middle."""
    marks = hz[max(0, start - int(_MARKS_BEFORE * _BIT)) : start - int(2 * _BIT)]
    mark_hz = _CENTRE_HZ - float(np.median(marks)) if len(marks) else 0.0
    low, high = np.percentile(hz[start:end], (15, 85))
    return mark_hz, -float(low + high) / 2


def without_clicks(burst: Floats) -> Floats:
    """Peaks cut down to what a steady tone of the burst's level has. Only for a second try: it distorts."""
    most = _PEAK * float(np.median(np.abs(burst)))
    return np.clip(burst, -most, most)


def discriminate(sound: Floats) -> NDArray[np.float32]:
    """Hertz below the centre at each sample: positive is mark."""
    turn = np.exp(-2j * np.pi * _CENTRE_HZ / SAMPLE_RATE_HZ * np.arange(len(sound)))
    base = np.convolve(sound * turn.astype(np.complex64), _FILTER, mode="same")
    step = base[1:] * base[:-1].conj()
    hz = np.angle(step) * np.float32(-SAMPLE_RATE_HZ / (2 * np.pi))
    return np.asarray(np.concatenate((hz[:1], hz)), np.float32)


def _soft(burst: Floats, smooth: NDArray[np.float32]) -> Iterator[tuple[NDArray[np.float32], bool]]:
    """Each slicer's opinion, positive for mark, and its sort; those that are right on most lines first."""
    pairs = [[_correlate(burst, hz) for hz in pair] for pair in _CORRELATED_HZ]
    for balance_db, offset_hz in zip(_BALANCES_DB, _THRESHOLDS_HZ, strict=True):
        yield smooth + np.float32(offset_hz), False
        for mark, space in pairs:
            yield mark - space * np.float32(10 ** (balance_db / 20)), True


def _correlate(sound: Floats, hz: float) -> NDArray[np.float32]:
    """How much of this pitch there is in the bit around each sample."""
    at = np.arange(-4, 5)
    kernel = np.exp(-2j * np.pi * hz / SAMPLE_RATE_HZ * at) * np.hamming(11)[1:-1]
    return np.asarray(np.abs(np.convolve(sound, kernel, mode="same")), np.float32)


def _messages(
    mark: NDArray[np.bool_], falls: NDArray[np.int64], starts: list[int]
) -> Iterator[tuple[bytes, int, int]]:
    """Messages with where they start and end, by one slicer."""
    until = -1
    lines = [_Line(mark, falls, middles) for middles in _MIDDLES]
    hopeful = sorted(
        (start, number) for number, line in enumerate(lines) for start in line.beginnings(starts)
    )
    for start, number in hopeful:
        if start > until and (found := lines[number].message(start)):
            until = found[1]
            yield found[0], start, until


def _after_marks(mark: NDArray[np.bool_], falls: NDArray[np.int64]) -> list[int]:
    """Falls of the line that come after enough marks, and those shortly after them."""
    width = int(_MARKS_BEFORE * _BIT)
    sums = np.concatenate(((0,), np.cumsum(mark)))
    begin = np.maximum(falls + 1 - width, 0)
    marked = (sums[falls + 1] - sums[begin]) / width >= _MARKED
    good = falls[marked]
    if not len(good):
        return []
    place = np.searchsorted(good, falls, side="right") - 1
    near = (place >= 0) & (falls - good[np.maximum(place, 0)] <= _SEARCH_BITS * _BIT)
    return [int(fall) for fall in falls[near]]


class _Line:
    """Start-stop bytes read off a sliced line."""

    def __init__(self, mark: NDArray[np.bool_], falls: NDArray[np.int64], middles: NDArray[np.int64]) -> None:
        self._mark = mark
        self._falls = falls
        self._middles = middles

    def beginnings(self, starts: list[int]) -> list[int]:
        """Those falls after which a byte stands that can begin a message."""
        places = np.asarray(starts, np.int64)[:, None] + 1 + self._middles
        places = places[places[:, -1] < len(self._mark)] if len(starts) else places
        bits = self._mark[places]
        values = np.packbits(bits[:, 1:9], axis=1, bitorder="little")[:, 0]
        good = ~bits[:, 0] & bits[:, 9] & np.isin(values, _TYPES)
        return [int(place) for place in places[good, 0] - self._middles[0] - 1]

    def message(self, start: int) -> tuple[bytes, int] | None:
        """The message whose first byte begins with this fall of the line, and where it ends."""
        first = self._byte(start)
        if first is None:
            return None
        read, wanted, at = [first[0]], 3, first[1]
        while len(read) < wanted:
            following = self._next(at)
            if following is None:
                return None
            read.append(following[0])
            at = following[1]
            if len(read) == 2:
                wanted = read[1] + 3
        return (bytes(read), at) if sum(read) % 256 == 0 else None

    def _next(self, at: int) -> tuple[int, int] | None:
        """The byte after the stop bit at ``at``; a few extra marks may stand between."""
        place = int(np.searchsorted(self._falls, at))
        for fall in self._falls[place : place + 3]:
            if fall - at > 12 * _BIT:
                return None
            if found := self._byte(int(fall)):
                return found
        return None

    def _byte(self, fall: int) -> tuple[int, int] | None:
        """Value, and the middle of the stop bit; None where start or stop bit are not what they must be."""
        places = fall + 1 + self._middles
        if places[-1] >= len(self._mark):
            return None
        bits = self._mark[places]
        if bits[0] or not bits[9]:
            return None
        return int(np.packbits(bits[1:9], bitorder="little")[0]), int(places[9])
