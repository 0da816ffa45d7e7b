"""`LineSim`: one analog line with a telephone network behind it, as a `LinePort`.

It adds up what the other modules know: the loop's volts and milliamps, ours and other telephones on it, the sound of
the wires, and the exchange (`switch`). Faults are set on it while it runs.

    line = LineSim("DE", {"03023125100": FarEnd(rings=2, voice=hello)}.get)
    line.set_hook(Hook.OFF)
    rx = line.frame(tx)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from board.sim.line.alerting import Happening
from board.sim.line.far_end import FarEnd, HangUp, IncomingCall, Outcome
from board.sim.line.hybrid import Channel, Wires
from board.sim.line.port import (
    FRAME_MS,
    FRAME_SAMPLES,
    Change,
    ChangeKind,
    Electrical,
    Hook,
    Polarity,
    Samples,
)
from board.sim.line.profile import Profile, profile
from board.sim.line.subscriber import KeyReceiver, LoopEvent, LoopReader
from board.sim.line.switch import NumberPlan, Phase, Seen, Switch
from board.sim.line.tones import Loop, amplitude

Floats = NDArray[np.float32]
_SET_OHMS, _SET_VOLTS = 180.0, 3.0
"""A line card off-hook: its resistor and what its bridge and transistor keep."""
_SILENT = np.zeros(FRAME_SAMPLES, np.int16)


@dataclass(frozen=True, slots=True, eq=False)
class Faults:
    """What is wrong with the line. Change it at any time: `line.faults = Faults(dead=True)`."""

    dead: bool = False
    """No battery at all: the wires are cut."""
    no_dial_tone: bool = False
    battery_v: float | None = None
    """Another battery than the country's; 20 is a failing one."""
    hum_dbm0: float | None = None
    """Mains hum picked up on the way."""
    crosstalk: Samples | None = None
    """Somebody else's conversation, faint, over and over."""
    crosstalk_db: float = -30.0
    stuck_off_hook: bool = False
    """Our relay does not open any more."""
    glare: IncomingCall | None = None
    """Comes in at the very moment we next seize the line."""


def _nobody(_number: str) -> FarEnd | None:
    return None


