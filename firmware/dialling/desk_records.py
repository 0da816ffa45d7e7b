"""The records on agents' desks: which there are, what is said about them, and how each of them ends.

Whatever ends an offer other than dialling puts the record back, in the store first; only then is the agent free again.
Bringing records to desks and dialling them is ``preview``'s. Runs on the event loop.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from firmware.calls.desks import Desks
from firmware.clock import Clock
from firmware.dialling.desk_memory import ASK_AGAIN_S, DeskMemory, fits
from firmware.dialling.offer import Offer, Step, Told, cancel
from firmware.dialling.texts import refuse
from firmware.model import AgentState, CampaignId, ContactId, OperatorError, Refusal, UserId
from firmware.store import offers
from firmware.store.campaigns import Campaign
from firmware.store.offers import Outcome
from firmware.store.store import Store, StoreError

_log = logging.getLogger(__name__)


class DeskRecords:
    """All records on offer."""

    def __init__(
        self, clock: Clock, store: Store, desks: Desks, campaign: Callable[[CampaignId], Campaign | None]
    ) -> None:
        self._clock = clock
        self._store = store
        self._desks = desks
        self._campaign = campaign
        self._offers: dict[UserId, Offer] = {}
        self._memory = DeskMemory()
        self._tasks: set[asyncio.Task[None]] = set()

    # -- looking ---------------------------------------------------------------------------------------------

    def of(self, user: UserId) -> Offer | None:
        """The record on an agent's desk."""
        return self._offers.get(user)

    def told(self, user: UserId) -> Told | None:
        """What became of the last record without the agent's doing; None once a new one is there."""
        return self._memory.told(user)

    def seen(self, user: UserId) -> None:
        """The agent's page is open and asked for the desk."""
        self._memory.seen(user, self._clock.monotonic())

    @property
    def busy(self) -> bool:
        """Whether something is under way but time."""
        return bool(self._tasks)

    def promised(self, campaign: Campaign) -> Campaign:
        """The campaign as its promised calls are judged: without its own gap and numbers of attempts."""
        return self._memory.promised(campaign)

    def rests(self, user: UserId, contact: ContactId) -> bool:
        """Whether the agent has given the contact's record back a moment ago."""
        return self._memory.rests(user, contact, self._clock.monotonic())

    def _need(self, user: UserId) -> Offer:
        offer = self._offers.get(user)
        if offer is None:
            raise refuse("user_id", "no_record")
        return offer

    # -- ending ----------------------------------------------------------------------------------------------

    async def review(self) -> None:
        """Campaigns changed: take back what no longer fits."""
        self._memory.ask_everywhere()
        for offer in list(self._offers.values()):
            if offer.step in (Step.OFFERED, Step.OPENING) and not fits(
                offer, self._campaign(offer.campaign.id)
            ):
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
        self._memory.tell(offer, key, self._clock.utc(), refusal)
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
