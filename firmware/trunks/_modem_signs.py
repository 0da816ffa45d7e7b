"""Between a voice modem and the rules of signalling: its states lead ``dsp.line``, and what that hears leads it.

Called in the thread of its line. What tones and wires mean is decided in ``dsp.line``, what an end means to the box in
``modem``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from board.modem.companding import Samples
from board.modem.engine import Sign
from board.modem.table import Input, State
from board.modem.words import Word
from dsp.line.answer import Answered, Refused
from dsp.line.disconnect import Disconnected
from dsp.line.seize import MayDial, NoDialling, Refusal
from dsp.line.supervision import CallSettings, Event, Ringing, Stage, Supervision
from dsp.line.wires import Notice
from firmware.model import HangupCause

_STAGES = {
    State.DIAL_TONE: Stage.SEIZING,
    State.DIALLING: Stage.DIALLING,
    State.PROGRESS: Stage.WAITING,
    State.TALKING: Stage.UP,
}
_NOTICES = {Word.REVERSAL: Notice.REVERSED, Word.LOOP_BREAK: Notice.OPENED}
CAUSES = {
    "busy": HangupCause.BUSY,
    "congestion": HangupCause.UNAVAILABLE,
    "sit": HangupCause.NOT_FOUND,
    "unobtainable": HangupCause.NOT_FOUND,
    "no_answer": HangupCause.NO_ANSWER,
}
"""What a refusal heard on a line means."""
_NO_DIALLING = {
    Refusal.NO_DIAL_TONE: "no dial tone",
    Refusal.BUSY: "busy tone instead of a dial tone",
    Refusal.UNOBTAINABLE: "number unobtainable tone instead of a dial tone",
    Refusal.VOICE: "a voice instead of a dial tone",
}


class LineListener:
    """One call's; a ``board.modem.engine.Listener``."""

    def __init__(self, settings: CallSettings, ringing: Callable[[], None]) -> None:
        """``ringing`` is called once, when the far end is heard to ring."""
        self.cause: HangupCause | None = None
        """What a refusal meant."""
        self.held = False
        """On hold: silence is what is to be heard. Set in any thread."""
        self._was_held = False
        self._ringing = ringing
        self._call = Supervision(settings, stage=Stage.OVER)

    @property
    def answer(self) -> Answered | None:
        """How the call was answered, once it was."""
        return self._call.answer

    def moved(self, state: State) -> None:
        """The line stands elsewhere."""
        stage = _STAGES.get(state, Stage.OVER)
        if stage is not self._call.stage:
            self._call.enter(stage)

    def hinted(self, word: str) -> Iterator[Sign]:
        """A word of the modem."""
        notice = next((notice for known, notice in _NOTICES.items() if known == word), None)
        if notice is not None:
            yield from self._signs(self._call.noticed(notice))

    def heard(self, samples: Samples) -> Iterator[Sign]:
        """Sound of the line."""
        if self.held != self._was_held:
            self._was_held = self.held
            self._call.hold(self._call.at_ms, held=self._was_held)
        yield from self._signs(self._call.hear(samples))

    def _signs(self, events: Iterable[Event]) -> Iterator[Sign]:
        for event in events:
            if isinstance(event, Ringing):
                self._ringing()
            elif isinstance(event, MayDial):
                yield Sign(Input.HEARD_DIAL_TONE, " + ".join(f"{hz:g} Hz" for hz in event.hz))
            elif isinstance(event, NoDialling):
                yield Sign(Input.NO_DIAL_TONE, _NO_DIALLING[event.reason])
            elif isinstance(event, Answered):
                yield Sign(Input.ANSWERED, event.method.value)
            elif isinstance(event, Refused):
                self.cause = CAUSES[event.kind]
                yield Sign(Input.FAR_END_BUSY, f"{event.kind} {event.detail}".strip())
            elif isinstance(event, Disconnected):
                yield Sign(Input.FAR_END_GONE, event.method.value)
