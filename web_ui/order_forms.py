"""Conditions, orders and rules as forms: from what the service keeps to fields, and from fields back; and in words.

Pure. What a field may hold is the service's word; what cannot be read is passed on as typed, so that it is refused by
name. The forms write conditions as one row of checks joined by "and" or by "or"; one that is nested deeper (another
program made it) is shown in words and kept as it is while its rows are left empty.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from web_ui import condition_values
from web_ui.condition_values import Choices
from web_ui.forms import HOUR_S, as_number
from web_ui.language import N_, Language

FIELDS = {
    ":number": N_("Telephone number"),
    ":name": N_("Name"),
    ":priority": N_("Priority"),
    ":attempts": N_("Attempts"),
    ":last_attempt": N_("Last attempt"),
    ":order": N_("Order of import"),
    ":zone": N_("Time zone"),
}
LIST_FIELDS = {**FIELDS, ":state": N_("State")}
CALL_FIELDS = {
    **FIELDS,
    ":disposition": N_("Result"),
    ":verdict": N_("Verdict"),
    ":code": N_("Wrap-up code"),
    ":callback": N_("Callback"),
    ":hour": N_("Hour where the contact is"),
    ":weekday": N_("Weekday there"),
}
HOWS = {
    "equals": N_("is"),
    "differs": N_("is not"),
    "contains": N_("contains"),
    "starts": N_("begins with"),
    "less": N_("is less or earlier than"),
    "more": N_("is more or later than"),
    "one_of": N_("is one of"),
    "empty": N_("is empty"),
    "filled": N_("is not empty"),
}
KINDS = {"text": N_("as text"), "number": N_("as a number"), "date": N_("as a date")}
JOINS = {"every": N_("and"), "some": N_("or")}
MOMENTS = {"before": N_("Before a call"), "after": N_("After a call")}
NUMERIC = frozenset({":priority", ":attempts", ":order", ":hour", ":weekday"})
CHECKS = 5
SORTS = 4
NO_CHOICES: Choices = {}
Row = dict[str, str]
Text = Callable[[str], str]


def rows_of(condition: Mapping[str, Any] | None, known: Choices = NO_CHOICES) -> tuple[str, list[Row], str]:
    """How the checks are joined, the checks, and (else empty) a condition that no form can show, as JSON."""
    if not condition:
        return "every", [], ""
    join = next((each for each in JOINS if each in condition), "")
    parts = condition[join] if join else [condition]
    if any("field" not in each for each in parts):
        return join, [], json.dumps(condition)
    rows = [
        {
            "field": each["field"],
            "is": each["is"],
            "as": each.get("as", "text"),
            "value": ", ".join(_said(each, known)),
        }
        for each in parts
    ]
    return join or "every", rows, ""


def _said(check: Mapping[str, Any], known: Choices) -> list[str]:
    """A check's values as people know them."""
    values = check.get("values") or ([check["value"]] if "value" in check else [])
    return [condition_values.said(known, check["field"], str(value)) for value in values]


def read_condition(text: Text, prefix: str = "c", known: Choices = NO_CHOICES) -> Mapping[str, Any] | None:
    """The condition a form says; None without a check."""
    checks = []
    for at in range(40):
        name = text(f"{prefix}-field-{at}")
        if name:
            checks.append(_check(name, text, f"{prefix}-{{}}-{at}", known))
    if not checks and text(f"{prefix}-kept"):
        try:
            kept = json.loads(text(f"{prefix}-kept"))
        except ValueError:
            return {}
        return kept if isinstance(kept, dict) else {}
    join = text(f"{prefix}-join")
    return {join if join in JOINS else "every": checks} if checks else None


def _check(name: str, text: Text, place: str, known: Choices) -> dict[str, Any]:
    how, value = text(place.format("is")) or "equals", text(place.format("value"))
    kind = text(place.format("as")) or "text"
    if kind == "text" and how in ("less", "more"):
        kind = "date" if name == ":last_attempt" else "number" if name in NUMERIC else kind
    found: dict[str, Any] = {"field": name, "is": how, "as": kind}
    if how == "one_of":
        each = [condition_values.meant(known, name, part.strip()) for part in value.split(",")]
        return {**found, "values": each}
    if how in ("empty", "filled"):
        return found
    return {**found, "value": condition_values.meant(known, name, value)}


def sort_rows(order: Mapping[str, Any]) -> list[Row]:
    """The fields an order sorts by, with an empty row for each further one."""
    rows = [
        {"field": each["field"], "as": each["as"], "descending": "1" if each["descending"] else ""}
        for each in order.get("sorts", ())
    ]
    return rows + [{"field": "", "as": "text", "descending": ""}] * (SORTS - len(rows))


