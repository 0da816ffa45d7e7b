"""Files that other systems put into a folder of the box: what counts as one, how it is taken and where it is put aside.

For the watched folder (``inbox``) and for files that wait for a schedule (``schedules``).
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from firmware.commands.context import Context
from firmware.commands.imports import Imports
from firmware.commands.lists import READER
from firmware.model import OperatorError
from firmware.store import mappings

SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".xlsx"})
_PASSES = frozenset({"imports_busy", "disk_nearly_full"})


def files(folder: Path) -> Iterator[Path]:
    """The files delivered there by name. A link or a folder is none, nor is what is still being written."""
    for file in sorted(folder.iterdir()):
        wanted = file.suffix.lower() in SUFFIXES and not file.name.startswith(".")
        if wanted and file.is_file() and not file.is_symlink():
            yield file


async def take(file: Path, uploads: Path) -> Path:
    """Move a file among the uploads, where nobody outside can change it any more. :raises OSError:"""
    upload = uploads / secrets.token_hex(16)
    await asyncio.to_thread(file.replace, upload)
    return upload


async def give_back(upload: Path, file: Path, refused: OperatorError) -> bool:
    """An import was refused: back to where it lay if only the time is wrong (True), else aside, with the reasons."""
    if {problem.key for problem in refused.problems} <= _PASSES:
        await asyncio.to_thread(upload.replace, file)
        return True
    await asyncio.to_thread(_put_aside, upload, file, refused)
    return False


def _put_aside(upload: Path, file: Path, refused: OperatorError) -> None:
    folder = file.parent / "refused"
    folder.mkdir(exist_ok=True)
    upload.replace(folder / file.name)
    why = "\n".join(problem.text for problem in refused.problems)
    (folder / f"{file.name}.why.txt").write_text(why + "\n", encoding="utf-8")


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
