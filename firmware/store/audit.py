"""The log of changes: who changed what, when, from where, what it was and what it became.

Entries are chained like permits (``chain``) and appended in the transaction of the change itself (``audited``); the
database refuses to rewrite them. What counts as a change, and what may stand in an entry, is decided in
``firmware.auditing``.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from firmware.model import UserId
from firmware.store.chain import Head, link, place_fault
from firmware.store.schema_v2 import NOTHING
from firmware.store.words import canonical, mapping

_FIXED = "at, user_id, who, via, address, command, object_id, label, old, new"
MOST = 500
"""Entries told at once."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: ``via`` is ``pages``, ``api`` or ``console``; ``address`` is empty at the console.

    A program is told by its token's number, which is not logged: ``who`` names it.
    """

    who: str
    via: str = "console"
    address: str = ""
    user_id: UserId | None = None
    token_id: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One change, ready to be kept: ``old`` and ``new`` hold what differs, without secrets."""

    at: float
    actor: Actor
    command: str
    object_id: str
    label: str
    old: Mapping[str, Any]
    new: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry as it stands in the log."""

    seq: int
    entry: Entry
    hash: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Which entries are wanted; everything empty: all. ``noun`` is the first part of a command."""

    user_id: UserId | None = None
    noun: str = ""
    object_id: str = ""
    since: float = 0.0
    until: float | None = None
    before: int | None = None
    """Only entries older than this place in the log."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What ``verify`` found. ``fault`` is empty when all is well; else it names what is wrong with entry ``seq``:
    ``changed missing moved relinked head note``."""

    checked: int
    head: Head
    fault: str = ""
    seq: int = 0
    floor: int = field(default=0)
    """The last entry that was forgotten after its time; the chain is read from there."""


def head(conn: sqlite3.Connection) -> Head:
    """The newest entry's place and hash."""
    return Head(*conn.execute("SELECT seq, hash FROM audit_head").fetchone())


def append(conn: sqlite3.Connection, entry: Entry) -> Head:
    """Link an entry to the last one; run it in the transaction of the change."""
    actor = entry.actor
    fixed = (
        entry.at, actor.user_id, actor.who, actor.via, actor.address, entry.command, entry.object_id, entry.label,
        canonical(entry.old), canonical(entry.new),
    )  # fmt: skip
    last, digest = head(conn), _content(fixed)
    made = Head(last.seq + 1, link(last.seq + 1, entry.command, digest, last.hash))
    conn.execute(
        f"INSERT INTO audit (seq, {_FIXED}, content, previous, hash)"  # noqa: S608
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (made.seq, *fixed, digest, last.hash, made.hash),
    )
    return made


def entries(conn: sqlite3.Connection, choice: Choice, most: int = MOST) -> list[Kept]:
    """The newest entries that fit, newest first."""
    rows = conn.execute(
        f"SELECT seq, {_FIXED}, hash FROM audit WHERE (:user IS NULL OR user_id = :user)"  # noqa: S608
        " AND (:noun = '' OR command LIKE :noun || '.%') AND (:object = '' OR object_id = :object)"
        " AND at >= :since AND (:until IS NULL OR at < :until) AND (:before IS NULL OR seq < :before)"
        " ORDER BY seq DESC LIMIT :most",
        {
            "user": choice.user_id, "noun": choice.noun, "object": choice.object_id, "since": choice.since,
            "until": choice.until, "before": choice.before, "most": min(most, MOST),
        },
    )  # fmt: skip
    return [_read(row) for row in rows]


def actors(conn: sqlite3.Connection) -> list[tuple[UserId, str]]:
    """Everybody the log knows by their login to the pages, by the name they have now."""
    rows = conn.execute(
        "SELECT id, name FROM user WHERE id IN (SELECT DISTINCT user_id FROM audit) ORDER BY name COLLATE NOCASE"
    )
    return [(UserId(number), str(name)) for number, name in rows]


def nouns(conn: sqlite3.Connection) -> list[str]:
    """The kinds of things that were changed."""
    rows = conn.execute(
        "SELECT DISTINCT substr(command, 1, instr(command || '.', '.') - 1) FROM audit ORDER BY 1"
    )
    return [str(noun) for (noun,) in rows]


def verify(conn: sqlite3.Connection, noted: str = "") -> Verdict:
    """Read the whole log and name the first entry that is not as it was written.

    ``noted`` is a head somebody wrote down earlier: it must still be one of the entries.
    """
    last, floor = head(conn), _floor(conn)
    due, previous = floor.seq + 1, floor.hash
    for seq, *fixed, digest, before, hash_ in conn.execute(
        f"SELECT seq, {_FIXED}, content, previous, hash FROM audit ORDER BY seq"  # noqa: S608
    ):
        fault = place_fault(due, previous, (seq, fixed[5], digest, before, hash_))
        if not fault and _content(tuple(fixed)) != digest:
            fault = "changed"
        if fault:
            return Verdict(due - 1 - floor.seq, last, fault, seq, floor.seq)
        due, previous = due + 1, hash_
    checked = due - 1 - floor.seq
    if (due - 1, previous) != (last.seq, last.hash):
        return Verdict(checked, last, "head", due - 1, floor.seq)
    if noted and noted not in (NOTHING, floor.hash) and not _known(conn, noted):
        return Verdict(checked, last, "note", 0, floor.seq)
    return Verdict(checked, last, floor=floor.seq)


def _floor(conn: sqlite3.Connection) -> Head:
    row = conn.execute("SELECT seq, hash FROM audit_floor").fetchone()
    return Head(0, NOTHING) if row is None else Head(*row)


def _known(conn: sqlite3.Connection, noted: str) -> bool:
    return conn.execute("SELECT 1 FROM audit WHERE hash = ?", (noted,)).fetchone() is not None


def _content(fixed: tuple[Any, ...]) -> str:
    return hashlib.sha256(canonical([float(fixed[0]), *fixed[1:]]).encode()).hexdigest()


def _read(row: tuple[Any, ...]) -> Kept:
    seq, at, user, who, via, address, command, object_id, label, old, new, hash_ = row
    actor = Actor(who, via, address, None if user is None else UserId(user))
    return Kept(seq, Entry(at, actor, command, object_id, label, mapping(old), mapping(new)), hash_)
