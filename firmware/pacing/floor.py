"""Who is where right now: the agents of a campaign and its calls under way, fed by events.

Nothing here is learned or kept over a restart. An event about somebody unknown makes him known or is ignored; ages
are never negative, whatever the clock does.
"""

from __future__ import annotations

from collections.abc import Hashable
from enum import StrEnum

Agent = Hashable
Call = Hashable


class Doing(StrEnum):
    """What an agent does, as far as pacing cares."""

    IDLE = "idle"
    TALK = "talk"
    WRAP = "wrap"


class Phase(StrEnum):
    """How far a call without an agent has come."""

    DIALLING = "dialling"
    RINGING = "ringing"
    PICKED_UP = "picked_up"
    WAITING = "waiting"


class AgentAt:
    """One agent at work."""

    __slots__ = ("doing", "leaves_at", "reserved", "since")

    def __init__(self, doing: Doing, since: float) -> None:
        self.doing = doing
        self.since = since
        self.leaves_at: float | None = None
        self.reserved = False
        """Held for a call that was dialled for this agent alone."""


class CallAt:
    """One call on its way to a person, or waiting for an agent."""

    __slots__ = ("agent", "dialled_at", "phase", "since")

    def __init__(self, now: float, agent: Agent | None) -> None:
        self.phase = Phase.DIALLING
        self.dialled_at = now
        self.since = now
        self.agent = agent
        """The agent it was dialled for: a personal callback, one to one."""


class Floor:
    """Everybody and every call of one campaign."""

    def __init__(self) -> None:
        self.agents: dict[Agent, AgentAt] = {}
        self.calls: dict[Call, CallAt] = {}

    def agent_does(self, agent: Agent, doing: Doing, now: float) -> float | None:
        """An agent begins something else; returns how long the thing before lasted, if it was that kind of thing."""
        known = self.agents.get(agent)
        if known is None:
            self.agents[agent] = AgentAt(doing, now)
            return None
        lasted = max(0.0, now - known.since)
        if known.doing is not doing:
            known.doing, known.since = doing, now
            if doing is Doing.TALK:
                known.reserved = False
            return lasted
        return None

    def reserve(self, agent: Agent, reserved: bool) -> None:
        """An agent is held for a call of his own, or no longer."""
        if agent in self.agents:
            self.agents[agent].reserved = reserved

    def drop_call(self, call: Call) -> CallAt | None:
        """A call is over or has its agent."""
        known = self.calls.pop(call, None)
        if known is not None and known.agent is not None:
            self.reserve(known.agent, False)
        return known
