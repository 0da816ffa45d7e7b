"""What the exchange understands of its subscriber: keys by ear (Q.23 by the rules of Q.24), pulses, flash, hang-up.

Written apart from the ears of the box, so that what we dial is judged by somebody else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from board.sim.line.port import FRAME_SAMPLES, SAMPLE_RATE
from board.sim.line.tones import amplitude

Floats = NDArray[np.float32]
_HZ = np.array((697.0, 770.0, 852.0, 941.0, 1209.0, 1336.0, 1477.0, 1633.0))
_KEYS = ("123A", "456B", "789C", "*0#D")
_WINDOW, _HOP, _HOP_MS = 128, 40, 5
_SHARE = 0.75
"""Of the window's power that must lie in the pair."""
_HOPS_DOWN, _HOPS_UP = 6, 5
_TOLERANCE = 0.025
_TWIST_DB = (-10.0, 6.0)
"""High group over low group: cables take off the high ones. Q.24 grants 8 dB and 4."""
_QUIETEST = (amplitude(-33.0) ** 2) / 2


def _kernel() -> NDArray[np.complex64]:
    at_s = np.arange(_WINDOW) / SAMPLE_RATE
    window = np.hamming(_WINDOW)
    turns = np.exp(-2j * np.pi * at_s[:, None] * _HZ) * window[:, None]
    return np.asarray(turns * np.sqrt(2) / window.sum(), np.complex64)


_KERNEL = _kernel()
_WEIGHTS = (np.hamming(_WINDOW) ** 2 / np.sum(np.hamming(_WINDOW) ** 2)).astype(np.float32)
_TURN = np.exp(2j * np.pi * _HZ * _HOP / SAMPLE_RATE)


class KeyReceiver:
    """Frames in; each key once it has been up again for 25 ms, if it was a good one."""

    def __init__(self) -> None:
        self._tail = np.zeros(_WINDOW - _HOP, np.float32)
        self._press: list[tuple[int, int, complex, complex]] = []
        self._up = 0

    def frame(self, sound: Floats) -> str:
        """Take 160 samples in int16 steps; the keys that are over."""
        joined = np.concatenate((self._tail, sound))
        self._tail = joined[FRAME_SAMPLES:]
        windows = np.lib.stride_tricks.sliding_window_view(joined, _WINDOW)[::_HOP]
        parts = windows @ _KERNEL
        power = np.square(np.abs(parts))
        total = np.square(windows) @ _WEIGHTS + 1e-6
        best = power[:, :4].max(axis=1) + power[:, 4:].max(axis=1)
        if not self._press and not ((best > _SHARE * total) & (best > _QUIETEST)).any():
            return ""
        return "".join(self._hop(*one) for one in zip(parts, power, total, strict=True))

    def _hop(self, parts: NDArray[np.complex64], power: Floats, total: np.float32) -> str:
        row, column = int(power[:4].argmax()), int(power[4:].argmax()) + 4
        pair = power[row] + power[column]
        twist_db = 10 * np.log10((power[column] + 1e-9) / (power[row] + 1e-9))
        good = pair > _SHARE * total and pair > _QUIETEST and _TWIST_DB[0] <= twist_db <= _TWIST_DB[1]
        same = not self._press or self._press[0][:2] == (row, column)
        if good and same:
            self._up = 0
            self._press.append((row, column, complex(parts[row]), complex(parts[column])))
            return ""
        self._up += 1
        if self._press and (self._up >= _HOPS_UP or good):
            press, self._press = self._press, []
            if good:
                self._press.append((row, column, complex(parts[row]), complex(parts[column])))
            return _key(press)
        return ""


def _key(press: list[tuple[int, int, complex, complex]]) -> str:
    if len(press) < _HOPS_DOWN:
        return ""
    row, column = press[0][:2]
    for number, which in ((row, 2), (column, 3)):
        turn = sum(later[which] * earlier[which].conjugate() for earlier, later in pairwise(press))
        off = np.angle(turn / _TURN[number]) / (2 * np.pi) * SAMPLE_RATE / _HOP
        if abs(off) > _HZ[number] * _TOLERANCE:
            return ""
    return _KEYS[row][column - 4]


class LoopKind(StrEnum):
    """What opening and closing the loop meant."""

    SEIZED = "seized"
    RELEASED = "released"
    FLASH = "flash"
    PULSED = "pulsed"


@dataclass(frozen=True, slots=True)
class LoopEvent:
    """`digit` with PULSED."""

    kind: LoopKind
    at_ms: int
    digit: str = ""


_PULSE_MS = (30, 80)
_BETWEEN_DIGITS_MS = 250
_RELEASE_DIALLING_MS = 220


class LoopReader:
    """Takes the loop's state every millisecond it changes, and the time."""

    def __init__(self, flash_ms: tuple[int, int], *, pulses: bool) -> None:
        self._flash_ms = flash_ms
        self._pulses = pulses
        self._closed = False
        self._held = False
        self._since_ms = 0
        self._count = 0
        self.dialling = False
        """Set while digits are awaited: then short breaks are pulses, else they are a flash."""

    def reset(self) -> None:
        """Forget the call (the line died)."""
        self._held, self._count = False, 0

    def moved(self, at_ms: int, *, closed: bool) -> Iterator[LoopEvent]:
        """The loop was opened or closed."""
        if closed == self._closed:
            return
        lasted_ms = at_ms - self._since_ms
        self._closed, self._since_ms = closed, at_ms
        if not closed:
            return
        if not self._held:
            self._held, self._count = True, 0
            yield LoopEvent(LoopKind.SEIZED, at_ms)
        elif self.dialling and self._pulses and _PULSE_MS[0] <= lasted_ms <= _PULSE_MS[1]:
            self._count += 1
        elif self._flash_ms[0] <= lasted_ms <= self._flash_ms[1]:
            yield LoopEvent(LoopKind.FLASH, at_ms)

    def passed(self, at_ms: int) -> Iterator[LoopEvent]:
        """Time went by without a move."""
        lasted_ms = at_ms - self._since_ms
        if not self._closed and self._held:
            limit_ms = _RELEASE_DIALLING_MS if self.dialling and self._count else self._flash_ms[1]
            if lasted_ms > limit_ms:
                self._held = False
                yield LoopEvent(LoopKind.RELEASED, at_ms)
        elif self._closed and self._count and lasted_ms > _BETWEEN_DIGITS_MS:
            count, self._count = self._count, 0
            if count <= 10:
                yield LoopEvent(LoopKind.PULSED, at_ms, str(count % 10))
