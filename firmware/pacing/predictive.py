"""Predictive dialling: start one more call while the risk that its answer meets no free agent is small enough.

``Predictive`` is told what happens (events), asked how many calls to start (``decide``) and which ringing calls may be
given up (``give_up``). It has no clock: every event and question brings ``now``, in seconds of any clock that runs on;
one that jumps does no harm. What it learned and where it stands in the legal window is ``state()``, plain JSON, to be
kept per campaign and given back after a restart; calls and agents are then told anew. Placing calls, choosing
contacts, the moment of ``begin_window`` and the announcement to the abandoned are the caller's.

* ``forecast`` knows how likely answers and free agents are over the next seconds;
* ``steering`` knows how much risk a call may carry (``theta``), from the outcome of every live answer;
* ``told`` takes the events in; ``floor`` knows who is where.

Never fewer calls than one per idle agent, as far as lines and calls per second allow.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from firmware.pacing.floor import Agent, Call, Doing, Phase
from firmware.pacing.forecast import Forecast, Outlook
from firmware.pacing.progressive import PacingAnswer
from firmware.pacing.steering import Course, Steering, SteeringSettings
from firmware.pacing.told import GIVEN_UP, Told

__all__ = ["GIVEN_UP", "Predictive", "PredictiveSettings", "Situation"]

VERSION = 1
_REFRESH_S = 60.0
_STALE_S = 600.0
_WORTH_IT = 40
"""Tables are built anew after so many events, not more often than the one and not later than the other."""
_LEAVING_S = 25.0
"""Whoever leaves within this time is no longer counted on, and gets no call of his own: it would ring longer."""
_LOOK_AGAIN_S = 2.0
_FAR_TOO_HIGH = 3.0
_PER_TICK = 6
_HALF_LIFE = 220.0
"""Half-life of the share of live answers, in dials, at one dial per second; it goes with the root of their rate,
which balances chance against drift."""


@dataclass(frozen=True, slots=True)
class PredictiveSettings:
    """Limits of one campaign (of all campaigns that share a legal limit and their agents).

    ``abandon_limit``: abandoned per live answer in the legal window. ``hold_s``: a person waits this long for an agent
    at most. ``min_ring_s``: no ringing call is given up before. ``lines_per_agent``: calls without an agent per agent
    at work. ``false_positive``: share of people whom the machine detection takes for machines, charged as abandoned.
    ``expected_answers``: first guess of live answers per window.
    """

    abandon_limit: float = 0.03
    hold_s: float = 2.0
    min_ring_s: float = 15.0
    ring_timeout_s: float = 25.0
    lines_per_agent: float = 8.0
    false_positive: float = 0.0
    give_up: bool = True
    give_up_risk: float = 0.2
    expected_answers: float = 400.0


@dataclass(frozen=True, slots=True)
class Situation:
    """What pacing cannot know from events, at the moment of asking."""

    lines_free: int
    """Lines that a new call may take now."""
    call_budget: int
    """Calls that the limit of calls per second still allows in this tick."""
    window_left_s: float | None = None
    """Seconds until this campaign stops dialling in the present legal window; None: nobody knows."""
    calls_elsewhere: int = 0
    """Calls without an agent that others (another campaign, a queue) have under way for the same agents."""
    callbacks_due: Collection[Agent] = ()
    """Agents for whom a personal callback is due: they are left to it, one to one."""


@dataclass(slots=True)
class _Count:
    """The floor at one moment."""

    idle: int
    waiting: int
    open_calls: int
    rows: list[int]
    """Rows of the forecast's table: busy agents and calls without an agent."""
    at_work: int


