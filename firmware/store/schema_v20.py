"""The twentieth step: calls that come in have parties, supervisors and recordings like every other.

Released: never edited, only followed by further migrations. Independent of the steps before it. What is kept of
parties, steps and listening in named an attempt; from now on it names a call of either way. SQLite cannot take a
reference from a column, so the reference goes from the schema's own text, as the ninth step does with a list of words,
and triggers see to it that a call is named that exists.
"""

from __future__ import annotations

import sqlite3

TABLES: tuple[tuple[str, str, str], ...] = (
    ("call_party", "attempt TEXT NOT NULL REFERENCES attempt (uid)", "attempt TEXT NOT NULL"),
    ("call_step", "attempt TEXT NOT NULL REFERENCES attempt (uid)", "attempt TEXT NOT NULL"),
    ("monitoring", "attempt TEXT REFERENCES attempt (uid)", "attempt TEXT"),
)


def _names_a_call(table: str, column: str) -> str:
    return f"""CREATE TRIGGER {table}_of_a_call BEFORE INSERT ON {table} WHEN NEW.{column} IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM attempt WHERE uid = NEW.{column})
        AND NOT EXISTS (SELECT 1 FROM inbound_call WHERE uid = NEW.{column}) BEGIN
        SELECT RAISE(ABORT, 'there is no such call');
    END"""  # noqa: S608 - names of this file


STATEMENTS: tuple[str, ...] = (
    "ALTER TABLE inbound_call ADD COLUMN handed_at REAL",  # from then on somebody else had the caller
    "ALTER TABLE inbound_call ADD COLUMN contact_list_id INTEGER",  # whose contact called, as it was then
    "UPDATE inbound_call SET contact_list_id = (SELECT list_id FROM contact WHERE id = contact_id)"
    " WHERE contact_id IS NOT NULL",
    """CREATE TABLE call_tape ( -- a piece of a recording
        file TEXT PRIMARY KEY CHECK (file <> ''),
        call TEXT NOT NULL, -- an attempt's or an incoming call's uid
        began_at REAL NOT NULL,
        ended_at REAL,
        why TEXT CHECK (why IN ('over', 'held', 'consulted', 'handed', 'outside', 'asked', 'interrupted')),
        CHECK ((ended_at IS NULL) = (why IS NULL))
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX call_tape_by_call ON call_tape (call)",
    "CREATE INDEX call_tape_by_time ON call_tape (began_at)",
    *(_names_a_call(table, "attempt") for table, _, _ in TABLES),
    _names_a_call("call_tape", "call"),
)


def apply(conn: sqlite3.Connection) -> None:
    """Take the step, in the transaction under way."""
    _loosen(conn)
    for statement in STATEMENTS:
        conn.execute(statement)


def _loosen(conn: sqlite3.Connection) -> None:
    """Let the tables name calls that came in."""
    (version,) = conn.execute("PRAGMA schema_version").fetchone()
    conn.execute("PRAGMA writable_schema = ON")
    changed = sum(
        conn.execute(
            "UPDATE sqlite_schema SET sql = replace(sql, ?1, ?2) WHERE type = 'table' AND name = ?3 AND instr(sql, ?1)",
            (old, new, table),
        ).rowcount
        for table, old, new in TABLES
    )
    conn.execute(f"PRAGMA schema_version = {version + 1}")
    conn.execute("PRAGMA writable_schema = RESET")
    if changed != len(TABLES):
        raise sqlite3.DatabaseError("the tables of parties are not as the thirteenth step made them")
