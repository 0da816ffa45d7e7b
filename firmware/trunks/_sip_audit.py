"""Looks after legs in the SIP thread: deadlines, the pulse of the far end, and whether the library still agrees.

The library has lost ends of calls before (its issues 3856 and 4992; our build carries patches for both). Nothing here
relies on those patches: a leg without a call is ended, and a port nobody owns is counted.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pjsua2 as pj

from firmware.model import HangupCause, LegId
from firmware.trunks.base import LegEnded

if TYPE_CHECKING:
    from firmware.trunks._sip_leg import Leg
    from firmware.trunks._sip_legs import Legs

_log = logging.getLogger(__name__)
_TICK_S = 0.1


class Audit:
    """Call ``turn`` often; it knows when something is due. Times are the monotonic clock's."""

    def __init__(self, legs: Legs) -> None:
        self._legs = legs
        self._tick_at = 0.0
        self._audit_at = 0.0
        self._pulse: dict[LegId, tuple[tuple[int, int] | None, float]] = {}
        self._stray_before = 0
        self.repaired = 0
        """Legs whose end the library never told us of."""
        self.stray_ports = 0
        """Ports on the conference bridge that belong to no leg, at the last look and the one before."""

    def turn(self, now: float) -> None:
        """Do what is due."""
        if now >= self._tick_at:
            self._tick_at = now + _TICK_S
            for leg in self._legs.all():
                if leg.ended is None and leg.is_due(now):
                    self._legs.guarded(leg.id, lambda leg=leg: self._check_time(leg, now))  # type: ignore[misc]
        if now >= self._audit_at:
            self._audit_at = now + self._legs.settings.audit_s
            self._audit(now)

    def _check_time(self, leg: Leg, now: float) -> None:
        if leg.answered and not leg.waiting:
            leg.renegotiate()
            if now >= leg.end_by:
                leg.end(HangupCause.TOO_LONG)
        elif now >= leg.ring_by:
            leg.end(HangupCause.NO_ANSWER, pj.PJSIP_SC_TEMPORARILY_UNAVAILABLE if leg.offered else 0)
        elif now >= leg.ring_back_at:
            leg.ring_back_at = float("inf")
            leg.accept(pj.PJSIP_SC_RINGING)

    def _audit(self, now: float) -> None:
        legs = self._legs.all()
        self._pulse = {leg.id: self._pulse[leg.id] for leg in legs if leg.id in self._pulse}
        for leg in legs:
            if leg.ended is None and leg.call is not None and not leg.redialling and not leg.call.isActive():
                self._lost(leg)
            elif leg.ended is None and leg.answered:
                self._legs.guarded(leg.id, lambda leg=leg: self._feel_pulse(leg, now))  # type: ignore[misc]
        self._count_ports()

    def _lost(self, leg: Leg) -> None:
        self.repaired += 1
        _log.error("leg=%s the library has no such call any more", leg.id)
        leg.ended = LegEnded(leg.id, HangupCause.NETWORK_FAILURE, False, text="lost by the library")
        self._legs.bury(leg)

    def _feel_pulse(self, leg: Leg, now: float) -> None:
        """RTP, or at least RTCP from a far end that sends nothing while it hears nobody speak."""
        count = leg.received()
        before, since = self._pulse.get(leg.id, (None, now))
        if count != before or leg.far_held or leg.held or leg.want_held:
            self._pulse[leg.id] = (count, now)
        elif now - since >= self._legs.settings.dead_peer_s:
            leg.end(HangupCause.MEDIA_LOST, text="nothing heard of the far end")

    def _count_ports(self) -> None:
        """One port is the bridge's own; removal takes effect a little later, hence two looks."""
        stray = max(0, self._legs.ports() - 1 - self._legs.expected_ports())
        self.stray_ports, self._stray_before = min(stray, self._stray_before), stray
