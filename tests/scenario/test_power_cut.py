"""The box loses power at every moment of a call and comes back."""

from __future__ import annotations

from pathlib import Path

import pytest

from firmware.model import (
    AgentState,
    AttemptState,
    CampaignState,
    Disposition,
    OperatorError,
    RetryRule,
)
from firmware.rulebook.conditions import Check, Is
from firmware.rulebook.rules import Action, Do, Moment, Rule
from firmware.store import dnc, rule_books
from firmware.trunks.simulated import FarEnd
from tests.scenario.box import HUMAN, Box, number, running

GAP_S = 120.0
NOTED = [
    Rule(
        "note it",
        Moment.AFTER,
        (Action(Do.SET, field="said", value="never"),),
        Check(":code", Is.EQUALS, "do_not_call"),
    )
]


async def cut(box: Box) -> None:
    """The power goes: what is durable stays, nothing is said to anybody."""
    await box.media.stop()
    await box.service.control.stop()
    await box.service.store.close()


@pytest.mark.parametrize("after_s", [0.6, 2.0, 4.7, 6.0, 20.0, 34.6])
async def test_what_was_open_is_interrupted_and_not_dialled_again_within_the_gap(
    tmp_path: Path, after_s: float
) -> None:
    before = Box(tmp_path, lambda route, count: HUMAN)
    await before.service.start()
    (anna,) = await before.hire("Anna")
    list_id = await before.import_list([number(1)])
    campaign = await before.run_campaign(list_id, [anna], min_gap_s=GAP_S, retry={})
    await before.ready(anna)
    await before.clock.advance(after_s)
    assert before.dialled == [number(1)]
    await cut(before)

    async with running(Box(tmp_path, lambda route, count: HUMAN, at=before.clock.utc() + 20.0)) as box:
        (attempt,) = await box.attempts()
        assert (attempt.state, attempt.disposition) == (AttemptState.INTERRUPTED, Disposition.INTERRUPTED)
        assert box.service.desks.agent(anna).state is AgentState.LOGGED_OUT
        await box.ready(anna)
        await box.advance_working(400)
        assert box.dialled == []
        assert await box.state(campaign) is CampaignState.FINISHED


async def test_with_a_retry_rule_the_contact_is_called_again_after_the_gap(tmp_path: Path) -> None:
    before = Box(tmp_path, lambda route, count: HUMAN)
    await before.service.start()
    (anna,) = await before.hire("Anna")
    rule = {Disposition.INTERRUPTED: RetryRule(10.0, 2)}
    await before.run_campaign(await before.import_list([number(1)]), [anna], min_gap_s=GAP_S, retry=rule)
    await before.ready(anna)
    await before.clock.advance(6.0)
    await cut(before)

    start = before.clock.utc() + 5.0
    async with running(Box(tmp_path, lambda route, count: HUMAN, at=start)) as box:
        await box.ready(anna)
        await box.advance_working(300)
        (placed,) = [p for p in box.media.placed if p.route.kind == "trunk"]
        assert placed.at - start >= GAP_S


async def test_an_acknowledged_result_survives(tmp_path: Path) -> None:
    before = Box(tmp_path, lambda route, count: HUMAN)
    await before.service.start()
    (anna,) = await before.hire("Anna")
    campaign = await before.run_campaign(await before.import_list([number(1), number(2)]), [anna])
    await before.ready(anna)
    await before.clock.advance(36.0)
    attempt = before.service.desks.agent(anna).attempt
    assert attempt is not None
    await before.service.desk_commands.wrap_up(anna, attempt, "contacted", "k")
    await cut(before)

    async with running(Box(tmp_path, lambda route, count: FarEnd(), at=before.clock.utc() + 5.0)) as box:
        assert (await box.counters(campaign)).dispositions[Disposition.CONTACTED] == 1
        state = await box.service.desk_commands.wrap_up(anna, attempt, "contacted", "k")
        assert state["state"] is AgentState.LOGGED_OUT


async def test_a_result_typed_while_the_box_was_down_is_kept_beside_the_interruption(tmp_path: Path) -> None:
    before = Box(tmp_path, lambda route, count: HUMAN)
    await before.service.start()
    anna, bernd = await before.hire("Anna", "Bernd")
    campaign = await before.run_campaign(await before.import_list([number(1)]), [anna])
    await before.service.store.do(lambda conn: rule_books.set_rules(conn, campaign, NOTED, "anna", 0.0))
    await before.ready(anna)
    await before.clock.advance(36.0)
    attempt = before.service.desks.agent(anna).attempt
    assert attempt is not None
    await cut(before)

    async with running(Box(tmp_path, lambda route, count: HUMAN, at=before.clock.utc() + 5.0)) as box:
        desk = box.service.desk_commands
        with pytest.raises(OperatorError, match="closed with another result"):
            await desk.wrap_up(bernd, attempt, "contacted", "somebody else's")
        for _ in range(2):
            await desk.wrap_up(anna, attempt, "do_not_call", "k", note="never again")
        with pytest.raises(OperatorError, match="closed with another result"):
            await desk.wrap_up(anna, attempt, "contacted", "another key")
        (stored,) = await box.attempts()
        assert (stored.disposition, stored.wrap_up_code) == (Disposition.INTERRUPTED, "do_not_call")
        assert stored.note == "never again"
        listed = await box.service.store.do(lambda conn: dnc.look_up(conn, number(1)))
        assert [found.id for found in listed] == [dnc.OPT_OUTS]
        fired = await box.service.store.do(lambda conn: rule_books.of_attempt(conn, attempt))
        assert [each.rule for each in fired] == ["note it"], "once, however often the result was sent"
        await box.ready(anna)
        await box.advance_working(30)
        assert box.dialled == []
