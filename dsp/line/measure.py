"""A line test's figures: battery, dial tone, noise and hum, echo return, own keys, a loopback call. Pure.

Whoever tests plays ``probe`` (or keys) into the line and hands in what was sent and what was heard meanwhile; each
figure comes back with a mark. Limits are customary ones for subscriber lines (ETSI TBR 21, ITU-T G.122 and practice),
not any operator's promise.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from dsp.dtmf import Keypad
from dsp.frames import FULL_SCALE, SAMPLE_RATE_HZ, Blocks, Samples
from dsp.line.dialling import COLUMNS_HZ, KEYS, ROWS_HZ
from dsp.line.ears import LineEars
from dsp.line.levels import level
from dsp.line.wires import Wires

Array = NDArray[np.float64]
_BANDS_HZ = ((300, 800), (800, 1500), (1500, 2500), (2500, 3400))
_LOW_HZ, _HIGH_HZ = 300.0, 3400.0
_ABOVE_HUM_HZ = 320.0
_HUM_HZ = (50.0, 100.0, 150.0, 250.0, 60.0, 120.0, 180.0, 300.0)
_KEY_GAP, _KEY_LEAST = 160, 320
_STANDS_OUT = 2.0
_PIECE = 512
"""Samples of one piece of the cross-spectrum: longer than any hybrid's echo."""
_LEAST_LIKE = 0.25
"""Correlation below which what was heard is not what was sent."""


_FAR = 1e6
"""Further than any figure goes: no limit."""


class Mark(StrEnum):
    """What to make of a figure."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    NONE = "none"
    """This driver cannot measure it, or there is no limit to it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. ``name`` is a key for the page's words; ``value`` is ``None`` where it could not be had.

    Good is what lies between ``least`` and ``most``, where there are such.
    """

    name: str
    value: float | None
    unit: str
    mark: Mark
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class _Limits:
    """Good within the inner pair, bad outside the outer one."""

    good: tuple[float, float]
    bearable: tuple[float, float]

    def mark(self, value: float) -> Mark:
        if self.good[0] <= value <= self.good[1]:
            return Mark.GOOD
        return Mark.WARN if self.bearable[0] <= value <= self.bearable[1] else Mark.BAD

    def ends(self) -> tuple[float | None, float | None]:
        """Of what is good; none where there is no end."""
        least, most = self.good
        return (None if abs(least) >= _FAR else least), (None if abs(most) >= _FAR else most)


_LIMITS = {
    "on_hook_volts": _Limits((38, 66), (24, 72)),
    "off_hook_volts": _Limits((4, 15), (3, 20)),
    "loop_milliamps": _Limits((18, 60), (12, 100)),
    "dial_tone_delay": _Limits((0, 1500), (0, 5000)),
    "dial_tone_level": _Limits((-25, -8), (-35, -3)),
    "noise": _Limits((-_FAR, -58), (-_FAR, -48)),
    "hum": _Limits((-_FAR, -55), (-_FAR, -45)),
    "echo_return_loss": _Limits((12, _FAR), (8, _FAR)),
    "echo_return_band": _Limits((8, _FAR), (0, _FAR)),
    "echo_delay": _Limits((0, 100), (0, 250)),
    "set_up": _Limits((0, 8000), (0, 20_000)),
    "one_way": _Limits((0, 150), (0, 400)),
    "loop_gain": _Limits((-20, 0), (-30, 6)),
    "round_trip": _Limits((0, 300), (0, 600)),
}


def _figure(name: str, value: float | None, unit: str) -> Figure:
    limits = _LIMITS[name]
    if value is None:
        return Figure(name, None, unit, Mark.BAD, *limits.ends())
    return Figure(name, round(value, 1), unit, limits.mark(value), *limits.ends())


def battery(on_hook: Wires, off_hook: Wires) -> list[Figure]:
    """Volts on and off the hook and current; only what the driver can measure."""
    said = [
        ("on_hook_volts", on_hook.volts, "V"),
        ("off_hook_volts", off_hook.volts, "V"),
        ("loop_milliamps", off_hook.milliamps, "mA"),
    ]
    return [_figure(name, value, unit) for name, value, unit in said if value is not None]


def dial_tone(sound: Samples, country: str) -> list[Figure]:
    """Delay and level of the dial tone in what was heard from going off-hook on."""
    heard = LineEars(country).feed(sound)
    found = next((one for one in heard if one.dial_ms >= 600), None)
    if found is None:
        return [_figure("dial_tone_delay", None, "ms"), _figure("dial_tone_level", None, "dBm0")]
    begin = found.at_ms - found.dial_ms
    steady = sound[(found.at_ms - 300) * 8 : found.at_ms * 8]
    return [
        _figure("dial_tone_delay", begin, "ms"),
        _figure("dial_tone_level", level(steady).dbm0, "dBm0"),
        *(Figure("dial_tone_pitch", hz, "Hz", Mark.NONE) for hz in found.dial_hz),
    ]


def quiet_line(sound: Samples) -> list[Figure]:
    """Noise between 320 and 3400 Hz and hum at the mains' harmonics, of a second or more of an open, silent line."""
    wave = sound / FULL_SCALE
    power = np.square(np.abs(np.fft.rfft(wave * np.hanning(len(wave))))) * 16 / 3 / len(wave) ** 2
    hz = np.fft.rfftfreq(len(wave), 1 / SAMPLE_RATE_HZ)
    noise = float(power[(hz >= _ABOVE_HUM_HZ) & (hz <= _HIGH_HZ)].sum())
    hum = float(sum(power[np.abs(hz - one) <= 3.0].sum() for one in _HUM_HZ))
    return [_figure("noise", _dbm0(noise), "dBm0"), _figure("hum", _dbm0(hum), "dBm0")]


