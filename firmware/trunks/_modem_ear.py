"""The ear on an analog line: dial tone, how far the call has come, answered or not, whether the far end has gone.

An exchange says nothing of this in words; it is heard, or seen as a reversal of the wires where the line has that. A
reversal is certain, everything else is a guess with a reason (``method``, ``confidence``). Knows sound and the words of
a modem, no ports and no calls; called in the thread of its line. Pure: time is counted in samples.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from board.modem.companding import Samples
from board.modem.engine import Sign
from board.modem.table import Input, State
from board.modem.words import Word
from dsp import AmdSettings, Analyser, Tone
from dsp.countries import ordered_for
from dsp.frames import Blocks
from dsp.spectrum import FRAME_MS, Look, Spectrum
from firmware.model import HangupCause

_TONE_LOW_HZ, _TONE_HIGH_HZ = 300.0, 520.0
_TONE_DB, _TONE_SHARE = -45.0, 0.75
_PURE_SHARE = 0.85
"""So much of the power in one or two peaks is a tone of any pitch; voices have more peaks."""
_DIAL_TONE_MS = 700
"""Longer than any burst of a busy tone."""
_DIAL_TONE_BURST_MS = {"IT": 540}
"""Countries whose dial tone has pauses: its longest burst."""
_RETURNED_MS = 2000
"""Dial tone in a conversation and no voice in between: the exchange has taken the line back."""
_VOICE_DB = -42.0
_VOICE_MS, _VOICE_WITHIN_MS = 200, 500
_TALKING_MS = 100
"""Less is the edge of a tone."""
_VOICE_NOT_BEFORE_MS = 1200
"""So soon after the last key nobody answers: what is heard are clicks of the exchange."""
_STOPPED_RINGING = 1.5
"""Ringback that stays away for so many of its pauses has ended."""
_SHORT_BREAK_MS = 650
"""After seizing and after an answer the wires bounce: a break or reversal within this means nothing."""
_REFUSALS = {"busy": HangupCause.BUSY, "congestion": HangupCause.UNAVAILABLE, "sit": HangupCause.NOT_FOUND}
_MACHINES = ("ced", "cng", "modem")
_WIRE = (Word.REVERSAL, Word.LOOP_BREAK)


@dataclass(frozen=True, slots=True)
class EarSettings:
    """What this line's network does."""

    country: str = "DE"
    reversal_answers: bool = False
    """The exchange reverses the wires when the far end answers (set only where a test has shown it)."""
    silence_s: float = 60.0
    """So long without any sound in a conversation: nobody is there any more; 0: never."""


@dataclass(frozen=True, slots=True)
class AnswerSign:
    """How an answer was noticed."""

    method: str
    confidence: float


