"""The first visit: ``setup.state|complete``, and the code that proves the visitor can read the box's console.

The code lies in ``config.paths.setup_code`` (owner only) from the first start until an administrator
exists. Guessing is limited for all visitors together; eight of 31 characters at ten guesses a minute take
81,000 years on average.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from firmware.commands.context import Context
from firmware.commands.texts import refuse
from firmware.commands.users import Language, Login, Name, PasswordHash
from firmware.control import Control
from firmware.model import Role, UserId
from firmware.reset import OWNER_WANTED
from firmware.store import sessions, users
from firmware.typed import Length

if TYPE_CHECKING:
    import sqlite3

_log = logging.getLogger(__name__)

CHARACTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_CODE_CHARACTERS = 8
_FITS_NOBODY = "!"
TRIES = 10
PER_S = 60.0


class SetupCommands:
    """Makes the first administrator, once."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._owner_wanted = context.config.paths.state / OWNER_WANTED
        self._wrong_at_s: deque[float] = deque()

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        for name in ("state", "complete"):
            control.add(f"setup.{name}", getattr(self, name))

    async def prepare(self) -> str:
        """At start: make sure of the code while it is needed, remove it when not; returns it (empty: set up)."""
        path = self._context.config.paths.setup_code
        if not (await self.state())["needed"]:
            await asyncio.to_thread(path.unlink, missing_ok=True)
            return ""
        code = await asyncio.to_thread(_code_in, path)
        _log.warning("the box is not set up yet; the set-up code is in %s", path)
        return code

    async def state(self) -> Mapping[str, Any]:
        """Is an administrator wanted -> ``needed``: there is none, or a reset that kept the data asked for one."""
        wanted = await asyncio.to_thread(self._owner_wanted.exists)
        return {"needed": wanted or not await self._context.store.do(_has_administrator)}

    async def complete(
        self,
        code: Annotated[str, Length(0, 100)],
        login: Login,
        name: Name,
        password_hash: PasswordHash,
        language: Language = "de",
    ) -> Mapping[str, Any]:
        """Make the administrator -> ``user_id``; the code is used up."""
        if not (await self.state())["needed"]:
            raise refuse("code", "set_up_already")
        await self._check(code)
        user = users.NewUser(login, name, Role.ADMINISTRATOR, password_hash, language)
        now = self._context.clock.utc()

        wanted = await asyncio.to_thread(self._owner_wanted.exists)

        def work(conn: sqlite3.Connection) -> UserId:
            if wanted:
                _shut_out_administrators(conn)
            elif _has_administrator(conn):
                raise refuse("code", "set_up_already")
            return users.create(conn, user, now)

        user_id = await self._context.store.do(work)
        for used in (self._context.config.paths.setup_code, self._owner_wanted):
            await asyncio.to_thread(used.unlink, missing_ok=True)
        await self._context.people_changed()
        _log.info("the box is set up")
        return {"user_id": user_id}

    async def _check(self, given: str) -> None:
        now_s = self._context.clock.monotonic()
        while self._wrong_at_s and now_s - self._wrong_at_s[0] > PER_S:
            self._wrong_at_s.popleft()
        if len(self._wrong_at_s) >= TRIES:
            seconds = int(PER_S - (now_s - self._wrong_at_s[0])) + 1
            raise refuse("code", "too_many_tries", seconds=seconds)
        self._wrong_at_s.append(now_s)
        wanted = await asyncio.to_thread(_code_in, self._context.config.paths.setup_code)
        if not secrets.compare_digest(_plain(given).encode(), wanted.encode()):
            raise refuse("code", "code_wrong")
        self._wrong_at_s.clear()


def _plain(code: str) -> str:
    """As people type it: small letters, blanks and hyphens do not matter."""
    return code.upper().replace(" ", "").replace("-", "")


def _has_administrator(conn: sqlite3.Connection) -> bool:
    return any(Role.ADMINISTRATOR in user.roles for user in users.every(conn))


def _shut_out_administrators(conn: sqlite3.Connection) -> None:
    """After a reset that kept the data: whoever was administrator has no password that fits any more."""
    for user in users.every(conn):
        if Role.ADMINISTRATOR in user.roles:
            users.update(conn, user.id, password_hash=_FITS_NOBODY)
            sessions.close_all(conn, user.id)


def _code_in(path: Path) -> str:
    """The code in the file; a new one if there is none that could be one (a torn write)."""
    try:
        code = path.read_text(encoding="ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        code = ""
    return code if _is_code(code) else _write_code(path)


def _is_code(text: str) -> bool:
    return len(text) == _CODE_CHARACTERS and set(text) <= set(CHARACTERS)


def _write_code(path: Path) -> str:
    code = "".join(secrets.choice(CHARACTERS) for _ in range(_CODE_CHARACTERS))
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(fd, "w", encoding="ascii") as file:
        os.fchmod(fd, 0o600)
        file.write(f"{code}\n")
        file.flush()
        os.fsync(fd)
    return code
