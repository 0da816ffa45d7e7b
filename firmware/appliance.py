"""What an appliance needs besides telephony: updates, crash loops, power, its address. ``health`` has the words."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from firmware.clock import Clock
from firmware.commands.network import NetworkCommands
from firmware.commands.reset import ResetCommands
from firmware.commands.settings import FLASHED
from firmware.commands.technician_access import AccessCommands
from firmware.commands.update import UpdateCommands
from firmware.config import Config
from firmware.control import Control
from firmware.crashes import Crashes
from firmware.power import Power

_log = logging.getLogger(__name__)


class Appliance:
    """Started before everything else and stopped after it."""

    def __init__(self, clock: Clock, config: Config, calls: Callable[[], int]) -> None:
        """``calls``: how many are under way."""
        runtime = config.paths.runtime
        self.crashes = Crashes(clock, runtime / "starts", config.dialling.most_crashes)
        self.power = Power(clock, config.power, runtime / "power-off-wanted")
        self.update = UpdateCommands(clock, calls, runtime, config.paths.state)
        self._rest = (
            ResetCommands(clock, calls, config.paths.state, runtime, FLASHED),
            AccessCommands(runtime, FLASHED),
            NetworkCommands(calls, runtime, FLASHED),
        )

    async def start(self) -> None:
        """Note the start, take up what was planned, look at the supply. The folders are there."""
        if crashes := self.crashes.begin():
            _log.warning("the service has ended %d times without being asked to", crashes)
        await self.update.prepare()
        self.power.start()

    def add_to(self, control: Control) -> None:
        """Answer what can be asked."""
        for commands in (self.update, *self._rest):
            commands.add_to(control)

    async def stop(self) -> None:
        """The stop is in order."""
        await self.update.stop()
        await self.power.stop()
        self.crashes.end()

    def vitals(self) -> Mapping[str, Any]:
        """``health.Vitals``' part of it."""
        return {
            "update_due": self.update.planner.due,
            "crashes": self.crashes.count if self.crashes.looping else 0,
            "power": self.power.worry(),
            "power_stops": self.power.keeps_from_dialling,
        }
