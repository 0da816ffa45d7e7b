"""Claims what is due: contact in flight, attempt ``intent`` and permit in one transaction, before any INVITE.

A refusal that holds for everybody in the same zones (the call window) sets them all aside for this claim without
touching a row: a list of which half a continent is asleep costs one judgement, not half a million updates. Finding
what is due is ``due``'s, what is known of a contact ``candidates``', the chain ``permits``'; judging is the caller's
and must be pure.
"""

from __future__ import annotations

import math
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace

from firmware.model import (
    AttemptUid,
    CampaignId,
    Claim,
    ContactId,
    ContactListId,
    DiallingMode,
    Disposition,
    HangupCause,
    OperatorError,
    Permit,
    Problem,
    Refusal,
    Side,
)
from firmware.rulebook.rules import Moment, Outcome
from firmware.store import campaigns, candidates, contact_numbers, due, ordering, permits, rule_books, scrub
from firmware.store.attempts import new_uid
from firmware.store.candidates import Asked, Candidate
from firmware.store.words import canonical

__all__ = [
    "Candidate",
    "Claimed",
    "Judge",
    "claim_contact",
    "claim_due",
    "first_due",
    "judge_contact",
    "list_of",
    "permit_json",
    "requeue",
    "stage_of",
]

JUDGED_AT_MOST = 400
"""Candidates per claim besides those granted; the rest waits for the next claim, and calls in progress do not."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """``postponed`` and ``closed`` count contacts the judge moved; ``next_due_at`` when to ask again, if ever."""

    claims: list[Claim]
    postponed: int
    closed: int
    next_due_at: float | None


Judge = Callable[[Candidate], Permit | Refusal]


@dataclass(slots=True)
class _Round:
    """What one claim has decided so far; written only when all reading is over."""

    ordering: ordering.Ordering | None
    """The campaign's own order; None: its list's."""
    granted: list[tuple[Candidate, Permit, Outcome | None]] = field(default_factory=list)
    """The outcome is what the campaign's rules want of the contact besides; None: nothing."""
    held: list[tuple[Candidate, Outcome]] = field(default_factory=list)
    """Permitted, and held back by a rule."""
    refused: list[tuple[Candidate, Refusal]] = field(default_factory=list)
    asleep: dict[str, float] = field(default_factory=dict)


def claim_due(
    conn: sqlite3.Connection, campaign: campaigns.Campaign, now: float, limit: int, judge: Judge
) -> Claimed:
    """Claim up to ``limit`` due contacts the judge permits; what it refuses is postponed or closed.

    A number that is in flight in any campaign is passed over, and so is a contact that is offered to an agent. Run it
    inside a transaction (``Store.do``).

    :raises OperatorError: the campaign has no contact list, or a DNC list it must ask is gone.
    """
    decided = _decide(conn, campaign, now, limit, judge, stage=stage_of(campaign, by_agents=False))
    kept = permits.keep_settings(conn, campaign.settings) if decided.granted else ""
    claims = [
        _grant(conn, campaign, each, replace(permit, settings=kept), now, outcome)
        for each, permit, outcome in decided.granted
    ]
    postponed = sum(refusal.until is not None for _, refusal in decided.refused)
    soonest = _next_due(conn, campaign, decided, now)
    return Claimed(claims, postponed, len(decided.refused) - postponed, soonest)


def first_due(
    conn: sqlite3.Connection,
    campaign: campaigns.Campaign,
    now: float,
    judge: Judge,
    owners: due.Owners | None = None,
    passed: Collection[ContactId] = (),
    stage: due.Stage | None = None,
) -> Candidate | None:
    """Return the first due contact the judge would permit, without claiming it; refusals count as in a claim.

    Only contacts of ``owners`` (or of nobody) are looked at, and none in ``passed``.

    :raises OperatorError: as ``claim_due``.
    """
    decided = _decide(conn, campaign, now, 1, judge, owners, passed, stage)
    return decided.granted[0][0] if decided.granted else None


def stage_of(campaign: campaigns.Campaign, *, by_agents: bool) -> due.Stage | None:
    """Return which contacts agents dial themselves, or the others; None where that makes no difference."""
    settings = campaign.settings
    if settings.mode is DiallingMode.PREVIEW or not (settings.preview_after or settings.preview_field):
        return None
    return due.Stage(by_agents)


def claim_contact(
    conn: sqlite3.Connection,
    campaign: campaigns.Campaign,
    contact: ContactId,
    now: float,
    judge: Judge,
    *,
    move: bool = True,
) -> Claim | Refusal:
    """Claim one contact, due or not, if the judge permits it at this moment.

    ``move``: a refusal postpones or closes the contact, as in ``claim_due``. Besides the judge's refusals there are
    ``contact_gone`` and ``in_flight`` (the number is being dialled already); neither moves anything.

    :raises OperatorError: as ``claim_due``.
    """
    found = judge_contact(conn, campaign, contact, now, judge, note=True)
    if isinstance(found, Refusal):
        return found
    candidate, answer = found
    if isinstance(answer, Permit):
        outcome = rule_books.before(conn, campaign.id, campaign.settings, contact, now)
        if outcome is not None and outcome.held_back:
            return _held_back(conn, campaign, candidate, outcome, now)
        kept = permits.keep_settings(conn, campaign.settings)
        return _grant(conn, campaign, candidate, replace(answer, settings=kept), now, outcome)
    if move:
        _refuse(conn, campaign, candidate, answer)
        campaigns.note_refusals(conn, campaign.id, Counter([answer.rule]), now)
    return answer


