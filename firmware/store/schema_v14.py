"""The fourteenth step: calls that come in. Independent of the steps before it.

Released: never edited, only followed by further migrations. A call that comes in needs no permit and is no attempt, so
it has a table of its own; what was known when it came is never changed, and it has one outcome.
"""

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE inbound_call (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE CHECK (length(uid) = 26),
        rule TEXT NOT NULL, -- the name of the settings it was taken by; empty: none
        trunk TEXT NOT NULL,
        number_called TEXT NOT NULL, -- as the network told it
        caller_text TEXT NOT NULL, -- as the network told it
        caller_number INTEGER CHECK (caller_number BETWEEN 1 AND 999999999999999), -- null: not told, or no number
        contact_id INTEGER, -- no foreign key: a call outlives a deleted list
        campaign_id INTEGER REFERENCES campaign (id),
        offered_at REAL NOT NULL,
        answered_at REAL,
        connected_at REAL, -- with an agent
        ended_at REAL,
        ended_by TEXT CHECK (ended_by IN ('customer', 'agent', 'box')),
        hangup_cause TEXT,
        outcome TEXT CHECK (outcome IN
            ('answered', 'missed', 'closed', 'busy', 'refused', 'callback', 'interrupted')), -- null: it goes on
        user_id INTEGER REFERENCES user (id), -- who spoke
        wrap_up_code TEXT,
        disposition TEXT,
        note TEXT NOT NULL DEFAULT '',
        key TEXT,
        disposed_at REAL,
        promise_id INTEGER REFERENCES promise (id), -- the callback that was promised in it
        called_back_at REAL -- somebody has seen to a missed call
    ) STRICT""",
    "CREATE INDEX inbound_by_time ON inbound_call (offered_at)",
    "CREATE INDEX inbound_by_caller ON inbound_call (caller_number) WHERE caller_number IS NOT NULL",
    "CREATE INDEX inbound_by_contact ON inbound_call (contact_id) WHERE contact_id IS NOT NULL",
    "CREATE INDEX inbound_open ON inbound_call (id) WHERE outcome IS NULL",
    """CREATE TRIGGER inbound_kept BEFORE UPDATE OF
        uid, rule, trunk, number_called, caller_text, caller_number, offered_at ON inbound_call BEGIN
        SELECT RAISE(ABORT, 'how a call came in is never rewritten');
    END""",
    """CREATE TRIGGER inbound_disposed BEFORE UPDATE OF disposition ON inbound_call
        WHEN OLD.disposition IS NOT NULL AND NEW.disposition IS NOT OLD.disposition BEGIN
        SELECT RAISE(ABORT, 'a call has one result');
    END""",
)
