"""An agent's state as a table: what a person at a desk may do when, and what the box does to them.

Pure. ``move(agent, event)`` returns the agent as it is afterwards, or ``None`` when the event is not allowed in that
state (the desk then says so in words). Two wishes are remembered while a call is on: to pause and to leave; both come
true when the wrap-up is done, so that nobody loses a customer by pressing a button early. Losing the phone while
talking is how many people hang up: it ends the call, not the shift, so the table knows it only while idle.

    logged out -> paused -> ready -> reserved -> talking -> wrap-up -> ready | paused | logged out
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from firmware.model import AgentState, AttemptUid, UserId


class AgentEvent(StrEnum):
    """What can happen to an agent."""

    LOG_IN = "log_in"
    LOG_OUT = "log_out"
    READY = "ready"
    PAUSE = "pause"
    RESERVE = "reserve"
    INVITE = "invite"
    """Asked into a call that somebody else has."""
    TAKE = "take"
    """A record to look at, before it is dialled."""
    DIAL = "dial"
    """That record is dialled."""
    RELEASE = "release"
    CONNECT = "connect"
    CALL_ENDED = "call_ended"
    WRAPPED_UP = "wrapped_up"
    PHONE_LOST = "phone_lost"


@dataclass(frozen=True, slots=True)
class Agent:
    """A person at a desk. ``attempt`` is set from reserved to the end of the wrap-up, except while a record is on offer
    and not dialled yet; ``reason`` explains a pause; ``then`` is the state wished for after the wrap-up."""

    user_id: UserId
    name: str
    state: AgentState = AgentState.LOGGED_OUT
    since: float = 0.0
    reason: str = ""
    attempt: AttemptUid | None = None
    then: AgentState = AgentState.READY
    then_reason: str = ""


def move(
    agent: Agent, event: AgentEvent, at: float, *, reason: str = "", attempt: AttemptUid | None = None
) -> Agent | None:
    """The agent after ``event`` at UTC time ``at``; ``None`` when it is not allowed now."""
    action = _TABLE.get((agent.state, event))
    return action(agent, at, reason, attempt) if action is not None else None


_Action = Callable[[Agent, float, str, AttemptUid | None], Agent]


def _to(state: AgentState) -> _Action:
    def action(agent: Agent, at: float, reason: str, _: AttemptUid | None) -> Agent:
        return Agent(agent.user_id, agent.name, state, at, reason)

    return action


def _reserve(agent: Agent, at: float, reason: str, attempt: AttemptUid | None) -> Agent:
    return replace(agent, state=AgentState.RESERVED, since=at, reason=reason, attempt=attempt)


def _reserve_from_pause(agent: Agent, at: float, reason: str, attempt: AttemptUid | None) -> Agent:
    """Who dials by hand during a pause goes back to it afterwards."""
    kept = replace(agent, then=AgentState.PAUSED, then_reason=agent.reason)
    return _reserve(kept, at, reason, attempt)


def _dial(agent: Agent, _: float, __: str, attempt: AttemptUid | None) -> Agent:
    """The record on offer became an attempt."""
    return replace(agent, attempt=attempt)


def _same_attempt(state: AgentState) -> _Action:
    def action(agent: Agent, at: float, reason: str, _: AttemptUid | None) -> Agent:
        return replace(agent, state=state, since=at, reason=reason)

    return action


def _wish(then: AgentState) -> _Action:
    def action(agent: Agent, _: float, reason: str, __: AttemptUid | None) -> Agent:
        return replace(agent, then=then, then_reason=reason)

    return action


def _fulfil(agent: Agent, at: float, _: str, __: AttemptUid | None) -> Agent:
    return Agent(agent.user_id, agent.name, agent.then, at, agent.then_reason)


_S, _E = AgentState, AgentEvent
_TABLE: dict[tuple[AgentState, AgentEvent], _Action] = {
    (_S.LOGGED_OUT, _E.LOG_IN): _to(_S.PAUSED),
    (_S.PAUSED, _E.READY): _to(_S.READY),
    (_S.PAUSED, _E.PAUSE): _to(_S.PAUSED),
    (_S.PAUSED, _E.LOG_OUT): _to(_S.LOGGED_OUT),
    (_S.PAUSED, _E.TAKE): _reserve_from_pause,
    (_S.PAUSED, _E.INVITE): _reserve_from_pause,
    (_S.READY, _E.PAUSE): _to(_S.PAUSED),
    (_S.READY, _E.LOG_OUT): _to(_S.LOGGED_OUT),
    (_S.READY, _E.RESERVE): _reserve,
    (_S.READY, _E.TAKE): _reserve,
    (_S.READY, _E.INVITE): _reserve,
    (_S.READY, _E.PHONE_LOST): _to(_S.PAUSED),
    (_S.RESERVED, _E.DIAL): _dial,
    (_S.RESERVED, _E.RELEASE): _fulfil,
    (_S.RESERVED, _E.CONNECT): _same_attempt(_S.TALKING),
    (_S.RESERVED, _E.PHONE_LOST): _to(_S.PAUSED),
    (_S.RESERVED, _E.PAUSE): _wish(_S.PAUSED),
    (_S.RESERVED, _E.READY): _wish(_S.READY),
    (_S.RESERVED, _E.LOG_OUT): _wish(_S.LOGGED_OUT),
    (_S.TALKING, _E.CALL_ENDED): _same_attempt(_S.WRAP_UP),
    (_S.TALKING, _E.PAUSE): _wish(_S.PAUSED),
    (_S.TALKING, _E.READY): _wish(_S.READY),
    (_S.TALKING, _E.LOG_OUT): _wish(_S.LOGGED_OUT),
    (_S.WRAP_UP, _E.WRAPPED_UP): _fulfil,
    (_S.WRAP_UP, _E.PAUSE): _wish(_S.PAUSED),
    (_S.WRAP_UP, _E.READY): _wish(_S.READY),
    (_S.WRAP_UP, _E.LOG_OUT): _wish(_S.LOGGED_OUT),
}
