"""What another preset would have made of a verdict, checked against the decision itself run with that preset."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsp import AmdSettings, Odds, TrackPoint, Verdict
from dsp.amd import HEARD, Decision, Limits
from dsp.talk import Talk
from firmware.feedback.kept import kept
from firmware.feedback.replay import Outcome, outcome, replay
from firmware.model import AmdLabel

CAREFUL = Limits(0.98, 0.96, 0.85, 0.985, 400, 1500)
BALANCED = Limits(0.98, 0.88, 0.85, 0.985, 400, 1500)
EAGER = Limits(0.95, 0.75, 0.85, 0.985, 400, 1500)
ALL = (CAREFUL, BALANCED, EAGER)
SETTINGS = AmdSettings()


def decided(call: Sequence[Odds], limits: Limits) -> tuple[Verdict, dict[str, float]]:
    """The verdict on a call, a step of 100 ms each, and the figures kept with it."""
    talk, decision, track = Talk(), Decision(SETTINGS, limits), []
    for odds in call:
        talk.step([odds.speech >= HEARD] * 10)
        track.append(TrackPoint(talk.at_ms, -20.0, odds))
        verdict = decision.step(odds, talk)
        if verdict is not None:
            return verdict, {**verdict.figures, **kept(track, SETTINGS.max_decision_s, limits)}
    raise AssertionError("a call is always judged in the end")


def heard(human: float, machine: float, noise: float, *, speech: bool) -> Odds:
    left = 1 - machine
    person = human * left
    silence = noise * (left - person)
    return Odds(person, machine, left - person - silence, silence, 0.9 if speech else 0.1)


near = st.sampled_from([0.0, 0.5, 0.7499, 0.75, 0.8801, 0.9499, 0.95, 0.96, 0.97999, 0.98, 0.9999])
steps = st.builds(heard, st.floats(0, 1), near, st.floats(0, 1), speech=st.sampled_from([True, True, False]))
calls = st.lists(steps, min_size=35, max_size=35)


@given(calls, st.sampled_from(ALL), st.sampled_from(ALL))
def test_the_replay_says_what_the_decision_would_have_said(
    call: list[Odds], own: Limits, other: Limits
) -> None:
    verdict, figures = decided(call, own)
    made = replay(AmdLabel(verdict.label.value), figures, own, other, same=own == other)
    really = outcome(AmdLabel(decided(call, other)[0].label.value))
    assert made in (really, Outcome.UNKNOWN)
    if own == other:
        assert made == really
    if made is Outcome.UNKNOWN:
        assert verdict.label == "machine"


@given(calls)
def test_a_looser_preset_is_always_known(call: list[Odds]) -> None:
    for own, other in ((CAREFUL, BALANCED), (CAREFUL, EAGER), (BALANCED, EAGER)):
        verdict, figures = decided(call, own)
        assert replay(AmdLabel(verdict.label.value), figures, own, other, same=False) is not Outcome.UNKNOWN


def test_numbers_are_cut_so_that_rounding_meets_no_limit() -> None:
    talker = heard(0.0, 0.97999999, 0.0, speech=True)
    _, figures = decided([talker] * 35, BALANCED)
    assert figures["machine"] == 0.98  # as it is shown
    assert (figures["machine_peak"], figures["machine_at_last"]) == (0.9799, 0.9799)
    assert replay(AmdLabel.MACHINE, figures, BALANCED, CAREFUL, same=False) is Outcome.MACHINE


def test_a_machine_called_early_may_be_anything_under_a_stricter_preset() -> None:
    verdict, figures = decided([heard(0.0, 0.96, 0.0, speech=True)] * 35, EAGER)
    assert (verdict.label, verdict.at_ms) == ("machine", 1500)
    assert replay(AmdLabel.MACHINE, figures, EAGER, CAREFUL, same=False) is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("verdict", "figures", "same", "made"),
    [
        (AmdLabel.MACHINE, {"at_s": 2.0}, False, Outcome.MACHINE),
        (AmdLabel.INTERCEPT, {"at_s": 2.0}, False, Outcome.MACHINE),
        (AmdLabel.HUMAN, {"machine": 0.1}, False, Outcome.UNKNOWN),
        (AmdLabel.HUMAN, {"machine": 0.1}, True, Outcome.AGENT),
        (AmdLabel.SILENCE, {"waited_s": 3.5}, False, Outcome.UNKNOWN),
        (AmdLabel.UNSURE, {}, False, Outcome.AGENT),
    ],
)
def test_tones_and_verdicts_without_kept_numbers(
    verdict: AmdLabel, figures: dict[str, float], same: bool, made: Outcome
) -> None:
    assert replay(verdict, figures, BALANCED, EAGER, same=same) is made


def test_presets_that_hear_people_differently_are_not_compared() -> None:
    other = Limits(0.98, 0.88, 0.80, 0.985, 400, 1500)
    figures = {"machine": 0.1, "machine_peak": 0.1}
    assert replay(AmdLabel.HUMAN, figures, BALANCED, other, same=False) is Outcome.UNKNOWN
    assert replay(AmdLabel.HUMAN, figures, None, BALANCED, same=False) is Outcome.UNKNOWN
