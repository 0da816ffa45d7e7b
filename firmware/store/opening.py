"""Opens the database: for the one writer, and read-only for everybody else.

A new database is built under another name and renamed into place, so a file of that name is either complete or
damaged. A damaged one is moved aside and never silently replaced by an empty one: not now, and not at the next
start either, until a person has decided.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from firmware.store import departments, migrations, opt_outs
from firmware.store.errors import StoreDamaged, StoreError, StoreUnavailable

BUSY_TIMEOUT_S = 5.0
SYNCHRONOUS = "FULL"
"""A commit is on the disk when it returns; with WAL that costs one fsync. The power-cut tests show why not less."""
APPLICATION_ID = 0x53545247
"""``STRG``; tells our files from other SQLite databases."""
CHECKED_BYTES = 64 << 20
"""A database up to this size is looked through after an unclean end; that takes half a second. The WAL's checksums
cover what a power cut can do; this is for cards that decay. Larger ones are left to ``damage`` when there is time."""
_WAL_LIMIT_BYTES = 64 << 20
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _nothing_more(_conn: sqlite3.Connection) -> None:
    return None


def open_writer(
    path: Path, finish: Callable[[sqlite3.Connection], None] = _nothing_more
) -> sqlite3.Connection:
    """Open for the writer thread, creating and migrating as needed; ``finish`` is the last step of opening.

    :raises StoreDamaged: moved aside. :raises StoreTooNew: refused untouched. :raises StoreError: anything else.
    """
    _refuse_after_damage(path)
    thorough = _size(_beside(path, "-wal")) > 0 and _size(path) <= CHECKED_BYTES
    try:
        if not path.exists():
            _create(path)
        if _size(path) == 0:
            raise StoreDamaged("the file is empty")
        return _open_existing(path, thorough, finish)
    except StoreDamaged as error:
        kept = _keep_aside(path)
        raise StoreDamaged(
            f"the database {path} is damaged ({error}). It was kept as {kept}. Put a backup in its place, "
            f"or move {kept.name} away to begin with an empty store."
        ) from error
    except sqlite3.Error as error:
        raise StoreError(f"cannot open the database {path}: {error}") from error
    except OSError as error:
        raise StoreError(f"cannot create the database {path}: {error.strerror}") from error


def open_read_only(path: Path, factory: type[sqlite3.Connection] = sqlite3.Connection) -> sqlite3.Connection:
    """Open for reports; may be handed from thread to thread, one at a time. :raises StoreUnavailable:"""
    try:
        conn = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro",
            uri=True,
            timeout=BUSY_TIMEOUT_S,
            isolation_level=None,
            check_same_thread=False,
            factory=factory,
        )
        conn.execute("PRAGMA query_only = ON")
        migrations.check(conn)
    except sqlite3.Error as error:
        raise StoreUnavailable(f"cannot read the database {path}: {error}") from error
    except StoreError as error:
        raise StoreUnavailable(str(error)) from error
    return conn


def _open_existing(
    path: Path, thorough: bool, finish: Callable[[sqlite3.Connection], None]
) -> sqlite3.Connection:
    conn = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
    try:
        _verify(conn, path, thorough)
        _prepare(conn)
        migrations.bring_up(conn)
        conn.execute("PRAGMA foreign_keys = ON")
        conn.execute(opt_outs.OUTBOX)
        departments.carry_triggers(conn)
        finish(conn)
    except sqlite3.Error as error:
        conn.close()
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE:
            raise StoreDamaged(str(error)) from error
        raise
    except BaseException:
        conn.close()
        raise
    return conn


def _prepare(conn: sqlite3.Connection) -> None:
    conn.execute("PRAGMA journal_mode = WAL")
    conn.execute(f"PRAGMA synchronous = {SYNCHRONOUS}")
    # Off while migrating: a table that is rebuilt would drag its children along.
    conn.execute("PRAGMA foreign_keys = OFF")
    conn.execute(f"PRAGMA journal_size_limit = {_WAL_LIMIT_BYTES}")
    conn.execute("PRAGMA temp_store = MEMORY")
    conn.execute("PRAGMA cache_size = -16384")
    conn.execute("PRAGMA recursive_triggers = OFF")


def damage(path: Path) -> str | None:
    """Read the whole database; what is wrong with it, or None. Takes seconds per gigabyte; never disturbs writing.

    :raises StoreUnavailable: it cannot be read at all.
    """
    conn = open_read_only(path)
    try:
        (answer,) = conn.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        return str(error)
    finally:
        conn.close()
    return None if answer == "ok" else str(answer)


def _verify(conn: sqlite3.Connection, path: Path, thorough: bool) -> None:
    (found,) = conn.execute("PRAGMA application_id").fetchone()
    if found != APPLICATION_ID:
        raise StoreError(f"{path} is a database of another program; the box will not touch it")
    migrations.check(conn)
    if not thorough:
        return
    (answer,) = conn.execute("PRAGMA quick_check(1)").fetchone()
    if answer != "ok":
        raise StoreDamaged(str(answer))


def _create(path: Path) -> None:
    draft = path.with_name(path.name + ".new")
    for leftover in (draft, _beside(draft, "-wal"), _beside(draft, "-shm"), _beside(draft, "-journal")):
        leftover.unlink(missing_ok=True)
    conn = sqlite3.connect(draft, isolation_level=None)
    try:
        conn.execute("PRAGMA synchronous = FULL")
        conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        migrations.bring_up(conn)
    finally:
        conn.close()
    opt_outs.sync_folder(path.parent)
    draft.rename(path)
    opt_outs.sync_folder(path.parent)


def _refuse_after_damage(path: Path) -> None:
    if path.exists():
        return
    kept = sorted(path.parent.glob(f"{path.name}.damaged-*"))
    if kept:
        raise StoreDamaged(
            f"there is no database {path}, but a damaged one was kept as {kept[-1]}. Put a backup in its place, "
            f"or move {kept[-1].name} away to begin with an empty store."
        )


def _keep_aside(path: Path) -> Path:
    number = 1
    while (kept := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    path.rename(kept)
    wal = _beside(path, "-wal")
    if wal.exists():
        wal.rename(_beside(kept, "-wal"))
    _beside(path, "-shm").unlink(missing_ok=True)
    opt_outs.sync_folder(path.parent)
    return kept


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
