"""Imports on record: what each brought, and taking one back as a whole.

Every contact names the import that brought it, and what an import changed is kept as it was. Taking back goes in
portions that hold the store for some tens of milliseconds: contacts that were called stay, because attempts and
permits speak of them; the others go, and changed ones become what they were unless a later import changed them too.
What agents have changed since the import stays theirs.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from firmware.model import ContactId, ContactListId, OperatorError, Problem
from firmware.scripts.card import NAME
from firmware.store import desk_values, recycling
from firmware.store.words import canonical, mapping

PORTION = 2000


@dataclass(frozen=True, slots=True)
class Brought:
    """What an import did in the end; ``report`` names the file with its damaged rows."""

    rows: int
    new: int
    updated: int
    duplicate: int
    damaged: int
    report: str | None


@dataclass(frozen=True, slots=True)
class Run:
    """What an import is a run of, and why it began (``list_schedules.Cause``)."""

    schedule_id: int
    cause: str
    kind: str = "import"


def begin(
    conn: sqlite3.Connection,
    list_id: ContactListId,
    file_name: str,
    who: str,
    now: float,
    run: Run | None = None,
) -> int:
    """Put an import on record as running; its id is for the contacts it brings."""
    schedule, cause, kind = (run.schedule_id, run.cause, run.kind) if run else (None, "", "import")
    row = conn.execute(
        "INSERT INTO contact_import (list_id, at, file_name, rows, new, duplicate, damaged, state, who, first_id,"
        " schedule_id, cause, kind) VALUES (?, ?, ?, 0, 0, 0, 0, 'running', ?, ?, ?, ?, ?)",
        (list_id, now, file_name, who, _last_id(conn) + 1, schedule, cause, kind),
    )
    return row.lastrowid or 0


def note(conn: sqlite3.Connection, import_id: int, problems: Sequence[Problem]) -> None:
    """Keep what stood against it."""
    told = [
        {"where": each.where, "key": each.key, "text": each.text, "figures": dict(each.figures)}
        for each in problems
    ]
    conn.execute("UPDATE contact_import SET problems = ? WHERE id = ?", (canonical(told), import_id))


def note_desk(conn: sqlite3.Connection, import_id: int, contacts: int, *, replaced: bool) -> None:
    """Count contacts whose agents said otherwise than the file: left alone, or changed all the same."""
    column = "desk_replaced" if replaced else "desk_kept"
    conn.execute(f"UPDATE contact_import SET {column} = {column} + ? WHERE id = ?", (contacts, import_id))  # noqa: S608


def finish(conn: sqlite3.Connection, import_id: int, brought: Brought) -> None:
    """It is complete."""
    conn.execute(
        "UPDATE contact_import SET state = 'done', rows = ?, new = ?, updated = ?, duplicate = ?, damaged = ?,"
        " report = ?, last_id = ? WHERE id = ?",
        (
            brought.rows,
            brought.new,
            brought.updated,
            brought.duplicate,
            brought.damaged,
            brought.report,
            _last_id(conn),
            import_id,
        ),
    )


def break_off(conn: sqlite3.Connection, import_id: int | None = None) -> int:
    """It (or, at boot, whichever was running) ended half-way; what it brought stays until it is taken back."""
    done = conn.execute(
        "UPDATE contact_import SET state = 'broken', last_id = ?1,"
        " new = (SELECT count(*) FROM contact c WHERE c.id BETWEEN first_id AND ?1 AND c.import_id = contact_import.id)"
        " WHERE state = 'running' AND (?2 IS NULL OR id = ?2)",
        (_last_id(conn), import_id),
    )
    return done.rowcount


def begin_undo(conn: sqlite3.Connection, import_id: int, now: float) -> None:
    """Begin to take an import back; ``undo_some`` does it. :raises OperatorError: it cannot be taken back."""
    row = conn.execute("SELECT state, first_id FROM contact_import WHERE id = ?", (import_id,)).fetchone()
    if row is None:
        raise OperatorError(Problem("import_id", "import_missing", "There is no such import."))
    if row[0] not in ("done", "broken") or row[1] is None:
        raise OperatorError(
            Problem("import_id", "import_not_undoable", "This import cannot be taken back (any more).")
        )
    conn.execute("UPDATE contact_import SET state = 'undoing', undone_at = ? WHERE id = ?", (now, import_id))


def undoing(conn: sqlite3.Connection) -> list[int]:
    """Return the imports that are being taken back."""
    return [
        row[0] for row in conn.execute("SELECT id FROM contact_import WHERE state = 'undoing' ORDER BY id")
    ]


def undo_some(conn: sqlite3.Connection, import_id: int, limit: int = PORTION) -> bool:
    """Take back a portion; False when all is done. What is done is on record, so it goes on after a power cut."""
    first, last = conn.execute(
        "SELECT first_id, coalesce(last_id, first_id - 1) FROM contact_import WHERE id = ?", (import_id,)
    ).fetchone()
    if first <= last:
        until = min(last, first + limit - 1)
        _remove(conn, import_id, first, until)
        conn.execute("UPDATE contact_import SET first_id = ? WHERE id = ?", (until + 1, import_id))
        return True
    if _put_back(conn, import_id, limit) or recycling.put_back(conn, import_id, limit):
        return True
    conn.execute("UPDATE contact_import SET state = 'undone' WHERE id = ?", (import_id,))
    return False


def _remove(conn: sqlite3.Connection, import_id: int, first: int, until: int) -> None:
    brought = "id BETWEEN ? AND ? AND import_id = ?"
    values = (first, until, import_id)
    (all_of_them,) = conn.execute(f"SELECT count(*) FROM contact WHERE {brought}", values).fetchone()  # noqa: S608
    gone = conn.execute(
        f"DELETE FROM contact WHERE {brought} AND state <> 'in_flight' AND attempts = 0",  # noqa: S608
        values,
    ).rowcount
    conn.execute(
        "UPDATE contact_import SET removed = removed + ?, kept = kept + ? WHERE id = ?",
        (gone, all_of_them - gone, import_id),
    )


def _put_back(conn: sqlite3.Connection, import_id: int, limit: int) -> bool:
    sql = "SELECT contact_id, name, zones, priority, fields FROM contact_before WHERE import_id = ? LIMIT ?"
    rows = conn.execute(sql, (import_id, limit)).fetchall()
    for contact, *before in rows:
        later = "SELECT 1 FROM contact_before WHERE contact_id = ? AND import_id > ?"
        if conn.execute(later, (contact, import_id)).fetchone():
            conn.execute("UPDATE contact_import SET kept = kept + 1 WHERE id = ?", (import_id,))
        else:
            _as_before(conn, ContactId(contact), import_id, before)
            conn.execute("UPDATE contact_import SET put_back = put_back + 1 WHERE id = ?", (import_id,))
        conn.execute(
            "DELETE FROM contact_before WHERE contact_id = ? AND import_id = ?", (contact, import_id)
        )
    return bool(rows)


def _as_before(conn: sqlite3.Connection, contact: ContactId, import_id: int, before: Sequence[Any]) -> None:
    """Make a contact what it was before an import, but for what agents have learnt since."""
    name, zones, priority, fields = before
    now_name, now_fields = conn.execute(
        "SELECT name, fields FROM contact WHERE id = ?", (contact,)
    ).fetchone()
    known = {**mapping(now_fields), NAME: now_name}
    (begun,) = conn.execute("SELECT at FROM contact_import WHERE id = ?", (import_id,)).fetchone()
    learnt = {
        field: known.get(field, "") for field in desk_values.standing(conn, contact, known, since=begun)
    }
    name = learnt.pop(NAME, name)
    conn.execute(
        "UPDATE contact SET name = ?, zones = ?, priority = ?, fields = ? WHERE id = ?",
        (name, zones, priority, canonical({**mapping(fields), **learnt}), contact),
    )


def _last_id(conn: sqlite3.Connection) -> int:
    row = conn.execute("SELECT seq FROM sqlite_sequence WHERE name = 'contact'").fetchone()
    return 0 if row is None else int(row[0])
