"""Imports on record: changed contacts, taking an import back in portions, several numbers of a contact."""

from __future__ import annotations

import sqlite3

import pytest

from firmware.campaigns import retry
from firmware.model import (
    CampaignId,
    CampaignSettings,
    ContactListId,
    Disposition,
    OperatorError,
    Permit,
    Refusal,
)
from firmware.store import (
    attempts,
    campaigns,
    claims,
    contact_numbers,
    contacts,
    dnc,
    list_imports,
    mappings,
)
from firmware.store.contacts import NewContact
from tests.unit.store.helpers import (
    BERLIN,
    NOW,
    broken_invariants,
    claim,
    new_campaign,
    new_list,
    number,
    permit,
)

Fields = dict[str, str]


def bring(
    conn: sqlite3.Connection, list_id: ContactListId, *rows: NewContact, update: bool = False
) -> tuple[int, contacts.Added]:
    made = list_imports.begin(conn, list_id, "file.csv", "anna", NOW)
    added = contacts.add(conn, list_id, rows, made, update=update)
    list_imports.finish(
        conn, made, list_imports.Brought(len(rows), added.new, added.updated, added.duplicate, 0, None)
    )
    return made, added


def undo(conn: sqlite3.Connection, import_id: int, limit: int = 2) -> tuple[str, int, int, int]:
    list_imports.begin_undo(conn, import_id, NOW)
    while list_imports.undo_some(conn, import_id, limit):
        assert broken_invariants(conn) == []
    sql = "SELECT state, removed, kept, put_back FROM contact_import WHERE id = ?"
    found: tuple[str, int, int, int] = conn.execute(sql, (import_id,)).fetchone()
    return found


def stored(conn: sqlite3.Connection) -> dict[str, tuple[str, Fields]]:
    found = conn.execute(f"SELECT {contacts.COLUMNS} FROM contact").fetchall()
    return {c.number: (c.name, dict(c.fields)) for c in map(contacts.read, found)}


def test_what_cannot_be_taken_back(conn: sqlite3.Connection) -> None:
    list_id = new_list(conn, 1)
    with pytest.raises(OperatorError, match="no such import"):
        list_imports.begin_undo(conn, 9, NOW)
    running = list_imports.begin(conn, list_id, "x", "anna", NOW)
    with pytest.raises(OperatorError, match="cannot be taken back"):
        list_imports.begin_undo(conn, running, NOW)
    done, _ = bring(conn, list_id)
    undo(conn, done)
    with pytest.raises(OperatorError, match="cannot be taken back"):
        list_imports.begin_undo(conn, done, NOW)


def test_an_import_is_taken_back_but_who_was_called_stays(conn: sqlite3.Connection) -> None:
    list_id = new_list(conn, 2)
    made, added = bring(conn, list_id, *(NewContact(number(i), zones=BERLIN, priority=i) for i in range(7)))
    assert (added.new, added.duplicate) == (5, 2)
    contacts.add(conn, list_id, [NewContact(number(50), zones=BERLIN)])
    called = claim(conn, new_campaign(conn, list_id), 1).claims[0]
    assert called.number == number(6)
    assert undo(conn, made) == ("undone", 4, 1, 0)
    assert set(stored(conn)) == {number(0), number(1), number(6), number(50)}
    assert attempts.get(conn, called.attempt_uid).contact_id == called.contact_id


def test_a_contact_is_changed_by_what_a_file_says_and_put_back(conn: sqlite3.Connection) -> None:
    list_id = new_list(conn, 0)
    old = NewContact(number(1), "Ada", BERLIN, 3, {"Ort": "Ulm", "Seit": "2020"})
    first, _ = bring(conn, list_id, old, NewContact(number(2), "Ben", BERLIN))
    again = NewContact(number(1), "", BERLIN, 0, {"Ort": "Köln"})
    new = [again, NewContact(number(2), "Ben", BERLIN), NewContact(number(3), "Cid", BERLIN)]
    change = contacts.Change
    expected = [change(any=True), change(any=False), None]
    assert [contacts.would_change(conn, list_id, row) for row in new] == expected
    assert bring(conn, list_id, *new)[1] == contacts.Added(new=1, duplicate=2, updated=0)
    second, added = bring(conn, list_id, *new, update=True)
    assert added == contacts.Added(new=0, duplicate=2, updated=1)
    assert stored(conn)[number(1)] == ("Ada", {"Ort": "Köln", "Seit": "2020"})
    third, _ = bring(conn, list_id, NewContact(number(1), "Ada B.", BERLIN), update=True)
    assert undo(conn, second) == ("undone", 0, 1, 0)
    assert undo(conn, third) == ("undone", 0, 0, 1)
    assert stored(conn)[number(1)] == ("Ada", {"Ort": "Köln", "Seit": "2020"})
    assert undo(conn, first) == ("undone", 2, 0, 0)
    assert conn.execute("SELECT count(*) FROM contact_before").fetchone() == (0,)


