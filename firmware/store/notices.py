"""What agents are told of their campaigns, and when they confirmed it.

A notice that a campaign begins soon counts until it runs, one that it runs while it does; what counts no more needs no
confirmation. Told once more, it is to be confirmed once more.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from firmware.model import CampaignId, UserId

_CURRENT = (
    "CASE n.kind WHEN 'started' THEN c.state = 'running' ELSE c.state IN ('draft', 'paused', 'stopped') END"
)


class NoticeKind(StrEnum):
    """What agents are told."""

    LOADED = "loaded"
    """The campaign is made ready and begins soon."""
    STARTED = "started"
    """The campaign dials."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One agent told of one campaign; ``confirmed_at`` is None until they say so."""

    id: int
    campaign_id: CampaignId
    campaign: str
    user_id: UserId
    kind: NoticeKind
    made_at: float
    confirmed_at: float | None


def post(
    conn: sqlite3.Connection, campaign: CampaignId, users: Collection[UserId], kind: NoticeKind, now: float
) -> None:
    """Tell these agents; those who were told before are told again."""
    conn.executemany(
        "INSERT INTO campaign_notice (campaign_id, user_id, kind, made_at)"
        " SELECT ?1, id, ?3, ?4 FROM user WHERE id = ?2"
        " ON CONFLICT DO UPDATE SET made_at = excluded.made_at, confirmed_at = NULL",
        [(campaign, user, kind, now) for user in users],
    )


def confirm(conn: sqlite3.Connection, notice: int, user: UserId, now: float) -> None:
    """The agent knows; the first time counts, and a notice of somebody else is left alone."""
    conn.execute(
        "UPDATE campaign_notice SET confirmed_at = coalesce(confirmed_at, ?) WHERE id = ? AND user_id = ?",
        (now, notice, user),
    )


def waiting(conn: sqlite3.Connection) -> list[Notice]:
    """What counts and nobody has confirmed yet, oldest first."""
    return _read(conn, f"n.confirmed_at IS NULL AND {_CURRENT}")


def of_campaign(conn: sqlite3.Connection, campaign: CampaignId) -> list[Notice]:
    """What its agents were told that still counts, confirmed or not."""
    return _read(conn, f"n.campaign_id = ? AND {_CURRENT}", campaign)


def _read(conn: sqlite3.Connection, where: str, *values: object) -> list[Notice]:
    rows = conn.execute(
        "SELECT n.id, n.campaign_id, c.name, n.user_id, n.kind, n.made_at, n.confirmed_at"  # noqa: S608 - own words
        f" FROM campaign_notice n JOIN campaign c ON c.id = n.campaign_id WHERE {where} ORDER BY n.id",
        values,
    )
    return [
        Notice(number, campaign, name, user, NoticeKind(kind), made_at, confirmed_at)
        for number, campaign, name, user, kind, made_at, confirmed_at in rows.fetchall()
    ]
