"""A word about a verdict, from a real desk to the desk, the records and the abandonment budget."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from firmware.campaigns import defaults
from firmware.client import Client
from firmware.model import AmdLabel, DiallingMode, Disposition, Role, WrapUpCode
from firmware.store import pacing_log, users, verdict_words
from firmware.trunks.simulated import FarEnd
from tests.scenario.box import HUMAN, Box, number, running

MACHINE = FarEnd(answers_after_s=8.0, label=AmdLabel.MACHINE, recognised_after_s=2.0)
CODES = (*defaults.WRAP_UP_CODES, WrapUpCode("voicemail", 9, "Voicemail", "Mailbox", Disposition.MACHINE))


async def ask(box: Box, do: str, **args: Any) -> Any:
    async with Client(box.config.paths.control_socket) as client:
        return await client.ask(do, **args)


async def words(box: Box, uid: str) -> list[tuple[str, str]]:
    found = await box.service.store.do(lambda conn: verdict_words.of_attempt(conn, uid))
    return [(word.said.value, word.how.value) for word in found]


async def test_a_word_in_the_talk_and_the_result_after_it(tmp_path: Path) -> None:
    async with running(Box(tmp_path, lambda route, count: HUMAN)) as box:
        (anna,) = await box.hire("Anna")
        await box.run_campaign(await box.import_list([number(1)]), [anna], wrap_up_codes=CODES)
        await box.ready(anna)
        await box.clock.advance(12.0)
        desk = await box.service.desk_commands.state(anna)
        assert (desk["state"], desk["word"]) == ("talking", None)
        await ask(box, "amd.word", user_id=anna, attempt=desk["attempt"], said="person")
        assert (await box.service.desk_commands.state(anna))["word"] == "person"
        await box.clock.advance(30.0)
        await box.wrap_up_all("voicemail")
        assert await words(box, desk["attempt"]) == [("person", "desk"), ("machine", "wrap_up")]
        (row,) = (await ask(box, "amd.report"))["matrix"]
        assert (row["verdict"], row["machine"]["count"]) == ("human", 1)


async def test_a_person_the_box_hung_up_on_is_charged_at_once_and_uncharged(tmp_path: Path) -> None:
    async with running(Box(tmp_path, lambda route, count: MACHINE)) as box:
        (anna,) = await box.hire("Anna")
        berg = users.NewUser("berg", "Berg", Role.ADMINISTRATOR, "x")
        chief = await box.service.store.do(lambda conn: users.create(conn, berg, box.clock.utc()))
        campaign = await box.run_campaign(
            await box.import_list(map(number, range(1, 60))),
            [anna],
            mode=DiallingMode.PREDICTIVE,
            max_attempts=1,
            retry={},
        )
        await box.ready(anna)
        await box.clock.advance(12.0)
        first = (await box.attempts())[0]
        for said, charged in (("person", 1.0), ("machine", 0.0)):
            await ask(box, "amd.word", user_id=chief, attempt=first.uid, said=said)
            await box.clock.advance(60.0)
            (note,) = await box.service.store.do(lambda conn: pacing_log.latest(conn, campaign, 1))
            assert note.figures["abandoned"] == charged
        assert await words(box, first.uid) == [("person", "history"), ("machine", "history")]
