"""Contact lists and their contacts.

A list is filled in portions of a few thousand rows and emptied the same way, so that neither keeps the writer
from the calls in progress for longer than some tens of milliseconds. One that is being filled for the first time
counts as deleted (``deleted_at`` 0) until it is shown, so that an import that dies half-way leaves nothing behind.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from firmware.model import ContactId, ContactListId, ContactState, OperatorError, Problem
from firmware.scripts.card import NAME
from firmware.store import contact_numbers, desk_values
from firmware.store.desk_values import Clash
from firmware.store.words import below, canonical, digits, e164, mapping, tallies


@dataclass(frozen=True, slots=True)
class NewContact:
    """A row to add. ``zones`` are IANA names, all of which must allow a call; ``priority`` -99..99, high first."""

    number: str
    name: str = ""
    zones: tuple[str, ...] = ()
    priority: int = 0
    fields: Mapping[str, str] = field(default_factory=dict)
    numbers: Sequence[tuple[str, str]] = ()
    """Further numbers in the order they are tried, each after its kind (``contact_numbers``)."""
    kind: str = ""
    """The kind of ``number``."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A stored contact. ``next_at`` matters while open; ``closed_reason`` is a disposition or a rule."""

    id: ContactId
    list_id: ContactListId
    number: str
    name: str
    zones: tuple[str, ...]
    priority: int
    fields: Mapping[str, str]
    state: ContactState
    next_at: float
    attempts: int
    last_attempt_at: float | None
    closed_reason: str | None


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a portion: rows kept, rows whose number the list already had, and those that changed it."""

    new: int
    duplicate: int
    updated: int = 0
    clashes: Sequence[Clash] = ()
    """Where agents had said otherwise."""


@dataclass(frozen=True, slots=True)
class ListCounts:
    """How many contacts of a list are where; ``closed_by`` per reason."""

    contacts: int
    open: int
    in_flight: int
    closed: int
    closed_by: Mapping[str, int]


_ADD = (
    "INSERT INTO contact (list_id, number, name, zones, priority, fields, import_id)"
    " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (list_id, number) DO NOTHING"
)
Ready = tuple[int, str, str, int, str]
"""Number, name, zones, priority, and fields as canonical JSON."""

COLUMNS = (
    "id, list_id, number, name, zones, priority, fields, state, next_at,"
    " attempts, last_attempt_at, closed_reason"
)


def create_list(conn: sqlite3.Connection, name: str, now: float) -> ContactListId:
    """Store an empty list."""
    row = conn.execute("INSERT INTO contact_list (name, created_at) VALUES (?, ?)", (name, now))
    return ContactListId(row.lastrowid or 0)


def begin_list(conn: sqlite3.Connection, name: str, now: float) -> ContactListId:
    """Store an empty list that can be filled but is not seen or dialled before ``show_list``."""
    row = conn.execute(
        "INSERT INTO contact_list (name, created_at, deleted_at) VALUES (?, ?, 0)", (name, now)
    )
    return ContactListId(row.lastrowid or 0)


def show_list(conn: sqlite3.Connection, list_id: ContactListId) -> None:
    """A list begun with ``begin_list`` is complete. :raises OperatorError: it is gone."""
    done = conn.execute(
        "UPDATE contact_list SET deleted_at = NULL WHERE id = ? AND deleted_at = 0", (list_id,)
    )
    if not done.rowcount:
        raise _unknown(list_id)


def drop_begun(conn: sqlite3.Connection, now: float, list_id: ContactListId | None = None) -> int:
    """Give up a list that was begun and never shown, or (at boot) all of them; ``purge`` then removes the rows."""
    done = conn.execute(
        "UPDATE contact_list SET deleted_at = ?1 WHERE deleted_at = 0 AND (?2 IS NULL OR id = ?2)",
        (now, list_id),
    )
    return done.rowcount


def add(
    conn: sqlite3.Connection,
    list_id: ContactListId,
    rows: Iterable[NewContact],
    import_id: int | None = None,
    *,
    update: bool = False,
    over_desk: bool = False,
) -> Added:
    """Add contacts that are not in the list yet; ``update``: what they say of those that are takes its place, but for
    what agents have changed at their desks, unless ``over_desk``.

    :raises ValueError: a number is not E.164.
    """
    _must_exist(conn, list_id, begun=True)
    wanted = list(rows)
    # The target of the conflict is named: only a repeated number is passed over, any other fault is loud.
    kept = conn.executemany(
        _ADD,
        [
            (
                list_id,
                digits(r.number),
                r.name,
                " ".join(r.zones),
                r.priority,
                canonical(dict(r.fields)),
                import_id,
            )
            for r in wanted
        ],
    ).rowcount
    for row in wanted:
        if row.numbers:
            numbers = [(row.kind, row.number), *row.numbers]
            contact_numbers.put(conn, list_id, row.number, numbers, None if update else import_id)
    updated = 0
    met: list[Clash] = []
    if update and import_id is not None and kept < len(wanted):
        updated = sum(_update(conn, list_id, row, import_id, over_desk, met) for row in wanted)
    return Added(new=kept, duplicate=len(wanted) - kept - updated, updated=updated, clashes=tuple(met))


def add_ready(
    conn: sqlite3.Connection, list_id: ContactListId, rows: Iterable[Ready], import_id: int | None
) -> Added:
    """Add rows that are written as the store keeps them already, each with one number; those it has are passed over."""
    _must_exist(conn, list_id, begun=True)
    wanted = [(list_id, *row, import_id) for row in rows]
    kept = conn.executemany(_ADD, wanted).rowcount
    return Added(new=kept, duplicate=len(wanted) - kept)


@dataclass(frozen=True, slots=True)
class Change:
    """What a row would do to a contact the list has: whether anything changes, and where agents said otherwise."""

    any: bool
    clashes: Sequence[Clash] = ()


def would_change(
    conn: sqlite3.Connection, list_id: ContactListId | None, row: NewContact, *, over_desk: bool = False
) -> Change | None:
    """Tell whether a row says anything new of a contact the list has; None: the list does not have it."""
    found = None if list_id is None else _stored(conn, list_id, row)
    if found is None:
        return None
    met = _clashes(conn, ContactId(found[0]), found[2:], row)
    return Change(_merged(found[2:], row if over_desk else _without(row, met)) != found[2:], tuple(met))


_Known = tuple[str, str, int, str]


def _stored(
    conn: sqlite3.Connection, list_id: ContactListId, row: NewContact
) -> tuple[int, int | None, str, str, int, str] | None:
    sql = "SELECT id, import_id, name, zones, priority, fields FROM contact WHERE list_id = ? AND number = ?"
    found: tuple[int, int | None, str, str, int, str] | None = conn.execute(
        sql, (list_id, digits(row.number))
    ).fetchone()
    return found


def _merged(known: _Known, row: NewContact) -> _Known:
    """What is known of a contact after a row; what the row leaves out stays."""
    name, zones, priority, fields = known
    both = canonical({**mapping(fields), **row.fields})
    return row.name or name, " ".join(row.zones) or zones, row.priority or priority, both


def _clashes(conn: sqlite3.Connection, contact: ContactId, known: _Known, row: NewContact) -> list[Clash]:
    """Where a row says otherwise than the contact's agents."""
    said = {**row.fields, **({NAME: row.name} if row.name else {})}
    return desk_values.clashes(conn, contact, {**mapping(known[3]), NAME: known[0]}, said)


