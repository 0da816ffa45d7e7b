"""Invitations count once, for 72 hours, until they are taken back; logins are seen and ended one by one or together."""

from __future__ import annotations

import email
import email.policy
import hashlib
import re
from dataclasses import replace
from typing import Any

import pytest

from firmware.commands.invitations import TTL_S, InvitationCommands
from firmware.commands.report_mail import MailCommands
from firmware.config import MailConfig
from firmware.mail.sender import MailSender
from firmware.model import OperatorError
from firmware.store import mail, sessions, users
from tests.unit.commands.office import HASH, Box, run
from tests.unit.mail.smtp_server import SmtpServer

OTHER_HASH = HASH.replace("aGFzaGhh", "aGFzaGhi")


def sha(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def invited(box: Box) -> tuple[int, str]:
    """Somebody without a password, and the token of their invitation."""
    made = await box.ask("user.create", login="mira", name="Mira Koch", roles=["supervisor"])
    return made["id"], (await box.ask("invitation.make", user_id=made["id"]))["token"]


async def password_of(box: Box, user: int) -> str:
    found = await box.store.do(lambda conn: users.get(conn, user))  # type: ignore[arg-type]
    assert found is not None
    return found.password_hash


@pytest.mark.req("ENR-117")
def test_an_invitation_sets_the_first_password_once() -> None:
    async def scene(box: Box) -> None:
        user, token = await invited(box)
        assert await password_of(box, user) == ""
        found = await box.ask("invitation.find", token_hash=sha(token))
        assert (found["user_id"], found["login"]) == (user, "mira")
        assert await box.ask("invitation.accept", token_hash=sha(token), password_hash=HASH) == {
            "user_id": user
        }
        assert await password_of(box, user) == HASH
        assert await box.refused("invitation.find", token_hash=sha(token)) == {"token": "invitation_gone"}
        again = await box.refused("invitation.accept", token_hash=sha(token), password_hash=OTHER_HASH)
        assert again == {"token": "invitation_gone"}
        assert await password_of(box, user) == HASH

    run(scene)


@pytest.mark.parametrize("how", ["late", "revoked", "another", "removed", "unknown"])
def test_an_invitation_that_counts_no_more_opens_nothing(how: str) -> None:
    async def scene(box: Box) -> None:
        user, token = await invited(box)
        if how == "late":
            await box.clock.advance(TTL_S + 1)
        elif how == "revoked":
            await box.ask("invitation.revoke", user_id=user)
            assert await box.refused("invitation.revoke", user_id=user) == {"user_id": "invitation_gone"}
        elif how == "another":
            await box.ask("invitation.make", user_id=user)
        elif how == "removed":
            await box.ask("user.remove", id=user)
            assert await box.refused("invitation.make", user_id=user) == {"id": "user_unknown"}
        else:
            token = "x" * 43
        refused = await box.refused("invitation.accept", token_hash=sha(token), password_hash=HASH)
        assert refused == {"token": "invitation_gone"}
        assert (await box.ask("invitation.of", user_id=user))["expires_at"] is None or how in (
            "another",
            "unknown",
        )

    run(scene)


def test_the_token_stands_nowhere() -> None:
    async def scene(box: Box) -> None:
        user, token = await invited(box)
        await box.ask("invitation.accept", token_hash=sha(token), password_hash=HASH)
        assert user
        assert token not in str(await box.ask("audit.entries"))
        assert token.encode() not in box.config.paths.database.read_bytes()

    run(scene)


async def log_in(box: Box, user: int, **place: str) -> str:
    return str((await box.ask("session.open", user_id=user, ttl_s=3600, **place))["token"])


def test_logins_are_listed_and_ended() -> None:
    async def scene(box: Box) -> None:
        anna, bert = await box.agent(), await box.agent("bert")
        tokens = [await log_in(box, anna, address=f"192.0.2.{n}", browser="Firefox") for n in range(3)]
        other = await log_in(box, bert)
        found: list[dict[str, Any]] = (await box.ask("session.list", user_id=anna))["sessions"]
        assert {each["address"] for each in found} == {"192.0.2.0", "192.0.2.1", "192.0.2.2"}
        assert not any(sha(token) in str(found) for token in tokens)
        name = sessions.name_of(sha(tokens[0]))
        assert await box.refused("session.revoke", user_id=bert, name=name) == {"name": "session_gone"}
        await box.ask("session.revoke", user_id=anna, name=name)
        assert (await box.ask("session.touch", token_hash=sha(tokens[0])))["alive"] is False
        ended = await box.ask("session.revoke_all", user_id=anna, but=sha(tokens[1]))
        assert ended == {"ended": 1}
        assert (await box.ask("session.touch", token_hash=sha(tokens[1])))["alive"] is True
        await box.ask("session.revoke_all", user_id=anna)
        assert (await box.ask("session.list", user_id=anna))["sessions"] == []
        assert (await box.ask("session.touch", token_hash=sha(other)))["alive"] is True

    run(scene)


def test_an_ended_login_is_not_listed() -> None:
    async def scene(box: Box) -> None:
        anna = await box.agent()
        await log_in(box, anna)
        await box.clock.advance(3601)
        assert (await box.ask("session.list", user_id=anna))["sessions"] == []

    run(scene)


def by_mail(box: Box, server: SmtpServer) -> tuple[InvitationCommands, MailSender]:
    """The same commands in a box that has a mail server."""
    given = MailConfig(
        host="127.0.0.1", port=server.port, security="none", sender="box@office.example", timeout_s=30.0
    )
    context = replace(box.office.mail._context, config=replace(box.config, mail=given))
    sender = MailCommands(context).sender
    return InvitationCommands(context, sender), sender


@pytest.mark.req("ENR-117", "ENR-118")
def test_an_invitation_by_mail_is_accepted_with_the_address_it_went_to() -> None:
    async def scene(box: Box) -> None:
        made, server = (
            await box.ask("user.create", login="mira", name="Mira Koch", roles=["agent"]),
            SmtpServer(),
        )
        commands, sender = by_mail(box, server)
        for base in ("https://old.example", "https://box.example"):
            await commands.make(made["id"], address="Mira@office.example", base=base)
        assert await sender.round() == 1
        server.stop()
        (letter,) = server.taken
        assert letter.recipients == ["Mira@office.example"]
        text = email.message_from_bytes(letter.content, policy=email.policy.default).get_content()
        (token,) = re.findall(r"https://box\.example/invitation/([A-Za-z0-9_-]{43})\s", text)
        assert "mira" in text
        kept = await box.store.do(mail.latest)
        assert [(each.state, each.body) for each in kept] == [("sent", "")]
        assert (await box.ask("invitation.find", token_hash=sha(token)))["mailed"]
        for address in ("", "somebody@office.example", "mira@office.exam"):
            refused = await box.refused(
                "invitation.accept", token_hash=sha(token), password_hash=HASH, address=address
            )
            assert refused == {"address": "invitation_address_wrong"}
            assert await password_of(box, made["id"]) == ""
        told = {"token_hash": sha(token), "password_hash": HASH, "address": " mira@OFFICE.example"}
        assert (await box.ask("invitation.accept", **told))["user_id"] == made["id"]

    run(scene)


def test_what_is_taken_back_is_not_sent_and_what_cannot_be_is_refused() -> None:
    async def scene(box: Box) -> None:
        user, _ = await invited(box)
        where = {"user_id": user, "address": "mira@office.example", "base": "https://box.example"}
        assert await box.refused("invitation.make", **where) == {"address": "mail_not_set"}
        server = SmtpServer()
        commands, sender = by_mail(box, server)
        for wrong in ({"address": "nobody"}, {"address": "a@b.example\r\nBcc: c@d.example"}, {"base": ""}):
            with pytest.raises(OperatorError) as refused:
                await commands.make(**{**where, **wrong})  # type: ignore[arg-type]
            assert refused.value.problems[0].key == "mail_address_wrong"
        await commands.make(**where)  # type: ignore[arg-type]
        await box.ask("invitation.revoke", user_id=user)
        assert await sender.round() == 0
        assert await box.store.do(mail.latest) == []
        server.stop()

    run(scene)


@pytest.mark.parametrize(
    "base", ["javascript:alert(1)", "https://a b", "https://x/y", 'https://x"', "http://"]
)
def test_a_link_begins_only_where_a_box_can_be(base: str) -> None:
    async def scene(box: Box) -> None:
        user, _ = await invited(box)
        assert "base" in await box.refused("invitation.make", user_id=user, address="a@b.example", base=base)

    run(scene)
