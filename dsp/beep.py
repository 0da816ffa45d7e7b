"""What sounds like a voicemail's beep, for which there is no standard: one note, two at once, or a few after another.

Takes stretches from ``segments`` and says which of them are the notes of a beep; whether there was speech before it
and quiet after it is ``signals``' business. Vowels are short and low: the shorter and lower a note, the more is asked
of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from dsp.dtmf import is_key
from dsp.segments import Stretch

NOTE_GAP_MS = 80
"""Notes that follow one another more closely belong together."""
_HZ, _LOW_HZ, BEEP_MS, _SHORT_MS = (425.0, 2015.0), 620.0, (50, 1600), 150
_SHORTEST_MS, _LOW_SHORTEST_MS, _PAIR_SHORTEST_MS = 110, 90, 80
_SAME_NOTE_HZ = 20.0
_OCTAVE_HZ = 10.0
"""A short low pair an octave apart is a vowel."""
MOST_NOTES = 3
"""More are a melody."""


class _Beeplike(NamedTuple):
    """What is asked of a stretch: purity, share of frames that are pure, how far the pitch may wander, and how much
    louder it must be than what came before.
    """

    purity: float
    pure: float
    wander_hz: float
    rise_db: float = -100.0


_LONG, _LOW = _Beeplike(0.86, 0.5, 6.0), _Beeplike(0.95, 0.85, 3.0)
_LOW_PAIR, _LOW_SHORT = _Beeplike(0.97, 0.8, 3.0), _Beeplike(0.97, 0.9, 1.5, 10.0)
_SHORT, _SHORTEST = _Beeplike(0.9, 0.6, 3.0), _Beeplike(0.93, 0.8, 3.0, 8.0)


def notes_of(recent: Sequence[Stretch]) -> list[Stretch]:
    """The tones of a beep of several notes: those that follow one another without a pause, oldest first.

    A note that a lost packet has cut in two is one again.
    """
    notes: list[Stretch] = []
    for stretch in reversed(recent):
        if notes and (notes[0].start_ms - stretch.end_ms > NOTE_GAP_MS or stretch.told):
            break
        if notes and _same_note(stretch, notes[0]):
            notes[0] = _joined(stretch, notes[0])
        else:
            notes.insert(0, stretch)
    first = len(notes)
    while first > 0 and _like_a_beep(notes[first - 1], after=notes[first - 2] if first > 1 else None):
        first -= 1
    return notes[first:]


def pitch_of(part: Stretch) -> str:
    """In words, such as ``880`` or ``660+1100``."""
    return f"{part.hz:.0f}+{part.second_hz:.0f}" if part.second_hz else f"{part.hz:.0f}"


def _same_note(earlier: Stretch, later: Stretch) -> bool:
    pairs = ((earlier.hz, later.hz), (earlier.second_hz, later.second_hz))
    return all(abs(one - other) <= _SAME_NOTE_HZ for one, other in pairs)


def _joined(earlier: Stretch, later: Stretch) -> Stretch:
    longer = max(earlier, later, key=lambda part: part.frames)
    return replace(
        longer,
        start_ms=earlier.start_ms,
        end_ms=later.end_ms,
        rise_db=earlier.rise_db,
        frames=earlier.frames + later.frames,
        pure_frames=earlier.pure_frames + later.pure_frames,
    )


def _like_a_beep(part: Stretch, after: Stretch | None) -> bool:
    """Pitch, length, steadiness and purity; the shorter and lower, the more is asked: vowels are short and low.

    ``after``: the tone before it, if one follows the other; a second note need not be louder than the first.
    """
    if not _HZ[0] <= part.hz <= (part.second_hz or part.hz) <= _HZ[1] or part.ms < BEEP_MS[0]:
        return False
    if part.second_hz and is_key(part.hz, part.second_hz):
        return False
    low = part.hz < _LOW_HZ
    if part.ms < (_LOW_SHORTEST_MS if low else _PAIR_SHORTEST_MS if part.second_hz else 0):
        return False
    if low and part.ms < _SHORT_MS and abs(part.second_hz - 2 * part.hz) <= _OCTAVE_HZ:
        return False
    wanted = _wanted(part, low)
    steady = part.wander_hz <= wanted.wander_hz and part.pure_frames >= wanted.pure * part.frames
    second_note = after is not None and after.ms >= BEEP_MS[0] and after.wander_hz <= wanted.wander_hz
    return steady and part.purity >= wanted.purity and (second_note or part.rise_db >= wanted.rise_db)


def _wanted(part: Stretch, low: bool) -> _Beeplike:
    if low and part.second_hz:
        return _LOW_PAIR
    if part.ms >= _SHORT_MS:
        return _LOW if low else _LONG
    if low:
        return _LOW_SHORT
    return _SHORT if part.ms >= _SHORTEST_MS else _SHORTEST
