"""Results that arrive after their attempt was interrupted: an agent was in wrap-up when the box lost power.

The disposition stays ``interrupted``, because an attempt has one; what the agent knows is kept beside it, and decides
when the contact is called again. Nothing of this can reach an attempt that was closed in order.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from firmware.model import AttemptUid, ContactId, Disposition, OperatorError, Problem, UserId
from firmware.store import attempts


def add(
    conn: sqlite3.Connection,
    uid: AttemptUid,
    user_id: UserId | None,
    disposition: Disposition,
    wrap_up_code: str,
    note: str,
    key: str,
    follow: Callable[[], float | None],
) -> bool:
    """Keep an agent's result of an interrupted conversation; True if this call did it, False if it had been kept.

    The contact, opened again if it had been closed, becomes due when ``follow`` says (asked only then) or is closed
    with ``disposition``, unless it has been called again.

    :raises OperatorError: unknown attempt, another agent's, or closed with another result.
    """
    found = attempts.get(conn, uid)
    if (found.user_id, found.key) == (user_id, key):
        return False
    mine = found.user_id == user_id and found.talking_at is not None and not found.key
    if not mine or found.disposition is not Disposition.INTERRUPTED:
        figures = {"disposition": str(found.disposition)}
        raise OperatorError(
            Problem("attempt", "attempt_closed", "This attempt is closed with another result.", figures)
        )
    conn.execute(
        "UPDATE attempt SET wrap_up_code = ?, note = ?, key = ? WHERE uid = ?", (wrap_up_code, note, key, uid)
    )
    if called_again(conn, found.contact_id, uid) is None:
        next_at = follow()
        attempts.release_contact(conn, found.contact_id, found.last_at, disposition)
        attempts.release_contact(conn, found.contact_id, next_at, disposition)
    return True


def called_again(conn: sqlite3.Connection, contact: ContactId, uid: AttemptUid) -> attempts.Attempt | None:
    """Return the contact's latest attempt where that is another one; None also where the contact is gone."""
    latest = attempts.of_contact(conn, contact, limit=1)
    return latest[0] if latest and latest[0].uid != uid else None
