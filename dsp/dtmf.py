"""Keys pressed in band (ITU-T Q.23), told apart from everything else by the rules of Q.24.

Digits normally arrive as RFC 4733 events; this is for lines without them. A pair of tones, one of each group, within
2.5 % of its pitch (Q.24 wants 1.5 % accepted and 3.5 % refused), lasting 30 ms (40 accepted, below 24 refused), with
a pause of 30 ms before the same key counts anew, so that a lost packet does not press it twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dsp.frames import BLOCK, SAMPLE_RATE_HZ, Floats

_ROWS = (697.0, 770.0, 852.0, 941.0)
_COLUMNS = (1209.0, 1336.0, 1477.0, 1633.0)
_KEYS = ("123A", "456B", "789C", "*0#D")
_HZ = np.array(_ROWS + _COLUMNS)
_WINDOW, _HOP = 160, 40
_PLACES = BLOCK // _HOP
_HOP_MS = 5
_TOLERANCE = 0.025
_PURITY, _CORE_PURITY = 0.5, 0.9
"""Share of all power at the edges of a press, and in its middle after setting right what being off pitch costs."""
_TWIST = 8.0
"""Largest power ratio between the two tones: 9 dB, a little more than the 8 that Q.24 grants."""
_QUIETEST = 10 ** (-46 / 10)
_EDGE = 0.25
"""A press lasts as long as its power is at least this share (-6 dB) of its height."""
_PLACES_DOWN, _PLACES_UP = 6, 6
_SURE_PLACES = 4
_ANY_PAIR = 0.1
"""Below this share of the power a block is not looked at further."""


def _kernel() -> NDArray[np.complex64]:
    """(samples, frequencies): the windowed turns that pick each frequency out."""
    at_s = np.arange(_WINDOW) / SAMPLE_RATE_HZ
    window = np.hanning(_WINDOW)
    turns = np.exp(-2j * np.pi * at_s[:, None] * _HZ) * window[:, None]
    return np.asarray(turns * np.sqrt(2) / window.sum(), dtype=np.complex64)


_KERNEL = _kernel()
_WEIGHTS = (np.hanning(_WINDOW) ** 2 / np.sum(np.hanning(_WINDOW) ** 2)).astype(np.float32)
_EXPECTED_TURN = np.exp(2j * np.pi * _HZ * _HOP / SAMPLE_RATE_HZ)


@dataclass(slots=True)
class _Place:
    """What one 20 ms window holds: the strongest pair and its share of all power."""

    row: int
    column: int
    parts: tuple[complex, complex]
    power: float
    share: float
    twist: float


@dataclass(slots=True)
class _Press:
    """A key that may be down."""

    row: int
    column: int
    places: list[_Place] = field(default_factory=list)
    gone: int = 0
    told: bool = False
    held: int = 0
    """Places it has been down for, since it was certain too."""


class Keypad:
    """Follows one leg and reports each key once."""

    def __init__(self) -> None:
        self._tail = np.zeros(_WINDOW - _HOP, dtype=np.float32)
        self._press: _Press | None = None
        self.held_ms = 0
        """How long the key that was reported last has been down so far."""

    def block(self, block: Floats) -> list[tuple[str, int, int]]:
        """Take 800 samples; keys that became certain, each with the ms into this block when it did, and the
        length of the press up to then.
        """
        joined = np.concatenate((self._tail, block))
        self._tail = block[_HOP - _WINDOW :]
        windows = np.lib.stride_tricks.sliding_window_view(joined, _WINDOW)[::_HOP]
        parts = windows @ _KERNEL
        power = np.square(parts.real) + np.square(parts.imag)
        total = np.square(windows) @ _WEIGHTS + np.float32(1e-10)
        best = power[:, :4].max(axis=1) + power[:, 4:].max(axis=1)
        if self._press is None and not ((best > _PURITY * total) & (total > _QUIETEST)).any():
            return []
        found = []
        for number, place in enumerate(_places(parts, power, total)):
            if key := self._place(place):
                assert self._press is not None
                found.append((key, (number + 1) * _HOP_MS, len(self._press.places) * _HOP_MS))
        return found

    def _place(self, place: _Place) -> str:
        press = self._press
        if press is not None and not self._goes_on(press, place):
            press.gone += 1
            other = place.share >= _CORE_PURITY and (place.row, place.column) != (press.row, press.column)
            if press.gone < _PLACES_UP and not other:
                return ""
            press = self._press = None
        if press is None:
            if place.share < _PURITY or place.power < _QUIETEST or not 1 / _TWIST <= place.twist <= _TWIST:
                return ""
            press = self._press = _Press(place.row, place.column)
        press.held += 1
        if press.told:
            self.held_ms = press.held * _HOP_MS
            return ""
        press.places.append(place)
        if len(press.places) < _PLACES_DOWN or not _certain(press):
            return ""
        press.told = True
        self.held_ms = press.held * _HOP_MS
        return _KEYS[press.row][press.column]

    @staticmethod
    def _goes_on(press: _Press, place: _Place) -> bool:
        height = max(one.power for one in press.places)
        same = (place.row, place.column) == (press.row, press.column)
        if same and place.share >= _PURITY and place.power >= _EDGE * height:
            press.gone = 0
            return True
        return False


def is_key(low_hz: float, high_hz: float) -> bool:
    """Whether a pair of tones is one of the keypad's."""
    return _in_group(low_hz, _ROWS) and _in_group(high_hz, _COLUMNS)


