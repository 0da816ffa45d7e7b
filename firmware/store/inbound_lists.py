"""Calls that came in as people look at them: lists with names, and figures by the hour. Reads only."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from firmware.model import CampaignId, ContactListId
from firmware.store import inbound

SHOWN = ("missed", "answered", "all")
"""What a list can be narrowed to. Missed is whoever did not speak with an agent and was not promised a callback."""
_MISSED = "i.outcome IN ('missed', 'closed', 'busy', 'refused', 'interrupted')"
_CONDITIONS = {"missed": _MISSED, "answered": "i.outcome = 'answered'", "all": "1"}
_TABLES = (
    " FROM inbound_call i LEFT JOIN contact c ON c.id = i.contact_id LEFT JOIN campaign k ON k.id = i.campaign_id"
    " LEFT JOIN user u ON u.id = i.user_id LEFT JOIN contact_list l ON l.id = i.contact_list_id"
)
_NAMES = "coalesce(c.name, ''), coalesce(k.name, ''), coalesce(u.name, ''), i.id, coalesce(l.name, '')"


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked for: kind, the rule's name (empty: any), the beginning and end of a period (UTC seconds)."""

    show: str = "all"
    rule: str = ""
    since: float = 0.0
    until: float = 1e18
    campaign: CampaignId | None = None
    contact_list: ContactListId | None = None
    """The list the caller stands in, as it was when they called."""


def listing(
    conn: sqlite3.Connection, choice: Choice, most: int, skip: int = 0
) -> tuple[int, list[Mapping[str, Any]]]:
    """Return how many calls fit and some of them, newest first, with the names around them."""
    where, values = _where(choice)
    (total,) = conn.execute(f"SELECT count(*) FROM inbound_call i WHERE {where}", values).fetchone()  # noqa: S608
    rows = conn.execute(
        f"SELECT {_NAMES}, {inbound.COLUMNS}{_TABLES} WHERE {where} ORDER BY i.offered_at DESC, i.id DESC"
        " LIMIT :most OFFSET :skip",
        {**values, "most": most, "skip": skip},
    )
    return int(total), [_plain(row) for row in rows.fetchall()]


def counts(conn: sqlite3.Connection, choice: Choice) -> dict[str, int]:
    """Return how many calls there are of each kind a list can be narrowed to, and missed ones nobody saw to."""
    where, values = _where(replace(choice, show="all"))
    row = conn.execute(
        f"SELECT coalesce(sum({_MISSED}), 0), coalesce(sum(i.outcome = 'answered'), 0), count(*),"  # noqa: S608
        f" coalesce(sum({_MISSED} AND i.called_back_at IS NULL), 0) FROM inbound_call i WHERE {where}",
        values,
    ).fetchone()
    return dict(zip((*SHOWN, "open"), map(int, row), strict=True))


def by_queue(conn: sqlite3.Connection, since: float, in_time_s: float) -> dict[str, Mapping[str, int]]:
    """Return per rule the calls offered since then, and of them ``answered in_time missed promised``."""
    rows = conn.execute(
        "SELECT i.rule, count(*), count(*) FILTER (WHERE i.outcome = 'answered'),"  # noqa: S608
        " count(*) FILTER (WHERE i.connected_at - i.offered_at <= ?),"
        f" count(*) FILTER (WHERE {_MISSED}), count(*) FILTER (WHERE i.outcome = 'callback')"
        " FROM inbound_call i WHERE i.offered_at >= ? GROUP BY 1",
        (in_time_s, since),
    )
    names = ("offered", "answered", "in_time", "missed", "promised")
    return {str(rule): dict(zip(names, map(int, counts), strict=True)) for rule, *counts in rows.fetchall()}


def by_hour(conn: sqlite3.Connection, since: float, until: float) -> list[Mapping[str, Any]]:
    """Return per hour with any calls its beginning (UTC seconds) and how many were answered, missed, called back."""
    rows = conn.execute(
        "SELECT CAST(i.offered_at / 3600 AS INTEGER) * 3600, sum(i.outcome = 'answered'),"  # noqa: S608
        f" sum({_MISSED}), sum(i.outcome = 'callback'),"
        " avg(iif(i.connected_at IS NULL, NULL, i.connected_at - i.offered_at)) FROM inbound_call i"
        " WHERE i.offered_at >= ? AND i.offered_at < ? AND i.outcome IS NOT NULL GROUP BY 1 ORDER BY 1",
        (since, until),
    )
    names = ("at", "answered", "missed", "callback", "wait_s")
    return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


def _where(choice: Choice) -> tuple[str, dict[str, Any]]:
    conditions = [_CONDITIONS[choice.show], "i.offered_at >= :since", "i.offered_at < :until"]
    values: dict[str, Any] = {"since": choice.since, "until": choice.until}
    narrowed = {"rule": choice.rule, "campaign_id": choice.campaign, "contact_list_id": choice.contact_list}
    for column, value in narrowed.items():
        if value:
            conditions.append(f"i.{column} = :{column}")
            values[column] = value
    return " AND ".join(conditions), values


def _plain(row: tuple[Any, ...]) -> Mapping[str, Any]:
    name, campaign, agent, number, listed = row[:5]
    names = {"name": name, "campaign": campaign, "agent": agent, "id": number, "list": listed}
    return {**asdict(inbound.read(row[5:])), **names}
