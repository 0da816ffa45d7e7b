"""Calls that come in, in a whole box: what goes wrong first, then how they reach an agent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from firmware.inbound.happenings import Outcome, State
from firmware.model import AgentState, Disposition, LegId, OperatorError, PhoneMode, Side
from firmware.store import alerts
from firmware.trunks.base import LegDigit
from tests.scenario.box import PROVIDER, number, running
from tests.scenario.inbound_office import CALLER, LEG, OFFICE, Office


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with running(Office(tmp_path, OFFICE)) as box:
        assert isinstance(box, Office)
        yield box


# -- what goes wrong -----------------------------------------------------------------------------------------------


async def test_without_settings_a_call_is_refused_and_kept_as_missed(tmp_path: Path) -> None:
    async with running(Office(tmp_path)) as box:
        assert isinstance(box, Office)
        assert await box.ring() is None
        (call,) = await box.calls()
        assert (call.outcome, call.caller, call.rule) == (Outcome.REFUSED, CALLER, "")


async def test_the_caller_hangs_up_while_an_agent_is_asked(office: Office) -> None:
    (anna,) = await office.hire("anna")
    await office.ready(anna)
    await office.ring()
    assert office.state(anna) is AgentState.RESERVED
    office.media.far_end_hangs_up(LEG)
    await office.clock.advance(0.1)
    assert office.state(anna) is AgentState.READY
    (call,) = await office.calls()
    assert (call.outcome, call.ended_by) == (Outcome.MISSED, Side.CUSTOMER)
    with pytest.raises(OperatorError):
        await office.service.inbound_commands.accept(anna)


async def test_the_asked_agents_phone_dies_and_the_next_agent_is_asked(office: Office) -> None:
    anna, ben = await office.hire("anna", "ben")
    await office.ready(anna)
    await office.ready(ben)
    await office.ring()
    assert (office.state(anna), office.state(ben)) == (AgentState.RESERVED, AgentState.READY)
    leg = office.service.desks.leg(anna)
    assert leg is not None
    office.media.far_end_hangs_up(leg)
    await office.clock.advance(0.1)
    assert (office.state(anna), office.state(ben)) == (AgentState.PAUSED, AgentState.RESERVED)


async def test_who_does_not_take_the_call_is_paused_and_the_next_agent_asked(office: Office) -> None:
    anna, ben = await office.hire("anna", "ben")
    await office.ready(anna)
    await office.ready(ben)
    live = await office.ring()
    assert live is not None
    await office.clock.advance(16.0)
    assert (office.state(anna), office.state(ben)) == (AgentState.PAUSED, AgentState.RESERVED)
    assert live.call.state is State.WAITING, "greeted meanwhile"


async def test_who_declines_is_asked_no_more_and_stays_ready(office: Office) -> None:
    (anna,) = await office.hire("anna")
    await office.ready(anna)
    live = await office.ring()
    await office.service.inbound_commands.decline(anna)
    await office.clock.advance(0.5)
    assert office.state(anna) is AgentState.READY
    assert live is not None
    assert live.call.asked is None


async def test_nobody_in_time(office: Office) -> None:
    live = await office.ring()
    assert live is not None
    assert live.call.state is State.RINGING
    await office.clock.advance(6.0)
    assert live.call.state is State.GREETING
    await office.clock.advance(60.0)
    (call,) = await office.calls()
    assert (call.outcome, call.ended_by) == (Outcome.MISSED, Side.BOX)
    assert call.answered_at is not None
    assert office.service.reception.live() == []


async def test_the_box_stops_while_a_caller_waits_and_another_talks(tmp_path: Path) -> None:
    box = Office(tmp_path, OFFICE)
    async with running(box):
        (anna,) = await box.hire("anna")
        await box.ready(anna)
        await box.ring()
        await box.service.inbound_commands.accept(anna)
        await box.clock.advance(1.0)
        assert box.state(anna) is AgentState.TALKING
        await box.ring(leg=LegId("in-2"))
    again = Office(tmp_path, OFFICE)
    async with running(again):
        talked, waited = await again.calls()
        assert waited.outcome is Outcome.INTERRUPTED
        assert talked.outcome is Outcome.INTERRUPTED
        assert talked.connected_at is not None


async def test_a_result_that_comes_after_a_restart_is_kept(tmp_path: Path) -> None:
    box = Office(tmp_path, OFFICE)
    async with running(box):
        (anna,) = await box.hire("anna")
        await box.ready(anna)
        live = await box.ring()
        assert live is not None
        await box.service.inbound_commands.accept(anna)
        await box.clock.advance(1.0)
    again = Office(tmp_path, OFFICE)
    async with running(again):
        command = again.service.inbound_commands.instead("wrap_up", again.service.desk_commands.wrap_up)
        for _ in range(2):
            await command(user_id=anna, attempt=live.uid, code="contacted", key="k1", note="well")
        (call,) = await again.calls()
        assert (call.disposition, call.note) == (Disposition.CONTACTED, "well")


async def test_all_lines_are_taken(tmp_path: Path) -> None:
    box = Office(tmp_path, OFFICE, trunk=replace(PROVIDER, lines=1))
    async with running(box):
        await box.ring()
        await box.ring(leg=LegId("in-2"))
        assert [call.outcome for call in await box.calls()] == [None, Outcome.BUSY]


async def test_outside_the_hours(tmp_path: Path) -> None:
    box = Office(tmp_path, replace(OFFICE, hours=("Sat 09:00-12:00",)))
    async with running(box):
        live = await box.ring()
        assert live is not None
        assert live.call.state is State.LAST_WORDS
        await box.clock.advance(10.0)
        (call,) = await box.calls()
        assert call.outcome is Outcome.CLOSED


@pytest.mark.parametrize("on_trial", [False, True])
async def test_on_trial_nobody_is_answered_and_nothing_leaves_the_box(tmp_path: Path, on_trial: bool) -> None:
    """What a version on trial writes is thrown away: callers are sent elsewhere, alerts are the next start's."""
    box = Office(tmp_path, OFFICE)
    box.config.paths.runtime.mkdir(parents=True, exist_ok=True)
    if on_trial:
        box.config.paths.trial.touch()
    async with running(box):
        assert (await box.ring() is None) is on_trial
        await box.clock.advance(1.0)
        assert (await box.calls() == []) is on_trial
        box.outside.trunks["provider"] = False
        await box.clock.advance(300.0)
        assert (await box.service.store.do(alerts.open_now) == []) is on_trial


