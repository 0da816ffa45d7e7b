"""The words of a judgement: labels, settings, the verdict, and the rules that turn odds and timing into one.

Pure: numbers in, at most one verdict out. Where the odds come from is the business of ``model``; how it
sounds in English or German of ``sentences``.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from dsp.sentences import Language, sentence
from dsp.talk import Talk

HEARD = 0.5
"""Speech odds from which a step counts as speech."""

Sensitivity = Literal["careful", "balanced", "eager"]


class Label(StrEnum):
    """What answered. ``UNSURE`` means nobody can tell; a caller treats it as a person.

    ``SCREEN``, an assistant that asks who calls and why, is given by no model yet.
    """

    HUMAN = "human"
    MACHINE = "machine"
    FAX = "fax"
    INTERCEPT = "intercept"
    MUSIC = "music"
    SCREEN = "screen"
    SILENCE = "silence"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class AmdSettings:
    """How to judge one call. Raises ``ValueError`` for values nobody can mean."""

    enabled: bool = True
    """Off: tones and digits only, never a verdict."""
    country: str = "DE"
    """ISO 3166 code whose call progress tones are tried first."""
    max_decision_s: float = 3.5
    """The verdict comes at the latest this long after the answer."""
    sensitivity: Sensitivity = "balanced"
    """``careful`` calls fewer people machines and misses more machines; ``eager`` the other way round."""
    initial_silence_s: float = 3.5
    """Nothing heard for this long after the answer: ``SILENCE``."""
    digits: bool = False
    """Report keys pressed in band."""

    def __post_init__(self) -> None:
        if not 1.0 <= self.max_decision_s <= 10.0:
            raise ValueError(f"max_decision_s must be 1.0 to 10.0, not {self.max_decision_s}")
        if not 1.0 <= self.initial_silence_s <= 10.0:
            raise ValueError(f"initial_silence_s must be 1.0 to 10.0, not {self.initial_silence_s}")
        if self.sensitivity not in ("careful", "balanced", "eager"):
            raise ValueError(f"sensitivity must be careful, balanced or eager, not {self.sensitivity!r}")


@dataclass(frozen=True, slots=True)
class Odds:
    """What the model believes at one moment: class probabilities (they add up to 1) and whether it hears a
    voice.
    """

    human: float
    machine: float
    music: float
    silence: float
    speech: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What answered, how sure, when (ms since the answer) and why."""

    label: Label
    confidence: float
    at_ms: int
    cause: str
    """Key of the reason, one of ``dsp.sentences.CAUSES``."""
    figures: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """The numbers of the sentence: lengths ending in ``_s``, odds 0..1."""

    def sentence(self, language: Language = "en") -> str:
        """The reason in words, such as "spoke 2.9 s without a pause, recorded voice 0.97"."""
        return sentence(self.cause, self.figures, language)


@dataclass(frozen=True, slots=True)
class Limits:
    """How sure is sure enough."""

    machine: float
    """Odds for a machine that end the wait."""
    machine_at_last: float
    """The same, when time is up."""
    human: float
    """Odds for a person once the first utterance is over."""
    human_talking: float
    """Odds for a person while still talking."""
    quiet_ms: int
    """Silence that ends an utterance."""
    machine_speech_ms: int
    """A machine is not believed in before this much speech: a voice alone must not condemn a person."""
    human_waiting: float = 0.85
    """Odds for a person after ``waiting_ms`` of silence, and in between in proportion."""
    waiting_ms: int = 700
    """Silence in which most machines would have gone on: who waits that long is more likely a person."""
    settle_before_ms: int = 0
    """This long before time is up, talk that goes on and on is settled either way rather than waited for."""
    settle_after_ms: int = 1800
    """But not sooner than this after the first word: who starts late is heard for as long."""
    flip: float = 0.99
    """Odds for a machine that correct a verdict."""
    flip_speech_ms: int = 3500
    """Speech it takes to correct one."""

    def human_after(self, quiet_ms: int) -> float:
        """Odds for a person that are enough after this much silence."""
        waited = (quiet_ms - self.quiet_ms) / max(1, self.waiting_ms - self.quiet_ms)
        return self.human + (self.human_waiting - self.human) * min(1.0, max(0.0, waited))


STEADY_STEPS = 5
"""Machines are judged by the odds of this many steps together: one syllable must not condemn a person."""
_SUREST = 1e-6


def steady(machine: Iterable[float]) -> float:
    """The odds for a machine that a row of steps stands for: their mean on the logistic scale."""
    bounded = [min(1.0 - _SUREST, max(_SUREST, odds)) for odds in machine]
    return 1.0 / (1.0 + math.exp(-sum(math.log(odds / (1.0 - odds)) for odds in bounded) / len(bounded)))


