"""The words of scripts: steps, fields, branches. Values only; reading and checking are this room's other modules'."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

END = "end"
"""Where a way on leads that ends the script."""
STEP_PREFIX = "step:"
"""The field id of the answer that a branch is, before the step's id."""


class FieldKind(StrEnum):
    """What is typed into a field."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True)
class Field:
    """One field. ``id`` stays the same from version to version; ``choices`` only for a choice."""

    id: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Branch:
    """An answer of the customer and where it leads: a step's id, ``end``, or empty for the step after."""

    label: str
    go: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step. ``text`` may hold ``{Column}``; ``next`` counts where there are no branches."""

    id: str
    heading: str
    text: str = ""
    fields: tuple[Field, ...] = ()
    branches: tuple[Branch, ...] = ()
    next: str = ""


Steps = tuple[Step, ...]


def leads_to(steps: Steps, at: int, go: str) -> str:
    """The step's id or ``end`` that a way on from the step at place ``at`` leads to."""
    if go:
        return go
    return steps[at + 1].id if at + 1 < len(steps) else END


def ways_on(steps: Steps, at: int) -> tuple[str, ...]:
    """Where the step at place ``at`` leads: ids and ``end``, each branch's in its order, or the one ``next``."""
    step = steps[at]
    goes = [branch.go for branch in step.branches] or [step.next]
    return tuple(leads_to(steps, at, go) for go in goes)
