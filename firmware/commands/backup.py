"""Commands about backups: ``backup.state|make|new_key``, and of a server they go to: ``public_key|look|trust|try``."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Mapping
from typing import Annotated, Any, TypeVar

from firmware.backup.errors import BackupFailed
from firmware.backup.keeper import Keeper
from firmware.commands.texts import refuse
from firmware.control import Control
from firmware.typed import Matches

_log = logging.getLogger(__name__)
_T = TypeVar("_T")


class BackupCommands:
    """What the office asks of the nightly backup."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        control.add("backup.state", self.state)
        control.add("backup.make", self.make)
        control.add("backup.new_key", self.new_key)
        control.add("backup.public_key", self.public_key)
        control.add("backup.look", self.look)
        control.add("backup.trust", self.trust)
        control.add("backup.try", self.try_)

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

    async def public_key(self) -> Mapping[str, Any]:
        """The box's key for backups on a server -> ``line`` for its ``authorized_keys``; made when first asked for."""
        return {"line": await _in_words(self._keeper.public_key())}

    async def look(self) -> Mapping[str, Any]:
        """Ask the server who it is -> ``fingerprint``, for a person to compare."""
        return {"fingerprint": await _in_words(self._keeper.look())}

    async def trust(
        self, fingerprint: Annotated[str, Matches(r"SHA256:[A-Za-z0-9+/]{43}", "a fingerprint")]
    ) -> None:
        """A person has compared the server's fingerprint: it is believed from now on, and no other."""
        await _in_words(self._keeper.trust(fingerprint))

    async def try_(self) -> None:
        """Write a small file to the server and delete it."""
        await _in_words(self._keeper.try_server())


async def _in_words(doing: Awaitable[_T]) -> _T:
    try:
        return await doing
    except BackupFailed as failed:
        _log.warning("backup server: %s: %s", failed.key, failed)
        raise refuse("folder", failed.key) from failed