class LineSim:
    """A `LinePort`; what a test does to the far side are the methods besides."""

    def __init__(
        self,
        country: str | Profile,
        plan: NumberPlan = _nobody,
        *,
        otherwise: FarEnd | None = None,
        channel: Channel | None = None,
        faults: Faults | None = None,
    ) -> None:
        """`otherwise`: who answers numbers not in the plan; nobody, by default."""
        self._profile = country if isinstance(country, Profile) else profile(country)
        self._switch = Switch(self._profile, plan, otherwise or FarEnd(outcome=Outcome.UNOBTAINABLE))
        self._loop = LoopReader(self._profile.flash_ms, pulses=self._profile.pulse_dialling)
        self._receiver = KeyReceiver()
        self._channel = channel or Channel()
        self._moves: list[tuple[int, Hook]] = []
        self._changes: list[Change] = []
        self._due: list[Happening] = []
        self._hook = Hook.ON
        self._relay = Hook.ON
        self._extension = self._reversed = self._open = self._ringing = False
        self._at_ms = 0
        self.faults = faults or Faults()
        self.state = self._measure()

    @property
    def country(self) -> str:
        """ISO 3166 code."""
        return self._profile.country

    @property
    def profile(self) -> Profile:
        """What this line is like."""
        return self._profile

    @property
    def phase(self) -> Phase:
        """What the exchange is doing with the line."""
        return self._switch.phase

    @property
    def log(self) -> list[Seen]:
        """What the exchange saw: phases, digits, flashes."""
        return self._switch.log

    @property
    def dialled(self) -> str:
        """The digits the exchange understood since the last seizure."""
        return self._switch.dialled

    def far_heard(self) -> Samples:
        """What arrived at the far end in this conversation, or the latest one; a minute at most."""
        return np.concatenate((np.zeros(0, np.int16), *self._switch.heard))

    @property
    def faults(self) -> Faults:
        """What is wrong now."""
        return self._faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        self._faults = faults
        hum = self._channel.hum_dbm0 if faults.hum_dbm0 is None else faults.hum_dbm0
        self._wires = Wires(replace(self._channel, hum_dbm0=hum))
        self._crosstalk = (
            None if faults.crosstalk is None else Loop.of_recording(faults.crosstalk, repeats=True)
        )
        self._switch.dial_tone = not faults.no_dial_tone
        self._switch.glare = faults.glare

    def ring(self, call: IncomingCall) -> bool:
        """Somebody calls this line; False: it is taken, and the caller hears busy."""
        return not self._faults.dead and self._switch.ring(self._at_ms, call)

    def far_hangs_up(self, how: HangUp | None = None) -> None:
        """The far end goes now, by its own way or this one."""
        self._switch.far_hangs_up(self._at_ms, how)

    def extension(self, *, off_hook: bool) -> None:
        """Another telephone on the same wires is picked up or put down."""
        if off_hook != self._extension:
            self._extension = off_hook
            kind = ChangeKind.EXTENSION_OFF if off_hook else ChangeKind.EXTENSION_ON
            self._changes.append(Change(kind, self._at_ms))
            self._move(self._at_ms, self._hook)

    def set_hook(self, hook: Hook, *, offset_ms: int = 0) -> None:
        """Close or open the loop so long into the next frame."""
        if not 0 <= offset_ms < FRAME_MS:
            raise ValueError(f"offset_ms is 0 to {FRAME_MS - 1}, not {offset_ms}")
        self._moves.append((offset_ms, hook))

    def changes(self) -> list[Change]:
        """Take what happened on the wires since the last call."""
        changes, self._changes = self._changes, []
        return sorted(changes, key=lambda one: one.at_ms)

    def frame(self, tx: Samples) -> Samples:
        """Let 20 ms pass."""
        if tx.dtype != np.int16 or tx.shape != (FRAME_SAMPLES,):
            raise ValueError(f"a frame is int16[{FRAME_SAMPLES}], not {tx.dtype} {tx.shape}")
        at_ms, self._at_ms = self._at_ms, self._at_ms + FRAME_MS
        for offset_ms, hook in sorted(self._moves, key=lambda one: one[0]):
            self._move(at_ms + offset_ms, hook)
        self._moves = []
        speaking = self._relay is Hook.OFF and not self._cut
        sound = self._exchange(at_ms, tx if speaking else _SILENT)
        self._order(self._switch.orders())
        self.state = self._measure()
        if self._cut:
            sound = np.zeros(FRAME_SAMPLES, np.float32)
        if self._crosstalk is not None:
            sound = sound + self._crosstalk.take(FRAME_SAMPLES) * 10 ** (self._faults.crosstalk_db / 20)
        return self._wires.to_us(sound, tx if speaking else _SILENT, loop=speaking)

    def advance(self, ms: int, tx: Samples | None = None) -> Samples:
        """Frames for so long (rounded up), sending `tx` and then silence; what was heard."""
        frames = -(-ms // FRAME_MS)
        sent = np.zeros(frames * FRAME_SAMPLES, np.int16)
        if tx is not None:
            sent[: len(tx)] = tx[: len(sent)]
        heard = [self.frame(piece) for piece in sent.reshape(-1, FRAME_SAMPLES)]
        return np.concatenate((np.zeros(0, np.int16), *heard))

    @property
    def _cut(self) -> bool:
        return self._faults.dead or self._open

    def _exchange(self, at_ms: int, tx: Samples) -> Floats:
        if self._faults.dead:
            self._switch.drop(at_ms)
            self._loop.reset()
            return np.zeros(FRAME_SAMPLES, np.float32)
        self._loop.dialling = self._switch.awaits_digits
        self._heed(self._loop.passed(self._at_ms))
        heard = self._wires.from_us(tx)
        for key in self._receiver.frame(heard) if self._relay is Hook.OFF else "":
            self._switch.key(self._at_ms, key)
        return self._switch.frame(at_ms, heard, self._wires)

    def _heed(self, events: Iterable[LoopEvent]) -> None:
        for event in events:
            self._switch.loop(event)

    def _move(self, at_ms: int, hook: Hook) -> None:
        self._hook = hook
        stuck = self._faults.stuck_off_hook and self._relay is Hook.OFF
        self._relay = Hook.OFF if stuck else hook
        if not self._faults.dead:
            self._loop.dialling = self._switch.awaits_digits
            self._heed(self._loop.moved(at_ms, closed=self._relay is Hook.OFF or self._extension))

    def _order(self, orders: list[Happening]) -> None:
        """Carry out what is due by now; an open loop closes later."""
        waiting = sorted((*self._due, *orders), key=lambda one: one.at_ms)
        self._due = [one for one in waiting if one.at_ms >= self._at_ms]
        for one in (one for one in waiting if one.at_ms < self._at_ms):
            self._changes += [Change(kind, one.at_ms, one.data) for kind in self._carry_out(one.kind)]
        if self._switch.phase is Phase.IDLE and not self._due and (self._reversed or self._ringing):
            self._changes += [Change(kind, self._at_ms) for kind in self._rest()]

    def _carry_out(self, kind: ChangeKind) -> Iterator[ChangeKind]:
        if kind in (ChangeKind.RING_ON, ChangeKind.RING_OFF):
            if self._ringing == (kind is ChangeKind.RING_ON):
                return
            self._ringing = not self._ringing
        elif kind in (ChangeKind.BATTERY_ON, ChangeKind.BATTERY_OFF):
            if self._open == (kind is ChangeKind.BATTERY_OFF):
                return
            self._open = not self._open
        elif kind is ChangeKind.REVERSAL:
            self._reversed = not self._reversed
        yield kind

    def _rest(self) -> Iterator[ChangeKind]:
        """The call is over: the wires go back to how they idle."""
        if self._ringing:
            self._ringing = False
            yield ChangeKind.RING_OFF
        if self._reversed:
            self._reversed = False
            yield ChangeKind.REVERSAL

    def _measure(self) -> Electrical:
        sets = (self._relay is Hook.OFF) + self._extension
        battery = self._profile.battery_v if self._faults.battery_v is None else self._faults.battery_v
        battery = 0.0 if self._cut else battery
        amps = max(0.0, battery - _SET_VOLTS) / (self._profile.feed_ohms + _SET_OHMS / sets) if sets else 0.0
        volts = min(battery, _SET_VOLTS + amps * _SET_OHMS / sets) if sets else battery
        return Electrical(
            at_ms=self._at_ms,
            hook=self._hook,
            volts=round(-volts if self._reversed else volts, 1),
            milliamps=round(amps / sets * 1000, 1) if self._relay is Hook.OFF else 0.0,
            polarity=Polarity.REVERSED if self._reversed else Polarity.NORMAL,
            ringing=self._ringing,
            ring_hz=self._profile.ring_hz if self._ringing else 0.0,
            ring_vrms=self._profile.ring_vrms if self._ringing else 0.0,
        )


def tone(dbm0: float, hz: float = 1004.0, ms: int = 1000) -> Samples:
    """A measuring tone to send or to have spoken."""
    at = np.arange(ms * 8)
    return np.asarray(np.round(np.sin(2 * np.pi * hz * at / 8000) * amplitude(dbm0)), np.int16)
