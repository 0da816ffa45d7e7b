"""Departments: what somebody of one sees of the store is as if the others did not exist."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from firmware.model import CampaignSettings, DepartmentId, OperatorError, Owned, Role, Scope, UserId
from firmware.store import acting, campaigns, departments, dnc, parties, scoping, users, views, walls
from firmware.store.acting import Acting
from firmware.store.activity import Period
from firmware.store.reports import Reports
from firmware.store.scope_reports import KEYS
from firmware.store.store import Store
from tests.unit.store.helpers import NOW, claim, new_campaign, new_list, new_user

THEIRS = "Zweitkram"
"""In every name of the other department."""


def department(conn: sqlite3.Connection, name: str) -> DepartmentId:
    return departments.create(conn, name, "Anna", NOW)


def furnish(conn: sqlite3.Connection, name: str, first: int, *people: UserId) -> DepartmentId:
    """A department that has one of everything, with its name in each."""
    made = department(conn, name)
    for person in people:
        departments.put_user(conn, person, frozenset({made}))
    token = departments.making_for.set(made)
    try:
        contact_list = new_list(conn, 3, first)
        conn.execute("UPDATE contact_list SET name = ? WHERE id = ?", (name, contact_list))
        campaign = new_campaign(conn, contact_list)
        conn.execute(
            "UPDATE campaign SET name = ?, settings = json_set(settings, '$.name', ?) WHERE id = ?",
            (name, name, campaign),
        )
        claim(conn, campaign)
        blocked = dnc.create_list(conn, name, NOW)
        dnc.add(conn, blocked, [f"+4416329600{first:02d}"], name, NOW, who=name)
        walls.add(conn, f"{first:064d}", name, "de", [], name, NOW)
        views.save(conn, name, people[0], True, {}, NOW)
        parties.add_destination(conn, name, f"+44163296011{first}", None, NOW)
    finally:
        departments.making_for.reset(token)
    return made


@pytest.fixture
def furnished(tmp_path: Path, conn: sqlite3.Connection) -> tuple[Path, Scope, Scope]:
    own = furnish(conn, "Vertrieb", 1, new_user(conn, "jonas"))
    other = furnish(conn, THEIRS, 5, new_user(conn, THEIRS.lower()))
    return tmp_path / "strowger.db", frozenset({own}), frozenset({other})


def everything(path: Path, scope: Scope) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table as this scope reads them."""
    with closing(scoping.open_for(path, scope)) as conn:
        names = conn.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table'").fetchall()
        return {name: conn.execute(f'SELECT * FROM "{name}"').fetchall() for (name,) in names}


