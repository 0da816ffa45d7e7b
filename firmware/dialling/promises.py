"""Promised callbacks, put before their agents at their time, and passed on where nobody is there to keep them.

Each tick looks at the ledger (``store.callbacks``): what is due, whose it is (``callbacks.rules``), and whether the law
allows it now. A promised call is one to one: its agent is reserved before it is dialled, as for a record on the desk
(``preview``), so nobody who was promised a call can be abandoned. In preview the agent sees the record first; in every
other mode the box dials at once. Nothing is kept here that the store does not know: a restart forgets nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from firmware.callbacks import rules as pure
from firmware.callbacks.promise import CallbackRules, Promise, PromiseKind
from firmware.calls.desks import Desks
from firmware.clock import Clock
from firmware.compliance.judge import judge
from firmware.dialling.lines import Lines
from firmware.dialling.preview import Preview
from firmware.dialling.sharing import Sharing
from firmware.model import AgentState, CampaignId, CampaignState, DiallingMode, Refusal, UserId
from firmware.store import callbacks
from firmware.store.campaigns import Campaign
from firmware.store.store import Store

_log = logging.getLogger(__name__)

AHEAD_S = 30.0
"""An agent is kept free for a promised call from so long before it: as long as a call begun now may ring."""
LOOK_S = 2.0
"""Nobody notices if a promised call begins so much later; every tick would ask the store for nothing."""
_AT_WORK = (AgentState.READY, AgentState.RESERVED, AgentState.TALKING, AgentState.WRAP_UP)


class Promises:
    """What is promised for now, and to whom it goes."""

    def __init__(
        self,
        clock: Clock,
        store: Store,
        desks: Desks,
        lines: Lines,
        sharing: Sharing,
        preview: Preview,
        campaign: Callable[[CampaignId], Campaign | None],
    ) -> None:
        self._clock = clock
        self._store = store
        self._desks = desks
        self._lines = lines
        self._sharing = sharing
        self._preview = preview
        self._campaign = campaign
        self._due: dict[CampaignId, list[Promise]] = {}
        self._asked: set[tuple[int, int]] = set()
        self._looked_s = -LOOK_S
        self.held: frozenset[UserId] = frozenset()
        """Agents for whom a promised call is due, or will be in a moment: they get no other call."""
        self.late = 0
        """Open promises whose time and grace are over without a call."""
        preview.first = self.serve_agent

    # -- looking ---------------------------------------------------------------------------------------------

    async def look(self) -> None:
        """See what is due; pass on what its owner cannot keep, and let the law move what it forbids now."""
        now, now_s = self._clock.utc(), self._clock.monotonic()
        if now_s - self._looked_s < LOOK_S:
            return
        self._looked_s = now_s
        found, rules, late = await self._store.do(
            lambda conn: (
                callbacks.agenda(conn, now + AHEAD_S),
                callbacks.rules_in_force(conn),
                callbacks.late(conn, now),
            )
        )
        self._tell_late(late)
        due: dict[CampaignId, list[Promise]] = {}
        for promise in found:
            campaign = self._campaign(promise.campaign_id)
            if campaign is None or campaign.state is not CampaignState.RUNNING:
                continue
            rightful = await self._rightful(promise, campaign, now, rules)
            if self._lines.obstacle(campaign.settings.trunk) or await self._forbidden(
                rightful, campaign, now
            ):
                continue
            due.setdefault(campaign.id, []).append(rightful)
        self._due = due
        self._asked &= {(each.id, each.version) for promises in due.values() for each in promises}
        self.held = self._keep_free()

    async def _rightful(
        self, promise: Promise, campaign: Campaign, now: float, rules: CallbackRules
    ) -> Promise:
        """The promise, or the one that takes its place with the team where its owner cannot keep it."""
        owner = self._owner(promise, campaign)
        _, cause = pure.whose(promise, owner, now, rules)
        if cause is None:
            return promise
        _log.info("promise=%d owner=%s → team (%s)", promise.id, promise.owner, cause)
        return await self._store.do(
            lambda conn: callbacks.get(
                conn, callbacks.pass_on(conn, callbacks.get(conn, promise.id), None, now, None, cause)
            )
        )

    def _owner(self, promise: Promise, campaign: Campaign) -> pure.Owner | None:
        if promise.owner is None:
            return None
        agent = next((each for each in self._desks.agents() if each.user_id == promise.owner), None)
        member = promise.owner in campaign.settings.agent_ids
        if agent is None:
            return pure.Owner(None, 0.0, member)
        return pure.Owner(agent.state, agent.since, member)

    async def _forbidden(self, promise: Promise, campaign: Campaign, now: float) -> bool:
        """Ask the law once about every promise that is due, whether or not an agent is there: it may move it."""
        key = (promise.id, promise.version)
        if promise.due_at > now or key in self._asked:
            return False
        self._asked.add(key)
        judged = self._preview.promised(campaign)
        answer = await self._store.do(
            lambda conn: callbacks.ask_law(
                conn, judged, promise, now, lambda c: judge(c, judged.settings, now)
            )
        )
        if isinstance(answer, Refusal):
            _log.info("promise=%d not now: %s until %s", promise.id, answer.rule, answer.until)
        return isinstance(answer, Refusal)

    def _keep_free(self) -> frozenset[UserId]:
        """Whose desks are kept free: owners at work, and a ready agent for each promise of a team."""
        held: set[UserId] = set()
        for promises in self._due.values():
            held |= {p.owner for p in promises if p.owner is not None and self._can_have(p, p.owner)}
        for campaign, promises in self._due.items():
            loaded = self._campaign(campaign)
            for promise in promises:
                if promise.kind is PromiseKind.TEAM and loaded is not None:
                    ready = self._desks.available(loaded.settings.agent_ids)
                    held |= set([u for u in ready if u not in held and self._can_have(promise, u)][:1])
        return frozenset(held)

    def _can_have(self, promise: Promise, user: UserId) -> bool:
        return self._desks.state(user) in _AT_WORK and not self._preview.rests(user, promise.contact_id)

    def _tell_late(self, late: int) -> None:
        if late != self.late:
            _log.log(logging.WARNING if late > self.late else logging.INFO, "promises late: %d", late)
        self.late = late

    # -- dialling --------------------------------------------------------------------------------------------

    async def serve(self, campaign: Campaign, most: int) -> int:
        """Put at most so many due promises of a campaign before their agents; returns how many."""
        served = 0
        for promise in list(self._due.get(campaign.id, ())):
            if served >= most or not self._room(campaign):
                break
            user = self._taker(promise, campaign)
            if user is not None and await self._put(promise, campaign, user):
                served += 1
        return served

    async def serve_agent(self, user: UserId) -> bool:
        """An agent asks for a record: whether a promise was due for him, and is on his desk now."""
        for campaign_id, promises in self._due.items():
            campaign = self._campaign(campaign_id)
            for promise in list(promises):
                mine = promise.owner in (user, None) and campaign is not None
                if mine and campaign is not None and user in campaign.settings.agent_ids:
                    free = self._may_take(promise, campaign, user)
                    if free and self._room(campaign) and await self._put(promise, campaign, user):
                        return True
        return False

    async def _put(self, promise: Promise, campaign: Campaign, user: UserId) -> bool:
        put = await self._preview.offer_promise(
            campaign, user, promise, at_once=campaign.settings.mode is not DiallingMode.PREVIEW
        )
        if put:
            self._due[campaign.id] = [p for p in self._due.get(campaign.id, ()) if p.id != promise.id]
        return put

    def _room(self, campaign: Campaign) -> bool:
        return bool(self._lines.free(campaign.id, campaign.settings) and self._lines.budget())

    def _taker(self, promise: Promise, campaign: Campaign) -> UserId | None:
        """The ready agent who is to have it; for a team those who are kept free come first."""
        team = campaign.settings.agent_ids
        wanted = (promise.owner,) if promise.owner is not None else team
        ready = [u for u in self._desks.available(team) if u in wanted]
        ready.sort(key=lambda user: user not in self.held)
        return next((user for user in ready if self._may_take(promise, campaign, user)), None)

    def _may_take(self, promise: Promise, campaign: Campaign, user: UserId) -> bool:
        """Whether the agent can have it now: calls that count on him are waited for, but not for long."""
        over_s = self._clock.utc() - promise.due_at
        if over_s < 0 or self._preview.of(user) is not None or not self._can_have(promise, user):
            return False
        patience_s = campaign.settings.ring_timeout_s + campaign.settings.hold_s
        return over_s >= patience_s or not self._sharing.spoken_for(user)
