"""What is heard on a line every 100 ms, for the rules of signalling: level, voice, dial tone, progress tones.

Tones with a rhythm, SIT and modems are ``dsp.tones``'; this adds what only a line needs, dial tone and its opposite
(steady, so told by pitch over 0.2 s, where 400, 425 and 440 Hz are apart), and whether anybody speaks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from dsp.countries import Cadence
from dsp.frames import BLOCK, BLOCK_MS, Blocks, Floats, Samples, check
from dsp.line.country import Hz, LineCountry, line_country
from dsp.line.rhythm import Rhythm
from dsp.spectrum import Spectrum
from dsp.talk import Loudness
from dsp.tones import PROGRESS, Digit, Tone, ToneDetector

_WINDOW = 2 * BLOCK
_BIN_HZ = 8000 / _WINDOW
_LOWEST, _HIGHEST = round(300 / _BIN_HZ), round(650 / _BIN_HZ)
_REACH = 3
_SHARE, _SECOND, _OFF_HZ = 0.8, 0.05, 9.0
_QUIETEST_DB = -46.0
_STEADY_DB = 6.0
_PIECES = 4
_PURE = 0.8
_RINGBACK_PAUSE_MS, _BUSY_PAUSE_MS = 6000, 900
_HANN = np.hanning(_WINDOW).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Heard:
    """100 ms of a line, up to ``at_ms``."""

    at_ms: int
    level_db: float
    """RMS, dB below full scale."""
    voice_ms: int = 0
    """How much of it was louder than the line's noise and no tone."""
    tones: tuple[Tone, ...] = ()
    """What became certain in it."""
    progress: str = ""
    """Ringback, busy or congestion: the tone that was reported last, while it goes on."""
    dial_ms: int = 0
    """How long a dial tone has been there without a break; of one with a rhythm, how long it has had it."""
    dial_hz: Hz = ()
    unobtainable_ms: int = 0
    """How long the country's steady tone for a number that cannot be had."""

    def later(self, by_ms: int) -> Heard:
        """The same, in a time that began so much earlier; its tones' times too."""
        tones = tuple(replace(one, at_ms=one.at_ms + by_ms) for one in self.tones)
        return replace(self, at_ms=self.at_ms + by_ms, tones=tones)


class LineEars:
    """One line's; int16 samples of any number in, one ``Heard`` per 100 ms out."""

    def __init__(self, country: str, own: tuple[Cadence, ...] = ()) -> None:
        """``own``: tones that only this line has."""
        self._blocks = Blocks()
        self._tones = ToneDetector(country, digits=False, own=own)
        self._spectrum = Spectrum()
        self._loudness = Loudness()
        self._steady = _Steady(line_country(country))
        self._progress: Tone | None = None
        self._at_ms = 0

    def feed(self, samples: Samples) -> list[Heard]:
        """TypeError for anything but int16."""
        check(samples)
        return [self._block(block) for block in self._blocks.push(samples)]

    def _block(self, block: Floats) -> Heard:
        self._at_ms += BLOCK_MS
        tones = tuple(one for one in self._tones.block(block) if not isinstance(one, Digit))
        looks = self._spectrum.look(block)
        loud = self._loudness.step(np.array([look.level_db for look in looks]))
        voice = sum(
            is_loud and look.first_share + look.second_share < _PURE
            for is_loud, look in zip(loud, looks, strict=True)
        )
        self._steady.block(block)
        return Heard(
            self._at_ms,
            _db(block),
            voice_ms=10 * voice,
            tones=tones,
            progress=self._going_on(tones),
            dial_ms=self._steady.dial_ms,
            dial_hz=self._steady.hz,
            unobtainable_ms=self._steady.unobtainable_ms,
        )

    def _going_on(self, tones: tuple[Tone, ...]) -> str:
        for tone in tones:
            self._progress = tone if tone.kind in PROGRESS else None
        if self._progress is None:
            return ""
        pause_ms = _RINGBACK_PAUSE_MS if self._progress.kind == "ringback" else _BUSY_PAUSE_MS
        if self._at_ms - self._tones.lasted_ms(self._progress) > pause_ms:
            self._progress = None
            return ""
        return self._progress.kind


class _Steady:
    """Dial tone and its opposite by pitch, over the latest 200 ms."""

    def __init__(self, country: LineCountry) -> None:
        self._country = country
        self._last = np.zeros(BLOCK, np.float32)
        self._rhythm = Rhythm()
        self._same_ms = 0
        self.hz: Hz = ()
        self.dial_ms = 0
        self.unobtainable_ms = 0

    def block(self, block: Floats) -> None:
        window, self._last = np.concatenate((self._last, block)), block
        hz = pitches(window)
        dial = next((one for one in self._country.dial if alike(hz, one)), ())
        contrary = bool(self._country.unobtainable) and alike(hz, self._country.unobtainable)
        steady = bool(hz) and _is_steady(window)
        self.unobtainable_ms = self.unobtainable_ms + BLOCK_MS if contrary and steady else 0
        self._same_ms = (self._same_ms or BLOCK_MS) + BLOCK_MS if dial and steady else 0
        rhythm_ms = self._rhythm.block(block, tonal=bool(dial), patterns=self._country.dial_patterns)
        self.dial_ms = max(self._same_ms, rhythm_ms)
        self.hz = dial or (self.hz if rhythm_ms else ())


def pitches(window: Floats) -> Hz:
    """One or two pitches between 300 and 650 Hz that hold the power of 200 ms (1600 samples), low first; else none."""
    power = np.square(np.abs(np.fft.rfft(window * _HANN)))
    power[: round(200 / _BIN_HZ)] = 0.0
    total = float(power.sum())
    if _db(window) < _QUIETEST_DB:
        return ()
    found: list[tuple[float, float]] = []
    for _ in range(2):
        peak = int(power[_LOWEST:_HIGHEST].argmax()) + _LOWEST
        around = np.log(power[peak - 1 : peak + 2] + 1e-20)
        bend = float(around[0] - 2 * around[1] + around[2])
        shift = 0.5 * float(around[0] - around[2]) / bend if bend < -1e-9 else 0.0
        owned = slice(peak - _REACH, peak + _REACH + 1)
        found.append(((peak + shift) * _BIN_HZ, float(power[owned].sum()) / total))
        power[owned] = 0.0
    if sum(share for _, share in found) < _SHARE:
        return ()
    return tuple(sorted(hz for hz, share in found if share >= _SECOND * found[0][1]))


def alike(heard: Hz, wanted: Hz) -> bool:
    """Whether these are the same pitches."""
    return len(heard) == len(wanted) and all(
        abs(a - b) <= _OFF_HZ for a, b in zip(heard, wanted, strict=True)
    )


def _is_steady(window: Floats) -> bool:
    levels = [_db(piece) for piece in window.reshape(_PIECES, -1)]
    return min(levels) > max(levels) - _STEADY_DB


def _db(sound: Floats) -> float:
    return float(10 * np.log10(np.mean(np.square(sound, dtype=np.float64)) + 1e-10))