def judge_contact(
    conn: sqlite3.Connection,
    campaign: campaigns.Campaign,
    contact: ContactId,
    now: float,
    judge: Judge,
    *,
    note: bool = False,
) -> tuple[Candidate, Permit | Refusal] | Refusal:
    """Ask the judge about one contact and move nothing; ``contact_gone`` and ``in_flight`` are refused unasked.

    ``note``: a scrub service that has not answered for the number is to be asked.

    :raises OperatorError: as ``claim_due``.
    """
    row = due.of_contact(conn, contact)
    if row is None:
        return Refusal("contact_gone")
    if conn.execute("SELECT 1 FROM contact WHERE state = 'in_flight' AND dialled = ?", (row[3],)).fetchone():
        return Refusal("in_flight")
    asked = candidates.asked_for(conn, campaign, now)
    candidate = candidates.candidate(conn, row, asked)
    answer = (
        scrub.objection(conn, asked.lists, row[3], now, note)
        or contact_numbers.used_up(candidate.campaign_dials, asked.most_dials)
        or judge(candidate)
    )
    return candidate, answer


def requeue(conn: sqlite3.Connection, uid: AttemptUid, now: float, next_at: float | None = None) -> bool:
    """Take back an attempt whose INVITE provably never left: the contact is due again and was not dialled.

    The attempt stays on record as ``failed``, marked as never sent, and counts nowhere. False if it is closed.

    :raises OperatorError: something is known of the far end, so it has been dialled.
    """
    row = conn.execute(
        "SELECT contact_id, number, state, disposition FROM attempt WHERE uid = ?", (uid,)
    ).fetchone()
    if row is None or row[3] is not None:
        return False
    contact, number, state, _ = row
    if state != "intent":
        raise OperatorError(Problem("attempt", "attempt_dialled", "This call has left the box already."))
    conn.execute(
        "UPDATE attempt SET sent = 0, state = 'closed', disposition = ?, disposed_at = ?, hangup_cause = ?,"
        " ended_by = ?, ended_at = ? WHERE uid = ?",
        (Disposition.FAILED, now, HangupCause.OUR_FAULT, Side.BOX, now, uid),
    )
    last = candidates.history(conn, number, CampaignId(0), now).last_at
    conn.execute(
        "UPDATE contact SET state = 'open', next_at = ?, attempts = attempts - 1, last_attempt_at = ? WHERE id = ?",
        (now if next_at is None else next_at, last, contact),
    )
    return True


def _decide(
    conn: sqlite3.Connection,
    campaign: campaigns.Campaign,
    now: float,
    limit: int,
    judge: Judge,
    owners: due.Owners | None = None,
    passed: Collection[ContactId] = (),
    stage: due.Stage | None = None,
) -> _Round:
    """Judge due contacts until ``limit`` are granted, and move those refused."""
    asked, decided = candidates.asked_for(conn, campaign, now), _Round(ordering.current(conn, campaign, now))
    if limit > 0:
        with closing(_due(conn, campaign, now, decided, owners, stage)) as rows:
            fresh = (row for row in rows if row[2] not in passed)
            _judge_due(conn, campaign, fresh, limit, judge, asked, decided)
    for candidate, refusal in decided.refused:
        _refuse(conn, campaign, candidate, refusal)
    if decided.refused:
        campaigns.note_refusals(conn, campaign.id, Counter(r.rule for _, r in decided.refused), now)
    for candidate, outcome in decided.held:
        _held_back(conn, campaign, candidate, outcome, now)
    return decided


def _held_back(
    conn: sqlite3.Connection, campaign: campaigns.Campaign, candidate: Candidate, outcome: Outcome, now: float
) -> Refusal:
    """Carry out rules that hold a call back, and say it as a refusal."""
    why = rule_books.hold_back(conn, campaign.id, candidate.contact_id, outcome, now)
    campaigns.note_refusals(conn, campaign.id, Counter([why]), now)
    names = ", ".join(rule.name for rule in outcome.fired)
    return Refusal(why, outcome.skip.until_at if outcome.skip else None, {"rule": names})


def _due(
    conn: sqlite3.Connection,
    campaign: campaigns.Campaign,
    now: float,
    decided: _Round,
    owners: due.Owners | None,
    stage: due.Stage | None,
) -> due.Source:
    """Due contacts in the campaign's order, or in its list's."""
    list_id = list_of(campaign)
    if decided.ordering is None:
        return due.merged(conn, list_id, now, decided.asleep)
    return due.ordered(conn, decided.ordering, now, decided.asleep, owners, stage)


