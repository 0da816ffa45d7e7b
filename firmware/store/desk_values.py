"""Values that stand as an agent left them, and what a file says otherwise.

A value is an agent's as long as it is what the newest change at a desk made of it: whoever changes it after them, an
import or another program, ends that. Who changed it is not told here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from firmware.model import ContactId


@dataclass(frozen=True, slots=True)
class Clash:
    """A value of an agent's that a file says otherwise. ``at`` UTC seconds; ``before`` is what the agent replaced."""

    contact: ContactId
    field: str
    desk: str
    file: str
    before: str
    at: float


def standing(
    conn: sqlite3.Connection, contact: ContactId, known: Mapping[str, str], since: float = 0.0
) -> dict[str, tuple[str, float]]:
    """Return the fields of a contact that are an agent's, changed after ``since`` (UTC): what was before, and when."""
    rows = conn.execute(
        "SELECT field, old, new, at FROM contact_edit WHERE contact_id = ? AND at >= ? ORDER BY id",
        (contact, since),
    )
    newest = {field: (old, new, at) for field, old, new, at in rows}
    return {field: (old, at) for field, (old, new, at) in newest.items() if known.get(field, "") == new}


def clashes(
    conn: sqlite3.Connection, contact: ContactId, known: Mapping[str, str], said: Mapping[str, str]
) -> list[Clash]:
    """What a file says otherwise of a contact than its agents; both by field, the name under ``scripts.card.NAME``."""
    other = {field: value for field, value in said.items() if known.get(field, "") != value}
    if not other:
        return []
    return [
        Clash(contact, field, known.get(field, ""), other[field], before, at)
        for field, (before, at) in standing(conn, contact, known).items()
        if field in other
    ]


def contacts_of(found: Iterable[Clash]) -> int:
    """How many contacts these are about."""
    return len({each.contact for each in found})
