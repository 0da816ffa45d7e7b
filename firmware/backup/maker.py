"""Makes one backup and tries it, in a process of its own: ``python -m firmware.backup.maker``.

The order is one JSON object on standard input, the account one on standard output. The database is copied by SQLite
itself, one moment of it, while dialling goes on; of the other files those that must survive go in.
The file has its name only once it is whole and on the disk. Then it is opened again, unpacked into a scratch folder,
compared with its manifest, and its database is brought up, read through and counted: a backup that has not been put
back once is none. Old ones go only after that.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path, PurePath
from typing import Any

from firmware.backup import age, archive
from firmware.backup.carrier import PARTIAL, Carrier
from firmware.backup.errors import BackupFailed
from firmware.backup.order import Order
from firmware.backup.servers import carrier_of
from firmware.clock import SystemClock
from firmware.store import copies
from firmware.store.errors import StoreError
from firmware.store.opt_outs import sync_folder

SUFFIX = ".strowger.age"
_STAMP = "%Y%m%dT%H%M%SZ"
_NICE = 10
_SPENT = ("uploads", "reports", "speech", "backup", "ballast", "update")
"""Folders and files of the state that are made anew, or are the backup's own."""
_ROOM = 1.2
"""How much more room than the database's size there must be, in either place."""


@dataclass(frozen=True, slots=True)
class Account:
    """What was made. Sizes in bytes, spans in seconds."""

    file: str
    size: int
    made_at: float
    took_s: float
    tried_s: float
    counts: Mapping[str, int]
    removed: int


def make(order: Order) -> Account:
    """Make, try, and clear away the old. :raises BackupFailed: nothing changed but the leftovers being gone."""
    clock = SystemClock()
    began = clock.monotonic()
    scratch = Path(order.state) / "backup" / "scratch"
    away = carrier_of(order.folder, scratch.parent)
    folder = scratch / "outgoing" if away is not None else Path(order.folder)
    shutil.rmtree(scratch, ignore_errors=True)
    _fit(order, None if away is not None else folder)
    scratch.mkdir(parents=True, mode=0o700)
    target = folder / f"{_name(order)}{SUFFIX}"
    try:
        if away is not None:
            folder.mkdir()
        manifest = _write(order, scratch, target)
        size, tried_file = target.stat().st_size, target
        if away is not None:
            tried_file = _there_and_back(away, target, scratch)
        made = clock.monotonic()
        try_out(tried_file, age.read_key(Path(order.secret_file)), scratch / "tried")
        tried = clock.monotonic()
        removed = _clear(folder, order, target) if away is None else _clear_away(away, order, target.name)
    except (OSError, StoreError) as error:
        raise BackupFailed("backup_disk", f"The backup could not be made: {error}") from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
        target.with_name(target.name + PARTIAL).unlink(missing_ok=True)
    return Account(target.name, size, order.at, made - began, tried - made, dict(manifest.counts), removed)


def _there_and_back(away: Carrier, file: Path, scratch: Path) -> Path:
    """Bring it to the server, and fetch from there what is then tried: only that shows what the server has."""
    away.put(file)
    file.unlink()
    back = scratch / "fetched"
    back.mkdir()
    return away.get(file.name, back)


def _fit(order: Order, folder: Path | None) -> None:
    """``folder`` None: it is on a server, and nobody knows how much room there is."""
    state = Path(order.state)
    wanted = int((state / "strowger.db").stat().st_size * _ROOM)
    if folder is None:
        wanted *= 2
    elif not folder.is_dir():
        raise BackupFailed("backup_no_folder", f"There is no folder {folder}. Is the medium plugged in?")
    elif not order.own_disk and folder.stat().st_dev == state.stat().st_dev:
        raise BackupFailed(
            "backup_same_disk", f"{folder} is on the disk of the box itself. Is the medium plugged in?"
        )
    for place in (state,) if folder is None else (folder, state):
        room = os.statvfs(place)
        if room.f_bavail * room.f_frsize < wanted:
            raise BackupFailed("backup_no_room", f"There is too little room in {place}.")


def _box(order: Order) -> str:
    plain = unicodedata.normalize("NFKD", order.box.lower()).encode("ascii", "ignore").decode()
    kept = "".join(c if c.isalnum() else "_" for c in plain)
    return kept.strip("_") or "box"


