"""Offered records: a contact kept for one agent before it is dialled, and what became of every offer.

An offer is a row, so that no claim and no other agent can take the contact meanwhile; the contact itself stays open.
Offering judges, but grants nothing: the permit is asked for again when the agent dials (``claims.claim_contact``).
A contact that somebody typed for one call only (``by_hand``) leaves the list again when that call is not made.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from enum import StrEnum

from firmware.callbacks.promise import PromiseState
from firmware.model import Claim, ContactId, Permit, Refusal, UserId
from firmware.store import callbacks, campaigns, claims, contact_numbers, contacts, due, users
from firmware.store.ordering import small
from firmware.store.words import digits


class Outcome(StrEnum):
    """What became of an offer."""

    DIALLED = "dialled"
    SKIPPED = "skipped"
    REJECTED = "rejected"
    MISSED = "missed"
    """The agent did nothing within the time."""
    WITHDRAWN = "withdrawn"
    """Campaign, agent or telephone went away."""
    REFUSED = "refused"
    """The rules did not allow the call when it was to be made."""
    INTERRUPTED = "interrupted"
    """The box stopped."""


def offer_next(
    conn: sqlite3.Connection,
    campaign: campaigns.Campaign,
    user: UserId,
    now: float,
    judge: claims.Judge,
    passed: Collection[ContactId] = (),
) -> claims.Candidate | None:
    """Keep the first due contact that the judge would permit for ``user``; None when there is none for this agent.

    Contacts in ``passed`` are passed over, and so are those that another agent owns.
    """
    stage = claims.stage_of(campaign, by_agents=True)
    candidate = claims.first_due(conn, campaign, now, judge, _owners(conn, campaign, user), passed, stage)
    if candidate is not None:
        _keep(conn, campaign, user, candidate.contact_id, now, by_hand=False)
    return candidate


def offer_promise(
    conn: sqlite3.Connection,
    campaign: campaigns.Campaign,
    user: UserId,
    promise: int,
    now: float,
    judge: claims.Judge,
) -> claims.Candidate | None:
    """Keep the contact of a promised callback for ``user``; None where it is no longer to be called, or not now.

    ``campaign`` and ``judge`` leave the campaign's own limits out, here and in ``dial``.
    """
    found = callbacks.get(conn, promise)
    sql = (
        "SELECT 1 FROM contact c WHERE c.id = ? AND c.state = 'open' AND NOT EXISTS"
        " (SELECT 1 FROM offer o WHERE o.contact_id = c.id)"
    )
    free = conn.execute(sql, (found.contact_id,)).fetchone()
    if free is None or found.state is not PromiseState.OPEN or found.due_at > now:
        return None
    candidate = callbacks.ask_law(conn, campaign, found, now, judge)
    if isinstance(candidate, Refusal):
        return None
    _keep(conn, campaign, user, found.contact_id, now, by_hand=False)
    return candidate


def offer_number(
    conn: sqlite3.Connection,
    campaign: campaigns.Campaign,
    user: UserId,
    number: str,
    zones: tuple[str, ...],
    now: float,
    judge: claims.Judge,
) -> claims.Candidate | Refusal:
    """Keep the contact with ``number`` (E.164) for ``user``, adding it to the campaign's list where it is missing.

    A refusal leaves everything as it was; besides the judge's there are ``in_flight`` and ``offered``.
    """
    contact, fresh = _with_number(conn, campaign, number, zones)
    if conn.execute("SELECT 1 FROM offer WHERE contact_id = ?", (contact,)).fetchone():
        return Refusal("offered")
    found = claims.judge_contact(conn, campaign, contact, now, judge)
    if isinstance(found, Refusal) or isinstance(found[1], Refusal):
        if fresh:
            conn.execute("DELETE FROM contact WHERE id = ?", (contact,))
        refused = found if isinstance(found, Refusal) else found[1]
        assert isinstance(refused, Refusal)
        return refused
    assert isinstance(found[1], Permit)
    _keep(conn, campaign, user, contact, now, by_hand=fresh)
    return found[0]


def dial(
    conn: sqlite3.Connection,
    campaign: campaigns.Campaign,
    user: UserId,
    contact: ContactId,
    now: float,
    judge: claims.Judge,
    *,
    promised: bool = False,
) -> Claim | Refusal:
    """Turn an offer into a claim, if the judge still permits it; the offer is over either way.

    A refused contact is postponed or closed, as by any claim; ``promised``: it is its promise that moves.
    """
    row = conn.execute("SELECT by_hand FROM offer WHERE contact_id = ? AND user_id = ?", (contact, user))
    kept = row.fetchone()
    if kept is None:
        return Refusal("contact_gone")
    promise = callbacks.open_of(conn, contact) if promised else None
    if promise is not None:
        answer = callbacks.claim(conn, campaign, promise, now, judge)
    else:
        answer = claims.claim_contact(conn, campaign, contact, now, judge, move=not kept[0])
    if isinstance(answer, Refusal):
        end(conn, contact, Outcome.REFUSED, now, answer.rule)
    else:
        end(conn, contact, Outcome.DIALLED, now)
        conn.execute("UPDATE attempt SET user_id = ? WHERE uid = ?", (user, answer.attempt_uid))
    return answer


def end(
    conn: sqlite3.Connection,
    contact: ContactId,
    outcome: Outcome,
    now: float,
    reason: str = "",
    next_at: float | None = None,
) -> bool:
    """An offer is over; False if there was none. A skipped contact is due at ``next_at``, others are back on top."""
    row = conn.execute(
        "DELETE FROM offer WHERE contact_id = ? RETURNING campaign_id, user_id, offered_at, by_hand",
        (contact,),
    ).fetchone()
    if row is None:
        return False
    campaign, user, offered_at, by_hand = row
    conn.execute(
        "INSERT INTO offer_log (campaign_id, contact_id, user_id, offered_at, ended_at, outcome, reason)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (campaign, contact, user, offered_at, now, outcome, reason),
    )
    campaigns.note_offer(conn, campaign, outcome)
    if by_hand and outcome is not Outcome.DIALLED:
        conn.execute("DELETE FROM contact WHERE id = ? AND attempts = 0", (contact,))
    elif outcome is Outcome.SKIPPED:
        callbacks.skipped(conn, contact, user, next_at or now, now)
        conn.execute(
            "UPDATE contact SET next_at = ? WHERE id = ? AND state = 'open'", (next_at or now, contact)
        )
    elif outcome not in (Outcome.DIALLED, Outcome.REFUSED):
        # Fresh contacts are due at 0, and none of them came before this one: it is first again.
        conn.execute(
            "UPDATE contact SET next_at = 0 WHERE id = ? AND state = 'open' AND next_at <= ?", (contact, now)
        )
    return True


def clear(conn: sqlite3.Connection, now: float) -> int:
    """At boot: take back whatever was on offer when the box stopped; returns how many."""
    left = [ContactId(contact) for (contact,) in conn.execute("SELECT contact_id FROM offer").fetchall()]
    for contact in left:
        end(conn, contact, Outcome.INTERRUPTED, now)
    return len(left)


def _keep(
    conn: sqlite3.Connection,
    campaign: campaigns.Campaign,
    user: UserId,
    contact: ContactId,
    now: float,
    *,
    by_hand: bool,
) -> None:
    conn.execute(
        "INSERT INTO offer (contact_id, campaign_id, user_id, offered_at, by_hand) VALUES (?, ?, ?, ?, ?)",
        (contact, campaign.id, user, now, by_hand),
    )


def _with_number(
    conn: sqlite3.Connection, campaign: campaigns.Campaign, number: str, zones: tuple[str, ...]
) -> tuple[ContactId, bool]:
    """The contact of the campaign's list with this number, and whether it had to be added."""
    list_id = claims.list_of(campaign)
    sql = "SELECT id FROM contact WHERE list_id = ? AND number = ?"
    known = conn.execute(sql, (list_id, digits(number))).fetchone()
    if known is None:
        contacts.add(conn, list_id, [contacts.NewContact(number, zones=zones)])
    (contact,) = known or conn.execute(sql, (list_id, digits(number))).fetchone()
    contact_numbers.dial_next(conn, ContactId(contact), number)
    return ContactId(contact), known is None


def _owners(conn: sqlite3.Connection, campaign: campaigns.Campaign, user: UserId) -> due.Owners | None:
    if not campaign.settings.owner_field:
        return None
    person = users.get(conn, user)
    return due.Owners(() if person is None else (small(person.login), small(person.name)))
