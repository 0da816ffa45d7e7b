"""Copies of the database for backups: made while the writer works, and looked at before they are trusted.

A copy is of one moment (SQLite's backup interface on a reading transaction) and one file without a log beside it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from firmware.store import migrations, opening, permits
from firmware.store.errors import StoreError, StoreUnavailable

_COUNTED = ("user", "contact_list", "contact", "campaign", "attempt", "dnc_entry", "consent")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a copy can be recognised by: its newest schema step, rows by table, the hash of the newest permit's link."""

    schema: str
    counts: Mapping[str, int]
    head: str


def copy(database: Path, target: Path) -> Facts:
    """Copy ``database`` to the new file ``target``. :raises StoreUnavailable: it cannot be read, or no room."""
    try:
        with closing(opening.open_read_only(database)) as conn, closing(sqlite3.connect(target)) as new:
            conn.backup(new)
            new.execute("PRAGMA journal_mode = DELETE")
            return Facts(migrations.applied(new)[-1], _count(new), permits.head(new).hash)
    except sqlite3.Error as error:
        raise StoreUnavailable(f"cannot copy the database {database}: {error}") from error


def wrong_with(copied: Path, facts: Facts) -> str | None:
    """Bring a copy up to this version and read it through: what is not as ``facts`` say, or None.

    A table that ``facts`` do not count is not compared. :raises StoreError: it cannot be opened.
    """
    try:
        with closing(opening.open_writer(copied)) as conn:
            counts = _count(conn)
            chain = permits.verify(conn, facts.head)
    except sqlite3.Error as error:
        raise StoreError(f"cannot read the copy {copied}: {error}") from error
    short = [name for name, n in counts.items() if facts.counts.get(name, n) != n]
    if short:
        return f"rows of {', '.join(short)} are missing"
    return opening.damage(copied) or chain.fault or None


def settle(database: Path) -> None:
    """Bring a database's log into its file, so that no log is left beside it. :raises StoreError: it cannot be."""
    with closing(opening.open_writer(database)) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _count(conn: sqlite3.Connection) -> dict[str, int]:
    return {name: int(conn.execute(f"SELECT count(*) FROM {name}").fetchone()[0]) for name in _COUNTED}  # noqa: S608
