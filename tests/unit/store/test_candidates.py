"""What the judge is told of a contact: its number's past, its consent, and blocks that end by themselves."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest

from firmware.compliance.judge import judge
from firmware.model import (
    CallWindow,
    CampaignId,
    CampaignSettings,
    CampaignState,
    Claim,
    ContactId,
    Disposition,
    Permit,
    Purpose,
    Refusal,
)
from firmware.store import attempts, campaigns, candidates, claims, consents, contacts, dnc
from tests.unit.store.helpers import ANY_HOUR, NOW, number

ALWAYS = tuple(CallWindow(day, 0, 1440) for day in range(7))
DAY_S = 86400.0


def office(conn: sqlite3.Connection, count: int = 1, **settings: object) -> CampaignId:
    """A running campaign that may call at any hour, over contacts of its own with the usual numbers."""
    list_id = contacts.create_list(conn, "l", NOW)
    contacts.add(conn, list_id, [contacts.NewContact(number(i)) for i in range(count)])
    made = CampaignSettings("c", list_id, windows=ALWAYS, min_gap_s=0.0, **{**ANY_HOUR, **settings})  # type: ignore[arg-type]
    campaign = campaigns.create(conn, made, NOW)
    campaigns.set_state(conn, campaign, CampaignState.RUNNING, NOW)
    return campaign


def call(conn: sqlite3.Connection, campaign: CampaignId, now: float, contact: int = 1) -> Claim | Refusal:
    found = campaigns.get(conn, campaign)
    return claims.claim_contact(
        conn, found, ContactId(contact), now, lambda c: judge(c, found.settings, now), move=False
    )


def called(conn: sqlite3.Connection, campaign: CampaignId, now: float, end: Disposition) -> None:
    made = call(conn, campaign, now)
    assert isinstance(made, Claim), made
    attempts.dispose(conn, made.attempt_uid, end, now, now)


@pytest.mark.req("GEN-070", "GEN-071")
def test_a_block_that_ends_postpones_and_one_that_does_not_closes(conn: sqlite3.Connection) -> None:
    campaign = office(conn, 3)
    dnc.add(conn, dnc.OPT_OUTS, [number(0)], "test", NOW, expires_at=NOW + 3600)
    dnc.add(conn, dnc.OPT_OUTS, [number(1)], "test", NOW)
    found = campaigns.get(conn, campaign)
    made = claims.claim_due(conn, found, NOW, 9, lambda c: judge(c, found.settings, NOW))
    assert [c.number for c in made.claims] == [number(2)]
    assert (made.postponed, made.closed, made.next_due_at) == (1, 1, NOW + 3600)
    later = NOW + 3600
    made = claims.claim_due(conn, found, later, 9, lambda c: judge(c, found.settings, later))
    assert [c.number for c in made.claims] == [number(0)]


def test_the_longest_of_several_blocks_counts(conn: sqlite3.Connection) -> None:
    other = dnc.create_list(conn, "Other", NOW)
    campaign = office(conn, dnc_list_ids=(other,))
    dnc.add(conn, dnc.OPT_OUTS, [number(0)], "test", NOW, expires_at=NOW + 60)
    dnc.add(conn, other, [number(0)], "test", NOW, expires_at=NOW + 7200)
    dnc.add(conn, other, ["+493023*"], "test", NOW, expires_at=NOW + 9000)
    refusal = call(conn, campaign, NOW)
    assert isinstance(refusal, Refusal)
    assert (refusal.rule, refusal.until) == ("dnc", NOW + 9000)
    assert isinstance(call(conn, campaign, NOW + 9000), Claim)


def test_attempts_are_counted_per_number_over_all_campaigns(conn: sqlite3.Connection) -> None:
    rules = {**ANY_HOUR["rules"], "attempts_per_day": 2, "attempts_per_campaign": 3}
    ours, theirs = (office(conn, rules=rules, max_attempts=30) for _ in range(2))
    called(conn, ours, NOW, Disposition.BUSY)
    called(conn, ours, NOW + 60, Disposition.BUSY)
    refusal = call(conn, theirs, NOW + 120, 2)
    assert isinstance(refusal, Refusal)
    assert (refusal.rule, refusal.until) == ("period_limit", NOW + DAY_S)
    called(conn, ours, NOW + DAY_S, Disposition.BUSY)
    refusal = call(conn, ours, NOW + 3 * DAY_S)
    assert isinstance(refusal, Refusal)
    assert refusal.rule == "campaign_limit"
    claim = call(conn, theirs, NOW + 3 * DAY_S, 2)
    assert isinstance(claim, Claim)
    assert claim.permit.counters == {"day": 0, "week": 3, "month": 3, "campaign": 0}


def test_an_attempt_taken_back_counts_nowhere(conn: sqlite3.Connection) -> None:
    campaign = office(conn)
    made = call(conn, campaign, NOW)
    assert isinstance(made, Claim)
    claims.requeue(conn, made.attempt_uid, NOW)
    past = candidates.history(conn, int(number(0)[1:]), campaign, NOW)
    assert past == candidates.History(None, None, None, (), 0)


@pytest.mark.parametrize(
    ("end", "rule", "gap_s"),
    [
        (Disposition.ABANDONED, "abandoned_recently", 72 * 3600),
        (Disposition.MACHINE, "machine_recently", DAY_S),
        (Disposition.BUSY, "", 0.0),
    ],
)
def test_nobody_is_called_soon_after_an_abandoned_or_machine_call(
    conn: sqlite3.Connection, end: Disposition, rule: str, gap_s: float
) -> None:
    campaign = office(conn)
    called(conn, campaign, NOW, end)
    answer = call(conn, campaign, NOW + 1)
    assert (answer.rule if isinstance(answer, Refusal) else "") == rule
    if rule:
        assert isinstance(call(conn, campaign, NOW + gap_s - 1), Refusal)
        assert isinstance(call(conn, campaign, NOW + gap_s), Claim)


@pytest.mark.req("GEN-106")
@pytest.mark.parametrize(
    ("purpose", "until", "allowed"),
    [
        ("sales", None, True),
        ("all", None, True),
        ("sales", NOW + 60, True),
        ("sales", NOW, False),
        ("research", None, False),
        ("automated", None, False),
    ],
)
def test_a_record_counts_for_its_purpose_and_its_time(
    conn: sqlite3.Connection, purpose: str, until: float | None, allowed: bool
) -> None:
    campaign = office(conn, purpose=Purpose.SALES)
    new = consents.NewConsent(number(0), purpose, NOW - 60, "form", "Yes.", until)
    consents.add(conn, new, "office", NOW)
    answer = call(conn, campaign, NOW)
    assert isinstance(answer, Claim) is allowed


def test_consent_that_comes_later_brings_the_contact_back(conn: sqlite3.Connection) -> None:
    campaign = office(conn, 2, purpose=Purpose.SALES)
    found = campaigns.get(conn, campaign)
    made = claims.claim_due(conn, found, NOW, 9, lambda c: judge(c, found.settings, NOW))
    assert (made.closed, made.claims) == (2, [])
    consents.add(conn, consents.NewConsent(number(1), "sales", NOW, "call", "Yes."), "anna", NOW)
    made = claims.claim_due(conn, found, NOW, 9, lambda c: judge(c, found.settings, NOW))
    assert [c.number for c in made.claims] == [number(1)]
    assert made.claims[0].permit.consent["sales"]["source"] == "call"


def test_a_mistake_in_the_rules_moves_no_contact(conn: sqlite3.Connection) -> None:
    campaign = office(conn, 3, rule_pack="xx")
    found = campaigns.get(conn, campaign)
    for settings in (
        found.settings,
        replace(found.settings, rule_pack="de", windows=(CallWindow(6, 0, 60),)),
        replace(found.settings, rule_pack="de", windows=ALWAYS, caller_id="+49900123456"),
    ):
        asked = replace(found, settings=settings)
        made = claims.claim_due(conn, asked, NOW, 9, lambda c, s=settings: judge(c, s, NOW))
        assert (made.claims, made.postponed, made.closed) == ([], 0, 0)
    made = claims.claim_due(
        conn, found, NOW, 9, lambda c: judge(c, replace(found.settings, rule_pack="own"), NOW)
    )
    assert len(made.claims) == 3
    assert all(isinstance(c.permit, Permit) for c in made.claims)
