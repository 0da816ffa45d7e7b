"""One writer thread owns the only connection that writes; everybody else queues functions for it.

``await store.do(fn)`` runs ``fn(conn)`` in that thread and returns what it returned once it is on the disk. What
waits in the queue shares one COMMIT (and its fsync), each task inside its own SAVEPOINT, so that an exception
takes back only its own task. When the disk fails, the batch is taken back, the ballast is given up and the batch
runs once more; a task must therefore do nothing but work on ``conn``. The thread goes on after every failure.
SQL lives in the modules beside this one; what is due and what is allowed is decided elsewhere.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from firmware.model import Scope
from firmware.store import acting, audited, opening, opt_outs
from firmware.store.acting import Making
from firmware.store.acting import open_as_asked as open_read_only
from firmware.store.ballast import PRODUCTION_BYTES, Ballast
from firmware.store.batch import Task, Writer
from firmware.store.catch_up import catch_up
from firmware.store.errors import StoreDamaged, StoreError, StoreTooNew, StoreUnavailable
from firmware.store.reading import Readers

__all__ = ["Store", "StoreDamaged", "StoreError", "StoreTooNew", "StoreUnavailable", "open_read_only"]

T = TypeVar("T")
_BATCH = 200
_MOST_SCOPES = 16
_log = logging.getLogger(__name__)


class Store:
    """The service's store. All methods belong to the event loop that called ``open``."""

    def __init__(
        self,
        database: Path,
        opt_out_journal: Path,
        on_failure: Callable[[BaseException], None],
        *,
        ballast_bytes: int = PRODUCTION_BYTES,
    ) -> None:
        self._database = database
        self._journal = opt_outs.Journal(opt_out_journal)
        self._on_failure = on_failure
        self._ballast = Ballast(database.with_name("ballast"), ballast_bytes)
        self._queue: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._waiting = 0
        self._readers: dict[Scope, Readers] = {}

    async def open(self) -> None:
        """Open or create the database, bring it up to date, replay the opt-out journal.

        :raises StoreError: (or a kind of it) with a text for the operator; the store stays closed.
        """
        self._loop = asyncio.get_running_loop()
        opened: asyncio.Future[None] = self._loop.create_future()
        self._thread = threading.Thread(target=self._run, args=(opened,), name="store", daemon=True)
        self._thread.start()
        try:
            await opened
        except BaseException:
            self._thread.join()
            self._thread = None
            raise

    async def close(self) -> None:
        """Finish what is queued, then close the database. Closing twice does nothing."""
        if self._thread is None:
            return
        while self._readers:
            self._readers.popitem()[1].close()
        thread, self._thread = self._thread, None
        self._queue.put(None)
        await asyncio.to_thread(thread.join)

    async def do(self, fn: Callable[[sqlite3.Connection], T]) -> T:
        """Run ``fn`` in the writer thread; what it did is durable when this returns.

        Inside a command that counts as a change, what it changes is noted in the log in the same transaction. For
        somebody of a department what it makes is theirs, and a command that only reads sees only what is (``acting``).

        :raises StoreError: the disk or the database failed; nothing was kept. Whatever ``fn`` raises comes back.
        """
        asked = acting.current.get()
        if asked is not None and asked.reads:
            return await self.look_as(asked.scope, fn)
        if asked is not None:
            fn = Making(asked.scope, fn)
        change = audited.current.get()
        if change is None or change.kept:
            return await self._done(fn)
        work = audited.Audited(change, fn)
        result = await self._done(work)
        change.kept = change.kept or work.appended
        return result

    async def look_as(self, scope: Scope, fn: Callable[[sqlite3.Connection], T]) -> T:
        """Run ``fn`` over what somebody of these departments sees of all that is durable. :raises StoreError:"""
        if scope not in self._readers and len(self._readers) >= _MOST_SCOPES:
            self._readers.pop(next(iter(self._readers))).close()
        readers = self._readers.setdefault(scope, Readers(self._database, most=2, scope=scope))

        def look() -> T:
            with readers.read() as conn:
                return fn(conn)

        return await asyncio.to_thread(look)

    async def _done(self, fn: Callable[[sqlite3.Connection], T]) -> T:
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._submit(Task(fn, future))
        return await future

    def post(self, fn: Callable[[sqlite3.Connection], object]) -> None:
        """Run ``fn`` without waiting; a failure goes to ``on_failure`` on the loop."""
        self._submit(Task(fn, None))

    async def idle(self) -> None:
        """Return when nothing is queued or running, including what finishing tasks queued in turn."""
        while self._waiting:
            await self.do(_nothing)
            await asyncio.sleep(0)

    async def damage(self) -> str | None:
        """Read the whole database beside the running work; what is wrong with it, or None.

        :raises StoreUnavailable: it cannot be read at all.
        """
        return await asyncio.to_thread(opening.damage, self._database)

    @property
    def ballast_present(self) -> bool:
        """False after the reserve had to be given up: the disk is full and a person should know."""
        return self._ballast.present()

    def _submit(self, task: Task) -> None:
        if self._thread is None:
            raise StoreError("the store is closed")
        self._waiting += 1
        self._queue.put(task)

    def _run(self, opened: asyncio.Future[None]) -> None:
        try:
            conn = self._open_files()
        except Exception as error:  # noqa: BLE001 - the thread's top: the caller of open() gets it
            self._journal.close()
            self._call(_settle, opened, None, error)
            return
        self._call(_settle, opened, None, None)
        writer = Writer(conn, self._journal, self._ballast)
        while batch := self._next_batch():
            _run_all(writer, batch)
            self._call(self._finish, batch)
            self._ballast.refill()
        conn.close()
        self._journal.close()

    def _open_files(self) -> sqlite3.Connection:
        folder = self._database.parent
        if not folder.is_dir():
            raise StoreError(f"the folder {folder} for the database does not exist")
        self._journal.open()
        conn = opening.open_writer(self._database, self._replay)
        self._ballast.refill()
        return conn

    def _replay(self, conn: sqlite3.Connection) -> None:
        restored, torn = catch_up(conn, self._journal.content())
        if torn or restored:
            _log.warning("opt-out journal: %d torn lines passed over, %d opt-outs restored", torn, restored)

    def _next_batch(self) -> list[Task]:
        first = self._queue.get()
        if first is None:
            return []
        batch = [first]
        while len(batch) < _BATCH:
            try:
                task = self._queue.get_nowait()
            except queue.Empty:
                break
            if task is None:
                self._queue.put(None)
                break
            batch.append(task)
        return batch

    def _finish(self, batch: list[Task]) -> None:
        self._waiting -= len(batch)
        for task in batch:
            if task.future is not None:
                _settle(task.future, task.result, task.error)
        for task in batch:
            if task.future is None and task.error is not None:
                self._on_failure(task.error)

    def _call(self, fn: Callable[..., None], *args: Any) -> None:
        assert self._loop is not None
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(fn, *args)


def _nothing(_conn: sqlite3.Connection) -> None:
    return None


def _settle(future: asyncio.Future[Any], result: object, error: BaseException | None) -> None:
    if future.done():
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(result)


def _run_all(writer: Writer, batch: list[Task]) -> None:
    try:
        writer.run(batch)
    except Exception as error:  # noqa: BLE001 - the thread's top: it must outlive whatever this was
        _log.exception("the store's writer failed")
        for task in batch:
            task.error = error
