"""Commands for DNC lists: ``dnc.create|add|remove|import|load_register|delete|number``.

What cannot be read as a number comes back with its place (``numbers[0]`` is the first) while the good ones
are kept: a number somebody wants blocked must not wait for another's typing error. A beginning of numbers ends in
``*``. A register is made beside the one in use and takes its place in one transaction.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from firmware.commands.context import Context
from firmware.commands.imports import Imports, Kept, Progress, Work
from firmware.commands.lists import READER, ListName
from firmware.commands.texts import problem, refuse
from firmware.compliance.numbers import normalise
from firmware.control import Control
from firmware.model import Problem
from firmware.store import dnc, dnc_history
from firmware.store.number_file import opened
from firmware.store.store import StoreError
from firmware.typed import Length

if TYPE_CHECKING:
    import sqlite3

_log = logging.getLogger(__name__)

_MOST_NUMBERS = 20_000
_REGISTER_READER = "firmware.commands.register_reader"
_BEGINNING = re.compile(r"\+[1-9]\d{0,13}\*")
_SPACES = str.maketrans("", "", " -/()\u00a0")
Numbers = Annotated[list[Annotated[str, Length(0, 80)]], Length(0, _MOST_NUMBERS)]
Source = Annotated[str, Length(1, 80)]
Reason = Annotated[str, Length(0, 200)]


class DncCommands:
    """What an office manager does with DNC lists."""

    def __init__(self, context: Context, imports: Imports) -> None:
        self._context = context
        self._imports = imports
        self._purging: asyncio.Task[None] | None = None
        self._asked_again = False
        """Another list was deleted while one was being cleared away."""

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        control.add("dnc.create", self.create)
        control.add("dnc.add", self.add)
        control.add("dnc.remove", self.remove)
        control.add("dnc.import", self.import_)
        control.add("dnc.load_register", self.load_register)
        control.add("dnc.delete", self.delete)
        control.add("dnc.number", self.number)

    async def prepare(self) -> None:
        """At start: delete registers nobody refers to, and go on removing the entries of deleted lists."""
        folder, used = await self._context.store.do(_registers)
        for name in await asyncio.to_thread(_sweep, folder, used):
            _log.info("the register file %s belonged to no list and is gone", name)
        self._purge()

    async def stop(self) -> None:
        """Remove no further entries."""
        if self._purging is not None:
            self._purging.cancel()
            await asyncio.gather(self._purging, return_exceptions=True)

    async def create(self, name: ListName) -> Mapping[str, Any]:
        """A new, empty list -> ``id``."""
        now = self._context.clock.utc()
        return {"id": await self._context.store.do(lambda conn: dnc.create_list(conn, name, now))}

    async def add(
        self,
        list_id: int,
        numbers: Numbers,
        source: Source = "office",
        expires_at: float | None = None,
        who: Reason = "",
        why: Reason = "",
    ) -> Mapping[str, Any]:
        """Block numbers -> ``added`` (how many were new, or are blocked for longer), ``problems`` (no numbers)."""
        good, problems = self._read(numbers)
        now = self._context.clock.utc()
        if expires_at is not None and expires_at <= now:
            raise refuse("expires_at", "expiry_past")
        added = await self._context.store.do(
            lambda conn: dnc.add(conn, list_id, good, source, now, expires_at=expires_at, who=who, why=why)
        )
        return {"added": added, "problems": [asdict(found) for found in problems]}

    async def remove(
        self, list_id: int, numbers: Numbers, source: Source = "office", who: Reason = "", why: Reason = ""
    ) -> Mapping[str, Any]:
        """Unblock numbers -> ``removed``, ``problems``."""
        good, problems = self._read(numbers)
        now = self._context.clock.utc()
        removed = await self._context.store.do(
            lambda conn: dnc.remove(conn, list_id, good, source, now, who=who, why=why)
        )
        return {"removed": removed, "problems": [asdict(found) for found in problems]}

    async def import_(
        self,
        list_id: int,
        path: str,
        mapping: Mapping[str, str] | None = None,
        country: str = "",
        who: Reason = "",
    ) -> Mapping[str, Any]:
        """Block every number of an upload -> ``job``; without a ``mapping`` the number's column is guessed."""
        found = await self._list(list_id)
        sink = _Blocked(self._context, found, who)
        work = Work(READER, {"mapping": mapping or {}, "country": self._country(country)})
        return {"job": await self._imports.begin(sink, "dnc", found.name, path, work)}

    async def load_register(
        self,
        list_id: int,
        path: str,
        mapping: Mapping[str, str] | None = None,
        country: str = "",
        keep: bool = False,
        who: Reason = "",
        why: Reason = "",
    ) -> Mapping[str, Any]:
        """Make an upload of millions of numbers the list's register -> ``job``.

        ``keep``: the numbers of the register before stay; else these are all. The old one is asked until the new one
        is complete and safe on the disk.
        """
        found = await self._list(list_id)
        folder = await self._context.store.do(dnc.registers)
        await asyncio.to_thread(folder.mkdir, mode=0o750, exist_ok=True)
        target = folder / f"{list_id}-{secrets.token_hex(6)}.numbers"
        order = {
            "mapping": mapping or {},
            "country": self._country(country),
            "target": str(target),
            "base": found.register if keep else "",
        }
        sink = _Register(self._context, found, target, who, why)
        work = Work(_REGISTER_READER, order)
        return {"job": await self._imports.begin(sink, "dnc", found.name, path, work)}

    async def delete(self, id: int, who: Reason = "") -> None:  # noqa: A002
        """Forget a list no campaign asks; its entries go little by little, its history stays."""
        now = self._context.clock.utc()
        folder = await self._context.store.do(dnc.registers)
        left = await self._context.store.do(lambda conn: dnc.delete_list(conn, id, now, who=who))
        await _forget(folder, left)
        self._purge()

    async def number(self, number: str) -> Mapping[str, Any]:
        """What is known of one number -> ``number, lists`` (that block it now), ``events`` (all there ever were)."""
        stored = normalise(number, self._context.config.box.country)
        if isinstance(stored, Problem):
            raise refuse("number", "no_number", text=number[:40])
        now = self._context.clock.utc()
        lists, events = await self._context.store.do(
            lambda conn: (dnc.look_up(conn, stored, now), dnc_history.of_number(conn, stored))
        )
        return {
            "number": stored,
            "lists": [{"id": found.id, "name": found.name} for found in lists],
            "events": [asdict(event) for event in events],
        }

    def _country(self, given: str) -> str:
        return given or self._context.config.box.country

    async def _list(self, list_id: int) -> dnc.DncList:
        lists = await self._context.store.do(dnc.lists)
        found = next((each for each in lists if each.id == list_id), None)
        if found is None:
            raise refuse("list_id", "dnc_list_unknown", id=list_id)
        return found

    def _read(self, numbers: Sequence[str]) -> tuple[list[str], list[Problem]]:
        country = self._context.config.box.country
        read = [_number(text, country) for text in numbers]
        good = [number for number in read if isinstance(number, str)]
        problems = [
            replace(found, where=f"numbers[{at}]")
            for at, found in enumerate(read)
            if isinstance(found, Problem)
        ]
        return good, problems

    def _purge(self) -> None:
        self._asked_again = True
        if self._purging is None or self._purging.done():
            self._purging = asyncio.get_running_loop().create_task(self._purge_all())

    async def _purge_all(self) -> None:
        try:
            while self._asked_again:
                self._asked_again = False
                while await self._context.store.do(dnc.purge):
                    pass
        except StoreError as error:
            _log.warning("entries of deleted DNC lists are left for later: %s", error)


