"""Contacts one by one: damaged, double, blocked, changed by two at once, called already."""

from __future__ import annotations

from typing import Any

import pytest

from firmware.model import AgentState, CampaignId, CampaignState, OperatorError
from firmware.store import campaigns, claims, contact_edits, contacts, dnc
from tests.unit.commands.office import CALLER, Box, run
from tests.unit.store.helpers import ANY_HOUR, permit

DAMAGED = [
    ("", "empty_number"),
    ("4,91E+11", "spreadsheet_damage"),
    ("112", "emergency_number"),
    ("030 1", "too_short"),
    ("Anna", "not_a_number"),
]


def settings(list_id: int | None, agents: list[int], **other: Any) -> dict[str, Any]:
    return {
        "name": "Herbst",
        "contact_list_id": list_id,
        "agent_ids": agents,
        "trunk": "provider",
        "caller_id": CALLER,
        "windows": [{"weekday": day, "start_min": 0, "end_min": 1440} for day in range(7)],
        **ANY_HOUR,
        **other,
    }


async def campaign(box: Box, list_id: int, start: bool = True, **other: Any) -> CampaignId:
    agents = [await box.agent()]
    made = await box.ask("campaign.create", settings=settings(list_id, agents, **other))
    if start:
        await box.ask("campaign.start", id=made["id"])
    box.around.agents[agents[0]] = AgentState.READY
    return CampaignId(int(made["id"]))


@pytest.mark.req("GEN-041")
def test_each_row_gets_its_own_answer_in_the_words_of_an_import() -> None:
    async def scene(box: Box) -> None:
        list_id = await box.contact_list(rows=1)
        await box.ask("dnc.add", list_id=1, numbers=["030 23125900"])
        rows = [{"number": text} for text, _ in DAMAGED]
        rows += [
            {"number": "030 23125800", "name": "Ada", "fields": {"Kunde": "7"}, "mobile": "030 23125801"},
            {"number": "+49 30 23125800"},
            {"number": "030 23125000"},
            {"number": "030 23125900"},
            {"number": "030 23125901", "zone": "Europe/Berlni"},
        ]
        results = (await box.ask("contact.add", list_id=list_id, rows=rows))["results"]
        keys = [[problem["key"] for problem in each["problems"]] for each in results]
        assert keys == [
            *([key] for _, key in DAMAGED),
            [],
            ["duplicate"],
            ["duplicate"],
            [],
            ["unknown_zone"],
        ]
        said = [each["result"] for each in results]
        assert said == [*["refused"] * 5, "added", "duplicate", "duplicate", "added", "refused"]
        assert results[-2]["dnc"] == ["Opt-outs"]
        found = await box.store.do(lambda conn: contact_edits.whole(conn, results[5]["contact_id"]))
        assert found is not None
        assert (found.contact.name, dict(found.contact.fields)) == ("Ada", {"Kunde": "7"})
        assert [each.number for each in found.numbers] == ["+493023125800", "+493023125801"]

    run(scene)


def test_a_list_that_is_not_there_takes_nothing() -> None:
    async def scene(box: Box) -> None:
        refused = await box.refused("contact.add", list_id=99, rows=[{"number": "030 23125800"}])
        assert refused == {"list_id": "list_unknown"}
        assert (await box.refused("contact.add", list_id=1, rows=[])) == {"rows": "wrong_length"}

    run(scene)


def test_many_rows_come_through_in_order() -> None:
    async def scene(box: Box) -> None:
        list_id = await box.contact_list(rows=0)
        rows = [{"number": f"+49302312{n:04d}"} for n in range(5000, 6000)]
        results = (await box.ask("contact.add", list_id=list_id, rows=rows))["results"]
        assert [each["number"] for each in results] == [row["number"] for row in rows]
        counts = await box.store.do(lambda conn: contacts.counts(conn, list_id))
        assert counts.open == 1000

    run(scene)


