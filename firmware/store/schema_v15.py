"""The fifteenth step: mail, saved and scheduled reports, alerts, wallboards, and what may be forgotten.

Released: never edited, only followed by further migrations. Rests on the steps before it by the triggers that keep
proof: they still refuse every change, except while a row in ``clearing`` says that the same transaction
clears by retention or at a person's request. The chain of permits keeps every link; ``attempt_cleared`` says whose
attempt is no longer as it was written, and why, so that reading the chain can tell forgetting from forging.
"""

_CLEARING = "NOT EXISTS (SELECT 1 FROM clearing)"


def _kept(name: str, act: str, table: str, why: str) -> tuple[str, str]:
    """A trigger that refuses ``act``, made anew with its exception."""
    return (
        f"DROP TRIGGER {name}",
        f"""CREATE TRIGGER {name} BEFORE {act} ON {table} WHEN {_CLEARING} BEGIN
        SELECT RAISE(ABORT, '{why}');
    END""",
    )


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE refusal_cell ( -- contacts that were due and not allowed, by quarters of an hour
        starts_at INTEGER NOT NULL,
        campaign_id INTEGER NOT NULL,
        rule TEXT NOT NULL,
        n INTEGER NOT NULL,
        PRIMARY KEY (starts_at, campaign_id, rule)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE mail_file (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        kind TEXT NOT NULL, -- its media type
        content BLOB NOT NULL
    ) STRICT""",
    """CREATE TABLE mail (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        made_at REAL NOT NULL,
        purpose TEXT NOT NULL CHECK (purpose IN ('report', 'alert', 'test')),
        about INTEGER, -- the schedule or the alert
        recipient TEXT NOT NULL CHECK (recipient <> ''),
        subject TEXT NOT NULL,
        body TEXT NOT NULL,
        file_id INTEGER REFERENCES mail_file (id),
        state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed')),
        tries INTEGER NOT NULL DEFAULT 0,
        first_at REAL, -- of the first try
        next_at REAL NOT NULL,
        last_at REAL,
        code INTEGER, -- SMTP's, of the last try; null: no answer
        error TEXT NOT NULL DEFAULT ''
    ) STRICT""",
    "CREATE INDEX mail_due ON mail (next_at) WHERE state = 'waiting'",
    "CREATE INDEX mail_by_purpose ON mail (purpose, about)",
    "CREATE INDEX mail_by_file ON mail (file_id) WHERE file_id IS NOT NULL",
    """CREATE TABLE report_view (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL CHECK (name <> ''),
        owner INTEGER NOT NULL REFERENCES user (id),
        shared INTEGER NOT NULL CHECK (shared IN (0, 1)),
        query TEXT NOT NULL CHECK (json_valid(query)),
        made_at REAL NOT NULL
    ) STRICT""",
    """CREATE TABLE report_schedule (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        view_id INTEGER NOT NULL REFERENCES report_view (id) ON DELETE CASCADE,
        rhythm TEXT NOT NULL CHECK (rhythm IN ('daily', 'weekly', 'monthly')),
        day INTEGER NOT NULL, -- weekly: 0 (Monday) to 6; monthly: 1 to 28; daily: 0
        at TEXT NOT NULL, -- HH:MM by the office's clock
        format TEXT NOT NULL CHECK (format IN ('pdf', 'xlsx')),
        recipients TEXT NOT NULL CHECK (json_valid(recipients)),
        language TEXT NOT NULL,
        active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
        made_by TEXT NOT NULL,
        made_at REAL NOT NULL,
        next_at REAL NOT NULL,
        last_at REAL,
        last_result TEXT NOT NULL DEFAULT '', -- empty: never run; queued, or why not
        last_detail TEXT NOT NULL DEFAULT ''
    ) STRICT""",
    """CREATE TABLE alert (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        rule TEXT NOT NULL,
        about TEXT NOT NULL, -- which trunk, line or campaign; empty: the box
        figures TEXT NOT NULL CHECK (json_valid(figures)),
        began_at REAL NOT NULL,
        ended_at REAL,
        acknowledged_at REAL,
        acknowledged_by TEXT NOT NULL DEFAULT ''
    ) STRICT""",
    "CREATE UNIQUE INDEX alert_open ON alert (rule, about) WHERE ended_at IS NULL",
    "CREATE INDEX alert_by_time ON alert (began_at)",
    """CREATE TABLE alert_receiver (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        address TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (address <> ''),
        language TEXT NOT NULL,
        rules TEXT NOT NULL CHECK (json_valid(rules)), -- none: every alert
        made_by TEXT NOT NULL,
        made_at REAL NOT NULL
    ) STRICT""",
    """CREATE TABLE wall (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        token_hash TEXT NOT NULL UNIQUE CHECK (length(token_hash) = 64), -- SHA-256; the token is kept nowhere
        name TEXT NOT NULL CHECK (name <> ''),
        language TEXT NOT NULL,
        figures TEXT NOT NULL CHECK (json_valid(figures)),
        made_by TEXT NOT NULL,
        made_at REAL NOT NULL,
        revoked_at REAL,
        revoked_by TEXT NOT NULL DEFAULT ''
    ) STRICT""",
    """CREATE TABLE retention_run (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        began_at REAL NOT NULL,
        ended_at REAL,
        removed TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(removed)),
        error TEXT NOT NULL DEFAULT ''
    ) STRICT""",
    """CREATE TABLE clearing ( -- holds a row only inside a transaction that may clear
        one INTEGER PRIMARY KEY CHECK (one = 1)
    ) STRICT""",
    """CREATE TABLE attempt_cleared (
        attempt_uid TEXT PRIMARY KEY CHECK (length(attempt_uid) = 26),
        at REAL NOT NULL,
        why TEXT NOT NULL CHECK (why IN ('retention', 'erasure'))
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE erasure ( -- who asked is kept as a pseudonym only
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at REAL NOT NULL,
        pseudonym INTEGER NOT NULL,
        by TEXT NOT NULL,
        why TEXT NOT NULL,
        account TEXT NOT NULL CHECK (json_valid(account)) -- what went, and what was kept and why
    ) STRICT""",
    "CREATE INDEX erasure_by_pseudonym ON erasure (pseudonym)",
    "DROP TRIGGER attempt_kept",
    f"""CREATE TRIGGER attempt_kept BEFORE UPDATE OF uid, campaign_id, contact_id, number, permit, started_at
        ON attempt WHEN {_CLEARING} BEGIN
        SELECT RAISE(ABORT, 'an attempt and its permit are never rewritten');
    END""",
    *_kept("attempt_stays", "DELETE", "attempt", "an attempt is proof and is never removed"),
    *_kept("promise_stays", "DELETE", "promise", "a promise is never removed"),
    *(
        statement
        for table, why in (
            ("consent", "records of consent are only added to"),
            ("consent_withdrawal", "records of consent are only added to"),
            ("verdict_word", "words about verdicts are only added to"),
            ("promise_history", "the history of a promise is only added to"),
        )
        for statement in _kept(f"{table}_delete", "DELETE", table, why)
    ),
    *_kept("consent_update", "UPDATE", "consent", "records of consent are only added to"),
    *_kept("audit_stays", "DELETE", "audit", "nothing is removed from the log of changes"),
    """CREATE TABLE audit_floor ( -- the last entry of the log of changes that was forgotten: where reading it begins
        one INTEGER PRIMARY KEY CHECK (one = 1),
        seq INTEGER NOT NULL,
        hash TEXT NOT NULL
    ) STRICT""",
    "DROP TRIGGER inbound_kept",
    f"""CREATE TRIGGER inbound_kept BEFORE UPDATE OF
        uid, rule, trunk, number_called, caller_text, caller_number, offered_at ON inbound_call WHEN {_CLEARING} BEGIN
        SELECT RAISE(ABORT, 'how a call came in is never rewritten');
    END""",
)
"""Alone the chain's own tables (``permit_link permit_head settings_kept``) and the DNC history have no exception."""
