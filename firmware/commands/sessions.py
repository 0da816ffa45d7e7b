"""Commands for logins to the pages: ``session.open|touch|close``. Who may log in, the pages have checked before."""

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
from firmware.typed import Matches, Range

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
        for name in ("open", "touch", "close"):
            control.add(f"session.{name}", getattr(self, name))

    async def open(
        self, user_id: UserId, ttl_s: Annotated[float, Range(60, 90 * 86_400)]
    ) -> Mapping[str, Any]:
        """Begin a session -> ``token``."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        token_hash = hashlib.sha256(token.encode()).hexdigest()
        now = self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> None:
            user = users.get(conn, user_id)
            if user is None or not user.active:
                raise refuse("user_id", "user_unknown", id=user_id)
            sessions.create(conn, token_hash, user_id, now, ttl_s)

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
