"""Records offered to agents before they are dialled: preview by pull and by push, and numbers typed by hand.

An agent who has a record is reserved and gets no other call. What is on offer is durable, so that nobody else takes
it; whatever ends an offer other than dialling puts the record back. The permit belongs to the moment of dialling: an
offer promises nothing, and a refusal then is said to the agent in words. Runs on the event loop. What may be dialled
is ``compliance``'s word; what becomes of the call the switchboard's. Longer than other files, because everything that
can happen to an offer shares its few states, and reading them apart would hide what excludes what.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Coroutine
from dataclasses import replace
from typing import Any

from firmware.callbacks.promise import Promise
from firmware.callbacks.rules import without_own_limits
from firmware.calls.desks import Desks
from firmware.calls.switchboard import Switchboard
from firmware.clock import Clock
from firmware.compliance.judge import judge
from firmware.compliance.numbers import normalise, zones_of
from firmware.dialling.lines import Lines
from firmware.dialling.offer import Offer, Step, Told, cancel, dials_by_hand, fetches, shows_records
from firmware.dialling.sharing import Sharing
from firmware.dialling.texts import refuse, refused
from firmware.model import (
    AgentState,
    CampaignId,
    CampaignState,
    Claim,
    ContactId,
    OperatorError,
    Refusal,
    UserId,
)
from firmware.store import claims, offers
from firmware.store.campaigns import Campaign
from firmware.store.offers import Outcome
from firmware.store.store import Store, StoreError

_log = logging.getLogger(__name__)

REST_S = 300.0
"""A record an agent rejected is not offered to the same agent again before this; others get it at once."""
ASK_AGAIN_S = 2.0
"""Where nothing was due for an agent, nobody looks again before this."""
PAGE_GONE_S = 12.0
"""An agent's page asks for the desk every few seconds while a record is on it; one that was not seen for so long is
closed, and the box does not dial for somebody who may have left."""


class Preview:
    """All records on offer. Implements the desks' ``Keeper``."""

    def __init__(
        self,
        clock: Clock,
        store: Store,
        desks: Desks,
        switchboard: Switchboard,
        lines: Lines,
        sharing: Sharing,
        campaign: Callable[[CampaignId], Campaign | None],
    ) -> None:
        self._clock = clock
        self._store = store
        self._desks = desks
        self._switchboard = switchboard
        self._lines = lines
        self._sharing = sharing
        self._campaign = campaign
        self._offers: dict[UserId, Offer] = {}
        self._asking: set[UserId] = set()
        self._resting: dict[tuple[UserId, ContactId], float] = {}
        self._nothing: dict[tuple[UserId, CampaignId], float] = {}
        self._told: dict[UserId, Told] = {}
        self._seen_s: dict[UserId, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._promised: dict[CampaignId, tuple[Campaign, Campaign]] = {}
        self.first: Callable[[UserId], Awaitable[bool]] | None = None
        """Whether something was due for the agent before all ordinary records, and is on the desk now."""
        desks.keeper = self

    # -- looking ---------------------------------------------------------------------------------------------

    def of(self, user: UserId) -> Offer | None:
        """The record on an agent's desk."""
        return self._offers.get(user)

    def told(self, user: UserId) -> Told | None:
        """What became of the last record without the agent's doing; None once a new one is there."""
        return self._told.get(user)

    def seen(self, user: UserId) -> None:
        """The agent's page is open and asked for the desk."""
        self._seen_s[user] = self._clock.monotonic()

    @property
    def busy(self) -> bool:
        """Whether something is under way but time."""
        return bool(self._tasks)

    # -- offering --------------------------------------------------------------------------------------------

    async def push(self, campaign: Campaign, most: int, but: Collection[UserId] = ()) -> int:
        """Offer the next records of a campaign to at most so many ready agents; returns how many were offered.

        Agents in ``but`` are kept for something else.
        """
        offered = 0
        for user in self._desks.available(campaign.settings.agent_ids):
            if user in but:
                continue
            if offered < most and self._clock.monotonic() >= self._nothing.get((user, campaign.id), 0.0):
                offered += await self._offer(campaign, user)
        return offered

    async def pull(self, user: UserId, wanted: CampaignId | None, campaigns: list[Campaign]) -> None:
        """Fetch the next record for an agent, from ``wanted`` or from any of the campaigns that let agents fetch.

        :raises OperatorError: the agent is not ready, or nothing is due.
        """
        if user in self._offers or user in self._asking:
            return
        if self._desks.agent(user).state is not AgentState.READY:
            raise refuse("state", "not_ready")
        if self._sharing.spoken_for(user):
            raise refuse("state", "call_on_the_way")
        if self.first is not None and await self.first(user):
            return
        mine = [c for c in campaigns if fetches(c, user) and wanted in (None, c.id)]
        for campaign in mine:
            if obstacle := self._lines.obstacle(campaign.settings.trunk):
                raise refuse("campaign_id", "cannot_dial", reason=obstacle)
            if await self._offer(campaign, user):
                return
        raise refuse("campaign_id", "nothing_due")

    async def _offer(self, campaign: Campaign, user: UserId) -> bool:
        """Keep the next record for an agent and put it on the desk, if the agent is still there to have it."""
        if user in self._offers or user in self._asking:
            return False
        now, settings = self._clock.utc(), campaign.settings
        self._asking.add(user)
        try:
            candidate = await self._store.do(
                lambda conn: offers.offer_next(
                    conn, campaign, user, now, lambda c: judge(c, settings, now), self._passed(user)
                )
            )
            if candidate is None:
                self._nothing[user, campaign.id] = self._clock.monotonic() + ASK_AGAIN_S
                return False
            return await self._put(Offer(user, campaign, candidate, self._clock.utc()))
        finally:
            self._asking.discard(user)

    async def offer_promise(
        self, campaign: Campaign, user: UserId, promise: Promise, *, at_once: bool
    ) -> bool:
        """Put the contact of a promised callback on an agent's desk, and dial it ``at_once`` or let him look at it.

        False where it is not to be called any more, not allowed now, or the agent cannot have it.
        """
        if user in self._offers or user in self._asking:
            return False
        now, judged = self._clock.utc(), self.promised(campaign)
        self._asking.add(user)
        try:
            candidate = await self._store.do(
                lambda conn: offers.offer_promise(
                    conn, judged, user, promise.id, now, lambda c: judge(c, judged.settings, now)
                )
            )
            if candidate is None:
                return False
            offer = Offer(user, campaign, candidate, now, promise=promise)
            if not await self._put(offer):
                return False
        finally:
            self._asking.discard(user)
        if at_once and offer.step is Step.OFFERED:
            await self._begin(offer)
        return True

    def promised(self, campaign: Campaign) -> Campaign:
        """The campaign as its promised calls are judged: without its own gap and numbers of attempts."""
        known = self._promised.get(campaign.id)
        if known is None or known[0].settings is not campaign.settings:
            # Kept, because rules are worked out once per settings object.
            known = (campaign, replace(campaign, settings=without_own_limits(campaign.settings)))
            self._promised[campaign.id] = known
        return known[1]

    def rests(self, user: UserId, contact: ContactId) -> bool:
        """Whether the agent has given the contact's record back a moment ago."""
        return self._resting.get((user, contact), 0.0) > self._clock.monotonic()

    async def _put(self, offer: Offer) -> bool:
        """Put a kept record on the desk; given back where that is not possible any more."""
        user, settings = offer.user_id, offer.campaign.settings
        if not self._fits(offer) or not self._desks.take(user):
            await self._write_end(offer.contact_id, Outcome.WITHDRAWN)
            return False
        if not offer.by_hand:
            offer.ends_at = offer.since + settings.preview_limit_s
            if settings.preview_countdown_s:
                offer.dials_at = offer.since + settings.preview_countdown_s
        self._offers[user] = offer
        self._told.pop(user, None)
        self.seen(user)
        self._arm(offer)
        _log.info("agent=%s campaign=%s contact=%s offered", user, offer.campaign.id, offer.contact_id)
        self._desks.refresh(user)
        return True

    def _fits(self, offer: Offer) -> bool:
        """Whether the campaign still wants this agent to have this record."""
        campaign = self._campaign(offer.campaign.id)
        if campaign is None or campaign.state is not CampaignState.RUNNING:
            return False
        settings = campaign.settings
        wanted = settings.manual_dialling if offer.by_hand else shows_records(settings)
        wanted = wanted or offer.promise is not None
        return wanted and offer.user_id in settings.agent_ids

    def _passed(self, user: UserId) -> frozenset[ContactId]:
        now_s = self._clock.monotonic()
        self._resting = {key: until for key, until in self._resting.items() if until > now_s}
        return frozenset(contact for agent, contact in self._resting if agent == user)

    # -- what the agent does ---------------------------------------------------------------------------------

    async def dial(self, user: UserId) -> None:
        """Dial the record on the desk; a second time changes nothing.

        :raises OperatorError: there is none, no line can be had (the record stays), or the rules refuse the call.
        """
        offer = self._need(user)
        if offer.step is not Step.OFFERED:
            return
        self._check_lines(offer.campaign)
        answer = await self._begin(offer)
        if isinstance(answer, Refusal):
            raise refused(answer)

    async def dial_number(self, user: UserId, campaign: Campaign | None, text: str) -> None:
        """Dial a number the agent typed, as a call of ``campaign``.

        :raises OperatorError: agent or campaign are not in the state for it, it is no number, or the rules refuse.
        """
        if campaign is None or not dials_by_hand(campaign, user):
            raise refuse("campaign_id", "no_manual_dialling")
        if user in self._offers or user in self._asking:
            raise refuse("state", "record_on_desk")
        if self._desks.agent(user).state not in (AgentState.READY, AgentState.PAUSED):
            raise refuse("state", "not_ready")
        if self._desks.agent(user).state is AgentState.READY and self._sharing.spoken_for(user):
            raise refuse("state", "call_on_the_way")
        number = normalise(text, campaign.settings.country)
        if not isinstance(number, str):
            raise OperatorError(number)
        self._check_lines(campaign)
        await self._keep_number(user, campaign, number)
        await self.dial(user)

    async def _keep_number(self, user: UserId, campaign: Campaign, number: str) -> None:
        now, settings = self._clock.utc(), campaign.settings
        self._asking.add(user)
        try:
            kept = await self._store.do(
                lambda conn: offers.offer_number(
                    conn, campaign, user, number, zones_of(number), now, lambda c: judge(c, settings, now)
                )
            )
            if isinstance(kept, Refusal):
                raise refused(kept)
            if not await self._put(Offer(user, campaign, kept, now, by_hand=True)):
                raise refuse("state", "not_ready")
        finally:
            self._asking.discard(user)

    async def skip(self, user: UserId, reason: str) -> None:
        """Leave the record for later. :raises OperatorError: there is none, or the campaign does not allow it."""
        offer = self._need(user)
        settings = offer.campaign.settings
        if not settings.preview_skip or offer.by_hand:
            raise refuse("campaign_id", "skip_not_allowed")
        await self._end(offer, Outcome.SKIPPED, reason, self._clock.utc() + settings.skip_delay_s)

    async def reject(self, user: UserId) -> None:
        """Put the record back on top of the list, for somebody else. :raises OperatorError: there is none."""
        offer = self._need(user)
        self._resting[user, offer.contact_id] = self._clock.monotonic() + REST_S
        await self._end(offer, Outcome.REJECTED)

    async def wait(self, user: UserId) -> None:
        """Stop the countdown: the agent needs longer. :raises OperatorError: there is no record."""
        offer = self._need(user)
        if offer.step is Step.OFFERED and not offer.by_hand:
            offer.dials_at = None
            offer.ends_at = self._clock.utc() + offer.campaign.settings.preview_limit_s
            self._arm(offer)
            self._desks.refresh(user)

    async def leave(self, user: UserId) -> None:
        """The agent logs out: a record that is not dialled yet goes back."""
        offer = self._offers.get(user)
        if offer is not None and offer.step in (Step.OFFERED, Step.OPENING):
            await self._end(offer, Outcome.WITHDRAWN, "logged_out")

    def _need(self, user: UserId) -> Offer:
        offer = self._offers.get(user)
        if offer is None:
            raise refuse("user_id", "no_record")
        return offer

    def _check_lines(self, campaign: Campaign) -> None:
        if obstacle := self._lines.obstacle(campaign.settings.trunk):
            raise refuse("campaign_id", "cannot_dial", reason=obstacle)
        if not self._lines.free(campaign.id, campaign.settings):
            raise refuse("campaign_id", "cannot_dial", reason="no_lines")

    # -- what happens ----------------------------------------------------------------------------------------

    def phone_opened(self, agent: UserId) -> None:
        """The telephone of an agent who dialled is open: now the call."""
        offer = self._offers.get(agent)
        if offer is not None and offer.step is Step.OPENING:
            self._later(self._place(offer))

    def phone_lost(self, agent: UserId) -> None:
        """An agent's telephone is gone, and with it the record."""
        offer = self._offers.get(agent)
        if offer is not None and offer.step in (Step.OFFERED, Step.OPENING):
            self._later(self._give_back(offer, Outcome.WITHDRAWN, "phone_lost"))

    async def review(self) -> None:
        """Campaigns changed: take back what no longer fits."""
        self._nothing.clear()
        for offer in list(self._offers.values()):
            if offer.step in (Step.OFFERED, Step.OPENING) and not self._fits(offer):
                await self._give_back(offer, Outcome.WITHDRAWN, "withdrawn")

    async def stop(self) -> None:
        """Take every record back."""
        for offer in list(self._offers.values()):
            cancel(offer.timer)
        if self._tasks:
            await asyncio.wait(self._tasks)
        self._offers.clear()
        now = self._clock.utc()
        try:
            await self._store.do(lambda conn: offers.clear(conn, now))
        except StoreError as error:
            _log.error("records on offer are taken back at the next start: %s", error)

    def _arm(self, offer: Offer) -> None:
        """Wait for the countdown or the limit, whichever comes first."""
        cancel(offer.timer)
        moments = [at for at in (offer.dials_at, offer.ends_at) if at is not None]
        if moments:
            delay_s = max(0.0, min(moments) - self._clock.utc())
            offer.timer = self._clock.call_later(delay_s, lambda: self._later(self._time_is_up(offer)))

    async def _time_is_up(self, offer: Offer) -> None:
        if self._offers.get(offer.user_id) is not offer or offer.step is not Step.OFFERED:
            return
        countdown = offer.dials_at is not None and offer.dials_at <= (offer.ends_at or offer.dials_at)
        if not countdown:
            await self._give_back(offer, Outcome.MISSED, "missed")
        elif self._clock.monotonic() - self._seen_s.get(offer.user_id, 0.0) > PAGE_GONE_S:
            await self._give_back(offer, Outcome.MISSED, "page_gone")
        else:
            await self._dial_by_itself(offer)

    async def _dial_by_itself(self, offer: Offer) -> None:
        try:
            self._check_lines(offer.campaign)
        except OperatorError:
            offer.dials_at = (
                None  # the record stays; the agent dials once there is a line, or the limit passes
            )
            self._arm(offer)
            self._desks.refresh(offer.user_id)
        else:
            await self._begin(offer)

    async def _begin(self, offer: Offer) -> Refusal | None:
        cancel(offer.timer)
        offer.step = Step.OPENING
        if self._desks.open_phone(offer.user_id):
            return await self._place(offer)
        self._desks.refresh(offer.user_id)
        return None

    async def _place(self, offer: Offer) -> Refusal | None:
        """Ask for the permit, and with it place the call; nothing is awaited between the two."""
        offer.step = Step.DIALLING
        offer.campaign = self._campaign(offer.campaign.id) or offer.campaign  # as it is now, not when offered
        now, campaign, user = self._clock.utc(), offer.campaign, offer.user_id
        promised = offer.promise is not None
        judged = self.promised(campaign) if promised else campaign
        try:
            answer = await self._store.do(
                lambda conn: offers.dial(
                    conn,
                    judged,
                    user,
                    offer.contact_id,
                    now,
                    lambda c: judge(c, judged.settings, now),
                    promised=promised,
                )
            )
        except StoreError:
            offer.step = Step.OFFERED
            self._arm(offer)
            raise
        self._offers.pop(user, None)
        if isinstance(answer, Refusal):
            self._tell(offer, "refused", answer)
            self._desks.release(user)
            return answer
        await self._place_claim(offer, answer)
        return None

    async def _place_claim(self, offer: Offer, claim: Claim) -> None:
        agent = self._desks.agent(offer.user_id)
        if agent.state is not AgentState.RESERVED or not self._desks.phone_open(offer.user_id):
            now = self._clock.utc()
            self._tell(offer, "phone_lost")
            await self._store.do(lambda conn: claims.requeue(conn, claim.attempt_uid, now))
            return
        self._lines.spend()
        self._switchboard.place(claim, offer.campaign.settings, offer.user_id)

    # -- ending ----------------------------------------------------------------------------------------------

    async def _give_back(self, offer: Offer, outcome: Outcome, key: str) -> None:
        """End an offer that the agent did nothing about; who missed one is paused, so that the next does not wait."""
        agent = self._desks.agent(offer.user_id)
        if outcome is Outcome.MISSED and agent.state is AgentState.RESERVED:
            self._desks.pause(offer.user_id, f"offer_{key}")
        await self._end(offer, outcome, key)
        self._tell(offer, key)

    async def _end(
        self, offer: Offer, outcome: Outcome, reason: str = "", next_at: float | None = None
    ) -> None:
        """Write the end of an offer, then let the agent go; nothing where it is over already, or being dialled."""
        if offer.step in (Step.DIALLING, Step.ENDING) or self._offers.get(offer.user_id) is not offer:
            return
        before, offer.step = offer.step, Step.ENDING
        cancel(offer.timer)
        try:
            await self._write_end(offer.contact_id, outcome, reason, next_at)
        except StoreError:
            offer.step = before
            offer.timer = self._clock.call_later(
                ASK_AGAIN_S, lambda: self._later(self._end(offer, outcome, reason, next_at))
            )
            raise
        if self._offers.get(offer.user_id) is offer:
            del self._offers[offer.user_id]
        _log.info("agent=%s contact=%s offer → %s %s", offer.user_id, offer.contact_id, outcome, reason)
        self._desks.release(offer.user_id)
        self._desks.refresh(offer.user_id)

    async def _write_end(
        self, contact: ContactId, outcome: Outcome, reason: str = "", next_at: float | None = None
    ) -> None:
        now = self._clock.utc()
        await self._store.do(lambda conn: offers.end(conn, contact, outcome, now, reason, next_at))

    def _tell(self, offer: Offer, key: str, refusal: Refusal | None = None) -> None:
        rule, until = ("", None) if refusal is None else (refusal.rule, refusal.until)
        name = offer.candidate.name or offer.candidate.number
        self._told[offer.user_id] = Told(key, self._clock.utc(), name, rule, until)
        self._desks.refresh(offer.user_id)

    def _later(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.get_running_loop().create_task(_quietly(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _quietly(work: Coroutine[Any, Any, object]) -> None:
    """Run what no agent asked for: a disk that refuses is said in the journal, and tried again."""
    try:
        await work
    except (StoreError, OperatorError) as error:
        _log.warning("a record on offer: %s", error)
