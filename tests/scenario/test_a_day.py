"""Campaigns dialled to their end, on a fake clock."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from firmware.model import (
    AgentState,
    AmdLabel,
    CallWindow,
    CampaignState,
    Disposition,
    HangupCause,
    RetryRule,
    Side,
)
from firmware.store import audit, campaigns, dnc
from firmware.trunks.base import Route
from firmware.trunks.simulated import FarEnd
from tests.scenario.box import HUMAN, MONDAY_10, PROVIDER, Box, number, refused, running

MACHINE = FarEnd(answers_after_s=12.0, label=AmdLabel.MACHINE, recognised_after_s=2.0)
NOBODY = FarEnd()


async def test_a_list_of_people_is_talked_to_until_its_end(tmp_path: Path) -> None:
    async with running(Box(tmp_path, lambda route, count: HUMAN)) as box:
        anna, bernd = await box.hire("Anna", "Bernd")
        list_id = await box.import_list(number(i) for i in range(10))
        campaign = await box.run_campaign(list_id, [anna, bernd])
        await box.ready(anna, bernd)
        await box.advance_working(300)
        assert await box.state(campaign) is CampaignState.FINISHED
        counters = await box.counters(campaign)
        assert (counters.closed, counters.attempts, counters.live_answers, counters.abandoned) == (
            10,
            10,
            10,
            0,
        )
        assert counters.dispositions == {Disposition.CONTACTED: 10}
        assert sorted(box.dialled) == [number(i) for i in range(10)]
        first = (await box.attempts())[0]
        assert first.hangup_cause is HangupCause.NORMAL
        assert first.ended_by is Side.CUSTOMER
        assert first.permit.window.startswith("Mon")
        assert first.permit.local_time.startswith("2027-01-04T10:00")
        assert box.service.switchboard.live() == []


@pytest.mark.req("GEN-003", "GEN-080")
async def test_never_more_calls_without_an_agent_than_agents_who_are_ready(tmp_path: Path) -> None:
    """Progressive, seen at every event: after a call starts, calls without an agent <= ready agents."""

    def far_end(route: Route, count: int) -> FarEnd:
        kind = int(route.address[-1])
        return (HUMAN, MACHINE, NOBODY, refused(1.0, 486, HangupCause.BUSY))[kind % 4]

    async with running(Box(tmp_path, far_end)) as box:
        agents = await box.hire("Anna", "Bernd", "Clara")
        list_id = await box.import_list(number(i) for i in range(60))
        placed = 0
        originate = box.media.originate

        def watched(leg, route, caller_id, ring_timeout_s) -> None:  # type: ignore[no-untyped-def]
            nonlocal placed
            if route.kind == "trunk":
                placed += 1
                waiting = [c for c in box.service.switchboard.live() if c.needs_agent and c.reserved is None]
                assert len(waiting) <= len(box.service.desks.available(agents))
            originate(leg, route, caller_id, ring_timeout_s)

        box.media.originate = watched  # type: ignore[method-assign]
        await box.run_campaign(list_id, agents)
        await box.ready(*agents)
        await box.advance_working(900)
        assert placed >= 60


async def test_machines_busy_lines_and_silence_end_with_their_disposition_and_are_tried_again(
    tmp_path: Path,
) -> None:
    again = RetryRule(60.0, 2)

    def far_end(route: Route, count: int) -> FarEnd:
        if count > 1:
            return HUMAN
        return {"0": MACHINE, "1": refused(0.5, 486, HangupCause.BUSY), "2": NOBODY}[route.address[-1]]

    async with running(Box(tmp_path, far_end)) as box:
        (anna,) = await box.hire("Anna")
        list_id = await box.import_list([number(10), number(11), number(12)])
        kinds = (Disposition.MACHINE, Disposition.BUSY, Disposition.NO_ANSWER)
        campaign = await box.run_campaign(list_id, [anna], min_gap_s=30.0, retry=dict.fromkeys(kinds, again))
        await box.ready(anna)
        await box.advance_working(400)
        counters = await box.counters(campaign)
        assert counters.dispositions == {**dict.fromkeys(kinds, 1), Disposition.CONTACTED: 3}
        for address in set(box.dialled):
            times = [p.at for p in box.media.placed if p.route.address == address]
            assert len(times) == 2
            assert times[1] - times[0] >= 60.0
        assert await box.state(campaign) is CampaignState.FINISHED


@pytest.mark.req("GEN-047", "GEN-072")
async def test_who_is_on_a_dnc_list_is_not_called(tmp_path: Path) -> None:
    async with running(Box(tmp_path, lambda route, count: HUMAN)) as box:
        (anna,) = await box.hire("Anna")
        store = box.service.store
        own = await store.do(lambda conn: dnc.create_list(conn, "Own", box.clock.utc()))
        await store.do(lambda conn: dnc.add(conn, own, [number(1)], "test", box.clock.utc()))
        await store.do(lambda conn: dnc.add(conn, dnc.OPT_OUTS, [number(2)], "test", box.clock.utc()))
        list_id = await box.import_list(number(i) for i in range(4))
        campaign = await box.run_campaign(list_id, [anna], dnc_list_ids=(own,))
        await box.ready(anna)
        await box.advance_working(200)
        assert sorted(box.dialled) == [number(0), number(3)]
        counters = await box.counters(campaign)
        assert counters.refused == {"dnc": 2}
        assert await box.state(campaign) is CampaignState.FINISHED
        assert {a.permit.dnc_lists["Own"] for a in await box.attempts()} == {2}


@pytest.mark.req("GEN-028", "GEN-074", "GEN-075")
async def test_asked_never_to_be_called_again_it_is_so_at_once_and_in_every_list(tmp_path: Path) -> None:
    async with running(Box(tmp_path, lambda route, count: HUMAN)) as box:
        (anna,) = await box.hire("Anna")
        campaign = await box.run_campaign(await box.import_list([number(1)]), [anna])
        await box.ready(anna)
        await box.advance_working(60, code="do_not_call")
        assert (await box.counters(campaign)).dispositions == {Disposition.DO_NOT_CALL: 1}
        again = await box.run_campaign(await box.import_list([number(1), number(2)]), [anna])
        await box.advance_working(60)
        assert box.dialled == [number(1), number(2)]
        assert (await box.counters(again)).refused == {"dnc": 1}
        journal = box.config.paths.opt_out_journal.read_text()
        assert number(1).removeprefix("+") in journal


async def test_the_call_window_is_the_contacts_own(tmp_path: Path) -> None:
    """Ten in Berlin is four in New York: the New Yorker's window opens five hours later."""
    nine_to_six = tuple(CallWindow(day, 9 * 60, 18 * 60) for day in range(7))
    async with running(Box(tmp_path, lambda route, count: HUMAN)) as box:
        (anna,) = await box.hire("Anna")
        list_id = await box.import_list(["+12125550101"], zones=("America/New_York",))
        await box.run_campaign(list_id, [anna], windows=nine_to_six)
        await box.ready(anna)
        await box.clock.advance(4.9 * 3600)
        assert box.dialled == []
        await box.clock.advance(0.2 * 3600)
        assert box.dialled == ["+12125550101"]
        placed = next(p for p in box.media.placed if p.route.kind == "trunk")
        assert 0 <= placed.at - (MONDAY_10 + 5 * 3600) <= 2.0


