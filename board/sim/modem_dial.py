"""The simulated modem dials by itself: waits for a dial tone, then sends keys or pulses (V.250 §6.3.1)."""

from __future__ import annotations

import numpy as np

from board.sim.line.port import FRAME_MS, FRAME_SAMPLES, SAMPLE_RATE, Hook, Samples

_ROWS = {"1": 697, "2": 697, "3": 697, "A": 697, "4": 770, "5": 770, "6": 770, "B": 770,
         "7": 852, "8": 852, "9": 852, "C": 852, "*": 941, "0": 941, "#": 941, "D": 941}  # fmt: skip
_COLUMNS = {"1": 1209, "4": 1209, "7": 1209, "*": 1209, "2": 1336, "5": 1336, "8": 1336, "0": 1336,
            "3": 1477, "6": 1477, "9": 1477, "#": 1477, "A": 1633, "B": 1633, "C": 1633, "D": 1633}  # fmt: skip
_SIZE = 4200
_KEY_SAMPLES = SAMPLE_RATE // 10
_TONE_FRAMES = 20
"""400 ms of sound are a dial tone."""
_PATIENCE_FRAMES = 150
_LOUD = 300.0
_BREAK_MS, _MAKE_MS, _BETWEEN_MS = 60, 40, 800


class Dial:
    """One number on its way."""

    def __init__(self, number: str, *, pulse: bool = False) -> None:
        pause = np.zeros(_KEY_SAMPLES, np.int16)
        keys = [part for key in number for part in (_key(key), pause)]
        self._moves = _pulses(number) if pulse else []
        self._at_ms = 0
        if pulse:
            keys = [np.zeros((self._moves[-1][0] + _BETWEEN_MS) * SAMPLE_RATE // 1000, np.int16)]
        self._left = np.concatenate(keys) if keys else pause
        self._frames = self._loud = 0
        self._sending = False

    def sound(self) -> Samples:
        """The next 20 ms."""
        if not self._sending:
            return np.zeros(FRAME_SAMPLES, np.int16)
        piece, self._left = self._left[:FRAME_SAMPLES], self._left[FRAME_SAMPLES:]
        return np.concatenate((piece, np.zeros(FRAME_SAMPLES - len(piece), np.int16)))

    def hooks(self) -> list[tuple[int, Hook]]:
        """How the loop moves in the next 20 ms: milliseconds into them, and whereto."""
        if not self._sending:
            return []
        until_ms = self._at_ms + FRAME_MS
        due = [(at_ms - self._at_ms, hook) for at_ms, hook in self._moves if self._at_ms <= at_ms < until_ms]
        self._at_ms = until_ms
        return due

    def step(self, heard: Samples) -> str:
        """20 ms more; a result code once it is over."""
        if self._sending:
            return "" if len(self._left) else "OK"
        self._frames += 1
        self._loud = self._loud + 1 if np.sqrt(np.mean(heard.astype(np.float64) ** 2)) > _LOUD else 0
        self._sending = self._loud >= _TONE_FRAMES
        return "NO DIALTONE" if self._frames >= _PATIENCE_FRAMES and not self._sending else ""


def _pulses(number: str) -> list[tuple[int, Hook]]:
    """Ten a second, broken for 60 ms and made for 40."""
    moves: list[tuple[int, Hook]] = []
    at_ms = 0
    for key in number:
        for _ in range(int(key) or 10):
            moves += [(at_ms, Hook.ON), (at_ms + _BREAK_MS, Hook.OFF)]
            at_ms += _BREAK_MS + _MAKE_MS
        at_ms += _BETWEEN_MS
    return moves


def _key(key: str) -> Samples:
    at = np.arange(_KEY_SAMPLES) * 2 * np.pi / SAMPLE_RATE
    return np.asarray((np.sin(_ROWS[key] * at) + np.sin(_COLUMNS[key] * at)) * _SIZE, np.int16)
