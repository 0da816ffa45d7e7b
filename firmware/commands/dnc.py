"""Commands for DNC lists: ``dnc.create|add|remove|import|delete``.

What cannot be read as a number comes back with its place (``numbers[0]`` is the first) while the good ones
are kept: a number somebody wants blocked must not wait for another's typing error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Annotated, Any

from firmware.commands.context import Context
from firmware.commands.imports import Imports, Progress
from firmware.commands.lists import ListName
from firmware.commands.texts import refuse
from firmware.compliance.numbers import normalise
from firmware.control import Control
from firmware.model import Problem
from firmware.store import dnc
from firmware.typed import Length

_MOST_NUMBERS = 20_000
Numbers = Annotated[list[Annotated[str, Length(0, 80)]], Length(0, _MOST_NUMBERS)]
Source = Annotated[str, Length(1, 80)]


class DncCommands:
    """What an office manager does with DNC lists."""

    def __init__(self, context: Context, imports: Imports) -> None:
        self._context = context
        self._imports = imports

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        control.add("dnc.create", self.create)
        control.add("dnc.add", self.add)
        control.add("dnc.remove", self.remove)
        control.add("dnc.import", self.import_)
        control.add("dnc.delete", self.delete)

    async def create(self, name: ListName) -> Mapping[str, Any]:
        """A new, empty list -> ``id``."""
        now = self._context.clock.utc()
        return {"id": await self._context.store.do(lambda conn: dnc.create_list(conn, name, now))}

    async def add(self, list_id: int, numbers: Numbers, source: Source = "office") -> Mapping[str, Any]:
        """Block numbers -> ``added`` (how many were new), ``problems`` (those that are no numbers)."""
        good, problems = self._read(numbers)
        now = self._context.clock.utc()
        added = await self._context.store.do(lambda conn: dnc.add(conn, list_id, good, source, now))
        return {"added": added, "problems": [asdict(found) for found in problems]}

    async def remove(self, list_id: int, numbers: Numbers, source: Source = "office") -> Mapping[str, Any]:
        """Unblock numbers -> ``removed``, ``problems``."""
        good, problems = self._read(numbers)
        now = self._context.clock.utc()
        removed = await self._context.store.do(lambda conn: dnc.remove(conn, list_id, good, source, now))
        return {"removed": removed, "problems": [asdict(found) for found in problems]}

    async def import_(
        self, list_id: int, path: str, mapping: Mapping[str, str] | None = None, country: str = ""
    ) -> Mapping[str, Any]:
        """Block every number of an upload -> ``job``; without a ``mapping`` the number's column is guessed."""
        name = await self._name(list_id)
        where = country or self._context.config.box.country
        sink = _Blocked(self._context, list_id, name)
        return {"job": await self._imports.begin(sink, "dnc", name, path, mapping or {}, where)}

    async def delete(self, id: int) -> None:  # noqa: A002
        """Forget a list no campaign asks."""
        now = self._context.clock.utc()
        await self._context.store.do(lambda conn: dnc.delete_list(conn, id, now))

    async def _name(self, list_id: int) -> str:
        lists = await self._context.store.do(dnc.lists)
        name = next((found.name for found in lists if found.id == list_id), None)
        if name is None:
            raise refuse("list_id", "dnc_list_unknown", id=list_id)
        return name

    def _read(self, numbers: Sequence[str]) -> tuple[list[str], list[Problem]]:
        country = self._context.config.box.country
        read = [normalise(text, country) for text in numbers]
        good = [number for number in read if isinstance(number, str)]
        problems = [
            replace(found, where=f"numbers[{at}]")
            for at, found in enumerate(read)
            if isinstance(found, Problem)
        ]
        return good, problems


class _Blocked:
    """The sink of a DNC list. What is blocked stays blocked, however the import ends."""

    def __init__(self, context: Context, list_id: int, name: str) -> None:
        self._context, self._list_id, self._source = context, list_id, f"file for {name}"

    async def begin(self) -> int:
        """The list exists already."""
        return self._list_id

    async def store(self, rows: Sequence[Sequence[Any]]) -> int:
        """Block a portion."""
        now, numbers = self._context.clock.utc(), [row[0] for row in rows]
        return await self._context.store.do(
            lambda conn: dnc.load(conn, self._list_id, numbers, self._source, now)
        )

    async def complete(self, progress: Progress) -> None:
        """Nothing is left to do."""

    async def drop(self) -> None:
        """Nothing is taken back: erring on the side of not calling."""
