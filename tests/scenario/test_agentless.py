"""Calls without agents: a message, key 9 for never again, key 2 for an agent; nobody without recorded consent."""

from __future__ import annotations

import wave
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from firmware.dialling.messages import filled
from firmware.model import (
    AgentState,
    AmdLabel,
    CampaignId,
    ContactListId,
    DiallingMode,
    Disposition,
    MessageResult,
    PersonAction,
    Purpose,
    Side,
    VerdictAction,
)
from firmware.speech import Speech, SpeechError
from firmware.store import consents, contacts, dnc, pacing_state
from firmware.trunks.base import Route
from firmware.trunks.simulated import FarEnd
from tests.scenario.box import MONDAY_10, Box, number, running

PERSON = FarEnd(answers_after_s=3.0)
MACHINE = FarEnd(answers_after_s=8.0, label=AmdLabel.MACHINE, recognised_after_s=2.0)
NOBODY = FarEnd()
ANSWERED_S = 6.0
"""Ringing, answer, recognised as a person."""


async def listed(box: Box, count: int, agreed: Sequence[int]) -> ContactListId:
    """A list of so many, of whom some have agreed to automated calls."""
    store, now = box.service.store, box.clock.utc()
    rows = [
        contacts.NewContact(number(i), f"Person {i}", fields={"Termin": f"{i} Uhr"}) for i in range(count)
    ]

    def work(conn: Any) -> ContactListId:
        list_id = contacts.create_list(conn, "agentless", now)
        contacts.add(conn, list_id, rows)
        for i in agreed:
            consent = consents.NewConsent(number(i), "all", MONDAY_10 - 86400, "form", "I agree to be called")
            consents.add(conn, consent, "test", now)
        return list_id

    return await store.do(work)


async def campaign_of(
    box: Box, list_id: ContactListId, agents: Sequence[Any] = (), **other: Any
) -> CampaignId:
    settings = {
        "message_text": "Guten Tag {Name}, Ihr Termin ist um {Termin}.",
        "max_attempts": 1,
        "retry": {},
    }
    return await box.run_campaign(list_id, agents, mode=DiallingMode.AGENTLESS, **(settings | other))


def leg(box: Box, index: int = 0) -> Any:
    return box.service.switchboard.live()[index].leg


@pytest.mark.req("GEN-006", "GEN-023", "GEN-037", "GEN-039")
async def test_people_hear_the_message_to_its_end_and_lines_set_the_pace(tmp_path: Path) -> None:
    async with running(Box(tmp_path, lambda route, count: PERSON)) as box:
        said: list[Path] = []
        play = box.media.play

        def heard(leg: Any, prompt: Path) -> None:
            said.append(prompt)
            play(leg, prompt)

        box.media.play = heard  # type: ignore[method-assign]
        campaign = await campaign_of(box, await listed(box, 6, range(6)), max_lines=2)
        for _ in range(10):
            await box.clock.advance(0.5)
            assert len(box.service.switchboard.live()) <= 2
        await box.clock.advance(60.0)
        assert (await box.counters(campaign)).dispositions == {Disposition.CONTACTED: 6}
        assert len(set(said)) == 6
        with wave.open(str(said[0])) as spoken:
            assert (spoken.getframerate(), spoken.getnchannels(), spoken.getsampwidth()) == (8000, 1, 2)
            assert spoken.getnframes() > 2 * 8000


@pytest.mark.req("GEN-106")
async def test_without_a_recorded_consent_nobody_is_called_by_machine(tmp_path: Path) -> None:
    async with running(Box(tmp_path, lambda route, count: PERSON)) as box:
        campaign = await campaign_of(box, await listed(box, 3, [1]), purpose=Purpose.SALES)
        await box.clock.advance(60.0)
        assert box.dialled == [number(1)]
        assert (await box.counters(campaign)).refused == {"no_consent": 2}


