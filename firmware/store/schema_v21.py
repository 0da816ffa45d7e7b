"""The twenty-first step: what agents are told of their campaigns; calls that came in are found by their end.

Released: never edited, only followed by further migrations. Independent of the steps before it.
"""

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE campaign_notice (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        campaign_id INTEGER NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
        user_id INTEGER NOT NULL REFERENCES user (id),
        kind TEXT NOT NULL CHECK (kind IN ('loaded', 'started')),
        made_at REAL NOT NULL,
        confirmed_at REAL,
        UNIQUE (campaign_id, user_id, kind) -- told again, it is to be confirmed again
    ) STRICT""",
    "CREATE INDEX campaign_notice_open ON campaign_notice (user_id) WHERE confirmed_at IS NULL",
    "CREATE INDEX inbound_call_by_end ON inbound_call (ended_at)",
)
