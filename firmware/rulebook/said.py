"""A condition as an English sentence, for the command line and for other programs. Pages say it in their own words."""

from __future__ import annotations

from collections.abc import Mapping

from firmware.rulebook.conditions import Check, Condition, Every, Is

_FIELDS: Mapping[str, str] = {
    ":priority": "priority",
    ":attempts": "attempts",
    ":order": "order of import",
    ":last_attempt": "last attempt",
    ":name": "name",
    ":number": "telephone number",
    ":zone": "time zone",
}
_HOWS: Mapping[Is, str] = {
    Is.EQUALS: "is",
    Is.DIFFERS: "is not",
    Is.CONTAINS: "contains",
    Is.STARTS: "begins with",
    Is.LESS: "is less than",
    Is.MORE: "is more than",
    Is.EMPTY: "is empty",
    Is.FILLED: "is not empty",
    Is.ONE_OF: "is one of",
}


def in_english(condition: Condition, *, inner: bool = False) -> str:
    """``Ort is "Ulm" and priority is more than "3"``; parts of parts stand in brackets."""
    if isinstance(condition, Check):
        values = condition.values or (
            (condition.value,) if condition.how not in (Is.EMPTY, Is.FILLED) else ()
        )
        said = ", ".join(f'"{value}"' for value in values)
        return f"{_FIELDS.get(condition.field, condition.field)} {_HOWS[condition.how]} {said}".rstrip()
    if not condition.of:
        return "always" if isinstance(condition, Every) else "never"
    word = " and " if isinstance(condition, Every) else " or "
    joined = word.join(in_english(each, inner=True) for each in condition.of)
    return f"({joined})" if inner and len(condition.of) > 1 else joined
