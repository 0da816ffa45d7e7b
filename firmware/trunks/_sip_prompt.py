"""Announcements: a WAV file into a leg's ring, in portions, and the exact moment it has been heard to its end.

Files are read in the SIP thread, once: the few announcements a box has stay in memory.
"""

from __future__ import annotations

import wave
from collections import OrderedDict
from pathlib import Path
from typing import Protocol

RATE_HZ = 8000
_PORTION_MS = 200
_CACHE_BYTES = 16 << 20


class Speaker(Protocol):
    """The playing half of ``pjsua2.AudioRing``."""

    def write(self, samples: bytes) -> int:
        """Take as much as there is room for; the number of samples taken."""

    def pending(self) -> int:
        """Samples not yet played."""

    def flush(self) -> None:
        """Forget what has not been played."""


class BadPrompt(Exception):
    """The file is missing or not mono 16 bit 8 kHz WAV."""


class Prompt:
    """One announcement on its way to one leg."""

    def __init__(self, audio: bytes) -> None:
        self._rest = memoryview(audio)

    def feed(self, speaker: Speaker) -> bool:
        """Top the ring up; true once the last sample has left it."""
        if not self._rest:
            return speaker.pending() == 0
        missing = RATE_HZ * _PORTION_MS // 1000 - speaker.pending()
        if missing > 0:
            taken = speaker.write(bytes(self._rest[: 2 * missing]))
            self._rest = self._rest[2 * taken :]
        return False


class Prompts:
    """Reads files, and keeps those used last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Path, int], bytes] = OrderedDict()

    def load(self, path: Path) -> bytes:
        """The samples of ``path``. Raises ``BadPrompt``."""
        try:
            key = (path, path.stat().st_mtime_ns)
            if key not in self._kept:
                self._keep(key, _read(path))
        except (OSError, wave.Error, EOFError) as error:
            raise BadPrompt(f"{path.name}: {error}") from error
        self._kept.move_to_end(key)
        return self._kept[key]

    def _keep(self, key: tuple[Path, int], audio: bytes) -> None:
        self._kept[key] = audio
        while len(self._kept) > 1 and sum(map(len, self._kept.values())) > _CACHE_BYTES:
            self._kept.popitem(last=False)


def _read(path: Path) -> bytes:
    with wave.open(str(path), "rb") as file:
        shape = (file.getnchannels(), file.getsampwidth(), file.getframerate())
        if shape != (1, 2, RATE_HZ):
            raise BadPrompt(f"{path.name}: channels, bytes, rate are {shape}, not (1, 2, {RATE_HZ})")
        return file.readframes(file.getnframes())
