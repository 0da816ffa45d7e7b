"""Steps of a script as plain data (JSON), read strictly and written again. Every mistake is reported with its step.

What steps mean together is ``checks``'.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from firmware.model import OperatorError, Problem
from firmware.scripts.script import Branch, Field, FieldKind, Step, Steps
from firmware.scripts.texts import problem

MOST_STEPS = 60
MOST_FIELDS = 30
MOST_BRANCHES = 9
"""One for each digit."""
MOST_CHOICES = 40
LONGEST_TEXT = 6000
LONGEST_LABEL = 200
_ID = re.compile(r"[a-z][a-z0-9]{0,15}")


def read(plain: Sequence[Any]) -> Steps:
    """The steps. :raises OperatorError: with every mistake, ``where`` being ``steps.2``, counted from 1."""
    reader = _Reader()
    if not 1 <= len(plain) <= MOST_STEPS:
        reader.mistake("steps", "script_size", most=MOST_STEPS)
    steps = tuple(reader.step(at, each) for at, each in enumerate(plain[:MOST_STEPS], 1))
    for ids, key in (
        ([step.id for step in steps], "steps"),
        ([field.id for step in steps for field in step.fields], "fields"),
    ):
        if len(set(ids)) != len(ids):
            reader.mistake(key, "script_malformed")
    if reader.problems:
        raise OperatorError(*reader.problems)
    return steps


def stored(plain: Sequence[Mapping[str, Any]]) -> Steps:
    """Steps as ``plain_of`` wrote them and they were accepted once."""
    return tuple(
        Step(
            each["id"],
            each["heading"],
            each["text"],
            tuple(
                Field(f["id"], f["label"], FieldKind(f["kind"]), f["required"], tuple(f["choices"]))
                for f in each["fields"]
            ),
            tuple(Branch(b["label"], b["go"]) for b in each["branches"]),
            each["next"],
        )
        for each in plain
    )


def plain_of(steps: Steps) -> list[dict[str, Any]]:
    """The steps as plain data."""
    return [
        {
            "id": step.id,
            "heading": step.heading,
            "text": step.text,
            "fields": [field_plain(field) for field in step.fields],
            "branches": [{"label": branch.label, "go": branch.go} for branch in step.branches],
            "next": step.next,
        }
        for step in steps
    ]


def field_plain(field: Field) -> dict[str, Any]:
    """One field as plain data."""
    return {
        "id": field.id,
        "label": field.label,
        "kind": str(field.kind),
        "required": field.required,
        "choices": list(field.choices),
    }


class _Reader:
    """Reads values of any shape and collects what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def mistake(self, where: str, key: str, **figures: Any) -> None:
        self.problems.append(problem(where, key, **figures))

    def step(self, at: int, plain: Any) -> Step:
        where = f"steps.{at}"
        given = plain if isinstance(plain, Mapping) else {}
        heading = self.text(where, given.get("heading"), LONGEST_LABEL)
        if not heading:
            self.mistake(where, "step_without_heading", step=at)
        branches = self.several(where, given.get("branches"), MOST_BRANCHES)
        return Step(
            self.id(where, given.get("id")),
            heading,
            self.text(where, given.get("text"), LONGEST_TEXT),
            tuple(
                self.field(where, heading, each)
                for each in self.several(where, given.get("fields"), MOST_FIELDS)
            ),
            tuple(self.branch(where, each) for each in branches),
            self.text(where, given.get("next"), 16),
        )

    def field(self, where: str, heading: str, given: Mapping[str, Any]) -> Field:
        label = self.text(where, given.get("label"), LONGEST_LABEL)
        kind = given.get("kind", "text")
        if kind not in tuple(FieldKind):
            self.mistake(where, "script_malformed")
            kind = FieldKind.TEXT
        several = given.get("choices") if isinstance(given.get("choices"), Sequence) else ()
        choices = tuple(
            dict.fromkeys(filter(None, (self.text(where, c, LONGEST_LABEL) for c in several or ())))
        )
        if kind == FieldKind.CHOICE and not 2 <= len(choices) <= MOST_CHOICES:
            self.mistake(where, "field_choices", step=heading, field=label, most=MOST_CHOICES)
        if not label:
            self.mistake(where, "field_without_label", step=heading)
        return Field(
            self.id(where, given.get("id")),
            label,
            FieldKind(kind),
            bool(given.get("required")),
            choices if kind == FieldKind.CHOICE else (),
        )

    def branch(self, where: str, given: Mapping[str, Any]) -> Branch:
        return Branch(
            self.text(where, given.get("label"), LONGEST_LABEL), self.text(where, given.get("go"), 16)
        )

    def several(self, where: str, plain: Any, most: int) -> list[Mapping[str, Any]]:
        rows = list(plain) if isinstance(plain, Sequence) and not isinstance(plain, str) else []
        if len(rows) > most or not all(isinstance(row, Mapping) for row in rows):
            self.mistake(where, "script_malformed")
            return []
        return rows

    def text(self, where: str, plain: Any, longest: int) -> str:
        text = plain.replace("\r\n", "\n").strip() if isinstance(plain, str) else ""
        if len(text) > longest:
            self.mistake(where, "step_too_long", most=longest)
        return text[:longest]

    def id(self, where: str, plain: Any) -> str:
        if not isinstance(plain, str) or not _ID.fullmatch(plain) or plain == "end":
            self.mistake(where, "script_malformed")
            return ""
        return plain
