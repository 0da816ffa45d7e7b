"""Keeping the abandoned share of the legal window just under its limit, by whole calls.

``theta`` is the risk that one more call may carry. It is no setting: each person served moves it up a little, each
abandoned one moves it down, so that abandons happen at the rate wanted whatever errors the forecast has. The rate
wanted is what is left of the window's budget over the answers still to come; with less than one whole call left it
is zero, and only one call per idle agent is dialled. People whom the machine detection took for machines are charged
in advance, by the rate at which it is known to err.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

THETA_FIRST = 0.01
THETA_MAX = 0.6
THETA_MIN = 1e-4
_GAIN = 1.3
"""One abandon moves theta by this over the root of the answers expected: many answers, calm steering."""
_LEAST_GAIN, _MOST_GAIN = 0.02, 0.06
_MOST_FACTOR = 3.0
"""However much of the budget is left, theta is not raised by more."""
_SURE = 0.95
"""Part of the answers still to come that is counted on."""
_RESERVE_CALLS = 0.2
_RECENT = 1.0 / 16.0
"""Half-life of recent answers, as a part of those expected in the window: half an hour of an eight-hour day."""
_BRAKE = 0.8
_HIDDEN_DEVIATIONS = 1.3
_WINDOW_COUNTS = 10.0
"""A window with fewer answers says nothing about the next."""


@dataclass(frozen=True, slots=True)
class SteeringSettings:
    """``limit`` and ``false_positive`` are shares of live answers, ``expected_answers`` a first guess per window."""

    limit: float
    false_positive: float = 0.0
    expected_answers: float = 400.0


@dataclass(frozen=True, slots=True)
class Course:
    """What steering says now: the risk allowed, abandons per answer wanted, whole calls that may still be lost."""

    theta: float
    rate: float
    credit: float


class Steering:
    """Counts the answers of the legal window and says how much risk the next call may carry."""

    def __init__(self, settings: SteeringSettings) -> None:
        self._settings = settings
        self.theta = THETA_FIRST
        self.answers = 0.0
        self.abandoned = 0.0
        self.expected = settings.expected_answers
        self._recent = _Recent()
        self._rate = settings.limit
        self._pace = _Pace()

    def begin_window(self, answers: float = 0.0, abandoned: float = 0.0) -> None:
        """A new legal window begins, or the old one is counted anew."""
        if self.answers >= _WINDOW_COUNTS and answers < self.answers / 2:
            self.expected = self.answers
        self.answers, self.abandoned = float(answers), float(abandoned)
        self._pace.rest()

    def tick(self, now: float, dialling: bool) -> None:
        """Time passes; only time with agents at work counts for the pace of answers."""
        self._pace.tick(now, dialling)

    def outcome(self, abandoned: bool) -> None:
        """One live answer was served or abandoned."""
        unseen = self._settings.false_positive / (1.0 - self._settings.false_positive)
        self.answers += 1.0 + unseen
        self.abandoned += unseen
        self._pace.answer()
        self._recent.add(abandoned, self.expected * _RECENT)
        self.abandoned += abandoned
        limit = self._settings.limit
        least = 0.2 * limit
        wanted = min(max(self._rate, least), 0.3)
        gain = min(_MOST_GAIN, max(_LEAST_GAIN, _GAIN / math.sqrt(self.expected)))
        gain *= limit / max(
            min(self._rate, limit), least
        )  # rare abandons must teach as fast as frequent ones
        self.theta = min(THETA_MAX, max(THETA_MIN, self.theta * math.exp(gain * (wanted - abandoned))))

    def was_machine(self) -> None:
        """A served answer turned out to be no person: it does not count in the share."""
        self.answers = max(0.0, self.answers - 1.0)

    def course(self, left_s: float | None) -> Course:
        """``left_s``: seconds until this window's dialling ends; None if nobody knows."""
        left = self._answers_left(left_s)
        credit = self._credit(left)
        if credit < 1.0:
            self._rate = 0.0
            return Course(0.0, 0.0, credit)
        limit, share = self._settings.limit, self._settings.false_positive
        self._rate = max(credit - _RESERVE_CALLS, 0.0) / max(left, 1.0)
        factor = self._rate / max(limit - share, 0.3 * limit)
        calm = credit * (0.67 + 400.0 / self.expected)  # the last calls are not risked all at once
        factor = min(factor, _MOST_FACTOR, calm) * self._recent.brake(limit)
        return Course(min(THETA_MAX, self.theta * factor), self._rate, credit)

    def _credit(self, left: float) -> float:
        """Calls that may still be lost; kept aside is what one call per idle agent loses by itself, and chance."""
        sure = max(0.0, left * _SURE - 0.5 * math.sqrt(left))
        budget = self._settings.limit * (self.answers + sure)
        aside = 0.2 + min(0.5, 0.004 * left) + 0.0003 * self.answers
        return budget - aside - self.abandoned - self._hidden(left)

    def _answers_left(self, left_s: float | None) -> float:
        if left_s is None:
            return max(self.expected - self.answers, 0.1 * self.answers, 30.0)
        return self._pace.per_s(self.expected) * max(0.0, _taper(left_s))

    def _hidden(self, left: float) -> float:
        """People taken for machines: those still to come, and room for more than expected."""
        share = self._settings.false_positive
        return share * left + _HIDDEN_DEVIATIONS * math.sqrt(share * (self.answers + left))

    def state(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "theta": self.theta,
            "answers": self.answers,
            "abandoned": self.abandoned,
            "expected": self.expected,
            "pace": [self._pace.answers, self._pace.seconds],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over an earlier ``state()``."""
        self.theta = min(THETA_MAX, max(THETA_MIN, float(state.get("theta", self.theta))))
        self.answers = max(0.0, float(state.get("answers", 0.0)))
        self.abandoned = max(0.0, float(state.get("abandoned", 0.0)))
        self.expected = max(1.0, float(state.get("expected", self.expected)))
        pace = state.get("pace", [0.0, 0.0])
        self._pace.answers, self._pace.seconds = (max(0.0, float(v)) for v in pace)


class _Recent:
    """The last answers, forgetting: a burst of abandons (a new list, say) is made good soon, not by evening."""

    def __init__(self) -> None:
        self._answers = self._abandoned = 0.0

    def add(self, abandoned: bool, half_life: float) -> None:
        """One live answer."""
        keep = 0.5 ** (1.0 / max(half_life, 10.0))
        self._answers = self._answers * keep + 1.0
        self._abandoned = self._abandoned * keep + abandoned

    def brake(self, limit: float) -> float:
        """1, or less where recent abandons are above the limit by more than chance."""
        usual = limit * self._answers
        deviations = (self._abandoned - usual) / math.sqrt(usual + 0.3)
        return math.exp(-_BRAKE * max(0.0, deviations - 1.0))


_GO_HOME_S = 900.0


def _taper(left_s: float) -> float:
    """Seconds of full work in the time left: towards the end of a shift people go home one by one."""
    return left_s - _GO_HOME_S / 2 if left_s > _GO_HOME_S else left_s * left_s / (2 * _GO_HOME_S)


class _Pace:
    """Live answers per second of work, forgetting half in half an hour."""

    _HALF_S = 1800.0
    _PRIOR_S = 300.0
    _DAY_S = 28800.0

    def __init__(self) -> None:
        self.answers = 0.0
        self.seconds = 0.0
        self._at: float | None = None

    def rest(self) -> None:
        """The clock may jump before the next tick."""
        self._at = None

    def tick(self, now: float, dialling: bool) -> None:
        """Count the time since the last tick, unless it is a jump."""
        since = now - self._at if self._at is not None else 0.0
        self._at = now
        if dialling and 0.0 < since < 60.0:
            keep = 0.5 ** (since / self._HALF_S)
            self.answers *= keep
            self.seconds = self.seconds * keep + since

    def answer(self) -> None:
        """Count one."""
        self.answers += 1.0

    def per_s(self, expected: float) -> float:
        """The pace; before anything was seen, ``expected`` answers in an eight-hour day."""
        prior = expected / self._DAY_S * self._PRIOR_S
        return (self.answers + prior) / (self.seconds + self._PRIOR_S)
