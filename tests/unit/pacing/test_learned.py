"""What is learned: durations that forget, shares that jump when the list changes, both through JSON."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.pacing.learned import Durations, Share, edges

BINS = edges(1.0, 60.0, 1.05, 3600.0)


def durations(half_life: float = 400.0) -> Durations:
    return Durations(BINS, [0.1] * (len(BINS) - 1), half_life)


@given(st.lists(st.floats(-100.0, 1e7), max_size=50))
def test_survival_falls_from_one_and_is_never_zero(seconds: list[float]) -> None:
    learned = durations()
    for each in seconds:
        learned.add(each)
    survival = learned.survival(np.arange(0.0, 4000.0, 7.0))
    assert survival[0] == pytest.approx(1.0)
    assert (np.diff(survival) <= 1e-12).all()
    assert survival[-1] > 0.0


def test_durations_are_learned_and_forgotten() -> None:
    learned = durations(half_life=50.0)
    for _ in range(500):
        learned.add(20.0)
    assert learned.mean_s() == pytest.approx(20.5, abs=2.0)
    for _ in range(500):
        learned.add(200.0)
    assert learned.mean_s() == pytest.approx(200.0, abs=8.0)


def test_a_duration_cut_short_moves_only_what_is_beyond_it() -> None:
    learned = durations()
    for seconds in range(60):
        learned.add(seconds)
    before = learned.survival(np.array([10.0, 40.0]))
    for _ in range(30):
        learned.add_cut_short(30.0, 1.0)
    after = learned.survival(np.array([10.0, 40.0]))
    assert (after > before).all()


def test_weights_stay_finite_over_a_million_events() -> None:
    learned = durations(half_life=20.0)
    for _ in range(5000):
        learned.add(5.0)
    assert all(math.isfinite(count) for count in learned.counts)
    assert json.loads(json.dumps(learned.state()))["counts"]


def test_a_table_of_another_shape_is_left_alone() -> None:
    learned = durations()
    before = learned.state()
    learned.restore({"counts": [1.0, 2.0]})
    learned.restore({})
    assert learned.state() == before


def test_a_share_follows_slowly_down_and_jumps_up() -> None:
    share = Share(0.25, 10.0, half_life=200.0)
    for number in range(2000):
        share.add(float(number % 8 == 0))
    assert share.value() == pytest.approx(0.125, abs=0.02)
    for number in range(25):
        share.add(float(number % 2))
    assert share.value() > 0.3
    for _ in range(25):
        share.add(0.0)
    assert share.value() > 0.1


def test_a_share_goes_through_json_and_refuses_nonsense() -> None:
    share = Share(0.25, 10.0)
    for number in range(30):
        share.add(float(number % 3 == 0))
    again = Share(0.5, 1.0)
    again.restore(json.loads(json.dumps(share.state())))
    assert again.value() == share.value()
    again.restore({"yes": -1.0, "no": 0.0})
    again.restore({"yes": 0.0, "no": 0.0, "quick_yes": 0.0, "quick_no": 0.0})
    assert again.value() == share.value()
