"""The local exchange's side of one line: dial tone, digits, ringback, answer, the far end's going, and calls in.

Hook events, keys and 20 ms of sound go in; sound and orders for the wires (ring, reversal, open loop) come out.
Volts and milliamps, and what the wires do to the sound, are `sim`'s.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from board.sim.line.alerting import Alerting, Happening
from board.sim.line.far_end import FarEnd, HangUp, IncomingCall, Outcome
from board.sim.line.hybrid import Wires
from board.sim.line.party import Party
from board.sim.line.port import FRAME_MS, FRAME_SAMPLES, ChangeKind, Samples
from board.sim.line.profile import Profile, profile
from board.sim.line.subscriber import LoopEvent, LoopKind
from board.sim.line.tones import Loop
from board.sim.line.waiting import Knock

Floats = NDArray[np.float32]
NumberPlan = Callable[[str], FarEnd | None]
"""Who has a number; None while it is not complete, or for nobody."""

_FIRST_DIGIT_MS, _NEXT_DIGIT_MS = 15_000, 3_000
_CLEARED_MS, _HOWLER_MS = 60_000, 20_000
_KEEP_FRAMES = 60 * 50


class Phase(StrEnum):
    """What the exchange is doing with the line."""

    IDLE = "idle"
    ALERTING = "alerting"
    DIAL_TONE = "dial_tone"
    DIALLING = "dialling"
    SETTING_UP = "setting_up"
    RINGBACK = "ringback"
    REFUSED = "refused"
    TALKING = "talking"
    RECALL = "recall"
    CLEARED = "cleared"
    """The far end has gone, we have not."""
    HOWLER = "howler"
    PARKED = "parked"
    """Left off the hook so long that nothing is done for it any more."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the exchange saw or did, for the log: `what` is a phase, or digit, flash, metering, waiting, glare."""

    at_ms: int
    what: str
    detail: str = ""


