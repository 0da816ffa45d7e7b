"""A disk that is full or fails: words for the operator, dispositions from the reserve, and life goes on."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from firmware.store import dnc, opt_outs, settings
from firmware.store.ballast import Ballast
from firmware.store.batch import Task, Writer
from firmware.store.store import Store, StoreError
from tests.unit.store.helpers import NOW, in_one_batch, number


def fill(conn: sqlite3.Connection, size: int = 40_000) -> None:
    settings.put(conn, os.urandom(8).hex(), "x" * size)


async def test_a_full_database_takes_back_the_batch_and_goes_on(store: Store) -> None:
    await store.do(lambda c: settings.put(c, "before", 1))
    pages = await store.do(lambda c: c.execute("PRAGMA page_count").fetchone()[0])
    await store.do(lambda c: c.execute(f"PRAGMA max_page_count = {pages + 2}"))
    with pytest.raises(StoreError, match="nothing was kept: the disk is full"):
        await store.do(fill)
    assert await store.do(settings.every) == {"before": 1}
    await store.do(lambda c: c.execute("PRAGMA max_page_count = 1000000"))
    await store.do(fill)


async def test_every_task_of_a_failed_batch_is_told(store: Store) -> None:
    pages = await store.do(lambda c: c.execute("PRAGMA page_count").fetchone()[0])
    await store.do(lambda c: c.execute(f"PRAGMA max_page_count = {pages + 2}"))
    results = await in_one_batch(store, lambda c: settings.put(c, "a", 1), fill)
    assert all(isinstance(result, StoreError) for result in results)
    assert await store.do(settings.every) == {}


CHILD = """
import asyncio, os, resource, sys
from pathlib import Path
from firmware.model import Disposition
from firmware.store import attempts, dnc, settings
from firmware.store.store import Store, StoreError
from tests.unit.store.helpers import NOW, claim, new_campaign, new_list, number

folder, how = Path(sys.argv[1]), sys.argv[2]

def make_full():
    if how == "limit":
        size = (folder / "strowger.db-wal").stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        return
    with open(folder / "hog", "wb", buffering=0) as file:
        for portion in (1 << 16, 1 << 12, 1):
            try:
                while True:
                    file.write(bytes(portion))
            except OSError:
                pass

def make_room():
    if how == "limit":
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    else:
        (folder / "hog").unlink()

async def main():
    failures = []
    ballast = 0 if how != "ballast" else 1 << 20
    store = Store(folder / "strowger.db", folder / "opt-outs.journal", failures.append, ballast_bytes=ballast)
    await store.open()
    calls = await store.do(lambda c: claim(c, new_campaign(c, new_list(c, 5)), 3).claims)
    print("reserve", store.ballast_present)
    make_full()
    for call in calls:
        try:
            uid, note = call.attempt_uid, "n" * 5000
            await store.do(lambda c: attempts.dispose(c, uid, Disposition.BUSY, NOW, None, note=note))
            print("disposed")
        except StoreError as error:
            print("refused", error)
    try:
        await store.do(lambda c: dnc.add(c, dnc.OPT_OUTS, [number(900)], "x", NOW))
        print("opted out")
    except StoreError as error:
        print("refused", error)
    print("reserve", store.ballast_present)
    make_room()
    await store.do(lambda c: settings.put(c, "goes", "on"))
    await store.do(settings.every)
    print("refilled", store.ballast_present)
    print("on", await store.do(lambda c: c.execute("PRAGMA integrity_check").fetchone()[0]))
    print("open", len(await store.do(attempts.open_attempts)), "listed", (await store.do(dnc.lists))[0].entries)
    await store.close()
    print("journal", (folder / "opt-outs.journal").read_bytes().count(b"+"), failures)
    await store.open()
    print("reopened", (await store.do(dnc.lists))[0].entries)
    await store.close()

