"""What every trunk must do when somebody calls in, asked of scripted callers and of an analog line on counted time.

SIP keeps the same promises in ``tests/peers``. The line is the real one down to its wires, with caller ID as its
network sends it: before the first ring, or between the first two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from board.modem.engine import Listener
from board.modem.sounds import Sound
from board.sim.line import Caller, FarEnd, IncomingCall, LineSim
from board.sim.modem import ModemSim
from board.sim.modem_kinds import CX930XX_2X
from firmware.clock import FakeClock
from firmware.model import HangupCause, LegId
from firmware.trunks._modem_dial import BadNumber
from firmware.trunks.base import LegAnswered, LegEnded, LegEvent, LegOffered
from firmware.trunks.modem import AnalogLine, LineSettings
from firmware.trunks.simulated import FarEnd as Scripted
from firmware.trunks.simulated import SimulatedMedia
from tests.contract.test_trunk_contract import Listed, Wires
from tests.permitted import over
from tests.unit.modem.test_line_listener import speech

CALLER, OURS = "03023125007", "+493023125000"
TICK_S = 0.02


class AnsweringWires(Wires):
    """The driver without its thread, with a telephone that is picked up."""

    silent_s = 0.0

    def answer(self, listener: Listener, sound: Sound) -> None:
        self._engine.answer(listener, sound, self._clock.monotonic())


@dataclass
class Way:
    """One backend and somebody who may call."""

    clock: FakeClock
    ring: Callable[[], None]
    give_up: Callable[[], None]
    answer: Callable[[LegId], None]
    hang_up: Callable[[LegId], None]
    events: list[LegEvent] = field(default_factory=list)
    released: Callable[[], bool] = lambda: True

    async def until(self, kind: type[LegEvent], seconds: float = 60.0) -> LegEvent:
        for _ in range(round(seconds / TICK_S)):
            found = [event for event in self.events if isinstance(event, kind)]
            if found:
                return found[-1]
            await self.clock.advance(TICK_S)
        raise AssertionError(f"no {kind} but {self.events}")

    def kinds(self) -> list[type[LegEvent]]:
        return [type(event) for event in self.events]


async def scripted() -> Way:
    clock, events, leg = FakeClock(), list[LegEvent](), LegId("in-1")
    media = SimulatedMedia(clock, lambda *_: Scripted())
    await media.start(events.append)
    return Way(
        clock,
        lambda: media.call_in(leg, CALLER, OURS, "t"),
        lambda: media.far_end_hangs_up(leg),
        media.answer,
        media.hang_up,
        events,
    )


@dataclass
class Line:
    """An analog line with its exchange, outside of the backends' common words."""

    exchange: LineSim
    modem: ModemSim
    line: AnalogLine
    clock: FakeClock
    events: list[LegEvent]

    def ring(self, caller: str = CALLER, rounds: int = 8) -> None:
        party = FarEnd(voice=speech(20), voice_repeats=True)
        told = Caller(caller) if caller else None
        assert self.exchange.ring(IncomingCall(told, gives_up_after=rounds, party=party))


async def a_line(country: str = "DE") -> Line:
    exchange = LineSim(country, {"03023125001": FarEnd(rings=1, voice=speech(20))}.get)
    modem = ModemSim(exchange, CX930XX_2X)
    clock, events = FakeClock(), list[LegEvent]()
    settings = LineSettings("one", "t", "/dev/none", country=country, number=OURS)
    line = AnalogLine(settings, clock, Listed(events), lambda s, tell: AnsweringWires(clock, modem, s, tell))
    line.start()
    while not line.free:
        await clock.advance(TICK_S)
    return Line(exchange, modem, line, clock, events)


async def analog() -> Way:
    one = await a_line()
    return Way(
        one.clock,
        one.ring,
        one.exchange.far_hangs_up,
        one.line.answer,
        one.line.hang_up,
        one.events,
        lambda: one.line.free and not one.modem.off_hook,
    )


WAYS = pytest.mark.parametrize("way", [scripted, analog], ids=["simulated", "analog line"])


@WAYS
async def test_a_caller_who_gives_up_before_we_answer(way) -> None:
    call = await way()
    call.ring()
    await call.until(LegOffered)
    call.give_up()
    ended = await call.until(LegEnded)
    assert (ended.cause, ended.by_far_end) == (HangupCause.CANCELLED, True)
    assert call.kinds() == [LegOffered, LegEnded]
    assert call.released()


