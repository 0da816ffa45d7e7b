"""Calls that came in, once they are up: held, consulted about, handed over, overheard, recorded like every other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from firmware.campaigns import defaults
from firmware.config import InboundConfig
from firmware.inbound.happenings import Outcome, State
from firmware.model import (
    AgentState,
    AttemptUid,
    Disposition,
    LegId,
    OperatorError,
    PartyResult,
    Role,
    TapeEnd,
    UserId,
)
from firmware.store import callbacks, dnc_lookup, inbound, parties, tapes, users
from firmware.trunks.base import PhoneRoute
from firmware.trunks.simulated import FarEnd
from tests.scenario.box import PROVIDER, number, running
from tests.scenario.inbound_office import CALLER, LEG, NO_ANSWER, OFFICE, Office

PARTNER = number(900)
STAYS = FarEnd(answers_after_s=4.0)


class Floor:
    """Anna talks with a caller, Bernd is paused with an open phone, Sven supervises."""

    def __init__(self, box: Office, anna: UserId, bernd: UserId, sven: UserId, call: AttemptUid) -> None:
        self.box, self.anna, self.bernd, self.sven, self.call = box, anna, bernd, sven, call
        service = box.service
        self.desk, self.others, self.team = service.desk_commands, service.floor.parties, service.floor.team

    async def read(self, how: Any) -> Any:
        await self.box.service.store.idle()
        return await self.box.service.store.do(lambda conn: how(conn, self.call))

    def hears(self, who: LegId | None, whom: LegId | None) -> bool:
        return (whom, who) in self.box.media.feeds

    def leg(self, user: UserId) -> LegId:
        found = self.box.service.desks.leg(user)
        assert found is not None
        return found

    async def wrap_up(self, user: UserId, code: str, **more: Any) -> None:
        command = self.box.service.inbound_commands.instead("wrap_up", self.desk.wrap_up)
        await command(user_id=user, attempt=self.call, code=code, key=f"k-{user}", **more)

    async def tape(self) -> list[tuple[str, TapeEnd | None]]:
        return [(piece.file.removeprefix(self.call), piece.why) for piece in await self.read(tapes.of_call)]


async def floor(box: Office, **contacts: Any) -> Floor:
    anna, bernd = await box.hire("anna", "bernd")
    new = users.NewUser(
        "sven", "Sven", frozenset({Role.SUPERVISOR}), "x", phone_user="psven", phone_ha1="0" * 32
    )
    sven = await box.service.store.do(lambda conn: users.create(conn, new, box.clock.utc()))
    if contacts:
        listed = await box.import_list([CALLER])
        await box.service.store.do(lambda conn: conn.execute("UPDATE contact SET next_at = 9e999"))
        await box.run_campaign(listed, [anna, bernd], **contacts)
    await box.ready(anna, bernd)
    box.service.desks.pause(bernd, "lunch")
    live = await box.ring()
    assert live is not None
    await box.service.inbound_commands.accept(anna)
    await box.clock.advance(0.5)
    assert box.state(anna) is AgentState.TALKING
    return Floor(box, anna, bernd, sven, live.uid)


def office(folder: Path, rule: InboundConfig = OFFICE) -> Office:
    return Office(folder, rule, far_end=NO_ANSWER)


# -- what goes wrong -----------------------------------------------------------------------------------------------


async def test_nobody_takes_a_caller_whose_agent_is_gone(tmp_path: Path) -> None:
    """The agent hangs up while a colleague's phone rings; the colleague does not answer, nobody else comes."""
    box = office(tmp_path)
    async with running(box):
        it = await floor(box)
        assert isinstance(box, Office)
        await it.others.consult(it.anna, "agent", it.bernd, blind=True)
        assert box.state(it.anna) is AgentState.WRAP_UP, "an open phone is there at once"
        box.media.far_end_hangs_up(it.leg(it.bernd))
        await box.clock.advance(0.5)
        (call,) = await box.calls()
        assert (call.outcome, call.handed_at is None) == (Outcome.ANSWERED, False)
        assert box.state(it.bernd) is AgentState.WRAP_UP


