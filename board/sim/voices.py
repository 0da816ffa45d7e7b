"""Recorded and synthesised voices: which there are, and one of them as a clip.

Two sources, both directories named by the caller and read by path:
* voices: `manifest.csv` with file, kind, language, voice, text, duration_s (WAV, mono, 8 kHz, 16 bit), made by
  the project's set-up;
* a pool: `MANIFEST.csv` with file, class, duration_s, language, speaker_id (FLAC or WAV, mono, 8 kHz).
Where a pool has a kind in a language, it goes before the voices. Files are decoded when first needed, in a thread,
and the most recent ones stay in memory.
"""

from __future__ import annotations

import asyncio
import csv
import os
import random
import re
import shutil
import subprocess
import wave
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from board.sim.clips import Clip
from board.sim.g711 import SAMPLE_RATE, Samples

_CACHE_BYTES = 64 << 20
_MAX_CLIP_S = 60.0
_POOL_KINDS = {
    "human_short": ("human_hello",), "human_phrase": ("human_hello", "human_talk"),
    "machine_greeting": ("machine_greeting",), "machine_intercept": ("intercept",),
}  # fmt: skip
_MAX_HELLO_S = 2.5


class Kind(StrEnum):
    """What a clip is good for."""

    HELLO = "human_hello"
    TALK = "human_talk"
    GREETING = "machine_greeting"
    INTERCEPT = "intercept"
    SCREENING = "call_screening"
    ABANDONED = "announcement_abandoned"


_STAND_INS = {Kind.SCREENING: Kind.GREETING, Kind.ABANDONED: Kind.INTERCEPT}
_NEEDED = (Kind.HELLO, Kind.TALK, Kind.GREETING, Kind.INTERCEPT)


class NoVoices(RuntimeError):
    """There is nothing to speak with; the message says how to get it."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One file of a manifest. `language` is two letters."""

    path: Path
    kind: str
    language: str
    voice: str
    duration_s: float


def default_directory() -> Path:
    """Return where the set-up puts the voices."""
    named = os.environ.get("STROWGER_VOICES")
    if named:
        return Path(named)
    cache = os.environ.get("STROWGER_CACHE")
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return (Path(cache) if cache else home / "strowger") / "voices"


def default_pool() -> Path | None:
    """Return the pool the environment names, if any."""
    named = os.environ.get("STROWGER_AUDIO_POOL")
    return Path(named) if named else None


class Voices:
    """All recordings, by kind and language."""

    def __init__(self, directory: Path | None = None, pool: Path | None = None) -> None:
        """Read the manifests. Raises NoVoices when a needed kind has no recording at all."""
        directory = directory or default_directory()
        own = list(_read_voices(directory / "manifest.csv")) if (directory / "manifest.csv").is_file() else []
        if not own and pool is None:
            raise NoVoices(f"no voices in {directory}: run make setup")
        self._tiers = [_by_kind(_read_pool(pool)) if pool else {}, _by_kind(own)]
        self._clips: OrderedDict[Path, Clip] = OrderedDict()
        self._bytes = 0
        missing = [kind for kind in _NEEDED if not any(tier.get(kind) for tier in self._tiers)]
        if missing:
            raise NoVoices(f"no recordings of {', '.join(missing)} in {directory}: run make setup")

    def choose(self, kind: Kind, language: str, rng: random.Random, voice: str = "") -> Recording:
        """Draw a recording: of this voice if it has one, else of this language, else of any."""
        tiers = [tier[kind] for tier in self._tiers if tier.get(kind)]
        if not tiers:
            return self.choose(_STAND_INS[kind], language, rng, voice)
        every = [one for tier in tiers for one in tier]
        mine = [one for one in every if voice and one.voice == voice and one.language == language]
        spoken = [[one for one in tier if one.language == language] for tier in tiers]
        return rng.choice(mine or next((some for some in spoken if some), tiers[0]))

    async def load(self, recording: Recording) -> Clip:
        """Return a recording as a clip. Raises NoVoices when its file cannot be read."""
        path = recording.path
        if path in self._clips:
            self._clips.move_to_end(path)
            return self._clips[path]
        samples = await asyncio.to_thread(read_audio, path)
        clip = Clip(path.stem, samples)
        if path not in self._clips:
            self._clips[path] = clip
            self._bytes += 3 * len(samples)
        while self._bytes > _CACHE_BYTES and len(self._clips) > 1:
            self._bytes -= 3 * len(self._clips.popitem(last=False)[1].samples)
        return clip


def _by_kind(recordings: Iterable[Recording]) -> dict[str, list[Recording]]:
    found: dict[str, list[Recording]] = {}
    for one in recordings:
        found.setdefault(one.kind, []).append(one)
    return found


def _read_voices(manifest: Path) -> Iterable[Recording]:
    for row in _rows(manifest):
        language = row.get("language", "")[:2].lower()
        voice = re.sub(
            r" \d+$", "", row.get("voice", "")
        )  # the same throat at another speed is the same person
        yield Recording(manifest.parent / row["file"], row["kind"], language, voice, _seconds(row))


def _read_pool(directory: Path) -> Iterable[Recording]:
    manifest = directory / "MANIFEST.csv"
    if not manifest.is_file():
        raise NoVoices(f"audio pool {directory} has no MANIFEST.csv")
    for row in _rows(manifest):
        seconds = _seconds(row)
        for kind in _POOL_KINDS.get(row["class"], ()):
            if kind != Kind.HELLO or seconds <= _MAX_HELLO_S:
                yield Recording(directory / row["file"], kind, row.get("language", "")[:2].lower(),
                                row.get("speaker_id", ""), seconds)  # fmt: skip


def _rows(manifest: Path) -> Iterable[dict[str, str]]:
    with manifest.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _seconds(row: dict[str, str]) -> float:
    try:
        return float(row.get("duration_s") or 0)
    except ValueError:
        return 0.0


def read_audio(path: Path) -> Samples:
    """Decode one file: mono, 8 kHz. Raises NoVoices when it is anything else or cannot be read."""
    try:
        samples = _read_wav(path) if path.suffix.lower() == ".wav" else _decode(path)
    except (OSError, EOFError, wave.Error, subprocess.CalledProcessError) as why:
        raise NoVoices(f"cannot read {path}: {why}") from why
    return samples[: int(_MAX_CLIP_S * SAMPLE_RATE)]


def _read_wav(path: Path) -> Samples:
    with wave.open(str(path), "rb") as file:
        shape = file.getnchannels(), file.getsampwidth(), file.getframerate()
        if shape != (1, 2, SAMPLE_RATE):
            raise NoVoices(f"{path} is not mono, 16 bit, 8 kHz")
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.int16)


def _decode(path: Path) -> Samples:
    """Decode by sox, else by flac."""
    sox, flac = shutil.which("sox"), shutil.which("flac")
    if sox:
        command = [sox, str(path), "-t", "raw", "-e", "signed", "-b", "16", "-r", "8000", "-c", "1", "-"]
    elif flac:
        command = [flac, "-dcs", "--force-raw-format", "--endian=little", "--sign=signed", str(path)]
    else:
        raise NoVoices(f"nothing here can decode {path.suffix} files: run make setup, it installs sox")
    done = subprocess.run(command, check=True, capture_output=True)
    return np.frombuffer(done.stdout, "<i2").astype(np.int16)
