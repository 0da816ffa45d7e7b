"""Registers: files of many numbers that take each other's place, and what is told about one number."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psutil
import pytest

from firmware.store import dnc, register_ages
from tests.unit.commands.office import Box, opened, run
from tests.unit.commands.test_imports import done, running

DAY_S = 86400.0


def numbers(count: int, first: int = 0) -> str:
    return "".join(f"030 2{3_000_000 + first + n:07d}\n" for n in range(count))


async def new_list(box: Box) -> int:
    return int((await box.ask("dnc.create", name="TPS"))["id"])


async def load(box: Box, text: str, **args: Any) -> dict[str, Any]:
    await box.ask("dnc.load_register", path=box.upload(text), **args)
    return await box.next_import(done)


async def blocked(box: Box, *digits: int) -> list[bool]:
    return [bool(await box.store.do(lambda conn, n=n: dnc.look_up(conn, f"+{n}"))) for n in digits]


def files(box: Box) -> list[str]:
    return sorted(each.name for each in (box.config.paths.database.parent / "dnc").iterdir())


def test_what_is_no_register_changes_nothing() -> None:
    async def scene(box: Box) -> None:
        tps = await new_list(box)
        refused = await box.refused("dnc.load_register", list_id=99, path=box.upload("x"))
        assert refused == {"list_id": "dnc_list_unknown"}
        refused = await box.refused("dnc.load_register", list_id=tps, path=box.upload(b"%PDF-1.4 nothing"))
        assert list(refused.values()) == ["file_not_csv"]
        refused = await box.refused(
            "dnc.load_register", list_id=tps, path=box.upload(numbers(2)), country="XX"
        )
        assert refused == {"country": "unknown_country"}
        assert files(box) == []

    run(scene)


def test_a_reader_that_dies_leaves_the_register_there_was() -> None:
    async def scene(box: Box) -> None:
        tps = await new_list(box)
        await load(box, numbers(10), list_id=tps)
        kept = files(box)
        await box.ask("dnc.load_register", list_id=tps, path=box.upload(numbers(400_000, 100)))
        await box.next_import(running)
        (reader,) = (
            child
            for child in psutil.Process().children(recursive=True)
            if "firmware.commands.register_reader" in child.cmdline()
        )
        reader.kill()
        last = await box.next_import(done)
        assert [found["key"] for found in last["problems"]] == ["import_failed"]
        assert files(box) == kept
        assert await blocked(box, 493023000001, 493023000101) == [True, False]

    run(scene)


@pytest.mark.req("GEN-067", "GEN-068")
def test_a_register_replaces_or_joins_the_one_before() -> None:
    async def scene(box: Box) -> None:
        tps = await new_list(box)
        last = await load(box, numbers(1000) + "nonsense\n" + numbers(3), list_id=tps, who="anna")
        assert (last["rows"], last["new"], last["duplicate"], last["damaged"]) == (1004, 1000, 3, 1)
        assert last["report"] is not None
        assert await blocked(box, 493023000001, 493023001000) == [True, False]
        await load(box, numbers(5, 1000), list_id=tps, keep=True)
        assert await blocked(box, 493023000001, 493023001000) == [True, True]
        await load(box, numbers(5, 1000), list_id=tps)
        assert await blocked(box, 493023000001, 493023001000) == [False, True]
        assert len(files(box)) == 1
        await box.ask("dnc.delete", id=tps)
        assert files(box) == []

    run(scene)


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("202,5550101\n303,5550102\n", "US", 12025550101),
        ("01632960001\n01632960002\n", "GB", 441632960001),
        ('"Telefon";"Datum"\n"+49 30 23125001";"2026"\n"030 23125002";"a;b"\n', "DE", 493023125002),
    ],
)
@pytest.mark.req("GEN-067")
def test_national_formats_are_understood(text: str, country: str, number: int) -> None:
    async def scene(box: Box) -> None:
        tps = await new_list(box)
        last = await load(box, text, list_id=tps, country=country)
        assert (last["new"], last["damaged"]) == (2, 0)
        assert await blocked(box, number) == [True]

    run(scene)


def test_files_that_belong_to_no_list_go_at_start(tmp_path: Path) -> None:
    async def scene(box: Box) -> None:
        tps = await new_list(box)
        await load(box, numbers(3), list_id=tps)
        (box.config.paths.database.parent / "dnc" / "9-abc.numbers.scratch").write_text("left by a kill")

    async def later(box: Box) -> None:
        assert len(files(box)) == 1
        assert await blocked(box, 493023000001) == [True]

    async def twice() -> None:
        for act in (scene, later):
            async with opened(tmp_path) as box:
                await act(box)

    import asyncio

    asyncio.run(twice())


@pytest.mark.req("GEN-069", "GEN-070")
def test_a_number_is_blocked_for_a_while_with_who_and_why() -> None:
    async def scene(box: Box) -> None:
        now = box.clock.utc()
        assert await box.refused("dnc.add", list_id=1, numbers=["030 23125001"], expires_at=now) == {
            "expires_at": "expiry_past"
        }
        made = await box.ask(
            "dnc.add",
            list_id=1,
            numbers=["030 23125001", "+44 1632 *", "0301*"],
            expires_at=now + 60,
            who="anna",
            why="on holiday",
        )
        assert made["added"] == 2
        assert [(p["where"], p["key"]) for p in made["problems"]] == [("numbers[2]", "beginning_malformed")]
        told = await box.ask("dnc.number", number="030 23125001")
        assert [found["name"] for found in told["lists"]] == ["Opt-outs"]
        assert [(e["act"], e["who"], e["why"]) for e in told["events"]] == [("added", "anna", "on holiday")]
        assert (await box.ask("dnc.number", number="+44 1632 960001"))["lists"] != []
        box.clock.step_utc(60)
        assert (await box.ask("dnc.number", number="030 23125001"))["lists"] == []

    run(scene)


# -- how old a register may be -------------------------------------------------------------------------------------


async def health_of(box: Box) -> tuple[str, dict[str, Any]]:
    key, figures = box.office.registers.worry()
    return key, dict(figures)


def test_a_register_may_be_kept_stricter_than_the_law_and_never_looser() -> None:
    async def scene(box: Box) -> None:
        tps = await new_list(box)
        assert await box.refused("dnc.mark_register", list_id=tps, name="tps", days=29) == {
            "days": "register_age_looser"
        }
        assert await box.refused("dnc.mark_register", list_id=tps, name="bloctel") != {}
        assert await box.refused("dnc.mark_register", list_id=99, name="tps") == {
            "list_id": "dnc_list_unknown"
        }
        assert await box.refused("dnc.mark_register", list_id=1, name="tps") == {
            "list_id": "opt_outs_no_register"
        }
        assert await box.ask("dnc.mark_register", list_id=tps, name="tps") == {"days": 28}
        assert await box.ask("dnc.mark_register", list_id=tps, name="tps", days=14) == {"days": 14}
        assert await box.ask("dnc.mark_register", list_id=tps, name="ndnc") == {"days": 31}
        assert await box.ask("dnc.mark_register", list_id=tps, name="other", days=90) == {"days": 90}
        assert await box.ask("dnc.mark_register", list_id=tps, name="") == {"days": 0}
        assert await health_of(box) == ("", {})

    run(scene)


@pytest.mark.req("GEN-067")
def test_an_old_register_is_told_and_a_new_one_ends_that() -> None:
    async def scene(box: Box) -> None:
        tps = await new_list(box)
        await box.ask("dnc.mark_register", list_id=tps, name="tps")
        assert await health_of(box) == ("registers_old", {"names": "TPS"}), "nothing was ever loaded"
        await load(box, numbers(2), list_id=tps)
        await box.ask("dnc.mark_register", list_id=tps, name="tps")
        assert await health_of(box) == ("", {})
        box.clock.step_utc(28 * DAY_S + 1)
        await box.ask("dnc.mark_register", list_id=tps, name="tps")
        assert await health_of(box) == ("registers_old", {"names": "TPS"})
        (age,) = await box.store.do(lambda conn: register_ages.ages(conn, box.clock.utc()))
        assert (age.too_old, age.days) == (True, 28)
        lists = await box.store.do(lambda conn: dnc.asked_by(conn, [tps]))
        loaded = await box.store.do(lambda conn: register_ages.loaded(conn, lists))
        assert loaded == {"tps": age.loaded_at}, "what the judge sees"
        await load(box, numbers(3), list_id=tps)
        await box.ask("dnc.mark_register", list_id=tps, name="tps")
        assert await health_of(box) == ("", {})

    run(scene)
