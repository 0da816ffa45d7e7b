"""Who else took part in a call, what was done with it, and who listened in; the directory of destinations.

A party is known by its ``uid``. Parts and steps are written as they happen, in order; a part is closed once.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from firmware.model import (
    AttemptUid,
    Destination,
    NewParty,
    OperatorError,
    PartyKind,
    PartyResult,
    Problem,
    UserId,
)
from firmware.store import tapes


@dataclass(frozen=True, slots=True)
class Party:
    """A part as stored; times are UTC seconds, None for what did not happen."""

    uid: str
    attempt: AttemptUid
    kind: PartyKind
    name: str
    user_id: UserId | None
    number: str | None
    asked_by: UserId | None
    blind: bool
    asked_at: float
    answered_at: float | None
    handed_at: float | None
    ended_at: float | None
    result: PartyResult | None
    wrap_up_code: str | None
    note: str
    key: str


_COLUMNS = (
    "uid, attempt, kind, name, user_id, number, asked_by, blind, asked_at, answered_at, handed_at, ended_at, result,"
    " wrap_up_code, note, key"
)


def ask(conn: sqlite3.Connection, party: NewParty, at: float) -> None:
    """Somebody is asked in."""
    entry = party.destination
    conn.execute(
        "INSERT INTO call_party (uid, attempt, kind, user_id, destination_id, name, number, asked_by, blind, asked_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(party.uid, party.attempt, party.kind, party.user_id, None if entry is None else entry.id),
            *(party.name, None if entry is None else int(entry.number[1:]), party.asked_by, party.blind, at),
        ),
    )


def mark_answered(conn: sqlite3.Connection, uid: str, at: float) -> None:
    """They are there."""
    conn.execute("UPDATE call_party SET answered_at = coalesce(answered_at, ?) WHERE uid = ?", (at, uid))


def mark_handed(conn: sqlite3.Connection, uid: str, at: float) -> None:
    """The customer is theirs."""
    conn.execute("UPDATE call_party SET handed_at = coalesce(handed_at, ?) WHERE uid = ?", (at, uid))


def end(conn: sqlite3.Connection, uid: str, result: PartyResult, at: float) -> None:
    """Their part is over; the first word stands."""
    conn.execute(
        "UPDATE call_party SET ended_at = ?, result = ? WHERE uid = ? AND ended_at IS NULL", (at, result, uid)
    )


def dispose(conn: sqlite3.Connection, uid: str, code: str, note: str, key: str, at: float) -> bool:
    """Store the wrap-up of an agent who was handed the customer; False: the same one (``key``) is stored already.

    :raises OperatorError: there is no such part, or it has another result.
    """
    row = conn.execute("SELECT wrap_up_code, key FROM call_party WHERE uid = ?", (uid,)).fetchone()
    if row is None or (row[0] is not None and row[1] != key):
        text = "This call is already closed." if row is not None else f"There is no part {uid}."
        raise OperatorError(Problem("attempt", "part_closed", text))
    if row[0] is not None:
        return False
    conn.execute(
        "UPDATE call_party SET wrap_up_code = ?, note = ?, key = ?, disposed_at = ? WHERE uid = ?",
        (code, note, key, at, uid),
    )
    return True


def last_of(conn: sqlite3.Connection, attempt: AttemptUid, user: UserId) -> Party | None:
    """The last part of an agent in a call that was handed to them."""
    row = conn.execute(
        f"SELECT {_COLUMNS} FROM call_party WHERE attempt = ? AND user_id = ? AND handed_at IS NOT NULL"  # noqa: S608
        " ORDER BY id DESC LIMIT 1",
        (attempt, user),
    ).fetchone()
    return None if row is None else _party(row)


def of_attempt(conn: sqlite3.Connection, attempt: AttemptUid) -> list[Party]:
    """Everybody who took part, in the order asked."""
    rows = conn.execute(f"SELECT {_COLUMNS} FROM call_party WHERE attempt = ? ORDER BY id", (attempt,))  # noqa: S608
    return [_party(row) for row in rows.fetchall()]


def interrupt(conn: sqlite3.Connection, now: float) -> None:
    """At boot: what was open when the box stopped ended with it, at the latest now."""
    conn.execute("UPDATE call_party SET ended_at = ?, result = 'interrupted' WHERE ended_at IS NULL", (now,))
    conn.execute(
        "UPDATE monitoring SET ended_at = ?, ended_by = 'interrupted' WHERE ended_at IS NULL", (now,)
    )
    tapes.interrupt(conn, now)


def _party(row: tuple[Any, ...]) -> Party:
    uid, attempt, kind, name, user, number, by, blind, *times, result, code, note, key = row
    asked, answered, handed, ended = times
    return Party(
        uid, AttemptUid(attempt), PartyKind(kind), name, user, None if number is None else f"+{number}", by,
        bool(blind), asked, answered, handed, ended, None if result is None else PartyResult(result), code, note, key,
    )  # fmt: skip


# -- steps -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CallStep:
    """What was done with a call: ``what`` is a key, ``about`` the other party's name."""

    at: float
    what: str
    user_id: UserId | None
    about: str


def note(
    conn: sqlite3.Connection, attempt: AttemptUid, what: str, at: float, user: UserId | None, about: str
) -> None:
    """Add one step."""
    conn.execute(
        "INSERT INTO call_step (attempt, at, what, user_id, about) VALUES (?, ?, ?, ?, ?)",
        (attempt, at, what, user, about),
    )


def steps(conn: sqlite3.Connection, attempt: AttemptUid) -> list[CallStep]:
    """Every step, oldest first."""
    rows = conn.execute(
        "SELECT at, what, user_id, about FROM call_step WHERE attempt = ? ORDER BY id", (attempt,)
    )
    return [CallStep(at, what, user, about) for at, what, user, about in rows.fetchall()]


