"""Commands about backups: ``backup.state|make|new_key``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from firmware.backup.errors import BackupFailed
from firmware.backup.keeper import Keeper
from firmware.commands.texts import refuse
from firmware.control import Control


class BackupCommands:
    """What the office asks of the nightly backup."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        control.add("backup.state", self.state)
        control.add("backup.make", self.make)
        control.add("backup.new_key", self.new_key)

    async def state(self) -> Mapping[str, Any]:
        """Where, when, and how the last one went."""
        return self._keeper.state()

    async def make(self) -> Mapping[str, Any]:
        """Begin a backup now; ``backup.state`` tells when it is done."""
        if not self._keeper.wanted:
            raise refuse("folder", "backup_not_set")
        if not self._keeper.recovery:
            raise refuse("key", "backup_no_recovery_key")
        if not self._keeper.make():
            raise refuse("folder", "backup_runs")
        return {}

    async def new_key(self) -> Mapping[str, Any]:
        """Make a recovery key -> ``secret``, told this once. Backups made before open with the former key only."""
        try:
            return {"secret": await self._keeper.new_recovery_key()}
        except BackupFailed as failed:
            raise refuse("key", failed.key) from failed
