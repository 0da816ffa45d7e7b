"""Calls that come in, in a whole box: what goes wrong first, then how they reach an agent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from firmware.commands.inbound_office import InboundOfficeCommands
from firmware.config import InboundConfig
from firmware.inbound.happenings import Kind, Outcome, State
from firmware.model import AgentState, Disposition, LegId, OperatorError, PhoneMode, Side, UserId
from firmware.reception import Incoming
from firmware.service import Service
from firmware.store import alerts, callbacks, inbound
from firmware.trunks.base import LegDigit
from firmware.trunks.simulated import FarEnd
from tests.scenario.box import HUMAN, PROVIDER, Box, number, running

CALLER, OURS = number(7), "+493023125000"
LEG = LegId("in-1")
NO_ANSWER = FarEnd()


class Office(Box):
    """A box that takes calls by these rules."""

    def __init__(self, folder: Path, *rules: InboundConfig, far_end: FarEnd = HUMAN, **more: Any) -> None:
        super().__init__(folder, lambda *_: far_end, **more)
        self.config = replace(self.config, inbound=rules)
        self.service = Service(self.config, self.clock, self.media, self.outside, self.machine)
        self.clock.on_settle(self.service.idle)

    async def ring(self, caller: str = CALLER, leg: LegId = LEG, called: str = OURS) -> Incoming | None:
        """Somebody calls; the call as the reception has it."""
        self.media.call_in(leg, caller, called, "provider")
        await self.clock.advance(0.1)
        live = self.service.reception.live()
        return live[-1] if live else None

    async def calls(self) -> list[inbound.InboundCall]:
        def work(conn: Any) -> list[inbound.InboundCall]:
            uids = conn.execute("SELECT uid FROM inbound_call ORDER BY id").fetchall()
            return [inbound.get(conn, uid) for (uid,) in uids]

        return await self.service.store.do(work)

    def state(self, user: UserId) -> AgentState:
        return self.service.desks.state(user)

    async def desk(self, user: UserId) -> Any:
        return await self.service.inbound_commands.instead("state", self.service.desk_commands.state)(
            user_id=user
        )

    async def wrap_up(self, user: UserId, code: str, **more: Any) -> None:
        attempt = self.service.desks.agent(user).attempt
        command = self.service.inbound_commands.instead("wrap_up", self.service.desk_commands.wrap_up)
        await command(user_id=user, attempt=attempt, code=code, key=f"k-{attempt}", **more)


OFFICE = InboundConfig("office", ring_s=5.0, wait_s=30.0)


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
