"""Why a campaign started how many calls, tick by tick; kept for some days."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from firmware.model import CampaignId
from firmware.store.words import canonical, mapping


@dataclass(frozen=True, slots=True)
class PacingNote:
    """One answer of pacing. ``reason`` is a stable key with its ``figures``."""

    campaign_id: CampaignId
    at: float
    starts: int
    reason: str
    figures: Mapping[str, Any]


def note(
    conn: sqlite3.Connection,
    campaign: CampaignId,
    at: float,
    starts: int,
    reason: str,
    figures: Mapping[str, Any],
) -> None:
    """Store one answer."""
    conn.execute(
        "INSERT INTO pacing_log (campaign_id, at, starts, reason, figures) VALUES (?, ?, ?, ?, ?)",
        (campaign, at, starts, reason, canonical(dict(figures))),
    )


def latest(conn: sqlite3.Connection, campaign: CampaignId, limit: int = 1) -> list[PacingNote]:
    """Return the newest answers, newest first."""
    rows = conn.execute(
        "SELECT campaign_id, at, starts, reason, figures FROM pacing_log WHERE campaign_id = ?"
        " ORDER BY at DESC, id DESC LIMIT ?",
        (campaign, limit),
    )
    return [
        PacingNote(CampaignId(c), at, starts, reason, mapping(fig)) for c, at, starts, reason, fig in rows
    ]


def prune(conn: sqlite3.Connection, before: float, limit: int = 2000) -> int:
    """Forget up to ``limit`` answers older than ``before``; returns how many went."""
    return conn.execute(
        "DELETE FROM pacing_log WHERE id IN (SELECT id FROM pacing_log WHERE at < ? LIMIT ?)", (before, limit)
    ).rowcount
