"""People who ask for access, or for another role, until an administrator has decided. Whether they may ask at all, too.

Nobody has more than one open request: who asks again says it anew. What was decided goes with the other logs.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from firmware.model import Role, UserId
from firmware.store import settings
from firmware.store.words import canonical

KEY = "access_requests"
MOST_OPEN = 20
"""More are not taken until some are decided: whoever fills the list with nonsense fills twenty rows."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for; ``user_id`` is None where they have no login yet."""

    name: str
    address: str
    language: str
    roles: tuple[Role, ...]
    words: str
    user_id: UserId | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A wish on record. ``state`` is open, granted or refused; times are UTC seconds."""

    id: int
    at: float
    wish: Wish
    state: str
    decided_at: float | None
    decided_by: str
    reason: str


def is_open(conn: sqlite3.Connection) -> bool:
    """Whether people may ask."""
    return bool(settings.get(conn, KEY, True))


def set_open(conn: sqlite3.Connection, on: bool) -> None:
    """Let people ask, or not."""
    settings.put(conn, KEY, on)


def ask(conn: sqlite3.Connection, wish: Wish, now: float) -> int | None:
    """Put a wish on record, in the place of an open one of the same person -> its id; None: too many are open."""
    conn.execute(
        "DELETE FROM access_request WHERE state = 'open' AND (user_id = ?1 OR"
        " (?1 IS NULL AND user_id IS NULL AND ?2 <> '' AND address = ?2 COLLATE NOCASE))",
        (wish.user_id, wish.address),
    )
    if waiting(conn) >= MOST_OPEN:
        return None
    row = conn.execute(
        "INSERT INTO access_request (at, user_id, name, address, language, roles, words)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            now,
            wish.user_id,
            wish.name,
            wish.address,
            wish.language,
            canonical(sorted(wish.roles)),
            wish.words,
        ),
    )
    return row.lastrowid


def waiting(conn: sqlite3.Connection) -> int:
    """How many wait for a decision."""
    (count,) = conn.execute("SELECT count(*) FROM access_request WHERE state = 'open'").fetchone()
    return int(count)


def decide(
    conn: sqlite3.Connection, request: int, state: str, by: str, now: float, reason: str = ""
) -> Request | None:
    """Grant or refuse an open request -> as it was; None: it is not open (any more)."""
    found = get(conn, request)
    if found is None or found.state != "open":
        return None
    conn.execute(
        "UPDATE access_request SET state = ?, decided_at = ?, decided_by = ?, reason = ? WHERE id = ?",
        (state, now, by, reason, request),
    )
    return found


_COLUMNS = "id, at, name, address, language, roles, words, user_id, state, decided_at, decided_by, reason"


def get(conn: sqlite3.Connection, request: int) -> Request | None:
    """Return one, None where there is none."""
    row = conn.execute(f"SELECT {_COLUMNS} FROM access_request WHERE id = ?", (request,)).fetchone()  # noqa: S608
    return None if row is None else _read(row)


def newest(conn: sqlite3.Connection, limit: int = 50) -> Sequence[Request]:
    """Return open ones, the oldest first, then those decided, the newest first."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM access_request ORDER BY state <> 'open',"  # noqa: S608
        " CASE WHEN state = 'open' THEN at ELSE -decided_at END LIMIT ?",
        (limit,),
    )
    return [_read(row) for row in rows.fetchall()]


def _read(
    row: tuple[int, float, str, str, str, str, str, int | None, str, float | None, str, str],
) -> Request:
    number, at, name, address, language, roles, words, user, *decided = row
    wanted = tuple(Role(each) for each in json.loads(roles))
    wish = Wish(name, address, language, wanted, words, None if user is None else UserId(user))
    return Request(number, at, wish, *decided)  # type: ignore[arg-type]
