"""Does somebody speak? A level detector over what a stream receives.

Told the mean square of each packet, it finds bursts of sound: three loud frames of five begin one, 400 ms
without a loud frame end it. It cannot tell a voice from a tone; nor can a person in the first 100 ms.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

LOUD_DBFS = -42.0
_LOUD_POWER = 32768.0**2 / 2 * 10 ** (LOUD_DBFS / 10)  # dBFS: 0 is a full-scale sine
_BEGIN, _OF = 3, 5
_END_S = 0.4


class Ear:
    """Listens to one stream. Times are Unix times of arrival."""

    def __init__(self) -> None:
        self.on_burst: Callable[[float], None] = lambda _began_at: None
        self.on_digit: Callable[[str], None] = lambda _digit: None
        self.bursts = 0
        self.first_heard_at = 0.0
        self.began_at = 0.0
        self.last_loud_at = 0.0
        self._recent: list[tuple[float, bool]] = []
        self._began = asyncio.Event()

    def feed(self, power: float, arrived_at: float) -> None:
        """Take the mean square (int16 units) of one packet."""
        loud = power > _LOUD_POWER
        if loud and arrived_at - self.last_loud_at < _END_S and self.bursts:
            self.last_loud_at = arrived_at
            self._recent.clear()
            return
        if not loud and not self._recent:
            return
        self._recent.append((arrived_at, loud))
        if len(self._recent) > _OF:
            del self._recent[0]
        if sum(was_loud for _, was_loud in self._recent) >= _BEGIN:
            self._burst(arrived_at)

    def _burst(self, arrived_at: float) -> None:
        self.began_at = next(at for at, was_loud in self._recent if was_loud)
        self.first_heard_at = self.first_heard_at or self.began_at
        self.last_loud_at = arrived_at
        self.bursts += 1
        self._recent.clear()
        self._began.set()
        self.on_burst(self.began_at)

    @property
    def quiet_s(self) -> float:
        """For how long nobody has spoken; infinite if nobody ever has."""
        return time.time() - self.last_loud_at if self.bursts else float("inf")

    async def speech(self, within_s: float) -> bool:
        """Wait until somebody speaks, or is speaking already; False when nobody does in time."""
        if self.quiet_s < _END_S:
            return True
        self._began.clear()
        try:
            await asyncio.wait_for(self._began.wait(), within_s)
        except TimeoutError:
            return False
        return True

    async def pause(self, quiet_s: float, within_s: float) -> bool:
        """Wait until nobody has spoken for `quiet_s`; False when they will not stop in time."""
        deadline = time.monotonic() + within_s
        while (missing_s := quiet_s - self.quiet_s) > 0:
            left_s = deadline - time.monotonic()
            if left_s <= 0:
                return False
            await asyncio.sleep(min(missing_s, left_s))
        return True
