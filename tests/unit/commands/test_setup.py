"""The first visit: guessing, racing and repeating first, then the way it is meant."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path
from typing import Any

from firmware.reset import OWNER_WANTED
from firmware.store import users
from tests.unit.commands.office import HASH, Box, opened, run

ADMIN = {"login": "chef", "name": "Chefin", "password_hash": HASH, "language": "de"}


def code_of(box: Box) -> str:
    return box.config.paths.setup_code.read_text(encoding="ascii").strip()


def test_a_wrong_code_makes_nobody_administrator() -> None:
    async def scene(box: Box) -> None:
        for wrong in ("", "AAAAAAAA", code_of(box)[:-1], code_of(box) + "A", "é" * 8):
            assert await box.refused("setup.complete", code=wrong, **ADMIN) == {"code": "code_wrong"}
        assert await box.store.do(users.every) == []
        assert await box.ask("setup.state") == {"needed": True}

    run(scene)


def test_guessing_is_limited_and_allowed_again_later() -> None:
    async def scene(box: Box) -> None:
        for _ in range(10):
            assert await box.refused("setup.complete", code="AAAAAAAA", **ADMIN) == {"code": "code_wrong"}
        assert await box.refused("setup.complete", code=code_of(box), **ADMIN) == {"code": "too_many_tries"}
        await box.clock.advance(61)
        assert (await box.ask("setup.complete", code=code_of(box), **ADMIN))["user_id"]

    run(scene)


def test_many_guesses_at_the_same_time_are_limited_too() -> None:
    async def scene(box: Box) -> None:
        tries = (box.refused("setup.complete", code="AAAAAAAA", **ADMIN) for _ in range(30))
        found = [answer["code"] for answer in await asyncio.gather(*tries)]
        assert sorted(found) == ["code_wrong"] * 10 + ["too_many_tries"] * 20

    run(scene)


def test_bad_values_are_refused_before_the_code_is_looked_at() -> None:
    async def scene(box: Box) -> None:
        bad = {"login": "Chef!", "name": "", "password_hash": "secret", "language": "fr"}
        found = await box.refused("setup.complete", code=code_of(box), **bad)
        assert set(found) == {"login", "name", "password_hash", "language"}

    run(scene)


def test_two_visitors_at_once_make_one_administrator() -> None:
    async def scene(box: Box) -> None:
        code = code_of(box)

        async def visit(login: str) -> Any:
            return await box.ask("setup.complete", code=code, **{**ADMIN, "login": login})

        results = await asyncio.gather(*(visit(f"chef{n}") for n in range(4)), return_exceptions=True)
        assert sum(isinstance(result, dict) for result in results) == 1
        assert len(await box.store.do(users.every)) == 1

    run(scene)


def test_the_code_is_for_the_owner_alone_and_gone_when_used() -> None:
    async def scene(box: Box) -> None:
        path = box.config.paths.setup_code
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        typed = " " + code_of(box)[:4].lower() + "-" + code_of(box)[4:]
        made = await box.ask("setup.complete", code=typed, **ADMIN)
        (user,) = await box.store.do(users.every)
        assert (user.id, user.login, user.roles) == (made["user_id"], "chef", {"administrator"})
        assert not path.exists()
        assert await box.ask("setup.state") == {"needed": False}
        assert await box.refused("setup.complete", code=typed, **ADMIN) == {"code": "set_up_already"}

    run(scene)


def test_the_code_survives_a_restart_and_a_torn_one_is_replaced(tmp_path: Path) -> None:
    async def code_after_start() -> str:
        async with opened(tmp_path) as box:
            return code_of(box)

    first = asyncio.run(code_after_start())
    assert asyncio.run(code_after_start()) == first
    (tmp_path / "state" / "setup-code").write_bytes(b"\0\0\0")
    second = asyncio.run(code_after_start())
    assert len(second) == 8
    assert second != first


def test_a_code_left_by_a_power_cut_is_removed_at_the_next_start(tmp_path: Path) -> None:
    async def play() -> None:
        async with opened(tmp_path) as box:
            await box.ask("setup.complete", code=code_of(box), **ADMIN)
        (tmp_path / "state" / "setup-code").write_text("ABCDEFGH\n", encoding="ascii")
        async with opened(tmp_path) as box:
            assert not box.config.paths.setup_code.exists()

    asyncio.run(play())


def test_a_reset_that_kept_the_data_makes_a_new_administrator_and_shuts_out_the_old(tmp_path: Path) -> None:
    async def before(box: Box) -> None:
        code = box.config.paths.setup_code.read_text().strip()
        await box.ask("setup.complete", code=code, login="anna", name="Anna", password_hash=HASH)

    async def after(box: Box) -> None:
        assert (await box.ask("setup.state"))["needed"]
        code = box.config.paths.setup_code.read_text().strip()
        await box.ask("setup.complete", code=code, login="bert", name="Bert", password_hash=HASH)
        assert not (await box.ask("setup.state"))["needed"]
        found = {user.login: user.password_hash for user in await box.store.do(users.every)}
        assert found == {"anna": "!", "bert": HASH}

    run(before, tmp_path)
    (tmp_path / "state" / OWNER_WANTED).touch()
    run(after, tmp_path)
    assert not (tmp_path / "state" / OWNER_WANTED).exists()
