"""``strowger tones``: every tone of a file, with its start and its end, in seconds from the beginning of the file.

The detector is the one of a call, fed in the same blocks. A call is told of a busy tone as soon as it is certain;
here its end is waited for.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from dsp import Digit, Tone
from dsp.frames import SAMPLE_RATE_HZ, Blocks, Samples
from dsp.tones import PROGRESS, ToneDetector
from firmware.listen.audio import read

COLUMNS = ("start_s", "end_s", "kind", "detail")
_TAIL = SAMPLE_RATE_HZ
"""Silence after the end: a tone that ends with the file is still a tone."""


@dataclass(slots=True)
class Heard:
    """One tone or key, in milliseconds from the beginning of the file."""

    start_ms: int
    end_ms: int
    kind: str
    detail: str


def tones_of(samples: Samples, country: str) -> list[Heard]:
    """All tones in the order in which they began."""
    detector = ToneDetector(country, digits=True)
    found: list[Heard] = []
    latest: dict[str, tuple[Heard, Tone | Digit]] = {}
    for block in Blocks().push(np.concatenate((samples, np.zeros(_TAIL, dtype=np.int16)))):
        for event in detector.block(block):
            heard = _heard(event)
            found.append(heard)
            latest[_sort(event)] = (heard, event)
        for heard, event in latest.values():
            heard.end_ms = max(heard.end_ms, detector.lasted_ms(event))
    return sorted(found, key=lambda heard: heard.start_ms)


def file_tones(file: Path, country: str, channel: int | None) -> list[Heard]:
    """The same of a file. Raises ``UnreadableFile``."""
    return tones_of(read(file, channel), country)


def write(out: IO[str], found: list[Heard]) -> None:
    """A line of names and one for each tone."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for heard in found:
        writer.writerow(
            (f"{heard.start_ms / 1000:.2f}", f"{heard.end_ms / 1000:.2f}", heard.kind, heard.detail)
        )


def _sort(event: Tone | Digit) -> str:
    """Of each sort one can be going on at a time."""
    if isinstance(event, Digit):
        return "dtmf"
    return "progress" if event.kind in PROGRESS else "steady"


def _heard(event: Tone | Digit) -> Heard:
    start_ms = max(0, event.at_ms - event.length_ms)
    if isinstance(event, Digit):
        return Heard(start_ms, event.at_ms, "dtmf", event.digit)
    return Heard(start_ms, event.at_ms, event.kind, event.detail)
