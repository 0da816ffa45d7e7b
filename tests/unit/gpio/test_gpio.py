"""The front of the box: lamps, button, bell and relay, on simulated lines and a clock moved by hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from board.gpio.inputs import Bell, Button, Wanted
from board.gpio.lamps import BLINK_MS, CODE, FAST_MS, SLOW_MS, Shows, lit, worst
from board.gpio.panel import ALIVE_S, Lines, Panel, open_pin
from board.sim.gpio import Bench

LINES = Lines("/dev/gpiochip0", green=1, red=2, button=3, relay=4, ring=5)


def bench(lines: Lines = LINES, taken: frozenset[int] = frozenset()) -> tuple[Bench, Panel, list[object]]:
    made, told = Bench(taken), []
    panel = Panel(lines, told.append, told.append, made.open)
    panel.open()
    return made, panel, told


# -- failures first -------------------------------------------------------------------------------------------


def test_a_line_somebody_holds_is_told_and_no_other_is_kept() -> None:
    made = Bench(frozenset({4}))
    panel = Panel(LINES, lambda _: None, opener=made.open)
    with pytest.raises(OSError, match="busy"):
        panel.open()
    assert all(pin.closed for pin in made.pins.values())


def test_a_chip_that_is_not_there_is_an_oserror() -> None:
    with pytest.raises(OSError, match="gpiochip99"):
        open_pin("/dev/gpiochip99", 1, "low", "none")


def test_the_relay_falls_back_when_the_service_is_no_longer_heard() -> None:
    made, panel, _ = bench()
    panel.tick(1000)
    assert made.pins[4].level is False
    panel.show(Shows.IDLE)
    panel.tick(1020)
    assert made.pins[4].level is True
    panel.tick(1000 + int(ALIVE_S * 1000) + 20)
    assert made.pins[4].level is False


def test_at_the_end_everything_is_at_rest() -> None:
    made, panel, _ = bench()
    panel.show(Shows.DEGRADED)
    panel.tick(0)
    panel.close()
    assert [pin.level for number, pin in made.pins.items() if number in (1, 2, 4)] == [False] * 3
    assert all(pin.closed for pin in made.pins.values())


# -- lamps ----------------------------------------------------------------------------------------------------


def test_every_state_has_a_pattern_of_its_own() -> None:
    assert set(CODE) == set(Shows)
    assert len(set(CODE.values())) == len(CODE)


@pytest.mark.parametrize(
    ("shows", "period_ms", "first", "second"),
    [
        (Shows.NO_LINE, 2, (False, False), (False, False)),
        (Shows.IDLE, 2, (True, False), (True, False)),
        (Shows.IN_USE, SLOW_MS, (True, False), (False, False)),
        (Shows.RINGING, FAST_MS, (True, False), (False, False)),
        (Shows.DEGRADED, 2, (True, True), (True, True)),
        (Shows.FAULT, 2, (False, True), (False, True)),
        (Shows.TESTING, BLINK_MS, (False, True), (False, False)),
    ],
)
def test_the_code_of_the_lamp(
    shows: Shows, period_ms: int, first: tuple[bool, bool], second: tuple[bool, bool]
) -> None:
    for turn in range(3):
        assert lit(shows, turn * period_ms) == first
        assert lit(shows, turn * period_ms + period_ms // 2) == second


def test_the_gravest_is_shown() -> None:
    assert worst([]) is Shows.NO_LINE
    assert worst([Shows.IDLE, Shows.IN_USE]) is Shows.IN_USE
    assert worst([Shows.RINGING, Shows.FAULT, Shows.IDLE]) is Shows.FAULT


def test_lamps_are_written_only_when_they_change() -> None:
    made, panel, _ = bench()
    panel.show(Shows.IN_USE)
    for at_ms in range(0, 2 * SLOW_MS, 20):
        panel.tick(at_ms)
    assert made.pins[1].written == [True, False, True, False]


def test_a_box_without_lamps_does_without() -> None:
    _, panel, _ = bench(Lines(relay=4))
    panel.show(Shows.FAULT)
    panel.tick(0)


# -- button ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("held_ms", "wanted"),
    [
        (10, None), (500, None), (2990, None), (3000, Wanted.LINE_TEST), (9990, Wanted.LINE_TEST),
        (10_000, Wanted.FACTORY), (60_000, Wanted.FACTORY),
    ],
)  # fmt: skip
def test_what_a_press_means_is_how_long_it_was(held_ms: int, wanted: Wanted | None) -> None:
    button = Button()
    told = [button.edge(True, 100), button.edge(False, 100 + held_ms), button.tick(200 + held_ms)]
    assert [each for each in told if each] == ([wanted] if wanted else [])


def test_contacts_may_bounce() -> None:
    button, told = Button(), []
    for at_ms in (100, 104, 109):
        told += [button.edge(True, at_ms), button.edge(False, at_ms + 2)]
    told.append(button.edge(True, 115))
    for at_ms in range(120, 4000, 20):
        told.append(button.tick(at_ms))
    for at_ms in (4000, 4006):
        told += [button.edge(False, at_ms), button.edge(True, at_ms + 3)]
    told += [button.edge(False, 4012), button.tick(4100)]
    assert [each for each in told if each] == [Wanted.LINE_TEST]


def test_the_button_on_its_line() -> None:
    made, panel, told = bench()
    panel.tick(0)
    made.pull(3, True, 1000)
    for at_ms in range(1000, 4200, 20):
        panel.tick(at_ms)
    assert told == []
    made.pull(3, False, 4200)
    for at_ms in range(4200, 4300, 20):
        panel.tick(at_ms)
    assert told == [Wanted.LINE_TEST]


# -- bell -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hertz", [16, 25, 50, 60])
def test_a_ring_is_told_once_and_its_end_once(hertz: int) -> None:
    bell, told = Bell(), []
    for at_ms in range(0, 1000, round(500 / hertz)):
        told += [bell.pulse(at_ms), bell.tick(at_ms)]
    told += [bell.tick(at_ms) for at_ms in range(1000, 6000, 20)]
    assert [each for each in told if each is not None] == [True, False]


def test_a_click_on_the_line_is_no_ring() -> None:
    bell = Bell()
    assert [bell.pulse(at_ms) for at_ms in (0, 20, 40, 1000, 1020, 3000)] == [None] * 6
    assert not bell.ringing


def test_the_bell_on_its_line() -> None:
    made, panel, told = bench()
    for at_ms in range(0, 400, 20):
        made.pull(5, True, at_ms)
        made.pull(5, False, at_ms + 5)
        panel.tick(at_ms)
    panel.tick(5000)
    assert told == [True, False]


# -- the kernel's own ------------------------------------------------------------------------------------------


@pytest.mark.skipif(
    "STROWGER_GPIO_SIM" not in os.environ,
    reason="names no chip of the kernel's gpio-sim (STROWGER_GPIO_SIM=/dev/gpiochipN)",
)
def test_on_the_kernels_simulated_chip() -> None:
    """Line 0 is a lamp; its level is read back where sysfs shows it."""
    chip = os.environ["STROWGER_GPIO_SIM"]
    panel = Panel(Lines(chip, green=0), lambda _: None)
    panel.open()
    level = next(Path("/sys/devices/platform").glob("gpio-sim.*/gpiochip*/sim_gpio0/value"))
    for at_ms, shown in ((0, "1"), (SLOW_MS // 2, "0")):
        panel.show(Shows.IN_USE)
        panel.tick(at_ms)
        assert level.read_text().strip() == shown
    panel.close()
