"""Attempts: what happened to one call to one contact, from the durable intent to its one disposition.

Marks may arrive late or twice (events cross threads): they never move an attempt backwards, and one for a closed
attempt changes nothing. What follows a disposition (when to call again) is decided by the caller and stored in
the same transaction as the disposition. Boot recovery is here too, because it is a disposition like any other.
"""

from __future__ import annotations

import base64
import secrets
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from firmware.model import (
    AmdLabel,
    AnswerConfidence,
    AnswerMethod,
    AttemptUid,
    ContactId,
    Disposition,
    HangupCause,
    OperatorError,
    Problem,
    Side,
    UserId,
)
from firmware.store import campaigns, machines, rule_books
from firmware.store.attempt_rows import COLUMNS, Attempt, Verdict, read
from firmware.store.words import canonical

__all__ = [
    "OF_CONTACT",
    "Attempt",
    "Verdict",
    "counts",
    "dispose",
    "first_uid",
    "get",
    "interrupt_open",
    "mark_answered",
    "mark_ended",
    "mark_reserved",
    "mark_ringing",
    "mark_talking",
    "mark_verdict",
    "new_uid",
    "of_contact",
    "open_attempts",
    "release_contact",
]

# A contact's attempts are found by its number, because that is what the index knows.
OF_CONTACT = "number = (SELECT number FROM contact WHERE id = ?) AND contact_id = ?"
_PERSONS = frozenset(
    {
        Disposition.CONTACTED,
        Disposition.CALLBACK,
        Disposition.DO_NOT_CALL,
        Disposition.WRONG_NUMBER,
    }
)
"""What an agent says of a conversation with a person."""
_CROCKFORD = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789ABCDEFGHJKMNPQRSTVWXYZ")


def new_uid(now: float) -> AttemptUid:
    """Return 26 characters: 48 bits of milliseconds, 80 random bits, Crockford's base 32 (as a ULID)."""
    return _uid(now, secrets.randbits(80))


def first_uid(since: float) -> AttemptUid:
    """Return the least uid that an attempt made at ``since`` or later can have."""
    return _uid(since, 0)


def _uid(now: float, more: int) -> AttemptUid:
    value = int(max(0.0, now) * 1000) << 80 | more
    # 160 bits make 32 characters without padding; the first six of them are always zero.
    return AttemptUid(base64.b32encode(value.to_bytes(20, "big"))[6:].translate(_CROCKFORD).decode())


def mark_ringing(conn: sqlite3.Connection, uid: AttemptUid, at: float) -> bool:
    """180 or 183 arrived. False if the attempt is closed (so for every mark)."""
    return _mark(
        conn,
        "ringing_at = coalesce(ringing_at, ?), state = CASE state WHEN 'intent' THEN 'ringing' ELSE state END",
        (at, uid),
    )


def mark_answered(
    conn: sqlite3.Connection,
    uid: AttemptUid,
    at: float,
    method: AnswerMethod = AnswerMethod.SIGNALLED,
    confidence: AnswerConfidence = AnswerConfidence.CERTAIN,
) -> bool:
    """The far end answered; the first report stands."""
    return _mark(
        conn,
        "answer_method = iif(answered_at IS NULL, ?, answer_method),"
        " answer_confidence = iif(answered_at IS NULL, ?, answer_confidence),"
        " answered_at = coalesce(answered_at, ?),"
        " state = CASE WHEN state IN ('intent', 'ringing') THEN 'answered' ELSE state END",
        (method, confidence, at, uid),
    )


def mark_verdict(
    conn: sqlite3.Connection,
    uid: AttemptUid,
    label: AmdLabel,
    confidence: float,
    cause: str,
    figures: Mapping[str, float],
    at: float,
) -> bool:
    """The ears spoke; a later verdict replaces an earlier one, a person stays a live answer."""
    return _mark(
        conn,
        "verdict = ?, verdict_confidence = ?, verdict_cause = ?, verdict_figures = ?, verdict_at = ?,"
        " live = max(live, ?)",
        (label, confidence, cause, canonical(dict(figures)), at, label is AmdLabel.HUMAN, uid),
    )


def mark_reserved(conn: sqlite3.Connection, uid: AttemptUid, user_id: UserId, at: float) -> bool:
    """An agent is kept for this call."""
    return _mark(conn, "user_id = ?, reserved_at = ?", (user_id, at, uid))


def mark_talking(
    conn: sqlite3.Connection, uid: AttemptUid, user_id: UserId, at: float, recording: str | None = None
) -> bool:
    """Agent and customer hear each other; that makes it a live answer, unless it was judged a machine: then somebody
    has to say that it was a person.

    ``recording`` names the file, relative to the folder of recordings.
    """
    return _mark(
        conn,
        "user_id = ?, talking_at = coalesce(talking_at, ?), recording = coalesce(?, recording),"
        " live = max(live, coalesce(verdict, '') <> 'machine'),"
        " state = CASE WHEN ended_at IS NULL THEN 'talking' ELSE 'wrap_up' END",
        (user_id, at, recording, uid),
    )


def mark_ended(
    conn: sqlite3.Connection,
    uid: AttemptUid,
    cause: HangupCause,
    by: Side,
    sip_code: int | None,
    at: float,
) -> bool:
    """The customer's leg ended; the first report stands. Only a talk goes on to wrap-up."""
    return _mark(
        conn,
        "hangup_cause = coalesce(hangup_cause, ?), ended_by = coalesce(ended_by, ?),"
        " sip_code = coalesce(sip_code, ?), ended_at = coalesce(ended_at, ?),"
        " state = CASE state WHEN 'talking' THEN 'wrap_up' ELSE state END",
        (cause, by, sip_code, at, uid),
    )


