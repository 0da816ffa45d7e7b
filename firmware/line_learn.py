"""Learning how a line says that the far end has gone: the listener and the sound of one call that records its end.

Somebody answers a telephone in their hand and hangs up; some 15 s around that moment go to ``dsp.line.learn``, which
proposes. The call goes on through whatever the usual rules would take for its end, so that the whole of it is heard.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from board.modem.companding import Samples
from board.modem.engine import Sign
from board.modem.table import Input, State
from board.modem.words import Word
from dsp.line.answer import Answered, Refused
from dsp.line.learn import Proposal, propose
from dsp.line.seize import MayDial, NoDialling
from dsp.line.supervision import CallSettings, Stage, Supervision
from dsp.line.wires import Wires

AFTER_S = 10.0
BEFORE_S = 5.0
LONGEST_S = 90.0
_LOOK_EVERY = 8000
_OPENED_MS = 200
"""A modem tells of an opened loop, not of its length; shorter ones it does not notice."""
_SILENT_S = 8.0
_RATE = 8000


class LineLearning:
    """A ``Listener`` and a ``Sound`` at once; what it says is silence."""

    def __init__(self, settings: CallSettings) -> None:
        self.step = "calling"
        self.proposals: list[Proposal] = []
        self.failed = ""
        """Why nothing could be learnt, as a key."""
        ending = replace(settings.disconnect, silence_ms=round(_SILENT_S * 1000), maximum_ms=0)
        self._call = Supervision(replace(settings, disconnect=ending), stage=Stage.OVER)
        self._sound: list[Samples] = []
        self._wires: list[Wires] = []
        self._samples = self._looked_at = 0
        self._gone_at: int | None = None
        self._opened_until = 0
        self._reversed = False
        self._over = False

    def moved(self, state: State) -> None:
        """The line stands elsewhere."""
        stages = {
            State.DIAL_TONE: Stage.SEIZING,
            State.DIALLING: Stage.DIALLING,
            State.PROGRESS: Stage.WAITING,
        }
        if state in stages and self._call.stage is not stages[state]:
            self._call.enter(stages[state])

    def hinted(self, word: str) -> Iterator[Sign]:
        """A word of the modem about the wires; in the conversation it is the end, or part of it."""
        if self.step == "calling":
            return
        if word == Word.LOOP_BREAK:
            self._opened_until = self._samples + _OPENED_MS * 8
            self._gone()
        elif word == Word.REVERSAL:
            self._reversed = not self._reversed
            self._gone()
        yield from ()

    def heard(self, samples: Samples) -> Iterator[Sign]:
        """Sound of the line."""
        if self._over:
            return
        if self.step == "calling":
            for event in self._call.hear(samples):
                yield from self._progress(event)
            return
        self._keep(samples)
        if self._gone_at is None:
            self._listen(samples)
        if self._finished():
            self._over = True
            self._learn()
            yield Sign(Input.FAR_END_GONE, "learnt")

    def write(self, samples: bytes) -> int:
        """Heard on the line; ``heard`` takes it."""
        return len(samples) // 2

    def read(self, max_samples: int) -> bytes:
        """Nothing is said."""
        del max_samples
        return b""

    # -- the call ----------------------------------------------------------------------------------------------

    def _progress(self, event: object) -> Iterator[Sign]:
        if isinstance(event, MayDial):
            yield Sign(Input.HEARD_DIAL_TONE)
        elif isinstance(event, NoDialling):
            self.failed = "line_no_dial_tone"
            yield Sign(Input.NO_DIAL_TONE, event.reason.value)
        elif isinstance(event, Refused):
            self.failed = "line_learn_not_answered"
            yield Sign(Input.FAR_END_BUSY, event.kind)
        elif isinstance(event, Answered):
            self.step = "talking"
            yield Sign(Input.ANSWERED, event.method.value)

    def _keep(self, samples: Samples) -> None:
        self._sound.append(samples)
        self._samples += len(samples)
        opened = self._samples <= self._opened_until
        at_ms = self._samples // 8
        self._wires.append(Wires(at_ms, True, battery=not opened, reversed=self._reversed))

    def _listen(self, samples: Samples) -> None:
        """The usual rules first; what they do not know shows by looking at the last seconds now and then."""
        if self._call.stage is Stage.UP and self._call.hear(samples):
            self._gone()
        elif self._samples - self._looked_at >= _LOOK_EVERY:
            self._looked_at = self._samples
            if any(one.rounds >= 3 for one in self._proposed(self._samples - round(BEFORE_S * _RATE))):
                self._gone()

    def _gone(self) -> None:
        if self._gone_at is None:
            self._gone_at = self._samples
            self.step = "recording"

    def _finished(self) -> bool:
        if self._gone_at is not None and self._samples - self._gone_at >= AFTER_S * _RATE:
            return True
        return self._samples >= LONGEST_S * _RATE

    def _learn(self) -> None:
        begin = (self._gone_at or self._samples) - round(BEFORE_S * _RATE)
        self.proposals = self._proposed(begin)
        if not self.proposals:
            self.failed = "line_nothing_learnt"

    def _proposed(self, begin: int) -> list[Proposal]:
        begin = max(0, begin)
        sound = np.concatenate(self._sound)[begin:] if self._sound else np.zeros(0, np.int16)
        begin_ms = begin // 8
        wires = [replace(one, at_ms=one.at_ms - begin_ms) for one in self._wires if one.at_ms >= begin_ms]
        return propose(wires, sound)
