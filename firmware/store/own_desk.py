"""What an agent has of his own besides promises: the keys of the desk, and conversations the box had to conclude.

A conversation whose time for the result ran out has the campaign's automatic result; one the box lost power in has
none but "interrupted". Both stay with the agent for a week, until he has looked at them, has promised another call, or
the contact has been called again. Keys and what was looked at are settings of the user: nothing is decided by them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping
from typing import Any

from firmware.model import UserId
from firmware.store import settings
from firmware.store.words import e164

OPEN_FOR_S = 7 * 86400.0
MOST = 200

_OF_CAMPAIGNS = (
    "SELECT a.uid, a.talking_at AS at, a.contact_id, a.campaign_id, a.disposition, coalesce(a.wrap_up_code, ''),"
    " a.number, a.key = '' AS lost, 0 AS incoming"
    " FROM attempt a WHERE a.user_id = :user AND a.talking_at >= :since"
    " AND (a.key = 'automatic-' || a.uid OR (a.disposition = 'interrupted' AND a.key = ''))"
    " AND NOT EXISTS (SELECT 1 FROM attempt n WHERE n.number = a.number AND n.contact_id = a.contact_id"
    " AND n.id > a.id)"
)
_CAME_IN = (
    "SELECT i.uid, i.connected_at, i.contact_id, i.campaign_id, i.disposition, coalesce(i.wrap_up_code, ''),"
    " i.caller_number, 0, 1 FROM inbound_call i WHERE i.user_id = :user AND i.connected_at >= :since"
    " AND i.key = 'automatic-' || i.uid"
)
_UNCHECKED = (
    "SELECT f.*, coalesce(c.name, ''), c.id IS NOT NULL, coalesce(k.name, '')"  # noqa: S608 - constants only
    f" FROM ({_OF_CAMPAIGNS} UNION ALL {_CAME_IN}) f"
    " LEFT JOIN contact c ON c.id = f.contact_id LEFT JOIN campaign k ON k.id = f.campaign_id"
    " WHERE NOT EXISTS (SELECT 1 FROM promise p WHERE p.contact_id = f.contact_id AND p.state = 'open')"
    " ORDER BY f.at DESC LIMIT :most"
)
_NAMES = (
    *("attempt", "at", "contact_id", "campaign_id", "disposition", "code", "number", "lost", "incoming"),
    *("name", "contact_there", "campaign"),
)


def keys(conn: sqlite3.Connection, user: UserId) -> dict[str, str]:
    """Return the keys an agent has chosen by the actions they do; empty: as delivered."""
    kept: dict[str, str] = settings.get(conn, _keys_of(user), {})
    return kept


def put_keys(conn: sqlite3.Connection, user: UserId, chosen: Mapping[str, str]) -> None:
    """Store them; none: as delivered."""
    if chosen:
        settings.put(conn, _keys_of(user), dict(chosen))
    else:
        settings.remove(conn, _keys_of(user))


def unchecked(conn: sqlite3.Connection, user: UserId, now: float) -> list[Mapping[str, Any]]:
    """Return conversations the box concluded for the agent and he has not looked at, newest first.

    ``lost``: interrupted, and the agent's own result can still be given. Numbers are E.164.
    """
    found = conn.execute(_UNCHECKED, {"user": user, "since": now - OPEN_FOR_S, "most": MOST}).fetchall()
    seen = set(settings.get(conn, _checked_by(user), []))
    return [_plain(dict(zip(_NAMES, row, strict=True))) for row in found if row[0] not in seen]


def check(conn: sqlite3.Connection, user: UserId, attempt: str, now: float) -> bool:
    """Note that the agent has looked at one of them; False where it is none of his."""
    open_ones = {each["attempt"] for each in unchecked(conn, user, now)}
    if attempt not in open_ones:
        return False
    kept: Collection[str] = settings.get(conn, _checked_by(user), [])
    # What is older than a week is shown no more, and need not be remembered.
    settings.put(conn, _checked_by(user), [*list(kept)[-(MOST - 1) :], attempt])
    return True


def _plain(row: dict[str, Any]) -> Mapping[str, Any]:
    flags = {name: bool(row[name]) for name in ("lost", "incoming", "contact_there")}
    return {**row, **flags, "number": e164(row["number"]) if row["number"] else ""}


def _keys_of(user: UserId) -> str:
    return f"desk_keys.{user}"


def _checked_by(user: UserId) -> str:
    return f"desk_checked.{user}"
