"""The nineteenth step: departments, who belongs to them and what, and invitations that are sent by mail.

Released: never edited, only followed by further migrations. Independent of the steps before it. A box of before has no
departments: everybody and everything belongs to the whole box. Who or what belongs to no department has no row here.
The list of a mail's purposes is widened in the schema's own text, as the ninth step does with verdicts.
"""

from __future__ import annotations

import sqlite3

_OLD = "purpose IN ('report', 'alert', 'test')"
_NEW = "purpose IN ('report', 'alert', 'test', 'invitation')"

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE department (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
        made_at REAL NOT NULL,
        made_by TEXT NOT NULL
    ) STRICT""",
    "CREATE UNIQUE INDEX department_by_name ON department (name COLLATE NOCASE)",
    """CREATE TABLE user_department ( -- no row: the whole box
        user_id INTEGER NOT NULL REFERENCES user (id),
        department_id INTEGER NOT NULL REFERENCES department (id),
        PRIMARY KEY (user_id, department_id)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX user_department_by_department ON user_department (department_id)",
    """CREATE TABLE belonging ( -- no row: the whole box
        kind TEXT NOT NULL CHECK (kind <> ''), -- a word for the table
        object ANY NOT NULL, -- its key there: a number, or a name where things have names
        department_id INTEGER NOT NULL REFERENCES department (id),
        PRIMARY KEY (kind, object)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX belonging_by_department ON belonging (department_id, kind)",
    "ALTER TABLE invitation ADD COLUMN address TEXT NOT NULL DEFAULT ''",  # empty: anybody who holds the link
)


def apply(conn: sqlite3.Connection) -> None:
    """Take the step, in the transaction under way."""
    for statement in STATEMENTS:
        conn.execute(statement)
    (version,) = conn.execute("PRAGMA schema_version").fetchone()
    conn.execute("PRAGMA writable_schema = ON")
    changed = conn.execute(
        "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'mail' AND instr(sql, ?)",
        (_OLD, _NEW, _OLD),
    ).rowcount
    conn.execute(f"PRAGMA schema_version = {version + 1}")
    conn.execute("PRAGMA writable_schema = RESET")
    if changed != 1:
        raise sqlite3.DatabaseError("the table of mail is not as the fifteenth step made it")
