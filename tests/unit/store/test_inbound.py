"""Calls that come in: who calls, what is written, one result, and what was promised."""

from __future__ import annotations

import json
import sqlite3

import pytest

from firmware.campaigns import defaults
from firmware.inbound.happenings import Outcome
from firmware.model import (
    AttemptUid,
    CampaignId,
    CampaignSettings,
    ContactId,
    ContactListId,
    Disposition,
    HangupCause,
    OperatorError,
    Role,
    Side,
    UserId,
)
from firmware.store import (
    attempts,
    callbacks,
    campaigns,
    contact_numbers,
    contacts,
    dnc_lookup,
    inbound,
    inbound_lists,
    users,
    webhooks,
)
from tests.unit.store.helpers import BERLIN, NOW, number

CALLER, OTHER = number(1), number(2)


def new_list(conn: sqlite3.Connection, name: str, *numbers: str) -> ContactListId:
    listed = contacts.create_list(conn, name, NOW)
    contacts.add(conn, listed, [contacts.NewContact(each, f"P{each[-1]}", BERLIN, 0, {}) for each in numbers])
    return listed


def campaign(conn: sqlite3.Connection, listed: ContactListId, name: str = "Service") -> CampaignId:
    settings = CampaignSettings(
        name=name, contact_list_id=listed, retry=defaults.RETRY, wrap_up_codes=defaults.WRAP_UP_CODES
    )
    return campaigns.create(conn, settings, NOW)


def agent(conn: sqlite3.Connection) -> UserId:
    return users.create(conn, users.NewUser("a", "A", Role.AGENT, "x"), NOW)


def come_in(
    conn: sqlite3.Connection,
    caller: str = CALLER,
    contact: ContactId | None = None,
    of: CampaignId | None = None,
) -> inbound.InboundCall:
    uid = attempts.new_uid(NOW)
    call = inbound.InboundCall(uid, "office", "provider", number(0), caller, caller, contact, of, NOW)
    inbound.offered(conn, call)
    return call


def said(disposition: Disposition, key: str = "k1", **more: object) -> inbound.Result:
    return inbound.Result(disposition, str(disposition), "", key, None, **more)  # type: ignore[arg-type]


def test_nobody_is_found_for_a_number_no_list_has(conn: sqlite3.Connection) -> None:
    new_list(conn, "a", OTHER)
    assert inbound.look_up(conn, CALLER, "") == inbound.Caller(None, None)
    assert inbound.look_up(conn, "", "") == inbound.Caller(None, None)


def test_a_caller_is_found_in_any_list_and_the_campaigns_own_goes_first(conn: sqlite3.Connection) -> None:
    first, second = new_list(conn, "a", CALLER), new_list(conn, "b", CALLER)
    campaign(conn, first)
    found = inbound.look_up(conn, CALLER, "Service")
    assert found.contact is not None
    assert found.contact.list_id == first
    conn.execute("UPDATE contact SET last_attempt_at = ? WHERE list_id = ?", (NOW, second))
    found = inbound.look_up(conn, CALLER, "")
    assert found.contact is not None
    assert found.contact.list_id == second
    assert found.campaign is None, "no campaign calls that list"


def test_a_caller_is_found_by_another_of_the_contacts_numbers(conn: sqlite3.Connection) -> None:
    listed = new_list(conn, "a", CALLER)
    contact_numbers.put(conn, listed, CALLER, [("", CALLER), ("mobile", OTHER)])
    found = inbound.look_up(conn, OTHER, "")
    assert found.contact is not None
    assert found.contact.number == CALLER


def test_a_deleted_list_knows_nobody(conn: sqlite3.Connection) -> None:
    listed = new_list(conn, "a", CALLER)
    conn.execute("UPDATE contact_list SET deleted_at = ? WHERE id = ?", (NOW, listed))
    assert inbound.look_up(conn, CALLER, "").contact is None


