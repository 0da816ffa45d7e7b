"""The eighteenth step: what an agent reads, asks and writes down: scripts, answers, snippets, changes of a contact.

Released: never edited, only followed by further migrations. Independent of the steps before it but for the trigger
that tells other programs of an ended attempt: it is made anew from its own text, so that the answers are told with the
result. A version of a script is never rewritten; which one a call keeps follows from the time it began, so what a desk
shows for a campaign is kept with its times too. Answers go with their attempt, changes with their contact.
"""

from __future__ import annotations

import sqlite3

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE script (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
        made_at REAL NOT NULL,
        removed_at REAL
    ) STRICT""",
    "CREATE UNIQUE INDEX script_by_name ON script (name COLLATE NOCASE) WHERE removed_at IS NULL",
    """CREATE TABLE script_version (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        script_id INTEGER NOT NULL REFERENCES script (id),
        number INTEGER NOT NULL CHECK (number > 0), -- 1, 2, 3 ... of its script
        steps TEXT NOT NULL CHECK (json_valid(steps)),
        made_at REAL NOT NULL,
        made_by TEXT NOT NULL,
        UNIQUE (script_id, number)
    ) STRICT""",
    """CREATE TRIGGER script_version_kept BEFORE UPDATE ON script_version BEGIN
        SELECT RAISE(ABORT, 'a version of a script is never rewritten');
    END""",
    """CREATE TABLE campaign_desk ( -- what a desk shows for a campaign; the newest counts, a call keeps its own
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        campaign_id INTEGER NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
        script_id INTEGER REFERENCES script (id),
        card TEXT NOT NULL CHECK (json_valid(card)), -- which fields of a contact, and which may be changed
        at REAL NOT NULL,
        made_by TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX campaign_desk_by_time ON campaign_desk (campaign_id, at)",
    """CREATE TABLE form_answer ( -- no foreign key: calls of either way, and an attempt under a pseudonym
        attempt_uid TEXT PRIMARY KEY CHECK (length(attempt_uid) = 26),
        version_id INTEGER NOT NULL REFERENCES script_version (id),
        step TEXT NOT NULL, -- where the agent was; empty: at the end
        path TEXT NOT NULL CHECK (json_valid(path)), -- the steps gone before, in order
        answers TEXT NOT NULL CHECK (json_valid(answers)), -- field, label as it was then, value
        seq INTEGER NOT NULL, -- of the page that sent it; an older one changes nothing
        user_id INTEGER REFERENCES user (id),
        saved_at REAL NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TRIGGER form_answer_gone AFTER DELETE ON attempt BEGIN
        DELETE FROM form_answer WHERE attempt_uid = OLD.uid;
    END""",
    """CREATE TRIGGER form_answer_incoming_gone AFTER DELETE ON inbound_call BEGIN
        DELETE FROM form_answer WHERE attempt_uid = OLD.uid;
    END""",
    """CREATE TABLE snippet ( -- a prepared answer, in one language or both
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        part TEXT NOT NULL CHECK (length(part) <= 80), -- the group it stands in; empty: none
        title_de TEXT NOT NULL,
        text_de TEXT NOT NULL,
        title_en TEXT NOT NULL,
        text_en TEXT NOT NULL,
        campaigns TEXT NOT NULL CHECK (json_valid(campaigns)), -- ids; none: every campaign
        changed_at REAL NOT NULL,
        changed_by TEXT NOT NULL,
        CHECK (text_de <> '' OR text_en <> '')
    ) STRICT""",
    """CREATE TABLE contact_edit ( -- who changed what about a contact at the desk
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        contact_id INTEGER NOT NULL,
        at REAL NOT NULL,
        user_id INTEGER NOT NULL REFERENCES user (id),
        attempt_uid TEXT NOT NULL, -- the call it was learnt in; empty: none
        field TEXT NOT NULL CHECK (field <> ''),
        old TEXT NOT NULL,
        new TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX contact_edit_by_contact ON contact_edit (contact_id)",
    """CREATE TRIGGER contact_edit_gone AFTER DELETE ON contact BEGIN
        DELETE FROM contact_edit WHERE contact_id = OLD.id;
    END""",
)

_NOTE = "'note', NEW.note,"
_ANSWERS = " 'answers', json(coalesce((SELECT answers FROM form_answer WHERE attempt_uid = NEW.uid), '[]')),"


def apply(conn: sqlite3.Connection) -> None:
    """Take the step, in the transaction under way."""
    for statement in STATEMENTS:
        conn.execute(statement)
    (told,) = conn.execute(
        "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = 'attempt_told'"
    ).fetchone()
    if _NOTE not in told:
        raise sqlite3.DatabaseError("the trigger that tells of attempts is not as the seventh step made it")
    conn.execute("DROP TRIGGER attempt_told")
    conn.execute(told.replace(_NOTE, _NOTE + _ANSWERS))
