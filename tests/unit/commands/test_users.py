"""People, their phones and their sessions."""

from __future__ import annotations

import hashlib

import pytest

from firmware.model import AgentState
from firmware.store import sessions, users
from tests.unit.commands.office import HASH, Box, run


def test_a_login_can_be_had_once() -> None:
    async def scene(box: Box) -> None:
        await box.agent("anna")
        again = {"login": "anna", "name": "Anna", "roles": ["agent"], "password_hash": HASH}
        assert await box.refused("user.create", **again) == {"login": "login_taken"}

    run(scene)


@pytest.mark.parametrize("state", [AgentState.RESERVED, AgentState.TALKING, AgentState.WRAP_UP])
def test_an_agent_on_a_call_is_not_taken_away(state: AgentState) -> None:
    async def scene(box: Box) -> None:
        agent = await box.agent()
        box.around.agents[agent] = state
        assert await box.refused("user.remove", id=agent) == {"id": "user_busy"}
        assert await box.refused("user.update", id=agent, roles=["administrator"]) == {"id": "user_busy"}
        await box.ask("user.update", id=agent, name="Anna B.")
        box.around.agents[agent] = AgentState.PAUSED
        await box.ask("user.remove", id=agent)

    run(scene)


def test_the_last_administrator_stays() -> None:
    async def scene(box: Box) -> None:
        boss = {"name": "Chef", "roles": ["administrator"], "password_hash": HASH}
        first = (await box.ask("user.create", login="chef", **boss))["id"]
        assert await box.refused("user.remove", id=first) == {"id": "last_administrator"}
        assert await box.refused("user.update", id=first, roles=["agent"]) == {"id": "last_administrator"}
        second = (await box.ask("user.create", login="vize", **boss))["id"]
        await box.ask("user.remove", id=first)
        assert await box.refused("user.remove", id=second) == {"id": "last_administrator"}

    run(scene)


def test_who_is_not_there_cannot_be_changed() -> None:
    async def scene(box: Box) -> None:
        agent = await box.agent()
        await box.ask("user.remove", id=agent)
        for user_id in (agent, 99):
            assert await box.refused("user.update", id=user_id, name="X") == {"id": "user_unknown"}
            assert await box.refused("user.remove", id=user_id) == {"id": "user_unknown"}
            assert await box.refused("user.new_phone_secret", id=user_id) == {"id": "user_unknown"}
            refused = await box.refused("session.open", user_id=user_id, ttl_s=600)
            assert refused == {"user_id": "user_unknown"}

    run(scene)


def test_a_phones_secret_is_told_once_and_kept_as_ha1() -> None:
    async def scene(box: Box) -> None:
        made = await box.ask("user.create", login="anna", name="Anna", roles=["agent"], password_hash=HASH)
        assert made["phone_user"].startswith("p")
        assert len(made["phone_user"]) == 11
        assert len(made["phone_secret"]) == 20
        assert (made["domain"], made["proxy"]) == ("strowger.invalid", "0.0.0.0:5060")
        user = await box.store.do(lambda conn: users.get(conn, made["id"]))
        plain = f"{made['phone_user']}:strowger.invalid:{made['phone_secret']}"
        assert user is not None
        assert user.phone_ha1 == hashlib.md5(plain.encode(), usedforsecurity=False).hexdigest()
        stored = box.config.paths.database.read_bytes()
        assert made["phone_secret"].encode() not in stored
        changed = box.around.people_changed
        fresh = await box.ask("user.new_phone_secret", id=made["id"])
        assert fresh["phone_user"] == made["phone_user"]
        assert fresh["phone_secret"] != made["phone_secret"]
        assert box.around.people_changed == changed + 1

    run(scene)


def test_phone_names_differ_and_an_administrator_has_none() -> None:
    async def scene(box: Box) -> None:
        phones = set()
        for number in range(20):
            made = await box.ask(
                "user.create", login=f"agent{number}", name="A", roles=["agent"], password_hash=HASH
            )
            phones.add(made["phone_user"])
        assert len(phones) == 20
        boss = await box.ask(
            "user.create", login="chef", name="C", roles=["administrator"], password_hash=HASH
        )
        assert (boss["phone_user"], boss["phone_secret"]) == ("", "")
        assert (await box.ask("user.new_phone_secret", id=boss["id"]))["phone_user"]

    run(scene)


def test_sessions_begin_go_on_and_end() -> None:
    async def scene(box: Box) -> None:
        agent = await box.agent()
        token = (await box.ask("session.open", user_id=agent, ttl_s=3600))["token"]
        token_hash = hashlib.sha256(token.encode()).hexdigest()
        stored = await box.store.do(lambda conn: sessions.get(conn, token_hash))
        assert stored is not None
        assert stored.expires_at == box.clock.utc() + 3600
        assert await box.ask("session.touch", token_hash=token_hash) == {"alive": True}
        await box.clock.advance(3601)
        assert await box.ask("session.touch", token_hash=token_hash) == {"alive": False}
        await box.ask("session.close", token_hash=token_hash)
        await box.ask("session.close", token_hash=token_hash)
        assert await box.refused("session.touch", token_hash="x") == {"token_hash": "malformed"}

    run(scene)


def test_a_new_password_ends_every_session() -> None:
    async def scene(box: Box) -> None:
        agent = await box.agent()
        token = (await box.ask("session.open", user_id=agent, ttl_s=3600))["token"]
        token_hash = hashlib.sha256(token.encode()).hexdigest()
        await box.ask("user.update", id=agent, language="en")
        assert await box.ask("session.touch", token_hash=token_hash) == {"alive": True}
        await box.ask("user.update", id=agent, password_hash=HASH)
        assert await box.ask("session.touch", token_hash=token_hash) == {"alive": False}

    run(scene)
