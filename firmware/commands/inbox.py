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
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firmware.commands.context import Context
from firmware.commands.imports import Imports, Work
from firmware.commands.list_sinks import Filling
from firmware.commands.lists import READER
from firmware.model import OperatorError
from firmware.store import contacts, mappings
from firmware.store.store import StoreError

_log = logging.getLogger(__name__)

LOOK_S = 1.0
SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".xlsx"})
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
        before, self._sizes = self._sizes, await asyncio.to_thread(lambda: dict(_files(self.folder)))
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
        upload = self._context.config.paths.uploads / secrets.token_hex(16)
        await asyncio.to_thread(file.replace, upload)
        try:
            job = await self._begin(delivery, upload)
        except OperatorError as refused:
            if {problem.key for problem in refused.problems} <= {"imports_busy", "disk_nearly_full"}:
                await asyncio.to_thread(upload.replace, file)
                return False
            await asyncio.to_thread(_refuse, upload, file, refused)
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
        return await kept_mapping(self._context, self._imports, upload, wanted)


async def kept_mapping(
    context: Context, imports: Imports, upload: Path, names: Sequence[str]
) -> tuple[Mapping[str, str], str]:
    """The first kept mapping of these names, without those of its columns the file does not have; else none, and it
    is guessed. With it the country of its numbers, empty where it names none."""
    kept = {each.name.casefold(): each for each in await context.store.do(mappings.every)}
    found = next((kept[name.casefold()] for name in names if name.casefold() in kept), None)
    if found is None:
        return {}, ""
    seen: dict[str, Any] = (await imports.ask(READER, str(upload), {"preview": True}))["preview"]
    return {r: c for r, c in found.mapping.items() if c in seen["columns"]}, found.country


def _files(folder: Path) -> Iterator[tuple[str, int]]:
    for file in sorted(folder.iterdir()):
        wanted = file.suffix.lower() in SUFFIXES and not file.name.startswith(".")
        if wanted and file.is_file() and not file.is_symlink():
            yield file.name, file.stat().st_size


def _delivery(file: Path) -> _Delivery:
    name, _, mapping = file.stem.partition("@")
    printable = "".join(c for c in name if c.isprintable()).strip()
    return _Delivery(printable[:_LONGEST_NAME] or WHO, mapping.strip())


def _refuse(upload: Path, file: Path, refused: OperatorError) -> None:
    folder = file.parent / "refused"
    folder.mkdir(exist_ok=True)
    upload.replace(folder / file.name)
    why = "\n".join(problem.text for problem in refused.problems)
    (folder / f"{file.name}.why.txt").write_text(why + "\n", encoding="utf-8")