def _stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime(_STAMP)


def _name(order: Order) -> str:
    return f"{_box(order)}-{_stamp(order.at)}"


def _write(order: Order, scratch: Path, target: Path) -> archive.Manifest:
    copy = scratch / "strowger.db"
    facts = copies.copy(Path(order.state) / "strowger.db", copy)
    manifest = archive.Manifest(
        order.at, order.box, version("strowger"), facts.schema, facts.counts, facts.head
    )
    files = {archive.DATABASE: copy, **dict(_others(order))}
    partial = target.with_name(target.name + PARTIAL)
    with partial.open("xb") as file:
        os.fchmod(file.fileno(), 0o600)
        with age.encrypting(file, order.recipients) as stream:
            manifest = archive.write(stream, files, manifest)
        os.fsync(file.fileno())
    partial.rename(target)
    sync_folder(target.parent)
    return manifest


def _others(order: Order) -> Iterator[tuple[str, Path]]:
    """Every file of the state that must survive, besides the database."""
    state = Path(order.state)
    for path in sorted(state.rglob("*")):
        name = path.relative_to(state)
        if path.is_symlink() or not path.is_file() or _spent(name) or name.suffix == PARTIAL:
            continue
        if name.parts[0].startswith(("strowger.db", "before-restore")):
            continue
        if name.parts[0] == "recordings" and not order.recordings:
            continue
        yield f"state/{name.as_posix()}", path
    if order.config:
        yield f"config/{Path(order.config).name}", Path(order.config)


def _spent(name: PurePath) -> bool:
    """Whether a file of the state can be done without; recordings uploaded for machines lie beside spoken messages."""
    return name.parts[0] in _SPENT and name.parts[:2] != ("speech", "recordings")


def try_out(file: Path, secret: str, scratch: Path) -> archive.Manifest:
    """Put a backup back into the folder ``scratch`` and look whether everything is there; leaves the folder there.

    The database is brought up to this version, read through and counted, its chain of permits read.

    :raises BackupFailed: what is wrong with it. :raises OSError: the disk.
    """
    scratch.mkdir(parents=True, mode=0o700)
    with file.open("rb") as sealed, age.decrypting(sealed, secret) as stream:
        manifest = archive.unpack(stream, scratch)
    database = scratch / archive.DATABASE
    if not database.exists():
        raise BackupFailed("backup_strange", "There is no database in the backup.")
    try:
        wrong = copies.wrong_with(database, copies.Facts(manifest.schema, manifest.counts, manifest.head))
    except StoreError as error:
        raise BackupFailed(
            "backup_database", f"The database in the backup cannot be opened: {error}"
        ) from error
    if wrong:
        raise BackupFailed("backup_database", f"The database in the backup is not as it was: {wrong}")
    return manifest


def _clear(folder: Path, order: Order, newest: Path) -> int:
    """Remove this box's backups older than ``keep_days``, never the newest; how many."""
    old = _old((path.name for path in folder.iterdir()), order, newest.name)
    for name in old:
        (folder / name).unlink()
    return len(old)


def _clear_away(away: Carrier, order: Order, newest: str) -> int:
    """The same on a server, and what an upload that was cut off has left there."""
    names = away.names()
    old = _old(names, order, newest)
    torn = [name for name in names if name.startswith(f"{_box(order)}-") and name.endswith(SUFFIX + PARTIAL)]
    away.remove([*old, *torn])
    return len(old)


def _old(names: Iterable[str], order: Order, newest: str) -> list[str]:
    """Those of this box that are older than ``keep_days``."""
    oldest = _stamp(order.at - order.keep_days * 86_400)
    mine = f"{_box(order)}-"
    backups = (name for name in names if name.startswith(mine) and name.endswith(SUFFIX) and name != newest)
    return [name for name in backups if name.removeprefix(mine).removesuffix(SUFFIX) < oldest]


def main() -> int:
    """Do one order from standard input."""
    os.nice(_NICE)
    given: dict[str, Any] = json.loads(sys.stdin.readline())
    order = Order(**{**given, "recipients": tuple(given["recipients"])})
    try:
        told: dict[str, Any] = {"account": asdict(make(order))}
    except BackupFailed as failed:
        told = {"failed": {"key": failed.key, "text": str(failed)}}
    sys.stdout.write(json.dumps(told) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
