"""What signs a call over a modem gets from a simulated network, country by country."""

from __future__ import annotations

import numpy as np
import pytest

from board.modem.engine import Sign
from board.modem.table import Input, State
from board.modem.tones import dial_sounds
from board.modem.words import Word
from board.sim.line import FarEnd, HangUp, Hook, LineSim
from board.sim.line.far_end import Outcome
from dsp.frames import Samples
from dsp.line.answer import AnswerMethod, Confidence
from firmware.model import HangupCause
from firmware.trunks._modem_dial import BadNumber, DialPlan
from firmware.trunks._modem_signs import LineListener
from firmware.trunks.base import EmergencyRoute
from firmware.trunks.modem import LineSettings
from tests.permitted import over

COUNTRIES = ("DE", "AT", "CH", "GB", "US", "FR", "IT", "ES", "NL", "PL", "DK", "SE")
NUMBER = "02312312500"
FRAME = 160


def speech(seconds: float) -> Samples:
    """Not words, but as loud, as broad and as broken as they are."""
    chance = np.random.default_rng(4)
    at = np.arange(round(seconds * 8000))
    syllables = (np.sin(2 * np.pi * at / 8000 * 3.1) > -0.4).astype(float)
    noise = np.convolve(chance.standard_normal(len(at)), np.hanning(9) / 4, "same")
    return np.asarray(noise * syllables * 3000, np.int16)


class Call:
    """The ear follows the table by itself, as the engine would lead it."""

    def __init__(self, country: str, far: FarEnd, **settings: object) -> None:
        self.line = LineSim(country, {NUMBER: far}.get)
        called = LineSettings("one", "lines", "/dev/null", country, **settings)  # type: ignore[arg-type]
        self.ear = LineListener(called.call(), lambda: self.rung.append(self.at_ms))
        self.rung: list[int] = []
        self.at_ms = 0
        self.signs: list[Sign] = []

    def hear(self, seconds: float, say: Samples | None = None) -> Sign | None:
        """The first sign within so many seconds."""
        said = np.zeros(0, np.int16) if say is None else say
        for at in range(0, round(seconds * 8000), FRAME):
            piece = said[at : at + FRAME]
            piece = np.concatenate((piece, np.zeros(FRAME - len(piece), np.int16)))
            self.at_ms += 20
            for sign in self.ear.heard(self.line.frame(piece)):
                return sign
        return None

    def dialled(self) -> None:
        self.line.set_hook(Hook.OFF)
        self.ear.moved(State.DIAL_TONE)
        sign = self.hear(5)
        assert sign is not None
        assert sign.happened is Input.HEARD_DIAL_TONE
        self.ear.moved(State.DIALLING)
        keys = dial_sounds(NUMBER)
        assert self.hear(len(keys) / 8000, keys) is None
        self.ear.moved(State.PROGRESS)

    def answered(self) -> Sign:
        self.dialled()
        sign = self.hear(40)
        assert sign is not None
        assert sign.happened is Input.ANSWERED
        self.ear.moved(State.TALKING)
        return sign


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_call_is_heard_ringing_and_answered_by_the_voice(country: str) -> None:
    call = Call(country, FarEnd(rings=2, voice=speech(4)))
    sign = call.answered()
    assert sign.text == AnswerMethod.VOICE_AFTER_RINGBACK
    assert len(call.rung) == 1
    assert call.ear.answer is not None
    assert call.ear.answer.confidence is Confidence.LIKELY


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_far_end_that_says_nothing_is_answered_when_it_stops_ringing(country: str) -> None:
    call = Call(country, FarEnd(rings=2))
    assert call.answered().text == AnswerMethod.RINGBACK_STOPPED


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize(
    ("outcome", "causes"),
    [
        (Outcome.BUSY, {HangupCause.BUSY, HangupCause.UNAVAILABLE}),
        (Outcome.CONGESTION, {HangupCause.UNAVAILABLE, HangupCause.BUSY}),
        (Outcome.SIT, {HangupCause.NOT_FOUND}),
    ],
)
def test_refusals_are_told_apart_and_never_taken_for_an_answer(
    country: str, outcome: Outcome, causes: set[HangupCause]
) -> None:
    call = Call(country, FarEnd(outcome=outcome))
    call.dialled()
    sign = call.hear(20)
    assert sign is not None
    assert sign.happened is Input.FAR_END_BUSY, sign
    assert call.ear.cause in causes
    if country in ("DE", "US", "GB"):
        wanted = {Outcome.BUSY: HangupCause.BUSY, Outcome.CONGESTION: HangupCause.UNAVAILABLE}
        assert call.ear.cause is wanted.get(outcome, HangupCause.NOT_FOUND)


