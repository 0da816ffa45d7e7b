"""Column mappings kept by name, so that next week's file needs no hand."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from firmware.store.words import canonical
from firmware.store.words import mapping as read_object


@dataclass(frozen=True, slots=True)
class SavedMapping:
    """Role to column name, and the country of the numbers, under a name (whatever its case)."""

    name: str
    mapping: Mapping[str, str]
    country: str
    saved_at: float
    who: str


def save(conn: sqlite3.Connection, kept: SavedMapping) -> None:
    """Keep a mapping, in the place of one with the same name."""
    conn.execute(
        "INSERT OR REPLACE INTO import_mapping (name, mapping, country, saved_at, who) VALUES (?, ?, ?, ?, ?)",
        (kept.name, canonical(dict(kept.mapping)), kept.country, kept.saved_at, kept.who),
    )


def forget(conn: sqlite3.Connection, name: str) -> bool:
    """Forget a mapping; False if there is none."""
    return conn.execute("DELETE FROM import_mapping WHERE name = ?", (name,)).rowcount > 0


def every(conn: sqlite3.Connection) -> list[SavedMapping]:
    """Return all of them by name."""
    rows = conn.execute("SELECT name, mapping, country, saved_at, who FROM import_mapping ORDER BY name")
    return [SavedMapping(name, read_object(text), country, at, who) for name, text, country, at, who in rows]
