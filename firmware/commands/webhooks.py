"""Commands for webhooks: ``webhook.add|list|set_active|remove|test|again|deliveries``, and the sender behind them.

Where a webhook may lead is ``firmware.webhooks.target``'s, sending ``firmware.webhooks.sender``'s. A secret is told
once, when it is made.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated, Any

from firmware.commands.context import Context
from firmware.commands.texts import refuse
from firmware.control import Control
from firmware.model import CampaignId
from firmware.store import campaigns, webhooks
from firmware.store.webhooks import EVENTS
from firmware.typed import Length, OneOf, Range
from firmware.webhooks import signing, target
from firmware.webhooks.sender import Sender
from firmware.webhooks.target import Policy, UnfitError

if TYPE_CHECKING:
    import sqlite3

MOST = 50


class WebhookCommands:
    """What administrators and other programs do with webhooks."""

    def __init__(self, context: Context) -> None:
        self._context = context
        settings = context.config.webhooks
        self._policy = Policy.of(settings.private_networks, settings.loopback)
        self.sender = Sender(context.clock, context.store, self._policy, settings.timeout_s)

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        control.add("webhook.add", self.add)
        control.add("webhook.list", self.every)
        control.add("webhook.set_active", self.set_active)
        control.add("webhook.remove", self.remove)
        control.add("webhook.test", self.test)
        control.add("webhook.again", self.again)
        control.add("webhook.deliveries", self.deliveries)

    async def prepare(self) -> None:
        """Begin to send what waits."""
        await self.sender.start()

    async def stop(self) -> None:
        """Send no more."""
        await self.sender.stop()

    async def add(
        self,
        url: Annotated[str, Length(1, 500)],
        events: Annotated[list[Annotated[str, OneOf(EVENTS)]], Length(1, len(EVENTS))],
        campaign_id: CampaignId | None = None,
        by: Annotated[str, Length(0, 80)] = "",
    ) -> Mapping[str, Any]:
        """Tell this address of these events from now on -> ``id, secret``; the secret is never told again."""
        await asyncio.to_thread(self._check, url)
        secret, now = signing.new_secret(), self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> int:
            if len(webhooks.subscriptions(conn)) >= MOST:
                raise refuse("url", "too_many_webhooks", most=MOST)
            if campaign_id is not None:
                campaigns.get(conn, campaign_id)
            return webhooks.subscribe(conn, url, secret, events, campaign_id, by, now)

        return {"id": await self._context.store.do(work), "secret": secret}

    async def every(self) -> Mapping[str, Any]:
        """Every webhook -> ``webhooks``, each with how many deliveries wait; without its secret."""

        def work(conn: sqlite3.Connection) -> list[Mapping[str, Any]]:
            waiting = webhooks.waiting(conn)
            return [
                {**asdict(replace(each, secret="")), "waiting": waiting.get(each.id, 0)}
                for each in webhooks.subscriptions(conn)
            ]

        return {"webhooks": await self._context.store.do(work)}

    async def set_active(self, id: int, active: bool) -> None:  # noqa: A002
        """Tell it again, with what waits at once, or tell it no more."""
        now = self._context.clock.utc()
        await self._context.store.do(lambda conn: webhooks.set_active(conn, id, active, now))
        self.sender.wake()

    async def remove(self, id: int) -> None:  # noqa: A002
        """Forget a webhook and what waits for it."""
        now = self._context.clock.utc()
        await self._context.store.do(lambda conn: webhooks.unsubscribe(conn, id, now))

    async def test(self, id: int) -> Mapping[str, Any]:  # noqa: A002
        """Send an event that means nothing -> ``delivery``; a stopped webhook is set going by it."""
        now = self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> int:
            made = webhooks.enqueue_test(conn, id, now)
            webhooks.set_active(conn, id, True, now)
            return made

        made = await self._context.store.do(work)
        self.sender.wake()
        return {"delivery": made}

    async def again(self, delivery: int) -> None:
        """Deliver once more, whatever became of it."""
        now = self._context.clock.utc()
        await self._context.store.do(lambda conn: webhooks.again(conn, delivery, now))
        self.sender.wake()

    async def deliveries(
        self,
        id: int,  # noqa: A002
        before: int = 0,
        limit: Annotated[int, Range(1, 200)] = 50,
    ) -> Mapping[str, Any]:
        """What was sent to a webhook, newest first -> ``deliveries``; ``before`` is an id to go on from."""

        def work(conn: sqlite3.Connection) -> list[Mapping[str, Any]]:
            if webhooks.subscription(conn, id) is None:
                raise refuse("id", "webhook_unknown", id=id)
            return [asdict(each) for each in webhooks.deliveries(conn, id, before, limit)]

        return {"deliveries": await self._context.store.do(work)}

    def _check(self, url: str) -> None:
        """Refuse what can be known to be unfit today; a name that is not known yet may be tomorrow."""
        try:
            found = target.parse(url)
            target.resolve(found, self._policy)
        except UnfitError as unfit:
            raise refuse("url", unfit.key, text=unfit.detail) from unfit
        except OSError:
            return
