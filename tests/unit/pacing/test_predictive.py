"""Predictive pacing: what holds whatever happens, and that it looks ahead at all."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from firmware.pacing.predictive import GIVEN_UP, Predictive, PredictiveSettings, Situation

PLENTY = Situation(lines_free=1000, call_budget=1000, window_left_s=8 * 3600.0)
NOW = 1_000_000.0


def team(agents: int, talking_s: float | None = None, **changes: Any) -> Predictive:
    """A pacer with agents who are idle, or have talked for so long."""
    pacer = Predictive(PredictiveSettings(**changes))
    for agent in range(agents):
        pacer.agent_ready(agent, NOW - 1000.0)
        if talking_s is not None:
            pacer.dialled(f"first {agent}", NOW - talking_s - 10.0)
            pacer.answered(f"first {agent}", NOW - talking_s)
            pacer.connected(f"first {agent}", agent, NOW - talking_s)
    return pacer


# -- what may go wrong -------------------------------------------------------------------------------------------


def test_events_about_calls_and_agents_nobody_knows_do_no_harm() -> None:
    pacer = team(2)
    for event in (pacer.ringing, pacer.picked_up, pacer.answered, pacer.machine, pacer.abandoned):
        event("nobody", NOW)
    pacer.failed("nobody", NOW, "busy")
    pacer.talk_ended("stranger", NOW)
    pacer.wrap_ended("stranger", NOW)
    pacer.agent_away("stranger", NOW)
    pacer.agent_leaving("stranger", NOW)
    answer = pacer.decide(PLENTY, NOW)
    assert answer.starts >= 2
    assert answer.figures["answers"] == 0.0


def test_a_call_told_twice_counts_once() -> None:
    pacer = team(1)
    pacer.dialled("a", NOW)
    for _ in range(2):
        pacer.answered("a", NOW + 9.0)
    for _ in range(2):
        pacer.abandoned("a", NOW + 11.0)
    figures = pacer.decide(PLENTY, NOW + 12.0).figures
    assert (figures["answers"], figures["abandoned"]) == (1.0, 1.0)


@pytest.mark.parametrize("jump_s", [-3600.0, -1.0, 0.0, 86400.0 * 400])
def test_a_clock_that_jumps_does_no_harm(jump_s: float) -> None:
    pacer = team(3, talking_s=60.0)
    for call in range(6):
        pacer.dialled(call, NOW)
        pacer.ringing(call, NOW + 2.0)
    assert 0 <= pacer.decide(PLENTY, NOW + jump_s).starts <= 6
    pacer.answered(0, NOW + jump_s)
    pacer.connected(0, 0, NOW + jump_s)
    pacer.talk_ended(0, NOW + jump_s)
    pacer.failed(1, NOW + jump_s, "no_answer")
    if jump_s <= 0:
        assert pacer.give_up(NOW + jump_s) == []
    assert pacer.decide(PLENTY, NOW + jump_s).starts >= 0


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"version": 999, "steering": {"theta": 0.5}},
        {"version": 1},
        {"version": 1, "steering": {}, "learned": {}},
        {"version": 1, "steering": {"theta": 1e9, "answers": -4}, "learned": {"talk": {"counts": [1, 2]}}},
        {
            "version": 1,
            "steering": {"expected": 0.0},
            "learned": {"live": {"yes": -1.0, "no": 0.0}, "wrap": []},
        },
    ],
)
def test_a_state_of_another_shape_is_taken_as_far_as_it_fits(state: dict[str, Any]) -> None:
    pacer = Predictive(PredictiveSettings(), state)
    pacer.agent_ready("anna", NOW)
    answer = pacer.decide(PLENTY, NOW)
    assert answer.starts >= 1
    assert 0.0 <= answer.figures["theta"] <= 0.6
    assert answer.figures["answers"] >= 0.0


def test_nobody_at_work_starts_nothing() -> None:
    pacer = team(0)
    assert (pacer.decide(PLENTY, NOW).starts, pacer.decide(PLENTY, NOW).reason) == (0, "nobody_ready")


# -- limits ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("situation", "starts", "reason"),
    [
        (Situation(0, 10), 0, "no_lines"),
        (Situation(-3, 10), 0, "no_lines"),
        (Situation(2, 10), 2, "no_lines"),
        (Situation(10, 1), 1, "calls_per_second"),
        (Situation(10, 0), 0, "calls_per_second"),
    ],
)
@pytest.mark.req("GEN-005")
def test_lines_and_calls_per_second_hold(situation: Situation, starts: int, reason: str) -> None:
    answer = team(5).decide(situation, NOW)
    assert (answer.starts, answer.reason) == (starts, reason)


@pytest.mark.req("GEN-005")
def test_calls_start_before_agents_are_free_when_they_soon_will_be() -> None:
    talking, wrapping = team(12, talking_s=2.0), team(12, talking_s=80.0)
    for agent in range(12):
        wrapping.talk_ended(agent, NOW - 12.0)
    assert talking.decide(PLENTY, NOW).figures["risk"] > wrapping.decide(PLENTY, NOW).figures["risk"]
    assert wrapping.decide(PLENTY, NOW).starts > 0
    assert wrapping.decide(PLENTY, NOW).figures["ready"] == 0


def test_more_calls_under_way_mean_more_risk() -> None:
    risks = []
    for calls in range(0, 30, 5):
        pacer = team(5, talking_s=60.0)
        for call in range(calls):
            pacer.dialled(call, NOW - 6.0)
            pacer.ringing(call, NOW - 3.0)
        risks.append(pacer.decide(Situation(0, 0), NOW).figures["risk"])
    assert risks == sorted(risks)
    assert risks[-1] > 0.5


def test_with_the_budget_spent_there_is_one_call_per_idle_agent_and_no_more() -> None:
    pacer = team(4)
    pacer.begin_window(answers=200, abandoned=9)
    answer = pacer.decide(Situation(100, 100, window_left_s=600.0), NOW)
    assert (answer.starts, answer.reason) == (4, "budget_spent")
    busy = team(4, talking_s=80.0)
    for agent in range(4):
        busy.talk_ended(agent, NOW - 12.0)
    busy.begin_window(answers=200, abandoned=9)
    assert busy.decide(Situation(100, 100, window_left_s=600.0), NOW).starts == 0


def test_a_new_window_brings_a_new_budget() -> None:
    pacer = team(4)
    pacer.begin_window(answers=200, abandoned=20)
    assert pacer.decide(PLENTY, NOW).figures["credit"] < 0.0
    pacer.begin_window()
    assert pacer.decide(PLENTY, NOW).figures["credit"] > 1.0


def test_abandons_lower_the_risk_allowed_and_service_raises_it() -> None:
    pacer = team(1)
    before = pacer.state()["steering"]["theta"]
    for call in range(40):
        pacer.dialled(call, NOW)
        pacer.answered(call, NOW)
        pacer.connected(call, 0, NOW)
    served = pacer.state()["steering"]["theta"]
    pacer.dialled("lost", NOW)
    pacer.answered("lost", NOW)
    pacer.abandoned("lost", NOW)
    assert before < served
    assert pacer.state()["steering"]["theta"] < served


def test_people_taken_for_machines_are_charged() -> None:
    exact, errs = team(2), team(2, false_positive=0.02)
    for pacer in (exact, errs):
        pacer.begin_window()
        for call in range(100):
            pacer.dialled(call, NOW)
            pacer.answered(call, NOW)
            pacer.connected(call, 0, NOW)
            pacer.talk_ended(0, NOW)
            pacer.wrap_ended(0, NOW)
    assert exact.decide(PLENTY, NOW).figures["abandoned"] == 0.0
    assert errs.decide(PLENTY, NOW).figures["abandoned"] == pytest.approx(100 * 0.02 / 0.98)
    assert errs.decide(PLENTY, NOW).figures["credit"] < exact.decide(PLENTY, NOW).figures["credit"]


def test_a_machine_found_by_an_agent_is_no_live_answer() -> None:
    pacer = team(1)
    pacer.dialled("a", NOW)
    pacer.answered("a", NOW + 9.0)
    pacer.connected("a", 0, NOW + 9.0)
    pacer.talk_ended(0, NOW + 15.0)
    pacer.machine("a", NOW + 15.0)
    assert pacer.decide(PLENTY, NOW + 16.0).figures["answers"] == 0.0


# -- people who are not there ------------------------------------------------------------------------------------


def test_agents_about_to_leave_are_not_counted_on() -> None:
    staying, leaving = team(3, talking_s=80.0), team(3, talking_s=80.0)
    for agent in range(3):
        for pacer in (staying, leaving):
            pacer.talk_ended(agent, NOW - 10.0)
        leaving.agent_leaving(agent, NOW + 5.0)
    assert staying.decide(PLENTY, NOW).figures["risk"] < 0.5
    assert leaving.decide(PLENTY, NOW).figures["risk"] > 0.99
    leaving.agent_leaving(0, None)
    assert leaving.decide(PLENTY, NOW).figures["risk"] < 0.9


def test_an_idle_agent_about_to_leave_gets_no_call() -> None:
    pacer = team(2)
    pacer.agent_leaving(0, NOW + 3.0)
    pacer.agent_leaving(1, NOW + 3.0)
    assert pacer.decide(PLENTY, NOW).starts == 0


def test_due_personal_callbacks_hold_their_agents() -> None:
    pacer = team(2)
    held = Situation(100, 100, 8 * 3600.0, callbacks_due=frozenset({0, 1}))
    assert pacer.decide(held, NOW).starts == 0
    pacer.dialled("callback", NOW, agent=0)
    figures = pacer.decide(PLENTY, NOW).figures
    assert (figures["ready"], figures["calls_without_agent"]) == (1, 0)
    pacer.failed("callback", NOW + 20.0, "no_answer")
    assert pacer.decide(PLENTY, NOW + 20.0).figures["ready"] == 2


def test_calls_of_others_for_the_same_agents_count() -> None:
    assert team(3).decide(Situation(100, 100, 8 * 3600.0, calls_elsewhere=3), NOW).starts == 0


# -- giving up -----------------------------------------------------------------------------------------------------


def hopeless(ringing_s: float) -> Predictive:
    pacer = team(2, talking_s=1.0)
    for call in range(4):
        pacer.dialled(call, NOW - ringing_s - 2.0)
        pacer.ringing(call, NOW - ringing_s)
    pacer.decide(PLENTY, NOW)
    return pacer


def test_hopeless_calls_are_given_up_only_after_the_legal_minimum() -> None:
    assert hopeless(14.9).give_up(NOW) == []
    assert set(hopeless(15.1).give_up(NOW)) <= {0, 1, 2, 3}
    assert hopeless(15.1).give_up(NOW)


def test_no_call_is_given_up_once_somebody_answered_or_while_an_agent_is_free() -> None:
    pacer = hopeless(20.0)
    pacer.picked_up(0, NOW)
    pacer.answered(1, NOW)
    assert not {0, 1} & set(pacer.give_up(NOW))
    pacer.abandoned(1, NOW)
    pacer.agent_ready("late", NOW)
    assert pacer.give_up(NOW) == []
    pacer.decide(PLENTY, NOW)
    assert pacer.give_up(NOW) == []


def test_where_giving_up_is_not_wanted_nothing_is() -> None:
    pacer = team(2, talking_s=1.0, give_up=False)
    pacer.dialled("a", NOW - 30.0)
    pacer.ringing("a", NOW - 28.0)
    pacer.decide(PLENTY, NOW)
    assert pacer.give_up(NOW) == []


def test_a_call_given_up_is_no_failure_of_its_own() -> None:
    """It teaches what is probable of a call that has rung so long, so that giving up does not lower the share."""
    pacer = hopeless(16.0)
    before = pacer.state()["learned"]["live"]
    pacer.failed(0, NOW, GIVEN_UP)
    after = pacer.state()["learned"]["live"]
    assert after["yes"] > before["yes"] * 0.98


# -- state ---------------------------------------------------------------------------------------------------------

EVENTS = st.lists(
    st.tuples(
        st.sampled_from(
            "dialled ringing picked_up answered machine failed given_up connected abandoned talk_ended wrap_ended "
            "agent_ready agent_away agent_leaving begin_window".split()
        ),
        st.integers(0, 5),
        st.integers(0, 3),
        st.floats(-30.0, 60.0),
    ),
    max_size=60,
)


def tell(pacer: Predictive, what: str, call: int, agent: int, now: float) -> None:
    """One event by its name."""
    if what in {"talk_ended", "wrap_ended", "agent_ready", "agent_away"}:
        getattr(pacer, what)(agent, now)
    elif what == "agent_leaving":
        pacer.agent_leaving(agent, now + 20.0 if call % 2 else None)
    elif what == "connected":
        pacer.connected(call, agent, now)
    elif what == "failed":
        pacer.failed(call, now, "busy")
    elif what == "given_up":
        pacer.failed(call, now, GIVEN_UP)
    elif what == "begin_window":
        pacer.begin_window(call * 10, agent)
    else:
        getattr(pacer, what)(call, now)


@given(EVENTS)
@settings(max_examples=60, deadline=None)
def test_any_events_in_any_order_leave_a_state_that_goes_through_json(
    events: list[tuple[str, int, int, float]],
) -> None:
    pacer, now = Predictive(PredictiveSettings()), NOW
    for what, call, agent, step_s in events:
        now += step_s
        tell(pacer, what, call, agent, now)
        answer = pacer.decide(PLENTY, now)
        assert 0 <= answer.starts <= 32
        assert all(isinstance(value, (int, float)) for value in answer.figures.values())
    state = json.loads(json.dumps(pacer.state(), allow_nan=False))
    again = Predictive(PredictiveSettings(), state)
    assert json.loads(json.dumps(again.state())) == state
    assert pickle.loads(pickle.dumps(pacer)).state() == pacer.state()


def test_a_restored_pacer_answers_as_the_one_before() -> None:
    first = team(3, talking_s=60.0)
    for call in range(200):
        first.dialled(call, NOW - 30.0)
        first.ringing(call, NOW - 27.0)
        if call % 3:
            first.failed(call, NOW - 5.0, "no_answer")
        else:
            first.answered(call, NOW - 20.0)
            first.connected(call, call % 3, NOW - 20.0)
    answers = []
    for state in (first.state(), json.loads(json.dumps(first.state()))):
        pacer = Predictive(PredictiveSettings(), state)
        for agent in range(3):
            pacer.agent_ready(agent, NOW)
        answers.append(pacer.decide(PLENTY, NOW))
    assert answers[0] == answers[1]


# -- a random floor ------------------------------------------------------------------------------------------------


class RandomFloor(RuleBasedStateMachine):
    """Agents and calls doing anything at any time; the caller starts exactly what it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.pacer = Predictive(PredictiveSettings(lines_per_agent=4.0))
        self.now = NOW
        self.agents: set[int] = set()
        self.idle: set[int] = set()
        self.open: list[int] = []
        self.calls = 0

    @rule(agent=st.integers(0, 5))
    def comes(self, agent: int) -> None:
        if agent not in self.agents:
            self.pacer.agent_ready(agent, self.now)
            self.agents.add(agent)
            self.idle.add(agent)

    @rule(agent=st.integers(0, 5))
    def goes(self, agent: int) -> None:
        if agent in self.idle:
            self.pacer.agent_away(agent, self.now)
            self.agents.discard(agent)
            self.idle.discard(agent)

    @rule(seconds=st.floats(0.0, 40.0))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    @rule(which=st.integers(0, 100))
    def a_call_is_answered(self, which: int) -> None:
        if self.open:
            call = self.open.pop(which % len(self.open))
            self.pacer.answered(call, self.now)
            if self.idle:
                self.pacer.connected(call, self.idle.pop(), self.now)
            else:
                self.pacer.abandoned(call, self.now)

    @rule(which=st.integers(0, 100))
    def a_call_fails(self, which: int) -> None:
        if self.open:
            self.pacer.failed(self.open.pop(which % len(self.open)), self.now, "busy")

    @rule(agent=st.integers(0, 5))
    def an_agent_is_free(self, agent: int) -> None:
        if agent in self.agents - self.idle:
            self.pacer.talk_ended(agent, self.now)
            self.pacer.wrap_ended(agent, self.now)
            self.idle.add(agent)

    @rule(lines=st.integers(-2, 20), budget=st.integers(-2, 20))
    def tick(self, lines: int, budget: int) -> None:
        answer = self.pacer.decide(Situation(lines, budget, 3600.0), self.now)
        most = max(0, min(lines, budget, int(4.0 * len(self.agents)) - len(self.open)))
        assert answer.starts <= most
        assert answer.starts >= min(most, len(self.idle) - len(self.open))
        for _ in range(answer.starts):
            self.calls += 1
            self.pacer.dialled(self.calls, self.now)
            self.open.append(self.calls)

    @invariant()
    def calls_never_exceed_the_lines_of_the_team_that_started_them(self) -> None:
        assert len(self.open) <= 4 * 6


RandomFloor.TestCase.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
TestRandomFloor = pytest.mark.req("GEN-005")(RandomFloor.TestCase)
