"""Consulting, handing over, conferences and forwarding, with desks and scripted far ends on a fake clock."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from firmware.calls.call import CallState
from firmware.calls.company import QUEUE_WAIT_S, Wanted
from firmware.calls.live import LiveCall
from firmware.calls.parties import Happening, Stage
from firmware.model import (
    AgentState,
    AmdLabel,
    Destination,
    DiallingMode,
    Disposition,
    HangupCause,
    LegId,
    PartyResult,
    PhoneMode,
    UserId,
)
from firmware.trunks.base import DestinationRoute, LegCorrected, Route
from firmware.trunks.simulated import FarEnd
from tests.unit.calls.test_switchboard import ANNA, BERND, HUMAN, PHONE, Office

PARTNER = Destination(7, "Partner", "+493023125900")
BUSY = FarEnd(rings_after_s=None, refuses=(0.1, 486, HangupCause.BUSY))


def far_end(route: Route, _: int) -> FarEnd:
    return PHONE if route.kind == "phone" else HUMAN


def partner_busy(route: Route, _: int) -> FarEnd:
    return BUSY if isinstance(route, DestinationRoute) else far_end(route, 0)


def silent_phone(route: Route, _: int) -> FarEnd:
    """Bernd does not pick up."""
    return FarEnd(answers_after_s=None) if route.address == "p2" else far_end(route, 0)


async def talking(**settings: Any) -> tuple[Office, LiveCall]:
    """Anna talks with a customer; Bernd is ready."""
    office = Office(**{"far_end": far_end, **settings})
    await office.open(ANNA)
    live = office.call()
    await office.clock.advance(4.2)
    assert office.desks.agent(ANNA).state is AgentState.TALKING
    office.desks.log_in(BERND)
    office.desks.ready(BERND)
    await office.clock.advance(1.0)
    return office, live


def ask(office: Office, live: LiveCall, *, blind: bool = False, to: Wanted | None = None) -> bool:
    return office.switchboard.company.ask(live, ANNA, to or Wanted(BERND), blind=blind)


def state(office: Office, agent: UserId) -> AgentState:
    return office.desks.agent(agent).state


def hears(office: Office, who: LegId | None, whom: LegId | None) -> bool:
    return (whom, who) in office.media.feeds


def results(office: Office) -> list[Any]:
    return [line[2] for line in office.paper.of("party ended")]


@pytest.mark.req("WDE-029")
async def test_a_consultation_is_private_until_all_are_together() -> None:
    office, live = await talking()
    company = office.switchboard.company
    assert ask(office, live)
    anna, bernd = office.desks.leg(ANNA), office.desks.leg(BERND)
    assert state(office, BERND) is AgentState.TALKING
    assert office.desks.available([BERND]) == []
    assert hears(office, anna, bernd)
    assert hears(office, bernd, anna)
    assert not hears(office, live.leg, anna)
    assert not hears(office, bernd, live.leg)
    assert live.music == {live.leg}
    assert company.happen(live, Happening.TOGGLE, ANNA)
    assert hears(office, live.leg, anna)
    assert not hears(office, anna, bernd)
    assert live.music == {bernd}
    assert company.happen(live, Happening.JOIN, ANNA)
    legs = (live.leg, anna, bernd)
    assert all(hears(office, one, other) for one in legs for other in legs if one != other)
    assert live.music == frozenset()
    assert company.happen(live, Happening.TAKE_BACK, ANNA)
    assert (state(office, ANNA), state(office, BERND)) == (AgentState.TALKING, AgentState.READY)
    assert office.media.bridges == {frozenset((live.leg, anna))}
    assert results(office) == [PartyResult.TAKEN_BACK]


async def test_who_hands_over_owes_the_result_and_who_takes_over_one_of_their_own() -> None:
    office, live = await talking()
    company = office.switchboard.company
    ask(office, live)
    assert company.happen(live, Happening.COMPLETE, ANNA)
    assert live.call.state is CallState.HANDED
    assert (state(office, ANNA), state(office, BERND)) == (AgentState.WRAP_UP, AgentState.TALKING)
    assert office.media.bridges == {frozenset((live.leg, office.desks.leg(BERND)))}
    office.switchboard.closed(live)  # Anna's result is durable, and the customer still talks
    assert state(office, ANNA) is AgentState.READY
    assert office.switchboard.live() == [live]
    office.media.far_end_hangs_up(live.leg)
    assert state(office, BERND) is AgentState.WRAP_UP
    assert office.switchboard.live() == [live]
    part = company.owes(live, BERND)
    assert part is not None
    company.settled(live, part)
    assert state(office, BERND) is AgentState.READY
    assert office.switchboard.live() == []
    assert results(office) == [PartyResult.CUSTOMER_LEFT]


async def test_the_results_may_come_in_any_order() -> None:
    office, live = await talking()
    company = office.switchboard.company
    ask(office, live)
    company.happen(live, Happening.COMPLETE, ANNA)
    assert company.hang_up(live, BERND)
    await office.clock.advance(0.1)
    part = company.owes(live, BERND)
    assert part is not None
    company.settled(live, part)
    assert office.switchboard.live() == [live]
    office.switchboard.closed(live)
    assert office.switchboard.live() == []
    assert state(office, ANNA) is AgentState.READY


async def test_the_customer_hangs_up_while_two_consult() -> None:
    office, live = await talking()
    ask(office, live)
    office.media.far_end_hangs_up(live.leg)
    assert (state(office, ANNA), state(office, BERND)) == (AgentState.WRAP_UP, AgentState.READY)
    assert office.media.feeds == set()
    assert results(office) == [PartyResult.CUSTOMER_LEFT]


async def test_who_was_asked_hangs_up_the_handset() -> None:
    office, live = await talking()
    ask(office, live)
    leg = office.desks.leg(BERND)
    assert leg is not None
    office.media.far_end_hangs_up(leg)
    assert live.parties.stage is Stage.TALK
    assert live.told == "left"
    assert office.media.bridges == {frozenset((live.leg, office.desks.leg(ANNA)))}
    await office.clock.advance(1.0)
    assert state(office, BERND) is AgentState.READY


async def test_a_phone_that_dies_in_a_consultation_leaves_the_customer_with_the_other() -> None:
    office, live = await talking()
    ask(office, live)
    leg = office.desks.leg(ANNA)
    assert leg is not None
    office.media.far_end_hangs_up(leg)
    assert state(office, ANNA) is AgentState.WRAP_UP
    assert live.call.state is CallState.HANDED
    assert office.media.bridges == {frozenset((live.leg, office.desks.leg(BERND)))}


async def test_nobody_answers_and_the_phone_of_the_first_is_gone_so_an_agent_is_sought() -> None:
    office, live = await talking(far_end=silent_phone, mode=PhoneMode.PER_CALL)
    assert ask(office, live)
    assert state(office, BERND) is AgentState.RESERVED
    leg = office.desks.leg(ANNA)
    assert leg is not None
    office.media.far_end_hangs_up(leg)
    assert (state(office, ANNA), live.parties.stage) == (AgentState.WRAP_UP, Stage.CALLING)
    await office.clock.advance(20.0)
    assert live.parties.stage is Stage.SEEKING
    assert live.music == {live.leg}
    office.switchboard.closed(live)
    await office.clock.advance(0.2)
    assert live.first is not None
    assert live.first.user == ANNA, "whoever is free first takes them, be it the same"
    assert state(office, ANNA) is AgentState.TALKING


async def test_nobody_comes_and_the_customer_is_told_so() -> None:
    office, live = await talking(far_end=silent_phone, mode=PhoneMode.PER_CALL)
    ask(office, live, blind=True)
    leg = office.desks.leg(ANNA)
    assert leg is not None
    office.media.far_end_hangs_up(leg)
    await office.clock.advance(20.0 + QUEUE_WAIT_S)
    assert live.call.state is CallState.ANNOUNCING
    await office.clock.advance(5.0)
    assert live.call.state is CallState.ENDED
    office.switchboard.closed(live)
    assert office.switchboard.live() == []


async def test_a_blind_transfer_that_is_not_answered_comes_back() -> None:
    office, live = await talking(far_end=partner_busy)
    assert ask(office, live, blind=True, to=Wanted(destination=PARTNER))
    await office.clock.advance(0.2)
    assert (live.parties.stage, live.told) == (Stage.TALK, "not_answered")
    assert state(office, ANNA) is AgentState.TALKING
    assert results(office) == [PartyResult.NOT_ANSWERED]


async def test_a_destination_has_the_customer_until_somebody_hangs_up_or_the_time_is_over() -> None:
    office, live = await talking()
    assert ask(office, live, blind=True, to=Wanted(destination=PARTNER))
    await office.clock.advance(4.1)
    placed = office.media.placed[-1]
    assert placed.route == DestinationRoute("+493023125900", "t", 7)
    assert office.media.bridges == {frozenset((live.leg, placed.leg))}
    assert state(office, ANNA) is AgentState.WRAP_UP
    assert live.lines == 2
    office.switchboard.closed(live)
    await office.clock.advance(1795.0)
    assert live.call.state is CallState.HANDED
    await office.clock.advance(10.0)
    assert office.switchboard.live() == []
    assert office.media.health().legs == 2, "the agents' telephones stay open"


async def test_a_destination_that_hangs_up_ends_the_call() -> None:
    office, live = await talking()
    ask(office, live, blind=True, to=Wanted(destination=PARTNER))
    await office.clock.advance(4.1)
    office.media.far_end_hangs_up(office.media.placed[-1].leg)
    await office.clock.advance(0.1)
    assert live.call.state is CallState.ENDED
    assert results(office) == [PartyResult.LEFT]


async def test_who_is_paused_is_paused_again_and_who_is_away_is_not_asked() -> None:
    office, live = await talking()
    office.desks.pause(BERND, "lunch")
    assert ask(office, live)
    office.switchboard.company.happen(live, Happening.TAKE_BACK, ANNA)
    bernd = office.desks.agent(BERND)
    assert (bernd.state, bernd.reason) == (AgentState.PAUSED, "lunch")
    office.desks.log_out(BERND)
    await office.clock.advance(0.1)
    assert not ask(office, live)
    assert live.parties.stage is Stage.TALK


async def test_whoever_consults_is_not_held_and_the_customer_hears_music_again_and_again() -> None:
    office, live = await talking()
    office.switchboard.company.hold(live, held=True)
    assert live.music == {live.leg}
    assert ask(office, live)
    assert not live.held
    assert live.music == {live.leg}


async def test_the_box_is_stopped_while_two_consult() -> None:
    office, live = await talking()
    ask(office, live)
    office.switchboard.end_all()
    await office.clock.advance(0.1)
    assert live.call.state is CallState.ENDED
    assert results(office) == [PartyResult.STOPPED]
    assert office.media.feeds == set()


async def test_it_turns_out_to_be_a_machine_while_two_consult() -> None:
    office, live = await talking(on_correction="hang_up")
    ask(office, live)
    office.switchboard.on_leg(LegCorrected(live.leg, AmdLabel.MACHINE, 0.9, "test", {}, 4000))
    assert live.call.state is CallState.BRIDGED


async def test_key_2_of_a_message_reaches_a_destination() -> None:
    office = Office(far_end, mode=PhoneMode.NAILED_UP)
    office.settings = _forwarding(office, "destination:7")
    office.switchboard.forward_to = lambda _: Wanted(destination=PARTNER)
    office.switchboard.messenger = _Quiet()
    await office.open()
    live = office.call()
    await office.clock.advance(4.1)
    assert live.call.state is CallState.MESSAGE
    office.media.far_end_dials(live.leg, "2")
    await office.clock.advance(3.1)
    assert office.media.bridges == {frozenset((live.leg, office.media.placed[-1].leg))}
    office.media.far_end_hangs_up(live.leg)
    await office.clock.advance(0.1)
    assert office.paper.of("disposed") == [("disposed", live.uid, Disposition.CONTACTED)]
    assert office.media.health().legs == 0


async def test_key_2_and_the_destination_is_busy() -> None:
    office = Office(partner_busy, mode=PhoneMode.NAILED_UP)
    office.settings = _forwarding(office, "destination:7", agent_ids=())
    office.switchboard.forward_to = lambda _: Wanted(destination=PARTNER)
    office.switchboard.messenger = _Quiet()
    await office.open()
    live = office.call()
    await office.clock.advance(4.1)
    office.media.far_end_dials(live.leg, "2")
    await office.clock.advance(0.3)
    assert live.call.state is CallState.ANNOUNCING
    await office.clock.advance(5.0)
    assert office.paper.of("disposed") == [("disposed", live.uid, Disposition.CONTACTED)]


class _Quiet:
    """A messenger whose message lasts until something else happens."""

    def prepare(self, live: LiveCall) -> None: ...
    def play(self, live: LiveCall) -> None: ...
    def prepare_drop(self, live: LiveCall) -> None: ...
    def leave(self, live: LiveCall) -> None: ...
    def opt_out(self, live: LiveCall) -> None: ...


def _forwarding(office: Office, to: str, **more: Any) -> Any:
    return replace(
        office.settings,
        mode=DiallingMode.AGENTLESS,
        agent_key=True,
        agent_key_to=to,
        amd_enabled=False,
        **more,
    )