def _in_group(hz: float, group: tuple[float, ...]) -> bool:
    return any(abs(hz - nominal) <= nominal * _TOLERANCE for nominal in group)


def _places(
    parts: NDArray[np.complex64], power: NDArray[np.float32], total: NDArray[np.float32]
) -> list[_Place]:
    rows, columns = power[:, :4].argmax(axis=1), power[:, 4:].argmax(axis=1)
    at = np.arange(len(parts))
    low, high = power[at, rows], power[at, columns + 4]
    columns_of = (
        rows.tolist(),
        columns.tolist(),
        zip(parts[at, rows].tolist(), parts[at, columns + 4].tolist(), strict=True),
        (low + high).tolist(),
        ((low + high) / total).tolist(),
        (low / (high + 1e-12)).tolist(),
    )
    return [_Place(*values) for values in zip(*columns_of, strict=True)]


def _certain(press: _Press) -> bool:
    """Long enough at its height, on pitch, and nothing else to be heard in its middle."""
    height = max(place.power for place in press.places)
    held = [place for place in press.places if place.power >= _EDGE * height]
    if len(held) < _PLACES_DOWN:
        return False
    numbers = (press.row, press.column + 4)
    offsets = [_off_pitch(held, which, number) for which, number in enumerate(numbers)]
    if any(abs(off) > _HZ[number] * _TOLERANCE for off, number in zip(offsets, numbers, strict=True)):
        return False
    losses = [_loss(off) for off in offsets]
    pure = 0
    for place in held:
        low, high = (abs(part) ** 2 / loss for part, loss in zip(place.parts, losses, strict=True))
        share = (low + high) * place.share / place.power
        pure += share >= _CORE_PURITY and 1 / _TWIST <= low / high <= _TWIST
    return pure >= _SURE_PLACES


def _off_pitch(places: list[_Place], which: int, number: int) -> float:
    """Hertz by which one tone of the pair misses its pitch: how fast its phase runs away from place to place."""
    turn = sum(
        later.parts[which] * earlier.parts[which].conjugate() for earlier, later in pairwise(places)
    ) * complex(_EXPECTED_TURN[number].conjugate())
    return float(np.angle(turn)) / (2 * np.pi) * SAMPLE_RATE_HZ / _HOP


def _loss(off_hz: float) -> float:
    """Share of a tone's power that its window still sees when it is off pitch (a Hann window's main lobe)."""
    bins = off_hz * _WINDOW / SAMPLE_RATE_HZ
    return float((np.sinc(bins) / (1 - bins**2)) ** 2) if abs(bins) < 0.99 else 0.25
