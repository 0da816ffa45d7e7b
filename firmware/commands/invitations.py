"""Commands for invitations: ``invitation.make|find|accept|revoke|of``.

A token leaves here once, in the answer to ``make``. It counts for 72 hours and for one password; a new one ends the
one before. How often somebody may try one that does not exist is the pages' to limit.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from firmware.commands.context import Context
from firmware.commands.sessions import TokenHash
from firmware.commands.texts import refuse
from firmware.commands.users import PasswordHash, present
from firmware.control import Control
from firmware.model import UserId
from firmware.store import invitations, sessions, users

if TYPE_CHECKING:
    import sqlite3

TTL_S = 72 * 3600.0
_TOKEN_BYTES = 32


class InvitationCommands:
    """How somebody new comes to a password of their own."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        for name in ("make", "find", "accept", "revoke", "of"):
            control.add(f"invitation.{name}", getattr(self, name))

    async def make(self, user_id: UserId, made_by: UserId | None = None) -> Mapping[str, Any]:
        """Invite somebody who was added -> ``token, expires_at``; their password counts on until they set another."""
        token, now = secrets.token_urlsafe(_TOKEN_BYTES), self._context.clock.utc()
        token_hash = hashlib.sha256(token.encode()).hexdigest()

        def work(conn: sqlite3.Connection) -> None:
            present(conn, user_id)
            invitations.put(conn, user_id, token_hash, made_by, now, TTL_S)

        await self._context.store.do(work)
        return {"token": token, "expires_at": now + TTL_S}

    async def find(self, token_hash: TokenHash) -> Mapping[str, Any]:
        """Whose invitation this is -> ``user_id, login, name, language, expires_at``."""
        now = self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> Mapping[str, Any]:
            found, user = _standing(conn, token_hash, now)
            told = {"login": user.login, "name": user.name, "language": user.language}
            return {"user_id": user.id, **told, "expires_at": found.expires_at}

        return await self._context.store.do(work)

    async def accept(self, token_hash: TokenHash, password_hash: PasswordHash) -> Mapping[str, Any]:
        """Set the password and use the invitation up -> ``user_id``; other logins of the person end."""
        now = self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> UserId:
            _, user = _standing(conn, token_hash, now)
            users.update(conn, user.id, password_hash=password_hash)
            invitations.remove(conn, user.id)
            sessions.close_all(conn, user.id)
            return user.id

        return {"user_id": await self._context.store.do(work)}

    async def revoke(self, user_id: UserId) -> None:
        """Let somebody's invitation count no more."""
        if not await self._context.store.do(lambda conn: invitations.remove(conn, user_id)):
            raise refuse("user_id", "invitation_gone")

    async def of(self, user_id: UserId) -> Mapping[str, Any]:
        """The invitation somebody has -> ``expires_at``, None without one."""
        now = self._context.clock.utc()
        found = await self._context.store.do(lambda conn: invitations.of_user(conn, user_id, now))
        return {"expires_at": None if found is None else found.expires_at}


def _standing(
    conn: sqlite3.Connection, token_hash: str, now: float
) -> tuple[invitations.Invitation, users.User]:
    found = invitations.find(conn, token_hash, now)
    user = users.get(conn, found.user_id) if found is not None else None
    if found is None or user is None or not user.active:
        raise refuse("token", "invitation_gone")
    return found, user