def test_a_call_is_written_as_it_happens(conn: sqlite3.Connection) -> None:
    call, user = come_in(conn), agent(conn)
    assert inbound.get(conn, call.uid) == call
    inbound.answered(conn, call.uid, NOW + 2)
    inbound.connected(conn, call.uid, user, NOW + 5)
    inbound.ended(conn, call.uid, HangupCause.NORMAL, Side.CUSTOMER, Outcome.ANSWERED, NOW + 60)
    found = inbound.get(conn, call.uid)
    assert (found.answered_at, found.connected_at, found.ended_at) == (NOW + 2, NOW + 5, NOW + 60)
    assert (found.outcome, found.user_id, found.ended_by) == (Outcome.ANSWERED, user, Side.CUSTOMER)


def test_how_a_call_came_in_is_never_rewritten(conn: sqlite3.Connection) -> None:
    call = come_in(conn)
    with pytest.raises(sqlite3.IntegrityError, match="never rewritten"):
        conn.execute("UPDATE inbound_call SET caller_number = 1 WHERE uid = ?", (call.uid,))


def test_calls_open_when_the_box_stopped_are_interrupted_at_the_next_start(conn: sqlite3.Connection) -> None:
    call, over = come_in(conn), come_in(conn)
    inbound.ended(conn, over.uid, HangupCause.CANCELLED, Side.CUSTOMER, Outcome.MISSED, NOW)
    assert inbound.interrupt_open(conn, NOW + 9) == 1
    assert inbound.get(conn, call.uid).outcome is Outcome.INTERRUPTED
    assert inbound.get(conn, over.uid).outcome is Outcome.MISSED


def test_a_call_has_one_result_and_the_same_key_changes_nothing(conn: sqlite3.Connection) -> None:
    call = come_in(conn)
    inbound.conclude(conn, call.uid, said(Disposition.CONTACTED), BERLIN[0], NOW)
    inbound.conclude(conn, call.uid, said(Disposition.CONTACTED), BERLIN[0], NOW + 1)
    with pytest.raises(OperatorError):
        inbound.conclude(conn, call.uid, said(Disposition.CONTACTED, "k2"), BERLIN[0], NOW)
    assert inbound.get(conn, call.uid).disposition is Disposition.CONTACTED


def test_an_unknown_call_has_no_result(conn: sqlite3.Connection) -> None:
    with pytest.raises(OperatorError):
        inbound.conclude(conn, AttemptUid("0" * 26), said(Disposition.CONTACTED), BERLIN[0], NOW)


def test_who_wants_no_calls_is_called_at_none_of_the_numbers(conn: sqlite3.Connection) -> None:
    listed = new_list(conn, "a", CALLER)
    contact_numbers.put(conn, listed, CALLER, [("", CALLER), ("mobile", OTHER)])
    found = inbound.look_up(conn, CALLER, "")
    assert found.contact is not None
    call = come_in(conn, contact=found.contact.id)
    inbound.conclude(conn, call.uid, said(Disposition.DO_NOT_CALL), BERLIN[0], NOW)
    blocked = {each for each in (CALLER, OTHER) if dnc_lookup.look_up(conn, each)}
    assert blocked == {CALLER, OTHER}


def test_an_unknown_caller_is_promised_a_callback_as_a_new_contact(conn: sqlite3.Connection) -> None:
    listed = new_list(conn, "a", OTHER)
    call = come_in(conn, of=campaign(conn, listed))
    inbound.promise(conn, call, NOW + 3600, BERLIN[0], NOW)
    inbound.ended(conn, call.uid, HangupCause.NORMAL, Side.BOX, Outcome.MISSED, NOW)
    found = inbound.get(conn, call.uid)
    assert found.outcome is Outcome.CALLBACK
    assert found.contact_id is not None
    promise = callbacks.open_of(conn, found.contact_id)
    assert promise is not None
    assert (promise.id, promise.attempt_uid, promise.promised_at) == (found.promise_id, call.uid, NOW + 3600)
    assert [p.id for p in callbacks.agenda(conn, NOW + 3600)] == [promise.id]


def test_a_closed_contact_who_calls_is_promised_a_callback_too(conn: sqlite3.Connection) -> None:
    listed = new_list(conn, "a", CALLER)
    of = campaign(conn, listed)
    conn.execute("UPDATE contact SET state = 'closed', closed_reason = 'contacted'")
    found = inbound.look_up(conn, CALLER, "Service")
    assert found.contact is not None
    call = come_in(conn, contact=found.contact.id, of=of)
    inbound.promise(conn, call, NOW, BERLIN[0], NOW)
    assert len(callbacks.agenda(conn, NOW)) == 1


