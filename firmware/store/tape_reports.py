"""Recorded pieces of calls as the page that plays them shows them: a part of ``reports``.

Whose call a piece is, of either way, is joined here; a reader for departments sees the pieces of their calls alone.
The files are the recorder's, and nobody reads them here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from firmware.model import CampaignId, TapeEnd, UserId
from firmware.store import retention
from firmware.store.reading import Readers
from firmware.store.words import e164


@dataclass(frozen=True, slots=True)
class RecordedPiece:
    """One piece. Times are UTC seconds; ``ended_at`` is None while it goes on. ``came_in``: the customer called."""

    file: str
    call: str
    began_at: float
    ended_at: float | None
    why: TapeEnd | None
    came_in: bool
    number: str
    """E.164; empty: the caller withheld it."""
    name: str
    campaign_id: CampaignId | None
    user_id: UserId | None


@dataclass(frozen=True, slots=True)
class PiecesAsked:
    """Which pieces; None and empty: any. Begun from ``since`` on and before ``until`` (UTC seconds)."""

    since: float | None = None
    until: float | None = None
    user_id: int | None = None
    campaign_id: int | None = None
    digits: str = ""
    """Part of the number, digits alone."""
    call: str = ""


_PIECES = (
    "SELECT t.file AS file, t.call AS call, t.began_at AS began_at, t.ended_at AS ended_at, t.why AS why,"
    " i.uid IS NOT NULL AS came_in, coalesce(a.number, i.caller_number) AS number,"
    " coalesce((SELECT name FROM contact WHERE id = coalesce(a.contact_id, i.contact_id)), '') AS name,"
    " coalesce(a.campaign_id, i.campaign_id) AS campaign_id, coalesce(a.user_id, i.user_id) AS user_id"
    " FROM call_tape t LEFT JOIN attempt a ON a.uid = t.call LEFT JOIN inbound_call i ON i.uid = t.call"
)
_NARROWED: Mapping[str, str] = {
    "since": "began_at >= ?",
    "until": "began_at < ?",
    "user_id": "user_id = ?",
    "campaign_id": "campaign_id = ?",
    "digits": "CAST(number AS TEXT) LIKE '%' || ? || '%'",
    "call": "call = ?",
}


def pieces(
    conn: sqlite3.Connection, asked: PiecesAsked, limit: int, offset: int
) -> tuple[list[RecordedPiece], int]:
    """Return some of the pieces asked for, newest first, and how many there are."""
    given = {name: value for name in _NARROWED if (value := getattr(asked, name)) not in (None, "")}
    where = " AND ".join(_NARROWED[name] for name in given) or "1"
    source = f"FROM ({_PIECES}) WHERE {where}"
    (total,) = conn.execute(f"SELECT count(*) {source}", tuple(given.values())).fetchone()
    rows = conn.execute(
        f"SELECT * {source} ORDER BY began_at DESC, file LIMIT ? OFFSET ?", (*given.values(), limit, offset)
    )
    return [_read(row) for row in rows.fetchall()], total


def piece(conn: sqlite3.Connection, file: str) -> RecordedPiece | None:
    """Return the piece in a file, None where no piece is in it."""
    row = conn.execute(f"SELECT * FROM ({_PIECES}) WHERE file = ?", (file,)).fetchone()  # noqa: S608
    return None if row is None else _read(row)


def _read(
    row: tuple[str, str, float, float | None, str | None, int, int | None, str, int, int],
) -> RecordedPiece:
    file, call, began_at, ended_at, why, came_in, number, name, campaign, user = row
    return RecordedPiece(
        file,
        call,
        began_at,
        ended_at,
        None if why is None else TapeEnd(why),
        bool(came_in),
        e164(number) if number else "",
        name,
        None if campaign is None else CampaignId(campaign),
        None if user is None else UserId(user),
    )


class TapeReports:
    """Questions about recorded pieces. Raises nothing but ``StoreUnavailable``."""

    _readers: Readers

    def pieces(self, asked: PiecesAsked, limit: int, offset: int) -> tuple[list[RecordedPiece], int]:
        """Some of the pieces asked for, newest first, and how many there are."""
        with self._readers.read() as conn:
            return pieces(conn, asked, limit, offset)

    def piece(self, file: str) -> RecordedPiece | None:
        """The piece in a file; None: there is none."""
        with self._readers.read() as conn:
            return piece(conn, file)

    def recordings_kept_days(self) -> int:
        """How many days recordings are kept."""
        with self._readers.read() as conn:
            return retention.days(conn)["recordings"]


__all__ = ["PiecesAsked", "RecordedPiece", "TapeReports"]
