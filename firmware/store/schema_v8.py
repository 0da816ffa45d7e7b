"""The eighth step: the order campaigns call their contacts in, rules, and what rules did. Independent of its forebears.

Released: never edited, only followed by further migrations. ``contact_order`` is derived: a row per contact and order
with its key, kept right by triggers that need no function but SQLite's own (any tool may write the database), and
looked at anew (``stale``) by ``ordering``. Lists without an order have no rows and pay for one look-up per change.
"""

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE campaign_order (
        campaign_id INTEGER PRIMARY KEY,
        body TEXT NOT NULL CHECK (json_valid(body)),
        changed_at REAL NOT NULL,
        who TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE contact_ordering (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        campaign_id INTEGER NOT NULL,
        list_id INTEGER NOT NULL,
        plan TEXT NOT NULL CHECK (json_valid(plan)), -- all that keys and groups depend on
        built_to INTEGER NOT NULL DEFAULT 0, -- contacts up to this id have their rows
        complete INTEGER NOT NULL DEFAULT 0 CHECK (complete IN (0, 1)), -- had them all once: it may be called by
        dropped INTEGER NOT NULL DEFAULT 0 CHECK (dropped IN (0, 1))
    ) STRICT""",
    "CREATE INDEX contact_ordering_of ON contact_ordering (campaign_id) WHERE dropped = 0",
    """CREATE TABLE contact_order (
        contact_id INTEGER NOT NULL,
        order_id INTEGER NOT NULL,
        stage INTEGER NOT NULL, -- 1: agents dial it
        owner TEXT NOT NULL,
        zones TEXT NOT NULL,
        key BLOB NOT NULL,
        next_at REAL NOT NULL,
        standing INTEGER NOT NULL CHECK (standing IN (0, 1, 2)), -- due, waiting for its time, not open
        fits INTEGER NOT NULL CHECK (fits IN (0, 1)),
        stale INTEGER NOT NULL DEFAULT 0 CHECK (stale IN (0, 1)),
        PRIMARY KEY (contact_id, order_id)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX contact_order_due ON contact_order (order_id, stage, owner, zones, key, next_at, contact_id)"
    " WHERE standing = 0 AND fits = 1 AND stale = 0",
    "CREATE INDEX contact_order_waiting ON contact_order (order_id, next_at) WHERE standing = 1 AND fits = 1",
    "CREATE INDEX contact_order_stale ON contact_order (order_id, contact_id) WHERE stale = 1",
    """CREATE TRIGGER contact_order_moved AFTER UPDATE OF state, next_at ON contact
        WHEN OLD.state IS NOT NEW.state OR OLD.next_at IS NOT NEW.next_at BEGIN
        UPDATE contact_order SET standing = iif(NEW.state = 'open', 1, 2), next_at = NEW.next_at
            WHERE contact_id = NEW.id;
    END""",
    """CREATE TRIGGER contact_order_changed
        AFTER UPDATE OF name, zones, priority, fields, attempts, last_attempt_at, number ON contact BEGIN
        UPDATE contact_order SET stale = 1 WHERE contact_id = NEW.id;
    END""",
    """CREATE TRIGGER contact_order_goes AFTER DELETE ON contact BEGIN
        DELETE FROM contact_order WHERE contact_id = OLD.id;
    END""",
    """CREATE TRIGGER contact_list_left AFTER UPDATE OF list_id ON contact WHEN OLD.list_id <> NEW.list_id BEGIN
        UPDATE list_count SET n = n - 1 WHERE list_id = OLD.list_id
            AND (what = OLD.state OR what = 'closed:' || OLD.closed_reason);
        INSERT INTO list_count VALUES (NEW.list_id, NEW.state, 1) ON CONFLICT DO UPDATE SET n = n + 1;
        INSERT INTO list_count SELECT NEW.list_id, 'closed:' || NEW.closed_reason, 1
            WHERE NEW.closed_reason IS NOT NULL ON CONFLICT DO UPDATE SET n = n + 1;
        DELETE FROM contact_order WHERE contact_id = NEW.id;
        INSERT INTO contact_order
            SELECT NEW.id, id, 0, '', '', x'', NEW.next_at, iif(NEW.state = 'open', 1, 2), 0, 1
            FROM contact_ordering WHERE list_id = NEW.list_id AND dropped = 0 AND built_to >= NEW.id;
    END""",
    """CREATE TRIGGER campaign_order_over AFTER UPDATE OF state ON campaign
        WHEN NEW.state IN ('stopped', 'finished') BEGIN
        UPDATE contact_ordering SET dropped = 1 WHERE campaign_id = NEW.id AND dropped = 0;
    END""",
    """CREATE TRIGGER campaign_order_goes AFTER DELETE ON campaign BEGIN
        UPDATE contact_ordering SET dropped = 1 WHERE campaign_id = OLD.id AND dropped = 0;
        DELETE FROM campaign_order WHERE campaign_id = OLD.id;
    END""",
    """CREATE TABLE campaign_rules (
        campaign_id INTEGER NOT NULL,
        version INTEGER NOT NULL, -- the highest is in force
        body TEXT NOT NULL CHECK (json_valid(body)),
        at REAL NOT NULL,
        who TEXT NOT NULL,
        PRIMARY KEY (campaign_id, version)
    ) STRICT, WITHOUT ROWID""",
    *(
        f"""CREATE TRIGGER campaign_rules_{act.lower()} BEFORE {act} ON campaign_rules BEGIN
        SELECT RAISE(ABORT, 'rules that were in force stay on record');
    END"""
        for act in ("UPDATE", "DELETE")
    ),
    """CREATE TABLE rule_fired (
        id INTEGER PRIMARY KEY,
        at REAL NOT NULL,
        campaign_id INTEGER NOT NULL,
        contact_id INTEGER NOT NULL,
        attempt_uid TEXT, -- null: no call was made
        moment TEXT NOT NULL CHECK (moment IN ('before', 'after')),
        version INTEGER NOT NULL, -- of the campaign's rules
        rule TEXT NOT NULL,
        did TEXT NOT NULL CHECK (json_valid(did))
    ) STRICT""",
    "CREATE INDEX rule_fired_by_attempt ON rule_fired (attempt_uid) WHERE attempt_uid IS NOT NULL",
    "CREATE INDEX rule_fired_by_contact ON rule_fired (contact_id, id)",
)