def test_what_broke_off_is_on_record_and_can_be_taken_back(conn: sqlite3.Connection) -> None:
    list_id = new_list(conn, 1)
    running = list_imports.begin(conn, list_id, "x.csv", "anna", NOW)
    contacts.add(conn, list_id, [NewContact(number(i)) for i in range(1, 4)], running)
    assert list_imports.break_off(conn) == 1
    assert list_imports.break_off(conn) == 0
    row = conn.execute("SELECT state, new FROM contact_import WHERE id = ?", (running,)).fetchone()
    assert row == ("broken", 3)
    assert undo(conn, running) == ("undone", 3, 0, 0)


def test_undoing_goes_on_where_it_stopped(conn: sqlite3.Connection) -> None:
    list_id = new_list(conn, 0)
    made, _ = bring(conn, list_id, *(NewContact(number(i)) for i in range(10)))
    list_imports.begin_undo(conn, made, NOW)
    assert list_imports.undo_some(conn, made, 4)
    assert list_imports.undoing(conn) == [made]
    while list_imports.undo_some(conn, made, 4):
        pass
    assert list_imports.undoing(conn) == []
    assert stored(conn) == {}


def test_a_mapping_is_kept_by_name(conn: sqlite3.Connection) -> None:
    kept = mappings.SavedMapping("Messe", {"number": "Telefon"}, "DE", NOW, "anna")
    mappings.save(conn, kept)
    mappings.save(conn, mappings.SavedMapping("messe", {"number": "Tel"}, "AT", NOW + 1, "bert"))
    assert [(m.mapping, m.country) for m in mappings.every(conn)] == [({"number": "Tel"}, "AT")]
    assert [mappings.forget(conn, "MESSE"), mappings.forget(conn, "MESSE")] == [True, False]


def several(conn: sqlite3.Connection) -> tuple[CampaignId, claims.Claim]:
    """A contact with a home, a mobile and a work number, claimed once."""
    list_id = new_list(conn, 0)
    numbers = [("mobile", number(2)), ("work", number(3))]
    contacts.add(conn, list_id, [NewContact(number(1), "Ada", BERLIN, numbers=numbers, kind="home")])
    campaign = new_campaign(conn, list_id)
    return campaign, claim(conn, campaign).claims[0]


def test_numbers_are_tried_round_and_round_without_those_that_are_closed(conn: sqlite3.Connection) -> None:
    campaign, made = several(conn)
    found = contact_numbers.of_contact(conn, made.contact_id)
    assert [(n.number, n.kind, n.next) for n in found] == [
        (number(1), "home", True),
        (number(2), "mobile", False),
        (number(3), "work", False),
    ]
    after = [contact_numbers.another(conn, made.contact_id, number(i), campaign, 0) for i in (1, 2, 3)]
    assert after == [number(2), number(3), number(1)]
    contact_numbers.close_number(conn, made.contact_id, number(2), "wrong_number")
    assert contact_numbers.another(conn, made.contact_id, number(1), campaign, 0) == number(3)
    assert contact_numbers.another(conn, made.contact_id, number(3), campaign, 1) is None


