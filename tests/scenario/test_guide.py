"""``*00`` in a whole box, and that nothing restarts under somebody who called in."""

from __future__ import annotations

from pathlib import Path

import pytest

from firmware.client import Client
from firmware.model import LegId, OperatorError
from tests.scenario.box import running
from tests.scenario.inbound_office import LEG, OFFICE, Office


async def test_a_telephone_that_asks_is_told_and_no_call_is_noted(tmp_path: Path) -> None:
    async with running(Office(tmp_path, OFFICE)) as box:
        facts = await box.service._facts()
        assert facts.trunks == {"provider": True}
        assert (facts.lines, facts.set_up, facts.may_dial) == (0, False, True)
        leg, guide = LegId("o-1"), box.service.aftercare.guide
        box.media.call_in(leg, "anna", "*00", "", "panna")
        await box.clock.advance(1.0)
        assert guide.busy
        box.media.far_end_hangs_up(leg)
        await box.clock.advance(1.0)
        assert not guide.busy
        assert isinstance(box, Office)
        assert await box.calls() == []
        assert box.service.reception.live() == []


async def test_who_called_in_counts_before_anything_restarts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flashed = tmp_path / "flashed"
    flashed.touch()
    monkeypatch.setattr("firmware.appliance.FLASHED", flashed)
    async with running(Office(tmp_path, OFFICE)) as box:
        assert isinstance(box, Office)
        await box.ring()
        async with Client(box.config.paths.control_socket) as client:
            with pytest.raises(OperatorError) as refused:
                await client.ask("network.set", method="dhcp")
            assert refused.value.problems[0].figures == {"calls": 1}
            box.media.far_end_hangs_up(LEG)
            await box.clock.advance(0.1)
            await client.ask("network.set", method="dhcp")
        assert (box.config.paths.runtime / "network-wanted").exists()
