"""DNC lists, their versions, and the journal that outlives the database."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from firmware.model import OperatorError
from firmware.store import dnc, opt_outs
from firmware.store.catch_up import catch_up
from firmware.store.errors import StoreError
from firmware.store.store import Store
from tests.unit.store.helpers import NOW, broken_invariants, new_campaign, new_list, number


def opt_out(act: str, i: int, list_id: int = 1) -> opt_outs.OptOut:
    return opt_outs.OptOut(NOW, act, list_id, "Opt-outs", number(i), "test")  # type: ignore[arg-type]


def test_a_list_that_does_not_exist(conn: sqlite3.Connection) -> None:
    for use in (dnc.add, dnc.remove, dnc.load):
        with pytest.raises(OperatorError, match="no DNC list 9"):
            use(conn, 9, [number(1)], "x", NOW)


def test_the_opt_outs_and_lists_in_use_stay(conn: sqlite3.Connection) -> None:
    with pytest.raises(OperatorError, match="cannot be deleted"):
        dnc.delete_list(conn, dnc.OPT_OUTS, NOW)
    used = dnc.create_list(conn, "Used", NOW)
    new_campaign(conn, new_list(conn, 1), dnc_list_ids=[used])
    with pytest.raises(OperatorError, match="asks this list"):
        dnc.delete_list(conn, used, NOW)
    with pytest.raises(OperatorError, match="already"):
        dnc.create_list(conn, "used", NOW)


@pytest.mark.req("GEN-069", "GEN-107")
def test_every_change_is_one_version_with_who_and_when(conn: sqlite3.Connection) -> None:
    mine = dnc.create_list(conn, "Mine", NOW)
    assert dnc.add(conn, mine, [number(1), number(2), number(1)], "anna", NOW) == 2
    assert dnc.add(conn, mine, [number(2)], "anna again", NOW + 1) == 0
    assert dnc.remove(conn, mine, [number(1), number(9)], "bert", NOW + 2) == 1
    assert dnc.remove(conn, mine, [number(9)], "bert", NOW + 3) == 0
    found = next(each for each in dnc.lists(conn) if each.id == mine)
    assert (found.version, found.entries) == (3, 1)
    log = conn.execute("SELECT version, act, source, numbers FROM dnc_change ORDER BY id").fetchall()
    assert log == [(2, "added", "anna", 2), (3, "removed", "bert", 1)]
    assert [each.name for each in dnc.look_up(conn, number(2))] == ["Mine"]
    assert broken_invariants(conn) == []


def test_lists_do_not_touch(conn: sqlite3.Connection) -> None:
    first, second = dnc.create_list(conn, "A", NOW), dnc.create_list(conn, "B", NOW)
    dnc.load(conn, first, ["+999999999999999", "+1"], "x", NOW)
    dnc.load(conn, second, ["+1"], "x", NOW)
    dnc.delete_list(conn, first, NOW)
    assert [each.name for each in dnc.look_up(conn, "+1")] == ["B"]
    assert broken_invariants(conn) == []


def test_a_torn_line_is_not_a_line() -> None:
    line = opt_outs.encode(opt_out("added", 1))
    assert opt_outs.decode(line[:-1]) == opt_out("added", 1)
    for torn in (b"", b"garbage", line[:-5], line[3:-1], b"00000000 {}", line[:-1].replace(b"test", b"tost")):
        assert opt_outs.decode(torn) is None
    assert opt_outs.decode(b"\0\0" + line[:-1]) == opt_out("added", 1)


def test_what_stands_is_what_no_later_line_took_back() -> None:
    lines = [opt_out("added", 1), opt_out("added", 2), opt_out("removed", 1), opt_out("added", 3, 5)]
    assert opt_outs.net(lines) == [opt_out("added", 2), opt_out("added", 3, 5)]
    assert opt_outs.net([*lines, opt_out("added", 1)])[-1] == opt_out("added", 1)
    assert opt_outs.net([*lines, opt_out("list_deleted", 0, 5)]) == [opt_out("added", 2)]


def test_a_torn_tail_does_not_swallow_the_next_line(tmp_path: Path) -> None:
    path = tmp_path / "j"
    path.write_bytes(opt_outs.encode(opt_out("added", 1)) + b"deadbeef {half a")
    journal = opt_outs.Journal(path)
    journal.open()
    journal.append([opt_out("added", 2)])
    assert opt_outs.parse(journal.content()) == ([opt_out("added", 1), opt_out("added", 2)], 1)
    journal.close()


def test_a_second_holder_is_refused(tmp_path: Path) -> None:
    first, second = opt_outs.Journal(tmp_path / "j"), opt_outs.Journal(tmp_path / "j")
    first.open()
    with pytest.raises(StoreError, match="another process"):
        second.open()
    first.close()
    second.open()
    second.close()


@pytest.mark.req("GEN-107")
async def test_opt_outs_survive_the_loss_of_the_database(tmp_path: Path) -> None:
    database, journal = tmp_path / "strowger.db", tmp_path / "opt-outs.journal"
    store = Store(database, journal, lambda _: None, ballast_bytes=0)
    await store.open()
    own = await store.do(lambda c: dnc.create_list(c, "Own", NOW))
    await store.do(lambda c: dnc.add(c, dnc.OPT_OUTS, [number(1), number(2)], "key 9", NOW))
    await store.do(lambda c: dnc.add(c, own, [number(3)], "anna", NOW))
    await store.do(lambda c: dnc.remove(c, dnc.OPT_OUTS, [number(2)], "bert", NOW))
    await store.close()
    database.unlink()
    await store.open()
    found = {each.name: each.entries for each in await store.do(dnc.lists)}
    assert found == {"Opt-outs": 1, "Own": 1}
    held = await store.do(lambda c: [bool(dnc.look_up(c, number(i))) for i in (1, 2, 3)])
    assert held == [True, False, True]
    version = (await store.do(dnc.lists))[0].version
    await store.close()
    await store.open()
    assert (await store.do(dnc.lists))[0].version == version
    await store.close()


async def test_a_task_that_fails_leaves_no_line(store: Store, tmp_path: Path) -> None:
    def fails(conn: sqlite3.Connection) -> None:
        dnc.add(conn, dnc.OPT_OUTS, [number(1)], "x", NOW)
        raise RuntimeError("after all not")

    with pytest.raises(RuntimeError):
        await store.do(fails)
    assert (tmp_path / "opt-outs.journal").read_bytes() == b""
    assert (await store.do(dnc.lists))[0].entries == 0


async def test_added_and_removed_in_one_task_leaves_the_last_word(store: Store, tmp_path: Path) -> None:
    def both(conn: sqlite3.Connection) -> None:
        dnc.remove(conn, dnc.OPT_OUTS, [number(1)], "x", NOW)
        dnc.add(conn, dnc.OPT_OUTS, [number(1), number(2)], "x", NOW)
        dnc.remove(conn, dnc.OPT_OUTS, [number(2)], "x", NOW)

    await store.do(both)
    entries, _ = opt_outs.parse((tmp_path / "opt-outs.journal").read_bytes())
    assert [o.number for o in opt_outs.net(entries)] == [number(1)]


def lines(*acts: tuple[str, int]) -> bytes:
    return b"".join(opt_outs.encode(opt_out(act, i)) for act, i in acts)


def held(conn: sqlite3.Connection) -> list[int]:
    return [i for i in range(5) if dnc.look_up(conn, number(i))]


def test_only_what_is_new_in_the_journal_is_read(conn: sqlite3.Connection) -> None:
    first = lines(("added", 1), ("added", 2))
    assert catch_up(conn, first) == (2, 0)
    assert catch_up(conn, first) == (0, 0)
    dnc.remove(conn, dnc.OPT_OUTS, [number(1)], "x", NOW)
    assert catch_up(conn, first + lines(("removed", 1), ("added", 3)) + b"torn\n") == (1, 1)
    assert held(conn) == [2, 3]


def test_an_exchanged_or_shorter_journal_is_read_from_its_beginning(conn: sqlite3.Connection) -> None:
    catch_up(conn, lines(("added", 1), ("added", 2)))
    assert catch_up(conn, lines(("added", 3), ("added", 2), ("added", 4))) == (2, 0)
    assert catch_up(conn, lines(("added", 0))) == (1, 0)
    assert catch_up(conn, b"") == (0, 0)
    assert held(conn) == [0, 1, 2, 3, 4]


def test_a_list_lost_with_the_database_does_not_take_anothers_name(conn: sqlite3.Connection) -> None:
    dnc.create_list(conn, "Mine", NOW)
    lost = opt_outs.encode(opt_outs.OptOut(NOW, "added", 7, "mine", number(1), "x"))
    assert catch_up(conn, lost) == (1, 0)
    assert [(each.id, each.name) for each in dnc.lists(conn)] == [
        (1, "Opt-outs"),
        (2, "Mine"),
        (7, "mine (7)"),
    ]
