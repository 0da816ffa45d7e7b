"""How long each class of data is kept, how much is over its time, and removing it in small steps.

Every class has a finite time. Proof (attempts with their permits, consents, promises) is kept as long as the law wants
to see it and no longer; the chain of permits stays whole: a link holds nothing but hashes, and ``attempt_cleared``
says what was forgotten. A step removes at most ``STEP`` rows, so that it holds the writer for milliseconds.
"""

# ruff: noqa: S608 - queries are made of constants of this file
from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from firmware.store import settings, webhooks

STEP = 200
DAY_S = 86_400.0
KEY = "retention"


@dataclass(frozen=True, slots=True)
class DataClass:
    """A kind of data: days by default, and from ... to what an office may set."""

    key: str
    days: int
    least: int
    most: int


CLASSES: Mapping[str, DataClass] = {
    each.key: each
    for each in (
        DataClass("recordings", 90, 1, 1827),
        DataClass("details", 365, 30, 1827),
        DataClass("contacts", 365, 30, 1827),
        DataClass("incoming", 365, 30, 1827),
        DataClass("logs", 180, 7, 1827),
        DataClass("webhooks", 30, 1, 30),
        DataClass("mail", 30, 1, 365),
        DataClass("files", 30, 1, 365),
        DataClass("audit", 3653, 365, 3653),
        DataClass("proof", 1827, 1827, 3653),
    )
}
"""``proof``: consent for advertising calls is to be shown for five years after it was given and after each use (German
UWG §7a (2)); nobody can set less."""


@dataclass(frozen=True, slots=True)
class Run:
    """One night. ``removed`` by class; ``error`` empty: it went well."""

    id: int
    began_at: float
    ended_at: float | None
    removed: Mapping[str, int]
    error: str


def days(conn: sqlite3.Connection) -> dict[str, int]:
    """Return how many days each class is kept."""
    kept = settings.get(conn, KEY, {})
    return {key: int(kept.get(key, each.days)) for key, each in CLASSES.items()}


def set_days(conn: sqlite3.Connection, chosen: Mapping[str, int]) -> None:
    """Store how many days classes are kept; those not named stay as they are."""
    settings.put(conn, KEY, {**days(conn), **chosen})


@contextmanager
def clearing(conn: sqlite3.Connection) -> Iterator[None]:
    """Let the rest of this transaction remove what is otherwise kept as proof, and overwrite what it removes."""
    conn.execute("PRAGMA secure_delete = ON")
    conn.execute("INSERT INTO clearing VALUES (1)")
    try:
        yield
    finally:
        conn.execute("DELETE FROM clearing")
        conn.execute("PRAGMA secure_delete = OFF")


# -- what is over its time ---------------------------------------------------------------------------------------------

_DETAILED = (
    "disposition IS NOT NULL"
    " AND (note <> '' OR key <> '' OR verdict_figures <> '{}' OR corrected_figures <> '{}'"
    " OR uid IN (SELECT attempt_uid FROM form_answer))"
)
_CONTACT_OVER = (
    "state = 'closed' AND coalesce(last_attempt_at, (SELECT at FROM contact_import WHERE id = import_id),"
    " (SELECT created_at FROM contact_list WHERE id = list_id)) < ?"
)
_CONSENT_OVER = (
    "recorded_at < ?1 AND (until < ?1 OR EXISTS (SELECT 1 FROM consent_withdrawal WHERE consent_id = consent.id"
    " AND at < ?1)) AND NOT EXISTS (SELECT 1 FROM attempt WHERE attempt.number = consent.number"
    " AND started_at >= ?1)"
)
_RECORDED = (
    "SELECT uid, recording FROM attempt WHERE started_at < ?1 AND recording IS NOT NULL"
    " UNION SELECT t.call, t.file FROM call_tape t WHERE t.call IN (SELECT call FROM call_tape WHERE began_at < ?1)"
)
"""A call's pieces go together."""
_LOGS = (
    ("pacing_log", "at"), ("agent_log", "at"), ("offer_log", "ended_at"), ("rule_fired", "at"), ("call_step", "at"),
    ("monitoring", "ended_at"), ("desk_message", "sent_at"), ("alert", "ended_at"), ("access_request", "decided_at"),
)  # fmt: skip


