"""Sends what waits in the queue of mail, one message after the other, in a thread of its own.

What is under way when the box stops was not sent as far as the store knows and is sent again, with the same
Message-ID. When to try again is ``schedule``'s, how ``smtp``'s. One at a time: an office's server takes few
connections, and a message that hangs costs its time-out and no more.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from typing import TYPE_CHECKING

from firmware.clock import Clock
from firmware.mail import message, schedule
from firmware.mail.smtp import Outcome, Server, deliver
from firmware.store import mail
from firmware.store.mail import File, Mail
from firmware.store.store import Store, StoreError

if TYPE_CHECKING:
    import sqlite3

_log = logging.getLogger(__name__)

ROUND_S = 5.0
AT_ONCE = 10
"""Messages looked up in one round."""
ALARM_AFTER_S = 3600.0

Deliver = Callable[[Server, EmailMessage, str], Outcome]


class MailSender:
    """Sends from ``start`` to ``stop``; without a server the queue waits."""

    def __init__(
        self,
        clock: Clock,
        store: Store,
        server: Server | None,
        sender: str,
        box: str,
        deliver: Deliver = deliver,
    ) -> None:
        """``sender`` is the address mail comes from, ``box`` the name beside it."""
        self._clock, self._store, self.server, self._sender, self._box = clock, store, server, sender, box
        self._deliver = deliver
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="mail")
        self._task: asyncio.Task[None] | None = None
        self._woken = asyncio.Event()
        self._failing_since: float | None = None
        self._last_error = ""

    async def start(self) -> None:
        """Begin to send."""
        if self.server is not None:
            self._task = asyncio.get_running_loop().create_task(self._go_on())

    async def stop(self) -> None:
        """Send no more; a message under way is left to its time-out and will be sent again."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def wake(self) -> None:
        """Something may be due at once."""
        self._woken.set()

    @property
    def failing(self) -> str:
        """What the server last said, if nothing has gone out for an hour; empty when all is well."""
        since = self._failing_since
        return self._last_error if since is not None and self._clock.utc() - since >= ALARM_AFTER_S else ""

    async def round(self) -> int:
        """Try what is due; returns how many messages were tried."""
        now = self._clock.utc()
        found = await self._store.do(
            lambda conn: [(each, mail.file_of(conn, each.id)) for each in mail.due(conn, now, AT_ONCE)]
        )
        for each, file in found:
            await self._try(each, file)
        return len(found)

    async def _try(self, each: Mail, file: File | None) -> None:
        assert self.server is not None
        try:
            built = message.build(each, file, self._sender, self._box)
        except ValueError as error:
            outcome = Outcome(False, None, f"cannot be written: {error}", final=True)
        else:
            outcome = await asyncio.get_running_loop().run_in_executor(
                self._pool, self._deliver, self.server, built, each.recipient
            )
        now = self._clock.utc()
        await self._store.do(lambda conn: _write_down(conn, each, outcome, now))
        self._note(outcome, now)
        if not outcome.taken:
            _log.warning(
                "mail=%d purpose=%s not taken: %s %s", each.id, each.purpose, outcome.code, outcome.error
            )

    def _note(self, outcome: Outcome, now: float) -> None:
        """Somebody who is refused for good says nothing against the server."""
        if outcome.taken or outcome.final:
            self._failing_since = None
        elif self._failing_since is None:
            self._failing_since = now
        self._last_error = outcome.error

    async def _go_on(self) -> None:
        while True:
            self._woken.clear()
            try:
                if await self.round():
                    continue
            except StoreError as error:
                _log.warning("mail waits: %s", error)
            try:
                # Not wait_for: in Python 3.11 it can swallow the cancellation that ends this task.
                async with asyncio.timeout(ROUND_S):
                    await self._woken.wait()
            except TimeoutError:
                continue


def _write_down(conn: sqlite3.Connection, each: Mail, outcome: Outcome, now: float) -> None:
    if outcome.taken:
        mail.sent(conn, each.id, outcome.code or 250, now)
        return
    first_at = now if each.first_at is None else each.first_at
    following = None if outcome.final else schedule.next_try(each.tries + 1, first_at, now)
    mail.not_sent(conn, each.id, outcome.code, outcome.error, now, following)
