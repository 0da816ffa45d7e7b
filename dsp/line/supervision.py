"""A call on a line as the rules of this folder follow it, whoever moves the hook and dials: a modem, a gateway, a chip.

What was heard and seen goes in, in any pieces; what it means at this stage of the call comes out, in order. The driver
says how far it is (``enter``); an answer or an end moves the stage by itself. Sending is the driver's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from dsp.countries import Cadence
from dsp.frames import Samples
from dsp.line import answer, disconnect, seize
from dsp.line.answer import Answered, AnswerSettings, AnswerState, Refused
from dsp.line.disconnect import Disconnected, DisconnectSettings, DisconnectState
from dsp.line.ears import Heard, LineEars
from dsp.line.seize import MayDial, NoDialling, SeizeSettings, SeizeState
from dsp.line.wires import Notice, Wires


class Stage(StrEnum):
    """How far it is."""

    SEIZING = "seizing"
    DIALLING = "dialling"
    WAITING = "waiting"
    UP = "up"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class CallSettings:
    """A line's habits. ``own``: tones that only this line has, learnt from it."""

    country: str = "DE"
    pulse: bool = False
    seize: SeizeSettings = field(default_factory=SeizeSettings)
    answer: AnswerSettings = field(default_factory=AnswerSettings)
    disconnect: DisconnectSettings = field(default_factory=DisconnectSettings)
    own: tuple[Cadence, ...] = ()


@dataclass(frozen=True, slots=True)
class Ringing:
    """The far end is heard to ring. Told once a call."""

    at_ms: int


Event = MayDial | NoDialling | Ringing | Answered | Refused | Disconnected
_LAST = (NoDialling, Refused, Disconnected)


class Supervision:
    """One call. Times are the line's own; what is heard counts from ``at_ms`` on."""

    def __init__(self, settings: CallSettings, at_ms: int = 0, stage: Stage = Stage.SEIZING) -> None:
        self.stage = stage
        self.answer: Answered | None = None
        """How the call was answered, once it was."""
        self._settings = settings
        self._off_hook_ms = at_ms
        self._offset_ms = self._now_ms = at_ms
        self._samples = 0
        self._ears = LineEars(settings.country, settings.own)
        self._seize = SeizeState(at_ms)
        self._answer = AnswerState(at_ms)
        self._end = DisconnectState(at_ms, at_ms)

    @property
    def at_ms(self) -> int:
        """The end of what was heard so far."""
        return self._now_ms

    def enter(self, stage: Stage, at_ms: int | None = None) -> None:
        """The driver is so far. From the end of dialling on the ears begin anew: our own keys came back as echo."""
        now = self._now_ms if at_ms is None else at_ms
        self.stage = stage
        if stage is Stage.SEIZING:
            self._off_hook_ms, self._seize = now, SeizeState(now)
        elif stage is Stage.WAITING:
            self._answer = AnswerState(now)
            self._listen_anew(now)
        elif stage is Stage.UP:
            self._end = DisconnectState(now, self._off_hook_ms)

    def hear(self, samples: Samples) -> list[Event]:
        """What was heard next; TypeError for anything but int16."""
        self._samples += len(samples)
        self._now_ms = self._offset_ms + self._samples // 8
        if self.stage in (Stage.DIALLING, Stage.OVER):
            return []
        return [said for heard in self._ears.feed(samples) for said in self._heard(heard)]

    def look(self, wires: Wires) -> list[Event]:
        """The wires as a driver that measures them sees them."""
        said: Event | None = None
        if self.stage is Stage.WAITING:
            self._answer, said = answer.watch(self._settings.answer, self._answer, wires)
        elif self.stage is Stage.UP:
            self._end, said = disconnect.watch(self._settings.disconnect, self._end, wires)
        return self._told(said, wires.at_ms)

    def noticed(self, notice: Notice) -> list[Event]:
        """A word about the wires from a driver that cannot measure them; it is of this moment."""
        said: Event | None = None
        if self.stage is Stage.WAITING:
            self._answer, said = answer.noticed(self._settings.answer, self._answer, self._now_ms, notice)
        elif self.stage is Stage.UP:
            self._end, said = disconnect.noticed(self._settings.disconnect, self._end, self._now_ms, notice)
        return self._told(said, self._now_ms)

    def flashed(self, at_ms: int, flash_ms: int) -> None:
        """The driver flashes for somebody: the loop is not looked at meanwhile."""
        self._end = disconnect.flashed(self._end, at_ms, flash_ms)

    def hold(self, at_ms: int, *, held: bool) -> None:
        """On hold, silence does not end the call."""
        self._end = disconnect.hold(self._end, at_ms, held=held)

    def _listen_anew(self, at_ms: int) -> None:
        self._ears = LineEars(self._settings.country, self._settings.own)
        self._offset_ms, self._samples = at_ms, 0

    def _heard(self, heard: Heard) -> list[Event]:
        heard = heard.later(self._offset_ms)
        said: Event | None = None
        more: list[Event] = []
        if self.stage is Stage.SEIZING:
            self._seize, said = seize.seize(self._settings.seize, self._seize, heard)
        elif self.stage is Stage.WAITING:
            rang = self._answer.ringback_ms is not None
            self._answer, said = answer.listen(self._settings.answer, self._answer, heard)
            if not rang and self._answer.ringback_ms is not None:
                more.append(Ringing(heard.at_ms))
        elif self.stage is Stage.UP:
            self._end, said = disconnect.listen(self._settings.disconnect, self._end, heard)
        return more + self._told(said, heard.at_ms)

    def _told(self, said: Event | None, at_ms: int) -> list[Event]:
        if said is None:
            return []
        if isinstance(said, MayDial):
            self.stage = Stage.DIALLING
        elif isinstance(said, Answered):
            self.answer = said
            self.enter(Stage.UP, at_ms)
        elif isinstance(said, _LAST):
            self.stage = Stage.OVER
        return [said]
