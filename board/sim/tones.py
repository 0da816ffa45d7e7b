"""The tones of the telephone network, by country (ITU-T E.180 and its supplement 2, T.30).

Frequencies, cadences and levels as data, and clips made of them. A cadence is returned as one loop whose length
is a whole number of 20 ms frames.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from board.sim.clips import Clip, amplitude
from board.sim.g711 import SAMPLE_RATE, Samples
from board.sim.rtp import FRAME_SAMPLES

_SWEEP_S = 0.002  # rise and fall, against clicks

Cadence = tuple[tuple[int, ...], tuple[float, ...]]  # Hz, then seconds on, off, on, off

PROGRESS: dict[str, dict[str, Cadence]] = {
    "DE": {
        "ringback": ((425,), (1.0, 4.0)),
        "busy": ((425,), (0.48, 0.48)),
        "congestion": ((425,), (0.24, 0.24)),
    },
    "AT": {
        "ringback": ((420,), (1.0, 5.0)),
        "busy": ((420,), (0.4, 0.4)),
        "congestion": ((420,), (0.2, 0.2)),
    },
    "CH": {
        "ringback": ((425,), (1.0, 4.0)),
        "busy": ((425,), (0.5, 0.5)),
        "congestion": ((425,), (0.2, 0.2)),
    },
    "GB": {
        "ringback": ((400, 450), (0.4, 0.2, 0.4, 2.0)),
        "busy": ((400,), (0.375, 0.375)),
        "congestion": ((400,), (0.4, 0.35, 0.225, 0.525)),
    },
    "US": {
        "ringback": ((440, 480), (2.0, 4.0)),
        "busy": ((480, 620), (0.5, 0.5)),
        "congestion": ((480, 620), (0.25, 0.25)),
    },
    "FR": {
        "ringback": ((440,), (1.5, 3.5)),
        "busy": ((440,), (0.5, 0.5)),
        "congestion": ((440,), (0.25, 0.25)),
    },
}
SIT: dict[str, tuple[tuple[int, ...], float]] = {  # Hz of the three tones, gap between them in seconds
    "DE": ((950, 1400, 1800), 0.0), "AT": ((950, 1450, 1850), 0.0), "CH": ((950, 1400, 1800), 0.0),
    "GB": ((950, 1400, 1800), 0.015), "US": ((950, 1400, 1800), 0.0), "FR": ((950, 1400, 1800), 0.0),
}  # fmt: skip
BEEPS = (
    (1000, 0.30),
    (745, 0.33),
    (660, 0.35),
    (1004, 0.26),
    (879, 0.75),
    (640, 1.0),
    (703, 0.4),
    (797, 0.6),
)
"""Hz and seconds of beeps answering machines really use."""

LANGUAGES = {"DE": "de", "AT": "de", "CH": "de", "GB": "en", "US": "en", "FR": "fr"}
PREFIXES = {"49": "DE", "43": "AT", "41": "CH", "44": "GB", "1": "US", "33": "FR"}

_PROGRESS_DBM0, _SIT_DBM0, _FAX_DBM0, _BEEP_DBM0 = -13.0, -18.0, -12.0, -15.0
_SIT_S, _CED_S, _CNG_ON_S, _CNG_OFF_S = 0.330, 3.3, 0.5, 3.0


def country_of(number: str, default: str) -> str:
    """Return the country of an E.164 number whose tones we have, else `default`."""
    if not number.startswith("+"):
        return default
    return next((country for prefix, country in PREFIXES.items() if number[1:].startswith(prefix)), default)


def _tone(hertz: Sequence[int], seconds: float, dbm0: float) -> Samples:
    """Return the sum of sines of this level each, its edges rounded off."""
    at = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    wave = sum(np.sin(2 * np.pi * one * at) for one in hertz) * amplitude(dbm0)
    edge = np.minimum(1.0, np.minimum(at, at[::-1]) / _SWEEP_S)
    return np.asarray(np.round(wave * edge), np.int16)


def _pause(seconds: float) -> Samples:
    return np.zeros(round(seconds * SAMPLE_RATE), np.int16)


@lru_cache
def progress(country: str, name: str) -> Clip:
    """Return one loop of "ringback", "busy" or "congestion". Raises KeyError for what is not in the table."""
    hertz, cadence = PROGRESS[country][name]
    parts = [
        _pause(seconds) if i % 2 else _tone(hertz, seconds, _PROGRESS_DBM0)
        for i, seconds in enumerate(cadence)
    ]
    once = np.concatenate(parts)
    return Clip(f"{name} {country}", np.tile(once, _repeats(len(once))))


def _repeats(samples: int) -> int:
    """Return how many periods make a whole number of frames."""
    return next(n for n in range(1, FRAME_SAMPLES + 1) if samples * n % FRAME_SAMPLES == 0)


@lru_cache
def sit(country: str) -> Clip:
    """Return the special information tone, followed by the second of silence that belongs to it."""
    hertz, gap_s = SIT[country]
    parts = [part for one in hertz for part in (_tone((one,), _SIT_S, _SIT_DBM0), _pause(gap_s))]
    return Clip(f"SIT {country}", np.concatenate([*parts, _pause(1.0)]))


@lru_cache
def beep(hertz: int, seconds: float) -> Clip:
    """Return the beep of an answering machine."""
    return Clip(f"beep {hertz} Hz", _tone((hertz,), seconds, _BEEP_DBM0))


@lru_cache
def called_fax() -> Clip:
    """Return CED, the answer tone of a fax machine: 2100 Hz (T.30 §4.1.1)."""
    return Clip("CED", _tone((2100,), _CED_S, _FAX_DBM0))


@lru_cache
def calling_fax() -> Clip:
    """Return one loop of CNG, the call tone of a fax machine: 1100 Hz, 0.5 s on, 3 s off (T.30 §4.1.2)."""
    return Clip("CNG", np.concatenate([_tone((1100,), _CNG_ON_S, _FAX_DBM0), _pause(_CNG_OFF_S)]))


@lru_cache
def agent_tone() -> Clip:
    """Return a steady 440 Hz, ten seconds of it, for measuring a path."""
    return Clip("440 Hz", _tone((440,), 10.0, -10.0))