@pytest.mark.parametrize("caller", ["", CALLER])
def test_nobody_is_promised_a_callback_without_number_or_campaign(
    conn: sqlite3.Connection, caller: str
) -> None:
    listed = new_list(conn, "a", OTHER)
    of = campaign(conn, listed) if not caller else None
    call = come_in(conn, caller, of=of)
    with pytest.raises(OperatorError) as refused:
        inbound.conclude(conn, call.uid, said(Disposition.CALLBACK, callback_at=NOW + 60), BERLIN[0], NOW)
    assert refused.value.problems[0].key == "caller_unknown"


# -- other programs --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "events"),
    [
        (Outcome.ANSWERED, ["inbound.ended"]),
        (Outcome.MISSED, ["inbound.missed", "inbound.ended"]),
        (Outcome.BUSY, ["inbound.missed", "inbound.ended"]),
        (Outcome.CALLBACK, ["inbound.ended"]),
    ],
)
def test_other_programs_hear_how_a_call_ended(
    conn: sqlite3.Connection, outcome: Outcome, events: list[str]
) -> None:
    wanted = ["inbound.answered", "inbound.missed", "inbound.ended", "inbound.result"]
    webhooks.subscribe(conn, "http://127.0.0.1/x", "s", wanted, None, "Anna", NOW)
    uid = come_in(conn).uid
    inbound.ended(conn, uid, HangupCause.NORMAL, Side.CUSTOMER, outcome, NOW + 9)
    rows = conn.execute("SELECT event, body FROM webhook_event ORDER BY id").fetchall()
    assert [event for event, _ in rows] == events
    body = json.loads(rows[0][1])
    assert (body["uid"], body["outcome"], body["caller"]) == (uid, outcome, CALLER)


def test_other_programs_hear_who_answered_and_with_what_result(conn: sqlite3.Connection) -> None:
    webhooks.subscribe(
        conn, "http://127.0.0.1/x", "s", ["inbound.answered", "inbound.result"], None, "A", NOW
    )
    uid, user = come_in(conn).uid, agent(conn)
    inbound.connected(conn, uid, user, NOW + 3)
    inbound.conclude(
        conn, uid, inbound.Result(Disposition.CONTACTED, "sale", "ok", "k", user), BERLIN[0], NOW + 60
    )
    bodies = {
        event: json.loads(body) for event, body in conn.execute("SELECT event, body FROM webhook_event")
    }
    assert bodies["inbound.answered"]["agent_id"] == user
    assert (bodies["inbound.result"]["wrap_up_code"], bodies["inbound.result"]["note"]) == ("sale", "ok")


def test_a_call_cut_off_by_a_power_cut_is_told_too(conn: sqlite3.Connection) -> None:
    webhooks.subscribe(conn, "http://127.0.0.1/x", "s", ["inbound.missed"], None, "A", NOW)
    come_in(conn)
    assert inbound.interrupt_open(conn, NOW) == 1
    assert conn.execute("SELECT event FROM webhook_event").fetchall() == [("inbound.missed",)]


def test_a_queue_is_counted_apart_from_the_others(conn: sqlite3.Connection) -> None:
    soon, late, missed = (come_in(conn) for _ in range(3))
    user = agent(conn)
    inbound.connected(conn, soon.uid, user, NOW + 10)
    inbound.connected(conn, late.uid, user, NOW + 30)
    ends = {soon: Outcome.ANSWERED, late: Outcome.ANSWERED, missed: Outcome.MISSED}
    for call, outcome in ends.items():
        inbound.ended(conn, call.uid, HangupCause.NORMAL, Side.CUSTOMER, outcome, NOW + 99)
    assert inbound_lists.by_queue(conn, NOW - 1, 20.0) == {
        soon.rule: {"offered": 3, "answered": 2, "in_time": 1, "missed": 1, "promised": 0}
    }
    assert inbound_lists.by_queue(conn, NOW + 1, 20.0) == {}
