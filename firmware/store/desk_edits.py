"""What agents change about a contact at the desk: who, when, in which call, what it was and what it is.

Each field is changed from the value the agent saw; where an import or somebody else has been faster, nothing is changed
and the value that stands now is told. A change of a contact goes with the contact.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from firmware.model import AttemptUid, ContactId, OperatorError, UserId
from firmware.scripts.card import NAME
from firmware.scripts.texts import problem, refuse
from firmware.store import contacts
from firmware.store.words import canonical


@dataclass(frozen=True, slots=True)
class Edit:
    """One changed field. ``at`` UTC seconds; ``by`` is the agent's name."""

    at: float
    by: str
    field: str
    old: str
    new: str


def apply(
    conn: sqlite3.Connection,
    contact: ContactId,
    changes: Mapping[str, tuple[str, str]],
    user: UserId,
    uid: AttemptUid | None,
    now: float,
) -> int:
    """Change fields, each from the value seen to a new one; returns how many were another before.

    :raises OperatorError: no such contact, or values changed meanwhile (every one of them, and none is changed).
    """
    found = contacts.get(conn, contact)
    if found is None:
        raise refuse("contact_id", "no_contact_here")
    known = {**found.fields, NAME: found.name}
    late = [
        problem(name, "contact_changed_meanwhile", field=name, current=known.get(name, ""))
        for name, (seen, new) in changes.items()
        if known.get(name, "") not in (seen, new)
    ]
    if late:
        raise OperatorError(*late)
    done = {name: new for name, (_, new) in changes.items() if known.get(name, "") != new}
    if not done:
        return 0
    fields = {**found.fields, **{name: new for name, new in done.items() if name != NAME}}
    conn.execute(
        "UPDATE contact SET name = ?, fields = ? WHERE id = ?",
        (done.get(NAME, found.name), canonical(fields), contact),
    )
    conn.executemany(
        "INSERT INTO contact_edit (contact_id, at, user_id, attempt_uid, field, old, new)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(contact, now, user, uid or "", name, known.get(name, ""), new) for name, new in done.items()],
    )
    return len(done)


_EDITS = (
    "SELECT e.at, u.name, e.field, e.old, e.new FROM contact_edit e JOIN user u ON u.id = e.user_id WHERE"
)


def of_contact(conn: sqlite3.Connection, contact: ContactId, limit: int = 20) -> list[Edit]:
    """The newest changes of a contact, newest first."""
    rows = conn.execute(f"{_EDITS} e.contact_id = ? ORDER BY e.id DESC LIMIT ?", (contact, limit))
    return [Edit(*row) for row in rows.fetchall()]


def of_call(conn: sqlite3.Connection, contact: ContactId, uid: str) -> list[Edit]:
    """What was changed about a contact in one call, in order."""
    rows = conn.execute(f"{_EDITS} e.contact_id = ? AND e.attempt_uid = ? ORDER BY e.id", (contact, uid))
    return [Edit(*row) for row in rows.fetchall()]