@WAYS
async def test_a_call_that_nobody_wants(way) -> None:
    call = await way()
    call.ring()
    offered = await call.until(LegOffered)
    call.hang_up(offered.leg)
    ended = await call.until(LegEnded)
    assert (ended.cause, ended.by_far_end) == (HangupCause.REJECTED, False)
    call.answer(offered.leg)
    await call.clock.advance(15.0)
    assert call.kinds() == [LegOffered, LegEnded], "it rings on, and is the same call"


@WAYS
async def test_a_call_says_who_calls_whom_over_which_trunk_and_is_answered(way) -> None:
    call = await way()
    call.ring()
    offered = await call.until(LegOffered)
    assert (offered.caller, offered.called, offered.trunk, offered.phone) == (CALLER, OURS, "t", "")
    call.answer(offered.leg)
    await call.until(LegAnswered)
    call.give_up()
    ended = await call.until(LegEnded)
    assert (ended.cause, ended.by_far_end) == (HangupCause.NORMAL, True)
    assert call.kinds() == [LegOffered, LegAnswered, LegEnded]
    await call.clock.advance(5.0)
    assert call.released()


@WAYS
async def test_an_answered_call_that_we_end(way) -> None:
    call = await way()
    call.ring()
    offered = await call.until(LegOffered)
    call.answer(offered.leg)
    await call.until(LegAnswered)
    call.hang_up(offered.leg)
    ended = await call.until(LegEnded)
    assert (ended.cause, ended.by_far_end) == (HangupCause.NORMAL, False)


# -- what only a line does -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("country", ["DE", "GB", "US"])
async def test_the_caller_is_known_with_the_second_ring_at_the_latest(country: str) -> None:
    one = await a_line(country)
    one.ring()
    while not one.events:
        await one.clock.advance(TICK_S)
    assert isinstance(one.events[0], LegOffered)
    assert one.events[0].caller == CALLER
    assert one.line.status().rings <= 2


async def test_without_caller_id_the_call_is_offered_with_the_second_ring() -> None:
    one = await a_line()
    one.ring("")
    while not one.events:
        await one.clock.advance(TICK_S)
    assert isinstance(one.events[0], LegOffered)
    assert (one.events[0].caller, one.line.status().rings) == ("", 2)


async def test_a_caller_who_gives_up_after_one_ring_is_missed() -> None:
    one = await a_line()
    one.ring("", rounds=1)
    for _ in range(1500):
        await one.clock.advance(TICK_S)
    assert [type(event) for event in one.events] == [LegOffered, LegEnded]
    assert one.line.free


async def test_a_line_that_rings_is_not_dialled_over() -> None:
    one = await a_line()
    one.ring()
    while not one.events:
        await one.clock.advance(TICK_S)
    assert not one.line.free
    with pytest.raises(BadNumber, match="taken"):
        one.line.originate(LegId("out"), over("t", "+493023125001"), 30.0)


async def test_glare_ends_our_call_and_the_caller_is_offered() -> None:
    one = await a_line()
    one.ring()
    one.line.originate(LegId("out"), over("t", "+493023125001"), 30.0)
    for _ in range(1500):
        await one.clock.advance(TICK_S)
        if any(isinstance(event, LegOffered) for event in one.events):
            break
    ended = [event for event in one.events if isinstance(event, LegEnded)]
    assert [(event.leg, event.cause) for event in ended] == [(LegId("out"), HangupCause.NETWORK_FAILURE)]
    offered = one.events[-1]
    assert isinstance(offered, LegOffered)
    one.line.answer(offered.leg)
    while not isinstance(one.events[-1], LegAnswered):
        await one.clock.advance(TICK_S)
    assert one.exchange.phase.value == "talking" or one.modem.off_hook


async def test_a_modem_pulled_out_while_it_rings() -> None:
    one = await a_line()
    one.ring()
    while not one.events:
        await one.clock.advance(TICK_S)
    one.line._driver.stop()  # type: ignore[attr-defined]
    await one.clock.advance(0.1)
    ended = one.events[-1]
    assert isinstance(ended, LegEnded)
    assert (ended.cause, ended.by_far_end) == (HangupCause.MEDIA_LOST, False)