def _dbm0(power: float) -> float:
    """Of one-sided spectral power, where a full-scale sine has a half."""
    return 10 * float(np.log10(max(power, 1e-12) / 0.5)) + 3.14


def probe(seconds: float = 2.0, dbm0: float = -15.0) -> Samples:
    """Noise of every pitch a telephone carries, always the same, for the echo and the loopback call."""
    count = int(seconds * SAMPLE_RATE_HZ)
    spectrum = np.fft.rfft(np.random.default_rng(20).normal(size=count))
    hz = np.fft.rfftfreq(count, 1 / SAMPLE_RATE_HZ)
    spectrum[(hz < _LOW_HZ) | (hz > _HIGH_HZ)] = 0
    wave = np.fft.irfft(spectrum, count)
    rms = FULL_SCALE * 10 ** ((dbm0 - 3.14) / 20) / np.sqrt(2)
    return np.asarray(np.clip(np.round(wave * rms / np.std(wave)), -32768, 32767), np.int16)


def echo_return(sent: Samples, heard: Samples) -> list[Figure]:
    """How much of ``sent`` comes back in ``heard`` (the same length), as a whole and by band, and how late.

    Only what is like ``sent`` counts (by the cross-spectrum of both), so a tone of the exchange, which waits in vain
    for a second key, spoils nothing.
    """
    delay, _ = _delay(sent, heard)
    late = round((delay or 0.0) * SAMPLE_RATE_HZ / 1000)
    heard = heard[late:]
    loss = [("echo_return_loss", _echo_db(sent, heard, _LOW_HZ, _HIGH_HZ))]
    figures = [_figure(name, value, "dB") for name, value in loss]
    for low, high in _BANDS_HZ:
        value = _echo_db(sent, heard, low, high)
        limits = _LIMITS["echo_return_band"]
        name = f"echo_return_loss_{low}_{high}"
        figures.append(Figure(name, round(value, 1), "dB", limits.mark(value), *limits.ends()))
    if delay is not None:
        figures.append(_figure("echo_delay", delay, "ms"))
    return figures


def loopback(sent: Samples, heard: Samples) -> list[Figure]:
    """Round trip and gain of a call that comes back to us, by ``probe`` sent into it."""
    delay, gain_db = _delay(sent, heard)
    return [_figure("round_trip", delay, "ms"), _figure("loop_gain", gain_db, "dB")]


def passage(sent: Samples, heard: Samples, began_ms: float, set_out_ms: float) -> list[Figure]:
    """One way through a call between two lines: how late and how loud ``sent`` is in ``heard``.

    ``set_out_ms`` and ``began_ms``: when the first sample of each was sent and heard, by one clock.
    """
    delay, gain_db = _delay(sent, heard)
    late_ms = None if delay is None else began_ms + delay - set_out_ms
    return [_figure("one_way", late_ms, "ms"), _figure("loop_gain", gain_db, "dB")]


def set_up(ms: float | None) -> Figure:
    """From the last key of a call to the bell of the other line."""
    return _figure("set_up", ms, "ms")


