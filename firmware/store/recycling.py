"""Makes finished contacts of a list callable once more, a portion at a time, and takes that back.

A run is on record like an import. A contact begins a new round: its attempts and results of before count no more
against the campaign's own limits. What the law counts (attempts per number and period, abandoned calls) is counted
over the attempts themselves and is not touched, and every call is permitted anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

from firmware.model import ContactListId, Disposition
from firmware.store import dnc

PORTION = 1000
USED_UP = "attempts_used_up"
"""Closed by the campaign's own limit: what the last attempt came to says whether the contact is meant."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose contacts: closed with one of these results, not called since ``before`` (UTC seconds)."""

    list_id: ContactListId
    dispositions: Collection[Disposition]
    before: float


@dataclass(frozen=True, slots=True)
class Portion:
    """What became of one: ``last`` is where the next begins, None at the end of the list."""

    last: int | None
    looked_at: int = 0
    opened: int = 0
    blocked: int = 0
    """On a DNC list that binds everybody: left as they are."""


def some(
    conn: sqlite3.Connection, import_id: int, wanted: Wanted, after: int, now: float, limit: int = PORTION
) -> Portion:
    """Go through a portion of the list in the order of its numbers, from behind the (stored) number ``after`` on."""
    rows = conn.execute(
        "SELECT id, number, dialled, state, closed_reason, coalesce(last_attempt_at, 0) FROM contact"
        " WHERE list_id = ? AND number > ? ORDER BY number LIMIT ?",
        (wanted.list_id, after, limit),
    ).fetchall()
    asked = dnc.asked_by(conn, [])
    looked_at = opened = blocked = 0
    for contact, _number, dialled, state, reason, last_at in rows:
        if state != "closed" or last_at > wanted.before or not _meant(conn, contact, dialled, reason, wanted):
            continue
        looked_at += 1
        number = _first_number(conn, contact)
        if number is None or dnc.hits(conn, asked, number, now):
            blocked += 1
            continue
        _open(conn, import_id, contact, number, now)
        opened += 1
    last = rows[-1][1] if len(rows) == limit else None
    return Portion(last, looked_at, opened, blocked)


def _meant(conn: sqlite3.Connection, contact: int, dialled: int, reason: str, wanted: Wanted) -> bool:
    if reason != USED_UP:
        return reason in wanted.dispositions
    row = conn.execute(
        "SELECT disposition FROM attempt WHERE number = ? AND contact_id = ? AND sent = 1 ORDER BY id DESC LIMIT 1",
        (dialled, contact),
    ).fetchone()
    return row is not None and row[0] in wanted.dispositions


def _first_number(conn: sqlite3.Connection, contact: int) -> int | None:
    """The first of its numbers that is not given up; None where all are."""
    rows = conn.execute(
        "SELECT number, closed_reason FROM contact_number WHERE contact_id = ? ORDER BY place", (contact,)
    ).fetchall()
    if not rows:
        return int(conn.execute("SELECT number FROM contact WHERE id = ?", (contact,)).fetchone()[0])
    return next((int(number) for number, reason in rows if reason is None), None)


def _open(conn: sqlite3.Connection, import_id: int, contact: int, number: int, now: float) -> None:
    conn.execute(
        "INSERT INTO contact_recycled SELECT ?, id, closed_reason, next_at, attempts, attempts_base, round_at"
        " FROM contact WHERE id = ?",
        (import_id, contact),
    )
    conn.execute(
        "UPDATE contact SET state = 'open', closed_reason = NULL, next_at = ?1, attempts_base = attempts,"
        " round_at = ?1, dial = nullif(?2, number) WHERE id = ?3",
        (now, number, contact),
    )


def put_back(conn: sqlite3.Connection, import_id: int, limit: int) -> bool:
    """Close a portion of them again as they were; False when all are done. Who was called meanwhile stays as he is."""
    rows = conn.execute(
        "SELECT contact_id, closed_reason, next_at, attempts, attempts_base, round_at FROM contact_recycled"
        " WHERE import_id = ? LIMIT ?",
        (import_id, limit),
    ).fetchall()
    for contact, reason, next_at, attempts, base, round_at in rows:
        done = conn.execute(
            "UPDATE contact SET state = 'closed', closed_reason = ?, next_at = ?, attempts_base = ?, round_at = ?"
            " WHERE id = ? AND state = 'open' AND attempts = ?"
            " AND NOT EXISTS (SELECT 1 FROM promise p WHERE p.contact_id = contact.id AND p.state = 'open')"
            " AND NOT EXISTS (SELECT 1 FROM offer o WHERE o.contact_id = contact.id)",
            (reason, next_at, base, round_at, contact, attempts),
        ).rowcount
        column = "put_back" if done else "kept"
        conn.execute(f"UPDATE contact_import SET {column} = {column} + 1 WHERE id = ?", (import_id,))  # noqa: S608
        conn.execute(
            "DELETE FROM contact_recycled WHERE import_id = ? AND contact_id = ?", (import_id, contact)
        )
    return bool(rows)