class _Blocked:
    """The sink of a DNC list. What is blocked stays blocked, however the import ends."""

    def __init__(self, context: Context, found: dnc.DncList, who: str) -> None:
        self._context, self._list_id, self._who = context, found.id, who
        self._source = f"file for {found.name}"

    async def begin(self) -> int:
        """The list exists already."""
        return self._list_id

    async def store(self, rows: Sequence[Sequence[Any]]) -> Kept:
        """Block a portion."""
        now, numbers = self._context.clock.utc(), [f"+{row[0]}" for row in rows]
        return Kept(
            await self._context.store.do(
                lambda conn: dnc.load(conn, self._list_id, numbers, self._source, now, who=self._who)
            )
        )

    async def complete(self, progress: Progress) -> None:
        """Nothing is left to do."""

    async def drop(self) -> None:
        """Nothing is taken back: erring on the side of not calling."""


class _Register:
    """The sink of a register: the reader makes the file, here it takes its place."""

    def __init__(self, context: Context, found: dnc.DncList, target: Path, who: str, why: str) -> None:
        self._context, self._found, self._target = context, found, target
        self._who, self._why = who, why

    async def begin(self) -> int:
        """The list exists already."""
        return self._found.id

    async def store(self, rows: Sequence[Sequence[Any]]) -> Kept:
        """Nothing comes this way."""
        raise AssertionError(f"{len(rows)} rows of a register came by the store")

    async def complete(self, progress: Progress) -> None:
        """From now on this register is asked; the one before is deleted."""
        deed = dnc.Deed(self._context.clock.utc(), "register", self._who, self._why)
        left = await self._context.store.do(
            lambda conn: dnc.set_register(conn, self._found.id, self._target.name, deed)
        )
        _log.info("dnc list=%d register=%s numbers=%d", self._found.id, self._target.name, progress.new)
        await _forget(self._target.parent, left)

    async def drop(self) -> None:
        """The list keeps the register it has."""
        for leftover in self._target.parent.glob(f"{self._target.name}*"):
            await asyncio.to_thread(leftover.unlink, missing_ok=True)


def _number(text: str, country: str) -> str | Problem:
    plain = text.strip()
    if not plain.endswith(dnc.PREFIX_MARK):
        return normalise(text, country)
    plain = plain.translate(_SPACES)
    return plain if _BEGINNING.fullmatch(plain) else problem("", "beginning_malformed", text=text[:40])


def _registers(conn: sqlite3.Connection) -> tuple[Path, set[str]]:
    return dnc.registers(conn), {Path(found.register).name for found in dnc.lists(conn) if found.register}


def _sweep(folder: Path, used: set[str]) -> list[str]:
    stale = [file for file in folder.glob("*") if file.is_file() and file.name not in used]
    for file in stale:
        file.unlink(missing_ok=True)
    return [file.name for file in stale]


async def _forget(folder: Path, name: str) -> None:
    """Delete a register that is asked no more; one kept open would keep its room on the disk."""
    if name:
        opened.cache_clear()
        await asyncio.to_thread((folder / name).unlink, missing_ok=True)
