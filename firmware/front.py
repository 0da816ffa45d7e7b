"""The front of the box and the service: what the lamps tell, and what a press of the button begins.

Runs on the event loop; the pins are ``board.gpio.panel``'s, in a thread of its own. A front that cannot be had is one
warning in the journal and nothing else: the box works without lamps.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from board.gpio.inputs import Wanted
from board.gpio.lamps import Shows, worst
from board.gpio.panel import Lines, Opener, Panel, open_pin
from firmware.config import BoardConfig

_log = logging.getLogger(__name__)
_GRAVE = ("no_dialling", "no_recording")
_OFF_HOOK = ("seizing", "waiting for dial tone", "dialling", "call progress", "talking", "releasing")


def shows_of(snapshot: Mapping[str, Any]) -> Shows:
    """What the lamps tell of the box as the hub has it."""
    bad = [check for check in snapshot["health"] if not check["ok"]]
    down = [trunk for trunk in snapshot["trunks"] if not trunk["up"]]
    lines: Sequence[Mapping[str, Any]] = snapshot["lines"]
    found = [Shows.IDLE] if snapshot["trunks"] or lines else []
    if any(job["running"] for job in snapshot["line_jobs"]):
        found.append(Shows.TESTING)
    if any(check["severity"] in _GRAVE for check in bad):
        found.append(Shows.FAULT)
    if down or bad:
        found.append(Shows.DEGRADED)
    if any(line["state"] == "ringing" for line in lines):
        found.append(Shows.RINGING)
    if snapshot["calls"] or any(line["state"] in _OFF_HOOK for line in lines):
        found.append(Shows.IN_USE)
    return worst(found)


class Front:
    """``pressed`` is called on the loop."""

    def __init__(
        self, board: BoardConfig, pressed: Callable[[Wanted], None], opener: Opener = open_pin
    ) -> None:
        self._pressed = pressed
        self._loop: asyncio.AbstractEventLoop | None = None
        lines = Lines(board.chip, board.green, board.red, board.button, board.relay, board.ring)
        self._panel = Panel(lines, self._wanted, self._rings, opener) if board.chip else None

    def start(self) -> None:
        """Take the pins, if there are any."""
        if self._panel is None:
            return
        self._loop = asyncio.get_running_loop()
        try:
            self._panel.start()
        except OSError as error:
            _log.warning("the front of the box is not used: %s", error)
            self._panel = None

    def stop(self) -> None:
        """Lamps out, relay at rest."""
        if self._panel is not None:
            self._panel.stop()

    def show(self, snapshot: Mapping[str, Any]) -> None:
        """The box as it is now; said every few seconds, it keeps the relay drawn."""
        if self._panel is not None:
            self._panel.show(shows_of(snapshot))

    def _wanted(self, wanted: Wanted) -> None:
        """In the panel's thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._pressed, wanted)

    def _rings(self, begun: bool) -> None:
        _log.info("the ring detector: %s", "it rings" if begun else "it rings no more")
