"""The twentieth step: parties, steps, listening in and recordings belong to a call of either way that exists."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from firmware.model import AttemptUid
from firmware.store import contacts, inbound, migrations, opening
from tests.unit.store.helpers import NOW, before, new_user, number, one

CAME_IN = AttemptUid("0000000000000000000000000Y")


def come_in(conn: sqlite3.Connection, uid: AttemptUid = CAME_IN) -> None:
    conn.execute(
        "INSERT INTO inbound_call (uid, rule, trunk, number_called, caller_text, offered_at)"
        " VALUES (?, '', 't', '', '', ?)",
        (uid, NOW),
    )


INSERTS = (
    "INSERT INTO call_party (uid, attempt, kind, name, blind, asked_at) VALUES (?1 || '-1', ?1, 'queue', 'A', 0, 1.0)",
    "INSERT INTO call_step (attempt, at, what) VALUES (?1, 1.0, 'ask')",
    "INSERT INTO monitoring (user_id, agent_id, attempt, kind, announced, began_at)"
    " VALUES (1, 1, ?1, 'listen', 1, 1.0)",
    "INSERT INTO call_tape (file, call, began_at) VALUES ('x.wav', ?1, 1.0)",
)


@pytest.mark.parametrize("statement", INSERTS)
def test_what_happens_in_a_call_names_one_that_exists(conn: sqlite3.Connection, statement: str) -> None:
    new_user(conn)
    with pytest.raises(sqlite3.IntegrityError, match="no such call"):
        conn.execute(statement, ("0000000000000000000000000X",))
    come_in(conn)
    conn.execute(statement, (CAME_IN,))


@pytest.mark.parametrize("statement", INSERTS)
def test_attempts_have_what_they_had(conn: sqlite3.Connection, statement: str) -> None:
    new_user(conn)
    _, claim = one(conn)
    conn.execute(statement, (claim.attempt_uid,))


def test_a_box_of_the_step_before_is_brought_up(tmp_path: Path) -> None:
    path = tmp_path / "strowger.db"
    conn = before("v20", path)
    _, claim = one(conn)
    conn.execute("INSERT INTO call_step (attempt, at, what) VALUES (?, 1.0, 'ask')", (claim.attempt_uid,))
    (contact, listed) = conn.execute("SELECT id, list_id FROM contact").fetchone()
    come_in(conn)
    conn.execute("UPDATE inbound_call SET contact_id = ?", (contact,))
    conn.close()
    opened = opening.open_writer(path)
    assert migrations.applied(opened) == list(migrations.NAMES)
    assert inbound.get(opened, CAME_IN).contact_list_id == listed
    opened.execute("INSERT INTO call_step (attempt, at, what) VALUES (?, 1.0, 'ask')", (CAME_IN,))
    assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert opened.execute("PRAGMA foreign_key_check").fetchall() == []
    assert contacts.exists(opened, listed)
    opened.close()


def test_a_caller_whom_nobody_knows_is_in_no_list(conn: sqlite3.Connection) -> None:
    come_in(conn)
    inbound.known(conn, CAME_IN, inbound.look_up(conn, number(3), ""))
    assert inbound.get(conn, CAME_IN).contact_list_id is None
