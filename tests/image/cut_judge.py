"""What a power cut did to a box, judged from its disk alone, by the moment at which the power went.

Every judge answers with sentences about what is wrong; none: all is well. Reading the disk is ``cut_disk``'s, what the
records say ``cut_records``'.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.image import cut_records
from tests.image.cut_dialling import Seen
from tests.image.cut_disk import DATA, Disk, Files, Torn
from tests.image.cut_records import Counts

SERVICE, WRITER = "strowger.db", "cuts.db"
OWN = ("/strowger/setup-code", "/settings/strowger.toml", "/tls/certificate.pem", "/system/machine-id")
"""What a box has for itself, and nothing but a factory reset takes away."""


@dataclass(frozen=True, slots=True)
class Versions:
    """SHA-256 of what a slot may hold: the version on the disk that was flashed, and the update."""

    flashed: str = ""
    flashed_size: int = 0
    update: str = ""
    update_size: int = 0


@dataclass(slots=True)
class Judgement:
    """``wrong``: sentences. ``figures``: what there was, for the line that is printed."""

    wrong: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)
    people: list[str] = field(default_factory=list)
    """Who is on record, with their telephones' secrets."""


class Judge:
    """Judges disks in a folder of its own, which is empty afterwards."""

    def __init__(self, folder: Path, versions: Versions, own: dict[str, str]) -> None:
        """``own``: what ``own_files`` said before any cut."""
        self._folder, self._versions, self._own = folder, versions, own

    def records_on(self, image: Path) -> Judgement:
        """What is on record on a disk that has to be whole."""
        found = Judgement()
        with self._reading(found) as stack:
            self._records(found, Disk(image, self._folder), stack)
        return found

    def after_boot(self, image: Path, at_least: Counts) -> Judgement:
        """A box that was switched on and off: nothing of its records is gone."""
        found = Judgement()
        with self._reading(found) as stack:
            conn = self._records(found, Disk(image, self._folder), stack)
            if found.counts.contacts != at_least.contacts or found.counts.attempts < at_least.attempts:
                found.wrong.append(f"records are gone: {found.counts}, there were {at_least}")
            found.wrong += cut_records.judge(conn, Seen())
        return found

    def after_dialling(self, image: Path, seen: Seen) -> Judgement:
        """A box that dialled: what was seen outside is on record, and nobody is called twice, now or after it."""
        found = Judgement()
        with self._reading(found) as stack:
            conn = self._records(found, Disk(image, self._folder), stack, seen.rows)
            found.wrong += cut_records.judge(conn, seen)
            called = cut_records.called(conn)
            again = asyncio.run(cut_records.dialled_after(self._folder / SERVICE, self._folder / "box"))
            if twice := sorted(called & set(again)):
                found.wrong.append(f"dialled twice after the recovery: {', '.join(twice)}")
            if not again:
                found.wrong.append("after the recovery it dials nobody")
            found.figures += [
                f"{len(seen.calls)} calls and {len(seen.results)} results seen, {seen.rows} rows",
                f"{found.counts.open_attempts} attempts open, then {len(again)} others dialled",
            ]
        return found

    def after_update(self, image: Path, people: list[str]) -> Judgement:
        """A box that installed a version: what may be booted is whole, and ``people`` are who they were."""
        found = Judgement()
        with self._reading(found) as stack:
            disk = Disk(image, self._folder)
            self._records(found, disk, stack)
            if found.people != people:
                found.wrong.append(f"other people: {found.people}, there were {people}")
            self._slots(found, disk)
        return found

    def _slots(self, found: Judgement, disk: Disk) -> None:
        loader = disk.loader()
        whole = {
            "A": disk.slot_hash("A", self._versions.flashed_size) == self._versions.flashed,
            "B": disk.slot_hash("B", self._versions.update_size) == self._versions.update,
        }
        found.figures += [
            f"starts {' then '.join(loader.order)}",
            f"B {'whole' if whole['B'] else 'in the making'}",
        ]
        found.wrong += [
            f"slot {slot} may be booted and is not whole" for slot in loader.order if not whole[slot]
        ]
        if not loader.order:
            found.wrong.append("no slot may be booted")
        if not whole["A"]:
            found.wrong.append("slot A does not hold the version it had")
        if "A" not in loader.order and loader.values.get("B_PROVEN") != "1":
            found.wrong.append("there is nothing to go back to")
        if found.wrong:
            found.figures.append(str(loader.values))

    def _records(
        self, found: Judgement, disk: Disk, stack: contextlib.ExitStack, rows: int = 0
    ) -> sqlite3.Connection:
        """What every disk has to show; its records. :raises Torn: there are none to be read"""
        if disk.loader().from_copy:
            found.figures.append("the boot loader reads its copy")
        files = Files(disk.part(DATA))
        now = own_files(files, self._folder)
        found.wrong += [
            f"{name} is gone or changed" for name, was in self._own.items() if now.get(name) != was
        ]
        if rows:
            conn = stack.enter_context(contextlib.closing(self._database(files, f"/{WRITER}")))
            found.wrong += cut_records.torn("the writer's database", conn) or cut_records.rows_lost(
                conn, rows
            )
        conn = stack.enter_context(contextlib.closing(self._database(files, f"/strowger/{SERVICE}")))
        if damaged := cut_records.torn("the service's database", conn):
            raise Torn("; ".join(damaged))
        found.counts = cut_records.counts(conn)
        found.people = [str(row) for row in conn.execute("select login, phone_ha1 from user order by id")]
        return conn

    @contextlib.contextmanager
    def _reading(self, found: Judgement) -> Iterator[contextlib.ExitStack]:
        shutil.rmtree(self._folder, ignore_errors=True)
        with contextlib.ExitStack() as stack:
            stack.callback(shutil.rmtree, self._folder)
            try:
                yield stack
            except (Torn, subprocess.CalledProcessError, sqlite3.DatabaseError) as error:
                found.wrong.append(str(error))

    def _database(self, files: Files, name: str) -> sqlite3.Connection:
        copy = self._folder / name.rpartition("/")[2]
        if not files.take(name, copy):
            raise Torn(f"{name} is gone")
        files.take(f"{name}-wal", Path(f"{copy}-wal"))
        return cut_records.opened(copy)


def own_files(files: Files, folder: Path) -> dict[str, str]:
    """SHA-256 of what a box has for itself, by path on the data partition."""
    found = {}
    for name in OWN:
        copy = folder / "own"
        if files.take(name, copy):
            found[name] = hashlib.sha256(copy.read_bytes()).hexdigest()
    return found
