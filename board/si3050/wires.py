"""What the wires mean: rings told from reversals and lamps, a battery lost, a loop that was opened by the far end.

Pure: looks in, events out, ``at_ms`` from the caller, who looks every few milliseconds (``LOOK_MS``). Figures are those
working drivers use: a ring is both polarities in turn, more than twice within 64 ms (one of them alone is a
message-waiting lamp or a reversal); a battery is lost after 64 ms without volts; a loop is open after 80 ms without
current, but not in the first 650 ms off-hook.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from board.si3050.chip import Look

LOOK_MS = 4
RING_WINDOW_MS = 64
RING_TURNS = 3
RING_GAP_MS = 200
"""A burst is over when its polarity has not turned for so long."""
RING_OVER_MS = 8000
SETTLE_MS = 650
OPEN_MS = 80
OPEN_MA = 3.3
BATTERY_MS = 64
REVERSAL_MS = 64


class Happened(StrEnum):
    """What the wires told."""

    RING = "ring"
    """One burst began."""
    RING_END = "ring_end"
    """The burst is over: caller ID may follow now."""
    RING_STOPPED = "ring_stopped"
    """No further burst came: the caller has gone."""
    REVERSAL = "reversal"
    LOOP_OPEN = "loop_open"
    """No loop current although we are off-hook: the exchange let go (calling party control)."""
    BATTERY_LOST = "battery_lost"
    BATTERY_BACK = "battery_back"
    LINK_LOST = "link_lost"


@dataclass(slots=True)
class _Held:
    """Something that must hold for a while before it counts."""

    since_ms: int | None = None

    def for_ms(self, holds: bool, at_ms: int) -> int:
        """How long it has held."""
        if not holds:
            self.since_ms = None
            return 0
        if self.since_ms is None:
            self.since_ms = at_ms
        return at_ms - self.since_ms


class Wires:
    """One line's. ``hook`` tells it what we did."""

    def __init__(self) -> None:
        self.rings = 0
        self.battery = True
        self.last: Look | None = None
        self._off_hook_at: int | None = None
        self._turns: list[int] = []
        self._side = 0
        self._ringing = False
        self._ring_ended_at: int | None = None
        self._dead, self._open, self._turned = _Held(), _Held(), _Held()
        self._normal = True
        self._told_open = self._link_lost = False

    def hook(self, off: bool, at_ms: int) -> None:
        """We closed or opened the loop."""
        self._off_hook_at = at_ms if off else None
        self._told_open, self._ringing, self._ring_ended_at, self.rings = False, False, None, 0
        self._turns.clear()
        self._open = _Held()

    def look(self, look: Look, at_ms: int) -> list[Happened]:
        """What this look adds."""
        self.last = look
        if not look.link:
            lost, self._link_lost = not self._link_lost, True
            return [Happened.LINK_LOST] if lost else []
        self._link_lost = False
        found = [*self._power(look, at_ms)]
        if self._off_hook_at is None:
            found += self._bell(look, at_ms)
        else:
            found += self._loop(look, at_ms)
        return found + self._polarity(look, at_ms)

    # -- the bell ----------------------------------------------------------------------------------------------

    def _bell(self, look: Look, at_ms: int) -> list[Happened]:
        side = 1 if look.ring_positive and not look.ring_negative else 0
        side = -1 if look.ring_negative and not look.ring_positive else side
        if side and side != self._side:
            self._turns.append(at_ms)
        self._side = side or self._side
        newest = self._turns[-1] if self._turns else None
        self._turns = [turn for turn in self._turns if at_ms - turn <= RING_WINDOW_MS]
        if not self._ringing and len(self._turns) >= RING_TURNS:
            self._ringing, self._ring_ended_at = True, None
            self._quiet_from = at_ms
            self.rings += 1
            return [Happened.RING]
        if self._ringing:
            return self._burst(newest, at_ms)
        if self._ring_ended_at is not None and at_ms - self._ring_ended_at > RING_OVER_MS:
            self._ring_ended_at, self.rings = None, 0
            return [Happened.RING_STOPPED]
        return []

    _quiet_from = 0

    def _burst(self, newest: int | None, at_ms: int) -> list[Happened]:
        if newest is not None:
            self._quiet_from = max(self._quiet_from, newest)
        if at_ms - self._quiet_from < RING_GAP_MS:
            return []
        self._ringing, self._ring_ended_at = False, at_ms
        return [Happened.RING_END]

    # -- power -------------------------------------------------------------------------------------------------

    def _power(self, look: Look, at_ms: int) -> list[Happened]:
        dead_ms = self._dead.for_ms(not look.battery and self._off_hook_at is None, at_ms)
        if self.battery and dead_ms >= BATTERY_MS:
            self.battery = False
            return [Happened.BATTERY_LOST]
        if not self.battery and look.battery:
            self.battery = True
            return [Happened.BATTERY_BACK]
        return []

    def _loop(self, look: Look, at_ms: int) -> list[Happened]:
        assert self._off_hook_at is not None
        settled = at_ms - self._off_hook_at >= SETTLE_MS
        open_ms = self._open.for_ms(settled and look.milliamps < OPEN_MA, at_ms)
        if open_ms >= OPEN_MS and not self._told_open:
            self._told_open = True
            return [Happened.LOOP_OPEN]
        return []

    def _polarity(self, look: Look, at_ms: int) -> list[Happened]:
        """A reversal is a sign that has stayed changed, and no ring."""
        if self._ringing or not look.battery:
            self._turned = _Held()
            return []
        if self._turned.for_ms((look.volts > 0) != self._normal, at_ms) < REVERSAL_MS:
            return []
        self._normal, self._turned = not self._normal, _Held()
        return [Happened.REVERSAL]