def own_keys(sent: str, said: Samples, heard: Samples) -> str:
    """Which of the keys we said came back off the line, each judged by its own two pitches.

    A hybrid returns low pitches far louder than high ones, so what comes back is no key to a receiver (Q.24 wants both
    alike); it is enough that of the four rows and of the four columns the right ones stand out.
    """
    delay, _ = _delay(said, heard)
    late = round((delay or 0.0) * SAMPLE_RATE_HZ / 1000)
    loud = np.flatnonzero(said)
    if not len(loud):
        return ""
    bursts = np.split(loud, np.flatnonzero(np.diff(loud) > _KEY_GAP) + 1)
    found = []
    for key, burst in zip(sent, bursts, strict=False):
        piece = heard[burst[0] + late : burst[-1] + late].astype(np.float64)
        found.append(key if len(piece) > _KEY_LEAST and _stands_out(piece, key) else "")
    return "".join(found)


def _stands_out(piece: Array, key: str) -> bool:
    row, column = divmod(KEYS.index(key), 4)
    spectrum = np.abs(np.fft.rfft(piece * np.hanning(len(piece)), 8000))
    groups = ((ROWS_HZ, row), (COLUMNS_HZ, column))
    for pitches_hz, wanted in groups:
        powers = [float(np.max(spectrum[round(hz) - 10 : round(hz) + 11])) for hz in pitches_hz]
        rest = max(power for at, power in enumerate(powers) if at != wanted)
        if powers[wanted] < _STANDS_OUT * rest:
            return False
    return True


def keys(sent: str, heard: str) -> Figure:
    """How many of our own keys came back, or arrived, as they were."""
    matcher = SequenceMatcher(None, sent, heard, autojunk=False)
    right = sum(block.size for block in matcher.get_matching_blocks())
    mark = Mark.GOOD if heard == sent else Mark.WARN if right * 2 >= len(sent) else Mark.BAD
    return Figure("keys", float(right), "keys", mark, float(len(sent)), float(len(sent)))


def unmeasured(name: str, unit: str) -> Figure:
    """A figure that this line's driver cannot give."""
    return Figure(name, None, unit, Mark.NONE, *_LIMITS[name].ends())


def keys_heard(sound: Samples) -> str:
    """The keys in what was heard: our own, sent at line level, must come back through the hybrid as they were."""
    keypad, blocks = Keypad(), Blocks()
    padded = np.concatenate((sound, np.zeros(1600, np.int16)))
    return "".join(key for block in blocks.push(padded) for key, _, _ in keypad.block(block))


def _echo_db(sent: Samples, heard: Samples, low_hz: float, high_hz: float) -> float:
    """How far below ``sent`` its echo in ``heard`` is, from the transfer function between them (Welch 1967)."""
    count = min(len(sent), len(heard))
    begins = range(0, count - _PIECE + 1, _PIECE // 2)
    window = np.hanning(_PIECE)
    first, second = (
        np.fft.rfft([sound[begin : begin + _PIECE] / FULL_SCALE * window for begin in begins], axis=1)
        for sound in (sent, heard)
    )
    power = np.square(np.abs(first)).sum(axis=0) + 1e-12
    echo = np.square(np.abs((first.conj() * second).sum(axis=0))) / power
    hz = np.fft.rfftfreq(_PIECE, 1 / SAMPLE_RATE_HZ)
    band = (hz >= low_hz) & (hz <= high_hz)
    return 10 * float(np.log10(power[band].sum() / (echo[band].sum() + 1e-12)))


def _delay(sent: Samples, heard: Samples) -> tuple[float | None, float | None]:
    """Milliseconds by which ``heard`` follows ``sent``, and gain in dB; nothing if it is not the same sound."""
    size = 2 * max(len(sent), len(heard))
    first, second = (np.fft.rfft(one / FULL_SCALE, size) for one in (sent, heard))
    like: Array = np.fft.irfft(second * first.conj(), size)[: size // 2]
    at = int(np.abs(like).argmax())
    energy_sent = float(np.sum(np.square(sent[: max(1, len(heard) - at)] / FULL_SCALE)))
    energy_heard = float(np.sum(np.square(heard[at : at + len(sent)] / FULL_SCALE)))
    peak = float(abs(like[at]))
    if not energy_sent or not energy_heard or peak < _LEAST_LIKE * np.sqrt(energy_sent * energy_heard):
        return None, None
    return at * 1000 / SAMPLE_RATE_HZ, 20 * float(np.log10(peak / energy_sent))
