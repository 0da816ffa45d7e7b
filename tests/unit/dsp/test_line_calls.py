"""Signalling on every country's line: dial tone, dialling, answer, disconnect; whole calls on a simulated line."""

from __future__ import annotations

import numpy as np
import pytest

from board.sim.line import PROFILES, Channel, FarEnd, Faults, HangUp, IncomingCall, LineSim, Outcome, Phase
from board.sim.line.tones import Loop
from dsp.line.answer import Answered, AnswerMethod, AnswerSettings, Confidence, Refused
from dsp.line.disconnect import DisconnectMethod, DisconnectSettings
from dsp.line.ears import LineEars
from dsp.line.seize import MayDial, NoDialling, Refusal, SeizeSettings
from tests.unit.dsp.line_rig import NUMBER, Rig, babble, line

VOICE = babble(4)
COUNTRIES = ("DE", "AT", "CH", "GB", "US", "FR", "IT", "ES", "NL", "PL", "DK", "SE")
REFUSALS = {Outcome.BUSY: "busy", Outcome.CONGESTION: "congestion", Outcome.SIT: "sit"}


def left_at_ms(sim: LineSim) -> int:
    return next(seen.at_ms for seen in sim.log if seen.what == Phase.CLEARED)


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_line_that_only_sounds_is_answered_by_voice_and_ended_by_busy_tone(country: str) -> None:
    sim = line(country, FarEnd(rings=2, voice=VOICE, talk_ms=5000))
    story = Rig(sim).call()
    assert isinstance(story.seized, MayDial)
    assert 300 <= story.seized.after_ms <= 1500
    assert sim.dialled == NUMBER
    assert isinstance(story.answered, Answered)
    assert (story.answered.method, story.answered.confidence) == (
        AnswerMethod.VOICE_AFTER_RINGBACK,
        Confidence.LIKELY,
    )
    assert story.ended is not None
    assert story.ended.method is DisconnectMethod.BUSY
    assert story.ended.at_ms - left_at_ms(sim) < 4000


@pytest.mark.parametrize("how", list(HangUp))
@pytest.mark.parametrize("country", ["DE", "US"])
def test_every_way_the_far_end_can_go_is_noticed(country: str, how: HangUp) -> None:
    sim = line(country, FarEnd(rings=1, voice=VOICE, talk_ms=5000, hang_up=how))
    story = Rig(sim).call(ending=DisconnectSettings(reversal=True, silence_ms=8000))
    assert story.ended is not None
    wanted = DisconnectMethod.DIAL_TONE if how is HangUp.DIAL_TONE else DisconnectMethod(how.value)
    assert story.ended.method is wanted
    certain = how in (HangUp.CPC, HangUp.REVERSAL)
    assert (story.ended.confidence is Confidence.CERTAIN) == certain
    assert story.ended.at_ms - left_at_ms(sim) < {HangUp.CPC: 300, HangUp.REVERSAL: 100}.get(how, 10_000)


@pytest.mark.parametrize("outcome", REFUSALS)
@pytest.mark.parametrize("country", COUNTRIES)
def test_what_the_network_refuses_is_no_answer(country: str, outcome: Outcome) -> None:
    story = Rig(line(country, FarEnd(outcome=outcome))).call()
    assert isinstance(story.answered, Refused)
    alike = country == "PL" and outcome is Outcome.CONGESTION  # Poland's congestion tone is its busy tone
    assert story.answered.kind == ("busy" if alike else REFUSALS[outcome])


def test_britain_has_a_steady_tone_for_numbers_that_cannot_be_had() -> None:
    story = Rig(line("GB", FarEnd(outcome=Outcome.UNOBTAINABLE))).call()
    assert isinstance(story.answered, Refused)
    assert story.answered.kind == "unobtainable"


def test_a_reversal_is_a_certain_answer_within_a_frame() -> None:
    sim = line("DE", FarEnd(rings=1, voice=VOICE, answer_reversal=True))
    story = Rig(sim).call(AnswerSettings(reversal=True), limit_ms=1000)
    talking = next(seen.at_ms for seen in sim.log if seen.what == Phase.TALKING)
    assert story.answered == Answered(talking + 20, AnswerMethod.REVERSAL, Confidence.CERTAIN)


def test_on_a_line_that_reverses_a_voice_alone_is_no_answer() -> None:
    sim = line("DE", FarEnd(rings=1, voice=VOICE))
    story = Rig(sim).call(AnswerSettings(reversal=True, no_answer_ms=20_000))
    assert isinstance(story.answered, Refused)
    assert story.answered.kind == "no_answer"


def test_a_metering_pulse_is_a_certain_answer() -> None:
    story = Rig(line("CH", FarEnd(rings=1, metering_ms=500))).call(limit_ms=1000)
    assert isinstance(story.answered, Answered)
    assert (story.answered.method, story.answered.confidence) == (AnswerMethod.METERING, Confidence.CERTAIN)


def test_silence_after_ringback_is_only_assumed_to_be_an_answer() -> None:
    story = Rig(line("DE", FarEnd(rings=2))).call(limit_ms=1000)
    assert isinstance(story.answered, Answered)
    assert (story.answered.method, story.answered.confidence) == (
        AnswerMethod.RINGBACK_STOPPED,
        Confidence.ASSUMED,
    )