def test_of_two_who_change_a_contact_the_slower_one_is_told() -> None:
    async def scene(box: Box) -> None:
        list_id = await box.contact_list(rows=0)
        row = {"number": "030 23125800", "name": "Ada", "fields": {"a": "1", "b": "2"}}
        ((made),) = (await box.ask("contact.add", list_id=list_id, rows=[row]))["results"]
        contact = made["contact_id"]
        seen = (await box.store.do(lambda conn: contact_edits.whole(conn, contact))).version
        await box.ask(
            "contact.change",
            contact=contact,
            version=seen,
            name="Ada L.",
            priority=5,
            fields={"a": None, "c": "3"},
        )
        stale = await box.refused("contact.change", contact=contact, version=seen, name="Eve")
        assert stale == {"version": "version_stale"}
        found = (await box.store.do(lambda conn: contact_edits.whole(conn, contact))).contact
        assert (found.name, found.priority, dict(found.fields)) == ("Ada L.", 5, {"b": "2", "c": "3"})
        version = contact_edits.version(found)
        bad = await box.refused("contact.change", contact=contact, version=version, zone="Mars/Olympus")
        assert bad == {"zone": "unknown_zone"}
        await box.ask("contact.change", contact=contact, version=version, zone="Europe/Vienna")
        zones = (await box.store.do(lambda conn: contact_edits.whole(conn, contact))).contact.zones
        assert zones == ("Europe/Vienna",)
        gone = await box.refused("contact.change", contact=999, version="x", zone="Europe/Vienna")
        assert gone == {"contact_id": "contact_unknown"}

    run(scene)


def test_who_is_being_called_stays_and_who_was_called_is_closed_not_removed() -> None:
    async def scene(box: Box) -> None:
        list_id = await box.contact_list(rows=2)
        running = await campaign(box, list_id)
        now = box.clock.utc()

        def dial(conn: Any) -> int:
            found = campaigns.get(conn, running)
            return int(claims.claim_due(conn, found, now, 1, permit).claims[0].contact_id)

        called = await box.store.do(dial)
        for command in ("contact.close", "contact.remove"):
            assert await box.refused(command, contact=called) == {"contact_id": "contact_in_flight"}
        other = ({1, 2} - {called}).pop()
        await box.ask("contact.remove", contact=other)
        assert await box.refused("contact.close", contact=other) == {"contact_id": "contact_unknown"}
        await box.store.do(
            lambda conn: conn.execute("UPDATE contact SET state = 'open' WHERE id = ?", (called,))
        )
        assert await box.refused("contact.remove", contact=called) == {"contact_id": "contact_called"}
        assert (await box.ask("contact.close", contact=called)) == {"done": True}
        assert (await box.ask("contact.close", contact=called)) == {"done": False}

    run(scene)


@pytest.mark.req("GEN-041")
def test_a_lead_says_what_keeps_it_waiting() -> None:
    async def scene(box: Box) -> None:
        list_id = await box.contact_list(rows=1)
        running = await campaign(box, list_id)
        lead = await box.ask("lead.add", campaign=running, contact={"number": "030 23125800"}, first=True)
        assert (lead["result"], lead["blocked"], lead["waits_for"]) == ("added", None, [])
        found = await box.store.do(lambda conn: contact_edits.whole(conn, lead["contact_id"]))
        assert found.contact.priority == contact_edits.FIRST
        await box.ask("dnc.add", list_id=1, numbers=["030 23125801"])
        blocked = await box.ask("lead.add", campaign=running, contact={"number": "030 23125801"})
        assert blocked["blocked"] == {"rule": "dnc", "until": None, "figures": {"lists": "Opt-outs"}}
        box.around.trunks["provider"] = False
        box.around.agents.clear()
        await box.ask("campaign.pause", id=running)
        waiting = await box.ask("lead.add", campaign=running, contact={"number": "030 23125802"})
        assert waiting["waits_for"] == ["campaign_not_running", "trunk_down", "no_agent_ready"]
        damaged = await box.refused("lead.add", campaign=running, contact={"number": "4,91E+11"})
        assert damaged == {"number": "spreadsheet_damage"}
        await box.ask("campaign.stop", id=running)
        over = await box.refused("lead.add", campaign=running, contact={"number": "030 23125803"})
        assert over == {"campaign_id": "campaign_over"}
        with pytest.raises(OperatorError, match="no campaign 99"):
            await box.ask("lead.add", campaign=99, contact={"number": "030 23125803"})

    run(scene)


