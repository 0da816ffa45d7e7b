"""Contact lists as the pages show them: counters, reasons, and what imports brought."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from firmware.model import ContactListId
from firmware.store import contacts, list_schedules
from firmware.store.list_schedules import Schedule


@dataclass(frozen=True, slots=True)
class ContactList:
    """A list with its counters."""

    id: ContactListId
    name: str
    created_at: float
    contacts: int
    open: int
    in_flight: int
    closed: int


@dataclass(frozen=True, slots=True)
class Import:
    """What one import brought; ``report`` names the file with its damaged rows, if there were any.

    ``state`` is running, done, broken (the box stopped half-way), undoing or undone; the last three figures say what
    became of its contacts when it was taken back.
    """

    id: int
    at: float
    file_name: str
    rows: int
    new: int
    updated: int
    duplicate: int
    damaged: int
    report: str | None
    state: str
    who: str
    undoable: bool
    removed: int
    kept: int
    put_back: int
    kind: str = "import"
    """``recycle``: contacts made callable once more; ``rows`` are those looked at, ``updated`` those opened."""
    schedule_id: int | None = None
    cause: str = ""
    """Why a run of a schedule began: time, late, hand, trigger; empty: no run of a schedule."""
    desk_kept: int = 0
    """Contacts of which agents knew otherwise, and were left to be right."""
    desk_replaced: int = 0
    """Contacts of which agents knew otherwise, changed to what the file says all the same."""
    problems: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class ListReport:
    """One list: how far it is worked off, why contacts were closed, what imports brought, newest first."""

    id: ContactListId
    name: str
    created_at: float
    contacts: int
    open: int
    in_flight: int
    closed: int
    closed_by: Mapping[str, int]
    imports: list[Import]
    schedules: list[Schedule] = field(default_factory=list)


def every(conn: sqlite3.Connection) -> list[ContactList]:
    """Return every list that is in use, newest first."""
    rows = conn.execute(
        "SELECT id, name, created_at FROM contact_list WHERE deleted_at IS NULL ORDER BY id DESC"
    ).fetchall()
    found: list[ContactList] = []
    for list_id, name, created_at in rows:
        c = contacts.counts(conn, list_id)
        found.append(ContactList(list_id, name, created_at, c.contacts, c.open, c.in_flight, c.closed))
    return found


def one(conn: sqlite3.Connection, list_id: ContactListId) -> ListReport | None:
    """Return one list with its imports, None if it does not exist (any more)."""
    row = conn.execute(
        "SELECT name, created_at FROM contact_list WHERE id = ? AND deleted_at IS NULL", (list_id,)
    ).fetchone()
    if row is None:
        return None
    imports = conn.execute(
        "SELECT id, at, file_name, rows, new, updated, duplicate, damaged, report, state, who,"
        " state IN ('done', 'broken') AND first_id IS NOT NULL, removed, kept, put_back,"
        " kind, schedule_id, cause, desk_kept, desk_replaced, problems"
        " FROM contact_import WHERE list_id = ? ORDER BY id DESC",
        (list_id,),
    )
    c = contacts.counts(conn, list_id)
    return ListReport(
        list_id,
        row[0],
        row[1],
        c.contacts,
        c.open,
        c.in_flight,
        c.closed,
        c.closed_by,
        [_import(each) for each in imports.fetchall()],
        list_schedules.of_list(conn, list_id),
    )


def _import(row: tuple[Any, ...]) -> Import:
    *figures, problems = row
    return replace(Import(*figures), problems=json.loads(problems))
