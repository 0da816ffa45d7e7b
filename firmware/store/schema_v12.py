"""The twelfth step: several roles for one person, invitations, where a login came from, and the log of changes.

Everybody keeps the role they had. The log is appended and never rewritten, as the chain of permits is: each entry
carries the hash of the one before it. Of an invitation only the hash of its token is kept, as of a session. Released:
never edited, only followed by further migrations.
"""

from firmware.store.schema_v2 import NOTHING

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE user_role (
        user_id INTEGER NOT NULL REFERENCES user (id),
        role TEXT NOT NULL CHECK (role IN ('agent', 'supervisor', 'analyst', 'content_manager', 'campaign_manager',
            'administrator', 'technician')),
        PRIMARY KEY (user_id, role)
    ) STRICT, WITHOUT ROWID""",
    "INSERT INTO user_role SELECT id, role FROM user",
    "ALTER TABLE user DROP COLUMN role",
    "ALTER TABLE session ADD COLUMN address TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE session ADD COLUMN browser TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX session_of ON session (user_id)",
    """CREATE TABLE invitation (
        user_id INTEGER PRIMARY KEY REFERENCES user (id),
        token_hash TEXT NOT NULL UNIQUE CHECK (length(token_hash) = 64),
        made_by INTEGER REFERENCES user (id), -- null: from the console
        created_at REAL NOT NULL,
        expires_at REAL NOT NULL
    ) STRICT""",
    """CREATE TABLE audit (
        seq INTEGER PRIMARY KEY,
        at REAL NOT NULL,
        user_id INTEGER REFERENCES user (id), -- null: nobody who has logged in to the pages
        who TEXT NOT NULL, -- the name at that time
        via TEXT NOT NULL CHECK (via IN ('pages', 'api', 'console')),
        address TEXT NOT NULL,
        command TEXT NOT NULL CHECK (command <> ''),
        object_id TEXT NOT NULL,
        label TEXT NOT NULL, -- the object's name at that time
        old TEXT NOT NULL CHECK (json_valid(old)),
        new TEXT NOT NULL CHECK (json_valid(new)),
        content TEXT NOT NULL CHECK (length(content) = 64), -- SHA-256 of everything above but the place
        previous TEXT NOT NULL CHECK (length(previous) = 64),
        hash TEXT NOT NULL CHECK (length(hash) = 64)
    ) STRICT""",
    "CREATE INDEX audit_by_time ON audit (at)",
    """CREATE TABLE audit_head (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        seq INTEGER NOT NULL,
        hash TEXT NOT NULL
    ) STRICT""",
    f"INSERT INTO audit_head VALUES (1, 0, '{NOTHING}')",  # noqa: S608
    """CREATE TRIGGER audit_appended BEFORE INSERT ON audit
        WHEN NOT EXISTS (SELECT 1 FROM audit_head WHERE seq = NEW.seq - 1 AND hash = NEW.previous) BEGIN
        SELECT RAISE(ABORT, 'an entry of the log is linked to the last one');
    END""",
    """CREATE TRIGGER audit_heads AFTER INSERT ON audit BEGIN
        UPDATE audit_head SET seq = NEW.seq, hash = NEW.hash;
    END""",
    """CREATE TRIGGER audit_kept BEFORE UPDATE ON audit BEGIN
        SELECT RAISE(ABORT, 'the log of changes is never rewritten');
    END""",
    """CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN
        SELECT RAISE(ABORT, 'nothing is removed from the log of changes');
    END""",
    """CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head BEGIN
        SELECT RAISE(ABORT, 'the log of changes has a head');
    END""",
)
