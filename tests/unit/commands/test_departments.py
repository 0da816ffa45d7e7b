"""Somebody of a department is kept to what is theirs by the service too, whatever a page lets through."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from firmware import scoping
from firmware.model import OperatorError
from tests.unit.commands.office import HASH, Box, run
from tests.unit.commands.test_audit import names_of_the_service
from tests.unit.commands.test_campaigns import settings


async def asked(box: Box, by: dict[str, Any], do: str, **args: Any) -> dict[str, Any]:
    """A request as the pages send it in somebody's name."""
    reader, writer = await asyncio.open_unix_connection(str(box.config.paths.control_socket))
    asker = {"who": "x", "via": "pages", "address": "", **by}
    writer.write(json.dumps({"id": 1, "do": do, "args": args, "by": asker}).encode() + b"\n")
    answer: dict[str, Any] = json.loads(await reader.readline())
    writer.close()
    return answer


def keys(answer: dict[str, Any]) -> dict[str, str]:
    return {each["where"]: each["key"] for each in answer.get("problems", ())}


class Two:
    """Two departments, each with a manager, a contact list and a campaign of the manager's own making."""

    def __init__(self, box: Box) -> None:
        self.box = box
        self.department: list[int] = []
        self.by: list[dict[str, Any]] = []
        self.campaign: list[int] = []
        self.contact_list: list[int] = []
        self.dnc: list[int] = []

    async def furnish(self) -> Two:
        for number, name in enumerate(("Vertrieb", "Service")):
            made = (await self.box.ask("department.create", name=name))["id"]
            user = await self.box.ask(
                "user.create", login=f"manager{number}", name=name, roles=["campaign_manager", "supervisor"],
                password_hash=HASH, departments=[made],
            )  # fmt: skip
            by = {"user_id": user["id"]}
            self.department.append(made)
            self.by.append(by)
            for into, do in ((self.contact_list, "list.create"), (self.dnc, "dnc.create")):
                into.append((await asked(self.box, by, do, name=name))["result"]["id"])
            wanted = settings(name=name, contact_list_id=self.contact_list[-1])
            answer = await asked(self.box, by, "campaign.create", settings=wanted)
            self.campaign.append(answer["result"]["id"])
        return self


def test_every_command_says_who_may_give_it() -> None:
    """So that a new one is thought about; until then it is refused to everybody of a department."""

    async def scene(box: Box) -> None:
        unknown = []
        for name in sorted(names_of_the_service(box)):
            noun = name.partition(".")[0]
            kinds = (
                name in scoping.READS, name in scoping.CHANGES, name in scoping.OPEN, name in scoping.BOX,
                noun in scoping.OPEN_NOUNS, noun in scoping.OWN_NOUNS,
                noun in scoping.BOX_NOUNS and name not in scoping.OPEN,
            )  # fmt: skip
            if sum(kinds) != 1:
                unknown.append(name)
        assert unknown == [], "say in firmware/scoping.py whether a department may do this"

    run(scene)


@pytest.mark.req("ENR-111")
def test_what_one_department_makes_the_other_cannot_touch() -> None:
    async def scene(box: Box) -> None:
        two = await Two(box).furnish()
        own, other = two.by
        campaign, contact_list, blocked = two.campaign[0], two.contact_list[0], two.dnc[0]
        tries: list[tuple[str, dict[str, Any]]] = [
            ("campaign.start", {"id": campaign}),
            ("campaign.stop", {"id": campaign}),
            ("campaign.delete", {"id": campaign}),
            ("campaign.change", {"id": campaign, "changes": {"name": "x"}}),
            ("campaign.obstacles", {"id": campaign}),
            ("list.delete", {"id": contact_list}),
            ("list.export", {"list_id": contact_list, "language": "de"}),
            ("contact.add", {"list_id": contact_list, "rows": [{"number": "+493023125001"}]}),
            ("dnc.add", {"list_id": blocked, "numbers": ["+493023125001"], "source": "x"}),
            ("dnc.delete", {"id": blocked}),
            ("dry_run.begin", {"id": campaign}),
        ]
        for do, args in tries:
            answer = await asked(box, other, do, **args)
            assert "nothing_there" in keys(answer).values() or "campaign_unknown" in keys(answer).values(), do
            assert "Vertrieb" not in json.dumps(answer), do
        assert (await asked(box, own, "campaign.obstacles", id=campaign))["ok"]
        assert (await asked(box, own, "campaign.delete", id=campaign))["ok"]

    run(scene)


def test_files_of_the_folder_that_all_share_are_no_departments() -> None:
    async def scene(box: Box) -> None:
        two = await Two(box).furnish()
        wanted = {"id": two.contact_list[0], "days": [0], "at": "06:00"}
        files = {"kind": "import", "source": "*.csv"}
        answer = await asked(box, two.by[0], "list.schedule", **wanted, **files)
        assert keys(answer) == {"kind": "whole_box_only"}
        again = {"kind": "recycle", "dispositions": ["no_answer"]}
        assert (await asked(box, two.by[0], "list.schedule", **wanted, **again))["ok"]
        assert (await box.ask("list.schedule", **wanted, **files))["schedule_id"]

    run(scene)


