"""The eighteenth step: versions stay as they were made, answers are told with the result, and go with their attempt."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from firmware.model import Disposition
from firmware.store import attempts, migrations, opening, retention, webhooks
from tests.unit.store.helpers import NOW, before, new_user, one

ANSWERS = [{"field": "f1", "label": "Interested?", "value": "yes"}]


def script(conn: sqlite3.Connection) -> int:
    """A script with one version; returns the version's id."""
    made = conn.execute("INSERT INTO script (name, made_at) VALUES ('Sales', ?)", (NOW,)).lastrowid
    row = conn.execute(
        "INSERT INTO script_version (script_id, number, steps, made_at, made_by) VALUES (?, 1, '[]', ?, 'Anna')",
        (made, NOW),
    )
    return row.lastrowid or 0


def answer(conn: sqlite3.Connection, uid: str) -> None:
    conn.execute(
        "INSERT INTO form_answer VALUES (?, ?, 's1', '[]', ?, 1, NULL, ?)",
        (uid, script(conn), json.dumps(ANSWERS), NOW),
    )


def test_a_version_is_never_rewritten(conn: sqlite3.Connection) -> None:
    script(conn)
    with pytest.raises(sqlite3.IntegrityError, match="never rewritten"):
        conn.execute("UPDATE script_version SET steps = '[1]'")


def test_a_name_is_free_again_once_its_script_is_gone(conn: sqlite3.Connection) -> None:
    script(conn)
    with pytest.raises(sqlite3.IntegrityError):
        conn.execute("INSERT INTO script (name, made_at) VALUES ('sales', ?)", (NOW,))
    conn.execute("UPDATE script SET removed_at = ?", (NOW,))
    conn.execute("INSERT INTO script (name, made_at) VALUES ('sales', ?)", (NOW,))


@pytest.mark.parametrize("answered", [True, False])
def test_other_programs_hear_the_answers_with_the_result(conn: sqlite3.Connection, answered: bool) -> None:
    webhooks.subscribe(conn, "http://127.0.0.1/x", "s", ["attempt.ended"], None, "Anna", NOW)
    _, claim = one(conn)
    if answered:
        answer(conn, claim.attempt_uid)
    attempts.dispose(conn, claim.attempt_uid, Disposition.CONTACTED, NOW, None, note="a note")
    (body,) = conn.execute("SELECT body FROM webhook_event WHERE event = 'attempt.ended'").fetchone()
    told = json.loads(body)
    assert (told["answers"], told["note"]) == (ANSWERS if answered else [], "a note")


def test_answers_go_with_their_attempt_and_changes_with_their_contact(conn: sqlite3.Connection) -> None:
    _, claim = one(conn)
    answer(conn, claim.attempt_uid)
    conn.execute(
        "INSERT INTO contact_edit (contact_id, at, user_id, attempt_uid, field, old, new)"
        " VALUES (?, ?, ?, ?, 'City', 'a', 'b')",
        (claim.contact_id, NOW, new_user(conn), claim.attempt_uid),
    )
    with retention.clearing(conn):
        conn.execute("DELETE FROM attempt")
        conn.execute("DELETE FROM contact")
    assert conn.execute("SELECT count(*) FROM form_answer").fetchone() == (0,)
    assert conn.execute("SELECT count(*) FROM contact_edit").fetchone() == (0,)


def test_a_box_of_the_step_before_is_brought_up(tmp_path: Path) -> None:
    path = tmp_path / "strowger.db"
    conn = before("v18", path)
    _, claim = one(conn)
    conn.close()
    opened = opening.open_writer(path)
    assert migrations.applied(opened) == list(migrations.NAMES)
    answer(opened, claim.attempt_uid)
    assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    opened.close()
