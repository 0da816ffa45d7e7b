"""Commands for whom a campaign calls next and what follows: ``campaign.set_order|set_rules|try_rules``.

Orders and rules are read by ``firmware.rulebook`` and kept by the store; a campaign's form does not touch them. In the
background the orders of running campaigns are made and kept, a slice at a time, so that no call waits for it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from firmware.commands.context import Context
from firmware.commands.texts import refuse
from firmware.control import Control
from firmware.model import AmdLabel, CampaignId, ContactId, Disposition
from firmware.rulebook import reading
from firmware.rulebook.rules import Moment
from firmware.store import campaigns, ordering, rule_books
from firmware.store.store import StoreError

if TYPE_CHECKING:
    import sqlite3

_log = logging.getLogger(__name__)

LOOK_S = 1.0
"""How soon after a change an order is looked after; a claim does a little of it by itself."""


class OrderCommands:
    """What an office manager does with orders and rules, and the keeping of orders."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._task: asyncio.Task[None] | None = None

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        control.add("campaign.set_order", self.set_order)
        control.add("campaign.set_rules", self.set_rules)
        control.add("campaign.try_rules", self.try_rules)

    async def prepare(self) -> None:
        """Begin to look after orders."""
        self._task = asyncio.get_running_loop().create_task(self._go_on())

    async def stop(self) -> None:
        """Look no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def set_order(self, id: CampaignId, order: Mapping[str, Any], who: str = "") -> None:  # noqa: A002
        """Call the campaign's contacts in this order, and only those its filter lets through."""
        wanted, now = reading.order(order), self._context.clock.utc()
        await self._context.store.do(lambda conn: ordering.set_order(conn, id, wanted, who, now))
        await self._context.campaigns_changed()

    async def set_rules(
        self,
        id: CampaignId,  # noqa: A002
        rules: Sequence[Mapping[str, Any]],
        who: str = "",
    ) -> Mapping[str, Any]:
        """Put rules in force, in the place of those before -> ``version``."""
        wanted, now = reading.rules(list(rules)), self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> int:
            campaigns.get(conn, id)
            return rule_books.set_rules(conn, id, wanted, who, now)

        version = await self._context.store.do(work)
        await self._context.campaigns_changed()
        return {"version": version}

    async def try_rules(
        self,
        id: CampaignId,  # noqa: A002
        number: str = "",
        contact: ContactId | None = None,
        disposition: str = "",
        verdict: str = "",
        code: str = "",
        after: bool = False,
    ) -> Mapping[str, Any]:
        """Say what the rules in force would do with one contact of the campaign's list now, changing nothing.

        -> ``contact``, ``name``, ``fired`` (``rule``, ``then``), ``held_back``.
        """
        if disposition not in ("", *Disposition) or verdict not in ("", *AmdLabel):
            raise refuse("disposition", "contact_unknown")
        now = self._context.clock.utc()
        said = rule_books.Said(disposition, verdict, code)

        def work(conn: sqlite3.Connection) -> Mapping[str, Any]:
            campaign = campaigns.get(conn, id)
            found = contact or rule_books.contact_with(conn, campaign, number)
            moment = Moment.AFTER if after else Moment.BEFORE
            outcome = None if found is None else rule_books.trial(conn, campaign, found, moment, said, now)
            if outcome is None:
                raise refuse("number", "contact_unknown")
            return {
                "contact": outcome.subject.id,
                "name": outcome.subject.name,
                "fired": [
                    {"rule": rule.name, "then": [reading.plain_action(action) for action in rule.then]}
                    for rule in outcome.fired
                ],
                "held_back": outcome.held_back,
            }

        return await self._context.store.do(work)

    async def _go_on(self) -> None:
        while True:
            try:
                while await self._tend():
                    pass
            except StoreError as error:
                _log.warning("the order of contacts is left for later: %s", error)
            later = asyncio.Event()
            self._context.clock.call_later(LOOK_S, later.set)
            await later.wait()

    async def _tend(self) -> bool:
        now = self._context.clock.utc()
        return await self._context.store.do(lambda conn: ordering.tend(conn, now))
