"""A call out on an analog line from off-hook to the end, for drivers that move the hook and send 20 ms at a time.

Frames of sound and looks at the wires go in; what to send, when to move the hook and what has happened come out.
``supervision`` says what it all means; whom to call and what an end means are the caller's business.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dsp.frames import Samples
from dsp.line import dialling, seize, supervision
from dsp.line.country import line_country
from dsp.line.dialling import DialState, HookMove
from dsp.line.seize import NoDialling
from dsp.line.supervision import CallSettings, Stage, Supervision
from dsp.line.wires import Wires


@dataclass(frozen=True, slots=True)
class Dialled:
    """All digits are out."""

    at_ms: int


Event = supervision.Event | Dialled


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
        self._script = dialling.compiled(string, line_country(settings.country), pulse=settings.pulse)
        self._dial = DialState()
        self._call = Supervision(settings, at_ms)
        self._closed = False

    @property
    def stage(self) -> Stage:
        """How far it is."""
        return self._call.stage

    def turn(self, wires: Wires, rx: Samples) -> Turn:
        """Take what was heard (int16[160]) and seen in the latest 20 ms; what to do in the next."""
        events: list[Event] = [*self._call.look(wires), *self._call.hear(rx)]
        return self._act(wires.at_ms, events)

    def flashed(self, at_ms: int, flash_ms: int) -> None:
        """The driver flashes for somebody: the loop is not looked at meanwhile."""
        self._call.flashed(at_ms, flash_ms)

    def hold(self, at_ms: int, *, held: bool) -> None:
        """On hold, silence does not end the call."""
        self._call.hold(at_ms, held=held)

    def _act(self, at_ms: int, events: list[Event]) -> Turn:
        silent = np.zeros(dialling.FRAME, np.int16)
        if not self._closed:
            self._closed = True
            return Turn(silent, (HookMove(0, True),), tuple(events))
        if self.stage is not Stage.DIALLING:
            return Turn(silent if self.stage is Stage.SEIZING else None, (), tuple(events))
        self._dial, frame = dialling.step(self._script, self._dial)
        if frame.failed:
            self._call.enter(Stage.OVER, at_ms)
            return Turn(silent, (), (*events, NoDialling(at_ms, seize.Refusal.NO_DIAL_TONE)))
        if self._dial.part >= len(self._script):
            self._call.enter(Stage.WAITING, at_ms + dialling.FRAME_MS)
            events.append(Dialled(at_ms + dialling.FRAME_MS))
        return Turn(frame.tx, frame.moves, tuple(events))
