"""A server as the medium: what ``keeper`` and ``maker`` ask of one, whichever way the files get there.

``sftp`` and ``smb`` are the two ways, each by a program of Debian's; ``servers`` tells by the address which it is.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firmware.backup.errors import BackupFailed

PARTIAL = ".partial"
"""What a file is called on top of its name until it is whole."""
PATIENCE_S = 20
_LONGEST_S = 6 * 3600.0
_TRIED = ".strowger-try"


class Carrier(ABC):
    """Files on one server. Each act is a connection of its own; ``BackupFailed`` says in words what went wrong.

    Blocking. Files are named by ``maker``: no name means anything else to the programs.
    """

    @abstractmethod
    def lacks(self) -> str:
        """What a person has to do before anything is sent, as a key; empty: nothing."""

    @abstractmethod
    def facts(self) -> Mapping[str, Any]:
        """The server as the page shows it; ``kind`` says which way files get there."""

    @abstractmethod
    def get(self, name: str, folder: Path) -> Path:
        """Fetch a file."""

    @abstractmethod
    def names(self) -> list[str]:
        """What lies there."""

    @abstractmethod
    def remove(self, names: Sequence[str]) -> None:
        """Delete files; one that has gone meanwhile is no mistake."""

    @abstractmethod
    def _bring(self, file: Path, draft: str) -> None:
        """Bring a file as ``draft`` and, once that is whole, give it its name."""

    def put(self, file: Path) -> None:
        """Bring a file; there it has its name once it is whole. What did not fit is taken away again."""
        draft = file.name + PARTIAL
        try:
            self._bring(file, draft)
        except BackupFailed as failed:
            if failed.key == "backup_remote_full":
                with contextlib.suppress(BackupFailed):  # what went wrong first is what is told
                    self.remove([draft])
            raise

    def try_out(self, scratch: Path) -> None:
        """Write a small file there and delete it; a server that keeps it would fill up."""
        scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
        (scratch / _TRIED).write_text("strowger\n")
        self.put(scratch / _TRIED)
        self.remove([_TRIED])
        if _TRIED in self.names():
            raise BackupFailed("backup_remote_denied", "The server does not let the box delete its files.")


@dataclass(frozen=True, slots=True)
class Tool:
    """A program that carries files."""

    missing: str
    """The key of our words for its not being installed."""
    signs: Sequence[tuple[str, str]]
    """What it says when something fails, by our words for it; the first that fits."""

    def run(
        self, command: Sequence[str], script: str = "", here: Path | None = None, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """Run it in the folder ``here`` to its end. :raises BackupFailed: it cannot; with ``check`` also: it failed."""
        try:
            done = subprocess.run(
                command, input=script, cwd=here, capture_output=True, text=True, errors="replace", check=False,
                timeout=_LONGEST_S, env={**os.environ, "LC_ALL": "C"},
            )  # fmt: skip
        except FileNotFoundError as error:
            raise BackupFailed(self.missing, f"{command[0]} is not installed.") from error
        except subprocess.TimeoutExpired as error:
            raise BackupFailed("backup_unreachable", f"{command[0]} did not end.") from error
        if check and done.returncode:
            raise self.failure(done.stderr)
        return done

    def meaning(self, said: str) -> str:
        """The key of our words for what it said."""
        return next((key for key, sign in self.signs if re.search(sign, said)), "backup_remote")

    def failure(self, said: str) -> BackupFailed:
        """The same with its last words, for the journal."""
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        return BackupFailed(self.meaning(said), " ".join(lines[-2:])[-300:] or "The server said nothing.")
