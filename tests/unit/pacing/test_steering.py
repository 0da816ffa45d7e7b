"""Steering: whole calls, never gates, and a window that ends under its limit."""

from __future__ import annotations

from random import Random

import pytest

from firmware.pacing.steering import Steering, SteeringSettings


def steering(**changes: float) -> Steering:
    return Steering(SteeringSettings(**{"limit": 0.03, **changes}))


def a_day(steer: Steering, answers: int, random: Random, slope: float) -> float:
    """A day in which an answer is abandoned with probability ``slope`` x theta; returns the abandoned share."""
    steer.begin_window()
    length_s, abandoned = 8 * 3600.0, 0
    for number in range(answers):
        now = number * length_s / answers
        for part in range(4):
            steer.tick(now - (3 - part) * length_s / answers / 4, True)
        lost = random.random() < slope * steer.course(length_s - now).theta
        abandoned += lost
        steer.outcome(lost)
    return abandoned / answers


@pytest.mark.parametrize("answers", [300, 2000])
@pytest.mark.parametrize("slope", [0.3, 1.0, 3.0])
def test_whatever_the_forecast_errs_the_window_ends_just_under_the_limit(answers: int, slope: float) -> None:
    """After four days of learning; 20 days, of which 5 % may be over."""
    steer, random = steering(expected_answers=answers), Random(7)
    for _ in range(4):
        a_day(steer, answers, random, slope)
    shares = [a_day(steer, answers, random, slope) for _ in range(20)]
    assert sum(share > 0.03 for share in shares) <= 1
    assert sum(shares) / 20 > 0.022


def test_no_whole_call_left_means_no_risk() -> None:
    steer = steering()
    steer.begin_window(answers=100, abandoned=3)
    assert steer.course(60.0).theta == 0.0
    steer.begin_window(answers=1000, abandoned=3)
    assert steer.course(60.0).theta > 0.0


def test_without_a_known_end_the_last_window_says_how_many_answers_will_come() -> None:
    steer = steering(expected_answers=400.0)
    assert steer.course(None).credit == pytest.approx(400 * 0.03, rel=0.2)
    for _ in range(1000):
        steer.outcome(False)
    steer.begin_window()
    assert steer.course(None).credit == pytest.approx(1000 * 0.03, rel=0.2)


def test_a_window_hardly_begun_says_nothing_about_the_next() -> None:
    steer = steering(expected_answers=400.0)
    steer.outcome(False)
    steer.begin_window()
    assert steer.course(None).credit > 5.0


def test_a_burst_of_abandons_brakes_at_once() -> None:
    calm, burst = steering(expected_answers=4000.0), steering(expected_answers=4000.0)
    for number in range(400):
        calm.outcome(number % 20 == 0)
        burst.outcome(number >= 380)
    assert burst.state()["abandoned"] == calm.state()["abandoned"]
    assert burst.course(7 * 3600.0).theta < 0.5 * calm.course(7 * 3600.0).theta


def test_false_positives_leave_less_to_lose() -> None:
    exact, errs = steering(), steering(false_positive=0.02)
    assert errs.course(None).credit < 0.5 * exact.course(None).credit
