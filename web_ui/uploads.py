"""Uploaded files: a name of our own making, a cap before anything is kept, and no file left behind for long."""

from __future__ import annotations

import re
import secrets
import time
from pathlib import Path
from typing import BinaryIO

MOST_UPLOAD_BYTES = 200_000_000
CHUNK_BYTES = 1 << 20
KEEP_S = 24 * 3600.0
NAME = re.compile(r"[0-9a-f]{32}")


class TooLarge(Exception):
    """More than ``MOST_UPLOAD_BYTES``."""


class Uploads:
    """The folder where uploaded files wait to be imported."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, file: BinaryIO) -> str:
        """Copy ``file`` into the folder; the new name. Raises TooLarge or OSError, and leaves nothing then."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self.sweep()
        name = secrets.token_hex(16)
        path = self._folder / f"{name}.csv"
        try:
            self._copy(file, path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return name

    def path(self, name: str) -> Path | None:
        """The file of an upload, or None when there is none of that name."""
        if not NAME.fullmatch(name):
            return None
        path = self._folder / f"{name}.csv"
        return path if path.is_file() and not path.is_symlink() else None

    def forget(self, name: str) -> None:
        """Delete an upload."""
        path = self.path(name)
        if path is not None:
            path.unlink(missing_ok=True)

    def sweep(self, now: float | None = None) -> None:
        """Delete uploads nobody has imported for a day."""
        now = time.time() if now is None else now
        for path in self._folder.glob("*.csv"):
            if NAME.fullmatch(path.stem) and now - path.stat().st_mtime > KEEP_S:
                path.unlink(missing_ok=True)

    @staticmethod
    def _copy(file: BinaryIO, path: Path) -> None:
        size = 0
        with path.open("xb") as kept:
            path.chmod(0o640)
            while chunk := file.read(CHUNK_BYTES):
                size += len(chunk)
                if size > MOST_UPLOAD_BYTES:
                    raise TooLarge
                kept.write(chunk)
