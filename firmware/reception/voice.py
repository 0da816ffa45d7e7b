"""What callers and asked agents hear, as files: announcements spoken on the box, music, the tone of an offered call."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from firmware.inbound.happenings import Say
from firmware.inbound.routing import Rule
from firmware.inbound.texts import spoken
from firmware.reception import sounds
from firmware.speech import Speech, SpeechError

_log = logging.getLogger(__name__)


class Voice:
    """Files to be played; ``None`` where one cannot be had, which is said in the journal and ends no call."""

    def __init__(self, speech: Speech, language: str) -> None:
        self._speech = speech
        self._language = language
        self._making = asyncio.Lock()

    async def words(self, say: Say, rule: Rule | None, position: int = 0) -> Path | None:
        """An announcement in the office's words, else in the box's."""
        text = (rule.text(say) if rule is not None else "") or spoken(say, self._language, position)
        try:
            return await self._speech.file(text)
        except SpeechError as error:
            _log.error("announcement %s could not be spoken: %s", say, error)
            return None

    async def music(self, rule: Rule | None = None) -> Path | None:
        """What who waits hears: music, or a quiet tone."""
        if rule is not None and rule.tone:
            return await self._made("waiting-tone-1.wav", sounds.waiting_tone)
        return await self._made("music-1.wav", sounds.music)

    async def tone(self) -> Path | None:
        """The tone that tells an agent of a call."""
        return await self._made("offer-tone-1.wav", sounds.offer_tone)

    async def _made(self, name: str, make: Callable[[Path], None]) -> Path | None:
        path = self._speech.folder / name
        async with self._making:
            if path.is_file():
                return path
            try:
                await asyncio.to_thread(make, path)
            except OSError as error:
                _log.error("%s could not be made: %s", name, error)
                return None
        return path
