"""What an agent who was handed a customer may decide for them, whichever way the call came: no calls, a callback.

The result itself is the part's (``parties.dispose``); this is what follows from it for the person.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from firmware.model import AttemptUid, CampaignId, ContactId, UserId
from firmware.store import attempts, callbacks, contact_numbers, dnc, inbound


@dataclass(frozen=True, slots=True)
class Whose:
    """The person of a call. ``number`` is E.164, empty where it was not told; None: nobody knows them."""

    number: str
    contact: ContactId | None
    campaign: CampaignId | None
    came_in: inbound.InboundCall | None = None


def whose(conn: sqlite3.Connection, uid: AttemptUid) -> Whose:
    """Return whom a call is about. :raises OperatorError: there is no such call."""
    call = inbound.find(conn, uid)
    if call is not None:
        return Whose(call.caller, call.contact_id, call.campaign_id, call)
    found = attempts.get(conn, uid)
    return Whose(found.number, found.contact_id, found.campaign_id)


def opt_out(conn: sqlite3.Connection, uid: AttemptUid, person: Whose, at: float) -> None:
    """The person does not want to be called: not at this number, and at none of their others."""
    others = contact_numbers.of_contact(conn, person.contact) if person.contact is not None else []
    numbers = dict.fromkeys(each for each in (person.number, *(other.number for other in others)) if each)
    if numbers:
        way = "inbound" if person.came_in is not None else "attempt"
        dnc.add(conn, dnc.OPT_OUTS, numbers, f"{way} {uid}", at)


def promise(
    conn: sqlite3.Connection,
    uid: AttemptUid,
    person: Whose,
    at: float,
    zone: str,
    owner: UserId | None,
    note: str,
    now: float,
    by: UserId,
) -> None:
    """Promise the person a callback; a contact that was closed meanwhile is open again.

    :raises OperatorError: a caller whose number is not known, or whom no campaign could call.
    """
    if person.came_in is not None:
        inbound.promise(conn, person.came_in, at, zone, now, owner=owner, note=note, by=by)
        return
    assert person.contact is not None
    assert person.campaign is not None
    callbacks.make_for(conn, uid, person.contact, person.campaign, at, zone, owner, note, now, by)
    conn.execute(
        "UPDATE contact SET state = 'open', closed_reason = NULL, next_at = 9e999"
        " WHERE id = ? AND state <> 'in_flight'",
        (person.contact,),
    )
