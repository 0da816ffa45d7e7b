"""A few read-only connections that many threads take turns with, each answer from one snapshot."""

from __future__ import annotations

import os
import queue
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from firmware.model import Scope
from firmware.store.errors import StoreUnavailable
from firmware.store.opening import BUSY_TIMEOUT_S, open_read_only
from firmware.store.scoping import open_for

_Open = tuple[sqlite3.Connection, tuple[int, int]]


class Readers:
    """Up to ``most`` connections, opened when first needed and again when the file was replaced (a restore).

    With a ``scope`` they see only what somebody of these departments may (``scoping``).
    """

    def __init__(self, path: Path, most: int = 4, scope: Scope | None = None) -> None:
        self._path, self._scope = path, scope
        self._free: queue.LifoQueue[_Open | None] = queue.LifoQueue()
        for _ in range(most):
            self._free.put(None)

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection inside a read transaction. :raises StoreUnavailable: no database, or none free."""
        kept: _Open | None = self._take()
        try:
            kept = self._current(kept)
            conn = kept[0]
            conn.execute("BEGIN")
            try:
                yield conn
            finally:
                conn.execute("ROLLBACK")
        except sqlite3.Error as error:
            self._drop(kept)
            kept = None
            raise StoreUnavailable(f"cannot read the database {self._path}: {error}") from error
        finally:
            self._free.put(kept)

    def close(self) -> None:
        """Close the connections that nobody uses at the moment."""
        for _ in range(self._free.qsize()):
            self._drop(self._free.get())
            self._free.put(None)

    def _take(self) -> _Open | None:
        try:
            return self._free.get(timeout=BUSY_TIMEOUT_S)
        except queue.Empty as error:
            raise StoreUnavailable("every reader of the database is busy") from error

    def _current(self, kept: _Open | None) -> _Open:
        try:
            found = os.stat(self._path)
        except OSError as error:
            self._drop(kept)
            raise StoreUnavailable(f"there is no database {self._path}: {error.strerror}") from error
        file = (found.st_dev, found.st_ino)
        if kept is not None and kept[1] == file:
            return kept
        self._drop(kept)
        return self._open(), file

    def _open(self) -> sqlite3.Connection:
        return open_read_only(self._path) if self._scope is None else open_for(self._path, self._scope)

    @staticmethod
    def _drop(kept: _Open | None) -> None:
        if kept is not None:
            kept[0].close()
