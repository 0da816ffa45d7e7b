"""What is heard after the verdict: that it was wrong, or that the machine's greeting is over.

A machine that began "Hello?" and paused, or one that nobody could tell from a person in time, keeps talking:
that is a ``Flip``. Whoever wants to leave a message on a machine waits for the ``GreetingEnd``. What to do
about either is the caller's business; the first verdict comes from ``amd``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dsp.amd import Label, Limits, Odds, Verdict, machine_verdict
from dsp.sentences import Language, sentence
from dsp.talk import Talk

GREETING_OVER_QUIET_MS = 2000
"""Silence after which a greeting without a beep is over."""
_PERSON_MS, _DOUBTFUL_MS, _MACHINE_MS = 8_000, 30_000, 90_000
"""How long after the answer a person is listened to, a doubtful call, and a machine that still talks."""
_DOUBTFUL = (Label.UNSURE, Label.SILENCE, Label.MUSIC)


@dataclass(frozen=True, slots=True)
class Flip:
    """The verdict was wrong: ``verdict`` replaces it. At most one per call."""

    verdict: Verdict
    instead_of: Label

    @property
    def kind(self) -> str:
        """Tells it from a tone of that field."""
        return "flip"

    @property
    def at_ms(self) -> int:
        """When it became clear, since the answer."""
        return self.verdict.at_ms


@dataclass(frozen=True, slots=True)
class GreetingEnd:
    """The machine listens now: after its beep, or because it has fallen silent. At most one per call."""

    cause: Literal["beep", "greeting_over"]
    at_ms: int
    """Since the answer; the end of the beep, or the moment the silence was long enough."""
    figures: Mapping[str, float]

    @property
    def kind(self) -> str:
        """Tells it from a tone of that field."""
        return "greeting_end"

    def sentence(self, language: Language = "en") -> str:
        """The reason in words."""
        return sentence(self.cause, self.figures, language)


class Later:
    """One per call, from its verdict on. ``open`` while there is something left to hear."""

    def __init__(self, verdict: Verdict, limits: Limits) -> None:
        self._label = verdict.label
        self._limits = limits
        self.open = verdict.label in (Label.HUMAN, Label.MACHINE, *_DOUBTFUL)
        if verdict.cause == "beep":
            self.open = False

    def step(self, odds: Odds, talk: Talk) -> Flip | GreetingEnd | None:
        """Another 100 ms."""
        if self._label == Label.MACHINE:
            return self._greeting(talk)
        if talk.at_ms >= (_DOUBTFUL_MS if self._label in _DOUBTFUL else _PERSON_MS):
            self.open = False
        elif odds.machine >= self._limits.flip and talk.speech_ms >= self._limits.flip_speech_ms:
            return self._flip(machine_verdict(odds, talk))
        return None

    def tone(self, verdict: Verdict) -> list[Flip | GreetingEnd]:
        """A tone that would have been this verdict."""
        found: list[Flip | GreetingEnd] = []
        if self._label != verdict.label and self._label != Label.MACHINE:
            found.append(self._flip(verdict))
        if verdict.cause == "beep":
            self.open = False
            found.append(GreetingEnd("beep", verdict.at_ms, verdict.figures))
        return found

    def _flip(self, verdict: Verdict) -> Flip:
        flip = Flip(verdict, self._label)
        self._label = verdict.label
        self.open = verdict.label == Label.MACHINE
        return flip

    def _greeting(self, talk: Talk) -> GreetingEnd | None:
        if talk.at_ms >= _MACHINE_MS:
            self.open = False
        if talk.speech_ms == 0 or talk.quiet_ms < GREETING_OVER_QUIET_MS:
            return None
        self.open = False
        figures = {"speech_s": talk.speech_ms / 1000, "quiet_s": talk.quiet_ms / 1000}
        return GreetingEnd("greeting_over", talk.at_ms, figures)
