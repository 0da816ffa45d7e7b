"""Pieces of recordings: which call, from when to when, why each ended. The files are the recorder's."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from firmware.model import AttemptUid, TapeEnd


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece. Times are UTC seconds; ``ended_at`` and ``why`` are None while it goes on."""

    file: str
    began_at: float
    ended_at: float | None
    why: TapeEnd | None


def began(conn: sqlite3.Connection, call: AttemptUid, file: str, at: float) -> None:
    """Write that a piece of a call is being recorded."""
    conn.execute("INSERT INTO call_tape (file, call, began_at) VALUES (?, ?, ?)", (file, call, at))


def ended(conn: sqlite3.Connection, file: str, why: TapeEnd, at: float) -> None:
    """Write that it is over; the first word stands."""
    conn.execute(
        "UPDATE call_tape SET ended_at = ?, why = ? WHERE file = ? AND ended_at IS NULL", (at, why, file)
    )


def of_call(conn: sqlite3.Connection, call: str) -> list[Piece]:
    """Return a call's pieces, oldest first."""
    rows = conn.execute(
        "SELECT file, began_at, ended_at, why FROM call_tape WHERE call = ? ORDER BY began_at, file", (call,)
    )
    return [Piece(file, at, end, None if why is None else TapeEnd(why)) for file, at, end, why in rows]


def is_over(conn: sqlite3.Connection, file: str) -> bool | None:
    """Whether the piece in a file is complete; None: there is no such piece."""
    row = conn.execute("SELECT ended_at IS NOT NULL FROM call_tape WHERE file = ?", (file,)).fetchone()
    return None if row is None else bool(row[0])


def forget(conn: sqlite3.Connection, file: str) -> None:
    """The file of a piece goes: it is on record no more."""
    conn.execute("DELETE FROM call_tape WHERE file = ?", (file,))
    conn.execute("UPDATE attempt SET recording = NULL WHERE recording = ?", (file,))


def interrupt(conn: sqlite3.Connection, now: float) -> None:
    """At boot: what was being recorded when the box stopped ended with it, at the latest now."""
    conn.execute("UPDATE call_tape SET ended_at = ?, why = 'interrupted' WHERE ended_at IS NULL", (now,))
