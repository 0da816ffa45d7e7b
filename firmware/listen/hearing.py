"""One file as one call: 20 ms packets into the ears, the answer at time 0, what the dialler would have been told.

The ears are ``dsp``'s own, set up as for a call. A file that ends before the verdict is followed by silence, as a
line would be; every time is counted from the answer, so early media has negative times.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from dsp import AmdModel, AmdSettings, Analyser, Digit, Event, Tone, TrackPoint, Verdict
from dsp.frames import SAMPLE_RATE_HZ, Samples
from dsp.sentences import Language, sentence
from firmware.ears import TONE_WORDS

PACKET = 160
_PER_MS = SAMPLE_RATE_HZ // 1000
_TAIL_S = 1.0
"""Silence that every file is followed by: a tone that ends with the file is still a tone."""
_LONGEST_TAIL_S = 12.0
"""A file without a verdict is followed by silence until there is one; this is more than any setting allows."""
LANGUAGES: tuple[Language, ...] = ("en", "de")
_SENTENCES: Mapping[str, Mapping[Language, str]] = {
    "busy_tone": {"en": "a busy tone was heard after {at_s} s", "de": "nach {at_s} s kam der Besetztton"},
    "congestion_tone": {
        "en": "a congestion tone was heard after {at_s} s",
        "de": "nach {at_s} s kam der Gassenbesetztton",
    },
}
"""What ``dsp`` reports as tones without judging them."""


@dataclass(frozen=True, slots=True)
class Told:
    """An event and when (ms since the answer) the packet that made it certain had come."""

    event: Event
    heard_ms: int


@dataclass(frozen=True, slots=True)
class Word:
    """What the dialler acts upon: the first thing that says who answered. ``heard_ms`` as in ``Told``."""

    label: str
    cause: str
    words: Mapping[Language, str]
    confidence: float
    heard_ms: int


@dataclass(frozen=True, slots=True)
class Hearing:
    """All that was heard in one file."""

    told: tuple[Told, ...]
    track: tuple[TrackPoint, ...] = field(repr=False)
    seconds: float
    """Length of the file after the answer."""

    @property
    def word(self) -> Word | None:
        """What the dialler was told first; nothing else reaches it."""
        return next((word for told in self.told if (word := _word(told))), None)

    @property
    def verdicts(self) -> tuple[Told, ...]:
        """Every verdict; a correction counts as the verdict it carries."""
        found = ((getattr(told.event, "verdict", told.event), told.heard_ms) for told in self.told)
        return tuple(Told(event, heard_ms) for event, heard_ms in found if isinstance(event, Verdict))

    @property
    def beep_ms(self) -> int | None:
        """End of the first voicemail beep after the answer."""
        tones = (told.event for told in self.told if isinstance(told.event, Tone))
        return next((tone.at_ms for tone in tones if tone.kind == "beep" and tone.at_ms >= 0), None)

    @property
    def tones(self) -> tuple[Told, ...]:
        """Tones and keys."""
        return tuple(told for told in self.told if isinstance(told.event, Tone | Digit))


def hear(samples: Samples, settings: AmdSettings, early_media_s: float = 0.0) -> Hearing:
    """Judge one call; the first ``early_media_s`` of it came before the answer. Raises ``dsp.ModelError``."""
    ears = Analyser(settings, AmdModel.default() if settings.enabled else None)
    answer_at = round(early_media_s * SAMPLE_RATE_HZ)
    told: list[Told] = []
    fed = 0
    if answer_at == 0:
        ears.answered()
    for packet in _packets(samples, answer_at):
        fed += len(packet)
        told += [Told(event, (fed - answer_at) // _PER_MS) for event in ears.feed(packet)]
        if fed == answer_at:
            ears.answered()
        if fed >= len(samples) + _TAIL_S * SAMPLE_RATE_HZ and (not settings.enabled or _judged(told)):
            break
    track = tuple(ears.features())
    return Hearing(tuple(told), track, max(0, len(samples) - answer_at) / SAMPLE_RATE_HZ)


def _judged(told: list[Told]) -> bool:
    return any(_word(each) for each in told)


def _packets(samples: Samples, answer_at: int) -> Iterator[Samples]:
    """The call in packets of 20 ms; the answer falls between two packets; silence after the end."""
    after = np.zeros(max(0, answer_at - len(samples)) + int(_LONGEST_TAIL_S * SAMPLE_RATE_HZ), dtype=np.int16)
    call = np.concatenate((samples, after))
    for part in (call[:answer_at], call[answer_at:]):
        for start in range(0, len(part), PACKET):
            yield part[start : start + PACKET]


def _word(told: Told) -> Word | None:
    event = told.event
    if isinstance(event, Verdict):
        words = {language: event.sentence(language) for language in LANGUAGES}
        return Word(event.label.value, event.cause, words, event.confidence, told.heard_ms)
    if isinstance(event, Tone) and event.kind in TONE_WORDS:
        label, cause = TONE_WORDS[event.kind]
        words = {language: _sentence(cause, event.at_ms, language) for language in LANGUAGES}
        return Word(label.value, cause, words, 1.0, told.heard_ms)
    return None


def _sentence(cause: str, at_ms: int, language: Language) -> str:
    if cause not in _SENTENCES:
        return sentence(cause, {"at_s": at_ms / 1000}, language)
    seconds = f"{at_ms / 1000:.1f}"
    return _SENTENCES[cause][language].format(at_s=seconds.replace(".", ",") if language == "de" else seconds)
