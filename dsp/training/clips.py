"""The raw material: recordings of the pool and synthetic speech as clips of one loudness, each with its voice
and split.

A clip belongs to the split of its voice, so that nobody heard in training is heard in the test. Only a crowd
whose speakers have no ids is split clip by clip; ``--leave-out`` measures what that flatters. Composing is
``compose``.
"""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import soundfile

from dsp.frames import Floats
from dsp.training import Array

Split = Literal["train", "tune", "test"]
Role = Literal["short", "phrase", "fragment", "prompt", "greeting", "music", "noise"]

_ACTIVE_LEVEL = 0.1
"""Clips are scaled to -20 dBFS while active."""
_SHORT_S = 1.1

_TEST_VOICES = {
    "carlo_flora", "capisuite_de_m", "jigasi_f", "emodb_08", "emodb_10", "fsdd_jackson",
    "flite_awb", "espeak_m7", "espeak_f5", "espeak_klatt3", "espeak_anika",
}  # fmt: skip
_TUNE_VOICES = {"ivrvoice_ru_f", "emodb_11", "fsdd_lucas", "espeak_m5", "espeak_f4", "espeak_klatt2"}
_TEST_NOISES = {"dude_miaowing", "exercise_bike", "macroform-the_simplicity"}
_TUNE_NOISES = {"running_tap", "macroform-cold_day"}


@dataclass(frozen=True, slots=True)
class Clip:
    """Mono 8 kHz speech (or music, noise), trimmed and levelled; ``active`` marks speech per 10 ms."""

    name: str
    role: Role
    voice: str
    language: str
    source: str
    licence: str
    split: Split
    samples: Floats = field(repr=False)
    active: Array = field(repr=False)

    @property
    def seconds(self) -> float:
        """Length."""
        return len(self.samples) / 8000


def from_pool(pool: Path) -> list[Clip]:
    """All usable clips of a pool with ``MANIFEST.csv`` (columns as its header names them)."""
    with (pool / "MANIFEST.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [clip for row in rows if (clip := _from_row(pool, row)) is not None]


def _from_row(pool: Path, row: dict[str, str]) -> Clip | None:
    with_sit = row["class"] == "machine_intercept" and row["note"].startswith("SIT")
    if row["class"] == "tone" or with_sit:
        return None
    samples, rate = soundfile.read(pool / row["file"], dtype="float32")
    if rate != 8000 or samples.ndim != 1:
        raise ValueError(f"{row['file']}: expected mono 8 kHz, found {rate} Hz, {samples.ndim} dimensions")
    crowd = row["speaker_id"].startswith("unknown")
    voice = f"crowd_{row['source_repo']}" if crowd else row["speaker_id"]
    trimmed, active = trim(samples)
    if not active.any():
        return None
    return Clip(
        name=row["file"],
        role=_role(row["class"], float(active.sum()) / 100),
        voice=voice,
        language=row["language"][:2],
        source=row["source_repo"],
        licence=row["licence"],
        split=_split(row["file"], voice, row["note"]),
        samples=trimmed,
        active=active,
    )


def _role(kind: str, speech_s: float) -> Role:
    if kind.startswith("human"):
        return "short" if speech_s < _SHORT_S else "phrase"
    roles: dict[str, Role] = {
        "machine_fragment": "fragment",
        "machine_greeting": "greeting",
        "music": "music",
        "noise": "noise",
    }
    return roles.get(kind, "prompt")


def _split(name: str, voice: str, note: str) -> Split:
    """By voice; clips of a crowd without speaker ids by their name, three tenths to the test."""
    if voice.startswith("crowd_"):
        dice = hashlib.sha256(name.encode()).digest()[0]
        return "test" if dice < 77 else "tune" if dice < 115 else "train"
    if voice in _TEST_VOICES or note in _TEST_NOISES:
        return "test"
    return "tune" if voice in _TUNE_VOICES or note in _TUNE_NOISES else "train"


def split_of_voice(voice: str) -> Split:
    """The split of a synthetic voice."""
    return _split("", voice, "")


def trim(samples: Floats) -> tuple[Floats, Array]:
    """Cut silence off both ends, scale to -20 dBFS while active; also the activity per 10 ms."""
    usable = samples[: len(samples) // 80 * 80].reshape(-1, 80)
    if not len(usable):
        return samples, np.zeros(0, dtype=bool)
    power = np.mean(np.square(usable, dtype=np.float64), axis=1)
    smooth = np.convolve(power, np.ones(3) / 3, mode="same")
    active = smooth > max(float(np.percentile(smooth, 98)) * 10 ** (-3.2), 1e-7)
    where = np.flatnonzero(active)
    if not len(where):
        return samples, active
    first, last = max(0, int(where[0]) - 2), min(len(active), int(where[-1]) + 3)
    level = float(np.sqrt(power[active].mean()))
    cut = usable[first:last].reshape(-1) * np.float32(_ACTIVE_LEVEL / level)
    ramp = np.linspace(0.0, 1.0, 80, dtype=np.float32)
    cut[:80] *= ramp
    cut[-80:] *= ramp[::-1]
    return cut, active[first:last]
