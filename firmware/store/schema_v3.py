"""The third schema: DNC lists at size, imports that can be undone. Statement by statement, like the first.

DNC: entries can expire, whole beginnings of numbers can be blocked, and a list can have a register, a file of
millions of numbers beside the database (``number_file``). The history says who changed what, when and why; it
only ever grows, and what an entry was before it changed or went is kept in ``dnc_past``.
"""

STATEMENTS: tuple[str, ...] = (
    "ALTER TABLE dnc_entry ADD COLUMN expires_at REAL",
    "ALTER TABLE dnc_list ADD COLUMN register TEXT",
    "ALTER TABLE dnc_list ADD COLUMN register_numbers INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE dnc_list ADD COLUMN register_at REAL",
    """CREATE TABLE dnc_change_3 (
        id INTEGER PRIMARY KEY,
        list_id INTEGER NOT NULL,
        version INTEGER NOT NULL,
        at REAL NOT NULL,
        act TEXT NOT NULL CHECK (act IN ('added', 'removed', 'register_loaded', 'list_deleted')),
        source TEXT NOT NULL,
        who TEXT NOT NULL DEFAULT '',
        why TEXT NOT NULL DEFAULT '',
        numbers INTEGER NOT NULL,
        UNIQUE (list_id, version)
    ) STRICT""",
    "INSERT INTO dnc_change_3 (id, list_id, version, at, act, source, numbers)"
    " SELECT id, list_id, version, at, act, source, numbers FROM dnc_change",
    "DROP TABLE dnc_change",
    "ALTER TABLE dnc_change_3 RENAME TO dnc_change",
    """CREATE TABLE dnc_past (
        entry INTEGER NOT NULL,
        prefix INTEGER NOT NULL CHECK (prefix IN (0, 1)),
        added_by INTEGER NOT NULL, -- the change that made it
        ended_by INTEGER NOT NULL, -- the change that removed it or put another in its place
        expires_at REAL,
        PRIMARY KEY (entry, prefix, ended_by)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE dnc_prefix (
        entry INTEGER PRIMARY KEY, -- list id x 10^15 + the digits that numbers begin with
        change_id INTEGER NOT NULL,
        expires_at REAL
    ) STRICT""",
    *(
        f"""CREATE TRIGGER {table}_kept_{act} BEFORE {act} ON {table} BEGIN
            SELECT RAISE(ABORT, 'the history of a DNC list is never rewritten');
        END"""
        for table in ("dnc_change", "dnc_past")
        for act in ("UPDATE", "DELETE")
    ),
    """CREATE TRIGGER dnc_entry_renewed AFTER UPDATE OF change_id ON dnc_entry BEGIN
        INSERT INTO dnc_past VALUES (OLD.entry, 0, OLD.change_id, NEW.change_id, OLD.expires_at);
    END""",
    """CREATE TRIGGER dnc_prefix_renewed AFTER UPDATE OF change_id ON dnc_prefix BEGIN
        INSERT INTO dnc_past VALUES (OLD.entry, 1, OLD.change_id, NEW.change_id, OLD.expires_at);
    END""",
    """CREATE TABLE scrub_service (
        list_id INTEGER PRIMARY KEY, -- the DNC list that stands for it in campaigns
        url TEXT NOT NULL CHECK (url <> ''),
        token TEXT NOT NULL,
        timeout_s REAL NOT NULL CHECK (timeout_s > 0),
        keep_s REAL NOT NULL CHECK (keep_s > 0) -- how long an answer counts
    ) STRICT""",
    """CREATE TABLE scrub_answer (
        entry INTEGER PRIMARY KEY, -- list id x 10^15 + E.164 digits
        blocked INTEGER NOT NULL CHECK (blocked IN (0, 1)),
        line_type TEXT NOT NULL,
        reason TEXT NOT NULL,
        answered_at REAL NOT NULL
    ) STRICT""",
    """CREATE TABLE scrub_wanted (
        entry INTEGER PRIMARY KEY,
        since REAL NOT NULL
    ) STRICT""",
)
