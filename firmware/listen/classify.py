"""``strowger amd classify``: a row for each file, as the dialler would have been told."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from dsp import AmdSettings, Verdict
from dsp.sentences import Language
from firmware.listen.audio import read
from firmware.listen.errors import UnreadableFile
from firmware.listen.hearing import Hearing, hear

COLUMNS = ("file", "status", "cause", "confidence", "seconds", "beep_s")
CORRECTIONS = ("corrected", "corrected_s")
"""Further columns, on demand: what a later correction said and when it reached the dialler; empty without one."""
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
    corrections: bool = False

    def __call__(self, file: Path) -> tuple[str, ...]:
        """The row of a file. Raises ``UnreadableFile``."""
        hearing = self.listening(file)
        more = correction(hearing) if self.corrections else ()
        return (*row(file, hearing, self.language), *more)


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


def correction(hearing: Hearing) -> tuple[str, str]:
    """What the ears knew better later, and when."""
    later = [
        (told.event.label, told.heard_ms) for told in hearing.verdicts[1:] if isinstance(told.event, Verdict)
    ]
    if not later:
        return "", ""
    label, heard_ms = later[-1]
    return status(label.value), f"{heard_ms / 1000:.2f}"


def header(out: IO[str], *, corrections: bool = False) -> None:
    """The line of names."""
    csv.writer(out, lineterminator="\n").writerow(COLUMNS + (CORRECTIONS if corrections else ()))


def write(out: IO[str], columns: tuple[str, ...]) -> None:
    """A row, at once: whoever watches sees it come."""
    csv.writer(out, lineterminator="\n").writerow(columns)
    out.flush()
