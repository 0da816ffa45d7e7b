"""What is due, in what order, and what a claim must never take."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from firmware.compliance.judge import judge as real_judge
from firmware.model import (
    CallWindow,
    CampaignSettings,
    ContactState,
    Disposition,
    OperatorError,
    Permit,
    Refusal,
)
from firmware.store import attempts, campaigns, claims, contacts, dnc
from tests.unit.store.helpers import (
    ANY_HOUR,
    BERLIN,
    NOW,
    broken_invariants,
    claim,
    new_campaign,
    new_list,
    number,
    permit,
)


def test_a_campaign_without_a_list_claims_nothing(conn: sqlite3.Connection) -> None:
    campaign = campaigns.create(conn, CampaignSettings("none"), NOW)
    with pytest.raises(OperatorError, match="no contact list"):
        claim(conn, campaign)


@pytest.mark.req("GEN-060")
def test_a_missing_dnc_list_stops_the_claim(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 1), dnc_list_ids=[77])
    with pytest.raises(OperatorError, match="no DNC list 77"):
        claim(conn, campaign)
    assert attempts.open_attempts(conn) == []


def test_a_judge_that_fails_leaves_no_attempt(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 3))
    seen: list[str] = []

    def fails_on_the_second(candidate: claims.Candidate) -> Permit:
        seen.append(candidate.number)
        if len(seen) == 2:
            raise RuntimeError("no rule pack")
        return permit(candidate)

    with pytest.raises(RuntimeError):
        claim(conn, campaign, 3, judge=fails_on_the_second)
    assert attempts.open_attempts(conn) == []


def test_order_is_priority_then_longest_due_then_import(conn: sqlite3.Connection) -> None:
    list_id = contacts.create_list(conn, "l", NOW)
    rows = [(0, 0, BERLIN), (1, 5, BERLIN), (2, 5, ("Europe/London",)), (3, 0, BERLIN), (4, -3, BERLIN)]
    contacts.add(conn, list_id, [contacts.NewContact(number(i), "", zones, p) for i, p, zones in rows])
    conn.execute("UPDATE contact SET next_at = ? WHERE number = ?", (NOW - 5, int(number(1)[1:])))
    campaign = new_campaign(conn, list_id)
    order = [int(c.number[-3:]) for c in claim(conn, campaign, 9).claims]
    assert order == [2, 1, 0, 3, 4]


def test_what_is_not_due_is_left_and_its_time_told(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 2))
    conn.execute("UPDATE contact SET next_at = ? + id", (NOW,))
    assert claim(conn, campaign).next_due_at == NOW + 1
    claimed = claim(conn, campaign, now=NOW + 1)
    assert (len(claimed.claims), claimed.next_due_at) == (1, NOW + 2)
    assert claim(conn, campaign, now=NOW + 2).next_due_at is None


def test_nothing_is_claimed_for_a_limit_of_nothing(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 1))
    assert claim(conn, campaign, 0) == claims.Claimed([], 0, 0, 0.0)


def test_a_claimed_contact_is_not_claimed_again(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 3))
    first = {c.contact_id for c in claim(conn, campaign, 2).claims}
    second = {c.contact_id for c in claim(conn, campaign, 2).claims}
    assert (len(first), len(second), first & second) == (2, 1, set())
    assert claim(conn, campaign, 2).claims == []


def test_a_number_in_flight_elsewhere_is_passed_over(conn: sqlite3.Connection) -> None:
    ours, theirs = new_campaign(conn, new_list(conn, 2)), new_campaign(conn, new_list(conn, 3))
    taken = claim(conn, ours, 2).claims
    claimed = claim(conn, theirs, 3)
    assert [c.number for c in claimed.claims] == [number(2)]
    attempts.dispose(conn, taken[0].attempt_uid, Disposition.BUSY, NOW, None)
    assert [c.number for c in claim(conn, theirs, 3).claims] == [number(0)]


def test_two_in_flight_with_one_number_are_impossible_in_sql(conn: sqlite3.Connection) -> None:
    claim(conn, new_campaign(conn, new_list(conn, 1)))
    other = new_list(conn, 1)
    with pytest.raises(sqlite3.IntegrityError):
        conn.execute("UPDATE contact SET state = 'in_flight' WHERE list_id = ?", (other,))


def test_the_gap_is_the_numbers_not_the_lists(conn: sqlite3.Connection) -> None:
    ours, theirs = new_campaign(conn, new_list(conn, 1)), new_campaign(conn, new_list(conn, 1))
    attempts.dispose(conn, claim(conn, ours).claims[0].attempt_uid, Disposition.ABANDONED, NOW + 9, None)
    seen: list[claims.Candidate] = []

    def look(candidate: claims.Candidate) -> Permit | Refusal:
        seen.append(candidate)
        return Refusal("too_soon", NOW + 3600)

    claim(conn, theirs, judge=look)
    assert (seen[0].attempts, seen[0].last_attempt_at, seen[0].abandoned_before) == (0, NOW, True)


def test_a_refusal_postpones_or_closes_and_is_counted(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 3))
    answers = {0: Refusal("too_soon", NOW + 50), 1: Refusal("attempts_used_up")}
    claimed = claim(conn, campaign, 3, judge=lambda c: answers.get(int(c.number[-3:])) or permit(c))
    assert (len(claimed.claims), claimed.postponed, claimed.closed) == (1, 1, 1)
    assert claimed.next_due_at == NOW + 50
    counted = campaigns.counters(conn, campaign)
    assert counted.refused == {"too_soon": 1, "attempts_used_up": 1}
    assert (counted.open, counted.in_flight, counted.closed) == (1, 1, 1)
    assert broken_invariants(conn) == []


@pytest.mark.req("GEN-060", "GEN-065", "GEN-066")
def test_dnc_lists_are_asked_at_the_claim_with_their_versions(conn: sqlite3.Connection) -> None:
    own = dnc.create_list(conn, "Own", NOW)
    other = dnc.create_list(conn, "Not asked", NOW)
    dnc.add(conn, own, [number(0)], "test", NOW)
    dnc.add(conn, dnc.OPT_OUTS, [number(1)], "an earlier campaign", NOW)
    dnc.add(conn, other, [number(2)], "test", NOW)
    campaign = new_campaign(conn, new_list(conn, 3), dnc_list_ids=[own])
    claimed = claim(conn, campaign, 3, judge=lambda c: Refusal("dnc", None, {}) if c.dnc_hits else permit(c))
    assert [c.number for c in claimed.claims] == [number(2)]
    assert claimed.claims[0].permit.dnc_lists == {"Opt-outs": 2, "Own": 2}
    assert claimed.closed == 2
    reasons = conn.execute("SELECT DISTINCT closed_reason FROM contact WHERE state = 'closed'").fetchall()
    assert reasons == [("dnc",)]


def _settings(conn: sqlite3.Connection, campaign: Any, **changes: Any) -> CampaignSettings:
    settings = campaigns.get(conn, campaign).settings
    return CampaignSettings(**{f: changes.get(f, getattr(settings, f)) for f in settings.__slots__})


@pytest.mark.req("GEN-061")
def test_a_sleeping_zone_costs_one_judgement_and_no_write(conn: sqlite3.Connection) -> None:
    list_id = contacts.create_list(conn, "l", NOW)
    east = [contacts.NewContact(number(i), "", ("Asia/Tokyo",), i % 3) for i in range(300)]
    west = [contacts.NewContact(number(400 + i), "", BERLIN) for i in range(5)]
    contacts.add(conn, list_id, [*east, *west])
    campaign = new_campaign(conn, list_id)
    # NOW is a Thursday, 22:26 in Berlin and Friday 05:26 in Tokyo.
    windows = (CallWindow(3, 22 * 60, 23 * 60), CallWindow(4, 540, 600))
    settings = _settings(conn, campaign, windows=windows, **ANY_HOUR)
    asked: list[str] = []

    def counting(candidate: claims.Candidate) -> Permit | Refusal:
        asked.append(candidate.number)
        return real_judge(candidate, settings, NOW)

    claimed = claim(conn, campaign, 3, judge=counting)
    assert sorted(c.number for c in claimed.claims) == [number(400), number(401), number(402)]
    assert (len(asked), claimed.postponed, claimed.closed) == (4, 0, 0)
    assert claimed.next_due_at == 0.0
    rest = claim(conn, campaign, 9, judge=counting)
    assert len(rest.claims) == 2
    assert rest.next_due_at == NOW + (9 * 60 - (5 * 60 + 26)) * 60 - 40


def test_those_asleep_are_not_even_read(conn: sqlite3.Connection) -> None:
    steps: dict[int, int] = {}
    for asleep in (20, 2000):
        list_id = contacts.create_list(conn, "l", NOW)
        tokyo = [
            contacts.NewContact(f"+493023125{asleep + i:04d}", "", ("Asia/Tokyo",)) for i in range(asleep)
        ]
        contacts.add(conn, list_id, tokyo)
        campaign = new_campaign(conn, list_id)
        ran: list[int] = []
        conn.set_progress_handler(lambda ran=ran: ran.append(1), 1)  # one per step of SQLite's machine
        claim(conn, campaign, 5, judge=lambda _: Refusal("window_closed", NOW + 60, of_zones=True))
        conn.set_progress_handler(None, 1)
        steps[asleep] = len(ran)
    assert steps[2000] < 1.2 * steps[20]


def test_the_real_rule_of_windows_is_known_here() -> None:
    candidate = claims.Candidate(0, number(0), "", {}, BERLIN, 0, False, None, None, (), {})  # type: ignore[arg-type]
    refusal = real_judge(candidate, CampaignSettings("c", windows=(CallWindow(0, 0, 1),), **ANY_HOUR), NOW)
    assert isinstance(refusal, Refusal)
    assert (refusal.rule, refusal.of_zones) == ("window_closed", True)


def test_a_long_row_of_refusals_is_cut_into_portions(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, claims.JUDGED_AT_MOST + 7))

    def hopeless(candidate: claims.Candidate) -> Permit | Refusal:
        return Refusal("attempts_used_up")

    assert claim(conn, campaign, 5, judge=hopeless).closed == claims.JUDGED_AT_MOST
    second = claim(conn, campaign, 5, judge=hopeless)
    assert (second.closed, second.next_due_at) == (7, None)


def test_claims_and_permits_are_one_to_one(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 2))
    for made in claim(conn, campaign, 2).claims:
        stored = attempts.get(conn, made.attempt_uid)
        assert (stored.permit, stored.number, stored.contact_id) == (
            made.permit,
            made.number,
            made.contact_id,
        )
        contact = contacts.get(conn, made.contact_id)
        assert contact is not None
        assert (contact.state, contact.attempts, contact.last_attempt_at) == (ContactState.IN_FLIGHT, 1, NOW)
