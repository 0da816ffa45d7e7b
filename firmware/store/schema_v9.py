"""The ninth step: what the ears learn after the verdict, and messages left on machines.

Released: never edited, only followed by further migrations. A verdict may be music or a call screening now; the list of
words in the table's CHECK is widened in the schema's own text, which SQLite allows where no row changes ("Making Other
Kinds Of Table Schema Changes", last procedure of ALTER TABLE's documentation), so that millions of attempts are not
copied and columns of other steps stay. A correction stands beside the first verdict and is written once. A machine
that passed for a person and was found out before an agent was connected is no live answer; the counter follows.
"""

from __future__ import annotations

import sqlite3

_LABELS = "'human', 'machine', 'fax', 'intercept', 'music', 'screen', 'silence', 'unsure'"
_BEFORE = "CHECK (verdict IN ('human', 'machine', 'fax', 'intercept', 'silence', 'unsure'))"

COLUMNS: tuple[str, ...] = (
    f"corrected TEXT CHECK (corrected IN ({_LABELS}))",
    "corrected_confidence REAL",
    "corrected_cause TEXT NOT NULL DEFAULT ''",
    "corrected_figures TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(corrected_figures))",
    "corrected_at REAL",
    "early_cause TEXT NOT NULL DEFAULT ''",  # what was heard before the answer, as the key of a cause
    "audited INTEGER NOT NULL DEFAULT 0 CHECK (audited IN (0, 1))",
    "message_result TEXT CHECK (message_result IN"
    " ('left', 'cut_off', 'no_end', 'hung_up', 'failed', 'forbidden'))",
    "message_after TEXT NOT NULL DEFAULT ''",  # beep, greeting_over, or empty: by the agent's word
    "message_ready_at REAL",  # end of the beep, or when the silence was long enough
    "message_at REAL",  # when the message began
    "message_ended_at REAL",
)

STATEMENTS: tuple[str, ...] = (
    """CREATE TRIGGER attempt_corrected BEFORE UPDATE OF corrected ON attempt
        WHEN OLD.corrected IS NOT NULL AND NEW.corrected IS NOT OLD.corrected BEGIN
        SELECT RAISE(ABORT, 'a verdict is corrected once');
    END""",
    """CREATE TRIGGER attempt_correction_counted AFTER UPDATE OF corrected ON attempt
        WHEN OLD.corrected IS NULL AND NEW.corrected IS NOT NULL BEGIN
        INSERT INTO campaign_count VALUES (NEW.campaign_id, 'corrected', 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END""",
    """CREATE TRIGGER attempt_not_live AFTER UPDATE OF live ON attempt WHEN OLD.live = 1 AND NEW.live = 0 BEGIN
        UPDATE campaign_count SET n = n - 1 WHERE campaign_id = NEW.campaign_id AND what = 'live';
    END""",
    """CREATE TRIGGER attempt_audited AFTER UPDATE OF audited ON attempt
        WHEN OLD.audited = 0 AND NEW.audited = 1 BEGIN
        INSERT INTO campaign_count VALUES (NEW.campaign_id, 'audited', 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END""",
    """CREATE TRIGGER attempt_message AFTER UPDATE OF message_result ON attempt
        WHEN OLD.message_result IS NULL AND NEW.message_result IS NOT NULL BEGIN
        INSERT INTO campaign_count VALUES (NEW.campaign_id, 'message:' || NEW.message_result, 1)
            ON CONFLICT DO UPDATE SET n = n + 1;
    END""",
    "CREATE INDEX attempt_audits ON attempt (campaign_id) WHERE audited = 1",
)


def apply(conn: sqlite3.Connection) -> None:
    """Take the step, in the transaction under way."""
    for column in COLUMNS:
        conn.execute(f"ALTER TABLE attempt ADD COLUMN {column}")
    _widen(conn)
    for statement in STATEMENTS:
        conn.execute(statement)


def _widen(conn: sqlite3.Connection) -> None:
    """Let ``attempt.verdict`` hold the new words."""
    (version,) = conn.execute("PRAGMA schema_version").fetchone()
    conn.execute("PRAGMA writable_schema = ON")
    changed = conn.execute(
        "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'attempt'"
        " AND instr(sql, ?)",
        (_BEFORE, f"CHECK (verdict IN ({_LABELS}))", _BEFORE),
    ).rowcount
    conn.execute(f"PRAGMA schema_version = {version + 1}")
    conn.execute("PRAGMA writable_schema = RESET")
    if changed != 1:
        raise sqlite3.DatabaseError("the table of attempts is not as the first schema made it")
