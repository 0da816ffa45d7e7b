"""Delivers what waits, in worker threads, so that no receiver ever holds up the loop or another receiver.

Each subscription has at most ``AT_ONCE`` deliveries under way and at most ``THREADS`` exist altogether. What is under
way when the box stops was not delivered as far as the store knows and is delivered again: a receiver may hear an event
twice, with the same id, but misses none. When to try again is ``schedule``'s, how ``post``'s.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from firmware.clock import Clock
from firmware.store import webhooks
from firmware.store.store import Store, StoreError
from firmware.store.webhooks import Delivery, Subscription
from firmware.webhooks import schedule, signing
from firmware.webhooks.post import Outcome, post
from firmware.webhooks.target import Policy

if TYPE_CHECKING:
    import sqlite3

_log = logging.getLogger(__name__)

ROUND_S = 0.5
AT_ONCE = 2
THREADS = 8
PRUNE_S = 3600.0
USER_AGENT = "Strowger-Webhooks/1"

Post = Callable[[str, Any, bytes, Policy, float], Outcome]


@dataclass(frozen=True, slots=True)
class Failing:
    """A receiver a person should look after: its address without the query, and whether it was given up."""

    id: int
    url: str
    stopped: bool


class Sender:
    """Sends from ``start`` to ``stop``; ``failing`` is what the newest round found."""

    def __init__(
        self, clock: Clock, store: Store, policy: Policy, timeout_s: float, post: Post = post
    ) -> None:
        self._clock, self._store, self._policy, self._timeout_s = clock, store, policy, timeout_s
        self._post = post
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="webhooks")
        self._task: asyncio.Task[None] | None = None
        self._under_way: dict[int, tuple[int, asyncio.Task[None]]] = {}
        self._woken = asyncio.Event()
        self._pruned_s = clock.monotonic()
        self._stopped = False
        self.failing: Sequence[Failing] = ()

    async def start(self) -> None:
        """Begin to send."""
        self._task = asyncio.get_running_loop().create_task(self._go_on())

    async def stop(self) -> None:
        """Send no more; what is under way is left to its time-out and will be sent again."""
        self._stopped = True
        tasks = [task for _, task in self._under_way.values()]
        if self._task is not None:
            tasks.append(self._task)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def wake(self) -> None:
        """Something may be due at once."""
        self._woken.set()

    async def round(self) -> int:
        """Begin to deliver what is due; returns how many were begun."""
        now = self._clock.utc()
        counts = Counter(subscription for subscription, _ in self._under_way.values())
        busy = [subscription for subscription, count in counts.items() if count >= AT_ONCE]
        found, every = await self._store.do(
            lambda conn: (webhooks.due(conn, now, AT_ONCE, busy), webhooks.subscriptions(conn))
        )
        self._look(every, now)
        by_id = {each.id: each for each in every}
        begun = 0
        for delivery in found:
            if delivery.id not in self._under_way and delivery.subscription_id in by_id:
                begun += self._begin(delivery, by_id[delivery.subscription_id])
        return begun

    async def settled(self) -> None:
        """Return when nothing is under way."""
        while self._under_way:
            await asyncio.gather(*(task for _, task in self._under_way.values()), return_exceptions=True)

    def _begin(self, delivery: Delivery, subscription: Subscription) -> int:
        count = sum(1 for number, _ in self._under_way.values() if number == subscription.id)
        if count >= AT_ONCE or len(self._under_way) >= THREADS:
            return 0
        task = asyncio.get_running_loop().create_task(self._deliver(delivery, subscription))
        self._under_way[delivery.id] = (subscription.id, task)
        task.add_done_callback(lambda _: self._over(delivery.id))
        return 1

    def _over(self, delivery: int) -> None:
        _, task = self._under_way.pop(delivery)
        if not task.cancelled() and task.exception() is not None:
            _log.error("a webhook was not sent", exc_info=task.exception())
        self.wake()

    async def _deliver(self, delivery: Delivery, subscription: Subscription) -> None:
        now, body = self._clock.utc(), body_of(delivery)
        headers = {
            **signing.headers(subscription.secret, delivery.uid, now, body),
            "Content-Type": "application/json",
            "User-Agent": USER_AGENT,
        }
        outcome = await asyncio.get_running_loop().run_in_executor(
            self._pool, self._post, subscription.url, headers, body, self._policy, self._timeout_s
        )
        at = self._clock.utc()
        try:
            await self._store.do(lambda conn: _write_down(conn, delivery, outcome, at))
        except StoreError as error:
            # Not written down is not delivered: it will be sent again, with the same id.
            _log.warning("webhook=%s what became of it could not be written: %s", subscription.id, error)
            return
        if not outcome.taken:
            _log.info("webhook=%s event=%s not taken: %s", subscription.id, delivery.uid, outcome.error)

    def _look(self, every: Sequence[Subscription], now: float) -> None:
        """Note who does not listen, for health and the pages."""
        self.failing = tuple(
            Failing(each.id, each.url.partition("?")[0], each.stopped_at is not None)
            for each in every
            if each.stopped_at is not None or (each.active and schedule.alarming(each.failing_since, now))
        )

    async def _go_on(self) -> None:
        while not self._stopped:
            try:
                self._woken.clear()
                if not await self.round():
                    await self._rest()
            except StoreError as error:
                _log.warning("webhooks wait: %s", error)
                await self._rest()

    async def _rest(self) -> None:
        """Wait for a while or until woken; look after what is old meanwhile."""
        if self._clock.monotonic() - self._pruned_s >= PRUNE_S:
            self._pruned_s = self._clock.monotonic()
            now = self._clock.utc()
            while await self._store.do(lambda conn: webhooks.prune(conn, now)):
                pass
        try:
            # Not wait_for: in Python 3.11 it can swallow the cancellation that ends this task.
            async with asyncio.timeout(ROUND_S):
                await self._woken.wait()
        except TimeoutError:
            return


def body_of(delivery: Delivery) -> bytes:
    """What is sent: ``type, timestamp, data``, the same bytes in every try."""
    told = {
        "type": delivery.event,
        "timestamp": webhooks.moment(delivery.at),
        "data": json.loads(delivery.body),
    }
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False).encode()


def _write_down(conn: sqlite3.Connection, delivery: Delivery, outcome: Outcome, now: float) -> None:
    if outcome.taken:
        webhooks.delivered(conn, delivery, outcome.status or 0, outcome.took_ms, now)
        return
    first_at = now if delivery.first_at is None else delivery.first_at
    following = schedule.next_try(delivery.tries + 1, first_at, now)
    webhooks.not_delivered(conn, delivery, outcome.status, outcome.error, now, following)
    receiver = webhooks.subscription(conn, delivery.subscription_id)
    if receiver is not None and schedule.hopeless(receiver.failing_since, now):
        webhooks.give_up(conn, receiver.id, now)
