"""The writer thread: what fails, what shares a commit, what is durable when, and how it starts and stops."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest

from firmware.model import OperatorError, Problem
from firmware.store import settings
from firmware.store.opening import open_read_only
from firmware.store.store import Store, StoreError
from tests.unit.store.helpers import NOW, in_one_batch, new_user


async def test_a_closed_store_says_so(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.db", tmp_path / "j", lambda _: None, ballast_bytes=0)
    with pytest.raises(StoreError, match="closed"):
        await store.do(settings.every)
    await store.open()
    await store.close()
    await store.close()
    with pytest.raises(StoreError, match="closed"):
        store.post(settings.every)


async def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    store = Store(tmp_path / "nowhere" / "s.db", tmp_path / "j", lambda _: None)
    with pytest.raises(StoreError, match=r"nowhere.*does not exist"):
        await store.open()


async def test_a_second_store_on_the_same_files_is_refused(store: Store, tmp_path: Path) -> None:
    second = Store(tmp_path / "strowger.db", tmp_path / "opt-outs.journal", lambda _: None)
    with pytest.raises(StoreError, match="another process already works"):
        await second.open()
    await store.do(lambda c: settings.put(c, "still", True))


async def test_a_tasks_own_error_comes_back_and_takes_back_only_its_own(store: Store) -> None:
    def refuses(conn: sqlite3.Connection) -> None:
        settings.put(conn, "b", 1)
        raise OperatorError(Problem("x", "no", "No."))

    results = await in_one_batch(
        store, lambda c: settings.put(c, "a", 1), refuses, lambda c: settings.put(c, "c", 1)
    )
    assert isinstance(results[1], OperatorError)
    assert await store.do(settings.every) == {"a": 1, "c": 1}


async def test_an_error_of_sqlite_becomes_the_stores(store: Store) -> None:
    await store.do(new_user)
    with pytest.raises(StoreError, match="UNIQUE") as caught:
        await store.do(
            lambda c: c.execute(
                "INSERT INTO user SELECT NULL, login, name, password_hash,"
                " phone_user, phone_ha1, phone_mode, language, 1, 0 FROM user"
            )
        )
    assert isinstance(caught.value.__cause__, sqlite3.IntegrityError)


async def test_a_task_that_ends_the_transaction_fails_the_batch_not_the_thread(store: Store) -> None:
    with pytest.raises(StoreError, match="nothing was kept"):
        await store.do(lambda c: c.execute("COMMIT"))
    await store.do(lambda c: settings.put(c, "on", True))


async def test_a_failure_of_a_posted_task_is_reported(tmp_path: Path) -> None:
    failures: list[BaseException] = []
    store = Store(tmp_path / "s.db", tmp_path / "j", failures.append, ballast_bytes=0)
    await store.open()
    store.post(lambda c: c.execute("SELECT nonsense"))
    store.post(lambda c: settings.put(c, "a", 1))
    await store.idle()
    assert [type(f) for f in failures] == [StoreError]
    assert await store.do(settings.every) == {"a": 1}
    await store.close()


async def test_a_caller_that_gave_up_does_no_harm(store: Store) -> None:
    gate = threading.Event()
    store.post(lambda _: gate.wait(30))
    waiting = asyncio.ensure_future(store.do(lambda c: settings.put(c, "a", 1)))
    await asyncio.sleep(0)
    waiting.cancel()
    gate.set()
    await store.idle()
    assert await store.do(settings.every) == {"a": 1}


async def test_what_waits_shares_one_commit(store: Store) -> None:
    said: list[str] = []
    await store.do(lambda c: c.set_trace_callback(said.append))
    said.clear()
    await in_one_batch(store, *(lambda c, i=i: settings.put(c, str(i), i) for i in range(50)))
    assert said.count("COMMIT") == 2
    assert len(await store.do(settings.every)) == 50


async def test_what_do_returned_another_connection_reads(store: Store, tmp_path: Path) -> None:
    await store.do(lambda c: settings.put(c, "a", 1))
    reader = open_read_only(tmp_path / "strowger.db")
    assert settings.get(reader, "a") == 1
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        settings.put(reader, "b", 1)
    reader.close()


async def test_closing_finishes_what_is_queued(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.db", tmp_path / "j", lambda _: None, ballast_bytes=0)
    await store.open()
    for i in range(300):
        store.post(lambda c, i=i: settings.put(c, str(i), i))
    await store.close()
    await store.open()
    assert len(await store.do(settings.every)) == 300
    await store.close()


async def test_the_connection_is_set_as_promised(store: Store) -> None:
    names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    found = await store.do(lambda c: [c.execute(f"PRAGMA {name}").fetchone()[0] for name in names])
    assert found == ["wal", 2, 1, 5000]


async def test_idle_waits_for_what_finishing_tasks_queue(store: Store) -> None:
    async def chain() -> None:
        for i in range(5):
            await store.do(lambda c, i=i: settings.put(c, str(i), NOW))

    running = asyncio.ensure_future(chain())
    await asyncio.sleep(0)
    await store.idle()
    await running
    assert len(await store.do(settings.every)) == 5