class LineEar:
    """One call's ear; a ``board.modem.engine.Listener``."""

    def __init__(self, settings: EarSettings, ringing: Callable[[], None]) -> None:
        """``ringing`` is called once, when the far end is heard to ring."""
        self.answer: AnswerSign | None = None
        self.cause: HangupCause | None = None
        """What a refusal meant."""
        self._settings = settings
        self._ringing = ringing
        self._state = State.IDLE
        self._state_ms = 0
        self._blocks = Blocks()
        self._spectrum = Spectrum()
        self._tones = self._new_tones()
        self._tone_ms = self._toned_ms = self._quiet_ms = 0
        self._voice: deque[bool] = deque(maxlen=_VOICE_WITHIN_MS // FRAME_MS)
        self._rung = False
        self._ring_gap_ms = 0
        self._pause_ms = _ringback_pause_ms(settings.country)

    # As the line tells it.

    def moved(self, state: State) -> None:
        """The line stands elsewhere; what was heard before is over."""
        self._state, self._state_ms = state, 0
        self._tone_ms = self._toned_ms = self._quiet_ms = 0
        self._voice.clear()
        if state in (State.DIAL_TONE, State.PROGRESS):
            self._tones = self._new_tones()

    def hinted(self, word: str) -> Iterator[Sign]:
        """A word of the modem."""
        if word not in _WIRE or self._state_ms < _SHORT_BREAK_MS:
            return
        if self._state is State.PROGRESS and self._settings.reversal_answers:
            yield self._answered("reversal", 1.0)
        elif self._state is State.TALKING:
            yield Sign(Input.FAR_END_GONE, "the wires were reversed or opened")

    def heard(self, samples: Samples) -> Iterator[Sign]:
        """Sound of the line."""
        if self._state is State.DIALLING:
            return  # our own keys come back as echo
        yield from self._progress(samples)
        for block in self._blocks.push(samples):
            for look in self._spectrum.look(block):
                yield from self._frame(look)

    # What it means.

    def _progress(self, samples: Samples) -> Iterator[Sign]:
        for event in self._tones.feed(samples):
            if isinstance(event, Tone):
                yield from self._tone(event)

    def _tone(self, tone: Tone) -> Iterator[Sign]:
        if tone.kind in _REFUSALS:
            self.cause = _REFUSALS[tone.kind]
            gone = self._state is State.TALKING
            yield Sign(Input.FAR_END_GONE if gone else Input.FAR_END_BUSY, f"{tone.kind} tone, {tone.detail}")
        elif tone.kind == "ringback" and self._state is State.PROGRESS:
            self._ring_gap_ms = 0
            if not self._rung:
                self._rung = True
                self._ringing()
        elif tone.kind in _MACHINES and self._state is State.PROGRESS:
            yield self._answered(f"{tone.kind} tone", 0.95)

    def _frame(self, look: Look) -> Iterator[Sign]:
        self._state_ms += FRAME_MS
        tone = _is_tone(look)
        self._tone_ms = self._tone_ms + FRAME_MS if tone else 0
        self._quiet_ms = 0 if look.smooth_db >= _VOICE_DB else self._quiet_ms + FRAME_MS
        voice = look.smooth_db >= _VOICE_DB and look.first_share + look.second_share < _PURE_SHARE
        self._voice.append(voice and not tone)
        talking = sum(self._voice) * FRAME_MS >= _TALKING_MS
        self._toned_ms = 0 if talking else self._toned_ms + FRAME_MS * tone
        if self._state is State.DIAL_TONE:
            yield from self._dial_tone(look)
        elif self._state is State.PROGRESS:
            self._ring_gap_ms = 0 if tone else self._ring_gap_ms + FRAME_MS
            yield from self._answer()
        elif self._state is State.TALKING:
            yield from self._hang_up()

    def _dial_tone(self, look: Look) -> Iterator[Sign]:
        wanted_ms = _DIAL_TONE_BURST_MS.get(self._settings.country, _DIAL_TONE_MS)
        if self._tone_ms != wanted_ms:
            return
        if self._settings.country == "GB" and abs(look.first_hz - 400.0) < 12 and look.second_share < 0.1:
            yield Sign(Input.NO_DIAL_TONE, "number unobtainable tone instead of a dial tone")
        else:
            yield Sign(Input.HEARD_DIAL_TONE, f"{look.low_hz:.0f} Hz")

    def _answer(self) -> Iterator[Sign]:
        if self._state_ms < _VOICE_NOT_BEFORE_MS:
            return
        if sum(self._voice) * FRAME_MS >= _VOICE_MS:
            yield self._answered("voice", 0.8 if self._rung else 0.6)
        elif self._rung and self._ring_gap_ms >= _STOPPED_RINGING * self._pause_ms:
            yield self._answered("ringing stopped", 0.6)

    def _hang_up(self) -> Iterator[Sign]:
        if self._toned_ms == _RETURNED_MS:
            yield Sign(Input.FAR_END_GONE, "dial tone returned")
        if self._settings.silence_s and self._quiet_ms == round(self._settings.silence_s * 1000):
            yield Sign(Input.FAR_END_GONE, f"silence for {self._settings.silence_s:g} s")

    def _answered(self, method: str, confidence: float) -> Sign:
        self.answer = self.answer or AnswerSign(method, confidence)
        return Sign(Input.ANSWERED, method)

    def _new_tones(self) -> Analyser:
        return Analyser(AmdSettings(enabled=False, country=self._settings.country, digits=False))


def _is_tone(look: Look) -> bool:
    """One or two steady tones where dial tones and ringback lie (350 to 450 Hz, and 480 in North America)."""
    if look.smooth_db < _TONE_DB or look.first_share + look.second_share < _TONE_SHARE:
        return False
    second_counts = look.second_share > 0.1
    pitches = (look.first_hz, look.second_hz) if second_counts else (look.first_hz,)
    return all(_TONE_LOW_HZ <= hz <= _TONE_HIGH_HZ for hz in pitches)


def _ringback_pause_ms(country: str) -> int:
    patterns = [one.pattern_ms for one in ordered_for(country) if one.kind == "ringback"]
    return max(patterns[0]) if patterns else 4000
