"""The watched folder: a file another system puts into ``inbox`` beside the uploads is imported within seconds.

The file's name says where to: ``Spring.csv`` goes into the contact list “Spring” (a new one if there is none),
``Spring@CRM.xlsx`` does so by the kept mapping “CRM”; without one, a mapping with the list's name or the guess is
used. A file counts as delivered when it has not grown between two looks; one whose name begins with a dot or ends in
``.part`` is still being written. What cannot be imported is moved to ``inbox/refused`` with the reasons beside it. Who
may write there is the operating system's to say.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from firmware.commands import deliveries
from firmware.commands.context import Context
from firmware.commands.imports import Imports, Work
from firmware.commands.list_sinks import Filling
from firmware.commands.lists import READER
from firmware.model import OperatorError
from firmware.store import contacts
from firmware.store.store import StoreError

_log = logging.getLogger(__name__)

LOOK_S = 1.0
WHO = "inbox"
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class _Delivery:
    """Where a file goes, as its name says."""

    list_name: str
    mapping: str


class Inbox:
    """Looks into the folder again and again."""

    def __init__(self, context: Context, imports: Imports) -> None:
        self._context, self._imports = context, imports
        self.folder = context.config.paths.state / "inbox"
        self._sizes: dict[str, int] = {}
        """The files of the last look."""
        self._jobs: dict[str, str] = {}
        """The latest import into each list: the next file for it waits, so that both go into the same one."""
        self._task: asyncio.Task[None] | None = None

    async def prepare(self) -> None:
        """Make the folder and begin to look."""
        await asyncio.to_thread(self.folder.mkdir, mode=0o770, parents=True, exist_ok=True)
        self._task = asyncio.get_running_loop().create_task(self._go_on())

    async def stop(self) -> None:
        """Look no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def look(self) -> int:
        """Import what has been delivered since the last look; returns how many imports began."""
        before, self._sizes = self._sizes, await asyncio.to_thread(_sizes, self.folder)
        begun = 0
        for name, size in self._sizes.items():
            if before.get(name) == size:
                begun += await self._take(self.folder / name)
        return begun

    async def _go_on(self) -> None:
        while True:
            try:
                await self.look()
            except (OSError, StoreError) as error:
                _log.warning("the inbox %s: %s", self.folder, error)
            later = asyncio.Event()
            self._context.clock.call_later(LOOK_S, later.set)
            await later.wait()

    async def _take(self, file: Path) -> bool:
        """Begin one import; the file is moved among the uploads, where nobody outside can change it any more."""
        delivery = _delivery(file)
        if self._imports.is_running(self._jobs.get(delivery.list_name, "")):
            return False
        upload = await deliveries.take(file, self._context.config.paths.uploads)
        try:
            job = await self._begin(delivery, upload)
        except OperatorError as refused:
            if not await deliveries.give_back(upload, file, refused):
                _log.warning("inbox: %s refused: %s", file.name, refused)
            return False
        self._jobs = {n: j for n, j in self._jobs.items() if self._imports.is_running(j)}
        self._jobs[delivery.list_name] = job
        _log.info("inbox: %s is import=%s", file.name, job)
        return True

    async def _begin(self, delivery: _Delivery, upload: Path) -> str:
        list_id = await self._context.store.do(lambda conn: contacts.named(conn, delivery.list_name))
        mapping, country = await self._mapping(delivery, upload)
        sink = Filling(self._context, delivery.list_name, list_id, who=WHO)
        order = {"mapping": mapping, "country": country or self._context.config.box.country}
        work = Work(READER, {**order, "now": self._context.clock.utc()})
        return await self._imports.begin(sink, "contacts", delivery.list_name, str(upload), work)

    async def _mapping(self, delivery: _Delivery, upload: Path) -> tuple[Mapping[str, str], str]:
        wanted = (delivery.mapping or delivery.list_name,)
        return await deliveries.kept_mapping(self._context, self._imports, upload, wanted)


def _sizes(folder: Path) -> dict[str, int]:
    return {file.name: file.stat().st_size for file in deliveries.files(folder)}


def _delivery(file: Path) -> _Delivery:
    name, _, mapping = file.stem.partition("@")
    printable = "".join(c for c in name if c.isprintable()).strip()
    return _Delivery(printable[:_LONGEST_NAME] or WHO, mapping.strip())
