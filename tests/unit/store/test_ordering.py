"""A campaign's own order and filter: whom a claim takes, whatever happened to the contacts in between."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware.model import (
    CampaignId,
    CampaignState,
    ContactId,
    ContactListId,
    DiallingMode,
    Disposition,
    OperatorError,
)
from firmware.rulebook import reading
from firmware.rulebook.order import Order, fits, key
from firmware.store import attempts, campaigns, claims, contacts, migrations, offers, ordering
from tests.unit.store.helpers import (
    BERLIN,
    NOW,
    broken_invariants,
    claim,
    new_campaign,
    new_user,
    number,
    permit,
)

BY_VALUE = {"sorts": [{"field": "value", "as": "number", "descending": True}]}


def make_list(conn: sqlite3.Connection, *rows: Mapping[str, str], first: int = 0) -> ContactListId:
    list_id = contacts.create_list(conn, "list", NOW)
    add(conn, list_id, *rows, first=first)
    return list_id


def add(conn: sqlite3.Connection, list_id: ContactListId, *rows: Mapping[str, str], first: int = 0) -> None:
    new = [
        contacts.NewContact(number(first + i), f"Person {first + i}", BERLIN, fields=row)
        for i, row in enumerate(rows)
    ]
    contacts.add(conn, list_id, new)


def values(*found: object) -> list[dict[str, str]]:
    return [{"value": str(each)} for each in found]


def ordered(conn: sqlite3.Connection, list_id: ContactListId, order: Mapping[str, Any]) -> CampaignId:
    campaign = new_campaign(conn, list_id)
    ordering.set_order(conn, campaign, reading.order(order), "anna", NOW)
    return campaign


def taken(conn: sqlite3.Connection, campaign: CampaignId, limit: int = 100, now: float = NOW) -> list[str]:
    """The values of the contacts a claim takes."""
    return [str(each.fields.get("value", "")) for each in claim(conn, campaign, limit, now).claims]


def where(field: str, how: str, value: str, kind: str = "text") -> dict[str, Any]:
    return {"filter": {"field": field, "is": how, "value": value, "as": kind}}


def change(conn: sqlite3.Connection, contact: int, **changes: Any) -> None:
    for column, value in changes.items():
        conn.execute(f"UPDATE contact SET {column} = ? WHERE id = ?", (value, contact))


def test_an_order_for_a_campaign_that_does_not_exist_is_refused(conn: sqlite3.Connection) -> None:
    with pytest.raises(OperatorError):
        ordering.set_order(conn, CampaignId(9), Order(fresh_first=True), "anna", NOW)


@pytest.mark.parametrize("field", ["value'; DROP TABLE contact; --", '"', "$", "", "a.b[0]", "\\", "🦔"])
def test_any_field_name_is_only_a_name(conn: sqlite3.Connection, field: str) -> None:
    list_id = make_list(conn, {field or "x": "1"}, {field or "x": "2"})
    campaign = ordered(conn, list_id, where(field or "x", "equals", "2'; --") | {"sorts": []})
    assert taken(conn, campaign) == []
    ordering.set_order(conn, campaign, reading.order(where(field or "x", "equals", "2")), "anna", NOW)
    assert len(taken(conn, campaign)) == 1


@pytest.mark.req("DFI-003")
def test_sorted_by_a_number_what_is_missing_last(conn: sqlite3.Connection) -> None:
    campaign = ordered(conn, make_list(conn, *values(5, 40, "", "7,5", "none", 100)), BY_VALUE)
    assert taken(conn, campaign, 4) == ["100", "40", "7,5", "5"]
    assert broken_invariants(conn) == []


@pytest.mark.req("GEN-056")
def test_what_does_not_fit_the_filter_is_not_called(conn: sqlite3.Connection) -> None:
    campaign = ordered(conn, make_list(conn, *values(1, 2, 3)), where("value", "more", "1", "number"))
    assert taken(conn, campaign) == ["2", "3"]
    assert claim(conn, campaign).next_due_at is None


def test_a_contact_that_no_longer_fits_is_not_called(conn: sqlite3.Connection) -> None:
    campaign = ordered(conn, make_list(conn, *values(1, 2)), where("value", "more", "0", "number"))
    assert taken(conn, campaign, 1) == ["1"]
    change(conn, 2, fields='{"value":"0"}')
    assert taken(conn, campaign) == []
    change(conn, 2, fields='{"value":"9"}')
    assert taken(conn, campaign) == ["9"]


def test_more_changed_at_once_than_a_claim_looks_at_are_still_not_called_unseen(
    conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = ordered(conn, make_list(conn, *values(*range(50))), where("value", "less", "100", "number"))
    assert taken(conn, campaign, 1) == ["0"]
    monkeypatch.setattr(ordering, "CLAIM_ROWS", 10)
    conn.execute("""UPDATE contact SET fields = '{"value":"500"}'""")
    while ordering.tend(conn, NOW, 10):
        assert taken(conn, campaign) == []
    assert taken(conn, campaign) == []


@pytest.mark.req("GEN-053")
@pytest.mark.req("GEN-054")
def test_dynamic_moves_with_its_field_and_static_stays(conn: sqlite3.Connection) -> None:
    for dynamic, expected in ((True, ["99", "30", "20"]), (False, ["30", "20", "99"])):
        list_id = make_list(conn, *values(10, 20, 30))
        campaign = ordered(conn, list_id, BY_VALUE | {"dynamic": dynamic})
        assert taken(conn, campaign, 0) == []
        contact = conn.execute("SELECT min(id) FROM contact WHERE list_id = ?", (list_id,)).fetchone()[0]
        change(conn, contact, fields='{"value":"99"}')
        assert taken(conn, campaign) == expected
        for uid in [each.uid for each in attempts.open_attempts(conn)]:
            attempts.dispose(conn, uid, Disposition.CONTACTED, NOW, None)


@pytest.mark.req("DFI-004")
def test_fresh_first_then_those_called_before(conn: sqlite3.Connection) -> None:
    campaign = ordered(conn, make_list(conn, *values(1, 2)), {"fresh_first": True})
    first = claim(conn, campaign).claims[0]
    attempts.dispose(conn, first.attempt_uid, Disposition.BUSY, NOW, NOW)
    assert taken(conn, campaign) == ["2", "1"]


def test_a_postponed_contact_comes_back_in_its_place(conn: sqlite3.Connection) -> None:
    campaign = ordered(conn, make_list(conn, *values(1, 2, 3)), BY_VALUE)
    first = claim(conn, campaign).claims[0]
    attempts.dispose(conn, first.attempt_uid, Disposition.BUSY, NOW, NOW + 600)
    found = claim(conn, campaign, 1)
    assert [each.fields["value"] for each in found.claims] == ["2"]
    assert taken(conn, campaign, 9, NOW + 601) == ["3", "1"]


def test_when_everybody_waits_it_says_until_when(conn: sqlite3.Connection) -> None:
    campaign = ordered(conn, make_list(conn, *values(1, 2)), BY_VALUE)
    conn.execute("UPDATE contact SET next_at = ? + id", (NOW,))
    assert claim(conn, campaign).next_due_at == NOW + 1
    conn.execute("UPDATE contact SET next_at = 9e999")
    assert claim(conn, campaign).next_due_at is None


def test_a_clock_set_back_calls_nobody_too_early(conn: sqlite3.Connection) -> None:
    campaign = ordered(conn, make_list(conn, *values(1)), BY_VALUE)
    conn.execute("UPDATE contact SET next_at = ?", (NOW + 100,))
    assert taken(conn, campaign, 0, NOW + 200) == []
    assert taken(conn, campaign, 1, NOW) == []
    assert taken(conn, campaign, 1, NOW + 100) == ["1"]


def test_contacts_that_come_later_take_their_place(conn: sqlite3.Connection) -> None:
    list_id = make_list(conn, *values(1, 5))
    campaign = ordered(conn, list_id, BY_VALUE)
    assert taken(conn, campaign, 1) == ["5"]
    add(conn, list_id, *values(3, 0), first=10)
    make_list(conn, *values(100), first=20)
    assert taken(conn, campaign) == ["3", "1", "0"]


def test_nobody_is_called_by_an_order_that_is_not_complete(
    conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ordering, "CLAIM_ROWS", 2)
    campaign = ordered(conn, make_list(conn, *values(*range(9))), BY_VALUE)
    first = claim(conn, campaign)
    assert first.claims == []
    assert first.next_due_at == NOW
    assert ordering.waits(conn, campaign)
    while ordering.tend(conn, NOW, 3):
        pass
    assert not ordering.waits(conn, campaign)
    assert taken(conn, campaign, 2) == ["8", "7"]


def test_another_order_takes_over_and_the_old_rows_go(conn: sqlite3.Connection) -> None:
    campaign = ordered(conn, make_list(conn, *values(1, 2, 3)), BY_VALUE)
    assert taken(conn, campaign, 1) == ["3"]
    ordering.set_order(conn, campaign, reading.order({"sorts": [{"field": "value"}]}), "anna", NOW)
    assert taken(conn, campaign, 1) == ["1"]
    while ordering.tend(conn, NOW, 2):
        pass
    assert conn.execute("SELECT count(*), count(DISTINCT order_id) FROM contact_order").fetchone() == (3, 1)


def test_a_campaign_that_is_over_keeps_no_rows(conn: sqlite3.Connection) -> None:
    campaign = ordered(conn, make_list(conn, *values(1, 2)), BY_VALUE)
    assert taken(conn, campaign, 0) == []
    campaigns.set_state(conn, campaign, CampaignState.STOPPED, NOW)
    while ordering.tend(conn, NOW):
        pass
    assert conn.execute("SELECT count(*) FROM contact_order").fetchone() == (0,)
    campaigns.set_state(conn, campaign, CampaignState.RUNNING, NOW)
    assert taken(conn, campaign) == ["2", "1"]


def test_without_an_order_there_is_nothing_to_keep(conn: sqlite3.Connection) -> None:
    campaign = ordered(conn, make_list(conn, *values(2, 1)), {})
    assert taken(conn, campaign) == ["2", "1"]
    assert conn.execute("SELECT count(*) FROM contact_order").fetchone() == (0,)


def test_a_contact_moved_to_another_list_takes_its_place_there(conn: sqlite3.Connection) -> None:
    here, there = make_list(conn, *values(1)), make_list(conn, *values(5, 3), first=10)
    campaign, other = ordered(conn, here, BY_VALUE), ordered(conn, there, BY_VALUE)
    assert taken(conn, campaign, 0) == taken(conn, other, 0) == []
    conn.execute("UPDATE contact SET list_id = ? WHERE id = 3", (here,))
    assert taken(conn, campaign) == ["3", "1"]
    assert taken(conn, other) == ["5"]
    assert broken_invariants(conn) == []


def test_removed_contacts_leave_no_rows(conn: sqlite3.Connection) -> None:
    campaign = ordered(conn, make_list(conn, *values(1, 2)), BY_VALUE)
    assert taken(conn, campaign, 0) == []
    conn.execute("DELETE FROM contact")
    assert taken(conn, campaign) == []
    assert conn.execute("SELECT count(*) FROM contact_order").fetchone() == (0,)


def test_sleeping_zones_do_not_hide_the_others(conn: sqlite3.Connection) -> None:
    from firmware.model import Permit, Refusal

    campaign = ordered(conn, make_list(conn, *values(1, 2, 3)), BY_VALUE)
    change(conn, 3, zones="Asia/Tokyo")

    def judge(candidate: claims.Candidate) -> Permit | Refusal:
        if candidate.zones == ("Asia/Tokyo",):
            return Refusal("outside_window", NOW + 900, of_zones=True)
        return permit(candidate)

    found = claim(conn, campaign, 9, judge=judge)
    assert [each.fields["value"] for each in found.claims] == ["2", "1"]
    assert found.next_due_at == NOW + 900


def test_owners_and_stages_with_a_sort(conn: sqlite3.Connection) -> None:
    rows = [
        {"value": str(i), "owner": who, "look": yes}
        for i, (who, yes) in enumerate([("Anna", ""), ("", "ja"), (" anna ", "x"), ("ben", "1"), ("", "")])
    ]
    campaign = ordered(conn, make_list(conn, *rows), BY_VALUE)
    before = campaigns.get(conn, campaign).settings
    staged = replace(before, preview_field="look", preview_after=2, owner_field="owner")
    campaigns.update(conn, campaign, staged, NOW)
    anna = new_user(conn)
    found = campaigns.get(conn, campaign)
    offered = offers.offer_next(conn, found, anna, NOW, permit)
    assert offered is not None
    assert offered.fields["value"] == "2"
    assert taken(conn, campaign) == ["4", "0"], "the others are the machine's, whoever owns them"
    change(conn, 1, state="open", attempts=2)
    campaigns.update(conn, campaign, replace(staged, mode=DiallingMode.PREVIEW), NOW)
    offers.end(conn, ContactId(3), offers.Outcome.WITHDRAWN, NOW)
    again = offers.offer_next(conn, campaigns.get(conn, campaign), anna, NOW, permit)
    assert again is not None
    assert again.fields["value"] == "2"


steps = st.lists(
    st.tuples(
        st.sampled_from(
            ["field", "priority", "later", "due", "close", "open", "add", "remove", "claim", "tend"]
        ),
        st.integers(0, 12),
        st.integers(0, 5),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(steps, st.booleans(), st.booleans())
def test_whatever_happens_a_claim_takes_what_the_order_says(
    found: list[tuple[str, int, int]], descending: bool, filtered: bool
) -> None:
    conn = sqlite3.connect(":memory:", isolation_level=None)
    migrations.bring_up(conn)
    list_id = make_list(conn, *values(3, 1, "", 2))
    plain: dict[str, Any] = {"sorts": [{"field": "value", "as": "number", "descending": descending}]}
    if filtered:
        plain |= where("value", "differs", "1")
    campaign = ordered(conn, list_id, plain)
    for at, (what, contact, value) in enumerate(found):
        _do(conn, list_id, campaign, what, contact, value, at)
    expected = _expected(conn, list_id, reading.order(plain))
    assert [int(each.contact_id) for each in claim(conn, campaign, 99).claims] == expected
    assert broken_invariants(conn) == []


def _do(
    conn: sqlite3.Connection,
    list_id: ContactListId,
    campaign: CampaignId,
    what: str,
    contact: int,
    value: int,
    at: int,
) -> None:
    if what == "field":
        conn.execute(
            "UPDATE contact SET fields = json_object('value', ?) WHERE id = ?", (str(value), contact)
        )
    elif what == "priority":
        conn.execute("UPDATE contact SET priority = ? WHERE id = ?", (value - 2, contact))
    elif what in ("later", "due"):
        moment = NOW + 60 if what == "later" else value
        conn.execute("UPDATE contact SET next_at = ? WHERE id = ?", (moment, contact))
    elif what == "close":
        sql = "UPDATE contact SET state = 'closed', closed_reason = 'x' WHERE id = ? AND state = 'open'"
        conn.execute(sql, (contact,))
    elif what == "open":
        sql = "UPDATE contact SET state = 'open', closed_reason = NULL WHERE id = ? AND state = 'closed'"
        conn.execute(sql, (contact,))
    elif what == "add":
        add(conn, list_id, *values(value), first=100 + at)
    elif what == "remove":
        conn.execute("DELETE FROM contact WHERE id = ? AND state <> 'in_flight'", (contact,))
    elif what == "claim":
        claim(conn, campaign)
    else:
        ordering.tend(conn, NOW, 3)


def _expected(conn: sqlite3.Connection, list_id: ContactListId, order: Order) -> list[int]:
    """By definition: everybody open, due and fitting, by key, due time and order of import."""
    rows = conn.execute(
        "SELECT id, next_at FROM contact WHERE state = 'open' AND next_at <= ?", (NOW,)
    ).fetchall()
    found = [(ordering.subject(conn, contact), due) for contact, due in rows]
    fitting = [(key(order, who), due, who.id) for who, due in found if who is not None and fits(order, who)]
    return [contact for _, _, contact in sorted(fitting)]
