"""The button held at power-on: ``python -m firmware.reset_button SETTINGS DATA`` runs as root early at boot.

Reads ``[board]`` of the settings file and nothing else of it, so that no other mistake in there stands in the way;
without a button there it is over at once, and so it is when the button is not down. What it asks for is left as the
same mark the pages leave, and ``firmware.reset`` does it right afterwards. What a button means: ``board.gpio.hold``.
"""

from __future__ import annotations

import sys
import threading
import tomllib
from collections.abc import Callable
from pathlib import Path

from board.gpio import hold
from board.gpio.hold import Hold, Stage
from board.gpio.panel import TICK_MS, Lines, Opener, Pin, open_pin
from firmware import reset
from firmware.clock import SystemClock

_ASKS = {Stage.KEEP: reset.Kind.KEEP_DATA, Stage.WIPE: reset.Kind.WIPE}


def lines_of(settings: Path) -> Lines | None:
    """The lines of a settings file; None where there is no button, or nothing that could be read."""
    try:
        board = tomllib.loads(settings.read_text(encoding="utf-8")).get("board")
    except (OSError, ValueError):
        return None
    if not isinstance(board, dict):
        return None
    chip = board.get("chip")
    found = {name: board.get(name, -1) for name in ("green", "red", "button")}
    if not (isinstance(chip, str) and chip and all(type(line) is int for line in found.values())):
        return None
    return Lines(chip, **found) if found["button"] >= 0 else None


class Watch:
    """Looks at one button until it is let go. ``now_ms`` and ``wait`` are the time."""

    def __init__(
        self, lines: Lines, opener: Opener, now_ms: Callable[[], int], wait: Callable[[float], object]
    ) -> None:
        self._lines, self._opener, self._now_ms, self._wait = lines, opener, now_ms, wait
        self._lamps: list[Pin | None] = []
        self._shown = (False, False)

    def asked(self) -> Stage:
        """What the button asks for. :raises OSError: its line cannot be had"""
        button = self._opener(self._lines.chip, self._lines.button, "in", "none")
        try:
            if not self._down(button):
                return Stage.NOTHING
            for line in (self._lines.green, self._lines.red):
                self._lamps.append(self._opener(self._lines.chip, line, "low", "none") if line >= 0 else None)
            return self._until_let_go(button)
        finally:
            button.close()
            self._light((False, False))
            for lamp in self._lamps:
                if lamp is not None:
                    lamp.close()

    def _down(self, button: Pin) -> bool:
        """Now and a moment later: the line has only just been pulled up."""
        self._wait(2 * TICK_MS / 1000)
        return not button.read()

    def _until_let_go(self, button: Pin) -> Stage:
        press = Hold(self._now_ms())
        while True:
            at_ms = self._now_ms()
            asked = press.tick(not button.read(), at_ms)
            if asked is not None:
                return asked
            self._light(hold.lit(press.held(at_ms), at_ms - press.began_ms))
            self._wait(TICK_MS / 1000)

    def _light(self, wanted: tuple[bool, bool]) -> None:
        if wanted == self._shown:
            return
        self._shown = wanted
        for lamp, on in zip(self._lamps, wanted, strict=False):
            if lamp is not None:
                lamp.write(on)


def ask(asked: Stage, data: Path) -> str:
    """Leave the mark for what was asked for; what to tell whoever looks at the screen."""
    kind = _ASKS.get(asked)
    if kind is not None:
        reset.ask_for(data / "strowger", kind)
        return f"the button was held: factory reset, {kind}"
    return (
        "the button is stuck and asks for nothing" if asked is Stage.STUCK else "the button asks for nothing"
    )


def main(settings: Path, data: Path) -> None:
    """At boot."""
    lines = lines_of(settings)
    if lines is None:
        return
    clock = SystemClock()
    watch = Watch(lines, open_pin, lambda: int(clock.monotonic() * 1000), threading.Event().wait)
    try:
        told = ask(watch.asked(), data)
    except OSError as error:
        told = f"the button cannot be looked at: {error}"
    sys.stdout.write(f"strowger: {told}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
