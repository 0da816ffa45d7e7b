"""What the audio of a gateway without answer supervision tells: a simulated line behind it, its sound as A-law."""

from __future__ import annotations

import numpy as np
import pytest

from board.sim import g711
from board.sim.line import FarEnd, HangUp, Hook, Outcome
from firmware.config.shape import GATEWAYS, TrunkConfig
from firmware.model import AnswerConfidence, AnswerMethod, HangupCause
from firmware.trunks._sip_gateway import WORDS, Gone, Rings, Sign, Through, caller_of
from firmware.trunks._sip_gateway_ear import GatewayEar
from tests.unit.dsp.line_rig import NUMBER, SILENT, Rig, babble, line

VOICE = babble(4)
COUNTRIES = ("DE", "GB", "US", "FR", "IT", "PL")


def heard(
    country: str, far: FarEnd, *, chunk: int = 320, seconds: float = 60, hold_after: float = 0.0
) -> list[Sign]:
    """Seizes and dials as the gateway does; then what its RTP says, in packets of any size."""
    sim = line(country, far)
    rig = Rig(sim)
    sim.set_hook(Hook.OFF)
    sim.advance(1500)
    rig.dial(NUMBER)
    ear, signs, waiting = GatewayEar(country), list[Sign](), np.zeros(0, np.int16)
    for frame in range(round(seconds * 50)):
        if hold_after and frame == round(hold_after * 50):
            ear.held = True
        sound = g711.decode(g711.encode(sim.frame(SILENT), "PCMA"), "PCMA")
        waiting = np.concatenate((waiting, sound))
        while len(waiting) >= chunk:
            signs += ear.hear(waiting[:chunk])
            waiting = waiting[chunk:]
        if any(isinstance(one, Gone) for one in signs):
            break
    return signs


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("chunk", [160, 333])
def test_ringing_an_answer_and_the_hang_up_are_heard(country: str, chunk: int) -> None:
    signs = heard(country, FarEnd(rings=2, voice=VOICE, talk_ms=5000, hang_up=HangUp.BUSY), chunk=chunk)
    assert signs[:2] == [Rings(), Through(AnswerMethod.VOICE_AFTER_RINGBACK, AnswerConfidence.LIKELY)]
    assert [one.cause for one in signs if isinstance(one, Gone)] == [HangupCause.NORMAL]


@pytest.mark.parametrize(
    ("outcome", "cause"), [(Outcome.BUSY, HangupCause.BUSY), (Outcome.SIT, HangupCause.NOT_FOUND)]
)
def test_a_refusal_behind_the_gateway_is_no_answer(outcome: Outcome, cause: HangupCause) -> None:
    signs = heard("DE", FarEnd(outcome=outcome))
    assert [one.cause for one in signs if isinstance(one, Gone)] == [cause]
    assert not [one for one in signs if isinstance(one, Through)]


def test_a_gateway_that_is_silent_for_ten_seconds_says_nothing() -> None:
    assert heard("DE", FarEnd(set_up_ms=10_000), seconds=9) == []


def test_a_call_on_hold_is_not_ended_by_silence() -> None:
    far = FarEnd(rings=1, voice=VOICE)
    gone = [one for one in heard("DE", far, seconds=90) if isinstance(one, Gone)]
    assert [one.text for one in gone] == ["silence"]
    assert not [one for one in heard("DE", far, seconds=90, hold_after=12) if isinstance(one, Gone)]


@pytest.mark.parametrize("shown", ["+493023125001", "03023125001", "00493023125001"])
def test_a_caller_who_shows_the_lines_own_number_has_withheld_theirs(shown: str) -> None:
    assert caller_of(shown, ("+493023125001",), "DE") == ""
    for other in ("+493023125002", "anonymous", ""):
        assert caller_of(other, ("+493023125001",), "DE") == other


def test_what_a_200_ok_is_worth_by_trunk() -> None:
    assert WORDS[TrunkConfig("a", "sip.example.invalid").supervision].method is AnswerMethod.SIGNALLED
    for make, usual in GATEWAYS.items():
        assert TrunkConfig("a", "gw.invalid", gateway=make).supervision == usual
        assert (
            TrunkConfig("a", "gw.invalid", gateway=make, answer_supervision="polarity").supervision
            == "polarity"
        )
    assert "none" not in WORDS
    assert WORDS["polarity"].confidence is AnswerConfidence.CERTAIN
    assert WORDS["gateway"].confidence is AnswerConfidence.LIKELY
