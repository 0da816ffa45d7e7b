"""Machines through the whole service: messages left on them, missing files, forbidden ones, agents who leave one by a
key, and a box that stops while a message is spoken."""

from __future__ import annotations

import wave
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from firmware.model import (
    AgentState,
    AmdLabel,
    DiallingMode,
    Disposition,
    MessageResult,
    OperatorError,
    Purpose,
    UserId,
    VerdictAction,
)
from firmware.store import machines, verdict_words
from firmware.trunks.base import Route
from firmware.trunks.simulated import FarEnd
from tests.scenario.box import HUMAN, Box, number, running
from tests.scenario.test_power_cut import cut

MACHINE = FarEnd(answers_after_s=3.0, label=AmdLabel.MACHINE, beeps_after_s=8.0)
FOUND_OUT = FarEnd(answers_after_s=3.0, turns_out=AmdLabel.MACHINE, turns_out_after_s=6.0, beeps_after_s=20.0)
LEAVES: dict[str, Any] = {"on_machine": VerdictAction.MESSAGE, "drop_file": "recall", "retry": {}}


def recording(box: Box, name: str = "recall", rate_hz: int = 8000) -> None:
    folder = box.config.paths.speech / "recordings"
    folder.mkdir(parents=True, exist_ok=True)
    with wave.open(str(folder / f"{name}.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(bytes(16000))


async def dialling(
    box: Box, count: int = 1, names: Sequence[str] = ("Anna",), **settings: Any
) -> list[UserId]:
    """Agents ready, and a campaign over so many contacts."""
    agents = await box.hire(*names)
    list_id = await box.import_list([number(index) for index in range(count)])
    await box.run_campaign(list_id, agents, **(LEAVES | settings))
    await box.ready(*agents)
    return agents


def meet(far_end: FarEnd) -> Any:
    return lambda route, count: far_end


# -- failures first ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("damage", ["missing", "wrong rate", "empty"])
async def test_a_recording_that_cannot_be_played_is_said_to_have_failed(tmp_path: Path, damage: str) -> None:
    async with running(Box(tmp_path, meet(MACHINE))) as box:
        if damage != "missing":
            recording(box, rate_hz=44100 if damage == "wrong rate" else 8000)
        if damage == "empty":
            (box.config.paths.speech / "recordings" / "recall.wav").write_bytes(b"")
        await dialling(box)
        await box.clock.advance(15.0)
        (attempt,) = await box.attempts()
        assert attempt.message is not None
        assert (attempt.message.result, attempt.message.began_at) == (MessageResult.FAILED, None)
        assert attempt.disposition is Disposition.MACHINE


async def test_a_power_cut_while_the_message_is_spoken_leaves_it_cut_off(tmp_path: Path) -> None:
    before = Box(tmp_path, meet(MACHINE))
    await before.service.start()
    recording(before)
    await dialling(before)
    await before.clock.advance(13.0)
    (open_,) = await before.attempts()
    assert open_.message is not None
    assert (open_.message.result, open_.disposition) == (None, None)
    await cut(before)
    async with running(Box(tmp_path, meet(HUMAN), at=before.clock.utc() + 20.0)) as box:
        (attempt,) = await box.attempts()
        assert attempt.message is not None
        assert attempt.message.result is MessageResult.CUT_OFF
        assert attempt.message.began_at == open_.message.began_at
        assert attempt.disposition is Disposition.INTERRUPTED
        assert attempt.verdict is not None
        assert attempt.verdict.label is AmdLabel.MACHINE


async def test_who_did_not_agree_to_calls_by_machine_gets_no_advertising_from_one(tmp_path: Path) -> None:
    async with running(Box(tmp_path, meet(MACHINE))) as box:
        recording(box)
        await dialling(box, purpose=Purpose.SALES, country="DE", rule_pack="own", rules=OPEN)
        await box.clock.advance(30.0)
        (attempt,) = await box.attempts()
        assert attempt.message is not None
        assert (attempt.message.result, attempt.message.began_at) == (MessageResult.FORBIDDEN, None)


OPEN = {
    "hours": [{"weekday": day, "start_min": 0, "end_min": 1440} for day in range(7)],
    "holidays": False,
    "consent": {"sales": "nothing"},
}


async def test_a_key_without_a_message_is_refused_in_words(tmp_path: Path) -> None:
    async with running(Box(tmp_path, meet(HUMAN))) as box:
        (anna,) = await dialling(box, on_machine=VerdictAction.HANG_UP, drop_file="")
        await box.clock.advance(8.0)
        desk = await box.service.desk_commands.state(anna)
        assert (desk["state"], desk["call"]["can_leave"]) == (AgentState.TALKING, False)
        with pytest.raises(OperatorError) as refused:
            await box.service.desk_commands.leave_message(anna)
        assert [problem.key for problem in refused.value.problems] == ["no_message_here"]


# -- as it should be -----------------------------------------------------------------------------------------------


@pytest.mark.req("GEN-022", "GEN-031")
async def test_a_message_is_left_and_the_record_says_how_soon(tmp_path: Path) -> None:
    async with running(Box(tmp_path, meet(MACHINE))) as box:
        recording(box)
        (anna,) = await dialling(box)
        await box.clock.advance(30.0)
        (attempt,) = await box.attempts()
        assert attempt.message is not None
        assert (attempt.message.result, attempt.message.after) == (MessageResult.LEFT, "beep")
        assert attempt.message.wait_s == pytest.approx(0.0, abs=0.01)
        assert (attempt.disposition, attempt.live, attempt.user_id) == (Disposition.MACHINE, False, None)
        assert box.service.desks.agent(anna).state is AgentState.READY


@pytest.mark.req("GEN-017")
async def test_an_agent_is_told_leaves_the_message_and_takes_the_next_call(tmp_path: Path) -> None:
    def far_end(route: Route, count: int) -> FarEnd:
        return FOUND_OUT if route.address == number(0) else HUMAN

    async with running(Box(tmp_path, far_end)) as box:
        recording(box)
        (anna,) = await dialling(box, 2)
        await box.clock.advance(10.0)
        desk = await box.service.desk_commands.state(anna)
        assert (desk["call"]["correction"], desk["call"]["can_leave"]) == (AmdLabel.MACHINE, True)
        first = desk["attempt"]
        desk = await box.service.desk_commands.leave_message(anna)
        assert (desk["state"], desk["released"]["what"]) == (AgentState.READY, "message")
        await box.clock.advance(8.0)
        desk = await box.service.desk_commands.state(anna)
        assert (desk["state"], desk["released"]) == (AgentState.TALKING, None)
        assert desk["attempt"] != first
        await box.clock.advance(15.0)
        attempt = next(each for each in await box.attempts() if each.uid == first)
        assert attempt.correction is not None
        assert attempt.message is not None
        assert (attempt.message.result, attempt.disposition) == (MessageResult.LEFT, Disposition.MACHINE)
        assert (attempt.user_id, attempt.wrap_up_code) == (anna, None)
        word = await box.service.store.do(lambda conn: verdict_words.last(conn, first))
        assert word is not None
        assert (word.said, word.user_id) == (verdict_words.Said.MACHINE, anna)


@pytest.mark.req("GEN-027")
async def test_who_dialled_a_record_by_hand_leaves_the_message_by_hand(tmp_path: Path) -> None:
    async with running(Box(tmp_path, meet(FOUND_OUT))) as box:
        recording(box)
        (anna,) = await dialling(box, mode=DiallingMode.PREVIEW, on_machine=VerdictAction.AGENT)
        await box.clock.advance(5.0)
        await box.service.desk_commands.dial(anna)
        await box.clock.advance(5.0)
        desk = await box.service.desk_commands.state(anna)
        assert (desk["state"], desk["call"]["can_leave"]) == (AgentState.TALKING, True)
        await box.service.desk_commands.leave_message(anna)
        await box.clock.advance(40.0)
        (attempt,) = await box.attempts()
        assert attempt.message is not None
        assert (attempt.message.result, attempt.disposition) == (MessageResult.LEFT, Disposition.MACHINE)
        assert attempt.user_id == anna


async def test_audited_machines_are_counted_and_tell_the_share_of_lost_persons(tmp_path: Path) -> None:
    async with running(Box(tmp_path, meet(MACHINE))) as box:
        audit = {"audit_share": 0.5, "on_machine": VerdictAction.HANG_UP, "drop_file": ""}
        await dialling(box, 60, ("Anna", "Bernd", "Clara"), **audit)
        for _ in range(400):
            await box.clock.advance(2.0)
            for live in box.service.switchboard.live():
                if live.call.agent is not None and live.on_the_line:
                    box.media.far_end_hangs_up(live.leg)
            await box.wrap_up_all("machine")
        attempts = await box.attempts()
        audited = [each for each in attempts if each.audited]
        assert len(attempts) == 60
        assert 15 <= len(audited) <= 45
        assert all(each.disposition is Disposition.MACHINE and not each.live for each in attempts)
        campaign = attempts[0].campaign_id
        counted, worded, persons = await box.service.store.do(lambda conn: machines.audits(conn, campaign))
        heard = sum(each.talking_at is not None for each in audited)
        assert (counted, worded, persons) == (heard, heard, 0)
