"""The world of a scenario: what becomes of a dial, how long people talk, when agents come and go.

Everything left to chance is drawn here, from two streams: ``Day`` (drift and people's timetable) depends only on
seed and day, so every mode sees the same days; ``Fate`` is drawn dial by dial. Seconds since the day's start.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

from firmware.simulate.scenario import LogNormal, Scenario

_LOGIN_S = 600.0
_LOGOUT_S = 900.0
_LUNCH_S = 1800.0
_LUNCH_AT_S = (3.5 * 3600.0, 4.25 * 3600.0)
_PAUSE_EVERY_S = 2700.0
_PAUSE_S = 240.0
_TRIES = 200


def draw(random: Random, duration: LogNormal) -> float:
    """A duration within its bounds: cut at both ends."""
    return min(duration.most, max(duration.min, math.exp(random.gauss(duration.mu, duration.sigma))))


def draw_again(random: Random, duration: LogNormal) -> float:
    """A duration drawn again until it is within its bounds."""
    for _ in range(_TRIES):
        value = math.exp(random.gauss(duration.mu, duration.sigma))
        if duration.min <= value <= duration.most:
            return value
    return draw(random, duration)


@dataclass(frozen=True, slots=True)
class Timetable:
    """One agent's day: comes, has lunch (if the shift is long enough), goes; his pauses come from ``pauses``."""

    login_s: float
    lunch_s: float | None
    logout_s: float
    pauses: Random

    def next_pause_s(self, now_s: float) -> float:
        """When he next wants a pause."""
        return now_s + self.pauses.expovariate(1.0 / _PAUSE_EVERY_S)

    def pause_lasts_s(self) -> float:
        """How long it will be."""
        return self.pauses.expovariate(1.0 / _PAUSE_S)

    @staticmethod
    def lunch_lasts_s() -> float:
        """Half an hour."""
        return _LUNCH_S


class Day:
    """One day: who works when, and the share of live answers at each moment."""

    def __init__(self, scenario: Scenario, seed: int, day: int) -> None:
        random = Random(f"day {seed} {day}")
        self._scenario = scenario
        self.length_s = scenario.team.shift_h * 3600.0
        self._shares = self._draw_shares(random)
        self.timetables = [self._timetable(random, seed, day, n) for n in range(scenario.team.agents)]

    def _draw_shares(self, random: Random) -> list[float]:
        """The share of live answers, minute by minute."""
        drift, live = self._scenario.drift, self._scenario.answers.live
        minutes = math.ceil(self.length_s / 60.0) + 1
        self.change_s: float | None = None
        if not drift.enabled:
            return [live] * minutes
        factor = math.exp(random.gauss(0.0, drift.day_sigma))
        change = random.choice(drift.list_change) if drift.list_change else 1.0
        change_s = random.uniform(0.2, 0.8) * self.length_s
        if drift.list_change:
            self.change_s = change_s
        shares, low, high = [], *drift.live_clip
        quarter = 1.0
        for minute in range(minutes):
            if minute % 15 == 0:
                quarter = math.exp(random.gauss(0.0, drift.quarter_hour_sigma))
            hourly = drift.hourly[(minute // 60) % len(drift.hourly)]
            share = live * hourly * factor * quarter * (change if minute * 60.0 >= change_s else 1.0)
            shares.append(min(high, max(low, share)))
        return shares

    def _timetable(self, random: Random, seed: int, day: int, number: int) -> Timetable:
        pauses = Random(f"pauses {seed} {day} {number}")
        if not self._scenario.team.people:
            return Timetable(0.0, None, math.inf, pauses)
        login_s = min(random.uniform(0.0, _LOGIN_S), self.length_s / 4)
        logout_s = self.length_s - min(random.uniform(0.0, _LOGOUT_S), self.length_s / 4)
        lunch_s = _LUNCH_AT_S[number % 2]
        return Timetable(login_s, lunch_s if lunch_s + _LUNCH_S < logout_s else None, logout_s, pauses)

    def live_share(self, now_s: float) -> float:
        """Probability that a call dialled now reaches a live person."""
        return self._shares[min(int(now_s / 60.0), len(self._shares) - 1)]


@dataclass(slots=True)
class Fate:
    """What becomes of one dial. Times in seconds since dialling; None: does not happen.

    ``ring_s`` it begins to ring; ``pick_up_s`` somebody or something answers; ``ends_s`` it fails, or the verdict on
    who answered is there; ``person`` a live person; ``wanted`` an agent is asked for (a person, or a machine taken
    for one).
    """

    ring_s: float | None
    pick_up_s: float | None
    ends_s: float
    person: bool
    wanted: bool


class Fates:
    """Draws what becomes of dials."""

    def __init__(self, scenario: Scenario, seed: int, day: int) -> None:
        self._random = Random(f"fates {seed} {day}")
        self._answers = answers = scenario.answers
        self._amd = scenario.amd
        self._timeout_s = scenario.limits.ring_timeout_s
        self._handling = scenario.handling
        self._steps = (
            answers.machine,
            answers.machine + answers.no_answer,
            answers.machine + answers.no_answer + answers.busy,
        )

    def draw(self, live_share: float) -> Fate:
        """One dial."""
        random = self._random
        live = random.random() < live_share
        kind = 0.0 if live else random.random()
        if not live and kind >= self._steps[2]:
            return Fate(None, None, random.uniform(0.3, 1.5), False, False)
        delay = self._answers.post_dial_delay
        ring_s = delay.min + random.gammavariate(delay.gamma_k, delay.gamma_theta)
        if live:
            return self._answered(ring_s, draw_again(random, self._answers.human_ring), True)
        if kind < self._steps[0]:
            return self._answered(ring_s, self._machine_ring(), False)
        if kind < self._steps[1]:
            return Fate(ring_s, None, ring_s + self._timeout_s, False, False)
        if random.random() < 0.4:
            return Fate(None, None, ring_s, False, False)
        return Fate(ring_s, None, ring_s + min(random.uniform(3.0, 12.0), self._timeout_s), False, False)

    def _machine_ring(self) -> float:
        machine = self._answers.machine_ring
        if self._random.random() < machine.early_share:
            return self._random.uniform(*machine.early)
        return max(0.0, self._random.gauss(machine.mean, machine.sd))

    def _answered(self, ring_s: float, rings_s: float, person: bool) -> Fate:
        if rings_s > self._timeout_s:
            return Fate(ring_s, None, ring_s + self._timeout_s, False, False)
        picked_s = ring_s + rings_s
        if not self._amd.enabled:
            return Fate(ring_s, None, picked_s, person, person)
        random, amd = self._random, self._amd
        listens_s = random.uniform(*(amd.human_delay if person else amd.machine_delay))
        errs = random.random() < (amd.false_positive if person else amd.false_negative)
        return Fate(ring_s, picked_s, picked_s + listens_s, person, person is not errs)

    def talk_s(self, person: bool) -> float:
        """How long an agent talks."""
        return draw(self._random, self._handling.talk) if person else self._random.uniform(4.0, 8.0)

    def wrap_s(self, person: bool) -> float:
        """How long he wraps up."""
        return draw(self._random, self._handling.wrap) if person else self._random.uniform(2.0, 5.0)
