"""Forecasts by the real process: whom the rules keep from being called, what is assumed, and how one ends early."""

from __future__ import annotations

import sqlite3
from datetime import date
from typing import Any

import pytest

from firmware.commands import dry_runner
from firmware.model import CallWindow, CampaignSettings
from firmware.store import contacts
from firmware.store.contacts import NewContact
from firmware.store.experience import Experience
from tests.unit.commands.office import CALLER, Box, run

ALWAYS = [{"weekday": day, "start_min": 0, "end_min": 1440} for day in range(7)]


async def campaign(box: Box, **changes: Any) -> int:
    wanted = {
        "name": "Kampagne",
        "windows": ALWAYS,
        "trunk": "provider",
        "caller_id": CALLER,
        "rule_pack": "own",
        "contact_list_id": await box.contact_list(rows=10),
        "agent_ids": [await box.agent("nora")],
        **changes,
    }
    return int((await box.ask("campaign.create", settings=wanted))["id"])


async def ended(box: Box) -> dict[str, Any]:
    """The last word of a forecast."""
    while True:
        event = await box.heard.get()
        if event["event"] == "dry_run" and event["data"]["state"] != "running":
            found: dict[str, Any] = event["data"]
            return found


def test_blocked_contacts_are_counted_by_their_reason_and_the_rest_is_played_through() -> None:
    async def scene(box: Box) -> None:
        number = await campaign(box)

        await box.ask("dnc.add", list_id=1, numbers=["+493023125003", "+493023125004"])
        await box.ask("dry_run.begin", id=number, given={"talk_s": 60, "seed": 7})
        told = await ended(box)
        assert told["problems"] == []
        result = told["result"]
        assert result["contacts"]["open"] == 10
        assert result["contacts"]["never"] == {"dnc": 2}
        assert result["contacts"]["callable"] == 8
        assert result["assumed"]["talk_s"] == 60
        assert result["sources"]["talk_s"] == "given"
        assert result["sources"]["live_share"] == "usual"
        assert {each["mode"] for each in result["own"]} == {"progressive", "power", "predictive"}
        await box.ask("dry_run.begin", id=number, given={"talk_s": 60, "seed": 7})
        assert (await ended(box))["result"] == result

    run(scene)


def test_without_consent_an_advertising_campaign_has_nobody_to_call() -> None:
    async def scene(box: Box) -> None:
        number = await campaign(box, rule_pack="de", purpose="sales")
        await box.ask("dry_run.begin", id=number)
        result = (await ended(box))["result"]
        assert result["contacts"]["never"] == {"no_consent": 10}
        assert result["contacts"]["callable"] == 0

    run(scene)


def test_a_forecast_is_given_up_and_a_wrong_assumption_is_refused_by_its_field() -> None:
    async def scene(box: Box) -> None:
        number = await campaign(box)
        assert await box.refused("dry_run.begin", id=number, given={"live_share": 2, "moon": 1}) == {
            "live_share": "out_of_range",
            "moon": "unknown_setting",
        }
        assert await box.refused("dry_run.begin", id=999) == {"id": "campaign_unknown"}
        await box.ask("dry_run.begin", id=number)
        await box.ask("dry_run.cancel", id=number)
        assert (await ended(box))["state"] == "cancelled"
        await box.ask("dry_run.cancel", id=number)

    run(scene)


def test_the_advice_is_there_at_once() -> None:
    async def scene(box: Box) -> None:
        number = await campaign(box)
        told = await box.ask("dry_run.advice", id=number)
        assert told["key"] == "advise_progressive_with_budget"
        assert told["figures"]["agents"] == 1
        assert not told["learned"]

    run(scene)


# -- what is assumed, without a process ----------------------------------------------------------------------------

OFFICE = CampaignSettings("x", windows=[CallWindow(day, 9 * 60, 13 * 60) for day in range(5)])


def test_what_the_campaign_has_learned_takes_the_place_of_the_usual() -> None:
    seen = Experience(1000, 400, 300, 350, 75.0, 20.0, {9: (250, 50), 10: (250, 150), 11: (500, 200)})
    hours = dry_runner.opening_hours(OFFICE)
    assert hours == (9, 10, 11, 12)
    found, sources = dry_runner.assumptions(OFFICE, seen, hours, 30)
    assert (found.live_share, found.machine_share, found.talk_s, found.wrap_s) == (0.4, 0.5, 75.0, 20.0)
    assert len(found.hourly) == 4
    assert found.hourly[0] < 1.0 < found.hourly[1]
    assert found.hourly[3] == pytest.approx(1.0)
    assert sources["hourly"] == sources["talk_s"] == "learned"


def test_few_attempts_teach_nothing_yet() -> None:
    seen = Experience(20, 20, 0, 2, 5.0, 1.0, {})
    found, sources = dry_runner.assumptions(OFFICE, seen, (9,), 30)
    assert found.live_share == 0.25
    assert set(sources.values()) == {"usual", "settings"}


def test_hours_of_a_day_are_those_left_of_it_and_holidays_have_none() -> None:
    monday_noon = 1_795_431_600.0
    places = (("DE-BE",),)
    assert dry_runner.hours_on(OFFICE, places, monday_noon, date(2026, 11, 23)) == pytest.approx(1.0)
    assert dry_runner.hours_on(OFFICE, places, monday_noon, date(2026, 11, 24)) == 4.0
    assert dry_runner.hours_on(OFFICE, places, monday_noon, date(2026, 12, 25)) == 0.0
    both = (("DE-BY",), ("DE-BE",))
    assert dry_runner.hours_on(OFFICE, both, monday_noon, date(2027, 1, 6)) == 2.0


def test_a_long_list_is_judged_by_an_even_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dry_runner, "MOST_JUDGED", 50)

    async def scene(box: Box) -> None:
        def fill(conn: sqlite3.Connection) -> int:
            made = contacts.create_list(conn, "lang", box.clock.utc())
            contacts.add(conn, made, (NewContact(f"+4930231250{n:02d}") for n in range(100)))
            return made

        number = await campaign(box, contact_list_id=await box.store.do(fill))
        order = dry_runner.DryOrder(str(box.config.paths.database), number, {}, 30, box.clock.utc())
        found = dry_runner.forecast(order, lambda _: None)["contacts"]
        assert (found["open"], found["judged"], found["callable"]) == (100, 50, 100)

    run(scene)
