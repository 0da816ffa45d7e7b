"""The supply of power: what NUT may say or not say, and what the box makes of it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from firmware.clock import FakeClock
from firmware.config import PowerConfig
from firmware.power import LOOK_S, SILENT_S, Power, Supply

UPSD = Path(__file__).with_name("upsd.py")


class Office:
    """A supply, its upsd as a process, and the box that asks it."""

    def __init__(self, folder: Path) -> None:
        self.variables = folder / "variables"
        self.off = folder / "power-off-wanted"
        self.clock = FakeClock()

    async def start(self) -> None:
        self.tell("ups.status OL CHRG", "battery.charge 100")
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, str(UPSD), str(self.variables), stdout=asyncio.subprocess.PIPE
        )
        assert self.process.stdout is not None
        port = int(await self.process.stdout.readline())
        config = PowerConfig(ups="office", server=f"127.0.0.1:{port}", low_percent=25)
        self.power = Power(self.clock, config, self.off)
        self.power.start()
        await self.until(Supply.MAINS)

    def tell(self, *lines: str) -> None:
        made = self.variables.with_suffix(".new")
        made.write_text("\n".join(lines))
        made.replace(self.variables)

    async def until(self, supply: Supply) -> None:
        """Let time pass until the box has seen it."""
        async with asyncio.timeout(60):
            while self.power.supply is not supply:
                await self.clock.advance(LOOK_S)
                await asyncio.sleep(0.01)

    async def stop(self) -> None:
        await self.power.stop()
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    made = Office(tmp_path)
    await made.start()
    try:
        yield made
    finally:
        await made.stop()


@pytest.mark.parametrize("said", ["stale", "battery.charge 80"])
async def test_a_supply_nobody_knows_about_is_a_worry_and_no_reason_to_stop(
    office: Office, said: str
) -> None:
    office.tell(said)
    await office.until(Supply.SILENT)
    assert office.power.worry()[0] == "power_unknown"
    assert not office.power.keeps_from_dialling
    assert not office.off.exists()


async def test_on_battery_no_call_is_placed_and_with_the_mains_all_goes_on(office: Office) -> None:
    office.tell("ups.status OB DISCHRG", "battery.charge 64")
    await office.until(Supply.BATTERY)
    assert office.power.worry() == ("power_on_battery", {"percent": 64})
    assert office.power.keeps_from_dialling
    office.tell("ups.status OL CHRG")
    await office.until(Supply.MAINS)
    assert office.power.worry() == ("", {})
    assert not office.off.exists()


@pytest.mark.parametrize(
    "said", [("ups.status OB LB",), ("ups.status OB", "battery.charge 24"), ("ups.status FSD OL",)]
)
async def test_a_low_battery_switches_the_machine_off(office: Office, said: tuple[str, ...]) -> None:
    office.tell(*said)
    await office.until(Supply.LOW)
    assert office.off.exists()


async def test_silence_on_battery_is_taken_for_the_worst(office: Office) -> None:
    office.tell("ups.status OB", "battery.charge 90")
    await office.until(Supply.BATTERY)
    office.process.kill()
    await office.process.wait()
    await office.until(Supply.LOW)
    assert office.off.exists()
    assert SILENT_S > LOOK_S


async def test_a_box_without_a_supply_asks_nobody(tmp_path: Path) -> None:
    power = Power(FakeClock(), PowerConfig(), tmp_path / "off")
    power.start()
    assert (power.supply, power.worry()) == (Supply.NONE, ("", {}))
    await power.stop()
