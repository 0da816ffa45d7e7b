"""The floor: everything people do with each other's calls, made and started together.

Consulting and handing over, the directory of destinations, supervisors who listen in, messages to desks. Wiring only;
what it wires is in ``firmware.calls`` and ``firmware.commands``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from firmware.books import StoreBooks
from firmware.calls.desks import Desks
from firmware.calls.monitors import Monitors
from firmware.calls.sounds import monitor_tone
from firmware.calls.switchboard import Switchboard
from firmware.clock import Clock
from firmware.commands.desk_parties import DeskParties
from firmware.commands.destinations import DestinationCommands
from firmware.commands.notices import NoticeCommands
from firmware.commands.team import TeamCommands
from firmware.config import Config
from firmware.control import Control
from firmware.model import UserId
from firmware.reception import sounds
from firmware.store import parties
from firmware.store.store import Store
from firmware.trunks.base import Media

_log = logging.getLogger(__name__)


class Floor:
    """Made once by the service."""

    def __init__(
        self,
        config: Config,
        clock: Clock,
        store: Store,
        media: Media,
        desks: Desks,
        switchboard: Switchboard,
        books: StoreBooks,
    ) -> None:
        self._clock = clock
        self._store = store
        self._folder = config.paths.speech
        self._switchboard = switchboard
        self._tone: Path | None = None
        self._music: Path | None = None
        self.destinations = DestinationCommands(clock, store, config.box.country)
        self.parties = DeskParties(clock, store, desks, switchboard, self.destinations, config.box.zone)
        self.monitors = Monitors(clock, media, desks, switchboard, books, lambda: self._tone)
        self.team = TeamCommands(clock, store, desks, switchboard, self.monitors)
        self.notices = NoticeCommands(clock, store, desks)
        self.parties.more = self._at_desk
        switchboard.forward_to = self.destinations.forward_to

    def _at_desk(self, user_id: UserId) -> Mapping[str, Any]:
        return {**self.team.at_desk(user_id), **self.notices.at_desk(user_id)}

    def music(self) -> Path | None:
        """What who waits in a call hears."""
        return self._music

    async def start(self) -> None:
        """Close what a stop left open, read the directory, make the sounds."""
        now = self._clock.utc()
        await self._store.do(lambda conn: parties.interrupt(conn, now))
        await self.destinations.prepare()
        await self.team.prepare()
        await self.notices.look()
        self._tone = await self._made("monitor-tone-1.wav", monitor_tone)
        self._music = await self._made("music-1.wav", sounds.music)

    def add_to(self, control: Control) -> None:
        """Answer the commands."""
        for commands in (self.destinations, self.parties, self.team, self.notices):
            commands.add_to(control)

    @property
    def busy(self) -> bool:
        """Whether something is being written."""
        return self.parties.busy

    def stop(self) -> None:
        """Supervisors hear no more."""
        self.monitors.stop_all("stopped")

    async def _made(self, name: str, make: Callable[[Path], None]) -> Path | None:
        path = self._folder / name
        if not path.is_file():
            try:
                await asyncio.to_thread(make, path)
            except OSError as error:
                _log.error("%s could not be made: %s", name, error)
                return None
        return path
