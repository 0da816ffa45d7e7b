"""Requests for access: before the step, said anew, too many, decided once, forgotten with other logs."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from firmware.model import Role
from firmware.store import admissions, migrations, opening, retention
from firmware.store.admissions import Wish
from tests.unit.store.helpers import NOW, before, new_user


def wish(name: str = "Toni", address: str = "toni@office.example", **more: object) -> Wish:
    return Wish(name, address, "de", (Role.ANALYST,), "please", **more)  # type: ignore[arg-type]


def test_a_box_of_the_step_before_has_none_and_takes_them(tmp_path: Path) -> None:
    path = tmp_path / "strowger.db"
    before("v23", path).close()
    opened = opening.open_writer(path)
    assert migrations.applied(opened) == list(migrations.NAMES)
    assert (list(admissions.newest(opened)), admissions.is_open(opened)) == ([], True)
    admissions.set_open(opened, False)
    assert not admissions.is_open(opened)
    opened.close()


def test_who_asks_again_says_it_anew_and_others_keep_theirs(conn: sqlite3.Connection) -> None:
    anna = new_user(conn)
    admissions.ask(conn, wish(), NOW)
    admissions.ask(conn, wish("Eva", ""), NOW + 1)
    admissions.ask(conn, wish("Uli", ""), NOW + 2)
    admissions.ask(conn, wish("Anna", "", user_id=anna), NOW + 3)
    admissions.ask(conn, wish("Toni V.", "Toni@office.example"), NOW + 4)
    admissions.ask(conn, wish("Anna", "other@office.example", user_id=anna), NOW + 5)
    found = [(each.wish.name, each.at - NOW) for each in admissions.newest(conn)]
    assert found == [("Eva", 1), ("Uli", 2), ("Toni V.", 4), ("Anna", 5)]
    assert admissions.newest(conn)[3].wish == wish("Anna", "other@office.example", user_id=anna)


def test_nobody_fills_the_box_with_nonsense(conn: sqlite3.Connection) -> None:
    made = [admissions.ask(conn, wish(f"N{n}", ""), NOW) for n in range(admissions.MOST_OPEN + 5)]
    assert made[admissions.MOST_OPEN :] == [None] * 5
    assert admissions.waiting(conn) == admissions.MOST_OPEN


def test_it_is_decided_once_and_goes_with_the_logs(conn: sqlite3.Connection) -> None:
    first, second = (admissions.ask(conn, wish(name, ""), NOW) for name in ("Eva", "Uli"))
    assert first is not None
    assert second is not None
    granted = admissions.decide(conn, first, "granted", "Anna", NOW + 10)
    assert granted is not None
    assert granted.wish.name == "Eva"
    assert admissions.decide(conn, first, "refused", "Anna", NOW + 11) is None
    assert admissions.decide(conn, 99, "refused", "Anna", NOW + 11) is None
    states = [(each.wish.name, each.state, each.decided_by) for each in admissions.newest(conn)]
    assert states == [("Uli", "open", ""), ("Eva", "granted", "Anna")]
    assert retention.over(conn, "logs", NOW + 20) == 1
    while retention.step(conn, "logs", NOW + 20, NOW + 20):
        pass
    assert [each.wish.name for each in admissions.newest(conn)] == ["Uli"], "who waits stays"


def test_words_nobody_knows_are_refused(conn: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        conn.execute("UPDATE access_request SET state = 'granted'") if admissions.ask(
            conn, wish(), NOW
        ) else None
