"""The decision alone: odds and timing in, one reasoned verdict out."""

from __future__ import annotations

import pytest

from dsp.amd import STEADY_STEPS, AmdSettings, Decision, Label, Limits, Odds, Verdict, steady
from dsp.sentences import CAUSES, sentence
from dsp.talk import Talk

LIMITS = Limits(
    machine=0.95, machine_at_last=0.8, human=0.7, human_talking=0.97, human_waiting=0.4, quiet_ms=400,
    waiting_ms=700, machine_speech_ms=1500, settle_before_ms=600, settle_after_ms=1800, flip=0.98,
    flip_speech_ms=3000,
)  # fmt: skip


def odds(human: float = 0.0, machine: float = 0.0, silence: float = 0.0, music: float = 0.0) -> Odds:
    rest = 1.0 - human - machine - silence - music
    return Odds(human + rest / 2, machine + rest / 2, music, silence, 0.9)


def talk(*lengths_ms: int) -> Talk:
    """Silence, speech, silence ... in milliseconds."""
    heard = Talk()
    for place, ms in enumerate(lengths_ms):
        for _ in range(ms // 100):
            heard.step([place % 2 == 1] * 10)
    return heard


def decide(now: Odds, heard: Talk, **settings: float) -> Verdict | None:
    return Decision(AmdSettings(**settings), LIMITS).step(now, heard)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("now", "heard", "expected"),
    [
        (odds(human=0.8), talk(300, 500, 400), (Label.HUMAN, "spoke_and_waited")),
        (odds(human=0.8, machine=0.2), talk(300, 500, 300), None),
        (odds(human=0.59, machine=0.41), talk(300, 500, 500), None),
        (odds(human=0.59, machine=0.41), talk(300, 500, 600), (Label.HUMAN, "spoke_and_waited")),
        (odds(human=0.3, machine=0.7), talk(300, 500, 900), None),
        (odds(human=0.98), talk(300, 500), (Label.HUMAN, "sounds_live")),
        (odds(machine=0.96), talk(300, 1500), (Label.MACHINE, "spoke_without_pause")),
        (odds(machine=0.96), talk(300, 1400), None),
        (odds(machine=0.96), talk(300, 900, 400, 900), (Label.MACHINE, "kept_talking")),
        (odds(machine=0.9, human=0.1), talk(300, 2500), None),
        (odds(machine=0.9, human=0.1), talk(300, 2600), (Label.MACHINE, "spoke_without_pause")),
        (odds(machine=0.9, human=0.1), talk(1500, 1400), None),
        (odds(machine=0.9, human=0.1), talk(1500, 1800), (Label.MACHINE, "spoke_without_pause")),
        (odds(machine=0.79, human=0.21), talk(300, 2600), (Label.UNSURE, "still_talking")),
        (odds(machine=0.79, human=0.21), talk(300, 2500, 300), None),
        (odds(machine=0.99), talk(3000, 500), (Label.UNSURE, "still_talking")),
        (odds(machine=0.7), talk(300, 500, 2700), (Label.UNSURE, "no_clear_picture")),
        (odds(silence=0.9), talk(300, 3200), (Label.SILENCE, "only_noise")),
        (odds(music=0.7), talk(300, 3200), (Label.MUSIC, "music")),
        (odds(music=0.96), talk(300, 1700), (Label.MUSIC, "music")),
        (odds(music=0.96), talk(2000), (Label.MUSIC, "music")),
        (odds(music=0.94), talk(300, 1700), None),
        (odds(machine=0.99), talk(3400), None),
        (odds(machine=0.99), talk(3500), (Label.SILENCE, "nobody_spoke")),
        (odds(music=0.7), talk(3500), (Label.MUSIC, "music")),
    ],
)
def test_the_table_of_decisions(now: Odds, heard: Talk, expected: tuple[Label, str] | None) -> None:
    found = decide(now, heard)
    assert (found and (found.label, found.cause)) == expected


