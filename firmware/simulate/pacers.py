"""The simpler modes a simulated floor can be paced by, and the face all of them have.

``progressive`` and ``power`` are the service's own functions. ``preview`` gives each agent his own call.
``vicidial_average`` is a comparison: a ratio of lines to agents that is raised while agents wait and halved while the
day's abandons are over the limit, as a widespread free dialler does. The predictive ones are in ``steered``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Sequence

from firmware.pacing import power, progressive
from firmware.pacing.progressive import PacingInput

_NO_LIMIT = 10**9


class Pacer:
    """Told everything that happens, asked once per tick. This one only counts who is idle and what is under way."""

    reserves = False
    """Whether calls are dialled for one agent alone."""

    def __init__(self) -> None:
        self.idle: dict[int, float] = {}
        self.calls: set[int] = set()
        self.waiting = 0

    def begin_day(self, number: int, now: float) -> None:
        """A day begins."""

    def starts(self, lines_free: int, left_s: float, now: float) -> list[int | None]:
        """The calls to start now, each with the agent it is for, if for one alone."""
        raise NotImplementedError

    def give_up(self, now: float) -> Sequence[Hashable]:  # noqa: ARG002
        """Ringing calls to end now."""
        return []

    def dialled(self, call: int, now: float, agent: int | None) -> None:  # noqa: ARG002
        """A call was started."""
        self.calls.add(call)

    def ringing(self, call: int, now: float) -> None:
        """It rings."""

    def picked_up(self, call: int, now: float) -> None:
        """Something answered and is listened to."""

    def answered(self, call: int, now: float) -> None:
        """A person, or what is taken for one, needs an agent."""

    def machine(self, call: int, now: float) -> None:  # noqa: ARG002
        """A machine, found by listening or by an agent."""
        self.calls.discard(call)

    def failed(self, call: int, now: float, cause: str) -> None:  # noqa: ARG002
        """It ended without a person."""
        self.calls.discard(call)

    def connected(self, call: int, agent: int, now: float) -> None:  # noqa: ARG002
        """A person and an agent talk."""
        self.calls.discard(call)
        self.idle.pop(agent, None)

    def abandoned(self, call: int, now: float) -> None:  # noqa: ARG002
        """A person met no agent."""
        self.calls.discard(call)

    def talk_ended(self, agent: int, now: float) -> None:
        """An agent begins to wrap up."""

    def wrap_ended(self, agent: int, now: float) -> None:
        """An agent is free."""
        self.idle[agent] = now

    def agent_ready(self, agent: int, now: float) -> None:
        """An agent comes."""
        self.idle[agent] = now

    def agent_away(self, agent: int, now: float) -> None:  # noqa: ARG002
        """An agent goes."""
        self.idle.pop(agent, None)

    def agent_leaving(self, agent: int, at: float) -> None:
        """An agent will go."""


class Preview(Pacer):
    """Every idle agent gets a call of his own; reading time is not in the scenario and counts as none."""

    reserves = True

    def __init__(self) -> None:
        super().__init__()
        self._calling: dict[int, int] = {}

    def starts(self, lines_free: int, left_s: float, now: float) -> list[int | None]:  # noqa: ARG002
        """One call for every idle agent without one."""
        taken = {agent for call, agent in self._calling.items() if call in self.calls}
        free: list[int | None] = [agent for agent in self.idle if agent not in taken]
        return free[: max(0, lines_free)]

    def dialled(self, call: int, now: float, agent: int | None) -> None:
        """Remember whose it is."""
        super().dialled(call, now, agent)
        if agent is not None:
            self._calling[call] = agent


class Ratio(Pacer):
    """Progressive (a ratio of one) and power: the service's functions."""

    def __init__(self, ratio: float) -> None:
        super().__init__()
        self._ratio = ratio

    def starts(self, lines_free: int, left_s: float, now: float) -> list[int | None]:  # noqa: ARG002
        """As many as the ratio allows."""
        state = PacingInput(len(self.idle), len(self.calls), lines_free, _NO_LIMIT)
        if self._ratio == 1.0:
            return [None] * progressive.starts(state).starts
        return [None] * power.starts(state, self._ratio).starts


class AdaptiveAverage(Pacer):
    """Every 2.5 s as many lines as ``level`` times the agents who are ready or talk; the level adapts every 15 s."""

    _MOST = 3.0

    def __init__(self, limit: float) -> None:
        super().__init__()
        self._limit = limit
        self._level = 1.0
        self._talking: dict[int, int] = {}
        self._at_work: set[int] = set()
        self._waiting: set[int] = set()
        self._samples: deque[tuple[int, int, int]] = deque(maxlen=15)
        self._answers: list[float] = []
        self._drops: list[float] = []
        self._due = {"dial": 0.0, "sample": 0.0, "adapt": 0.0, "count": 0.0}
        self._counted = (0, 0, 0, 0)

    def begin_day(self, number: int, now: float) -> None:  # noqa: ARG002
        """Counts are of the day; the level stays."""
        self._answers, self._drops = [], []
        self._counted = (0, 0, 0, 0)
        self._due = dict.fromkeys(self._due, now)

    def _is_due(self, what: str, every_s: float, now: float) -> bool:
        if now < self._due[what]:
            return False
        self._due[what] += every_s
        return True

    def starts(self, lines_free: int, left_s: float, now: float) -> list[int | None]:  # noqa: ARG002
        """Lines missing to the goal."""
        if self._is_due("sample", 1.0, now):
            self._samples.append((len(self.idle), len(self._waiting), len(self._at_work)))
        if self._is_due("count", 60.0, now):
            recent = [sum(at > now - 60.0 for at in each) for each in (self._answers, self._drops)]
            self._counted = (len(self._answers), len(self._drops), recent[0], recent[1])
        if self._is_due("adapt", 15.0, now):
            self._adapt()
        if not self._is_due("dial", 2.5, now):
            return []
        goal = round(self._level * (len(self.idle) + len(self._talking)))
        return [None] * max(0, min(goal - len(self.calls) - len(self._talking), lines_free))

    def _adapt(self) -> None:
        ready, waiting, agents = (sum(s[i] for s in self._samples) for i in range(3))
        if not agents:
            return
        level = min(self._MOST, max(1.0, self._level * (1.0 + (ready - waiting) / agents)))
        answers, drops, recent, recent_drops = self._counted
        if recent > 20 and recent_drops > recent / 2:
            level /= 2.0
        if answers > 50 and drops > self._limit * answers:
            level /= 2.0
        self._level = max(1.0, level)

    def answered(self, call: int, now: float) -> None:
        """Count it."""
        self._answers.append(now)
        self._waiting.add(call)

    def connected(self, call: int, agent: int, now: float) -> None:
        """Count the line on."""
        super().connected(call, agent, now)
        self._waiting.discard(call)
        self._talking[agent] = call

    def abandoned(self, call: int, now: float) -> None:
        """Count it."""
        super().abandoned(call, now)
        self._waiting.discard(call)
        self._drops.append(now)

    def talk_ended(self, agent: int, now: float) -> None:  # noqa: ARG002
        """The line is free; whoever wraps up is not counted."""
        self._talking.pop(agent, None)

    def agent_ready(self, agent: int, now: float) -> None:
        """An agent comes."""
        super().agent_ready(agent, now)
        self._at_work.add(agent)

    def agent_away(self, agent: int, now: float) -> None:
        """An agent goes."""
        super().agent_away(agent, now)
        self._at_work.discard(agent)
