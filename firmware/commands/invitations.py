"""Commands for invitations: ``invitation.make|find|accept|revoke|of``.

A token leaves here once, in the answer to ``make``. It counts for 72 hours and for one password; a new one ends the
one before. How often somebody may try one that does not exist is the pages' to limit.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from firmware.commands.context import Context
from firmware.commands.sessions import TokenHash
from firmware.commands.texts import refuse
from firmware.commands.users import PasswordHash, present
from firmware.control import Control
from firmware.mail import message, words
from firmware.mail.sender import MailSender
from firmware.model import UserId
from firmware.store import invitations, mail, sessions, users
from firmware.typed import Length, Matches

if TYPE_CHECKING:
    import sqlite3

TTL_S = 72 * 3600.0
_TOKEN_BYTES = 32
_PURPOSE = "invitation"
Address = Annotated[str, Length(0, 254)]
Base = Annotated[
    str, Length(0, 300), Matches(r"(https?://[A-Za-z0-9.:\[\]_-]+)?", "where the box is reached")
]


class InvitationCommands:
    """How somebody new comes to a password of their own."""

    def __init__(self, context: Context, sender: MailSender) -> None:
        self._context, self._sender = context, sender

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        for name in ("make", "find", "accept", "revoke", "of"):
            control.add(f"invitation.{name}", getattr(self, name))

    async def make(
        self, user_id: UserId, made_by: UserId | None = None, address: Address = "", base: Base = ""
    ) -> Mapping[str, Any]:
        """Invite somebody who was added -> ``token, expires_at``; their password counts on until they set another.

        With an ``address`` the link goes there by mail, below ``base`` (where the box is reached), and whoever accepts
        has to name the address: a link that was passed on is not enough.
        """
        token, now = secrets.token_urlsafe(_TOKEN_BYTES), self._context.clock.utc()
        token_hash = hashlib.sha256(token.encode()).hexdigest()
        if address:
            self._must_send(address, base)

        def work(conn: sqlite3.Connection) -> None:
            user = present(conn, user_id)
            invitations.put(conn, user_id, token_hash, made_by, now, TTL_S, address)
            mail.withdraw(conn, _PURPOSE, user_id)
            if address:
                mail.enqueue(conn, [self._letter(user, address, f"{base}/invitation/{token}")], now)

        await self._context.store.do(work)
        if address:
            self._sender.wake()
        return {"token": token, "expires_at": now + TTL_S}

    def _must_send(self, address: str, base: str) -> None:
        if self._sender.server is None:
            raise refuse("address", "mail_not_set")
        if not message.is_address(address) or not base:
            raise refuse("address", "mail_address_wrong", value=address)

    def _letter(self, user: users.User, address: str, link: str) -> mail.NewMail:
        box, language = self._context.config.box.name, user.language
        subject = words.say("invitation_subject", language, box=box)
        body = words.say("invitation_body", language, box=box, name=user.name, login=user.login, link=link)
        return mail.NewMail(_PURPOSE, address, subject, body, user.id)

    async def find(self, token_hash: TokenHash) -> Mapping[str, Any]:
        """Whose invitation this is -> ``user_id, login, name, language, expires_at``; ``mailed``: name the address."""
        now = self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> Mapping[str, Any]:
            found, user = _standing(conn, token_hash, now)
            told = {"login": user.login, "name": user.name, "language": user.language}
            more = {"expires_at": found.expires_at, "mailed": bool(found.address)}
            return {"user_id": user.id, **told, **more}

        return await self._context.store.do(work)

    async def accept(
        self, token_hash: TokenHash, password_hash: PasswordHash, address: Address = ""
    ) -> Mapping[str, Any]:
        """Set the password and use the invitation up -> ``user_id``; other logins of the person end.

        One that was sent by mail is accepted with the address it was sent to, whatever its capitals.
        """
        now = self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> UserId:
            found, user = _standing(conn, token_hash, now)
            if found.address and found.address.casefold() != address.strip().casefold():
                raise refuse("address", "invitation_address_wrong")
            users.update(conn, user.id, password_hash=password_hash)
            invitations.remove(conn, user.id)
            sessions.close_all(conn, user.id)
            return user.id

        return {"user_id": await self._context.store.do(work)}

    async def revoke(self, user_id: UserId) -> None:
        """Let somebody's invitation count no more."""

        def work(conn: sqlite3.Connection) -> bool:
            mail.withdraw(conn, _PURPOSE, user_id)
            return invitations.remove(conn, user_id)

        if not await self._context.store.do(work):
            raise refuse("user_id", "invitation_gone")

    async def of(self, user_id: UserId) -> Mapping[str, Any]:
        """The invitation somebody has -> ``expires_at``, None without one; ``address`` it was sent to."""
        now = self._context.clock.utc()
        found = await self._context.store.do(lambda conn: invitations.of_user(conn, user_id, now))
        if found is None:
            return {"expires_at": None, "address": ""}
        return {"expires_at": found.expires_at, "address": found.address}


def _standing(
    conn: sqlite3.Connection, token_hash: str, now: float
) -> tuple[invitations.Invitation, users.User]:
    found = invitations.find(conn, token_hash, now)
    user = users.get(conn, found.user_id) if found is not None else None
    if found is None or user is None or not user.active:
        raise refuse("token", "invitation_gone")
    return found, user
