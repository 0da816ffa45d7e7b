"""Looks at the box every few seconds, writes beginnings and ends of alerts down, and tells whom they concern.

A beginning or end, the mails and the webhook's event are one transaction: nobody is told of what is not on record, and
what is on record is told. Mail waits in its queue when it cannot go out, so the alert that mail is stuck arrives late;
it stands on the page at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from firmware.alerts import words
from firmware.alerts.seen import conditions
from firmware.alerts.watch import Change, Watch
from firmware.clock import Clock, Timer
from firmware.config import Config
from firmware.hub import Hub
from firmware.mail.sender import MailSender
from firmware.store import alerts, mail, webhooks
from firmware.store.mail import NewMail
from firmware.store.store import Store, StoreError

if TYPE_CHECKING:
    import sqlite3

_log = logging.getLogger(__name__)

LOOK_S = 5.0


class AlertKeeper:
    """Keeps alerts from ``start`` to ``stop``."""

    def __init__(self, config: Config, clock: Clock, store: Store, hub: Hub, sender: MailSender) -> None:
        self._config, self._clock, self._store, self._hub, self._sender = config, clock, store, hub, sender
        self._watch = Watch()
        self._timer: Timer | None = None
        self._writing: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Take up what was open when the box stopped, and look."""
        found = await self._store.do(alerts.open_now)
        self._watch = Watch([(each.rule, each.about) for each in found])
        self._timer = self._clock.call_later(LOOK_S, self._look)

    async def stop(self) -> None:
        """Look no more."""
        if self._timer is not None:
            self._timer.cancel()
        if self._writing is not None:
            await asyncio.gather(self._writing, return_exceptions=True)

    async def look(self) -> Sequence[Change]:
        """Look once, and write down and tell what changed."""
        found = conditions(self._hub.snapshot(), self._watch.open_now, self._sender.failing)
        changes = self._watch.step(found, self._clock.monotonic())
        if changes:
            now = self._clock.utc()
            await self._store.do(lambda conn: self._write(conn, changes, now))
            self._sender.wake()
        return changes

    def _look(self) -> None:
        self._timer = self._clock.call_later(LOOK_S, self._look)
        if self._writing is None:
            self._writing = asyncio.get_running_loop().create_task(self._looked())

    async def _looked(self) -> None:
        try:
            await self.look()
        except StoreError as error:
            _log.warning("alerts could not be written: %s", error)
        finally:
            self._writing = None

    def _write(self, conn: sqlite3.Connection, changes: Sequence[Change], now: float) -> None:
        for change in changes:
            rule, about = change.about
            if change.ended:
                found = alerts.end(conn, rule, about, now)
                if found is None:
                    continue
                number, figures = found.id, found.figures
            else:
                number, figures = alerts.begin(conn, rule, about, change.figures, now), change.figures
            event = "alert.ended" if change.ended else "alert.began"
            told = {"alert_id": number, "rule": rule, "about": about, "figures": dict(figures)}
            webhooks.enqueue(conn, event, told, now)
            if self._sender.server is not None:
                mail.enqueue(conn, self._mails(conn, change, number, now, dict(figures)), now)

    def _mails(
        self, conn: sqlite3.Connection, change: Change, number: int, now: float, figures: dict[str, object]
    ) -> list[NewMail]:
        rule, about = change.about
        box, zone = self._config.box.name, ZoneInfo(self._config.box.zone)
        made = []
        for each in alerts.receivers(conn):
            if each.rules and rule not in each.rules:
                continue
            said = words.title(rule, about, figures, each.language)
            subject = words.subject(said, change.ended, box, each.language)
            body = words.body(said, change.ended, now, figures, zone, each.language)
            made.append(NewMail("alert", each.address, subject, body, number))
        return made
