"""The campaign clockwork: each tick asks pacing how many calls to start, claims that many contacts, places them.

In preview nothing is started: records are offered to agents instead (``dialling.preview``). Where campaigns share
agents or lines they start one call each in turn (``dialling.sharing``).

Runs on the event loop. One tick at a time; a tick happens every ``tick_s`` and soon after anything that may free an
agent. Between the claim (durable, with its permit) and the INVITE nothing is awaited, so a claimed contact is either
dialled or, if the process dies in that moment, found as ``intent`` at the next start. What may be dialled is
``compliance``'s word, how many ``pacing``'s, in what order the store's.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from firmware.calls.desks import Desks
from firmware.calls.switchboard import Switchboard
from firmware.clock import Clock, Timer
from firmware.compliance import term
from firmware.compliance.in_force import tightened
from firmware.compliance.judge import judge
from firmware.dialling.lines import Lines
from firmware.dialling.messages import Messages
from firmware.dialling.offer import shows_records
from firmware.dialling.pacers import Pacers
from firmware.dialling.preview import Preview
from firmware.dialling.promises import Promises
from firmware.dialling.sharing import Sharing, rivals
from firmware.model import CampaignId, CampaignState, DiallingMode, PreviewOffer
from firmware.pacing import agentless, power, progressive
from firmware.pacing.predictive import Situation
from firmware.pacing.progressive import PacingAnswer, PacingInput
from firmware.speech import Speech
from firmware.store import campaigns, claims, pacing_log
from firmware.store.campaigns import Campaign
from firmware.store.store import Store, StoreError
from firmware.trunks.base import Media

_log = logging.getLogger(__name__)

SOON_S = 0.02
"""Events that free an agent come in bursts; one tick serves them all."""
MOST_TURNS = 60
"""Calls that campaigns in competition may start in one tick, one at a time."""
KEPT_S = 30 * 86400.0
PRUNE_S = 3600.0
"""Decisions older than ``KEPT_S`` are forgotten, a portion at a time."""
_STARTED = (CampaignState.RUNNING, CampaignState.PAUSED)


@dataclass(slots=True)
class _Pace:
    """What the last tick decided for a campaign, for the pages and the journal."""

    starts: int = 0
    reason: str = ""
    figures: Mapping[str, float] = field(default_factory=dict)
    next_due_at: float | None = None


class Dialler:
    """Starts the calls of every running campaign."""

    def __init__(
        self,
        clock: Clock,
        store: Store,
        desks: Desks,
        switchboard: Switchboard,
        lines: Lines,
        tick_s: float,
        media: Media,
        speech: Speech,
        changed: Callable[[CampaignId], None],
    ) -> None:
        self._clock = clock
        self._store = store
        self._desks = desks
        self._switchboard = switchboard
        self._lines = lines
        self._tick_s = tick_s
        self._changed = changed
        self._campaigns: dict[CampaignId, Campaign] = {}
        self._paces: dict[CampaignId, _Pace] = {}
        self._timer: Timer | None = None
        self._ticking: asyncio.Task[None] | None = None
        self._again = False
        self._stopped = True
        self._pruned_s = 0.0
        self.sharing = Sharing(desks, switchboard)
        self.preview = Preview(clock, store, desks, switchboard, lines, self.sharing, self.campaign)
        self.promises = Promises(clock, store, desks, lines, self.sharing, self.preview, self.campaign)
        self.messages = Messages(clock, store, switchboard, media, speech)
        self.pacers = Pacers(clock, store, desks, switchboard)

    # -- wiring ----------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Load the campaigns and begin to tick."""
        self._stopped = False
        await self.reload()
        self._schedule(0.0)

    async def stop(self) -> None:
        """Place no further call."""
        self._stopped = True
        if self._timer is not None:
            self._timer.cancel()
        if self._ticking is not None:
            await self._ticking
        await self.preview.stop()
        await self.pacers.stop()

    async def reload(self) -> None:
        """Take over the campaigns as the store has them (after somebody changed one)."""
        stored = await self._store.do(campaigns.every)
        rows = [replace(row, settings=tightened(row.settings)) for row in stored]
        self._campaigns = {row.id: row for row in rows}
        await self.preview.review()
        await self.pacers.review([row for row in rows if row.state is CampaignState.RUNNING])
        self.soon()

    def soon(self) -> None:
        """Something changed that may allow a call: tick shortly."""
        if not self._stopped:
            self._again = True
            if self._ticking is None:
                self._schedule(SOON_S)

    def pace(self, campaign_id: CampaignId) -> Mapping[str, Any]:
        """The last decision for a campaign: ``starts``, ``reason``, ``figures``, ``next_due_at``."""
        pace = self._paces.get(campaign_id, _Pace())
        return {
            "starts": pace.starts,
            "reason": pace.reason,
            "figures": dict(pace.figures),
            "next_due_at": pace.next_due_at,
        }

    def campaign(self, campaign_id: CampaignId) -> Campaign | None:
        """A campaign as last loaded."""
        return self._campaigns.get(campaign_id)

    def known(self) -> list[Campaign]:
        """Every campaign as last loaded."""
        return list(self._campaigns.values())

    @property
    def busy(self) -> bool:
        """Whether a tick is under way, or something about a record on offer."""
        return self._ticking is not None or self.preview.busy or self.messages.busy

    # -- ticking ---------------------------------------------------------------------------------------------

    def _schedule(self, delay_s: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._clock.call_later(delay_s, self._begin)

    def _begin(self) -> None:
        if self._stopped or self._ticking is not None:
            return
        self._again = False
        self._ticking = asyncio.get_running_loop().create_task(self._tick())
        self._ticking.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._ticking = None
        if not task.cancelled() and task.exception() is not None:
            _log.error("tick failed", exc_info=task.exception())
        if not self._stopped:
            self._schedule(SOON_S if self._again else self._tick_s)

    async def _tick(self) -> None:
        await self._end_terms()
        running = [c for c in self._campaigns.values() if c.state is CampaignState.RUNNING]
        try:
            await self.promises.look()
        except StoreError as error:
            _log.warning("promised callbacks were not looked at: %s", error)
        waiting, turns = list(running), 0
        while waiting:
            campaign = self.sharing.order(waiting)[0]
            most = 1 if rivals(campaign, running) else MOST_TURNS
            started = await self._turn(campaign, most)
            turns += 1
            if not started or most > 1 or turns >= MOST_TURNS:
                waiting.remove(campaign)
        self._prune()

    async def _end_terms(self) -> None:
        """Stop the campaigns whose last day is over. A clock that is not known good ends nothing."""
        now = self._clock.utc()
        over = [c for c in self._campaigns.values() if c.state in _STARTED and term.is_over(c.settings, now)]
        if not over or self._lines.forbidden():
            return
        try:
            ended = [
                c.id
                for c in over
                if await self._store.do(
                    partial(campaigns.end_term, campaign=c.id, now=now, over=term.is_over)
                )
            ]
            await self.reload()
        except StoreError as error:
            _log.warning("campaigns whose last day is over were not ended: %s", error)
            return
        for campaign_id in ended:
            _log.info("campaign=%s ended: its last day is over", campaign_id)
            self._changed(campaign_id)

    async def _turn(self, campaign: Campaign, most: int) -> int:
        """Let one campaign start at most so many calls; returns how many it did."""
        try:
            await self.pacers.look_after(campaign.id)
            started = await self._advance(campaign, most)
        except StoreError as error:
            _log.warning("campaign=%s not advanced: %s", campaign.id, error)
            return 0
        self.sharing.had(campaign, started)
        return started

    async def _advance(self, campaign: Campaign, most: int) -> int:
        if obstacle := self._lines.obstacle(campaign.settings.trunk):
            self._decide(campaign.id, _Pace(0, obstacle))
            return 0
        if waits := term.refusal(campaign.settings, self._clock.utc()):
            self._decide(campaign.id, _Pace(0, waits.rule, next_due_at=waits.until))
            return 0
        promised = await self.promises.serve(campaign, most)
        if promised >= most:
            return promised
        if campaign.settings.mode is DiallingMode.PREVIEW:
            return promised + await self._offer(campaign, most - promised)
        return promised + await self._start(campaign, most - promised)

    async def _offer(self, campaign: Campaign, most: int) -> int:
        """Give records to the agents who wait for one; nobody is taken from a call that is on its way."""
        settings = campaign.settings
        ready, spare, offered = len(self._desks.available(settings.agent_ids)), 0, 0
        reason = "agents_fetch"
        if settings.preview_offer is PreviewOffer.PUSH:
            spare = self.sharing.spare(settings.agent_ids)
            offered = await self.preview.push(campaign, min(spare, most), self.promises.held)
            held = "nobody_ready" if not ready else "nobody_due" if spare else "enough_calls"
            reason = "record_for_ready_agent" if offered else held
        self._decide(campaign.id, _Pace(0, reason, {"ready": ready, "spare": spare, "offered": offered}))
        await self._finish_if_done(campaign)
        return offered

    async def _start(self, campaign: Campaign, most: int) -> int:
        """Start as many calls as pacing says, and let ring no longer whose answer would meet nobody."""
        for live in self.pacers.hopeless(campaign.id):
            self._switchboard.give_up(live)
        settings = campaign.settings
        if shows_records(settings) and settings.preview_offer is PreviewOffer.PUSH:
            spare = self.sharing.spare(settings.agent_ids)
            if offered := await self.preview.push(campaign, min(spare, most), self.promises.held):
                return offered
        answer = self._ask(campaign)
        count = min(answer.starts, most)
        pace = _Pace(count, answer.reason, answer.figures, self._pace_of(campaign).next_due_at)
        if count > 0:
            await self._claim_and_place(campaign, count, pace)
        else:
            await self._finish_if_done(campaign)
        self._decide(campaign.id, pace)
        return pace.starts

    def _ask(self, campaign: Campaign) -> PacingAnswer:
        """What the campaign's mode says."""
        settings = campaign.settings
        answer: PacingAnswer | None = None
        if settings.mode is DiallingMode.PREDICTIVE:
            answer = self.pacers.decide(campaign.id, self._outlook(campaign))
        elif not settings.meets_agents:
            return agentless.starts(self._lines.free(campaign.id, settings), self._lines.budget())
        elif settings.mode is DiallingMode.POWER:
            answer = power.starts(self._situation(campaign), settings.lines_per_agent)
        return answer or progressive.starts(self._situation(campaign))

    async def _claim_and_place(self, campaign: Campaign, count: int, pace: _Pace) -> None:
        now = self._clock.utc()
        settings = campaign.settings
        claimed = await self._store.do(
            lambda conn: claims.claim_due(conn, campaign, now, count, lambda c: judge(c, settings, now))
        )
        pace.next_due_at = claimed.next_due_at
        pace.starts = len(claimed.claims)
        for claim in claimed.claims:
            self._lines.spend()
            self._switchboard.place(claim, settings)
        if not claimed.claims:
            pace.reason = "nobody_due"
            await self._finish_if_done(campaign)

    async def _finish_if_done(self, campaign: Campaign) -> None:
        """Close a campaign whose every contact is closed."""
        if self._in_flight(campaign.id):
            return
        counters = await self._store.do(lambda conn: campaigns.counters(conn, campaign.id))
        if counters.open or counters.in_flight:
            return
        now = self._clock.utc()
        await self._store.do(lambda conn: campaigns.set_state(conn, campaign.id, CampaignState.FINISHED, now))
        _log.info("campaign=%s running → finished", campaign.id)
        await self.reload()
        self._changed(campaign.id)

    # -- what pacing needs to know ---------------------------------------------------------------------------------

    def _situation(self, campaign: Campaign) -> PacingInput:
        settings = campaign.settings
        team = frozenset(settings.agent_ids)
        return PacingInput(
            ready=len(self._desks.available(team - self.promises.held)),
            calls_without_agent=self.sharing.calls_without_agent(team),
            lines_free=self._lines.free(campaign.id, settings),
            call_budget=self._lines.budget(),
        )

    def _outlook(self, campaign: Campaign) -> Situation:
        settings = campaign.settings
        return Situation(
            lines_free=self._lines.free(campaign.id, settings),
            call_budget=self._lines.budget(),
            calls_elsewhere=self.sharing.calls_without_agent(settings.agent_ids, but=campaign.id),
            callbacks_due=self.promises.held,
        )

    def _in_flight(self, campaign_id: CampaignId) -> int:
        return sum(1 for live in self._switchboard.live() if live.claim.campaign_id == campaign_id)

    def _pace_of(self, campaign: Campaign) -> _Pace:
        return self._paces.get(campaign.id, _Pace())

    def _decide(self, campaign_id: CampaignId, pace: _Pace) -> None:
        """Keep and journal a decision: every one that starts calls, and every new reason for starting none."""
        before = self._paces.get(campaign_id)
        self._paces[campaign_id] = pace
        same = before is not None and before.reason == pace.reason
        if same and (before is None or dict(before.figures) != dict(pace.figures)):
            self._changed(campaign_id)
        if same and not pace.starts:
            return
        now = self._clock.utc()
        _log.info("campaign=%s starts %d: %s %s", campaign_id, pace.starts, pace.reason, _brief(pace.figures))
        self._store.post(
            lambda conn: pacing_log.note(conn, campaign_id, now, pace.starts, pace.reason, pace.figures)
        )
        self._changed(campaign_id)

    def _prune(self) -> None:
        now_s = self._clock.monotonic()
        if now_s - self._pruned_s >= PRUNE_S:
            self._pruned_s = now_s
            before = self._clock.utc() - KEPT_S
            self._store.post(lambda conn: pacing_log.prune(conn, before))


def _brief(figures: Mapping[str, float]) -> str:
    return " ".join(f"{name}={value:.3g}" for name, value in figures.items())
