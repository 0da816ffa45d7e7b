"""DNC lists: numbers that must not be called, with a version that grows by one per change.

An entry is one integer (list id x 10^15 + E.164 digits), so ten million of them take about 100 MB and a look-up
is one step down one tree. Single additions and removals also go to the opt-out journal; ``load``, for files the
office keeps anyway, does not. List 1, the opt-outs, always exists and binds every campaign.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from firmware.model import OperatorError, Problem
from firmware.store.opt_outs import OptOut
from firmware.store.words import digits, e164

OPT_OUTS = 1
"""The list every campaign asks, whatever its settings say."""
SHIFT = 10**15


@dataclass(frozen=True, slots=True)
class DncList:
    """One list; ``version`` is what a permit names."""

    id: int
    name: str
    version: int
    entries: int
    created_at: float


@dataclass(frozen=True, slots=True)
class DncEntry:
    """One number with who put it there, when and how."""

    number: str
    added_at: float
    source: str


def create_list(conn: sqlite3.Connection, name: str, now: float) -> int:
    """Store an empty list. :raises OperatorError: the name is taken (permits name lists, so names are unique)."""
    if conn.execute("SELECT 1 FROM dnc_list WHERE name = ?", (name,)).fetchone():
        raise OperatorError(Problem("name", "dnc_list_taken", f"There already is a DNC list “{name}”."))
    return conn.execute("INSERT INTO dnc_list (name, created_at) VALUES (?, ?)", (name, now)).lastrowid or 0


def lists(conn: sqlite3.Connection) -> list[DncList]:
    """Return every list, the opt-outs first."""
    rows = conn.execute("SELECT id, name, version, entries, created_at FROM dnc_list ORDER BY id")
    return [DncList(*row) for row in rows]


def add(conn: sqlite3.Connection, list_id: int, numbers: Iterable[str], source: str, at: float) -> int:
    """Put numbers (E.164) on a list, durable in the opt-out journal too; returns how many were new.

    :raises ValueError: a number is not E.164. :raises OperatorError: no such list.
    """
    found, wanted = _list(conn, list_id), list(numbers)
    new = load(conn, list_id, wanted, source, at)
    _to_journal(conn, [OptOut(at, "added", list_id, found.name, number, source) for number in wanted])
    return new


def load(conn: sqlite3.Connection, list_id: int, numbers: Iterable[str], source: str, at: float) -> int:
    """Put numbers on a list from a file that is kept elsewhere, in portions; returns how many were new."""
    _list(conn, list_id)
    change = conn.execute(
        "INSERT INTO dnc_change (list_id, version, at, act, source, numbers)"
        " SELECT id, version + 1, ?, 'added', ?, 0 FROM dnc_list WHERE id = ?",
        (at, source, list_id),
    ).lastrowid
    # Sorted, because a tree filled in order is several times faster and denser.
    entries = sorted({list_id * SHIFT + digits(number) for number in numbers})
    new = conn.executemany(
        "INSERT OR IGNORE INTO dnc_entry (entry, change_id) VALUES (?, ?)", [(e, change) for e in entries]
    ).rowcount
    _settle_change(conn, list_id, change, new, new)
    return new


def remove(conn: sqlite3.Connection, list_id: int, numbers: Iterable[str], source: str, at: float) -> int:
    """Take numbers off a list; returns how many were on it. :raises OperatorError: no such list."""
    found, wanted = _list(conn, list_id), list(numbers)
    change = conn.execute(
        "INSERT INTO dnc_change (list_id, version, at, act, source, numbers)"
        " SELECT id, version + 1, ?, 'removed', ?, 0 FROM dnc_list WHERE id = ?",
        (at, source, list_id),
    ).lastrowid
    gone = conn.executemany(
        "DELETE FROM dnc_entry WHERE entry = ?", [(list_id * SHIFT + digits(n),) for n in wanted]
    ).rowcount
    _settle_change(conn, list_id, change, gone, -gone)
    _to_journal(conn, [OptOut(at, "removed", list_id, found.name, number, source) for number in wanted])
    return gone


def delete_list(conn: sqlite3.Connection, list_id: int, now: float) -> None:
    """Forget a list. :raises OperatorError: unknown, the opt-outs, or a campaign asks it."""
    found = _list(conn, list_id)
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
    conn.execute("DELETE FROM dnc_entry WHERE entry BETWEEN ? AND ?", span(list_id))
    conn.execute("DELETE FROM dnc_list WHERE id = ?", (list_id,))
    _to_journal(conn, [OptOut(now, "list_deleted", list_id, found.name, "", "")])


def asked_by(conn: sqlite3.Connection, list_ids: Sequence[int]) -> list[DncList]:
    """Return the lists a campaign with these settings must ask, the opt-outs among them.

    :raises OperatorError: one is missing; calling without asking it is no option.
    """
    return [_list(conn, list_id) for list_id in sorted({OPT_OUTS, *list_ids})]


def hits(conn: sqlite3.Connection, asked: Sequence[DncList], number: int) -> tuple[str, ...]:
    """Return the names of the lists that hold the (stored) number."""
    sql = "SELECT 1 FROM dnc_entry WHERE entry = ?"
    return tuple(a.name for a in asked if conn.execute(sql, (a.id * SHIFT + number,)).fetchone())


def look_up(conn: sqlite3.Connection, number: str) -> list[DncList]:
    """Return every list that holds the number."""
    stored = digits(number)
    return [found for found in lists(conn) if hits(conn, [found], stored)]


def restore(conn: sqlite3.Connection, standing: Sequence[OptOut]) -> int:
    """Put back what the journal knows and the store does not; returns how many."""
    missing = [opt_out for opt_out in standing if not _holds(conn, opt_out)]
    for opt_out in missing:
        # A lost list comes back under its own name or, if another took it since, with its number behind it.
        for name in (opt_out.list_name, f"{opt_out.list_name} ({opt_out.list_id})"):
            conn.execute(
                "INSERT OR IGNORE INTO dnc_list (id, name, created_at) VALUES (?, ?, ?)",
                (opt_out.list_id, name, opt_out.at),
            )
        load(conn, opt_out.list_id, [opt_out.number], opt_out.source, opt_out.at)
    return len(missing)


def span(list_id: int) -> tuple[int, int]:
    """First and last possible entry of a list."""
    return list_id * SHIFT, (list_id + 1) * SHIFT - 1


def number_of(entry: int) -> str:
    """Return the E.164 number of a stored entry."""
    return e164(entry % SHIFT)


def _holds(conn: sqlite3.Connection, opt_out: OptOut) -> bool:
    entry = opt_out.list_id * SHIFT + digits(opt_out.number)
    return conn.execute("SELECT 1 FROM dnc_entry WHERE entry = ?", (entry,)).fetchone() is not None


def _list(conn: sqlite3.Connection, list_id: int) -> DncList:
    sql = "SELECT id, name, version, entries, created_at FROM dnc_list WHERE id = ?"
    row = conn.execute(sql, (list_id,)).fetchone()
    if row is None:
        raise OperatorError(Problem("list_id", "dnc_list_unknown", f"There is no DNC list {list_id}."))
    return DncList(*row)


def _settle_change(
    conn: sqlite3.Connection, list_id: int, change: int | None, numbers: int, grown: int
) -> None:
    """A change that changed nothing leaves no trace and no new version."""
    if not numbers:
        conn.execute("DELETE FROM dnc_change WHERE id = ?", (change,))
        return
    conn.execute("UPDATE dnc_change SET numbers = ? WHERE id = ?", (numbers, change))
    conn.execute(
        "UPDATE dnc_list SET version = version + 1, entries = entries + ? WHERE id = ?", (grown, list_id)
    )


def _to_journal(conn: sqlite3.Connection, entries: list[OptOut]) -> None:
    conn.executemany(
        "INSERT INTO opt_out_outbox (at, act, list_id, list_name, number, source) VALUES (?, ?, ?, ?, ?, ?)",
        [(e.at, e.act, e.list_id, e.list_name, e.number, e.source) for e in entries],
    )
