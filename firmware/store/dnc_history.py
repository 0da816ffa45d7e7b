"""What happened to the DNC lists: every change with who, when, how and why, and the whole life of one number.

Only reads. The history itself is written by ``dnc`` and held by triggers to be append-only.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from firmware.store.dnc_lookup import SHIFT, lists
from firmware.store.words import digits


@dataclass(frozen=True, slots=True)
class Change:
    """One version of a list. ``act`` is added, removed, register_loaded or list_deleted; ``numbers`` how many."""

    version: int
    at: float
    act: str
    source: str
    who: str
    why: str
    numbers: int


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a number on one list. ``standing`` marks an entry that is there now."""

    list_id: int
    list_name: str
    at: float
    act: str
    source: str
    who: str
    why: str
    expires_at: float | None
    standing: bool
    prefix: str
    """The beginning that stood there for the number, empty for the number itself."""


CHANGES = "SELECT version, at, act, source, who, why, numbers FROM dnc_change WHERE list_id = ?"
"""Every change of a list, as ``Change`` takes them."""


def of_number(conn: sqlite3.Connection, number: str) -> list[Event]:
    """Return everything on record about a number (E.164) and about beginnings that cover it, oldest first.

    Registers are not in it: they are exchanged as a whole, and their loading is a change of the list.
    """
    names = {each.id: each.name for each in lists(conn)}
    gone = conn.execute("SELECT list_id, source FROM dnc_change WHERE act = 'list_deleted'")
    names = {**dict(gone.fetchall()), **names}
    found = [event for list_id in names for event in _on_list(conn, list_id, names[list_id], digits(number))]
    return sorted(found, key=lambda event: (event.at, not event.standing))


def _on_list(conn: sqlite3.Connection, list_id: int, name: str, number: int) -> Iterator[Event]:
    text = str(number)
    places = [(number, 0)] + [(int(text[:length]), 1) for length in range(1, len(text) + 1)]
    for stored, prefix in places:
        mark = f"+{stored}*" if prefix else ""
        for row in conn.execute(_LIFE, {"entry": list_id * SHIFT + stored, "prefix": prefix}):
            at, act, source, who, why, expires_at, standing = row
            yield Event(list_id, name, at, act, source, who, why, expires_at, bool(standing), mark)


_LIFE = """
    WITH life AS (
        SELECT added_by AS added, ended_by AS ended, expires_at, 0 AS standing FROM dnc_past
            WHERE entry = :entry AND prefix = :prefix
        UNION ALL SELECT change_id, NULL, expires_at, 1 FROM dnc_entry WHERE entry = :entry AND :prefix = 0
        UNION ALL SELECT change_id, NULL, expires_at, 1 FROM dnc_prefix WHERE entry = :entry AND :prefix = 1)
    SELECT at, act, source, who, why, expires_at, standing FROM life JOIN dnc_change ON id = added
    UNION ALL SELECT at, act, source, who, why, NULL, 0 FROM life JOIN dnc_change ON id = ended WHERE act <> 'added'
"""
