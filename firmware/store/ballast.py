"""A file whose only use is to be deleted: room for dispositions when the disk is full.

Dialling stops long before (health checks watch free space); this is for the case where something else filled the
disk between two looks. The writer deletes it when a commit fails, runs the batch again, and makes a new one as soon
as there is room for twice its size.
"""

from __future__ import annotations

import os
from pathlib import Path

PRODUCTION_BYTES = 64 << 20


class Ballast:
    """The reserve at ``path``. ``size_bytes`` 0 keeps none."""

    def __init__(self, path: Path, size_bytes: int) -> None:
        self._path = path
        self._size_bytes = size_bytes

    def present(self) -> bool:
        """True while the reserve is there (or none is wanted)."""
        return not self._size_bytes or self._path.exists()

    def refill(self) -> bool:
        """Reserve the space again if the disk has room for twice the size; True if the reserve is there."""
        if self.present():
            return True
        try:
            return self._reserve()
        except OSError:
            self._path.unlink(missing_ok=True)
            return False

    def _reserve(self) -> bool:
        room = os.statvfs(self._path.parent)
        if room.f_bavail * room.f_frsize < 2 * self._size_bytes:
            return False
        fd = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(fd, 0, self._size_bytes)
        finally:
            os.close(fd)
        return True

    def release(self) -> bool:
        """Give the space back to the disk; True if there was any."""
        if not self._size_bytes or not self._path.exists():
            return False
        self._path.unlink()
        return True