# -- how a caller meets an agent -------------------------------------------------------------------------------------


@pytest.mark.req("DFI-016")
@pytest.mark.parametrize("accepts", ["desk", "phone"])
async def test_an_agent_sees_who_calls_and_takes_the_call(office: Office, accepts: str) -> None:
    (anna,) = await office.hire("anna")
    await office.import_list([number(1), CALLER])
    await office.ready(anna)
    await office.ring()
    desk = await office.desk(anna)
    assert (desk["state"], desk["call"]["name"], desk["call"]["number"]) == ("reserved", "C1", CALLER)
    assert desk["call"]["incoming"]["asked"]
    phone = office.service.desks.leg(anna)
    assert phone is not None
    if accepts == "desk":
        await office.service.inbound_commands.accept(anna)
    else:
        office.service.reception.on_leg(LegDigit(phone, "1"))
    await office.clock.advance(0.5)
    assert office.state(anna) is AgentState.TALKING
    assert frozenset((LEG, phone)) in office.media.bridges
    office.media.far_end_hangs_up(LEG)
    await office.clock.advance(0.5)
    assert office.state(anna) is AgentState.WRAP_UP
    assert frozenset((LEG, phone)) not in office.media.bridges
    await office.wrap_up(anna, "contacted", note="asked about the bill")
    assert office.state(anna) is AgentState.READY
    (call,) = await office.calls()
    assert (call.outcome, call.disposition, call.note) == (
        Outcome.ANSWERED, Disposition.CONTACTED, "asked about the bill",
    )  # fmt: skip
    assert (call.user_id, call.ended_by, call.contact_id is None) == (anna, Side.CUSTOMER, False)


