"""The fourth step: records offered to agents, what became of them, and what pacing has learned.

Released: never edited, only followed by further migrations. ``offer`` holds the reservations of this moment, one per
contact and one per agent; whatever is in it when the box starts was left by a box that stopped, and is taken back.
"""

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE offer (
        contact_id INTEGER PRIMARY KEY,
        campaign_id INTEGER NOT NULL,
        user_id INTEGER NOT NULL UNIQUE,
        offered_at REAL NOT NULL,
        by_hand INTEGER NOT NULL DEFAULT 0 CHECK (by_hand IN (0, 1)) -- 1: the contact exists only for this call
    ) STRICT""",
    """CREATE TABLE offer_log (
        id INTEGER PRIMARY KEY,
        campaign_id INTEGER NOT NULL,
        contact_id INTEGER NOT NULL,
        user_id INTEGER NOT NULL,
        offered_at REAL NOT NULL,
        ended_at REAL NOT NULL,
        outcome TEXT NOT NULL CHECK (outcome IN
            ('dialled', 'skipped', 'rejected', 'missed', 'withdrawn', 'refused', 'interrupted')),
        reason TEXT NOT NULL DEFAULT ''
    ) STRICT""",
    "CREATE INDEX offer_log_by_campaign ON offer_log (campaign_id, ended_at)",
    "CREATE INDEX offer_log_by_contact ON offer_log (contact_id)",
    """CREATE TABLE false_machine (
        uid TEXT PRIMARY KEY, -- an attempt whose verdict was machine, and an agent says it was a person
        at REAL NOT NULL,
        user_id INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE pacing_state (
        campaign_id INTEGER PRIMARY KEY,
        at REAL NOT NULL,
        state TEXT NOT NULL CHECK (json_valid(state))
    ) STRICT""",
)
