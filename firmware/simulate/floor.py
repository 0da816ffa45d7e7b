"""One simulated day on the floor: events in order of time, agents who come and go, calls that find one or do not.

A pacer is told all that happens and asked how many calls to start, as in the service: every tick, and at once when
a call has failed or an agent is free and some idle agent has no call on its way. Whoever has been idle longest gets
the next call; a person who meets nobody within the hold time is abandoned. An idle agent who wants
to leave does so at once, a busy one after his wrap-up. Whatever is still under way when the shift ends is finished,
nothing new is dialled.
"""

from __future__ import annotations

import heapq
import math
from collections import deque
from collections.abc import Callable, Hashable
from typing import Any

from firmware.simulate.pacers import Pacer
from firmware.simulate.scenario import Scenario
from firmware.simulate.steered import Steered
from firmware.simulate.tally import Tally
from firmware.simulate.world import Day, Fate, Fates, Timetable

DAY_S = 86400.0
_TIMED_EVERY = 10
"""Asking for processor time costs as much as a simple decision, so only some are timed."""
SOON_S = 0.02
"""The service waits so long for more to happen before it asks between ticks."""


class _Agent:
    """One agent of the day."""

    __slots__ = ("call", "doing", "number", "since", "timetable", "wants_s")

    def __init__(self, number: int, timetable: Timetable) -> None:
        self.number = number
        self.timetable = timetable
        self.doing = "out"
        self.since = 0.0
        self.wants_s = 0.0
        """How long he will be away once he can go; 0: he stays, infinite: he goes home."""
        self.call: _Call | None = None


class _Call:
    """One call; ``open`` until it has ended, been abandoned or met its agent."""

    __slots__ = ("fate", "number", "open", "picked_up", "ringing_at")

    def __init__(self, number: int, fate: Fate) -> None:
        self.number = number
        self.fate = fate
        self.open = True
        self.ringing_at: float | None = None
        self.picked_up = False


