"""The ears as the box sets them up keep the numbers, and say the same as the analyser alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dsp import AmdModel, AmdSettings, Analyser, Odds, TrackPoint, Verdict
from dsp.amd import steady
from firmware.ears import Judge, judge_of
from firmware.feedback.kept import AT_LAST, PEAK, kept
from firmware.trunks.base import ListenSettings

SPEECHLIKE = (np.random.default_rng(1).normal(0, 3000, 32000) * np.tile(np.hanning(2000), 16)).astype(
    np.int16
)


def verdict_of(judge: Judge, samples: np.ndarray) -> Verdict:
    judge.answered()
    found = [event for event in judge.feed(samples) if isinstance(event, Verdict)]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("samples", [SPEECHLIKE, np.zeros(32000, np.int16)], ids=["sound", "silence"])
def test_verdicts_carry_the_numbers_and_nothing_else_changes(samples: np.ndarray) -> None:
    plain = verdict_of(Analyser(AmdSettings(digits=True)), samples)
    kept = verdict_of(judge_of(ListenSettings()), samples)
    more = {name: kept.figures[name] for name in kept.figures.keys() - plain.figures.keys()}
    time_up = plain.at_ms >= 3500 or "at_last" in plain.figures
    assert set(more) == {"machine_peak"} | ({"machine_at_last"} if time_up else set())
    assert all(0.0 <= value <= 1.0 for value in more.values())
    assert (kept.label, kept.confidence, kept.at_ms) == (plain.label, plain.confidence, plain.at_ms)
    assert kept.sentence("de") == plain.sentence("de")


def test_with_detection_off_there_is_no_verdict_to_keep_anything_with() -> None:
    judge = judge_of(ListenSettings(amd=False))
    judge.answered()
    assert [event for event in judge.feed(SPEECHLIKE) if isinstance(event, Verdict)] == []


def test_a_model_that_settles_early_keeps_the_odds_of_that_step_as_the_last() -> None:
    limits = replace(AmdModel.default().card.limits["balanced"], machine_speech_ms=100, settle_before_ms=600)
    track = [
        TrackPoint(at, -20.0, Odds(1.0 - odds, odds, 0.0, 0.0, 0.9)) for at, odds in ((100, 0.4), (200, 0.8))
    ]
    both = pytest.approx(steady([0.4, 0.8]), abs=1e-4)
    assert kept(track, 3.5, limits) == {PEAK: both}
    assert kept(track, 3.5, limits, settled=True) == {PEAK: pytest.approx(0.4, abs=1e-4), AT_LAST: both}
