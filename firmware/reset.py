"""Factory reset: everything that makes a box somebody's goes, with or without what it was used for.

``python -m firmware.reset /data`` runs early at boot, as root, where ``strowger/reset`` lies: one word, ``wipe`` or
``keep-data``. Every step can be taken again, and the mark goes last, so a power cut in between only means that the next
boot goes on. Passwords and settings go first. What stays in any case is what the machine needs to be one: the record of
which version has proved itself (``system``).

``keep-data`` leaves the database, the opt-outs, whose data was erased (or an old backup would bring them back),
recordings and backups' keys; ``owner-wanted`` then has the service print a set-up code once more, so that whoever
stands before the box becomes an administrator of it.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path

MARK = "reset"
OWNER_WANTED = "owner-wanted"
_STATE = "strowger"
_SYSTEM_KEPT = ("machine-id", "rauc.status")
_DATA_KEPT = (
    "strowger.db", "strowger.db-wal", "strowger.db-shm", "opt-outs.journal", "erased.journal", "erasure.key",
    "recordings", "reports", "inbox", "backup", "ballast", OWNER_WANTED, MARK,
)  # fmt: skip


class Kind(StrEnum):
    """What goes."""

    WIPE = "wipe"
    KEEP_DATA = "keep-data"


def ask_for(state: Path, kind: Kind) -> None:
    """Leave the mark; durable when this returns. The next boot does the rest."""
    made = state / f"{MARK}.new"
    with made.open("w", encoding="ascii") as file:
        file.write(kind)
        file.flush()
        os.fsync(file.fileno())
    made.replace(state / MARK)
    _sync(state)


def wanted(data: Path) -> Kind | None:
    """What the mark asks for; None without one. A mark nobody can read is none, and goes."""
    mark = data / _STATE / MARK
    try:
        return Kind(mark.read_text("ascii", "replace").strip())
    except FileNotFoundError:
        return None
    except ValueError:
        mark.unlink()
        return None


def reset(data: Path) -> bool:
    """Do what the mark asks for, from wherever it was broken off; whether there was one."""
    kind = wanted(data)
    if kind is None:
        return False
    for step in _steps(data, kind):
        step()
    _sync(data / _STATE)
    (data / _STATE / MARK).unlink()
    _sync(data / _STATE)
    return True


def _steps(data: Path, kind: Kind) -> Iterator[Callable[[], None]]:
    state = data / _STATE
    yield lambda: _empty(state / "secrets")
    for folder in ("settings", "tls", "ssh", "network", "trial"):
        yield lambda folder=folder: _empty(data / folder)  # type: ignore[misc]
    if kind is Kind.KEEP_DATA:
        yield lambda: _touch(state / OWNER_WANTED)
        yield lambda: _empty(state, _DATA_KEPT)
    else:
        yield lambda: _empty(state, (MARK,))
        yield lambda: _empty(data, ("lost+found", "system", "settings", _STATE))
        yield lambda: _empty(data / "system", _SYSTEM_KEPT, ("proven-", "schema-"))


def _empty(folder: Path, kept: tuple[str, ...] = (), kept_beginnings: tuple[str, ...] = ()) -> None:
    """Delete what is in a folder; the folder stays, because something may be mounted on it."""
    if not folder.is_dir() or folder.is_symlink():
        return
    for entry in sorted(folder.iterdir()):
        if entry.name in kept or (kept_beginnings and entry.name.startswith(kept_beginnings)):
            continue
        if stat.S_ISDIR(entry.lstat().st_mode):
            shutil.rmtree(entry)
        else:
            entry.unlink()
    _sync(folder)


def _touch(file: Path) -> None:
    file.touch()
    owner = file.parent.stat()
    os.chown(file, owner.st_uid, owner.st_gid)
    _sync(file.parent)


def _sync(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


if __name__ == "__main__":
    done = reset(Path(sys.argv[1]))
    sys.stderr.write("the box is as it came\n" if done else "nothing to do\n")
