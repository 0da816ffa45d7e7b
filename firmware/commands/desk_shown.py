"""What an agent's desk shows of calls, records and what was told of them, as plain values.

Pure. The desk's commands are ``desk``'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from firmware.calls.call import CallState
from firmware.calls.drops import Released
from firmware.calls.switchboard import LiveCall
from firmware.commands.promised_time import zone_of
from firmware.dialling import offer as records
from firmware.model import AttemptUid, ContactId
from firmware.store import attempts, campaigns, contacts, inbound, pacing_state

if TYPE_CHECKING:
    import sqlite3


def contact(live: LiveCall | None, offer: records.Offer | None) -> ContactId | None:
    """Whom the desk is about."""
    if live is not None:
        return live.claim.contact_id
    return None if offer is None else offer.contact_id


def past(attempt: attempts.Attempt, person: bool) -> Mapping[str, Any]:
    """An earlier call; ``person``: it was taken for a machine, and reported."""
    return {
        "at": attempt.started_at,
        "disposition": attempt.disposition,
        "note": attempt.note,
        "attempt": attempt.uid,
        "person": person,
        "answers": [asdict(each) for each in attempt.answers],
    }


def came_in(call: inbound.InboundCall) -> Mapping[str, Any]:
    """An earlier call that came in, shaped the same."""
    return {
        "at": call.offered_at,
        "disposition": call.disposition,
        "note": call.note,
        "attempt": call.uid,
        "person": False,
        "incoming": call.outcome,
        "answers": [asdict(each) for each in call.answers],
    }


def history(
    conn: sqlite3.Connection, contact: ContactId | None, number: str, besides: AttemptUid | None
) -> list[Mapping[str, Any]]:
    """Earlier calls of either way with somebody, newest first; ``number`` may be empty, ``besides`` is on now."""
    found = [came_in(each) for each in inbound.of_person(conn, number, contact)]
    if contact is not None:
        persons = pacing_state.persons(conn, contact)
        found += [past(each, each.uid in persons) for each in attempts.of_contact(conn, contact)]
    earlier = [each for each in found if each["attempt"] != besides]
    return sorted(earlier, key=lambda each: -float(each["at"]))


def zone(found: contacts.Contact | None, live: LiveCall | None, offer: records.Offer | None) -> str | None:
    """The time zone of the contact on the desk."""
    settings = live.settings if live is not None else offer.campaign.settings if offer is not None else None
    return None if settings is None or found is None else zone_of(found.zones, found.number, settings)


def told(told: records.Told | None) -> Mapping[str, Any] | None:
    """The last thing the box did with a record by itself."""
    return None if told is None else asdict(told)


def named(campaign: campaigns.Campaign) -> Mapping[str, Any]:
    """A campaign to choose."""
    return {"id": campaign.id, "name": campaign.settings.name}


def call(live: LiveCall | None) -> Mapping[str, Any] | None:
    """The call on the desk."""
    if live is None:
        return None
    verdict = live.verdict
    return {
        "state": live.call.state,
        "since": live.since,
        "held": live.held,
        "own": live.owner is not None,
        "number": live.claim.number,
        "name": live.claim.name,
        "fields": dict(live.claim.fields),
        "verdict": None if verdict is None else {"label": verdict.label, "confidence": verdict.confidence},
        "correction": None if live.correction is None else live.correction.label,
        "can_leave": live.call.policy.can_leave
        and live.call.state is CallState.BRIDGED
        and live.other is None,
        "ended_by": live.call.ended_by,
    }


def released(released: Released | None) -> Mapping[str, Any] | None:
    """A call the agent was let go of without a wrap-up."""
    return None if released is None else asdict(released)


def campaign(live: LiveCall | None) -> Mapping[str, Any] | None:
    """The campaign of the call on the desk."""
    return None if live is None else {"id": live.claim.campaign_id, "name": live.settings.name}


def wrap_up(live: LiveCall | None, since: float | None) -> Mapping[str, Any] | None:
    """The results to choose from, and when the automatic one is taken."""
    if live is None:
        return None
    return {
        "codes": [
            {
                "code": each.code,
                "digit": each.digit,
                "label_en": each.label_en,
                "label_de": each.label_de,
                "disposition": each.disposition,
            }
            for each in live.settings.wrap_up_codes
        ],
        "ends_at": None if since is None else since + live.settings.wrap_up_limit_s,
        "automatic": live.settings.automatic_wrap_up_code,
    }
