"""Commands for contact lists: ``list.preview|import|cancel_import|delete``.

A new list is filled out of sight and shown when it is complete; rows for an existing list count as they
come (bringing the same file again adds nothing twice). How an import runs is ``imports``', what a file
contains ``firmware.campaigns.importer``'s.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from firmware.campaigns.importer import preview
from firmware.commands.context import Context
from firmware.commands.imports import Imports, Kept, Progress, Work
from firmware.commands.texts import refuse
from firmware.control import Control
from firmware.model import ContactListId
from firmware.store import contacts
from firmware.store.store import StoreError
from firmware.typed import Length, Matches

if TYPE_CHECKING:
    import sqlite3

_log = logging.getLogger(__name__)

READER = "firmware.commands.reader"
ListName = Annotated[str, Length(1, 120), Matches(r"[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*", "printable text")]


class ListCommands:
    """What an office manager does with contact lists."""

    def __init__(self, context: Context, imports: Imports) -> None:
        self._context = context
        self._imports = imports
        self._purging: asyncio.Task[None] | None = None

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        control.add("list.preview", self.preview)
        control.add("list.import", self.import_)
        control.add("list.cancel_import", self.cancel_import)
        control.add("list.delete", self.delete)

    async def prepare(self) -> None:
        """At start: give up lists whose import died with the service, and go on removing deleted ones."""
        now = self._context.clock.utc()
        dropped = await self._context.store.do(lambda conn: contacts.drop_begun(conn, now))
        if dropped:
            _log.warning("%d imports were under way when the box stopped; their lists are gone", dropped)
        self._purge()

    async def stop(self) -> None:
        """Remove no further rows."""
        if self._purging is not None:
            self._purging.cancel()
            await asyncio.gather(self._purging, return_exceptions=True)

    async def preview(self, path: str) -> Mapping[str, Any]:
        """Look at an upload -> ``encoding, delimiter, header, columns, rows, mapping`` (role to column name)."""
        upload = self._imports.upload(path)
        return asdict(await asyncio.to_thread(preview, upload))

    async def import_(
        self,
        path: str,
        name: ListName,
        mapping: Mapping[str, str],
        country: str = "",
        list_id: ContactListId | None = None,
    ) -> Mapping[str, Any]:
        """Begin an import into a new list, or into ``list_id`` -> ``job``; ``import`` events follow."""
        sink = _Contacts(self._context, name, list_id)
        await sink.check()
        work = Work(READER, {"mapping": mapping, "country": country or self._context.config.box.country})
        return {"job": await self._imports.begin(sink, "contacts", name, path, work)}

    async def cancel_import(self, job: str) -> None:
        """End an import; a new list goes away, rows added to an existing one stay."""
        self._imports.cancel(job)

    async def delete(self, id: ContactListId) -> None:  # noqa: A002
        """Take a list out of use at once; its rows are removed little by little."""
        now = self._context.clock.utc()
        await self._context.store.do(lambda conn: contacts.delete_list(conn, id, now))
        self._purge()

    def _purge(self) -> None:
        if self._purging is None or self._purging.done():
            self._purging = asyncio.get_running_loop().create_task(self._purge_all())

    async def _purge_all(self) -> None:
        try:
            while await self._context.store.do(contacts.purge):
                pass
        except StoreError as error:
            _log.warning("rows of deleted lists are left for later: %s", error)


class _Contacts:
    """The sink of a contact list."""

    def __init__(self, context: Context, name: str, existing: ContactListId | None) -> None:
        self._context, self._name, self._existing = context, name, existing
        self._list_id: ContactListId | None = existing

    async def check(self) -> None:
        """Refuse a list that does not exist, before anything begins."""
        existing = self._existing
        if existing is None:
            return
        if not await self._context.store.do(lambda conn: contacts.exists(conn, existing)):
            raise refuse("list_id", "list_unknown", id=existing)

    async def begin(self) -> int:
        """A list out of sight, or the existing one."""
        if self._list_id is None:
            now = self._context.clock.utc()
            self._list_id = await self._context.store.do(
                lambda conn: contacts.begin_list(conn, self._name, now)
            )
        return self._list_id

    async def store(self, rows: Sequence[Sequence[Any]]) -> Kept:
        """Add contacts; numbers the list already has are passed over."""
        list_id = self._present()

        def work(conn: sqlite3.Connection) -> Kept:
            new = (contacts.NewContact(r[0], r[1], tuple(r[2]), r[3], r[4]) for r in rows)
            return Kept(contacts.add(conn, list_id, new).new)

        return await self._context.store.do(work)

    async def complete(self, progress: Progress) -> None:
        """Show the list, and remember what the import did."""
        list_id, now = self._present(), self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> None:
            if self._existing is None:
                contacts.show_list(conn, list_id)
            contacts.record_import(
                conn,
                list_id,
                self._name,
                rows=progress.rows,
                new=progress.new,
                duplicate=progress.duplicate,
                damaged=progress.damaged,
                report=progress.report,
                now=now,
            )

        await self._context.store.do(work)
        await self._context.campaigns_changed()

    async def drop(self) -> None:
        """A new list goes away."""
        if self._existing is None and self._list_id is not None:
            list_id, now = self._list_id, self._context.clock.utc()
            await self._context.store.do(lambda conn: contacts.drop_begun(conn, now, list_id))

    def _present(self) -> ContactListId:
        assert self._list_id is not None, "begin comes first"
        return self._list_id
