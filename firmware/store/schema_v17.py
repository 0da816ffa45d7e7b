"""The seventeenth step: why a campaign ended, schedules of contact lists, and contacts that are called once more.

Released: never edited, only followed by further migrations. Independent of the steps before it. Runs of a schedule are
imports like those made by hand: what they brought, what stood against them, and how to take them back.
"""

STATEMENTS: tuple[str, ...] = (
    "ALTER TABLE campaign ADD COLUMN ended_why TEXT NOT NULL DEFAULT '' CHECK (ended_why IN ('', 'last_day'))",
    # Attempts of rounds that are over: a contact that is called once more begins to count anew.
    "ALTER TABLE contact ADD COLUMN attempts_base INTEGER NOT NULL DEFAULT 0 CHECK (attempts_base >= 0)",
    "ALTER TABLE contact ADD COLUMN round_at REAL NOT NULL DEFAULT 0",  # results of before count for no retry rule
    """CREATE TABLE list_schedule (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        list_id INTEGER NOT NULL REFERENCES contact_list (id),
        kind TEXT NOT NULL CHECK (kind IN ('import', 'recycle')),
        days TEXT NOT NULL CHECK (json_valid(days)), -- weekdays, Monday is 0; none: only when it is asked for
        at TEXT NOT NULL, -- HH:MM by the office's clock
        source TEXT NOT NULL DEFAULT '', -- import: which files of the folder, by a pattern of their names
        mapping TEXT NOT NULL DEFAULT '', -- import: a kept mapping; empty: the list's, else guessed
        renew INTEGER NOT NULL DEFAULT 0 CHECK (renew IN (0, 1)), -- import: known contacts are changed
        dispositions TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(dispositions)), -- recycle: whose contacts
        rest_s REAL NOT NULL DEFAULT 0, -- recycle: not before so long after their last call
        active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
        made_by TEXT NOT NULL,
        made_at REAL NOT NULL,
        next_at REAL, -- null: at no time of its own
        last_at REAL,
        removed_at REAL
    ) STRICT""",
    "CREATE INDEX list_schedule_by_list ON list_schedule (list_id) WHERE removed_at IS NULL",
    "CREATE INDEX list_schedule_due ON list_schedule (next_at) WHERE removed_at IS NULL AND next_at IS NOT NULL",
    "ALTER TABLE contact_import ADD COLUMN kind TEXT NOT NULL DEFAULT 'import' CHECK (kind IN ('import', 'recycle'))",
    "ALTER TABLE contact_import ADD COLUMN schedule_id INTEGER",
    "ALTER TABLE contact_import ADD COLUMN cause TEXT NOT NULL DEFAULT ''"
    " CHECK (cause IN ('', 'time', 'late', 'hand', 'trigger'))",
    "ALTER TABLE contact_import ADD COLUMN problems TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(problems))",
    "CREATE INDEX contact_import_by_list ON contact_import (list_id)",
    """CREATE TABLE contact_recycled ( -- what a contact was before it became callable once more
        import_id INTEGER NOT NULL,
        contact_id INTEGER NOT NULL,
        closed_reason TEXT NOT NULL,
        next_at REAL NOT NULL,
        attempts INTEGER NOT NULL, -- how many there were then
        attempts_base INTEGER NOT NULL,
        round_at REAL NOT NULL,
        PRIMARY KEY (import_id, contact_id)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX contact_recycled_by_contact ON contact_recycled (contact_id)",
    """CREATE TRIGGER contact_recycled_goes AFTER DELETE ON contact BEGIN
        DELETE FROM contact_recycled WHERE contact_id = OLD.id;
    END""",
)
