"""Wallboards: a name, four to six figures with their targets, and the hash of the secret that opens each."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from firmware.model import OperatorError, Problem
from firmware.store.words import canonical


@dataclass(frozen=True, slots=True)
class Wall:
    """One wallboard. Each figure is ``{"figure", "target"}``; ``target`` None: there is none."""

    id: int
    name: str
    language: str
    figures: Sequence[Mapping[str, Any]]
    made_by: str
    made_at: float
    revoked_at: float | None
    revoked_by: str


_WALL = "id, name, language, figures, made_by, made_at, revoked_at, revoked_by"


def add(
    conn: sqlite3.Connection,
    token_hash: str,
    name: str,
    language: str,
    figures: Sequence[Mapping[str, Any]],
    who: str,
    now: float,
) -> int:
    """Store a wallboard; returns its id."""
    made = conn.execute(
        "INSERT INTO wall (token_hash, name, language, figures, made_by, made_at) VALUES (?, ?, ?, ?, ?, ?)",
        (token_hash, name, language, canonical([dict(each) for each in figures]), who, now),
    )
    return made.lastrowid or 0


def every(conn: sqlite3.Connection) -> list[Wall]:
    """Return all wallboards in use, oldest first."""
    sql = f"SELECT {_WALL} FROM wall WHERE revoked_at IS NULL ORDER BY id"  # noqa: S608 - constants only
    return [_wall(row) for row in conn.execute(sql)]


def by_hash(conn: sqlite3.Connection, token_hash: str) -> Wall | None:
    """Return the wallboard this secret opens; None for a wrong or revoked one."""
    sql = f"SELECT {_WALL} FROM wall WHERE token_hash = ? AND revoked_at IS NULL"  # noqa: S608 - constants only
    row = conn.execute(sql, (token_hash,)).fetchone()
    return None if row is None else _wall(row)


def revoke(conn: sqlite3.Connection, wall: int, who: str, now: float) -> None:
    """The link opens nothing any more. :raises OperatorError: there is no such wallboard."""
    gone = conn.execute(
        "UPDATE wall SET revoked_at = ?, revoked_by = ? WHERE id = ? AND revoked_at IS NULL", (now, who, wall)
    ).rowcount
    if not gone:
        raise OperatorError(Problem("id", "wall_unknown", f"There is no wallboard {wall}."))


def _wall(row: tuple[Any, ...]) -> Wall:
    number, name, language, figures, *rest = row
    return Wall(number, name, language, tuple(json.loads(figures)), *rest)
