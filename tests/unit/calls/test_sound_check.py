"""The sound check: a paused agent's phone hears itself, and never in the way of a call."""

from __future__ import annotations

import pytest

from firmware.calls.sound_check import CHECK_S
from firmware.model import AgentState, LegId, OperatorError, PhoneMode
from firmware.trunks.base import Route
from firmware.trunks.simulated import FarEnd
from tests.unit.calls.test_switchboard import ANNA, HUMAN, Office


def hearing(office: Office) -> list[set[LegId]]:
    """Who hears whom; a set of one hears itself."""
    return [set(pair) for pair in office.media.bridges]


async def paused(mode: PhoneMode = PhoneMode.NAILED_UP) -> Office:
    office = Office(mode=mode)
    await office.open()
    office.desks.log_in(ANNA)
    return office


@pytest.mark.parametrize("mode", list(PhoneMode))
async def test_the_phone_is_called_and_hears_itself(mode: PhoneMode) -> None:
    office = await paused(mode)
    office.desks.begin_check(ANNA)
    assert office.desks.checks.wanted(ANNA)
    assert not office.desks.checks.heard(ANNA)
    await office.clock.advance(2.0)
    leg = office.desks.leg(ANNA)
    assert leg is not None
    assert office.desks.checks.heard(ANNA)
    assert {leg} in hearing(office)
    office.desks.end_check(ANNA)
    await office.clock.advance(2.0)
    assert not hearing(office)
    assert office.desks.phone_open(ANNA) is (mode is PhoneMode.NAILED_UP)


async def test_it_ends_by_itself() -> None:
    office = await paused(PhoneMode.PER_CALL)
    office.desks.begin_check(ANNA)
    await office.clock.advance(CHECK_S + 5.0)
    assert not office.desks.checks.wanted(ANNA)
    assert office.desks.leg(ANNA) is None


async def test_who_becomes_ready_hears_customers_only() -> None:
    office = await paused()
    office.desks.begin_check(ANNA)
    await office.clock.advance(2.0)
    office.desks.ready(ANNA)
    assert not hearing(office)
    assert office.desks.available([ANNA]) == [ANNA]
    office.call()
    await office.clock.advance(10.0)
    leg = office.desks.leg(ANNA)
    assert office.desks.state(ANNA) is AgentState.TALKING
    assert [leg in pair for pair in hearing(office) if len(pair) == 2] == [True]
    assert {leg} not in hearing(office)


async def test_ready_before_the_phone_has_answered_is_ready_and_no_check() -> None:
    office = await paused()
    office.desks.begin_check(ANNA)
    office.desks.ready(ANNA)
    await office.clock.advance(2.0)
    assert not hearing(office)
    assert office.desks.available([ANNA]) == [ANNA]


async def test_a_phone_that_does_not_answer_ends_the_check() -> None:
    def silent(route: Route, _: int) -> FarEnd:
        return FarEnd(answers_after_s=None) if route.kind == "phone" else HUMAN

    office = Office(silent)
    await office.open()
    office.desks.log_in(ANNA)
    office.desks.begin_check(ANNA)
    await office.clock.advance(60.0)
    assert not office.desks.checks.wanted(ANNA)
    assert office.desks.state(ANNA) is AgentState.PAUSED


async def test_only_in_a_pause() -> None:
    office = Office()
    await office.open(ANNA)
    with pytest.raises(OperatorError) as refused:
        office.desks.begin_check(ANNA)
    assert refused.value.problems[0].key == "check_in_pause_only"
