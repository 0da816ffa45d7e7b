"""Progressive dialling: never more calls than ready agents, whatever happens and in whatever order."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from firmware.pacing.progressive import PacingInput, starts


@pytest.mark.parametrize(
    ("ready", "calls", "lines", "budget", "expected", "reason"),
    [
        (0, 0, 30, 10, 0, "nobody_ready"),
        (0, 2, 30, 10, 0, "nobody_ready"),
        (-1, 0, 30, 10, 0, "nobody_ready"),
        (3, 3, 30, 10, 0, "enough_calls"),
        (1, 3, 30, 10, 0, "enough_calls"),
        (3, 0, 0, 10, 0, "no_lines"),
        (3, 0, -1, 10, 0, "no_lines"),
        (3, 0, 2, 10, 2, "no_lines"),
        (3, 0, 30, 0, 0, "calls_per_second"),
        (3, 0, 30, 1, 1, "calls_per_second"),
        (3, -5, 30, 10, 3, "one_call_per_ready_agent"),
        (3, 0, 30, 10, 3, "one_call_per_ready_agent"),
        (3, 2, 30, 10, 1, "one_call_per_ready_agent"),
        (3, 1, 2, 2, 2, "one_call_per_ready_agent"),
    ],
)
@pytest.mark.req("GEN-003")
def test_how_many_start_and_why(
    ready: int, calls: int, lines: int, budget: int, expected: int, reason: str
) -> None:
    answer = starts(PacingInput(ready, calls, lines, budget))
    assert (answer.starts, answer.reason) == (expected, reason)
    assert answer.figures["ready"] == ready
    assert answer.figures["starts"] == expected


COUNTS = st.integers(-5, 60)


@given(COUNTS, COUNTS, COUNTS, COUNTS)
@settings(max_examples=500)
@pytest.mark.req("GEN-003")
def test_every_limit_holds_for_every_situation(ready: int, calls: int, lines: int, budget: int) -> None:
    answer = starts(PacingInput(ready, calls, lines, budget))
    assert answer.starts >= 0
    if answer.starts:
        assert calls + answer.starts <= ready
        assert answer.starts <= min(lines, budget)
    held_back = answer.starts < max(0, ready) - max(0, calls)
    assert held_back == (answer.reason in {"no_lines", "calls_per_second"})


@dataclass
class Floor:
    """Agents and calls as a campaign has them."""

    ready: int = 0
    talking: int = 0
    paused: int = 4
    ringing: int = 0
    lines: int = 6
    left_while_ringing: int = 0
    log: list[str] = field(default_factory=list)


class ProgressiveFloor(RuleBasedStateMachine):
    """Agents come and go, calls ring, are answered and end; the dialler asks at any moment."""

    def __init__(self) -> None:
        super().__init__()
        self.floor = Floor()

    @rule(budget=st.integers(0, 4))
    def tick(self, budget: int) -> None:
        floor = self.floor
        busy_lines = floor.ringing + floor.talking
        answer = starts(PacingInput(floor.ready, floor.ringing, floor.lines - busy_lines, budget))
        if floor.ready == 0:
            assert answer.starts == 0
        floor.ringing += answer.starts
        if answer.starts:
            assert floor.ringing <= floor.ready
            assert floor.ringing + floor.talking <= floor.lines

    @precondition(lambda self: self.floor.paused)
    @rule()
    def agent_gets_ready(self) -> None:
        self.floor.paused -= 1
        self.floor.ready += 1
        self.floor.left_while_ringing = max(0, self.floor.left_while_ringing - 1)

    @precondition(lambda self: self.floor.ready)
    @rule()
    def agent_pauses(self) -> None:
        if self.floor.ringing >= self.floor.ready:
            self.floor.left_while_ringing += 1
        self.floor.ready -= 1
        self.floor.paused += 1

    @precondition(lambda self: self.floor.ringing)
    @rule()
    def somebody_answers(self) -> None:
        floor = self.floor
        floor.ringing -= 1
        if floor.ready:
            floor.ready -= 1
            floor.talking += 1
        else:
            floor.left_while_ringing = max(0, floor.left_while_ringing - 1)

    @precondition(lambda self: self.floor.ringing)
    @rule()
    def nobody_answers(self) -> None:
        self.floor.ringing -= 1
        self.floor.left_while_ringing = max(0, self.floor.left_while_ringing - 1)

    @precondition(lambda self: self.floor.talking)
    @rule()
    def a_call_ends(self) -> None:
        self.floor.talking -= 1
        self.floor.ready += 1
        self.floor.left_while_ringing = max(0, self.floor.left_while_ringing - 1)

    @invariant()
    def only_an_agent_who_left_can_leave_a_call_without_one(self) -> None:
        assert self.floor.ringing <= self.floor.ready + self.floor.left_while_ringing


ProgressiveFloor.TestCase.settings = settings(max_examples=150, stateful_step_count=60, deadline=None)
TestProgressiveFloor = ProgressiveFloor.TestCase
