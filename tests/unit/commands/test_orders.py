"""Orders and rules by command: refused as a whole or in force, tried on one contact, kept while nobody waits."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from firmware.model import CampaignId, CampaignState
from firmware.store import campaigns, ordering, rule_books
from tests.unit.commands.office import Box, run
from tests.unit.commands.test_campaigns import ready, settings

SORT = {"sorts": [{"field": ":number", "as": "text", "descending": True}]}
SKIP = {"name": "Nicht Berlin", "moment": "before", "then": [{"do": "skip"}]}


async def found(box: Box, number: int) -> Any:
    return await box.store.do(lambda conn: rule_books.of_campaign(conn, CampaignId(number)))


def test_what_cannot_be_read_changes_nothing() -> None:
    async def scene(box: Box) -> None:
        number = await ready(box)
        wrong = [{**SKIP, "name": ""}, {**SKIP, "moment": "x"}]
        assert await box.refused("campaign.set_rules", id=number, rules=wrong) == {
            "rules[0].name": "part_malformed",
            "rules[1].moment": "part_malformed",
        }
        assert (await found(box, number)).version == 0
        assert await box.refused("campaign.set_order", id=number, order={"sorts": [{"field": ":x"}]}) == {
            "order.sorts[0].field": "part_malformed"
        }
        assert await box.refused("campaign.set_rules", id=99, rules=[]) == {"id": "campaign_unknown"}
        assert await box.refused("campaign.set_order", id=99, order=SORT) == {"id": "campaign_unknown"}

    run(scene)


def test_rules_are_tried_on_one_contact_and_nothing_changes() -> None:
    async def scene(box: Box) -> None:
        number = await ready(box)
        when = {"field": ":number", "is": "starts", "value": "+49"}
        await box.ask("campaign.set_rules", id=number, rules=[{**SKIP, "when": when}], who="anna")
        told = await box.ask("campaign.try_rules", id=number, number="030 23125000")
        assert (told["fired"], told["held_back"]) == (
            [{"rule": "Nicht Berlin", "then": [{"do": "skip"}]}],
            True,
        )
        after = await box.ask("campaign.try_rules", id=number, contact=1, after=True, disposition="busy")
        assert after["fired"] == []
        assert await box.refused("campaign.try_rules", id=number, number="0") == {"number": "contact_unknown"}
        assert await box.store.do(_fired) == 0

    run(scene)


def _fired(conn: sqlite3.Connection) -> int:
    return int(conn.execute("SELECT count(*) FROM rule_fired").fetchone()[0])


def test_the_order_is_made_in_the_background_and_survives_a_restart(tmp_path: Path) -> None:
    async def order(box: Box) -> None:
        number = await ready(box)
        await box.ask("campaign.set_order", id=number, order=SORT, who="anna")
        await box.ask("campaign.start", id=number)
        await box.store.do(_begin)
        while await box.store.do(lambda conn: ordering.waits(conn, CampaignId(number))):
            await box.clock.advance(1.0)

    async def again(box: Box) -> None:
        (number, spec) = await box.store.do(_first)
        assert spec.sorts[0].descending
        assert not await box.store.do(lambda conn: ordering.waits(conn, number))

    run(order, tmp_path)
    run(again, tmp_path)


def test_a_campaign_whose_rules_would_go_round_with_another_list_does_not_start() -> None:
    async def scene(box: Box) -> None:
        one, two, three = [await box.contact_list(1, name) for name in ("a", "b", "c")]
        first = await ready(box, contact_list_id=one)
        agents = (await box.store.do(lambda conn: campaigns.get(conn, CampaignId(first)))).settings.agent_ids
        plain = settings(contact_list_id=three, agent_ids=list(agents))
        second = (await box.ask("campaign.create", settings=plain))["id"]
        for number, target in ((first, two), (second, one)):
            move = {"name": f"to {target}", "moment": "after", "then": [{"do": "move", "list_id": target}]}
            await box.ask("campaign.set_rules", id=number, rules=[move])
        wanted = settings(contact_list_id=two, agent_ids=list(agents))
        await box.ask("campaign.update", id=second, settings=wanted)
        assert await box.refused("campaign.start", id=second) == {"rules": "rules_loop"}

    run(scene)


def _first(conn: sqlite3.Connection) -> tuple[CampaignId, Any]:
    running = [each for each in campaigns.every(conn) if each.state is CampaignState.RUNNING]
    return running[0].id, ordering.order_of(conn, running[0].id)


def _begin(conn: sqlite3.Connection) -> None:
    """What a claim does first, too little for the three contacts of the list."""
    campaign = campaigns.get(conn, _first(conn)[0])
    ordering.current(conn, campaign, 0.0, rows=1)
