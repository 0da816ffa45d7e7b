"""Pages of contacts: whatever is typed is only a value, and filters mean what they mean when a campaign dials."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from firmware.model import ContactListId
from firmware.rulebook import reading
from firmware.rulebook.conditions import ALWAYS, holds
from firmware.rulebook.order import Sort
from firmware.rulebook.values import Kind
from firmware.store import contact_pages, contacts, ordering
from firmware.store.contact_pages import Wanted
from tests.unit.store.helpers import BERLIN, NOW, number

CITIES = ("Berlin", "Köln", "", "Aachen", "zürich", "O'Hara; DROP TABLE contact")


@pytest.fixture
def list_id(conn: sqlite3.Connection) -> ContactListId:
    found = contacts.create_list(conn, "list", NOW)
    rows = [
        contacts.NewContact(number(i), f"Person {i}", BERLIN, i % 3, {"Ort": city, 'a.b"[0]': str(i)})
        for i, city in enumerate(CITIES)
    ]
    contacts.add(conn, found, rows)
    conn.execute("UPDATE contact SET last_attempt_at = ?, attempts = 2 WHERE id = 2", (NOW,))
    return found


def seen(conn: sqlite3.Connection, list_id: ContactListId, wanted: Wanted) -> list[int]:
    return [int(each.id) for each in contact_pages.look(conn, list_id, wanted).rows]


EVIL = ["' OR 1=1 --", '"', "]", "\\", "%", "_", "Ort') OR 1=1; --", "\0", "?1", "🦔"]


@pytest.mark.parametrize("evil", EVIL)
def test_what_is_typed_is_only_a_value(conn: sqlite3.Connection, list_id: ContactListId, evil: str) -> None:
    check = reading.Check(evil, reading.Is.EQUALS, evil)
    assert seen(conn, list_id, Wanted(evil, check, Sort(evil, Kind.NUMBER))) == []
    assert len(seen(conn, list_id, Wanted(sort=Sort(evil)))) == len(CITIES)
    assert seen(conn, list_id, Wanted(sort=Sort(":" + evil))) == [1, 2, 3, 4, 5, 6]


def test_a_field_with_marks_in_its_name_is_found(conn: sqlite3.Connection, list_id: ContactListId) -> None:
    check = reading.Check('a.b"[0]', reading.Is.EQUALS, "3")
    assert seen(conn, list_id, Wanted(condition=check)) == [4]
    assert contact_pages.columns(conn, list_id) == ["Ort", 'a.b"[0]']


def test_search_finds_numbers_names_and_fields(conn: sqlite3.Connection, list_id: ContactListId) -> None:
    assert seen(conn, list_id, Wanted("030 23125003")) == [4]
    assert seen(conn, list_id, Wanted("PERSON 1")) == [2]
    assert seen(conn, list_id, Wanted("drop table")) == [6]


def test_sorted_what_is_missing_last(conn: sqlite3.Connection, list_id: ContactListId) -> None:
    assert seen(conn, list_id, Wanted(sort=Sort("Ort"))) == [4, 1, 2, 6, 5, 3]
    assert seen(conn, list_id, Wanted(sort=Sort("Ort", descending=True))) == [5, 6, 2, 1, 4, 3]
    assert seen(conn, list_id, Wanted(sort=Sort(":last_attempt", Kind.DATE)))[0] == 2


def test_a_list_too_long_is_not_sorted_by_its_columns(
    conn: sqlite3.Connection, list_id: ContactListId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contact_pages, "MOST_SORTED", 3)
    found = contact_pages.look(conn, list_id, Wanted(sort=Sort("Ort")))
    assert not found.sorted
    assert [int(each.id) for each in found.rows] == [1, 2, 3, 4, 5, 6]
    assert contact_pages.look(conn, list_id, Wanted(sort=Sort(":name"))).sorted


def test_pages(conn: sqlite3.Connection, list_id: ContactListId, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contact_pages, "PER_PAGE", 4)
    first, second = (contact_pages.look(conn, list_id, Wanted(page=page)) for page in (1, 2))
    assert ([int(each.id) for each in first.rows], first.more) == ([1, 2, 3, 4], True)
    assert ([int(each.id) for each in second.rows], second.more) == ([5, 6], False)
    assert contact_pages.look(conn, list_id, Wanted(page=-5)).page == 1


PLAIN: list[dict[str, Any]] = [
    {"field": "Ort", "is": "contains", "value": "K"},
    {"field": "Ort", "is": "empty"},
    {
        "some": [
            {"field": ":priority", "is": "more", "value": "1", "as": "number"},
            {"field": "Ort", "is": "filled"},
        ]
    },
    {
        "every": [
            {"field": ":attempts", "is": "equals", "value": "2"},
            {"field": ":name", "is": "starts", "value": "p"},
        ]
    },
    {"field": ":last_attempt", "is": "more", "value": "2026-01-01", "as": "date"},
    {"field": ":number", "is": "one_of", "values": [number(1), number(5)]},
    {"every": []},
]


@pytest.mark.parametrize("plain", PLAIN)
def test_a_filter_means_here_what_it_means_for_a_campaign(
    conn: sqlite3.Connection, list_id: ContactListId, plain: dict[str, Any]
) -> None:
    condition = reading.order({"filter": plain}).filter or ALWAYS
    everybody = [ordering.subject(conn, contact) for contact in range(1, len(CITIES) + 1)]
    expected = [who.id for who in everybody if who is not None and holds(condition, who)]
    assert seen(conn, list_id, Wanted(condition=condition)) == expected
