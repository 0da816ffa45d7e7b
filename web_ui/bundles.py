"""Update bundles on their way in: pieces of under a megabyte, so that a slow line, nginx and a small memory all cope.

Each piece says where it belongs; one that is already there is taken for said twice. A whole file waits under a name of
our making until the service takes it over. What it is and whether it may be installed is the service's to say.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import time
from pathlib import Path

MOST_BYTES = 1 << 30
"""A slot's size; no bundle is larger."""
PIECE_BYTES = 786_432
"""Below nginx's and bottle's limits for a request."""
SPARE_BYTES = 256 << 20
"""What must stay free on the disk beside it."""
KEEP_S = 24 * 3600.0
NAME = re.compile(r"[0-9a-f]{32}")
_MB = 1_000_000


class NoRoomError(Exception):
    """The disk has not enough room: ``free`` and ``size`` in MB."""

    def __init__(self, free: int, size: int) -> None:
        super().__init__("no room")
        self.free, self.size = free, size


class Bundles:
    """The folder of uploads, as far as bundles are concerned."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def begin(self, size: int, now: float | None = None) -> str:
        """Make room for ``size`` bytes; the upload's name. Others that nobody finished go. :raises NoRoomError:"""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._sweep(time.time() if now is None else now)
        free = shutil.disk_usage(self._folder).free
        if free - SPARE_BYTES < size:
            raise NoRoomError(max(0, free - SPARE_BYTES) // _MB, -(-size // _MB))
        name = secrets.token_hex(16)
        with self._part(name).open("xb") as file:
            os.fchmod(file.fileno(), 0o640)
        return name

    def put(self, name: str, at: int, piece: bytes) -> int | None:
        """Write a piece; how much is there now, None when there is no such upload or a piece before it is missing."""
        if not NAME.fullmatch(name) or not self._part(name).is_file():
            return None
        with self._part(name).open("r+b") as file:
            size = file.seek(0, os.SEEK_END)
            if at > size or at + len(piece) > MOST_BYTES:
                return None
            file.seek(at)
            file.write(piece)
            return max(size, at + len(piece))

    def finish(self, name: str) -> str | None:
        """Make the upload durable; the file's name for the service. None: there is no such upload."""
        if not NAME.fullmatch(name) or not self._part(name).is_file():
            return None
        with self._part(name).open("rb") as file:
            os.fsync(file.fileno())
        whole = f"{name}.raucb"
        self._part(name).replace(self._folder / whole)
        return whole

    def _part(self, name: str) -> Path:
        return self._folder / f"{name}.raucb.part"

    def _sweep(self, now: float) -> None:
        for file in (*self._folder.glob("*.raucb.part"), *self._folder.glob("*.raucb")):
            if now - file.stat().st_mtime > KEEP_S:
                file.unlink(missing_ok=True)