def test_a_campaign_uses_nothing_of_the_other_department() -> None:
    async def scene(box: Box) -> None:
        two = await Two(box).furnish()
        agent = await box.agent("fremd")
        await box.ask("user.update", id=agent, departments=[two.department[1]])
        for field, value in (
            ("contact_list_id", two.contact_list[1]),
            ("dnc_list_ids", [two.dnc[1]]),
            ("agent_ids", [agent]),
        ):
            answer = await asked(box, two.by[0], "campaign.create", settings=settings(**{field: value}))
            assert keys(answer) == {field: "nothing_there"}
        shared = (await box.ask("dnc.create", name="Alle"))["id"]
        answer = await asked(box, two.by[0], "campaign.create", settings=settings(dnc_list_ids=[shared]))
        assert answer["ok"]

    run(scene)


def test_of_the_whole_boxs_dnc_lists_a_department_only_adds_to() -> None:
    async def scene(box: Box) -> None:
        two = await Two(box).furnish()
        shared = (await box.ask("dnc.create", name="Alle"))["id"]
        entry = {"list_id": shared, "numbers": ["+493023125001"], "source": "Anruf"}
        assert (await asked(box, two.by[0], "dnc.add", **entry))["ok"]
        for do, args in (("dnc.remove", entry), ("dnc.delete", {"id": shared})):
            assert "nothing_there" in keys(await asked(box, two.by[0], do, **args)).values()
        found = await asked(box, two.by[1], "dnc.number", number="+493023125001")
        assert [each["name"] for each in found["result"]["lists"]] == ["Alle"]
        own = {"list_id": two.dnc[0], "numbers": ["+493023125002"], "source": "Anruf"}
        assert (await asked(box, two.by[0], "dnc.add", **own))["ok"]
        for by, names in ((two.by[0], ["Vertrieb"]), (two.by[1], [])):
            found = await asked(box, by, "dnc.number", number="+493023125002")
            assert [each["name"] for each in found["result"]["lists"]] == names

    run(scene)


@pytest.mark.parametrize(
    "do",
    ["department.create", "user.remove", "settings.undo", "audit.entries", "callback.set_rules", "status"],
)
def test_what_is_the_whole_boxs_is_refused(do: str) -> None:
    async def scene(box: Box) -> None:
        two = await Two(box).furnish()
        args: dict[str, Any] = {
            "department.create": {"name": "x"},
            "user.remove": {"id": 1},
            "callback.set_rules": dict.fromkeys(("grace_s", "away_after_s", "team_after_s"), 60.0)
            | {"busy_after_s": 60.0, "tries": 3, "again_s": 60.0},
        }.get(do, {})
        assert keys(await asked(box, two.by[0], do, **args)) == {do: "whole_box_only"}

    run(scene)


def test_a_program_with_a_departments_token_is_kept_to_it() -> None:
    async def scene(box: Box) -> None:
        two = await Two(box).furnish()
        made = await box.ask(
            "token.create", name="CRM", scopes=["campaigns:control"], department=two.department[0]
        )
        by = {"token_id": made["id"], "via": "api"}
        assert (await asked(box, by, "campaign.obstacles", id=two.campaign[0]))["ok"]
        assert keys(await asked(box, by, "campaign.stop", id=two.campaign[1])) == {"id": "nothing_there"}
        whole = await box.ask("token.create", name="Buchhaltung", scopes=["campaigns:control"])
        assert (await asked(box, {"token_id": whole["id"]}, "campaign.obstacles", id=two.campaign[1]))["ok"]

    run(scene)


def test_who_changes_department_is_logged_out_and_sees_the_other_at_once() -> None:
    async def scene(box: Box) -> None:
        two = await Two(box).furnish()
        user = two.by[0]["user_id"]
        opened = await box.ask("session.open", user_id=user, ttl_s=3600.0)
        await box.ask("user.update", id=user, name="Neu", departments=[two.department[0]])
        assert (await box.ask("session.list", user_id=user))["sessions"]
        await box.ask("user.update", id=user, departments=[two.department[1]])
        assert (await box.ask("session.list", user_id=user))["sessions"] == []
        assert opened
        assert not (await asked(box, two.by[0], "campaign.obstacles", id=two.campaign[0]))["ok"]
        assert (await asked(box, two.by[0], "campaign.obstacles", id=two.campaign[1]))["ok"]

    run(scene)


def test_what_a_thing_is_moved_to_counts_from_then_on() -> None:
    async def scene(box: Box) -> None:
        two = await Two(box).furnish()
        await box.ask(
            "department.move", kind="campaign", object=two.campaign[0], department=two.department[1]
        )
        assert not (await asked(box, two.by[0], "campaign.obstacles", id=two.campaign[0]))["ok"]
        assert (await asked(box, two.by[1], "campaign.obstacles", id=two.campaign[0]))["ok"]
        await box.ask("department.move", kind="campaign", object=two.campaign[0])
        for by in two.by:
            assert not (await asked(box, by, "campaign.obstacles", id=two.campaign[0]))["ok"]
        assert (await box.ask("campaign.obstacles", id=two.campaign[0]))["problems"]
        await box.ask("department.move", kind="queue", queue="hotline", department=two.department[0])
        assert await box.refused("department.move", kind="wall", object=9) == {"object": "thing_unknown"}

    run(scene)


def test_a_box_without_departments_knows_no_difference() -> None:
    async def scene(box: Box) -> None:
        agent = await box.agent()
        made = await asked(box, {"user_id": agent}, "campaign.create", settings=settings())
        assert made["ok"]
        with pytest.raises(OperatorError):
            await box.ask("department.remove", id=1)

    run(scene)
