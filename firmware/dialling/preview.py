"""Records offered to agents before they are dialled: preview by pull and by push, and numbers typed by hand.

An agent who has a record is reserved and gets no other call. What is on offer is durable, so that nobody else takes
it; how it ends without a call is ``desk_records``'. The permit belongs to the moment of dialling: an
offer promises nothing, and a refusal then is said to the agent in words. Runs on the event loop. What may be dialled
is ``compliance``'s word; what becomes of the call the switchboard's; what is only remembered, and what follows from
times alone, ``desk_memory``'s.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection

from firmware.callbacks.promise import Promise
from firmware.calls.desks import Desks
from firmware.calls.switchboard import Switchboard
from firmware.clock import Clock
from firmware.compliance.judge import judge
from firmware.compliance.numbers import normalise, zones_of
from firmware.dialling.desk_memory import dials_first, fits, set_limits, wakes_at
from firmware.dialling.desk_records import DeskRecords
from firmware.dialling.lines import Lines
from firmware.dialling.offer import Offer, Step, cancel, dials_by_hand, fetches
from firmware.dialling.sharing import Sharing
from firmware.dialling.texts import refuse, refused
from firmware.model import (
    AgentState,
    CampaignId,
    Claim,
    OperatorError,
    Refusal,
    UserId,
)
from firmware.store import claims, offers
from firmware.store.campaigns import Campaign
from firmware.store.offers import Outcome
from firmware.store.store import Store, StoreError

_log = logging.getLogger(__name__)


class Preview(DeskRecords):
    """Brings records to desks and dials them. Implements the desks' ``Keeper``."""

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
        super().__init__(clock, store, desks, campaign)
        self._switchboard = switchboard
        self._lines = lines
        self._sharing = sharing
        self._asking: set[UserId] = set()
        self.first: Callable[[UserId], Awaitable[bool]] | None = None
        """Whether something was due for the agent before all ordinary records, and is on the desk now."""
        desks.keeper = self

    # -- offering -----------------------------------------------------------------------------------------------

    async def push(self, campaign: Campaign, most: int, but: Collection[UserId] = ()) -> int:
        """Offer the next records of a campaign to at most so many ready agents; returns how many were offered.

        Agents in ``but`` are kept for something else.
        """
        offered = 0
        for user in self._desks.available(campaign.settings.agent_ids):
            if user in but:
                continue
            if offered < most and self._memory.may_ask(user, campaign.id, self._clock.monotonic()):
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
        passed = self._memory.passed(user, self._clock.monotonic())
        self._asking.add(user)
        try:
            candidate = await self._store.do(
                lambda conn: offers.offer_next(
                    conn, campaign, user, now, lambda c: judge(c, settings, now), passed
                )
            )
            if candidate is None:
                self._memory.nothing_due(user, campaign.id, self._clock.monotonic())
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

    async def _put(self, offer: Offer) -> bool:
        """Put a kept record on the desk; given back where that is not possible any more."""
        user = offer.user_id
        if not fits(offer, self._campaign(offer.campaign.id)) or not self._desks.take(user):
            await self._write_end(offer.contact_id, Outcome.WITHDRAWN)
            return False
        set_limits(offer)
        self._offers[user] = offer
        self._memory.forget_told(user)
        self.seen(user)
        self._arm(offer)
        _log.info("agent=%s campaign=%s contact=%s offered", user, offer.campaign.id, offer.contact_id)
        self._desks.refresh(user)
        return True

    # -- what the agent does ------------------------------------------------------------------------------------

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
        self._memory.rest(user, offer.contact_id, self._clock.monotonic())
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

    def _check_lines(self, campaign: Campaign) -> None:
        if obstacle := self._lines.obstacle(campaign.settings.trunk):
            raise refuse("campaign_id", "cannot_dial", reason=obstacle)
        if not self._lines.free(campaign.id, campaign.settings):
            raise refuse("campaign_id", "cannot_dial", reason="no_lines")

    # -- what happens -------------------------------------------------------------------------------------------

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

    def _arm(self, offer: Offer) -> None:
        """Wait for the countdown or the limit, whichever comes first."""
        cancel(offer.timer)
        at = wakes_at(offer)
        if at is not None:
            delay_s = max(0.0, at - self._clock.utc())
            offer.timer = self._clock.call_later(delay_s, lambda: self._later(self._time_is_up(offer)))

    async def _time_is_up(self, offer: Offer) -> None:
        if self._offers.get(offer.user_id) is not offer or offer.step is not Step.OFFERED:
            return
        if not dials_first(offer):
            await self._give_back(offer, Outcome.MISSED, "missed")
        elif self._memory.page_gone(offer.user_id, self._clock.monotonic()):
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
