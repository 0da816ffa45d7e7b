"""The first schema, statement by statement. Released: never edited, only followed by further migrations.

Numbers are E.164 digits as integers. Times are UTC seconds. Counters are kept by triggers in the transaction that
changes what they count, so that a progress page never counts a million rows. States and words are held to their
lists by CHECK; "at most one open attempt per contact", "at most one contact in flight per number" and "one
disposition per attempt" are indexes and a trigger, not habits of the code.
"""

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE setting (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL CHECK (json_valid(value))
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE user (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        login TEXT NOT NULL COLLATE NOCASE CHECK (login <> ''),
        name TEXT NOT NULL,
        role TEXT NOT NULL CHECK (role IN ('agent', 'administrator')),
        password_hash TEXT NOT NULL,
        phone_user TEXT UNIQUE,
        phone_ha1 TEXT,
        phone_mode TEXT NOT NULL CHECK (phone_mode IN ('per_call', 'nailed_up')),
        language TEXT NOT NULL,
        active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
        created_at REAL NOT NULL
    ) STRICT""",
    "CREATE UNIQUE INDEX user_login ON user (login) WHERE active = 1",
    """CREATE TABLE session (
        token_hash TEXT PRIMARY KEY,
        user_id INTEGER NOT NULL REFERENCES user (id),
        created_at REAL NOT NULL,
        seen_at REAL NOT NULL,
        expires_at REAL NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE contact_list (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL CHECK (name <> ''),
        created_at REAL NOT NULL,
        deleted_at REAL
    ) STRICT""",
    """CREATE TABLE contact (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        list_id INTEGER NOT NULL REFERENCES contact_list (id),
        number INTEGER NOT NULL CHECK (number BETWEEN 1 AND 999999999999999),
        name TEXT NOT NULL,
        zones TEXT NOT NULL,
        priority INTEGER NOT NULL CHECK (priority BETWEEN -99 AND 99),
        fields TEXT NOT NULL CHECK (json_valid(fields)),
        state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'in_flight', 'closed')),
        next_at REAL NOT NULL DEFAULT 0,
        attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
        last_attempt_at REAL,
        closed_reason TEXT CHECK ((closed_reason IS NOT NULL) = (state = 'closed')),
        UNIQUE (list_id, number)
    ) STRICT""",
    "CREATE INDEX contact_open ON contact (list_id, zones, priority DESC, next_at) WHERE state = 'open'",
    "CREATE UNIQUE INDEX contact_in_flight ON contact (number) WHERE state = 'in_flight'",
    """CREATE TABLE list_count (
        list_id INTEGER NOT NULL,
        what TEXT NOT NULL,
        n INTEGER NOT NULL,
        PRIMARY KEY (list_id, what)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TRIGGER contact_added AFTER INSERT ON contact BEGIN
        INSERT INTO list_count VALUES (NEW.list_id, NEW.state, 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END""",
    """CREATE TRIGGER contact_moved AFTER UPDATE OF state ON contact WHEN OLD.state <> NEW.state BEGIN
        UPDATE list_count SET n = n - 1 WHERE list_id = OLD.list_id
            AND (what = OLD.state OR what = 'closed:' || OLD.closed_reason);
        INSERT INTO list_count VALUES (NEW.list_id, NEW.state, 1) ON CONFLICT DO UPDATE SET n = n + 1;
        INSERT INTO list_count SELECT NEW.list_id, 'closed:' || NEW.closed_reason, 1
            WHERE NEW.closed_reason IS NOT NULL ON CONFLICT DO UPDATE SET n = n + 1;
    END""",
    """CREATE TRIGGER contact_removed AFTER DELETE ON contact BEGIN
        UPDATE list_count SET n = n - 1 WHERE list_id = OLD.list_id
            AND (what = OLD.state OR what = 'closed:' || OLD.closed_reason);
    END""",
    """CREATE TABLE contact_import (
        id INTEGER PRIMARY KEY,
        list_id INTEGER NOT NULL REFERENCES contact_list (id),
        at REAL NOT NULL,
        file_name TEXT NOT NULL,
        rows INTEGER NOT NULL,
        new INTEGER NOT NULL,
        duplicate INTEGER NOT NULL,
        damaged INTEGER NOT NULL,
        report TEXT
    ) STRICT""",
    """CREATE TABLE campaign (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('draft', 'running', 'paused', 'stopped', 'finished')),
        contact_list_id INTEGER REFERENCES contact_list (id),
        settings TEXT NOT NULL CHECK (json_valid(settings)),
        created_at REAL NOT NULL,
        changed_at REAL NOT NULL,
        started_at REAL,
        ended_at REAL
    ) STRICT""",
    """CREATE TABLE campaign_count (
        campaign_id INTEGER NOT NULL,
        what TEXT NOT NULL,
        n INTEGER NOT NULL,
        PRIMARY KEY (campaign_id, what)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE attempt (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE CHECK (length(uid) = 26),
        campaign_id INTEGER NOT NULL REFERENCES campaign (id),
        contact_id INTEGER NOT NULL, -- no foreign key: an attempt outlives a deleted list as proof
        number INTEGER NOT NULL CHECK (number BETWEEN 1 AND 999999999999999),
        permit TEXT NOT NULL CHECK (json_valid(permit)),
        state TEXT NOT NULL CHECK (state IN
            ('intent', 'ringing', 'answered', 'talking', 'wrap_up', 'closed', 'interrupted')),
        sent INTEGER NOT NULL DEFAULT 1 CHECK (sent IN (0, 1)), -- 0: taken back, its INVITE never left
        started_at REAL NOT NULL,
        ringing_at REAL,
        answered_at REAL,
        verdict_at REAL,
        reserved_at REAL,
        talking_at REAL,
        ended_at REAL,
        disposed_at REAL,
        verdict TEXT CHECK (verdict IN ('human', 'machine', 'fax', 'intercept', 'silence', 'unsure')),
        verdict_confidence REAL,
        verdict_cause TEXT NOT NULL DEFAULT '',
        verdict_figures TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(verdict_figures)),
        live INTEGER NOT NULL DEFAULT 0 CHECK (live IN (0, 1)), -- 1: answered by a person
        user_id INTEGER REFERENCES user (id),
        hangup_cause TEXT CHECK (hangup_cause IN ('normal', 'busy', 'no_answer', 'cancelled', 'rejected',
            'not_found', 'unavailable', 'network_failure', 'media_lost', 'too_long', 'our_fault')),
        ended_by TEXT CHECK (ended_by IN ('customer', 'agent', 'box')),
        sip_code INTEGER,
        disposition TEXT CHECK (disposition IN ('contacted', 'callback', 'do_not_call', 'wrong_number',
            'machine', 'fax', 'intercept', 'silence', 'busy', 'no_answer', 'rejected', 'unreachable', 'failed',
            'abandoned', 'hung_up', 'interrupted')),
        wrap_up_code TEXT,
        note TEXT NOT NULL DEFAULT '',
        key TEXT NOT NULL DEFAULT '',
        recording TEXT,
        CHECK ((disposition IS NULL) = (state NOT IN ('closed', 'interrupted'))),
        CHECK ((disposition IS NULL) = (disposed_at IS NULL))
    ) STRICT""",
    "CREATE UNIQUE INDEX attempt_open ON attempt (contact_id) WHERE disposition IS NULL",
    "CREATE INDEX attempt_by_number ON attempt (number)",
    "CREATE INDEX attempt_by_campaign ON attempt (campaign_id)",
    "CREATE INDEX attempt_by_user ON attempt (user_id, talking_at) WHERE user_id IS NOT NULL",
    """CREATE TRIGGER attempt_final BEFORE UPDATE ON attempt WHEN OLD.disposition IS NOT NULL
        AND (NEW.disposition IS NOT OLD.disposition OR NEW.state IS NOT OLD.state) BEGIN
        SELECT RAISE(ABORT, 'an attempt has one disposition');
    END""",
    """CREATE TRIGGER attempt_kept BEFORE UPDATE OF uid, campaign_id, contact_id, number, permit, started_at
        ON attempt BEGIN
        SELECT RAISE(ABORT, 'an attempt and its permit are never rewritten');
    END""",
    """CREATE TRIGGER attempt_counted AFTER INSERT ON attempt BEGIN
        INSERT INTO campaign_count VALUES (NEW.campaign_id, 'attempts', 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END""",
    """CREATE TRIGGER attempt_taken_back AFTER UPDATE OF sent ON attempt WHEN OLD.sent = 1 AND NEW.sent = 0 BEGIN
        UPDATE campaign_count SET n = n - 1 WHERE campaign_id = NEW.campaign_id AND what = 'attempts';
        INSERT INTO campaign_count VALUES (NEW.campaign_id, 'taken_back', 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END""",
    """CREATE TRIGGER attempt_answered AFTER UPDATE OF answered_at ON attempt
        WHEN OLD.answered_at IS NULL AND NEW.answered_at IS NOT NULL BEGIN
        INSERT INTO campaign_count VALUES (NEW.campaign_id, 'answered', 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END""",
    """CREATE TRIGGER attempt_judged AFTER UPDATE OF verdict ON attempt WHEN OLD.verdict IS NOT NEW.verdict BEGIN
        UPDATE campaign_count SET n = n - 1
            WHERE campaign_id = NEW.campaign_id AND what = 'verdict:' || OLD.verdict;
        INSERT INTO campaign_count SELECT NEW.campaign_id, 'verdict:' || NEW.verdict, 1
            WHERE NEW.verdict IS NOT NULL ON CONFLICT DO UPDATE SET n = n + 1;
    END""",
    """CREATE TRIGGER attempt_live AFTER UPDATE OF live ON attempt WHEN OLD.live = 0 AND NEW.live = 1 BEGIN
        INSERT INTO campaign_count VALUES (NEW.campaign_id, 'live', 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END""",
    """CREATE TRIGGER attempt_disposed AFTER UPDATE OF disposition ON attempt
        WHEN OLD.disposition IS NULL AND NEW.disposition IS NOT NULL AND NEW.sent = 1 BEGIN
        INSERT INTO campaign_count VALUES (NEW.campaign_id, 'disposition:' || NEW.disposition, 1)
            ON CONFLICT DO UPDATE SET n = n + 1;
    END""",
    """CREATE TABLE dnc_list (
        id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id BETWEEN 1 AND 9000),
        name TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (name <> ''),
        version INTEGER NOT NULL DEFAULT 1,
        entries INTEGER NOT NULL DEFAULT 0,
        created_at REAL NOT NULL
    ) STRICT""",
    """CREATE TABLE dnc_change (
        id INTEGER PRIMARY KEY,
        list_id INTEGER NOT NULL,
        version INTEGER NOT NULL,
        at REAL NOT NULL,
        act TEXT NOT NULL CHECK (act IN ('added', 'removed')),
        source TEXT NOT NULL,
        numbers INTEGER NOT NULL,
        UNIQUE (list_id, version)
    ) STRICT""",
    """CREATE TABLE dnc_entry (
        entry INTEGER PRIMARY KEY, -- list id x 10^15 + E.164 digits: one small tree, one look-up
        change_id INTEGER NOT NULL
    ) STRICT""",
    "INSERT INTO dnc_list (id, name, created_at) VALUES (1, 'Opt-outs', 0)",
    """CREATE TABLE agent_log (
        id INTEGER PRIMARY KEY,
        user_id INTEGER NOT NULL REFERENCES user (id),
        at REAL NOT NULL,
        state TEXT NOT NULL CHECK (state IN
            ('logged_out', 'ready', 'reserved', 'talking', 'wrap_up', 'paused')),
        reason TEXT NOT NULL DEFAULT ''
    ) STRICT""",
    "CREATE INDEX agent_log_by_user ON agent_log (user_id, at)",
    """CREATE TABLE pacing_log (
        id INTEGER PRIMARY KEY,
        campaign_id INTEGER NOT NULL,
        at REAL NOT NULL,
        starts INTEGER NOT NULL,
        reason TEXT NOT NULL,
        figures TEXT NOT NULL CHECK (json_valid(figures))
    ) STRICT""",
    "CREATE INDEX pacing_log_by_campaign ON pacing_log (campaign_id, at)",
    "CREATE INDEX pacing_log_by_time ON pacing_log (at)",
)