async def test_nobody_ready_nobody_dialled_and_the_page_says_why(tmp_path: Path) -> None:
    async with running(Box(tmp_path, lambda route, count: HUMAN)) as box:
        (anna,) = await box.hire("Anna")
        campaign = await box.run_campaign(await box.import_list([number(1)]), [anna])
        await box.clock.advance(10.0)
        assert box.dialled == []
        (shown,) = box.service.hub.snapshot()["campaigns"]
        assert shown["pacing"]["reason"] == "nobody_ready"
        assert (shown["id"], shown["open"]) == (campaign, 1)


async def test_dialling_stops_at_once_when_the_last_agent_leaves(tmp_path: Path) -> None:
    async with running(Box(tmp_path, lambda route, count: NOBODY)) as box:
        (anna,) = await box.hire("Anna")
        await box.run_campaign(await box.import_list(number(i) for i in range(20)), [anna])
        await box.ready(anna)
        await box.clock.advance(60.0)
        before = len(box.dialled)
        box.service.desks.log_out(anna)
        await box.clock.advance(300.0)
        assert 1 <= len(box.dialled) == before


@pytest.mark.parametrize(
    ("free_share", "reason"), [(0.04, "disk_full"), (0.5, "trunk_down")], ids=["disk full", "trunk down"]
)
async def test_what_forbids_dialling_is_said_and_lifted(
    tmp_path: Path, free_share: float, reason: str
) -> None:
    async with running(Box(tmp_path, lambda route, count: HUMAN)) as box:
        (anna,) = await box.hire("Anna")
        await box.ready(anna)
        box.machine.free_share = free_share
        box.outside.trunks["provider"] = reason != "trunk_down"
        await box.clock.advance(5.0)
        await box.run_campaign(await box.import_list([number(1)]), [anna])
        await box.clock.advance(20.0)
        assert box.dialled == []
        (shown,) = box.service.hub.snapshot()["campaigns"]
        assert shown["pacing"]["reason"] == reason
        box.machine.free_share, box.outside.trunks["provider"] = 0.5, True
        await box.clock.advance(10.0)
        assert box.dialled == [number(1)]


