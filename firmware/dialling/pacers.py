"""Predictive pacing per campaign: fed from calls and desks, asked by the dialler, kept over restarts.

``firmware.pacing.predictive`` decides and has neither clock nor memory beyond its ``state``; here events are handed
to it, its state is written (at most every ``SAVE_S`` and at the stop of the box) and its legal window is counted from
the records, because what is counted by law is what was written down, not what somebody remembers. Runs on the event
loop. An agent who works for another campaign or looks at a record is away for this one.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from firmware.calls.agent import Agent
from firmware.calls.call import CallState
from firmware.calls.desks import Desks
from firmware.calls.switchboard import LiveCall, Switchboard
from firmware.clock import Clock
from firmware.compliance.in_force import rules_of
from firmware.compliance.rules import Rules
from firmware.model import AgentState, CampaignId, CampaignSettings, DiallingMode, Disposition
from firmware.pacing.predictive import GIVEN_UP, Predictive, PredictiveSettings, Situation
from firmware.pacing.progressive import PacingAnswer
from firmware.store import machines, pacing_state
from firmware.store.campaigns import Campaign
from firmware.store.pacing_state import WindowCounts
from firmware.store.store import Store, StoreError

_log = logging.getLogger(__name__)

SAVE_S = 30.0
"""What was learned since is lost with the power; less would wear the disk for nothing."""
RECOUNT_S = 900.0
"""How often the window is counted anew from the records, so that both never drift apart."""
DAY_S = 86400.0
MIN_RING_S = 15.0
"""US 16 CFR 310.4(b)(4)(ii), Ofcom: nobody's telephone is given up sooner, whatever a pack says."""
_LEAST_LIMIT = 1e-4
_MOST_LOST = 0.5
"""Few audits can say anything; pacing is not to divide by what is left of one."""
_WORKING = (AgentState.RESERVED, AgentState.TALKING, AgentState.WRAP_UP)
_WITHOUT_AGENT = (CallState.DIALLING, CallState.RINGING, CallState.LISTENING, CallState.WAITING)
"""From these a call can end without an agent, and does so once: what follows is told of no more."""
_OVER = (
    *(CallState.ANNOUNCING, CallState.MESSAGE, CallState.AWAITING_BEEP, CallState.LEAVING_MESSAGE),
    *(CallState.ENDING, CallState.ENDED),
)
"""No agent will be needed, or none that pacing could have known of."""
_LEAVING = (AgentState.PAUSED, AgentState.LOGGED_OUT)


@dataclass(slots=True)
class _Pacer:
    """One campaign's pacing and what is known of its keeping."""

    settings: CampaignSettings
    pacing: Predictive
    window_since: float
    counted_s: float
    saved_s: float
    changed: bool = False


