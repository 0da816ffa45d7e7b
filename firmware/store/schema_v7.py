"""The seventh step: tokens for other programs, answers kept for their retries, and what webhooks tell.

Released: never edited, only followed by further migrations. Independent of the steps before it. Events are written by
triggers where one row says all there is to tell, so that no way of ending an attempt or closing a contact can forget
them, and by ``webhooks.enqueue`` elsewhere; either way inside the transaction they tell of, and only while somebody
has subscribed. A delivery is one event for one subscription.
"""

_WANTED = (
    "EXISTS (SELECT 1 FROM webhook_subscription s, json_each(s.events) e"
    " WHERE s.active = 1 AND e.value = '{event}')"
)
_FIELDS = "(SELECT json(c.fields) FROM contact c WHERE c.id = NEW.contact_id)"


def _moment(column: str) -> str:
    """UTC seconds as RFC 3339 writes them; null stays null."""
    return f"strftime('%Y-%m-%dT%H:%M:%fZ', {column}, 'unixepoch')"


def _object(**members: str) -> str:
    return f"json_object({', '.join(f'{chr(39)}{name}{chr(39)}, {sql}' for name, sql in members.items())})"


_ATTEMPT = _object(
    attempt="NEW.uid",
    campaign_id="NEW.campaign_id",
    contact_id="NEW.contact_id",
    number="'+' || NEW.number",
    fields=_FIELDS,
    disposition="NEW.disposition",
    wrap_up_code="NEW.wrap_up_code",
    note="NEW.note",
    verdict="NEW.verdict",
    hangup_cause="NEW.hangup_cause",
    agent_id="NEW.user_id",
    started_at=_moment("NEW.started_at"),
    answered_at=_moment("NEW.answered_at"),
    talking_at=_moment("NEW.talking_at"),
    ended_at=_moment("NEW.ended_at"),
    disposed_at=_moment("NEW.disposed_at"),
)
_CONTACT = _object(
    contact_id="NEW.id",
    list_id="NEW.list_id",
    number="'+' || NEW.number",
    fields="json(NEW.fields)",
    reason="NEW.closed_reason",
    attempts="NEW.attempts",
)
_CAMPAIGN = _object(campaign_id="NEW.id", name="NEW.name", state="NEW.state", before="OLD.state")
_CALLED_BY = (
    "(SELECT id FROM campaign WHERE contact_list_id = NEW.list_id AND state IN ('running', 'paused')"
    " ORDER BY state = 'running' DESC, id DESC LIMIT 1)"
)

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE api_token (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        token_hash TEXT NOT NULL UNIQUE CHECK (length(token_hash) = 64), -- SHA-256; the token itself is kept nowhere
        hint TEXT NOT NULL, -- its first characters, to tell tokens apart
        name TEXT NOT NULL CHECK (name <> ''),
        scopes TEXT NOT NULL CHECK (json_valid(scopes)),
        sources TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(sources)), -- networks it may be used from; none: any
        rate INTEGER NOT NULL CHECK (rate > 0), -- requests a minute
        created_by TEXT NOT NULL,
        created_at REAL NOT NULL,
        expires_at REAL,
        last_used_at REAL,
        last_used_from TEXT NOT NULL DEFAULT '',
        revoked_at REAL,
        revoked_by TEXT NOT NULL DEFAULT ''
    ) STRICT""",
    """CREATE TABLE api_answer ( -- what a request with an Idempotency-Key was answered
        token_id INTEGER NOT NULL REFERENCES api_token (id),
        key TEXT NOT NULL CHECK (key <> ''),
        fingerprint TEXT NOT NULL, -- of method, path and body
        begun_at REAL NOT NULL,
        status INTEGER, -- null: not answered yet
        body TEXT,
        PRIMARY KEY (token_id, key)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX api_answer_by_age ON api_answer (begun_at)",
    """CREATE TABLE webhook_subscription (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        url TEXT NOT NULL CHECK (url <> ''),
        secret TEXT NOT NULL CHECK (secret <> ''),
        events TEXT NOT NULL CHECK (json_valid(events)),
        campaign_id INTEGER, -- null: of all campaigns
        active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
        created_at REAL NOT NULL,
        created_by TEXT NOT NULL,
        failing_since REAL, -- the first failure since the last success
        stopped_at REAL, -- when the box gave up on it
        deleted_at REAL
    ) STRICT""",
    """CREATE TABLE webhook_event (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        uid TEXT NOT NULL UNIQUE DEFAULT ('evt_' || lower(hex(randomblob(16)))),
        event TEXT NOT NULL CHECK (event <> ''),
        campaign_id INTEGER,
        at REAL, -- null until it is first looked at, where the row that told of it knows no time
        body TEXT NOT NULL CHECK (json_valid(body))
    ) STRICT""",
    """CREATE TABLE webhook_delivery (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        event_id INTEGER NOT NULL REFERENCES webhook_event (id),
        subscription_id INTEGER NOT NULL REFERENCES webhook_subscription (id),
        state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'failed')),
        tries INTEGER NOT NULL DEFAULT 0,
        first_at REAL, -- of the first try
        next_at REAL NOT NULL DEFAULT 0,
        last_at REAL,
        status INTEGER, -- HTTP, of the last try; null: no answer
        error TEXT NOT NULL DEFAULT '',
        took_ms INTEGER,
        UNIQUE (event_id, subscription_id)
    ) STRICT""",
    "CREATE INDEX webhook_event_timeless ON webhook_event (id) WHERE at IS NULL",
    "CREATE INDEX webhook_delivery_due ON webhook_delivery (subscription_id, next_at) WHERE state = 'waiting'",
    "CREATE INDEX webhook_delivery_by_subscription ON webhook_delivery (subscription_id, id)",
    """CREATE TRIGGER webhook_event_sent AFTER INSERT ON webhook_event BEGIN
        INSERT INTO webhook_delivery (event_id, subscription_id)
        SELECT NEW.id, s.id FROM webhook_subscription s
        WHERE s.active = 1 AND EXISTS (SELECT 1 FROM json_each(s.events) WHERE value = NEW.event)
            AND (s.campaign_id IS NULL OR NEW.campaign_id IS NULL OR s.campaign_id = NEW.campaign_id);
    END""",
    f"""CREATE TRIGGER attempt_told AFTER UPDATE OF disposition ON attempt
        WHEN OLD.disposition IS NULL AND NEW.disposition IS NOT NULL AND NEW.sent = 1 BEGIN
        INSERT INTO webhook_event (event, campaign_id, at, body)
        SELECT 'attempt.ended', NEW.campaign_id, NEW.disposed_at, {_ATTEMPT}
        WHERE {_WANTED.format(event="attempt.ended")};
    END""",
    f"""CREATE TRIGGER contact_told AFTER UPDATE OF state ON contact
        WHEN NEW.state = 'closed' AND OLD.state <> 'closed' BEGIN
        INSERT INTO webhook_event (event, campaign_id, body)
        SELECT 'contact.closed', {_CALLED_BY}, {_CONTACT} WHERE {_WANTED.format(event="contact.closed")};
    END""",
    f"""CREATE TRIGGER campaign_told AFTER UPDATE OF state ON campaign WHEN OLD.state <> NEW.state BEGIN
        INSERT INTO webhook_event (event, campaign_id, at, body)
        SELECT 'campaign.state', NEW.id, NEW.changed_at, {_CAMPAIGN} WHERE {_WANTED.format(event="campaign.state")};
    END""",
    "CREATE INDEX attempt_by_end ON attempt (disposed_at, id) WHERE disposed_at IS NOT NULL",
)
