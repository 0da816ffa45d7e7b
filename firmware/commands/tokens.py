"""Commands for tokens and for what keeps retries harmless: ``token.create|list|revoke|touch``, ``answer.*``.

A token is told once, at its making. Checking tokens is the pages', which read them from the store; here they are made,
revoked and their use noted.
"""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from firmware.commands.context import Context
from firmware.commands.texts import refuse
from firmware.control import Control
from firmware.model import DepartmentId, Owned
from firmware.store import departments, idempotency, tokens
from firmware.store.tokens import SCOPES
from firmware.typed import Length, Matches, OneOf, Range

if TYPE_CHECKING:
    import sqlite3

PREFIX = "swg_"
"""Begins every token, so that one that leaks is recognised for what it is."""
_HINT = 8
_RATE = 300
"""Requests a minute where nothing else is said."""
Name = Annotated[str, Length(1, 80), Matches(r"[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*", "printable text")]
Who = Annotated[str, Length(0, 80)]
Key = Annotated[str, Length(1, 255)]


class TokenCommands:
    """What administrators and the API itself do with tokens."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        for name in ("create", "list", "revoke", "touch"):
            control.add(f"token.{name}", getattr(self, f"{name}_"))
        for name in ("begin", "keep", "forget"):
            control.add(f"answer.{name}", getattr(self, f"{name}_answer"))

    async def create_(
        self,
        name: Name,
        scopes: Annotated[list[Annotated[str, OneOf(SCOPES)]], Length(1, len(SCOPES))],
        sources: Annotated[list[Annotated[str, Length(1, 60)]], Length(0, 32)] = [],  # noqa: B006 - only read
        rate: Annotated[int, Range(1, 100_000)] = _RATE,
        expires_at: float | None = None,
        by: Who = "",
        department: DepartmentId | None = None,
    ) -> Mapping[str, Any]:
        """Make a token -> ``id, token``; the token is never told again. Without a department it is the whole box's."""
        now = self._context.clock.utc()
        if expires_at is not None and expires_at <= now:
            raise refuse("expires_at", "expiry_past")
        token = PREFIX + secrets.token_urlsafe(32)
        new = tokens.NewToken(
            hashlib.sha256(token.encode()).hexdigest(),
            token[:_HINT],
            name.strip(),
            tuple(scopes),
            tuple(_network(each) for each in sources),
            rate,
            expires_at,
            by,
        )

        def work(conn: sqlite3.Connection) -> int:
            made = tokens.create(conn, new, now)
            if department is not None:
                departments.put_thing(conn, Owned.TOKEN, made, department)
            return made

        return {"id": await self._context.store.do(work), "token": token}

    async def list_(self) -> Mapping[str, Any]:
        """Every token, newest first -> ``tokens``, revoked and expired ones too."""
        return {"tokens": [asdict(each) for each in await self._context.store.do(tokens.every)]}

    async def revoke_(self, id: int, by: Who = "") -> None:  # noqa: A002
        """Let a token count no more, from this moment."""
        now = self._context.clock.utc()
        await self._context.store.do(lambda conn: tokens.revoke(conn, id, by, now))

    async def touch_(self, id: int, address: Annotated[str, Length(0, 60)] = "") -> None:  # noqa: A002
        """Note that a token is in use."""
        now = self._context.clock.utc()
        self._context.store.post(lambda conn: tokens.touch(conn, id, address, now))

    # -- answers kept for retries ------------------------------------------------------------------------------------

    async def begin_answer(self, token: int, key: Key, fingerprint: Key) -> Mapping[str, Any]:
        """Take a key -> ``state``: new, busy, other or answered; the last with ``status`` and ``body``."""
        now = self._context.clock.utc()
        return asdict(
            await self._context.store.do(lambda conn: idempotency.begin(conn, token, key, fingerprint, now))
        )

    async def keep_answer(self, token: int, key: Key, status: int, body: str) -> None:
        """Keep what a request was answered."""
        await self._context.store.do(lambda conn: idempotency.keep(conn, token, key, status, body))

    async def forget_answer(self, token: int, key: Key) -> None:
        """The request was not carried out."""
        await self._context.store.do(lambda conn: idempotency.forget(conn, token, key))


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text.strip(), strict=False))
    except ValueError:
        raise refuse("sources", "not_a_network", text=text[:60]) from None
