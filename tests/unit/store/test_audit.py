"""The log of changes: appended in the transaction of the change, never rewritten, and it shows where it was touched."""

from __future__ import annotations

import sqlite3

import pytest

from firmware.model import UserId
from firmware.store import audit, audit_objects, users
from firmware.store.audit import Actor, Choice, Entry
from firmware.store.audited import Change, current
from firmware.store.errors import StoreError
from firmware.store.schema_v2 import NOTHING
from firmware.store.store import Store
from tests.unit.store.helpers import NOW, new_campaign, new_list, new_user

ANNA = Actor("Anna Berg", "pages", "192.0.2.7", None)


def entry(command: str = "campaign.change", number: str = "1", **new: object) -> Entry:
    return Entry(NOW, ANNA, command, number, "Herbst", {}, new)


def filled(conn: sqlite3.Connection, count: int = 5) -> None:
    for number in range(count):
        audit.append(conn, entry(number=str(number), name=f"Aktion {number}"))


def forge(conn: sqlite3.Connection, statement: str) -> None:
    """What only somebody with the file in their hands can do."""
    for trigger in ("audit_kept", "audit_stays", "audit_appended"):
        conn.execute(f"DROP TRIGGER {trigger}")
    conn.execute(statement)


def test_an_empty_log_is_sound(conn: sqlite3.Connection) -> None:
    assert audit.verify(conn) == audit.Verdict(0, audit.Head(0, NOTHING))


@pytest.mark.req("ENR-121")
@pytest.mark.parametrize(
    ("statement", "fault", "seq"),
    [
        ("UPDATE audit SET who = 'Niemand' WHERE seq = 3", "changed", 3),
        ("UPDATE audit SET new = '{}' WHERE seq = 2", "changed", 2),
        ("UPDATE audit SET at = at + 1 WHERE seq = 1", "changed", 1),
        ("UPDATE audit SET command = 'campaign.delete' WHERE seq = 2", "relinked", 2),
        ("DELETE FROM audit WHERE seq = 2", "missing", 3),
        ("DELETE FROM audit WHERE seq = 5", "head", 4),
        ("UPDATE audit SET seq = 9 WHERE seq = 5", "missing", 9),
        (f"UPDATE audit SET previous = '{NOTHING}' WHERE seq = 4", "moved", 4),
    ],
)
def test_whatever_is_done_to_the_log_is_found(
    conn: sqlite3.Connection, statement: str, fault: str, seq: int
) -> None:
    filled(conn)
    assert audit.verify(conn).fault == ""
    forge(conn, statement)
    found = audit.verify(conn)
    assert (found.fault, found.seq) == (fault, seq)


def test_a_head_written_down_must_still_be_there(conn: sqlite3.Connection) -> None:
    filled(conn)
    noted = audit.head(conn).hash
    filled(conn, 2)
    assert audit.verify(conn, noted).fault == ""
    assert audit.verify(conn, "f" * 64).fault == "note"


@pytest.mark.parametrize("act", ["UPDATE audit SET who = 'x'", "DELETE FROM audit", "DELETE FROM audit_head"])
def test_the_database_itself_refuses_to_rewrite(conn: sqlite3.Connection, act: str) -> None:
    filled(conn, 1)
    with pytest.raises(sqlite3.IntegrityError):
        conn.execute(act)


def test_entries_are_found_by_person_thing_and_time(conn: sqlite3.Connection) -> None:
    user = new_user(conn)
    audit.append(conn, Entry(NOW, Actor("Anna", "pages", "", user), "list.delete", "4", "Alt", {}, {}))
    audit.append(conn, entry("campaign.start", "7"))
    audit.append(conn, Entry(NOW + 60, ANNA, "campaign.stop", "7", "Herbst", {}, {}))

    def found(**choice: object) -> list[int]:
        return [kept.seq for kept in audit.entries(conn, Choice(**choice))]  # type: ignore[arg-type]

    assert found() == [3, 2, 1]
    assert found(user_id=user) == [1]
    assert found(noun="campaign") == [3, 2]
    assert found(noun="camp") == []
    assert found(noun="campaign", object_id="7", until=NOW + 1) == [2]
    assert found(since=NOW + 1) == [3]
    assert found(before=3) == [2, 1]
    assert audit.actors(conn) == [(user, "Anna")]
    assert audit.nouns(conn) == ["campaign", "list"]


async def change(store: Store, work: object, noun: str = "user", number: str = "") -> Change:
    under_way = Change(entry(f"{noun}.update", number), noun, dict)
    token = current.set(under_way)
    try:
        await store.do(work)  # type: ignore[arg-type]
    finally:
        current.reset(token)
    return under_way


@pytest.mark.req("ENR-121")
async def test_what_a_change_writes_and_its_entry_are_one_transaction(store: Store) -> None:
    number = str(await store.do(new_user))
    await change(
        store, lambda conn: users.update(conn, UserId(int(number)), name="Anna Blau"), "user", number
    )
    (kept,) = await store.do(lambda conn: audit.entries(conn, Choice()))
    assert (kept.entry.label, kept.entry.old, kept.entry.new) == (
        "Anna Blau", {"name": "Anna"}, {"name": "Anna Blau"},
    )  # fmt: skip

    def fails(conn: sqlite3.Connection) -> None:
        users.update(conn, UserId(int(number)), name="Nie")
        raise StoreError("no")

    with pytest.raises(StoreError):
        await change(store, fails, "user", number)
    assert len(await store.do(lambda conn: audit.entries(conn, Choice()))) == 1


async def test_reading_leaves_no_entry_and_one_change_leaves_one(store: Store) -> None:
    under_way = await change(store, users.every)
    assert not under_way.kept
    token = current.set(under_way)
    for login in ("anna", "bert"):
        await store.do(lambda conn, login=login: new_user(conn, login))
    current.reset(token)
    await store.do(lambda conn: new_user(conn, "carl"))
    kept = await store.do(lambda conn: audit.entries(conn, Choice()))
    assert [(each.entry.object_id, each.entry.label) for each in kept] == [("1", "Anna")]


async def test_without_room_in_the_log_nothing_is_changed(store: Store) -> None:
    def full(conn: sqlite3.Connection) -> None:
        conn.execute("CREATE TEMP TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END")

    await store.do(full)
    with pytest.raises(StoreError):
        await change(store, new_user)
    assert await store.do(users.every) == []


def test_an_object_shows_nothing_secret(conn: sqlite3.Connection) -> None:
    user = new_user(conn)
    campaign = new_campaign(conn, new_list(conn, 1))
    for noun, number in (
        ("user", user),
        ("second_factor", user),
        ("campaign", campaign),
        ("list", 1),
        ("contact", 1),
    ):
        seen = audit_objects.look(conn, noun, str(number))
        assert seen is not None
        told = str(seen)
        assert "scrypt" not in told
        assert "+49" not in told
    assert audit_objects.look(conn, "campaign", "99") is None
    assert audit_objects.look(conn, "weather", "1") is None


@pytest.mark.parametrize("noun", sorted(audit_objects._KINDS))
def test_every_kind_can_be_looked_at(conn: sqlite3.Connection, noun: str) -> None:
    assert audit_objects.look(conn, noun, "99") is None
