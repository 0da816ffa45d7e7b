"""What pages and programs see of calls that come in: each call that is on, and each queue with its figures of today.

A queue is one ``[[inbound]]`` of the settings. Calls and places are published as they change; who is ready, and figures
from the store, when the service looks around. How a part reaches a page is the hub's and the control socket's.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from firmware.calls.desks import Desks
from firmware.clock import Clock
from firmware.compliance.numbers import mask
from firmware.hub import Hub
from firmware.inbound.happenings import State
from firmware.inbound.routing import Rule
from firmware.model import AgentState
from firmware.reception import Incoming, Reception
from firmware.store import inbound, inbound_lists
from firmware.store.store import Store, StoreError

if TYPE_CHECKING:
    import sqlite3

_log = logging.getLogger(__name__)

IN_TIME_S = 20
"""Who meets an agent within this is counted as answered in time."""
AGAIN_S = 60.0
"""Figures are read this often where nothing happens: a day ends at some time."""

_STATES: Mapping[State, str] = {
    State.OFFERED: "ringing",
    State.RINGING: "ringing",
    State.ANSWERING: "ringing",
    State.GREETING: "announcing",
    State.WAITING: "waiting",
    State.TALKING: "bridged",
    State.HANDED: "handed",
    State.ASKING: "message",
    State.NOTING: "message",
    State.LAST_WORDS: "announcing",
    State.ENDING: "ending",
    State.ENDED: "ended",
}
"""As the pages name states of calls of either way."""


class Queues:
    """Keeps the hub current about calls that come in."""

    def __init__(
        self,
        clock: Clock,
        hub: Hub,
        store: Store,
        desks: Desks,
        reception: Reception,
        rules: tuple[Rule, ...],
        zone: str,
    ) -> None:
        """``zone``: the office's, whose midnight begins a day."""
        self._clock = clock
        self._hub = hub
        self._store = store
        self._desks = desks
        self._reception = reception
        self._rules = {rule.name: rule for rule in rules}
        self._zone = ZoneInfo(zone)
        self._figures: dict[str, Mapping[str, Any]] = {}
        self._stale = True
        self._read_at_s = 0.0
        self._reading: asyncio.Task[None] | None = None

    @property
    def busy(self) -> bool:
        """Whether figures are being read."""
        return self._reading is not None

    def changed(self, live: Incoming) -> None:
        """A call changed, began or is over; so did perhaps the place of others."""
        self._stale = True
        if self._reception.find(live.uid) is None:
            self._hub.remove("call", live.uid)
        else:
            self._hub.publish("call", self._row(live))
        if live.rule is not None:
            for other in self._reception.queue(live.rule.name):
                self._hub.publish("call", self._row(other))
            self._publish(live.rule)

    def look(self) -> None:
        """The service looks around: who is ready now, and figures where something has happened."""
        for rule in self._rules.values():
            self._publish(rule)
        now_s = self._clock.monotonic()
        due = self._stale or now_s - self._read_at_s >= AGAIN_S
        if self._rules and due and self._reading is None:
            self._stale, self._read_at_s = False, now_s
            self._reading = asyncio.get_running_loop().create_task(self._read())
            self._reading.add_done_callback(self._done)

    # -- one call ----------------------------------------------------------------------------------------------

    def _row(self, live: Incoming) -> Mapping[str, Any]:
        """A call as the pages see it, its number masked."""
        owed = live.call.state is State.ENDED
        agent = live.first.user if live.first is not None else (live.call.agent or live.call.asked)
        campaign = live.who.campaign
        return {
            "attempt": live.uid,
            "campaign_id": campaign.id if campaign is not None else None,
            "number": mask(live.caller) if live.caller else "",
            "name": live.name,
            "state": AgentState.WRAP_UP if owed and live.call.talked else _STATES[live.call.state],
            "since": live.since,
            "verdict": None,
            "agent_id": agent,
            "held": live.held,
            "stage": live.parties.stage,
            "with": [party.name for party in (live.first, live.other) if party is not None],
            "incoming": {
                "rule": live.rule.name if live.rule is not None else "",
                "kind": live.kind,
                "offered_at": live.offered_at,
                "position": self._reception.position(live) or None,
            },
        }

    # -- one queue -----------------------------------------------------------------------------------------------

    def _publish(self, rule: Rule) -> None:
        waiting = self._reception.queue(rule.name)
        talking = sum(
            1
            for live in self._reception.live()
            if live.rule is not None and live.rule.name == rule.name and live.is_up
        )
        figures = self._figures.get(rule.name, _NONE)
        team = figures["agents"]
        agents = [each for each in self._desks.agents() if team is None or each.user_id in team]
        told = {name: figures[name] for name in _NONE if name != "agents"}
        self._hub.publish(
            "queue",
            {
                "name": rule.name,
                "waiting": len(waiting),
                "oldest_at": min((live.offered_at for live in waiting), default=None),
                "talking": talking,
                "ready": sum(1 for each in agents if each.state is AgentState.READY),
                "within_s": IN_TIME_S,
                **told,
            },
        )

    async def _read(self) -> None:
        now, names = self._clock.utc(), {rule.name: rule.campaign for rule in self._rules.values()}
        local = datetime.fromtimestamp(now, self._zone)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()

        def work(conn: sqlite3.Connection) -> dict[str, Mapping[str, Any]]:
            found = inbound_lists.by_queue(conn, midnight, IN_TIME_S)
            whole: dict[str, Mapping[str, Any]] = {}
            for name, campaign in names.items():
                of = inbound.campaign_named(conn, campaign)
                team = None if of is None else frozenset(of.settings.agent_ids)
                own = {"campaign_id": None if of is None else of.id, "agents": team}
                whole[name] = {**_NONE, **found.get(name, {}), **own}
            return whole

        try:
            self._figures = await self._store.do(work)
        except StoreError as error:
            _log.warning("figures of the queues were not read: %s", error)
        else:
            for rule in self._rules.values():
                self._publish(rule)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._reading = None
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("figures of the queues could not be read", exc_info=error)


_NONE: Mapping[str, Any] = {
    "campaign_id": None, "agents": None, "offered": 0, "answered": 0, "in_time": 0, "missed": 0, "promised": 0,
}  # fmt: skip
"""Of a queue nobody has called today."""