def over(conn: sqlite3.Connection, key: str, before: float) -> int:
    """How many rows of a class are older than ``before`` (UTC seconds); files are not counted here."""
    counted = {
        "details": f"SELECT count(*) FROM attempt WHERE started_at < ? AND {_DETAILED}",
        "recordings": f"SELECT count(*) FROM ({_RECORDED})",
        "contacts": f"SELECT count(*) FROM contact WHERE {_CONTACT_OVER}",
        "incoming": "SELECT count(*) FROM inbound_call WHERE offered_at < ? AND outcome IS NOT NULL",
        "webhooks": "SELECT count(*) FROM webhook_delivery WHERE state <> 'waiting' AND coalesce(last_at, 0) < ?",
        "mail": "SELECT count(*) FROM mail WHERE state <> 'waiting' AND made_at < ?",
        "audit": "SELECT count(*) FROM audit WHERE at < ?",
        "proof": "SELECT count(*) FROM attempt WHERE started_at < ? AND disposition IS NOT NULL",
    }
    if key == "logs":
        return sum(_count(conn, f"SELECT count(*) FROM {t} WHERE {at} < ?", before) for t, at in _LOGS)
    found = _count(conn, counted[key], before) if key in counted else 0
    if key == "proof":
        found += _count(conn, f"SELECT count(*) FROM consent WHERE {_CONSENT_OVER}", before)
    return found


def _count(conn: sqlite3.Connection, sql: str, before: float) -> int:
    return int(conn.execute(sql, (before,)).fetchone()[0])


# -- removing ----------------------------------------------------------------------------------------------------------


def step(conn: sqlite3.Connection, key: str, before: float, now: float) -> int:
    """Remove up to ``STEP`` rows of a class that are older than ``before``; 0: none are left.

    Recordings are files first: ``recordings`` names them, ``forget_recordings`` follows.
    """
    return _STEPS[key](conn, before, now)


def _details(conn: sqlite3.Connection, before: float, _now: float) -> int:
    rows = conn.execute(
        f"SELECT uid FROM attempt WHERE started_at < ? AND {_DETAILED} LIMIT ?", (before, STEP)
    ).fetchall()
    conn.executemany("DELETE FROM form_answer WHERE attempt_uid = ?", rows)
    conn.executemany(
        "UPDATE attempt SET note = '', key = '', verdict_figures = '{}', corrected_figures = '{}' WHERE uid = ?",
        rows,
    )
    return len(rows)


def _contacts(conn: sqlite3.Connection, before: float, _now: float) -> int:
    sql = f"DELETE FROM contact WHERE id IN (SELECT id FROM contact WHERE {_CONTACT_OVER} LIMIT ?)"
    with clearing(conn):
        return conn.execute(sql, (before, STEP)).rowcount


def _incoming(conn: sqlite3.Connection, before: float, _now: float) -> int:
    """With what was done in them; a recording that is kept longer goes in its own time."""
    sql = "SELECT uid FROM inbound_call WHERE offered_at < ? AND outcome IS NOT NULL LIMIT ?"
    chosen = json.dumps([uid for (uid,) in conn.execute(sql, (before, STEP))])
    for table in ("call_party", "call_step", "monitoring"):
        conn.execute(f"DELETE FROM {table} WHERE attempt IN (SELECT value FROM json_each(?))", (chosen,))
    return conn.execute(
        "DELETE FROM inbound_call WHERE uid IN (SELECT value FROM json_each(?))", (chosen,)
    ).rowcount


def _logs(conn: sqlite3.Connection, before: float, _now: float) -> int:
    for table, at in _LOGS:
        sql = f"DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE {at} < ? LIMIT ?)"
        if gone := conn.execute(sql, (before, STEP)).rowcount:
            return gone
    return 0


def _webhooks(conn: sqlite3.Connection, before: float, _now: float) -> int:
    over_now = over(conn, "webhooks", before)
    webhooks.prune(conn, before + webhooks.KEPT_S, STEP)
    return over_now - over(conn, "webhooks", before)


def _mail(conn: sqlite3.Connection, before: float, _now: float) -> int:
    return conn.execute(
        "DELETE FROM mail WHERE id IN (SELECT id FROM mail WHERE state <> 'waiting' AND made_at < ? LIMIT ?)",
        (before, STEP),
    ).rowcount


def _audit(conn: sqlite3.Connection, before: float, _now: float) -> int:
    """From its beginning on, so that what is left is a chain; the floor says where it begins."""
    rows = conn.execute("SELECT seq, at, hash FROM audit ORDER BY seq LIMIT ?", (STEP,)).fetchall()
    old = []
    for row in rows:
        if row[1] >= before:
            break
        old.append(row)
    if not old:
        return 0
    seq, _, digest = old[-1]
    with clearing(conn):
        conn.execute(
            "INSERT INTO audit_floor VALUES (1, ?, ?) ON CONFLICT DO UPDATE SET seq = excluded.seq,"
            " hash = excluded.hash",
            (seq, digest),
        )
        return conn.execute("DELETE FROM audit WHERE seq <= ?", (seq,)).rowcount


def _proof(conn: sqlite3.Connection, before: float, now: float) -> int:
    with clearing(conn):
        gone = _attempts(conn, before, now)
        if gone:
            return gone
        return _consents(conn, before) + _promises(conn, before)


