"""The service's predictive pacing on a simulated floor, and the same with nothing left to learn.

``Oracle`` knows the scenario's distributions and the share of live answers at every moment, and steers like the
service: what better learning could gain at most.
"""

from __future__ import annotations

from collections.abc import Callable

from firmware.pacing.learned import Durations, Share
from firmware.pacing.predictive import Predictive, PredictiveSettings, Situation
from firmware.simulate.scenario import Scenario
from firmware.simulate.world import Day, Fates

_NO_LIMIT = 10**9
_SAMPLES = 20_000


def settings_of(scenario: Scenario) -> PredictiveSettings:
    """The predictive settings a campaign like the scenario would have."""
    limits, amd = scenario.limits, scenario.amd
    return PredictiveSettings(
        abandon_limit=limits.abandon_limit,
        hold_s=limits.hold_s,
        min_ring_s=limits.min_ring_s,
        ring_timeout_s=limits.ring_timeout_s,
        lines_per_agent=limits.lines_per_agent,
        false_positive=min(0.5, amd.false_positive) if amd.enabled else 0.0,
        expected_answers=20.0 * scenario.team.shift_h * scenario.team.agents,
    )


class Steered(Predictive):
    """The service's predictive pacing, asked as the floor asks."""

    reserves = False

    def __init__(self, scenario: Scenario) -> None:
        super().__init__(settings_of(scenario))
        self._days = 30 if scenario.limits.window == "30d" else 1
        self._shift_s = scenario.team.shift_h * 3600.0
        self._later_s = 0.0

    def begin_day(self, number: int, now: float) -> None:  # noqa: ARG002 - as every pacer is told
        """The legal window begins with the day, or with every thirtieth."""
        if number % self._days == 0:
            self.begin_window()
        self._later_s = (self._days - 1 - number % self._days) * self._shift_s

    def starts(self, lines_free: int, left_s: float, now: float) -> list[int | None]:
        """What the service would start."""
        situation = Situation(lines_free, _NO_LIMIT, left_s + self._later_s)
        return [None] * self.decide(situation, now).starts


class _Known(Durations):
    """Durations that are known: nothing is learned any more."""

    def __init__(self, like: Durations, draw: Callable[[], float | None]) -> None:
        super().__init__(like.bins, [0.0] * len(like.counts), 1e12)
        for _ in range(_SAMPLES):
            seconds = draw()
            if seconds is not None:
                super().add(seconds)

    def add(self, seconds: float) -> None:
        """Nothing new."""

    def add_cut_short(self, seconds: float, share: float) -> None:
        """Nothing new."""


class _Told(Share):
    """A share that is told, not learned."""

    def __init__(self, share: Callable[[], float]) -> None:
        super().__init__(0.5, 1.0)
        self._share = share

    def add(self, happened: float) -> None:
        """Nothing new."""

    def value(self) -> float:
        """The true share."""
        return self._share()


class Oracle(Steered):
    """Predictive pacing that knows the scenario."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__(scenario)
        self._scenario = scenario
        self._day = Day(scenario, scenario.run.seed, 0)
        self._now_s = 0.0
        self._know(Fates(scenario, scenario.run.seed, -1))

    def begin_day(self, number: int, now: float) -> None:
        """Look at the day's timetable."""
        super().begin_day(number, now)
        self._day, self._began = Day(self._scenario, self._scenario.run.seed, number), now

    def starts(self, lines_free: int, left_s: float, now: float) -> list[int | None]:
        """Predictive, with the clock told to the share."""
        self._now_s = now - self._began
        return super().starts(lines_free, left_s, now)

    def _live_now(self) -> float:
        return self._day.live_share(self._now_s)

    def _know(self, fates: Fates) -> None:
        learned = self._forecast
        live = self._scenario.answers.live
        drawn = [fates.draw(live) for _ in range(_SAMPLES)]
        again = iter(drawn)
        learned.until_ringing = _Known(learned.until_ringing, lambda: next(again).ring_s)
        learned.until_answer = _Known(
            learned.until_answer,
            _each([fate.ends_s - fate.ring_s for fate in drawn if fate.wanted and fate.ring_s is not None]),
        )
        learned.until_failure = _Known(
            learned.until_failure,
            _each(
                [fate.ends_s - fate.ring_s for fate in drawn if not fate.wanted and fate.ring_s is not None]
            ),
        )
        person = [fate.person for fate in drawn if fate.wanted]
        talks = [(fates.talk_s(each), fates.wrap_s(each)) for each in person]
        learned.talk = _Known(learned.talk, _each([talk for talk, _ in talks]))
        learned.wrap = _Known(learned.wrap, _each([wrap for _, wrap in talks]))
        unwanted = [fate for fate in drawn if not fate.wanted]
        rang = sum(fate.ring_s is not None for fate in unwanted) / max(1, len(unwanted))
        learned.rings = _Told(lambda: rang)
        picked = [fate for fate in drawn if fate.pick_up_s is not None]
        wanted = sum(fate.wanted for fate in picked) / max(1, len(picked))
        learned.picked = _Told(lambda: wanted)
        learned.live = _Told(self._live_now)
        learned.refresh()


def _each(values: list[float]) -> Callable[[], float | None]:
    """One after the other, then none."""
    left = iter(values)
    return lambda: next(left, None)
