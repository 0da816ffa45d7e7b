"""The chain of permits: each attempt's permit carries the hash of the one before it, so that none can be changed,
removed, inserted or moved without the chain showing where.

A link is SHA-256 over its place, the attempt's uid, the hash of the attempt's fixed part (with the permit as it is
stored) and the hash of the link before. Links are written by the claim, in its transaction; ``verify`` reads the
chain from its beginning. Who wants to be sure that no end was cut off notes the head and asks for it later.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from firmware.model import AttemptUid, CampaignSettings
from firmware.store import chain, settings_json
from firmware.store.chain import Head, place_fault
from firmware.store.schema_v2 import NOTHING
from firmware.store.words import canonical

_FIXED = "uid, campaign_id, contact_id, number, permit, started_at"


@dataclass(frozen=True, slots=True)
class Link:
    """A permit's place in the chain."""

    seq: int
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What ``verify`` found. ``fault`` is empty when all is well; else it and ``uid`` and ``seq`` name the first
    bad link: ``changed missing moved relinked unlinked head note``."""

    checked: int
    head: Head
    fault: str = ""
    seq: int = 0
    uid: str = ""


def content(fixed: tuple[Any, ...]) -> str:
    """Hash an attempt's fixed part: ``uid, campaign_id, contact_id, number, permit, started_at`` as stored."""
    uid, campaign, contact, number, permit, started_at = fixed
    text = canonical([uid, campaign, contact, number, permit, float(started_at)])
    return hashlib.sha256(text.encode()).hexdigest()


def head(conn: sqlite3.Connection) -> Head:
    """Return the newest link's place and hash."""
    return Head(*conn.execute("SELECT seq, hash FROM permit_head").fetchone())


def append(conn: sqlite3.Connection, fixed: tuple[Any, ...]) -> Link:
    """Link an attempt that is about to be stored. Run it in the claim's transaction."""
    last = head(conn)
    uid, digest = str(fixed[0]), content(fixed)
    link = Link(last.seq + 1, last.hash, chain.link(last.seq + 1, uid, digest, last.hash))
    conn.execute(
        "INSERT INTO permit_link (seq, attempt_uid, content, previous, hash) VALUES (?, ?, ?, ?, ?)",
        (link.seq, uid, digest, link.previous, link.hash),
    )
    return link


def chain_stored(conn: sqlite3.Connection) -> None:
    """Link every attempt an earlier schema stored, in the order they were made."""
    for fixed in conn.execute(f"SELECT {_FIXED} FROM attempt ORDER BY id").fetchall():  # noqa: S608
        append(conn, fixed)


def link_of(conn: sqlite3.Connection, uid: AttemptUid) -> Link | None:
    """Return an attempt's place in the chain."""
    row = conn.execute("SELECT seq, previous, hash FROM permit_link WHERE attempt_uid = ?", (uid,)).fetchone()
    return None if row is None else Link(*row)


def keep_settings(conn: sqlite3.Connection, settings: CampaignSettings) -> str:
    """Keep the settings permits will rest on, once; returns the name they are kept under."""
    body = settings_json.to_json(settings)
    digest = hashlib.sha256(body.encode()).hexdigest()
    known = conn.execute("SELECT 1 FROM settings_kept WHERE digest = ?", (digest,)).fetchone()
    if known is None:
        conn.execute("INSERT INTO settings_kept (digest, body) VALUES (?, ?)", (digest, body))
    return digest


def kept_settings(conn: sqlite3.Connection, digest: str) -> CampaignSettings | None:
    """Return the settings kept under this name; None for a permit from before they were kept, or changed ones."""
    row = conn.execute("SELECT body FROM settings_kept WHERE digest = ?", (digest,)).fetchone()
    if row is None or hashlib.sha256(row[0].encode()).hexdigest() != digest:
        return None
    return settings_json.from_json(row[0])


def verify(conn: sqlite3.Connection, noted: str = "") -> Verdict:
    """Read the whole chain and name the first link that is not as it was written.

    ``noted`` is a head somebody wrote down earlier: it must still be one of the links.
    """
    last = head(conn)
    fault = _first_fault(conn, last) or _unlinked(conn)
    if fault is not None:
        return Verdict(fault.checked, last, fault.fault, fault.seq, fault.uid)
    if noted and not _known(conn, noted):
        return Verdict(last.seq, last, "note", 0, "")
    return Verdict(last.seq, last)


@dataclass(frozen=True, slots=True)
class _Fault:
    fault: str
    seq: int
    uid: str
    checked: int


def _first_fault(conn: sqlite3.Connection, last: Head) -> _Fault | None:
    due, previous = 1, NOTHING
    for row in _links(conn):
        fault = place_fault(due, previous, row[:5]) or _of_attempt(row)
        if fault:
            return _Fault(fault, row[0], row[1], due - 1)
        due, previous = due + 1, row[4]
    if (due - 1, previous) != (last.seq, last.hash):
        return _Fault("head", due - 1, "", due - 1)
    return None


def _links(conn: sqlite3.Connection) -> Iterator[tuple[Any, ...]]:
    """Every link with its attempt's fixed part (None where the attempt is gone) and why it was cleared, by place."""
    yield from conn.execute(
        "SELECT l.seq, l.attempt_uid, l.content, l.previous, l.hash,"
        " a.uid, a.campaign_id, a.contact_id, a.number, a.permit, a.started_at, c.why"
        " FROM permit_link l LEFT JOIN attempt a ON a.uid = l.attempt_uid"
        " LEFT JOIN attempt_cleared c ON c.attempt_uid = l.attempt_uid ORDER BY l.seq"
    )


def _of_attempt(row: tuple[Any, ...]) -> str:
    """What is wrong with the attempt a link stands for, as a word; what was forgotten by the rules is not."""
    cleared = row[11]
    if row[5] is None:
        return "" if cleared == "retention" else "missing"
    return "" if cleared or content(row[5:11]) == row[2] else "changed"


def _unlinked(conn: sqlite3.Connection) -> _Fault | None:
    row = conn.execute(
        "SELECT uid FROM attempt WHERE NOT EXISTS (SELECT 1 FROM permit_link WHERE attempt_uid = uid)"
        " ORDER BY id LIMIT 1"
    ).fetchone()
    return None if row is None else _Fault("unlinked", 0, row[0], head(conn).seq)


def _known(conn: sqlite3.Connection, noted: str) -> bool:
    if noted == NOTHING:
        return True
    return conn.execute("SELECT 1 FROM permit_link WHERE hash = ?", (noted,)).fetchone() is not None
