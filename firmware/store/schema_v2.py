"""The second schema: the chain of permits, the settings they rest on, and records of consent.

Released: never edited, only followed by further migrations. A permit's link is written before its attempt, and an
attempt without a link is refused: whoever dials has a permit, whatever path the code took. Links, kept settings and
consents are appended and never changed; a withdrawal is a row of its own.
"""

NOTHING = "0" * 64
"""What stands where the first link names the one before it."""

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE permit_link (
        seq INTEGER PRIMARY KEY,
        attempt_uid TEXT NOT NULL UNIQUE CHECK (length(attempt_uid) = 26),
        content TEXT NOT NULL CHECK (length(content) = 64), -- SHA-256 of the attempt's fixed part with its permit
        previous TEXT NOT NULL CHECK (length(previous) = 64),
        hash TEXT NOT NULL CHECK (length(hash) = 64)
    ) STRICT""",
    """CREATE TABLE permit_head (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        seq INTEGER NOT NULL,
        hash TEXT NOT NULL
    ) STRICT""",
    f"INSERT INTO permit_head VALUES (1, 0, '{NOTHING}')",  # noqa: S608
    """CREATE TRIGGER permit_link_appended BEFORE INSERT ON permit_link
        WHEN NOT EXISTS (SELECT 1 FROM permit_head WHERE seq = NEW.seq - 1 AND hash = NEW.previous) BEGIN
        SELECT RAISE(ABORT, 'a permit is linked to the last one');
    END""",
    """CREATE TRIGGER permit_link_heads AFTER INSERT ON permit_link BEGIN
        UPDATE permit_head SET seq = NEW.seq, hash = NEW.hash;
    END""",
    """CREATE TRIGGER permit_link_kept BEFORE UPDATE ON permit_link BEGIN
        SELECT RAISE(ABORT, 'a permit is never rewritten');
    END""",
    """CREATE TRIGGER permit_link_stays BEFORE DELETE ON permit_link BEGIN
        SELECT RAISE(ABORT, 'a permit is never removed');
    END""",
    """CREATE TRIGGER permit_head_stays BEFORE DELETE ON permit_head BEGIN
        SELECT RAISE(ABORT, 'the chain of permits has a head');
    END""",
    """CREATE TABLE settings_kept (
        digest TEXT PRIMARY KEY CHECK (length(digest) = 64),
        body TEXT NOT NULL CHECK (json_valid(body))
    ) STRICT, WITHOUT ROWID""",
    """CREATE TRIGGER settings_kept_kept BEFORE UPDATE ON settings_kept BEGIN
        SELECT RAISE(ABORT, 'settings a permit rests on are never rewritten');
    END""",
    """CREATE TRIGGER settings_kept_stay BEFORE DELETE ON settings_kept BEGIN
        SELECT RAISE(ABORT, 'settings a permit rests on are never removed');
    END""",
    """CREATE TABLE consent (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        number INTEGER NOT NULL CHECK (number BETWEEN 1 AND 999999999999999),
        purpose TEXT NOT NULL CHECK (purpose IN
            ('service', 'sales', 'sales_business', 'research', 'automated', 'all')),
        given_at REAL NOT NULL,
        until REAL,
        source TEXT NOT NULL CHECK (source <> ''),
        wording TEXT NOT NULL,
        proof TEXT NOT NULL DEFAULT '',
        recorded_at REAL NOT NULL,
        recorded_by TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX consent_by_number ON consent (number)",
    """CREATE TABLE consent_withdrawal (
        consent_id INTEGER PRIMARY KEY REFERENCES consent (id),
        at REAL NOT NULL,
        source TEXT NOT NULL,
        recorded_at REAL NOT NULL,
        recorded_by TEXT NOT NULL
    ) STRICT""",
    *(
        f"""CREATE TRIGGER {table}_{act.lower()} BEFORE {act} ON {table} BEGIN
        SELECT RAISE(ABORT, 'records of consent are only added to');
    END"""
        for table in ("consent", "consent_withdrawal")
        for act in ("UPDATE", "DELETE")
    ),
)

AFTER_CHAINING: tuple[str, ...] = (
    """CREATE TRIGGER attempt_permitted BEFORE INSERT ON attempt
        WHEN NOT EXISTS (SELECT 1 FROM permit_link WHERE attempt_uid = NEW.uid) BEGIN
        SELECT RAISE(ABORT, 'no attempt without a permit');
    END""",
    """CREATE TRIGGER attempt_stays BEFORE DELETE ON attempt BEGIN
        SELECT RAISE(ABORT, 'an attempt is proof and is never removed');
    END""",
)
"""Once the attempts of the first schema have their links."""