_PAUSE_MS = 200
"""Silence from which somebody may be through with an utterance."""
_MUSIC_MS = 2000
_MUSIC, _MUSIC_AT_LAST = 0.95, 0.6
_LEANING = 0.5


class Decision:
    """One per call: asks after each step whether it is time to say something, and says it once."""

    def __init__(self, settings: AmdSettings, limits: Limits) -> None:
        self._settings = settings
        self._limits = limits
        self._machine_odds: deque[float] = deque(maxlen=STEADY_STEPS)

    def step(self, odds: Odds, talk: Talk) -> Verdict | None:
        """Judge the call as it stands; ``None`` means wait."""
        self._machine_odds.append(odds.machine)
        last_call = talk.at_ms + 100 > self._settings.max_decision_s * 1000
        if talk.onset_ms is None:
            return self._nobody(odds, talk, last_call=last_call)
        last_call = last_call or self._goes_on(talk)
        verdict = (
            self._machine(odds, talk, last_call=last_call) or self._human(odds, talk) or _music(odds, talk)
        )
        verdict = verdict or (_at_last(odds, talk) if last_call else None)
        return _marked(verdict) if verdict and last_call else verdict

    def _goes_on(self, talk: Talk) -> bool:
        """Talk without an end in sight, heard for long enough."""
        heard_ms = talk.at_ms - (talk.onset_ms or 0)
        from_ms = self._settings.max_decision_s * 1000 - self._limits.settle_before_ms
        long_enough = talk.at_ms >= from_ms and heard_ms >= self._limits.settle_after_ms
        return long_enough and talk.quiet_ms < _PAUSE_MS

    def _nobody(self, odds: Odds, talk: Talk, *, last_call: bool) -> Verdict | None:
        if music := _music(odds, talk):
            return music
        if talk.at_ms < self._settings.initial_silence_s * 1000 and not last_call:
            return None
        if odds.music >= _MUSIC_AT_LAST:
            return _verdict(Label.MUSIC, odds.music, "music", odds, talk)
        return Verdict(
            Label.SILENCE, 1.0, talk.at_ms, "nobody_spoke", MappingProxyType({"waited_s": talk.at_ms / 1000})
        )

    def _machine(self, odds: Odds, talk: Talk, *, last_call: bool) -> Verdict | None:
        if talk.speech_ms < self._limits.machine_speech_ms:
            return None
        machine = steady(self._machine_odds)
        enough = self._limits.machine_at_last if last_call else self._limits.machine
        return machine_verdict(replace(odds, machine=machine), talk) if machine >= enough else None

    def _human(self, odds: Odds, talk: Talk) -> Verdict | None:
        if talk.quiet_ms >= self._limits.quiet_ms and odds.human >= self._limits.human_after(talk.quiet_ms):
            return _verdict(Label.HUMAN, odds.human, "spoke_and_waited", odds, talk)
        if odds.human >= self._limits.human_talking:
            return _verdict(Label.HUMAN, odds.human, "sounds_live", odds, talk)
        return None


def _music(odds: Odds, talk: Talk) -> Verdict | None:
    if talk.at_ms < _MUSIC_MS or odds.music < _MUSIC:
        return None
    return _verdict(Label.MUSIC, odds.music, "music", odds, talk)


def _at_last(odds: Odds, talk: Talk) -> Verdict:
    """Time is up and neither a person nor a machine is certain."""
    if odds.silence >= _LEANING:
        return _verdict(Label.SILENCE, odds.silence, "only_noise", odds, talk)
    if odds.music >= _MUSIC_AT_LAST:
        return _verdict(Label.MUSIC, odds.music, "music", odds, talk)
    cause = "still_talking" if talk.quiet_ms < _PAUSE_MS else "no_clear_picture"
    return _verdict(Label.UNSURE, max(odds.human, odds.machine), cause, odds, talk)


def _marked(verdict: Verdict) -> Verdict:
    """``at_last`` in the figures: time was up, so the lower odds did."""
    return replace(verdict, figures=MappingProxyType({**verdict.figures, "at_last": 1.0}))


def machine_verdict(odds: Odds, talk: Talk) -> Verdict:
    """That a machine is talking, and how it gave itself away."""
    cause = "spoke_without_pause" if talk.runs == 1 else "kept_talking"
    return _verdict(Label.MACHINE, odds.machine, cause, odds, talk)


def _verdict(label: Label, confidence: float, cause: str, odds: Odds, talk: Talk) -> Verdict:
    figures = {
        "speech_s": talk.speech_ms / 1000,
        "run_s": talk.longest_run_ms / 1000,
        "quiet_s": talk.quiet_ms / 1000,
        "runs": float(talk.runs),
        "human": round(odds.human, 3),
        "machine": round(odds.machine, 3),
        "music": round(odds.music, 3),
        "silence": round(odds.silence, 3),
    }
    return Verdict(label, round(confidence, 3), talk.at_ms, cause, MappingProxyType(figures))
