"""Every command that changes something leaves an entry in the log, and no entry tells a secret."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from typing import Any

import pytest

from firmware import auditing, cli
from firmware.control import Control
from firmware.store.audit import Actor
from firmware.typed import Secret
from tests.unit.commands.office import HASH, Box, run
from tests.unit.commands.test_campaigns import settings as campaign_settings

BY = {"who": "Anna Berg", "via": "pages", "address": "192.0.2.7"}


async def asked(box: Box, do: str, by: object = BY, **args: Any) -> dict[str, Any]:
    """A request as the pages send it."""
    reader, writer = await asyncio.open_unix_connection(str(box.config.paths.control_socket))
    writer.write(json.dumps({"id": 1, "do": do, "args": args, "by": by}).encode() + b"\n")
    answer = json.loads(await reader.readline())
    writer.close()
    return answer


async def log(box: Box, **choice: Any) -> list[dict[str, Any]]:
    return (await box.ask("audit.entries", **choice))["entries"]


def names_of_the_service(box: Box) -> frozenset[str]:
    """Every command the office answers."""
    control = Control(box.config.paths.control_socket, box.hub)
    box.office.add_to(control)
    return control.names


@pytest.mark.req("ENR-121")
def test_every_command_that_changes_something_leaves_an_entry() -> None:
    """Over the table of commands: each is answered by something that writes, under its own name."""

    async def scene(box: Box) -> None:
        control = Control(box.config.paths.runtime / "other.sock", box.hub)
        control.audit_with(auditing.Auditor(box.store, box.clock))
        names = sorted(names_of_the_service(box) - {"status"})

        async def write() -> None:
            await box.store.do(
                lambda conn: conn.execute("INSERT INTO setting VALUES (hex(randomblob(8)), '1')")
            )

        for name in names:
            control.add(name, write)
        await control.start()
        reader, writer = await asyncio.open_unix_connection(str(box.config.paths.runtime / "other.sock"))
        for name in names:
            writer.write(f'{{"do": "{name}"}}\n'.encode())
            assert b'"ok":true' in await reader.readline()
        writer.close()
        await control.stop()
        told = {each["command"] for each in await log(box, most=500)}
        assert told == {name for name in names if not auditing.is_quiet(name)}

    run(scene)


def test_commands_that_leave_no_row_are_logged_and_reading_is_not() -> None:
    async def scene(box: Box) -> None:
        control = Control(box.config.paths.runtime / "other.sock", box.hub)
        control.audit_with(auditing.Auditor(box.store, box.clock))

        async def nothing() -> None:
            """Neither reads nor writes."""

        names = sorted(names_of_the_service(box) - {"status"})
        for name in names:
            control.add(name, nothing)
        await control.start()
        reader, writer = await asyncio.open_unix_connection(str(box.config.paths.runtime / "other.sock"))
        for name in names:
            writer.write(f'{{"do": "{name}"}}\n'.encode())
            await reader.readline()
        writer.close()
        await control.stop()
        assert {each["command"] for each in await log(box, most=500)} == auditing.OUTSIDE & set(names)

    run(scene)


def test_the_table_names_no_command_that_does_not_exist() -> None:
    async def scene(box: Box) -> None:
        names = names_of_the_service(box)
        assert names >= auditing.QUIET
        nouns = {
            "access",
            "line",
            "network",
            "reset",
            "update",
        }  # the appliance's and the lines', not the office's
        elsewhere = {name for name in auditing.OUTSIDE if name.partition(".")[0] in nouns}
        assert names >= auditing.OUTSIDE - elsewhere

    run(scene)


@pytest.mark.req("ENR-121")
def test_an_entry_says_who_what_from_where_and_what_it_was() -> None:
    async def scene(box: Box) -> None:
        made = await asked(
            box, "user.create", login="mira", name="Mira Koch", roles=["agent"], password_hash=HASH
        )
        number = made["result"]["id"]
        await asked(box, "user.update", id=number, name="Mira Lang", roles=["agent", "supervisor"])
        await asked(box, "user.update", id=number, password_hash=HASH)
        password, changed, created = await log(box, noun="user")
        assert (created["who"], created["via"], created["address"]) == ("Anna Berg", "pages", "192.0.2.7")
        assert (created["object_id"], created["label"]) == (str(number), "Mira Koch")
        assert changed["old"] == {"name": "Mira Koch", "roles": "agent"}
        assert changed["new"]["name"] == "Mira Lang"
        assert changed["new"]["roles"] == "agent, supervisor"
        assert password["new"] == {"password_hash": auditing.HIDDEN}
        told = str(await log(box))
        assert HASH not in told
        assert made["result"]["phone_secret"] not in told
        assert (await box.ask("audit.verify"))["fault"] == ""

    run(scene)


def test_a_refused_command_leaves_nothing() -> None:
    async def scene(box: Box) -> None:
        await box.refused("user.update", id=99, name="Niemand")
        await box.refused("list.delete", id=99)
        assert await log(box) == []

    run(scene)


def test_who_asks_must_be_said_properly() -> None:
    async def scene(box: Box) -> None:
        for by in (
            "anna",
            {"who": "x"},
            {**BY, "via": "console"},
            {**BY, "more": 1},
            {**BY, "user_id": "1"},
            [],
        ):
            answer = await asked(box, "setup.state", by=by)
            assert answer["problems"][0]["key"] == "malformed_request"
        assert (await asked(box, "setup.state", by=None))["ok"]

    run(scene)


def test_a_command_from_the_machine_itself_is_its_users() -> None:
    async def scene(box: Box) -> None:
        await box.agent()
        (made,) = await log(box)
        assert made["via"] == "console"
        assert made["who"]

    run(scene)


def test_a_campaign_shows_what_was_changed_in_it() -> None:
    async def scene(box: Box) -> None:
        agent, contacts = await box.agent(), await box.contact_list()
        wanted = campaign_settings(agent_ids=[agent], contact_list_id=contacts)
        number = (await box.ask("campaign.create", settings=wanted))["id"]
        await box.ask("campaign.change", id=number, changes={"max_attempts": 2})
        changed = (await log(box, noun="campaign"))[0]
        assert changed["label"] == wanted["name"]
        assert changed["new"]["max_attempts"] == 2
        assert set(changed["old"]) == {"max_attempts"}

    run(scene)


@pytest.mark.parametrize(
    ("noun", "value", "told"),
    [
        ("user", {"password_hash": "scrypt$x", "name": "Mira"}, {"password_hash": "•••", "name": "Mira"}),
        ("webhook", {"secret": "s"}, {"secret": "•••"}),
        ("webhook", {"url": "https://a.example/in?key=s"}, {"url": "https://a.example/…"}),
        ("second_factor", {"code": "123456"}, {"code": "•••"}),
        ("settings", {"values": {"password": "x", "a": "b"}}, {"values": {"password": "•••", "a": "b"}}),
        ("settings", {"secret": Secret("x")}, {"secret": "•••"}),
        ("dnc", {"numbers": ["+493023125007"]}, {"numbers": ["+493•••••••07"]}),
        ("dnc", {"numbers": ["x"] * 100}, {"numbers": {"entries": 100}}),
        ("contact", {"name": "Karla", "priority": 3}, {"name": "•••", "priority": 3}),
        ("contact", {"fields": {"a": "b"}}, {"fields": {"a": "•••"}}),
        ("consent", {"number": "+493023125007", "wording": "Ja"}, {"number": "+493•••••••07", "wording": "•••"}),
        ("campaign", {"note": "eine\nZeile"}, {"note": "eine·Zeile"}),
    ],
)  # fmt: skip
def test_no_entry_holds_a_secret_or_a_person_of_a_list(
    noun: str, value: dict[str, Any], told: dict[str, Any]
) -> None:
    assert auditing.shown(noun, value) == told


def test_a_long_value_is_cut() -> None:
    deep: dict[str, Any] = {"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}}
    assert "f" not in str(auditing.shown("campaign", deep))
    assert len(auditing.shown("campaign", {"text": "x" * 9999})["text"]) == 300


def test_the_command_line_reads_and_writes_out_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    async def scene(box: Box) -> None:
        for login in ("anna", "bert"):
            await asked(box, "user.create", login=login, name="=1+1", roles=["agent"], password_hash=HASH)
        settings = box.config.paths.state.parent / "box.toml"
        settings.write_text(
            f'[paths]\nstate = "{box.config.paths.state}"\nruntime = "{box.config.paths.runtime}"\n'
        )
        told = ["--config", str(settings)]
        assert await asyncio.to_thread(cli.main, ["audit", "verify", *told]) == 0
        assert "2 entries" in capsys.readouterr().out
        assert await asyncio.to_thread(cli.main, ["audit", "export", *told]) == 0
        rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
        assert [row["command"] for row in rows] == ["user.create", "user.create"]
        assert {row["label"] for row in rows} == {"'=1+1"}
        assert await asyncio.to_thread(cli.main, ["audit", "verify", "--head", "f" * 64, *told]) == 1

    run(scene)


def test_nobody_known_to_the_system_still_has_a_name() -> None:
    assert auditing.at_console(4_000_000_000) == Actor("4000000000")
