"""The opt-out journal: an append-only, fsynced text file beside the database that survives its loss.

One line per act: eight hexadecimal digits of CRC-32, a space, JSON. Additions are on disk before the transaction
that makes them commits; removals after it, so that whatever a power cut leaves errs on the side of not calling.
``dnc`` puts acts into the connection's temporary table ``opt_out_outbox``, which a rolled-back task takes back by
itself; ``store`` moves them here; ``catch_up`` reads them back into a store that misses any.
"""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
import zlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from firmware.store.errors import StoreError

OUTBOX = """CREATE TEMP TABLE opt_out_outbox (
    id INTEGER PRIMARY KEY, at REAL, act TEXT, list_id INTEGER, list_name TEXT, number TEXT, source TEXT,
    expires_at REAL)"""


@dataclass(frozen=True, slots=True)
class OptOut:
    """One line. ``number`` is E.164 (a beginning of numbers ends in ``*``), empty for ``list_deleted``."""

    at: float
    act: Literal["added", "removed", "list_deleted"]
    list_id: int
    list_name: str
    number: str
    source: str
    expires_at: float | None = None
    """Until when it counts; left out of the line where it counts for good."""


def encode(entry: OptOut) -> bytes:
    """One journal line with its newline."""
    said = {name: value for name, value in asdict(entry).items() if value is not None}
    text = json.dumps(said, sort_keys=True, ensure_ascii=False).encode()
    return b"%08x %s\n" % (zlib.crc32(text), text)


def decode(line: bytes) -> OptOut | None:
    """Read one line without its newline; None if it is torn or not ours."""
    line = line.lstrip(b"\0")
    try:
        if int(line[:8], 16) != zlib.crc32(line[9:]):
            return None
        return OptOut(**json.loads(line[9:]))
    except (ValueError, TypeError):
        return None


def parse(content: bytes) -> tuple[list[OptOut], int]:
    """Return every sound line and how many were torn."""
    lines = [line for line in content.split(b"\n") if line.strip(b"\0")]
    entries = [entry for entry in map(decode, lines) if entry is not None]
    return entries, len(lines) - len(entries)


def net(entries: Iterable[OptOut]) -> list[OptOut]:
    """Return the additions that no later line took back, in order."""
    standing: dict[tuple[int, str], OptOut] = {}
    for entry in entries:
        if entry.act == "list_deleted":
            standing = {key: kept for key, kept in standing.items() if key[0] != entry.list_id}
            continue
        standing.pop((entry.list_id, entry.number), None)
        if entry.act == "added":
            standing[entry.list_id, entry.number] = entry
    return list(standing.values())


def drain(conn: sqlite3.Connection) -> tuple[list[OptOut], list[OptOut]]:
    """Empty the outbox: what must be on disk before the commit, and what may be written only after it."""
    rows = conn.execute(
        "SELECT at, act, list_id, list_name, number, source, expires_at FROM opt_out_outbox ORDER BY id"
    )
    entries = [OptOut(*row) for row in rows]
    if not entries:
        return [], []
    conn.execute("DELETE FROM opt_out_outbox")
    before = net(entries)
    last = {(entry.list_id, entry.number): entry for entry in entries}
    return before, [entry for entry in last.values() if entry.act != "added"]


class Journal:
    """The open file. Holding it also keeps a second service away from the same store."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd = -1
        self._size = 0
        self._owed: list[OptOut] = []

    def open(self) -> None:
        """Open or create the file, lock it, close a torn last line.

        :raises StoreError: another process holds it, or it cannot be opened.
        """
        try:
            self._fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o640)
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            sync_folder(self.path.parent)
            self._size = os.fstat(self._fd).st_size
            if self._size and os.pread(self._fd, 1, self._size - 1) != b"\n":
                self._write(b"\n")
            os.fsync(self._fd)  # what a killed process left in memory counts from now on
        except BlockingIOError as error:
            self.close()
            raise StoreError(f"another process already works with the store beside {self.path}") from error
        except OSError as error:
            self.close()
            raise StoreError(f"cannot open the opt-out journal {self.path}: {error.strerror}") from error

    def close(self) -> None:
        """Close the file and let go of the lock."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def content(self) -> bytes:
        """Everything written so far."""
        return self.path.read_bytes()

    def append(self, entries: list[OptOut]) -> None:
        """Write lines and wait until they are on disk; nothing stays of a failed append.

        Removals owed from an earlier failure go first. :raises OSError: the disk is full or broken.
        """
        if not entries and not self._owed:
            return
        self._write(b"".join(encode(entry) for entry in (*self._owed, *entries)))
        self._owed.clear()

    def owe(self, entries: list[OptOut]) -> None:
        """Remember committed removals that could not be written; the next append brings them."""
        self._owed.extend(entries)

    def _write(self, data: bytes) -> None:
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(self._fd, view) :]
            os.fdatasync(self._fd)
        except OSError:
            os.ftruncate(self._fd, self._size)
            raise
        self._size += len(data)


def sync_folder(folder: Path) -> None:
    """Make names created, renamed or removed in ``folder`` durable."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
