"""Logins to the web pages: the SHA-256 of a token, never the token."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from firmware.model import UserId


@dataclass(frozen=True, slots=True)
class Session:
    """One login; good while ``now < expires_at``."""

    token_hash: str
    user_id: UserId
    created_at: float
    seen_at: float
    expires_at: float


def create(conn: sqlite3.Connection, token_hash: str, user: UserId, now: float, ttl_s: float) -> None:
    """Store a login that ends ``ttl_s`` from now, and drop those that have ended."""
    conn.execute("DELETE FROM session WHERE expires_at <= ?", (now,))
    conn.execute("INSERT INTO session VALUES (?, ?, ?, ?, ?)", (token_hash, user, now, now, now + ttl_s))


def touch(conn: sqlite3.Connection, token_hash: str, now: float) -> bool:
    """Note that the session is in use; False if it is gone."""
    sql = "UPDATE session SET seen_at = ? WHERE token_hash = ? AND expires_at > ?"
    return conn.execute(sql, (now, token_hash, now)).rowcount > 0


def close(conn: sqlite3.Connection, token_hash: str) -> None:
    """Log out."""
    conn.execute("DELETE FROM session WHERE token_hash = ?", (token_hash,))


def close_all(conn: sqlite3.Connection, user: UserId) -> None:
    """Log a user out everywhere."""
    conn.execute("DELETE FROM session WHERE user_id = ?", (user,))


def get(conn: sqlite3.Connection, token_hash: str) -> Session | None:
    """Return the session, expired or not; the caller knows the time."""
    row = conn.execute("SELECT * FROM session WHERE token_hash = ?", (token_hash,)).fetchone()
    return None if row is None else Session(row[0], UserId(row[1]), *row[2:])
