"""Rules: what they do, when they end, and which sets are refused because they would not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware.model import OperatorError
from firmware.rulebook import reading
from firmware.rulebook.conditions import ALWAYS, Check, Condition, Every, Is, Some, holds
from firmware.rulebook.local import hour_and_weekday
from firmware.rulebook.loops import Placed, circles, exclusive
from firmware.rulebook.rules import LEAST_SKIP_S, Action, Do, Moment, Rule, evaluate
from firmware.rulebook.subject import Subject
from firmware.rulebook.values import Kind

NOW = 1_780_000_000.0
A, B, C = 1, 2, 3


def rule(name: str, *then: Action, when: Condition = ALWAYS, moment: Moment = Moment.BEFORE) -> Rule:
    return Rule(name, moment, then, when)


def put(field: str, value: str) -> Action:
    return Action(Do.SET, field, value)


def to(list_id: int) -> Action:
    return Action(Do.MOVE, list_id=list_id)


def is_(field: str, value: str) -> Check:
    return Check(field, Is.EQUALS, value)


def someone(**values: Any) -> Subject:
    return Subject(1, "+493023125001", **{"list_id": A, **values})


def ask(*rules: Rule, subject: Subject | None = None) -> Any:
    return evaluate(rules, Moment.BEFORE, subject or someone(), NOW)


def test_no_rules_change_nothing() -> None:
    outcome = ask()
    assert outcome.subject == someone()
    assert not outcome.held_back
    assert not outcome.fired


def test_a_rule_that_is_off_or_of_the_other_moment_is_silent() -> None:
    off = replace(rule("off", to(B)), active=False)
    assert not ask(off, rule("after", to(B), moment=Moment.AFTER)).fired


def test_rules_see_what_earlier_ones_did_and_fire_once() -> None:
    outcome = ask(rule("second", put("y", "1"), when=is_("x", "1")), rule("first", put("x", "1")))
    assert [each.name for each in outcome.fired] == ["first", "second"]
    assert outcome.subject.fields == {"x": "1", "y": "1"}


def test_even_rules_that_undo_each_other_end() -> None:
    """They are refused when they are saved; should they ever stand in a store, a claim still ends."""
    outcome = ask(rule("a", put("x", "1")), rule("b", put("x", "2")))
    assert len(outcome.fired) == 2


def test_skipping_for_a_time_until_a_date_for_good() -> None:
    def until(**values: float) -> float | None:
        skip = ask(rule("s", Action(Do.SKIP, **values))).skip  # type: ignore[arg-type]
        assert skip is not None
        return skip.until_at  # type: ignore[no-any-return]

    assert until(for_s=600) == NOW + 600
    assert until(until_at=NOW + 5000) == NOW + 5000
    assert until(until_at=NOW - 5000) == NOW + LEAST_SKIP_S
    assert until(for_s=0) == NOW + LEAST_SKIP_S
    assert until() is None


def test_after_a_skip_or_a_move_nothing_else_is_looked_at() -> None:
    hook = rule("hook", Action(Do.WEBHOOK, value="seen"))
    for stop in (rule("skip", Action(Do.SKIP)), rule("move", to(B))):
        outcome = ask(stop, hook)
        assert outcome.held_back
        assert not outcome.webhooks


def test_a_move_to_where_it_is_holds_nothing_back() -> None:
    assert not ask(rule("stay", to(A))).held_back


def test_other_number_priority_and_webhooks() -> None:
    outcome = ask(
        rule("all", Action(Do.OTHER_NUMBER), Action(Do.PREFER, priority=7), Action(Do.WEBHOOK, value="lead"))
    )
    assert outcome.other_number
    assert outcome.subject.priority == 7
    assert outcome.webhooks == (("all", "lead"),)


def test_hour_and_weekday_where_the_contact_is() -> None:
    sunday_late = 1_795_388_400.0  # 2026-11-22 23:00 UTC
    assert hour_and_weekday("Europe/Berlin", "UTC", sunday_late) == (0, 0)
    assert hour_and_weekday("No/Where", "America/New_York", sunday_late) == (18, 6)
    assert hour_and_weekday("", "No/Where", sunday_late) == (23, 6)
    assert hour_and_weekday("Asia/Kolkata Europe/Berlin", "UTC", sunday_late) == (4, 0)


# -- loops -----------------------------------------------------------------------------------------------------------


def names(*placed: Placed) -> list[set[str]]:
    return [{each.rule.name for each in group} for group in circles(placed)]


def in_a(*rules: Rule) -> list[Placed]:
    return [Placed(each, A) for each in rules]


def test_lists_to_and_fro_are_refused_whatever_the_moment_and_the_condition() -> None:
    there = Placed(rule("there", to(B), when=is_(":disposition", "busy"), moment=Moment.AFTER), A)
    back = Placed(rule("back", to(A), when=is_(":disposition", "no_answer"), moment=Moment.AFTER), B)
    assert names(there, back) == [{"there", "back"}]


def test_three_lists_in_a_round() -> None:
    assert names(
        Placed(rule("ab", to(B)), A), Placed(rule("bc", to(C)), B), Placed(rule("ca", to(A)), C)
    ) == [{"ab", "bc", "ca"}]
    assert not names(Placed(rule("ab", to(B)), A), Placed(rule("bc", to(C)), B))


def test_a_field_to_and_fro_is_refused() -> None:
    to_2 = rule("to 2", put("x", "2"), when=is_("x", "1"))
    to_1 = rule("to 1", put("x", "1"), when=is_("x", "2"))
    assert names(*in_a(to_2, to_1)) == [{"to 1", "to 2"}]
    assert not names(*in_a(to_2, replace(to_1, active=False)))
    assert not names(*in_a(to_2)), "it ends after one step"


def test_two_that_always_hold_and_disagree_are_refused() -> None:
    assert names(*in_a(rule("a", put("x", "1")), rule("b", put("x", "2")))) == [{"a", "b"}]
    assert not names(*in_a(rule("a", put("x", "1")), rule("b", put("x", "1"))))


def test_priorities_that_disagree_are_refused() -> None:
    up, down = Action(Do.PREFER, priority=9), Action(Do.PREFER, priority=-9)
    assert names(*in_a(rule("up", up), rule("down", down))) == [{"up", "down"}]


def test_rules_for_different_results_may_disagree() -> None:
    busy = rule("busy", put("x", "b"), when=is_(":disposition", "busy"), moment=Moment.AFTER)
    other = rule("no", put("x", "n"), when=is_(":disposition", "no_answer"), moment=Moment.AFTER)
    late = rule(
        "late", put("x", "l"), when=Every((is_(":disposition", "fax"), is_("y", "1"))), moment=Moment.AFTER
    )
    assert not names(*in_a(busy, other, late))


def test_morning_and_afternoon_may_disagree() -> None:
    morning = Check(":hour", Is.LESS, "12", kind=Kind.NUMBER)
    afternoon = Check(":hour", Is.MORE, "11.5", kind=Kind.NUMBER)
    later = Check(":hour", Is.MORE, "12", kind=Kind.NUMBER)
    assert exclusive(morning, later, set())
    assert not exclusive(morning, afternoon, set())
    assert not exclusive(morning, later, {":hour"}), "a field that rules write settles nothing"


FIELDS, VALUES = ("x", "y"), ("", "1", "2")
checks = st.builds(is_, st.sampled_from((*FIELDS, "z")), st.sampled_from(VALUES)) | st.builds(
    lambda field, value: Check(field, Is.DIFFERS, value),
    st.sampled_from((*FIELDS, "z")),
    st.sampled_from(VALUES),
)
conditions = checks | st.lists(checks, max_size=2).map(lambda c: Every(tuple(c)))
conditions |= st.lists(checks, min_size=1, max_size=2).map(lambda c: Some(tuple(c)))
actions = st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(VALUES), min_size=1, max_size=2).map(
    lambda found: tuple(put(field, value) for field, value in found.items())
)
moves = st.sampled_from((A, B, C)).map(lambda list_id: (to(list_id),))
placed_rules = st.lists(
    st.builds(
        lambda name, then, when, where: Placed(rule(str(name), *then, when=when), where),
        st.integers(),
        actions | moves,
        conditions,
        st.sampled_from((A, B)),
    ),
    max_size=6,
)


@settings(max_examples=400, deadline=None)
@given(placed_rules)
def test_what_is_not_refused_comes_to_rest(placed: list[Placed]) -> None:
    """The proof in ``loops``, tried: however the rules are taken in turn, no state of a contact comes back."""
    if circles(placed):
        return
    for z in VALUES:
        for x in VALUES:
            for y in VALUES:
                for list_id in (A, B, C):
                    start = someone(list_id=list_id, fields={"x": x, "y": y, "z": z})
                    assert _comes_to_rest(start, placed, ()), start


def _comes_to_rest(subject: Subject, placed: list[Placed], before: tuple[Any, ...]) -> bool:
    state = (subject.list_id, tuple(sorted(subject.fields.items())))
    if state in before:
        return False
    following = [_after(subject, each.rule) for each in placed if _fires(subject, each)]
    return all(_comes_to_rest(s, placed, (*before, state)) for s in following if s != subject)


def _fires(subject: Subject, placed: Placed) -> bool:
    return subject.list_id == placed.list_id and holds(placed.rule.when, subject)


def _after(subject: Subject, found: Rule) -> Subject:
    fields: Mapping[str, str] = {**subject.fields, **{a.field: a.value for a in found.then if a.do is Do.SET}}
    moved = [a.list_id for a in found.then if a.do is Do.MOVE]
    return replace(subject, fields=fields, list_id=moved[-1] if moved else subject.list_id)


# -- reading ---------------------------------------------------------------------------------------------------------

SKIP = {"name": "s", "moment": "before", "then": [{"do": "skip"}]}


@pytest.mark.parametrize(
    "wrong",
    [
        "no list",
        [17],
        [{**SKIP, "name": ""}],
        [{**SKIP, "name": "x" * 61}],
        [{**SKIP, "moment": "during"}],
        [{**SKIP, "then": []}],
        [{**SKIP, "then": [{"do": "call"}]}],
        [{**SKIP, "then": [{"do": "skip", "for_s": 1}]}],
        [{**SKIP, "then": [{"do": "skip", "for_s": float("nan")}]}],
        [{**SKIP, "then": [{"do": "skip", "priority": 3}]}],
        [{**SKIP, "then": [{"do": "prefer", "priority": 100}]}],
        [{**SKIP, "then": [{"do": "prefer", "priority": True}]}],
        [{**SKIP, "then": [{"do": "set", "field": ":priority", "value": "1"}]}],
        [{**SKIP, "then": [{"do": "set", "field": "a", "value": "x\ny"}]}],
        [{**SKIP, "then": [{"do": "set", "field": "a", "value": v} for v in "12"]}],
        [{**SKIP, "then": [{"do": "move"}]}],
        [{**SKIP, "when": {"field": ":secret", "is": "filled"}}],
        [{**SKIP, "when": {"field": "a", "is": "like", "value": "b"}}],
        [{**SKIP, "when": {"field": "a", "is": "less", "value": "b", "as": "colour"}}],
        [{**SKIP, "when": {"some": []}}],
        [{**SKIP, "when": {"every": [{"every": [{"every": [{"every": []}]}]}]}}],
        [{**SKIP, "when": {"every": [{"field": "a", "is": "filled"}] * 31}}],
        [{**SKIP, "active": 1}],
        [{**SKIP, "more": 1}],
        [SKIP, SKIP],
        [{**SKIP, "name": str(i)} for i in range(51)],
    ],
)
def test_rules_that_cannot_be_read_are_refused(wrong: Any) -> None:
    with pytest.raises(OperatorError):
        reading.rules(wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        {"sorts": [{}]},
        {"sorts": [{"field": ":disposition"}]},
        {"sorts": [{"field": "a"}] * 5},
        {"filter": {"field": ":hour", "is": "filled"}},
        {"dynamic": "yes"},
        {"unknown": 1},
    ],
)
def test_orders_that_cannot_be_read_are_refused(wrong: Any) -> None:
    with pytest.raises(OperatorError):
        reading.order(wrong)


def test_every_mistake_is_told_at_once() -> None:
    with pytest.raises(OperatorError) as refused:
        reading.rules([{**SKIP, "name": ""}, {**SKIP, "moment": "x"}])
    assert [problem.where for problem in refused.value.problems] == ["rules[0].name", "rules[1].moment"]


def test_what_was_read_is_written_and_read_again() -> None:
    plain = [
        {
            "name": "all",
            "moment": "after",
            "when": {
                "some": [
                    {"field": "a", "is": "one_of", "values": ["1", ""], "as": "text"},
                    {"every": [{"field": ":hour", "is": "less", "value": "9", "as": "number"}]},
                    {"field": "b", "is": "empty", "as": "text"},
                ]
            },
            "then": [
                {"do": "skip", "for_s": 600.0},
                {"do": "prefer", "priority": -3},
                {"do": "move", "list_id": 4},
                {"do": "set", "field": "c", "value": ""},
                {"do": "other_number"},
                {"do": "webhook", "value": "lead"},
            ],
            "active": False,
        }
    ]
    assert reading.plain_rules(reading.rules(plain)) == plain
    order = {
        "sorts": [{"field": ":last_attempt", "as": "date", "descending": True}],
        "fresh_first": True,
        "dynamic": False,
        "filter": {"field": "a", "is": "more", "value": "1", "as": "number"},
    }
    assert reading.plain_order(reading.order(order)) == order
    assert reading.order({}).says_nothing