async def test_the_caller_hangs_up_during_a_consultation(tmp_path: Path) -> None:
    box = office(tmp_path)
    async with running(box):
        it = await floor(box)
        await it.others.consult(it.anna, "agent", it.bernd)
        box.media.far_end_hangs_up(LEG)
        await box.clock.advance(0.5)
        assert (box.state(it.anna), box.state(it.bernd)) == (AgentState.WRAP_UP, AgentState.PAUSED)
        await it.wrap_up(it.anna, "contacted")
        assert box.service.reception.live() == []
        assert [part.result for part in await it.read(parties.of_attempt)] == [PartyResult.CUSTOMER_LEFT]


async def test_the_box_stops_during_a_conference(tmp_path: Path) -> None:
    box = office(tmp_path, replace(OFFICE, record="always"))
    async with running(box):
        it = await floor(box)
        await it.others.consult(it.anna, "agent", it.bernd)
        await it.others.party(it.anna, "join")
    again = office(tmp_path)
    async with running(again):
        (call,) = await again.calls()
        assert call.ended_at is not None
        found = await again.service.store.do(lambda conn: parties.of_attempt(conn, it.call))
        assert [part.ended_at is not None for part in found] == [True]
        pieces = await again.service.store.do(lambda conn: tapes.of_call(conn, it.call))
        assert all(piece.why is not None for piece in pieces)


async def test_the_result_of_who_takes_over_waits_for_the_end(tmp_path: Path) -> None:
    box = office(tmp_path)
    async with running(box):
        it = await floor(box)
        await it.others.consult(it.anna, "agent", it.bernd, blind=True)
        with pytest.raises(OperatorError, match="not over yet"):
            await it.wrap_up(it.bernd, "contacted")
        await it.wrap_up(it.anna, "contacted")
        assert box.state(it.anna) is AgentState.READY
        desk: Mapping[str, Any] = await box.desk(it.anna)
        assert desk.get("call") is None, "the call is Bernd's"


# -- how it goes ---------------------------------------------------------------------------------------------------


@pytest.mark.req("WDE-029")
async def test_held_consulted_brought_together_and_taken_back(tmp_path: Path) -> None:
    box = office(tmp_path)
    async with running(box):
        it = await floor(box)
        anna = it.leg(it.anna)
        await it.desk.hold(it.anna)
        live = box.service.reception.find(it.call)
        assert live is not None
        assert (live.held, live.music) == (True, {LEG})
        assert (await box.desk(it.anna))["call"]["held"]
        await it.desk.unhold(it.anna)
        assert live.music == frozenset()
        assert it.hears(LEG, anna)
        assert it.hears(anna, LEG)
        await it.others.consult(it.anna, "agent", it.bernd)
        bernd = it.leg(it.bernd)
        assert it.hears(anna, bernd)
        assert not it.hears(anna, LEG)
        shown = await box.desk(it.bernd)
        assert (shown["party"]["role"], shown["party"]["first"]) == ("other", "anna")
        assert shown["call"]["number"] == CALLER, "whoever is asked in sees whose call it is"
        await it.others.party(it.anna, "join")
        assert all(
            it.hears(one, other) for one in (LEG, anna, bernd) for other in (LEG, anna, bernd) if one != other
        )
        await it.others.party(it.anna, "take_back")
        assert not it.hears(bernd, LEG)
        assert box.state(it.bernd) is AgentState.PAUSED
        await it.desk.hang_up(it.anna)
        await box.clock.advance(0.5)
        await it.wrap_up(it.anna, "contacted")
        assert box.service.reception.live() == []


