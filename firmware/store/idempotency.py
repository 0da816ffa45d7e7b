"""What a request with an Idempotency-Key was answered, so that its retry gets the same answer and does nothing.

A request is begun before it is carried out and kept with its answer afterwards. One whose answer never came (the
pages died in between) may be begun again after ``ABANDONED_S``. Keys belong to their token.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

KEPT_S = 86400.0
ABANDONED_S = 60.0
_PRUNED_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Begun:
    """How a request with a key goes on: ``state`` is new, busy (the first is still under way), other (the key was
    used for another request) or answered, with the answer."""

    state: str
    status: int = 0
    body: str = ""


def begin(conn: sqlite3.Connection, token_id: int, key: str, fingerprint: str, now: float) -> Begun:
    """Look for an earlier request with this key, and take the key where there is none."""
    _prune(conn, now)
    row = conn.execute(
        "SELECT fingerprint, begun_at, status, body FROM api_answer WHERE token_id = ? AND key = ?",
        (token_id, key),
    ).fetchone()
    if row is not None:
        earlier, begun_at, status, body = row
        if earlier != fingerprint:
            return Begun("other")
        if status is not None:
            return Begun("answered", status, body)
        if abs(now - begun_at) < ABANDONED_S:
            return Begun("busy")
    conn.execute(
        "INSERT OR REPLACE INTO api_answer (token_id, key, fingerprint, begun_at) VALUES (?, ?, ?, ?)",
        (token_id, key, fingerprint, now),
    )
    return Begun("new")


def keep(conn: sqlite3.Connection, token_id: int, key: str, status: int, body: str) -> None:
    """The request was answered."""
    conn.execute(
        "UPDATE api_answer SET status = ?, body = ? WHERE token_id = ? AND key = ?",
        (status, body, token_id, key),
    )


def forget(conn: sqlite3.Connection, token_id: int, key: str) -> None:
    """The request could not be carried out; its retry is a first try."""
    conn.execute("DELETE FROM api_answer WHERE token_id = ? AND key = ? AND status IS NULL", (token_id, key))


def _prune(conn: sqlite3.Connection, now: float) -> None:
    conn.execute(
        "DELETE FROM api_answer WHERE (token_id, key) IN"
        " (SELECT token_id, key FROM api_answer WHERE begun_at < ? LIMIT ?)",
        (now - KEPT_S, _PRUNED_AT_ONCE),
    )
