"""What agents changed at their desks, and imports that say otherwise: before the step, kept, replaced, taken back."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from firmware.model import ContactId, ContactListId, UserId
from firmware.scripts.card import NAME
from firmware.store import contacts, desk_edits, list_imports, list_reports, migrations, opening
from firmware.store.contacts import NewContact
from firmware.store.desk_values import contacts_of
from tests.unit.store.helpers import BERLIN, NOW, before, new_list, new_user, number

ADA = NewContact(number(1), "Ada", BERLIN, fields={"Ort": "Ulm", "Seit": "2020"})
FILE = NewContact(number(1), "Ada B.", fields={"Ort": "Köln", "Seit": "2021"})


def bring(
    conn: sqlite3.Connection, list_id: ContactListId, row: NewContact, at: float, *, over_desk: bool = False
) -> tuple[int, contacts.Added]:
    """An import of one row that brings what is known up to date."""
    made = list_imports.begin(conn, list_id, "file.csv", "maria", at)
    added = contacts.add(conn, list_id, [row], made, update=True, over_desk=over_desk)
    list_imports.note_desk(conn, made, contacts_of(added.clashes), replaced=over_desk)
    brought = list_imports.Brought(1, added.new, added.updated, added.duplicate, 0, None)
    list_imports.finish(conn, made, brought)
    return made, added


def undo(conn: sqlite3.Connection, made: int) -> None:
    list_imports.begin_undo(conn, made, NOW + 1000)
    while list_imports.undo_some(conn, made):
        pass


def known(conn: sqlite3.Connection, contact: ContactId) -> tuple[str, str, str]:
    found = contacts.get(conn, contact)
    assert found is not None
    return found.name, found.fields["Ort"], found.fields["Seit"]


@pytest.fixture
def contact(conn: sqlite3.Connection) -> ContactId:
    """Ada, whose name and place an agent has corrected."""
    list_id = new_list(conn, 0)
    contacts.add(conn, list_id, [ADA])
    found = ContactId(conn.execute("SELECT id FROM contact").fetchone()[0])
    desk_edits.apply(conn, found, {"Ort": ("Ulm", "Bonn")}, new_user(conn), None, NOW)
    return found


def list_of(conn: sqlite3.Connection, contact: ContactId) -> ContactListId:
    found = contacts.get(conn, contact)
    assert found is not None
    return found.list_id


def test_imports_of_a_box_of_the_step_before_have_none(tmp_path: Path) -> None:
    path = tmp_path / "strowger.db"
    conn = before("v22", path)
    list_id = new_list(conn, 1)
    conn.execute(
        "INSERT INTO contact_import (list_id, at, file_name, rows, new, duplicate, damaged)"
        " VALUES (?, ?, 'old.csv', 1, 1, 0, 0)",
        (list_id, NOW),
    )
    conn.close()
    opened = opening.open_writer(path)
    assert migrations.applied(opened) == list(migrations.NAMES)
    found = list_reports.one(opened, list_id)
    assert found is not None
    assert [(each.desk_kept, each.desk_replaced) for each in found.imports] == [(0, 0)]
    opened.close()


@pytest.mark.req("WDE-016")
def test_what_an_agent_learnt_stays_and_the_rest_is_brought_up_to_date(
    conn: sqlite3.Connection, contact: ContactId
) -> None:
    list_id = list_of(conn, contact)
    looked = contacts.would_change(conn, list_id, FILE)
    assert looked is not None
    assert looked.any
    (clash,) = looked.clashes
    assert (clash.field, clash.desk, clash.file, clash.before) == ("Ort", "Bonn", "Köln", "Ulm")
    made, added = bring(conn, list_id, FILE, NOW + 10)
    assert (added.updated, added.clashes) == (1, (clash,))
    assert known(conn, contact) == ("Ada B.", "Bonn", "2021")
    report = list_reports.one(conn, list_id)
    assert report is not None
    assert [(each.desk_kept, each.desk_replaced) for each in report.imports] == [(1, 0)]
    again = contacts.would_change(conn, list_id, FILE)
    assert again == contacts.Change(any=False, clashes=(clash,)), "the file still says otherwise"
    undo(conn, made)
    assert known(conn, contact) == ("Ada", "Bonn", "2020")


def test_the_file_may_win_and_then_the_value_is_nobodys(conn: sqlite3.Connection, contact: ContactId) -> None:
    list_id = list_of(conn, contact)
    made, added = bring(conn, list_id, FILE, NOW + 10, over_desk=True)
    assert [each.desk for each in added.clashes] == ["Bonn"]
    assert known(conn, contact) == ("Ada B.", "Köln", "2021")
    assert contacts.would_change(conn, list_id, ADA) == contacts.Change(any=True)
    undo(conn, made)
    assert known(conn, contact) == ("Ada", "Bonn", "2020")
    looked = contacts.would_change(conn, list_id, FILE)
    assert looked is not None
    assert [each.field for each in looked.clashes] == ["Ort"], "put back, it is the agent's again"


def test_a_file_that_agrees_or_says_nothing_is_no_clash(conn: sqlite3.Connection, contact: ContactId) -> None:
    list_id = list_of(conn, contact)
    for row in (NewContact(number(1), fields={"Ort": "Bonn"}), NewContact(number(1), "Eva")):
        looked = contacts.would_change(conn, list_id, row)
        assert looked is not None
        assert looked.clashes == ()


def test_what_an_agent_emptied_or_renamed_stays_so(conn: sqlite3.Connection, contact: ContactId) -> None:
    list_id = list_of(conn, contact)
    desk_edits.apply(conn, contact, {"Seit": ("2020", ""), NAME: ("Ada", "Eva")}, UserId(1), None, NOW + 1)
    bring(conn, list_id, FILE, NOW + 10)
    assert known(conn, contact) == ("Eva", "Bonn", "")


def test_taking_an_import_back_leaves_what_was_learnt_since(
    conn: sqlite3.Connection, contact: ContactId
) -> None:
    made, _ = bring(conn, list_of(conn, contact), FILE, NOW + 10, over_desk=True)
    desk_edits.apply(conn, contact, {"Seit": ("2021", "2022")}, UserId(1), None, NOW + 20)
    undo(conn, made)
    assert known(conn, contact) == ("Ada", "Bonn", "2022")
