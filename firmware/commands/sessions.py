"""Commands for logins to the pages: ``session.open|touch|close|list|revoke|revoke_all``.

Who may log in, the pages have checked before.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from firmware.commands.context import Context
from firmware.commands.texts import refuse
from firmware.control import Control
from firmware.model import UserId
from firmware.store import sessions, users
from firmware.typed import Length, Matches, Range

if TYPE_CHECKING:
    import sqlite3

_TOKEN_BYTES = 32
TokenHash = Annotated[str, Matches("[0-9a-f]{64}", "a SHA-256 in hexadecimal")]


class SessionCommands:
    """The store keeps only the SHA-256 of a token; the token itself leaves here once."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        for name in ("open", "touch", "close", "list", "revoke", "revoke_all"):
            control.add(f"session.{name}", getattr(self, name))

    async def open(
        self,
        user_id: UserId,
        ttl_s: Annotated[float, Range(60, 90 * 86_400)],
        address: Annotated[str, Length(0, 60)] = "",
        browser: Annotated[str, Length(0, 300)] = "",
    ) -> Mapping[str, Any]:
        """Begin a session -> ``token``."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        token_hash = hashlib.sha256(token.encode()).hexdigest()
        now = self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> None:
            user = users.get(conn, user_id)
            if user is None or not user.active:
                raise refuse("user_id", "user_unknown", id=user_id)
            sessions.create(conn, token_hash, user_id, now, ttl_s, address, browser)

        await self._context.store.do(work)
        return {"token": token}

    async def touch(self, token_hash: TokenHash) -> Mapping[str, Any]:
        """The session is in use -> ``alive``: whether it still exists."""
        now = self._context.clock.utc()
        alive = await self._context.store.do(lambda conn: sessions.touch(conn, token_hash, now))
        return {"alive": alive}

    async def close(self, token_hash: TokenHash) -> None:
        """End a session; ending one that is gone changes nothing."""
        await self._context.store.do(lambda conn: sessions.close(conn, token_hash))

    async def list(self, user_id: UserId) -> Mapping[str, Any]:
        """Where somebody is logged in -> ``sessions``: ``name, created_at, seen_at, address, browser`` of each."""
        now = self._context.clock.utc()
        found = await self._context.store.do(lambda conn: sessions.of_user(conn, user_id))
        return {"sessions": [_told(each) for each in found if each.expires_at > now]}

    async def revoke(
        self, user_id: UserId, name: Annotated[str, Matches("[0-9a-f]{16}", "a session's name")]
    ) -> None:
        """End one of somebody's sessions; ``name`` is what ``list`` calls it."""
        if not await self._context.store.do(lambda conn: sessions.close_one(conn, user_id, name)):
            raise refuse("name", "session_gone")

    async def revoke_all(self, user_id: UserId, but: TokenHash | None = None) -> Mapping[str, Any]:
        """End all of somebody's sessions, on request but one -> ``ended``."""
        return {
            "ended": await self._context.store.do(lambda conn: sessions.close_all(conn, user_id, but or ""))
        }


def _told(session: sessions.Session) -> Mapping[str, Any]:
    return {
        "name": sessions.name_of(session.token_hash),
        "created_at": session.created_at,
        "seen_at": session.seen_at,
        "address": session.address,
        "browser": session.browser,
    }
