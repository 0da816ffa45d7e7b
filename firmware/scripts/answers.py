"""What was typed into the fields of a script: as it is kept, what is wrong with it, what is still missing.

Nothing typed is thrown away: a value that is none of its kind is kept as it is and marked with a fault.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from firmware.scripts.script import STEP_PREFIX, Field, FieldKind, Steps

LONGEST = 2000
_NUMBER = re.compile(r"[+-]?(\d{1,3}([. ]\d{3})+|\d+)([.,]\d+)?")
_ENGLISH = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_GERMAN_DATE = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer as it is stored: the field's id, its label as it was then, the value."""

    field: str
    label: str
    value: str


def normal(field: Field, text: str) -> tuple[str, str]:
    """The value as it is kept, and the key of what is wrong with it (empty: nothing)."""
    text = text.strip()[:LONGEST]
    if not text:
        return "", ""
    match field.kind:
        case FieldKind.NUMBER:
            return as_number(text)
        case FieldKind.DATE:
            return as_date(text)
        case FieldKind.CHOICE:
            return text, "" if text in field.choices else "not_a_choice"
        case FieldKind.YES_NO:
            return text, "" if text in ("yes", "no") else "not_yes_or_no"
    return text, ""


def as_number(text: str) -> tuple[str, str]:
    """``1.234,5`` and ``1,234.5`` -> ``1234.5``; a single comma is a decimal one."""
    if _ENGLISH.fullmatch(text) and (text.count(",") > 1 or "." in text):
        return text.replace(",", ""), ""
    if not _NUMBER.fullmatch(text):
        return text, "not_a_number"
    if "," in text or text.count(".") > 1:
        text = text.replace(".", "")
    return text.replace(" ", "").replace(",", "."), ""


def as_date(text: str) -> tuple[str, str]:
    """``2027-03-14`` and ``14.3.2027`` -> ``2027-03-14``."""
    german = _GERMAN_DATE.fullmatch(text)
    try:
        day = (
            date(int(german[3]), int(german[2]), int(german[1])) if german else date.fromisoformat(text[:10])
        )
    except ValueError:
        return text, "not_a_date"
    return (day.isoformat(), "") if german or len(text) == 10 else (text, "not_a_date")


def kept(steps: Steps, typed: Mapping[str, str], path: Sequence[str]) -> tuple[list[Kept], dict[str, str]]:
    """The answers in the script's order and the faults by field id; what the script does not ask is left out.

    ``path``: ids of the steps gone through, the present one last. A question's answer counts only where it was gone.
    """
    found: list[Kept] = []
    faults: dict[str, str] = {}
    for step in steps:
        chosen = typed.get(STEP_PREFIX + step.id, "")
        if step.id in path and chosen in {branch.label for branch in step.branches}:
            found.append(Kept(STEP_PREFIX + step.id, step.heading, chosen))
        for field in step.fields:
            value, fault = normal(field, typed.get(field.id, ""))
            if value:
                found.append(Kept(field.id, field.label, value))
            if fault:
                faults[field.id] = fault
    return found, faults


def missing(steps: Steps, typed: Mapping[str, str], path: Sequence[str]) -> list[Field]:
    """Required fields of the steps gone through that are empty."""
    return [
        field
        for step in steps
        if step.id in path
        for field in step.fields
        if field.required and not typed.get(field.id, "").strip()
    ]
