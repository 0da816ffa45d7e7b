"""The button held while the box is switched on: what that asks for. Pure; levels with their times come in.

It counts from when the box first looks, and only once it is let go: ten seconds ask for the factory's settings with
the data kept, twenty for everything to go. A button that is never let go asks for nothing: it is stuck, or a wire is
broken, and a box must not be wiped by that. The lamps tell the stage, so that nobody has to count.

    red, slow       not long enough yet        red, fast       let go now: everything goes
    amber, slow     let go now: data kept      off             too long: nothing happens
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from board.gpio.inputs import BOUNCE_MS

KEEP_MS, WIPE_MS, STUCK_MS = 10_000, 20_000, 40_000
_SLOW_MS, _FAST_MS = 1000, 250


class Stage(StrEnum):
    """What letting go now would ask for."""

    NOTHING = "nothing"
    KEEP = "keep"
    WIPE = "wipe"
    STUCK = "stuck"


def stage(held_ms: int) -> Stage:
    """By how long it is down."""
    if held_ms >= STUCK_MS:
        return Stage.STUCK
    if held_ms >= WIPE_MS:
        return Stage.WIPE
    return Stage.KEEP if held_ms >= KEEP_MS else Stage.NOTHING


def lit(at: Stage, at_ms: int) -> tuple[bool, bool]:
    """Green and red at a moment."""
    if at is Stage.STUCK:
        return False, False
    period_ms = _FAST_MS if at is Stage.WIPE else _SLOW_MS
    on = at_ms % period_ms < period_ms // 2
    return on and at is Stage.KEEP, on


@dataclass(slots=True)
class Hold:
    """One press that had begun before anybody looked."""

    began_ms: int
    let_go_ms: int | None = None

    def tick(self, pressed: bool, at_ms: int) -> Stage | None:
        """What it asked for, once it is over; None: it is still held. Contacts bounce, so it is let go once it has been
        up for 30 ms."""
        if self.held(at_ms) is Stage.STUCK:
            return Stage.STUCK
        if pressed:
            self.let_go_ms = None
        elif self.let_go_ms is None:
            self.let_go_ms = at_ms
        elif at_ms - self.let_go_ms >= BOUNCE_MS:
            return stage(self.let_go_ms - self.began_ms)
        return None

    def held(self, at_ms: int) -> Stage:
        """What letting go at this moment would ask for."""
        return stage(at_ms - self.began_ms)
