"""The eleventh step: a second factor for logging in. Independent of the steps before it.

The secret stands as it is, because codes are made from it; recovery codes only as their hashes.
"""

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE second_factor (
        user_id INTEGER PRIMARY KEY REFERENCES user (id),
        secret TEXT NOT NULL CHECK (length(secret) BETWEEN 16 AND 128),
        since REAL NOT NULL,
        last_step INTEGER NOT NULL
    ) STRICT""",
    """CREATE TABLE recovery_code (
        user_id INTEGER NOT NULL REFERENCES second_factor (user_id) ON DELETE CASCADE,
        hash TEXT NOT NULL CHECK (length(hash) = 64),
        PRIMARY KEY (user_id, hash)
    ) STRICT, WITHOUT ROWID""",
)
