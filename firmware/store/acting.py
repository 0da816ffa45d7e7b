"""In whose name the store is asked: what is made belongs to that one's department, what is read is theirs to see.

Whoever carries out a command for somebody of a department sets ``current``; ``Store.do`` and ``open_as_asked`` look
there. Who that is and which commands only read is ``firmware.scoping``'s.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from firmware.model import Scope
from firmware.store import departments
from firmware.store.opening import open_read_only
from firmware.store.scoping import open_for

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Acting:
    """Somebody of these departments; ``reads``: nothing but what they may see is looked at, nothing changed."""

    scope: Scope
    reads: bool


current: ContextVar[Acting | None] = ContextVar("acting", default=None)
"""None: somebody of the whole box, or the box itself."""


class Making(Generic[T]):
    """One function of the store's writer whose makings belong to a department."""

    def __init__(self, scope: Scope, work: Callable[[sqlite3.Connection], T]) -> None:
        self._department, self._work = min(scope), work

    def __call__(self, conn: sqlite3.Connection) -> T:
        """Do the work. Who belongs to several departments makes things for the one that was founded first."""
        before = departments.making_for.set(self._department)
        try:
            return self._work(conn)
        finally:
            departments.making_for.reset(before)


def open_as_asked(path: Path) -> sqlite3.Connection:
    """Open read-only for whom the command under way is carried out. :raises StoreUnavailable:"""
    acting = current.get()
    return open_for(path, acting.scope) if acting is not None and acting.reads else open_read_only(path)
