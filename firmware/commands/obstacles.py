"""What stands between a campaign and its start, all at once: who would call, whom, when, and over what.

Runs inside a store task. ``missing`` finds settings that name what does not exist, ``against_start``
everything that must be right before the first call.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from firmware.commands.texts import problem
from firmware.compliance import announcement, term
from firmware.model import (
    CampaignId,
    CampaignSettings,
    CampaignState,
    ContactListId,
    Problem,
    Role,
)
from firmware.store import campaigns, contacts, dnc, rule_books, users

if TYPE_CHECKING:
    import sqlite3


def missing(conn: sqlite3.Connection, settings: CampaignSettings) -> list[Problem]:
    """Lists and agents that the settings name and nobody has."""
    return [*_missing_list(conn, settings), *_missing_dnc(conn, settings), *_missing_agents(conn, settings)]


def against_start(
    conn: sqlite3.Connection,
    campaign_id: CampaignId,
    settings: CampaignSettings,
    trunks_up: Mapping[str, bool],
    now: float,
) -> list[Problem]:
    """Every reason not to start the campaign with these settings at ``now`` (UTC seconds).

    ``trunks_up`` names every trunk there is. A first day that is yet to come is none: a started campaign waits for it.
    """
    found = missing(conn, settings)
    speaks = not settings.meets_agents and not settings.hangs_up_on_people
    if speaks and not settings.message_text:
        found.append(problem("message_text", "no_message"))
    queue_key = speaks and settings.agent_key and not settings.agent_key_to
    if not settings.agent_ids and (queue_key or settings.meets_agents):
        found.append(problem("agent_ids", "no_agents"))
    if not settings.windows:
        found.append(problem("windows", "no_windows"))
    if term.is_over(settings, now):
        found.append(problem("last_day", "last_day_over", day=settings.last_day))
    found += [problem(each.setting, each.key, **each.figures) for each in announcement.lacks(settings)]
    found += _list(conn, campaign_id, settings)
    if settings.contact_list_id is not None:
        found += rule_books.loops(conn, {}, (campaign_id, settings.contact_list_id))
    found += _trunk(settings, trunks_up)
    return found


def revive(
    conn: sqlite3.Connection, list_id: ContactListId, now: float, trunks_up: Mapping[str, bool]
) -> list[CampaignId]:
    """Let the newest campaign that had finished this list go on, unless something stands against its start.

    A campaign that a person stopped, or whose last day is over, stays as it is.
    """
    if not contacts.counts(conn, list_id).open:
        return []
    for found in campaigns.every(conn):
        ours = found.settings.contact_list_id == list_id and found.state is CampaignState.FINISHED
        if ours and not against_start(conn, found.id, found.settings, trunks_up, now):
            campaigns.set_state(conn, found.id, CampaignState.RUNNING, now)
            return [found.id]
    return []


def _missing_list(conn: sqlite3.Connection, settings: CampaignSettings) -> Iterator[Problem]:
    list_id = settings.contact_list_id
    if list_id is not None and not contacts.exists(conn, list_id):
        yield problem("contact_list_id", "list_unknown", id=list_id)


def _missing_dnc(conn: sqlite3.Connection, settings: CampaignSettings) -> Iterator[Problem]:
    known = {found.id for found in dnc.lists(conn)}
    for list_id in settings.dnc_list_ids:
        if list_id not in known:
            yield problem("dnc_list_ids", "dnc_list_unknown", id=list_id)


def _missing_agents(conn: sqlite3.Connection, settings: CampaignSettings) -> Iterator[Problem]:
    for user_id in settings.agent_ids:
        user = users.get(conn, user_id)
        if user is None or not user.active or Role.AGENT not in user.roles:
            yield problem("agent_ids", "agent_unknown", id=user_id)


def _list(conn: sqlite3.Connection, campaign_id: CampaignId, settings: CampaignSettings) -> Iterator[Problem]:
    list_id = settings.contact_list_id
    if list_id is None:
        yield problem("contact_list_id", "no_contact_list")
        return
    counts = contacts.counts(conn, list_id)
    if contacts.exists(conn, list_id) and not counts.open + counts.in_flight:
        yield problem("contact_list_id", "list_empty")
    for other in campaigns.running(conn):
        if other.id != campaign_id and other.settings.contact_list_id == list_id:
            yield problem("contact_list_id", "list_in_other_campaign", campaign=other.settings.name)


def _trunk(settings: CampaignSettings, trunks_up: Mapping[str, bool]) -> Iterator[Problem]:
    if not settings.trunk:
        yield problem("trunk", "no_trunk")
    elif settings.trunk not in trunks_up:
        yield problem("trunk", "unknown_trunk", trunk=settings.trunk)
    elif not trunks_up[settings.trunk]:
        yield problem("trunk", "trunk_down", trunk=settings.trunk)
    if not settings.caller_id:
        yield problem("caller_id", "caller_id_missing")
