"""Where contacts stand, for a person who asks: by contact or by number, with each campaign that calls them."""

from __future__ import annotations

import math
import sqlite3
from dataclasses import dataclass

from firmware.model import CampaignId, CampaignSettings, ContactId, ContactListId, ContactState
from firmware.store import campaigns, candidates, contacts, due, own_reasons
from firmware.store.attempt_rows import COLUMNS, Attempt, read
from firmware.store.campaigns import Campaign
from firmware.store.candidates import Candidate
from firmware.store.words import digits

_LATEST_FIRST = (
    "CASE state WHEN 'running' THEN 0 WHEN 'paused' THEN 1 WHEN 'draft' THEN 2 ELSE 3 END, id DESC"
)


@dataclass(frozen=True, slots=True)
class Stand:
    """A contact in one campaign (None: nobody calls its list). ``number_in_flight``: as another contact."""

    candidate: Candidate
    list_id: ContactListId
    list_name: str
    campaign: Campaign | None
    state: ContactState
    closed_reason: str
    next_at: float
    number_in_flight: bool
    offered: bool
    reasons: own_reasons.Reasons
    """The campaign's own reasons not to call the contact, at any moment."""


def contacts_with(conn: sqlite3.Connection, number: str) -> list[ContactId]:
    """Return the contacts with a number, in lists that are in use. :raises ValueError: not E.164."""
    stored = digits(number)
    lists = conn.execute("SELECT id FROM contact_list WHERE deleted_at IS NULL ORDER BY id DESC").fetchall()
    sql = "SELECT id FROM contact WHERE list_id = ? AND number = ?"
    return [ContactId(row[0]) for (list_id,) in lists for row in conn.execute(sql, (list_id, stored))]


def stands(conn: sqlite3.Connection, contact: ContactId, now: float) -> list[Stand]:
    """Return how a contact stands in every campaign that calls its list; those that have ended only where no other
    does. Empty if there is no such contact."""
    row = due.of_contact(conn, contact)
    if row is None:
        return []
    list_id, state, reason, next_at = conn.execute(
        "SELECT list_id, state, closed_reason, next_at FROM contact WHERE id = ?", (contact,)
    ).fetchone()
    (name,) = conn.execute("SELECT name FROM contact_list WHERE id = ?", (list_id,)).fetchone()
    busy = conn.execute(
        "SELECT 1 FROM contact WHERE state = 'in_flight' AND dialled = ? AND id <> ?", (row[3], contact)
    ).fetchone()
    at = contacts.due_at(conn, contact, next_at)
    offered = conn.execute("SELECT 1 FROM offer WHERE contact_id = ?", (contact,)).fetchone()
    asking = [(each, _candidate(conn, row, each, now)) for each in _campaigns(conn, list_id) or [None]]
    return [
        Stand(
            candidate=candidate,
            list_id=ContactListId(list_id),
            list_name=name,
            campaign=campaign,
            state=ContactState(state),
            closed_reason=reason or "",
            next_at=math.inf if at is None else at,
            number_in_flight=busy is not None,
            offered=offered is not None,
            reasons=own_reasons.none
            if campaign is None
            else own_reasons.of_contact(conn, campaign, candidate, now),
        )
        for campaign, candidate in asking
    ]


def attempts_at(conn: sqlite3.Connection, number: str) -> list[Attempt]:
    """Return every attempt at a number, oldest first. :raises ValueError: not E.164."""
    rows = conn.execute(
        f"SELECT {COLUMNS} FROM attempt WHERE number = ? ORDER BY id",  # noqa: S608 - constants only
        (digits(number),),
    )
    return [read(row) for row in rows.fetchall()]


def _campaigns(conn: sqlite3.Connection, list_id: int) -> list[Campaign | None]:
    rows = conn.execute(
        f"SELECT id, state FROM campaign WHERE contact_list_id = ? ORDER BY {_LATEST_FIRST}",  # noqa: S608
        (list_id,),
    ).fetchall()
    going = [number for number, state in rows if state not in ("stopped", "finished")]
    return [campaigns.get(conn, CampaignId(number)) for number in going or [row[0] for row in rows[:1]]]


def _candidate(conn: sqlite3.Connection, row: due.Row, campaign: Campaign | None, now: float) -> Candidate:
    """As a claim of this campaign would see it; without one, by the box-wide DNC lists alone."""
    if campaign is not None:
        return candidates.candidate(conn, row, candidates.asked_for(conn, campaign, now))
    return candidates.candidate(conn, row, candidates.asked_by_nobody(conn, now))


def settings_of(stand: Stand) -> CampaignSettings:
    """The settings the contact is judged by; the usual ones where no campaign calls it."""
    return CampaignSettings("") if stand.campaign is None else stand.campaign.settings
