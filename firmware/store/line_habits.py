"""What was learnt of the box's lines and accepted, by the line's name; what it means is the reader's."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Kept:
    """Of one line. ``proposals`` as JSON has them."""

    proposals: Sequence[Mapping[str, Any]]
    learnt_at: float
    learnt_by: str


def every(conn: sqlite3.Connection) -> dict[str, Kept]:
    """Of all lines."""
    rows = conn.execute("SELECT line, proposals, learnt_at, learnt_by FROM line_habit")
    return {str(line): Kept(json.loads(proposals), at, by) for line, proposals, at, by in rows}


def keep(conn: sqlite3.Connection, line: str, kept: Kept) -> None:
    """In place of what was known of the line."""
    conn.execute(
        "INSERT INTO line_habit VALUES (?, ?, ?, ?) ON CONFLICT (line) DO UPDATE SET"
        " proposals = excluded.proposals, learnt_at = excluded.learnt_at, learnt_by = excluded.learnt_by",
        (line, json.dumps(list(kept.proposals)), kept.learnt_at, kept.learnt_by),
    )


def forget(conn: sqlite3.Connection, line: str) -> None:
    """Nothing is known of the line any more."""
    conn.execute("DELETE FROM line_habit WHERE line = ?", (line,))