async def test_a_clock_behind_the_records_forbids_dialling_but_not_results(tmp_path: Path) -> None:
    async with running(Box(tmp_path, lambda route, count: HUMAN)) as box:
        (anna,) = await box.hire("Anna")
        campaign = await box.run_campaign(await box.import_list([number(1), number(2)]), [anna])
        await box.ready(anna)
        await box.clock.advance(38.0)
        assert box.service.desks.agent(anna).state is AgentState.WRAP_UP
        box.clock.step_utc(-86_400.0)
        await box.wrap_up_all()
        await box.clock.advance(60.0)
        assert (await box.counters(campaign)).dispositions == {Disposition.CONTACTED: 1}
        assert len(box.dialled) == 1
        assert box.service.hub.snapshot()["box"]["why_not"][0]["key"] == "clock_implausible"


async def test_the_wrap_up_limit_gives_the_automatic_result(tmp_path: Path) -> None:
    async with running(Box(tmp_path, lambda route, count: HUMAN)) as box:
        (anna,) = await box.hire("Anna")
        campaign = await box.run_campaign(await box.import_list([number(1)]), [anna], wrap_up_limit_s=20.0)
        await box.ready(anna)
        await box.clock.advance(36.0)
        assert (await box.counters(campaign)).dispositions == {}
        await box.clock.advance(22.0)
        assert (await box.counters(campaign)).dispositions == {Disposition.CONTACTED: 1}
        assert box.service.desks.agent(anna).state is AgentState.READY


async def test_an_agent_who_leaves_at_the_wrong_moment_makes_an_abandoned_call_that_is_counted(
    tmp_path: Path,
) -> None:
    async with running(Box(tmp_path, lambda route, count: FarEnd(answers_after_s=4.0))) as box:
        (anna,) = await box.hire("Anna")
        campaign = await box.run_campaign(await box.import_list([number(1)]), [anna])
        await box.ready(anna)
        await box.clock.advance(2.0)
        box.service.desks.pause(anna, "coffee")
        await box.clock.advance(30.0)
        counters = await box.counters(campaign)
        assert (counters.live_answers, counters.abandoned, counters.abandon_rate) == (1, 1, 1.0)
        await box.ready(anna)
        await box.clock.advance(3600.0)
        assert len(box.dialled) == 1


@pytest.mark.req("GEN-028")
async def test_a_callback_is_made_at_its_time(tmp_path: Path) -> None:
    async with running(Box(tmp_path, lambda route, count: HUMAN)) as box:
        (anna,) = await box.hire("Anna")
        await box.run_campaign(await box.import_list([number(1)]), [anna], min_gap_s=60.0)
        await box.ready(anna)
        await box.clock.advance(40.0)
        agent = box.service.desks.agent(anna)
        assert agent.attempt is not None
        promised = box.clock.utc() + 3600.0
        await box.service.desk_commands.wrap_up(anna, agent.attempt, "callback", "k1", callback_at=promised)
        await box.clock.advance(3590.0)
        assert len(box.dialled) == 1
        await box.clock.advance(15.0)
        assert len(box.dialled) == 2


async def test_the_same_result_twice_is_one_result(tmp_path: Path) -> None:
    async with running(Box(tmp_path, lambda route, count: HUMAN)) as box:
        (anna,) = await box.hire("Anna")
        campaign = await box.run_campaign(await box.import_list([number(1)]), [anna])
        await box.ready(anna)
        await box.clock.advance(36.0)
        attempt = box.service.desks.agent(anna).attempt
        assert attempt is not None
        for _ in range(2):
            await box.service.desk_commands.wrap_up(anna, attempt, "contacted", "the same key")
        assert (await box.counters(campaign)).dispositions == {Disposition.CONTACTED: 1}


