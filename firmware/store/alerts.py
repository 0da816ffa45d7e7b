"""Alerts in the store: one row from beginning to end, who took note of it, and who is told."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from firmware.model import OperatorError, Problem
from firmware.store.words import canonical, mapping


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert. Times are UTC seconds; ``ended_at`` None: it goes on."""

    id: int
    rule: str
    about: str
    figures: Mapping[str, Any]
    began_at: float
    ended_at: float | None
    acknowledged_at: float | None
    acknowledged_by: str


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who is told by mail. No ``rules``: of every alert."""

    id: int
    address: str
    language: str
    rules: Sequence[str]
    made_by: str
    made_at: float


_ALERT = "id, rule, about, figures, began_at, ended_at, acknowledged_at, acknowledged_by"


def begin(conn: sqlite3.Connection, rule: str, about: str, figures: Mapping[str, Any], now: float) -> int:
    """Write a beginning down; returns the alert's id."""
    made = conn.execute(
        "INSERT INTO alert (rule, about, figures, began_at) VALUES (?, ?, ?, ?)",
        (rule, about, canonical(dict(figures)), now),
    )
    return made.lastrowid or 0


def end(conn: sqlite3.Connection, rule: str, about: str, now: float) -> Alert | None:
    """Write an end down; returns the alert, None where none was open."""
    row = conn.execute(
        f"UPDATE alert SET ended_at = max(?, began_at) WHERE rule = ? AND about = ? AND ended_at IS NULL"  # noqa: S608
        f" RETURNING {_ALERT}",
        (now, rule, about),
    ).fetchone()
    return None if row is None else _alert(row)


def open_now(conn: sqlite3.Connection) -> list[Alert]:
    """Return alerts that go on, oldest first."""
    sql = f"SELECT {_ALERT} FROM alert WHERE ended_at IS NULL ORDER BY began_at, id"  # noqa: S608
    return [_alert(row) for row in conn.execute(sql)]


def over(conn: sqlite3.Connection, limit: int = 100) -> list[Alert]:
    """Return alerts that have ended, newest first."""
    sql = f"SELECT {_ALERT} FROM alert WHERE ended_at IS NOT NULL ORDER BY began_at DESC, id DESC LIMIT ?"  # noqa: S608
    return [_alert(row) for row in conn.execute(sql, (limit,))]


def acknowledge(conn: sqlite3.Connection, alert: int, who: str, now: float) -> None:
    """Somebody took note; the first one counts. :raises OperatorError: there is no such alert."""
    if conn.execute("SELECT 1 FROM alert WHERE id = ?", (alert,)).fetchone() is None:
        raise OperatorError(Problem("id", "alert_unknown", f"There is no alert {alert}."))
    conn.execute(
        "UPDATE alert SET acknowledged_at = ?, acknowledged_by = ? WHERE id = ? AND acknowledged_at IS NULL",
        (now, who, alert),
    )


def receivers(conn: sqlite3.Connection) -> list[Receiver]:
    """Return everybody who is told, by address."""
    sql = "SELECT id, address, language, rules, made_by, made_at FROM alert_receiver ORDER BY address"
    return [
        Receiver(number, address, language, tuple(json.loads(rules)), by, at)
        for number, address, language, rules, by, at in conn.execute(sql)
    ]


def add_receiver(
    conn: sqlite3.Connection, address: str, language: str, rules: Sequence[str], who: str, now: float
) -> int | None:
    """Tell somebody from now on; None where the address is told already."""
    made = conn.execute(
        "INSERT INTO alert_receiver (address, language, rules, made_by, made_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        (address, language, json.dumps(list(rules)), who, now),
    )
    return made.lastrowid if made.rowcount else None


def remove_receiver(conn: sqlite3.Connection, receiver: int) -> None:
    """Tell somebody no more. :raises OperatorError: nobody is there."""
    if not conn.execute("DELETE FROM alert_receiver WHERE id = ?", (receiver,)).rowcount:
        raise OperatorError(Problem("id", "alert_receiver_unknown", f"There is no receiver {receiver}."))


def _alert(row: tuple[Any, ...]) -> Alert:
    number, rule, about, figures, *rest = row
    return Alert(number, rule, about, mapping(figures), *rest)
