"""Brings a database of any released schema up to this version, each step recorded in the same transaction.

The record is sqlite-utils' ``_sqlite_migrations``; the library is loaded only when a step is pending, because it
costs 70 ms and 14 MB that every other start can do without. Released steps are never edited.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from firmware.store import (
    permits,
    schema_v1,
    schema_v2,
    schema_v3,
    schema_v4,
    schema_v5,
    schema_v6,
    schema_v7,
    schema_v8,
    schema_v9,
    schema_v10,
    schema_v11,
    schema_v12,
    schema_v13,
    schema_v14,
    schema_v15,
    schema_v16,
    schema_v17,
    schema_v18,
    schema_v19,
    schema_v20,
    schema_v21,
    schema_v22,
    schema_v23,
)
from firmware.store.errors import StoreTooNew

if TYPE_CHECKING:
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations

SET_NAME = "strowger"
NAMES: tuple[str, ...] = (
    "v1",
    "v2",
    "v3",
    "v4",
    "v5",
    "v6",
    "v7",
    "v8",
    "v9",
    "v10",
    "v11",
    "v12",
    "v13",
    "v14",
    "v15",
    "v16",
    "v17",
    "v18",
    "v19",
    "v20",
    "v21",
    "v22",
    "v23",
)
"""Every step this version knows, oldest first."""


def applied(conn: sqlite3.Connection) -> list[str]:
    """Return the recorded steps, oldest first; empty for a new database."""
    known = conn.execute("SELECT 1 FROM sqlite_schema WHERE name = '_sqlite_migrations'").fetchone()
    if known is None:
        return []
    rows = conn.execute(
        "SELECT name FROM _sqlite_migrations WHERE migration_set = ? ORDER BY id", (SET_NAME,)
    )
    return [str(name) for (name,) in rows]


def check(conn: sqlite3.Connection) -> None:
    """Raise ``StoreTooNew`` if the database knows steps this version does not."""
    strange = [name for name in applied(conn) if name not in NAMES]
    if strange:
        raise StoreTooNew(
            f"the database was written by a newer version of the box (schema {strange[-1]}; this version knows "
            f"up to {NAMES[-1]}). Install that version again, or restore a backup made by this one."
        )


def bring_up(conn: sqlite3.Connection, stop_before: str | None = None) -> None:
    """Apply what is pending, one transaction per step. ``stop_before`` names a step to leave out (tests)."""
    check(conn)
    if len(applied(conn)) == len(NAMES):
        return
    from sqlite_utils import Database

    db = Database(conn, execute_plugins=False)
    _steps().apply(db, stop_before=stop_before)


def _steps() -> Migrations:
    from sqlite_utils.migrations import Migrations

    steps = Migrations(SET_NAME)
    _add(steps, "v1", schema_v1.STATEMENTS)

    @steps(name="v2")
    def v2(db: Database) -> None:
        for statement in schema_v2.STATEMENTS:
            db.conn.execute(statement)
        permits.chain_stored(db.conn)
        for statement in schema_v2.AFTER_CHAINING:
            db.conn.execute(statement)

    _add(steps, "v3", schema_v3.STATEMENTS)
    _add(steps, "v4", schema_v4.STATEMENTS)
    _add(steps, "v5", schema_v5.STATEMENTS)
    _add(steps, "v6", schema_v6.STATEMENTS)
    _add(steps, "v7", schema_v7.STATEMENTS)
    _add(steps, "v8", schema_v8.STATEMENTS)

    @steps(name="v9")
    def v9(db: Database) -> None:
        schema_v9.apply(db.conn)

    _add(steps, "v10", schema_v10.STATEMENTS)
    _add(steps, "v11", schema_v11.STATEMENTS)
    _add(steps, "v12", schema_v12.STATEMENTS)
    _add(steps, "v13", schema_v13.STATEMENTS)
    _add(steps, "v14", schema_v14.STATEMENTS)
    _add(steps, "v15", schema_v15.STATEMENTS)

    @steps(name="v16")
    def v16(db: Database) -> None:
        schema_v16.apply(db.conn)

    _add(steps, "v17", schema_v17.STATEMENTS)

    @steps(name="v18")
    def v18(db: Database) -> None:
        schema_v18.apply(db.conn)

    @steps(name="v19")
    def v19(db: Database) -> None:
        schema_v19.apply(db.conn)

    @steps(name="v20")
    def v20(db: Database) -> None:
        schema_v20.apply(db.conn)

    _add(steps, "v21", schema_v21.STATEMENTS)
    _add(steps, "v22", schema_v22.STATEMENTS)
    _add(steps, "v23", schema_v23.STATEMENTS)

    return steps


def _add(steps: Migrations, name: str, statements: tuple[str, ...]) -> None:
    """A step that is nothing but statements."""

    @steps(name=name)
    def step(db: Database) -> None:
        for statement in statements:
            db.conn.execute(statement)