class Pacers:
    """The pacing of every predictive campaign. Implements the switchboard's ``Watcher``."""

    def __init__(self, clock: Clock, store: Store, desks: Desks, switchboard: Switchboard) -> None:
        self._clock = clock
        self._store = store
        self._desks = desks
        self._switchboard = switchboard
        self._pacers: dict[CampaignId, _Pacer] = {}
        switchboard.watcher = self

    # -- keeping ---------------------------------------------------------------------------------------------

    async def review(self, campaigns: Iterable[Campaign]) -> None:
        """Campaigns changed: begin with those that are predictive now, keep what others have learned."""
        wanted = {c.id: c for c in campaigns if c.settings.mode is DiallingMode.PREDICTIVE}
        for gone in [each for each in self._pacers if each not in wanted]:
            await self._save(gone, self._pacers.pop(gone))
        for campaign in wanted.values():
            known = self._pacers.get(campaign.id)
            if known is None:
                await self._begin(campaign)
            elif known.settings != campaign.settings:
                await self._save(campaign.id, known)
                await self._begin(campaign)

    async def _begin(self, campaign: Campaign) -> None:
        now, settings = self._clock.utc(), campaign.settings
        since = window_start(settings, now)
        kept, counts, lost = await self._store.do(
            lambda conn: (
                pacing_state.load(conn, campaign.id),
                pacing_state.window_counts(conn, campaign.id, since),
                machines.false_positive_share(conn, campaign.id),
            )
        )
        pacing = Predictive(predictive_settings(settings, lost), kept)
        pacing.begin_window(counts.answers, counts.abandoned)
        now_s = self._clock.monotonic()
        self._pacers[campaign.id] = _Pacer(settings, pacing, since, now_s, now_s)
        for agent in self._desks.agents():
            self._seat(agent, campaign.id)
        for live in self._switchboard.live():
            if live.claim.campaign_id == campaign.id and live.owner is None and live.needs_agent:
                pacing.dialled(live.uid, now_s)
                self.moved(live, CallState.DIALLING)

    async def stop(self) -> None:
        """Keep what was learned."""
        for campaign, pacer in self._pacers.items():
            await self._save(campaign, pacer)

    async def look_after(self, campaign: CampaignId) -> None:
        """What is due now and then: a new legal window, a count from the records, keeping the state."""
        pacer = self._pacers.get(campaign)
        if pacer is None:
            return
        now_s, since = self._clock.monotonic(), window_start(pacer.settings, self._clock.utc())
        if _new_window(pacer.window_since, since) or now_s - pacer.counted_s >= RECOUNT_S:
            await self.recount(campaign)
        if pacer.changed and now_s - pacer.saved_s >= SAVE_S:
            await self._save(campaign, pacer)

    async def recount(self, campaign: CampaignId) -> None:
        """Count the legal window from the records."""
        pacer = self._pacers.get(campaign)
        if pacer is None:
            return
        pacer.window_since = since = window_start(pacer.settings, self._clock.utc())
        pacer.counted_s = self._clock.monotonic()
        counts: WindowCounts = await self._store.do(
            lambda conn: pacing_state.window_counts(conn, campaign, since)
        )
        pacer.pacing.begin_window(counts.answers, counts.abandoned)
        pacer.changed = True

    async def _save(self, campaign: CampaignId, pacer: _Pacer) -> None:
        """A disk that refuses costs what was learned, not the calls."""
        pacer.saved_s, pacer.changed = self._clock.monotonic(), False
        now, state = self._clock.utc(), pacer.pacing.state()
        try:
            await self._store.do(lambda conn: pacing_state.save(conn, campaign, now, state))
        except StoreError as error:
            _log.warning("campaign=%s what pacing learned was not kept: %s", campaign, error)

    # -- asking ----------------------------------------------------------------------------------------------

    def decide(self, campaign: CampaignId, situation: Situation) -> PacingAnswer | None:
        """How many calls to start now; None where nothing is kept for the campaign."""
        pacer = self._pacers.get(campaign)
        return None if pacer is None else pacer.pacing.decide(situation, self._clock.monotonic())

    def hopeless(self, campaign: CampaignId) -> list[LiveCall]:
        """Calls that have rung long enough by law and whose answer would meet nobody; told to pacing as given up."""
        pacer = self._pacers.get(campaign)
        if pacer is None:
            return []
        now_s = self._clock.monotonic()
        found = [live for live in self._switchboard.live() if live.claim.campaign_id == campaign]
        names = set(pacer.pacing.give_up(now_s))
        given_up = [live for live in found if live.uid in names]
        for live in given_up:
            pacer.pacing.failed(live.uid, now_s, GIVEN_UP)
        return given_up

    # -- calls -----------------------------------------------------------------------------------------------

    def placed(self, live: LiveCall) -> None:
        """A call is on its way."""
        pacer = self._of(live)
        if pacer is not None:
            pacer.pacing.dialled(live.uid, self._clock.monotonic())

    def moved(self, live: LiveCall, before: CallState) -> None:
        """A call's state changed."""
        pacer = self._of(live)
        if pacer is None:
            return
        now_s, pacing, call = self._clock.monotonic(), pacer.pacing, live.call
        match call.state:
            case CallState.RINGING:
                pacing.ringing(live.uid, now_s)
            case CallState.LISTENING:
                pacing.picked_up(live.uid, now_s)
            case CallState.WAITING:
                pacing.answered(live.uid, now_s)
            case CallState.BRIDGED if call.agent is not None:
                pacing.connected(live.uid, call.agent, now_s)
            case _ if call.state in _OVER and before in _WITHOUT_AGENT:
                _over(pacing, live, now_s)

    def closed_as(self, live: LiveCall, disposition: Disposition) -> None:
        """An agent says what it was: a machine that was taken for a person is none that was reached."""
        pacer = self._of(live)
        if pacer is not None and disposition is Disposition.MACHINE and live.call.agent is not None:
            pacer.pacing.machine(live.uid, self._clock.monotonic())

    # -- desks -----------------------------------------------------------------------------------------------

    def agent_changed(self, before: Agent, after: Agent) -> None:
        """An agent's state or wish changed."""
        now_s = self._clock.monotonic()
        for campaign, pacer in self._pacers.items():
            if after.user_id not in pacer.settings.agent_ids:
                continue
            pacer.changed = True
            if before.state is AgentState.TALKING and after.state is AgentState.WRAP_UP:
                pacer.pacing.talk_ended(after.user_id, now_s)
            elif before.state is AgentState.WRAP_UP and after.state is not AgentState.WRAP_UP:
                pacer.pacing.wrap_ended(after.user_id, now_s)
            self._seat(after, campaign)

    def _seat(self, agent: Agent, campaign: CampaignId) -> None:
        """Tell one campaign's pacing where the agent is now."""
        pacer = self._pacers[campaign]
        if agent.user_id not in pacer.settings.agent_ids:
            return
        now_s, pacing = self._clock.monotonic(), pacer.pacing
        if agent.state is AgentState.READY and self._desks.available((agent.user_id,)):
            pacing.agent_ready(agent.user_id, now_s)
        elif agent.state in _WORKING and self._works_for(agent, campaign):
            pacing.agent_leaving(agent.user_id, now_s if agent.then in _LEAVING else None)
        else:
            pacing.agent_away(agent.user_id, now_s)

    def _works_for(self, agent: Agent, campaign: CampaignId) -> bool:
        live = self._switchboard.find(agent.attempt) if agent.attempt is not None else None
        if live is None or agent.user_id not in (live.call.agent, live.reserved):
            return False  # asked in by a colleague: away for the campaign, whose call it is not
        return live.claim.campaign_id == campaign and live.owner is None

    def _of(self, live: LiveCall) -> _Pacer | None:
        pacer = self._pacers.get(live.claim.campaign_id)
        if pacer is not None:
            pacer.changed = True
        return pacer


