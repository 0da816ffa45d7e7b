"""Tokens for other programs: what each may do, from where and how often. The token itself is kept nowhere.

Only its SHA-256 is stored; it has 256 random bits, so that a slow hash would add nothing. A revoked or expired token
stays on record, because what it did does.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from firmware.model import OperatorError, Problem

SCOPES: tuple[str, ...] = (
    "contacts:read",
    "contacts:write",
    "leads:write",
    "callbacks:read",
    "callbacks:write",
    "dnc:read",
    "dnc:write",
    "consents:read",
    "consents:write",
    "campaigns:read",
    "campaigns:control",
    "attempts:read",
    "inbound:read",
    "agents:read",
    "webhooks:manage",
)
"""What a token can be allowed to do, one word per noun and act."""


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token to keep. ``sources`` are networks (CIDR) it may be used from, none: any; ``rate`` is per minute."""

    token_hash: str
    hint: str
    name: str
    scopes: tuple[str, ...]
    sources: tuple[str, ...]
    rate: int
    expires_at: float | None
    created_by: str


@dataclass(frozen=True, slots=True)
class Token:
    """A stored token. Times are UTC seconds."""

    id: int
    hint: str
    name: str
    scopes: tuple[str, ...]
    sources: tuple[str, ...]
    rate: int
    created_by: str
    created_at: float
    expires_at: float | None
    last_used_at: float | None
    last_used_from: str
    revoked_at: float | None
    revoked_by: str

    def usable(self, now: float) -> bool:
        """Whether it counts at ``now``."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


_COLUMNS = (
    "id, hint, name, scopes, sources, rate, created_by, created_at, expires_at, last_used_at, last_used_from,"
    " revoked_at, revoked_by"
)


def create(conn: sqlite3.Connection, new: NewToken, now: float) -> int:
    """Store a token."""
    row = conn.execute(
        "INSERT INTO api_token (token_hash, hint, name, scopes, sources, rate, created_by, created_at, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            new.token_hash,
            new.hint,
            new.name,
            json.dumps([scope for scope in SCOPES if scope in new.scopes]),
            json.dumps(new.sources),
            new.rate,
            new.created_by,
            now,
            new.expires_at,
        ),
    )
    return row.lastrowid or 0


def every(conn: sqlite3.Connection) -> list[Token]:
    """Return all tokens, newest first, revoked ones too."""
    return [_read(row) for row in conn.execute(f"SELECT {_COLUMNS} FROM api_token ORDER BY id DESC")]  # noqa: S608


def by_hash(conn: sqlite3.Connection, token_hash: str) -> Token | None:
    """Return the token with this hash, whether it still counts or not."""
    row = conn.execute(f"SELECT {_COLUMNS} FROM api_token WHERE token_hash = ?", (token_hash,)).fetchone()  # noqa: S608
    return None if row is None else _read(row)


def revoke(conn: sqlite3.Connection, number: int, who: str, now: float) -> None:
    """Let a token count no more; revoking it twice changes nothing. :raises OperatorError: unknown."""
    done = conn.execute(
        "UPDATE api_token SET revoked_at = coalesce(revoked_at, ?),"
        " revoked_by = iif(revoked_at IS NULL, ?, revoked_by) WHERE id = ?",
        (now, who, number),
    )
    if not done.rowcount:
        raise OperatorError(Problem("id", "token_unknown", f"There is no token {number}."))


def touch(conn: sqlite3.Connection, number: int, address: str, now: float) -> None:
    """Remember when and from where a token was used."""
    conn.execute(
        "UPDATE api_token SET last_used_at = ?, last_used_from = ? WHERE id = ?", (now, address, number)
    )


def _read(row: tuple[Any, ...]) -> Token:
    number, hint, name, scopes, sources, *rest = row
    return Token(number, hint, name, tuple(json.loads(scopes)), tuple(json.loads(sources)), *rest)
