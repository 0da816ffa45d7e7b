"""Tells systemd how the service is, and pats its watchdog while every thread shows life (sd_notify(3)).

``Notifier`` speaks the protocol: ``ready``, ``status``, ``stopping``, ``alive``; without NOTIFY_SOCKET it
is silent. ``Pulse`` measures how long a thread has owed the answer to a question. ``Watchdog`` asks every source
of life and pats only when none has been silent too long: a stuck loop cannot run it, a stuck store or sip
thread stops it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Awaitable, Callable, Mapping

from firmware.clock import Clock, Timer

_log = logging.getLogger(__name__)

DEFAULT_INTERVAL_S = 5.0
"""How often to look where systemd does not watch."""
_MICROSECONDS = 1e6


class Notifier:
    """Datagrams to the service manager."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        address = environment.get("NOTIFY_SOCKET", "")
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self._status = ""
        self.watchdog_interval_s = _watchdog_interval_s(environment)

    def ready(self) -> None:
        """The service can be used."""
        self._send("READY=1")

    def status(self, text: str) -> None:
        """One line for ``systemctl status``; sent only when it changed."""
        line = " ".join(text.split())
        if line != self._status:
            self._status = line
            self._send(f"STATUS={line}")

    def stopping(self) -> None:
        """The service is on its way down."""
        self._send("STOPPING=1")

    def alive(self) -> None:
        """Pat the watchdog."""
        self._send("WATCHDOG=1")

    def _send(self, message: str) -> None:
        if not self._address:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as sender:
            try:
                sender.sendto(message.encode(), self._address)
            except OSError as error:
                _log.warning("systemd could not be told %s: %s", message, error)


class Pulse:
    """How long a thread has owed an answer. ``ask`` is a question to it, such as ``store.do(nothing)``."""

    def __init__(self, clock: Clock, ask: Callable[[], Awaitable[object]]) -> None:
        self._clock = clock
        self._ask = ask
        self._asked_s = 0.0
        self._asking: asyncio.Task[None] | None = None

    def age_s(self) -> float:
        """Seconds the open question has been waiting; if it was answered, 0, and the next one is asked."""
        if self._asking is not None:
            return self._clock.monotonic() - self._asked_s
        self._asked_s = self._clock.monotonic()
        self._asking = asyncio.get_running_loop().create_task(self._wait())
        return 0.0

    async def stop(self) -> None:
        """Ask no more."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)

    async def _wait(self) -> None:
        try:
            await self._ask()
        except Exception as error:  # noqa: BLE001 - whatever came back, the thread has answered
            _log.debug("a sign of life with a complaint: %s", error)
        self._asking = None


class Watchdog:
    """Looks at every source of life; pats systemd's watchdog only if all are well.

    ``ages`` maps a name to a function returning seconds since its last sign of life; ``limit_s`` is the
    most a healthy part may need. The event loop needs no entry: it is what runs this.
    """

    def __init__(
        self, clock: Clock, notifier: Notifier, ages: Mapping[str, Callable[[], float]], limit_s: float = 20.0
    ) -> None:
        self._clock = clock
        self._notifier = notifier
        self._ages = ages
        self._limit_s = limit_s
        self._timer: Timer | None = None
        self._silent: tuple[str, ...] = ()

    def start(self) -> None:
        """Look now and then at every interval."""
        self.look()
        interval_s = self._notifier.watchdog_interval_s or DEFAULT_INTERVAL_S
        self._timer = self._clock.call_later(interval_s, self.start)

    def stop(self) -> None:
        """Look no more."""
        if self._timer is not None:
            self._timer.cancel()

    def look(self) -> tuple[str, ...]:
        """Who is silent; pats the watchdog if nobody is."""
        silent = tuple(name for name, age_s in self._ages.items() if age_s() > self._limit_s)
        if silent and silent != self._silent:
            _log.error("no sign of life from %s; the watchdog is not fed", ", ".join(silent))
        self._silent = silent
        if not silent:
            self._notifier.alive()
        return silent


def _watchdog_interval_s(environment: Mapping[str, str]) -> float | None:
    """A third of what systemd allows, if it watches this very process (sd_watchdog_enabled(3))."""
    allowed, pid = environment.get("WATCHDOG_USEC", ""), environment.get("WATCHDOG_PID", "")
    if not allowed.isdigit() or int(allowed) == 0 or (pid and pid != str(os.getpid())):
        return None
    return int(allowed) / _MICROSECONDS / 3
