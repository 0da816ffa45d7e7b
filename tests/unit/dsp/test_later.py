"""After the verdict: corrections, and the moment a machine listens."""

from __future__ import annotations

import pytest

from dsp.amd import Label, Odds, Verdict
from dsp.later import KNOWN, Flip, GreetingEnd, Later, SpokeAgain
from dsp.talk import Talk
from tests.unit.dsp.test_amd import LIMITS, odds, talk

SURE = odds(machine=0.99)


def verdict(label: Label, cause: str = "no_clear_picture") -> Verdict:
    return Verdict(label, 0.9, 1500, cause)


def hear(label: Label, now: Odds, heard: Talk) -> Flip | GreetingEnd | SpokeAgain | None:
    return Later(verdict(label), LIMITS).step(now, heard)


@pytest.mark.req("GEN-017")
@pytest.mark.parametrize("label", [Label.HUMAN, Label.UNSURE, Label.SILENCE, Label.MUSIC])
def test_whoever_goes_on_and_on_turns_out_to_be_a_machine(label: Label) -> None:
    found = hear(label, SURE, talk(300, 500, 700, 2500))
    assert isinstance(found, Flip)
    assert (found.instead_of, found.verdict.label, found.at_ms) == (label, Label.MACHINE, 4000)
    assert found.verdict.sentence() == "spoke 3.0 s with 2 short breaks and kept going, recorded voice 0.99"


@pytest.mark.parametrize(
    ("now", "heard"),
    [
        (SURE, talk(300, 500, 700, 2400)),
        (odds(machine=0.97, human=0.03), talk(300, 500, 700, 2600)),
        (SURE, talk(5000, 3000)),
    ],
    ids=["too little speech", "not sure enough", "long after the answer"],
)
def test_a_person_stays_one(now: Odds, heard: Talk) -> None:
    assert hear(Label.HUMAN, now, heard) is None


def test_after_a_correction_the_end_of_the_greeting_is_awaited() -> None:
    later, heard = Later(verdict(Label.UNSURE), LIMITS), talk(300, 3500)
    assert isinstance(later.step(SURE, heard), Flip)
    heard = talk(300, 3500, 1900)
    assert later.step(SURE, heard) is None
    assert later.open
    found = later.step(SURE, talk(300, 3500, 2000))
    assert found == GreetingEnd("greeting_over", 5800, {"speech_s": 3.5, "quiet_s": 2.0})
    assert found.sentence() == "the greeting is over: 2.0 s of silence after 3.5 s of speech"
    assert later.step(SURE, talk(300, 3500, 2100)) is None


def test_a_beep_ends_a_greeting_and_so_does_a_second_one() -> None:
    later, beep = Later(verdict(Label.MACHINE), LIMITS), verdict(Label.MACHINE, "beep")
    for _ in range(2):
        assert [type(event) for event in later.tone(beep)] == [GreetingEnd]
    assert later.open


def heard_by(later: Later, heard: Talk, *steps: tuple[bool, float]) -> list[type]:
    """What comes of more steps of 100 ms, each with a voice or without, and its level."""
    found = []
    for speaks, level_db in steps:
        heard.step([speaks] * 10)
        found.append(later.step(SURE, heard, level_db))
    return [type(event) for event in found if event is not None]


GREETED = [(True, -20.0)] * 30 + [(False, -70.0)] * 20


def test_a_voice_after_the_end_is_told_and_its_end_awaited() -> None:
    later, heard = Later(verdict(Label.MACHINE), LIMITS), Talk()
    assert heard_by(later, heard, *GREETED) == [GreetingEnd]
    assert heard_by(later, heard, *[(True, -22.0)] * 6) == [SpokeAgain]
    assert heard_by(later, heard, *[(True, -22.0)] * 9, *[(False, -70.0)] * 20) == [GreetingEnd]


@pytest.mark.parametrize(
    "steps",
    [[(True, -20.0)] * 5, [(True, -20.0), (False, -70.0)] * 40, [(True, -34.0)] * 40],
    ids=["a breath", "clicks", "our own message coming back"],
)
def test_what_is_no_voice_after_the_end(steps: list[tuple[bool, float]]) -> None:
    later, heard = Later(verdict(Label.MACHINE), LIMITS), Talk()
    assert heard_by(later, heard, *GREETED) == [GreetingEnd]
    assert heard_by(later, heard, *steps) == []


def test_who_is_known_to_be_a_machine_may_have_spoken_before_we_listened() -> None:
    later, heard = Later(Verdict(Label.MACHINE, 1.0, 0, KNOWN), LIMITS), Talk()
    assert heard_by(later, heard, *[(False, -70.0)] * 20) == [GreetingEnd]
    assert heard_by(Later(verdict(Label.MACHINE), LIMITS), Talk(), *[(False, -70.0)] * 20) == []


def test_a_beep_tells_that_it_was_no_person() -> None:
    later, beep = Later(verdict(Label.HUMAN), LIMITS), verdict(Label.MACHINE, "beep")
    assert [type(event) for event in later.tone(beep)] == [Flip, GreetingEnd]


def test_network_tones_correct_a_doubt_and_end_the_listening() -> None:
    later = Later(verdict(Label.UNSURE), LIMITS)
    found = later.tone(verdict(Label.INTERCEPT, "intercept_tones"))
    assert [(type(event), event.at_ms) for event in found] == [(Flip, 1500)]
    assert not later.open


@pytest.mark.parametrize(
    ("label", "patience_ms"), [(Label.HUMAN, 8000), (Label.UNSURE, 30_000), (Label.MACHINE, 90_000)]
)
def test_the_listening_ends(label: Label, patience_ms: int) -> None:
    later = Later(verdict(label), LIMITS)
    heard = talk(300, patience_ms - 400)
    assert later.step(odds(human=0.9), heard) is None
    assert later.open
    heard.step([True] * 10)
    assert later.step(odds(human=0.9), heard) is None
    assert not later.open


@pytest.mark.parametrize("label", [Label.FAX, Label.INTERCEPT])
def test_tones_have_the_last_word(label: Label) -> None:
    assert not Later(verdict(label), LIMITS).open
