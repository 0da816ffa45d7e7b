"""The sixth step: callbacks as promises, and what became of each. Independent of the steps before it.

Released: never edited, only followed by further migrations. A contact has at most one open promise; while it has one
it is due at no time of its own (``next_at`` is infinite), because it is the promise that says when it is called. A
promise passed on to somebody else ends and another one begins, with the same ``root``. The history is appended by
triggers and can be neither changed nor removed; ``promise.cause`` and ``promise.moved_by`` say why and who.

What closes or removes a contact withdraws its promise in the same transaction, whichever way the code took. Callbacks
agreed before this step become promises of the whole team, because nobody was asked whose they were.
"""

_HISTORY_OF_NEW = (
    "INSERT INTO promise_history (root, promise_id, at, act, cause, by_user, owner, promised_at, due_at)"
    " VALUES (NEW.root, NEW.id, NEW.changed_at, {act}, NEW.cause, NEW.moved_by, NEW.owner, NEW.promised_at,"
    " NEW.due_at);"
)
_NOW = "(julianday('now') - 2440587.5) * 86400.0"
"""By the machine's clock: a trigger has no other."""
_CODE_IS_CALLBACK = (
    "EXISTS (SELECT 1 FROM json_each(k.settings, '$.wrap_up_codes') w"
    " WHERE json_extract(w.value, '$.code') = a.wrap_up_code"
    " AND json_extract(w.value, '$.disposition') = 'callback')"
)

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE promise (
        id INTEGER PRIMARY KEY, -- never used again, because no promise is ever removed
        root INTEGER NOT NULL, -- the first of those it was passed on from; its own id where it is the first
        contact_id INTEGER NOT NULL, -- no foreign key: a promise outlives a deleted list as proof
        campaign_id INTEGER NOT NULL REFERENCES campaign (id),
        attempt_uid TEXT NOT NULL CHECK (length(attempt_uid) = 26), -- the call it was made in
        kind TEXT NOT NULL CHECK (kind IN ('personal', 'team')),
        owner INTEGER REFERENCES user (id),
        promised_at REAL NOT NULL, -- what the person was told, or what it was moved to since
        lawful_at REAL NOT NULL, -- the same, or later where the rules do not allow a call then
        law TEXT NOT NULL DEFAULT '', -- the rule that moved it
        due_at REAL NOT NULL, -- when it is dialled next
        zone TEXT NOT NULL, -- the contact's
        note TEXT NOT NULL,
        made_at REAL NOT NULL,
        made_by INTEGER REFERENCES user (id),
        tries INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0),
        first_try_at REAL,
        state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'kept', 'missed', 'withdrawn', 'passed_on')),
        closed_at REAL,
        version INTEGER NOT NULL DEFAULT 1,
        cause TEXT NOT NULL DEFAULT '', -- of the last change
        moved_by INTEGER REFERENCES user (id), -- who made the last change; null: the box
        changed_at REAL NOT NULL,
        CHECK ((kind = 'personal') = (owner IS NOT NULL)),
        CHECK ((state = 'open') = (closed_at IS NULL))
    ) STRICT""",
    "CREATE UNIQUE INDEX promise_open ON promise (contact_id) WHERE state = 'open'",
    "CREATE INDEX promise_due ON promise (due_at) WHERE state = 'open'",
    "CREATE INDEX promise_by_contact ON promise (contact_id)",
    "CREATE INDEX promise_by_time ON promise (promised_at)",
    """CREATE TABLE promise_history (
        id INTEGER PRIMARY KEY,
        root INTEGER NOT NULL,
        promise_id INTEGER NOT NULL,
        at REAL NOT NULL,
        act TEXT NOT NULL, -- made, passed_to, moved, postponed, tried, reopened, or the state it ended in
        cause TEXT NOT NULL,
        by_user INTEGER,
        owner INTEGER,
        promised_at REAL NOT NULL,
        due_at REAL NOT NULL
    ) STRICT""",
    "CREATE INDEX promise_history_by_root ON promise_history (root, id)",
    *(
        f"""CREATE TRIGGER promise_history_{act.lower()} BEFORE {act} ON promise_history BEGIN
        SELECT RAISE(ABORT, 'the history of a promise is only added to');
    END"""
        for act in ("UPDATE", "DELETE")
    ),
    """CREATE TRIGGER promise_stays BEFORE DELETE ON promise BEGIN
        SELECT RAISE(ABORT, 'a promise is never removed');
    END""",
    f"""CREATE TRIGGER promise_made AFTER INSERT ON promise BEGIN
        {_HISTORY_OF_NEW.format(act="iif(NEW.root = NEW.id, 'made', 'passed_to')")}
    END""",
    f"""CREATE TRIGGER promise_changed AFTER UPDATE ON promise BEGIN
        {
        _HISTORY_OF_NEW.format(
            act="CASE WHEN NEW.state <> OLD.state THEN iif(NEW.state = 'open', 'reopened', NEW.state)"
            " WHEN NEW.promised_at <> OLD.promised_at THEN 'moved'"
            " WHEN NEW.tries <> OLD.tries THEN 'tried' ELSE 'postponed' END"
        )
    }
    END""",
    # A contact with an open promise waits for it, and one whose promise ended is due: whatever the code does.
    """CREATE TRIGGER promise_holds AFTER INSERT ON promise WHEN NEW.state = 'open' BEGIN
        UPDATE contact SET next_at = 9e999 WHERE id = NEW.contact_id AND next_at <> 9e999;
    END""",
    """CREATE TRIGGER promise_lets_go AFTER UPDATE OF state ON promise
        WHEN OLD.state = 'open' AND NEW.state <> 'open' BEGIN
        UPDATE contact SET next_at = NEW.changed_at
            WHERE id = NEW.contact_id AND state = 'open' AND next_at = 9e999;
    END""",
    """CREATE TRIGGER promise_holds_again AFTER UPDATE OF state ON promise
        WHEN OLD.state <> 'open' AND NEW.state = 'open' BEGIN
        UPDATE contact SET next_at = 9e999 WHERE id = NEW.contact_id AND next_at <> 9e999;
    END""",
    """CREATE TRIGGER contact_held AFTER UPDATE OF next_at, state ON contact
        WHEN NEW.state = 'open' AND NEW.next_at <> 9e999
        AND EXISTS (SELECT 1 FROM promise WHERE contact_id = NEW.id AND state = 'open') BEGIN
        UPDATE contact SET next_at = 9e999 WHERE id = NEW.id;
    END""",
    f"""CREATE TRIGGER promise_contact_closed AFTER UPDATE OF state ON contact
        WHEN NEW.state = 'closed' AND OLD.state <> 'closed' BEGIN
        UPDATE promise SET state = 'withdrawn', closed_at = max(changed_at, {_NOW}),
            changed_at = max(changed_at, {_NOW}), moved_by = NULL,
            cause = NEW.closed_reason, version = version + 1 WHERE contact_id = NEW.id AND state = 'open';
    END""",  # noqa: S608 - constants only
    f"""CREATE TRIGGER promise_contact_gone AFTER DELETE ON contact BEGIN
        UPDATE promise SET state = 'withdrawn', closed_at = max(changed_at, {_NOW}),
            changed_at = max(changed_at, {_NOW}), moved_by = NULL,
            cause = 'contact_gone', version = version + 1 WHERE contact_id = OLD.id AND state = 'open';
    END""",  # noqa: S608 - constants only
    f"""INSERT INTO promise (id, root, contact_id, campaign_id, attempt_uid, kind, promised_at, lawful_at, due_at,
            zone, note, made_at, made_by, changed_at)
        SELECT a.id, a.id, c.id, a.campaign_id, a.uid, 'team', c.next_at, c.next_at, c.next_at,
            iif(c.zones = '', coalesce(json_extract(k.settings, '$.default_zone'), 'Europe/Berlin'),
                substr(c.zones || ' ', 1, instr(c.zones || ' ', ' ') - 1)),
            a.note, a.disposed_at, a.user_id, a.disposed_at
        FROM attempt a JOIN contact c ON c.id = a.contact_id JOIN campaign k ON k.id = a.campaign_id
        WHERE c.state = 'open' AND c.last_attempt_at = a.started_at AND a.sent = 1
            AND (a.disposition = 'callback'
                OR a.disposition = 'interrupted' AND a.key <> '' AND {_CODE_IS_CALLBACK})
        GROUP BY c.id""",  # noqa: S608 - constants only
)
