"""Commands about the log of changes: ``audit.entries|verify``. Nothing here writes it; the commands' one door does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from firmware.commands.context import Context
from firmware.control import Control
from firmware.model import UserId
from firmware.store import audit
from firmware.typed import Length, Matches, Range

if TYPE_CHECKING:
    import sqlite3

Noun = Annotated[str, Matches("[a-z_]{0,40}", "the first part of a command's name")]


class AuditCommands:
    """Who changed what."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        for name in ("entries", "verify"):
            control.add(f"audit.{name}", getattr(self, name))

    async def entries(
        self,
        user_id: UserId | None = None,
        noun: Noun = "",
        object_id: Annotated[str, Length(0, 80)] = "",
        since: float = 0.0,
        until: float | None = None,
        before: int | None = None,
        most: Annotated[int, Range(1, audit.MOST)] = 100,
    ) -> Mapping[str, Any]:
        """The newest entries that fit -> ``entries`` (newest first), ``more``; ``people``, ``nouns`` to choose from.

        ``before`` goes on where the last answer ended: the place (``seq``) of its last entry.
        """
        choice = audit.Choice(user_id, noun, object_id, since, until, before)

        def work(conn: sqlite3.Connection) -> Mapping[str, Any]:
            found = audit.entries(conn, choice, most)
            return {
                "entries": [_told(each) for each in found],
                "more": len(found) == most,
                "people": [{"id": number, "name": name} for number, name in audit.actors(conn)],
                "nouns": audit.nouns(conn),
            }

        return await self._context.store.do(work)

    async def verify(
        self, noted: Annotated[str, Matches("(?:[0-9a-f]{64})?", "a head")] = ""
    ) -> Mapping[str, Any]:
        """Read the whole log -> ``checked, head, fault, seq, floor`` (``firmware.store.audit.Verdict``)."""
        return asdict(await self._context.store.do(lambda conn: audit.verify(conn, noted)))


def _told(kept: audit.Kept) -> Mapping[str, Any]:
    """An entry as one flat object."""
    plain = asdict(kept.entry)
    return {"seq": kept.seq, "hash": kept.hash, **plain.pop("actor"), **plain}
