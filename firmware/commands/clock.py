"""A person's word for the clock, kept over restarts: ``box.confirm_clock``.

If the clock once ran in the future, the store holds times that lie ahead, and no right clock would be believed until
then. Whoever confirms the clock says that those times were wrong; what is newer than them counts again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from firmware.commands.context import Context
from firmware.control import Control
from firmware.store import attempts, settings

if TYPE_CHECKING:
    import sqlite3

_KEY = "clock_confirmed"


class ClockCommands:
    """Asks nobody but the person in front of the page."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def add_to(self, control: Control) -> None:
        """Answer this command."""
        control.add("box.confirm_clock", self.confirm)

    async def confirm(self) -> Mapping[str, Any]:
        """The clock is right -> ``now``, the time that is believed from here on."""
        now = self._context.clock.utc()
        await self._context.store.do(lambda conn: _remember(conn, now))
        return {"now": self._context.confirm_clock()}


def newest_believed(conn: sqlite3.Connection) -> float:
    """The newest time in the store that no person has called wrong (UTC); for ``Health.stored`` at start."""
    newest = attempts.newest(conn)
    word = settings.get(conn, _KEY)
    return float(word["at"]) if word is not None and newest <= word["newest"] else newest


def _remember(conn: sqlite3.Connection, now: float) -> None:
    settings.put(conn, _KEY, {"at": now, "newest": attempts.newest(conn)})
