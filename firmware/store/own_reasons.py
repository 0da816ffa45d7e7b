"""Why a campaign does not call a contact though no law forbids it: its filter, its rules, its numbers, its order.

Everything is read at once; what may change with the hour (rules ask for hour and weekday) is answered for any moment
afterwards, without the store. Writes nothing. The law's reasons are ``compliance.judge``'s, where the contact stands
``standing``'s.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from firmware.model import CampaignState, ContactId, Refusal
from firmware.rulebook.order import fits
from firmware.rulebook.said import in_english
from firmware.store import candidates, contact_numbers, ordering, rule_books, scrub, users
from firmware.store.campaigns import Campaign
from firmware.store.candidates import Candidate
from firmware.store.words import canonical, digits

Reasons = Callable[[float], tuple[Refusal, ...]]
"""The campaign's own reasons at a moment (UTC seconds)."""
PREPARED, FILTERED, OWNER = "order_being_prepared", "filtered_out", "owner_unknown"
RULE_SKIPS, RULE_MOVES = "rule_skips", "rule_moves"


def none(_at: float) -> tuple[Refusal, ...]:
    """No reason at any moment: no campaign calls the contact."""
    return ()


def of_contact(conn: sqlite3.Connection, campaign: Campaign, candidate: Candidate, now: float) -> Reasons:
    """Return the reasons of ``campaign`` not to call the contact, to be asked for any moment from ``now`` on."""
    subject = ordering.subject(conn, candidate.contact_id)
    if subject is None:
        return none
    fixed = (
        *_order(conn, campaign, candidate.contact_id),
        *_number(conn, campaign, candidate, now),
    )
    asked = rule_books.asker(conn, campaign, candidate.contact_id)

    def at(moment: float) -> tuple[Refusal, ...]:
        return (*fixed, *_held_back(asked, moment))

    return at


def left_out(conn: sqlite3.Connection, campaign: Campaign, contact: ContactId) -> Refusal | None:
    """Say which filter keeps the campaign from ever calling the contact; None where none does."""
    subject, order = ordering.subject(conn, contact), ordering.order_of(conn, campaign.id)
    if subject is None or order.filter is None or fits(order, subject):
        return None
    plain = ordering.filter_json(order)
    return Refusal(FILTERED, figures={"said": in_english(order.filter), "filter": canonical(plain)})


def never(conn: sqlite3.Connection, campaign: Campaign, contact: ContactId) -> Refusal | None:
    """Say what keeps the campaign from ever calling the contact, however long one waits; None: nothing does."""
    owner = ordering.owner_of(conn, campaign, contact)
    if owner and owner not in _agents(conn, campaign):
        return Refusal(OWNER, figures={"owner": owner})
    return left_out(conn, campaign, contact)


def held_back(conn: sqlite3.Connection, campaign: Campaign, contact: ContactId, now: float) -> Refusal | None:
    """Say which rule of the campaign would hold the contact back at this moment; None: none would."""
    return next(iter(_held_back(rule_books.asker(conn, campaign, contact), now)), None)


def _order(conn: sqlite3.Connection, campaign: Campaign, contact: ContactId) -> list[Refusal]:
    found = []
    if campaign.state is CampaignState.RUNNING and ordering.waits(conn, campaign.id):
        found.append(Refusal(PREPARED))
    out = left_out(conn, campaign, contact)
    if out is not None:
        found.append(out)
    owner = ordering.owner_of(conn, campaign, contact)
    if owner and owner not in _agents(conn, campaign):
        found.append(Refusal(OWNER, figures={"owner": owner}))
    return found


def _agents(conn: sqlite3.Connection, campaign: Campaign) -> set[str]:
    """Logins and names of a campaign's agents, as owners are compared."""
    people = [users.get(conn, user) for user in campaign.settings.agent_ids]
    return {ordering.small(text) for user in people if user is not None for text in (user.login, user.name)}


def _number(conn: sqlite3.Connection, campaign: Campaign, candidate: Candidate, now: float) -> list[Refusal]:
    asked = candidates.asked_for(conn, campaign, now)
    answers = (
        scrub.objection(conn, asked.lists, digits(candidate.number), now, note=False),
        contact_numbers.used_up(candidate.campaign_dials, asked.most_dials),
    )
    return [each for each in answers if each is not None]


def _held_back(asked: rule_books.Asker, at: float) -> list[Refusal]:
    outcome = asked(at)
    if outcome is None or not outcome.held_back:
        return []
    # The last that fired is the one that holds the call back; those before it may have made it hold.
    figures = {"rule": outcome.fired[-1].name}
    if outcome.skip is not None:
        return [Refusal(RULE_SKIPS, outcome.skip.until_at, figures)]
    return [Refusal(RULE_MOVES, None, figures)]
