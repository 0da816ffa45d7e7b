"""Schedules of lists: at their time, once after a time that was missed, by hand and by a trigger."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import Any

import pytest

from firmware.commands.schedules import SETTLED_S
from firmware.model import CampaignId, CampaignState, ContactId, ContactListId, Disposition, UserId
from firmware.store import campaigns, contacts, desk_edits, list_imports, list_reports, list_schedules
from firmware.store.list_reports import ListReport
from tests.unit.commands.office import Box, run
from tests.unit.commands.test_campaigns import ready, state_of

ROWS = "Name;Telefon\nAda;030 23125001\nBen;030 23125002\n"
DAY_S = 86400.0
EVERY_DAY = list(range(7))


async def quiet(box: Box) -> None:
    """The clock is looked at only when told to."""
    await box.office.schedules.stop()


async def report(box: Box, list_id: int) -> ListReport:
    found = await box.store.do(lambda conn: list_reports.one(conn, ContactListId(list_id)))
    assert found is not None
    return found


async def through(box: Box) -> None:
    """Let what has begun come to its end; files are waited for by the clock."""
    over = asyncio.ensure_future(box.office.schedules.settled())
    async with asyncio.timeout(60):
        while not over.done():
            await box.clock.advance(SETTLED_S)
            await asyncio.wait([over], timeout=0.02)


async def due_now(box: Box, schedule: int, at: float) -> None:
    await box.store.do(lambda conn: list_schedules.switch(conn, schedule, True, at))


async def recycled_daily(box: Box, due_at: float) -> int:
    """A list of people whose line was busy, to be called once more every day, and due."""
    list_id = await box.contact_list()
    await closed(box, list_id, "busy")
    made = await box.ask(
        "list.schedule", id=list_id, kind="recycle", days=EVERY_DAY, dispositions=["busy"], who="maria"
    )
    await due_now(box, made["schedule_id"], due_at)
    return list_id


def put(box: Box, name: str, text: str = ROWS) -> None:
    (box.office.schedules.folder / name).write_text(text, encoding="utf-8")


async def closed(box: Box, list_id: int, word: str) -> None:
    def work(conn: sqlite3.Connection) -> None:
        conn.execute(
            "UPDATE contact SET state = 'closed', closed_reason = ? WHERE list_id = ?", (word, list_id)
        )

    await box.store.do(work)


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"kind": "import", "days": [0], "source": ""}, {"source": "list_schedule_source"}),
        ({"kind": "import", "days": [0], "source": "../x.csv"}, {"source": "list_schedule_source"}),
        ({"kind": "import", "days": [7], "source": "a.csv"}, {"days": "list_schedule_days"}),
        ({"kind": "import", "days": [1, 1], "source": "a.csv"}, {"days": "list_schedule_days"}),
        ({"kind": "import", "days": [0], "at": "25:00", "source": "a.csv"}, {"at": "list_schedule_time"}),
        (
            {"kind": "import", "days": [0], "source": "a.csv", "mapping": "CRM"},
            {"mapping": "mapping_unknown"},
        ),
        ({"kind": "recycle", "days": [0]}, {"dispositions": "list_schedule_results"}),
        (
            {"kind": "recycle", "days": [0], "dispositions": ["do_not_call"]},
            {"dispositions": "list_schedule_results"},
        ),
        (
            {"kind": "recycle", "days": [0], "dispositions": ["busy"], "rest_days": 999},
            {"rest_days": "list_schedule_rest"},
        ),
    ],
)
def test_what_cannot_be_planned(given: dict[str, Any], wrong: dict[str, str]) -> None:
    async def scene(box: Box) -> None:
        list_id = await box.contact_list()
        assert await box.refused("list.schedule", id=list_id, **given) == wrong

    run(scene)


def test_lists_and_schedules_there_are_not() -> None:
    async def scene(box: Box) -> None:
        args = {"kind": "import", "days": [], "source": "a.csv"}
        assert await box.refused("list.schedule", id=99, **args) == {"list_id": "list_unknown"}
        list_id, other = await box.contact_list(), await box.contact_list(name="Andere")
        made = (await box.ask("list.schedule", id=list_id, **args))["schedule_id"]
        gone = {"schedule_id": "list_schedule_unknown"}
        assert await box.refused("list.run_schedule", schedule_id=99) == gone
        assert await box.refused("list.run_schedule", schedule_id=made, list_id=other) == gone
        await box.ask("list.unschedule", schedule_id=made)
        assert await box.refused("list.run_schedule", schedule_id=made) == gone

    run(scene)


@pytest.mark.req("GEN-043")
def test_files_that_lie_ready_are_taken_in_at_their_time_and_stand_among_the_imports() -> None:
    async def scene(box: Box) -> None:
        await quiet(box)
        list_id = await box.contact_list(0, "Kunden")
        made = await box.ask(
            "list.schedule", id=list_id, kind="import", days=EVERY_DAY, source="kunden*.csv", who="maria"
        )
        assert made["next_at"] > box.clock.utc()
        put(box, "kunden-1.csv")
        put(box, "andere.csv")
        await box.office.schedules.look()
        assert (await report(box, list_id)).imports == []
        await due_now(box, made["schedule_id"], box.clock.utc())
        await box.office.schedules.look()
        await through(box)
        found = await report(box, list_id)
        (one,) = found.imports
        assert (one.file_name, one.new, one.cause, one.schedule_id, one.who) == (
            *("kunden-1.csv", 2, "time", made["schedule_id"], "maria"),
        )
        assert [each.name for each in box.office.schedules.folder.iterdir()] == ["andere.csv"]
        (schedule,) = found.schedules
        assert schedule.next_at is not None
        assert schedule.next_at > box.clock.utc()

    run(scene)


@pytest.mark.req("GEN-043")
def test_a_box_that_was_off_catches_up_once() -> None:
    async def scene(box: Box) -> None:
        await quiet(box)
        list_id = await recycled_daily(box, box.clock.utc() - 9 * DAY_S)
        for _ in range(3):
            await box.office.schedules.look()
            await box.office.schedules.settled()
        found = await report(box, list_id)
        assert [(each.kind, each.cause, each.rows, each.updated) for each in found.imports] == [
            ("recycle", "late", 3, 3)
        ]
        assert found.open == 3

    run(scene)


def test_a_clock_that_is_not_known_good_begins_nothing() -> None:
    async def scene(box: Box) -> None:
        await quiet(box)
        list_id = await recycled_daily(box, box.clock.utc() - 60.0)
        for why_not, runs in ((["clock_not_synchronised"], 0), (["disk_low"], 1)):
            box.around.why_not = [{"key": key} for key in why_not]
            await box.office.schedules.look()
            await box.office.schedules.settled()
            assert len((await report(box, list_id)).imports) == runs

    run(scene)


def test_a_run_without_a_file_or_with_none_that_can_be_read_says_so() -> None:
    async def scene(box: Box) -> None:
        await quiet(box)
        list_id = await box.contact_list(0, "Kunden")
        made = await box.ask("list.schedule", id=list_id, kind="import", days=[], source="k*.csv")
        assert made["next_at"] is None
        number = made["schedule_id"]
        await box.ask("list.run_schedule", schedule_id=number, who="maria")
        await through(box)
        put(box, "k.csv", "%PDF-1.4")
        await box.ask("list.run_schedule", schedule_id=number, cause="trigger", who="CRM")
        await through(box)
        second, first = (await report(box, list_id)).imports
        assert [each["key"] for each in first.problems] == ["no_file_waiting"]
        assert (first.cause, second.cause, second.who) == ("hand", "trigger", "CRM")
        assert [each["key"] for each in second.problems] == ["file_not_csv"]
        assert (box.office.schedules.folder / "refused" / "k.csv").exists()

    run(scene)


@pytest.mark.req("GEN-043")
def test_a_campaign_whose_list_was_worked_off_goes_on_and_a_stopped_one_does_not() -> None:
    async def scene(box: Box) -> None:
        await quiet(box)
        number = await ready(box)
        campaign = await box.store.do(lambda conn: campaigns.get(conn, CampaignId(number)))
        list_id = campaign.settings.contact_list_id
        assert list_id is not None
        made = await box.ask("list.schedule", id=list_id, kind="recycle", days=[], dispositions=["busy"])
        for before, after in (
            (CampaignState.STOPPED, CampaignState.STOPPED),
            (CampaignState.FINISHED, CampaignState.RUNNING),
        ):
            await closed(box, list_id, "busy")
            await box.store.do(lambda conn, s=before: campaigns.set_state(conn, CampaignId(number), s, 1.0))
            await box.ask("list.run_schedule", schedule_id=made["schedule_id"])
            await box.office.schedules.settled()
            assert await state_of(box, number) is after

    run(scene)


@pytest.mark.req("GEN-043")
def test_files_of_others_do_not_undo_what_agents_learnt_unless_asked_to() -> None:
    async def scene(box: Box) -> None:
        await quiet(box)
        list_id, anna = await box.contact_list(1, "Kunden"), UserId(await box.agent())

        def learn(conn: sqlite3.Connection) -> ContactId:
            (found,) = conn.execute("SELECT id FROM contact").fetchone()
            desk_edits.apply(conn, ContactId(found), {"Ort": ("", "Bonn")}, anna, None, 1.0)
            return ContactId(found)

        contact = await box.store.do(learn)
        asked = {"kind": "import", "days": [], "source": "k*.csv", "update": True}
        number = (await box.ask("list.schedule", id=list_id, **asked))["schedule_id"]
        for args, ort in (({}, "Bonn"), ({"over_desk": True}, "Köln")):
            put(box, "k.csv", "Telefon;Ort\n030 23125000;Köln\n")
            await box.ask("list.run_schedule", schedule_id=number, **args)
            await through(box)
            found = await box.store.do(lambda conn: contacts.get(conn, contact))
            assert found is not None
            assert found.fields["Ort"] == ort
        told = [(each.desk_kept, each.desk_replaced) for each in (await report(box, list_id)).imports]
        assert told == [(0, 1), (1, 0)]

    run(scene)


def test_a_run_is_taken_back_like_an_import() -> None:
    async def scene(box: Box) -> None:
        await quiet(box)
        list_id = await box.contact_list()
        await closed(box, list_id, Disposition.NO_ANSWER)
        made = await box.ask("list.schedule", id=list_id, kind="recycle", days=[], dispositions=["no_answer"])
        await box.ask("list.run_schedule", schedule_id=made["schedule_id"])
        await box.office.schedules.settled()
        (one,) = (await report(box, list_id)).imports
        assert one.undoable

        def undo(conn: sqlite3.Connection) -> int:
            list_imports.begin_undo(conn, one.id, 2.0)
            while list_imports.undo_some(conn, one.id):
                pass
            return contacts.counts(conn, ContactListId(list_id)).closed

        assert await box.store.do(undo) == 3

    run(scene)


def test_a_schedule_that_rests_does_not_run_by_itself() -> None:
    async def scene(box: Box) -> None:
        await quiet(box)
        list_id = await box.contact_list()
        made = await box.ask("list.schedule", id=list_id, kind="recycle", days=[2], dispositions=["busy"])
        await box.ask("list.switch_schedule", schedule_id=made["schedule_id"], active=False)
        (schedule,) = (await report(box, list_id)).schedules
        assert (schedule.active, schedule.next_at) == (False, None)
        await box.ask("list.switch_schedule", schedule_id=made["schedule_id"], active=True)
        (schedule,) = (await report(box, list_id)).schedules
        assert schedule.next_at == made["next_at"]

    run(scene)
