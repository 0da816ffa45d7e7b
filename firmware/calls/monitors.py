"""Supervisors who take part in agents' calls: their telephones, whom they hear, who hears them, and the record of it.

Runs on the event loop. A supervisor's desk phone is called when they begin; once it is open they are wired into the
call the agent is in, one way or both (``parties.overheard``). The agent is told by a short tone and on the desk, unless
the office decided otherwise; every minute is on record whatever was decided. It ends when the supervisor wants it, when
the call is over for that agent, or when the office forbids it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from firmware.calls.desks import PHONE_RING_S, Desks
from firmware.calls.parties import Monitoring, Who, connections, overheard
from firmware.calls.switchboard import Switchboard
from firmware.calls.talk import Talk
from firmware.clock import Clock
from firmware.model import AttemptUid, LegId, UserId
from firmware.trunks.base import LegAnswered, LegEnded, LegEvent, Media, PhoneRoute

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MonitorRules:
    """What the office decided: whether at all, and whether agents are told while it lasts."""

    allowed: bool = True
    announced: bool = True


@dataclass(slots=True)
class Monitor:
    """One supervisor in one agent's call."""

    supervisor: UserId
    name: str
    agent: UserId
    attempt: AttemptUid
    kind: Monitoring
    leg: LegId
    since: float
    announced: bool
    open: bool = False


class MonitorBooks(Protocol):
    """Where it is written down."""

    def monitoring_began(self, monitor: Monitor, at: float) -> None:
        """The supervisor hears from now on."""

    def monitoring_ended(self, supervisor: UserId, by: str, at: float) -> None:
        """And no more."""


class Monitors:
    """Everybody who listens in. Implements the wiring's ``Listeners``."""

    def __init__(
        self,
        clock: Clock,
        media: Media,
        desks: Desks,
        switchboard: Switchboard,
        books: MonitorBooks,
        tone: Callable[[], Path | None],
    ) -> None:
        self._clock = clock
        self._media = media
        self._desks = desks
        self._switchboard = switchboard
        self._books = books
        self._tone = tone
        self._by_leg: dict[LegId, Monitor] = {}
        self._count = 0
        self.rules = MonitorRules()
        switchboard.company.wiring.listeners = self
        switchboard.monitors = self

    # -- looking ---------------------------------------------------------------------------------------------

    def of(self, supervisor: UserId) -> Monitor | None:
        """What this supervisor does now."""
        return next((each for each in self._by_leg.values() if each.supervisor == supervisor), None)

    def on(self, agent: UserId) -> list[Monitor]:
        """Who takes part in this agent's call."""
        return [each for each in self._by_leg.values() if each.agent == agent]

    # -- what supervisors do ---------------------------------------------------------------------------------

    def begin(self, supervisor: UserId, name: str, phone: str, agent: UserId, kind: Monitoring) -> bool:
        """Take part, or take part in another way; False: the agent is in no call."""
        attempt = self._desks.agent(agent).attempt
        live = None if attempt is None else self._switchboard.company.find(attempt)
        if live is None or not live.is_up or self._switchboard.company.who(live, agent) is None:
            return False
        present = self.of(supervisor)
        if present is not None and present.agent == agent and present.attempt == live.uid:
            self._change(present, live, kind)
            return True
        if present is not None:
            self._end(present, "changed")
        self._count += 1
        leg = LegId(f"s{supervisor}-{self._count}-{int(self._clock.utc())}")
        now = self._clock.utc()
        monitor = Monitor(supervisor, name, agent, live.uid, kind, leg, now, self.rules.announced)
        self._by_leg[leg] = monitor
        self._media.originate(leg, PhoneRoute(phone), "", PHONE_RING_S)
        self._desks.refresh(agent)
        return True

    def stop(self, supervisor: UserId, by: str = "supervisor") -> bool:
        """Take part no more; False: they did not."""
        present = self.of(supervisor)
        if present is not None:
            self._end(present, by)
        return present is not None

    def stop_all(self, by: str) -> None:
        """The office forbids it, or the box is stopped."""
        for monitor in list(self._by_leg.values()):
            self._end(monitor, by)

    def _change(self, monitor: Monitor, live: Talk, kind: Monitoring) -> None:
        if kind is monitor.kind:
            return
        monitor.kind = kind
        if monitor.open:
            now = self._clock.utc()
            self._books.monitoring_ended(monitor.supervisor, "changed", now)
            self._books.monitoring_began(monitor, now)
            self._announce(monitor)
        self._switchboard.company.wiring.true_up(live)
        self._desks.refresh(monitor.agent)

    # -- legs ------------------------------------------------------------------------------------------------

    def on_leg(self, event: LegEvent) -> bool:
        """An event of a leg; False: it is no supervisor's."""
        monitor = self._by_leg.get(event.leg)
        if monitor is None:
            return False
        if isinstance(event, LegAnswered):
            self._opened(monitor)
        elif isinstance(event, LegEnded):
            self._forget(monitor, "phone")
        return True

    def _opened(self, monitor: Monitor) -> None:
        live = self._switchboard.company.find(monitor.attempt)
        up = live is not None and live.is_up
        if live is None or not up or self._switchboard.company.who(live, monitor.agent) is None:
            self._end(monitor, "call_over")
            return
        monitor.open = True
        self._books.monitoring_began(monitor, self._clock.utc())
        _log.info("attempt=%s user=%s %s agent=%s", live.uid, monitor.supervisor, monitor.kind, monitor.agent)
        self._announce(monitor)
        self._switchboard.company.wiring.true_up(live)
        self._desks.refresh(monitor.agent)

    def _announce(self, monitor: Monitor) -> None:
        leg, tone = self._desks.leg(monitor.agent), self._tone()
        if monitor.announced and leg is not None and tone is not None:
            self._media.play(leg, tone)

    def _end(self, monitor: Monitor, by: str) -> None:
        self._media.hang_up(monitor.leg)
        self._forget(monitor, by)

    def _forget(self, monitor: Monitor, by: str) -> None:
        if self._by_leg.pop(monitor.leg, None) is None:
            return
        if monitor.open:
            self._books.monitoring_ended(monitor.supervisor, by, self._clock.utc())
        live = self._switchboard.company.find(monitor.attempt)
        if live is not None:
            self._switchboard.company.wiring.true_up(live)
        self._desks.refresh(monitor.agent)

    # -- wires -----------------------------------------------------------------------------------------------

    def wires(self, live: Talk) -> Iterable[tuple[LegId, LegId]]:
        """(who speaks, who hears it) of everybody who listens in to this call."""
        company = self._switchboard.company
        ears = connections(live.parties)
        for monitor in self._by_leg.values():
            who = company.who(live, monitor.agent)
            if not monitor.open or monitor.attempt != live.uid or who is None:
                continue
            hears, heard_by = overheard(ears, who, monitor.kind)
            yield from ((leg, monitor.leg) for leg in self._legs(live, hears))
            yield from ((monitor.leg, leg) for leg in self._legs(live, heard_by))

    def _legs(self, live: Talk, people: Iterable[Who]) -> list[LegId]:
        company = self._switchboard.company
        return [leg for who in people if (leg := company.leg(live, who)) is not None]

    def call_changed(self, live: Talk) -> None:
        """Whoever listens to an agent who is no longer in the call hears it no more."""
        over = not live.is_up
        for monitor in list(self._by_leg.values()):
            gone = over or self._switchboard.company.who(live, monitor.agent) is None
            if monitor.attempt == live.uid and gone:
                self._end(monitor, "call_over")
