"""Finds a list's due contacts in order, at a cost that does not grow with the list.

Open contacts are probed per (time zones, priority) through a partial index that holds nothing else; INDEXED BY makes
SQLite refuse any other way. The groups are merged by priority, due time and order of import.
"""

from __future__ import annotations

import heapq
import math
import sqlite3
from collections.abc import Generator, Mapping
from typing import NamedTuple

from firmware.model import ContactId, ContactListId

Row = tuple[int, float, int, int, str, str, str, int]
"""-priority, next_at, id, number, name, fields, zones, attempts."""


class Stage(NamedTuple):
    """Which contacts of a list agents dial themselves, and whether those are wanted or the others."""

    by_agents: bool
    from_attempts: int
    """With so many attempts behind it a contact is the agents'; 0: never for that."""
    field: str
    """A custom field that makes a contact the agents' with any of ``YES``; empty: none does."""


YES = ("1", "x", "y", "yes", "j", "ja", "true", "wahr")
"""What counts as yes in a column of a list."""


class Owners(NamedTuple):
    """The custom field that says whose a contact is, and the names that count (in small letters)."""

    field: str
    names: tuple[str, ...]


_OPEN = "FROM contact INDEXED BY contact_open WHERE state = 'open' AND list_id = ?"
_REST = "c.id, c.dialled, c.name, c.fields, c.zones, c.attempts"


def merged(
    conn: sqlite3.Connection,
    list_id: ContactListId,
    now: float,
    asleep: Mapping[str, float],
    owners: Owners | None = None,
    stage: Stage | None = None,
) -> Generator[Row, None, None]:
    """Due contacts of all groups in order; a group whose zones fall ``asleep`` meanwhile is read no further.

    With ``owners`` only contacts that belong to nobody or to somebody of one of its names, with ``stage`` only those
    that agents dial, or only the others.
    """
    sources = [_due(conn, list_id, *group, now, owners, stage) for group in _groups(conn, list_id)]
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


def _due(
    conn: sqlite3.Connection,
    list_id: ContactListId,
    zones: str,
    priority: int,
    now: float,
    owners: Owners | None,
    stage: Stage | None,
) -> Generator[Row, None, None]:
    """Due contacts of one group, longest due first, read one by one as the merge asks; none that is offered."""
    mine, whose = _mine(owners)
    staged, which = _staged(stage)
    cursor = conn.execute(
        f"SELECT -c.priority, c.next_at, {_REST}"  # noqa: S608 - constants only
        " FROM contact c INDEXED BY contact_open"
        " WHERE c.state = 'open' AND c.list_id = ? AND c.zones = ? AND c.priority = ? AND c.next_at <= ?"
        " AND NOT EXISTS (SELECT 1 FROM contact f WHERE f.state = 'in_flight' AND f.dialled = c.dialled)"
        f" AND NOT EXISTS (SELECT 1 FROM offer o WHERE o.contact_id = c.id){mine}{staged}"
        " ORDER BY c.next_at, c.id",
        (list_id, zones, priority, now, *whose, *which),
    )
    try:
        yield from cursor
    finally:
        cursor.close()


def _mine(owners: Owners | None) -> tuple[str, tuple[str, ...]]:
    """The condition for contacts that belong to nobody or to one of the names, and its values."""
    if owners is None:
        return "", ()
    whose = "lower(trim(coalesce(json_extract(c.fields, ?), '')))"
    marks = ", ".join("?" * len(owners.names))
    return f" AND {whose} IN ('', {marks})", (_path(owners.field), *owners.names)


def _staged(stage: Stage | None) -> tuple[str, tuple[int | str, ...]]:
    """The condition for contacts of one stage, and its values."""
    conditions: list[str] = []
    values: list[int | str] = []
    if stage is not None and stage.from_attempts:
        conditions.append("c.attempts >= ?")
        values.append(stage.from_attempts)
    if stage is not None and stage.field:
        marks = ", ".join("?" * len(YES))
        conditions.append(f"lower(trim(coalesce(json_extract(c.fields, ?), ''))) IN ({marks})")
        values += [_path(stage.field), *YES]
    if stage is None or not conditions:
        return "", ()
    return f" AND {'' if stage.by_agents else 'NOT '}({' OR '.join(conditions)})", tuple(values)


def _path(field: str) -> str:
    """A custom field as SQLite's JSON functions name it."""
    return '$."' + field.replace('"', "") + '"'


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
