"""Logins to the web pages: the SHA-256 of a token, never the token."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from firmware.model import UserId

_COLUMNS = "token_hash, user_id, created_at, seen_at, expires_at, address, browser"


@dataclass(frozen=True, slots=True)
class Session:
    """One login; good while ``now < expires_at``."""

    token_hash: str
    user_id: UserId
    created_at: float
    seen_at: float
    expires_at: float
    address: str = ""
    browser: str = ""
    """What it called itself (``User-Agent``, RFC 9110 §10.1.5)."""


def create(
    conn: sqlite3.Connection,
    token_hash: str,
    user: UserId,
    now: float,
    ttl_s: float,
    address: str = "",
    browser: str = "",
) -> None:
    """Store a login that ends ``ttl_s`` from now, and drop those that have ended."""
    conn.execute("DELETE FROM session WHERE expires_at <= ?", (now,))
    row = (token_hash, user, now, now, now + ttl_s, address, browser)
    conn.execute("INSERT INTO session VALUES (?, ?, ?, ?, ?, ?, ?)", row)


def touch(conn: sqlite3.Connection, token_hash: str, now: float) -> bool:
    """Note that the session is in use; False if it is gone."""
    sql = "UPDATE session SET seen_at = ? WHERE token_hash = ? AND expires_at > ?"
    return conn.execute(sql, (now, token_hash, now)).rowcount > 0


def close(conn: sqlite3.Connection, token_hash: str) -> None:
    """Log out."""
    conn.execute("DELETE FROM session WHERE token_hash = ?", (token_hash,))


def close_all(conn: sqlite3.Connection, user: UserId, but: str = "") -> int:
    """Log a user out everywhere but in the session with this hash; returns how many were ended."""
    return conn.execute("DELETE FROM session WHERE user_id = ? AND token_hash <> ?", (user, but)).rowcount


def close_one(conn: sqlite3.Connection, user: UserId, name: str) -> bool:
    """End one of a user's sessions by its public name (``name_of``); False if there is none."""
    found = next((each for each in of_user(conn, user) if name_of(each.token_hash) == name), None)
    if found is not None:
        close(conn, found.token_hash)
    return found is not None


def of_user(conn: sqlite3.Connection, user: UserId) -> list[Session]:
    """A user's sessions, the last used first; ended ones too while they lie here."""
    rows = conn.execute(f"SELECT {_COLUMNS} FROM session WHERE user_id = ? ORDER BY seen_at DESC", (user,))  # noqa: S608
    return [Session(row[0], UserId(row[1]), *row[2:]) for row in rows]


def name_of(token_hash: str) -> str:
    """What a page calls a session: enough to tell it apart, too little to be it."""
    return token_hash[:16]


def get(conn: sqlite3.Connection, token_hash: str) -> Session | None:
    """Return the session, expired or not; the caller knows the time."""
    row = conn.execute(f"SELECT {_COLUMNS} FROM session WHERE token_hash = ?", (token_hash,)).fetchone()  # noqa: S608
    return None if row is None else Session(row[0], UserId(row[1]), *row[2:])
