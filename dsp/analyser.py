"""One leg under analysis: audio in, tones, digits and at most one verdict out.

Ties the parts together and keeps time. Decides nothing itself: tones are recognised in ``tones``, speech is
timed in ``talk``, the verdict falls in ``amd``. Not thread-safe; one object per leg, dropped with it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

import numpy as np

from dsp.amd import AmdSettings, Decision, Label, Limits, Odds, Verdict
from dsp.features import FrontEnd, Step
from dsp.frames import SAMPLE_RATE_HZ, Blocks, Floats, Samples
from dsp.model import AmdModel
from dsp.talk import Talk
from dsp.tones import Digit, Tone, ToneDetector

Event = Tone | Digit | Verdict
_TRACK_POINTS = 600


@dataclass(frozen=True, slots=True)
class TrackPoint:
    """The features at one moment, for drawing: level in dBFS, speech and class odds 0..1."""

    at_ms: int
    level_db: float
    speech: float
    odds: Odds


class Analyser:
    """Feed it the leg's received audio as it comes; call ``answered`` once when the far end accepts."""

    def __init__(self, settings: AmdSettings, model: AmdModel | None = None) -> None:
        """Without a model the odds come from speech timing alone."""
        self._settings = settings
        self._model = model
        self._state = model.fresh_state() if model else None
        limits = model.card.limits[settings.sensitivity] if model else _LIMITS
        self._tone_blocks = Blocks()
        self._tones = ToneDetector(settings.country, digits=settings.digits)
        self._fed = 0
        self._answer_at: int | None = None
        self._call_blocks = Blocks()
        self._front_end = FrontEnd()
        self._talk = Talk()
        self._decision = Decision(settings, limits)
        self._verdict: Verdict | None = None
        self._track: deque[TrackPoint] = deque(maxlen=_TRACK_POINTS)

    def answered(self) -> None:
        """Everything fed before was early media, everything after it is the call. A second time changes
        nothing.
        """
        if self._answer_at is None:
            self._answer_at = self._fed

    def feed(self, samples: Samples) -> list[Event]:
        """Take any number of 8 kHz int16 samples; what became certain with them, in order of time.

        The same audio gives the same events however it is cut. Raises ``TypeError`` for other arrays.
        """
        events: list[Event] = []
        for block in self._tone_blocks.push(samples):
            events += self._hear_tones(block)
        self._fed += len(samples)
        if self._answer_at is not None and self._settings.enabled and self._verdict is None:
            for block in self._call_blocks.push(samples):
                events += self._hear_speech(block)
        return events

    def features(self) -> list[TrackPoint]:
        """The track since the answer, a point every 100 ms until the verdict."""
        return list(self._track)

    def _hear_tones(self, block: Floats) -> list[Event]:
        answer_ms = (self._answer_at or 0) * 1000 // SAMPLE_RATE_HZ
        events: list[Event] = []
        for event in self._tones.block(block):
            event = replace(event, at_ms=event.at_ms - answer_ms)
            events.append(event)
            if isinstance(event, Tone) and (verdict := self._verdict_of(event)):
                events.append(verdict)
        return events

    def _verdict_of(self, tone: Tone) -> Verdict | None:
        meaning = _MEANINGS.get(tone.kind)
        if meaning is None or self._answer_at is None or not self._settings.enabled or self._verdict:
            return None
        label, cause = meaning
        self._verdict = Verdict(label, 1.0, max(0, tone.at_ms), cause, {"at_s": max(0, tone.at_ms) / 1000})
        return self._verdict

    def _hear_speech(self, block: Floats) -> list[Event]:
        if self._verdict:
            return []
        step = self._front_end.step(block)
        self._talk.step(step.voice_db)
        odds = self._odds(step)
        self._track.append(TrackPoint(self._talk.at_ms, float(np.max(step.voice_db)), odds.speech, odds))
        self._verdict = self._decision.step(odds, self._talk)
        return [self._verdict] if self._verdict else []

    def _odds(self, step: Step) -> Odds:
        if self._model is None or self._state is None:
            return _odds_by_timing(self._talk)
        odds, self._state = self._model.step(step.mel, self._talk.timing(), self._state)
        return odds


_MEANINGS = {
    "sit": (Label.INTERCEPT, "intercept_tones"),
    "ced": (Label.FAX, "fax_tone"),
    "cng": (Label.FAX, "fax_tone"),
    "beep": (Label.MACHINE, "beep"),
}
_LIMITS = Limits(machine=0.95, machine_at_last=0.9, human=0.7, human_talking=0.97, quiet_ms=500)


def _odds_by_timing(talk: Talk) -> Odds:
    """A person says a short word and waits; a greeting keeps going."""
    excess = (talk.speech_ms - 1900) / 250 - talk.quiet_ms / 150
    machine = float(1.0 / (1.0 + np.exp(-excess)))
    return Odds(1.0 - machine, machine, 0.0, 0.0, talk.active)
