"""What the judge sees of a contact: its row, what is known of its number in whatever list, and its consent.

Reads only. Numbers are looked up by indexes, so a contact costs the same however many there are; the times of earlier
attempts are handed over as they are, because which of them count is the judge's to say.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field

from firmware.model import CampaignId, Consent, ContactId, Disposition
from firmware.store import campaigns, consents, dnc, due, register_ages
from firmware.store.words import e164, mapping

REMEMBERED_S = 30 * 86400.0
"""The longest period attempts are counted in."""
_KEPT = 1000
"""Attempts at one number that are looked at, newest first. No rule allows nearly as many."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What all candidates of one claim share: whose they are, and the DNC lists with their versions by name.

    ``most_dials`` is how often the campaign may dial one number (0: no limit but the contact's).
    """

    campaign: CampaignId
    lists: list[dnc.DncList]
    versions: Mapping[str, int]
    now: float
    most_dials: int = 0
    registers: Mapping[str, float] = field(default_factory=dict)
    """National registers among the lists, with when each was loaded."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One contact. ``last_attempt_at``, ``dials`` and the like are of the number, in whatever list."""

    contact_id: ContactId
    number: str
    name: str
    fields: Mapping[str, str]
    zones: tuple[str, ...]
    attempts: int
    abandoned_before: bool
    abandoned_at: float | None
    last_attempt_at: float | None
    dnc_hits: tuple[str, ...]
    dnc_versions: Mapping[str, int]
    dnc_until: float | None = None
    dials: tuple[float, ...] = ()
    campaign_dials: int = 0
    machine_at: float | None = None
    consents: tuple[Consent, ...] = ()
    registers: Mapping[str, float] = field(default_factory=dict)
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """What became of a number so far. Times are UTC seconds."""

    last_at: float | None
    abandoned_at: float | None
    machine_at: float | None
    dials: tuple[float, ...]
    campaign_dials: int


def asked_for(conn: sqlite3.Connection, campaign: campaigns.Campaign, now: float) -> Asked:
    """Return what the campaign's candidates share. :raises OperatorError: a DNC list it must ask is gone."""
    lists = dnc.asked_by(conn, campaign.settings.dnc_list_ids)
    return Asked(
        campaign.id,
        lists,
        {one.name: one.version for one in lists},
        now,
        campaign.settings.max_attempts_number,
        register_ages.loaded(conn, lists),
    )


def asked_by_nobody(conn: sqlite3.Connection, now: float) -> Asked:
    """Return the same for contacts no campaign calls: the lists that bind everybody."""
    lists = dnc.asked_by(conn, ())
    return Asked(
        CampaignId(0),
        lists,
        {one.name: one.version for one in lists},
        now,
    )


def candidate(conn: sqlite3.Connection, row: due.Row, asked: Asked) -> Candidate:
    """Return all that is known of a contact."""
    _, _, contact, number, name, fields, zones, attempts = row
    past = history(conn, number, asked.campaign, asked.now)
    hits = dnc.hits(conn, asked.lists, number, asked.now)
    return Candidate(
        contact_id=ContactId(contact),
        number=e164(number),
        name=name,
        fields=mapping(fields),
        zones=tuple(zones.split()),
        attempts=attempts,
        abandoned_before=past.abandoned_at is not None,
        abandoned_at=past.abandoned_at,
        last_attempt_at=past.last_at,
        dnc_hits=hits,
        dnc_versions=asked.versions,
        dnc_until=_until(conn, asked, number) if hits else None,
        dials=past.dials,
        campaign_dials=past.campaign_dials,
        machine_at=past.machine_at,
        consents=consents.standing(conn, number),
        registers=asked.registers,
    )


def history(conn: sqlite3.Connection, number: int, campaign: CampaignId, now: float) -> History:
    """Return what became of a (stored) number, by whichever campaign; attempts taken back do not count."""
    rows = conn.execute(
        "SELECT started_at, campaign_id, disposition, disposed_at FROM attempt"
        " WHERE number = ? AND sent = 1 ORDER BY started_at DESC LIMIT ?",
        (number, _KEPT),
    ).fetchall()
    if not rows:
        return _NOTHING
    return History(
        last_at=rows[0][0],
        abandoned_at=_latest(rows, Disposition.ABANDONED),
        machine_at=_latest(rows, Disposition.MACHINE),
        dials=tuple(row[0] for row in reversed(rows) if row[0] > now - REMEMBERED_S),
        campaign_dials=sum(row[1] == campaign for row in rows),
    )


_NOTHING = History(None, None, None, (), 0)


def _latest(rows: list[tuple[float, int, str | None, float | None]], word: Disposition) -> float | None:
    return max((row[3] for row in rows if row[2] == word and row[3] is not None), default=None)


def _until(conn: sqlite3.Connection, asked: Asked, number: int) -> float | None:
    """When the number is on none of the lists any more; None: never."""
    entries = [each.id * dnc.SHIFT + number for each in asked.lists]
    marks = ", ".join("?" * len(entries))
    rows = conn.execute(f"SELECT expires_at FROM dnc_entry WHERE entry IN ({marks})", entries)  # noqa: S608
    expiries = {row[0] for row in rows} | {at for each in asked.lists for at in each.prefixes.values()}
    for at in sorted(at for at in expiries if at is not None and at > asked.now):
        if not dnc.hits(conn, asked.lists, number, at):
            return float(at)
    return None
