"""Country profiles of a local exchange: battery, ring, tones, caller-ID custom, what it takes for a flash. Data only.

Tones after ITU-T E.180 supplement 2 and national practice (DE: 1TR110-1), caller ID after EN 300 659-1, Telcordia
GR-30 and national practice. Levels and feed resistances are customary values; a real line may differ in each of them,
so everything can be replaced: `replace(profile("DE"), battery_v=30.0)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from board.sim.line.tones import Tone, beat, steady


class CallerIdCustom(StrEnum):
    """How and when a network says who is calling."""

    BELL_BETWEEN_RINGS = "bell_between_rings"
    """Bell 202, 0.6 s after the first ring burst (GR-30)."""
    V23_BETWEEN_RINGS = "v23_between_rings"
    """V.23 after the first ring burst (EN 300 659-1, during ringing)."""
    V23_AFTER_REVERSAL = "v23_after_reversal"
    """Reversal, dual-tone alert, V.23, then ring (BT SIN 227, EN 300 659-1 §6.1.2)."""
    V23_AFTER_SHORT_RING = "v23_after_short_ring"
    """A ring pulse of 250 ms as alert, V.23, then ring (EN 300 659-1 RP-AS)."""
    DTMF_AFTER_REVERSAL = "dtmf_after_reversal"
    DTMF_BEFORE_RING = "dtmf_before_ring"
    """Keys with no alert before them."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Profile:
    """One country's exchange. Times in ms."""

    country: str
    tones: dict[str, Tone]
    """dial, special_dial, ringback, busy, congestion, sit, call_waiting; GB also unobtainable."""
    ring_ms: tuple[int, ...]
    """Burst, pause, burst, pause ..."""
    ring_hz: float = 25.0
    ring_vrms: float = 75.0
    caller_id: CallerIdCustom = CallerIdCustom.V23_BETWEEN_RINGS
    dtmf_clip: str = "A{number}#"
    """For the DTMF customs; a call without number sends `dtmf_withheld` or `dtmf_unknown`."""
    dtmf_withheld: str = "D1#"
    dtmf_unknown: str = "D3#"
    battery_v: float = 48.0
    feed_ohms: float = 1200.0
    """Exchange and loop together; a line card off-hook adds its own."""
    ring_trip_ms: int = 60
    dial_tone_delay_ms: int = 220
    flash_ms: tuple[int, int] = (60, 350)
    """Loop breaks so long are a flash; shorter ones are pulses, longer ones a hang-up."""
    pulse_dialling: bool = True
    cpc_ms: int = 250
    """How long the loop is opened when the far end has gone, where a line does that at all."""


@dataclass(frozen=True, slots=True)
class _Sit:
    hz: tuple[float, float, float] = (950.0, 1400.0, 1800.0)
    on_ms: tuple[int, int, int] = (330, 330, 330)
    gap_ms: int = 0
    pause_ms: int = 1000


def _sit(kind: _Sit) -> Tone:
    parts: list[tuple[tuple[float, ...], int]] = []
    for hz, ms in zip(kind.hz, kind.on_ms, strict=True):
        parts += [((hz,), ms), ((), kind.gap_ms)] if kind.gap_ms else [((hz,), ms)]
    return Tone((*parts, ((), kind.pause_ms)), -18.0)


def _tones(
    dial: Tone,
    ringback: Tone,
    busy: Tone,
    congestion: Tone,
    sit: _Sit | None = None,
    waiting: Tone | None = None,
    **others: Tone,
) -> dict[str, Tone]:
    return {
        "dial": dial,
        "ringback": ringback,
        "busy": busy,
        "congestion": congestion,
        "sit": _sit(sit or _Sit()),
        "call_waiting": waiting or beat((425.0,), 200, 200, 200, 5000),
        "special_dial": dial,
        "howler": beat((425.0,), 100, 100, dbm0=-6.0),
        **others,
    }


_425, _440, _450 = (425.0,), (440.0,), (450.0,)
_UK_RING, _US_RING = (400.0, 450.0), (440.0, 480.0)