def dispose(
    conn: sqlite3.Connection,
    uid: AttemptUid,
    disposition: Disposition,
    at: float,
    next_at: float | None,
    wrap_up_code: str | None = None,
    note: str = "",
    key: str = "",
    user_id: UserId | None = None,
) -> bool:
    """Give the attempt its one disposition and its contact a next call at ``next_at``, or close it (None).

    True if this call did it, False if the same ``key`` (or, without keys, the same disposition) had done it.

    :raises OperatorError: unknown attempt, or another disposition stands.
    """
    row = conn.execute("SELECT disposition, key, contact_id FROM attempt WHERE uid = ?", (uid,)).fetchone()
    if row is None:
        raise _unknown(uid)
    stands, its_key, contact = row
    if stands is not None:
        if its_key == key and (key or stands == disposition):
            return False
        raise OperatorError(
            Problem(
                "attempt",
                "attempt_closed",
                f"This call is already closed as {stands}.",
                {"disposition": stands},
            )
        )
    state = "interrupted" if disposition is Disposition.INTERRUPTED else "closed"
    abandoned = disposition is Disposition.ABANDONED
    conn.execute(
        "UPDATE attempt SET state = ?, disposition = ?, disposed_at = ?, wrap_up_code = ?, note = ?, key = ?,"
        " user_id = coalesce(?, user_id), live = max(live, ?, ? AND talking_at IS NOT NULL)"
        " WHERE uid = ?",
        (state, disposition, at, wrap_up_code, note, key, user_id, abandoned, disposition in _PERSONS, uid),
    )
    release_contact(conn, ContactId(contact), next_at, disposition)
    rule_books.after(conn, uid, at)
    return True


def release_contact(conn: sqlite3.Connection, contact: ContactId, next_at: float | None, reason: str) -> None:
    """Put a contact back into its list, due at ``next_at``, or close it for ``reason`` (None)."""
    if next_at is None:
        conn.execute("UPDATE contact SET state = 'closed', closed_reason = ? WHERE id = ?", (reason, contact))
    else:
        conn.execute(
            "UPDATE contact SET state = 'open', next_at = ?, closed_reason = NULL WHERE id = ?",
            (next_at, contact),
        )


def interrupt_open(
    conn: sqlite3.Connection,
    now: float,
    next_at: Callable[[Attempt, campaigns.Campaign], float | None] | None = None,
) -> list[AttemptUid]:
    """At boot: every open attempt becomes ``interrupted`` and counts as dialled; returns them.

    ``next_at`` may say when (or None: never) its contact is called again. Left out, or whatever it says, no contact
    is due before its campaign's ``min_gap_s`` has passed since now and since the last that is known of the attempt.
    """
    machines.interrupt_messages(conn, now)
    found = open_attempts(conn)
    for attempt in found:
        campaign = campaigns.get(conn, attempt.campaign_id)
        earliest = max(now, attempt.last_at) + campaign.settings.min_gap_s
        wanted = earliest if next_at is None else next_at(attempt, campaign)
        due = None if wanted is None else max(wanted, earliest)
        dispose(conn, attempt.uid, Disposition.INTERRUPTED, now, due)
    return [attempt.uid for attempt in found]


def get(conn: sqlite3.Connection, uid: AttemptUid) -> Attempt:
    """Return one attempt. :raises OperatorError: unknown."""
    row = conn.execute(f"SELECT {COLUMNS} FROM attempt WHERE uid = ?", (uid,)).fetchone()  # noqa: S608
    if row is None:
        raise _unknown(uid)
    return read(row)


def of_contact(conn: sqlite3.Connection, contact: ContactId, limit: int = 50) -> list[Attempt]:
    """Return a contact's latest attempts, newest first."""
    rows = conn.execute(
        f"SELECT {COLUMNS} FROM attempt WHERE {OF_CONTACT} ORDER BY id DESC LIMIT ?",  # noqa: S608
        (contact, contact, limit),
    )
    return [read(row) for row in rows.fetchall()]


def open_attempts(conn: sqlite3.Connection) -> list[Attempt]:
    """Return every attempt without a disposition, oldest first."""
    rows = conn.execute(f"SELECT {COLUMNS} FROM attempt WHERE disposition IS NULL ORDER BY id")  # noqa: S608
    return [read(row) for row in rows.fetchall()]


def newest(conn: sqlite3.Connection) -> float:
    """Return the latest time any attempt knows, UTC seconds; 0 where there is none. No right clock shows less."""
    (latest,) = conn.execute(
        "SELECT max(max(started_at, coalesce(ended_at, 0), coalesce(disposed_at, 0)))"
        " FROM (SELECT * FROM attempt ORDER BY id DESC LIMIT 1000)"
    ).fetchone()
    return float(latest or 0.0)


def counts(conn: sqlite3.Connection, contact: ContactId) -> dict[Disposition, int]:
    """Return how often the contact was dialled with which end in this round; attempts taken back do not count."""
    rows = conn.execute(
        f"SELECT disposition, count(*) FROM attempt WHERE {OF_CONTACT}"  # noqa: S608
        " AND disposition IS NOT NULL AND sent = 1"
        " AND started_at >= coalesce((SELECT round_at FROM contact WHERE id = ?), 0) GROUP BY disposition",
        (contact, contact, contact),
    )
    return {Disposition(word): n for word, n in rows}


def _mark(conn: sqlite3.Connection, changes: str, values: tuple[Any, ...]) -> bool:
    # ``changes`` is one of the constants above, never data.
    done = conn.execute(f"UPDATE attempt SET {changes} WHERE uid = ? AND disposition IS NULL", values)  # noqa: S608
    return done.rowcount > 0


def _unknown(uid: AttemptUid) -> OperatorError:
    return OperatorError(Problem("attempt", "attempt_unknown", f"There is no attempt {uid}."))
