"""Campaigns: everything that stands against a start is told at once, and what is asked twice happens once."""

from __future__ import annotations

from typing import Any

import pytest

from firmware.model import CampaignId, CampaignState
from firmware.store import campaigns
from tests.unit.commands.office import CALLER, Box, run

ALWAYS = [{"weekday": day, "start_min": 0, "end_min": 1440} for day in range(7)]


def settings(**changes: Any) -> dict[str, Any]:
    return {"name": "Kampagne", "windows": ALWAYS, "trunk": "provider", "caller_id": CALLER, **changes}


async def ready(box: Box, **changes: Any) -> int:
    """A campaign that could start."""
    wanted = {"contact_list_id": await box.contact_list(), **changes}
    wanted.setdefault("agent_ids", [await box.agent("nora")])
    return int((await box.ask("campaign.create", settings=settings(**wanted)))["id"])


async def state_of(box: Box, number: int) -> CampaignState:
    return (await box.store.do(lambda conn: campaigns.get(conn, CampaignId(number)))).state


@pytest.mark.req("GEN-049")
def test_everything_against_a_start_is_told_at_once() -> None:
    async def scene(box: Box) -> None:
        made = await box.ask("campaign.create", settings={"name": "Leer"})
        assert await box.refused("campaign.start", id=made["id"]) == {
            "agent_ids": "no_agents",
            "contact_list_id": "no_contact_list",
            "trunk": "no_trunk",
            "caller_id": "caller_id_missing",
        }
        assert await state_of(box, made["id"]) is CampaignState.DRAFT

    run(scene)


def test_a_trunk_that_is_down_or_gone() -> None:
    async def scene(box: Box) -> None:
        number = await ready(box, trunk="other")
        assert await box.refused("campaign.start", id=number) == {"trunk": "trunk_down"}
        box.around.trunks["other"] = True
        await box.ask("campaign.start", id=number)
        assert await state_of(box, number) is CampaignState.RUNNING

    run(scene)


def test_calling_ahead_of_agents_needs_words_for_whoever_finds_none() -> None:
    async def scene(box: Box) -> None:
        number = await ready(box, mode="predictive")
        assert await box.refused("campaign.start", id=number) == {"abandon_text": "no_abandon_text"}
        text = "Hier ist {caller_name} wegen {reason}."
        await box.ask(
            "campaign.change", id=number, changes={"abandon_text": text, "caller_name": "Muster GmbH"}
        )
        assert await box.refused("campaign.start", id=number) == {
            "abandon_text": "abandon_text_lacks",
            "call_reason": "abandon_field_empty",
        }
        said = {"abandon_text": f"{text} Rückruf: {{number}}", "call_reason": "Ihrer Bestellung"}
        await box.ask("campaign.change", id=number, changes=said)
        await box.ask("campaign.start", id=number)
        assert await state_of(box, number) is CampaignState.RUNNING

    run(scene)


def test_a_list_without_anybody() -> None:
    async def scene(box: Box) -> None:
        number = await ready(box, contact_list_id=await box.contact_list(rows=0))
        assert await box.refused("campaign.start", id=number) == {"contact_list_id": "list_empty"}

    run(scene)


def test_a_list_another_running_campaign_uses() -> None:
    async def scene(box: Box) -> None:
        number = await box.contact_list()
        agents = [await box.agent()]
        both = [
            (await box.ask("campaign.create", settings=settings(contact_list_id=number, agent_ids=agents)))[
                "id"
            ]
            for _ in range(2)
        ]
        await box.ask("campaign.start", id=both[0])
        refused = await box.refused("campaign.start", id=both[1])
        assert refused == {"contact_list_id": "list_in_other_campaign"}
        await box.ask("campaign.stop", id=both[0])
        await box.ask("campaign.start", id=both[1])

    run(scene)


def test_agents_and_lists_that_do_not_exist() -> None:
    async def scene(box: Box) -> None:
        wanted = settings(contact_list_id=77, agent_ids=[88], dnc_list_ids=[99])
        assert await box.refused("campaign.create", settings=wanted) == {
            "contact_list_id": "list_unknown",
            "agent_ids": "agent_unknown",
            "dnc_list_ids": "dnc_list_unknown",
        }

    run(scene)


def test_an_agent_who_was_removed_stands_against_a_start() -> None:
    async def scene(box: Box) -> None:
        agent = await box.agent()
        number = await ready(box, agent_ids=[agent, await box.agent("bert")])
        await box.ask("user.remove", id=agent)
        assert await box.refused("campaign.start", id=number) == {"agent_ids": "agent_unknown"}

    run(scene)


def test_settings_are_checked_with_every_mistake_at_once() -> None:
    async def scene(box: Box) -> None:
        found = await box.refused(
            "campaign.create", settings=settings(max_attempts=0, caller_id="+493023125999", hold_s="x")
        )
        assert set(found) == {"max_attempts", "caller_id", "hold_s"}
        assert await box.refused("campaign.create", settings=[]) == {"settings": "wrong_type"}

    run(scene)


