"""Digits onto the line: keys or pulses, pauses, flash and waiting for dial tone, as a script of frames.

``compiled`` makes a script of a dial string, ``step`` hands out its next 20 ms: what to send, and when within them to
open or close the loop. While keys are sent nothing should be listened for: our own echo would be heard. Sources: ITU-T
Q.23 and Q.24, ES 201 235-2, E.180 and TBR 21 for pulses, V.250 §6.3.1 for the string.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np

from dsp.frames import Samples
from dsp.line.country import LineCountry
from dsp.line.levels import FULL_SCALE_DBM0

FRAME, FRAME_MS = 160, 20
KEYS = "123A456B789C*0#D"
ROWS_HZ, COLUMNS_HZ = (697.0, 770.0, 852.0, 941.0), (1209.0, 1336.0, 1477.0, 1633.0)
_STRING = re.compile(r"[0-9*#A-DTPW,!@+]{1,40}")
_COMMA_MS, _EDGE_MS = 2000, 2
_DIAL_TONE_MS, _QUIET_MS, _AFTER_FLASH_MS = 5000, 60_000, 500


@dataclass(frozen=True, slots=True)
class HookMove:
    """``offset_ms`` into the frame (0 to 19)."""

    offset_ms: int
    off_hook: bool


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One stretch of a script: sound, moves of the loop, or waiting."""

    name: str
    """The key, or pause, flash, dial_tone, quiet."""
    length_ms: int
    sound: Samples
    moves: tuple[tuple[int, bool], ...] = ()
    """Millisecond of the part, and whether the loop is closed from then on."""
    waits: bool = False
    """Over as soon as what it waits for has come; ``length_ms`` is the longest wait."""


Script = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class DialState:
    """Which part, and how far into it."""

    part: int = 0
    at_ms: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class DialFrame:
    """20 ms to send."""

    tx: Samples
    moves: tuple[HookMove, ...]
    name: str
    """The part it belongs to; empty when all is dialled."""
    failed: bool = False
    """What was waited for has not come: give up."""


def key_tone(key: str, country: LineCountry) -> Samples:
    """One key at the country's length and levels, its edges rounded off. KeyError for what is no key."""
    if len(key) != 1 or key not in KEYS:
        raise KeyError(key)
    number = KEYS.index(key)
    at_s = np.arange(country.key_ms[0] * 8) / 8000
    low, high = (
        32767 * 10 ** ((dbm0 - FULL_SCALE_DBM0) / 20) for dbm0 in (country.low_dbm0, country.high_dbm0)
    )
    wave = low * np.sin(2 * np.pi * ROWS_HZ[number // 4] * at_s) + high * np.sin(
        2 * np.pi * COLUMNS_HZ[number % 4] * at_s
    )
    edge = np.minimum(1.0, np.minimum(at_s, at_s[::-1]) * 1000 / _EDGE_MS)
    return np.asarray(np.round(wave * edge), np.int16)


def compiled(string: str, country: LineCountry, *, pulse: bool = False) -> Script:
    """The script of a dial string: ``0-9*#A-D``, W wait for dial tone, comma 2 s, ! flash, @ 5 s of quiet, T and P.

    ValueError for an empty, too long or strange string, and for * # A-D in pulses.
    """
    if not _STRING.fullmatch(string):
        raise ValueError(f"not a dial string: {string!r}")
    parts: list[Part] = []
    for sign in string.replace("+", ""):
        if sign in "TP":
            pulse = sign == "P"
        else:
            parts.append(_part(sign, country, pulse=pulse))
    return tuple(parts)


def _part(sign: str, country: LineCountry, *, pulse: bool) -> Part:
    nothing = np.zeros(0, np.int16)
    if sign == "W":
        return Part("dial_tone", _DIAL_TONE_MS, nothing, waits=True)
    if sign == "@":
        return Part("quiet", _QUIET_MS, nothing, waits=True)
    if sign == ",":
        return Part("pause", _COMMA_MS, nothing)
    if sign == "!":
        length_ms = country.flash_ms + _AFTER_FLASH_MS
        return Part("flash", length_ms, nothing, ((0, False), (country.flash_ms, True)))
    if not pulse:
        return Part(sign, sum(country.key_ms), key_tone(sign, country))
    if not sign.isdigit():
        raise ValueError(f"{sign} cannot be dialled in pulses")
    return _pulses(sign, country)


def _pulses(digit: str, country: LineCountry) -> Part:
    break_ms, make_ms = country.pulse_ms
    moves: list[tuple[int, bool]] = []
    for number in range(int(digit) or 10):
        start_ms = number * (break_ms + make_ms)
        moves += [(start_ms, False), (start_ms + break_ms, True)]
    return Part(
        digit, moves[-1][0] + make_ms + country.between_digits_ms, np.zeros(0, np.int16), tuple(moves)
    )


def step(script: Script, state: DialState, *, come: bool = False) -> tuple[DialState, DialFrame]:
    """The next 20 ms. ``come``: what the part waits for (dial tone; five seconds of quiet) is there."""
    if state.part >= len(script):
        return state, DialFrame(np.zeros(FRAME, np.int16), (), "")
    part = script[state.part]
    if part.waits and come:
        return step(script, DialState(state.part + 1))
    if part.waits and state.at_ms >= part.length_ms:
        return state, DialFrame(np.zeros(FRAME, np.int16), (), part.name, failed=True)
    frame = DialFrame(_sound(part, state.at_ms), _moves(part, state.at_ms), part.name)
    at_ms = state.at_ms + FRAME_MS
    over = at_ms >= part.length_ms and not part.waits
    return (DialState(state.part + 1) if over else replace(state, at_ms=at_ms)), frame


def _sound(part: Part, at_ms: int) -> Samples:
    frame = np.zeros(FRAME, np.int16)
    piece = part.sound[at_ms * 8 : at_ms * 8 + FRAME]
    frame[: len(piece)] = piece
    return frame


def _moves(part: Part, at_ms: int) -> tuple[HookMove, ...]:
    return tuple(
        HookMove(move_ms - at_ms, off_hook)
        for move_ms, off_hook in part.moves
        if at_ms <= move_ms < at_ms + FRAME_MS
    )


def flash_part(script: Script, state: DialState) -> bool:
    """Whether the coming frame opens the loop for a flash: disconnect supervision must be told."""
    return state.part < len(script) and script[state.part].name == "flash" and not state.at_ms