@pytest.mark.parametrize("blind", [True, False])
async def test_handed_over_and_both_give_a_result(tmp_path: Path, blind: bool) -> None:
    box = office(tmp_path)
    async with running(box):
        it = await floor(box)
        await it.others.consult(it.anna, "agent", it.bernd, blind=blind)
        if not blind:
            await it.others.party(it.anna, "complete")
        await box.clock.advance(5.0)
        assert (box.state(it.anna), box.state(it.bernd)) == (AgentState.WRAP_UP, AgentState.TALKING)
        assert it.hears(it.leg(it.bernd), LEG)
        assert (await box.desk(it.bernd))["party"]["handed"]
        await it.wrap_up(it.anna, "contacted", note="first")
        live = box.service.reception.find(it.call)
        assert live is not None
        assert live.call.state is State.HANDED
        box.media.far_end_hangs_up(LEG)
        await box.clock.advance(0.5)
        await it.wrap_up(it.bernd, "contacted", note="second", do_not_call=True)
        assert box.service.reception.live() == []
        (call,) = await box.calls()
        (part,) = await it.read(parties.of_attempt)
        assert (call.user_id, call.note, part.note) == (it.anna, "first", "second")
        assert call.outcome is Outcome.ANSWERED
        assert await box.service.store.do(lambda conn: dnc_lookup.look_up(conn, CALLER))


@pytest.mark.parametrize("first", ["anna", "bernd"])
async def test_who_took_over_promises_a_callback(tmp_path: Path, first: str) -> None:
    """Whichever result comes first, the promise of who spoke last stands."""
    box = office(tmp_path)
    async with running(box):
        it = await floor(box, retry=defaults.RETRY)
        await it.others.consult(it.anna, "agent", it.bernd, blind=True)
        await it.desk.hang_up(it.bernd)
        await box.clock.advance(0.5)
        at = box.clock.utc() + 7200.0

        async def bernd() -> None:
            await it.wrap_up(it.bernd, "callback", callback_at=at, callback_kind="personal")

        if first == "bernd":
            await bernd()
        await it.wrap_up(it.anna, "contacted")
        if first == "anna":
            await bernd()
        (call,) = await box.calls()
        promise = await box.service.store.do(lambda conn: callbacks.open_of(conn, call.contact_id))
        assert (promise.promised_at, promise.owner, promise.attempt_uid) == (at, it.bernd, it.call)


async def test_a_caller_is_handed_to_a_destination(tmp_path: Path) -> None:
    box = office(tmp_path)
    async with running(box):
        it = await floor(box)
        made = await box.service.floor.destinations.add("Partner", PARTNER, by=it.anna)
        await it.others.consult(it.anna, "destination", made["id"])
        live = box.service.reception.find(it.call)
        assert live is not None
        assert (live.other is not None, live.lines) == (True, 2)
        assert box.service.reception.legs_on("provider") == 2
        assert live.caller_id == PROVIDER.caller_ids[0], "a destination sees the office's number"
        assert [each.route.address for each in box.media.placed if each.route.kind != "phone"] == [PARTNER]


# -- recording -------------------------------------------------------------------------------------------------------


async def test_nothing_is_recorded_unless_the_office_says_so(tmp_path: Path) -> None:
    box = office(tmp_path)
    async with running(box):
        it = await floor(box)
        assert await it.tape() == []
        assert (await box.desk(it.anna))["tape"] is None
        with pytest.raises(OperatorError, match="does not record"):
            await it.others.record(it.anna, on=True, agreed=True)


async def test_a_recording_goes_on_with_who_takes_over_and_rests_in_between(tmp_path: Path) -> None:
    box = office(tmp_path, replace(OFFICE, record="always"))
    async with running(box):
        it = await floor(box)
        assert (await box.desk(it.anna))["tape"]["on"]
        await it.desk.hold(it.anna)
        assert (await box.desk(it.anna))["tape"]["why"] == TapeEnd.HELD
        await it.desk.unhold(it.anna)
        await it.others.consult(it.anna, "agent", it.bernd)
        assert (await box.desk(it.anna))["tape"]["why"] == TapeEnd.CONSULTED
        await it.others.party(it.anna, "complete")
        assert (await box.desk(it.bernd))["tape"]["on"]
        box.media.far_end_hangs_up(LEG)
        await box.clock.advance(0.5)
        ends = [TapeEnd.HELD, TapeEnd.CONSULTED, TapeEnd.OVER]
        assert await it.tape() == [*zip((".wav", "-2.wav", "-3.wav"), ends, strict=True)]