class Predictive(Told):
    """The pacing of one predictive campaign."""

    def __init__(self, settings: PredictiveSettings, state: Mapping[str, Any] | None = None) -> None:
        self.settings = settings
        steering = SteeringSettings(
            limit=settings.abandon_limit,
            false_positive=settings.false_positive,
            expected_answers=settings.expected_answers,
        )
        super().__init__(
            Forecast(settings.hold_s, settings.ring_timeout_s, settings.min_ring_s, settings.give_up),
            Steering(steering),
        )
        self._refreshed_at: float | None = None
        self._dials_per_s = 0.1
        self._course = Course(0.0, 0.0, 0.0)
        self._outlook = Outlook([], [])
        self._room = 0.0
        self._asked: Situation | None = None
        self._asked_at = 0.0
        self._answer = PacingAnswer(0, "nobody_ready", {})
        if state and state.get("version") == VERSION:
            self._steering.restore(state.get("steering", {}))
            self._forecast.restore(state.get("learned", {}))

    def state(self) -> dict[str, Any]:
        """What must survive a restart, as plain JSON values."""
        return {"version": VERSION, "steering": self._steering.state(), "learned": self._forecast.state()}

    # -- questions ---------------------------------------------------------------------------------------------

    def decide(self, situation: Situation, now: float) -> PacingAnswer:
        """How many calls to start now, what holds the next one back, and the figures behind it.

        Reasons: ``risk_too_high`` the next answer might meet no agent; ``budget_spent`` no whole call may be lost any
        more in this window, one call per idle agent only; ``calls_per_tick`` enough for one tick; ``lines_per_agent``,
        ``no_lines``, ``calls_per_second`` that limit; ``nobody_ready`` nobody at work.
        """
        if self._may_wait(situation, now):
            return self._answer
        self._refresh(now)
        self._asked, self._asked_at, self._news = situation, now, False
        count = self._look(situation, now)
        self._steering.tick(now, count.at_work > 0)
        self._course = self._steering.course(situation.window_left_s)
        starts, reason, risk = self._how_many(situation, count, self._outlook)
        self._answer = PacingAnswer(starts, reason, self._figures(count, starts, risk))
        return self._answer

    def _may_wait(self, situation: Situation, now: float) -> bool:
        """Nothing has happened since the last question and its risk was far too high: a second will not change it."""
        figures, asked = self._answer.figures, self._asked
        return (
            not self._news
            and self._answer.reason in ("risk_too_high", "budget_spent")
            and self._answer.starts == 0
            and 0.0 <= now - self._asked_at < _LOOK_AGAIN_S
            and figures.get("risk", 0.0) > _FAR_TOO_HIGH * figures.get("theta", 1.0)
            and asked is not None
            and asked.calls_elsewhere == situation.calls_elsewhere
            and asked.callbacks_due == situation.callbacks_due
        )

    def _refresh(self, now: float) -> None:
        since = math.inf if self._refreshed_at is None else abs(now - self._refreshed_at)
        if since < _REFRESH_S or (since < _STALE_S and self._resolved < _WORTH_IT):
            return
        self._resolved = 0
        self._forecast.refresh()
        self._refreshed_at = now
        if since < 2 * _STALE_S:
            weight = 1.0 - 0.5 ** (since / 300.0)
            self._dials_per_s += weight * (self._dials / since - self._dials_per_s)
            half_life = _HALF_LIFE * math.sqrt(self._dials_per_s)
            self._forecast.live.follow(min(400.0, max(40.0, half_life)))
        self._dials = 0

    def _count(self, situation: Situation, now: float) -> _Count:
        talks: list[float] = []
        wraps: list[float] = []
        idle, due, idle_doing, talk_doing = 0, situation.callbacks_due, Doing.IDLE, Doing.TALK
        for name, agent in self._floor.agents.items():
            if agent.reserved or (due and name in due):
                continue
            leaves_s = math.inf if agent.leaves_at is None else agent.leaves_at - now
            if leaves_s <= _LEAVING_S:
                continue
            if agent.doing is idle_doing:
                idle += 1
            else:
                (talks if agent.doing is talk_doing else wraps).append(now - agent.since)
        waiting, calls, open_calls = self._count_calls(now)
        forecast = self._forecast
        rows = forecast.talk_rows(talks) + forecast.wrap_rows(wraps) + calls
        return _Count(idle, waiting, open_calls, rows, len(self._floor.agents))

    def _count_calls(self, now: float) -> tuple[int, list[int], int]:
        ringing: list[float] = []
        dialling: list[float] = []
        waiting = picked = 0
        ring_phase, dial_phase, wait_phase = Phase.RINGING, Phase.DIALLING, Phase.WAITING
        for call in self._floor.calls.values():
            if call.agent is not None:
                continue
            if call.phase is ring_phase:
                ringing.append(now - call.since)
            elif call.phase is dial_phase:
                dialling.append(now - call.since)
            elif call.phase is wait_phase:
                waiting += 1
            else:
                picked += 1
        forecast = self._forecast
        rows = forecast.dialling_rows(dialling) + forecast.ringing_rows(ringing)
        rows += [forecast.PICKED_UP_ROW] * picked
        return waiting, rows, len(rows) + waiting

    def _how_many(self, situation: Situation, count: _Count, outlook: Outlook) -> tuple[int, str, float]:
        own = math.ceil(self.settings.lines_per_agent * count.at_work) - count.open_calls
        caps = {
            "no_lines": situation.lines_free,
            "calls_per_second": situation.call_budget,
            "lines_per_agent": own,
            "calls_per_tick": max(_PER_TICK, count.idle),
        }
        holding = min(caps, key=lambda reason: caps[reason])
        most = max(0, caps[holding])
        if count.at_work == 0:
            return 0, "nobody_ready", 1.0
        starts = 0
        while True:
            risk = self._forecast.risk(outlook, self._room)
            floor = count.open_calls + situation.calls_elsewhere + starts < count.idle
            if risk > self._course.theta and not floor:
                return starts, "risk_too_high" if self._course.theta > 0.0 else "budget_spent", risk
            if starts >= most:
                return starts, holding, risk
            starts += 1
            outlook = outlook.plus(self._forecast.new_call)

    def _figures(self, count: _Count, starts: int, risk: float) -> dict[str, float]:
        steering = self._steering
        return {
            "ready": count.idle,
            "waiting": count.waiting,
            "calls_without_agent": count.open_calls,
            "risk": risk,
            "theta": self._course.theta,
            "credit": self._course.credit,
            "answers": steering.answers,
            "abandoned": steering.abandoned,
            "live_share": self._forecast.live.value(),
            "starts": starts,
        }

    def give_up(self, now: float) -> list[Call]:
        """Ringing calls whose answer would now meet nobody, to be ended; tell ``failed(call, now, GIVEN_UP)`` then.

        Never a call that has rung for less than the legal minimum, nor one dialled for an agent of its own, nor any
        while an agent is free. Ask before ``decide``, which may then start others in their place.
        """
        if self._asked is None or not self.settings.give_up:
            return []
        least_s = self.settings.min_ring_s
        old = [
            (now - call.since, name)
            for name, call in self._floor.calls.items()
            if call.phase is Phase.RINGING and call.agent is None and now - call.since >= least_s
        ]
        if not old or self._anyone_free(self._asked):
            return []
        if self._news:
            self._look(self._asked, now)
        if self._room > 0:
            return []
        return [name for age_s, name in old if self._hopeless(self._outlook, age_s)]

    def _anyone_free(self, situation: Situation) -> bool:
        """Whether more agents are idle than people wait for one."""
        idle = sum(agent.doing is Doing.IDLE and not agent.reserved for agent in self._floor.agents.values())
        waiting = sum(call.phase is Phase.WAITING for call in self._floor.calls.values())
        return idle > waiting + situation.calls_elsewhere

    def _look(self, situation: Situation, now: float) -> _Count:
        """Look at the floor anew."""
        count = self._count(situation, now)
        self._room = count.idle - count.waiting - situation.calls_elsewhere
        self._outlook = self._forecast.outlook(count.rows)
        return count

    def _hopeless(self, outlook: Outlook, age_s: float) -> bool:
        """Whether an answer within the next second would probably meet no free agent."""
        q = self._forecast.soon(self._forecast.ringing_rows([age_s])[0])
        mean, variance = outlook.mean[1] - q, outlook.variance[1] - q * (1.0 - q)
        z = (self._room - 0.5 - mean) / math.sqrt(max(variance, 1e-6))
        return 0.5 * math.erfc(z * math.sqrt(0.5)) > self.settings.give_up_risk
