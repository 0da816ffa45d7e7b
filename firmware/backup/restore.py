"""Puts a backup back: on this box, or on a new one with the recovery key. The service must not run.

Everything is unpacked beside the state, compared and tried first; what stands there is then kept as
``before-restore-N``, never deleted, and the new files take their names one by one, the database last. Whoever opted out
since the backup was made stays out: the journal of opt-outs that is on the box is kept and read back at the next
start. If the power fails meanwhile, the same command ends the work.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from firmware.backup import archive, maker
from firmware.backup.errors import BackupFailed
from firmware.store import copies, opt_outs
from firmware.store.errors import StoreError

_STAGE = "restore.new"
_JOURNAL = "opt-outs.journal"
_ERASED = ("erased.journal", "erasure.key")
"""Who was erased on this box since the backup is erased again at the next start (``firmware.retention``)."""
_DATABASE = "strowger.db"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back and where the former state is kept; ``config`` is the settings file found in the backup."""

    manifest: archive.Manifest
    kept: Path
    config: Path | None


def restore(file: Path, secret: str, state: Path) -> Restored:
    """Put ``file`` back into the folder ``state``.

    :raises BackupFailed: it does not pass its test, or the service runs; nothing changed. :raises OSError: the disk.
    """
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = opt_outs.Journal(state / _JOURNAL)
    before = (state / _JOURNAL).exists()
    try:
        lock.open()
    except StoreError as error:
        raise BackupFailed("backup_service_runs", "The service is running. Stop it first.") from error
    try:
        stage = state / _STAGE
        shutil.rmtree(stage, ignore_errors=True)
        manifest = maker.try_out(file, secret, stage)
        if before:
            (stage / "state" / _JOURNAL).unlink(missing_ok=True)
        for name in _ERASED:
            if (state / name).exists():
                (stage / "state" / name).unlink(missing_ok=True)
        kept = _exchange(stage / "state", state)
        config = _take_config(stage, kept)
    finally:
        lock.close()
    shutil.rmtree(stage)
    return Restored(manifest, kept, config)


def _exchange(new: Path, state: Path) -> Path:
    """Give the files of ``new`` their places; what stood there goes to a folder beside them."""
    kept = _next_folder(state)
    _settle(state / _DATABASE)
    _settle(new / _DATABASE)
    names = sorted(path.name for path in new.iterdir() if path.name != _DATABASE)
    for name in names:
        if (state / name).exists():
            (state / name).rename(kept / name)
        (new / name).rename(state / name)
    if (state / _DATABASE).exists():
        os.link(state / _DATABASE, kept / _DATABASE)
    opt_outs.sync_folder(state)
    (new / _DATABASE).replace(state / _DATABASE)
    opt_outs.sync_folder(state)
    return kept


def _next_folder(state: Path) -> Path:
    number = 1
    while (kept := state / f"before-restore-{number}").exists():
        number += 1
    kept.mkdir(mode=0o700)
    return kept


def _settle(database: Path) -> None:
    """Bring a database's log into its file, so that no log is left to be taken for another file's.

    A damaged one is moved aside by the store with its log, which serves as well.
    """
    if not database.exists():
        return
    try:
        copies.settle(database)
    except StoreError:
        for suffix in ("-wal", "-shm"):
            leftover = database.with_name(database.name + suffix)
            if leftover.exists():
                leftover.replace(leftover.with_name(leftover.name + ".old"))


def _take_config(stage: Path, kept: Path) -> Path | None:
    """The settings in the backup are shown, not installed: addresses and paths of a new box may be others."""
    for path in sorted((stage / "config").glob("*.toml")):
        target = kept / f"backup-{path.name}"
        path.rename(target)
        return target
    return None