async def test_a_recording_is_stopped_and_begins_anew_only_with_consent(tmp_path: Path) -> None:
    box = office(tmp_path, replace(OFFICE, record="always"))
    async with running(box):
        it = await floor(box)
        await it.others.record(it.anna, on=False)
        assert await it.tape() == [(".wav", TapeEnd.ASKED)]
        with pytest.raises(OperatorError, match="Ask first"):
            await it.others.record(it.anna, on=True)
        await it.others.record(it.anna, on=True, agreed=True)
        assert await it.tape() == [(".wav", TapeEnd.ASKED), ("-2.wav", None)]
        assert [step.what for step in await it.read(parties.steps)] == ["stop_recording", "record"]


@pytest.mark.req("WDE-030")
async def test_an_agent_begins_a_recording_only_after_the_caller_has_agreed(tmp_path: Path) -> None:
    box = office(tmp_path, replace(OFFICE, record="asked"))
    async with running(box):
        it = await floor(box)
        assert await it.tape() == []
        shown = (await box.desk(it.anna))["tape"]
        assert (shown["on"], shown["why"], shown["goes_on"]) == (False, None, True)
        with pytest.raises(OperatorError, match="Ask first"):
            await it.others.record(it.anna, on=True)
        assert await it.tape() == []
        await it.others.record(it.anna, on=True, agreed=True)
        assert (await box.desk(it.anna))["tape"]["on"]
        assert await it.tape() == [(".wav", None)]
        assert [(step.what, step.user_id) for step in await it.read(parties.steps)] == [("record", it.anna)]


# -- supervisors -----------------------------------------------------------------------------------------------------


async def test_a_supervisor_listens_whispers_and_speaks(tmp_path: Path) -> None:
    box = office(tmp_path)
    async with running(box):
        it = await floor(box)
        await it.team.listen(it.sven, it.anna, "listen")
        await box.clock.advance(0.5)
        sven = next(each.leg for each in box.media.placed if each.route == PhoneRoute("psven"))
        anna = it.leg(it.anna)
        assert it.hears(sven, LEG)
        assert it.hears(sven, anna)
        assert not it.hears(LEG, sven)
        await it.team.listen(it.sven, it.anna, "whisper")
        assert it.hears(anna, sven)
        assert not it.hears(LEG, sven)
        await it.team.listen(it.sven, it.anna, "barge")
        assert it.hears(LEG, sven)
        box.media.far_end_hangs_up(LEG)
        await box.clock.advance(0.5)
        assert box.service.floor.monitors.of(it.sven) is None
        rows = await it.read(lambda conn, call: parties.monitorings(conn, call))
        assert {row.kind for row in rows} == {"listen", "whisper", "barge"}
        assert await it.read(inbound.get) is not None
        await it.wrap_up(it.anna, "contacted")
        (call,) = await box.calls()
        assert call.disposition is Disposition.CONTACTED


# -- what is known of somebody ---------------------------------------------------------------------------------------


async def test_the_history_at_the_desk_has_calls_of_either_way(tmp_path: Path) -> None:
    """Whoever called us with a question is greeted with that question when we call them."""
    box = Office(tmp_path, OFFICE, far_end=STAYS)
    async with running(box):
        it = await floor(box, retry=defaults.RETRY)
        box.media.far_end_hangs_up(LEG)
        await box.clock.advance(0.5)
        await it.wrap_up(it.anna, "contacted", note="asked about the bill")
        box.service.desks.ready(it.anna)
        await box.service.store.do(lambda conn: conn.execute("UPDATE contact SET next_at = 0"))
        box.service.dialler.soon()
        await box.clock.advance(20.0)
        desk = await box.desk(it.anna)
        assert (desk["state"], desk["call"]["number"]) == (AgentState.TALKING, CALLER)
        (earlier,) = desk["history"]
        assert (earlier["incoming"], earlier["note"]) == (Outcome.ANSWERED, "asked about the bill")
