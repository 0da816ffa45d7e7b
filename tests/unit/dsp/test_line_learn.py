"""Learning the hang-up of a line from a recording of it: what every country's far end does is found and named."""

from __future__ import annotations

import numpy as np
import pytest

from board.sim.line import PROFILES, Channel, FarEnd, HangUp, Hook, IncomingCall, LineSim
from dsp.line.answer import Confidence
from dsp.line.disconnect import DisconnectMethod
from dsp.line.learn import Proposal, propose
from tests.unit.dsp.line_rig import Rig, babble


def recorded(
    country: str, how: HangUp, *, talk_ms: int = 3000, ms: int = 15_000, noise_dbm0: float = -62.0
) -> list[Proposal]:
    """A call that talks for three seconds, and what is proposed after fifteen."""
    line = LineSim(country, channel=Channel(noise_dbm0=noise_dbm0))
    line.ring(
        IncomingCall(
            party=FarEnd(voice=babble(talk_ms / 1000), voice_after_ms=0, talk_ms=talk_ms, hang_up=how)
        )
    )
    rig = Rig(line)
    line.set_hook(Hook.OFF)
    for _ in range(ms // 20):
        rig.frame()
    return propose(rig.wires, np.concatenate(rig.sound))


@pytest.mark.parametrize("noise_dbm0", [-62.0, -45.0])
@pytest.mark.parametrize("country", PROFILES)
def test_a_busy_tone_is_measured(country: str, noise_dbm0: float) -> None:
    found = recorded(country, HangUp.BUSY, noise_dbm0=noise_dbm0)[0]
    tone = PROFILES[country].tones["busy"]
    wanted = [ms for _, ms in tone.segments]
    assert found.method in (DisconnectMethod.BUSY, DisconnectMethod.CONGESTION)
    assert found.pattern_ms == pytest.approx(wanted, abs=15)
    assert found.hz == pytest.approx(tone.segments[0][0], abs=3)
    assert found.at_ms == pytest.approx(3000, abs=2 * sum(wanted))
    assert found.confidence is Confidence.LIKELY
    assert found.rounds >= 4


@pytest.mark.parametrize("country", ["DE", "GB", "US", "ES", "FR"])
def test_a_congestion_tone_is_measured_even_with_a_long_rhythm(country: str) -> None:
    found = recorded(country, HangUp.CONGESTION)[0]
    wanted = [ms for _, ms in PROFILES[country].tones["congestion"].segments]
    turned = [wanted[i:] + wanted[:i] for i in range(0, len(wanted), 2)]  # a round may begin at any burst
    assert any(found.pattern_ms == pytest.approx(one, abs=25) for one in turned)


@pytest.mark.parametrize("country", ["DE", "GB", "US"])
def test_an_opened_loop_is_timed(country: str) -> None:
    found = recorded(country, HangUp.CPC)[0]
    assert (found.method, found.confidence) == (DisconnectMethod.CPC, Confidence.CERTAIN)
    assert found.length_ms == pytest.approx(PROFILES[country].cpc_ms, abs=20)
    assert found.at_ms == pytest.approx(3000, abs=100)


def test_a_reversal_is_found() -> None:
    found = recorded("DE", HangUp.REVERSAL)[0]
    assert (found.method, found.confidence) == (DisconnectMethod.REVERSAL, Confidence.CERTAIN)


@pytest.mark.parametrize("country", ["DE", "GB", "FR"])
def test_a_dial_tone_is_found(country: str) -> None:
    found = recorded(country, HangUp.DIAL_TONE)[0]
    assert found.method is DisconnectMethod.DIAL_TONE
    assert found.hz == pytest.approx(PROFILES[country].tones["dial"].segments[0][0], abs=3)


def test_nothing_but_silence() -> None:
    found = recorded("DE", HangUp.SILENCE)
    assert [(one.method, one.confidence) for one in found] == [(DisconnectMethod.SILENCE, Confidence.ASSUMED)]
    assert found[0].length_ms >= 11_000


def test_somebody_who_goes_on_talking_teaches_nothing() -> None:
    assert recorded("DE", HangUp.BUSY, talk_ms=30_000) == []


def test_ringback_is_no_hang_up() -> None:
    line = LineSim("GB", lambda number: FarEnd(set_up_ms=0, rings=20) if number == "1" else None)
    rig = Rig(line)
    line.set_hook(Hook.OFF)
    for _ in range(40):
        rig.frame()
    rig.dial("1")
    rig.sound.clear()
    for _ in range(750):
        rig.frame()
    assert propose([], np.concatenate(rig.sound)) == []


def test_an_empty_recording() -> None:
    assert propose([], np.zeros(0, np.int16)) == []
