"""The front of the box: lamps, button, the life-line's relay and the ring detector, in a thread of their own.

The relay's rest position joins the telephone to the line, so that people can call when the box is off; it is drawn only
while ``alive`` is heard of, and let go by ``stop``, by a failure, and by a killed process, whose lines the kernel gives
back. Pins are ``periphery.GPIO`` on a board and anything with the same surface in tests.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from board.gpio.inputs import Bell, Button, Wanted
from board.gpio.lamps import Shows, lit

_log = logging.getLogger(__name__)
TICK_MS = 20
ALIVE_S = 10.0
"""Nobody said that the box lives for so long: the relay falls back."""


class Pin(Protocol):
    """What of ``periphery.GPIO`` is used."""

    def read(self) -> bool:
        """The level."""

    def write(self, value: bool) -> None:
        """Set it."""

    def poll(self, timeout: float | None = None) -> bool:
        """Whether an edge waits."""

    def read_event(self) -> Any:
        """The edge that waits: ``edge`` (rising, falling) and ``timestamp`` (ns)."""

    def close(self) -> None:
        """Give it back."""


@dataclass(frozen=True, slots=True)
class Lines:
    """GPIO line numbers of one chip; -1: not there."""

    chip: str = "/dev/gpiochip0"
    green: int = -1
    red: int = -1
    button: int = -1
    relay: int = -1
    ring: int = -1


Opener = Callable[[str, int, str, str], Pin]
"""``(chip, line, direction, edge)`` -> a pin; raises OSError."""


def open_pin(chip: str, line: int, direction: str, edge: str) -> Pin:
    """A line of the kernel's. :raises OSError: there is none, or another program holds it"""
    from periphery import GPIO, GPIOError

    try:
        more = {"edge": edge, "bias": "pull_up"} if direction == "in" else {}
        pin: Pin = GPIO(chip, line, direction, label="strowger", **more)
    except GPIOError as error:
        raise OSError(error.errno or 0, f"{chip} line {line}: {error.strerror or error}") from error
    return pin


class Panel:
    """``show`` what the lamps tell; ``wanted`` and ``rings`` are called in the panel's thread."""

    def __init__(
        self,
        lines: Lines,
        wanted: Callable[[Wanted], None],
        rings: Callable[[bool], None] = lambda _: None,
        opener: Opener = open_pin,
    ) -> None:
        self._lines, self._wanted, self._rings, self._opener = lines, wanted, rings, opener
        self._pins: dict[str, Pin] = {}
        self._button, self._bell = Button(), Bell()
        self._shows, self._shown = Shows.NO_LINE, (False, False)
        self._drawn = False
        self._heard = False
        """``show`` was called since the last tick."""
        self._alive_ms: int | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="panel", daemon=True)

    def start(self) -> None:
        """Open the pins and begin. :raises OSError: a pin cannot be had; none is held then"""
        self.open()
        self._thread.start()

    def open(self) -> None:
        """Open the pins."""
        found = self._lines
        outputs = {"green": found.green, "red": found.red, "relay": found.relay}
        inputs = {"button": found.button, "ring": found.ring}
        try:
            for name, line in outputs.items():
                if line >= 0:
                    self._pins[name] = self._opener(found.chip, line, "low", "none")
            for name, line in inputs.items():
                if line >= 0:
                    self._pins[name] = self._opener(found.chip, line, "in", "both")
        except OSError:
            self.close()
            raise

    def stop(self) -> None:
        """Lamps out, relay at rest, pins given back."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()
        self.close()

    def close(self) -> None:
        """Give the pins back, everything at rest."""
        for name, pin in list(self._pins.items()):
            try:
                if name in ("green", "red", "relay"):
                    pin.write(False)
            finally:
                pin.close()
                del self._pins[name]

    def show(self, shows: Shows) -> None:
        """What the lamps tell from now on; the box lives."""
        self._shows, self._heard = shows, True

    # -- the thread --------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            while not self._stopping.wait(TICK_MS / 1000):
                self.tick(time.monotonic_ns() // 1_000_000)
        except OSError as error:
            _log.error("the front of the box is out of order: %s", error)

    def tick(self, now_ms: int) -> None:
        """Read the inputs, set the outputs."""
        self._read_button(now_ms)
        self._read_bell(now_ms)
        self._light(lit(self._shows, now_ms))
        if self._heard:
            self._alive_ms, self._heard = now_ms, False
        self._draw(self._alive_ms is not None and now_ms - self._alive_ms < ALIVE_S * 1000)

    def _read_button(self, now_ms: int) -> None:
        pin = self._pins.get("button")
        if pin is None:
            return
        while pin.poll(0):
            event = pin.read_event()
            self._want(self._button.edge(event.edge == "falling", event.timestamp // 1_000_000))
        self._want(self._button.tick(now_ms))

    def _want(self, wanted: Wanted | None) -> None:
        if wanted is not None:
            self._wanted(wanted)

    def _read_bell(self, now_ms: int) -> None:
        pin = self._pins.get("ring")
        if pin is None:
            return
        while pin.poll(0):
            event = pin.read_event()
            if event.edge == "falling" and self._bell.pulse(event.timestamp // 1_000_000):
                self._rings(True)
        if self._bell.tick(now_ms) is False:
            self._rings(False)

    def _light(self, wanted: tuple[bool, bool]) -> None:
        if wanted != self._shown:
            self._shown = wanted
            for name, on in zip(("green", "red"), wanted, strict=True):
                if name in self._pins:
                    self._pins[name].write(on)

    def _draw(self, drawn: bool) -> None:
        if drawn != self._drawn and "relay" in self._pins:
            self._drawn = drawn
            self._pins["relay"].write(drawn)
