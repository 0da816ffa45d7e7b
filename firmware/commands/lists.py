"""Commands for contact lists: ``list.preview|import|cancel_import|undo_import|export|delete``, ``mapping.save|forget``.

Where the rows of a file go is ``list_sinks``', how an import runs ``imports``', what a file contains
``firmware.campaigns.importer``'s.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import sys
from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any

from firmware.commands.context import Context
from firmware.commands.imports import Imports, Work
from firmware.commands.list_sinks import Filling, Looking, must_exist
from firmware.commands.texts import refuse
from firmware.commands.workbook_writer import MOST_ROWS
from firmware.control import Control
from firmware.model import ContactListId
from firmware.store import contacts, list_imports, mappings
from firmware.store.mappings import SavedMapping
from firmware.store.store import StoreError
from firmware.typed import Length, Matches

_log = logging.getLogger(__name__)

READER = "firmware.commands.reader"
_EXPORTER = (sys.executable, "-m", "firmware.commands.exporter")
ListName = Annotated[str, Length(1, 120), Matches(r"[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*", "printable text")]


class ListCommands:
    """What an office manager does with contact lists."""

    def __init__(self, context: Context, imports: Imports) -> None:
        self._context = context
        self._imports = imports
        self._purging: asyncio.Task[None] | None = None
        self._asked_again = False
        """Something to clear away came up while clearing away."""

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        control.add("list.preview", self.preview)
        control.add("list.import", self.import_)
        control.add("list.cancel_import", self.cancel_import)
        control.add("list.undo_import", self.undo_import)
        control.add("list.export", self.export)
        control.add("mapping.save", self.save_mapping)
        control.add("mapping.forget", self.forget_mapping)
        control.add("list.delete", self.delete)

    async def prepare(self) -> None:
        """At start: give up lists whose import died with the service, and go on removing deleted ones."""
        now = self._context.clock.utc()
        dropped = await self._context.store.do(lambda conn: contacts.drop_begun(conn, now))
        broken = await self._context.store.do(list_imports.break_off)
        if broken:
            _log.warning(
                "%d imports were under way when the box stopped; %d new lists are gone", broken, dropped
            )
        self._purge()

    async def stop(self) -> None:
        """Remove no further rows."""
        if self._purging is not None:
            self._purging.cancel()
            await asyncio.gather(self._purging, return_exceptions=True)

    async def preview(self, path: str) -> Mapping[str, Any]:
        """Look at an upload -> ``encoding, delimiter, header, columns, rows, types, mapping`` (role to column name)."""
        seen: Mapping[str, Any] = (await self._imports.ask(READER, path, {"preview": True}))["preview"]
        return seen

    async def import_(
        self,
        path: str,
        name: ListName,
        mapping: Mapping[str, str],
        country: str = "",
        list_id: ContactListId | None = None,
        update: bool = False,
        over_desk: bool = False,
        dry: bool = False,
        who: str = "",
    ) -> Mapping[str, Any]:
        """Begin an import into a new list, or into ``list_id`` -> ``job``; ``import`` events follow.

        ``update``: what the file says of contacts the list has takes its place, but for what agents have changed at
        their desks, unless ``over_desk``. ``dry``: only look what would happen.
        """
        sink: Filling | Looking = Looking(self._context, list_id, update=update, over_desk=over_desk)
        if not dry:
            sink = Filling(self._context, name, list_id, update=update, over_desk=over_desk, who=who)
        await sink.check()
        order = {"mapping": mapping, "country": country or self._context.config.box.country}
        work = Work(READER, {**order, "now": self._context.clock.utc()})
        return {
            "job": await self._imports.begin(sink, "contacts", name, path, work, dry=dry, over_desk=over_desk)
        }

    async def cancel_import(self, job: str) -> None:
        """End an import; a new list goes away, rows added to an existing one stay."""
        self._imports.cancel(job)

    async def undo_import(self, import_id: int) -> None:
        """Take an import back: contacts not yet called go, others stay; changed ones become what they were."""
        now = self._context.clock.utc()
        await self._context.store.do(lambda conn: list_imports.begin_undo(conn, import_id, now))
        self._purge()

    async def export(
        self, list_id: ContactListId, language: str = "", workbook: bool = False
    ) -> Mapping[str, Any]:
        """Write a list to a CSV file or a workbook among the reports -> ``file`` (its name), ``contacts``."""
        await must_exist(self._context, list_id)
        count = (await self._context.store.do(lambda conn: contacts.counts(conn, list_id))).contacts
        if workbook and count >= MOST_ROWS:
            raise refuse("list_id", "too_many_for_workbook", most=MOST_ROWS - 1)
        if not self._context.room():
            raise refuse("list_id", "disk_nearly_full")
        config = self._context.config
        target = config.paths.reports / f"export-{secrets.token_hex(8)}.{'xlsx' if workbook else 'csv'}"
        order = {
            "database": str(config.paths.database),
            "list_id": list_id,
            "target": str(target),
            "language": language or config.box.language,
            "workbook": workbook,
        }
        process = await asyncio.create_subprocess_exec(
            *_EXPORTER, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, start_new_session=True
        )
        told, _ = await process.communicate(json.dumps(order).encode() + b"\n")
        if process.returncode:
            raise refuse("list_id", "export_failed")
        return {"file": target.name, **json.loads(told)}

    async def save_mapping(
        self, name: ListName, mapping: Mapping[str, str], country: str = "", who: str = ""
    ) -> None:
        """Keep a mapping by name, in the place of one of that name."""
        now = self._context.clock.utc()
        kept = SavedMapping(name.strip(), mapping, country[:2].upper(), now, who)
        await self._context.store.do(lambda conn: mappings.save(conn, kept))

    async def forget_mapping(self, name: str) -> None:
        """Forget a mapping."""
        if not await self._context.store.do(lambda conn: mappings.forget(conn, name)):
            raise refuse("name", "mapping_unknown")

    async def delete(self, id: ContactListId) -> None:  # noqa: A002
        """Take a list out of use at once; its rows are removed little by little."""
        now = self._context.clock.utc()
        await self._context.store.do(lambda conn: contacts.delete_list(conn, id, now))
        self._purge()

    def _purge(self) -> None:
        self._asked_again = True
        if self._purging is None or self._purging.done():
            self._purging = asyncio.get_running_loop().create_task(self._purge_all())

    async def _purge_all(self) -> None:
        try:
            while self._asked_again:
                self._asked_again = False
                for import_id in await self._context.store.do(list_imports.undoing):
                    while await self._context.store.do(partial(list_imports.undo_some, import_id=import_id)):
                        pass
                while await self._context.store.do(contacts.purge):
                    pass
        except StoreError as error:
            _log.warning("rows of deleted lists are left for later: %s", error)
