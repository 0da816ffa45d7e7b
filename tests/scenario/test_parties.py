"""Consulting, handing over and listening in, asked of the whole service as the pages ask it, and what is on record."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from firmware.model import (
    AgentState,
    AttemptUid,
    Disposition,
    OperatorError,
    PartyKind,
    PartyResult,
    Role,
    UserId,
)
from firmware.store import attempts, dnc_lookup, parties, users
from firmware.trunks.base import DestinationRoute, PhoneRoute, Route
from firmware.trunks.simulated import FarEnd
from tests.scenario.box import Box, number, running

STAYS = FarEnd(answers_after_s=4.0)
PARTNER = number(900)


def meet(_: Route, __: int) -> FarEnd:
    return STAYS


class Floor:
    """Anna talks with a customer, Bernd is paused with an open phone, Sven supervises."""

    def __init__(self, box: Box, anna: UserId, bernd: UserId, sven: UserId, attempt: AttemptUid) -> None:
        self.box, self.anna, self.bernd, self.sven, self.attempt = box, anna, bernd, sven, attempt
        self.desk, self.others = box.service.desk_commands, box.service.floor.parties
        self.team = box.service.floor.team

    async def state(self, user: UserId) -> Mapping[str, Any]:
        return await self.desk.state(user)

    async def story(self) -> list[str]:
        return [step.what for step in await self.read(parties.steps)]

    async def parts(self) -> list[parties.Party]:
        found: list[parties.Party] = await self.read(parties.of_attempt)
        return found

    async def read(self, how: Any) -> Any:
        await self.box.service.store.idle()
        return await self.box.service.store.do(lambda conn: how(conn, self.attempt))

    def leg(self, user: UserId) -> Any:
        return self.box.service.desks.leg(user)


async def floor(box: Box) -> Floor:
    anna, bernd = await box.hire("anna", "bernd")
    new = users.NewUser(
        "sven", "Sven", frozenset({Role.SUPERVISOR}), "x", phone_user="psven", phone_ha1="0" * 32
    )
    sven = await box.service.store.do(lambda conn: users.create(conn, new, box.clock.utc()))
    await box.ready(anna, bernd)
    box.service.desks.pause(bernd, "lunch")
    await box.run_campaign(await box.import_list([number(1)]), [anna, bernd])
    await box.clock.advance(20.0)
    state = await box.service.desk_commands.state(anna)
    assert state["state"] == AgentState.TALKING
    return Floor(box, anna, bernd, sven, state["attempt"])


async def test_handed_over_with_a_word_before_and_two_results(tmp_path: Path) -> None:
    async with running(Box(tmp_path, meet)) as box:
        it = await floor(box)
        whom = await it.others.whom(it.anna)
        assert [each["name"] for each in whom["colleagues"]] == ["bernd"]
        shown = await it.others.consult(it.anna, "agent", it.bernd)
        assert (shown["stage"], shown["other"]["name"]) == ("private", "bernd")
        with pytest.raises(OperatorError, match="not possible any more"):
            await it.desk.hold(it.anna)
        with pytest.raises(OperatorError, match="no conversation"):
            await it.others.party(it.bernd, "complete")
        await it.others.party(it.anna, "complete")
        anna, bernd = await it.state(it.anna), await it.state(it.bernd)
        assert (anna["state"], bernd["state"]) == (AgentState.WRAP_UP, AgentState.TALKING)
        assert bernd["call"]["name"] == anna["call"]["name"]
        assert bernd["party"]["handed"]
        await it.desk.wrap_up(it.anna, it.attempt, "contacted", "anna-1")
        with pytest.raises(OperatorError, match="not over yet"):
            await it.desk.wrap_up(it.bernd, it.attempt, "contacted", "bernd-1")
        await it.desk.hang_up(it.bernd)
        await box.clock.advance(1.0)
        await it.desk.wrap_up(it.bernd, it.attempt, "contacted", "bernd-1", "Nachfassen", do_not_call=True)
        await it.desk.wrap_up(it.bernd, it.attempt, "contacted", "bernd-1", "Nachfassen", do_not_call=True)
        bernd = await it.state(it.bernd)
        assert (bernd["state"], bernd["reason"]) == (AgentState.PAUSED, "lunch")
        assert box.service.switchboard.live() == []
        (part,) = await it.parts()
        assert (part.kind, part.result, part.wrap_up_code, part.note) == (
            PartyKind.AGENT, PartyResult.LEFT, "contacted", "Nachfassen",
        )  # fmt: skip
        assert await it.story() == ["ask", "answered", "complete", "hang_up", "customer_left"]
        whole = await it.read(attempts.get)
        assert (whole.disposition, whole.user_id) == (Disposition.CONTACTED, it.anna)
        assert whole.ended_at == part.handed_at, "the attempt's times are those of its agent"
        assert await box.service.store.do(lambda conn: dnc_lookup.look_up(conn, number(1)))


async def test_the_wrap_up_of_who_took_over_has_its_limit(tmp_path: Path) -> None:
    async with running(Box(tmp_path, meet)) as box:
        it = await floor(box)
        await it.others.consult(it.anna, "agent", it.bernd, blind=True)
        await it.desk.hang_up(it.bernd)
        await box.clock.advance(61.0)
        assert (await it.state(it.bernd))["state"] == AgentState.PAUSED
        assert (await it.parts())[0].wrap_up_code == "contacted"


async def test_only_entries_of_the_directory_are_called(tmp_path: Path) -> None:
    async with running(Box(tmp_path, meet)) as box:
        it = await floor(box)
        directory = box.service.floor.destinations
        for wrong in ("110", "112", "+49112", "030", "sip:x@y", number(1)):
            with pytest.raises(OperatorError):
                await directory.add("X", wrong)
        with pytest.raises(OperatorError, match="no such destination"):
            await it.others.consult(it.anna, "destination", 1)
        entry = await directory.add("Partner", PARTNER, it.sven)
        with pytest.raises(OperatorError, match="already"):
            await directory.add("Zweimal", PARTNER)
        await it.others.consult(it.anna, "destination", entry["id"])
        await box.clock.advance(5.0)
        assert box.media.placed[-1].route == DestinationRoute(PARTNER, "provider", entry["id"])
        assert (await it.state(it.anna))["party"]["stage"] == "private"
        await it.others.party(it.anna, "complete")
        await it.desk.wrap_up(it.anna, it.attempt, "contacted", "anna-1")
        await directory.remove(entry["id"])
        await box.clock.advance(1790.0)
        assert len(box.service.switchboard.live()) == 1
        await box.clock.advance(20.0)
        assert box.service.switchboard.live() == []
        (part,) = await it.parts()
        assert (part.name, part.number, part.result) == ("Partner", PARTNER, PartyResult.STOPPED)


@pytest.mark.req("GEN-036")
async def test_key_2_reaches_a_destination_the_campaign_names(tmp_path: Path) -> None:
    async with running(Box(tmp_path, meet)) as box:
        entry = await box.service.floor.destinations.add("Partner", PARTNER)
        await box.run_campaign(
            await box.import_list([number(1)]), [], mode="agentless", message_text="Hallo", agent_key=True,
            agent_key_to=f"destination:{entry['id']}", amd_enabled=False,
        )  # fmt: skip
        await box.clock.advance(6.0)
        (live,) = box.service.switchboard.live()
        box.media.far_end_dials(live.leg, "2")
        await box.clock.advance(5.0)
        assert box.media.bridges == {frozenset((live.leg, box.media.placed[-1].leg))}
        box.media.far_end_hangs_up(live.leg)
        await box.clock.advance(1.0)
        (whole,) = await box.attempts()
        assert whole.disposition is Disposition.CONTACTED


async def test_a_supervisor_is_heard_by_whom_they_chose_and_every_minute_is_on_record(tmp_path: Path) -> None:
    async with running(Box(tmp_path, meet)) as box:
        it = await floor(box)
        with pytest.raises(OperatorError, match="not allowed"):
            await it.team.listen(it.bernd, it.anna, "listen")
        with pytest.raises(OperatorError, match="no call"):
            await it.team.listen(it.sven, it.bernd, "listen")
        await it.team.listen(it.sven, it.anna, "listen")
        await box.clock.advance(0.2)
        placed = box.media.placed[-1]
        assert placed.route == PhoneRoute("psven")
        customer, anna, sven = box.service.switchboard.live()[0].leg, it.leg(it.anna), placed.leg
        heard = {feed for feed in box.media.feeds if sven in feed}
        assert heard == {(customer, sven), (anna, sven)}
        assert (await it.state(it.anna))["monitored"] == [{"name": "Sven", "kind": "listen"}]
        await it.team.listen(it.sven, it.anna, "whisper")
        assert {feed for feed in box.media.feeds if sven in feed} == heard | {(sven, anna)}
        await it.team.listen(it.sven, it.anna, "barge")
        assert {feed for feed in box.media.feeds if sven in feed} == heard | {(sven, anna), (sven, customer)}
        await box.clock.advance(10.0)
        await it.desk.hang_up(it.anna)
        await box.clock.advance(0.1)
        assert not [feed for feed in box.media.feeds if sven in feed]
        rows = await box.service.store.do(lambda conn: parties.monitorings(conn, it.attempt))
        assert [(row.kind, row.ended_by) for row in reversed(rows)] == [
            ("listen", "changed"), ("whisper", "changed"), ("barge", "call_over"),
        ]  # fmt: skip
        assert all(row.announced and row.user_id == it.sven and row.agent_id == it.anna for row in rows)


async def test_the_office_may_forbid_it_at_once(tmp_path: Path) -> None:
    async with running(Box(tmp_path, meet)) as box:
        it = await floor(box)
        new = users.NewUser("ada", "Ada", Role.ADMINISTRATOR, "x")
        ada = await box.service.store.do(lambda conn: users.create(conn, new, box.clock.utc()))
        await it.team.listen(it.sven, it.anna, "listen")
        await box.clock.advance(0.2)
        with pytest.raises(OperatorError, match="not allowed"):
            await it.team.set_rules(it.sven, False, True)
        await it.team.set_rules(ada, False, True)
        assert box.service.floor.monitors.of(it.sven) is None
        with pytest.raises(OperatorError, match="does not allow"):
            await it.team.listen(it.sven, it.anna, "listen")


@pytest.mark.req("WDE-033")
async def test_a_supervisor_sends_people_and_is_called_by_them(tmp_path: Path) -> None:
    async with running(Box(tmp_path, meet)) as box:
        it = await floor(box)
        await it.team.force(it.sven, it.bernd, "ready")
        assert (await it.state(it.bernd))["state"] == AgentState.READY
        await it.team.force(it.sven, it.bernd, "paused")
        bernd = await it.state(it.bernd)
        assert (bernd["state"], bernd["reason"]) == (AgentState.PAUSED, "supervisor")
        await it.desk.hang_up(it.anna)
        await box.clock.advance(0.5)
        await it.team.force(it.sven, it.anna, "ready")
        await box.clock.advance(0.1)
        assert (await it.state(it.anna))["state"] == AgentState.READY
        assert (await it.read(attempts.get)).wrap_up_code == "contacted"
        await it.team.raise_hand(it.anna, True)
        await it.team.message(it.sven, it.anna, "Bitte kurz zu mir")
        desk = await it.state(it.anna)
        assert desk["hand"] is not None
        assert [m["text"] for m in desk["messages"]] == ["Bitte kurz zu mir"]
        row = {a["id"]: a for a in box.service.hub.snapshot()["agents"]}[it.anna]
        assert (row["hand"], row["unread"]) == (desk["hand"], 1)
        await it.team.read_message(it.anna, desk["messages"][0]["id"])
        assert (await it.state(it.anna))["messages"] == []


async def test_a_power_cut_ends_what_was_open(tmp_path: Path) -> None:
    box = Box(tmp_path, meet)
    async with running(box):
        it = await floor(box)
        await it.others.consult(it.anna, "agent", it.bernd)
        await it.team.listen(it.sven, it.anna, "listen")
        await box.clock.advance(0.2)
        await box.service.store.do(lambda conn: parties.interrupt(conn, box.clock.utc()))
        assert [part.result for part in await it.parts()] == [PartyResult.INTERRUPTED]
        rows = await box.service.store.do(lambda conn: parties.monitorings(conn, it.attempt))
        assert [row.ended_by for row in rows] == ["interrupted"]
