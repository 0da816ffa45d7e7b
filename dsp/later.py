"""What is heard after the verdict: that it was wrong, that a greeting is over, that somebody speaks again.

A machine that began "Hello?" and paused, or one that nobody could tell from a person in time, keeps talking:
that is a ``Flip``. Whoever wants to leave a message on a machine waits for the ``GreetingEnd``; a greeting that
only held its breath, or a person who takes the call after all, is a ``SpokeAgain``, and then there is another end
to wait for. What to do about any of them is the caller's business; the first verdict comes from ``amd``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dsp.amd import Label, Limits, Odds, Verdict, machine_verdict
from dsp.sentences import Language, sentence
from dsp.talk import Talk

KNOWN = "known"
"""The cause of a verdict that was not heard: whoever asks to listen knows that it is a machine."""
GREETING_OVER_QUIET_MS = 2000
"""Silence after which a greeting without a beep is over."""
_PERSON_MS, _DOUBTFUL_MS, _MACHINE_MS = 8_000, 30_000, 90_000
"""How long after the answer a person is listened to, a doubtful call, and a machine that still talks."""
_DOUBTFUL = (Label.UNSURE, Label.SILENCE, Label.MUSIC, Label.SCREEN)
_STEP_MS = 100
_AGAIN_MS = 600
"""So much voice, hardly broken, after the end of a greeting is somebody speaking: less is a click or a breath."""
_AGAIN_BELOW_DB = 12.0
"""What is fainter than the greeting by more than this is our own message coming back, not somebody speaking."""
_UNKNOWN_LEVEL_DB = -42.0
"""The level of a greeting that nobody heard."""


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
    """The machine listens now: after its beep, or because it has fallen silent. Another one follows after a
    second beep or a ``SpokeAgain``."""

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


@dataclass(frozen=True, slots=True)
class SpokeAgain:
    """A voice after the end of the greeting: it was not over, or a person has taken the call."""

    at_ms: int
    """Since the answer."""

    @property
    def kind(self) -> str:
        """Tells it from a tone of that field."""
        return "spoke_again"


class Later:
    """One per call, from its verdict on. ``open`` while there is something left to hear."""

    def __init__(self, verdict: Verdict, limits: Limits) -> None:
        self._label = verdict.label
        self._limits = limits
        self.open = verdict.label in (Label.HUMAN, Label.MACHINE, *_DOUBTFUL)
        self._over = verdict.cause == "beep"
        self._again_ms = 0
        self._told = verdict.cause == KNOWN
        self._level = _Level()

    def step(self, odds: Odds, talk: Talk, level_db: float = 0.0) -> Flip | GreetingEnd | SpokeAgain | None:
        """Another 100 ms; ``level_db`` is that of their voice."""
        if self._label == Label.MACHINE:
            return self._machine(talk, level_db)
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
            self._over, self._again_ms = True, 0
            found.append(GreetingEnd("beep", verdict.at_ms, verdict.figures))
        return found

    def _flip(self, verdict: Verdict) -> Flip:
        flip = Flip(verdict, self._label)
        self._label = verdict.label
        self.open = verdict.label == Label.MACHINE
        return flip

    def _machine(self, talk: Talk, level_db: float) -> GreetingEnd | SpokeAgain | None:
        if talk.at_ms >= _MACHINE_MS:
            self.open = False
        speaks = talk.active > 0.0
        if self._over:
            return self._after(talk, speaks=speaks and self._level.like(level_db))
        if speaks:
            self._level.add(level_db)
        return self._greeting(talk)

    def _greeting(self, talk: Talk) -> GreetingEnd | None:
        """Who is known to be a machine may have said everything before we listened."""
        if (talk.speech_ms == 0 and not self._told) or talk.quiet_ms < GREETING_OVER_QUIET_MS:
            return None
        self._over, self._again_ms = True, 0
        figures = {"speech_s": talk.speech_ms / 1000, "quiet_s": talk.quiet_ms / 1000}
        return GreetingEnd("greeting_over", talk.at_ms, figures)

    def _after(self, talk: Talk, *, speaks: bool) -> SpokeAgain | None:
        self._again_ms = max(0, self._again_ms + (_STEP_MS if speaks else -_STEP_MS))
        if self._again_ms < _AGAIN_MS:
            return None
        self._over = False
        return SpokeAgain(talk.at_ms)


class _Level:
    """How loud the greeting is, so that our own message coming back is not taken for it."""

    def __init__(self) -> None:
        self._sum_db, self._steps = 0.0, 0

    def add(self, level_db: float) -> None:
        """100 ms of the greeting."""
        self._sum_db += level_db
        self._steps += 1

    def like(self, level_db: float) -> bool:
        """Whether a sound is about as loud."""
        mean_db = self._sum_db / self._steps if self._steps else _UNKNOWN_LEVEL_DB + _AGAIN_BELOW_DB
        return level_db >= mean_db - _AGAIN_BELOW_DB
