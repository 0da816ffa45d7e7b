"""Agents are told of their campaigns and say that they are there."""

from __future__ import annotations

from pathlib import Path

import pytest

from firmware.client import Client
from firmware.model import CampaignId, CampaignState, OperatorError, UserId
from firmware.store import campaigns, notices
from tests.scenario.box import HUMAN, Box, number, running


async def told(box: Box, agent: UserId) -> list[tuple[str, str]]:
    return [(n["campaign"], n["kind"]) for n in (await box.service.desk_commands.state(agent))["notices"]]


async def confirmed(box: Box, campaign: CampaignId) -> dict[int, bool]:
    found = await box.service.store.do(lambda conn: notices.of_campaign(conn, campaign))
    return {each.user_id: each.confirmed_at is not None for each in found}


async def set_state(box: Box, campaign: CampaignId, state: CampaignState) -> None:
    await box.service.store.do(lambda conn: campaigns.set_state(conn, campaign, state, box.clock.utc()))
    await box.service.campaigns_changed()


@pytest.mark.req("WDE-003", "WDE-004", "WDE-005")
async def test_agents_are_told_and_confirm(tmp_path: Path) -> None:
    async with running(Box(tmp_path, lambda _route, _count: HUMAN)) as box:
        anna, bernd, other = await box.hire("Anna", "Bernd", "Other")
        campaign = await box.run_campaign(await box.import_list([number(1)]), [anna, bernd], rule_pack="own")
        await set_state(box, campaign, CampaignState.PAUSED)
        async with Client(box.config.paths.control_socket) as client:
            await client.ask("campaign.announce", id=campaign)
            assert [await told(box, each) for each in (anna, bernd, other)] == [[("T", "loaded")]] * 2 + [[]]
            (notice,) = (await box.service.desk_commands.state(anna))["notices"]
            await client.ask("desk.confirm_notice", user_id=bernd, id=notice["id"])
            assert await told(box, anna) == [("T", "loaded")], "only oneself"
            await client.ask("desk.confirm_notice", user_id=anna, id=notice["id"])
            assert (await told(box, anna), await told(box, bernd)) == ([], [("T", "loaded")])
            assert await confirmed(box, campaign) == {anna: True, bernd: False}

            await client.ask("campaign.start", id=campaign)
            assert (await told(box, anna), await told(box, bernd)) == ([("T", "started")], [("T", "started")])
            with pytest.raises(OperatorError) as running_already:
                await client.ask("campaign.announce", id=campaign)
            assert running_already.value.problems[0].key == "campaign_running"
            (notice,) = (await box.service.desk_commands.state(anna))["notices"]
            await client.ask("desk.confirm_notice", user_id=anna, id=notice["id"])
            assert await confirmed(box, campaign) == {anna: True, bernd: False}

            await set_state(box, campaign, CampaignState.STOPPED)
            assert await told(box, bernd) == [("T", "loaded")], "it may begin again"
            await set_state(box, campaign, CampaignState.FINISHED)
            assert await told(box, bernd) == []


async def test_a_campaign_without_agents_has_nobody_to_tell(tmp_path: Path) -> None:
    async with running(Box(tmp_path, lambda _route, _count: HUMAN)) as box:
        campaign = await box.run_campaign(await box.import_list([number(1)]), [], rule_pack="own")
        await set_state(box, campaign, CampaignState.PAUSED)
        async with Client(box.config.paths.control_socket) as client:
            with pytest.raises(OperatorError) as refused:
                await client.ask("campaign.announce", id=campaign)
            assert [each.key for each in refused.value.problems] == ["no_agents"]


async def test_what_nobody_confirmed_is_there_after_a_restart(tmp_path: Path) -> None:
    async with running(Box(tmp_path, lambda _route, _count: HUMAN)) as box:
        (anna,) = await box.hire("Anna")
        campaign = await box.run_campaign(await box.import_list([number(1)]), [anna], rule_pack="own")
        await set_state(box, campaign, CampaignState.PAUSED)
        async with Client(box.config.paths.control_socket) as client:
            await client.ask("campaign.announce", id=campaign)
    async with running(Box(tmp_path, lambda _route, _count: HUMAN)) as box:
        assert await told(box, anna) == [("T", "loaded")]