# -- listening in ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MonitoringRow:
    """Who listened in to whom."""

    user_id: UserId
    agent_id: UserId
    attempt: AttemptUid | None
    kind: str
    announced: bool
    began_at: float
    ended_at: float | None
    ended_by: str | None


def begin_monitoring(conn: sqlite3.Connection, row: MonitoringRow) -> int:
    """Somebody hears from now on; the id to end it by."""
    done = conn.execute(
        "INSERT INTO monitoring (user_id, agent_id, attempt, kind, announced, began_at) VALUES (?, ?, ?, ?, ?, ?)",
        (row.user_id, row.agent_id, row.attempt, row.kind, row.announced, row.began_at),
    )
    return int(done.lastrowid or 0)


def end_monitoring(conn: sqlite3.Connection, user: UserId, ended_by: str, at: float) -> None:
    """And no more: a person listens in to one call at a time."""
    conn.execute(
        "UPDATE monitoring SET ended_at = ?, ended_by = ? WHERE user_id = ? AND ended_at IS NULL",
        (at, ended_by, user),
    )


def monitorings(
    conn: sqlite3.Connection, attempt: AttemptUid | None = None, limit: int = 100, agent: UserId | None = None
) -> list[MonitoringRow]:
    """Who listened in, to one call or an agent or at all, newest first."""
    rows = conn.execute(
        "SELECT user_id, agent_id, attempt, kind, announced, began_at, ended_at, ended_by FROM monitoring"
        " WHERE (?1 IS NULL OR attempt = ?1) AND (?2 IS NULL OR agent_id = ?2) ORDER BY id DESC LIMIT ?3",
        (attempt, agent, limit),
    )
    return [
        MonitoringRow(user, whom, uid, kind, bool(announced), began, ended, by)
        for user, whom, uid, kind, announced, began, ended, by in rows.fetchall()
    ]


# -- destinations ------------------------------------------------------------------------------------------------------


def destinations(conn: sqlite3.Connection) -> list[Destination]:
    """The directory, by name."""
    rows = conn.execute(
        "SELECT id, name, number FROM destination WHERE removed_at IS NULL ORDER BY name COLLATE NOCASE, id"
    )
    return [Destination(int(i), name, f"+{number}") for i, name, number in rows.fetchall()]


def add_destination(
    conn: sqlite3.Connection, name: str, number: str, by: UserId | None, at: float
) -> Destination:
    """Add an entry. :raises OperatorError: the number is in the directory already, or is a contact's."""
    digits = int(number[1:])
    if is_contact(conn, number):
        raise _refused(
            "destination_is_contact", "A contact is never a destination: contacts are called by permit."
        )
    if conn.execute(
        "SELECT 1 FROM destination WHERE number = ? AND removed_at IS NULL", (digits,)
    ).fetchone():
        raise _refused("destination_known", "This number is in the directory already.")
    done = conn.execute(
        "INSERT INTO destination (name, number, made_at, made_by) VALUES (?, ?, ?, ?)", (name, digits, at, by)
    )
    return Destination(int(done.lastrowid or 0), name, number)


def remove_destination(conn: sqlite3.Connection, entry: int, at: float) -> bool:
    """Take an entry out; calls that led there keep its name and number. False: there is no such entry."""
    done = conn.execute(
        "UPDATE destination SET removed_at = ? WHERE id = ? AND removed_at IS NULL", (at, entry)
    )
    return done.rowcount > 0


def is_contact(conn: sqlite3.Connection, number: str, *, first_only: bool = False) -> bool:
    """Whether a contact of any list has this number; ``first_only``: as the first of theirs, which an index knows."""
    digits = int(number[1:])
    found = conn.execute(
        "SELECT 1 FROM contact_list l JOIN contact c ON c.list_id = l.id AND c.number = ? LIMIT 1", (digits,)
    ).fetchone()
    if found is None and not first_only:
        found = conn.execute("SELECT 1 FROM contact_number WHERE number = ? LIMIT 1", (digits,)).fetchone()
    return found is not None


def _refused(key: str, text: str) -> OperatorError:
    return OperatorError(Problem("number", key, text))


# -- messages to a desk ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DeskMessage:
    """Something a supervisor said to an agent in writing."""

    id: int
    from_user: UserId
    from_name: str
    to_user: UserId
    text: str
    sent_at: float


def send_message(conn: sqlite3.Connection, sender: UserId, to: UserId, text: str, at: float) -> DeskMessage:
    """Store one."""
    done = conn.execute(
        "INSERT INTO desk_message (from_user, to_user, text, sent_at) VALUES (?, ?, ?, ?)",
        (sender, to, text, at),
    )
    name = conn.execute("SELECT name FROM user WHERE id = ?", (sender,)).fetchone()
    return DeskMessage(int(done.lastrowid or 0), sender, name[0] if name else "", to, text, at)


def read_message(conn: sqlite3.Connection, message: int, to: UserId, at: float) -> None:
    """Its reader has seen it."""
    conn.execute(
        "UPDATE desk_message SET read_at = coalesce(read_at, ?) WHERE id = ? AND to_user = ?",
        (at, message, to),
    )


def unread_messages(conn: sqlite3.Connection) -> list[DeskMessage]:
    """Every message nobody has acknowledged, oldest first."""
    rows = conn.execute(
        "SELECT m.id, m.from_user, u.name, m.to_user, m.text, m.sent_at FROM desk_message m"
        " JOIN user u ON u.id = m.from_user WHERE m.read_at IS NULL ORDER BY m.id"
    )
    return [DeskMessage(*row) for row in rows.fetchall()]
