"""Permits in the whole box: what leaves it carries a stored permit, rules stop and let go, restarts break no chain."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from firmware.client import Client
from firmware.store import permits
from firmware.trunks.base import TrunkRoute
from tests.scenario.box import HUMAN, Box, number, running

CORPUS_CHRISTI = datetime(2027, 5, 27, 17, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()
"""A Thursday: a holiday in Bavaria, none in Berlin."""


async def test_every_call_that_leaves_carries_its_stored_permit(tmp_path: Path) -> None:
    box = Box(tmp_path, lambda _route, _count: HUMAN)
    async with running(box):
        agents = await box.hire("anna", "bernd")
        await box.run_campaign(await box.import_list(number(i) for i in range(6)), agents)
        await box.ready(*agents)
        await box.advance_working(240)
        stored = {attempt.number: attempt.permit for attempt in await box.attempts()}
        routes = [placed.route for placed in box.media.placed if placed.route.kind == "trunk"]
        assert len(routes) == 6
        for route in routes:
            assert isinstance(route, TrunkRoute)
            assert route.permit == stored[route.address]
        chain = await box.service.store.do(permits.verify)
        assert (chain.fault, chain.checked) == ("", 6)
        async with Client(box.config.paths.control_socket) as client:
            uid = (await box.attempts())[3].uid
            told = await client.ask("attempt.permit", uid=uid)
        assert (told["again"], told["link"]["seq"], told["head"]["seq"]) == ("same", 4, 6)


async def test_a_restart_goes_on_with_the_chain(tmp_path: Path) -> None:
    for round_ in range(2):
        box = Box(tmp_path, lambda _route, _count: HUMAN)
        async with running(box):
            agents = await box.hire(f"agent{round_}")
            await box.run_campaign(await box.import_list([number(round_)]), agents)
            await box.ready(*agents)
            await box.advance_working(60)
            chain = await box.service.store.do(permits.verify)
            assert (chain.fault, chain.checked) == ("", round_ + 1)


@pytest.mark.req("GEN-063")
async def test_a_holiday_there_is_kept_and_ends(tmp_path: Path) -> None:
    box = Box(tmp_path, lambda _route, _count: HUMAN, at=CORPUS_CHRISTI)
    munich, berlin = "+498923125001", number(1)
    async with running(box):
        agents = await box.hire("anna")
        await box.run_campaign(await box.import_list([munich, berlin]), agents)
        await box.ready(*agents)
        await box.advance_working(120)
        assert box.dialled == [berlin]
        async with Client(box.config.paths.control_socket) as client:
            (answer,) = (await client.ask("contact.why", number=munich))["answers"]
        assert [block["rule"] for block in answer["blocks"]] == ["not_due", "holiday"]
        friday = datetime(2027, 5, 28, 8, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()
        assert answer["callable_at"] == friday
        await box.clock.advance(friday - box.clock.utc() + 1)
        await box.ready(*agents)
        await box.advance_working(30)
        assert box.dialled == [berlin, munich]
