"""Which DNC lists are national registers, how old they may be, and which of them are too old.

What is set stands among the box's settings, by the list's id; the age counts from the day the register was loaded.
What the law allows is ``compliance.registers``', whether a call may be made the judge's.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from firmware.store import settings
from firmware.store.dnc_lookup import DncList, lists

KEY = "dnc_registers"
DAY_S = 86400.0


@dataclass(frozen=True, slots=True)
class Mark:
    """What a list is: the key of a national register (``compliance.registers``), and the days it may be old."""

    name: str
    days: int


@dataclass(frozen=True, slots=True)
class RegisterAge:
    """A list that is a national register at one moment. ``loaded_at`` None: nothing was ever loaded."""

    list_id: int
    list_name: str
    name: str
    days: int
    loaded_at: float | None
    too_old: bool

    @property
    def good_until(self) -> float | None:
        """Until when it is fresh enough, UTC seconds; None: it never was."""
        return None if self.loaded_at is None else self.loaded_at + self.days * DAY_S


def marks(conn: sqlite3.Connection) -> Mapping[int, Mark]:
    """Return what each list is that is a register."""
    kept = settings.get(conn, KEY, {})
    return {int(list_id): Mark(str(each["name"]), int(each["days"])) for list_id, each in kept.items()}


def mark(conn: sqlite3.Connection, list_id: int, wanted: Mark | None) -> None:
    """Say what a list is; None: no register."""
    kept = {str(known): {"name": each.name, "days": each.days} for known, each in marks(conn).items()}
    kept.pop(str(list_id), None)
    if wanted is not None:
        kept[str(list_id)] = {"name": wanted.name, "days": wanted.days}
    settings.put(conn, KEY, kept)


def loaded(conn: sqlite3.Connection, asked: Sequence[DncList]) -> dict[str, float]:
    """Return the registers among ``asked`` with when each was loaded; of two copies the newer counts."""
    known = marks(conn)
    found: dict[str, float] = {}
    for each in asked:
        if each.id in known and each.register_at is not None:
            name = known[each.id].name
            found[name] = max(each.register_at, found.get(name, each.register_at))
    return found


def ages(conn: sqlite3.Connection, now: float) -> list[RegisterAge]:
    """Return every list that is a register, with its age at ``now``."""
    known = marks(conn)
    return [_age(each, known[each.id], now) for each in lists(conn) if each.id in known]


def _age(found: DncList, known: Mark, now: float) -> RegisterAge:
    at = found.register_at
    old = at is None or now - at > known.days * DAY_S
    return RegisterAge(found.id, found.name, known.name, known.days, at, old)
