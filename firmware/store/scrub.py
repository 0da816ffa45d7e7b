"""External scrub services: what they said about numbers, and whom they are still to be asked about.

A service stands in campaigns as a DNC list of its own. A number it has not answered for, or whose answer is too old,
is not called; the claim that meets one notes it as wanted, and ``firmware.commands.scrubbing`` asks.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from firmware.model import Refusal
from firmware.store.dnc_lookup import SHIFT, DncList, one, span
from firmware.store.words import digits, e164

ASK_AGAIN_S = 10.0
"""A contact that waits for an answer is looked at again after this."""
MOST_WANTED = 20_000
"""Numbers that wait for a service; more are not noted, because their contacts come by again."""


@dataclass(frozen=True, slots=True)
class ScrubService:
    """How to reach a service. ``timeout_s`` is for one whole request; an answer counts for ``keep_s``."""

    list_id: int
    url: str
    token: str
    timeout_s: float
    keep_s: float


@dataclass(frozen=True, slots=True)
class ScrubAnswer:
    """What a service says about a number (E.164). ``line_type`` is its word: mobile, landline, voip …, or empty."""

    number: str
    blocked: bool
    line_type: str = ""
    reason: str = ""


def put(conn: sqlite3.Connection, service: ScrubService) -> None:
    """Put a service behind a DNC list, in the place of the one before. :raises OperatorError: no such list."""
    one(conn, service.list_id)
    conn.execute(
        "INSERT OR REPLACE INTO scrub_service (list_id, url, token, timeout_s, keep_s) VALUES (?, ?, ?, ?, ?)",
        (service.list_id, service.url, service.token, service.timeout_s, service.keep_s),
    )


def take_away(conn: sqlite3.Connection, list_id: int) -> None:
    """Let the list stand for no service any more; what it said goes too."""
    conn.execute("DELETE FROM scrub_service WHERE list_id = ?", (list_id,))
    for table in ("scrub_answer", "scrub_wanted"):
        conn.execute(f"DELETE FROM {table} WHERE entry BETWEEN ? AND ?", span(list_id))  # noqa: S608


def services(conn: sqlite3.Connection) -> list[ScrubService]:
    """Return every service."""
    rows = conn.execute("SELECT list_id, url, token, timeout_s, keep_s FROM scrub_service ORDER BY list_id")
    return [ScrubService(*row) for row in rows]


def objection(
    conn: sqlite3.Connection, asked: Sequence[DncList], number: int, now: float, note: bool = True
) -> Refusal | None:
    """Say which service keeps a (stored) number from being called now, if one does.

    ``dnc``: it says no. ``scrub_unanswered``: it has not answered, or too long ago; then (unless ``note`` is False)
    the number is noted as wanted.
    """
    found = None
    for each in asked:
        if not each.scrub_keep_s:
            continue
        entry = each.id * SHIFT + number
        sql = "SELECT blocked FROM scrub_answer WHERE entry = ? AND answered_at > ?"
        row = conn.execute(sql, (entry, now - each.scrub_keep_s)).fetchone()
        if row is not None and row[0]:
            return Refusal("dnc", figures={"lists": each.name})
        if row is None and found is None:
            found = Refusal("scrub_unanswered", now + ASK_AGAIN_S, {"list": each.name})
        if row is None and note:
            _want(conn, entry, now)
    return found


def wanted(conn: sqlite3.Connection, list_id: int, limit: int) -> list[str]:
    """Return up to ``limit`` numbers a service is to be asked about, the longest waiting first."""
    sql = "SELECT entry FROM scrub_wanted WHERE entry BETWEEN ? AND ? ORDER BY since, entry LIMIT ?"
    return [e164(entry % SHIFT) for (entry,) in conn.execute(sql, (*span(list_id), limit))]


def keep(conn: sqlite3.Connection, list_id: int, answers: Iterable[ScrubAnswer], now: float) -> int:
    """Remember what a service said; returns how many numbers it blocks."""
    rows = [(list_id * SHIFT + digits(a.number), int(a.blocked), a.line_type, a.reason, now) for a in answers]
    conn.executemany(
        "INSERT OR REPLACE INTO scrub_answer (entry, blocked, line_type, reason, answered_at)"
        " VALUES (?, ?, ?, ?, ?)",
        rows,
    )
    conn.executemany("DELETE FROM scrub_wanted WHERE entry = ?", [(row[0],) for row in rows])
    return sum(row[1] for row in rows)


def answers_for(conn: sqlite3.Connection, number: str) -> list[tuple[str, ScrubAnswer, float]]:
    """Return what each service last said about a number: the list's name, the answer, when."""
    sql = (
        "SELECT name, blocked, line_type, reason, answered_at FROM dnc_list JOIN scrub_answer"
        " ON entry = dnc_list.id * ? + ? ORDER BY dnc_list.id"
    )
    rows = conn.execute(sql, (SHIFT, digits(number)))
    return [(name, ScrubAnswer(number, bool(no), kind, why), at) for name, no, kind, why, at in rows]


def _want(conn: sqlite3.Connection, entry: int, now: float) -> None:
    conn.execute(
        "INSERT INTO scrub_wanted (entry, since) SELECT ?, ? WHERE (SELECT count(*) FROM scrub_wanted) < ?"
        " ON CONFLICT DO NOTHING",
        (entry, now, MOST_WANTED),
    )
