"""Promised callbacks on a whole box: who is called when, by whom, and what a power cut cannot lose."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from firmware.callbacks.promise import Promise, PromiseKind, PromiseState
from firmware.model import (
    AgentState,
    CallWindow,
    CampaignId,
    CampaignState,
    DiallingMode,
    HangupCause,
    PhoneMode,
    PreviewOffer,
    UserId,
)
from firmware.store import callbacks, campaigns, dnc
from firmware.trunks.base import Route
from firmware.trunks.simulated import FarEnd
from tests.scenario.box import ALWAYS, HUMAN, Box, number, refused, running
from tests.scenario.test_power_cut import cut

HOUR_S = 3600.0
SOON_S = 300.0
PROMISED = number(1)
BREAK = tuple(CallWindow(day, *part) for day in range(7) for part in ((0, 605), (620, 1440)))
"""Nobody is called from 10:05 to 10:20."""
OWN: dict[str, Any] = {
    "rule_pack": "own",
    "rules": {
        "hours": [{"weekday": d, "start_min": 0, "end_min": 1440} for d in range(7)],
        "attempts_per_day": 9,
    },
}


def people(route: Route, count: int) -> FarEnd:
    return HUMAN


async def ledger(box: Box) -> list[Promise]:
    """Every promise, oldest first."""
    sql = f"SELECT {callbacks.COLUMNS} FROM promise p ORDER BY id"
    rows = await box.service.store.do(lambda conn: conn.execute(sql).fetchall())
    return [callbacks.read(row) for row in rows]


async def desk(box: Box, agent: UserId) -> dict[str, Any]:
    return dict(await box.service.desk_commands.state(agent))


async def promise(box: Box, agent: UserId, in_s: float, kind: str = "personal") -> float:
    """The agent, in a talk, hangs up and promises a callback; returns when."""
    for _ in range(60):
        if box.service.desks.agent(agent).state is AgentState.WRAP_UP:
            break
        await box.clock.advance(1.0)
    attempt = box.service.desks.agent(agent).attempt
    assert attempt is not None
    at = box.clock.utc() + in_s
    await box.service.desk_commands.wrap_up(
        agent, attempt, "callback", f"k-{attempt}", callback_at=at, callback_kind=kind
    )
    return at


async def promised_by_anna(
    box: Box, in_s: float, kind: str = "personal", *agents: str, **settings: Any
) -> tuple[list[UserId], CampaignId, float]:
    """Anna has promised the only contact a callback, on her own; the others (ready) join her afterwards."""
    team = await box.hire("Anna", *agents)
    campaign = await box.run_campaign(await box.import_list([PROMISED]), team, **{**OWN, **settings})
    await box.ready(team[0])
    if settings.get("mode") is DiallingMode.PREVIEW:
        await box.clock.advance(2.0)
        await box.service.desk_commands.dial(team[0])
    at = await promise(box, team[0], in_s, kind)
    await box.ready(*team[1:])
    return team, campaign, at


@pytest.mark.parametrize("mode", [DiallingMode.PROGRESSIVE, DiallingMode.POWER, DiallingMode.PREDICTIVE])
@pytest.mark.parametrize("phone", list(PhoneMode))
async def test_a_personal_promise_is_dialled_for_its_owner_at_its_time(
    tmp_path: Path, mode: DiallingMode, phone: PhoneMode
) -> None:
    """Beyond gap and attempts of the campaign, with a colleague idle for longer."""
    async with running(Box(tmp_path, people)) as box:
        anna, bernd = await box.hire("Anna", "Bernd", mode=phone)
        await box.run_campaign(
            await box.import_list([PROMISED]),
            [anna, bernd],
            mode=mode,
            min_gap_s=86400.0,
            max_attempts=1,
            **OWN,
        )
        await box.ready(anna)
        at = await promise(box, anna, SOON_S)
        await box.ready(bernd)
        await box.clock.advance(at - box.clock.utc() - 1.0)
        assert box.dialled == [PROMISED]
        await box.clock.advance(3.0)
        assert box.dialled == [PROMISED] * 2
        shown = await desk(box, anna)
        assert shown["state"] in (AgentState.RESERVED, AgentState.TALKING)
        assert (shown["promise"]["promised_at"], shown["promise"]["kind"]) == (at, PromiseKind.PERSONAL)
        await box.clock.advance(6.0)
        assert (await desk(box, anna))["state"] is AgentState.TALKING
        assert (await desk(box, bernd))["state"] is AgentState.READY
        await box.clock.advance(30.0)
        await box.wrap_up_all()
        (kept,) = await ledger(box)
        assert (kept.state, kept.owner, kept.tries) == (PromiseState.KEPT, anna, 1)
        assert [each.user_id for each in await box.attempts()] == [anna, anna]


async def test_an_owner_who_talks_at_the_promised_time_calls_when_he_is_ready(tmp_path: Path) -> None:
    """With a list full of fresh contacts and agents in between: his next call is the promised one."""
    async with running(Box(tmp_path, people)) as box:
        anna, bernd = await box.hire("Anna", "Bernd")
        listed = await box.import_list([number(i) for i in range(1, 60)])
        await box.run_campaign(listed, [anna, bernd], mode=DiallingMode.PREDICTIVE, **OWN)
        await box.ready(anna)
        at = await promise(box, anna, 120.0)
        await box.ready(bernd)
        while box.dialled.count(PROMISED) < 2:
            assert box.clock.utc() < at + 120.0
            await box.advance_working(1.0)
        await box.advance_working(60.0)
        (kept,) = await ledger(box)
        assert kept.state is PromiseState.KEPT
        second = [each for each in await box.attempts() if each.number == PROMISED][1]
        assert second.user_id == anna
        assert (await box.counters(kept.campaign_id)).abandoned == 0


async def test_a_promise_of_the_team_comes_before_fresh_contacts(tmp_path: Path) -> None:
    async with running(Box(tmp_path, people)) as box:
        anna, bernd = await box.hire("Anna", "Bernd")
        campaign = await box.run_campaign(await box.import_list([PROMISED]), [anna, bernd], **OWN)
        await box.ready(anna)
        at = await promise(box, anna, 600.0, "team")
        box.service.desks.pause(anna, "lunch")
        await box.service.store.do(
            lambda c: campaigns.set_state(c, campaign, CampaignState.PAUSED, box.clock.utc())
        )
        await box.service.campaigns_changed()
        fresh = await box.import_list([number(i) for i in range(2, 9)])
        await box.service.store.do(
            lambda c: c.execute("UPDATE contact SET list_id = 1 WHERE list_id = ?", (fresh,))
        )
        await box.clock.advance(at - box.clock.utc() + 5.0)
        await box.service.store.do(
            lambda c: campaigns.set_state(c, campaign, CampaignState.RUNNING, box.clock.utc())
        )
        await box.service.campaigns_changed()
        await box.ready(bernd)
        assert box.dialled == [PROMISED] * 2
        await box.clock.advance(40.0)
        await box.wrap_up_all()
        (kept,) = await ledger(box)
        assert (kept.kind, kept.state) == (PromiseKind.TEAM, PromiseState.KEPT)


@pytest.mark.parametrize("why", ["logged_out", "paused", "gone", "left"])
async def test_where_its_owner_is_away_the_team_keeps_the_promise(tmp_path: Path, why: str) -> None:
    async with running(Box(tmp_path, people)) as box:
        (anna, bernd), campaign, at = await promised_by_anna(box, SOON_S, "personal", "Bernd")
        if why == "logged_out":
            box.service.desks.log_out(anna)
        elif why == "paused":
            box.service.desks.pause(anna, "lunch")
        elif why == "gone":
            box.service.desks.log_out(anna)
            await box.service.store.do(
                lambda c: c.execute("UPDATE user SET active = 0 WHERE id = ?", (anna,)) and None
            )
            await box.service.people_changed()
        else:
            await _change(box, campaign, agent_ids=(bernd,))
        at_once = why in ("gone", "left")
        await box.clock.advance(at - box.clock.utc() + (3.0 if at_once else 599.0))
        assert len(box.dialled) == (2 if at_once else 1)
        await box.clock.advance(10.0)
        assert len(box.dialled) == 2
        await box.clock.advance(40.0)
        await box.wrap_up_all()
        passed, kept = await ledger(box)
        assert (passed.state, passed.owner) == (PromiseState.PASSED_ON, anna)
        assert (kept.state, kept.kind, kept.root) == (PromiseState.KEPT, PromiseKind.TEAM, passed.id)
        assert (await box.attempts())[1].user_id == bernd


async def _change(box: Box, campaign: CampaignId, **changes: Any) -> None:
    from dataclasses import replace

    def work(conn: Any) -> None:
        settings = replace(campaigns.get(conn, campaign).settings, **changes)
        campaigns.update(conn, campaign, settings, box.clock.utc())

    await box.service.store.do(work)
    await box.service.campaigns_changed()


async def test_in_preview_it_lies_on_its_owners_desk_first(tmp_path: Path) -> None:
    push = {"mode": DiallingMode.PREVIEW, "preview_offer": PreviewOffer.PUSH}
    async with running(Box(tmp_path, people)) as box:
        (anna, bernd), _, at = await promised_by_anna(box, SOON_S, "personal", "Bernd", **push)
        await box.clock.advance(at - box.clock.utc() + 3.0)
        assert box.dialled == [PROMISED]
        shown = await desk(box, anna)
        assert (shown["offer"]["number"], shown["offer"]["promise"]["promised_at"]) == (PROMISED, at)
        assert (await desk(box, bernd))["offer"] is None
        await box.service.desk_commands.reject(anna)
        await box.clock.advance(60.0)
        assert (await desk(box, anna))["offer"] is None
        await box.clock.advance(260.0)
        assert (await desk(box, anna))["offer"]["number"] == PROMISED
        await box.service.desk_commands.dial(anna)
        assert box.dialled == [PROMISED] * 2


async def test_in_preview_by_fetching_it_is_what_its_owner_gets(tmp_path: Path) -> None:
    pull = {"mode": DiallingMode.PREVIEW, "preview_offer": PreviewOffer.PULL}
    async with running(Box(tmp_path, people)) as box:
        (anna,) = await box.hire("Anna")
        listed = await box.import_list([PROMISED, number(2), number(3)])
        await box.run_campaign(listed, [anna], **pull, **OWN)
        await box.ready(anna)
        await box.service.desk_commands.next(anna)
        await box.service.desk_commands.dial(anna)
        at = await promise(box, anna, 600.0)
        await box.clock.advance(at - box.clock.utc() + 2.0)
        shown = await desk(box, anna)
        assert (shown["offer"]["number"], shown["offer"]["promise"]["promised_at"]) == (PROMISED, at)


async def test_killed_between_promise_and_call_the_promise_is_kept_all_the_same(tmp_path: Path) -> None:
    before = Box(tmp_path, people)
    await before.service.start()
    (anna,), _, at = await promised_by_anna(before, SOON_S, max_attempts=1)
    await cut(before)
    async with running(Box(tmp_path, people, at=at - 100.0)) as box:
        await box.ready(anna)
        await box.clock.advance(95.0)
        assert box.dialled == []
        await box.clock.advance(8.0)
        assert box.dialled == [PROMISED]
        await box.clock.advance(40.0)
        await box.wrap_up_all()
        assert [each.state for each in await ledger(box)] == [PromiseState.KEPT]


async def test_killed_while_the_promised_call_rings_it_is_tried_again_soon_and_not_at_once(
    tmp_path: Path,
) -> None:
    before = Box(tmp_path, lambda route, count: FarEnd() if count > 1 else HUMAN)
    await before.service.start()
    (anna,), _, at = await promised_by_anna(before, SOON_S, min_gap_s=86400.0)
    await before.clock.advance(at - before.clock.utc() + 3.0)
    assert len(before.dialled) == 2
    await cut(before)
    async with running(Box(tmp_path, people, at=at + 60.0)) as box:
        await box.ready(anna)
        await box.clock.advance(890.0)
        assert box.dialled == []
        await box.clock.advance(15.0)
        assert box.dialled == [PROMISED]
        await box.clock.advance(40.0)
        await box.wrap_up_all()
        (kept,) = await ledger(box)
        assert (kept.state, kept.tries) == (PromiseState.KEPT, 2)


async def test_off_while_it_was_due_it_is_late_called_at_once_and_missed(tmp_path: Path) -> None:
    before = Box(tmp_path, people)
    await before.service.start()
    (anna,), _, at = await promised_by_anna(before, SOON_S)
    await cut(before)
    async with running(Box(tmp_path, people, at=at + HOUR_S)) as box:
        await box.clock.advance(3.0)
        (check,) = [each for each in box.service.health.checks if each.check == "promises"]
        assert (check.ok, check.key, check.figures) == (False, "promises_late", {"count": 1})
        await box.ready(anna)
        await box.clock.advance(3.0)
        assert box.dialled == [PROMISED]
        assert all(each.ok for each in box.service.health.checks if each.check == "promises")
        await box.clock.advance(40.0)
        await box.wrap_up_all()
        assert (await ledger(box))[-1].state is PromiseState.MISSED


async def test_nobody_there_it_is_tried_three_times_and_then_the_campaigns_rules_go_on(
    tmp_path: Path,
) -> None:
    def far_end(route: Route, count: int) -> FarEnd:
        return HUMAN if count == 1 else refused(2.0, 486, HangupCause.BUSY)

    async with running(Box(tmp_path, far_end)) as box:
        (_,), _, at = await promised_by_anna(box, SOON_S, max_attempts=9, min_gap_s=HOUR_S)
        await box.clock.advance(at - box.clock.utc() + 1900.0)
        assert len(box.dialled) == 4
        (kept,) = await ledger(box)
        assert (kept.state, kept.tries) == (PromiseState.KEPT, 3)
        await box.clock.advance(HOUR_S - 300.0)
        assert len(box.dialled) == 4
        await box.clock.advance(300.0)
        assert len(box.dialled) == 5


async def test_the_law_moves_a_promise_to_the_next_window(tmp_path: Path) -> None:
    """Promised in time; meanwhile the campaign's hours were narrowed."""
    async with running(Box(tmp_path, people)) as box:
        (_,), campaign, at = await promised_by_anna(box, 560.0)
        await _change(box, campaign, windows=BREAK)
        await box.clock.advance(at - box.clock.utc() + 5.0)
        assert len(box.dialled) == 1
        (moved,) = await ledger(box)
        assert (moved.law, moved.state, moved.promised_at) == ("window_closed", PromiseState.OPEN, at)
        assert moved.lawful_at == moved.due_at > at
        assert box.service.dialler.promises.late == 0
        await box.clock.advance(moved.due_at - box.clock.utc() + 3.0)
        assert len(box.dialled) == 2


