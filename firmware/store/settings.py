"""Settings of the box that people change while it runs: a key, a JSON value. (The file's are in ``config``.)"""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from firmware.store.words import canonical


def put(conn: sqlite3.Connection, key: str, value: Any) -> None:
    """Store a JSON-able value."""
    conn.execute(
        "INSERT INTO setting VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
        (key, canonical(value)),
    )


def get(conn: sqlite3.Connection, key: str, default: Any = None) -> Any:
    """Return the value, ``default`` if it was never stored."""
    row = conn.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
    return default if row is None else json.loads(row[0])


def remove(conn: sqlite3.Connection, key: str) -> None:
    """Forget the key."""
    conn.execute("DELETE FROM setting WHERE key = ?", (key,))


def every(conn: sqlite3.Connection) -> dict[str, Any]:
    """Return all of them."""
    return {
        key: json.loads(value) for key, value in conn.execute("SELECT key, value FROM setting ORDER BY key")
    }
