"""Tokens: told once, kept as a hash, gone at once; keys that make retries harmless."""

from __future__ import annotations

import hashlib

from firmware.store import idempotency, tokens
from tests.unit.commands.office import Box, run


def test_what_cannot_become_a_token() -> None:
    async def scene(box: Box) -> None:
        refused = await box.refused("token.create", name=" ", scopes=["contacts:red"], rate=0)
        assert refused == {"name": "malformed", "scopes[1]": "not_one_of", "rate": "out_of_range"}
        assert await box.refused("token.create", name="crm", scopes=[]) == {"scopes": "wrong_length"}
        where = await box.refused("token.create", name="crm", scopes=["dnc:read"], sources=["office"])
        assert where == {"sources": "not_a_network"}
        past = await box.refused("token.create", name="crm", scopes=["dnc:read"], expires_at=1.0)
        assert past == {"expires_at": "expiry_past"}
        assert await box.refused("token.revoke", id=7) == {"id": "token_unknown"}

    run(scene)


def test_a_token_is_told_once_and_kept_as_a_hash() -> None:
    async def scene(box: Box) -> None:
        made = await box.ask(
            "token.create",
            name="crm",
            scopes=["dnc:write", "dnc:read", "dnc:read"],
            sources=["192.168.1.7/24"],
            by="a",
        )
        token = made["token"]
        database = box.config.paths.database
        kept = b"".join(path.read_bytes() for path in database.parent.glob("strowger.db*"))
        assert token.encode() not in kept
        found = await box.store.do(
            lambda conn: tokens.by_hash(conn, hashlib.sha256(token.encode()).hexdigest())
        )
        assert found is not None
        assert found.scopes == ("dnc:read", "dnc:write")
        assert found.sources == ("192.168.1.0/24",)
        assert token.startswith(found.hint)
        assert token not in str(await box.ask("token.list"))
        assert found.usable(box.clock.utc())
        await box.ask("token.revoke", id=made["id"], by="b")
        await box.ask("token.revoke", id=made["id"], by="c")
        (listed,) = (await box.ask("token.list"))["tokens"]
        assert (listed["revoked_by"], listed["revoked_at"]) == ("b", box.clock.utc())

    run(scene)


def test_a_token_ends_when_it_should() -> None:
    async def scene(box: Box) -> None:
        at = box.clock.utc() + 60
        await box.ask("token.create", name="crm", scopes=["dnc:read"], expires_at=at)
        (found,) = await box.store.do(tokens.every)
        assert found.usable(at - 1)
        assert not found.usable(at)

    run(scene)


def test_a_key_answers_the_same_request_and_no_other() -> None:
    async def scene(box: Box) -> None:
        token = (await box.ask("token.create", name="crm", scopes=["dnc:read"]))["id"]
        key = {"token": token, "key": "k"}

        async def begin(fingerprint: str, **other: object) -> tuple[str, int, str]:
            told = await box.ask("answer.begin", **{**key, **other}, fingerprint=fingerprint)
            return told["state"], told["status"], told["body"]

        assert (await begin("a"))[0] == "new"
        assert (await begin("a"))[0] == "busy"
        assert (await begin("b"))[0] == "other"
        assert (await begin("a", key="another"))[0] == "new"
        await box.ask("answer.keep", **key, status=201, body="{}")
        assert await begin("a") == ("answered", 201, "{}")
        await box.ask("answer.forget", **key)
        assert (await begin("a"))[0] == "answered"
        await box.clock.advance(idempotency.KEPT_S + 1)
        assert (await begin("a"))[0] == "new"
        await box.ask("answer.forget", **key)
        assert (await begin("b"))[0] == "new"
        await box.clock.advance(idempotency.ABANDONED_S)
        assert (await begin("b"))[0] == "new"

    run(scene)
