"""Runs a batch of tasks as one transaction: a SAVEPOINT each, one COMMIT, opt-outs on paper first.

The writer thread's work without the thread, so that a test can run it where it stands.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from firmware.store import opt_outs
from firmware.store.ballast import Ballast
from firmware.store.errors import StoreError

_log = logging.getLogger(__name__)
_DISK = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "the disk failed to read or write",
    sqlite3.SQLITE_CORRUPT: "the database is damaged",
    sqlite3.SQLITE_NOTADB: "the database is damaged",
    sqlite3.SQLITE_CANTOPEN: "a file of the database cannot be opened",
    sqlite3.SQLITE_READONLY: "the database cannot be written",
    sqlite3.SQLITE_NOMEM: "there is not enough memory",
    sqlite3.SQLITE_BUSY: "another process keeps the database busy",
}
_ROOM_MAY_HELP = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)


@dataclass(slots=True)
class Task:
    """One queued function and what became of it."""

    fn: Callable[[sqlite3.Connection], Any]
    future: asyncio.Future[Any] | None
    result: Any = None
    error: BaseException | None = None


class _BatchFailed(Exception):
    """The transaction as a whole is lost."""

    def __init__(self, text: str, room_may_help: bool) -> None:
        super().__init__(text)
        self.room_may_help = room_may_help


class Writer:
    """The one connection that writes, with the journal and the reserve that go with it."""

    def __init__(self, conn: sqlite3.Connection, journal: opt_outs.Journal, ballast: Ballast) -> None:
        self._conn = conn
        self._journal = journal
        self._ballast = ballast

    def run(self, batch: list[Task]) -> None:
        """Run and commit; afterwards every task has its result or its error. Never raises."""
        try:
            self._attempt(batch)
        except _BatchFailed as failed:
            if not (failed.room_may_help and self._ballast.release()):
                _fail(batch, failed)
                return
            _log.error("%s; the reserve was given up so that calls can be concluded", failed)
            try:
                self._attempt(batch)
            except _BatchFailed as again:
                _fail(batch, again)

    def _attempt(self, batch: list[Task]) -> None:
        owed: list[opt_outs.OptOut] = []
        try:
            self._conn.execute("BEGIN IMMEDIATE")
            for task in batch:
                self._run_one(task)
            before, owed = opt_outs.drain(self._conn)
            self._journal.append(before)
            self._conn.execute("COMMIT")
        except sqlite3.Error as error:
            self._roll_back()
            raise _BatchFailed(_words(error), _code(error) in _ROOM_MAY_HELP) from error
        except OSError as error:
            self._roll_back()
            raise _BatchFailed(f"the opt-out journal cannot be written: {error.strerror}", True) from error
        self._write_removals(owed)

    def _run_one(self, task: Task) -> None:
        task.result = task.error = None
        self._conn.execute("SAVEPOINT task")
        try:
            task.result = task.fn(self._conn)
        except Exception as error:
            if not self._conn.in_transaction or (isinstance(error, sqlite3.Error) and _code(error) in _DISK):
                raise _as_database_error(error) from error
            self._conn.execute("ROLLBACK TO task")
            task.error = _wrapped(error)
        self._conn.execute("RELEASE task")

    def _write_removals(self, removals: list[opt_outs.OptOut]) -> None:
        try:
            self._journal.append(removals)
        except OSError as error:
            # Safe to go on: until it is written, a restart would put these numbers back on their list.
            self._journal.owe(removals)
            _log.error("removals from a DNC list are not in the opt-out journal yet: %s", error)

    def _roll_back(self) -> None:
        if self._conn.in_transaction:
            self._conn.execute("ROLLBACK")


def _code(error: sqlite3.Error) -> int:
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    return code & 0xFF


def _words(error: sqlite3.Error) -> str:
    return f"{_DISK.get(_code(error), 'the database refused')} ({error})"


def _as_database_error(error: Exception) -> sqlite3.Error:
    return (
        error if isinstance(error, sqlite3.Error) else sqlite3.OperationalError(f"transaction lost: {error}")
    )


def _wrapped(error: Exception) -> Exception:
    if not isinstance(error, sqlite3.Error):
        return error
    wrapped = StoreError(_words(error))
    wrapped.__cause__ = error
    return wrapped


def _fail(batch: list[Task], failed: _BatchFailed) -> None:
    for task in batch:
        task.result, task.error = None, StoreError(f"nothing was kept: {failed}")
        task.error.__cause__ = failed.__cause__
