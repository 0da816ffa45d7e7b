"""The table of an agent's states."""

from __future__ import annotations

import itertools

import pytest

from firmware.calls.agent import Agent, AgentEvent, move
from firmware.model import AgentState, AttemptUid, UserId

ATTEMPT = AttemptUid("01" * 13)


def after(*events: AgentEvent, reason: str = "") -> Agent:
    agent: Agent | None = Agent(UserId(1), "Anna")
    for at, event in enumerate(events):
        assert agent is not None
        agent = move(agent, event, float(at), reason=reason, attempt=ATTEMPT)
    assert agent is not None, f"{events} is not allowed"
    return agent


def test_a_shift() -> None:
    talking = after(AgentEvent.LOG_IN, AgentEvent.READY, AgentEvent.RESERVE, AgentEvent.CONNECT)
    assert (talking.state, talking.attempt) == (AgentState.TALKING, ATTEMPT)
    wrapping = move(talking, AgentEvent.CALL_ENDED, 9.0)
    assert wrapping is not None
    assert (wrapping.state, wrapping.attempt, wrapping.since) == (AgentState.WRAP_UP, ATTEMPT, 9.0)
    ready = move(wrapping, AgentEvent.WRAPPED_UP, 10.0)
    assert ready is not None
    assert (ready.state, ready.attempt) == (AgentState.READY, None)


@pytest.mark.parametrize(
    ("wish", "then"),
    [(AgentEvent.PAUSE, AgentState.PAUSED), (AgentEvent.LOG_OUT, AgentState.LOGGED_OUT)],
)
def test_a_wish_made_while_talking_comes_true_after_the_wrap_up(wish: AgentEvent, then: AgentState) -> None:
    talking = after(
        AgentEvent.LOG_IN, AgentEvent.READY, AgentEvent.RESERVE, AgentEvent.CONNECT, wish, reason="lunch"
    )
    assert talking.state is AgentState.TALKING
    wrapping = move(talking, AgentEvent.CALL_ENDED, 5.0)
    assert wrapping is not None
    done = move(wrapping, AgentEvent.WRAPPED_UP, 6.0)
    assert done is not None
    assert (done.state, done.reason) == (then, "lunch")


def test_a_wish_can_be_taken_back() -> None:
    ready = after(
        AgentEvent.LOG_IN,
        AgentEvent.READY,
        AgentEvent.RESERVE,
        AgentEvent.CONNECT,
        AgentEvent.PAUSE,
        AgentEvent.READY,
        AgentEvent.CALL_ENDED,
        AgentEvent.WRAPPED_UP,
    )
    assert ready.state is AgentState.READY


def test_nobody_is_reserved_who_is_not_ready() -> None:
    for length in range(4):
        for events in itertools.product(AgentEvent, repeat=length):
            agent: Agent | None = Agent(UserId(1), "Anna")
            for event in events:
                agent = move(agent, event, 0.0, attempt=ATTEMPT) if agent is not None else None
            if agent is not None and agent.state is not AgentState.READY:
                assert move(agent, AgentEvent.RESERVE, 0.0, attempt=ATTEMPT) is None


def test_an_agent_holds_an_attempt_exactly_while_busy_with_one() -> None:
    busy = {AgentState.RESERVED, AgentState.TALKING, AgentState.WRAP_UP}
    for length in range(6):
        for events in itertools.product(AgentEvent, repeat=length):
            agent: Agent | None = Agent(UserId(1), "Anna")
            for event in events:
                agent = move(agent, event, 0.0, attempt=ATTEMPT) if agent is not None else None
            if agent is not None:
                assert (agent.attempt is not None) == (agent.state in busy)


@pytest.mark.parametrize(("before", "then"), [(AgentEvent.READY, "ready"), (AgentEvent.PAUSE, "paused")])
def test_who_looked_at_a_record_is_afterwards_what_he_was(before: AgentEvent, then: str) -> None:
    agent: Agent | None = after(AgentEvent.LOG_IN, before, reason="paperwork")
    assert agent is not None
    agent = move(agent, AgentEvent.TAKE, 3.0)
    assert agent is not None
    assert (agent.state, agent.attempt) == (AgentState.RESERVED, None)
    given_back = move(agent, AgentEvent.RELEASE, 4.0)
    assert given_back is not None
    assert given_back.state == then
    assert given_back.reason == ("paperwork" if then == "paused" else "")
    dialled = move(agent, AgentEvent.DIAL, 4.0, attempt=ATTEMPT)
    assert dialled is not None
    assert (dialled.state, dialled.attempt, dialled.since) == (AgentState.RESERVED, ATTEMPT, 3.0)


def test_nobody_takes_a_record_who_is_busy_or_gone() -> None:
    for events in itertools.product(AgentEvent, repeat=3):
        agent: Agent | None = Agent(UserId(1), "Anna")
        for event in events:
            agent = move(agent, event, 0.0, attempt=ATTEMPT) if agent is not None else None
        if agent is not None and agent.state not in (AgentState.READY, AgentState.PAUSED):
            assert move(agent, AgentEvent.TAKE, 0.0) is None
