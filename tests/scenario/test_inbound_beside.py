"""Calls that come in beside campaigns, the promises they leave, and those who wait for an agent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from firmware.commands.inbound_office import InboundOfficeCommands
from firmware.config import InboundConfig
from firmware.inbound.happenings import Kind, Outcome, State
from firmware.model import LegId, OperatorError
from firmware.store import callbacks
from tests.scenario.box import PROVIDER, number, running
from tests.scenario.inbound_office import CALLER, LEG, NO_ANSWER, OFFICE, Office


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with running(Office(tmp_path, OFFICE)) as box:
        assert isinstance(box, Office)
        yield box


# -- beside campaigns ------------------------------------------------------------------------------------------------


@pytest.mark.req("GEN-014")
async def test_an_agent_a_call_on_its_way_may_need_is_not_taken_away(tmp_path: Path) -> None:
    box = Office(tmp_path, OFFICE, far_end=NO_ANSWER)
    async with running(box):
        (anna,) = await box.hire("anna")
        listed = await box.import_list([number(1)])
        await box.run_campaign(listed, [anna], ring_timeout_s=10.0)
        await box.ready(anna)
        await box.clock.advance(2.0)
        assert box.dialled == [number(1)]
        live = await box.ring()
        assert live is not None
        assert live.reserved is None
        await box.clock.advance(15.0)
        assert live.call.asked == anna, "nobody answered there: the caller is next"


async def test_no_call_is_placed_for_an_agent_whom_a_caller_has(tmp_path: Path) -> None:
    box = Office(tmp_path, OFFICE)
    async with running(box):
        (anna,) = await box.hire("anna")
        await box.ready(anna)
        await box.ring()
        await box.run_campaign(await box.import_list([number(1)]), [anna])
        await box.clock.advance(10.0)
        assert box.dialled == []


@pytest.mark.parametrize(("callers", "placed"), [(0, 2), (1, 1), (2, 0)])
async def test_campaigns_leave_the_reserve_free_besides_callers(
    tmp_path: Path, callers: int, placed: int
) -> None:
    box = Office(tmp_path, OFFICE, far_end=NO_ANSWER, trunk=replace(PROVIDER, lines=4, reserve=2))
    async with running(box):
        agents = await box.hire("a", "b", "c")
        for i in range(callers):
            await box.ring(leg=LegId(f"in-{i}"))
        listed = await box.import_list(number(i) for i in range(20, 24))
        await box.run_campaign(listed, agents, mode="agentless", message_text="Hallo", ring_timeout_s=60.0)
        await box.clock.advance(3.0)
        assert len(box.dialled) == placed


@pytest.mark.req("DFI-007")
async def test_who_calls_back_goes_before_a_new_customer_before_everybody_else(tmp_path: Path) -> None:
    hotline = InboundConfig("hotline", numbers=("+493023125099",), kind="new", ring_s=5.0, wait_s=60.0)
    box = Office(tmp_path, OFFICE, hotline)
    async with running(box):
        (anna,) = await box.hire("anna")
        await box.run_campaign(await box.import_list([CALLER]), [anna], mode="preview", preview_offer="pull")
        await box.ring(number(31), LegId("service"))
        await box.ring(number(32), LegId("new"), "+493023125099")
        await box.ring(CALLER, LegId("back"))
        await box.ready(anna)
        order = []
        for _ in range(3):
            live = box.service.reception.at(anna)
            assert live is not None
            order.append((live.leg, live.kind))
            box.media.far_end_hangs_up(live.leg)
            await box.clock.advance(0.2)
        assert order == [("back", Kind.CALLBACK), ("new", Kind.NEW), ("service", Kind.SERVICE)]


@pytest.mark.req("DFI-009", "DFI-010", "DFI-012", "GEN-111")
async def test_a_contact_who_calls_back_reaches_the_campaigns_agents_with_the_record_open(
    tmp_path: Path,
) -> None:
    async with running(Office(tmp_path, OFFICE)) as box:
        assert isinstance(box, Office)
        anna, ben = await box.hire("anna", "ben")
        listed = await box.import_list([CALLER])
        campaign = await box.run_campaign(listed, [ben], mode="preview", preview_offer="pull")
        await box.ready(anna)
        await box.ready(ben)
        live = await box.ring("03023125007")
        assert live is not None
        assert (live.call.asked, live.kind) == (ben, Kind.CALLBACK)
        desk = await box.desk(ben)
        assert (desk["campaign"]["id"], desk["call"]["name"]) == (campaign, "C0")
        box.media.far_end_hangs_up(LEG)
        await box.service.store.do(
            lambda conn: (
                conn.execute("UPDATE contact SET state = 'closed', closed_reason = 'contacted'") and None
            )
        )
        live = await box.ring(leg=LegId("in-2"))
        assert live is not None
        assert (live.call.asked, live.kind) == (anna, Kind.SERVICE)


@pytest.mark.req("DFI-019")
async def test_only_agents_of_the_campaign_can_take_its_calls(tmp_path: Path) -> None:
    box = Office(tmp_path, replace(OFFICE, campaign="T"))
    async with running(box):
        anna, ben = await box.hire("anna", "ben")
        listed = await box.import_list([number(1)])
        await box.run_campaign(listed, [ben], mode="preview", preview_offer="pull")
        await box.ready(anna)
        live = await box.ring()
        assert live is not None
        assert live.reserved is None
        await box.ready(ben)
        assert live.call.asked == ben


# -- callbacks -------------------------------------------------------------------------------------------------------


async def test_a_callback_is_promised_by_key_and_dialled(tmp_path: Path) -> None:
    box = Office(tmp_path, replace(OFFICE, campaign="T", then="callback"))
    async with running(box):
        (anna,) = await box.hire("anna")
        await box.run_campaign(await box.import_list([number(1)]), [anna], min_gap_s=0.0)
        await box.ring()
        for _ in range(60):
            await box.clock.advance(1.0)
            live = box.service.reception.find(next(iter(c.uid for c in await box.calls())))
            if live is not None and live.call.state is State.ASKING:
                break
        box.media.far_end_dials(LEG, "1")
        await box.clock.advance(20.0)
        (call,) = await box.calls()
        assert call.outcome is Outcome.CALLBACK
        assert call.contact_id is not None
        promise = await box.service.store.do(lambda conn: callbacks.open_of(conn, call.contact_id))
        assert promise is not None
        await box.ready(anna)
        await box.advance_working(700.0)
        assert CALLER in box.dialled


async def test_a_callback_is_agreed_with_the_caller(tmp_path: Path) -> None:
    box = Office(tmp_path, replace(OFFICE, campaign="T"))
    async with running(box):
        (anna,) = await box.hire("anna")
        await box.run_campaign(await box.import_list([number(1)]), [anna])
        await box.ready(anna)
        await box.clock.advance(60.0)
        await box.wrap_up_all()
        await box.ring()
        await box.service.inbound_commands.accept(anna)
        await box.clock.advance(1.0)
        office_hangs_up = box.service.desks.leg(anna)
        assert office_hangs_up is not None
        box.media.far_end_hangs_up(LEG)
        await box.clock.advance(0.5)
        at = box.clock.utc() + 3600
        await box.wrap_up(anna, "callback", callback_at=at, callback_kind="personal")
        (call,) = await box.calls()
        promise = await box.service.store.do(lambda conn: callbacks.open_of(conn, call.contact_id))
        assert promise is not None
        assert (promise.promised_at, promise.owner) == (at, anna)


async def test_a_missed_call_is_called_back_from_the_list(tmp_path: Path) -> None:
    box = Office(tmp_path, replace(OFFICE, campaign="T"))
    async with running(box):
        (anna,) = await box.hire("anna")
        await box.run_campaign(await box.import_list([number(1)]), [anna])
        await box.ring()
        box.media.far_end_hangs_up(LEG)
        await box.clock.advance(1.0)
        commands = InboundOfficeCommands(box.service.office._context)
        listed = await commands.list("missed")
        (row,) = listed["rows"]
        masked = (await commands.list("missed", masked=True))["rows"][0]["caller"]
        assert masked != CALLER
        assert masked.endswith(CALLER[-2:])
        assert (row["caller"], row["outcome"], listed["counts"]["open"]) == (CALLER, Outcome.MISSED, 1)
        await commands.call_back(row["uid"], anna)
        with pytest.raises(OperatorError):
            await commands.call_back(row["uid"], anna)
        assert (await commands.list("all"))["counts"]["open"] == 0
        hours = (await commands.figures(0.0, 1e18))["hours"]
        assert [(each["answered"], each["missed"] + each["callback"]) for each in hours] == [(0, 1)]


# -- the queue -------------------------------------------------------------------------------------------------------


def queue_of(office: Office) -> Any:
    return next(each for each in office.service.hub.snapshot()["queues"] if each["name"] == "office")


async def test_who_waits_has_a_place_and_is_told_it(tmp_path: Path) -> None:
    async with running(Office(tmp_path, replace(OFFICE, wait_s=300.0, position_s=40.0))) as box:
        assert isinstance(box, Office)
        said: list[tuple[Any, int]] = []
        words, reception = box.service.reception._hands._voice.words, box.service.reception

        async def heard(say: Any, rule: Any, position: int = 0) -> Path | None:
            said.append((say, position))
            return await words(say, rule, position)

        reception._hands._voice.words = heard  # type: ignore[method-assign]
        first = await box.ring()
        second = await box.ring(number(8), LegId("in-2"))
        assert first is not None
        assert second is not None
        assert (reception.position(first), reception.position(second)) == (1, 2)
        await box.clock.advance(130.0)
        told = [position for say, position in said if say == "position"]
        assert told[:4] == [1, 2, 1, 2]
        assert {call["incoming"]["position"] for call in box.service.hub.snapshot()["calls"]} == {1, 2}
        box.media.far_end_hangs_up(LEG)
        await box.clock.advance(3.0)
        assert reception.position(second) == 1
        (queue,) = box.service.hub.snapshot()["queues"]
        assert (queue["waiting"], queue["missed"], queue["oldest_at"]) == (1, 1, second.offered_at)


async def test_a_queue_without_places_says_none(tmp_path: Path) -> None:
    async with running(Office(tmp_path, replace(OFFICE, wait_s=300.0, position_s=0.0))) as box:
        assert isinstance(box, Office)
        live = await box.ring()
        assert live is not None
        await box.clock.advance(200.0)
        assert "position" not in live.timers


async def test_a_queue_counts_what_was_answered_in_time(office: Office) -> None:
    (anna,) = await office.hire("anna")
    await office.ready(anna)
    await office.ring()
    await office.service.inbound_commands.accept(anna)
    await office.clock.advance(3.0)
    queue = queue_of(office)
    assert (queue["waiting"], queue["talking"], queue["ready"], queue["in_time"]) == (0, 1, 0, 1)
    office.media.far_end_hangs_up(LEG)
    await office.clock.advance(0.5)
    await office.wrap_up(anna, "contacted")
    await office.clock.advance(3.0)
    queue = queue_of(office)
    assert (queue["offered"], queue["answered"], queue["in_time"], queue["ready"]) == (1, 1, 1, 1)
    assert office.service.hub.snapshot()["calls"] == []
