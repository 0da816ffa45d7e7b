"""Slows down guessing: failed logins are counted per login name and per address, in memory.

A name is never locked for long (that would let anybody lock out the administrator); it only has to wait between
tries. An address that fails often has to wait for the window to pass. All methods are thread-safe.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

WINDOW_S = 900.0
FREE_TRIES = 5
LONGEST_WAIT_S = 30.0
TRIES_PER_ADDRESS = 20
MOST_REMEMBERED = 10_000


class Throttle:
    """Failures by key, the oldest keys forgotten first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()

    def admit(self, login: str, address: str) -> float:
        """Seconds until this name may be tried again from this address; 0 means now.

        An admitted try counts as failed until ``succeeded`` says otherwise, so that many tries at the same moment
        gain nothing.
        """
        with self._lock:
            now = self._clock()
            by_name, by_address = self._recent(f"name:{login}", now), self._recent(f"from:{address}", now)
            wait = 0.0
            if len(by_name) >= FREE_TRIES:
                pause = min(LONGEST_WAIT_S, 2.0 ** (len(by_name) - FREE_TRIES + 1))
                wait = by_name[-1] + pause - now
            if len(by_address) >= TRIES_PER_ADDRESS:
                wait = max(wait, by_address[0] + WINDOW_S - now)
            if wait > 0:
                return wait
            by_name.append(now)
            by_address.append(now)
            return 0.0

    def succeeded(self, login: str, address: str) -> None:
        """The right password clears the name's count, and takes back this one try of the address."""
        with self._lock:
            self._failures.pop(f"name:{login}", None)
            tries = self._failures.get(f"from:{address}")
            if tries:
                tries.pop()

    def _recent(self, key: str, now: float) -> deque[float]:
        times = self._failures.setdefault(key, deque(maxlen=TRIES_PER_ADDRESS))
        self._failures.move_to_end(key)
        while len(self._failures) > MOST_REMEMBERED:
            self._failures.popitem(last=False)
        while times and times[0] < now - WINDOW_S:
            times.popleft()
        return times
