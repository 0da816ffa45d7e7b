"""Commands for the second factor: ``second_factor.begin|confirm|check|remove``.

A secret leaves here once, to be shown as a QR code, and counts only when a code made from it has come back. Codes are
checked here, so that each counts once whichever page asks. How often somebody may try is the pages' to limit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from firmware import totp
from firmware.commands.context import Context
from firmware.commands.texts import refuse
from firmware.control import Control
from firmware.model import UserId
from firmware.store import second_factors, users
from firmware.typed import Length

if TYPE_CHECKING:
    import sqlite3

Typed = Annotated[str, Length(0, 40)]
_BEGUN_S = 900.0
_MOST_BEGUN = 100


class SecondFactorCommands:
    """Authenticator apps and recovery codes."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._begun: dict[UserId, tuple[float, str]] = {}

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        for name in ("begin", "confirm", "check", "remove"):
            control.add(f"second_factor.{name}", getattr(self, name))

    async def begin(self, user_id: UserId) -> Mapping[str, Any]:
        """Make a secret -> ``secret, uri``; nothing changes before ``confirm``."""
        user = await self._context.store.do(lambda conn: users.get(conn, user_id))
        if user is None or not user.active:
            raise refuse("user_id", "user_unknown", id=user_id)
        now, secret = self._context.clock.utc(), totp.new_secret()
        self._begun = {who: each for who, each in self._begun.items() if now - each[0] < _BEGUN_S}
        while len(self._begun) >= _MOST_BEGUN:
            self._begun.pop(next(iter(self._begun)))
        self._begun[user_id] = (now, secret)
        return {"secret": secret, "uri": totp.uri(secret, user.login, self._context.config.box.name)}

    async def confirm(self, user_id: UserId, code: Typed) -> Mapping[str, Any]:
        """The app shows this code: from now on it is asked for -> ``recovery_codes``, told this once."""
        now = self._context.clock.utc()
        at, secret = self._begun.get(user_id, (0.0, ""))
        if not secret or now - at > _BEGUN_S:
            raise refuse("code", "second_factor_not_begun")
        step = totp.step_of(secret, code, now, 0)
        if step is None:
            raise refuse("code", "second_code_wrong")
        codes = totp.new_recovery_codes()
        hashes = [totp.recovery_hash(each) for each in codes]
        await self._context.store.do(
            lambda conn: second_factors.put(conn, user_id, secret, now, step, hashes)
        )
        del self._begun[user_id]
        return {"recovery_codes": codes}

    async def check(self, user_id: UserId, code: Typed) -> Mapping[str, Any]:
        """Whether a code is good -> ``good``, ``recovery`` (it was a recovery code), ``left`` of those."""
        now = self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> Mapping[str, Any]:
            found = second_factors.get(conn, user_id)
            if found is None:
                raise refuse("user_id", "second_factor_none")
            step = totp.step_of(found.secret, code, now, found.last_step)
            if step is not None:
                second_factors.used(conn, user_id, step)
                return {"good": True, "recovery": False, "left": found.codes_left}
            good = second_factors.take_code(conn, user_id, totp.recovery_hash(code))
            return {"good": good, "recovery": good, "left": found.codes_left - good}

        return await self._context.store.do(work)

    async def remove(self, user_id: UserId) -> None:
        """Ask for no code any more."""
        if not await self._context.store.do(lambda conn: second_factors.remove(conn, user_id)):
            raise refuse("user_id", "second_factor_none")
