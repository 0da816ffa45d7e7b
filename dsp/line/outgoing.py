"""A call out on an analog line from off-hook to the end: the rules of this folder put in order.

For drivers of any kind. Frames of sound and looks at the wires go in; what to send, when to move the hook and what has
happened come out. Whom to call and what an end means are the caller's business.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from dsp.frames import Samples
from dsp.line import answer, dialling, disconnect, seize
from dsp.line.answer import Answered, AnswerSettings, AnswerState, Refused
from dsp.line.country import line_country
from dsp.line.dialling import DialState, HookMove
from dsp.line.disconnect import Disconnected, DisconnectSettings, DisconnectState
from dsp.line.ears import Heard, LineEars
from dsp.line.seize import MayDial, NoDialling, SeizeSettings, SeizeState
from dsp.line.wires import Wires


class Stage(StrEnum):
    """How far it is."""

    SEIZING = "seizing"
    DIALLING = "dialling"
    WAITING = "waiting"
    UP = "up"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class CallSettings:
    """A line's habits."""

    country: str = "DE"
    pulse: bool = False
    seize: SeizeSettings = field(default_factory=SeizeSettings)
    answer: AnswerSettings = field(default_factory=AnswerSettings)
    disconnect: DisconnectSettings = field(default_factory=DisconnectSettings)


@dataclass(frozen=True, slots=True)
class Dialled:
    """All digits are out."""

    at_ms: int


Event = MayDial | NoDialling | Dialled | Answered | Refused | Disconnected
_LAST = (NoDialling, Refused, Disconnected)


@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """What to do in the coming 20 ms."""

    tx: Samples | None
    """To be sent; ``None``: whatever the call's own sound is, for nothing is being dialled."""
    moves: tuple[HookMove, ...] = ()
    events: tuple[Event, ...] = ()


class OutgoingCall:
    """One attempt on one line. The hook is closed by its first turn; hanging up is the driver's once it is over."""

    def __init__(self, settings: CallSettings, string: str, at_ms: int) -> None:
        """``at_ms``: the line's time now. ValueError for what is no dial string."""
        self._settings = settings
        self._script = dialling.compiled(string, line_country(settings.country), pulse=settings.pulse)
        self._dial = DialState()
        self._ears = LineEars(settings.country)
        self._began_ms = at_ms
        self._offset_ms = at_ms
        self._seize = SeizeState(at_ms)
        self._answer = AnswerState(at_ms)
        self._end = DisconnectState(at_ms, at_ms)
        self._closed = False
        self.stage = Stage.SEIZING

    def turn(self, wires: Wires, rx: Samples) -> Turn:
        """Take what was heard (int16[160]) and seen in the latest 20 ms; what to do in the next."""
        events: list[Event] = []
        for said in (self._look(wires), *(self._listen(heard) for heard in self._heard(rx))):
            if said and self.stage is not Stage.OVER:
                events.append(said)
                self._go_on(said, wires.at_ms)
        return self._act(wires.at_ms, events)

    def flashed(self, at_ms: int, flash_ms: int) -> None:
        """The driver flashes for somebody: the loop is not looked at meanwhile."""
        self._end = disconnect.flashed(self._end, at_ms, flash_ms)

    def hold(self, at_ms: int, *, held: bool) -> None:
        """On hold, silence does not end the call."""
        self._end = disconnect.hold(self._end, at_ms, held=held)

    def _heard(self, rx: Samples) -> list[Heard]:
        """The ears count from zero; the rules in the line's time."""
        return [one.later(self._offset_ms) for one in self._ears.feed(rx)]

    def _look(self, wires: Wires) -> Event | None:
        said: Event | None = None
        if self.stage is Stage.WAITING:
            self._answer, said = answer.watch(self._settings.answer, self._answer, wires)
        elif self.stage is Stage.UP:
            self._end, said = disconnect.watch(self._settings.disconnect, self._end, wires)
        return said

    def _listen(self, heard: Heard) -> Event | None:
        said: Event | None = None
        if self.stage is Stage.SEIZING:
            self._seize, said = seize.seize(self._settings.seize, self._seize, heard)
        elif self.stage is Stage.WAITING:
            self._answer, said = answer.listen(self._settings.answer, self._answer, heard)
        elif self.stage is Stage.UP:
            self._end, said = disconnect.listen(self._settings.disconnect, self._end, heard)
        return said

    def _go_on(self, said: Event, at_ms: int) -> None:
        if isinstance(said, MayDial):
            self.stage = Stage.DIALLING
        elif isinstance(said, Answered):
            self.stage = Stage.UP
            self._end = DisconnectState(at_ms, self._began_ms)
        elif isinstance(said, _LAST):
            self.stage = Stage.OVER

    def _act(self, at_ms: int, events: list[Event]) -> Turn:
        silent = np.zeros(dialling.FRAME, np.int16)
        if not self._closed:
            self._closed = True
            return Turn(silent, (HookMove(0, True),), tuple(events))
        if self.stage is not Stage.DIALLING:
            return Turn(silent if self.stage is Stage.SEIZING else None, (), tuple(events))
        self._dial, frame = dialling.step(self._script, self._dial)
        if frame.failed:
            self.stage = Stage.OVER
            return Turn(silent, (), (*events, NoDialling(at_ms, seize.Refusal.NO_DIAL_TONE)))
        if self._dial.part >= len(self._script):
            self.stage = Stage.WAITING
            self._answer = AnswerState(at_ms + dialling.FRAME_MS)
            events.append(Dialled(at_ms + dialling.FRAME_MS))
        return Turn(frame.tx, frame.moves, tuple(events))
