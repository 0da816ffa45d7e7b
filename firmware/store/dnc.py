"""Changing DNC lists: each change is one version with who, when, how and why.

Single additions and removals also go to the opt-out journal; ``load``, for files the office keeps anyway, does not.
List 1, the opt-outs, always exists and binds every campaign. Asking the lists is ``dnc_lookup``'s, what happened to
them ``dnc_history``'s to tell; nothing here ever rewrites it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from firmware.model import OperatorError, Problem
from firmware.store import scrub, webhooks
from firmware.store.dnc_lookup import (
    FOLDER,
    OPT_OUTS,
    SHIFT,
    DncEntry,
    DncList,
    asked_by,
    hits,
    holds,
    in_register,
    lists,
    look_up,
    number_of,
    one,
    registers,
    span,
    unreadable,
)
from firmware.store.number_file import NumberFileError, opened
from firmware.store.opt_outs import OptOut
from firmware.store.words import digits

__all__ = [
    "FOLDER",
    "OPT_OUTS",
    "PREFIX_MARK",
    "SHIFT",
    "Deed",
    "DncEntry",
    "DncList",
    "add",
    "asked_by",
    "create_list",
    "delete_list",
    "hits",
    "holds",
    "lists",
    "load",
    "look_up",
    "number_of",
    "one",
    "purge",
    "registers",
    "remove",
    "restore",
    "set_register",
    "span",
]

PREFIX_MARK = "*"
"""Ends the beginning of numbers."""
_TABLES = ("dnc_entry", "dnc_prefix")
_TOLD_AT_ONCE = 1000
"""Numbers in one event for webhooks."""
_PUT = (
    "INSERT INTO {} (entry, change_id, expires_at) VALUES (?, ?, ?) ON CONFLICT (entry) DO UPDATE"
    " SET change_id = excluded.change_id, expires_at = excluded.expires_at WHERE expires_at IS NOT NULL"
    " AND (excluded.expires_at IS NULL OR excluded.expires_at > expires_at)"
)


@dataclass(frozen=True, slots=True)
class Deed:
    """Who changes a list, when, by which way (``source``) and why; ``expires_at`` is for what is added."""

    at: float
    source: str
    who: str = ""
    why: str = ""
    expires_at: float | None = None


def create_list(conn: sqlite3.Connection, name: str, now: float) -> int:
    """Store an empty list. :raises OperatorError: the name is taken (permits name lists, so names are unique)."""
    if conn.execute("SELECT 1 FROM dnc_list WHERE name = ?", (name,)).fetchone():
        raise OperatorError(Problem("name", "dnc_list_taken", f"There already is a DNC list “{name}”."))
    return conn.execute("INSERT INTO dnc_list (name, created_at) VALUES (?, ?)", (name, now)).lastrowid or 0


def add(
    conn: sqlite3.Connection,
    list_id: int,
    numbers: Iterable[str],
    source: str,
    at: float,
    *,
    expires_at: float | None = None,
    who: str = "",
    why: str = "",
) -> int:
    """Put numbers (E.164, or a beginning and ``*``) on a list, durable in the opt-out journal too.

    Returns how many are new or blocked for longer than before; a later expiry wins, none wins over any.

    :raises ValueError: a number is not E.164. :raises OperatorError: no such list.
    """
    found, wanted = one(conn, list_id), list(numbers)
    deed = Deed(at, source, who, why, expires_at)
    changed = _put(conn, list_id, wanted, deed)
    _to_journal(conn, [OptOut(at, "added", list_id, found.name, n, source, expires_at) for n in wanted])
    if changed:
        _tell(conn, found, wanted, deed)
    return changed


def load(
    conn: sqlite3.Connection, list_id: int, numbers: Iterable[str], source: str, at: float, *, who: str = ""
) -> int:
    """Put numbers on a list from a file that is kept elsewhere, in portions; returns how many were new."""
    one(conn, list_id)
    return _put(conn, list_id, list(numbers), Deed(at, source, who))


def remove(
    conn: sqlite3.Connection,
    list_id: int,
    numbers: Iterable[str],
    source: str,
    at: float,
    *,
    who: str = "",
    why: str = "",
) -> int:
    """Take numbers (or beginnings) off a list; returns how many were on it.

    :raises OperatorError: no such list, or the list's register holds one of them.
    """
    found, wanted = one(conn, list_id), list(numbers)
    for number in wanted:
        if not _is_prefix(number) and in_register(found, digits(number)):
            raise _in_file(number)
    change = _next_change(conn)
    gone = sum(_take(conn, list_id, number, change) for number in wanted)
    if gone:
        _record(conn, change, list_id, "removed", Deed(at, source, who, why), gone)
        _grow(conn, list_id, -gone)
    _to_journal(conn, [OptOut(at, "removed", list_id, found.name, n, source) for n in wanted])
    return gone


def set_register(conn: sqlite3.Connection, list_id: int, name: str, deed: Deed) -> str:
    """Put the file ``name`` (in ``registers``, complete and synced) in the place of the list's register.

    From this transaction on every check asks the new one. Returns the name of the file that is no longer needed,
    or nothing. :raises OperatorError: no such list, or the file cannot be used.
    """
    found = one(conn, list_id)
    path = str(registers(conn) / name)
    try:
        count = len(opened(path))
    except NumberFileError as error:
        raise unreadable(found, error) from error
    _record(conn, _next_change(conn), list_id, "register_loaded", deed, count)
    conn.execute(
        "UPDATE dnc_list SET register = ?, register_numbers = ?, register_at = ?, version = version + 1 WHERE id = ?",
        (name, count, deed.at, list_id),
    )
    return Path(found.register).name if found.register else ""


def delete_list(conn: sqlite3.Connection, list_id: int, now: float, *, who: str = "") -> str:
    """Forget a list at once; ``purge`` then moves its entries to the history. Returns its register's file name.

    :raises OperatorError: unknown, the opt-outs, or a campaign asks it.
    """
    found = one(conn, list_id)
    if list_id == OPT_OUTS:
        raise OperatorError(Problem("id", "dnc_list_kept", "The list of opt-outs cannot be deleted."))
    user = conn.execute(
        "SELECT name FROM campaign, json_each(campaign.settings, '$.dnc_list_ids') WHERE value = ?",
        (list_id,),
    ).fetchone()
    if user is not None:
        raise OperatorError(
            Problem(
                "id", "dnc_list_in_use", f"The campaign “{user[0]}” asks this list.", {"campaign": user[0]}
            )
        )
    _record(conn, _next_change(conn), list_id, "list_deleted", Deed(now, found.name, who), found.entries)
    scrub.take_away(conn, list_id)
    conn.execute("DELETE FROM dnc_list WHERE id = ?", (list_id,))
    _to_journal(conn, [OptOut(now, "list_deleted", list_id, found.name, "", "")])
    return Path(found.register).name if found.register else ""


def purge(conn: sqlite3.Connection, limit: int = 2000) -> bool:
    """Move up to ``limit`` entries of deleted lists to the history; False when none are left."""
    gone = conn.execute("SELECT id, list_id FROM dnc_change WHERE act = 'list_deleted'").fetchall()
    for change, list_id in gone:
        for table, prefix in (("dnc_entry", 0), ("dnc_prefix", 1)):
            some = f"FROM {table} WHERE entry BETWEEN ? AND ? ORDER BY entry LIMIT ?"
            values = (*span(list_id), limit)
            sql = f"INSERT INTO dnc_past SELECT entry, {prefix}, change_id, {change}, expires_at {some}"
            if conn.execute(sql, values).rowcount:
                conn.execute(f"DELETE FROM {table} WHERE entry IN (SELECT entry {some})", values)  # noqa: S608
                return True
    return False


def restore(conn: sqlite3.Connection, standing: Sequence[OptOut]) -> int:
    """Put back what the journal knows and the store does not; returns how many."""
    missing = [opt_out for opt_out in standing if not _has_entry(conn, opt_out)]
    for opt_out in missing:
        # A lost list comes back under its own name or, if another took it since, with its number behind it.
        for name in (opt_out.list_name, f"{opt_out.list_name} ({opt_out.list_id})"):
            conn.execute(
                "INSERT OR IGNORE INTO dnc_list (id, name, created_at) VALUES (?, ?, ?)",
                (opt_out.list_id, name, opt_out.at),
            )
        deed = Deed(opt_out.at, opt_out.source, expires_at=opt_out.expires_at)
        _put(conn, opt_out.list_id, [opt_out.number], deed)
    return len(missing)


def _is_prefix(number: str) -> bool:
    return number.endswith(PREFIX_MARK)


def _put(conn: sqlite3.Connection, list_id: int, wanted: Sequence[str], deed: Deed) -> int:
    change, changed, grown = _next_change(conn), 0, 0
    for table in _TABLES:
        prefixes = table == "dnc_prefix"
        numbers = {n.removesuffix(PREFIX_MARK) for n in wanted if _is_prefix(n) == prefixes}
        # Sorted, because a tree filled in order is several times faster and denser.
        entries = sorted(list_id * SHIFT + digits(number) for number in numbers)
        before = conn.total_changes
        rows = conn.executemany(
            _PUT.format(table), [(entry, change, deed.expires_at) for entry in entries]
        ).rowcount
        changed += max(rows, 0)
        # A renewed entry counts twice here, because a trigger keeps what it was.
        grown += 2 * max(rows, 0) - (conn.total_changes - before)
    if changed:
        _record(conn, change, list_id, "added", deed, changed)
        _grow(conn, list_id, grown)
    return changed


def _take(conn: sqlite3.Connection, list_id: int, number: str, change: int) -> int:
    table = _TABLES[_is_prefix(number)]
    entry = list_id * SHIFT + digits(number.removesuffix(PREFIX_MARK))
    conn.execute(
        f"INSERT INTO dnc_past SELECT entry, ?, change_id, ?, expires_at FROM {table} WHERE entry = ?",  # noqa: S608
        (_is_prefix(number), change, entry),
    )
    return conn.execute(f"DELETE FROM {table} WHERE entry = ?", (entry,)).rowcount  # noqa: S608


def _has_entry(conn: sqlite3.Connection, opt_out: OptOut) -> bool:
    table = _TABLES[_is_prefix(opt_out.number)]
    entry = opt_out.list_id * SHIFT + digits(opt_out.number.removesuffix(PREFIX_MARK))
    return conn.execute(f"SELECT 1 FROM {table} WHERE entry = ?", (entry,)).fetchone() is not None  # noqa: S608


def _next_change(conn: sqlite3.Connection) -> int:
    """The id of the change being made: entries name it before it is known whether there is anything to record."""
    return int(conn.execute("SELECT coalesce(max(id), 0) + 1 FROM dnc_change").fetchone()[0])


def _record(conn: sqlite3.Connection, change: int, list_id: int, act: str, deed: Deed, numbers: int) -> None:
    """Write a change down, once and for all. One that changed nothing leaves no trace and no new version."""
    conn.execute(
        "INSERT INTO dnc_change (id, list_id, version, at, act, source, who, why, numbers)"
        " SELECT ?, id, version + 1, ?, ?, ?, ?, ?, ? FROM dnc_list WHERE id = ?",
        (change, deed.at, act, deed.source, deed.who, deed.why, numbers, list_id),
    )


def _grow(conn: sqlite3.Connection, list_id: int, by: int) -> None:
    conn.execute(
        "UPDATE dnc_list SET version = version + 1, entries = entries + ? WHERE id = ?", (by, list_id)
    )


def _in_file(number: str) -> OperatorError:
    text = f"{number} stands in the list's register; only another register can leave it out."
    return OperatorError(Problem("numbers", "dnc_in_register", text, {"number": number}))


def _tell(conn: sqlite3.Connection, found: DncList, numbers: Sequence[str], deed: Deed) -> None:
    for first in range(0, len(numbers), _TOLD_AT_ONCE):
        body = {
            "list_id": found.id,
            "list": found.name,
            "numbers": list(numbers[first : first + _TOLD_AT_ONCE]),
            "source": deed.source,
            "expires_at": webhooks.moment(deed.expires_at),
        }
        webhooks.enqueue(conn, "dnc.added", body, deed.at)


def _to_journal(conn: sqlite3.Connection, entries: list[OptOut]) -> None:
    conn.executemany(
        "INSERT INTO opt_out_outbox (at, act, list_id, list_name, number, source, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(e.at, e.act, e.list_id, e.list_name, e.number, e.source, e.expires_at) for e in entries],
    )
