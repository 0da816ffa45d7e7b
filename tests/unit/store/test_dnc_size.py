"""DNC lists at size and over time: registers, expiry, beginnings of numbers, and the history of it all."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest

from firmware.model import OperatorError
from firmware.store import dnc, dnc_history, opt_outs
from firmware.store.catch_up import catch_up
from firmware.store.number_file import DATA_AT, NumberFile, NumberFileError
from firmware.store.number_file_maker import Maker
from tests.unit.store.helpers import NOW, broken_invariants, new_campaign, new_list, number

DAY_S = 86_400.0


def made(path: Path, numbers: list[int]) -> NumberFile:
    with Maker(path) as maker:
        for each in numbers:
            maker.add(each)
        maker.finish()
    return NumberFile(path)


def register(conn: sqlite3.Connection, list_id: int, name: str, numbers: list[int], at: float = NOW) -> str:
    folder = dnc.registers(conn)
    folder.mkdir(exist_ok=True)
    made(folder / name, numbers).close()
    return dnc.set_register(conn, list_id, name, dnc.Deed(at, "TPS", "anna", "monthly"))


@pytest.mark.parametrize("damage", ["missing", "short", "magic", "index", "empty file"])
def test_a_damaged_file_of_numbers_is_refused(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "n"
    made(path, list(range(1, 3000))).close()
    content = bytearray(path.read_bytes())
    if damage == "missing":
        path.unlink()
    elif damage == "magic":
        content[0:4] = b"ABCD"
    elif damage == "index":
        content[-3] ^= 1
    if damage != "missing":
        path.write_bytes(b"" if damage == "empty file" else content[:-8] if damage == "short" else content)
    with pytest.raises(NumberFileError):
        NumberFile(path)


def test_damage_among_the_numbers_is_found_by_looking(tmp_path: Path) -> None:
    file = made(tmp_path / "n", list(range(10, 9000, 2)))
    assert file.damage() is None
    content = bytearray((tmp_path / "n").read_bytes())
    content[DATA_AT + 80] ^= 4
    (tmp_path / "bad").write_bytes(content)
    assert NumberFile(tmp_path / "bad").damage() == "the checksum does not match"


@pytest.mark.parametrize("count", [0, 1, 511, 512, 513, 1024, 20_000])
def test_a_file_holds_what_was_put_in_and_nothing_else(tmp_path: Path, count: int) -> None:
    chance = random.Random(count)
    numbers = [chance.randrange(1, 10**15) for _ in range(count)]
    file = made(tmp_path / "n", numbers + numbers[: count // 2])
    assert len(file) == len(set(numbers))
    assert list(file) == sorted(set(numbers))
    assert all(each in file for each in numbers)
    near = {each + step for each in numbers[:500] for step in (-1, 1)} - set(numbers)
    assert not any(each in file for each in (*near, 0, 2**60))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["n"]


def test_pieces_that_share_a_number_share_it_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("firmware.store.number_file_maker._PIECE_NUMBERS", 3)
    file = made(tmp_path / "n", [5, 5, 5, 5, 5, 5, 5, 7, 1, 2, 3, 4, 5, 8, 9])
    assert list(file) == [1, 2, 3, 4, 5, 7, 8, 9]
    assert 9 in file


@pytest.mark.req("GEN-067", "GEN-068")
def test_a_register_takes_the_place_of_the_one_before_in_one_step(conn: sqlite3.Connection) -> None:
    tps = dnc.create_list(conn, "TPS", NOW)
    dnc.add(conn, tps, [number(500)], "anna", NOW)
    assert register(conn, tps, "1", [493023125001, 493023125002]) == ""
    assert register(conn, tps, "2", [493023125002, 493023125003], NOW + 1) == "1"
    asked = dnc.asked_by(conn, [tps])
    held = [i for i in (1, 2, 3, 500) if dnc.hits(conn, asked, 493023125000 + i)]
    assert held == [2, 3, 500]
    (found,) = (each for each in asked if each.id == tps)
    assert (found.version, found.entries, found.register_numbers) == (4, 1, 2)
    changes = [dnc_history.Change(*row) for row in conn.execute(dnc_history.CHANGES, (tps,))]
    assert [(c.act, c.who, c.why, c.numbers) for c in changes[-2:]] == [
        ("register_loaded", "anna", "monthly", 2)
    ] * 2
    assert broken_invariants(conn) == []


def test_without_its_register_a_list_is_not_asked_at_all(conn: sqlite3.Connection) -> None:
    tps = dnc.create_list(conn, "TPS", NOW)
    register(conn, tps, "1", [493023125001])
    (dnc.registers(conn) / "1").unlink()
    from firmware.store.number_file import opened

    opened.cache_clear()
    with pytest.raises(OperatorError, match="register of the DNC list “TPS” cannot be read"):
        dnc.asked_by(conn, [tps])
    with pytest.raises(OperatorError, match="cannot be read"):
        dnc.set_register(conn, tps, "nowhere", dnc.Deed(NOW, "x"))


def test_a_number_of_the_register_cannot_be_taken_off_by_itself(conn: sqlite3.Connection) -> None:
    tps = dnc.create_list(conn, "TPS", NOW)
    register(conn, tps, "1", [493023125001])
    dnc.add(conn, tps, [number(1)], "x", NOW)
    with pytest.raises(OperatorError, match="stands in the list's register"):
        dnc.remove(conn, tps, [number(1)], "x", NOW)


@pytest.mark.req("GEN-070", "GEN-071")
def test_an_entry_counts_until_it_expires(conn: sqlite3.Connection) -> None:
    dnc.add(conn, 1, [number(1)], "x", NOW, expires_at=NOW + DAY_S)
    asked = dnc.asked_by(conn, [])
    assert dnc.hits(conn, asked, 493023125001, NOW + DAY_S - 1) == ("Opt-outs",)
    assert dnc.hits(conn, asked, 493023125001, NOW + DAY_S) == ()
    assert dnc.hits(conn, asked, 493023125001) == ("Opt-outs",)


def test_the_longer_block_wins_and_what_it_was_is_kept(conn: sqlite3.Connection) -> None:
    until = [NOW + 5 * DAY_S, NOW + 2 * DAY_S, NOW + 9 * DAY_S, None, NOW + 99 * DAY_S]
    changed = [dnc.add(conn, 1, [number(1)], "x", NOW + i, expires_at=u) for i, u in enumerate(until)]
    assert changed == [1, 0, 1, 1, 0]
    assert dnc.holds(conn, dnc.one(conn, 1), 493023125001, NOW + 1e9)
    assert dnc.one(conn, 1).entries == 1
    life = dnc_history.of_number(conn, number(1))
    assert [(e.expires_at, e.standing) for e in life] == [(until[0], False), (until[2], False), (None, True)]
    assert broken_invariants(conn) == []


def test_numbers_are_blocked_by_how_they_begin(conn: sqlite3.Connection) -> None:
    assert dnc.add(conn, 1, ["+4930231259*", "+44*"], "anna", NOW, why="own numbers") == 2
    dnc.add(conn, 1, ["+1201*"], "anna", NOW, expires_at=NOW + 10)
    asked = dnc.asked_by(conn, [])
    held = {n: bool(dnc.hits(conn, asked, n, NOW + 10)) for n in (493023125900, 493023125800, 441632960123)}
    assert held == {493023125900: True, 493023125800: False, 441632960123: True}
    assert not dnc.hits(conn, asked, 12015550100, NOW + 10)
    assert dnc.hits(conn, asked, 12015550100, NOW)
    assert dnc.remove(conn, 1, ["+44*"], "bert", NOW + 5, who="bert") == 1
    life = dnc_history.of_number(conn, "+441632960123")
    assert [(e.act, e.prefix, e.who) for e in life] == [("added", "+44*", ""), ("removed", "+44*", "bert")]
    assert dnc.one(conn, 1).entries == 2


@pytest.mark.req("GEN-107")
def test_the_history_is_never_rewritten(conn: sqlite3.Connection) -> None:
    own = dnc.create_list(conn, "Own", NOW)
    dnc.add(conn, own, [number(1), number(2)], "office", NOW, who="anna", why="asked by letter")
    dnc.remove(conn, own, [number(1)], "office", NOW + 1, who="bert", why="typing error")
    for table in ("dnc_change", "dnc_past"):
        for sql in (f"DELETE FROM {table}", f"UPDATE {table} SET rowid = 1"):
            if table == "dnc_past":
                sql = sql.replace("rowid = 1", "added_by = 1")
            with pytest.raises(sqlite3.IntegrityError, match="never rewritten"):
                conn.execute(sql.replace("rowid", "numbers"))
    dnc.delete_list(conn, own, NOW + 2, who="carla")
    while dnc.purge(conn, 1):
        pass
    life = dnc_history.of_number(conn, number(1))
    assert [(e.act, e.who, e.why) for e in life] == [
        ("added", "anna", "asked by letter"),
        ("removed", "bert", "typing error"),
    ]
    assert [(e.list_name, e.act) for e in dnc_history.of_number(conn, number(2))] == [
        ("Own", "added"),
        ("Own", "list_deleted"),
    ]
    assert dnc.look_up(conn, number(2)) == []


def test_a_deleted_list_of_many_goes_at_once_and_its_rows_little_by_little(conn: sqlite3.Connection) -> None:
    big = dnc.create_list(conn, "Big", NOW)
    dnc.load(conn, big, [number(i) for i in range(900)], "file", NOW)
    new_campaign(conn, new_list(conn, 1), dnc_list_ids=[big])
    with pytest.raises(OperatorError, match="asks this list"):
        dnc.delete_list(conn, big, NOW)
    conn.execute("UPDATE campaign SET settings = '{}'")
    dnc.delete_list(conn, big, NOW)
    assert dnc.look_up(conn, number(1)) == []
    turns = 0
    while dnc.purge(conn, 400):
        turns += 1
    assert turns == 3
    assert conn.execute("SELECT count(*) FROM dnc_entry").fetchone() == (0,)


def test_expiry_and_beginnings_survive_the_loss_of_the_database(conn: sqlite3.Connection) -> None:
    entries = [
        opt_outs.OptOut(NOW, "added", 1, "Opt-outs", number(1), "x", NOW + DAY_S),
        opt_outs.OptOut(NOW, "added", 1, "Opt-outs", "+44*", "x"),
    ]
    lines = b"".join(map(opt_outs.encode, entries))
    assert opt_outs.parse(lines) == (entries, 0)
    assert b"expires_at" not in opt_outs.encode(entries[1])
    assert catch_up(conn, lines) == (2, 0)
    asked = dnc.asked_by(conn, [])
    assert [bool(dnc.hits(conn, asked, 493023125001, NOW + s)) for s in (0, DAY_S)] == [True, False]
    assert dnc.hits(conn, asked, 441632960123, NOW) == ("Opt-outs",)
