"""What the lamps tell of the box, and what the button begins: on simulated pins and the hub's own snapshot."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

import pytest

from board.gpio.inputs import Wanted
from board.gpio.lamps import Shows
from board.sim.gpio import Bench
from firmware.aftercare import Aftercare
from firmware.clock import FakeClock
from firmware.config import BoardConfig, Config, LineConfig
from firmware.front import Front, shows_of
from firmware.hub import Hub
from firmware.model import OperatorError, Problem
from firmware.trunks.simulated import FarEnd, SimulatedMedia

BOARD = BoardConfig(chip="/dev/gpiochip0", green=1, red=2, button=3, relay=4)


def snapshot(*parts: tuple[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    hub = Hub(FakeClock())
    for event, data in parts:
        hub.publish(event, data)
    return hub.snapshot()


TRUNK = ("trunk", {"name": "a", "up": True})
WELL = ("health", {"check": "disk", "ok": True, "severity": "note"})


def line(state: str) -> tuple[str, Mapping[str, Any]]:
    return "line", {"name": "one", "state": state}


def unwell(severity: str) -> tuple[str, Mapping[str, Any]]:
    return "health", {"check": "disk", "ok": False, "severity": severity}


@pytest.mark.parametrize(
    ("parts", "shows"),
    [
        ((), Shows.NO_LINE),
        ((TRUNK, WELL), Shows.IDLE),
        ((line("idle"),), Shows.IDLE),
        ((TRUNK, ("call", {"attempt": "x"})), Shows.IN_USE),
        ((line("talking"),), Shows.IN_USE),
        ((line("ringing"), ("call", {"attempt": "x"})), Shows.RINGING),
        ((("trunk", {"name": "a", "up": False}), line("ringing")), Shows.DEGRADED),
        ((TRUNK, unwell("warning")), Shows.DEGRADED),
        ((TRUNK, unwell("no_recording")), Shows.FAULT),
        ((TRUNK, unwell("no_dialling"), ("line_job", {"name": "one", "running": False})), Shows.FAULT),
        ((TRUNK, unwell("no_dialling"), ("line_job", {"name": "one", "running": True})), Shows.TESTING),
    ],
)
def test_the_gravest_of_everything_is_on_the_lamps(parts: Any, shows: Shows) -> None:
    assert shows_of(snapshot(*parts)) is shows


async def test_pins_that_cannot_be_had_are_a_warning_and_no_end(caplog: pytest.LogCaptureFixture) -> None:
    front = Front(BOARD, lambda _: None, Bench(frozenset({2})).open)
    with caplog.at_level(logging.WARNING):
        front.start()
    assert "not used" in caplog.text
    front.show(snapshot(TRUNK))
    front.stop()


async def test_lamps_are_lit_while_it_runs_and_out_at_the_end() -> None:
    bench = Bench()
    front = Front(BOARD, lambda _: None, bench.open)
    front.start()
    front.show(snapshot(TRUNK))
    async with asyncio.timeout(30):
        while not (bench.pins[1].level and bench.pins[4].level):
            await asyncio.sleep(0.01)  # the panel's thread
    front.stop()
    assert [bench.pins[number].level for number in (1, 2, 4)] == [False] * 3


async def test_the_button_begins_a_test_of_every_line_that_can_be_tested(
    caplog: pytest.LogCaptureFixture,
) -> None:
    config = Config(lines=tuple(LineConfig(name=name, port="/dev/ttyACM0") for name in ("one", "two")))
    clock = FakeClock()
    care = Aftercare(clock, SimulatedMedia(clock, lambda _route, _count: FarEnd()), config)
    tested: list[str] = []

    async def test(name: str) -> None:
        if name == "one":
            raise OperatorError(Problem("name", "line_call_up", "A call is up."))
        tested.append(name)

    care.start()
    care.test_line = test
    with caplog.at_level(logging.WARNING):
        care._pressed(Wanted.LINE_TEST)
        care._pressed(Wanted.FACTORY)
        await asyncio.gather(*care._tasks)
    care.stop()
    assert tested == ["two"]
    assert "one is not tested" in caplog.text
    assert "factory reset" in caplog.text