def test_the_number_to_dial_is_the_one_in_flight(conn: sqlite3.Connection) -> None:
    campaign, made = several(conn)
    other = new_campaign(conn, new_list(conn, 1, first=2))
    attempts.release_contact(conn, made.contact_id, NOW, "busy")
    conn.execute("UPDATE attempt SET state = 'closed', disposition = 'busy', disposed_at = 1")
    contact_numbers.dial_next(conn, made.contact_id, number(2))
    again = claim(conn, campaign).claims[0]
    assert (again.contact_id, again.number) == (made.contact_id, number(2))
    assert claim(conn, other).claims == []
    contact_numbers.dial_next(conn, made.contact_id, number(1))
    assert conn.execute("SELECT dial FROM contact WHERE id = ?", (made.contact_id,)).fetchone() == (None,)


def test_numbers_go_with_their_contact_and_join_it_by_an_update(conn: sqlite3.Connection) -> None:
    list_id = new_list(conn, 0)
    row = NewContact(number(1), numbers=[("mobile", number(2))])
    first, _ = bring(conn, list_id, NewContact(number(1)))
    bring(conn, list_id, row)
    assert conn.execute("SELECT count(*) FROM contact_number").fetchone() == (0,)
    bring(conn, list_id, row, update=True)
    assert conn.execute("SELECT place, number FROM contact_number").fetchall() == [
        (0, 493023125001),
        (1, 493023125002),
    ]
    undo(conn, first)
    assert conn.execute("SELECT count(*) FROM contact_number").fetchone() == (0,)


@pytest.mark.req("GEN-076")
def test_a_blocked_number_leaves_the_contact_its_others(conn: sqlite3.Connection) -> None:
    list_id = new_list(conn, 0)
    row = NewContact(number(1), "Ada", BERLIN, numbers=[("mobile", number(2)), ("work", number(3))])
    contacts.add(conn, list_id, [row])
    campaign = new_campaign(conn, list_id)
    dnc.add(conn, dnc.OPT_OUTS, [number(1), number(2)], "x", NOW)

    def judge(candidate: claims.Candidate) -> Permit | Refusal:
        return Refusal("dnc") if candidate.dnc_hits else permit(candidate)

    made = [claim(conn, campaign, judge=judge).claims for _ in range(3)]
    assert [[each.number for each in claimed] for claimed in made] == [[], [], [number(3)]]
    closed = [(n.number, n.closed_reason) for n in contact_numbers.of_contact(conn, made[2][0].contact_id)]
    assert closed == [(number(1), "dnc"), (number(2), "dnc"), (number(3), None)]


def test_a_number_of_two_contacts_is_dialled_as_often_as_one(conn: sqlite3.Connection) -> None:
    list_id = new_list(conn, 0)
    shared = [("home", number(9))]
    contacts.add(conn, list_id, [NewContact(number(i), zones=BERLIN, numbers=shared) for i in (1, 2)])
    settings = CampaignSettings("c", list_id, max_attempts=9, max_attempts_number=1, other_number_gap_s=60)
    campaign = campaigns.create(conn, settings, NOW)
    dialled = []
    for turn in range(6):
        for made in claim(conn, campaign, 2, NOW + 60 * turn).claims:
            dialled.append(made.number)
            follows = retry.Next(NOW + 60 * (turn + 1), "retry")
            other = contact_numbers.another(conn, made.contact_id, made.number, campaign, 1)
            if other is not None:
                contact_numbers.dial_next(conn, made.contact_id, other)
            attempts.dispose(conn, made.attempt_uid, Disposition.NO_ANSWER, NOW, follows.at)
    assert sorted(dialled) == [number(1), number(2), number(9)]
    assert contacts.counts(conn, list_id).closed_by == {"number_used_up": 2}


@pytest.mark.req("DFI-004")
def test_fresh_contacts_go_before_those_tried_already(conn: sqlite3.Connection) -> None:
    list_id = new_list(conn, 2)
    campaign = new_campaign(conn, list_id, min_gap_s=0)
    for made in claim(conn, campaign, 2).claims:
        attempts.dispose(conn, made.attempt_uid, Disposition.BUSY, NOW, NOW + 1)
    bring(conn, list_id, NewContact(number(7), zones=BERLIN), NewContact(number(8), zones=BERLIN))
    order = [made.number for made in claim(conn, campaign, 4, NOW + 60).claims]
    assert order == [number(7), number(8), number(0), number(1)]
