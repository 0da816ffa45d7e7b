"""``strowger amd explain``: everything that was heard in one file, to be read, drawn or processed further.

Drawing itself is ``picture``'s business.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from dsp import TrackPoint, Verdict
from dsp.frames import SAMPLE_RATE_HZ, Samples
from dsp.sentences import Language
from firmware.listen.audio import read
from firmware.listen.classify import Listening, status
from firmware.listen.hearing import Hearing, Word, hear
from firmware.listen.tones import Heard, tones_of


@dataclass(frozen=True, slots=True)
class Explanation:
    """One file and what was made of it."""

    file: Path
    samples: Samples = field(repr=False)
    early_media_s: float
    hearing: Hearing
    tones: tuple[Heard, ...]
    """Times from the beginning of the file."""
    language: Language

    @property
    def word(self) -> Word:
        """What the dialler is told first."""
        word = self.hearing.word
        assert word is not None, "a call is always judged in the end"
        return word

    @property
    def seconds(self) -> float:
        """Length of the file."""
        return len(self.samples) / SAMPLE_RATE_HZ


def explanation(file: Path, listening: Listening, language: Language) -> Explanation:
    """Hear the file. Raises ``UnreadableFile``."""
    samples = read(file, listening.channel)
    hearing = hear(samples, listening.settings, listening.early_media_s)
    tones = tuple(tones_of(samples, listening.settings.country))
    return Explanation(file, samples, listening.early_media_s, hearing, tones, language)


def as_json(found: Explanation) -> dict[str, Any]:
    """Times in seconds since the answer."""
    word, early_s = found.word, found.early_media_s
    beep_ms = found.hearing.beep_ms
    return {
        "file": str(found.file),
        "seconds": round(found.seconds - early_s, 3),
        "early_media_s": early_s,
        "status": status(word.label),
        "cause": word.cause,
        "sentence": word.words[found.language],
        "confidence": word.confidence,
        "heard_s": word.heard_ms / 1000,
        "verdicts": [
            _verdict(told.event, told.heard_ms)
            for told in found.hearing.verdicts
            if isinstance(told.event, Verdict)
        ],
        "beep_s": None if beep_ms is None else beep_ms / 1000,
        "tones": [_tone(tone, early_s) for tone in found.tones],
        "track": [_point(point) for point in found.hearing.track],
    }


def as_text(found: Explanation) -> str:
    """A line for the verdict, one for each correction and each tone."""
    word = found.word
    lines = [f"{found.file}: {status(word.label)} after {word.heard_ms / 1000:.2f} s ({word.confidence:.2f})"]
    lines.append(f"  {word.words[found.language]}")
    for told in found.hearing.verdicts[1:]:
        if isinstance(told.event, Verdict):
            label, sentence = status(told.event.label.value), told.event.sentence(found.language)
            lines.append(f"  {told.heard_ms / 1000:.2f} s: {label}, {sentence}")
    for tone in found.tones:
        start_s, end_s = tone.start_ms / 1000 - found.early_media_s, tone.end_ms / 1000 - found.early_media_s
        lines.append(f"  {start_s:.2f} .. {end_s:.2f} s: {tone.kind} {tone.detail}")
    return "\n".join(lines) + "\n"


def _verdict(verdict: Verdict, heard_ms: int) -> dict[str, Any]:
    return {
        "status": status(verdict.label.value),
        "cause": verdict.cause,
        "figures": dict(verdict.figures),
        "confidence": verdict.confidence,
        "heard_s": heard_ms / 1000,
    }


def _tone(tone: Heard, early_s: float) -> dict[str, Any]:
    return {
        "start_s": round(tone.start_ms / 1000 - early_s, 3),
        "end_s": round(tone.end_ms / 1000 - early_s, 3),
        "kind": tone.kind,
        "detail": tone.detail,
    }


def _point(point: TrackPoint) -> dict[str, Any]:
    odds = {name: round(value, 4) for name, value in asdict(point.odds).items()}
    return {"at_s": point.at_ms / 1000, "level_db": round(point.level_db, 1), **odds}