class Switch:
    """One line's call states."""

    def __init__(self, country: Profile, plan: NumberPlan, otherwise: FarEnd) -> None:
        self._profile = country
        self._plan = plan
        self._otherwise = otherwise
        self._since_ms = 0
        self._digit_at_ms = 0
        self._play: Loop | None = None
        self._waiting: Knock | None = None
        self._alerting: Alerting | None = None
        self._incoming: IncomingCall | None = None
        self._party: Party | None = None
        self._far = otherwise
        self._ringback_ms = 0
        self._orders: list[Happening] = []
        self.phase = Phase.IDLE
        self.dialled = ""
        self.log: list[Seen] = []
        self.heard: deque[Samples] = deque(maxlen=_KEEP_FRAMES)
        self.dial_tone = True
        """False is a fault: the line is seized and stays silent."""
        self.glare: IncomingCall | None = None
        """A call that comes in at the very moment we next seize the line."""

    def orders(self) -> list[Happening]:
        """Take what is to be done to the wires, with absolute times."""
        orders, self._orders = self._orders, []
        return orders

    @property
    def awaits_digits(self) -> bool:
        """Whether short breaks of the loop are pulses now."""
        return self.phase in (Phase.DIAL_TONE, Phase.DIALLING, Phase.RECALL)

    def ring(self, at_ms: int, call: IncomingCall) -> bool:
        """A call comes in; False when the line is taken. During a conversation its call-waiting tone is heard."""
        if self.phase is Phase.TALKING and self._waiting is None:
            self._waiting = Knock(self._profile, call)
            self._note(at_ms, "waiting")
        if self.phase is not Phase.IDLE:
            return False
        self._incoming = call
        self._alerting = Alerting(self._profile, call.caller, call.modulation, call.raw)
        self._enter(at_ms, Phase.ALERTING)
        return True

    def far_hangs_up(self, at_ms: int, how: HangUp | None = None) -> None:
        """The far end goes now; a caller we have not answered gives up."""
        if self.phase is Phase.ALERTING:
            self._ring_off(at_ms)
            self._enter(at_ms, Phase.IDLE, "gave up")
        elif self.phase in (Phase.TALKING, Phase.RECALL):
            self._clear(at_ms, how or self._far.hang_up)

    def loop(self, event: LoopEvent) -> None:
        """The subscriber closed, opened, pulsed or flashed."""
        if event.kind is LoopKind.SEIZED:
            self._seized(event.at_ms)
        elif event.kind is LoopKind.RELEASED:
            self._released(event.at_ms)
        elif event.kind is LoopKind.FLASH:
            self._flashed(event.at_ms)
        else:
            self.key(event.at_ms, event.digit)

    def key(self, at_ms: int, key: str) -> None:
        """A digit was understood."""
        self._note(at_ms, "digit", key)
        if self._waiting is not None:
            self._waiting.key(key)
        if self.phase is Phase.DIAL_TONE:
            self._enter(at_ms, Phase.DIALLING)
        if self.phase is Phase.RECALL:
            self._play = None
        if self.phase is Phase.DIALLING:
            self._digit_at_ms = at_ms
            self.dialled += key
            if found := self._plan(self.dialled):
                self._set_up(at_ms, found)

    def frame(self, at_ms: int, heard: Floats, wires: Wires) -> Floats:
        """The 20 ms from `at_ms` on: what the line hears of the exchange while it said `heard`."""
        sound = _FRAME[self.phase](self, at_ms, at_ms - self._since_ms, heard, wires)
        if self._waiting is not None and self.phase is Phase.TALKING:
            knock = self._waiting.take()
            sound = knock if self._waiting.muted else sound + knock
            if told := self._waiting.sent(at_ms + FRAME_MS):
                self._orders.append(told)
        return sound

    def drop(self, at_ms: int) -> None:
        """The wires are cut: whatever was up is gone."""
        if self.phase is not Phase.IDLE:
            self._released(at_ms)

    def _seized(self, at_ms: int) -> None:
        if self.glare is not None:
            self._incoming, self.glare = self.glare, None
            self._note(at_ms, "glare")
            self._answer(at_ms)
        elif self.phase is Phase.ALERTING:
            self._ring_off(at_ms + self._profile.ring_trip_ms)
            self._answer(at_ms)
        elif self.phase is Phase.IDLE:
            self.dialled = ""
            self._enter(at_ms, Phase.DIAL_TONE)

    def _answer(self, at_ms: int) -> None:
        assert self._incoming is not None
        self._far = replace(self._incoming.party, answer_reversal=False)
        self._talk(at_ms)

    def _released(self, at_ms: int) -> None:
        self._alerting = self._incoming = self._party = self._play = self._waiting = None
        self._orders.append(Happening(at_ms, ChangeKind.BATTERY_ON))
        self._enter(at_ms, Phase.IDLE)

    def _flashed(self, at_ms: int) -> None:
        self._note(at_ms, "flash")
        if self.phase is Phase.TALKING:
            self._enter(at_ms, Phase.RECALL, tone="special_dial")
        elif self.phase is Phase.RECALL:
            self._enter(at_ms, Phase.TALKING, "back")

    def _set_up(self, at_ms: int, far: FarEnd) -> None:
        self._far = far
        self._enter(at_ms, Phase.SETTING_UP, self.dialled)

    def _talk(self, at_ms: int) -> None:
        self.heard.clear()
        self._party = Party(self._far)
        self._alerting = None
        if self._far.answer_reversal:
            self._orders.append(Happening(at_ms, ChangeKind.REVERSAL))
        self._enter(at_ms, Phase.TALKING)

    def _clear(self, at_ms: int, how: HangUp) -> None:
        if how is HangUp.CPC:
            self._orders.append(Happening(at_ms, ChangeKind.BATTERY_OFF))
            self._orders.append(Happening(at_ms + self._profile.cpc_ms, ChangeKind.BATTERY_ON))
        elif how is HangUp.REVERSAL:
            self._orders.append(Happening(at_ms, ChangeKind.REVERSAL))
        self._enter(at_ms, Phase.CLEARED, how, tone=how)

    def _ring_off(self, at_ms: int) -> None:
        self._orders.append(Happening(at_ms, ChangeKind.RING_OFF))

    def _enter(self, at_ms: int, phase: Phase, detail: str = "", tone: str = "") -> None:
        self.phase, self._since_ms, self._digit_at_ms = phase, at_ms, at_ms
        found = self._profile.tones.get(tone)
        self._play = Loop.of(found) if found else None
        self._note(at_ms, phase, detail)

    def _note(self, at_ms: int, what: str, detail: str = "") -> None:
        self.log.append(Seen(at_ms, what, detail))

    def _sound(self) -> Floats:
        return self._play.take(FRAME_SAMPLES) if self._play else np.zeros(FRAME_SAMPLES, np.float32)

    def _idle(self, _at_ms: int, _since_ms: int, _heard: Floats, _wires: Wires) -> Floats:
        return self._sound()

    def _alert(self, at_ms: int, since_ms: int, _heard: Floats, _wires: Wires) -> Floats:
        assert self._alerting is not None
        assert self._incoming is not None
        ring = self._alerting.happenings(since_ms, since_ms + FRAME_MS)
        self._orders += [replace(one, at_ms=self._since_ms + one.at_ms) for one in ring]
        sound = self._alerting.sound(since_ms, since_ms + FRAME_MS)
        rounds = self._incoming.gives_up_after
        if rounds is not None and self._alerting.bursts(since_ms) >= rounds:
            self.far_hangs_up(at_ms)
        return sound

    def _offer(self, at_ms: int, since_ms: int, _heard: Floats, _wires: Wires) -> Floats:
        if self._play is None and self.dial_tone and since_ms >= self._profile.dial_tone_delay_ms:
            self._play = Loop.of(self._profile.tones["dial"])
        if since_ms > _FIRST_DIGIT_MS:
            self._enter(at_ms, Phase.HOWLER, tone="congestion")
        return self._sound()

    def _collect(self, at_ms: int, _since_ms: int, _heard: Floats, _wires: Wires) -> Floats:
        if at_ms - self._digit_at_ms > _NEXT_DIGIT_MS:
            self._set_up(at_ms, self._plan(self.dialled) or self._otherwise)
        return self._sound()

    def _route(self, at_ms: int, since_ms: int, _heard: Floats, _wires: Wires) -> Floats:
        far = self._far
        if since_ms < far.set_up_ms:
            return self._sound()
        if far.outcome in (Outcome.ANSWER, Outcome.NO_ANSWER):
            self._enter(at_ms, Phase.RINGBACK)
            country = profile(far.ringback_country) if far.ringback_country else self._profile
            self._play = Loop.of(country.tones["ringback"])
            self._ringback_ms = sum(ms for _, ms in country.tones["ringback"].segments)
        else:
            known = far.outcome in self._profile.tones or far.outcome is Outcome.SILENCE
            self._enter(at_ms, Phase.REFUSED, far.outcome, tone=far.outcome if known else "congestion")
        return self._sound()

    def _ringing(self, at_ms: int, since_ms: int, _heard: Floats, _wires: Wires) -> Floats:
        """Answered in the pause after the last burst, as people do."""
        far = self._far
        answer_ms = max(0, far.rings * self._ringback_ms - self._ringback_ms // 3)
        if far.outcome is Outcome.ANSWER and since_ms >= answer_ms:
            self._talk(at_ms)
        return self._sound()

    def _converse(self, at_ms: int, since_ms: int, heard: Floats, wires: Wires) -> Floats:
        assert self._party is not None
        pulses = self._party.metering(since_ms)
        self._orders += [Happening(at_ms, ChangeKind.METERING)] * pulses
        arrived, here = wires.across(heard, self._party.spoken)
        pcm = np.asarray(np.clip(np.round(arrived), -32768, 32767), np.int16)
        self.heard.append(pcm)
        self._party.frame(pcm)
        if self._party.leaves(since_ms):
            self._clear(at_ms + FRAME_MS, self._far.hang_up)
        return here

    def _cleared(self, at_ms: int, since_ms: int, _heard: Floats, _wires: Wires) -> Floats:
        if since_ms > _CLEARED_MS:
            self._enter(at_ms, Phase.HOWLER, tone="howler")
        return self._sound()

    def _howl(self, at_ms: int, since_ms: int, _heard: Floats, _wires: Wires) -> Floats:
        if since_ms > _HOWLER_MS:
            self._enter(at_ms, Phase.PARKED)
        return self._sound()


_FRAME: dict[Phase, Callable[[Switch, int, int, Floats, Wires], Floats]] = {
    Phase.IDLE: Switch._idle,
    Phase.ALERTING: Switch._alert,
    Phase.DIAL_TONE: Switch._offer,
    Phase.DIALLING: Switch._collect,
    Phase.SETTING_UP: Switch._route,
    Phase.RINGBACK: Switch._ringing,
    Phase.REFUSED: Switch._cleared,
    Phase.TALKING: Switch._converse,
    Phase.RECALL: Switch._idle,
    Phase.CLEARED: Switch._cleared,
    Phase.HOWLER: Switch._howl,
    Phase.PARKED: Switch._idle,
}