asyncio.run(main())
"""


def run_child(folder: Path, how: str, *before: str) -> list[str]:
    command = [*before, sys.executable, "-c", CHILD, str(folder), how]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=Path(__file__).parents[3])
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_file_that_may_not_grow_refuses_in_words_and_recovers(tmp_path: Path) -> None:
    said = run_child(tmp_path, "limit")
    assert [line.split(" (")[0] for line in said[1:4]] == [
        "refused nothing was kept: the disk failed to read or write"
    ] * 3
    # The opt-out was on paper before the commit failed; the next start errs on the side of not calling.
    assert said[-4:] == ["on ok", "open 3 listed 0", "journal 1 []", "reopened 1"]


def small_disk(folder: Path) -> list[str]:
    """A command prefix that runs the rest with 4 MB of disk at ``folder``; skips where that is not allowed."""
    if shutil.which("unshare") is None:
        pytest.skip("no unshare here, so no disk of 4 MB to fill")
    prefix = ["unshare", "--mount", "--map-root-user", "sh", "-ec"]
    mount = f'mount -t tmpfs -o size=4m small "{folder}"; exec "$0" "$@"'
    if subprocess.run([*prefix, mount, "true"], capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a disk of 4 MB to fill")
    return [*prefix, mount]


def test_a_full_disk_without_reserve_refuses_in_words_and_recovers(tmp_path: Path) -> None:
    said = run_child(tmp_path, "tmpfs", *small_disk(tmp_path))
    assert said[0] == "reserve True"
    assert all(line.startswith("refused nothing was kept: ") for line in said[1:5])
    assert "refused nothing was kept: the opt-out journal cannot be written: No space left on device" in said
    assert said[-4:] == ["on ok", "open 3 listed 0", "journal 0 []", "reopened 0"]


def test_dispositions_and_opt_outs_still_commit_thanks_to_the_reserve(tmp_path: Path) -> None:
    said = run_child(tmp_path, "ballast", *small_disk(tmp_path))
    assert said == [
        "reserve True",
        *["disposed"] * 3,
        "opted out",
        "reserve False",
        "refilled True",
        "on ok",
        "open 0 listed 1",
        "journal 1 []",
        "reopened 1",
    ]


def test_a_reserve_is_not_made_where_it_would_fill_the_disk(tmp_path: Path) -> None:
    huge = Ballast(tmp_path / "ballast", 1 << 60)
    assert not huge.refill()
    assert not huge.present()
    assert not huge.release()
    assert list(tmp_path.iterdir()) == []


def test_the_reserve_really_holds_blocks(tmp_path: Path) -> None:
    ballast = Ballast(tmp_path / "ballast", 1 << 20)
    assert ballast.refill()
    assert (tmp_path / "ballast").stat().st_blocks * 512 >= 1 << 20
    assert ballast.release()
    assert not ballast.present()


def test_a_removal_that_cannot_be_journalled_is_owed(conn: sqlite3.Connection, tmp_path: Path) -> None:
    journal = opt_outs.Journal(tmp_path / "j")
    journal.open()
    writer = Writer(conn, journal, Ballast(tmp_path / "ballast", 0))
    writer.run([Task(lambda c: dnc.add(c, dnc.OPT_OUTS, [number(1)], "x", NOW), None)])
    journal.close()
    journal._fd = os.open(tmp_path / "j", os.O_RDONLY)  # every write to it fails
    removal = Task(lambda c: dnc.remove(c, dnc.OPT_OUTS, [number(1)], "x", NOW), None)
    journal_before = (tmp_path / "j").read_bytes()
    writer.run([removal])
    assert (removal.result, removal.error) == (1, None)
    assert (tmp_path / "j").read_bytes() == journal_before
    journal.close()
    journal.open()
    writer.run([Task(lambda c: settings.put(c, "next", 1), None)])
    assert opt_outs.net(opt_outs.parse(journal.content())[0]) == []
    journal.close()