@pytest.mark.req("GEN-033", "GEN-034")
async def test_key_nine_is_written_down_before_the_call_ends(tmp_path: Path) -> None:
    async with running(Box(tmp_path, lambda route, count: PERSON)) as box:
        campaign = await campaign_of(box, await listed(box, 1, [0]))
        await box.clock.advance(ANSWERED_S)
        listed_when_hung_up: list[bool] = []
        hang_up, journal = box.media.hang_up, box.config.paths.opt_out_journal

        def watched(leg: Any, sip_code: int = 0) -> None:
            listed_when_hung_up.append(number(0).removeprefix("+") in journal.read_text())
            hang_up(leg, sip_code)

        box.media.hang_up = watched  # type: ignore[method-assign]
        box.media.far_end_dials(leg(box), "5")
        box.media.far_end_dials(leg(box), "9")
        box.media.far_end_dials(leg(box), "9")
        await box.clock.advance(5.0)
        assert listed_when_hung_up == [True]
        assert (await box.counters(campaign)).dispositions == {Disposition.DO_NOT_CALL: 1}
        found = await box.service.store.do(lambda conn: dnc.look_up(conn, number(0)))
        assert [each.id for each in found] == [dnc.OPT_OUTS]


async def test_who_hangs_up_right_after_key_nine_is_listed_all_the_same(tmp_path: Path) -> None:
    async with running(Box(tmp_path, lambda route, count: PERSON)) as box:
        campaign = await campaign_of(box, await listed(box, 1, [0]))
        await box.clock.advance(ANSWERED_S)
        customer = leg(box)
        box.media.far_end_dials(customer, "9")
        box.media.far_end_hangs_up(customer)
        await box.clock.advance(2.0)
        assert (await box.counters(campaign)).dispositions == {Disposition.DO_NOT_CALL: 1}
        assert await box.service.store.do(lambda conn: dnc.look_up(conn, number(0)))


@pytest.mark.req("GEN-035", "GEN-036")
@pytest.mark.parametrize("offered", [True, False])
async def test_key_two_connects_to_an_agent_where_the_campaign_says_so(tmp_path: Path, offered: bool) -> None:
    async with running(Box(tmp_path, lambda route, count: PERSON)) as box:
        (anna,) = await box.hire("Anna")
        campaign = await campaign_of(box, await listed(box, 1, [0]), [anna], agent_key=offered)
        await box.ready(anna)
        await box.clock.advance(ANSWERED_S)
        box.media.far_end_dials(leg(box), "2")
        await box.clock.advance(1.0)
        talking = box.service.desks.agent(anna).state is AgentState.TALKING
        assert talking is offered
        await box.clock.advance(30.0)
        if offered:
            box.media.far_end_hangs_up(leg(box))
            await box.wrap_up_all()
        await box.clock.advance(2.0)
        assert (await box.counters(campaign)).dispositions == {Disposition.CONTACTED: 1}


async def test_key_two_waits_for_an_agent_longer_than_a_surprised_person_would(tmp_path: Path) -> None:
    async with running(Box(tmp_path, lambda route, count: PERSON)) as box:
        (anna,) = await box.hire("Anna")
        await campaign_of(box, await listed(box, 1, [0]), [anna], agent_key=True)
        await box.clock.advance(ANSWERED_S)
        box.media.far_end_dials(leg(box), "2")
        await box.clock.advance(20.0)
        await box.ready(anna)
        assert box.service.desks.agent(anna).state is AgentState.TALKING


@pytest.mark.req("GEN-024")
async def test_people_may_meet_agents_and_no_more_are_called_than_agents_are_ready(tmp_path: Path) -> None:
    async with running(Box(tmp_path, lambda route, count: PERSON)) as box:
        (anna,) = await box.hire("Anna")
        people = {"on_person": PersonAction.AGENT, "message_text": ""}
        campaign = await campaign_of(box, await listed(box, 3, range(3)), [anna], **people)
        await box.clock.advance(20.0)
        assert box.dialled == [], "nobody is ready"
        await box.ready(anna)
        await box.clock.advance(ANSWERED_S)
        assert box.dialled == [number(0)]
        assert box.service.desks.agent(anna).state is AgentState.TALKING
        box.media.far_end_hangs_up(leg(box))
        await box.clock.advance(2.0)
        await box.wrap_up_all()
        await box.clock.advance(ANSWERED_S)
        assert (await box.counters(campaign)).dispositions == {Disposition.CONTACTED: 1}


