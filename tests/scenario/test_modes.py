"""Power and predictive dialling, and campaigns that share agents and lines."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from firmware.config import TrunkConfig
from firmware.model import (
    AgentState,
    AmdLabel,
    CampaignId,
    DiallingMode,
    Disposition,
    OperatorError,
    PreviewOffer,
    RetryRule,
    UserId,
)
from firmware.store import contacts, pacing_log, pacing_state
from firmware.trunks.base import Route
from firmware.trunks.simulated import FarEnd
from tests.scenario.box import HUMAN, Box, number, running
from tests.scenario.test_power_cut import cut

NOBODY = FarEnd()
MACHINE = FarEnd(answers_after_s=8.0, label=AmdLabel.MACHINE, recognised_after_s=2.0)
TEAM = ("Anna", "Bernd", "Clara", "Dieter", "Elif", "Frank")


def town(route: Route, count: int) -> FarEnd:
    """A quarter of the people answer after some seconds and talk for half a minute or so; always the same ones."""
    chance = random.Random(route.address)
    if chance.random() > 0.25:
        return NOBODY if chance.random() < 0.8 else MACHINE
    return FarEnd(answers_after_s=chance.uniform(3.0, 16.0), hangs_up_after_s=chance.uniform(15.0, 60.0))


def numbers(count: int) -> list[str]:
    """More than the fictional Berlin block has: the British one goes on where it ends."""
    return [number(i) if i < 1000 else f"+441632960{i - 1000:03d}" for i in range(count)]


async def decisions(box: Box, campaign: CampaignId) -> list[pacing_log.PacingNote]:
    return await box.service.store.do(lambda conn: pacing_log.latest(conn, campaign, 5000))


async def kept(box: Box, campaign: CampaignId) -> dict[str, Any] | None:
    return await box.service.store.do(lambda conn: pacing_state.load(conn, campaign))


async def work(box: Box, seconds: float, rest_s: float = 8.0) -> None:
    """Agents wrap up for ``rest_s``, then give their result."""
    for _ in range(int(seconds)):
        await box.clock.advance(1.0)
        for agent in box.service.desks.agents():
            since_s = box.clock.utc() - agent.since
            if agent.state is AgentState.WRAP_UP and agent.attempt is not None and since_s >= rest_s:
                await box.service.desk_commands.wrap_up(
                    agent.user_id, agent.attempt, "contacted", f"k-{agent.attempt}"
                )


@pytest.mark.req("GEN-004")
async def test_power_starts_so_many_calls_for_each_ready_agent_within_its_lines(tmp_path: Path) -> None:
    async with running(Box(tmp_path, lambda route, count: NOBODY)) as box:
        agents = await box.hire("Anna", "Bernd")
        await box.run_campaign(
            await box.import_list(numbers(60)), agents, mode=DiallingMode.POWER, lines_per_agent=2.5
        )
        await box.ready(*agents)
        await box.clock.advance(3.0)
        assert len(box.service.switchboard.live()) == 5
        (shown,) = box.service.hub.snapshot()["campaigns"]
        assert shown["pacing"]["figures"]["ratio"] == 2.5

    (tmp_path / "capped").mkdir()
    async with running(Box(tmp_path / "capped", lambda route, count: NOBODY)) as box:
        agents = await box.hire("Anna", "Bernd")
        settings = {"mode": DiallingMode.POWER, "lines_per_agent": 5.0, "max_lines": 3}
        await box.run_campaign(await box.import_list(numbers(60)), agents, **settings)
        await box.ready(*agents)
        await box.clock.advance(10.0)
        assert len(box.service.switchboard.live()) == 3


@pytest.mark.req("GEN-005", "GEN-050")
async def test_predictive_dials_ahead_and_every_decision_is_kept_with_its_figures(tmp_path: Path) -> None:
    async with running(Box(tmp_path, town)) as box:
        agents = await box.hire(*TEAM)
        campaign = await box.run_campaign(
            await box.import_list(numbers(1900)),
            agents,
            mode=DiallingMode.PREDICTIVE,
            max_attempts=1,
            retry={},
        )
        await box.ready(*agents)
        await work(box, 1800)
        counters = await box.counters(campaign)
        talked = counters.dispositions[Disposition.CONTACTED]
        assert talked >= 50
        assert counters.abandoned <= 0.03 * counters.live_answers + 2
        log = await decisions(box, campaign)
        assert max(note.figures["calls_without_agent"] - note.figures["ready"] for note in log) > 0
        assert sum(note.starts for note in log) == counters.attempts
        for note in log:
            assert {"risk", "theta", "credit", "answers", "abandoned"} <= set(note.figures)
        assert "risk_too_high" in {note.reason for note in log} or "budget_spent" in {n.reason for n in log}
        pacing = box.service.hub.snapshot()["campaigns"][0]["pacing"]["figures"]
        assert pacing["answers"] == counters.live_answers
        assert pacing["abandoned"] == counters.abandoned


async def test_what_predictive_learned_survives_power_cut_and_restart(tmp_path: Path) -> None:
    before = Box(tmp_path, town)
    await before.service.start()
    agents = await before.hire(*TEAM)
    campaign = await before.run_campaign(
        await before.import_list(numbers(900)), agents, mode=DiallingMode.PREDICTIVE, max_attempts=1, retry={}
    )
    await before.ready(*agents)
    await work(before, 600)
    learned = await kept(before, campaign)
    assert learned is not None
    answers = (await before.counters(campaign)).live_answers
    await cut(before)

    async with running(Box(tmp_path, town, at=before.clock.utc() + 5.0)) as box:
        assert await kept(box, campaign) == learned
        await box.ready(*agents)
        await work(box, 5)
        figures = (await decisions(box, campaign))[0].figures
        assert figures["answers"] >= answers > 0
        assert figures["live_share"] == pytest.approx(0.25, abs=0.12)  # not the first guess of a new campaign
    async with running(Box(tmp_path, town, at=box.clock.utc() + 5.0)) as box:
        again = await kept(box, campaign)
        assert again is not None
        assert again != learned


async def test_the_state_is_written_at_most_every_half_minute(tmp_path: Path) -> None:
    async with running(Box(tmp_path, town)) as box:
        agents = await box.hire(*TEAM)
        await box.run_campaign(await box.import_list(numbers(400)), agents, mode=DiallingMode.PREDICTIVE)
        sql = "SELECT at FROM pacing_state"
        await box.ready(*agents)
        written = set()
        for _ in range(120):
            await work(box, 1)
            written |= {at for (at,) in await box.service.store.do(lambda c: c.execute(sql).fetchall())}
        assert 2 <= len(written) <= 5
        assert all(b - a >= 30.0 for a, b in zip(sorted(written), sorted(written)[1:], strict=False))


async def test_a_call_given_up_has_rung_as_long_as_the_law_asks(tmp_path: Path) -> None:
    """Whatever pacing lets go of: no call that nobody answered is ended by us before 15 s of ringing."""
    async with running(Box(tmp_path, town)) as box:
        agents = await box.hire(*TEAM)
        settings = {"mode": DiallingMode.PREDICTIVE, "max_attempts": 1, "retry": {}, "ring_timeout_s": 40.0}
        await box.run_campaign(await box.import_list(numbers(900)), agents, **settings)
        await box.ready(*agents)
        await work(box, 900)
        rang = [
            a.ended_at - a.ringing_at
            for a in await box.attempts()
            if a.disposition is Disposition.NO_ANSWER and a.ringing_at is not None and a.ended_at is not None
        ]
        assert len(rang) > 100
        assert min(rang) >= 15.0


async def test_who_wants_to_leave_is_not_counted_on(tmp_path: Path) -> None:
    async with running(Box(tmp_path, lambda route, count: HUMAN)) as box:
        (anna,) = await box.hire("Anna")
        campaign = await box.run_campaign(
            await box.import_list(numbers(200)),
            [anna],
            mode=DiallingMode.PREDICTIVE,
            max_attempts=1,
            retry={},
        )
        await box.ready(anna)
        await box.clock.advance(20.0)
        assert box.service.desks.agent(anna).state is AgentState.TALKING
        placed = len(box.dialled)
        await box.service.desk_commands.log_out(anna)
        await work(box, 120)
        assert box.service.desks.agent(anna).state is AgentState.LOGGED_OUT
        assert len(box.dialled) == placed
        assert (await box.counters(campaign)).abandoned == 0


async def test_a_person_taken_for_a_machine_is_charged_once_an_agent_says_so(tmp_path: Path) -> None:
    async with running(Box(tmp_path, lambda route, count: MACHINE)) as box:
        (anna,) = await box.hire("Anna")
        campaign = await box.run_campaign(
            await box.import_list(numbers(3)), [anna], mode=DiallingMode.PREDICTIVE, max_attempts=1, retry={}
        )
        await box.ready(anna)
        await box.clock.advance(12.0)
        first = (await box.attempts())[0]
        assert first.disposition is Disposition.MACHINE
        for _ in range(2):
            await box.service.desk_commands.was_person(anna, first.uid)
        await box.clock.advance(60.0)
        figures = (await decisions(box, campaign))[0].figures
        assert (figures["answers"], figures["abandoned"]) == (1.0, 1.0)


async def test_only_a_machine_can_have_been_a_person(tmp_path: Path) -> None:
    async with running(Box(tmp_path, lambda route, count: HUMAN)) as box:
        (anna,) = await box.hire("Anna")
        await box.run_campaign(await box.import_list([number(1)]), [anna])
        await box.ready(anna)
        await box.clock.advance(2.0)
        (attempt,) = await box.attempts()
        with pytest.raises(OperatorError, match="not taken for a machine"):
            await box.service.desk_commands.was_person(anna, attempt.uid)


# -- some contacts by preview -------------------------------------------------------------------------------------


@pytest.mark.req("GEN-009")
async def test_a_contact_that_asks_for_preview_is_never_dialled_automatically(tmp_path: Path) -> None:
    async with running(Box(tmp_path, lambda route, count: NOBODY)) as box:
        (anna,) = await box.hire("Anna")
        rows = [
            contacts.NewContact(number(i), fields={"Vorschau": "Ja"} if i == 2 else {}) for i in range(1, 5)
        ]
        store, now = box.service.store, box.clock.utc()
        list_id = await store.do(lambda conn: contacts.create_list(conn, "some", now))
        await store.do(lambda conn: contacts.add(conn, list_id, rows))
        settings = {"preview_field": "Vorschau", "max_attempts": 1, "retry": {}}
        await box.run_campaign(list_id, [anna], **settings)
        await box.ready(anna)
        await box.clock.advance(3.0)
        offer = (await box.service.desk_commands.state(anna))["offer"]
        assert (offer["number"], box.dialled) == (number(2), [])
        await box.service.desk_commands.reject(anna)
        await box.clock.advance(200.0)
        assert box.dialled == [number(1), number(3), number(4)]
        await box.clock.advance(200.0)
        assert (await box.service.desk_commands.state(anna))["offer"]["number"] == number(2)
        await box.service.desk_commands.dial(anna)
        assert box.dialled[-1] == number(2)


@pytest.mark.req("GEN-012", "DFI-005")
async def test_first_the_box_tries_and_then_an_agent_does(tmp_path: Path) -> None:
    again = {Disposition.NO_ANSWER: RetryRule(60.0, 9)}
    async with running(Box(tmp_path, lambda route, count: NOBODY)) as box:
        (anna,) = await box.hire("Anna")
        settings = {"preview_after": 2, "max_attempts": 3, "retry": again, "min_gap_s": 60.0}
        await box.run_campaign(await box.import_list([number(1)]), [anna], **settings)
        await box.ready(anna)
        await box.clock.advance(250.0)
        assert box.dialled == [number(1)] * 2
        shown = await box.service.desk_commands.state(anna)
        assert (shown["offer"]["number"], shown["offer"]["attempts"]) == (number(1), 2)
        assert [each["disposition"] for each in shown["history"]] == ["no_answer"] * 2
        await box.service.desk_commands.dial(anna)
        assert box.dialled == [number(1)] * 3


# -- campaigns that share ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "reserve", "used"), [(4, -1, 3), (3, -1, 3), (6, 2, 4), (6, 0, 6), (2, 5, 0)]
)
async def test_campaigns_leave_lines_free_for_callers_and_emergencies(
    tmp_path: Path, lines: int, reserve: int, used: int
) -> None:
    trunk = TrunkConfig(name="provider", host="127.0.0.1", lines=lines, reserve=reserve)
    async with running(Box(tmp_path, lambda route, count: NOBODY, trunk=trunk)) as box:
        agents = await box.hire(*TEAM)
        power = {"mode": DiallingMode.POWER, "lines_per_agent": 3.0}
        await box.run_campaign(await box.import_list(numbers(20)), agents, **power)
        await box.run_campaign(await box.import_list(numbers(40)[20:]), agents, **power)
        await box.ready(*agents)
        for _ in range(20):
            await box.clock.advance(1.0)
            assert len(box.service.switchboard.live()) <= used
        assert len(box.service.switchboard.live()) == used


@pytest.mark.req("GEN-052")
@pytest.mark.parametrize(("weights", "share"), [((5, 5), 0.5), ((8, 2), 0.8)])
async def test_shared_agents_go_to_campaigns_by_their_priority(
    tmp_path: Path, weights: tuple[int, int], share: float
) -> None:
    async with running(Box(tmp_path, lambda route, count: NOBODY)) as box:
        agents = await box.hire("Anna", "Bernd")
        everybody = numbers(800)
        lists = [await box.import_list(everybody[:400]), await box.import_list(everybody[400:])]
        for list_id, weight in zip(lists, weights, strict=True):
            await box.run_campaign(list_id, agents, weight=weight, max_attempts=1, retry={})
        await box.ready(*agents)
        await box.clock.advance(1800.0)
        first = sum(address in set(everybody[:400]) for address in box.dialled)
        assert len(box.dialled) > 80
        assert first / len(box.dialled) == pytest.approx(share, abs=0.05)


async def test_agents_of_two_campaigns_are_never_promised_twice(tmp_path: Path) -> None:
    def far_end(route: Route, count: int) -> FarEnd:
        return HUMAN if int(route.address[-1]) % 2 else NOBODY

    async with running(Box(tmp_path, far_end)) as box:
        agents = await box.hire("Anna", "Bernd", "Clara")
        everybody = numbers(120)
        one = await box.run_campaign(
            await box.import_list(everybody[:60]), agents[:2], max_attempts=1, retry={}
        )
        two = await box.run_campaign(
            await box.import_list(everybody[60:]), agents[1:], max_attempts=1, retry={}
        )
        await box.ready(*agents)
        await box.advance_working(900)
        for campaign in (one, two):
            counters = await box.counters(campaign)
            assert counters.live_answers > 10
            assert counters.abandoned == 0


async def test_a_record_is_not_put_before_an_agent_for_whom_a_call_is_on_the_way(tmp_path: Path) -> None:
    async with running(Box(tmp_path, lambda route, count: HUMAN)) as box:
        (anna,) = await box.hire("Anna")
        await box.ready(anna)
        automatic = await box.run_campaign(await box.import_list([number(1)]), [anna])
        await box.clock.advance(1.0)
        assert box.dialled == [number(1)]
        fetched = {"mode": DiallingMode.PREVIEW, "manual_dialling": True}
        await box.run_campaign(await box.import_list([number(2)]), [anna], **fetched)
        pulled = await box.run_campaign(
            await box.import_list([number(3)]), [anna], **fetched, preview_offer=PreviewOffer.PULL
        )
        await box.clock.advance(2.0)
        desk = box.service.desk_commands
        for asked in (desk.next(anna), desk.dial_number(anna, pulled, number(77))):
            with pytest.raises(OperatorError, match="already on its way"):
                await asked
        await box.clock.advance(33.0)
        counters = await box.counters(automatic)
        assert (counters.live_answers, counters.abandoned) == (1, 0)


async def test_a_campaign_whose_mode_changes_while_it_runs_goes_on_in_the_new_one(tmp_path: Path) -> None:
    from dataclasses import replace

    from firmware.store import campaigns

    async with running(Box(tmp_path, town)) as box:
        agents = await box.hire(*TEAM)
        campaign = await box.run_campaign(
            await box.import_list(numbers(900)),
            agents,
            mode=DiallingMode.PREDICTIVE,
            max_attempts=1,
            retry={},
        )
        await box.ready(*agents)
        await work(box, 60)
        store, now = box.service.store, box.clock.utc()
        settings = (await store.do(lambda conn: campaigns.get(conn, campaign))).settings

        async def change(mode: DiallingMode) -> None:
            changed = replace(settings, mode=mode)
            await store.do(lambda conn: campaigns.update(conn, campaign, changed, now))
            await box.service.campaigns_changed()

        for mode in (DiallingMode.PROGRESSIVE, DiallingMode.PREDICTIVE, DiallingMode.PREVIEW):
            await change(mode)
            before = len(box.dialled)
            await work(box, 90)
            assert (len(box.dialled) > before) is (mode is not DiallingMode.PREVIEW)
        assert await kept(box, campaign) is not None
        offered: Counter[UserId] = Counter()
        for agent in agents:
            offered[agent] += (await box.service.desk_commands.state(agent))["offer"] is not None
        assert sum(offered.values()) >= 3
