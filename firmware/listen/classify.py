"""``strowger amd classify``: a row for each file, as the dialler would have been told."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from dsp import AmdSettings
from dsp.sentences import Language
from firmware.listen.audio import read
from firmware.listen.errors import UnreadableFile
from firmware.listen.hearing import Hearing, hear

COLUMNS = ("file", "status", "cause", "confidence", "seconds", "beep_s")
_STATUS = {"screening": "SCREEN"}
"""Where the word of the column is not simply the label's own."""


@dataclass(frozen=True, slots=True)
class Listening:
    """How to hear a file: settings of the ears, and where the call lies in it."""

    settings: AmdSettings
    early_media_s: float = 0.0
    channel: int | None = None

    def __call__(self, file: Path) -> Hearing:
        """Hear it. Raises ``UnreadableFile``."""
        samples = read(file, self.channel)
        if self.early_media_s * 8000 > len(samples):
            seconds = len(samples) / 8000
            raise UnreadableFile(f"{file}: ends after {seconds:.1f} s, before the early media is over")
        return hear(samples, self.settings, self.early_media_s)


@dataclass(frozen=True, slots=True)
class Classifying:
    """Hears a file and keeps only its row, which is all that need travel between processes."""

    listening: Listening
    language: Language = "en"

    def __call__(self, file: Path) -> tuple[str, ...]:
        """The row of a file. Raises ``UnreadableFile``."""
        return row(file, self.listening(file), self.language)


def status(label: str) -> str:
    """The word of the status column for a label."""
    return _STATUS.get(label, label.upper())


def row(file: Path, hearing: Hearing, language: Language) -> tuple[str, ...]:
    """The columns, times in seconds since the answer."""
    word = hearing.word
    if word is None:
        raise UnreadableFile(f"{file}: the ears said nothing, which should not happen")
    beep = "" if hearing.beep_ms is None else f"{hearing.beep_ms / 1000:.2f}"
    cause = word.words[language]
    return str(file), status(word.label), cause, f"{word.confidence:.3f}", f"{word.heard_ms / 1000:.2f}", beep


def header(out: IO[str]) -> None:
    """The line of names."""
    csv.writer(out, lineterminator="\n").writerow(COLUMNS)


def write(out: IO[str], columns: tuple[str, ...]) -> None:
    """A row, at once: whoever watches sees it come."""
    csv.writer(out, lineterminator="\n").writerow(columns)
    out.flush()