def test_one_syllable_that_sounds_like_a_machine_condemns_nobody() -> None:
    decision = Decision(AmdSettings(), LIMITS)
    doubt, certain = odds(machine=0.5, human=0.5), odds(machine=0.96, human=0.04)
    heard = talk(300, 1500)
    assert [decision.step(doubt, heard) for _ in range(STEADY_STEPS)] == [None] * STEADY_STEPS
    assert [decision.step(certain, heard) for _ in range(STEADY_STEPS - 1)] == [None] * (STEADY_STEPS - 1)
    found = decision.step(certain, heard)
    assert found is not None
    assert (found.label, found.confidence) == (Label.MACHINE, 0.96)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [([0.9], 0.9), ([0.2, 0.8], 0.5), ([0.0, 0.0], 0.0), ([1.0], 1.0), ([1.0, 0.0], 0.5)],
)
def test_steady_odds_are_the_mean_on_the_logistic_scale(steps: list[float], expected: float) -> None:
    assert steady(steps) == pytest.approx(expected, abs=1e-5)


def test_more_time_is_used_where_it_is_given() -> None:
    assert decide(odds(machine=0.9, human=0.1), talk(300, 3500), max_decision_s=6.0) is None
    found = decide(odds(machine=0.9, human=0.1), talk(300, 5100), max_decision_s=6.0)
    assert found is not None
    assert (found.label, found.at_ms) == (Label.MACHINE, 5400)


def test_a_short_patience_with_silence_ends_early() -> None:
    assert decide(odds(silence=1.0), talk(1900), initial_silence_s=2.0) is None
    found = decide(odds(silence=1.0), talk(2000), initial_silence_s=2.0)
    assert found is not None
    assert (found.label, found.at_ms) == (Label.SILENCE, 2000)


def test_runs_pauses_and_bridged_gaps_are_counted() -> None:
    heard = talk(500, 700, 200, 300, 600, 400, 100)
    assert (heard.onset_ms, heard.runs, heard.speech_ms) == (500, 2, 1400)
    assert (heard.first_run_ms, heard.longest_run_ms, heard.longest_pause_ms) == (1200, 1200, 600)
    assert (heard.quiet_ms, heard.at_ms) == (100, 2800)


@pytest.mark.parametrize(
    "wrong",
    [{"max_decision_s": 0.5}, {"max_decision_s": 11.0}, {"initial_silence_s": 0.0}, {"sensitivity": "bold"}],
)
def test_settings_nobody_can_mean_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        AmdSettings(**wrong)  # type: ignore[arg-type]


FIGURES = {
    "speech_s": 2.94, "run_s": 2.9, "quiet_s": 0.4, "runs": 3.0, "human": 0.03, "machine": 0.97,
    "music": 0.9, "silence": 0.95, "at_s": 1.2, "waited_s": 3.5,
}  # fmt: skip


@pytest.mark.parametrize("cause", CAUSES)
def test_every_cause_has_a_sentence_in_both_languages(cause: str) -> None:
    english, german = (sentence(cause, FIGURES, language) for language in ("en", "de"))
    assert english != german
    assert not any(mark in english + german for mark in "{}")


def test_numbers_are_spelt_as_each_language_does() -> None:
    found = decide(odds(machine=0.97, human=0.02), talk(300, 2900))
    assert found is not None
    assert found.sentence() == "spoke 2.9 s without a pause, recorded voice 0.97"
    assert found.sentence("de") == "sprach 2,9 s ohne Pause, Ansagestimme 0,97"


def test_verdicts_are_values() -> None:
    found = decide(odds(human=0.8), talk(300, 500, 400))
    assert found == decide(odds(human=0.8), talk(300, 500, 400))
    assert found is not None
    with pytest.raises(AttributeError):
        found.label = Label.MACHINE  # type: ignore[misc]