_PROFILES = (
    Profile(
        "DE",
        _tones(
            steady(425), beat(_425, 1000, 4000), beat(_425, 480, 480), beat(_425, 240, 240),
            special_dial=steady(400, 425), intrusion=beat(_425, 240, 240, 240, 1280),
        ),
        (1000, 4000), battery_v=60.0, feed_ohms=1500.0, flash_ms=(60, 350),
    ),
    Profile(
        "AT",
        _tones(
            steady(420), beat((420.0,), 1000, 5000), beat((420.0,), 400, 400), beat((420.0,), 200, 200),
            _Sit((950.0, 1450.0, 1850.0)), special_dial=steady(380, 420),
        ),
        (1000, 5000), ring_hz=50.0, battery_v=60.0, feed_ohms=1500.0,
    ),
    Profile(
        "CH",
        _tones(
            steady(425), beat(_425, 1000, 4000), beat(_425, 500, 500), beat(_425, 200, 200),
            special_dial=Tone((((425.0, 340.0), 1100), (_425, 1100))),
        ),
        (1000, 4000),
    ),
    Profile(
        "GB",
        _tones(
            steady(350, 440), beat(_UK_RING, 400, 200, 400, 2000), beat((400.0,), 375, 375),
            beat((400.0,), 400, 350, 225, 525), _Sit(gap_ms=15),
            special_dial=Tone((((350.0, 440.0), 750), (_440, 750))), unobtainable=steady(400),
        ),
        (400, 200, 400, 2000), caller_id=CallerIdCustom.V23_AFTER_REVERSAL, battery_v=50.0, cpc_ms=100,
    ),
    Profile(
        "US",
        _tones(
            steady(350, 440), beat(_US_RING, 2000, 4000, dbm0=-19.0), beat((480.0, 620.0), 500, 500, dbm0=-24.0),
            beat((480.0, 620.0), 250, 250, dbm0=-24.0),
            _Sit((913.8, 1370.6, 1776.7), (274, 274, 380)), beat(_440, 300, 10000),
            special_dial=Tone((((350.0, 440.0), 100), ((), 100)) * 3 + (((350.0, 440.0), 4400),)),
        ),
        (2000, 4000), ring_hz=20.0, ring_vrms=86.0, caller_id=CallerIdCustom.BELL_BETWEEN_RINGS,
        flash_ms=(300, 1000), cpc_ms=600,
    ),
    Profile(
        "FR",
        _tones(
            steady(440), beat(_440, 1500, 3500), beat(_440, 500, 500), beat(_440, 250, 250),
            _Sit(on_ms=(300, 300, 300), gap_ms=30), beat(_440, 300, 10000), special_dial=steady(330, 440),
            route=beat(_440, 50, 50),
        ),
        (1500, 3500), ring_hz=50.0,
    ),
    Profile(
        "IT",
        _tones(
            beat(_425, 200, 200, 600, 1000), beat(_425, 1000, 4000), beat(_425, 500, 500), beat(_425, 200, 200),
        ),
        (1000, 4000),
    ),
    Profile(
        "ES",
        _tones(
            steady(425), beat(_425, 1500, 3000), beat(_425, 200, 200), beat(_425, 200, 200, 200, 200, 200, 600),
            special_dial=beat(_425, 1000, 100),
        ),
        (1500, 3000),
    ),
    Profile(
        "NL",
        _tones(
            steady(425), beat(_425, 1000, 4000), beat(_425, 500, 500), beat(_425, 250, 250),
            special_dial=beat(_425, 500, 50),
        ),
        (1000, 4000), caller_id=CallerIdCustom.DTMF_BEFORE_RING, dtmf_clip="A{number}C",
        dtmf_withheld="B10C", dtmf_unknown="B00C",
    ),
    Profile(
        "PL",
        _tones(
            steady(425), beat(_425, 1000, 4000), beat(_425, 500, 500), beat(_425, 500, 500),
            special_dial=steady(350, 425),
        ),
        (1000, 4000),
    ),
    Profile(
        "DK",
        _tones(steady(425), beat(_425, 1000, 4000), beat(_425, 250, 250), beat(_425, 450, 450)),
        (1000, 4000), caller_id=CallerIdCustom.DTMF_AFTER_REVERSAL, dtmf_clip="A{number}#",
    ),
    Profile(
        "SE",
        _tones(steady(425), beat(_425, 1000, 5000), beat(_425, 250, 250), beat(_425, 250, 750)),
        (1000, 5000), caller_id=CallerIdCustom.DTMF_AFTER_REVERSAL, dtmf_clip="A{number}C",
        dtmf_withheld="B10C", dtmf_unknown="B00C",
    ),
)  # fmt: skip
PROFILES: dict[str, Profile] = {one.country: one for one in _PROFILES}


def profile(country: str) -> Profile:
    """The profile of an ISO 3166 code (UK is taken for GB). KeyError names what there is."""
    found = PROFILES.get({"UK": "GB"}.get(country.upper(), country.upper()))
    if found is None:
        raise KeyError(f"no line profile for {country!r}; there are {', '.join(PROFILES)}")
    return found
