"""Privacy over the control socket: limits, tonight's figures, a person's data, and a backup that brings one back."""

from __future__ import annotations

import base64
import json
import shutil

import pytest

from firmware.commands.privacy import PrivacyCommands
from firmware.store import contacts
from firmware.store.contacts import NewContact
from tests.unit.commands.office import Box, run

ADA = "+493023125000"


async def listed(box: Box) -> int:
    def work(conn: object) -> int:
        found = contacts.create_list(conn, "Liste", box.clock.utc())  # type: ignore[arg-type]
        contacts.add(conn, found, [NewContact(ADA, "Ada"), NewContact("+493023125001", "Ben")])  # type: ignore[arg-type]
        return found

    return await box.store.do(work)


async def count(box: Box, sql: str) -> int:
    return int((await box.store.do(lambda conn: conn.execute(sql).fetchone()))[0])


@pytest.mark.req("ENR-122", "ENR-123")
def test_limits_and_what_goes_tonight() -> None:
    async def scene(box: Box) -> None:
        for wrong in ({"proof": 30}, {"recordings": 0}, {"nonsense": 5}, {"webhooks": 31}):
            assert await box.refused("privacy.keep", days=wrong) == {
                next(iter(wrong)): "retention_days_wrong"
            }
        await box.ask("privacy.keep", days={"recordings": 7, "contacts": 30})
        await listed(box)
        await box.store.do(
            lambda conn: conn.execute("UPDATE contact SET state = 'closed', closed_reason = 'x'")
        )
        state = await box.ask("privacy.state")
        kept = {each["key"]: (each["kept"], each["due"]) for each in state["classes"]}
        assert (kept["recordings"], kept["contacts"]) == ((7, 0), (30, 0))
        box.clock.step_utc(31 * 86_400)
        state = await box.ask("privacy.state")
        assert {each["key"]: each["due"] for each in state["classes"]}["contacts"] == 2
        task = box.office.privacy.keeper.begin()
        assert task is not None
        await task
        assert await count(box, "SELECT count(*) FROM contact") == 0
        (last, *_) = (await box.ask("privacy.state"))["runs"]
        assert last["error"] == ""

    run(scene)


def test_everything_about_a_person_and_nothing_after() -> None:
    async def scene(box: Box) -> None:
        await listed(box)
        assert list((await box.refused("privacy.export", number="nonsense")).values()) == ["not_a_number"]
        told = await box.ask("privacy.export", number="030 23125000", language="en")
        assert told["kinds"] == {"contacts": 1}
        assert json.loads(base64.b64decode(told["json"]))["stored"]["contacts"][0]["name"] == "Ada"
        assert base64.b64decode(told["pdf"]).startswith(b"%PDF-")
        done = await box.ask("privacy.erase", number=ADA, by="Anna", why="letter of 3 May")
        assert (done["account"]["contacts"], done["account"]["kept_dnc"]) == (1, 1)
        assert set((await box.ask("privacy.export", number=ADA))["kinds"]) == {"dnc"}
        assert await count(box, "SELECT count(*) FROM contact") == 1
        (noted,) = (await box.ask("privacy.state"))["erased"]
        assert (noted["by"], noted["why"]) == ("Anna", "letter of 3 May")

    run(scene)


def test_who_was_erased_stays_so_when_a_backup_is_put_back() -> None:
    async def scene(box: Box) -> None:
        await box.ask("privacy.erase", number=ADA, by="Anna")
        assert await box.store.do(lambda conn: conn.execute("DELETE FROM erasure").rowcount) == 1
        await listed(box)  # as a database of before would have it
        again = PrivacyCommands(box.office.privacy._context)
        await again.prepare()
        await again.stop()
        names = await box.store.do(lambda conn: conn.execute("SELECT name FROM contact").fetchall())
        assert names == [("Ben",)]
        shutil.copy(box.config.paths.state / "erased.journal", box.config.paths.state / "copy")
        third = PrivacyCommands(box.office.privacy._context)
        await third.prepare()
        await third.stop()
        assert await count(box, "SELECT count(*) FROM erasure") == 1

    run(scene)
