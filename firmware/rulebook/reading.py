"""Orders, filters and rules from plain JSON, every mistake at once, and back.

What is read is whole or refused: a value outside its bounds, a word nobody knows, a key too many. Limits on size and
depth keep a claim fast whatever an office types. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from firmware.compliance.regions import POSTCODE_COLUMNS, STATE_COLUMNS
from firmware.model import OperatorError, Problem
from firmware.rulebook.conditions import ALWAYS, Check, Condition, Every, Is, Some
from firmware.rulebook.order import MOST_SORTS, Order, Sort
from firmware.rulebook.rules import LEAST_SKIP_S, MOST_RULES, Action, Do, Moment, Rule
from firmware.rulebook.subject import BUILT_IN, OF_CONTACT
from firmware.rulebook.values import DAY_S, Kind

MOST_CHECKS = 30
MOST_DEPTH = 3
MOST_ACTIONS = 6
MOST_CHOICES = 200
LONGEST_NAME = 60
LONGEST_FIELD = 200
LONGEST_VALUE = 500
MOST_SKIP_S = 366 * DAY_S
_NO_VALUE = (Is.EMPTY, Is.FILLED)
_ACTION_KEYS = {
    Do.SKIP: ("for_s", "until_at"),
    Do.PREFER: ("priority",),
    Do.MOVE: ("list_id",),
    Do.SET: ("field", "value"),
    Do.OTHER_NUMBER: (),
    Do.WEBHOOK: ("value",),
}


class _Reading:
    """One object being read; the problems found so far."""

    def __init__(self, known: Collection[str]) -> None:
        self.problems: list[Problem] = []
        self._known = known
        self._checks = 0

    def wrong(self, where: str, expected: str) -> None:
        text = f"{where}: {expected} is expected."
        self.problems.append(Problem(where, "part_malformed", text, {"expected": expected}))

    def table(self, raw: Any, where: str, keys: Sequence[str]) -> Mapping[str, Any]:
        if not isinstance(raw, Mapping):
            self.wrong(where, "object")
            return {}
        for extra in [str(key) for key in raw if key not in keys]:
            self.wrong(f"{where}.{extra[:40]}", "nothing")
        return raw

    def rows(self, raw: Any, where: str, most: int) -> list[Any]:
        if not isinstance(raw, list | tuple):
            self.wrong(where, "list")
            return []
        if len(raw) > most:
            text = f"{where} has more than {most} entries."
            self.problems.append(Problem(where, "part_too_many", text, {"most": str(most)}))
        return list(raw[:most])

    def text(self, raw: Any, where: str, longest: int, *, empty: bool = False) -> str:
        fit = isinstance(raw, str) and len(raw) <= longest and raw.isprintable() and (empty or raw.strip())
        if not fit:
            self.wrong(where, "text")
            return ""
        return str(raw).strip()

    def flag(self, raw: Any, where: str) -> bool:
        if not isinstance(raw, bool):
            self.wrong(where, "yes_or_no")
        return raw is True

    def number(self, raw: Any, where: str, least: float, most: float) -> float:
        fit = isinstance(raw, int | float) and not isinstance(raw, bool) and math.isfinite(raw)
        if not fit or not least <= raw <= most:
            self.wrong(where, f"{least:g}..{most:g}")
            return least
        return float(raw)

    def word(self, raw: Any, where: str, words: Any, default: Any) -> Any:
        try:
            return words(raw)
        except ValueError:
            self.wrong(where, " ".join(words))
            return default

    def field(self, raw: Any, where: str) -> str:
        name = self.text(raw, where, LONGEST_FIELD)
        if name[:1] == ":" and name not in self._known:
            self.wrong(where, "field")
        return name

    def condition(self, raw: Any, where: str, depth: int = 1) -> Condition:
        """``{"every": [...]}``, ``{"some": [...]}`` or one check."""
        for word, kind in (("every", Every), ("some", Some)):
            if isinstance(raw, Mapping) and word in raw:
                self.table(raw, where, (word,))
                if depth > MOST_DEPTH:
                    self.wrong(where, f"depth<={MOST_DEPTH}")
                    return ALWAYS
                rows = self.rows(raw[word], f"{where}.{word}", MOST_CHECKS)
                if not rows and kind is Some:
                    self.wrong(f"{where}.{word}", "list")
                parts = [self.condition(r, f"{where}.{word}[{i}]", depth + 1) for i, r in enumerate(rows)]
                return kind(tuple(parts))
        return self._check(raw, where)

    def _check(self, raw: Any, where: str) -> Check:
        self._checks += 1
        if self._checks > MOST_CHECKS:
            self.wrong(where, f"checks<={MOST_CHECKS}")
        table = self.table(raw, where, ("field", "is", "value", "values", "as"))
        how = self.word(table.get("is", ""), f"{where}.is", Is, Is.FILLED)
        kind = self.word(table.get("as", "text"), f"{where}.as", Kind, Kind.TEXT)
        name = self.field(table.get("field", ""), f"{where}.field")
        value = ""
        values: tuple[str, ...] = ()
        if how is Is.ONE_OF:
            rows = self.rows(table.get("values"), f"{where}.values", MOST_CHOICES)
            values = tuple(self.text(v, f"{where}.values", LONGEST_VALUE, empty=True) for v in rows)
        elif how not in _NO_VALUE:
            value = self.text(table.get("value"), f"{where}.value", LONGEST_VALUE, empty=how is Is.EQUALS)
        return Check(name, how, value, values, kind)

    def rule(self, raw: Any, where: str) -> Rule:
        """One rule."""
        table = self.table(raw, where, ("name", "moment", "when", "then", "active"))
        self._checks = 0
        when = table.get("when")
        rows = self.rows(table.get("then"), f"{where}.then", MOST_ACTIONS)
        if not rows:
            self.wrong(f"{where}.then", "list")
        found = Rule(
            self.text(table.get("name"), f"{where}.name", LONGEST_NAME),
            self.word(table.get("moment"), f"{where}.moment", Moment, Moment.BEFORE),
            tuple(self._action(each, f"{where}.then[{i}]") for i, each in enumerate(rows)),
            ALWAYS if when is None else self.condition(when, f"{where}.when"),
            self.flag(table.get("active", True), f"{where}.active"),
        )
        if found.moment is Moment.BEFORE and any(action.do is Do.OTHER_NUMBER for action in found.then):
            # Before a call it would change the number at every look and never call.
            self.wrong(f"{where}.moment", Moment.AFTER.value)
        self._writes_once(found, where)
        return found

    def _writes_once(self, rule: Rule, where: str) -> None:
        written = [write[0] for action in rule.then if (write := action.write()) is not None]
        for name in sorted({each for each in written if written.count(each) > 1}):
            text = f"The rule {rule.name} sets {name} twice."
            self.problems.append(Problem(where, "rule_sets_twice", text, {"rule": rule.name, "field": name}))

    def _action(self, raw: Any, where: str) -> Action:
        table = self.table(raw, where, ("do", "field", "value", "for_s", "until_at", "priority", "list_id"))
        do = self.word(table.get("do", ""), f"{where}.do", Do, Do.OTHER_NUMBER)
        self.table(table, where, ("do", *_ACTION_KEYS[do]))
        for_s = until_at = None
        if table.get("for_s") is not None:
            for_s = self.number(table["for_s"], f"{where}.for_s", LEAST_SKIP_S, MOST_SKIP_S)
        if table.get("until_at") is not None:
            until_at = self.number(table["until_at"], f"{where}.until_at", 0, 4e9)
        return Action(
            do,
            self._own_field(table, where) if do is Do.SET else "",
            self._value(table, where, do),
            for_s,
            until_at,
            int(self.number(table.get("priority"), f"{where}.priority", -99, 99)) if do is Do.PREFER else 0,
            int(self.number(table.get("list_id"), f"{where}.list_id", 1, 2**53)) if do is Do.MOVE else 0,
        )

    def _own_field(self, table: Mapping[str, Any], where: str) -> str:
        name = self.text(table.get("field"), f"{where}.field", LONGEST_FIELD)
        if name[:1] == ":":
            self.wrong(f"{where}.field", "column")
        if name.casefold() in STATE_COLUMNS | POSTCODE_COLUMNS:
            # Which holidays bind a contact is found by these: a rule must not loosen what compliance forbids.
            text = f"{name} says which law binds the contact and cannot be set by a rule."
            self.problems.append(Problem(f"{where}.field", "field_is_law", text, {"field": name}))
        return name

    def _value(self, table: Mapping[str, Any], where: str, do: Do) -> str:
        if do is Do.SET:
            return self.text(table.get("value"), f"{where}.value", LONGEST_VALUE, empty=True)
        return self.text(table.get("value"), f"{where}.value", LONGEST_NAME) if do is Do.WEBHOOK else ""


OF_LIST = (*OF_CONTACT, ":state")
"""Fields a page of contacts can be filtered by."""


def order(raw: Any, known: Collection[str] = tuple(OF_CONTACT)) -> Order:
    """Read an order by ``known`` fields and columns. :raises OperatorError: with every problem."""
    reading = _Reading(known)
    table = reading.table(raw, "order", ("sorts", "fresh_first", "dynamic", "filter"))
    sorts = []
    for i, each in enumerate(reading.rows(table.get("sorts", []), "order.sorts", MOST_SORTS)):
        where = f"order.sorts[{i}]"
        row = reading.table(each, where, ("field", "as", "descending"))
        kind = reading.word(row.get("as", "text"), f"{where}.as", Kind, Kind.TEXT)
        down = reading.flag(row.get("descending", False), f"{where}.descending")
        sorts.append(Sort(reading.field(row.get("field", ""), f"{where}.field"), kind, down))
    wanted = table.get("filter")
    found = Order(
        tuple(sorts),
        reading.flag(table.get("fresh_first", False), "order.fresh_first"),
        reading.flag(table.get("dynamic", True), "order.dynamic"),
        None if wanted is None else reading.condition(wanted, "order.filter"),
    )
    _refuse(reading.problems)
    return found


def rules(raw: Any) -> tuple[Rule, ...]:
    """Read a campaign's rules. :raises OperatorError: with every problem."""
    reading = _Reading(BUILT_IN)
    rows = reading.rows(raw, "rules", MOST_RULES)
    found = tuple(reading.rule(each, f"rules[{i}]") for i, each in enumerate(rows))
    names = [rule.name for rule in found]
    for name in sorted({each for each in names if names.count(each) > 1}):
        text = f"Two rules are called {name}."
        reading.problems.append(Problem("rules", "rule_name_twice", text, {"rule": name}))
    _refuse(reading.problems)
    return found


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise OperatorError(*problems)


