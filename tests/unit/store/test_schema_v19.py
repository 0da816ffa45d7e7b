"""The nineteenth step: a box of before has no departments, and everything belongs to the whole of it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from firmware.store import migrations, opening
from tests.unit.store.helpers import before

FULL = (
    "INSERT INTO user (login, name, password_hash, phone_mode, language, active, created_at)"
    " VALUES ('anna', 'Anna', 'x', 'per_call', 'de', 1, 1)",
    "INSERT INTO user_role VALUES (1, 'administrator')",
    f"INSERT INTO invitation (user_id, token_hash, created_at, expires_at) VALUES (1, '{64 * '0'}', 1, 2)",
    "INSERT INTO mail (made_at, purpose, recipient, subject, body, next_at)"
    " VALUES (1, 'report', 'a@example.org', 's', 'b', 1)",
)


def test_a_full_box_of_the_step_before_is_brought_up(tmp_path: Path) -> None:
    path = tmp_path / "strowger.db"
    conn = before("v19", path)
    for statement in FULL:
        conn.execute(statement)
    conn.close()
    opened = opening.open_writer(path)
    assert migrations.applied(opened) == list(migrations.NAMES)
    assert opened.execute("SELECT address FROM invitation").fetchall() == [("",)]
    for table in ("department", "user_department", "belonging"):
        assert opened.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    opened.execute(FULL[-1].replace("'report'", "'invitation'"))
    assert opened.execute("SELECT purpose FROM mail ORDER BY id").fetchall() == [("report",), ("invitation",)]
    assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    opened.close()


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO department (name, made_at, made_by) VALUES ('', 1, 'anna')",
        "INSERT INTO department (name, made_at, made_by) VALUES ('sALES', 1, 'anna')",
        "INSERT INTO user_department VALUES (1, 77)",
        "INSERT INTO user_department VALUES (77, 1)",
        "INSERT INTO belonging VALUES ('campaign', 1, 77)",
        "INSERT INTO belonging VALUES ('', 1, 1)",
        "DELETE FROM department",
        "INSERT INTO mail (made_at, purpose, recipient, subject, body, next_at)"
        " VALUES (1, 'guessed', 'a@example.org', 's', 'b', 1)",
    ],
)
def test_what_belongs_nowhere_is_refused(conn: sqlite3.Connection, statement: str) -> None:
    conn.execute(FULL[0])
    conn.execute("INSERT INTO department (name, made_at, made_by) VALUES ('Sales', 1, 'anna')")
    conn.execute("INSERT INTO user_department VALUES (1, 1)")
    with pytest.raises(sqlite3.IntegrityError):
        conn.execute(statement)
