"""What sounds like a voicemail's beep, for which there is no standard: one note, two at once, or a few after another.

Takes stretches from ``segments`` and says which of them are the notes of a beep; whether there was speech before it
and quiet after it is ``signals``' business. Vowels are short and low: the shorter and lower a note, the more is asked
of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from dsp.dtmf import is_key
from dsp.segments import Stretch
from dsp.spectrum import FRAME_MS

NOTE_GAP_MS = 80
"""Notes that follow one another more closely belong together."""
_HZ, _LOW_HZ, BEEP_MS, _SHORT_MS = (425.0, 2015.0), 620.0, (50, 1600), 150
_SHORTEST_MS, _LOW_SHORTEST_MS, _PAIR_SHORTEST_MS = 110, 90, 80
"""What is not as steady as a machine must last so long."""
_SAME_NOTE_HZ = 20.0
_HARMONICS, _HARMONIC_HZ, _SUNG_HZ = (1.5, 2.0), 10.0, 700.0
"""A short pair below this, an octave or a fifth apart, is a vowel."""
_BESIDE = 0.6
"""Share of its frames in which a second tone is heard beside the first."""
MOST_NOTES = 3
"""More are a melody."""


class _Beeplike(NamedTuple):
    """What is asked of a stretch: purity, share of frames that are pure, how far the pitch may wander, how much
    louder it must be than what came before, and how far its level may swing.
    """

    purity: float
    pure: float
    wander_hz: float
    rise_db: float = -100.0
    ripple_db: float = 100.0


_LONG, _LOW = _Beeplike(0.86, 0.5, 6.0), _Beeplike(0.95, 0.85, 3.0)
_LOW_PAIR, _LOW_SHORT = _Beeplike(0.97, 0.8, 3.0), _Beeplike(0.97, 0.9, 1.5, 10.0)
_SHORT, _SHORTEST = _Beeplike(0.9, 0.6, 3.0), _Beeplike(0.93, 0.8, 3.0, 8.0)
_VERY_LONG_MS, _LOW_AND_LONG, _RISING = (
    300,
    _Beeplike(0.97, 0.85, 6.0, 8.0),
    _Beeplike(0.95, 0.9, 4.5, 20.0),
)

_STEADY_LONG, _STEADY_LOW = _Beeplike(0.85, 0.3, 1.6, 6.0, 0.9), _Beeplike(0.95, 0.9, 1.0, 10.0, 0.6)
_STEADY_SHORT, _STEADY_PAIR = _Beeplike(0.86, 0.6, 0.9, 8.0, 0.6), _Beeplike(0.91, 0.6, 1.6, 10.0, 1.0)
_FLAT, _FLAT_SHORT = _Beeplike(0.96, 0.85, 7.0, 10.0, 0.25), _Beeplike(0.97, 0.9, 2.5, 10.0, 0.25)
_HIGH_AND_LONG, _STEADIEST = _Beeplike(0.85, 0.1, 1.0, 6.0, 1.2), _Beeplike(0.9, 0.9, 0.5, 10.0, 0.4)
"""A voice holds neither its pitch to a hertz nor its level to half a decibel: what does may be short, low or in noise.
Where the level does not swing at all the pitch may wander: a codec for voices makes it."""
_LATER, _LATER_MS = _Beeplike(0.85, 0.5, 5.0), 30
"""A note that follows one that is a beep by itself."""


def notes_of(recent: Sequence[Stretch]) -> list[Stretch]:
    """The tones of a beep of several notes: those that follow one another without a pause, oldest first.

    A note that a lost packet has cut in two is one again.
    """
    notes: list[Stretch] = []
    for stretch in reversed(recent):
        if notes and (notes[0].start_ms - stretch.end_ms > NOTE_GAP_MS or stretch.told):
            break
        stretch = _whole(stretch)
        if notes and _same_note(stretch, notes[0]):
            notes[0] = _joined(stretch, notes[0])
        else:
            notes.insert(0, stretch)
    first = len(notes)
    while first > 0 and (
        _like_a_beep(notes[first - 1]) or (first > 1 and _follows(notes[first - 1], notes[first - 2]))
    ):
        first -= 1
    return notes[first:]


def pitch_of(part: Stretch) -> str:
    """In words, such as ``880`` or ``660+1100``."""
    return f"{part.hz:.0f}+{part.second_hz:.0f}" if part.second_hz else f"{part.hz:.0f}"


def _whole(part: Stretch) -> Stretch:
    """A pair whose weaker tone was overlooked is one."""
    if part.beside_frames < part.frames * _BESIDE or part.pure_frames * 2 >= part.frames:
        return part
    low, high = sorted((part.hz, part.beside_hz))
    return replace(part, hz=low, second_hz=high, purity=part.beside_share, pure_frames=part.beside_frames)


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


def _like_a_beep(part: Stretch) -> bool:
    """Pitch, length, steadiness and purity; the shorter and lower, the more is asked: vowels are short and low."""
    return part.ms >= BEEP_MS[0] and _in_range(part) and any(_meets(part, asked) for asked in _asked(part))


def _follows(part: Stretch, earlier: Stretch) -> bool:
    """A later note need be neither long nor louder than the one before, if that is a beep by itself."""
    return part.ms >= _LATER_MS and _in_range(part) and _meets(part, _LATER) and _like_a_beep(earlier)


def _in_range(part: Stretch) -> bool:
    key = part.second_hz > 0.0 and is_key(part.hz, part.second_hz)
    return _HZ[0] <= part.hz <= (part.second_hz or part.hz) <= _HZ[1] and not key


def _meets(part: Stretch, asked: _Beeplike) -> bool:
    steady = part.wander_hz <= asked.wander_hz and part.ripple_db <= asked.ripple_db
    pure = part.purity >= asked.purity and part.pure_frames >= asked.pure * part.frames
    return steady and pure and part.rise_db >= asked.rise_db


def _asked(part: Stretch) -> Iterator[_Beeplike]:
    """Any of these will do; nothing does for a short pair that is two harmonics of a voice."""
    low, pair, short = part.hz < _LOW_HZ, part.second_hz > 0.0, part.ms < _SHORT_MS
    if (
        part.hz < _SUNG_HZ
        and short
        and any(abs(part.second_hz - ratio * part.hz) <= _HARMONIC_HZ for ratio in _HARMONICS)
    ):
        return
    yield from _steady(part, low)
    if not short:
        yield (_LOW_PAIR if pair else _LOW) if low else _LONG
        if low and part.ms >= _VERY_LONG_MS:
            yield _LOW_AND_LONG
    elif part.ms >= (_LOW_SHORTEST_MS if low else _PAIR_SHORTEST_MS if pair else 0):
        yield from _wavering(part, low)


def _steady(part: Stretch, low: bool) -> Iterator[_Beeplike]:
    """What is asked of one that does not waver."""
    yield _FLAT if part.ms >= _LOW_SHORTEST_MS else _FLAT_SHORT
    if part.ms >= _LOW_SHORTEST_MS:
        yield _STEADIEST
    if part.ms >= _SHORT_MS:
        if part.frames * FRAME_MS * 2 >= part.ms:  # or it is but pieces
            yield _STEADY_LONG
        if not low and part.ms >= _VERY_LONG_MS:
            yield _HIGH_AND_LONG
    elif low:
        yield _STEADY_LOW
    else:
        yield _STEADY_PAIR if part.second_hz else _STEADY_SHORT


def _wavering(part: Stretch, low: bool) -> Iterator[_Beeplike]:
    """What is asked of a short one that wavers."""
    if low:
        yield _LOW_PAIR if part.second_hz else _LOW_SHORT
        return
    yield _SHORT if part.ms >= _SHORTEST_MS else _SHORTEST
    yield _RISING