def plain_condition(condition: Condition) -> dict[str, Any]:
    """Return the JSON ``condition`` is read from."""
    if isinstance(condition, Every | Some):
        return {
            "every" if isinstance(condition, Every) else "some": [plain_condition(c) for c in condition.of]
        }
    plain: dict[str, Any] = {"field": condition.field, "is": condition.how.value, "as": condition.kind.value}
    if condition.how is Is.ONE_OF:
        return {**plain, "values": list(condition.values)}
    return plain if condition.how in _NO_VALUE else {**plain, "value": condition.value}


def plain_order(found: Order) -> dict[str, Any]:
    """Return the JSON ``order`` reads."""
    return {
        "sorts": [{"field": s.field, "as": s.kind.value, "descending": s.descending} for s in found.sorts],
        "fresh_first": found.fresh_first,
        "dynamic": found.dynamic,
        "filter": None if found.filter is None else plain_condition(found.filter),
    }


def plain_rules(found: Sequence[Rule]) -> list[dict[str, Any]]:
    """Return the JSON ``rules`` reads."""
    return [
        {
            "name": rule.name,
            "moment": rule.moment.value,
            "when": plain_condition(rule.when),
            "then": [plain_action(action) for action in rule.then],
            "active": rule.active,
        }
        for rule in found
    ]


def plain_action(action: Action) -> dict[str, Any]:
    """Return one action as JSON, with the values its kind has."""
    return {
        "do": action.do.value,
        **{name: value for name in _ACTION_KEYS[action.do] if (value := getattr(action, name)) is not None},
    }
