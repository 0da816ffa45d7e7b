"""Preview and numbers typed by hand: what can go wrong between a record on the desk and its call."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from firmware.model import (
    AgentState,
    CallWindow,
    CampaignState,
    DiallingMode,
    Disposition,
    HangupCause,
    OperatorError,
    PhoneMode,
    PreviewOffer,
    RetryRule,
    UserId,
)
from firmware.store import campaigns, contacts, dnc
from firmware.store.store import StoreError
from firmware.trunks.base import Route
from firmware.trunks.simulated import FarEnd
from tests.scenario.box import HUMAN, Box, number, refused, running
from tests.scenario.test_power_cut import cut

NOBODY = FarEnd()
PULL = {"mode": DiallingMode.PREVIEW, "preview_offer": PreviewOffer.PULL}
PUSH = {"mode": DiallingMode.PREVIEW, "preview_offer": PreviewOffer.PUSH}


def people(route: Route, count: int) -> FarEnd:
    return HUMAN


async def desk(box: Box, agent: UserId) -> dict[str, Any]:
    return dict(await box.service.desk_commands.state(agent))


async def on_offer(box: Box) -> list[tuple[int, int]]:
    """(user, contact) of every reservation in the store."""
    sql = "SELECT user_id, contact_id FROM offer ORDER BY user_id"
    return await box.service.store.do(lambda conn: conn.execute(sql).fetchall())


async def outcomes(box: Box) -> list[tuple[str, str]]:
    sql = "SELECT outcome, reason FROM offer_log ORDER BY id"
    return await box.service.store.do(lambda conn: conn.execute(sql).fetchall())


def refusal(error: pytest.ExceptionInfo[OperatorError]) -> tuple[str, Any]:
    (problem,) = error.value.problems
    return problem.key, problem.figures.get("rule") or problem.figures.get("reason")


@pytest.mark.req("GEN-001", "GEN-026", "WDE-006", "WDE-007", "WDE-012")
async def test_no_call_is_placed_until_the_agent_starts_it(tmp_path: Path) -> None:
    async with running(Box(tmp_path, people)) as box:
        (anna,) = await box.hire("Anna")
        campaign = await box.run_campaign(await box.import_list([number(1)]), [anna], **PUSH)
        await box.ready(anna)
        await box.clock.advance(60.0)
        shown = await desk(box, anna)
        assert (shown["offer"]["number"], shown["offer"]["dials_at"]) == (number(1), None)
        assert shown["state"] is AgentState.RESERVED
        assert box.dialled == []
        await box.service.desk_commands.dial(anna)
        assert box.dialled == [number(1)]
        await box.clock.advance(5.0)
        assert (await desk(box, anna))["state"] is AgentState.TALKING
        await box.clock.advance(30.0)
        await box.wrap_up_all()
        await box.clock.advance(5.0)
        assert (await box.counters(campaign)).dispositions == {Disposition.CONTACTED: 1}
        (attempt,) = await box.attempts()
        assert (attempt.user_id, attempt.wrap_up_code) == (anna, "contacted")
        assert await box.state(campaign) is CampaignState.FINISHED
        assert await outcomes(box) == [("dialled", "")]


@pytest.mark.req("GEN-002")
async def test_the_countdown_dials_by_itself_while_somebody_looks(tmp_path: Path) -> None:
    async with running(Box(tmp_path, people)) as box:
        (anna,) = await box.hire("Anna")
        await box.run_campaign(await box.import_list([number(1)]), [anna], **PUSH, preview_countdown_s=20.0)
        await box.ready(anna)
        await box.clock.advance(1.0)
        shown = await desk(box, anna)
        assert shown["offer"]["dials_at"] - shown["offer"]["since"] == 20.0
        await box.clock.advance(shown["offer"]["dials_at"] - box.clock.utc() - 0.5)
        assert box.dialled == []
        await desk(box, anna)  # the page asks every few seconds
        await box.clock.advance(1.0)
        assert box.dialled == [number(1)]


async def test_the_countdown_can_be_stopped(tmp_path: Path) -> None:
    async with running(Box(tmp_path, people)) as box:
        (anna,) = await box.hire("Anna")
        await box.run_campaign(await box.import_list([number(1)]), [anna], **PUSH, preview_countdown_s=20.0)
        await box.ready(anna)
        await box.clock.advance(10.0)
        await box.service.desk_commands.wait(anna)
        for _ in range(20):
            await box.clock.advance(5.0)
            await desk(box, anna)
        assert box.dialled == []
        assert (await desk(box, anna))["offer"]["number"] == number(1)


async def test_nobody_at_the_page_and_the_record_goes_back_and_nobody_is_called(tmp_path: Path) -> None:
    """The browser is gone in the middle of a countdown: no call without a person at the desk."""
    async with running(Box(tmp_path, people)) as box:
        anna, bernd = await box.hire("Anna", "Bernd")
        await box.run_campaign(
            await box.import_list([number(1)]), [anna, bernd], **PUSH, preview_countdown_s=30.0
        )
        await box.ready(anna)
        await box.clock.advance(40.0)
        assert box.dialled == []
        shown = await desk(box, anna)
        assert (shown["state"], shown["reason"], shown["offer"]) == (
            AgentState.PAUSED,
            "offer_page_gone",
            None,
        )
        assert shown["told"]["key"] == "page_gone"
        await box.ready(bernd)
        await box.clock.advance(3.0)
        assert (await desk(box, bernd))["offer"]["number"] == number(1)


@pytest.mark.req("WDE-009")
async def test_a_record_nobody_takes_goes_back_and_the_agent_is_paused(tmp_path: Path) -> None:
    async with running(Box(tmp_path, people)) as box:
        (anna,) = await box.hire("Anna")
        await box.run_campaign(await box.import_list([number(1)]), [anna], **PUSH, preview_limit_s=60.0)
        await box.ready(anna)
        await box.clock.advance(59.0)
        assert await on_offer(box) != []
        await box.clock.advance(3.0)
        assert await on_offer(box) == []
        assert await outcomes(box) == [("missed", "missed")]
        assert (await desk(box, anna))["reason"] == "offer_missed"


async def test_a_reload_of_the_page_changes_nothing(tmp_path: Path) -> None:
    async with running(Box(tmp_path, people)) as box:
        (anna,) = await box.hire("Anna")
        await box.run_campaign(
            await box.import_list([number(1), number(2)]), [anna], **PULL, preview_limit_s=60.0
        )
        await box.ready(anna)
        first = (await box.service.desk_commands.next(anna))["offer"]
        await box.clock.advance(20.0)
        assert (await desk(box, anna))["offer"] == first
        assert (await box.service.desk_commands.next(anna))["offer"] == first
        assert len(await on_offer(box)) == 1


async def test_two_agents_and_the_last_record(tmp_path: Path) -> None:
    async with running(Box(tmp_path, people)) as box:
        anna, bernd = await box.hire("Anna", "Bernd")
        await box.run_campaign(await box.import_list([number(1)]), [anna, bernd], **PULL)
        await box.ready(anna, bernd)
        await box.service.desk_commands.next(anna)
        with pytest.raises(OperatorError) as error:
            await box.service.desk_commands.next(bernd)
        assert refusal(error) == ("nothing_due", None)
        assert (await desk(box, bernd))["state"] is AgentState.READY
        assert len(await on_offer(box)) == 1


async def test_a_record_on_a_desk_is_not_dialled_by_another_campaign(tmp_path: Path) -> None:
    async with running(Box(tmp_path, people)) as box:
        anna, bernd = await box.hire("Anna", "Bernd")
        shared = await box.import_list([number(1)])
        await box.run_campaign(shared, [anna], **PULL)
        await box.ready(anna)
        await box.service.desk_commands.next(anna)
        await box.run_campaign(shared, [bernd])
        await box.ready(bernd)
        await box.clock.advance(30.0)
        assert box.dialled == []


async def test_killed_with_a_record_on_offer_the_record_is_back_and_on_top(tmp_path: Path) -> None:
    before = Box(tmp_path, people)
    await before.service.start()
    (anna,) = await before.hire("Anna")
    await before.run_campaign(await before.import_list([number(1), number(2)]), [anna], **PULL)
    await before.ready(anna)
    await before.service.desk_commands.next(anna)
    assert len(await on_offer(before)) == 1
    await cut(before)

    async with running(Box(tmp_path, people, at=before.clock.utc() + 5.0)) as box:
        assert await on_offer(box) == []
        assert await outcomes(box) == [("interrupted", "")]
        await box.ready(anna)
        assert (await box.service.desk_commands.next(anna))["offer"]["number"] == number(1)
        assert box.dialled == []


async def test_stopped_in_order_with_a_record_on_offer(tmp_path: Path) -> None:
    async with running(Box(tmp_path, people)) as box:
        (anna,) = await box.hire("Anna")
        await box.run_campaign(await box.import_list([number(1)]), [anna], **PULL)
        await box.ready(anna)
        await box.service.desk_commands.next(anna)
    async with running(Box(tmp_path, people)) as box:
        assert await on_offer(box) == []


async def test_logging_out_gives_the_record_back_at_once(tmp_path: Path) -> None:
    async with running(Box(tmp_path, people)) as box:
        (anna,) = await box.hire("Anna")
        await box.run_campaign(await box.import_list([number(1)]), [anna], **PUSH)
        await box.ready(anna)
        await box.clock.advance(2.0)
        shown = await box.service.desk_commands.log_out(anna)
        assert (shown["state"], shown["offer"]) == (AgentState.LOGGED_OUT, None)
        assert await on_offer(box) == []


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({}, CampaignState.PAUSED),
        ({"mode": DiallingMode.PROGRESSIVE}, CampaignState.RUNNING),
        ({"agent_ids": ()}, CampaignState.RUNNING),
    ],
    ids=["paused", "other mode", "other agents"],
)
async def test_a_campaign_that_changes_takes_its_records_back(
    tmp_path: Path, change: dict[str, Any], state: CampaignState
) -> None:
    from dataclasses import replace

    async with running(Box(tmp_path, people)) as box:
        (anna,) = await box.hire("Anna")
        campaign = await box.run_campaign(await box.import_list([number(1)]), [anna], **PULL)
        await box.ready(anna)
        await box.service.desk_commands.next(anna)
        store, now = box.service.store, box.clock.utc()
        settings = (await store.do(lambda conn: campaigns.get(conn, campaign))).settings
        await store.do(lambda conn: campaigns.update(conn, campaign, replace(settings, **change), now))
        await store.do(lambda conn: campaigns.set_state(conn, campaign, state, now))
        await box.service.campaigns_changed()
        shown = await desk(box, anna)
        assert (shown["offer"], shown["told"]["key"]) == (None, "withdrawn")
        assert shown["state"] is AgentState.READY
        assert await on_offer(box) == []


async def test_with_the_trunk_down_the_record_stays_and_the_reason_is_said(tmp_path: Path) -> None:
    async with running(Box(tmp_path, people)) as box:
        (anna,) = await box.hire("Anna")
        await box.run_campaign(await box.import_list([number(1)]), [anna], **PULL)
        await box.ready(anna)
        await box.service.desk_commands.next(anna)
        box.outside.trunks["provider"] = False
        with pytest.raises(OperatorError) as error:
            await box.service.desk_commands.dial(anna)
        assert refusal(error) == ("cannot_dial", "trunk_down")
        assert (await desk(box, anna))["offer"]["step"] == "offered"
        box.outside.trunks["provider"] = True
        await box.service.desk_commands.dial(anna)
        assert box.dialled == [number(1)]


@pytest.mark.req("GEN-060")
async def test_the_rules_are_asked_when_the_agent_dials_not_when_the_record_was_offered(
    tmp_path: Path,
) -> None:
    async with running(Box(tmp_path, people)) as box:
        (anna,) = await box.hire("Anna")
        campaign = await box.run_campaign(await box.import_list([number(1)]), [anna], **PULL)
        await box.ready(anna)
        await box.service.desk_commands.next(anna)
        now = box.clock.utc()
        await box.service.store.do(lambda conn: dnc.add(conn, dnc.OPT_OUTS, [number(1)], "test", now))
        with pytest.raises(OperatorError) as error:
            await box.service.desk_commands.dial(anna)
        assert refusal(error) == ("call_refused", "dnc")
        assert box.dialled == []
        shown = await desk(box, anna)
        assert (shown["offer"], shown["told"]["rule"]) == (None, "dnc")
        assert shown["state"] is AgentState.READY
        assert await box.attempts() == []
        assert (await box.counters(campaign)).closed == 1


async def test_a_countdown_that_ends_outside_the_call_window_calls_nobody(tmp_path: Path) -> None:
    until_ten = tuple(CallWindow(day, 9 * 60, 10 * 60) for day in range(7))
    async with running(Box(tmp_path, people)) as box:
        box.clock.step_utc(-30.0)  # half a minute before ten
        (anna,) = await box.hire("Anna")
        settings = {**PUSH, "preview_countdown_s": 60.0, "windows": until_ten}
        await box.run_campaign(await box.import_list([number(1)]), [anna], **settings)
        await box.ready(anna)
        for _ in range(14):
            await box.clock.advance(5.0)
            await desk(box, anna)
        assert box.dialled == []
        assert (await desk(box, anna))["told"]["rule"] == "window_closed"


@pytest.mark.parametrize("allowed", [True, False])
async def test_skipping_needs_to_be_allowed_and_keeps_the_reason(tmp_path: Path, allowed: bool) -> None:
    async with running(Box(tmp_path, people)) as box:
        (anna,) = await box.hire("Anna")
        campaign = await box.run_campaign(
            await box.import_list([number(1), number(2)]), [anna], **PULL, preview_skip=allowed
        )
        await box.ready(anna)
        await box.service.desk_commands.next(anna)
        if not allowed:
            with pytest.raises(OperatorError) as error:
                await box.service.desk_commands.skip(anna, "not_now")
            assert refusal(error) == ("skip_not_allowed", None)
            return
        await box.service.desk_commands.skip(anna, "not_now")
        assert await outcomes(box) == [("skipped", "not_now")]
        assert (await box.service.desk_commands.next(anna))["offer"]["number"] == number(2)
        assert (await box.counters(campaign)).offers == {"skipped": 1}
        await box.service.desk_commands.skip(anna, "not_now")
        await box.clock.advance(3500.0)
        with pytest.raises(OperatorError):
            await box.service.desk_commands.next(anna)
        await box.clock.advance(200.0)
        assert (await box.service.desk_commands.next(anna))["offer"]["number"] == number(1)


@pytest.mark.req("WDE-008", "WDE-013")
async def test_a_rejected_record_is_first_for_everybody_else(tmp_path: Path) -> None:
    async with running(Box(tmp_path, people)) as box:
        anna, bernd = await box.hire("Anna", "Bernd")
        list_id = await box.import_list(number(i) for i in range(1, 4))
        await box.run_campaign(list_id, [anna, bernd], **PULL)
        await box.ready(anna, bernd)
        await box.service.desk_commands.next(anna)
        await box.service.desk_commands.reject(anna)
        assert (await box.service.desk_commands.next(anna))["offer"]["number"] == number(2)
        assert (await box.service.desk_commands.next(bernd))["offer"]["number"] == number(1)


@pytest.mark.req("GEN-010")
async def test_an_owned_record_is_offered_to_its_owner_alone(tmp_path: Path) -> None:
    async with running(Box(tmp_path, people)) as box:
        anna, bernd = await box.hire("Anna", "Bernd")
        owners = {1: "BERND", 2: "", 3: " anna ", 4: "Clara"}
        rows = [contacts.NewContact(number(i), fields={"Betreuer": owner}) for i, owner in owners.items()]
        store, now = box.service.store, box.clock.utc()
        list_id = await store.do(lambda conn: contacts.create_list(conn, "owned", now))
        await store.do(lambda conn: contacts.add(conn, list_id, rows))
        await box.run_campaign(list_id, [anna, bernd], **PULL, owner_field="Betreuer")
        await box.ready(anna, bernd)

        async def all_of(agent: UserId) -> list[str]:
            seen = []
            while True:
                try:
                    seen.append((await box.service.desk_commands.next(agent))["offer"]["number"])
                except OperatorError:
                    return seen
                await box.service.desk_commands.skip(agent, "not_now")

        assert await all_of(bernd) == [number(1), number(2)]
        assert await all_of(anna) == [number(3)]


@pytest.mark.req("WDE-011")
async def test_a_phone_called_for_each_call_rings_the_agent_before_the_customer(tmp_path: Path) -> None:
    async with running(Box(tmp_path, people)) as box:
        (anna,) = await box.hire("Anna", mode=PhoneMode.PER_CALL)
        await box.run_campaign(await box.import_list([number(1)]), [anna], **PUSH)
        await box.ready(anna)
        await box.clock.advance(2.0)
        await box.service.desk_commands.dial(anna)
        assert box.dialled == []
        await box.clock.advance(0.2)
        assert box.dialled == [number(1)]
        await box.clock.advance(5.0)
        assert (await desk(box, anna))["state"] is AgentState.TALKING


async def test_a_phone_that_does_not_answer_gives_the_record_back(tmp_path: Path) -> None:
    async with running(Box(tmp_path, people)) as box:
        (anna,) = await box.hire("Anna", mode=PhoneMode.PER_CALL)
        await box.run_campaign(await box.import_list([number(1)]), [anna], **PUSH)
        box._meet = lambda route, count: refused(3.0, 480, HangupCause.UNAVAILABLE)  # type: ignore[method-assign]
        box.media._far_end = box._meet
        await box.ready(anna)
        await box.clock.advance(2.0)
        await box.service.desk_commands.dial(anna)
        await box.clock.advance(5.0)
        shown = await desk(box, anna)
        assert (shown["state"], shown["reason"]) == (AgentState.PAUSED, "phone_unreachable")
        assert (shown["offer"], shown["told"]["key"]) == (None, "phone_lost")
        assert await on_offer(box) == []
        assert box.dialled == []


async def test_an_agent_may_give_up_before_anybody_answers(tmp_path: Path) -> None:
    again = {Disposition.NO_ANSWER: RetryRule(60.0, 5)}
    async with running(Box(tmp_path, lambda route, count: NOBODY)) as box:
        (anna,) = await box.hire("Anna")
        campaign = await box.run_campaign(
            await box.import_list([number(1)]), [anna], **PUSH, retry=again, min_gap_s=60.0
        )
        await box.ready(anna)
        await box.clock.advance(2.0)
        await box.service.desk_commands.dial(anna)
        await box.clock.advance(8.0)
        assert (await desk(box, anna))["call"]["state"] == "ringing"
        await box.service.desk_commands.hang_up(anna)
        await box.clock.advance(1.0)
        assert (await box.counters(campaign)).dispositions == {Disposition.NO_ANSWER: 1}
        assert (await desk(box, anna))["state"] is AgentState.READY


async def test_a_phone_hung_up_while_the_customers_rings_ends_the_call(tmp_path: Path) -> None:
    async with running(Box(tmp_path, lambda route, count: NOBODY)) as box:
        (anna,) = await box.hire("Anna")
        await box.run_campaign(await box.import_list([number(1)]), [anna], **PUSH)
        await box.ready(anna)
        await box.clock.advance(2.0)
        await box.service.desk_commands.dial(anna)
        await box.clock.advance(3.0)
        leg = box.service.desks.leg(anna)
        assert leg is not None
        box.media.far_end_hangs_up(leg)
        await box.clock.advance(1.0)
        assert box.service.switchboard.live() == []
        assert (await desk(box, anna))["state"] is AgentState.PAUSED


async def test_an_agent_with_a_record_gets_no_other_call(tmp_path: Path) -> None:
    async with running(Box(tmp_path, people)) as box:
        (anna,) = await box.hire("Anna")
        await box.run_campaign(await box.import_list([number(1)]), [anna], **PUSH)
        await box.ready(anna)
        await box.clock.advance(2.0)
        await box.run_campaign(await box.import_list([number(2)]), [anna])
        await box.clock.advance(30.0)
        assert box.dialled == []


# -- numbers typed by hand ----------------------------------------------------------------------------------------


@pytest.mark.req("GEN-007")
async def test_a_typed_number_writes_the_same_records(tmp_path: Path) -> None:
    async with running(Box(tmp_path, people)) as box:
        (anna,) = await box.hire("Anna")
        campaign = await box.run_campaign(
            await box.import_list([number(1)]), [anna], **PULL, manual_dialling=True
        )
        await box.ready(anna)
        await box.service.desk_commands.dial_number(anna, campaign, "030 23125 077")
        assert box.dialled == [number(77)]
        await box.clock.advance(36.0)
        await box.wrap_up_all()
        (attempt,) = await box.attempts()
        assert (attempt.number, attempt.disposition) == (number(77), Disposition.CONTACTED)
        assert attempt.permit.number == number(77)
        assert attempt.permit.window.startswith("Mon")
        assert (await box.counters(campaign)).contacts == 2


@pytest.mark.parametrize("state", ["ready", "paused"])
async def test_who_dials_by_hand_is_afterwards_what_he_was_before(tmp_path: Path, state: str) -> None:
    async with running(Box(tmp_path, people)) as box:
        (anna,) = await box.hire("Anna")
        campaign = await box.run_campaign(
            await box.import_list([number(1)]), [anna], **PULL, manual_dialling=True
        )
        await box.ready(anna)
        if state == "paused":
            await box.service.desk_commands.pause(anna, "paperwork")
        await box.service.desk_commands.dial_number(anna, campaign, number(77))
        await box.advance_working(40)
        shown = await desk(box, anna)
        assert (shown["state"], shown["reason"]) == (state, "paperwork" if state == "paused" else "")


@pytest.mark.parametrize(
    ("typed", "key", "rule"),
    [
        ("112", "emergency_number", None),
        ("banana", "not_a_number", None),
        (number(50), "call_refused", "dnc"),
        (number(60), "call_refused", "too_soon"),
    ],
)
async def test_what_the_rules_forbid_is_not_dialled_by_hand_either(
    tmp_path: Path, typed: str, key: str, rule: str | None
) -> None:
    async with running(Box(tmp_path, people)) as box:
        (anna,) = await box.hire("Anna")
        list_id = await box.import_list([number(1)])
        campaign = await box.run_campaign(list_id, [anna], **PULL, manual_dialling=True)
        now = box.clock.utc()
        await box.service.store.do(lambda conn: dnc.add(conn, dnc.OPT_OUTS, [number(50)], "test", now))
        await box.ready(anna)
        await box.service.desk_commands.dial_number(anna, campaign, number(60))
        await box.advance_working(40)
        with pytest.raises(OperatorError) as error:
            await box.service.desk_commands.dial_number(anna, campaign, typed)
        assert refusal(error) == (key, rule)
        assert box.dialled == [number(60)]
        assert await on_offer(box) == []
        assert (await box.counters(campaign)).contacts == 2
        assert (await desk(box, anna))["state"] is AgentState.READY


async def test_by_hand_only_where_the_campaign_says_so(tmp_path: Path) -> None:
    async with running(Box(tmp_path, people)) as box:
        (anna,) = await box.hire("Anna")
        campaign = await box.run_campaign(await box.import_list([number(1)]), [anna], **PULL)
        await box.ready(anna)
        with pytest.raises(OperatorError) as error:
            await box.service.desk_commands.dial_number(anna, campaign, number(77))
        assert refusal(error) == ("no_manual_dialling", None)


async def test_a_typed_number_whose_call_is_not_made_leaves_no_contact_behind(tmp_path: Path) -> None:
    before = Box(tmp_path, people)
    await before.service.start()
    (anna,) = await before.hire("Anna", mode=PhoneMode.PER_CALL)
    campaign = await before.run_campaign(
        await before.import_list([number(1)]), [anna], **PULL, manual_dialling=True
    )
    await before.ready(anna)
    await before.service.desk_commands.dial_number(anna, campaign, number(77))
    assert (await before.counters(campaign)).contacts == 2
    await cut(before)

    async with running(Box(tmp_path, people, at=before.clock.utc() + 5.0)) as box:
        assert (await box.counters(campaign)).contacts == 1


async def test_a_disk_that_refuses_keeps_the_record_on_the_desk_until_it_can_be_given_back(
    tmp_path: Path,
) -> None:
    async with running(Box(tmp_path, people)) as box:
        (anna,) = await box.hire("Anna")
        await box.run_campaign(
            await box.import_list([number(1), number(2)]), [anna], **PULL, preview_limit_s=30.0
        )
        await box.ready(anna)
        await box.service.desk_commands.next(anna)
        store = box.service.store
        do = store.do

        async def refuses(fn: Any) -> Any:
            raise StoreError("disk full")

        store.do = refuses  # type: ignore[method-assign]
        for act in (box.service.dialler.preview.dial(anna), box.service.dialler.preview.reject(anna)):
            with pytest.raises(StoreError):
                await act
        offer = box.service.dialler.preview.of(anna)
        assert offer is not None
        assert offer.candidate.number == number(1)
        assert box.service.desks.agent(anna).state is AgentState.RESERVED
        store.do = do  # type: ignore[method-assign]
        await box.clock.advance(5.0)
        assert await on_offer(box) == []
        assert (await desk(box, anna))["state"] is AgentState.READY
        assert (await box.service.desk_commands.next(anna))["offer"]["number"] == number(2)
        assert box.dialled == []