@pytest.mark.req("GEN-024")
async def test_people_may_be_hung_up_on_and_are_counted_as_abandoned(tmp_path: Path) -> None:
    def far_end(route: Route, count: int) -> FarEnd:
        return PERSON if route.address == number(0) else replace(MACHINE, beeps_after_s=10.0)

    async with running(Box(tmp_path, far_end)) as box:
        alone = {
            "on_person": PersonAction.HANG_UP,
            "message_text": "",
            "drop_text": "Bitte rufen Sie zurück.",
        }
        listed_people = await listed(box, 2, range(2))
        campaign = await campaign_of(box, listed_people, on_machine=VerdictAction.MESSAGE, **alone)
        await box.clock.advance(90.0)
        counted = await box.counters(campaign)
        assert counted.dispositions == {Disposition.ABANDONED: 1, Disposition.MACHINE: 1}
        assert (counted.live_answers, counted.abandoned) == (1, 1)
        since = box.clock.utc() - 3600.0
        window = await box.service.store.do(lambda conn: pacing_state.window_counts(conn, campaign, since))
        assert (window.answers, window.abandoned) == (1, 1)
        told = {each.number: each for each in await box.attempts()}
        assert (told[number(0)].live, told[number(0)].ended_by) == (True, Side.BOX)
        assert told[number(1)].message is not None
        assert told[number(1)].message.result is MessageResult.LEFT


@pytest.mark.req("GEN-020", "GEN-025", "GEN-031")
async def test_machines_and_nobody_are_done_without_an_agent(tmp_path: Path) -> None:
    async with running(
        Box(tmp_path, lambda route, count: MACHINE if route.address[-1] == "0" else NOBODY)
    ) as box:
        campaign = await campaign_of(box, await listed(box, 2, [0, 1]))
        await box.clock.advance(60.0)
        assert (await box.counters(campaign)).dispositions == {
            Disposition.MACHINE: 1,
            Disposition.NO_ANSWER: 1,
        }


async def test_a_message_that_cannot_be_spoken_ends_the_call_as_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("firmware.speech.ENGINE", "no-such-engine")
    async with running(Box(tmp_path, lambda route, count: PERSON)) as box:
        campaign = await campaign_of(box, await listed(box, 1, [0]))
        await box.clock.advance(30.0)
        assert (await box.counters(campaign)).dispositions == {Disposition.FAILED: 1}


async def test_what_was_spoken_once_is_not_spoken_again(tmp_path: Path) -> None:
    speech = Speech(tmp_path / "speech", "de")
    first = await speech.file("Guten Tag.")
    made = first.stat().st_mtime_ns
    assert await speech.file("Guten Tag.") == first
    assert first.stat().st_mtime_ns == made
    assert await speech.file("-w /tmp/elsewhere Guten Abend.") != first
    assert sorted(each.suffixes for each in first.parent.iterdir()) == [[".wav"], [".wav"]]
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SpeechError):
        await Speech(tmp_path / "file" / "speech", "de").file("Guten Tag.")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hallo {Name}!", "Hallo Clara!"),
        ("Am { Termin }  um\n{Zeit}.", "Am Montag um ."),
        ("Ohne {} und { mehr", "Ohne und { mehr"),
        ("{Name.__class__}", ""),
    ],
)
def test_columns_are_filled_in_and_nothing_else_is(text: str, said: str) -> None:
    assert filled(text, {"Name": "Clara", "Termin": "Montag"}) == said


async def test_who_finds_no_agent_hears_the_campaigns_words(tmp_path: Path) -> None:
    """The agent leaves while the telephone rings; what is said names the caller and comes before the call ends."""
    said: list[Path] = []
    async with running(Box(tmp_path, lambda route, count: FarEnd(answers_after_s=4.0))) as box:
        play = box.media.play

        def heard(leg: Any, prompt: Path) -> None:
            said.append(prompt)
            play(leg, prompt)

        box.media.play = heard  # type: ignore[method-assign]
        (anna,) = await box.hire("Anna")
        words = {
            "abandon_text": "Hier ist {caller_name}, es geht um {reason}. Rückruf unter {number}.",
            "caller_name": "Muster GmbH",
            "call_reason": "Ihre Bestellung",
        }
        campaign = await box.run_campaign(await box.import_list([number(1)]), [anna], **words)
        await box.ready(anna)
        await box.clock.advance(2.0)
        box.service.desks.pause(anna, "coffee")
        await box.clock.advance(60.0)
        assert (await box.counters(campaign)).abandoned == 1
        (spoken,) = said
        with wave.open(str(spoken)) as file:
            assert file.getnframes() > 2 * 8000
        assert tmp_path in spoken.parents, "not the announcement of the box"