class Floor:
    """Runs one day; ``tally`` counts it."""

    def __init__(
        self, scenario: Scenario, seed: int, number: int, pacer: Pacer | Steered, clock: Callable[[], float]
    ) -> None:
        self._day = Day(scenario, seed, number)
        self._fates = Fates(scenario, seed, number)
        self._limits = scenario.limits
        self._tick_s = scenario.run.tick_s
        self._pacer = pacer
        self._clock = clock
        self._start_s = number * DAY_S
        self._events: list[tuple[float, int, Callable[[Any], None], Any]] = []
        self._order = 0
        self._now_s = 0.0
        self._agents = [_Agent(n, t) for n, t in enumerate(self._day.timetables)]
        self._idle: deque[_Agent] = deque()
        self._waiting: deque[_Call] = deque()
        self._calls: dict[Hashable, _Call] = {}
        self._lines_used = 0
        self._asks_soon = False
        self._asked = 0
        self._numbers = 0
        self._lines = int(scenario.limits.lines_per_agent * scenario.team.agents)
        self.tally = Tally(self._day.length_s, self._day.change_s)

    def run(self) -> Tally:
        """The whole day."""
        for agent in self._agents:
            self._at(agent.timetable.login_s, self._login, agent)
        tick_s, events, ticks = 0.0, self._events, 0
        while tick_s < self._day.length_s:
            while events and events[0][0] <= tick_s:
                self._step()
            self._now_s = tick_s
            self._tick()
            ticks += 1
            tick_s = ticks * self._tick_s
        while events and (self._calls or self._lines_used):
            self._step()
        for agent in self._agents:
            if agent.doing != "out":
                self._change(agent, "out")
                self._pacer.agent_away(agent.number, self._start_s + self._now_s)
        return self.tally

    def _at(self, at_s: float, do: Callable[[Any], None], what: Any) -> None:
        self._order += 1
        heapq.heappush(self._events, (at_s, self._order, do, what))

    def _step(self) -> None:
        self._now_s, _, do, what = heapq.heappop(self._events)
        do(what)

    # -- dialling ----------------------------------------------------------------------------------------------

    def _ask_soon(self) -> None:
        """An idle agent without a call on its way does not wait for the next tick."""
        if not self._asks_soon and len(self._idle) > len(self._calls) and self._now_s < self._day.length_s:
            self._asks_soon = True
            self._at(self._now_s + SOON_S, self._asked_soon, None)

    def _asked_soon(self, _: None) -> None:
        self._asks_soon = False
        if self._now_s < self._day.length_s:
            self._tick()

    def _tick(self) -> None:
        now = self._start_s + self._now_s
        self._asked += 1
        timed = self._asked % _TIMED_EVERY == 0
        began_s = self._clock() if timed else 0.0
        for number in self._pacer.give_up(now):
            self._give_up(number)
        starts = self._pacer.starts(self._lines - self._lines_used, self._day.length_s - self._now_s, now)
        if timed:
            self.tally.decision(self._clock() - began_s)
        for reserved in starts:
            self._dial(reserved)

    def _dial(self, reserved: int | None) -> None:
        self._numbers += 1
        fate = self._fates.draw(self._day.live_share(self._now_s))
        call = _Call(self._numbers, fate)
        self._calls[call.number] = call
        self._lines_used += 1
        self.tally.dials += 1
        self.tally.lines_peak = max(self.tally.lines_peak, self._lines_used)
        self._pacer.dialled(call.number, self._start_s + self._now_s, reserved)
        if reserved is not None:
            agent = self._agents[reserved]
            self._idle.remove(agent)
            agent.call = call
        if fate.ring_s is not None:
            self._at(self._now_s + fate.ring_s, self._rings, call)
        if fate.pick_up_s is not None:
            self._at(self._now_s + fate.pick_up_s, self._picks_up, call)
        self._at(self._now_s + fate.ends_s, self._ends, call)

    def _rings(self, call: _Call) -> None:
        call.ringing_at = self._now_s
        self._pacer.ringing(call.number, self._start_s + self._now_s)

    def _picks_up(self, call: _Call) -> None:
        if call.open:
            call.picked_up = True
            self._pacer.picked_up(call.number, self._start_s + self._now_s)

    def _give_up(self, number: Hashable) -> None:
        """End a call that rings; one that rings too briefly or is picked up may not be ended."""
        call = self._calls[number]
        assert call.ringing_at is not None
        assert not call.picked_up
        assert self._now_s - call.ringing_at >= self._limits.min_ring_s
        self.tally.given_up += 1
        self._close(call)
        self._pacer.failed(call.number, self._start_s + self._now_s, "given_up")

    def _close(self, call: _Call) -> None:
        call.open = False
        del self._calls[call.number]
        self._lines_used -= 1
        for agent in self._agents if self._pacer.reserves else ():
            if agent.call is call and agent.doing == "idle":
                agent.call = None
                self._free(agent)

    def _ends(self, call: _Call) -> None:
        if not call.open:
            return
        now = self._start_s + self._now_s
        if call.fate.person:
            self.tally.answered(self._now_s)
        if call.fate.wanted:
            self._pacer.answered(call.number, now)
            self._find_agent(call)
            return
        if call.fate.person:
            self.tally.lost(self._now_s)
        picked_up = call.picked_up
        self._close(call)
        if picked_up:
            self._pacer.machine(call.number, now)
        else:
            self._pacer.failed(call.number, now, "")
        self._ask_soon()

    # -- people meet -------------------------------------------------------------------------------------------

    def _find_agent(self, call: _Call) -> None:
        own = next((a for a in self._agents if a.call is call), None) if self._pacer.reserves else None
        if own is not None:
            self._connect(call, own)
        elif self._idle:
            self._connect(call, self._idle.popleft())
        else:
            self._waiting.append(call)
            self._at(self._now_s + self._limits.hold_s, self._hold_over, call)

    def _hold_over(self, call: _Call) -> None:
        if not call.open:
            return
        self._waiting.remove(call)
        self._close(call)
        if call.fate.person:
            self.tally.lost(self._now_s)
        self._pacer.abandoned(call.number, self._start_s + self._now_s)

    def _connect(self, call: _Call, agent: _Agent) -> None:
        call.open = False
        del self._calls[call.number]
        self._change(agent, "talk" if call.fate.person else "machine")
        agent.call = call
        self._pacer.connected(call.number, agent.number, self._start_s + self._now_s)
        self._at(self._now_s + self._fates.talk_s(call.fate.person), self._talk_over, agent)

    def _talk_over(self, agent: _Agent) -> None:
        call, now = agent.call, self._start_s + self._now_s
        assert call is not None
        agent.call = None
        self._lines_used -= 1
        self._change(agent, "wrap")
        self._pacer.talk_ended(agent.number, now)
        if not call.fate.person:
            self._pacer.machine(call.number, now)
        self._at(self._now_s + self._fates.wrap_s(call.fate.person), self._wrap_over, agent)

    def _wrap_over(self, agent: _Agent) -> None:
        self._pacer.wrap_ended(agent.number, self._start_s + self._now_s)
        self._free(agent)

    # -- coming and going ----------------------------------------------------------------------------------------

    def _login(self, agent: _Agent) -> None:
        times = agent.timetable
        if math.isfinite(times.logout_s):
            self._at(times.logout_s, self._wants_out, (agent, math.inf))
            self._at(times.next_pause_s(self._now_s), self._wants_pause, agent)
        if times.lunch_s is not None:
            self._at(times.lunch_s, self._wants_out, (agent, times.lunch_lasts_s()))
        self._comes(agent)

    def _comes(self, agent: _Agent) -> None:
        if agent.wants_s:
            self._goes(agent)
            return
        now, times = self._start_s + self._now_s, agent.timetable
        self._pacer.agent_ready(agent.number, now)
        lunch_next = times.lunch_s is not None and times.lunch_s > self._now_s
        leaves_s = times.lunch_s if lunch_next else times.logout_s
        if leaves_s is not None and math.isfinite(leaves_s):
            self._pacer.agent_leaving(agent.number, self._start_s + leaves_s)
        self._free(agent)

    def _free(self, agent: _Agent) -> None:
        self._change(agent, "idle")
        if agent.wants_s:
            self._goes(agent)
        elif self._waiting:
            self._connect(self._waiting.popleft(), agent)
        else:
            self._idle.append(agent)
            self._ask_soon()

    def _wants_pause(self, agent: _Agent) -> None:
        lasts_s = agent.timetable.pause_lasts_s()
        if agent.doing != "out":
            self._wants_out((agent, lasts_s))
        self._at(agent.timetable.next_pause_s(self._now_s + lasts_s), self._wants_pause, agent)

    def _wants_out(self, who: tuple[_Agent, float]) -> None:
        agent, lasts_s = who
        agent.wants_s = max(agent.wants_s, lasts_s)
        if agent.doing == "idle" and agent.call is None:
            self._idle.remove(agent)
            self._goes(agent)
        elif agent.doing != "out":
            self._pacer.agent_leaving(agent.number, self._start_s + self._now_s)

    def _goes(self, agent: _Agent) -> None:
        lasts_s, agent.wants_s = agent.wants_s, 0.0
        self._change(agent, "out")
        self._pacer.agent_away(agent.number, self._start_s + self._now_s)
        if math.isfinite(lasts_s):
            self._at(self._now_s + lasts_s, self._comes, agent)
        else:
            agent.wants_s = math.inf

    def _change(self, agent: _Agent, doing: str) -> None:
        self.tally.spent(agent.doing, agent.since, self._now_s)
        if doing in ("talk", "machine"):
            self.tally.delivered += 1
        agent.doing, agent.since = doing, self._now_s
