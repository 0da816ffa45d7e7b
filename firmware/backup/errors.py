"""What goes wrong with backups, as a key for the pages and a sentence for the journal."""

from __future__ import annotations


class BackupFailed(Exception):
    """A backup was not made, did not pass its test or was not put back. ``key`` is stable."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(text)
        self.key = key