async def test_an_unknown_caller_is_shown_by_the_number(office: Office) -> None:
    (anna,) = await office.hire("anna")
    await office.ready(anna)
    await office.ring()
    call = (await office.desk(anna))["call"]
    assert (call["name"], call["number"], call["incoming"]["known"]) == ("", CALLER, False)


async def test_who_withholds_the_number_is_put_through_all_the_same(office: Office) -> None:
    (anna,) = await office.hire("anna")
    await office.ready(anna)
    await office.ring("anonymous")
    assert (await office.desk(anna))["call"]["number"] == ""
    (call,) = await office.calls()
    assert (call.caller, call.caller_text) == ("", "anonymous")


async def test_a_phone_that_rings_for_the_call_is_taken_by_picking_it_up(office: Office) -> None:
    (anna,) = await office.hire("anna", mode=PhoneMode.PER_CALL)
    await office.ready(anna)
    await office.ring()
    await office.clock.advance(1.0)
    assert office.state(anna) is AgentState.TALKING


async def test_calls_are_put_through_at_once_where_the_settings_say_so(tmp_path: Path) -> None:
    box = Office(tmp_path, replace(OFFICE, accept="auto"))
    async with running(box):
        (anna,) = await box.hire("anna")
        await box.ready(anna)
        await box.ring()
        await box.clock.advance(0.5)
        assert box.state(anna) is AgentState.TALKING


async def test_a_caller_waits_with_music_until_somebody_is_ready(office: Office) -> None:
    (anna,) = await office.hire("anna")
    live = await office.ring()
    await office.clock.advance(12.0)
    assert live is not None
    assert live.call.state is State.WAITING
    await office.ready(anna)
    await office.service.inbound_commands.accept(anna)
    await office.clock.advance(0.1)
    assert office.state(anna) is AgentState.TALKING


async def test_an_agent_who_pauses_may_take_calls_that_come_in(office: Office) -> None:
    (anna,) = await office.hire("anna")
    office.service.desks.log_in(anna)
    await office.service.inbound_commands.mark(anna, on=True)
    live = await office.ring()
    await office.clock.advance(0.5)
    assert live is not None
    assert live.call.asked == anna
    await office.service.inbound_commands.accept(anna)
    await office.clock.advance(0.5)
    await office.service.inbound_commands.instead("hang_up", office.service.desk_commands.hang_up)(
        user_id=anna
    )
    await office.clock.advance(0.5)
    await office.wrap_up(anna, "contacted")
    assert office.state(anna) is AgentState.PAUSED


async def test_who_ignores_a_call_in_the_pause_or_leaves_is_asked_no_more(office: Office) -> None:
    anna, ben = await office.hire("anna", "ben")
    for user in (anna, ben):
        office.service.desks.log_in(user)
        await office.service.inbound_commands.mark(user, on=True)
    leave = office.service.inbound_commands.instead("log_out", office.service.desk_commands.log_out)
    await leave(user_id=ben)
    await office.ring()
    await office.clock.advance(17.0)
    assert office.service.reception.marked == set()
    assert office.state(anna) is AgentState.PAUSED
    with pytest.raises(OperatorError):
        await office.service.inbound_commands.mark(ben, on=True)


async def test_the_automatic_code_is_the_result_when_the_agent_gives_none(office: Office) -> None:
    (anna,) = await office.hire("anna")
    await office.ready(anna)
    await office.ring()
    await office.service.inbound_commands.accept(anna)
    await office.clock.advance(1.0)
    office.media.far_end_hangs_up(LEG)
    await office.clock.advance(61.0)
    assert office.state(anna) is AgentState.READY
    (call,) = await office.calls()
    assert (call.wrap_up_code, call.disposition) == ("contacted", Disposition.CONTACTED)