def test_nobody_answers() -> None:
    story = Rig(line("FR", FarEnd(outcome=Outcome.NO_ANSWER))).call(AnswerSettings(no_answer_ms=30_000))
    assert isinstance(story.answered, Refused)
    assert story.answered.kind == "no_answer"


@pytest.mark.parametrize("country", COUNTRIES)
def test_an_answer_after_the_very_first_ring_is_no_mystery(country: str) -> None:
    story = Rig(line(country, FarEnd(rings=1, voice=VOICE))).call(limit_ms=100)
    assert isinstance(story.answered, Answered)
    assert story.answered.method is AnswerMethod.VOICE_AFTER_RINGBACK


def test_ringback_of_another_country_is_ringback() -> None:
    sim = line("DE", FarEnd(rings=3, ringback_country="US", voice=VOICE))
    story = Rig(sim).call(limit_ms=1000)
    assert isinstance(story.answered, Answered)
    assert story.answered.method is AnswerMethod.VOICE_AFTER_RINGBACK
    assert story.answered.at_ms > next(seen.at_ms for seen in sim.log if seen.what == Phase.TALKING)


@pytest.mark.parametrize("late", range(0, 800, 77))
@pytest.mark.parametrize(
    ("country", "tone"), [("IT", "dial"), ("ES", "special_dial"), ("NL", "special_dial")]
)
def test_a_dial_tone_with_a_rhythm_is_heard_wherever_the_blocks_begin(
    country: str, tone: str, late: int
) -> None:
    wave = Loop.of(PROFILES[country].tones[tone]).take(5 * 8000).astype(np.int16)
    heard = LineEars(country).feed(np.concatenate((np.zeros(late, np.int16), wave)))
    assert heard[-1].dial_ms >= 2500
    others = Loop.of(PROFILES[country].tones["busy"]).take(5 * 8000).astype(np.int16)
    assert (
        max(one.dial_ms for one in LineEars(country).feed(np.concatenate((np.zeros(late, np.int16), others))))
        <= 500
    )


def test_a_line_without_dial_tone_is_not_dialled_on_unless_told_to() -> None:
    far = FarEnd(rings=1, voice=VOICE)
    story = Rig(line("DE", far, faults=Faults(no_dial_tone=True))).call()
    assert story.seized == NoDialling(5000, Refusal.NO_DIAL_TONE)
    blind = Rig(line("DE", far, faults=Faults(no_dial_tone=True)))
    assert isinstance(
        blind.call(seizing=SeizeSettings(blind=True, wait_ms=1000), limit_ms=100).seized, MayDial
    )
    assert blind.line.dialled == NUMBER


def test_a_dead_line_gives_no_dial_tone() -> None:
    story = Rig(line("US", FarEnd(), faults=Faults(dead=True))).call()
    assert story.seized == NoDialling(5000, Refusal.NO_DIAL_TONE)


def test_glare_is_heard_as_a_voice_instead_of_a_dial_tone() -> None:
    call = IncomingCall(party=FarEnd(voice=babble(6), voice_after_ms=0))
    story = Rig(line("DE", FarEnd(), faults=Faults(glare=call))).call()
    assert isinstance(story.seized, NoDialling)
    assert story.seized.reason is Refusal.VOICE


def test_a_busy_tone_on_seizure_is_told_as_such() -> None:
    sim = line("DE", FarEnd())
    sim.extension(off_hook=True)
    sim.advance(16_000)  # somebody left the other telephone off the hook until the exchange gave up on it
    story = Rig(sim).call()
    assert isinstance(story.seized, NoDialling)
    assert story.seized.reason is Refusal.BUSY


@pytest.mark.parametrize("country", ["DE", "GB", "FR"])
def test_pulses_are_understood(country: str) -> None:
    sim = line(country, FarEnd(rings=1, voice=VOICE))
    Rig(sim).call(pulse=True, limit_ms=100)
    assert sim.dialled == NUMBER


@pytest.mark.parametrize("noise_dbm0", [-45.0, -38.0])
def test_a_noisy_humming_line_still_dials_and_hears(noise_dbm0: float) -> None:
    sim = line(
        "AT",
        FarEnd(rings=1, voice=VOICE, talk_ms=5000),
        channel=Channel(noise_dbm0=noise_dbm0, hum_dbm0=-40.0),
    )
    story = Rig(sim).call()
    assert sim.dialled == NUMBER
    assert story.ended is not None
    assert story.ended.method is DisconnectMethod.BUSY


def test_a_conversation_is_not_ended_by_voices() -> None:
    sim = line("DE", FarEnd(rings=1, voice=babble(60, seed=9)))
    story = Rig(sim).call(limit_ms=60_000)
    assert isinstance(story.answered, Answered)
    assert story.ended is None


def test_the_exchange_hears_exactly_what_was_dialled_next_to_its_own_dial_tone() -> None:
    sim = line("DE", FarEnd(rings=1))
    rig = Rig(sim)
    story = rig.call(string="02*#9A", limit_ms=100)
    assert isinstance(story.seized, MayDial)
    assert np.concatenate(rig.sound).any()
    assert [seen.detail for seen in sim.log if seen.what == "digit"] == list("02*#9A")