def test_every_table_says_who_sees_what(conn: sqlite3.Connection) -> None:
    tables = {name for (name,) in conn.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    unknown = tables - set(scoping.SEEN) - scoping.WHOLE_BOX
    assert not unknown, f"say in firmware/store/scoping.py which rows of {unknown} a department sees"
    assert not set(scoping.SEEN) & scoping.WHOLE_BOX
    assert set(scoping.SEEN) | scoping.WHOLE_BOX <= tables | {"sqlite_sequence"}


def test_a_table_nobody_thought_of_shows_nothing(
    conn: sqlite3.Connection, furnished: tuple[Path, Scope, Scope]
) -> None:
    conn.execute("CREATE TABLE novelty (a)")
    conn.execute("INSERT INTO novelty VALUES (1)")
    assert everything(*furnished[:2])["novelty"] == []


@pytest.mark.req("ENR-111")
def test_departments_see_nothing_of_each_other(furnished: tuple[Path, Scope, Scope]) -> None:
    path, own, other = furnished
    mine, theirs = everything(path, own), everything(path, other)
    for rows in (mine, theirs):
        del rows["settings_kept"]  # found only by the hash that a permit names
    assert [name for name, rows in mine.items() if THEIRS.lower() in repr(rows).lower()] == []
    assert [name for name, rows in theirs.items() if "vertrieb" in repr(rows).lower()] == []
    shown = (
        "campaign",
        "contact_list",
        "contact",
        "attempt",
        "permit_link",
        "dnc_entry",
        "wall",
        "destination",
    )
    for table in (*shown, "report_view", "user", "department", "campaign_count", "list_count"):
        assert mine[table], table
        assert theirs[table], table
        assert not set(mine[table]) & set(theirs[table]) or table == "user"
    assert len(mine["user"]) == 1


def test_the_read_model_is_narrowed_whole(furnished: tuple[Path, Scope, Scope]) -> None:
    """Also where a question names the index it wants to be read by."""
    path, own, other = furnished
    whole = Reports(path)
    for scope, name in ((own, "Vertrieb"), (other, THEIRS)):
        seen = whole.seen_by(scope)
        assert [each.settings.name for each in seen.campaigns()] == [name]
        assert [each.name for each in seen.contact_lists()] == [name]
        assert [each.name for each in seen.destinations()] == [name]
        assert [each.name for each in seen.walls()] == [name]
        assert seen.attempts().total == 1
        assert [each.name for each in seen.dnc_lists() if each.id != 1] == [name]
        period = Period(NOW - 86400, NOW + 86400)
        for ask in (seen.activity, seen.waits, seen.arrivals, seen.refusals, seen.promises, seen.confusion):
            assert isinstance(ask(period), list)
        assert seen.attempts_ended(0.0, (0.0, 0), 10) == []
        seen.close()
    assert len(whole.campaigns()) == 2
    whole.close()


def test_a_thing_of_the_others_is_not_there(
    furnished: tuple[Path, Scope, Scope], conn: sqlite3.Connection
) -> None:
    path, own, other = furnished
    mine, theirs = Reports(path, own), Reports(path, other)
    for thing, places in KEYS.items():
        for table, column in places:
            for (key,) in conn.execute(f"SELECT {column} FROM {table}"):
                assert not (mine.holds(thing, key) and theirs.holds(thing, key)), thing
                if thing not in ("user", "dnc_list"):
                    assert mine.sees(thing, key) != theirs.sees(thing, key), thing
    assert mine.sees("dnc_list", 1)
    assert not mine.holds("dnc_list", 1)


def test_what_the_whole_box_shares_is_seen_and_not_held(conn: sqlite3.Connection, tmp_path: Path) -> None:
    scope = frozenset({department(conn, "Vertrieb")})
    shared = dnc.create_list(conn, "Gemeinsam", NOW)
    campaign = new_campaign(conn, new_list(conn, 1))
    with closing(Reports(tmp_path / "strowger.db", scope)) as seen:
        assert seen.sees("dnc_list", shared)
        assert not seen.holds("dnc_list", shared)
        assert not seen.sees("campaign", campaign)


def test_a_reader_changes_nothing(furnished: tuple[Path, Scope, Scope]) -> None:
    with closing(scoping.open_for(*furnished[:2])) as conn, pytest.raises(sqlite3.OperationalError):
        conn.execute("INSERT INTO main.setting VALUES ('x', '1')")


def test_reading_goes_by_the_same_index(furnished: tuple[Path, Scope, Scope]) -> None:
    with closing(scoping.open_for(*furnished[:2])) as conn:
        for sql in (
            "SELECT * FROM attempt WHERE sent = 1 AND started_at >= 1 AND started_at < 2",
            "SELECT * FROM contact WHERE list_id = 1 AND number BETWEEN 1 AND 2",
            "SELECT * FROM attempt WHERE uid = 'x'",
            "SELECT * FROM dnc_entry WHERE entry BETWEEN 1 AND 2",
            "SELECT * FROM contact_number WHERE contact_id = 1",
        ):
            plan = [row[3] for row in conn.execute(f"EXPLAIN QUERY PLAN {sql}")]
            assert plan[0].startswith("SEARCH"), (sql, plan)


def test_what_somebody_of_a_department_makes_is_theirs(tmp_path: Path) -> None:
    async def scene() -> None:
        store = Store(tmp_path / "s.db", tmp_path / "journal", lambda error: None, ballast_bytes=0)
        await store.open()
        made = await store.do(lambda conn: departments.create(conn, "Vertrieb", "Anna", NOW))
        scope = frozenset({made})
        token = acting.current.set(Acting(scope, reads=False))
        own = await store.do(lambda conn: campaigns.create(conn, CampaignSettings("a"), NOW))
        acting.current.reset(token)
        box = await store.do(lambda conn: campaigns.create(conn, CampaignSettings("b"), NOW))
        things = await store.do(departments.things)
        assert things == {(Owned.CAMPAIGN, own): made}
        token = acting.current.set(Acting(scope, reads=True))
        assert [each.id for each in await store.do(campaigns.every)] == [own]
        acting.current.reset(token)
        assert {each.id for each in await store.do(campaigns.every)} == {own, box}
        await store.do(lambda conn: campaigns.delete(conn, own))
        assert await store.do(departments.things) == {}
        await store.close()

    asyncio.run(scene())


def test_administrators_belong_to_the_whole_box(conn: sqlite3.Connection) -> None:
    made = frozenset({department(conn, "Vertrieb")})
    person = new_user(conn)
    departments.put_user(conn, person, made)
    assert departments.of_user(conn, person) == made
    for role in (Role.ADMINISTRATOR, Role.TECHNICIAN):
        users.set_roles(conn, person, frozenset({role, Role.AGENT}))
        assert departments.of_user(conn, person) is None


@pytest.mark.parametrize("name", ["Vertrieb", "vertrieb"])
def test_no_two_departments_have_one_name(conn: sqlite3.Connection, name: str) -> None:
    made, other = department(conn, "Vertrieb"), department(conn, "Andere")
    with pytest.raises(OperatorError, match="already"):
        department(conn, name)
    with pytest.raises(OperatorError, match="already"):
        departments.rename(conn, other, name)
    departments.rename(conn, made, name)


def test_only_an_empty_department_is_closed(conn: sqlite3.Connection) -> None:
    made, person = department(conn, "Vertrieb"), new_user(conn)
    departments.put_user(conn, person, frozenset({made}))
    with pytest.raises(OperatorError, match="1 people"):
        departments.remove(conn, made)
    users.remove(conn, person)
    campaign = campaigns.create(conn, CampaignSettings("a"), NOW)
    departments.put_thing(conn, Owned.CAMPAIGN, campaign, made)
    with pytest.raises(OperatorError, match="1 things"):
        departments.remove(conn, made)
    departments.put_thing(conn, Owned.CAMPAIGN, campaign, None)
    departments.remove(conn, made)
    assert departments.every(conn) == []


def test_what_does_not_exist_is_refused(conn: sqlite3.Connection) -> None:
    nowhere, person = DepartmentId(77), new_user(conn)
    for act in (
        lambda: departments.rename(conn, nowhere, "x"),
        lambda: departments.remove(conn, nowhere),
        lambda: departments.put_user(conn, person, frozenset({nowhere})),
        lambda: departments.put_thing(conn, Owned.QUEUE, "sales", nowhere),
        lambda: departments.put_thing(conn, Owned.CAMPAIGN, 77, None),
    ):
        with pytest.raises(OperatorError):
            act()