async def test_a_person_who_opts_out_is_not_called_and_the_ledger_says_why(tmp_path: Path) -> None:
    async with running(Box(tmp_path, people)) as box:
        (_,), _, at = await promised_by_anna(box, SOON_S)
        now = box.clock.utc()
        await box.service.store.do(lambda c: dnc.add(c, dnc.OPT_OUTS, [PROMISED], "by mail", now) and None)
        await box.clock.advance(at - now + 60.0)
        assert len(box.dialled) == 1
        assert [each.state for each in await ledger(box)] == [PromiseState.WITHDRAWN]


async def test_a_campaign_that_rests_makes_its_promises_late_and_calls_once_it_runs(tmp_path: Path) -> None:
    async with running(Box(tmp_path, people)) as box:
        (_,), campaign, at = await promised_by_anna(box, SOON_S)
        store = box.service.store
        await store.do(lambda c: campaigns.set_state(c, campaign, CampaignState.STOPPED, box.clock.utc()))
        await box.service.campaigns_changed()
        await box.clock.advance(at - box.clock.utc() + 1000.0)
        assert (len(box.dialled), box.service.dialler.promises.late) == (1, 1)
        await store.do(lambda c: campaigns.set_state(c, campaign, CampaignState.RUNNING, box.clock.utc()))
        await box.service.campaigns_changed()
        await box.clock.advance(3.0)
        assert len(box.dialled) == 2


async def test_a_clock_set_back_calls_nobody_twice_and_forgets_nobody(tmp_path: Path) -> None:
    async with running(Box(tmp_path, people)) as box:
        (_,), _, at = await promised_by_anna(box, 600.0)
        await box.clock.advance(300.0)
        box.clock.step_utc(-300.0)
        await box.clock.advance(at - box.clock.utc() - 5.0)
        assert len(box.dialled) == 1
        await box.clock.advance(10.0)
        assert len(box.dialled) == 2
        box.clock.step_utc(-300.0)
        await box.clock.advance(40.0)
        await box.wrap_up_all()
        await box.clock.advance(420.0)
        assert len(box.dialled) == 2


async def test_the_campaign_is_not_finished_while_a_promise_is_open(tmp_path: Path) -> None:
    async with running(Box(tmp_path, people)) as box:
        (_,), campaign, at = await promised_by_anna(box, SOON_S, windows=ALWAYS)
        await box.clock.advance(200.0)
        assert await box.state(campaign) is CampaignState.RUNNING
        await box.clock.advance(at - box.clock.utc() + 40.0)
        await box.wrap_up_all()
        await box.clock.advance(5.0)
        assert await box.state(campaign) is CampaignState.FINISHED
