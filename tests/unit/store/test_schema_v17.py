"""The seventeenth step: boxes of before have no schedules, their campaigns and contacts are as they were."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from firmware.store import migrations, opening
from tests.unit.store.helpers import NOW, before, broken_invariants, new_list

CONTACT = (
    "INSERT INTO contact (list_id, number, name, zones, priority, fields, state, closed_reason, attempts)"
    " VALUES (1, 493023125001, 'Person', 'Europe/Berlin', 0, '{}', 'closed', 'no_answer', 3)"
)
FULL = (
    "INSERT INTO contact_list (name, created_at) VALUES ('List', 1)",
    CONTACT,
    "INSERT INTO contact_import (list_id, at, file_name, rows, new, duplicate, damaged)"
    " VALUES (1, 1, 'List.csv', 1, 1, 0, 0)",
    "INSERT INTO campaign (name, state, contact_list_id, settings, created_at, changed_at, ended_at)"
    " VALUES ('C', 'finished', 1, '{\"name\": \"C\"}', 1, 1, 2)",
)


def test_a_full_box_of_the_step_before_is_brought_up(tmp_path: Path) -> None:
    path = tmp_path / "strowger.db"
    conn = before("v17", path)
    for statement in FULL:
        conn.execute(statement)
    conn.close()
    opened = opening.open_writer(path)
    assert migrations.applied(opened) == list(migrations.NAMES)
    assert opened.execute("SELECT attempts, attempts_base, round_at FROM contact").fetchall() == [(3, 0, 0)]
    assert opened.execute("SELECT ended_why FROM campaign").fetchall() == [("",)]
    found = opened.execute("SELECT kind, schedule_id, cause, problems FROM contact_import").fetchall()
    assert found == [("import", None, "", "[]")]
    assert opened.execute("SELECT count(*) FROM list_schedule").fetchone() == (0,)
    assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    opened.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE campaign SET ended_why = 'guessed'",
        "UPDATE contact SET attempts_base = -1",
        "INSERT INTO contact_import (list_id, at, file_name, rows, new, duplicate, damaged, cause)"
        " VALUES (1, 1, 'x', 0, 0, 0, 0, 'guessed')",
        "INSERT INTO list_schedule (list_id, kind, days, at, made_by, made_at)"
        " VALUES (1, 'guessed', '[]', '06:00', 'anna', 1)",
        "INSERT INTO list_schedule (list_id, kind, days, at, made_by, made_at)"
        " VALUES (77, 'import', '[]', '06:00', 'anna', 1)",
    ],
)
def test_words_nobody_knows_and_lists_there_are_not_are_refused(
    conn: sqlite3.Connection, statement: str
) -> None:
    new_list(conn, 1)
    conn.execute(FULL[-1])
    with pytest.raises(sqlite3.IntegrityError):
        conn.execute(statement)


def test_what_is_remembered_of_a_contact_goes_with_it(conn: sqlite3.Connection) -> None:
    list_id = new_list(conn, 2)
    conn.execute(
        "INSERT INTO contact_recycled SELECT 1, id, 'no_answer', ?, 0, 0, 0 FROM contact WHERE list_id = ?",
        (NOW, list_id),
    )
    conn.execute("DELETE FROM contact WHERE id = (SELECT min(id) FROM contact)")
    assert conn.execute("SELECT count(*) FROM contact_recycled").fetchone() == (1,)
    assert broken_invariants(conn) == []
