"""What a line does besides calling: watches its hook, meters its levels, bars numbers, flashes, keeps still on hold."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from board.modem.events import Answered, Caller, Ended, Event, Hint, Outcome, Rang, Volts
from board.modem.sounds import Duplex
from board.modem.table import State
from dsp.line.levels import Gain
from firmware.clock import FakeClock
from firmware.model import HangupCause, LegId
from firmware.trunks._modem_dial import BadNumber, Barred
from firmware.trunks._modem_levels import LevelSound, Meter
from firmware.trunks._modem_signs import LineListener
from firmware.trunks.base import LegEnded, LegEvent
from firmware.trunks.modem import AnalogLine, LineSettings
from tests.permitted import over
from tests.unit.commands.test_line_commands import NOW, Driver
from tests.unit.modem.test_line_listener import speech
from web_ui.words import HEALTH

NUMBER = "+493023125002"


class Stub(Driver):
    """Counts what it is asked."""

    def __init__(self, tell: Callable[[Event], None]) -> None:
        super().__init__(tell)
        self.hung_up = self.flashed = 0

    def hang_up(self) -> None:
        self.hung_up += 1

    def flash(self) -> None:
        self.flashed += 1


class Heard:
    """The bridge, which keeps what legs were told."""

    def __init__(self) -> None:
        self.events: list[LegEvent] = []

    def open_line(self, leg: LegId, use: Any, fail: Any) -> None:
        del leg, use, fail

    def line_event(self, event: LegEvent) -> None:
        self.events.append(event)


class Desk:
    """One line and what is around it."""

    def __init__(self, **settings: Any) -> None:
        self.clock, self.bridge = FakeClock(NOW), Heard()
        self.driver: Stub | None = None

        def driver(_: LineSettings, tell: Callable[[Event], None]) -> Stub:
            self.driver = Stub(tell)
            return self.driver

        self.line = AnalogLine(
            LineSettings("one", "lines", "/dev/x", **settings), self.clock, self.bridge, driver
        )

    @property
    def stub(self) -> Stub:
        assert self.driver is not None
        return self.driver

    async def begin(self) -> Desk:
        self.line.start()
        await asyncio.sleep(0)
        return self

    async def told(self, *events: Event) -> None:
        for event in events:
            self.stub.tell(event)
        await asyncio.sleep(0)

    async def wait(self, seconds: int) -> None:
        for _ in range(seconds):
            await self.clock.advance(1.0)

    def call(self, leg: str = "x") -> None:
        self.line.originate(LegId(leg), over("lines", NUMBER), 30.0)


async def test_a_line_left_off_the_hook_is_an_alarm_is_hung_up_and_comes_back() -> None:
    desk = await Desk().begin()
    desk.stub.state = State.PROGRESS
    await desk.wait(9)
    assert desk.line.status().wrong() == ("", {})
    await desk.wait(3)
    key, figures = desk.line.status().wrong()
    assert key == "line_left_off_hook"
    assert HEALTH[key].format(**figures)
    assert desk.stub.hung_up == 1
    assert desk.line.status().plain()["alarms"] == ["left_off_hook"]
    desk.stub.state = State.IDLE
    await desk.wait(3)
    assert desk.line.status().wrong() == ("", {})


async def test_a_call_and_a_test_want_the_line_off_hook() -> None:
    desk = await Desk().begin()
    desk.call()
    await desk.told(Answered())
    desk.stub.state = State.TALKING
    await desk.wait(60)
    assert desk.line.status().alarm == ""
    other = await Desk().begin()
    other.line.lend(lambda _: None)
    other.stub.state = State.PROGRESS
    await other.wait(60)
    assert other.line.status().alarm == ""
    with pytest.raises(BadNumber):
        other.line.lend(lambda _: None)


async def test_a_hang_up_that_does_not_come_about_is_an_alarm() -> None:
    desk = await Desk().begin()
    desk.call()
    desk.stub.state = State.RELEASING
    desk.line.hang_up(LegId("x"))
    await desk.wait(12)
    assert desk.line.status().alarm == "left_off_hook"


async def test_a_thread_that_stands_still_is_an_alarm() -> None:
    desk = await Desk().begin()
    desk.stub.silent_s = 30.0
    await desk.wait(1)
    key, figures = desk.line.status().wrong()
    assert key == "line_stuck"
    assert HEALTH[key].format(**figures)


@pytest.mark.parametrize(
    ("outcome", "cause"),
    [(Outcome.DELAYED, HangupCause.DELAYED), (Outcome.BLACKLISTED, HangupCause.BLACKLISTED)],
)
async def test_country_rules_of_a_modem_are_causes_of_their_own(outcome: Outcome, cause: HangupCause) -> None:
    desk = await Desk().begin()
    desk.call()
    await desk.told(Ended(outcome, f"DT: {outcome.value}"))
    (ended,) = [one for one in desk.bridge.events if isinstance(one, LegEnded)]
    assert (ended.cause, ended.by_far_end) == (cause, False)
    assert desk.line.status().wrong() == ("", {})


async def test_a_barred_number_is_not_asked_of_the_modem_again_for_a_day_others_are() -> None:
    desk = await Desk().begin()
    desk.call()
    await desk.told(Ended(Outcome.BLACKLISTED))
    with pytest.raises(Barred, match="refuses"):
        desk.call("y")
    assert len(desk.stub.dialled) == 1
    desk.line.originate(LegId("z"), over("lines", "+493023125003"), 30.0)
    await desk.told(Ended(Outcome.HUNG_UP))
    await desk.clock.advance(24 * 3600.0)
    desk.call("again")
    assert len(desk.stub.dialled) == 3


async def test_a_flash_needs_a_call_that_is_up() -> None:
    desk = await Desk().begin()
    desk.line.flash(LegId("x"))
    desk.call()
    desk.line.flash(LegId("x"))
    assert desk.stub.flashed == 0
    await desk.told(Answered())
    desk.line.flash(LegId("x"))
    assert desk.stub.flashed == 1


async def test_what_the_line_has_seen_is_shown_with_the_caller_masked() -> None:
    desk = await Desk(number="+493023125001", country="AT").begin()
    await desk.told(
        Volts(False, 47.6), Volts(True, 8.9), Rang(1), Caller("NMBR", "03023125009"), Caller("NAME", "Probe"),
        Hint("reversal"),
    )  # fmt: skip
    plain = desk.line.status().plain()
    assert (plain["volts"], plain["country"], plain["milliamps"]) == (47.6, "AT", None)
    assert plain["reversed_at"] == plain["volts_at"] == NOW
    assert [name for name, _ in plain["caller_raw"]] == ["NMBR", "NAME"]
    assert "3125009" not in str(plain["caller_raw"])


async def test_on_hold_silence_ends_no_call() -> None:
    for held, gone in ((False, True), (True, False)):
        ear = LineListener(LineSettings("one", "lines", "/dev/x", silence_s=5.0).call(), lambda: None)
        ear.moved(State.TALKING)
        list(ear.heard(speech(1)))
        ear.held = held
        assert bool(list(ear.heard(np.zeros(8 * 8000, np.int16)))) is gone


def test_levels_are_set_to_a_tenth_measured_and_what_does_not_fit_is_counted() -> None:
    loud, quiet, ends = Meter(Gain(125 - 5)), Meter(Gain(-63)), Duplex(60_000)
    sound = LevelSound(ends, loud, quiet)
    wave = (8000 * np.sin(np.arange(16_000) / 3)).astype(np.int16)
    sound.write(wave.tobytes())
    ends.said.write(wave.tobytes())
    said = np.frombuffer(sound.read(16_000), np.int16)
    heard = np.frombuffer(ends.heard.read(1 << 20), np.int16)
    assert np.abs(heard.astype(int)).max() == pytest.approx(8000 * 10 ** (12.0 / 20), rel=0.01)
    assert np.abs(said.astype(int)).max() == pytest.approx(8000 * 10 ** (-6.3 / 20), rel=0.01)
    assert loud.clipped == 0
    sound.write(np.full(8000, 30_000, np.int16).tobytes())
    assert loud.clipped == 8000
    assert loud.latest.peak_db == 0.0
    assert quiet.latest.rms_db == pytest.approx(20 * np.log10(8000 / 32768) - 3.01 - 6.3, abs=0.2)


@pytest.mark.parametrize("tenths", [-301, 121])
def test_a_gain_beyond_reason_is_refused(tenths: int) -> None:
    with pytest.raises(ValueError, match="gain"):
        Gain(tenths)
