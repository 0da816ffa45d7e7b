"""Corrections and messages carried out: desks, wire and books together, on a fake clock."""

from __future__ import annotations

from pathlib import Path

from firmware.calls import call as table
from firmware.calls.call import CallState
from firmware.calls.live import GreetingEnd, LiveCall
from firmware.calls.switchboard import Switchboard
from firmware.calls.talk import Turn
from firmware.model import (
    AgentState,
    AmdLabel,
    Disposition,
    MessageResult,
    OnCorrection,
    PhoneMode,
    VerdictAction,
)
from firmware.trunks.base import Route
from firmware.trunks.simulated import FarEnd
from tests.unit.calls.test_switchboard import ANNA, PHONE, Office

TEXT = {"drop_text": "Please call us back."}
FOUND_OUT = FarEnd(answers_after_s=3.0, turns_out=AmdLabel.MACHINE, turns_out_after_s=6.0, beeps_after_s=9.0)
MACHINE = FarEnd(answers_after_s=3.0, label=AmdLabel.MACHINE, beeps_after_s=8.0)


class Speaker:
    """A messenger whose one message is there at once."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self.prepared = 0

    def prepare(self, live: LiveCall) -> None: ...

    def play(self, live: LiveCall) -> None: ...

    def opt_out(self, live: LiveCall) -> None: ...

    def prepare_drop(self, live: LiveCall) -> None:
        self.prepared += 1

    def leave(self, live: LiveCall) -> None:
        self._office.media.play(live.leg, Path("message.wav"))
        switchboard: Switchboard = self._office.switchboard
        switchboard.message_began(live)


def office_with(far_end: FarEnd, mode: PhoneMode = PhoneMode.NAILED_UP, **settings: object) -> Office:
    def meet(route: Route, _: int) -> FarEnd:
        return PHONE if route.kind == "phone" else far_end

    office = Office(meet, mode, **(TEXT | settings))
    office.switchboard.messenger = Speaker(office)
    return office


async def test_a_message_is_left_after_the_beep_and_no_agent_is_needed() -> None:
    office = office_with(MACHINE, on_machine=VerdictAction.MESSAGE)
    await office.open(ANNA)
    live = office.call()
    await office.clock.advance(4.5)
    assert live.call.state is CallState.AWAITING_BEEP
    assert not live.needs_agent
    began_at = office.clock.utc() + 6.5
    await office.clock.advance(6.6)
    [(_, _, end)] = office.paper.of("message began")
    assert isinstance(end, GreetingEnd)
    assert (end.cause, round(end.at - began_at, 3)) == ("beep", 0.0)
    await office.clock.advance(5.0)
    assert office.paper.of("message") == [("message", live.uid, MessageResult.LEFT)]
    assert office.paper.of("disposed") == [("disposed", live.uid, Disposition.MACHINE)]
    assert office.desks.agent(ANNA).state is AgentState.READY


async def test_a_greeting_without_an_end_is_hung_up_on_in_time() -> None:
    endless = FarEnd(answers_after_s=3.0, label=AmdLabel.MACHINE)
    office = office_with(endless, on_machine=VerdictAction.MESSAGE, drop_wait_s=20.0)
    await office.open(ANNA)
    live = office.call()
    await office.clock.advance(24.1)
    assert office.paper.of("message") == [("message", live.uid, MessageResult.NO_END)]
    assert office.paper.of("message began") == []


async def test_the_desk_hears_of_a_correction_and_the_agent_hands_over() -> None:
    office = office_with(FOUND_OUT)
    await office.open(ANNA)
    live = office.call()
    await office.clock.advance(9.1)
    assert live.correction is not None
    assert live.call.state is CallState.BRIDGED
    office.switchboard.hand_over(live)
    assert office.desks.agent(ANNA).state is AgentState.READY
    assert office.desks.available([ANNA]) == [ANNA]
    assert office.media.bridges == set()
    released = office.switchboard.drops.released(ANNA)
    assert released is not None
    assert (released.what, released.by_agent) == ("message", True)
    await office.clock.advance(10.0)
    assert office.paper.of("message") == [("message", live.uid, MessageResult.LEFT)]
    assert office.switchboard.live() == []
    office.call()
    await office.clock.advance(4.1)
    assert office.switchboard.drops.released(ANNA) is None


async def test_the_next_call_is_no_business_of_the_message_still_being_left() -> None:
    office = office_with(FOUND_OUT)
    await office.open(ANNA)
    first = office.call()
    await office.clock.advance(9.1)
    office.switchboard.hand_over(first)
    second = office.call()
    await office.clock.advance(4.1)
    assert (second.call.state, second.call.agent) == (CallState.BRIDGED, ANNA)
    assert first.call.state is CallState.LEAVING_MESSAGE
    office.media.far_end_hangs_up(first.leg)
    assert office.paper.of("message") == [("message", first.uid, MessageResult.CUT_OFF)]
    assert office.desks.agent(ANNA).state is AgentState.TALKING


async def test_a_phone_called_for_each_call_is_let_go_and_called_again() -> None:
    office = office_with(FOUND_OUT, PhoneMode.PER_CALL, on_correction=OnCorrection.HANG_UP)
    await office.open(ANNA)
    live = office.call()
    await office.clock.advance(9.5)
    assert office.paper.of("disposed") == [("disposed", live.uid, Disposition.MACHINE)]
    assert office.desks.available([ANNA]) == [ANNA]
    released = office.switchboard.drops.released(ANNA)
    assert released is not None
    assert (released.what, released.by_agent) == ("hung_up", False)


async def test_what_comes_late_finds_the_call_over() -> None:
    office = office_with(FOUND_OUT)
    await office.open(ANNA)
    live = office.call()
    await office.clock.advance(8.0)
    live.to.turned(Turn.END)
    office.switchboard.hand_over(live)
    assert live.call.state is CallState.ENDING
    await office.clock.advance(5.0)
    assert office.desks.agent(ANNA).state is AgentState.WRAP_UP
    assert office.paper.of("message") == []
    office.switchboard.happened(live, table.Corrected(AmdLabel.MACHINE))
    assert live.call.state is CallState.ENDED


async def test_an_audited_machine_is_written_down_as_one() -> None:
    office = office_with(MACHINE, audit_share=0.5)
    await office.open(ANNA)
    calls = [office.call() for _ in range(12)]
    drawn = [live.uid for live in calls if live.call.policy.drawn]
    await office.clock.advance(4.2)
    assert 0 < len(drawn) < 12
    assert sorted(uid for _, uid in office.paper.of("audited")) == sorted(drawn)
    assert len(office.paper.of("talking")) == 1
    await office.clock.advance(5.0)
    assert len(office.paper.of("disposed")) == 11
    assert {line[2] for line in office.paper.of("disposed")} == {Disposition.MACHINE}
