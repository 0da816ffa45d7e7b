"""Records of consent: who agreed to be called for what, in which words, when, and what proves it.

Records are only ever added; a withdrawal is a row beside the record and binds from the moment it is made. A contact
that was closed because no consent was on record comes up again when one is recorded.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from firmware.model import Consent, OperatorError, Problem
from firmware.store.words import digits, e164

_COLUMNS = "c.id, c.number, c.purpose, c.given_at, c.until, c.source, c.wording, c.proof"
_STANDING = f"SELECT {_COLUMNS} FROM consent c WHERE c.number = ?"  # noqa: S608 - constants only
_NOT_WITHDRAWN = " AND NOT EXISTS (SELECT 1 FROM consent_withdrawal w WHERE w.consent_id = c.id)"
NO_CONSENT = "no_consent"
"""Why contacts without a record are closed: the judge's rule."""


@dataclass(frozen=True, slots=True)
class NewConsent:
    """A record to keep. ``purpose``: a ``Purpose``, ``automated`` or ``all``; times are UTC seconds."""

    number: str
    purpose: str
    given_at: float
    source: str
    wording: str
    until: float | None = None
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A record with who keyed it in, and its withdrawal if there is one."""

    consent: Consent
    recorded_at: float
    recorded_by: str
    withdrawn_at: float | None
    withdrawn_by: str
    withdrawn_source: str


def add(conn: sqlite3.Connection, new: NewConsent, by: str, now: float) -> int:
    """Keep a record; contacts closed for want of one are open again. :raises ValueError: the number is not E.164."""
    number = digits(new.number)
    row = conn.execute(
        "INSERT INTO consent (number, purpose, given_at, until, source, wording, proof, recorded_at, recorded_by)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (number, new.purpose, new.given_at, new.until, new.source, new.wording, new.proof, now, by),
    )
    for (list_id,) in conn.execute("SELECT id FROM contact_list").fetchall():
        conn.execute(
            "UPDATE contact SET state = 'open', next_at = 0, closed_reason = NULL"
            " WHERE list_id = ? AND number = ? AND state = 'closed' AND closed_reason = ?",
            (list_id, number, NO_CONSENT),
        )
    return row.lastrowid or 0


def add_new(conn: sqlite3.Connection, new: NewConsent, by: str, now: float) -> bool:
    """Keep a record unless the same one is kept already, withdrawn or not; whether it was new."""
    known = conn.execute(
        "SELECT 1 FROM consent WHERE number = ? AND purpose = ? AND given_at = ? AND source = ?",
        (digits(new.number), new.purpose, new.given_at, new.source),
    ).fetchone()
    if known is None:
        add(conn, new, by, now)
    return known is None


def withdraw(conn: sqlite3.Connection, consent: int, source: str, by: str, at: float) -> bool:
    """The person takes a consent back. False if that was known already. :raises OperatorError: no such record."""
    if conn.execute("SELECT 1 FROM consent WHERE id = ?", (consent,)).fetchone() is None:
        raise OperatorError(Problem("id", "consent_unknown", f"There is no record of consent {consent}."))
    done = conn.execute(
        "INSERT OR IGNORE INTO consent_withdrawal (consent_id, at, source, recorded_at, recorded_by)"
        " VALUES (?, ?, ?, ?, ?)",
        (consent, at, source, at, by),
    )
    return done.rowcount > 0


def standing(conn: sqlite3.Connection, number: int) -> tuple[Consent, ...]:
    """Return the (stored) number's records that were not withdrawn, oldest first."""
    rows = conn.execute(f"{_STANDING}{_NOT_WITHDRAWN} ORDER BY c.id", (number,)).fetchall()
    return tuple(_read(row) for row in rows)


def of_number(conn: sqlite3.Connection, number: str) -> list[Kept]:
    """Return everything on record for a number, oldest first. :raises ValueError: not E.164."""
    rows = conn.execute(
        f"SELECT {_COLUMNS}, c.recorded_at, c.recorded_by, w.at, coalesce(w.recorded_by, ''),"  # noqa: S608
        " coalesce(w.source, '') FROM consent c LEFT JOIN consent_withdrawal w ON w.consent_id = c.id"
        " WHERE c.number = ? ORDER BY c.id",
        (digits(number),),
    )
    return [Kept(_read(row[:8]), *row[8:]) for row in rows.fetchall()]


def _read(row: tuple[int, int, str, float, float | None, str, str, str]) -> Consent:
    return Consent(row[0], e164(row[1]), *row[2:])