def _next_due(
    conn: sqlite3.Connection, campaign: campaigns.Campaign, decided: _Round, now: float
) -> float | None:
    if decided.ordering is None:
        return due.next_due(conn, list_of(campaign), decided.asleep)
    level = due.stage_number(stage_of(campaign, by_agents=False))
    return ordering.next_due(conn, decided.ordering, level, decided.asleep, now)


def _judge_due(
    conn: sqlite3.Connection,
    campaign: campaigns.Campaign,
    rows: Iterator[due.Row],
    limit: int,
    judge: Judge,
    asked: Asked,
    decided: _Round,
) -> None:
    taken: set[int] = set()
    for row in rows:
        # Two contacts of a list can share one of their numbers; a claim dials it once.
        if row[3] in taken:
            continue
        candidate = candidates.candidate(conn, row, asked)
        answer = (
            scrub.objection(conn, asked.lists, row[3], asked.now)
            or contact_numbers.used_up(candidate.campaign_dials, asked.most_dials)
            or judge(candidate)
        )
        if isinstance(answer, Permit):
            outcome = rule_books.before(conn, campaign.id, campaign.settings, candidate.contact_id, asked.now)
            if outcome is not None and outcome.held_back:
                decided.held.append((candidate, outcome))
            else:
                decided.granted.append((candidate, answer, outcome))
                taken.add(row[3])
        elif answer.of_zones:
            decided.asleep[row[6]] = math.inf if answer.until is None else answer.until
        else:
            decided.refused.append((candidate, answer))
        if len(decided.granted) == limit or len(decided.refused) + len(decided.held) == JUDGED_AT_MOST:
            break


def list_of(campaign: campaigns.Campaign) -> ContactListId:
    """Return the campaign's contact list. :raises OperatorError: it has none."""
    list_id = campaign.settings.contact_list_id
    if list_id is None:
        raise OperatorError(
            Problem("contact_list_id", "campaign_without_list", "The campaign has no contact list.")
        )
    return list_id


def _grant(
    conn: sqlite3.Connection,
    campaign: campaigns.Campaign,
    candidate: Candidate,
    permit: Permit,
    now: float,
    outcome: Outcome | None = None,
) -> Claim:
    uid, number = new_uid(now), int(candidate.number[1:])
    stored = permit_json(permit)
    fixed = (uid, campaign.id, candidate.contact_id, number, stored, now)
    permits.append(conn, fixed)
    conn.execute(
        "INSERT INTO attempt (uid, campaign_id, contact_id, number, permit, started_at, state)"
        " VALUES (?, ?, ?, ?, ?, ?, 'intent')",
        fixed,
    )
    conn.execute(
        "UPDATE contact SET state = 'in_flight', closed_reason = NULL, attempts = attempts + 1, last_attempt_at = ?"
        " WHERE id = ?",
        (now, candidate.contact_id),
    )
    fields = candidate.fields
    if outcome is not None and outcome.fired:
        rule_books.carry_out(conn, campaign.id, candidate.contact_id, Moment.BEFORE, outcome, now, uid)
        fields = outcome.subject.fields
    return Claim(uid, campaign.id, candidate.contact_id, candidate.number, candidate.name, fields, permit)


def permit_json(permit: Permit) -> str:
    """Canonical JSON of a permit: what is stored with the attempt, and never changed."""
    value = {name: getattr(permit, name) for name in Permit.__slots__}
    mappings = {
        name: dict(value[name]) for name in ("dnc_lists", "consent", "counters", "limits", "registers")
    }
    return canonical({**value, **mappings, "history": list(permit.history)})


def _refuse(
    conn: sqlite3.Connection, campaign: campaigns.Campaign, candidate: Candidate, refusal: Refusal
) -> None:
    """Postpone the contact or close it; what is against its number alone lets the next of its numbers be tried."""
    if refusal.of_zones and refusal.until is None:
        return
    contact, most = candidate.contact_id, campaign.settings.max_attempts_number
    if refusal.until is None:
        if _promised(conn, contact):
            return
        if not contact_numbers.pass_on(conn, contact, candidate.number, refusal.rule, campaign.id, most):
            conn.execute(
                "UPDATE contact SET state = 'closed', closed_reason = ? WHERE id = ?", (refusal.rule, contact)
            )
    else:
        conn.execute("UPDATE contact SET next_at = ? WHERE id = ?", (refusal.until, candidate.contact_id))


def _promised(conn: sqlite3.Connection, contact: ContactId) -> bool:
    """Whether somebody was promised a call there: the campaign's own limits do not end that (``callbacks``)."""
    sql = "SELECT 1 FROM promise WHERE contact_id = ? AND state = 'open'"
    return conn.execute(sql, (contact,)).fetchone() is not None