def _over(pacing: Predictive, live: LiveCall, now_s: float) -> None:
    """A call ended, or will, without an agent."""
    outcome = live.call.outcome
    if outcome is Disposition.ABANDONED:
        pacing.abandoned(live.uid, now_s)
    elif outcome is Disposition.MACHINE:
        pacing.machine(live.uid, now_s)
    else:
        pacing.failed(live.uid, now_s, "" if outcome is None else outcome.value)


def predictive_settings(settings: CampaignSettings, lost: float | None = None) -> PredictiveSettings:
    """What steers a campaign: the stricter of its own target and of its rule pack; and ``lost``, the share of persons
    taken for machines by the campaign's own audits (None: not known, nothing is charged in advance)."""
    rules = _rules(settings)
    limits = [settings.abandon_target, *(rule.limit for rule in (rules.abandon if rules else ()))]
    return PredictiveSettings(
        abandon_limit=max(min(limits), _LEAST_LIMIT),
        hold_s=settings.hold_s,
        min_ring_s=max(MIN_RING_S, rules.ring_min_s if rules else 0.0),
        ring_timeout_s=settings.ring_timeout_s,
        false_positive=min(lost or 0.0, _MOST_LOST),
    )


def window_start(settings: CampaignSettings, now: float) -> float:
    """When the present legal window began (UTC seconds): the longest one of the rules, by days of the campaign's
    zone."""
    rules = _rules(settings)
    days = max((rule.window_s for rule in rules.abandon), default=DAY_S) / DAY_S if rules else 1.0
    today = datetime.fromtimestamp(now, _zone(settings.default_zone)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    return (today - timedelta(days=max(0, round(days) - 1))).timestamp()


def _rules(settings: CampaignSettings) -> Rules | None:
    """The rules in force; None for a pack that is gone: such a campaign is refused every call, but the box runs."""
    try:
        return rules_of(settings)
    except KeyError:
        return None


def _zone(name: str) -> tzinfo:
    """A zone that is gone from the tables must not stop the others' campaigns."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


def _new_window(before: float, since: float) -> bool:
    return abs(since - before) >= 1.0
