"""Finds rules that undo each other for ever: move A to B and B to A, set a field to and fro. Pure.

Rule ``r`` **undoes** rule ``s`` where both write one field, each something else, and ``s`` may hold once the field is
as ``r`` leaves it. A set of rules is refused where undoing comes round in a circle.

*That no circle means an end.* Take the rules that go on changing something for ever; if there are any, each such ``s``
was, between two of its changes, undone: some other of them wrote something else into a field that ``s`` writes, and
the last that did so left the field as it stood when ``s`` fired again, so that ``s`` could hold then. Each of them is
thus undone by another of them, and going from each to one that undoes it, in a finite set, comes round in a circle.

What a call brings (disposition, verdict, hour) stays as it is while rules are evaluated. So for fields only rules of
one moment are compared, and not those that can never hold together (``busy`` and ``no_answer``): between their changes
lies a call, and calls to a contact are numbered. Moves from list to list are never excused so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from firmware.rulebook.conditions import Check, Condition, Every, Is, may_hold, passes
from firmware.rulebook.rules import Rule
from firmware.rulebook.values import Kind, value_of

LIST = ":list"


@dataclass(frozen=True, slots=True)
class Placed:
    """A rule and where it works: the contact list of its campaign."""

    rule: Rule
    list_id: int
    campaign: str = ""
    """The campaign's name, for people."""


def circles(rules: Sequence[Placed]) -> list[tuple[Placed, ...]]:
    """Return every group of rules that undo each other round and round; empty: whatever happens, it ends."""
    active = [each for each in rules if each.rule.active]
    written = {write[0] for each in active for write in _writes(each)}
    undoes = {
        at: [to for to, other in enumerate(active) if to != at and _undoes(each, other, written)]
        for at, each in enumerate(active)
    }
    return [tuple(active[at] for at in sorted(group)) for group in _strongly_connected(undoes)]


def _undoes(one: Placed, other: Placed, written: set[str]) -> bool:
    for field, value in _writes(one):
        against = [v for f, v in _writes(other) if f == field and v != value]
        if not against:
            continue
        if field == LIST:
            if value == str(other.list_id) and may_hold(other.rule.when, {LIST: value}):
                return True
            continue
        together = one.list_id == other.list_id and one.rule.moment is other.rule.moment
        if (
            together
            and may_hold(other.rule.when, {field: value})
            and not exclusive(one.rule.when, other.rule.when, written)
        ):
            return True
    return False


def _writes(each: Placed) -> list[tuple[str, str]]:
    return [write for action in each.rule.then if (write := action.write()) is not None]


def exclusive(one: Condition, other: Condition, written: set[str]) -> bool:
    """Tell whether the two never hold for one contact at one moment, by fields that no rule writes. May miss some."""
    left = [check for check in _needed(one) if check.field not in written]
    right = [check for check in _needed(other) if check.field not in written]
    return any(a.field == b.field and _apart(a, b) for a in left for b in right)


def _needed(condition: Condition) -> Iterator[Check]:
    """Every single test that must be passed whenever the condition holds."""
    if isinstance(condition, Check):
        yield condition
    elif isinstance(condition, Every):
        for each in condition.of:
            yield from _needed(each)
    elif len(condition.of) == 1:
        yield from _needed(condition.of[0])


def _apart(one: Check, other: Check) -> bool:
    for a, b in ((one, other), (other, one)):
        # Only where the cell's text is settled: as a number, "1" and "1.0" are one value and two texts.
        if a.kind is Kind.TEXT and b.kind is Kind.TEXT and a.how in (Is.EQUALS, Is.ONE_OF):
            choices = (a.value,) if a.how is Is.EQUALS else a.values
            if not any(passes(b, choice) for choice in choices):
                return True
        if a.how is Is.LESS and b.how is Is.MORE and a.kind is b.kind:
            return _no_room(b, a)
        if a.kind is b.kind and a.kind is not Kind.TEXT and a.how is Is.EQUALS and not passes(b, a.value):
            return value_of(a.value, a.kind) is not None
    return False


def _no_room(more: Check, less: Check) -> bool:
    """Nothing is more than the one and less than the other."""
    low, high = value_of(more.value, more.kind), value_of(less.value, less.kind)
    if isinstance(low, str) and isinstance(high, str):
        return low >= high
    return isinstance(low, float) and isinstance(high, float) and low >= high


def _strongly_connected(edges: dict[int, list[int]]) -> list[set[int]]:
    """Groups of more than one place that all reach each other."""
    reach = {at: _reached(edges, at) for at in edges}
    groups: list[set[int]] = []
    for at in edges:
        group = {to for to in reach[at] if at in reach[to]}
        if group and group not in groups:
            groups.append(group)
    return groups


def _reached(edges: dict[int, list[int]], start: int) -> set[int]:
    found: set[int] = set()
    waiting = list(edges[start])
    while waiting:
        at = waiting.pop()
        if at not in found:
            found.add(at)
            waiting += edges[at]
    return found
