"""Who may say what about a verdict, the report over the real socket, and a preset set and set back."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

import pytest

from firmware.model import AmdLabel, AttemptUid, CampaignId, CampaignState, UserId
from firmware.store import attempts, campaigns, pacing_state, verdict_words
from tests.unit.commands.office import HASH, Box, run
from tests.unit.commands.test_permits import campaign_in, claim, command


async def judged(
    box: Box, campaign: CampaignId, label: AmdLabel, user: int | None = None, count: int = 1
) -> list[AttemptUid]:
    """Answered attempts with this verdict, in talk with ``user`` if there is one."""
    uids = await claim(box, campaign, count)
    now = box.clock.utc()

    def work(conn: sqlite3.Connection) -> None:
        for uid in uids:
            attempts.mark_answered(conn, uid, now)
            attempts.mark_verdict(
                conn, uid, label, 0.9, "kept_talking", {"machine_peak": 0.1, "machine": 0.1}, now
            )
            if user is not None:
                attempts.mark_talking(conn, uid, UserId(user), now)

    await box.store.do(work)
    return uids


async def administrator(box: Box) -> int:
    made = await box.ask(
        "user.create", login="berg", name="Berg", roles=["administrator"], password_hash=HASH
    )
    return int(made["id"])


async def words(box: Box, uid: AttemptUid) -> list[tuple[str, str, int]]:
    found = await box.store.do(lambda conn: verdict_words.of_attempt(conn, uid))
    return [(word.said.value, word.how.value, word.user_id) for word in found]


def test_an_agent_speaks_of_his_own_calls_and_an_administrator_of_any() -> None:
    async def scene(box: Box) -> None:
        anna, other, berg = await box.agent(), await box.agent("ben"), await administrator(box)
        (uid,) = await judged(box, await campaign_in(box), AmdLabel.HUMAN, anna)
        said: dict[str, Any] = {"attempt": uid, "said": "machine"}
        assert await box.ask("amd.word", user_id=anna, **said) == {**said, "new": True}
        assert not (await box.ask("amd.word", user_id=anna, **said))["new"]
        assert (await box.ask("amd.word", user_id=berg, attempt=uid, said="person"))["new"]
        assert await words(box, uid) == [("machine", "desk", anna), ("person", "history", berg)]
        assert await box.refused("amd.word", user_id=other, **said) == {"attempt": "not_your_call"}
        assert await box.refused("amd.word", user_id=99, **said) == {"user_id": "user_unknown"}
        assert await box.refused("amd.word", user_id=anna, attempt=uid, said="fax") != {}
        missing = await box.refused("amd.word", user_id=berg, attempt="0" * 26, said="person")
        assert missing == {"attempt": "attempt_unknown"}
        await box.ask("user.remove", id=other)
        assert await box.refused("amd.word", user_id=other, **said) == {"user_id": "user_unknown"}

    run(scene)


def test_a_person_taken_for_a_machine_is_charged_to_the_campaign() -> None:
    async def scene(box: Box) -> None:
        berg, campaign = await administrator(box), await campaign_in(box)
        (uid,) = await judged(box, campaign, AmdLabel.MACHINE)
        for said, charged in (("person", 1), ("machine", 0)):
            await box.ask("amd.word", user_id=berg, attempt=uid, said=said)
            counts = await box.store.do(lambda conn: pacing_state.window_counts(conn, campaign, 0.0))
            assert counts.false_machines == charged

    run(scene)


def test_the_report_counts_what_was_said() -> None:
    async def scene(box: Box) -> None:
        anna, campaign = await box.agent(), await campaign_in(box)
        empty = await box.ask("amd.report")
        assert (empty["calls"]["judged"], empty["matrix"], empty["suggested"]) == (0, [], None)
        first, _ = await judged(box, campaign, AmdLabel.HUMAN, anna, 2)
        await box.ask("amd.word", user_id=anna, attempt=first, said="machine")
        for asked in ({}, {"campaign_id": campaign, "since": 0, "until": box.clock.utc() + 1}):
            found = await box.ask("amd.report", **asked)
            (row,) = found["matrix"]
            assert (row["verdict"], row["calls"], row["machine"]["count"], row["none"]) == ("human", 2, 1, 1)
            assert found["complete"]
        assert (found["current"], found["target"], found["persons_needed"]) == ("balanced", 0.03, 125)
        eager = found["presets"][2]
        assert (eager["name"], eager["machines_through"]["count"], eager["machines_unknown"]) == (
            "eager",
            1,
            0,
        )
        assert (await box.ask("amd.report", since=box.clock.utc() + 1))["matrix"] == []
        assert await box.refused("amd.report", campaign_id=99) == {"id": "campaign_unknown"}

    run(scene)


def test_a_preset_is_set_and_set_back_while_the_campaign_runs() -> None:
    async def scene(box: Box) -> None:
        campaign = await campaign_in(box)
        changed = box.around.campaigns_changed
        asked: dict[str, Any] = {"campaign_id": campaign, "sensitivity": "eager"}
        assert await box.ask("amd.set_sensitivity", **asked) == {"before": "balanced", "after": "eager"}
        assert box.around.campaigns_changed == changed + 1
        found = await box.store.do(lambda conn: campaigns.get(conn, campaign))
        assert (found.settings.amd_sensitivity, found.state) == ("eager", CampaignState.RUNNING)
        back = await box.ask("amd.set_sensitivity", campaign_id=campaign, sensitivity="balanced")
        assert back["before"] == "eager"
        assert await box.refused("amd.set_sensitivity", campaign_id=campaign, sensitivity="bold") != {}
        assert await box.refused("amd.set_sensitivity", campaign_id=99, sensitivity="eager") == {
            "id": "campaign_unknown"
        }

    run(scene)


def test_the_preset_of_the_call_is_kept_with_the_word() -> None:
    async def scene(box: Box) -> None:
        anna = await box.agent()
        (uid,) = await judged(box, await campaign_in(box, amd_sensitivity="careful"), AmdLabel.HUMAN, anna)
        await box.ask("amd.word", user_id=anna, attempt=uid, said="person")
        word = await box.store.do(lambda conn: verdict_words.last(conn, uid))
        assert word is not None
        assert word.sensitivity == "careful"

    run(scene)


def test_the_command_line_says_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    async def scene(box: Box) -> None:
        anna, campaign = await box.agent(), await campaign_in(box)
        assert await command(box, "amd", "feedback") == 0
        assert "0 calls judged" in capsys.readouterr().out
        (uid,) = await judged(box, campaign, AmdLabel.HUMAN, anna)
        await box.ask("amd.word", user_id=anna, attempt=uid, said="machine")
        assert await command(box, "amd", "feedback", "--campaign", str(campaign)) == 0
        said = capsys.readouterr().out
        assert "human     0.0% [0.0% .. 79.3%] 0 of 1" in said
        assert "setting: balanced, suggested: too few calls: 0 of 125 persons known" in said
        assert await command(box, "amd", "feedback", "--json", "--days", "100000") == 0
        assert json.loads(capsys.readouterr().out)["calls"]["judged"] == 1
        assert await command(box, "amd", "feedback", "--campaign", "99") == 1

    run(scene)
