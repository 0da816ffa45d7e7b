"""Recorded calls: ``tape.play`` puts on record that somebody listens to one or takes it, ``tape.remove`` deletes it.

The pages read the file themselves, but only after this has been logged: who cannot be put on record hears nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from firmware.commands.context import Context
from firmware.commands.texts import refuse
from firmware.control import Control
from firmware.retention.keeper import remove_recordings
from firmware.store import tapes
from firmware.typed import Length, Matches, OneOf

if TYPE_CHECKING:
    import sqlite3

FileName = Annotated[str, Matches(r"[0-9A-Z]{26}(-[1-9][0-9]{0,3})?\.wav", "the name of a recording")]
Reason = Annotated[str, Length(3, 200), Matches(r"[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*", "printable text")]


class TapeCommands:
    """What the office does with recorded calls."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        control.add("tape.play", self.play)
        control.add("tape.remove", self.remove)

    async def play(
        self,
        id: FileName,  # noqa: A002
        how: Annotated[str, OneOf(("listen", "download"))] = "listen",  # noqa: ARG002 - it is logged
    ) -> Mapping[str, Any]:
        """Somebody listens to a piece, or takes it along: logged -> ``id``. Refused while it is being recorded."""
        await self._context.store.do(lambda conn: _finished(conn, id))
        return {"id": id}

    async def remove(self, id: FileName, reason: Reason) -> None:  # noqa: A002, ARG002 - the reason is logged
        """Delete a piece for good; the log keeps who did it and why."""

        def work(conn: sqlite3.Connection) -> None:
            _finished(conn, id)
            tapes.forget(conn, id)

        await self._context.store.do(work)
        await asyncio.to_thread(remove_recordings, self._context.config.paths.recordings, [id])


def _finished(conn: sqlite3.Connection, file: str) -> None:
    """:raises OperatorError: there is no such piece, or it is still being recorded"""
    over = tapes.is_over(conn, file)
    if over is None:
        raise refuse("id", "tape_unknown")
    if not over:
        raise refuse("id", "tape_running")
