"""Commands about backups: ``backup.state|make|new_key``, and of a server they go to: ``try``; ``public_key|look|trust``
by SFTP, ``password`` by SMB."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Mapping
from typing import Annotated, Any, TypeVar

from firmware.backup import sftp, smb
from firmware.backup.errors import BackupFailed
from firmware.backup.keeper import Keeper
from firmware.commands.texts import refuse
from firmware.control import Control
from firmware.typed import Matches, Secret

_log = logging.getLogger(__name__)
_T = TypeVar("_T")
_MOST_LETTERS = 127
"""As many as Windows takes."""
_Password = re.compile(r"(?! )[^\x00-\x1f\x7f\ud800-\udfff]+")


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
        control.add("backup.password", self.password)
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
        return {"line": await _in_words(asyncio.to_thread(self._server(sftp.Session).public_key))}

    async def look(self) -> Mapping[str, Any]:
        """Ask the server who it is -> ``fingerprint``, for a person to compare."""
        return {"fingerprint": await _in_words(asyncio.to_thread(self._server(sftp.Session).look))}

    async def trust(
        self, fingerprint: Annotated[str, Matches(r"SHA256:[A-Za-z0-9+/]{43}", "a fingerprint")]
    ) -> None:
        """A person has compared the server's fingerprint: it is believed from now on, and no other."""
        await _in_words(asyncio.to_thread(self._server(sftp.Session).trust, fingerprint))
        await self._keeper.look_anew()

    async def password(self, password: Secret) -> None:
        """The password of the share, for its user on this server alone. It is never told again."""
        text = password.reveal()
        if not _Password.fullmatch(text) or len(text) > _MOST_LETTERS:
            raise refuse("password", "backup_password_odd", most=_MOST_LETTERS)
        await asyncio.to_thread(self._server(smb.Session).set_password, text)
        await self._keeper.look_anew()

    async def try_(self) -> None:
        """Write a small file to the server and delete it."""
        await _in_words(self._keeper.try_server())

    def _server(self, kind: type[_T]) -> _T:
        """The server, which has to be one of this kind."""
        if not isinstance(self._keeper.server, kind):
            raise refuse("folder", "backup_no_server")
        return self._keeper.server


async def _in_words(doing: Awaitable[_T]) -> _T:
    try:
        return await doing
    except BackupFailed as failed:
        _log.warning("backup server: %s: %s", failed.key, failed)
        raise refuse("folder", failed.key) from failed
