"""Scripts, answers and changes at the desk in the store: versions by time, answers once, changes from what was seen."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from firmware.model import CampaignSettings, OperatorError, UserId
from firmware.scripts import reading
from firmware.scripts.answers import Kept
from firmware.scripts.card import NAME, Card, CardField
from firmware.scripts.script import Steps
from firmware.store import (
    activity,
    attempts,
    campaigns,
    contacts,
    desk_edits,
    erasure,
    form_answers,
    retention,
    scripts,
    snippets,
)
from firmware.store.activity import Period
from firmware.store.form_answers import Saved
from firmware.store.scripts import CampaignDesk
from firmware.store.snippets import NewSnippet
from tests.unit.store.helpers import NOW, new_campaign, new_list, new_user, number, one


def steps(heading: str) -> Steps:
    return reading.read([{"id": "s1", "heading": heading}])


def heading_at(conn: sqlite3.Connection, campaign: Any, at: float) -> str | None:
    version = scripts.version_at(conn, campaign, at)
    found = None if version is None else scripts.version(conn, version)
    return None if found is None else found.steps[0].heading


def refused(error: pytest.ExceptionInfo[OperatorError]) -> list[str]:
    return [each.key for each in error.value.problems]


@pytest.mark.req("GEN-048")
def test_a_call_keeps_the_version_it_began_with(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 1))
    script = scripts.create(conn, "Sales", steps("one"), "Anna", NOW)
    assert heading_at(conn, campaign, NOW) is None
    scripts.set_desk(conn, campaign, CampaignDesk(script, Card()), "Anna", NOW + 10)
    assert scripts.save(conn, script, "Sales", steps("two"), 1, "Anna", NOW + 20) == 2
    other = scripts.create(conn, "Service", steps("other"), "Anna", NOW + 30)
    scripts.set_desk(conn, campaign, CampaignDesk(other, Card()), "Anna", NOW + 40)
    scripts.set_desk(conn, campaign, scripts.PLAIN_DESK, "Anna", NOW + 50)
    told = [heading_at(conn, campaign, NOW + after) for after in (5, 15, 25, 35, 45, 55)]
    assert told == [None, "one", "two", "two", "other", None]


def test_two_people_cannot_save_over_each_other(conn: sqlite3.Connection) -> None:
    script = scripts.create(conn, "Sales", steps("one"), "Anna", NOW)
    assert scripts.save(conn, script, "Sales 2", steps("one"), 1, "Anna", NOW) == 1, (
        "nothing changed but the name"
    )
    scripts.save(conn, script, "Sales", steps("two"), 1, "Anna", NOW)
    for change in (
        lambda: scripts.save(conn, script, "Sales", steps("three"), 1, "Ben", NOW),
        lambda: scripts.create(conn, "SALES", steps("x"), "Ben", NOW),
        lambda: scripts.latest(conn, 99),
    ):
        with pytest.raises(OperatorError):
            change()
    assert [(each.name, each.number) for each in scripts.every(conn)] == [("Sales", 2)]


def test_a_script_in_use_stays(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 1))
    script = scripts.create(conn, "Sales", steps("one"), "Anna", NOW)
    scripts.set_desk(conn, campaign, CampaignDesk(script, Card()), "Anna", NOW)
    with pytest.raises(OperatorError) as error:
        scripts.remove(conn, script, NOW)
    assert refused(error) == ["script_in_use"]
    scripts.set_desk(conn, campaign, scripts.PLAIN_DESK, "Anna", NOW + 1)
    scripts.remove(conn, script, NOW + 2)
    assert scripts.every(conn) == []
    assert heading_at(conn, campaign, NOW) == "one", "for calls of before"


def test_a_draft_goes_with_what_its_desk_shows(conn: sqlite3.Connection) -> None:
    campaign = campaigns.create(conn, CampaignSettings("Draft", new_list(conn, 1)), NOW)
    script = scripts.create(conn, "Sales", steps("one"), "Anna", NOW)
    scripts.set_desk(conn, campaign, CampaignDesk(script, Card()), "Anna", NOW)
    campaigns.delete(conn, campaign)
    scripts.remove(conn, script, NOW)
    assert scripts.every(conn) == []


# -- answers ---------------------------------------------------------------------------------------------------------


def saved(conn: sqlite3.Connection, seq: int, value: str = "M") -> Saved:
    found = scripts.every(conn)
    script = found[0].script_id if found else scripts.create(conn, "Sales", steps("one"), "Anna", NOW)
    return Saved(scripts.latest(conn, script).id, "s1", ("s1",), (Kept("f1", "Size", value),), seq)


def test_what_is_older_changes_nothing(conn: sqlite3.Connection) -> None:
    _, claim = one(conn)
    anna = new_user(conn)
    newest = saved(conn, 7, "L")
    assert form_answers.save(conn, claim.attempt_uid, newest, anna, NOW)
    for again in (newest, saved(conn, 6)):
        assert not form_answers.save(conn, claim.attempt_uid, again, anna, NOW)
    assert form_answers.of(conn, claim.attempt_uid) == newest
    assert attempts.get(conn, claim.attempt_uid).answers == (Kept("f1", "Size", "L"),)


def test_labels_of_answers_are_columns_of_a_period(conn: sqlite3.Connection) -> None:
    _, claim = one(conn)
    form_answers.save(conn, claim.attempt_uid, saved(conn, 1), new_user(conn), NOW)
    assert activity.answer_labels(conn, Period(NOW - 1, NOW + 1, ())) == ("Size",)
    assert activity.answer_labels(conn, Period(NOW + 1, NOW + 2, ())) == ()


def test_answers_and_changes_are_given_out_and_forgotten(conn: sqlite3.Connection) -> None:
    _, claim = one(conn)
    anna = new_user(conn)
    form_answers.save(conn, claim.attempt_uid, saved(conn, 1), anna, NOW)
    desk_edits.apply(conn, claim.contact_id, {"Ort": ("", "Bonn")}, anna, claim.attempt_uid, NOW)
    attempts.dispose(conn, claim.attempt_uid, attempts.Disposition.CONTACTED, NOW, None)
    given = erasure.everything(conn, int(claim.number[1:]), 999_000_000_000_001)
    assert given["answers"][0]["answers"] == [{"field": "f1", "label": "Size", "value": "M"}]
    assert (given["edits"][0]["by"], given["edits"][0]["new"]) == ("Anna", "Bonn")
    account, _ = erasure.erase(conn, int(claim.number[1:]), 999_000_000_000_001, "Anna", "asked", False, NOW)
    assert account["answers_given"] == 1
    assert form_answers.of(conn, claim.attempt_uid) is None
    assert conn.execute("SELECT count(*) FROM contact_edit").fetchone() == (0,)


def test_answers_are_over_with_the_details_of_a_call(conn: sqlite3.Connection) -> None:
    _, claim = one(conn)
    form_answers.save(conn, claim.attempt_uid, saved(conn, 1), new_user(conn), NOW)
    attempts.dispose(conn, claim.attempt_uid, attempts.Disposition.CONTACTED, NOW, None)
    later = NOW + 366 * retention.DAY_S
    assert retention.over(conn, "details", later) == 1
    assert retention.step(conn, "details", later, later) == 1
    assert form_answers.of(conn, claim.attempt_uid) is None
    assert retention.over(conn, "details", later) == 0


# -- changes of a contact --------------------------------------------------------------------------------------------


@pytest.mark.req("WDE-016")
def test_a_contact_is_changed_from_what_was_seen(conn: sqlite3.Connection) -> None:
    _, claim = one(conn)
    anna, contact = new_user(conn), claim.contact_id
    changes = {"Ort": ("", "Bonn"), NAME: ("Person 0", "Ada")}
    assert desk_edits.apply(conn, contact, changes, anna, claim.attempt_uid, NOW) == 2
    assert desk_edits.apply(conn, contact, changes, anna, claim.attempt_uid, NOW) == 0, "sent again"
    with pytest.raises(OperatorError) as error:
        desk_edits.apply(conn, contact, {"Ort": ("Ulm", "Köln"), NAME: ("Ada", "Eva")}, anna, None, NOW)
    assert refused(error) == ["contact_changed_meanwhile"]
    assert error.value.problems[0].figures == {"field": "Ort", "current": "Bonn"}
    found = contacts.get(conn, contact)
    assert found is not None
    assert (found.name, found.fields["Ort"]) == ("Ada", "Bonn")
    kept = [(e.by, e.field, e.old, e.new) for e in desk_edits.of_contact(conn, contact)]
    assert sorted(kept) == [("Anna", NAME, "Person 0", "Ada"), ("Anna", "Ort", "", "Bonn")]


def test_nobody_to_change(conn: sqlite3.Connection) -> None:
    with pytest.raises(OperatorError):
        desk_edits.apply(conn, contacts.ContactId(99), {"Ort": ("", "x")}, UserId(1), None, NOW)


# -- snippets --------------------------------------------------------------------------------------------------------


@pytest.mark.req("WDE-017")
def test_snippets_are_for_all_campaigns_or_some(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 1))
    everywhere = snippets.save(conn, None, NewSnippet("", "Rabatt", "zehn", "", ""), "Anna", NOW)
    snippets.save(conn, None, NewSnippet("", "", "", "Offer", "ten", (campaign,)), "Anna", NOW)
    assert [each.said.title_en for each in snippets.for_campaign(conn, campaign)] == ["Offer", ""]
    assert [each.id for each in snippets.for_campaign(conn, None)] == [everywhere]
    for empty in (NewSnippet("", "Titel", "", "", ""), NewSnippet("", "", "", "", "text")):
        with pytest.raises(OperatorError):
            snippets.save(conn, None, empty, "Anna", NOW)
    snippets.remove(conn, everywhere)
    with pytest.raises(OperatorError):
        snippets.save(conn, everywhere, NewSnippet("", "x", "y", "", ""), "Anna", NOW)


def test_columns_are_those_of_the_lists_it_is_for(conn: sqlite3.Connection) -> None:
    lists = []
    for column in ("Ort", "Firma"):
        list_id = contacts.create_list(conn, column, NOW)
        row = contacts.NewContact(number(len(lists)), "A", ("Europe/Berlin",), 0, {column: "x"})
        contacts.add(conn, list_id, [row])
        lists.append(list_id)
    script = scripts.create(conn, "Sales", steps("one"), "Anna", NOW)
    assert scripts.columns(conn, script) == ["Firma", "Ort"]
    campaign = new_campaign(conn, lists[0])
    card = Card((CardField("Ort", editable=True),), "Ort")
    scripts.set_desk(conn, campaign, CampaignDesk(script, card), "Anna", NOW)
    assert scripts.columns(conn, script) == ["Ort"]
    assert scripts.desk_of(conn, campaign, NOW) == CampaignDesk(script, card)
