"""Recordings that are left on machines: ``recording.list|add|remove``.

A recording has a name, by which campaigns ask for it (``drop_file``), and is kept as telephone audio below the folder
of spoken messages, where ``dialling.messages`` looks for it. What was uploaded is deleted whatever becomes of it.
"""

from __future__ import annotations

import asyncio
import wave
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from firmware.campaigns.settings import DROP_NAME
from firmware.commands.context import Context
from firmware.commands.texts import refuse
from firmware.control import Control
from firmware.dialling.messages import RECORDINGS, fault_of
from firmware.speech import SpeechError, to_telephone
from firmware.store import campaigns
from firmware.typed import Matches

_Name = Annotated[str, Matches(DROP_NAME.pattern, "small letters, digits, - and _, at most 60")]


class RecordingCommands:
    """What an office manager does with recordings."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._folder = context.config.paths.speech / RECORDINGS

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        for name, handler in (("list", self.listed), ("add", self.add), ("remove", self.remove)):
            control.add(f"recording.{name}", handler)

    async def listed(self) -> Mapping[str, Any]:
        """-> ``recordings``: ``name``, ``seconds``, ``campaigns`` that leave it, in order of name."""
        found = await asyncio.to_thread(_lengths, self._folder)
        used = await self._used()
        rows = [
            {"name": name, "seconds": found[name], "campaigns": used.get(name, [])} for name in sorted(found)
        ]
        return {"recordings": rows}

    async def add(self, name: _Name, path: str) -> Mapping[str, Any]:
        """Make an uploaded WAV a recording, in the place of one of the same name -> ``name``, ``seconds``."""
        upload, folder = Path(path), self._context.config.paths.uploads
        if upload.parent != folder or upload.is_symlink() or not upload.is_file():
            raise refuse("path", "not_an_upload")
        target = self._folder / f"{name}.wav"
        made = target.with_suffix(".made")
        try:
            await to_telephone(upload, made)
            if await asyncio.to_thread(fault_of, made):
                raise refuse("path", "recording_unreadable")
            await asyncio.to_thread(made.replace, target)
        except (SpeechError, OSError) as error:
            raise refuse("path", "recording_unreadable") from error
        finally:
            await asyncio.to_thread(upload.unlink, missing_ok=True)
            await asyncio.to_thread(made.unlink, missing_ok=True)
        return {"name": name, "seconds": await asyncio.to_thread(_seconds, target)}

    async def remove(self, name: _Name) -> None:
        """Delete it, unless a campaign leaves it."""
        if (await self._used()).get(name):
            raise refuse("name", "recording_in_use")
        await asyncio.to_thread((self._folder / f"{name}.wav").unlink, missing_ok=True)

    async def _used(self) -> dict[str, list[str]]:
        used: dict[str, list[str]] = {}
        for campaign in await self._context.store.do(campaigns.every):
            if campaign.settings.drop_file:
                used.setdefault(campaign.settings.drop_file, []).append(campaign.settings.name)
        return used


def _lengths(folder: Path) -> dict[str, float]:
    """Seconds by name; what cannot be played is left out."""
    return {path.stem: _seconds(path) for path in folder.glob("*.wav") if fault_of(path) is None}


def _seconds(path: Path) -> float:
    with wave.open(str(path), "rb") as file:
        return round(file.getnframes() / file.getframerate(), 1)
