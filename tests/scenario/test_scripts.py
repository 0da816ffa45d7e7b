"""Scripts in a whole box: the call keeps its version, answers outlive a power cut, a card is changed in a call."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from firmware.model import AgentState, CampaignId, OperatorError, UserId
from firmware.scripts import reading
from firmware.scripts.answers import Kept
from firmware.scripts.card import Card, CardField, CardKind
from firmware.store import contacts, desk_edits, scripts, snippets
from firmware.store.scripts import CampaignDesk
from firmware.store.snippets import NewSnippet
from tests.scenario.box import HUMAN, Box, number, running
from tests.scenario.test_power_cut import cut

CARD = Card(
    (CardField("Ort", editable=True), CardField("Mobil", True, CardKind.PHONE), CardField("Nr")), reason="Ort"
)


def plain(heading: str) -> list[dict[str, Any]]:
    fields = [{"id": "f1", "label": "Size", "kind": "number", "required": True}]
    asked = [{"label": "Yes", "go": "end"}, {"label": "Again", "go": "s1"}]
    text = "Hello {Name} <b> of {Ort}, this is {Agent}"
    return [{"id": "s1", "heading": heading, "text": text, "fields": fields, "branches": asked}]


async def write(box: Box, campaign: CampaignId, heading: str = "First") -> int:
    """A script for the campaign, from now on."""
    steps, now = reading.read(plain(heading)), box.clock.utc()

    def work(conn: Any) -> int:
        script = scripts.create(conn, "Sales", steps, "Anna", now)
        scripts.set_desk(conn, campaign, CampaignDesk(script, CARD), "Anna", now)
        snippets.save(conn, None, NewSnippet("", "", "", "Price", "{Name}: ten", (campaign,)), "Anna", now)
        return script

    return await box.service.store.do(work)


async def desk(box: Box, agent: UserId) -> Any:
    return await box.service.desk_commands.instead("state", box.service.desk_commands.state)(user_id=agent)


async def talking(box: Box, agent: UserId) -> str:
    for _ in range(60):
        attempt = box.service.desks.agent(agent).attempt
        if box.service.desks.state(agent) is AgentState.TALKING and attempt is not None:
            return attempt
        await box.clock.advance(1.0)
    raise AssertionError("nobody came through")


async def a_talk(box: Box) -> tuple[UserId, CampaignId, int, str]:
    """Anna speaks with somebody, with a script before her."""
    (anna,) = await box.hire("Anna")
    campaign = await box.run_campaign(await box.import_list([number(1), number(2)]), [anna], min_gap_s=60.0)
    script = await write(box, campaign)
    await box.ready(anna)
    return anna, campaign, script, await talking(box, anna)


@pytest.mark.req("GEN-048")
async def test_a_call_keeps_its_script_until_it_is_over(tmp_path: Path) -> None:
    async with running(Box(tmp_path, lambda route, count: HUMAN)) as box:
        anna, _, script, uid = await a_talk(box)
        told = await box.service.desk_scripts.script(anna)
        assert (told["about"], told["steps"][0]["heading"], told["step"]) == (uid, "First", "s1")
        assert told["steps"][0]["text"] == "Hello C0 <b> of …, this is Anna"
        second = reading.read(plain("Second"))
        now = box.clock.utc()
        await box.service.store.do(lambda c: scripts.save(c, script, "Sales", second, 1, "Anna", now))
        assert (await box.service.desk_scripts.script(anna))["steps"][0]["heading"] == "First"
        assert (await desk(box, anna))["script"]["version"] == told["version"]
        snippet = (await box.service.desk_scripts.snippets(anna))["snippets"]
        assert [(each["language"], each["text"]) for each in snippet] == [("en", "C0: ten")]
        await box.advance_working(60)
        await talking(box, anna)
        assert (await box.service.desk_scripts.script(anna))["steps"][0]["heading"] == "Second"


async def test_answers_are_kept_once_and_only_of_ones_own_calls(tmp_path: Path) -> None:
    async with running(Box(tmp_path, lambda route, count: HUMAN)) as box:
        anna, _, _, uid = await a_talk(box)
        (ben,) = await box.hire("Ben")
        version = (await desk(box, anna))["script"]["version"]
        sent: dict[str, Any] = {"attempt": uid, "version": version, "step": "", "path": ["s1"], "seq": 5}
        faults = {"f1": "many", "step:s1": "Yes", "strange": "x"}
        answer = await box.service.desk_scripts.answer(anna, answers=faults, **sent)
        assert answer == {"faults": {"f1": "not_a_number"}, "missing": []}
        assert await box.service.desk_scripts.answer(anna, answers={}, **{**sent, "seq": 4}) == {
            "faults": {},
            "missing": ["Size"],
        }
        for who, what in (
            (ben, sent),
            (anna, {**sent, "attempt": "0" * 26}),
            (anna, {**sent, "version": 99}),
        ):
            with pytest.raises(OperatorError):
                await box.service.desk_scripts.answer(who, answers={}, **what)
        (attempt,) = await box.attempts()
        assert attempt.answers == (Kept("step:s1", "First", "Yes"), Kept("f1", "Size", "many"))
        assert (await box.service.desk_scripts.script(anna))["answers"] == {"step:s1": "Yes", "f1": "many"}


async def test_what_was_typed_outlives_a_power_cut(tmp_path: Path) -> None:
    before = Box(tmp_path, lambda route, count: HUMAN)
    await before.service.start()
    anna, _, _, uid = await a_talk(before)
    version = (await desk(before, anna))["script"]["version"]
    sent: dict[str, Any] = {"attempt": uid, "version": version, "step": "s1", "path": []}
    await before.service.desk_scripts.answer(anna, answers={"f1": "3"}, seq=1, **sent)
    await cut(before)
    async with running(Box(tmp_path, lambda route, count: HUMAN, at=before.clock.utc() + 20.0)) as box:
        await box.service.desk_scripts.answer(anna, answers={"f1": "4"}, seq=2, **sent)
        (attempt,) = await box.attempts()
        assert attempt.answers == (Kept("f1", "Size", "4"),)
        with pytest.raises(OperatorError):
            await box.service.desk_scripts.script(anna)


@pytest.mark.req("WDE-014", "WDE-015", "WDE-016")
async def test_a_card_is_changed_in_a_call(tmp_path: Path) -> None:
    async with running(Box(tmp_path, lambda route, count: HUMAN)) as box:
        anna, _, _, uid = await a_talk(box)
        shown = (await desk(box, anna))["card"]
        contact = shown["contact"]
        assert [(each["column"], each["editable"]) for each in shown["fields"]] == [
            ("Ort", True), ("Mobil", True), ("Nr", False),
        ]  # fmt: skip
        edit = box.service.desk_scripts.edit_contact
        for wrong in ({"Nr": ["", "1"]}, {"Mobil": ["", "12"]}, {"Ort": ["Ulm", "Bonn"]}, {"Ort": ["x"]}):
            with pytest.raises(OperatorError):
                await edit(anna, contact, wrong)
        with pytest.raises(OperatorError):
            await edit(anna, contacts.ContactId(contact + 1), {"Ort": ["", "Bonn"]})
        changes = {"Ort": ["", "Bonn"], "Mobil": ["", "030 23125 009"]}
        assert await edit(anna, contact, changes) == {"changed": 2}
        now_shown = (await desk(box, anna))["card"]
        values = [each["value"] for each in now_shown["fields"]]
        assert values == ["Bonn", number(9), ""]
        told = await box.service.store.do(lambda conn: desk_edits.of_contact(conn, contact))
        assert sorted((each.by, each.field, each.new) for each in told) == [
            ("Anna", "Mobil", number(9)), ("Anna", "Ort", "Bonn"),
        ]  # fmt: skip
        assert (shown["reason"], now_shown["reason"]) == ("", "Bonn")
        edits = now_shown["edits"]
        assert sorted((each["by"], each["column"]) for each in edits) == [("Anna", "Mobil"), ("Anna", "Ort")]
        assert "of Bonn" in (await box.service.desk_scripts.script(anna))["steps"][0]["text"]
        assert uid in [attempt.uid for attempt in await box.attempts()]
