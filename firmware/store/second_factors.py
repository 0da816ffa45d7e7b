"""Who logs in with a second factor, and what is left of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field

from firmware.model import Role, UserId
from firmware.store import settings

DEMANDED = "second_factor_roles"
"""The setting that lists the roles which nobody has without a second factor."""


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """An authenticator app in use. ``last_step`` is the step of the last code that counted."""

    secret: str = field(repr=False)
    since: float
    last_step: int
    codes_left: int


def put(
    conn: sqlite3.Connection, user: UserId, secret: str, now: float, last_step: int, hashes: Sequence[str]
) -> None:
    """Begin, in the place of whatever there was."""
    remove(conn, user)
    conn.execute("INSERT INTO second_factor VALUES (?, ?, ?, ?)", (user, secret, now, last_step))
    conn.executemany("INSERT INTO recovery_code VALUES (?, ?)", ((user, each) for each in hashes))


def get(conn: sqlite3.Connection, user: UserId) -> SecondFactor | None:
    """What this user has."""
    row = conn.execute(
        "SELECT secret, since, last_step, (SELECT count(*) FROM recovery_code c WHERE c.user_id = f.user_id)"
        " FROM second_factor f WHERE user_id = ?",
        (user,),
    ).fetchone()
    return None if row is None else SecondFactor(*row)


def demanded(conn: sqlite3.Connection) -> frozenset[Role]:
    """The roles of which everybody must have one."""
    return frozenset(Role(role) for role in settings.get(conn, DEMANDED, []) if role in {*Role})


def users(conn: sqlite3.Connection) -> dict[UserId, float]:
    """Everybody who has one, and since when."""
    return {UserId(user): since for user, since in conn.execute("SELECT user_id, since FROM second_factor")}


def used(conn: sqlite3.Connection, user: UserId, step: int) -> None:
    """A code of this step counted: it and those before count no more."""
    conn.execute("UPDATE second_factor SET last_step = max(last_step, ?) WHERE user_id = ?", (step, user))


def take_code(conn: sqlite3.Connection, user: UserId, code_hash: str) -> bool:
    """Use up a recovery code; False if there is no such one."""
    taken = conn.execute("DELETE FROM recovery_code WHERE user_id = ? AND hash = ?", (user, code_hash))
    return taken.rowcount == 1


def remove(conn: sqlite3.Connection, user: UserId) -> bool:
    """Log in without from now on; False if there was none."""
    conn.execute("DELETE FROM recovery_code WHERE user_id = ?", (user,))
    return conn.execute("DELETE FROM second_factor WHERE user_id = ?", (user,)).rowcount == 1
