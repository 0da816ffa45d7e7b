"""Commands and the task for external scrub services: ``dnc.set_service|remove_service|ask_service``.

The task asks each service about the numbers claims have met without a fresh answer, in requests of several hundred.
While a service is silent its numbers wait: none is called, the refusal says which list did not answer, and the
service is asked again after a pause that grows. How it is asked is ``firmware.scrub``'s.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Annotated, Any

from firmware.commands.context import Context
from firmware.commands.texts import refuse
from firmware.compliance.numbers import normalise
from firmware.control import Control
from firmware.model import Problem
from firmware.scrub import MOST_NUMBERS, ScrubError, ask, usable
from firmware.store import scrub
from firmware.store.scrub import ScrubService
from firmware.store.store import StoreError
from firmware.typed import Length, Range

_log = logging.getLogger(__name__)

ROUND_S = 1.0
LONGEST_PAUSE_S = 60.0


class Scrubbing:
    """Asks services, and lets an office manager set them up."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._task: asyncio.Task[None] | None = None
        self._silent: dict[int, tuple[float, float]] = {}
        """Services that did not answer: when to ask again, and the pause before that."""

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        control.add("dnc.set_service", self.set_service)
        control.add("dnc.remove_service", self.remove_service)
        control.add("dnc.ask_service", self.ask_service)

    async def prepare(self) -> None:
        """Begin to ask."""
        self._task = asyncio.get_running_loop().create_task(self._go_on())

    async def stop(self) -> None:
        """Ask no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def set_service(
        self,
        list_id: int,
        url: Annotated[str, Length(1, 500)],
        token: Annotated[str, Length(0, 500)] = "",
        timeout_s: Annotated[float, Range(0.1, 60)] = 5.0,
        keep_s: Annotated[float, Range(60, 31 * 86400)] = 86400.0,
    ) -> None:
        """Let a DNC list stand for a service; without a ``token`` the one before is kept."""
        if not usable(url):
            raise refuse("url", "scrub_url_unfit")

        def work(conn: Any) -> None:
            before = {each.list_id: each.token for each in scrub.services(conn)}
            kept = token or before.get(list_id, "")
            scrub.put(conn, ScrubService(list_id, url, kept, timeout_s, keep_s))

        await self._context.store.do(work)
        self._silent.pop(list_id, None)

    async def remove_service(self, list_id: int) -> None:
        """Let the list be an ordinary one."""
        await self._context.store.do(lambda conn: scrub.take_away(conn, list_id))

    async def ask_service(self, list_id: int, number: Annotated[str, Length(1, 80)]) -> Mapping[str, Any]:
        """Ask about one number now -> ``number, blocked, line_type, reason``."""
        stored = normalise(number, self._context.config.box.country)
        if isinstance(stored, Problem):
            raise refuse("number", "no_number", text=number[:40])
        services = await self._context.store.do(scrub.services)
        service = next((each for each in services if each.list_id == list_id), None)
        if service is None:
            raise refuse("list_id", "scrub_service_unknown")
        try:
            (answer,) = await asyncio.to_thread(ask, service, [stored])
        except ScrubError as error:
            raise refuse("list_id", "scrub_silent", reason=str(error)) from error
        now = self._context.clock.utc()
        await self._context.store.do(lambda conn: scrub.keep(conn, list_id, [answer], now))
        return {name: getattr(answer, name) for name in ("number", "blocked", "line_type", "reason")}

    async def round(self) -> int:
        """Ask each service once about what is wanted; returns how many numbers were answered for."""
        services = await self._context.store.do(scrub.services)
        return sum([await self._ask(service) for service in services])

    async def _go_on(self) -> None:
        while True:
            try:
                while await self.round():
                    pass
            except StoreError as error:
                _log.warning("scrub services: %s", error)
            later = asyncio.Event()
            self._context.clock.call_later(ROUND_S, later.set)
            await later.wait()

    async def _ask(self, service: ScrubService) -> int:
        at_s = self._context.clock.monotonic()
        if at_s < self._silent.get(service.list_id, (0.0, 0.0))[0]:
            return 0
        numbers = await self._context.store.do(lambda conn: scrub.wanted(conn, service.list_id, MOST_NUMBERS))
        if not numbers:
            return 0
        try:
            answers = await asyncio.to_thread(ask, service, numbers)
        except ScrubError as error:
            self._note_silence(service, at_s, error)
            return 0
        self._silent.pop(service.list_id, None)
        now = self._context.clock.utc()
        await self._context.store.do(lambda conn: scrub.keep(conn, service.list_id, answers, now))
        return len(answers)

    def _note_silence(self, service: ScrubService, at_s: float, error: ScrubError) -> None:
        _, before_s = self._silent.get(service.list_id, (0.0, ROUND_S))
        pause_s = min(LONGEST_PAUSE_S, before_s * 2)
        self._silent[service.list_id] = (at_s + pause_s, pause_s)
        _log.warning(
            "the scrub service of DNC list %d %s; nobody who waits for it is called, asked again in %.0f s",
            service.list_id,
            error,
            pause_s,
        )
