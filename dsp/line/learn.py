"""Learning how a line says that the far end has gone: from a recording of wires and sound, a proposal. Pure.

Record some 15 s while the far end hangs up; what is proposed are the settings that would have noticed it, each with
what it rests on. A person decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from dsp.frames import FULL_SCALE, SAMPLE_RATE_HZ, Samples
from dsp.line.answer import Confidence
from dsp.line.disconnect import DisconnectMethod
from dsp.line.ears import pitches
from dsp.line.rhythm import Spans, levels_db, spans_of
from dsp.line.wires import Wires

_SHORTEST_ON_MS, _LONGEST_ROUND_MS, _LONGEST_PAIRS = 60, 2200, 3
"""A longer round is a ringback's."""
_ROUNDS, _SURE_ROUNDS = 2, 4
_SLACK_MS, _SLACK = 40, 0.12
_STEADY_MS = 2500
_WINDOW = 1600
_QUIET_DB = -46.0
_SILENCE_MS = 8000
_CPC_MS = (60, 5000)


@dataclass(frozen=True, slots=True)
class Proposal:
    """One way to notice. ``hz`` and ``pattern_ms`` (on, off) with tones; ``length_ms``: opened loop, or quiet."""

    method: DisconnectMethod
    confidence: Confidence
    at_ms: int
    """When it began, in the recording's time."""
    hz: tuple[float, ...] = ()
    pattern_ms: tuple[int, ...] = ()
    rounds: int = 0
    length_ms: int = 0


def propose(wires: Sequence[Wires], sound: Samples) -> list[Proposal]:
    """What the recording shows, surest first. ``wires`` in order; ``sound`` begins with the first of them."""
    found = [*_opened(wires), *_reversals(wires), *_tones(sound)]
    if not found:
        found = _silence(sound)
    ranks = list(Confidence)
    return sorted(found, key=lambda one: (ranks.index(one.confidence), one.at_ms))


def _opened(wires: Sequence[Wires]) -> list[Proposal]:
    """Each time the loop was opened while we were off-hook, if it closed again."""
    found = []
    began_ms: int | None = None
    for one in wires:
        gone = one.off_hook and one.battery is False
        if gone and began_ms is None:
            began_ms = one.at_ms
        elif not gone and began_ms is not None:
            length_ms = one.at_ms - began_ms
            if one.off_hook and _CPC_MS[0] <= length_ms <= _CPC_MS[1]:
                found.append(
                    Proposal(DisconnectMethod.CPC, Confidence.CERTAIN, began_ms, length_ms=length_ms)
                )
            began_ms = None
    return found


def _reversals(wires: Sequence[Wires]) -> list[Proposal]:
    """The last reversal while off-hook: an earlier one may have been the answer."""
    known = [one for one in wires if one.off_hook and one.reversed is not None]
    turns = [later.at_ms for one, later in pairwise(known) if one.reversed != later.reversed]
    return [Proposal(DisconnectMethod.REVERSAL, Confidence.CERTAIN, turns[-1])] if turns else []


def _tones(sound: Samples) -> list[Proposal]:
    """A tone with a rhythm, or a steady one, up to the end of the recording."""
    floats = (sound / FULL_SCALE).astype(np.float32)
    levels = levels_db(floats)
    spans = spans_of(levels, _tone_peak_db(levels))
    rhythm = _rhythm(spans)
    if rhythm:
        start, pattern_ms, rounds = rhythm
        at_ms = sum(ms for _, ms in spans[:start])
        hz = _pitch(floats, spans, start)
        return [_progress(at_ms, hz, pattern_ms, rounds)] if hz else []
    steady = _last_long(spans)
    hz = _pitch(floats, spans, steady) if steady is not None else ()
    if steady is None or not hz:
        return []
    at_ms, length_ms = sum(ms for _, ms in spans[:steady]), spans[steady][1]
    return [Proposal(DisconnectMethod.DIAL_TONE, Confidence.LIKELY, at_ms, hz, length_ms=length_ms)]


