"""Schedules of contact lists: what is to be done with a list again and again, or when it is asked for."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from firmware.model import ContactListId, Disposition, OperatorError, Problem
from firmware.store.words import canonical


class ScheduleKind(StrEnum):
    """What a run does: take files in, or make contacts callable once more."""

    IMPORT = "import"
    RECYCLE = "recycle"


class Cause(StrEnum):
    """Why a run began."""

    TIME = "time"
    LATE = "late"
    """Its time passed while the box could not run it."""
    HAND = "hand"
    TRIGGER = "trigger"
    """Another program asked for it."""


@dataclass(frozen=True, slots=True)
class NewSchedule:
    """What somebody wants done. ``days`` are weekdays (Monday is 0), none: only when asked; ``at`` is HH:MM."""

    list_id: ContactListId
    kind: ScheduleKind
    days: Sequence[int]
    at: str
    source: str = ""
    mapping: str = ""
    renew: bool = False
    dispositions: Sequence[Disposition] = ()
    rest_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule as it stands. Times are UTC seconds; ``next_at`` None: at no time of its own."""

    id: int
    wanted: NewSchedule
    active: bool
    made_by: str
    made_at: float
    next_at: float | None
    last_at: float | None


_COLUMNS = (
    "s.id, s.list_id, s.kind, s.days, s.at, s.source, s.mapping, s.renew, s.dispositions, s.rest_s, s.active,"
    " s.made_by, s.made_at, s.next_at, s.last_at"
)
_LIVE = (
    "FROM list_schedule s JOIN contact_list l ON l.id = s.list_id"
    " WHERE s.removed_at IS NULL AND l.deleted_at IS NULL"
)


def make(conn: sqlite3.Connection, new: NewSchedule, who: str, now: float, next_at: float | None) -> int:
    """Keep a schedule; its number."""
    row = conn.execute(
        "INSERT INTO list_schedule (list_id, kind, days, at, source, mapping, renew, dispositions, rest_s, made_by,"
        " made_at, next_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(new.list_id, new.kind, canonical(list(new.days)), new.at, new.source, new.mapping, new.renew),
            *(canonical(list(new.dispositions)), new.rest_s, who, now, next_at),
        ),
    )
    return row.lastrowid or 0


def switch(conn: sqlite3.Connection, schedule: int, active: bool, next_at: float | None) -> None:
    """Let it rest, or run again at its times."""
    conn.execute("UPDATE list_schedule SET active = ?, next_at = ? WHERE id = ?", (active, next_at, schedule))


def remove(conn: sqlite3.Connection, schedule: int, now: float) -> None:
    """Run it no more; what it did stays on record."""
    conn.execute("UPDATE list_schedule SET removed_at = ?, next_at = NULL WHERE id = ?", (now, schedule))


def ran(conn: sqlite3.Connection, schedule: int, now: float, next_at: float | None) -> None:
    """A run begins: the next one is at ``next_at``, however many were missed."""
    conn.execute("UPDATE list_schedule SET last_at = ?, next_at = ? WHERE id = ?", (now, next_at, schedule))


def get(conn: sqlite3.Connection, schedule: int) -> Schedule:
    """Return one schedule. :raises OperatorError: there is none, or its list is gone."""
    row = conn.execute(f"SELECT {_COLUMNS} {_LIVE} AND s.id = ?", (schedule,)).fetchone()
    if row is None:
        raise OperatorError(Problem("schedule_id", "list_schedule_unknown", "There is no such schedule."))
    return _read(row)


def of_list(conn: sqlite3.Connection, list_id: ContactListId) -> list[Schedule]:
    """Return the schedules of a list, oldest first."""
    rows = conn.execute(f"SELECT {_COLUMNS} {_LIVE} AND s.list_id = ? ORDER BY s.id", (list_id,))
    return [_read(row) for row in rows.fetchall()]


def due(conn: sqlite3.Connection, now: float) -> list[Schedule]:
    """Return what is to run now, longest due first."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} {_LIVE} AND s.active = 1 AND s.next_at <= ? ORDER BY s.next_at, s.id",
        (now,),
    )
    return [_read(row) for row in rows.fetchall()]


def _read(row: tuple[object, ...]) -> Schedule:
    (
        number,
        list_id,
        kind,
        days,
        at,
        source,
        mapping,
        renew,
        words,
        rest_s,
        active,
        who,
        made_at,
        next_at,
        last_at,
    ) = row
    wanted = NewSchedule(
        ContactListId(int(str(list_id))),
        ScheduleKind(str(kind)),
        tuple(int(day) for day in json.loads(str(days))),
        str(at),
        str(source),
        str(mapping),
        bool(renew),
        tuple(Disposition(word) for word in json.loads(str(words))),
        float(str(rest_s)),
    )
    return Schedule(
        int(str(number)),
        wanted,
        bool(active),
        str(who),
        _time(made_at) or 0.0,
        _time(next_at),
        _time(last_at),
    )


def _time(value: object) -> float | None:
    return None if value is None else float(str(value))
