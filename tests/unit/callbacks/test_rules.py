"""What a promise means at a moment: whose it is, when it is late, what a call makes of it. All on paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.callbacks import rules
from firmware.callbacks.promise import CallbackRules, Promise, PromiseKind, PromiseState
from firmware.callbacks.rules import Cause, Owner, Tried, Whose
from firmware.model import (
    AgentState,
    AttemptUid,
    CampaignId,
    CampaignSettings,
    ContactId,
    Disposition,
    UserId,
)

AT = 1_800_000_000.0
RULES = CallbackRules()
PROMISE = Promise(
    1, 1, ContactId(1), CampaignId(1), AttemptUid("A" * 26), PromiseKind.PERSONAL, UserId(7), AT, AT, "", AT,
    "Europe/Berlin", "", AT - 3600, UserId(7), 0, None, PromiseState.OPEN, None, 1,
)  # fmt: skip
TEAM = replace(PROMISE, kind=PromiseKind.TEAM, owner=None)
HERE = Owner(AgentState.READY, AT - 60, True)


def call(disposition: Disposition, at: float = AT, *, talked: bool = False, final: bool = False) -> Tried:
    return Tried(at, disposition, talked, final)


@pytest.mark.parametrize(
    ("owner", "after_s", "expected"),
    [
        (HERE, -1.0, (Whose.NOBODY, None)),
        (HERE, 0.0, (Whose.OWNER, None)),
        (Owner(None, 0.0, True), 0.0, (Whose.TEAM, Cause.OWNER_GONE)),
        (replace(HERE, member=False), 0.0, (Whose.TEAM, Cause.OWNER_LEFT)),
        (Owner(AgentState.LOGGED_OUT, 0.0, True), 599.0, (Whose.OWNER, None)),
        (Owner(AgentState.LOGGED_OUT, 0.0, True), 600.0, (Whose.TEAM, Cause.OWNER_AWAY)),
        (Owner(AgentState.PAUSED, AT - 1.0, True), 600.0, (Whose.TEAM, Cause.OWNER_AWAY)),
        (Owner(AgentState.PAUSED, AT + 550.0, True), 600.0, (Whose.OWNER, None)),
        (Owner(AgentState.TALKING, AT - 60, True), 1799.0, (Whose.OWNER, None)),
        (Owner(AgentState.TALKING, AT - 60, True), 1800.0, (Whose.TEAM, Cause.OWNER_BUSY)),
    ],
)
def test_who_is_to_call(owner: Owner, after_s: float, expected: tuple[Whose, Cause | None]) -> None:
    assert rules.whose(PROMISE, owner, AT + after_s, RULES) == expected
    assert rules.whose(TEAM, None, AT + 1, RULES) == (Whose.TEAM, None)


def test_late_is_what_nobody_has_tried_in_time() -> None:
    assert not rules.is_late(PROMISE, AT + RULES.grace_s, RULES)
    assert rules.is_late(PROMISE, AT + RULES.grace_s + 1, RULES)
    assert not rules.is_late(replace(PROMISE, first_try_at=AT + 5), AT + 9000, RULES)
    assert not rules.is_late(replace(PROMISE, state=PromiseState.WITHDRAWN), AT + 9000, RULES)


@pytest.mark.parametrize(
    ("tried", "state", "due_at"),
    [
        (call(Disposition.CONTACTED, talked=True, final=True), PromiseState.KEPT, AT),
        (call(Disposition.CONTACTED, AT + 901, talked=True, final=True), PromiseState.MISSED, AT),
        (call(Disposition.CONTACTED, AT - 900, talked=True, final=True), PromiseState.KEPT, AT),
        (call(Disposition.BUSY, AT - 900), PromiseState.OPEN, AT),
        (call(Disposition.BUSY), PromiseState.OPEN, AT + 1000 + RULES.again_s),
        (call(Disposition.MACHINE, talked=True), PromiseState.OPEN, AT + 1000 + RULES.again_s),
        (call(Disposition.WRONG_NUMBER, talked=True, final=True), PromiseState.KEPT, AT),
        (call(Disposition.INTERRUPTED), PromiseState.OPEN, AT + 1000 + RULES.again_s),
        (call(Disposition.INTERRUPTED, talked=True), PromiseState.KEPT, AT),
        (call(Disposition.DO_NOT_CALL, talked=True, final=True), PromiseState.KEPT, AT),
    ],
)
def test_what_a_call_makes_of_it(tried: Tried, state: PromiseState, due_at: float) -> None:
    after = rules.tried(PROMISE, tried, AT + 1000, RULES)
    assert (after.state, after.due_at) == (state, due_at)


def test_after_the_last_of_its_tries_it_is_over_kept_if_the_first_was_in_time() -> None:
    for first, state in ((AT + 5, PromiseState.KEPT), (AT + 1000, PromiseState.MISSED)):
        promise, at = PROMISE, first
        while promise.state is PromiseState.OPEN:
            promise = rules.tried(promise, call(Disposition.NO_ANSWER, at), at + 30, RULES)
            at = promise.due_at
        assert (promise.state, promise.tries, promise.first_try_at) == (state, RULES.tries, first)


def test_the_law_excuses_what_it_forbade_in_time_and_nothing_else() -> None:
    moved = rules.postponed(PROMISE, "holiday", AT + 50_000, AT + 60, RULES)
    assert (moved.law, moved.lawful_at, moved.due_at) == ("holiday", AT + 50_000, AT + 50_000)
    assert rules.tried(moved, call(Disposition.NO_ANSWER, AT + 50_100), AT + 50_200, RULES).tries == 1
    late = rules.postponed(PROMISE, "holiday", AT + 50_000, AT + 1000, RULES)
    assert (late.law, late.lawful_at, late.due_at) == ("", AT, AT + 50_000)


def test_its_time_stands_above_the_campaigns_own_limits_only() -> None:
    settings = CampaignSettings("c", max_attempts=1, min_gap_s=9e9, max_attempts_number=1, rule_pack="us")
    free = rules.without_own_limits(settings)
    kept = replace(free, max_attempts=1, min_gap_s=9e9, max_attempts_number=1)
    assert (kept, free.min_gap_s, free.max_attempts_number) == (settings, 0.0, 0)


@pytest.mark.parametrize("local", ["2027-03-28T01:59", "2027-03-28T03:01", "2027-10-31T02:30"])
def test_a_night_that_is_an_hour_shorter_or_longer_counts_seconds(local: str) -> None:
    at = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo("Europe/Berlin")).timestamp()
    promise = rules.moved(PROMISE, at)
    assert not rules.is_late(promise, at + RULES.grace_s, RULES)
    assert rules.is_late(promise, at + RULES.grace_s + 1, RULES)


@given(
    calls=st.lists(
        st.tuples(
            st.floats(-3600, 7200),
            st.sampled_from(list(Disposition)),
            st.booleans(),
            st.booleans(),
            st.none() | st.floats(0, 90_000),
        ),
        max_size=12,
    )
)
def test_whatever_happens_a_promise_ends_once_or_is_due_again(
    calls: list[tuple[float, Disposition, bool, bool, float | None]],
) -> None:
    """Calls at odd times, clocks that step back, laws in between: it stays open and due, or has ended for good."""
    promise, now = PROMISE, AT - 3600
    for step_s, disposition, talked, final, law_s in calls:
        now += step_s
        if law_s is not None and promise.state is PromiseState.OPEN:
            promise = rules.postponed(promise, "window_closed", now + law_s, now, RULES)
            assert promise.due_at >= now
        before = promise
        if promise.state is PromiseState.OPEN:
            promise = rules.tried(promise, Tried(now, disposition, talked, final), now + 30, RULES)
        assert promise.tries in (before.tries, before.tries + 1)
        assert promise.tries <= RULES.tries
        assert (promise.state is PromiseState.OPEN) == (promise.closed_at is None)
        assert promise.lawful_at >= promise.promised_at
        assert rules.whose(promise, Owner(None, 0.0, False), promise.due_at, RULES)[0] is (
            Whose.TEAM if promise.state is PromiseState.OPEN else Whose.NOBODY
        )
