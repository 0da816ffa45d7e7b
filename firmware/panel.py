"""What the pages see: agents, calls, campaigns and the box itself, published to the hub as they change.

Agents and calls are published at once. A campaign's figures come from the store; changes to them come in bursts, so
they are gathered and read once per ``GATHER_S``. How a part reaches a page is the hub's and the control socket's.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from firmware.calls.agent import Agent
from firmware.calls.call import CallState
from firmware.calls.desks import Desks
from firmware.calls.switchboard import LiveCall, Switchboard
from firmware.clock import Clock
from firmware.compliance.numbers import mask
from firmware.dialler import Dialler
from firmware.hub import Hub
from firmware.model import AgentState, CampaignId, UserId
from firmware.reception import Incoming
from firmware.store import campaigns
from firmware.store.campaigns import Campaign
from firmware.store.store import Store, StoreError

_log = logging.getLogger(__name__)

GATHER_S = 0.1


class Panel:
    """Keeps the hub current."""

    def __init__(self, clock: Clock, hub: Hub, store: Store, registered: Callable[[str], bool]) -> None:
        self._clock = clock
        self._hub = hub
        self._store = store
        self._registered = registered
        self._desks: Desks | None = None
        self._switchboard: Switchboard | None = None
        self._dialler: Dialler | None = None
        self._stale: set[CampaignId] = set()
        self._reading: asyncio.Task[None] | None = None
        self._waiting = False
        self.more: Callable[[UserId], Mapping[str, Any]] = _no_more
        """What else is known of an agent: a raised hand, messages, who listens in."""
        self.incoming: Callable[[UserId], Incoming | None] | None = None
        """The call that came in and is on an agent's desk."""

    def watch(self, desks: Desks, switchboard: Switchboard, dialler: Dialler) -> None:
        """Who is asked for what the store does not know."""
        self._desks, self._switchboard, self._dialler = desks, switchboard, dialler

    def agent(self, agent: Agent) -> None:
        """An agent changed."""
        assert self._desks is not None
        user = self._desks.user(agent.user_id)
        live = self._live(agent)
        self._hub.publish(
            "agent",
            {
                "id": agent.user_id,
                "name": agent.name,
                "state": agent.state,
                "since": agent.since,
                "reason": agent.reason,
                "phone_mode": user.phone_mode,
                "phone_registered": self._registered(user.phone_user),
                "phone_open": self._desks.phone_open(agent.user_id),
                "attempt": agent.attempt,
                "campaign_id": live.claim.campaign_id if live is not None else None,
                "party": self._party(agent),
                "offer": self._offer(agent.user_id),
                "incoming": self._incoming(agent.user_id),
                **self.more(agent.user_id),
            },
        )

    def _offer(self, user: UserId) -> Mapping[str, Any] | None:
        """The record this agent looks at: enough for the desk to ask anew, and nothing about whom."""
        offer = None if self._dialler is None else self._dialler.preview.of(user)
        told = None if self._dialler is None else self._dialler.preview.told(user)
        if offer is not None:
            return {
                "campaign_id": offer.campaign.id,
                "step": offer.step,
                "since": offer.since,
                "by": offer.dials_at,
            }
        return None if told is None else {"told_at": told.at}

    def _party(self, agent: Agent) -> str:
        """As what this agent is in a call: who has the customer, who was asked in; empty without one."""
        company = None if self._switchboard is None else self._switchboard.company
        live = None if company is None else company.at(agent.user_id)
        return "" if live is None or company is None else company.who(live, agent.user_id) or ""

    def _incoming(self, user: UserId) -> Mapping[str, Any] | None:
        """The call that came in and is on this desk: enough to ask anew, and nothing about whom."""
        live = None if self.incoming is None else self.incoming(user)
        if live is None:
            return None
        call = live.call
        return {"attempt": live.uid, "state": call.state, "asked": call.asked == user, "held": live.held}

    def agents(self) -> None:
        """Anything may have changed at the desks: somebody hired, a phone registered."""
        assert self._desks is not None
        present = self._desks.agents()
        for agent in present:
            self.agent(agent)
        known = {entry["id"] for entry in self._hub.snapshot()["agents"]}
        for user_id in known - {agent.user_id for agent in present}:
            self._hub.remove("agent", user_id)

    def call(self, live: LiveCall) -> None:
        """A call changed, or left the switchboard."""
        assert self._switchboard is not None
        if self._switchboard.find(live.uid) is None:
            self._hub.remove("call", live.uid)
        else:
            self._hub.publish("call", _row(live))
        self.campaign(live.claim.campaign_id)

    def campaign(self, campaign_id: CampaignId) -> None:
        """A campaign's figures may have changed: read them soon."""
        self._stale.add(campaign_id)
        if not self._waiting:
            self._waiting = True
            self._clock.call_later(GATHER_S, self._read)

    def gone(self, campaign_id: CampaignId) -> None:
        """A draft was deleted."""
        self._hub.remove("campaign", campaign_id)

    @property
    def busy(self) -> bool:
        """Whether figures are being read right now."""
        return self._reading is not None

    def _read(self) -> None:
        self._waiting = False
        if self._reading is not None:
            return
        stale, self._stale = self._stale, set()
        self._reading = asyncio.get_running_loop().create_task(self._publish(sorted(stale)))
        self._reading.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._reading = None
        if not task.cancelled() and task.exception() is not None:
            _log.error("figures could not be read", exc_info=task.exception())
        if self._stale and not self._waiting:
            self._waiting = True
            self._clock.call_later(GATHER_S, self._read)

    async def _publish(self, ids: Sequence[CampaignId]) -> None:
        assert self._dialler is not None
        for campaign_id in ids:
            if self._dialler.campaign(campaign_id) is not None:
                await self._publish_one(campaign_id)

    async def _publish_one(self, campaign_id: CampaignId) -> None:
        try:
            campaign = await self._store.do(lambda conn: campaigns.get(conn, campaign_id))
        except StoreError as error:
            _log.warning("campaign=%s figures not read: %s", campaign_id, error)
        else:
            self._hub.publish("campaign", self._figures(campaign))

    def _figures(self, campaign: Campaign) -> Mapping[str, Any]:
        assert self._dialler is not None
        counters, settings = campaign.counters, campaign.settings
        return {
            "id": campaign.id,
            "name": settings.name,
            "state": campaign.state,
            "mode": settings.mode,
            "contacts": counters.contacts,
            "open": counters.open,
            "in_flight": counters.in_flight,
            "closed": counters.closed,
            "attempts": counters.attempts,
            "live_answers": counters.live_answers,
            "abandoned": counters.abandoned,
            "abandon_rate": round(counters.abandon_rate, 4),
            "abandon_target": settings.abandon_target,
            "dispositions": dict(counters.dispositions),
            "verdicts": dict(counters.verdicts),
            "pacing": self._dialler.pace(campaign.id),
            "agents": list(settings.agent_ids),
        }

    def _live(self, agent: Agent) -> LiveCall | None:
        if agent.attempt is None or self._switchboard is None:
            return None
        return self._switchboard.find(agent.attempt)


def _no_more(_: UserId) -> Mapping[str, Any]:
    return {}


def _row(live: LiveCall) -> Mapping[str, Any]:
    """A live call as the pages see it, its number masked."""
    verdict = live.verdict
    owed = live.call.state is CallState.ENDED and live.call.agent is not None
    agent: UserId | None = live.call.agent if live.call.agent is not None else live.reserved
    if live.first is not None:
        agent = live.first.user
    return {
        "attempt": live.uid,
        "campaign_id": live.claim.campaign_id,
        "number": mask(live.claim.number),
        "name": live.claim.name,
        "state": AgentState.WRAP_UP if owed else live.call.state,
        "since": live.since,
        "verdict": None if verdict is None else {"label": verdict.label, "confidence": verdict.confidence},
        "agent_id": agent,
        "held": live.held,
        "stage": live.parties.stage,
        "with": [party.name for party in (live.first, live.other) if party is not None],
    }
