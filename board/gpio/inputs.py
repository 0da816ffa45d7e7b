"""What the inputs mean: a button held for how long, and whether the bell rings. Pure; edges with their times come in.

The button: let go after 3 s, and a line test is wanted; after 10 s, the question whether to go back to the factory's
settings. A shorter press means nothing. Contacts bounce, so an edge counts once it has stood for 30 ms.

The bell: an opto-coupler shows two pulses a cycle. 16 to 60 Hz for 200 ms are a ring; 3 s without are its end.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

BOUNCE_MS = 30
TEST_MS = 3000
FACTORY_MS = 10_000
QUALIFY_MS = 200
SLOWEST_MS, FASTEST_MS = 34, 7
"""Between two pulses: of 15 Hz and of 70 Hz, twice a cycle, with room for a line that is not quite exact."""
RING_OVER_MS = 3000


class Wanted(StrEnum):
    """What whoever pressed the button wants."""

    LINE_TEST = "line_test"
    FACTORY = "factory"


@dataclass(slots=True)
class Button:
    """One button. ``edge`` as it comes, ``tick`` now and then; either may say what is wanted."""

    _level: bool = False
    _since_ms: int = 0
    _down_ms: int | None = None

    def edge(self, pressed: bool, at_ms: int) -> Wanted | None:
        """The contact closed or opened."""
        wanted = self.tick(at_ms)
        if pressed != self._level:
            self._level, self._since_ms = pressed, at_ms
        return wanted

    def tick(self, at_ms: int) -> Wanted | None:
        """Has the contact stood long enough?"""
        if at_ms - self._since_ms < BOUNCE_MS:
            return None
        if self._level and self._down_ms is None:
            self._down_ms = self._since_ms
        elif not self._level and self._down_ms is not None:
            held_ms, self._down_ms = self._since_ms - self._down_ms, None
            return self._meaning(held_ms)
        return None

    def held_ms(self, at_ms: int) -> int:
        """How long it is down by now."""
        return 0 if self._down_ms is None else at_ms - self._down_ms

    @staticmethod
    def _meaning(held_ms: int) -> Wanted | None:
        if held_ms >= FACTORY_MS:
            return Wanted.FACTORY
        return Wanted.LINE_TEST if held_ms >= TEST_MS else None


@dataclass(slots=True)
class Bell:
    """One ring detector. ``pulse`` and ``tick`` tell whether it has begun (True) or ended (False); else None."""

    ringing: bool = False
    _first_ms: int | None = None
    _last_ms: int = 0

    def pulse(self, at_ms: int) -> bool | None:
        """The opto-coupler lit up."""
        gap_ms = at_ms - self._last_ms
        if self._first_ms is None or gap_ms > SLOWEST_MS:
            self._first_ms, self._last_ms = at_ms, at_ms
            return None
        if gap_ms < FASTEST_MS:
            return None  # a spike, or contact noise
        self._last_ms = at_ms
        if not self.ringing and at_ms - self._first_ms >= QUALIFY_MS:
            self.ringing = True
            return True
        return None

    def tick(self, at_ms: int) -> bool | None:
        """Has it been quiet for long enough?"""
        if self.ringing and at_ms - self._last_ms >= RING_OVER_MS:
            self.ringing, self._first_ms = False, None
            return False
        return None
