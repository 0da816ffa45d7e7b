"""Conditions on a contact: tests of single fields, joined by "and" and "or".

``holds`` answers for a contact that is known, ``may_hold`` for one of which only some fields are: there a test of an
unknown field may come out either way. Pure and total: no condition raises, whatever a cell holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from firmware.rulebook.subject import Subject
from firmware.rulebook.values import Kind, folded, value_of


class Is(StrEnum):
    """How a field is tested."""

    EQUALS = "equals"
    DIFFERS = "differs"
    CONTAINS = "contains"
    STARTS = "starts"
    LESS = "less"
    MORE = "more"
    EMPTY = "empty"
    FILLED = "filled"
    ONE_OF = "one_of"


@dataclass(frozen=True, slots=True)
class Check:
    """One field against a value. ``values`` are the choices of ``ONE_OF``; texts are compared ``folded``."""

    field: str
    how: Is
    value: str = ""
    values: tuple[str, ...] = ()
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Every:
    """All of them hold; none at all holds too."""

    of: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Some:
    """One of them holds."""

    of: tuple[Condition, ...]


Condition = Check | Every | Some
ALWAYS = Every()


def holds(condition: Condition, subject: Subject) -> bool:
    """Tell whether the condition holds for the contact."""
    if isinstance(condition, Check):
        return passes(condition, subject.text(condition.field))
    if isinstance(condition, Every):
        return all(holds(each, subject) for each in condition.of)
    return any(holds(each, subject) for each in condition.of)


def may_hold(condition: Condition, known: Mapping[str, str]) -> bool:
    """Tell whether the condition can hold for some contact whose fields are as ``known``, others being anything."""
    if isinstance(condition, Check):
        return condition.field not in known or passes(condition, known[condition.field])
    if isinstance(condition, Every):
        return all(may_hold(each, known) for each in condition.of)
    return any(may_hold(each, known) for each in condition.of)


def fields_of(condition: Condition) -> Iterator[str]:
    """Yield every field the condition looks at."""
    if isinstance(condition, Check):
        yield condition.field
        return
    for each in condition.of:
        yield from fields_of(each)


def passes(test: Check, text: str) -> bool:
    """Tell whether a cell passes one test."""
    if test.how is Is.EMPTY:
        return not text.strip()
    if test.how is Is.FILLED:
        return bool(text.strip())
    if test.how is Is.ONE_OF:
        return any(_same(text, each, test.kind) for each in test.values)
    if test.how is Is.EQUALS:
        return _same(text, test.value, test.kind)
    if test.how is Is.DIFFERS:
        return not _same(text, test.value, test.kind)
    if test.how is Is.CONTAINS:
        return folded(test.value) in folded(text)
    if test.how is Is.STARTS:
        return folded(text).startswith(folded(test.value))
    return _beside(test, text)


def _same(text: str, wanted: str, kind: Kind) -> bool:
    """Equal as what they are compared as; what cannot be read so is equal as text or not at all."""
    left, right = value_of(text, kind), value_of(wanted, kind)
    return folded(text) == folded(wanted) if left is None or right is None else left == right


def _beside(test: Check, text: str) -> bool:
    left, right = value_of(text, test.kind), value_of(test.value, test.kind)
    if isinstance(left, str) and isinstance(right, str):
        return left < right if test.how is Is.LESS else left > right
    if isinstance(left, float) and isinstance(right, float):
        return left < right if test.how is Is.LESS else left > right
    return False