def _without(row: NewContact, met: Sequence[Clash]) -> NewContact:
    """The row without what agents know better."""
    theirs = {each.field for each in met}
    if not theirs:
        return row
    fields = {name: value for name, value in row.fields.items() if name not in theirs}
    return replace(row, name="" if NAME in theirs else row.name, fields=fields)


def _update(
    conn: sqlite3.Connection,
    list_id: ContactListId,
    row: NewContact,
    import_id: int,
    over_desk: bool,
    met: list[Clash],
) -> bool:
    """Change what is stored of a contact to what a row says, remembering what it was; fields it lacks stay, and so do
    agents' values unless ``over_desk``. Where they said otherwise is added to ``met``."""
    found = _stored(conn, list_id, row)
    assert found is not None, "it was in the way of an insertion"
    contact, came_with, *_ = found
    before = found[2:]
    if came_with == import_id or _merged(before, row) == before:
        return False
    theirs = _clashes(conn, ContactId(contact), before, row)
    met += theirs
    after = _merged(before, row if over_desk else _without(row, theirs))
    if after == before:
        return False
    conn.execute(
        "INSERT OR IGNORE INTO contact_before (import_id, contact_id, name, zones, priority, fields)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (import_id, contact, *before),
    )
    conn.execute(
        "UPDATE contact SET name = ?, zones = ?, priority = ?, fields = ? WHERE id = ?", (*after, contact)
    )
    return True


