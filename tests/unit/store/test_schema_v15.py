"""The fifteenth step: proof is still refused every change, and only clearing may forget, in its own transaction."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from firmware.store import attempts, campaigns, consents, migrations, opening
from tests.unit.store.helpers import NOW, before, number, one

REFUSED = (
    "UPDATE attempt SET number = 1",
    "DELETE FROM attempt",
    "UPDATE consent SET source = 'x'",
    "DELETE FROM consent",
)


@pytest.mark.parametrize("statement", REFUSED)
def test_proof_is_kept_unless_it_is_being_cleared(conn: sqlite3.Connection, statement: str) -> None:
    one(conn)
    consents.add(conn, consents.NewConsent(number(1), "sales", NOW, "form", "yes", None, ""), "anna", NOW)
    with pytest.raises(sqlite3.IntegrityError):
        conn.execute(statement)
    conn.execute("BEGIN")
    conn.execute("INSERT INTO clearing VALUES (1)")
    conn.execute(statement)
    conn.execute("ROLLBACK")
    with pytest.raises(sqlite3.IntegrityError):
        conn.execute(statement)


def test_links_of_the_chain_stay_even_then(conn: sqlite3.Connection) -> None:
    one(conn)
    conn.execute("INSERT INTO clearing VALUES (1)")
    for statement in (
        "DELETE FROM permit_link",
        "UPDATE permit_link SET hash = 'x'",
        "DELETE FROM permit_head",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            conn.execute(statement)


def test_what_was_refused_is_counted_where_it_happened(conn: sqlite3.Connection) -> None:
    campaign, _ = one(conn)
    for at, n in ((NOW, 2), (NOW + 1, 1), (NOW + 900, 4)):
        campaigns.note_refusals(conn, campaign, {"dnc": n}, at)
    rows = conn.execute("SELECT starts_at, rule, n FROM refusal_cell ORDER BY 1").fetchall()
    quarter = int(NOW // 900) * 900
    assert rows == [(quarter, "dnc", 3), (quarter + 900, "dnc", 4)]
    assert campaigns.get(conn, campaign).counters.refused == {"dnc": 7}


def test_a_full_box_of_the_step_before_is_brought_up(tmp_path: Path) -> None:
    path = tmp_path / "strowger.db"
    conn = before("v15", path)
    conn.close()
    opened = opening.open_writer(path)
    assert migrations.applied(opened)[:15] == list(migrations.NAMES)[:15]
    assert attempts.open_attempts(opened) == []
    assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    opened.close()
