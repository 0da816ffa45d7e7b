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
    "ALTER TABLE contact ADD COLUMN import_id INTEGER",
    "ALTER TABLE contact ADD COLUMN dial INTEGER",  # the number to dial if it is not the first one
    "ALTER TABLE contact ADD COLUMN dialled INTEGER AS (coalesce(dial, number)) VIRTUAL",
    "DROP INDEX contact_in_flight",
    "CREATE UNIQUE INDEX contact_in_flight ON contact (dialled) WHERE state = 'in_flight'",
    """CREATE TABLE contact_number (
        contact_id INTEGER NOT NULL,
        place INTEGER NOT NULL, -- the order they are tried in, from 0
        number INTEGER NOT NULL CHECK (number BETWEEN 1 AND 999999999999999),
        kind TEXT NOT NULL CHECK (kind IN ('', 'mobile', 'work', 'home')),
        closed_reason TEXT, -- why this number is tried no more
        PRIMARY KEY (contact_id, place),
        UNIQUE (contact_id, number)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TRIGGER contact_numbers_go AFTER DELETE ON contact BEGIN
        DELETE FROM contact_number WHERE contact_id = OLD.id;
    END""",
    "ALTER TABLE contact_import ADD COLUMN state TEXT NOT NULL DEFAULT 'done'"
    " CHECK (state IN ('running', 'done', 'broken', 'undoing', 'undone'))",
    "ALTER TABLE contact_import ADD COLUMN who TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE contact_import ADD COLUMN updated INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE contact_import ADD COLUMN first_id INTEGER",  # ids of its contacts lie between; null: cannot be undone
    "ALTER TABLE contact_import ADD COLUMN last_id INTEGER",
    "ALTER TABLE contact_import ADD COLUMN undone_at REAL",
    "ALTER TABLE contact_import ADD COLUMN removed INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE contact_import ADD COLUMN kept INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE contact_import ADD COLUMN put_back INTEGER NOT NULL DEFAULT 0",
    """CREATE TABLE contact_before ( -- what a contact was before an import changed it
        import_id INTEGER NOT NULL,
        contact_id INTEGER NOT NULL,
        name TEXT NOT NULL,
        zones TEXT NOT NULL,
        priority INTEGER NOT NULL,
        fields TEXT NOT NULL,
        PRIMARY KEY (contact_id, import_id)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX contact_before_by_import ON contact_before (import_id)",
    """CREATE TRIGGER contact_before_goes AFTER DELETE ON contact BEGIN
        DELETE FROM contact_before WHERE contact_id = OLD.id;
    END""",
    """CREATE TABLE import_mapping (
        name TEXT PRIMARY KEY COLLATE NOCASE CHECK (name <> ''),
        mapping TEXT NOT NULL CHECK (json_valid(mapping)),
        country TEXT NOT NULL,
        saved_at REAL NOT NULL,
        who TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
)
