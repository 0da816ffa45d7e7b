"""Promised callbacks as people look at them: lists with names, the history of one, and figures per owner.

Reads only. What makes and changes promises is ``callbacks``'.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from firmware.model import UserId
from firmware.store import callbacks
from firmware.store.words import e164

SHOWN = ("open", "late", "kept", "missed", "withdrawn", "passed_on", "all")
"""What a list can be narrowed to."""
_CONDITIONS = {
    "late": callbacks.LATE,
    "all": "1",
    **{state: f"p.state = '{state}'" for state in SHOWN if state not in ("late", "all")},
}
_TABLES = (
    " FROM promise p JOIN campaign k ON k.id = p.campaign_id LEFT JOIN contact c ON c.id = p.contact_id"
    " LEFT JOIN attempt a ON a.uid = p.attempt_uid LEFT JOIN user o ON o.id = p.owner"
    " LEFT JOIN user m ON m.id = p.made_by"
)
_NAMES = (
    f"({callbacks.LATE}), c.id IS NOT NULL, coalesce(c.name, ''), coalesce(c.dialled, a.number), k.name, k.state,"
    " coalesce(o.name, ''), coalesce(o.active, 0), coalesce(m.name, ''), p.cause, a.uid IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked for. ``owner`` narrows to one agent's, ``team`` to those that are nobody's own."""

    show: str = "open"
    owner: UserId | None = None
    team: bool = False
    campaign: int | None = None
    contact: int | None = None


def listing(
    conn: sqlite3.Connection, choice: Choice, now: float, most: int, skip: int = 0
) -> tuple[int, list[Mapping[str, Any]]]:
    """Return how many promises fit and some of them with the names around them.

    Open ones come by the time they are due, others by the time they ended, newest first.
    """
    where, values = _where(choice)
    values |= {"late_before": _late_before(conn, now)}
    (total,) = conn.execute(f"SELECT count(*) FROM promise p WHERE {where}", values).fetchone()  # noqa: S608
    order = (
        "p.due_at, p.id"
        if choice.show in ("open", "late")
        else "coalesce(p.closed_at, p.due_at) DESC, p.id DESC"
    )
    rows = conn.execute(
        f"SELECT {_NAMES}, {callbacks.COLUMNS}{_TABLES} WHERE {where} ORDER BY {order}"
        " LIMIT :most OFFSET :skip",
        {**values, "most": most, "skip": skip},
    )
    return int(total), [_plain(row) for row in rows.fetchall()]


def after(
    conn: sqlite3.Connection, choice: Choice, now: float, after_id: int, most: int
) -> list[Mapping[str, Any]]:
    """Return the promises that fit by their ids, those after ``after_id``: for whoever reads on page by page."""
    where, values = _where(choice)
    values |= {"late_before": _late_before(conn, now), "after": after_id, "most": most}
    rows = conn.execute(
        f"SELECT {_NAMES}, {callbacks.COLUMNS}{_TABLES} WHERE {where} AND p.id > :after ORDER BY p.id LIMIT :most",
        values,
    )
    return [_plain(row) for row in rows.fetchall()]


def one(conn: sqlite3.Connection, promise: int, now: float) -> Mapping[str, Any]:
    """Return one promise with the names around it. :raises OperatorError: unknown."""
    callbacks.get(conn, promise)
    row = conn.execute(
        f"SELECT {_NAMES}, {callbacks.COLUMNS}{_TABLES} WHERE p.id = :id",
        {"late_before": _late_before(conn, now), "id": promise},
    ).fetchone()
    return _plain(row)


def counts(conn: sqlite3.Connection, now: float, owner: UserId | None = None) -> dict[str, int]:
    """Return how many promises there are of each kind a list can be narrowed to."""
    sql = (
        f"SELECT p.state, ({callbacks.LATE}), count(*) FROM promise p"  # noqa: S608 - constants only
        " WHERE :owner IS NULL OR p.owner = :owner GROUP BY 1, 2"
    )
    found = dict.fromkeys(SHOWN, 0)
    for state, is_late, n in conn.execute(sql, {"late_before": _late_before(conn, now), "owner": owner}):
        found[state] += n
        found["late"] += n if is_late else 0
        found["all"] += n
    return found


def figures(conn: sqlite3.Connection, since: float, now: float) -> list[Mapping[str, Any]]:
    """Return per owner (None: the team) what became of promises for times from ``since`` on; most promises first."""
    rows = conn.execute(
        "SELECT p.owner, coalesce(o.name, ''), sum(p.state = 'kept'), sum(p.state = 'missed'),"  # noqa: S608
        f" sum(p.state = 'passed_on'), sum(p.state = 'open'), sum({callbacks.LATE})"
        " FROM promise p LEFT JOIN user o ON o.id = p.owner WHERE p.promised_at >= :since"
        " GROUP BY p.owner ORDER BY count(*) DESC, p.owner",
        {"late_before": _late_before(conn, now), "since": since},
    )
    names = ("owner", "name", "kept", "missed", "passed_on", "open", "late")
    return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


def history(conn: sqlite3.Connection, root: int) -> list[Mapping[str, Any]]:
    """Return everything that happened to a promise and those it was passed on to, oldest first."""
    rows = conn.execute(
        "SELECT h.at, h.act, h.cause, coalesce(u.name, ''), coalesce(o.name, ''), h.promised_at, h.due_at"
        " FROM promise_history h LEFT JOIN user u ON u.id = h.by_user LEFT JOIN user o ON o.id = h.owner"
        " WHERE h.root = ? ORDER BY h.id",
        (root,),
    )
    names = ("at", "act", "cause", "by", "owner", "promised_at", "due_at")
    return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


def own(conn: sqlite3.Connection, owner: UserId, now: float) -> Mapping[str, Any]:
    """Return an agent's open promises in short: how many, how many of them late, and when the next one is due."""
    row = conn.execute(
        f"SELECT count(*), coalesce(sum({callbacks.LATE}), 0), min(p.due_at) FROM promise p"  # noqa: S608
        " WHERE p.state = 'open' AND p.owner = :owner",
        {"late_before": _late_before(conn, now), "owner": owner},
    ).fetchone()
    return {"open": row[0], "late": row[1], "next_at": row[2]}


def _where(choice: Choice) -> tuple[str, dict[str, Any]]:
    conditions, values = [_CONDITIONS[choice.show]], dict[str, Any]()
    if choice.owner is not None:
        conditions.append("p.owner = :owner")
        values["owner"] = choice.owner
    if choice.team:
        conditions.append("p.kind = 'team'")
    if choice.campaign is not None:
        conditions.append("p.campaign_id = :campaign")
        values["campaign"] = choice.campaign
    if choice.contact is not None:
        conditions.append("p.contact_id = :contact")
        values["contact"] = choice.contact
    return " AND ".join(conditions), values


def _late_before(conn: sqlite3.Connection, now: float) -> float:
    return now - callbacks.rules_in_force(conn).grace_s


def _plain(row: tuple[Any, ...]) -> Mapping[str, Any]:
    late, there, name, number, campaign, state, owner, active, made_by, cause, called = row[:11]
    promise = asdict(callbacks.read(row[11:]))
    return {
        **promise,
        "late": bool(late),
        "contact_there": bool(there),
        "name": name,
        "number": e164(number) if number else "",
        "campaign": campaign,
        "campaign_state": state,
        "owner_name": owner,
        "owner_active": bool(active),
        "made_by_name": made_by,
        "cause": cause,
        "attempt_there": bool(called),
    }