def _progress(at_ms: int, hz: tuple[float, ...], pattern_ms: tuple[int, ...], rounds: int) -> Proposal:
    """Fast ones are called congestion: the dividing line of E.180 is about half a second a round."""
    fast = sum(pattern_ms) <= 560
    method = DisconnectMethod.CONGESTION if fast else DisconnectMethod.BUSY
    confidence = Confidence.LIKELY if rounds >= _SURE_ROUNDS else Confidence.ASSUMED
    return Proposal(method, confidence, at_ms, hz, pattern_ms, rounds)


def _tone_peak_db(levels: Sequence[float]) -> float:
    """Level of what sounds in the last third, where the tone is."""
    late = levels[len(levels) * 2 // 3 :]
    return max(late, default=-100.0)


def _rhythm(spans: Spans) -> tuple[int, tuple[int, ...], int] | None:
    """The row of bursts and pauses that repeats up to the recording's end, the shortest that does.

    Returned are the index of its first burst, the milliseconds on, off ..., and how often it was heard.
    """
    ends = (
        len(spans) - 1 if spans and spans[-1][0] else len(spans) - 2
    )  # a span the recording cuts off says nothing
    row = spans[: max(0, ends)]
    for pairs in range(1, _LONGEST_PAIRS + 1):
        size = 2 * pairs
        if len(row) < size:
            break
        back = len(row) - size
        while back > 0 and _alike(row[back - 1], row[back - 1 + size]):
            back -= 1
        first = back + (0 if back < len(row) and row[back][0] else 1)
        rounds = (len(row) - first) // size
        if rounds >= _ROUNDS and (pattern_ms := _mean(row[first : first + rounds * size], size)):
            return first, pattern_ms, rounds
    return None


def _mean(row: Spans, size: int) -> tuple[int, ...]:
    """Mean length of each span of a round; empty if such a round is no busy tone's."""
    pattern_ms = tuple(round(float(np.mean([ms for _, ms in row[i::size]]))) for i in range(size))
    usual = sum(pattern_ms) <= _LONGEST_ROUND_MS and min(pattern_ms[::2]) >= _SHORTEST_ON_MS
    return pattern_ms if usual else ()


def _alike(one: tuple[bool, int], other: tuple[bool, int]) -> bool:
    return one[0] == other[0] and _close(one[1], other[1])


def _close(ms: int, want_ms: int) -> bool:
    return abs(ms - want_ms) <= max(_SLACK_MS, want_ms * _SLACK)


def _last_long(spans: Spans) -> int | None:
    """A burst that lasts, within reach of the recording's end."""
    long = [i for i, (on, ms) in enumerate(spans) if on and ms >= _STEADY_MS]
    return long[-1] if long and long[-1] >= len(spans) - 2 else None


def _pitch(
    sound: np.ndarray[tuple[int], np.dtype[np.float32]], spans: Spans, which: int
) -> tuple[float, ...]:
    """Of one burst, by 200 ms from its middle (what is missing of a shorter one is silence); empty for a voice."""
    start = sum(ms for _, ms in spans[:which]) * SAMPLE_RATE_HZ // 1000
    length = spans[which][1] * SAMPLE_RATE_HZ // 1000
    skip = max(0, (length - _WINDOW) // 2)
    piece = sound[start + skip : start + min(length, skip + _WINDOW)]
    return tuple(round(hz, 1) for hz in pitches(np.pad(piece, (0, _WINDOW - len(piece)))))


def _silence(sound: Samples) -> list[Proposal]:
    levels = levels_db((sound / FULL_SCALE).astype(np.float32))
    quiet = next((i for i, level in enumerate(reversed(levels)) if level > _QUIET_DB), len(levels))
    length_ms = quiet * 20
    if length_ms < _SILENCE_MS:
        return []
    at_ms = len(levels) * 20 - length_ms
    return [Proposal(DisconnectMethod.SILENCE, Confidence.ASSUMED, at_ms, length_ms=length_ms)]
