"""The only source of time: UTC for the store, a monotonic clock for durations, timers for the event loop.

``SystemClock`` is the machine's; ``FakeClock`` runs a whole day in a moment for scenario tests and the campaign
simulator. Nothing else in ``firmware`` may ask the machine what time it is.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections.abc import Awaitable, Callable
from typing import Protocol


class Timer(Protocol):
    """A pending call; ``cancel`` is idempotent."""

    def cancel(self) -> None:
        """Forget the call."""


class Clock(Protocol):
    """Time as the service sees it."""

    def utc(self) -> float:
        """UTC seconds since 1970."""

    def monotonic(self) -> float:
        """Seconds since some fixed moment; never steps."""

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> Timer:
        """Run ``callback`` on the event loop after ``delay_s`` seconds."""


class SystemClock:
    """The machine's clocks and the running asyncio loop's timers."""

    def utc(self) -> float:
        """UTC seconds since 1970."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds on CLOCK_MONOTONIC."""
        return time.monotonic()

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> Timer:
        """Run ``callback`` on the running loop after ``delay_s`` seconds."""
        return asyncio.get_running_loop().call_later(delay_s, callback)


def cpu_s() -> float:
    """Processor seconds of this process: what a computation costs, however busy the machine is."""
    return time.process_time()


class _FakeTimer:
    def __init__(self, callback: Callable[[], None]) -> None:
        self.callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        self.callback = None


class FakeClock:
    """Time that moves only when ``advance`` is awaited.

    ``settle`` is awaited after each timer so that everything a timer set off (store writes, tasks) has come to
    rest before time moves on.
    """

    def __init__(
        self, utc: float = 1_780_000_000.0, settle: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        self._utc_offset = utc
        self._now_s = 0.0
        self._settle = settle
        self._order = itertools.count()
        self._pending: list[tuple[float, int, _FakeTimer]] = []

    def utc(self) -> float:
        """UTC seconds since 1970."""
        return self._utc_offset + self._now_s

    def monotonic(self) -> float:
        """Seconds since the clock was made."""
        return self._now_s

    def step_utc(self, by_s: float) -> None:
        """Set the wall clock as an operator or NTP would; durations are untouched."""
        self._utc_offset += by_s

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> Timer:
        """Run ``callback`` when ``advance`` passes ``delay_s`` seconds from now."""
        timer = _FakeTimer(callback)
        heapq.heappush(self._pending, (self._now_s + max(0.0, delay_s), next(self._order), timer))
        return timer

    def on_settle(self, settle: Callable[[], Awaitable[None]]) -> None:
        """Await ``settle`` after every timer that fires."""
        self._settle = settle

    async def advance(self, by_s: float) -> None:
        """Let ``by_s`` seconds pass, firing timers in order."""
        end_s = self._now_s + by_s
        await self._rest()
        while self._pending and self._pending[0][0] <= end_s:
            due_s, _, timer = heapq.heappop(self._pending)
            self._now_s = max(self._now_s, due_s)
            if timer.callback is not None:
                callback, timer.callback = timer.callback, None
                callback()
                await self._rest()
        self._now_s = end_s

    async def _rest(self) -> None:
        if self._settle is not None:
            await self._settle()
        else:
            await asyncio.sleep(0)
