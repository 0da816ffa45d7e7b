"""One leg under analysis: audio in; tones, digits, at most one verdict and what becomes of it out.

Ties the parts together and keeps time. Decides nothing itself: tones are recognised in ``tones``, speech is timed in
``talk``, the odds come from ``model``, the verdict falls in ``amd`` and is corrected in ``later``. Not thread-safe; one
object per leg, dropped with it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from dsp.amd import HEARD, AmdSettings, Decision, Label, Odds, Verdict
from dsp.features import FrontEnd
from dsp.frames import BLOCK, SAMPLE_RATE_HZ, Blocks, Floats, Samples, check
from dsp.later import KNOWN, Flip, GreetingEnd, Later, SpokeAgain
from dsp.model import AmdModel
from dsp.talk import Loudness, Talk
from dsp.tones import Digit, Tone, ToneDetector

Event = Tone | Digit | Verdict | Flip | GreetingEnd | SpokeAgain

_TRACK_POINTS = 600
_FRAMES_PER_STEP = 10
_TUNE_STEPS, _TUNE_MS = 30, 500
"""Notes held for so long within so many steps are a tune: what the model takes for a machine then is music."""
_MEANINGS: Mapping[str, tuple[Label, str]] = MappingProxyType(
    {
        "sit": (Label.INTERCEPT, "intercept_tones"),
        "ced": (Label.FAX, "fax_tone"),
        "cng": (Label.FAX, "fax_tone"),
        "modem": (Label.FAX, "fax_tone"),
        "beep": (Label.MACHINE, "beep"),
    }
)
"""Tones that settle who answered."""


@dataclass(frozen=True, slots=True)
class TrackPoint:
    """The features at one moment, for drawing: the loudest 10 ms in dBFS and what the model believed."""

    at_ms: int
    level_db: float
    odds: Odds


class Analyser:
    """Feed it the leg's received audio as it comes; call ``answered`` once when the far end accepts."""

    def __init__(
        self, settings: AmdSettings, model: AmdModel | None = None, *, machine: bool = False
    ) -> None:
        """Uses the shipped model where none is given; raises ``ModelError`` if it cannot be loaded.

        With ``settings.enabled`` false no model is needed or used. With ``machine`` it is known to be a machine:
        there is no verdict, only the end of the greeting is waited for.
        """
        self._tone_blocks = Blocks()
        self._tones = ToneDetector(settings.country, digits=settings.digits)
        self._judge = _Judge(settings, model or AmdModel.default()) if settings.enabled else None
        self._fed = 0
        self._answer_at: int | None = None
        if self._judge and machine:
            self._judge.known_machine()

    def answered(self) -> None:
        """Everything fed before was early media, everything after it is the call.

        A second time changes nothing.
        """
        if self._answer_at is None:
            self._answer_at = self._fed

    def feed(self, samples: Samples) -> list[Event]:
        """Take any number of 8 kHz int16 samples; what became certain with them, in order of time.

        The same audio gives the same events however it is cut. Raises ``TypeError`` for other arrays.
        """
        check(samples)
        events: list[Event] = []
        while len(samples):
            piece = min(self._tone_blocks.room, self._judge.room if self._judge else BLOCK)
            events += self._hear(samples[:piece])
            samples = samples[piece:]
        return events

    def done(self) -> bool:
        """Whether nothing but tones and keys can come any more."""
        return self._judge is not None and self._judge.done

    def features(self) -> list[TrackPoint]:
        """The track since the answer: a point every 100 ms for as long as the
        voice is listened to, the last minute at most."""
        return list(self._judge.track) if self._judge else []

    def _hear(self, piece: Samples) -> list[Event]:
        """Take a piece that completes at most one block of each kind, so that events come in order of time."""
        events: list[Event] = []
        judge = self._judge if self._answer_at is not None else None
        for block in self._tone_blocks.push(piece):
            events += self._hear_tones(block, judge)
        if self._judge:
            self._judge.held_ms = self._tones.held_ms
        self._fed += len(piece)
        return events + judge.feed(piece) if judge else events

    def _hear_tones(self, block: Floats, judge: _Judge | None) -> list[Event]:
        answer_ms = (self._answer_at or 0) * 1000 // SAMPLE_RATE_HZ
        events: list[Event] = []
        for event in self._tones.block(block):
            event = replace(event, at_ms=event.at_ms - answer_ms)
            events.append(event)
            if judge and isinstance(event, Tone):
                events += judge.tone(event)
        return events


class _Judge:
    """The call since its answer: until the verdict, and on while that may turn out to be wrong."""

    def __init__(self, settings: AmdSettings, model: AmdModel) -> None:
        self.track: deque[TrackPoint] = deque(maxlen=_TRACK_POINTS)
        self.held_ms = 0
        """How long notes have been held so far."""
        self._held: deque[int] = deque(maxlen=_TUNE_STEPS)
        self._model = model
        self._state = model.fresh_state()
        self._blocks = Blocks()
        self._front_end = FrontEnd()
        self._loudness = Loudness()
        self._loud = Talk()
        self._talk = Talk()
        self._limits = model.card.limits[settings.sensitivity]
        self._decision = Decision(settings, self._limits)
        self._later: Later | None = None

    @property
    def done(self) -> bool:
        """Whether nothing is left to learn."""
        return self._later is not None and not self._later.open

    def known_machine(self) -> None:
        """Only the end of its greeting is of interest."""
        self._later = Later(Verdict(Label.MACHINE, 1.0, 0, KNOWN), self._limits)

    @property
    def room(self) -> int:
        """Samples until its next step."""
        return self._blocks.room

    def tone(self, tone: Tone) -> list[Event]:
        """What a tone means for the verdict."""
        if tone.kind not in _MEANINGS or (self._later and not self._later.open):
            return []
        label, cause = _MEANINGS[tone.kind]
        at_ms = max(0, tone.at_ms)
        verdict = Verdict(label, 1.0, at_ms, cause, MappingProxyType({"at_s": at_ms / 1000}))
        if self._later:
            return list(self._later.tone(verdict))
        self._later = Later(verdict, self._limits)
        end = [GreetingEnd("beep", at_ms, verdict.figures)] if cause == "beep" else []
        return [verdict, *end]

    def feed(self, samples: Samples) -> list[Event]:
        """Listen to the voice while there is something left to learn from it."""
        if self._later and not self._later.open:
            return []
        found = [self._step(block) for block in self._blocks.push(samples)]
        return [event for event in found if event is not None]

    def _step(self, block: Floats) -> Verdict | Flip | GreetingEnd | SpokeAgain | None:
        step = self._front_end.step(block)
        self._loud.step(self._loudness.step(step.voice_db))
        odds, self._state = self._model.step(step.mel, self._loud.timing(), self._state)
        self._held.append(self.held_ms)
        if self._held[-1] - self._held[0] >= _TUNE_MS:
            odds = replace(odds, machine=0.0, music=odds.music + odds.machine)
        self._talk.step([odds.speech >= HEARD] * _FRAMES_PER_STEP)
        self.track.append(TrackPoint(self._talk.at_ms, float(step.voice_db.max()), odds))
        if self._later:
            return self._later.step(odds, self._talk, float(step.voice_db.max()))
        verdict = self._decision.step(odds, self._talk)
        if verdict:
            self._later = Later(verdict, self._limits)
        return verdict
