"""Saved reports and when they are sent: whose they are, what they ask for, and how the last sending went.

What a report asks for (``query``) is a JSON object the pages make and read; here it is only kept. A view that is
removed takes its schedules with it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from firmware.model import OperatorError, Problem, UserId
from firmware.store.words import canonical, mapping


@dataclass(frozen=True, slots=True)
class View:
    """A saved report. ``shared``: everybody who may see reports finds it."""

    id: int
    name: str
    owner: UserId
    shared: bool
    query: Mapping[str, Any]
    made_at: float


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a saved report is sent to whom. ``day``: 0 (Monday) to 6, or 1 to 28; ``at``: HH:MM of the office.

    ``last_result`` is empty before the first run, ``queued`` after a good one, else the key of a failure.
    """

    id: int
    view_id: int
    rhythm: str
    day: int
    at: str
    format: str
    recipients: Sequence[str]
    language: str
    active: bool
    made_by: str
    made_at: float
    next_at: float
    last_at: float | None
    last_result: str
    last_detail: str


@dataclass(frozen=True, slots=True)
class NewSchedule:
    """A schedule to be stored, the first time at ``next_at``."""

    view_id: int
    rhythm: str
    day: int
    at: str
    format: str
    recipients: Sequence[str]
    language: str
    made_by: str
    next_at: float


_VIEW = "id, name, owner, shared, query, made_at"
_SCHEDULE = (
    "id, view_id, rhythm, day, at, format, recipients, language, active, made_by, made_at, next_at, last_at,"
    " last_result, last_detail"
)


def save(
    conn: sqlite3.Connection, name: str, owner: UserId, shared: bool, query: Mapping[str, Any], now: float
) -> int:
    """Keep a report by name; the owner's own of the same name is replaced. Returns its id."""
    row = conn.execute("SELECT id FROM report_view WHERE owner = ? AND name = ?", (owner, name)).fetchone()
    if row is not None:
        conn.execute(
            "UPDATE report_view SET shared = ?, query = ?, made_at = ? WHERE id = ?",
            (shared, canonical(dict(query)), now, row[0]),
        )
        return int(row[0])
    made = conn.execute(
        "INSERT INTO report_view (name, owner, shared, query, made_at) VALUES (?, ?, ?, ?, ?)",
        (name, owner, shared, canonical(dict(query)), now),
    )
    return made.lastrowid or 0


def of_user(conn: sqlite3.Connection, user: UserId) -> list[View]:
    """Return a user's own views and those that are shared, by name."""
    sql = f"SELECT {_VIEW} FROM report_view WHERE owner = ? OR shared = 1 ORDER BY name, id"  # noqa: S608
    return [_view(row) for row in conn.execute(sql, (user,))]


def get(conn: sqlite3.Connection, view: int) -> View:
    """Return one. :raises OperatorError: there is none."""
    row = conn.execute(f"SELECT {_VIEW} FROM report_view WHERE id = ?", (view,)).fetchone()  # noqa: S608
    if row is None:
        raise OperatorError(Problem("view", "report_view_unknown", f"There is no saved report {view}."))
    return _view(row)


def remove(conn: sqlite3.Connection, view: int, user: UserId) -> None:
    """Forget a view and its schedules. :raises OperatorError: there is none, or it is somebody else's."""
    if get(conn, view).owner != user:
        raise OperatorError(
            Problem("view", "report_view_of_another", "Only who saved a report can remove it.")
        )
    conn.execute("DELETE FROM report_schedule WHERE view_id = ?", (view,))
    conn.execute("DELETE FROM report_view WHERE id = ?", (view,))


def plan(conn: sqlite3.Connection, new: NewSchedule, now: float) -> int:
    """Store a schedule; returns its id. :raises OperatorError: no such view."""
    get(conn, new.view_id)
    made = conn.execute(
        "INSERT INTO report_schedule (view_id, rhythm, day, at, format, recipients, language, made_by, made_at,"
        " next_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(new.view_id, new.rhythm, new.day, new.at, new.format, json.dumps(list(new.recipients))),
            *(new.language, new.made_by, now, new.next_at),
        ),
    )
    return made.lastrowid or 0


def schedules(conn: sqlite3.Connection) -> list[Schedule]:
    """Return every schedule, oldest first."""
    rows = conn.execute(f"SELECT {_SCHEDULE} FROM report_schedule ORDER BY id")  # noqa: S608
    return [_schedule(row) for row in rows]


def schedule(conn: sqlite3.Connection, number: int) -> Schedule:
    """Return one. :raises OperatorError: there is none."""
    sql = f"SELECT {_SCHEDULE} FROM report_schedule WHERE id = ?"  # noqa: S608
    row = conn.execute(sql, (number,)).fetchone()
    if row is None:
        raise OperatorError(Problem("id", "report_schedule_unknown", f"There is no schedule {number}."))
    return _schedule(row)


def unplan(conn: sqlite3.Connection, number: int) -> None:
    """Forget a schedule. :raises OperatorError: there is none."""
    schedule(conn, number)
    conn.execute("DELETE FROM report_schedule WHERE id = ?", (number,))


def ran(
    conn: sqlite3.Connection, number: int, at: float, result: str, detail: str, next_at: float | None
) -> None:
    """Note how a run went and when the next one is due (None: as before); a schedule that is gone is passed over."""
    conn.execute(
        "UPDATE report_schedule SET last_at = ?, last_result = ?, last_detail = ?,"
        " next_at = coalesce(?, next_at) WHERE id = ?",
        (at, result, detail[:200], next_at, number),
    )


def due(conn: sqlite3.Connection, now: float) -> list[Schedule]:
    """Return active schedules whose time has come."""
    sql = f"SELECT {_SCHEDULE} FROM report_schedule WHERE active = 1 AND next_at <= ? ORDER BY next_at, id"  # noqa: S608
    return [_schedule(row) for row in conn.execute(sql, (now,))]


def _view(row: tuple[Any, ...]) -> View:
    number, name, owner, shared, query, made_at = row
    return View(number, name, UserId(owner), bool(shared), mapping(query), made_at)


def _schedule(row: tuple[Any, ...]) -> Schedule:
    cell = dict(zip(_SCHEDULE.split(", "), row, strict=True))
    cell["recipients"] = tuple(json.loads(cell["recipients"]))
    cell["active"] = bool(cell["active"])
    return Schedule(**cell)
