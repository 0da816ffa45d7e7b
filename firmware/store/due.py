"""Finds a list's due contacts in order, at a cost that does not grow with the list.

A list's own order is priority, due time, order of import: open contacts are probed per (time zones, priority) through
a partial index that holds nothing else. Where a campaign has an ordering of its own (sorted, filtered, parted by owner
or stage), its groups are read from that (``ordering``). INDEXED BY makes SQLite refuse any other way.
"""

from __future__ import annotations

import heapq
import math
import sqlite3
from collections.abc import Generator, Mapping, Sequence
from typing import NamedTuple

from firmware.model import ContactId, ContactListId
from firmware.store import ordering
from firmware.store.ordering import Ordering

Row = tuple[float | bytes, float, int, int, str, str, str, int]
"""-priority or key, next_at, id, number, name, fields, zones, attempts."""
Source = Generator[Row, None, None]


class Stage(NamedTuple):
    """Whether the contacts that agents dial themselves are wanted, or the others."""

    by_agents: bool


class Owners(NamedTuple):
    """The names (in small letters) whose contacts count, beside those of nobody."""

    names: tuple[str, ...]


_OPEN = "FROM contact INDEXED BY contact_open WHERE state = 'open' AND list_id = ?"
_REST = "c.id, c.dialled, c.name, c.fields, c.zones, c.attempts - c.attempts_base"


def merged(
    conn: sqlite3.Connection, list_id: ContactListId, now: float, asleep: Mapping[str, float]
) -> Source:
    """Due contacts in the list's own order; a group whose zones fall ``asleep`` meanwhile is read no further."""
    return _merge([_due(conn, list_id, *group, now) for group in _groups(conn, list_id)], asleep)


def ordered(
    conn: sqlite3.Connection,
    wanted: Ordering,
    now: float,
    asleep: Mapping[str, float],
    owners: Owners | None = None,
    stage: Stage | None = None,
) -> Source:
    """Due contacts in a campaign's order, as ``merged``; none while it has never been complete.

    With ``owners`` only contacts that belong to nobody or to somebody of one of its names, with ``stage`` only those
    that agents dial, or only the others.
    """
    level = stage_number(stage)
    names = None if owners is None else owners.names
    found = ordering.groups(conn, wanted.id, level, names) if wanted.complete else []
    return _merge([_due_by(conn, wanted.id, level, *group, now) for group in found], asleep)


def stage_number(stage: Stage | None) -> int:
    """The stage as orderings keep it."""
    return int(stage is not None and stage.by_agents)


def _merge(sources: Sequence[Source], asleep: Mapping[str, float]) -> Source:
    heads = [(row, source) for source, row in enumerate(next(s, None) for s in sources) if row is not None]
    heapq.heapify(heads)
    try:
        while heads:
            row, source = heads[0]
            if row[6] not in asleep:
                yield row
            following = None if row[6] in asleep else next(sources[source], None)
            if following is None:
                heapq.heappop(heads)
            else:
                heapq.heapreplace(heads, (following, source))
    finally:
        for each in sources:
            each.close()


def _groups(conn: sqlite3.Connection, list_id: ContactListId) -> list[tuple[str, int]]:
    """Every (zones, priority) that open contacts of the list have, one step down the index each."""
    found: list[tuple[str, int]] = []
    row = conn.execute(
        f"SELECT zones, priority {_OPEN} ORDER BY zones, priority DESC LIMIT 1",
        (list_id,),
    ).fetchone()
    while row is not None:
        found.append(row)
        row = _next_group(conn, list_id, *row)
    return found


def _next_group(
    conn: sqlite3.Connection, list_id: ContactListId, zones: str, priority: int
) -> tuple[str, int] | None:
    lower: tuple[str, int] | None = conn.execute(
        f"SELECT zones, priority {_OPEN} AND zones = ? AND priority < ? ORDER BY priority DESC LIMIT 1",
        (list_id, zones, priority),
    ).fetchone()
    if lower is not None:
        return lower
    other: tuple[str, int] | None = conn.execute(
        f"SELECT zones, priority {_OPEN} AND zones > ? ORDER BY zones, priority DESC LIMIT 1",
        (list_id, zones),
    ).fetchone()
    return other


_FREE = (
    " AND NOT EXISTS (SELECT 1 FROM contact f WHERE f.state = 'in_flight' AND f.dialled = c.dialled)"
    " AND NOT EXISTS (SELECT 1 FROM offer o WHERE o.contact_id = c.id)"
)
"""Its number is not being dialled, and it is not on offer."""


def _due(conn: sqlite3.Connection, list_id: ContactListId, zones: str, priority: int, now: float) -> Source:
    """Due contacts of one group, longest due first, read one by one as the merge asks; none that is offered."""
    sql = (
        f"SELECT -c.priority, c.next_at, {_REST} FROM contact c INDEXED BY contact_open"  # noqa: S608
        " WHERE c.state = 'open' AND c.list_id = ? AND c.zones = ? AND c.priority = ? AND c.next_at <= ?"
        f"{_FREE} ORDER BY c.next_at, c.id"
    )
    return _read(conn, sql, (list_id, zones, priority, now))


def _due_by(
    conn: sqlite3.Connection, order_id: int, stage: int, owner: str, zones: str, now: float
) -> Source:
    """Due contacts of one group of an ordering, in its order. A clock set back leaves some that are not due yet."""
    sql = (
        f"SELECT w.key, w.next_at, {_REST} FROM contact_order w INDEXED BY contact_order_due"  # noqa: S608
        " CROSS JOIN contact c ON c.id = w.contact_id"
        " WHERE w.standing = 0 AND w.fits = 1 AND w.stale = 0 AND w.order_id = ? AND w.stage = ? AND w.owner = ?"
        f" AND w.zones = ? AND w.next_at <= ?{_FREE} ORDER BY w.key, w.next_at, w.contact_id"
    )
    return _read(conn, sql, (order_id, stage, owner, zones, now))


def _read(conn: sqlite3.Connection, sql: str, values: Sequence[object]) -> Source:
    cursor = conn.execute(sql, values)
    try:
        yield from cursor
    finally:
        cursor.close()


def of_contact(conn: sqlite3.Connection, contact: ContactId) -> Row | None:
    """One contact as the merge would give it, due or not; None if there is none."""
    sql = f"SELECT -c.priority, c.next_at, {_REST} FROM contact c WHERE c.id = ?"  # noqa: S608 - constants only
    row: Row | None = conn.execute(sql, (contact,)).fetchone()
    return row


def next_due(conn: sqlite3.Connection, list_id: ContactListId, asleep: Mapping[str, float]) -> float | None:
    """When the list has a contact to ask about again, groups that are ``asleep`` not before they wake; or None."""
    soonest: list[float] = []
    for zones, priority in _groups(conn, list_id):
        (next_at,) = conn.execute(
            f"SELECT next_at {_OPEN} AND zones = ? AND priority = ? ORDER BY next_at LIMIT 1",
            (list_id, zones, priority),
        ).fetchone()
        soonest.append(max(next_at, asleep.get(zones, next_at)))
    return min((at for at in soonest if at < math.inf), default=None)
