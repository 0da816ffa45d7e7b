"""What every way out must do, asked of the scripted far ends and of an analog line, both on a counted clock.

The line is the real one from its legs down to the wires: trunk, engine, simulated modem, exchange; only the thread and
the port are left out, and the bridge is a list of what it was told. SIP keeps the same promises in ``tests/peers``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from board.modem.engine import Engine, Listener
from board.modem.events import Event, Fault, Identity
from board.modem.sounds import Sound
from board.modem.stream import Counters
from board.modem.table import State
from board.sim.line import FarEnd as LineFarEnd
from board.sim.line import LineSim
from board.sim.line.far_end import Outcome
from board.sim.modem import ModemSim
from board.sim.modem_kinds import CX930XX_2X
from firmware.clock import FakeClock
from firmware.model import HangupCause, LegId
from firmware.trunks._modem_sound import BridgeSound
from firmware.trunks.base import LegAnswered, LegEnded, LegEvent, LegRinging
from firmware.trunks.modem import AnalogLine, LineSettings
from firmware.trunks.simulated import FarEnd, SimulatedMedia
from tests.permitted import over
from tests.unit.modem.test_line_listener import speech

NUMBER = "+493023125001"
DIALLED = "03023125001"
LEG = LegId("leg")
TICK_S = 0.02


@dataclass
class Way:
    """One backend with somebody at the far end."""

    clock: FakeClock
    originate: Callable[[float], None]
    hang_up: Callable[[], None]
    far_end_hangs_up: Callable[[], None]
    events: list[LegEvent] = field(default_factory=list)
    released: Callable[[], bool] = lambda: True

    async def until(self, kind: type[LegEvent], seconds: float = 120.0) -> LegEvent:
        for _ in range(round(seconds / TICK_S)):
            found = [event for event in self.events if isinstance(event, kind)]
            if found:
                return found[0]
            await self.clock.advance(TICK_S)
        raise AssertionError(f"no {kind} but {self.events}")

    def kinds(self) -> list[type[LegEvent]]:
        return [type(event) for event in self.events]


async def scripted(answers: str) -> Way:
    ends = {
        "talks": FarEnd(rings_after_s=1.0, answers_after_s=5.0),
        "never": FarEnd(rings_after_s=1.0),
        "busy": FarEnd(rings_after_s=None, refuses=(1.0, 486, HangupCause.BUSY)),
    }
    clock, events = FakeClock(), list[LegEvent]()
    media = SimulatedMedia(clock, lambda *_: ends[answers])
    await media.start(events.append)
    return Way(
        clock,
        lambda ring_s: media.originate(LEG, over("t", NUMBER), "", ring_s),
        lambda: media.hang_up(LEG),
        lambda: media.far_end_hangs_up(LEG),
        events,
    )


class Wires:
    """The driver without its thread: the engine and a simulated modem take turns on the fake clock."""

    def __init__(
        self, clock: FakeClock, modem: ModemSim, settings: LineSettings, tell: Callable[[Event], None]
    ) -> None:
        self.fault: Fault | None = None
        self.silent_s = 0.0
        self._clock = clock
        self._modem = modem
        self._engine = Engine(settings.driver(), tell)

    @property
    def state(self) -> State:
        return self._engine.state

    @property
    def identity(self) -> Identity | None:
        return self._engine.identity

    @property
    def counters(self) -> Counters:
        return self._engine.counters

    def start(self) -> None:
        self._engine.opened(self._clock.monotonic())
        self._turn()

    def stop(self) -> None:
        self._engine.unplugged(self._clock.monotonic())

    def dial(self, digits: str, listener: Listener, sound: Sound, *, measure: bool = False) -> None:
        self._engine.dial(digits, listener, sound, self._clock.monotonic(), measure=measure)

    def answer(self, listener: Listener, sound: Sound) -> None:
        self._engine.answer(listener, sound, self._clock.monotonic())

    def flash(self) -> None:
        self._engine.flash(self._clock.monotonic())

    def hang_up(self) -> None:
        self._engine.hang_up(self._clock.monotonic())

    def send_digits(self, digits: str) -> None:
        self._engine.send_digits(digits, self._clock.monotonic())

    def _turn(self) -> None:
        now = self._clock.monotonic()
        self._modem.host(self._engine.take())
        self._engine.feed(self._modem.tick(), now)
        self._engine.turn(now)
        self._clock.call_later(TICK_S, self._turn)


class Listed:
    """A bridge that is only told."""

    def __init__(self, events: list[LegEvent]) -> None:
        self._events = events

    def open_line(self, leg: LegId, use: Callable[[BridgeSound], None], fail: Callable[[str], None]) -> None:
        """Nobody speaks and nobody hears."""

    def line_event(self, event: LegEvent) -> None:
        self._events.append(event)


async def analog(answers: str) -> Way:
    ends = {
        "talks": LineFarEnd(rings=1, voice=speech(20)),
        "never": LineFarEnd(outcome=Outcome.NO_ANSWER),
        "busy": LineFarEnd(outcome=Outcome.BUSY),
    }
    exchange = LineSim("DE", {DIALLED: ends[answers]}.get)
    modem = ModemSim(exchange, CX930XX_2X)
    clock, events = FakeClock(), list[LegEvent]()
    line = AnalogLine(
        LineSettings("one", "t", "/dev/none"),
        clock,
        Listed(events),
        lambda s, tell: Wires(clock, modem, s, tell),
    )
    line.start()
    while not line.free:
        await clock.advance(TICK_S)
    return Way(
        clock,
        lambda ring_s: line.originate(LEG, over("t", NUMBER), ring_s),
        lambda: line.hang_up(LEG),
        exchange.far_hangs_up,
        events,
        lambda: line.free and not modem.off_hook,
    )


WAYS = pytest.mark.parametrize("way", [scripted, analog], ids=["simulated", "analog line"])


@WAYS
async def test_a_call_that_the_far_end_ends(way) -> None:
    call = await way("talks")
    call.originate(30.0)
    await call.until(LegAnswered)
    call.far_end_hangs_up()
    ended = await call.until(LegEnded)
    assert (ended.leg, ended.cause, ended.by_far_end) == (LEG, HangupCause.NORMAL, True)
    assert call.kinds() == [LegRinging, LegAnswered, LegEnded]
    assert call.released()


@WAYS
async def test_a_call_that_we_end(way) -> None:
    call = await way("talks")
    call.originate(30.0)
    await call.until(LegAnswered)
    call.hang_up()
    call.hang_up()
    ended = await call.until(LegEnded)
    assert (ended.cause, ended.by_far_end) == (HangupCause.NORMAL, False)
    assert call.kinds() == [LegRinging, LegAnswered, LegEnded]
    assert call.released()


@WAYS
async def test_a_call_given_up_while_it_rings(way) -> None:
    call = await way("never")
    call.originate(60.0)
    await call.until(LegRinging)
    call.hang_up()
    ended = await call.until(LegEnded)
    assert (ended.cause, ended.by_far_end) == (HangupCause.CANCELLED, False)
    assert call.kinds() == [LegRinging, LegEnded]
    assert call.released()


@WAYS
async def test_a_call_given_up_at_once(way) -> None:
    call = await way("talks")
    call.originate(30.0)
    call.hang_up()
    ended = await call.until(LegEnded)
    assert (ended.cause, ended.by_far_end) == (HangupCause.CANCELLED, False)
    await call.clock.advance(10.0)
    assert call.kinds().count(LegEnded) == 1
    assert LegAnswered not in call.kinds()
    assert call.released()


@WAYS
async def test_nobody_answers_in_time(way) -> None:
    call = await way("never")
    call.originate(12.0)
    ended = await call.until(LegEnded)
    assert (ended.cause, ended.by_far_end) == (HangupCause.NO_ANSWER, False)
    assert call.kinds() == [LegRinging, LegEnded]
    assert call.released()


@WAYS
async def test_busy_is_the_far_ends(way) -> None:
    call = await way("busy")
    call.originate(30.0)
    ended = await call.until(LegEnded)
    assert (ended.cause, ended.by_far_end) == (HangupCause.BUSY, True)
    assert call.kinds() == [LegEnded]
    assert call.released()


@WAYS
async def test_commands_for_a_leg_that_has_ended_do_nothing(way) -> None:
    call = await way("busy")
    call.originate(30.0)
    await call.until(LegEnded)
    call.hang_up()
    await call.clock.advance(10.0)
    assert call.kinds().count(LegEnded) == 1
