"""Records on offer: kept for one agent, given back in order, and never two ways at once."""

from __future__ import annotations

import sqlite3

import pytest

from firmware.model import CampaignId, Claim, ContactId, Permit, Refusal, UserId
from firmware.store import attempts, campaigns, claims, contacts, offers, pacing_state
from firmware.store.offers import Outcome
from tests.unit.store.helpers import (
    NOW,
    broken_invariants,
    claim,
    new_campaign,
    new_list,
    new_user,
    number,
    permit,
    uid_of,
)


def next_for(conn: sqlite3.Connection, campaign: CampaignId, user: UserId, at: float = NOW) -> str | None:
    found = offers.offer_next(conn, campaigns.get(conn, campaign), user, at, permit)
    return None if found is None else found.number


def contact_of(conn: sqlite3.Connection, user: UserId) -> ContactId:
    (contact,) = conn.execute("SELECT contact_id FROM offer WHERE user_id = ?", (user,)).fetchone()
    return ContactId(contact)


@pytest.mark.req("GEN-001")
def test_a_record_on_offer_is_claimed_by_nobody_and_offered_to_nobody_else(conn: sqlite3.Connection) -> None:
    anna, bernd = new_user(conn), new_user(conn, "bernd")
    campaign = new_campaign(conn, new_list(conn, 2))
    assert (next_for(conn, campaign, anna), next_for(conn, campaign, bernd)) == (number(0), number(1))
    assert claim(conn, campaign, 5).claims == []
    assert attempts.open_attempts(conn) == []


def test_an_agent_has_one_record_at_most(conn: sqlite3.Connection) -> None:
    anna = new_user(conn)
    campaign = new_campaign(conn, new_list(conn, 2))
    next_for(conn, campaign, anna)
    with pytest.raises(sqlite3.IntegrityError):
        next_for(conn, campaign, anna)


@pytest.mark.parametrize("outcome", [o for o in Outcome if o not in (Outcome.DIALLED, Outcome.REFUSED)])
def test_what_ends_an_offer_puts_the_record_back_on_top_or_leaves_it_for_later(
    conn: sqlite3.Connection, outcome: Outcome
) -> None:
    anna = new_user(conn)
    list_id = new_list(conn, 1)
    conn.execute("UPDATE contact SET next_at = ?", (NOW - 60,))
    campaign = new_campaign(conn, list_id)
    assert next_for(conn, campaign, anna) == number(0)
    contacts.add(conn, list_id, [contacts.NewContact(number(7))])  # imported meanwhile, due at once
    assert offers.end(conn, contact_of(conn, anna), outcome, NOW, "x", NOW + 60)
    first = next_for(conn, campaign, anna)
    assert first == (number(7) if outcome is Outcome.SKIPPED else number(0))
    assert campaigns.counters(conn, campaign).offers == {outcome: 1}


def test_an_offer_ends_once(conn: sqlite3.Connection) -> None:
    anna = new_user(conn)
    campaign = new_campaign(conn, new_list(conn, 1))
    next_for(conn, campaign, anna)
    contact = contact_of(conn, anna)
    assert offers.end(conn, contact, Outcome.REJECTED, NOW)
    assert not offers.end(conn, contact, Outcome.MISSED, NOW)
    assert campaigns.counters(conn, campaign).offers == {"rejected": 1}


def test_dialling_makes_the_attempt_with_its_permit_and_its_agent(conn: sqlite3.Connection) -> None:
    anna = new_user(conn)
    campaign = new_campaign(conn, new_list(conn, 1))
    next_for(conn, campaign, anna)
    found = campaigns.get(conn, campaign)
    made = offers.dial(conn, found, anna, contact_of(conn, anna), NOW, permit)
    assert isinstance(made, Claim)
    stored = attempts.get(conn, made.attempt_uid)
    assert (stored.user_id, stored.permit.number) == (anna, number(0))
    assert conn.execute("SELECT count(*) FROM offer").fetchone() == (0,)
    assert broken_invariants(conn) == []