def _attempts(conn: sqlite3.Connection, before: float, now: float) -> int:
    uids = [
        uid
        for (uid,) in conn.execute(
            "SELECT uid FROM attempt WHERE started_at < ? AND disposition IS NOT NULL ORDER BY started_at LIMIT ?",
            (before, STEP),
        )
    ]
    chosen = json.dumps(uids)
    for table, column in _OF_ATTEMPT:
        conn.execute(f"DELETE FROM {table} WHERE {column} IN (SELECT value FROM json_each(?))", (chosen,))
    conn.execute(
        "INSERT INTO attempt_cleared SELECT value, ?, 'retention' FROM json_each(?) WHERE true"
        " ON CONFLICT DO UPDATE SET why = 'retention'",
        (now, chosen),
    )
    conn.execute("DELETE FROM attempt WHERE uid IN (SELECT value FROM json_each(?))", (chosen,))
    return len(uids)


_OF_ATTEMPT = (
    *(("call_party", "attempt"), ("call_step", "attempt"), ("monitoring", "attempt")),
    *(("verdict_word", "attempt_uid"), ("false_machine", "uid"), ("rule_fired", "attempt_uid")),
)
"""What belongs to one attempt and goes with it."""


def _consents(conn: sqlite3.Connection, before: float) -> int:
    sql = f"SELECT id FROM consent WHERE {_CONSENT_OVER} LIMIT ?2"
    chosen = json.dumps([number for (number,) in conn.execute(sql, (before, STEP))])
    conn.execute(
        "DELETE FROM consent_withdrawal WHERE consent_id IN (SELECT value FROM json_each(?))", (chosen,)
    )
    return conn.execute(
        "DELETE FROM consent WHERE id IN (SELECT value FROM json_each(?))", (chosen,)
    ).rowcount


def _promises(conn: sqlite3.Connection, before: float) -> int:
    sql = "SELECT id FROM promise WHERE closed_at < ? LIMIT ?"
    chosen = json.dumps([number for (number,) in conn.execute(sql, (before, STEP))])
    conn.execute(
        "UPDATE inbound_call SET promise_id = NULL WHERE promise_id IN (SELECT value FROM json_each(?))",
        (chosen,),
    )
    conn.execute(
        "DELETE FROM promise_history WHERE promise_id IN (SELECT value FROM json_each(?))", (chosen,)
    )
    return conn.execute(
        "DELETE FROM promise WHERE id IN (SELECT value FROM json_each(?))", (chosen,)
    ).rowcount


_STEPS: Mapping[str, Callable[[sqlite3.Connection, float, float], int]] = {
    "details": _details,
    "contacts": _contacts,
    "incoming": _incoming,
    "logs": _logs,
    "webhooks": _webhooks,
    "mail": _mail,
    "audit": _audit,
    "proof": _proof,
}
"""Classes that are rows; ``recordings`` and ``files`` are files."""


def recordings(conn: sqlite3.Connection, before: float) -> list[tuple[str, str]]:
    """Return uid and file of up to ``STEP`` recordings that are older than ``before``."""
    rows = conn.execute(f"{_RECORDED} ORDER BY 1, 2 LIMIT ?2", (before, STEP)).fetchall()
    found = [(str(uid), str(file)) for uid, file in rows]
    whole = [each for each in found if each[0] != found[-1][0]]
    return (
        whole if len(found) == STEP and whole else found
    )  # the last call's pieces may go on beyond the step


def forget_recordings(conn: sqlite3.Connection, uids: list[str]) -> None:
    """The files of these calls are gone."""
    conn.executemany("UPDATE attempt SET recording = NULL WHERE uid = ?", [(uid,) for uid in uids])
    conn.executemany("DELETE FROM call_tape WHERE call = ?", [(uid,) for uid in uids])


# -- what was done -----------------------------------------------------------------------------------------------------


def begin_run(conn: sqlite3.Connection, now: float) -> int:
    """A night begins; returns its id."""
    return conn.execute("INSERT INTO retention_run (began_at) VALUES (?)", (now,)).lastrowid or 0


def end_run(conn: sqlite3.Connection, run: int, removed: Mapping[str, int], error: str, now: float) -> None:
    """A night is over."""
    conn.execute(
        "UPDATE retention_run SET ended_at = ?, removed = ?, error = ? WHERE id = ?",
        (now, json.dumps(dict(removed)), error[:300], run),
    )


def runs(conn: sqlite3.Connection, limit: int = 14) -> list[Run]:
    """Return the newest nights, newest first."""
    sql = "SELECT id, began_at, ended_at, removed, error FROM retention_run ORDER BY id DESC LIMIT ?"
    rows: list[tuple[Any, ...]] = conn.execute(sql, (limit,)).fetchall()
    return [
        Run(number, began, ended, json.loads(removed), error) for number, began, ended, removed, error in rows
    ]
