"""The sixteenth step: how an answer was noticed, outcomes of a modem's country rules, what was learnt of a line.

Released: never edited, only followed by further migrations. Independent of the steps before it. The list of hangup
causes in the CHECK is widened in the schema's own text, as the ninth step does with verdicts. Attempts of before
have no method: over SIP the network's word was taken, and nobody had asked for more.
"""

from __future__ import annotations

import sqlite3

_OLD = (
    "'normal', 'busy', 'no_answer', 'cancelled', 'rejected',\n"
    "            'not_found', 'unavailable', 'network_failure', 'media_lost', 'too_long', 'our_fault'))"
)
_NEW = _OLD.removesuffix("))") + ",\n            'delayed', 'blacklisted'))"

COLUMNS: tuple[str, ...] = (
    "answer_method TEXT NOT NULL DEFAULT '' CHECK (answer_method IN ('', 'signalled', 'gateway', 'reversal',"
    " 'metering', 'modem_tone', 'voice_after_ringback', 'voice', 'ringback_stopped', 'timer'))",
    "answer_confidence TEXT NOT NULL DEFAULT '' CHECK (answer_confidence IN ('', 'certain', 'likely', 'assumed'))",
)

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE line_habit ( -- how a line says that the far end has gone, as it was learnt and accepted
        line TEXT PRIMARY KEY CHECK (line <> ''),
        proposals TEXT NOT NULL CHECK (json_valid(proposals)),
        learnt_at REAL NOT NULL,
        learnt_by TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
)


def apply(conn: sqlite3.Connection) -> None:
    """Take the step, in the transaction under way."""
    for column in COLUMNS:
        conn.execute(f"ALTER TABLE attempt ADD COLUMN {column}")
    _widen(conn)
    for statement in STATEMENTS:
        conn.execute(statement)


def _widen(conn: sqlite3.Connection) -> None:
    """Let ``attempt.hangup_cause`` hold the new words."""
    (version,) = conn.execute("PRAGMA schema_version").fetchone()
    conn.execute("PRAGMA writable_schema = ON")
    changed = conn.execute(
        "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'attempt'"
        " AND instr(sql, ?)",
        (_OLD, _NEW, _OLD),
    ).rowcount
    conn.execute(f"PRAGMA schema_version = {version + 1}")
    conn.execute("PRAGMA writable_schema = RESET")
    if changed != 1:
        raise sqlite3.DatabaseError("the table of attempts is not as the first schema made it")