@pytest.mark.req("GEN-060")
def test_a_refusal_at_the_moment_of_dialling_makes_no_attempt(conn: sqlite3.Connection) -> None:
    anna = new_user(conn)
    campaign = new_campaign(conn, new_list(conn, 1))
    next_for(conn, campaign, anna)
    contact = contact_of(conn, anna)
    found = campaigns.get(conn, campaign)
    answer = offers.dial(conn, found, anna, contact, NOW, lambda _: Refusal("too_soon", NOW + 60))
    assert answer == Refusal("too_soon", NOW + 60)
    assert attempts.open_attempts(conn) == []
    kept = contacts.get(conn, contact)
    assert kept is not None
    assert kept.next_at == NOW + 60
    assert offers.dial(conn, found, anna, contact, NOW, permit) == Refusal("contact_gone")


def test_nobody_dials_anothers_record(conn: sqlite3.Connection) -> None:
    anna, bernd = new_user(conn), new_user(conn, "bernd")
    campaign = new_campaign(conn, new_list(conn, 1))
    next_for(conn, campaign, anna)
    contact = contact_of(conn, anna)
    assert offers.dial(conn, campaigns.get(conn, campaign), bernd, contact, NOW, permit) == Refusal(
        "contact_gone"
    )
    assert contact_of(conn, anna) == contact


def test_what_was_on_offer_when_the_box_stopped_is_taken_back(conn: sqlite3.Connection) -> None:
    anna = new_user(conn)
    campaign = new_campaign(conn, new_list(conn, 1))
    next_for(conn, campaign, anna)
    assert offers.clear(conn, NOW) == 1
    assert offers.clear(conn, NOW) == 0
    assert next_for(conn, campaign, anna) == number(0)


def test_a_typed_number_is_a_contact_only_if_it_is_dialled(conn: sqlite3.Connection) -> None:
    anna, bernd = new_user(conn), new_user(conn, "bernd")
    list_id = new_list(conn, 1)
    campaign = campaigns.get(conn, new_campaign(conn, list_id))

    def typed(judge: claims.Judge, user: UserId = anna) -> claims.Candidate | Refusal:
        return offers.offer_number(conn, campaign, user, number(9), ("Europe/Berlin",), NOW, judge)

    assert typed(lambda _: Refusal("dnc")) == Refusal("dnc")
    assert contacts.counts(conn, list_id).contacts == 1
    assert isinstance(typed(permit), claims.Candidate)
    assert typed(permit, bernd) == Refusal("offered")
    offers.end(conn, contact_of(conn, anna), Outcome.WITHDRAWN, NOW)
    assert contacts.counts(conn, list_id).contacts == 1
    assert isinstance(typed(permit), claims.Candidate)
    assert isinstance(offers.dial(conn, campaign, anna, contact_of(conn, anna), NOW, permit), Claim)
    assert contacts.counts(conn, list_id).contacts == 2
    assert typed(permit, bernd) == Refusal("in_flight")


def test_the_legal_window_is_counted_from_the_records(conn: sqlite3.Connection) -> None:
    from firmware.model import AmdLabel, Disposition

    anna, uid = new_user(conn), uid_of(conn)
    campaign = attempts.get(conn, uid).campaign_id
    assert pacing_state.window_counts(conn, campaign, NOW - 1) == pacing_state.WindowCounts(0, 0, 0)
    attempts.mark_verdict(conn, uid, AmdLabel.MACHINE, 0.9, "beep", {}, NOW)
    attempts.dispose(conn, uid, Disposition.MACHINE, NOW, None)
    for _ in range(2):
        assert pacing_state.report_person(conn, uid, anna, NOW) == campaign
    assert pacing_state.window_counts(conn, campaign, NOW - 1) == pacing_state.WindowCounts(1, 1, 1)
    assert pacing_state.window_counts(conn, campaign, NOW + 1) == pacing_state.WindowCounts(0, 0, 0)


def test_what_pacing_learned_is_kept_as_it_was(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 1))
    assert pacing_state.load(conn, campaign) is None
    for state in ({"version": 1, "steering": {"theta": 0.01}}, {"version": 1, "steering": {"theta": 0.2}}):
        pacing_state.save(conn, campaign, NOW, state)
        assert pacing_state.load(conn, campaign) == state


def test_a_permit_is_a_permit(conn: sqlite3.Connection) -> None:
    campaign = campaigns.get(conn, new_campaign(conn, new_list(conn, 1)))
    (contact,) = conn.execute("SELECT id FROM contact").fetchone()
    found = claims.judge_contact(conn, campaign, ContactId(contact), NOW, permit)
    assert not isinstance(found, Refusal)
    assert isinstance(found[1], Permit)
    assert attempts.open_attempts(conn) == []
