"""An update that is meant to be: which bundle, from when on, and how far it is. Waits for the last call, twice.

The plan is a small file, so that a restart of the service in between forgets nothing; it is gone before the machine is
restarted. While it is due, campaigns start no call (``due``), so that the calls under way come to an end.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from firmware.clock import Clock, Timer

LOOK_S = 2.0
"""How often a plan that is due looks whether there are calls."""


@dataclass(frozen=True, slots=True)
class Plan:
    """``at`` (UTC): not before; ``force``: calls are no reason to wait."""

    file: str
    version: str
    at: float
    force: bool = False


class Planner:
    """Keeps one plan and carries it out when it is time. ``install`` answers whether it went well."""

    def __init__(
        self,
        clock: Clock,
        file: Path,
        calls: Callable[[], int],
        install: Callable[[Plan], Awaitable[bool]],
        restart: Callable[[], Awaitable[None]],
        start: Callable[[Awaitable[None]], None],
    ) -> None:
        """``start`` runs what it is given as a task of its owner."""
        self._clock, self._file, self._calls = clock, file, calls
        self._install, self._restart, self._start = install, restart, start
        self._timer: Timer | None = None
        self._installed = False
        self.plan: Plan | None = None

    @property
    def due(self) -> bool:
        """Whether its time has come."""
        return self.plan is not None and self._clock.utc() >= self.plan.at

    async def recall(self) -> None:
        """Take up the plan of before a restart of the service."""
        self.plan = await asyncio.to_thread(self._read)
        if self.plan is not None:
            self._wait()

    async def make(self, plan: Plan) -> None:
        """Replace the plan; durable when this returns."""
        await asyncio.to_thread(self._write, plan)
        self.plan, self._installed = plan, False
        self._wait()

    async def drop(self) -> None:
        """Give it up."""
        self.stop()
        self.plan = None
        await asyncio.to_thread(self._file.unlink, missing_ok=True)

    def stop(self) -> None:
        """Wait no more; the plan stays."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _read(self) -> Plan | None:
        try:
            return Plan(**json.loads(self._file.read_text("utf-8")))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError):
            self._file.unlink()
            return None

    def _write(self, plan: Plan) -> None:
        self._file.parent.mkdir(exist_ok=True)
        made = self._file.with_suffix(".new")
        with made.open("w", encoding="utf-8") as file:
            json.dump(asdict(plan), file)
            file.flush()
            os.fsync(file.fileno())
        made.replace(self._file)

    def _wait(self) -> None:
        self.stop()
        assert self.plan is not None
        wait_s = min(max(self.plan.at - self._clock.utc(), 0.0), 60.0)
        self._timer = self._clock.call_later(wait_s, self._look)

    def _look(self) -> None:
        if self.plan is None:
            return
        if not self.due:
            self._wait()
        elif self._calls() and not self.plan.force:
            self._timer = self._clock.call_later(LOOK_S, self._look)
        else:
            self._timer = None
            self._start(self._go_on(self.plan))

    async def _go_on(self, plan: Plan) -> None:
        if not self._installed and not await self._install(plan):
            await self.drop()
            return
        if self.plan is not plan:
            return
        self._installed = True
        if self._calls() and not plan.force:
            self._timer = self._clock.call_later(LOOK_S, self._look)
            return
        await self.drop()
        await self._restart()
