"""The box's lines: what forbids a call now, how many lines a campaign may still take, how many calls a second.

Counts what the switchboard carries; which campaign gets how much of it is the dialler's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from firmware.calls.switchboard import Switchboard
from firmware.clock import Clock
from firmware.model import CampaignId, CampaignSettings


def _none(_: str) -> int:
    return 0


@dataclass(frozen=True, slots=True)
class LineSettings:
    """Limits of the box as a whole."""

    calls_per_second: float
    trunk_lines: Mapping[str, int]
    """Lines of each trunk that campaigns may use; what is kept for others is taken off already."""
    why_not: Callable[[], list[Mapping[str, Any]]]
    """Reasons that forbid dialling right now; empty when all is well."""
    trunk_up: Callable[[str], bool]
    calls_in: Callable[[str], int] = _none
    """Lines of a trunk that calls coming in take up: what is kept free stays free besides them."""


class Lines:
    """What there is to dial over."""

    def __init__(self, clock: Clock, switchboard: Switchboard, settings: LineSettings) -> None:
        self._clock = clock
        self._switchboard = switchboard
        self._settings = settings
        self._budget = 0.0
        self._budget_at_s = clock.monotonic()

    def obstacle(self, trunk: str) -> str:
        """What forbids any call over this trunk right now, as a key; empty when nothing does."""
        found = self.forbidden()
        if found:
            return found
        return "" if self._settings.trunk_up(trunk) else "trunk_down"

    def forbidden(self) -> str:
        """What forbids any call of the box right now, as a key; empty when nothing does."""
        found = self._settings.why_not()
        return str(found[0]["key"]) if found else ""

    def free(self, campaign: CampaignId, settings: CampaignSettings) -> int:
        """Lines that one more call of the campaign may take: of its trunk, and of its own limit."""
        used, own = self._settings.calls_in(settings.trunk), 0
        for live in self._switchboard.live():
            if live.settings.trunk == settings.trunk:
                used += live.lines
            if live.on_the_line and live.claim.campaign_id == campaign:
                own += 1
        free = self._settings.trunk_lines.get(settings.trunk, 0) - used
        return max(0, min(free, settings.max_lines - own) if settings.max_lines else free)

    def budget(self) -> int:
        """Calls that the trunk's calls per second still allow; at most one second's worth is kept."""
        now_s = self._clock.monotonic()
        rate = self._settings.calls_per_second
        self._budget = min(max(rate, 1.0), self._budget + (now_s - self._budget_at_s) * rate)
        self._budget_at_s = now_s
        return int(self._budget)

    def spend(self) -> None:
        """A call is placed."""
        self._budget -= 1.0
