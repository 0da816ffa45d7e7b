"""Agents who hear themselves: the sound check before the first call.

A paused agent's phone is connected with itself for a while; what comes back went all the way a call goes.
Leaves opening and closing phones, and who may check when, to ``desks``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from firmware.clock import Clock, Timer
from firmware.model import LegId, UserId
from firmware.trunks.base import Media

CHECK_S = 30.0
"""How long one check lasts at most."""


@dataclass(slots=True)
class _Check:
    leg: LegId | None = None
    timer: Timer | None = None


class SoundChecks:
    """The checks under way. ``over`` is called with an agent whose time is up."""

    def __init__(self, clock: Clock, media: Media, over: Callable[[UserId], None]) -> None:
        self._clock = clock
        self._media = media
        self._over = over
        self._checks: dict[UserId, _Check] = {}

    def wanted(self, user_id: UserId) -> bool:
        """Whether this agent asked for a check, heard or not yet."""
        return user_id in self._checks

    def heard(self, user_id: UserId) -> bool:
        """Whether this agent hears himself now."""
        check = self._checks.get(user_id)
        return check is not None and check.leg is not None

    def want(self, user_id: UserId) -> None:
        """Begin as soon as the phone is open."""
        self._checks.setdefault(user_id, _Check())

    def begin(self, user_id: UserId, leg: LegId) -> None:
        """The phone is open: let it hear itself."""
        check = self._checks[user_id]
        if check.leg is None:
            check.leg = leg
            self._media.bridge(leg, leg)
            check.timer = self._clock.call_later(CHECK_S, lambda: self._over(user_id))

    def end(self, user_id: UserId) -> bool:
        """Silence again; whether there was a check."""
        check = self._checks.pop(user_id, None)
        if check is None:
            return False
        if check.timer is not None:
            check.timer.cancel()
        if check.leg is not None:
            self._media.unbridge(check.leg, check.leg)
        return True
