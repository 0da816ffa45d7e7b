"""Bundles this box knows of: the one that was uploaded, those on sticks that are plugged in. Looked into once each.

An uploaded file is taken over from the pages' folder into ``update/`` of the state, where nobody else writes; there is
one at a time. Sticks are mounted read-only by a unit of the image; nothing on them is ever installed by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firmware.model import OperatorError, Problem
from firmware.update import rauc
from firmware.update.rauc import Place
from firmware.update.rules import Bundle, ThisBox, refusals

ENDING = ".raucb"
MOST_PER_STICK = 20
_Stamp = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Looked:
    """One file and what it is, or why it is nothing."""

    file: Path
    size: int
    on_stick: bool
    bundle: Bundle | None
    against: tuple[Problem, ...]
    """Everything that stands against installing it, but for calls under way."""

    def plain(self) -> Mapping[str, Any]:
        """As the page gets it."""
        bundle = self.bundle
        return {
            "file": str(self.file),
            "name": self.file.name,
            "size": self.size,
            "on_stick": self.on_stick,
            "version": bundle.version if bundle else "",
            "board": bundle.compatible if bundle else "",
            "built": bundle.built if bundle else "",
            "signer": bundle.signer if bundle else "",
            "against": [plain(each) for each in self.against],
        }


class Shelf:
    """What lies ready. ``folder`` is the service's own."""

    def __init__(self, folder: Path, place: Place) -> None:
        self._folder, self._place = folder, place
        self._seen: dict[Path, tuple[_Stamp, Looked]] = {}
        self._one = asyncio.Lock()

    async def take(self, upload: Path, name: str) -> Path:
        """Take over an uploaded file in place of the one before; its new path."""

        def work() -> Path:
            self._folder.mkdir(exist_ok=True)
            file = self._folder / f"{Path(name).name.removesuffix(ENDING)[:100] or 'update'}{ENDING}"
            upload.replace(file)
            for other in self._folder.glob(f"*{ENDING}"):
                if other != file:
                    other.unlink()
            return file

        return await asyncio.to_thread(work)

    async def drop(self) -> None:
        """Delete what was uploaded."""

        def work() -> None:
            for file in self._folder.glob(f"*{ENDING}"):
                file.unlink()

        await asyncio.to_thread(work)

    async def bundles(self, box: ThisBox) -> list[Looked]:
        """All of them, looked into as far as they are new."""
        async with self._one:
            found = await asyncio.to_thread(lambda: list(self._files()))
            self._seen = {file: self._seen[file] for file, *_ in found if file in self._seen}
            for file, stamp, on_stick in found:
                if file not in self._seen or self._seen[file][0] != stamp:
                    self._seen[file] = (stamp, await self._look(file, stamp[0], on_stick, box))
            return [self._seen[file][1] for file, *_ in found]

    async def _look(self, file: Path, size: int, on_stick: bool, box: ThisBox) -> Looked:
        try:
            bundle = await rauc.look_into(file, self._place.keyring)
        except OperatorError as refused:
            return Looked(file, size, on_stick, None, refused.problems)
        return Looked(file, size, on_stick, bundle, tuple(refusals(bundle, box, 0, force=False)))

    def _files(self) -> Iterator[tuple[Path, _Stamp, bool]]:
        yield from self._in(self._folder, False)
        with contextlib.suppress(OSError):
            for stick in sorted(self._place.sticks.iterdir()):
                yield from self._in(stick, True)

    @staticmethod
    def _in(folder: Path, on_stick: bool) -> Iterator[tuple[Path, _Stamp, bool]]:
        """A stick may be pulled out while it is looked at."""
        with contextlib.suppress(OSError):
            for file in sorted(folder.glob(f"*{ENDING}"))[:MOST_PER_STICK]:
                if file.is_file() and not file.is_symlink():
                    state = file.stat()
                    yield file, (state.st_size, state.st_mtime_ns), on_stick


def plain(found: Problem) -> dict[str, Any]:
    """A problem as the control socket carries it."""
    return {"where": found.where, "key": found.key, "text": found.text, "figures": dict(found.figures)}
