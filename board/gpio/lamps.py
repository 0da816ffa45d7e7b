"""The lamp's code as a table: what the box is doing -> which colour, and when it is lit. Pure; time is an argument.

    off            no line              amber          works, but not well
    green          idle                 red            fault
    green, slow    a call is up         red, blinking  a test is running
    green, fast    it rings

Amber is green and red together. The graver state wins: ``worst`` picks it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Shows(StrEnum):
    """What the box is doing, the gravest first."""

    TESTING = "testing"
    FAULT = "fault"
    DEGRADED = "degraded"
    RINGING = "ringing"
    IN_USE = "in_use"
    IDLE = "idle"
    NO_LINE = "no_line"


@dataclass(frozen=True, slots=True)
class Pattern:
    """Colours, and a period in ms of which the first half is lit; 0: lit all the time."""

    green: bool
    red: bool
    period_ms: int = 0


SLOW_MS, FAST_MS, BLINK_MS = 2000, 400, 800
CODE: dict[Shows, Pattern] = {
    Shows.NO_LINE: Pattern(green=False, red=False),
    Shows.IDLE: Pattern(green=True, red=False),
    Shows.IN_USE: Pattern(green=True, red=False, period_ms=SLOW_MS),
    Shows.RINGING: Pattern(green=True, red=False, period_ms=FAST_MS),
    Shows.DEGRADED: Pattern(green=True, red=True),
    Shows.FAULT: Pattern(green=False, red=True),
    Shows.TESTING: Pattern(green=False, red=True, period_ms=BLINK_MS),
}


def lit(shows: Shows, at_ms: int) -> tuple[bool, bool]:
    """Green and red at a moment."""
    pattern = CODE[shows]
    on = not pattern.period_ms or at_ms % pattern.period_ms < pattern.period_ms // 2
    return pattern.green and on, pattern.red and on


def worst(states: Iterable[Shows]) -> Shows:
    """The one to show; nothing at all is no line."""
    order = list(Shows)
    return min(states, key=order.index, default=Shows.NO_LINE)
