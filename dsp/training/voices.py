"""Synthetic speech from Debian's voices: espeak-ng, flite and festival speak the texts of both classes.

Files are kept in a cache folder; a second run synthesises nothing. A voice is split as a person is
(``clips``).
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from dsp.training import Array
from dsp.training.clips import Clip, Role, split_of_voice, trim
from dsp.training.texts import GREETINGS, HELLOS, PHRASES

_ESPEAK_VARIANTS = (
    "m1", "m2", "m3", "m4", "m5", "m6", "m7", "f1", "f2", "f3", "f4", "f5",
    "klatt", "klatt2", "klatt3", "klatt4", "anika", "belinda", "steph",
)  # fmt: skip
_ESPEAK_LANGUAGES = {"de": "de", "en": "en-gb", "fr": "fr-fr", "es": "es", "it": "it", "nl": "nl"}
_FLITE = ("kal", "awb", "rms", "slt")
_FESTIVAL = ("kal_diphone", "cmu_us_slt_arctic_hts")
_SOURCES = {
    "espeak": ("espeak-ng (Debian)", "synthetic; GPL-3.0-or-later program"),
    "flite": ("flite (Debian)", "synthetic; BSD-style voices"),
    "festival": ("festival (Debian)", "synthetic; BSD-style voices"),
}


@dataclass(frozen=True, slots=True)
class _Line:
    role: Role
    voice: str
    language: str
    text: str
    number: int


def synthesise(cache: Path, *, seed: int = 7) -> list[Clip]:
    """Every voice speaks every text of its language once, at a speed and pitch of its own."""
    cache.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    return [_clip(cache, line, rng.random(2)) for line in _lines()]


def _lines() -> Iterator[_Line]:
    number = 0
    roles: tuple[tuple[Role, dict[str, tuple[str, ...]]], ...] = (
        ("short", HELLOS),
        ("phrase", PHRASES),
        ("greeting", GREETINGS),
    )
    for role, texts in roles:
        for language, lines in texts.items():
            voices = [f"espeak_{variant}" for variant in _ESPEAK_VARIANTS]
            if language == "en":
                voices += [f"flite_{name}" for name in _FLITE] + [f"festival_{name}" for name in _FESTIVAL]
            for voice in voices:
                for text in lines:
                    number += 1
                    yield _Line(role, voice, language, text, number)


def _clip(cache: Path, line: _Line, dice: Array) -> Clip:
    path = cache / f"{line.role}_{line.language}_{line.voice}_{line.number}.wav"
    if not path.exists():
        _speak(line, path, speed=0.85 + 0.35 * float(dice[0]), pitch=35 + 35 * float(dice[1]))
    samples, _ = soundfile.read(path, dtype="float32")
    cut, active = trim(np.asarray(samples, dtype=np.float32))
    program = line.voice.split("_")[0]
    source, licence = _SOURCES[program]
    split = split_of_voice(line.voice)
    return Clip(path.name, line.role, line.voice, line.language, source, licence, split, cut, active)


def _speak(line: _Line, path: Path, *, speed: float, pitch: float) -> None:
    program, name = line.voice.split("_", 1)
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw.wav"
        if program == "espeak":
            voice = f"{_ESPEAK_LANGUAGES[line.language]}+{name}"
            words = [
                "espeak-ng",
                "-v",
                voice,
                "-s",
                f"{165 * speed:.0f}",
                "-p",
                f"{pitch:.0f}",
                "-w",
                str(raw),
            ]
            _run([*words, line.text])
        elif program == "flite":
            stretch = f"duration_stretch={1 / speed:.2f}"
            _run(["flite", "-voice", name, "--setf", stretch, "-t", line.text, "-o", str(raw)])
        else:
            stretch = f"(Parameter.set 'Duration_Stretch {1 / speed:.2f})"
            words = ["text2wave", "-eval", f"(voice_{name})", "-eval", stretch, "-o", str(raw)]
            _run(words, text=line.text)
        _run(["sox", str(raw), "-r", "8000", "-c", "1", "-b", "16", str(path), "gain", "-h"])


def _run(words: list[str], text: str | None = None) -> None:
    subprocess.run(words, input=text, text=True, check=True, capture_output=True)
