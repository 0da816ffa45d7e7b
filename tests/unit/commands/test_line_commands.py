"""What can be asked of lines over the control socket: refusals first, then a test and a learning that is accepted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from board.modem.engine import Listener
from board.modem.events import Answered, Ended, Event, Identity, Outcome, Ready
from board.modem.formats import Encoding, Format
from board.modem.sounds import Sound
from board.modem.stream import Counters
from board.modem.table import State
from dsp.line.answer import Confidence
from dsp.line.disconnect import DisconnectMethod
from dsp.line.learn import Proposal
from firmware.clock import FakeClock
from firmware.commands.lines import LineCommands
from firmware.config import Config
from firmware.hub import Hub
from firmware.model import LegId, OperatorError
from firmware.store import line_habits
from firmware.store.store import Store
from firmware.trunks.modem import AnalogLine, LineSettings
from tests.permitted import over

NOW = 1_800_000_000.0


class Driver:
    """Stands where a modem's thread would: says what a test lets it say."""

    fault, identity, counters, silent_s = None, None, Counters(), 0.0

    def __init__(self, tell: Callable[[Event], None]) -> None:
        self.tell, self.state = tell, State.IDLE
        self.dialled: list[str] = []

    def start(self) -> None:
        self.tell(Ready(Identity("test", "", Format(1, Encoding.ALAW), True)))

    def stop(self) -> None:
        return

    def dial(self, digits: str, listener: Listener, sound: Sound, *, measure: bool = False) -> None:
        del listener, sound, measure
        self.dialled.append(digits)

    def answer(self, listener: Listener, sound: Sound) -> None:
        del listener, sound

    def flash(self) -> None:
        return

    def hang_up(self) -> None:
        self.tell(Ended(Outcome.HUNG_UP))

    def send_digits(self, digits: str) -> None:
        del digits


class Bridge:
    """No call of these tests has sound."""

    def open_line(self, leg: LegId, use: Any, fail: Any) -> None:
        del leg, use, fail

    def line_event(self, event: object) -> None:
        del event


class Lines:
    """Two lines, as ``LinesMedia`` shows them."""

    def __init__(self, clock: FakeClock) -> None:
        self.drivers: dict[str, Driver] = {}
        self._lines = [
            self._line(name, number, clock) for name, number in (("one", ""), ("two", "+493023125001"))
        ]

    def _line(self, name: str, number: str, clock: FakeClock) -> AnalogLine:
        def driver(settings: LineSettings, tell: Callable[[Event], None]) -> Driver:
            self.drivers[settings.name] = Driver(tell)
            return self.drivers[settings.name]

        return AnalogLine(LineSettings(name, "lines", f"/dev/{name}", number=number), clock, Bridge(), driver)

    def lines(self) -> list[AnalogLine]:
        return self._lines

    def status(self) -> list[Any]:
        return [line.status() for line in self._lines]


class Office:
    """The commands, and what stands behind them."""

    def __init__(self, store: Store) -> None:
        self.clock = FakeClock(NOW)
        self.lines, self.hub = Lines(self.clock), Hub(self.clock)
        self.commands = LineCommands(self.lines, Config(), self.clock, store, self.hub)  # type: ignore[arg-type]

    async def begin(self) -> None:
        for line in self.lines.lines():
            line.start()
        await asyncio.sleep(0)

    async def refused(self, asked: Any) -> str:
        with pytest.raises(OperatorError) as caught:
            await asked
        return caught.value.problems[0].key


@pytest.fixture
async def store(tmp_path: Path) -> Any:
    made = Store(tmp_path / "box.db", tmp_path / "opt_outs", lambda _: None, ballast_bytes=0)
    await made.open()
    yield made
    await made.close()


@pytest.fixture
async def office(store: Store) -> Office:
    made = Office(store)
    await made.begin()
    return made


async def test_what_is_no_line_is_refused(office: Office) -> None:
    for name in ("test", "job", "stop", "forget"):
        assert await office.refused(getattr(office.commands, name)("three")) == "line_unknown"
    nowhere = LineCommands(None, Config(), office.clock, office.commands._store, office.hub)
    assert await nowhere.every() == []
    assert await office.refused(nowhere.test("one")) == "line_unknown"


async def test_a_line_with_a_call_is_not_tested(office: Office) -> None:
    line = office.lines.lines()[0]
    line.originate(LegId("x"), over("lines", "+493023125002"), 30.0)
    for asked in (office.commands.test("one"), office.commands.learn("one", "+493023125009")):
        assert await office.refused(asked) == "line_call_up"


@pytest.mark.parametrize("number", ["112", "110", "+49112", "0049 110", "0112"])
async def test_no_test_ever_calls_an_emergency_number(office: Office, number: str) -> None:
    assert await office.refused(office.commands.learn("one", number)) == "line_emergency"
    assert office.lines.drivers["one"].dialled == []


async def test_a_test_takes_the_line_and_gives_it_back(office: Office) -> None:
    job = await office.commands.test("one")
    assert (job["kind"], job["running"], job["verdict"]) == ("test", True, "")
    line, driver = office.lines.lines()[0], office.lines.drivers["one"]
    assert not line.free
    assert driver.dialled == ["2"]
    assert [one["job"] for one in await office.commands.every()] == ["test", None]
    assert await office.refused(office.commands.test("one")) == "line_job_running"
    assert (await office.commands.stop("one")) == {"stopped": True}
    await asyncio.sleep(0)
    done = await office.commands.job("one")
    assert done is not None
    assert (done["running"], done["failed"]["key"]) == (False, "line_stopped")
    assert line.free
    assert office.hub.snapshot()["line_jobs"][0]["name"] == "one"


async def test_a_flash_needs_a_call(office: Office) -> None:
    assert await office.commands.flash("one") == {"flashed": False}
    office.lines.lines()[0].originate(LegId("x"), over("lines", "+493023125002"), 30.0)
    assert await office.commands.flash("one") == {"flashed": False}
    office.lines.drivers["one"].tell(Answered())
    await asyncio.sleep(0)
    assert await office.commands.flash("one") == {"flashed": True}


async def test_the_other_line_of_a_loopback_must_have_a_number_and_be_another(office: Office) -> None:
    assert await office.refused(office.commands.test("one", loop="one")) == "line_loop_itself"
    assert await office.refused(office.commands.test("two", loop="one")) == "line_number_unknown"
    assert (await office.commands.test("one", loop="two"))["running"]


async def test_nothing_is_changed_before_it_is_accepted_and_all_can_be_forgotten(
    office: Office, store: Store
) -> None:
    await office.commands.learn("one", "+493023125009")
    assert office.lines.drivers["one"].dialled == ["03023125009"]
    await office.commands.stop("one")
    await asyncio.sleep(0)
    line = office.lines.lines()[0]
    job = office.commands._jobs["one"]
    job.proposals = [Proposal(DisconnectMethod.REVERSAL, Confidence.CERTAIN, 900)]
    assert line.habits is None
    assert await office.refused(office.commands.accept("one", [1])) == "line_nothing_learnt"
    assert await office.refused(office.commands.accept("two", [0])) == "line_nothing_learnt"
    answer = await office.commands.accept("one", [0], by="anna")
    assert answer["habits"]["learnt_by"] == "anna"
    assert line.habits is not None
    again = Office(store)
    await again.commands.prepare()
    assert again.lines.lines()[0].habits == line.habits
    await office.commands.forget("one")
    assert await store.do(line_habits.every) == {}
    assert line.habits is None
