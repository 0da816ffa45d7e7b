"""Asking DNC lists: which there are, and whether one holds a number. Changing them is ``dnc``'s.

A list holds single entries, beginnings of numbers (``+49301*``), both with an expiry if wanted, and at most one
register: a file of millions of numbers that is exchanged as a whole (``number_file``). An entry is one integer
(list id x 10^15 + E.164 digits), so a look-up is one step down one tree.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from firmware.model import OperatorError, Problem
from firmware.store.number_file import NumberFileError, opened
from firmware.store.words import digits, e164

OPT_OUTS = 1
"""The list every campaign asks, whatever its settings say."""
SHIFT = 10**15
FOLDER = "dnc"
"""Beside the database: the registers."""
_LISTS = (
    "SELECT id, name, version, entries, created_at, register, register_numbers, register_at, keep_s"
    " FROM dnc_list LEFT JOIN scrub_service ON list_id = id"
)


@dataclass(frozen=True, slots=True)
class DncList:
    """One list; ``version`` is what a permit names. ``entries`` counts single numbers and beginnings."""

    id: int
    name: str
    version: int
    entries: int
    created_at: float
    register: str = ""
    """Path of the file of numbers, empty without one."""
    register_numbers: int = 0
    register_at: float | None = None
    prefixes: Mapping[int, float | None] = field(default_factory=dict)
    """Digits that blocked numbers begin with, each with its expiry."""
    scrub_keep_s: float | None = None
    """How long an answer of the external service behind the list counts; None: there is no service."""


@dataclass(frozen=True, slots=True)
class DncEntry:
    """One number (or beginning, with a ``*``) with who put it there, when, how and why."""

    number: str
    added_at: float
    source: str
    expires_at: float | None = None
    who: str = ""
    why: str = ""


def lists(conn: sqlite3.Connection) -> list[DncList]:
    """Return every list, the opt-outs first."""
    folder = registers(conn)
    return [_read(conn, row, folder) for row in conn.execute(f"{_LISTS} ORDER BY id").fetchall()]


def one(conn: sqlite3.Connection, list_id: int) -> DncList:
    """Return one list. :raises OperatorError: there is none."""
    row = conn.execute(f"{_LISTS} WHERE id = ?", (list_id,)).fetchone()
    if row is None:
        raise OperatorError(Problem("list_id", "dnc_list_unknown", f"There is no DNC list {list_id}."))
    return _read(conn, row, registers(conn))


def registers(conn: sqlite3.Connection) -> Path:
    """The folder of the registers: beside the database, whichever it is."""
    path = conn.execute("SELECT file FROM pragma_database_list WHERE name = 'main'").fetchone()[0]
    return Path(path).parent / FOLDER


def asked_by(conn: sqlite3.Connection, list_ids: Sequence[int]) -> list[DncList]:
    """Return the lists a campaign with these settings must ask, the opt-outs among them.

    :raises OperatorError: one is missing, or its register is; calling without asking it is no option.
    """
    asked = [one(conn, list_id) for list_id in sorted({OPT_OUTS, *list_ids})]
    for each in asked:
        try:
            in_register(each, 0)
        except NumberFileError as error:
            raise unreadable(each, error) from error
    return asked


def hits(
    conn: sqlite3.Connection, asked: Sequence[DncList], number: int, now: float | None = None
) -> tuple[str, ...]:
    """Return the names of the lists that hold the (stored) number at ``now``; without it no entry ever expires."""
    return tuple(a.name for a in asked if holds(conn, a, number, now))


def holds(conn: sqlite3.Connection, asked: DncList, number: int, now: float | None = None) -> bool:
    """Whether the list blocks the (stored) number at ``now``."""
    sql = "SELECT expires_at FROM dnc_entry WHERE entry = ?"
    row = conn.execute(sql, (asked.id * SHIFT + number,)).fetchone()
    if row is not None and (row[0] is None or now is None or row[0] > now):
        return True
    if asked.prefixes and _begins(asked.prefixes, number, now):
        return True
    return in_register(asked, number)


def look_up(conn: sqlite3.Connection, number: str, now: float | None = None) -> list[DncList]:
    """Return every list that holds the number."""
    stored = digits(number)
    return [found for found in lists(conn) if holds(conn, found, stored, now)]


def span(list_id: int) -> tuple[int, int]:
    """First and last possible entry of a list."""
    return list_id * SHIFT, (list_id + 1) * SHIFT - 1


def number_of(entry: int) -> str:
    """Return the E.164 number of a stored entry."""
    return e164(entry % SHIFT)


def _read(conn: sqlite3.Connection, row: tuple[Any, ...], folder: Path) -> DncList:
    list_id, name, version, entries, created_at, register, numbers, at, keep_s = row
    sql = "SELECT entry, expires_at FROM dnc_prefix WHERE entry BETWEEN ? AND ?"
    prefixes = {entry % SHIFT: until for entry, until in conn.execute(sql, span(list_id))}
    path = str(folder / register) if register else ""
    return DncList(list_id, name, version, entries, created_at, path, numbers, at, prefixes, keep_s)


def _begins(prefixes: Mapping[int, float | None], number: int, now: float | None) -> bool:
    while number:
        if number in prefixes:
            until = prefixes[number]
            if until is None or now is None or until > now:
                return True
        number //= 10
    return False


def in_register(asked: DncList, number: int) -> bool:
    """Whether the list's register holds the (stored) number. :raises NumberFileError: it cannot be read."""
    return bool(asked.register) and number in opened(asked.register)


def unreadable(found: DncList, error: NumberFileError) -> OperatorError:
    """Say that a list cannot be asked in full."""
    text = f"The register of the DNC list “{found.name}” cannot be read: {error}."
    return OperatorError(Problem("list_id", "dnc_register_unreadable", text, {"name": found.name}))
