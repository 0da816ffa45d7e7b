"""Keeps a change and its entry in the log together: both in one transaction, or neither.

Whoever carries out a command sets ``current``; the store then wraps what that command writes (``Store.do``). The
first part of it that changes anything takes the entry along, with the object as it was before and is after.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from firmware.store import audit, audit_objects
from firmware.store.audit import Entry
from firmware.store.audit_objects import Seen

T = TypeVar("T")


@dataclass(slots=True)
class Change:
    """A command under way. ``entry`` says who does what; ``noun`` and its ``object_id`` say to what."""

    entry: Entry
    noun: str
    shown: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    """Makes values fit for the log."""
    kept: bool = False
    """The entry is in the log already."""


current: ContextVar[Change | None] = ContextVar("change", default=None)
"""The change this task works on; work it begins inherits it, and finds the entry kept."""


class Audited(Generic[T]):
    """One function of the store's writer with the change it belongs to. May run twice (a disk that failed once)."""

    def __init__(self, change: Change, work: Callable[[sqlite3.Connection], T]) -> None:
        self._change, self._work = change, work
        self.appended = False

    def __call__(self, conn: sqlite3.Connection) -> T:
        """Do the work; if it changed anything, append the entry."""
        change, count = self._change, conn.total_changes
        before = audit_objects.look(conn, change.noun, change.entry.object_id)
        result = self._work(conn)
        self.appended = conn.total_changes > count
        if self.appended:
            audit.append(conn, _complete(conn, change, before, result))
        return result


def _complete(conn: sqlite3.Connection, change: Change, before: Seen | None, result: object) -> Entry:
    number = change.entry.object_id or _made(result)
    after = audit_objects.look(conn, change.noun, number)
    old, new = _differences(before, after)
    label = next((seen.label for seen in (after, before) if seen is not None), change.entry.label)
    told = {**change.entry.new, **change.shown(new)}
    return replace(change.entry, object_id=number, label=label, old=change.shown(old), new=told)


def _made(result: object) -> str:
    """The number of what was made, where the work says it."""
    if isinstance(result, Mapping):
        result = result.get("id")
    return str(result) if isinstance(result, int) and not isinstance(result, bool) else ""


def _differences(before: Seen | None, after: Seen | None) -> tuple[dict[str, Any], dict[str, Any]]:
    was = before.values if before is not None else {}
    now = after.values if after is not None else {}
    keys = [key for key in {**was, **now} if was.get(key) != now.get(key)]
    return {key: was[key] for key in keys if key in was}, {key: now[key] for key in keys if key in now}
