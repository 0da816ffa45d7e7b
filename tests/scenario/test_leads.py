"""A lead from another program on a whole box: dialled on the next wake, or told why not; and a webhook says so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from firmware.client import Client
from firmware.dialler import SOON_S
from firmware.model import CampaignState, DiallingMode, PreviewOffer
from firmware.rulebook import reading
from firmware.store import ordering, webhooks
from firmware.trunks.base import Route
from firmware.trunks.simulated import FarEnd
from tests.scenario.box import HUMAN, Box, number, running


def people(route: Route, count: int) -> FarEnd:
    return HUMAN


async def ask(box: Box, do: str, **args: Any) -> Any:
    async with Client(box.config.paths.control_socket) as client:
        return await client.ask(do, **args)


async def finish(box: Box) -> None:
    """Let the call and its wrap-up pass."""
    await box.advance_working(60)


@pytest.mark.req("GEN-013", "GEN-041")
async def test_a_lead_is_dialled_on_the_next_wake_before_everybody_else(tmp_path: Path) -> None:
    """No timer but the one that gathers a burst of wakes passes: a lead does not wait for the dialler's tick."""
    async with running(Box(tmp_path, people)) as box:
        box.service.dialler._tick_s = 3600.0  # so that only a wake can be what dials
        (anna,) = await box.hire("Anna")
        list_id = await box.import_list([number(i) for i in range(1, 50)])
        tomorrow = box.clock.utc() + 86400.0
        await box.service.store.do(lambda conn: conn.execute("UPDATE contact SET next_at = ?", (tomorrow,)))
        campaign = await box.run_campaign(list_id, [anna], mode=DiallingMode.PROGRESSIVE)
        await box.ready(anna)
        for _ in range(5):
            await box.clock.advance(1.0)
        assert box.dialled == []
        lead = await ask(box, "lead.add", campaign=campaign, contact={"number": number(77)}, first=True)
        assert (lead["result"], lead["blocked"], lead["waits_for"]) == ("added", None, [])
        assert box.dialled == []
        await box.clock.advance(SOON_S)
        assert box.dialled == [number(77)]


@pytest.mark.req("GEN-013", "GEN-041")
async def test_a_campaign_that_was_done_goes_on_with_a_lead(tmp_path: Path) -> None:
    async with running(Box(tmp_path, people)) as box:
        (anna,) = await box.hire("Anna")
        campaign = await box.run_campaign(await box.import_list([number(1)]), [anna])
        await box.ready(anna)
        await finish(box)
        assert await box.state(campaign) is CampaignState.FINISHED
        await ask(box, "lead.add", campaign=campaign, contact={"number": number(77)}, first=True)
        await box.clock.advance(SOON_S)
        assert box.dialled == [number(1), number(77)]


@pytest.mark.req("GEN-013")
async def test_in_preview_a_lead_lies_before_the_agent_at_once(tmp_path: Path) -> None:
    async with running(Box(tmp_path, people)) as box:
        (anna,) = await box.hire("Anna")
        campaign = await box.run_campaign(
            await box.import_list([number(1)]),
            [anna],
            mode=DiallingMode.PREVIEW,
            preview_offer=PreviewOffer.PUSH,
        )
        lead = await ask(box, "lead.add", campaign=campaign, contact={"number": number(77)}, first=True)
        await box.ready(anna)
        shown = dict(await box.service.desk_commands.state(anna))
        assert shown["offer"]["number"] == number(77)
        assert lead["waits_for"] == ["no_agent_ready"]


@pytest.mark.req("GEN-041")
async def test_a_lead_on_a_dnc_list_is_never_dialled_and_says_so(tmp_path: Path) -> None:
    async with running(Box(tmp_path, people)) as box:
        (anna,) = await box.hire("Anna")
        campaign = await box.run_campaign(await box.import_list([number(1)]), [anna])
        await ask(box, "dnc.add", list_id=1, numbers=[number(77)])
        lead = await ask(box, "lead.add", campaign=campaign, contact={"number": number(77)}, first=True)
        assert lead["blocked"]["rule"] == "dnc"
        await box.ready(anna)
        await finish(box)
        assert box.dialled == [number(1)]


async def test_a_call_that_ends_is_told_in_the_transaction_that_ends_it(tmp_path: Path) -> None:
    async with running(Box(tmp_path, people)) as box:
        (anna,) = await box.hire("Anna")
        now = box.clock.utc()
        hook = await box.service.store.do(
            lambda conn: webhooks.subscribe(
                conn, "https://crm.invalid/", "whsec_AAAA", ["attempt.ended"], None, "Anna", now
            )
        )
        await box.run_campaign(await box.import_list([number(1)]), [anna])
        await box.ready(anna)
        await finish(box)
        (attempt,) = await box.attempts()
        (told,) = await box.service.store.do(lambda conn: webhooks.deliveries(conn, hook, 0, 9))
        assert (json.loads(told.body)["attempt"], told.at) == (attempt.uid, attempt.disposed_at)


@pytest.mark.req("GEN-013")
async def test_a_lead_goes_before_everybody_in_a_campaign_with_an_order_of_its_own(tmp_path: Path) -> None:
    async with running(Box(tmp_path, people)) as box:
        (anna,) = await box.hire("Anna")
        now = box.clock.utc()
        campaign = await box.run_campaign(await box.import_list([number(1), number(2)]), [anna])
        by_name = reading.order({"sorts": [{"field": ":name", "as": "text", "descending": False}]})
        await box.service.store.do(lambda conn: ordering.set_order(conn, campaign, by_name, "Anna", now))
        contact = {"number": number(77), "name": "Zoe"}
        await ask(box, "lead.add", campaign=campaign, contact=contact, first=True)
        await box.ready(anna)
        assert box.dialled == [number(77)]
