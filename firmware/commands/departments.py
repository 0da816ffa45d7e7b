"""Commands for departments: ``department.create|rename|remove|move``. Who belongs to which is told with ``user.*``.

Only people of the whole box give them. Moving a thing takes what hangs on it along: a campaign its attempts, a contact
list its contacts. Who loses sight of it loses it at the next request.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from firmware.commands.context import Context
from firmware.control import Control
from firmware.model import DepartmentId, Owned
from firmware.store import departments
from firmware.typed import Length, Matches

if TYPE_CHECKING:
    import sqlite3

Name = Annotated[str, Length(1, 80), Matches(r"[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*", "printable text")]
Who = Annotated[str, Length(0, 80)]
Queue = Annotated[str, Length(0, 32)]


class DepartmentCommands:
    """What there is, and what belongs to it."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        for name in ("create", "rename", "remove", "move"):
            control.add(f"department.{name}", getattr(self, name))

    async def create(self, name: Name, by: Who = "") -> Mapping[str, Any]:
        """Found one -> ``id``."""
        now = self._context.clock.utc()
        made = await self._context.store.do(lambda conn: departments.create(conn, name.strip(), by, now))
        return {"id": made}

    async def rename(self, id: DepartmentId, name: Name) -> None:  # noqa: A002
        """Give it another name."""
        await self._context.store.do(lambda conn: departments.rename(conn, id, name.strip()))

    async def remove(self, id: DepartmentId) -> None:  # noqa: A002
        """Close one that nobody and nothing belongs to any more."""
        await self._context.store.do(lambda conn: departments.remove(conn, id))

    async def move(
        self,
        kind: Owned,
        object: int | None = None,  # noqa: A002
        queue: Queue = "",
        department: DepartmentId | None = None,
    ) -> None:
        """Let a thing belong to a department; without one to the whole box. A queue is told by its name."""
        key: int | str = queue if kind is Owned.QUEUE else object or 0

        def work(conn: sqlite3.Connection) -> None:
            departments.put_thing(conn, kind, key, department)

        await self._context.store.do(work)
