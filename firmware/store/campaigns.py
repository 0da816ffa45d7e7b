"""Campaigns: their settings, their state, and their counters.

The counters are rows kept by triggers, so reading them costs the same for ten contacts and for a million.
Whether a change makes sense (settings valid, state reachable) is decided by ``firmware.campaigns`` before.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from firmware.model import (
    CampaignId,
    CampaignSettings,
    CampaignState,
    Disposition,
    OperatorError,
    Problem,
)
from firmware.store import audit, settings_json
from firmware.store import settings as box_settings
from firmware.store.activity import QUARTER_S
from firmware.store.audit import Actor, Entry
from firmware.store.words import below, tallies


@dataclass(frozen=True, slots=True)
class Counters:
    """Where a campaign stands. ``attempts`` are those that may have rung somewhere.

    ``contacts`` = ``open`` + ``in_flight`` + ``closed`` of its list; ``refused`` counts, per rule, contacts that
    were due and not allowed; ``taken_back`` attempts whose INVITE never left.
    """

    contacts: int
    open: int
    in_flight: int
    closed: int
    attempts: int
    answered: int
    live_answers: int
    abandoned: int
    taken_back: int
    dispositions: Mapping[str, int]
    verdicts: Mapping[str, int]
    refused: Mapping[str, int]
    offers: Mapping[str, int] = field(default_factory=dict)
    """Records offered to agents, by what became of them."""

    @property
    def abandon_rate(self) -> float:
        """Abandoned per live answer, 0..1."""
        return self.abandoned / self.live_answers if self.live_answers else 0.0


@dataclass(frozen=True, slots=True)
class Campaign:
    """One campaign. Times are UTC seconds."""

    id: CampaignId
    settings: CampaignSettings
    state: CampaignState
    created_at: float
    started_at: float | None
    ended_at: float | None
    counters: Counters
    ended_why: str = ""
    """``last_day``: it ended by itself; empty: by a person, or because every contact is closed."""


_COLUMNS = "id, settings, state, created_at, started_at, ended_at, contact_list_id, ended_why"


def create(conn: sqlite3.Connection, settings: CampaignSettings, now: float) -> CampaignId:
    """Store a new draft."""
    row = conn.execute(
        "INSERT INTO campaign (name, state, contact_list_id, settings, created_at, changed_at)"
        " VALUES (?, 'draft', ?, ?, ?, ?)",
        (settings.name, settings.contact_list_id, settings_json.to_json(settings), now, now),
    )
    return CampaignId(row.lastrowid or 0)


def update(conn: sqlite3.Connection, campaign: CampaignId, settings: CampaignSettings, now: float) -> None:
    """Replace the settings. :raises OperatorError: no such campaign."""
    done = conn.execute(
        "UPDATE campaign SET name = ?, contact_list_id = ?, settings = ?, changed_at = ? WHERE id = ?",
        (settings.name, settings.contact_list_id, settings_json.to_json(settings), now, campaign),
    )
    _must(done.rowcount, campaign)


def set_state(
    conn: sqlite3.Connection, campaign: CampaignId, state: CampaignState, now: float, why: str = ""
) -> None:
    """Store the new state and when it first ran or ended, and why. :raises OperatorError: no such campaign."""
    ended = now if state in (CampaignState.STOPPED, CampaignState.FINISHED) else None
    done = conn.execute(
        "UPDATE campaign SET state = ?, changed_at = ?, ended_at = ?, ended_why = ?,"
        " started_at = CASE WHEN ? = 'running' THEN coalesce(started_at, ?) ELSE started_at END WHERE id = ?",
        (state, now, ended, why, state, now, campaign),
    )
    _must(done.rowcount, campaign)


def end_term(
    conn: sqlite3.Connection,
    campaign: CampaignId,
    now: float,
    over: Callable[[CampaignSettings, float], bool],
) -> bool:
    """Stop a campaign whose last day is over, and log that it stopped by itself; False where there is nothing to stop.

    ``over`` is asked about the settings as they are now: a person may just have given the campaign more time.
    """
    found = get(conn, campaign)
    if found.state not in (CampaignState.RUNNING, CampaignState.PAUSED) or not over(found.settings, now):
        return False
    set_state(conn, campaign, CampaignState.STOPPED, now, "last_day")
    name, last = found.settings.name, found.settings.last_day
    told = {"state": CampaignState.STOPPED.value, "ended_why": "last_day", "last_day": last}
    old = {"state": found.state.value}
    audit.append(conn, Entry(now, BOX, "campaign.end", str(campaign), name[:80], old, told))
    return True


BOX = Actor("Strowger")
"""The box itself, at its console: what it does at its time and nobody asks for."""


def sign_off(conn: sqlite3.Connection, campaign: CampaignId, who: str, rules: str, now: float) -> None:
    """Keep who answers for the law in a campaign: whoever started it last, and under which rules."""
    box_settings.put(conn, f"{_SIGNED}{campaign}", {"who": who, "at": now, "rules": rules})


def signed_off(conn: sqlite3.Connection, campaign: CampaignId) -> Mapping[str, Any] | None:
    """Return ``who``, ``at`` (UTC seconds) and ``rules``; None where nobody started it by name."""
    found: Mapping[str, Any] | None = box_settings.get(conn, f"{_SIGNED}{campaign}")
    return found


_SIGNED = "signed_off:"


def delete(conn: sqlite3.Connection, campaign: CampaignId) -> None:
    """Forget a draft. :raises OperatorError: it does not exist or has ever run."""
    found = get(conn, campaign)
    if found.state is not CampaignState.DRAFT or found.counters.attempts or found.counters.taken_back:
        raise OperatorError(
            Problem("id", "campaign_not_draft", "Only a draft can be deleted; stop this campaign instead.")
        )
    conn.execute("DELETE FROM campaign_count WHERE campaign_id = ?", (campaign,))
    conn.execute("DELETE FROM campaign WHERE id = ?", (campaign,))


def get(conn: sqlite3.Connection, campaign: CampaignId) -> Campaign:
    """Return one campaign with its counters. :raises OperatorError: no such campaign."""
    row = conn.execute(f"SELECT {_COLUMNS} FROM campaign WHERE id = ?", (campaign,)).fetchone()  # noqa: S608
    _must(row is not None, campaign)
    return _read(conn, row)


def running(conn: sqlite3.Connection) -> list[Campaign]:
    """Return the campaigns that place calls, oldest first."""
    rows = conn.execute(f"SELECT {_COLUMNS} FROM campaign WHERE state = 'running' ORDER BY id")  # noqa: S608
    return [_read(conn, row) for row in rows.fetchall()]


def every(conn: sqlite3.Connection) -> list[Campaign]:
    """Return all campaigns, newest first."""
    rows = conn.execute(f"SELECT {_COLUMNS} FROM campaign ORDER BY id DESC")  # noqa: S608
    return [_read(conn, row) for row in rows.fetchall()]


def counters(conn: sqlite3.Connection, campaign: CampaignId) -> Counters:
    """Return where the campaign stands. :raises OperatorError: no such campaign."""
    row = conn.execute("SELECT contact_list_id FROM campaign WHERE id = ?", (campaign,)).fetchone()
    _must(row is not None, campaign)
    return _counters(conn, campaign, row[0])


def note_refusals(
    conn: sqlite3.Connection, campaign: CampaignId, refused: Mapping[str, int], now: float
) -> None:
    """Count contacts that were due and not allowed, per rule: altogether, and in the quarter of an hour of ``now``."""
    conn.executemany(
        "INSERT INTO campaign_count VALUES (?, 'refused:' || ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n",
        [(campaign, rule, n) for rule, n in refused.items()],
    )
    at = int(now // QUARTER_S) * QUARTER_S
    conn.executemany(
        "INSERT INTO refusal_cell VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n",
        [(at, campaign, rule, n) for rule, n in refused.items()],
    )


def note_offer(conn: sqlite3.Connection, campaign: CampaignId, outcome: str) -> None:
    """Count an offered record by what became of it."""
    conn.execute(
        "INSERT INTO campaign_count VALUES (?, 'offer:' || ?, 1) ON CONFLICT DO UPDATE SET n = n + 1",
        (campaign, outcome),
    )


def _read(
    conn: sqlite3.Connection, row: tuple[int, str, str, float, float | None, float | None, int, str]
) -> Campaign:
    number, settings, state, created_at, started_at, ended_at, list_id, ended_why = row
    campaign = CampaignId(number)
    return Campaign(
        campaign,
        settings_json.from_json(settings),
        CampaignState(state),
        created_at,
        started_at,
        ended_at,
        _counters(conn, campaign, list_id),
        ended_why,
    )


def _counters(conn: sqlite3.Connection, campaign: CampaignId, list_id: int | None) -> Counters:
    own = tallies(
        conn.execute("SELECT what, n FROM campaign_count WHERE campaign_id = ?", (campaign,)).fetchall()
    )
    listed = tallies(conn.execute("SELECT what, n FROM list_count WHERE list_id = ?", (list_id,)).fetchall())
    waiting, flying, closed = (listed.get(state, 0) for state in ("open", "in_flight", "closed"))
    dispositions = below(own, "disposition:")
    return Counters(
        contacts=waiting + flying + closed,
        open=waiting,
        in_flight=flying,
        closed=closed,
        attempts=own.get("attempts", 0),
        answered=own.get("answered", 0),
        live_answers=own.get("live", 0),
        abandoned=dispositions.get(Disposition.ABANDONED, 0),
        taken_back=own.get("taken_back", 0),
        dispositions=dispositions,
        verdicts=below(own, "verdict:"),
        refused=below(own, "refused:"),
        offers=below(own, "offer:"),
    )


def _must(found: object, campaign: CampaignId) -> None:
    if not found:
        raise OperatorError(Problem("id", "campaign_unknown", f"There is no campaign {campaign}."))
