"""Command ``dnc.mark_register``: which list is a national register, and how old it may be; watches their age.

The law's limit belongs to the register (``compliance.registers``): an office may set a shorter one, never a longer.
What is too old stands in ``worry`` for the health page; keeping calls back is the judge's.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from firmware.commands.context import Context
from firmware.commands.texts import refuse
from firmware.compliance.registers import KNOWN, MOST_DAYS, NAMES, OTHER, most_days
from firmware.control import Control
from firmware.store import dnc, register_ages
from firmware.store.register_ages import Mark, RegisterAge
from firmware.store.store import StoreError
from firmware.typed import OneOf, Range

if TYPE_CHECKING:
    import sqlite3

_log = logging.getLogger(__name__)

LOOK_S = 60.0
USUAL_DAYS = 28
"""For a register no pack knows."""


class RegisterWatch:
    """What is set for registers, and which of them are too old."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._watching: asyncio.Task[None] | None = None
        self._old: tuple[RegisterAge, ...] = ()

    def add_to(self, control: Control) -> None:
        """Answer the command."""
        control.add("dnc.mark_register", self.mark)

    async def prepare(self) -> None:
        """Look for the first time, and from then on."""
        self._watching = asyncio.get_running_loop().create_task(self._watch())

    async def stop(self) -> None:
        """Look no more."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)

    def worry(self) -> tuple[str, Mapping[str, Any]]:
        """What is wrong, as a key with figures; an empty key: nothing."""
        if not self._old:
            return "", {}
        return "registers_old", {"names": ", ".join(each.list_name for each in self._old)}

    async def mark(
        self,
        list_id: int,
        name: Annotated[str, OneOf(("", *NAMES))],
        days: Annotated[int, Range(0, MOST_DAYS)] = 0,
    ) -> Mapping[str, Any]:
        """Say that a list is a national register (without ``name``: that it is none) -> ``days`` it may be old.

        ``days`` 0: what the law allows.
        """
        wanted: Mark | None = None
        if name:
            usual = USUAL_DAYS if name == OTHER else most_days(name)
            wanted = Mark(name, days or usual)
            if wanted.days > most_days(name):
                raise refuse(
                    "days", "register_age_looser", days=most_days(name), source=KNOWN[name].source.text
                )

        def work(conn: sqlite3.Connection) -> None:
            dnc.one(conn, list_id)
            if list_id == dnc.OPT_OUTS and wanted is not None:
                raise refuse("list_id", "opt_outs_no_register")
            register_ages.mark(conn, list_id, wanted)

        await self._context.store.do(work)
        await self._look()
        self._context.wake()
        return {"days": 0 if wanted is None else wanted.days}

    async def _watch(self) -> None:
        while True:
            try:
                await self._look()
            except StoreError as error:
                _log.warning("the age of registers is looked at later: %s", error)
            later = asyncio.Event()
            self._context.clock.call_later(LOOK_S, later.set)
            await later.wait()

    async def _look(self) -> None:
        now = self._context.clock.utc()
        found = await self._context.store.do(lambda conn: register_ages.ages(conn, now))
        old = tuple(each for each in found if each.too_old)
        if {each.list_id for each in old} - {each.list_id for each in self._old}:
            _log.warning("national registers too old: %s", ", ".join(each.list_name for each in old))
        self._old = old