@pytest.mark.req("GEN-018", "GEN-019")
async def test_with_machine_detection_off_every_answer_goes_to_an_agent(tmp_path: Path) -> None:
    async with running(Box(tmp_path, lambda route, count: MACHINE)) as box:
        (anna,) = await box.hire("Anna")
        campaign = await box.run_campaign(await box.import_list([number(1)]), [anna], amd_enabled=False)
        await box.ready(anna)
        await box.clock.advance(20.0)
        agent = box.service.desks.agent(anna)
        assert agent.state is AgentState.TALKING
        assert (await box.counters(campaign)).verdicts == {}


@pytest.mark.req("GEN-055")
async def test_each_campaign_shows_its_own_number(tmp_path: Path) -> None:
    shown: list[tuple[str, str]] = []
    trunk = replace(PROVIDER, caller_ids=("+493023125000", "+493023125900"))
    async with running(Box(tmp_path, lambda route, count: HUMAN, trunk=trunk)) as box:
        originate = box.media.originate

        def watched(leg, route, caller_id, ring_timeout_s) -> None:  # type: ignore[no-untyped-def]
            if route.kind == "trunk":
                shown.append((route.address, caller_id))
            originate(leg, route, caller_id, ring_timeout_s)

        box.media.originate = watched  # type: ignore[method-assign]
        anna, ben = await box.hire("Anna", "Ben")
        await box.run_campaign(await box.import_list([number(1)]), [anna])
        await box.run_campaign(await box.import_list([number(2)]), [ben], caller_id="+493023125900")
        await box.ready(anna, ben)
        await box.advance_working(30)
        assert sorted(shown) == [(number(1), "+493023125000"), (number(2), "+493023125900")]
        assert {each.number: each.permit.caller_id for each in await box.attempts()} == dict(shown)


BEFORE_MIDNIGHT = MONDAY_10 + 13 * 3600 + 59 * 60
ANY_HOUR: dict[str, Any] = {
    "rule_pack": "own",
    "rules": {
        "hours": [{"weekday": day, "start_min": 0, "end_min": 1440} for day in range(7)],
        "holidays": False,
    },
}


@pytest.mark.req("GEN-045")
async def test_a_campaign_waits_for_its_first_day(tmp_path: Path) -> None:
    async with running(Box(tmp_path, lambda route, count: HUMAN, at=BEFORE_MIDNIGHT)) as box:
        (anna,) = await box.hire("Anna")
        list_id = await box.import_list(number(i) for i in range(20))
        campaign = await box.run_campaign(list_id, [anna], **ANY_HOUR, first_day="2027-01-05")
        await box.ready(anna)
        await box.advance_working(30)
        pace = box.service.dialler.pace(campaign)
        assert (box.dialled, pace["reason"]) == ([], "campaign_not_begun")
        assert pace["next_due_at"] == BEFORE_MIDNIGHT + 60
        await box.advance_working(45)
        assert box.dialled


@pytest.mark.req("GEN-045")
async def test_a_campaign_ends_by_itself_when_its_last_day_is_over(tmp_path: Path) -> None:
    async with running(Box(tmp_path, lambda route, count: HUMAN, at=BEFORE_MIDNIGHT)) as box:
        (anna,) = await box.hire("Anna")
        list_id = await box.import_list(number(i) for i in range(20))
        campaign = await box.run_campaign(list_id, [anna], **ANY_HOUR, last_day="2027-01-04")
        await box.ready(anna)
        await box.advance_working(50)
        made = len(box.dialled)
        assert made
        await box.advance_working(30)
        found = await box.service.store.do(lambda conn: campaigns.get(conn, campaign))
        assert (found.state, found.ended_why) == (CampaignState.STOPPED, "last_day")
        assert len(box.dialled) - made <= 1
        choice = audit.Choice(noun="campaign")
        (kept,) = await box.service.store.do(lambda conn: audit.entries(conn, choice))
        assert (kept.entry.command, kept.entry.actor.who) == ("campaign.end", "Strowger")
