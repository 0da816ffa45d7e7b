"""A list's contacts page by page, searched, filtered and sorted by any field.

Conditions and sorts mean here exactly what they mean when a campaign dials, because the same code decides: it is lent
to SQLite as two functions that know checks and sorts by their place. A field's name or value reaches SQL only as a
parameter; columns come from a list in this file. Lists too long to be sorted by a column of theirs while somebody waits
are shown in the order of import.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from firmware.model import ContactListId
from firmware.rulebook.conditions import ALWAYS, Check, Condition, Every, passes
from firmware.rulebook.order import Sort
from firmware.rulebook.order import key_of as sort_key
from firmware.store import contacts
from firmware.store.contacts import Contact

PER_PAGE = 50
MOST_SORTED = 200_000
"""Contacts of a list that is sorted by a column of its own."""
_LOOKED_AT = 500
_FEW = 60
"""More different values than these are none to choose from."""
_LONGEST_VALUE = 80
"""Contacts whose fields are listed as a list's columns, from either end."""

_CELLS: Mapping[str, str] = {
    ":priority": "CAST(priority AS TEXT)",
    ":attempts": "CAST(attempts AS TEXT)",
    ":order": "CAST(id AS TEXT)",
    ":last_attempt": "coalesce(strftime('%Y-%m-%d %H:%M:%S', last_attempt_at, 'unixepoch'), '')",
    ":name": "name",
    ":number": "'+' || number",
    ":zone": "zones",
    ":state": "state",
}
_QUICK: Mapping[str, str] = {
    ":priority": "priority",
    ":attempts": "attempts",
    ":order": "id",
    ":last_attempt": "last_attempt_at",
    ":name": "name COLLATE NOCASE",
    ":number": "number",
}
"""What SQLite sorts by itself."""
FIELDS: tuple[str, ...] = tuple(_CELLS)
"""The built-in fields, for people to choose from."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to see of a list. ``search`` is part of a number, a name or any field."""

    search: str = ""
    condition: Condition = ALWAYS
    sort: Sort | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Seen:
    """One page; ``page`` counts from 1. ``sorted``: False where the list is too long for this sort."""

    rows: list[Contact]
    page: int
    more: bool
    sorted: bool = True
    columns: Sequence[str] = field(default=())
    """The list's own fields, as far as its first and last contacts have them."""


def look(conn: sqlite3.Connection, list_id: ContactListId, wanted: Wanted) -> Seen:
    """Return the page that is wanted. Costs a walk through the list where few of it fit."""
    checks: list[Check] = []
    where, values = _where(wanted.condition, checks)
    found, more_values = _search(wanted.search)
    order, order_values, is_sorted = _order(conn, list_id, wanted.sort)
    conn.create_function(
        "passes_check", 2, lambda at, cell: passes(checks[at], str(cell)), deterministic=True
    )
    page = max(1, wanted.page)
    rows = conn.execute(
        f"SELECT {contacts.COLUMNS} FROM contact WHERE list_id = ? AND {where} AND {found}"  # noqa: S608
        f" ORDER BY {order} LIMIT ? OFFSET ?",
        (list_id, *values, *more_values, *order_values, PER_PAGE + 1, (page - 1) * PER_PAGE),
    ).fetchall()
    shown = [contacts.read(row) for row in rows[:PER_PAGE]]
    return Seen(shown, page, len(rows) > PER_PAGE, is_sorted, columns(conn, list_id))


def columns(conn: sqlite3.Connection, list_id: ContactListId) -> list[str]:
    """Return the fields of a list, as far as its first and last contacts have them."""
    ends = (
        "SELECT fields FROM (SELECT fields FROM contact WHERE list_id = ?1 ORDER BY number LIMIT ?2)"
        " UNION ALL SELECT fields FROM (SELECT fields FROM contact WHERE list_id = ?1 ORDER BY number DESC LIMIT ?2)"
    )
    sql = f"SELECT DISTINCT key FROM ({ends}) c, json_each(c.fields) ORDER BY key"  # noqa: S608
    return [str(name) for (name,) in conn.execute(sql, (list_id, _LOOKED_AT))]


def values(conn: sqlite3.Connection, list_id: ContactListId) -> dict[str, list[str]]:
    """Return what occurs in a list's columns, as far as its first and last contacts have it, the most frequent first.

    Left out are columns that tell contacts apart (a name, an address, a number of a customer): only what returns and
    is few can be chosen from.
    """
    ends = (
        "SELECT * FROM (SELECT id, fields FROM contact WHERE list_id = ?1 ORDER BY number LIMIT ?2)"
        " UNION SELECT * FROM (SELECT id, fields FROM contact WHERE list_id = ?1 ORDER BY number DESC LIMIT ?2)"
    )
    sql = (
        f"SELECT key, value, count(*) FROM ({ends}) c, json_each(c.fields)"  # noqa: S608
        " WHERE value <> '' AND length(value) <= ?3 GROUP BY key, value ORDER BY key, count(*) DESC, value"
    )
    found: dict[str, list[str]] = {}
    total: dict[str, int] = {}
    for name, value, count in conn.execute(sql, (list_id, _LOOKED_AT, _LONGEST_VALUE)):
        found.setdefault(str(name), []).append(str(value))
        total[str(name)] = total.get(str(name), 0) + count
    return {name: each for name, each in found.items() if len(each) <= _FEW and 2 * len(each) <= total[name]}


def _where(condition: Condition, checks: list[Check]) -> tuple[str, list[object]]:
    if isinstance(condition, Check):
        cell, values = _cell(condition.field)
        checks.append(condition)
        return f"passes_check(?, {cell})", [len(checks) - 1, *values]
    parts, found = [], []
    for each in condition.of:
        sql, values = _where(each, checks)
        parts.append(sql)
        found += values
    joined = (" AND " if isinstance(condition, Every) else " OR ").join(parts)
    return (f"({joined})" if parts else str(int(isinstance(condition, Every)))), found


def _cell(name: str) -> tuple[str, list[object]]:
    """SQL for a field's text and its values; nothing a person typed is in the SQL."""
    if name[:1] == ":":
        return _CELLS.get(name, "''"), []
    return "coalesce((SELECT CAST(value AS TEXT) FROM json_each(contact.fields) WHERE key = ?), '')", [name]


def _search(text: str) -> tuple[str, list[object]]:
    if not text.strip():
        return "1", []
    plain = text.strip()
    digits = "".join(c for c in plain if c.isascii() and c.isdigit()).lstrip("0")
    number = " OR instr(CAST(number AS TEXT), ?)" if len(digits) > 2 else ""
    sql = f"(instr(lower(name), lower(?)) OR instr(lower(fields), lower(?)){number})"
    return sql, [plain, plain, *([digits] if number else [])]


def _order(
    conn: sqlite3.Connection, list_id: ContactListId, sort: Sort | None
) -> tuple[str, list[object], bool]:
    if sort is None:
        return "id", [], True
    way = "DESC" if sort.descending else "ASC"
    if sort.field in _QUICK:
        return f"{_QUICK[sort.field]} {way} NULLS LAST, id", [], True
    if contacts.counts(conn, list_id).contacts > MOST_SORTED:
        return "id", [], False
    conn.create_function("sort_key", 1, lambda cell: sort_key(sort, str(cell)), deterministic=True)
    cell, values = _cell(sort.field)
    return f"sort_key({cell}), id", values, True
