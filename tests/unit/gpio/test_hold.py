"""The button held at power-on, on simulated lines and a clock moved by hand: what it asks for, and when it must not."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from board.gpio.hold import KEEP_MS, STUCK_MS, WIPE_MS, Hold, Stage, lit
from board.gpio.panel import Lines
from board.sim.gpio import Bench, SimPin
from firmware import reset
from firmware.reset_button import Watch, ask, lines_of, main

LINES = Lines("/dev/gpiochip0", green=1, red=2, button=3)


class Scene:
    """A button that is let go at a moment (None: never), and what was on the lamps meanwhile."""

    def __init__(
        self, let_go_ms: int | None, lines: Lines = LINES, taken: frozenset[int] = frozenset()
    ) -> None:
        self.bench, self.now_ms = Bench(taken), 0
        self._let_go_ms = let_go_ms
        self.seen: dict[int, tuple[bool, bool]] = {}
        self.watch = Watch(lines, self._open, lambda: self.now_ms, self._wait)

    def _open(self, chip: str, line: int, direction: str, edge: str) -> SimPin:
        pin = self.bench.open(chip, line, direction, edge)
        if direction == "in" and self._let_go_ms != 0:
            pin.level = False
        return pin

    def _wait(self, seconds: float) -> None:
        self.now_ms += round(seconds * 1000)
        if self._let_go_ms is not None and self.now_ms >= self._let_go_ms:
            self.bench.pins[3].level = True
        if 1 in self.bench.pins and 2 in self.bench.pins:
            self.seen[self.now_ms] = (self.bench.pins[1].level, self.bench.pins[2].level)

    def asked(self) -> Stage:
        found = self.watch.asked()
        assert all(pin.closed for pin in self.bench.pins.values())
        return found


@pytest.mark.parametrize(
    ("let_go_ms", "asked"),
    [
        (0, Stage.NOTHING), (20, Stage.NOTHING), (3000, Stage.NOTHING), (KEEP_MS, Stage.NOTHING),
        (KEEP_MS + 100, Stage.KEEP), (WIPE_MS - 100, Stage.KEEP), (WIPE_MS + 100, Stage.WIPE),
        (STUCK_MS - 100, Stage.WIPE), (STUCK_MS + 1000, Stage.STUCK), (None, Stage.STUCK),
    ],
)  # fmt: skip
def test_what_it_asks_for_is_how_long_it_was_held(let_go_ms: int | None, asked: Stage) -> None:
    assert Scene(let_go_ms).asked() is asked


def test_nobody_at_the_button_keeps_the_boot_waiting_or_lights_a_lamp() -> None:
    scene = Scene(0)
    assert scene.asked() is Stage.NOTHING
    assert scene.now_ms < 100
    assert set(scene.bench.pins) == {3}


def test_contacts_that_bounce_while_held_do_not_end_it() -> None:
    press = Hold(0)
    for at_ms in range(0, WIPE_MS + 1000, 20):
        assert press.tick(at_ms % 500 != 0, at_ms) is None
    assert press.tick(False, WIPE_MS + 1020) is None
    assert press.tick(False, WIPE_MS + 1040) is None
    assert press.tick(False, WIPE_MS + 1060) is Stage.WIPE


def test_the_lamps_tell_the_stages_apart_and_are_out_at_the_end() -> None:
    scene = Scene(None)
    scene.asked()
    spans = {
        Stage.NOTHING: (200, KEEP_MS),
        Stage.KEEP: (KEEP_MS + 100, WIPE_MS),
        Stage.WIPE: (WIPE_MS + 100, STUCK_MS),
    }
    shown = {
        at: {lamps for at_ms, lamps in scene.seen.items() if begin < at_ms < end}
        for at, (begin, end) in spans.items()
    }
    assert shown[Stage.NOTHING] == shown[Stage.WIPE] == {(False, True), (False, False)}
    assert shown[Stage.KEEP] == {(True, True), (False, False)}
    changes = {at: [lit(at, at_ms)[1] for at_ms in range(0, 2000, 20)] for at in spans}
    count = {at: sum(a != b for a, b in pairwise(seen)) for at, seen in changes.items()}
    assert count[Stage.WIPE] > 2 * count[Stage.KEEP] == 2 * count[Stage.NOTHING]
    assert scene.bench.pins[1].level is scene.bench.pins[2].level is False


def test_a_box_without_lamps_has_a_button_all_the_same() -> None:
    assert Scene(WIPE_MS + 100, Lines("/dev/gpiochip0", button=3)).asked() is Stage.WIPE


def test_a_line_somebody_holds_is_told_and_none_is_kept() -> None:
    scene = Scene(WIPE_MS, taken=frozenset({2}))
    with pytest.raises(OSError, match="busy"):
        scene.watch.asked()
    assert all(pin.closed for pin in scene.bench.pins.values())


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        (Stage.NOTHING, None),
        (Stage.STUCK, None),
        (Stage.KEEP, reset.Kind.KEEP_DATA),
        (Stage.WIPE, reset.Kind.WIPE),
    ],
)
def test_the_mark_is_the_one_the_pages_leave(tmp_path: Path, asked: Stage, kind: reset.Kind | None) -> None:
    (tmp_path / "strowger").mkdir()
    told = ask(asked, tmp_path)
    assert reset.wanted(tmp_path) is kind
    assert kind is None or str(kind) in told


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", None),
        ("[board]\n", None),
        ('[board]\nchip = "/dev/gpiochip0"\n', None),
        ('[board]\nchip = ""\nbutton = 3\n', None),
        ('[board]\nchip = "/dev/gpiochip0"\nbutton = "3"\n', None),
        ('[board]\nchip = "/dev/gpiochip0"\nbutton = true\n', None),
        ("board = 3\n", None),
        ("[board\nbutton = 3", None),
        (
            '[box]\nstrange = 7\n[board]\nchip = "/dev/gpiochip0"\nbutton = 3\nred = 2\n',
            Lines(red=2, button=3),
        ),
    ],
)
def test_no_button_unless_the_settings_name_one_whatever_else_is_wrong_in_them(
    tmp_path: Path, text: str, lines: Lines | None
) -> None:
    (tmp_path / "strowger.toml").write_text(text)
    assert lines_of(tmp_path / "strowger.toml") == lines
    assert lines_of(tmp_path / "none.toml") is None


def test_a_chip_that_is_not_there_resets_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "strowger").mkdir()
    (tmp_path / "strowger.toml").write_text('[board]\nchip = "/dev/gpiochip99"\nbutton = 3\n')
    main(tmp_path / "strowger.toml", tmp_path)
    assert "cannot be looked at" in capsys.readouterr().out
    assert reset.wanted(tmp_path) is None
