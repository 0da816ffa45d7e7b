"""Invitations: one link for one person, with which they set a password of their own. Of its token only the hash."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from firmware.model import UserId


@dataclass(frozen=True, slots=True)
class Invitation:
    """Good while ``now < expires_at``, and once."""

    user_id: UserId
    made_by: UserId | None
    created_at: float
    expires_at: float
    address: str = ""
    """To which it was sent and which the person has to name; empty: the link is enough."""


def put(
    conn: sqlite3.Connection,
    user: UserId,
    token_hash: str,
    made_by: UserId | None,
    now: float,
    ttl_s: float,
    address: str = "",
) -> None:
    """Invite somebody; an invitation they had counts no more."""
    conn.execute(
        "INSERT OR REPLACE INTO invitation (user_id, token_hash, made_by, created_at, expires_at, address)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (user, token_hash, made_by, now, now + ttl_s, address),
    )


def find(conn: sqlite3.Connection, token_hash: str, now: float) -> Invitation | None:
    """The invitation with this token, if it still counts."""
    return _one(conn, "token_hash = ?", token_hash, now)


def of_user(conn: sqlite3.Connection, user: UserId, now: float) -> Invitation | None:
    """The invitation somebody has, if it still counts."""
    return _one(conn, "user_id = ?", user, now)


def remove(conn: sqlite3.Connection, user: UserId) -> bool:
    """Let somebody's invitation count no more; False if there was none."""
    return conn.execute("DELETE FROM invitation WHERE user_id = ?", (user,)).rowcount == 1


def _one(conn: sqlite3.Connection, condition: str, value: object, now: float) -> Invitation | None:
    row = conn.execute(
        "SELECT user_id, made_by, created_at, expires_at, address FROM invitation"  # noqa: S608
        f" WHERE {condition} AND expires_at > ?",
        (value, now),
    ).fetchone()
    return None if row is None else Invitation(UserId(row[0]), row[1] and UserId(row[1]), *row[2:])
