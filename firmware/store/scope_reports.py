"""What pages and programs ask about departments: whose somebody is, and whether a thing is there for them.

A part of ``reports.Reports``. ``Reports.seen_by`` gives the read model as somebody of some departments sees it; asked
of that one, ``sees`` says whether a thing exists for them, and ``holds`` whether it is theirs to change.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from firmware.model import DepartmentId, Owned, Scope, UserId
from firmware.store import departments, scoping
from firmware.store.departments import Department
from firmware.store.reading import Readers

KEYS: Mapping[str, tuple[tuple[str, str], ...]] = {
    **{str(kind): ((table, "id"),) for kind, table in departments.TABLES.items()},
    "attempt": (("attempt", "uid"), ("inbound_call", "uid")),
    "callback": (("promise", "id"),),
    "consent": (("consent", "id"),),
    "contact": (("contact", "id"),),
    "damaged": (("contact_import", "report"),),
    "inbound_call": (("inbound_call", "uid"),),
    "import": (("contact_import", "id"),),
    "list_schedule": (("list_schedule", "id"),),
    "alert": (("alert", "id"),),
    "schedule": (("report_schedule", "id"),),
    "tape": (("call_tape", "file"),),
    "user": (("user", "id"),),
}
"""What an address or a command can name -> where it stands, by which column."""


_NUMBERS = {
    "campaign": ("campaign", "id"),
    "list": ("contact_list", "id"),
    "dnc_list": ("dnc_list", "id"),
    "member": ("user_department", "user_id"),
}


def sees(conn: sqlite3.Connection, thing: str, key: int | str) -> bool:
    """Whether a reader sees the thing. :raises KeyError: nobody knows such things"""
    return any(
        conn.execute(f"SELECT 1 FROM {table} WHERE {column} = ?", (key,)).fetchone()  # noqa: S608 - from KEYS
        for table, column in KEYS[thing]
    )


def holds(conn: sqlite3.Connection, thing: str, key: int | str) -> bool:
    """Whether it is theirs: what the whole box shares is not, nor is somebody of the whole box."""
    if thing == "user":
        return conn.execute("SELECT 1 FROM user_department WHERE user_id = ?", (key,)).fetchone() is not None
    if thing in scoping.SHARED:
        found = conn.execute("SELECT 1 FROM belonging WHERE kind = ? AND object = ?", (thing, key))
        return found.fetchone() is not None
    return sees(conn, thing, key)


class ScopeReports:
    """Questions about departments. Raises nothing but ``StoreUnavailable`` unless it says so."""

    _readers: Readers

    def departments(self) -> list[Department]:
        """All departments by name."""
        with self._readers.read() as conn:
            return departments.every(conn)

    def members(self) -> dict[UserId, Scope]:
        """Who belongs to departments; everybody else belongs to the whole box."""
        with self._readers.read() as conn:
            return departments.members(conn)

    def things(self) -> dict[tuple[Owned, int | str], DepartmentId]:
        """What belongs to which department."""
        with self._readers.read() as conn:
            return departments.things(conn)

    def departments_of(self, user: UserId) -> list[DepartmentId]:
        """The departments written down for somebody, also where their roles make them see the whole box."""
        with self._readers.read() as conn:
            rows = conn.execute("SELECT department_id FROM user_department WHERE user_id = ?", (user,))
            return [DepartmentId(number) for (number,) in rows]

    def names_of(self, kind: Owned) -> dict[int, str]:
        """Everything of a kind that is in use, by name."""
        with self._readers.read() as conn:
            return departments.names(conn, kind)

    def scope_of(self, user: UserId) -> Scope | None:
        """The departments somebody belongs to; None: the whole box."""
        with self._readers.read() as conn:
            return departments.of_user(conn, user)

    def department_of(self, kind: Owned, key: int | str) -> Scope | None:
        """The department a thing belongs to; None: the whole box."""
        with self._readers.read() as conn:
            return departments.of_thing(conn, kind, key)

    def queues(self) -> frozenset[str]:
        """The names of the queues that belong to the departments this read model is of."""
        with self._readers.read() as conn:
            rows = conn.execute("SELECT object FROM belonging WHERE kind = ?", (Owned.QUEUE,))
            return frozenset(str(name) for (name,) in rows)

    def numbers(self) -> dict[str, frozenset[int]]:
        """The numbers of all campaigns, lists, DNC lists and (``member``) people of departments that are seen."""
        with self._readers.read() as conn:
            return {
                kind: frozenset(number for (number,) in conn.execute(f"SELECT {column} FROM {table}"))  # noqa: S608
                for kind, (table, column) in _NUMBERS.items()
            }

    def sees(self, thing: str, key: int | str) -> bool:
        """Whether there is such a thing, for whoever this read model is. :raises KeyError: nobody knows such things"""
        with self._readers.read() as conn:
            return sees(conn, thing, key)

    def holds(self, thing: str, key: int | str) -> bool:
        """Whether it belongs to the departments this read model is of. :raises KeyError: nobody knows such things"""
        with self._readers.read() as conn:
            return holds(conn, thing, key)
