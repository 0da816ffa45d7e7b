"""The twenty-third step: people who ask for access, or for another role.

Released: never edited, only followed by further migrations. Independent of the steps before it.
"""

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE access_request (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at REAL NOT NULL,
        user_id INTEGER REFERENCES user (id), -- who asks for another role; null: somebody without a login
        name TEXT NOT NULL CHECK (name <> ''),
        address TEXT NOT NULL, -- for the answer; empty: none was given
        language TEXT NOT NULL,
        roles TEXT NOT NULL CHECK (json_valid(roles)), -- that are asked for
        words TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'granted', 'refused')),
        decided_at REAL,
        decided_by TEXT NOT NULL DEFAULT '',
        reason TEXT NOT NULL DEFAULT '',
        CHECK ((state = 'open') = (decided_at IS NULL))
    ) STRICT""",
    "CREATE INDEX access_request_open ON access_request (at) WHERE state = 'open'",
)
