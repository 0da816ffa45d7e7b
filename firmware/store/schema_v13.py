"""The thirteenth step: what is done with a call once it is up. Independent of the steps before it.

The directory of destinations, who else took part in a call and how each of them came and went, who listened in,
messages from a supervisor to a desk. What happened is only ever added to; a part a person took is closed once.
"""

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE destination (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
        number INTEGER NOT NULL CHECK (number BETWEEN 1 AND 999999999999999),
        made_at REAL NOT NULL,
        made_by INTEGER REFERENCES user (id),
        removed_at REAL
    ) STRICT""",
    "CREATE UNIQUE INDEX destination_by_number ON destination (number) WHERE removed_at IS NULL",
    """CREATE TABLE call_party (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE, -- the attempt's and a number
        attempt TEXT NOT NULL REFERENCES attempt (uid),
        kind TEXT NOT NULL CHECK (kind IN ('agent', 'destination', 'queue')),
        user_id INTEGER REFERENCES user (id), -- the agent who was asked, or came from the queue
        destination_id INTEGER REFERENCES destination (id),
        name TEXT NOT NULL DEFAULT '', -- as it was then
        number INTEGER CHECK (number BETWEEN 1 AND 999999999999999),
        asked_by INTEGER REFERENCES user (id), -- none: the box, after a key
        blind INTEGER NOT NULL CHECK (blind IN (0, 1)),
        asked_at REAL NOT NULL,
        answered_at REAL,
        handed_at REAL, -- from then on the customer was theirs
        ended_at REAL,
        result TEXT CHECK (result IN ('handed', 'not_answered', 'taken_back', 'left', 'customer_left', 'stopped',
            'too_long', 'nobody', 'interrupted')),
        wrap_up_code TEXT,
        note TEXT NOT NULL DEFAULT '',
        key TEXT NOT NULL DEFAULT '',
        disposed_at REAL,
        CHECK ((ended_at IS NULL) = (result IS NULL)),
        CHECK ((kind = 'destination') = (number IS NOT NULL))
    ) STRICT""",
    "CREATE INDEX call_party_by_attempt ON call_party (attempt)",
    "CREATE INDEX call_party_open ON call_party (id) WHERE ended_at IS NULL",
    """CREATE TABLE call_step (
        id INTEGER PRIMARY KEY,
        attempt TEXT NOT NULL REFERENCES attempt (uid),
        at REAL NOT NULL,
        what TEXT NOT NULL CHECK (length(what) BETWEEN 1 AND 40),
        user_id INTEGER REFERENCES user (id), -- who did it; none: the box, the customer, the network
        about TEXT NOT NULL DEFAULT '' -- the other party's name, as it was then
    ) STRICT""",
    "CREATE INDEX call_step_by_attempt ON call_step (attempt)",
    """CREATE TRIGGER call_step_stays BEFORE UPDATE ON call_step BEGIN
        SELECT raise(ABORT, 'what happened in a call is never rewritten');
    END""",
    """CREATE TABLE monitoring (
        id INTEGER PRIMARY KEY,
        user_id INTEGER NOT NULL REFERENCES user (id), -- who listened
        agent_id INTEGER NOT NULL REFERENCES user (id),
        attempt TEXT REFERENCES attempt (uid),
        kind TEXT NOT NULL CHECK (kind IN ('listen', 'whisper', 'barge')),
        announced INTEGER NOT NULL CHECK (announced IN (0, 1)),
        began_at REAL NOT NULL,
        ended_at REAL,
        ended_by TEXT CHECK (ended_by IN ('supervisor', 'call_over', 'phone', 'changed', 'forbidden', 'stopped',
            'interrupted')),
        CHECK ((ended_at IS NULL) = (ended_by IS NULL))
    ) STRICT""",
    "CREATE INDEX monitoring_by_agent ON monitoring (agent_id, began_at)",
    "CREATE INDEX monitoring_by_attempt ON monitoring (attempt)",
    """CREATE TABLE desk_message (
        id INTEGER PRIMARY KEY,
        from_user INTEGER NOT NULL REFERENCES user (id),
        to_user INTEGER NOT NULL REFERENCES user (id),
        text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 500),
        sent_at REAL NOT NULL,
        read_at REAL
    ) STRICT""",
    "CREATE INDEX desk_message_open ON desk_message (to_user) WHERE read_at IS NULL",
)
