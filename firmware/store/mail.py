"""The queue of mail: what waits survives a restart, and what became of each message can be looked at.

A message is one recipient's; several can carry the same file, which is kept once and goes with the last of them.
When to try again is ``firmware.mail``'s; here it is only written down.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class File:
    """What is attached. ``kind`` is its media type."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True, slots=True)
class NewMail:
    """A message to be sent. ``purpose``: ``report``, ``alert``, ``test`` or ``invitation`` (also that
    there will be none); ``about`` the schedule, alert or person."""

    purpose: str
    recipient: str
    subject: str
    body: str
    about: int | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """One message and what became of it. Times are UTC seconds; ``code`` is SMTP's, None without an answer."""

    id: int
    made_at: float
    purpose: str
    about: int | None
    recipient: str
    subject: str
    body: str
    state: str
    tries: int
    first_at: float | None
    next_at: float
    last_at: float | None
    code: int | None
    error: str


_MAIL = "id, made_at, purpose, about, recipient, subject, body, state, tries, first_at, next_at, last_at, code, error"


def enqueue(
    conn: sqlite3.Connection, mails: Iterable[NewMail], now: float, file: File | None = None
) -> list[int]:
    """Put messages into the queue, all with the same file; returns their ids."""
    attached = None
    if file is not None:
        attached = conn.execute(
            "INSERT INTO mail_file (name, kind, content) VALUES (?, ?, ?)",
            (file.name, file.kind, file.content),
        ).lastrowid
    return [
        conn.execute(
            "INSERT INTO mail (made_at, purpose, about, recipient, subject, body, file_id, next_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (now, each.purpose, each.about, each.recipient, each.subject, each.body, attached, now),
        ).lastrowid
        or 0
        for each in mails
    ]


def due(conn: sqlite3.Connection, now: float, limit: int) -> list[Mail]:
    """Return up to ``limit`` messages to be tried now, those that wait longest first."""
    sql = f"SELECT {_MAIL} FROM mail WHERE state = 'waiting' AND next_at <= ? ORDER BY next_at, id LIMIT ?"  # noqa: S608
    return [Mail(*row) for row in conn.execute(sql, (now, limit))]


def file_of(conn: sqlite3.Connection, mail: int) -> File | None:
    """Return what is attached to a message."""
    row = conn.execute(
        "SELECT f.name, f.kind, f.content FROM mail m JOIN mail_file f ON f.id = m.file_id WHERE m.id = ?",
        (mail,),
    ).fetchone()
    return None if row is None else File(*row)


def get(conn: sqlite3.Connection, mail: int) -> Mail | None:
    """Return one message."""
    row = conn.execute(f"SELECT {_MAIL} FROM mail WHERE id = ?", (mail,)).fetchone()  # noqa: S608
    return None if row is None else Mail(*row)


def sent(conn: sqlite3.Connection, mail: int, code: int, now: float) -> None:
    """The server has taken it; what was attached is let go of with the last message that carried it."""
    conn.execute(
        "UPDATE mail SET state = 'sent', tries = tries + 1, first_at = coalesce(first_at, ?1), last_at = ?1,"
        " code = ?2, error = '' WHERE id = ?3",
        (now, code, mail),
    )
    _let_go(conn, mail)


def not_sent(
    conn: sqlite3.Connection, mail: int, code: int | None, error: str, now: float, next_at: float | None
) -> None:
    """The server did not take it: to be tried again at ``next_at``, or never (None)."""
    conn.execute(
        "UPDATE mail SET state = iif(?1 IS NULL, 'failed', 'waiting'), tries = tries + 1,"
        " first_at = coalesce(first_at, ?2), last_at = ?2, next_at = coalesce(?1, next_at), code = ?3, error = ?4"
        " WHERE id = ?5",
        (next_at, now, code, error[:300], mail),
    )
    if next_at is None:
        _let_go(conn, mail)


def withdraw(conn: sqlite3.Connection, purpose: str, about: int) -> None:
    """Messages that still wait are not wanted any more."""
    conn.execute(
        "DELETE FROM mail WHERE purpose = ? AND about = ? AND state = 'waiting' AND file_id IS NULL",
        (purpose, about),
    )


def _let_go(conn: sqlite3.Connection, mail: int) -> None:
    """Remove a message's file once no message waits for it any more, and what only its reader may know."""
    conn.execute("UPDATE mail SET body = '' WHERE id = ? AND purpose = 'invitation'", (mail,))
    row = conn.execute("SELECT file_id FROM mail WHERE id = ?", (mail,)).fetchone()
    if row is None or row[0] is None:
        return
    waits = "SELECT 1 FROM mail WHERE file_id = ? AND state = 'waiting'"
    if conn.execute(waits, (row[0],)).fetchone() is None:
        conn.execute("UPDATE mail SET file_id = NULL WHERE file_id = ?", (row[0],))
        conn.execute("DELETE FROM mail_file WHERE id = ?", (row[0],))


def latest(conn: sqlite3.Connection, limit: int = 50) -> list[Mail]:
    """Return the newest messages, newest first."""
    sql = f"SELECT {_MAIL} FROM mail ORDER BY id DESC LIMIT ?"  # noqa: S608
    return [Mail(*row) for row in conn.execute(sql, (limit,))]


def of_purpose(conn: sqlite3.Connection, purpose: str, about: int, limit: int = 20) -> list[Mail]:
    """Return the newest messages of one schedule or alert."""
    sql = f"SELECT {_MAIL} FROM mail WHERE purpose = ? AND about = ? ORDER BY id DESC LIMIT ?"  # noqa: S608
    return [Mail(*row) for row in conn.execute(sql, (purpose, about, limit))]


def counts(conn: sqlite3.Connection) -> dict[str, int]:
    """How many messages there are in each state."""
    rows: list[Any] = conn.execute("SELECT state, count(*) FROM mail GROUP BY 1").fetchall()
    return {str(state): int(count) for state, count in rows}
