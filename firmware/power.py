"""The uninterruptible supply, as NUT's ``upsd`` tells of it: on battery no new calls, when that is low an end in order.

Speaks the part of NUT's network protocol that reads variables (RFC 9271 §4.2.3, GET VAR). ``upsd`` may run on this
machine or on the one in the office that has the cable. Like NUT's own ``upsmon`` it takes silence on battery for the
worst. Stopping calls is ``health``'s, switching the machine off a unit's of the image, which watches for a file.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from firmware.clock import Clock
from firmware.config import PowerConfig

_log = logging.getLogger(__name__)

LOOK_S = 5.0
PATIENCE_S = 5.0
SILENT_S = 20.0
"""Nothing heard for this long on battery: as good as empty."""
_VALUE = re.compile(r'VAR \S+ \S+ "((?:[^"\\]|\\.)*)"')


class Supply(StrEnum):
    """What the box lives on."""

    NONE = "none"
    MAINS = "mains"
    BATTERY = "battery"
    LOW = "low"
    SILENT = "silent"


class Power:
    """Asks every few seconds. ``off_wanted``: the file that has the machine switched off."""

    def __init__(self, clock: Clock, config: PowerConfig, off_wanted: Path) -> None:
        self._clock, self._config, self._off_wanted = clock, config, off_wanted
        self._task: asyncio.Task[None] | None = None
        self._heard_s = clock.monotonic()
        self.supply = Supply.SILENT if config.ups else Supply.NONE
        self.charge: float | None = None
        self.changed = asyncio.Event()
        """Set whenever ``supply`` has changed; for whoever waits."""

    def start(self) -> None:
        """Begin to ask, where there is a supply to ask for."""
        if self._config.ups:
            self._task = asyncio.create_task(self._watch(), name="power")

    async def stop(self) -> None:
        """Ask no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def worry(self) -> tuple[str, Mapping[str, Any]]:
        """What is wrong, as a key with figures; an empty key: nothing."""
        key = {
            Supply.BATTERY: "power_on_battery",
            Supply.LOW: "power_low",
            Supply.SILENT: "power_unknown",
        }.get(self.supply, "")
        if self.supply is Supply.SILENT:
            return key, {"ups": self._config.ups, "server": self._config.server}
        return key, {"percent": round(self.charge) if self.charge is not None else "?"} if key else {}

    @property
    def keeps_from_dialling(self) -> bool:
        """Whether no new call may be placed."""
        return self.supply in (Supply.BATTERY, Supply.LOW)

    async def _watch(self) -> None:
        while True:
            await self._look()
            await self._pause()

    async def _pause(self) -> None:
        passed = asyncio.Event()
        self._clock.call_later(LOOK_S, passed.set)
        await passed.wait()

    async def _look(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                flags, self.charge = await self._ask()
        except (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError) as error:
            self._is(self._without_word(), str(error) or type(error).__name__)
            return
        self._heard_s = self._clock.monotonic()
        self._is(self._judged(flags), " ".join(sorted(flags)))

    def _without_word(self) -> Supply:
        if self.supply is Supply.LOW:
            return Supply.LOW
        if self.supply is Supply.BATTERY:
            return Supply.LOW if self._clock.monotonic() - self._heard_s > SILENT_S else Supply.BATTERY
        return Supply.SILENT

    def _judged(self, flags: set[str]) -> Supply:
        """``FSD``: NUT's own master is switching everything off; ``OB``, ``LB``: on battery, low."""
        if "FSD" in flags:
            return Supply.LOW
        if "OB" not in flags:
            return Supply.MAINS
        empty = self.charge is not None and self.charge < self._config.low_percent
        return Supply.LOW if "LB" in flags or empty else Supply.BATTERY

    def _is(self, supply: Supply, why: str) -> None:
        if supply is self.supply:
            return
        _log.log(logging.INFO if supply is Supply.MAINS else logging.WARNING, "power=%s (%s)", supply, why)
        self.supply = supply
        self.changed.set()
        if supply is Supply.LOW:
            self._off_wanted.touch()

    async def _ask(self) -> tuple[set[str], float | None]:
        host, _, port = self._config.server.rpartition(":")
        reader, writer = await asyncio.open_connection(host.strip("[]"), int(port), limit=4096)
        try:
            flags = set((await self._get(reader, writer, "ups.status")).split())
            if not flags:
                raise ValueError("no status")
            try:
                charge = float(await self._get(reader, writer, "battery.charge"))
            except ValueError:
                return flags, None
            return flags, charge
        finally:
            writer.close()

    async def _get(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, name: str) -> str:
        writer.write(f"GET VAR {self._config.ups} {name}\n".encode())
        line = (await reader.readuntil(b"\n")).decode("ascii", "replace").strip()
        found = _VALUE.fullmatch(line)
        if found is None:
            raise ValueError(line)
        return found[1]
