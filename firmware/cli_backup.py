"""``strowger backup`` and ``strowger restore``: make a backup now, see how the last one went, put one back.

Making is the running service's; putting back needs no service, and refuses while one runs.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from firmware.backup import age, restore
from firmware.backup.errors import BackupFailed
from firmware.cli_permits import Add, Ask
from firmware.config import Config
from firmware.model import OperatorError, Problem

Load = Callable[[argparse.Namespace], Config]


def add_to(add: Add, load: Load, ask: Ask) -> None:
    """Add the commands."""
    backup = add("backup", "how the last backup went; --now makes one", lambda given: _backup(given, ask))
    backup.add_argument("--now", action="store_true", help="begin one now")
    put = add("restore", "put a backup back; the service must not run", lambda given: _restore(given, load))
    put.add_argument("file", type=Path, metavar="FILE", help="the backup (*.strowger.age)")
    put.add_argument(
        "--key", type=Path, metavar="KEYFILE", help="file with the recovery key (default: this box's own key)"
    )


def _backup(given: argparse.Namespace, ask: Ask) -> int:
    if given.now:
        asyncio.run(ask(given, "backup.make"))
        print("A backup is being made; ask again how it went.")
        return 0
    told = asyncio.run(ask(given, "backup.state"))
    print("\n".join(as_lines(told)))
    return 1 if told["last"]["key"] else 0


def as_lines(told: dict[str, Any]) -> list[str]:
    """The state of the nightly backup for people."""
    last, account = told["last"], told["last"]["account"]
    lines = [f"to {told['folder']}, nightly at {told['at']}" if told["folder"] else "no folder is set"]
    if not told["recovery"]:
        lines.append("there is no recovery key yet; the page “Backup” makes one")
    if last["good_at"]:
        lines.append(f"last good one: {_at(last['good_at'])}, {account['file']}, {account['size']} bytes")
    if last["key"]:
        lines.append(f"failed: {_at(last['failed_at'])}, {last['text']}")
    if told["running"]:
        lines.append("one is being made now")
    return lines


def _at(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _restore(given: argparse.Namespace, load: Load) -> int:
    config = load(given)
    key: Path = given.key or config.paths.state / "backup" / "box.key"
    try:
        done = restore.restore(given.file, age.read_key(key), config.paths.state)
    except BackupFailed as failed:
        raise OperatorError(Problem("", failed.key, str(failed))) from failed
    except OSError as error:
        text = f"{error.filename or given.file}: {error.strerror}"
        raise OperatorError(Problem("", "backup_disk", text)) from error
    counts = ", ".join(f"{n} {name}" for name, n in done.manifest.counts.items())
    print(f"The state of {_at(done.manifest.made_at)} is back: {counts}.")
    print(f"What stood there before is kept in {done.kept}.")
    if done.config is not None:
        print(f"The settings file of the backup is {done.config}; it was not put in place.")
    return 0