def test_a_lead_that_the_filter_leaves_out_is_taken_and_says_so() -> None:
    async def scene(box: Box) -> None:
        number = await campaign(box, await box.contact_list(rows=1))
        wanted = {"filter": {"field": "Ort", "is": "equals", "value": "Ulm"}}
        await box.ask("campaign.set_order", id=number, order=wanted, who="anna")
        lead = {"number": "030 23125850", "fields": {"Ort": "Bonn"}}
        made = await box.ask("lead.add", campaign=number, contact=lead)
        assert (made["result"], made["blocked"]["rule"]) == ("added", "filtered_out")
        assert made["blocked"]["figures"]["said"] == 'Ort is "Ulm"'
        fits = {"number": "030 23125851", "fields": {"Ort": "Ulm"}}
        made = await box.ask("lead.add", campaign=number, contact=fits)
        assert (made["blocked"], "order_being_prepared" in made["waits_for"]) == (None, True)
        skip = {"name": "later", "moment": "before", "then": [{"do": "skip", "for_s": 600}]}
        await box.ask("campaign.set_rules", id=number, rules=[skip], who="anna")
        made = await box.ask("lead.add", campaign=number, contact={**fits, "number": "030 23125852"})
        assert made["blocked"]["rule"] == "rule_skips"

    run(scene)


def test_a_lead_that_is_there_already_is_put_first_only_before_its_first_call() -> None:
    async def scene(box: Box) -> None:
        list_id = await box.contact_list(rows=1)
        running = await campaign(box, list_id)
        known = {"number": "+493023125000"}
        assert (await box.ask("lead.add", campaign=running, contact=known))["result"] == "duplicate"
        assert (await box.ask("lead.add", campaign=running, contact=known, first=True))["result"] == "raised"
        await box.store.do(lambda conn: conn.execute("UPDATE contact SET attempts = 1, priority = 0"))
        again = await box.ask("lead.add", campaign=running, contact=known, first=True)
        assert again["result"] == "duplicate"
        await box.ask("contact.close", contact=again["contact_id"])
        closed = await box.ask("lead.add", campaign=running, contact=known, first=True)
        assert closed["blocked"]["rule"] == "contact_closed"

    run(scene)


@pytest.mark.req("GEN-041")
def test_a_campaign_that_had_run_out_of_contacts_goes_on_with_a_lead() -> None:
    async def scene(box: Box) -> None:
        running = await campaign(box, await box.contact_list(rows=1))
        now = box.clock.utc()
        await box.store.do(lambda conn: campaigns.set_state(conn, running, CampaignState.FINISHED, now))
        lead = await box.ask("lead.add", campaign=running, contact={"number": "030 23125800"})
        assert lead["waits_for"] == []
        state = await box.store.do(lambda conn: campaigns.get(conn, running).state)
        assert state is CampaignState.RUNNING
        await box.store.do(lambda conn: campaigns.set_state(conn, running, CampaignState.FINISHED, now))
        box.around.trunks["provider"] = False
        still = await box.ask("lead.add", campaign=running, contact={"number": "030 23125801"})
        assert still["waits_for"] == ["campaign_not_running", "trunk_down"]

    run(scene)


@pytest.mark.req("GEN-041")
def test_an_opt_out_by_another_program_counts_at_once() -> None:
    async def scene(box: Box) -> None:
        list_id = await box.contact_list(rows=1)
        running = await campaign(box, list_id)
        await box.ask("dnc.add", list_id=dnc.OPT_OUTS, numbers=["+493023125000"], source="api", who="crm")
        lead = await box.ask("lead.add", campaign=running, contact={"number": "+493023125000"}, first=True)
        assert lead["blocked"]["rule"] == "dnc"

    run(scene)