def delete_list(conn: sqlite3.Connection, list_id: ContactListId, now: float) -> None:
    """Take a list out of use; ``purge`` then removes its contacts. Attempts and their permits stay.

    :raises OperatorError: unknown, being dialled, or a campaign that has not ended uses it.
    """
    _must_exist(conn, list_id)
    user = conn.execute(
        "SELECT name FROM campaign WHERE contact_list_id = ? AND state NOT IN ('stopped', 'finished')",
        (list_id,),
    ).fetchone()
    if user is not None:
        raise OperatorError(
            Problem("id", "list_in_use", f"The campaign “{user[0]}” uses this list.", {"campaign": user[0]})
        )
    if counts(conn, list_id).in_flight:
        raise OperatorError(Problem("id", "list_in_flight", "Contacts of this list are being called."))
    conn.execute("UPDATE contact_list SET deleted_at = ? WHERE id = ?", (now, list_id))


def purge(conn: sqlite3.Connection, limit: int = 2000) -> bool:
    """Remove up to ``limit`` contacts of deleted lists; False when none are left."""
    removed = conn.execute(
        "DELETE FROM contact WHERE id IN (SELECT c.id FROM contact c WHERE c.list_id IN"
        " (SELECT id FROM contact_list WHERE deleted_at > 0) LIMIT ?)",
        (limit,),
    )
    return removed.rowcount > 0


def due_at(conn: sqlite3.Connection, contact: ContactId, next_at: float) -> float | None:
    """When a contact is due: ``next_at``, or the time of the callback it waits for; None: neither."""
    if next_at < math.inf:
        return next_at
    sql = "SELECT due_at FROM promise WHERE contact_id = ? AND state = 'open'"
    row = conn.execute(sql, (contact,)).fetchone()
    return None if row is None else float(row[0])


def get(conn: sqlite3.Connection, contact: ContactId) -> Contact | None:
    """Return one contact, None if its list was deleted."""
    row = conn.execute(f"SELECT {COLUMNS} FROM contact WHERE id = ?", (contact,)).fetchone()  # noqa: S608
    return None if row is None else read(row)


def exists(conn: sqlite3.Connection, list_id: ContactListId) -> bool:
    """Whether there is such a list, complete and not deleted."""
    sql = "SELECT 1 FROM contact_list WHERE id = ? AND deleted_at IS NULL"
    return conn.execute(sql, (list_id,)).fetchone() is not None


def name_of(conn: sqlite3.Connection, list_id: ContactListId) -> str:
    """Return a list's name, empty where there is none."""
    row = conn.execute("SELECT name FROM contact_list WHERE id = ?", (list_id,)).fetchone()
    return "" if row is None else str(row[0])


def named(conn: sqlite3.Connection, name: str) -> ContactListId | None:
    """Return the newest list in use with this name, None without one."""
    sql = "SELECT max(id) FROM contact_list WHERE name = ? AND deleted_at IS NULL"
    (found,) = conn.execute(sql, (name,)).fetchone()
    return None if found is None else ContactListId(found)


def counts(conn: sqlite3.Connection, list_id: ContactListId) -> ListCounts:
    """Return how many contacts of the list are where; costs the same for any size."""
    rows = conn.execute("SELECT what, n FROM list_count WHERE list_id = ?", (list_id,)).fetchall()
    found = tallies(rows)
    waiting, flying, closed = (found.get(state, 0) for state in ContactState)
    return ListCounts(waiting + flying + closed, waiting, flying, closed, below(found, "closed:"))


def read(row: tuple[int, int, int, str, str, int, str, str, float, int, float | None, str | None]) -> Contact:
    """Turn a row of ``COLUMNS`` into a contact."""
    number, list_id, phone, name, zones, priority, fields, state, next_at, attempts, last_at, reason = row
    return Contact(
        ContactId(number),
        ContactListId(list_id),
        e164(phone),
        name,
        tuple(zones.split()),
        priority,
        mapping(fields),
        ContactState(state),
        next_at,
        attempts,
        last_at,
        reason,
    )


def _must_exist(conn: sqlite3.Connection, list_id: ContactListId, *, begun: bool = False) -> None:
    sql = "SELECT 1 FROM contact_list WHERE id = ? AND (deleted_at IS NULL OR (? AND deleted_at = 0))"
    if conn.execute(sql, (list_id, begun)).fetchone() is None:
        raise _unknown(list_id)


def _unknown(list_id: ContactListId) -> OperatorError:
    return OperatorError(Problem("list_id", "list_unknown", f"There is no contact list {list_id}."))
