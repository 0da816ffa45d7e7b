"""Which fields of a contact a desk shows, which of them an agent may change, and what a changed value becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from firmware.compliance.numbers import normalise
from firmware.model import OperatorError, Problem
from firmware.scripts.answers import as_date, as_number
from firmware.scripts.texts import problem

NAME = "@name"
"""The column that stands for the contact's name, which is no column of a list."""
MOST = 60
LONGEST_NAME = 200
LONGEST = 2000


class CardKind(StrEnum):
    """What a field holds, and so how a change is checked."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class CardField:
    """One column on the card."""

    column: str
    editable: bool = False
    kind: CardKind = CardKind.TEXT


@dataclass(frozen=True, slots=True)
class Card:
    """A campaign's card. ``fields`` None: every column is shown and none may be changed. ``best_time``: the column
    that says when a contact is best reached; empty: none does. ``reason``: the one that says why they are called;
    empty: one that is named so (``REASONS``), if there is one."""

    fields: tuple[CardField, ...] | None = None
    best_time: str = ""
    reason: str = ""


REASONS = frozenset(
    {
        "grund",
        "anlass",
        "anliegen",
        "betreff",
        "grund der kontaktaufnahme",
        "reason",
        "reason for contact",
        "subject",
    }
)
"""Names of columns that say why somebody is called."""


def read(plain: Mapping[str, Any]) -> Card:
    """A card from plain data. :raises OperatorError: it is none."""
    fields = plain.get("fields")
    best_time, reason = (str(plain.get(name, ""))[:LONGEST_NAME] for name in ("best_time", "reason"))
    if fields is None:
        return Card(None, best_time, reason)
    if not isinstance(fields, Sequence) or isinstance(fields, str) or len(fields) > MOST:
        raise OperatorError(problem("fields", "card_malformed"))
    return Card(tuple(_field(each) for each in fields), best_time, reason)


def _field(plain: Any) -> CardField:
    column = plain.get("column") if isinstance(plain, Mapping) else None
    kind = plain.get("kind", "text") if isinstance(plain, Mapping) else ""
    if not isinstance(column, str) or not 1 <= len(column) <= LONGEST_NAME or kind not in tuple(CardKind):
        raise OperatorError(problem("fields", "card_malformed"))
    return CardField(column, bool(plain.get("editable")), CardKind(kind))


def plain_of(card: Card) -> dict[str, Any]:
    """The card as plain data."""
    fields = None if card.fields is None else [asdict(each) for each in card.fields]
    return {"fields": fields, "best_time": card.best_time, "reason": card.reason}


def reason_of(card: Card, fields: Mapping[str, str]) -> str:
    """Why this contact is called, as their own columns say; empty: nobody has said."""
    if card.reason:
        return fields.get(card.reason, "")
    shown = fields if card.fields is None else [each.column for each in card.fields]
    named = (fields.get(column, "") for column in shown if column.strip().casefold() in REASONS)
    return next((value for value in named if value), "")


def shown(card: Card, name: str, fields: Mapping[str, str]) -> list[dict[str, Any]]:
    """What a desk shows of one contact: ``column, value, editable, kind``, in the card's order."""
    if card.fields is None:
        return [
            {"column": column, "value": value, "editable": False, "kind": "text"}
            for column, value in fields.items()
        ]
    known = {**fields, NAME: name}
    return [
        {"column": each.column, "value": known.get(each.column, ""), **_more(each)} for each in card.fields
    ]


def _more(field: CardField) -> dict[str, Any]:
    return {"editable": field.editable, "kind": str(field.kind)}


def changed(field: CardField, text: str, old: str, country: str) -> str | Problem:
    """A changed value as it is stored, or what is wrong with it. Empty is a value: the field is cleared.

    ``old``: dates stay in the manner they were written. ``country``: where a number without a country code belongs.
    """
    text = text.strip()
    longest = LONGEST_NAME if field.column == NAME else LONGEST
    if len(text) > longest:
        return problem(field.column, "value_too_long", field=field.column, most=longest)
    if not text or field.kind is CardKind.TEXT:
        return text
    if field.kind is CardKind.PHONE:
        number = normalise(text, country)
        if isinstance(number, Problem):
            return problem(field.column, "not_a_phone_number", field=field.column, value=text[:40])
        return number
    value, fault = as_number(text) if field.kind is CardKind.NUMBER else as_date(text)
    if fault:
        return problem(field.column, f"value_{fault}", field=field.column, value=text[:40])
    return _as_before(value, old) if field.kind is CardKind.DATE else value


def _as_before(day: str, old: str) -> str:
    """``14.03.2027`` where dates of this contact are written so."""
    if as_date(old)[1] or "." not in old:
        return day
    year, month, number = day.split("-")
    return f"{number}.{month}.{year}"
