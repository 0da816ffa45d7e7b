"""One contact at a time: found, added, changed, closed and removed, as other programs ask for it.

Lists at size are ``contacts``'. A contact's version is a digest of what can be changed about it and where it stands;
whoever changes it names the version he has seen, and loses against whoever was faster.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from firmware.model import ContactId, ContactListId, ContactState, OperatorError, Problem
from firmware.store import contact_numbers, contacts
from firmware.store.contact_numbers import ContactNumber
from firmware.store.contacts import COLUMNS, Contact, NewContact
from firmware.store.words import canonical, digits

WITHDRAWN = "withdrawn"
"""Why a contact is closed that another program took back."""
FIRST = 99
"""The priority of leads that go before everybody."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A contact with all its numbers and its version."""

    contact: Contact
    numbers: tuple[ContactNumber, ...]
    version: str


def version(contact: Contact) -> str:
    """Sixteen hexadecimal digits that change whenever the contact does."""
    said = [
        contact.name,
        list(contact.zones),
        contact.priority,
        dict(contact.fields),
        contact.state,
        contact.next_at if contact.next_at < 1e18 else None,
        contact.attempts,
        contact.closed_reason,
    ]
    return hashlib.sha256(canonical(said).encode()).hexdigest()[:16]


def whole(conn: sqlite3.Connection, contact: ContactId) -> Whole | None:
    """Return one contact; None if there is none in a list in use."""
    found = contacts.get(conn, contact)
    if found is None or not contacts.exists(conn, found.list_id):
        return None
    return _whole(conn, found)


def find(conn: sqlite3.Connection, list_id: ContactListId, number: str) -> ContactId | None:
    """Return the list's contact with this first number. :raises ValueError: not E.164."""
    row = conn.execute(
        "SELECT id FROM contact WHERE list_id = ? AND number = ?", (list_id, digits(number))
    ).fetchone()
    return None if row is None else ContactId(row[0])


def some(
    conn: sqlite3.Connection,
    list_id: ContactListId,
    after: int,
    limit: int,
    state: str | None = None,
    number: str | None = None,
) -> list[Whole]:
    """Return contacts of a list with ids above ``after``, in order of id. :raises ValueError: ``number``."""
    conditions: list[str] = ["list_id = ?", "id > ?"]
    values: list[int | str] = [list_id, after]
    if state is not None:
        conditions.append("state = ?")
        values.append(ContactState(state))
    if number is not None:
        conditions.append("number = ?")
        values.append(digits(number))
    rows = conn.execute(
        f"SELECT {COLUMNS} FROM contact WHERE {' AND '.join(conditions)} ORDER BY id LIMIT ?",  # noqa: S608
        (*values, limit),
    )
    return [_whole(conn, contacts.read(row)) for row in rows.fetchall()]


def add_each(
    conn: sqlite3.Connection, list_id: ContactListId, rows: Sequence[NewContact]
) -> list[tuple[ContactId, bool]]:
    """Add contacts one by one -> the id of each, and whether it is new. :raises OperatorError: no such list."""
    if not contacts.exists(conn, list_id):
        raise OperatorError(Problem("list_id", "list_unknown", f"There is no contact list {list_id}."))
    made = []
    for row in rows:
        known = find(conn, list_id, row.number)
        if known is None:
            contacts.add(conn, list_id, [row])
            known = find(conn, list_id, row.number)
            assert known is not None, "it was just added"
            made.append((known, True))
        else:
            made.append((known, False))
    return made


def change(
    conn: sqlite3.Connection,
    contact: ContactId,
    seen: str,
    *,
    name: str | None = None,
    zones: tuple[str, ...] | None = None,
    priority: int | None = None,
    fields: Mapping[str, str | None] | None = None,
) -> None:
    """Change what is given; a field that is None goes away, fields not named stay.

    :raises OperatorError: unknown, or ``seen`` is not its version any more.
    """
    found = _seen(conn, contact, seen)
    merged = {**found.fields, **(fields or {})}
    conn.execute(
        "UPDATE contact SET name = ?, zones = ?, priority = ?, fields = ? WHERE id = ?",
        (
            found.name if name is None else name,
            " ".join(found.zones if zones is None else zones),
            found.priority if priority is None else priority,
            canonical({key: value for key, value in merged.items() if value is not None}),
            contact,
        ),
    )


def put_first(conn: sqlite3.Connection, contact: ContactId) -> None:
    """Let an open contact go before all others of its list."""
    conn.execute("UPDATE contact SET priority = ?, next_at = 0 WHERE id = ?", (FIRST, contact))


def close(conn: sqlite3.Connection, contact: ContactId) -> bool:
    """Call a contact no more. False if it was closed before. :raises OperatorError: unknown, or on the way."""
    found = _idle(conn, contact)
    if found.state is ContactState.CLOSED:
        return False
    conn.execute("UPDATE contact SET state = 'closed', closed_reason = ? WHERE id = ?", (WITHDRAWN, contact))
    return True


def remove(conn: sqlite3.Connection, contact: ContactId) -> None:
    """Take out a contact that was never called. :raises OperatorError: unknown, on the way, or called already."""
    found = _idle(conn, contact)
    if found.attempts or found.last_attempt_at is not None:
        text = "This contact has been called; close it instead, so that what happened stays on record."
        raise OperatorError(Problem("contact_id", "contact_called", text))
    conn.execute("DELETE FROM contact WHERE id = ?", (contact,))


def _whole(conn: sqlite3.Connection, found: Contact) -> Whole:
    return Whole(found, tuple(contact_numbers.of_contact(conn, found.id)), version(found))


def _known(conn: sqlite3.Connection, contact: ContactId) -> Contact:
    found = whole(conn, contact)
    if found is None:
        raise OperatorError(Problem("contact_id", "contact_unknown", "There is no such contact."))
    return found.contact


def _seen(conn: sqlite3.Connection, contact: ContactId, seen: str) -> Contact:
    found = _known(conn, contact)
    if version(found) != seen:
        text = "Somebody has changed this contact in the meantime. Read it again."
        raise OperatorError(Problem("version", "version_stale", text))
    return found


def _idle(conn: sqlite3.Connection, contact: ContactId) -> Contact:
    """The contact, if nobody is calling it or looking at it."""
    found = _known(conn, contact)
    if found.state is ContactState.IN_FLIGHT:
        raise OperatorError(Problem("contact_id", "contact_in_flight", "This contact is being called."))
    if conn.execute("SELECT 1 FROM offer WHERE contact_id = ?", (contact,)).fetchone():
        raise OperatorError(
            Problem("contact_id", "contact_offered", "An agent has this contact on the desk.")
        )
    return found