def test_what_is_done_twice_happens_once() -> None:
    async def scene(box: Box) -> None:
        number = await ready(box)
        for action, state in (("start", "running"), ("pause", "paused"), ("stop", "stopped")):
            for _ in range(2):
                await box.ask(f"campaign.{action}", id=number)
                assert await state_of(box, number) == state

    run(scene)


def test_a_draft_can_neither_pause_nor_stop_and_a_stopped_one_not_pause() -> None:
    async def scene(box: Box) -> None:
        number = await ready(box)
        for action in ("pause", "stop"):
            assert await box.refused(f"campaign.{action}", id=number) == {"id": "campaign_not_started"}
        await box.ask("campaign.start", id=number)
        await box.ask("campaign.stop", id=number)
        assert await box.refused("campaign.pause", id=number) == {"id": "campaign_over"}

    run(scene)


def test_a_running_campaign_keeps_its_list_and_stays_able_to_run() -> None:
    async def scene(box: Box) -> None:
        number, other = await ready(box), await box.contact_list(name="Zweite")
        await box.ask("campaign.start", id=number)
        found = await box.store.do(lambda conn: campaigns.get(conn, CampaignId(number)))
        same = {
            "contact_list_id": found.settings.contact_list_id,
            "agent_ids": list(found.settings.agent_ids),
        }
        moved = settings(**{**same, "contact_list_id": other})
        refused = await box.refused("campaign.update", id=number, settings=moved)
        assert refused == {"contact_list_id": "campaign_running"}
        nobody = settings(**{**same, "agent_ids": []})
        assert await box.refused("campaign.update", id=number, settings=nobody) == {"agent_ids": "no_agents"}
        await box.ask("campaign.update", id=number, settings=settings(**same, max_attempts=5))
        found = await box.store.do(lambda conn: campaigns.get(conn, CampaignId(number)))
        assert found.settings.max_attempts == 5

    run(scene)


def test_a_campaign_nobody_knows() -> None:
    async def scene(box: Box) -> None:
        for action in ("start", "pause", "stop", "delete"):
            assert await box.refused(f"campaign.{action}", id=5) == {"id": "campaign_unknown"}

    run(scene)


def test_only_a_draft_is_deleted_and_the_service_is_told() -> None:
    async def scene(box: Box) -> None:
        number = await ready(box)
        await box.ask("campaign.start", id=number)
        await box.ask("campaign.stop", id=number)
        assert await box.refused("campaign.delete", id=number) == {"id": "campaign_not_draft"}
        draft = (await box.ask("campaign.create", settings=settings()))["id"]
        before = box.around.campaigns_changed
        await box.ask("campaign.delete", id=draft)
        assert box.around.gone == [draft]
        assert box.around.campaigns_changed == before + 1

    run(scene)


def test_a_draft_is_changed_bit_by_bit_and_nothing_else_of_it_moves() -> None:
    async def scene(box: Box) -> None:
        number = await ready(box, max_attempts=5)
        assert await box.ask("campaign.change", id=number, changes={"name": "Anders"}) == {"fitted": []}
        found = await box.store.do(lambda conn: campaigns.get(conn, CampaignId(number)))
        assert (found.settings.name, found.settings.max_attempts) == ("Anders", 5)
        wrong = {"max_attempts": 99, "agent_ids": [12345], "moon": 1}
        assert set(await box.refused("campaign.change", id=number, changes=wrong)) == {"max_attempts", "moon"}
        assert await box.refused("campaign.change", id=number, changes={"agent_ids": [12345]}) == {
            "agent_ids": "agent_unknown"
        }
        await box.ask("campaign.start", id=number)
        assert await box.refused("campaign.change", id=number, changes={"name": "x"}) == {"id": "draft_only"}

    run(scene)


def test_a_change_of_rules_takes_along_what_they_forbid() -> None:
    async def scene(box: Box) -> None:
        number = await ready(box, rule_pack="us", ring_timeout_s=55)
        assert await box.refused("campaign.change", id=number, changes={"rule_pack": "de"}) == {
            "ring_timeout_s": "against_rules"
        }
        told = await box.ask("campaign.change", id=number, changes={"rule_pack": "de"}, fit=True)
        assert told == {"fitted": ["ring_timeout_s"]}
        found = await box.store.do(lambda conn: campaigns.get(conn, CampaignId(number)))
        assert found.settings.ring_timeout_s == 40.0

    run(scene)


def test_what_stands_against_a_start_is_told_without_trying() -> None:
    async def scene(box: Box) -> None:
        made = await box.ask("campaign.create", settings={"name": "Leer"})
        told = await box.ask("campaign.obstacles", id=made["id"])
        assert {each["where"] for each in told["problems"]} == {
            "agent_ids",
            "contact_list_id",
            "trunk",
            "caller_id",
        }
        assert await box.ask("campaign.obstacles", id=await ready(box)) == {"problems": []}

    run(scene)