@pytest.mark.parametrize("country", ["DE", "GB", "US", "IT"])
@pytest.mark.parametrize("how", [HangUp.BUSY, HangUp.CONGESTION, HangUp.DIAL_TONE])
def test_the_far_end_is_heard_to_hang_up(country: str, how: HangUp) -> None:
    call = Call(country, FarEnd(rings=1, voice=speech(3), hangs_up_after_voice=True, hang_up=how))
    call.answered()
    sign = call.hear(30)
    assert sign is not None
    assert sign.happened is Input.FAR_END_GONE


def test_silence_ends_a_conversation_only_where_it_is_to() -> None:
    for silence_s, gone in ((8.0, True), (0.0, False)):
        call = Call("DE", FarEnd(rings=1, voice=speech(2)), silence_s=silence_s)
        call.answered()
        sign = call.hear(20)
        assert (sign is not None) is gone


def test_a_reversal_is_the_answer_only_where_the_line_is_known_for_it() -> None:
    for known in (True, False):
        call = Call("DE", FarEnd(rings=3, voice=speech(2)), reversal_answers=known)
        call.dialled()
        assert list(call.ear.hinted(Word.REVERSAL)) == []  # the wires still bounce
        call.hear(1)
        signs = [sign.happened for sign in call.ear.hinted(Word.REVERSAL)]
        assert signs == ([Input.ANSWERED] if known else [])


def test_opened_wires_end_a_conversation() -> None:
    call = Call("DE", FarEnd(rings=1, voice=speech(3)))
    call.answered()
    assert list(call.ear.hinted(Word.LOOP_BREAK)) == []
    call.hear(1)
    assert [sign.happened for sign in call.ear.hinted(Word.LOOP_BREAK)] == [Input.FAR_END_GONE]


@pytest.mark.parametrize("seconds", [2, 30])
def test_people_who_speak_are_not_taken_for_a_hang_up(seconds: int) -> None:
    call = Call("DE", FarEnd(rings=1, voice=speech(seconds)))
    call.answered()
    assert call.hear(seconds) is None


@pytest.mark.parametrize(
    ("country", "outside", "number", "wanted"),
    [
        ("DE", "", "+493023125001", "03023125001"),
        ("DE", "0", "+493023125001", "003023125001"),
        ("DE", "", "+441632960001", "00441632960001"),
        ("US", "9", "+12125550100", "912125550100"),
        ("US", "", "+493023125001", "011493023125001"),
        ("IT", "", "+39063023125", "063023125"),
    ],
)
def test_a_number_is_dialled_as_people_there_dial_it(
    country: str, outside: str, number: str, wanted: str
) -> None:
    assert DialPlan(country, outside).digits(over("line", number)) == wanted


def test_an_emergency_number_is_dialled_as_it_is() -> None:
    assert DialPlan("DE").digits(EmergencyRoute("112", "line")) == "112"


def test_a_country_without_a_plan_is_refused_rather_than_guessed() -> None:
    with pytest.raises(BadNumber, match="XX"):
        DialPlan("XX").digits(over("line", "+493023125001"))