def read_order(text: Text, known: Choices = NO_CHOICES) -> dict[str, Any]:
    """The order a form says."""
    sorts = [
        {
            "field": text(f"sort-{at}"),
            "as": "number" if text(f"sort-{at}") in NUMERIC else text(f"as-{at}") or "text",
            "descending": text(f"way-{at}") == "1",
        }
        for at in range(SORTS)
        if text(f"sort-{at}")
    ]
    return {
        "sorts": sorts,
        "fresh_first": text("fresh_first") == "1",
        "dynamic": text("static") != "1",
        "filter": read_condition(text, known=known),
    }


def rule_fields(rule: Mapping[str, Any] | None) -> dict[str, str]:
    """A rule's form: its name, its moment and what it does, empty where it does nothing of the kind."""
    found = {"name": "", "moment": "before", "active": "1"}
    if rule is None:
        return found
    found |= {"name": rule["name"], "moment": rule["moment"], "active": "1" if rule["active"] else ""}
    for action in rule["then"]:
        found |= _action_fields(action)
    return found


def _action_fields(action: Mapping[str, Any]) -> dict[str, str]:
    do = action["do"]
    if do == "skip" and "for_s" in action:
        return {"skip": "for", "skip_h": f"{action['for_s'] / HOUR_S:g}"}
    if do == "skip" and "until_at" in action:
        return {"skip": "until", "skip_until": f"{datetime.fromtimestamp(action['until_at'], UTC):%Y-%m-%d}"}
    return {
        "skip": {"skip": "good"},
        "prefer": {"priority": str(action.get("priority", ""))},
        "move": {"list_id": str(action.get("list_id", ""))},
        "set": {"set_field": str(action.get("field", "")), "set_value": str(action.get("value", ""))},
        "other_number": {"other_number": "1"},
        "webhook": {"webhook": str(action.get("value", ""))},
    }[do]


def read_rule(text: Text, known: Choices = NO_CHOICES) -> dict[str, Any]:
    """The rule a form says."""
    return {
        "name": text("name"),
        "moment": text("moment") or "before",
        "when": read_condition(text, known=known),
        "then": list(_actions(text)),
        "active": text("active") == "1",
    }


def _actions(text: Text) -> Sequence[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    skip = text("skip")
    if text("set_field"):
        found.append({"do": "set", "field": text("set_field"), "value": text("set_value")})
    if text("priority"):
        found.append({"do": "prefer", "priority": as_number(text("priority"))})
    if text("other_number") == "1":
        found.append({"do": "other_number"})
    if text("webhook"):
        found.append({"do": "webhook", "value": text("webhook")})
    if skip == "for":
        found.append({"do": "skip", "for_s": as_number(text("skip_h"), HOUR_S)})
    elif skip == "until":
        found.append({"do": "skip", "until_at": _day(text("skip_until"))})
    elif skip == "good":
        found.append({"do": "skip"})
    if text("list_id"):
        found.append({"do": "move", "list_id": as_number(text("list_id"))})
    return found


def _day(text: str) -> Any:
    """The beginning of a day (UTC seconds); what is no date as it was typed."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()
    except ValueError:
        return text or "?"


def in_words(condition: Mapping[str, Any] | None, language: Language, known: Choices | None = None) -> str:
    """A condition as a person would say it."""
    known = condition_values.choices(language) if known is None else known
    if not condition or condition in ({"every": []}, {"some": []}):
        return language.gettext("always")
    for join, word in JOINS.items():
        if join in condition:
            parts = [
                in_words(each, language, known) if "field" in each else f"({in_words(each, language, known)})"
                for each in condition[join]
            ]
            return f" {language.gettext(word)} ".join(parts)
    field = condition["field"]
    name = language.gettext(CALL_FIELDS[field]) if field in CALL_FIELDS else field
    how = language.gettext(HOWS.get(condition["is"], "is"))
    said = ", ".join(f"“{value}”" for value in _said(condition, known))
    return f"{name} {how} {said}".strip()


def action_words(action: Mapping[str, Any], lists: Mapping[int, str], language: Language) -> str:
    """What a rule does as a person would say it."""
    _, do = language.gettext, action["do"]
    if do == "skip":
        if action.get("for_s"):
            return _("do not call for {hours} hours", hours=f"{action['for_s'] / HOUR_S:g}")
        if action.get("until_at"):
            return _("do not call before {when}", when=language.moment(action["until_at"]))
        return _("do not call any more")
    return {
        "prefer": _("priority {priority}", priority=str(action.get("priority", ""))),
        "move": _("move to the list “{name}”", name=lists.get(action.get("list_id", 0), "?")),
        "set": _("set {field} to “{value}”", field=action.get("field", ""), value=action.get("value", "")),
        "other_number": _("call the contact’s other number next"),
        "webhook": _("tell other programs: {name}", name=action.get("value", "")),
    }[do]
