"""People who may log in, and their phones. Removed users stay as rows, because attempts name them.

Passwords arrive as scrypt strings and phone secrets as HA1 (RFC 2617 §3.2.2.2); neither is ever stored plain.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field

from firmware.model import OperatorError, PhoneMode, Problem, Role, UserId


@dataclass(frozen=True, slots=True)
class NewUser:
    """What is needed to add a user. ``phone_user`` and ``phone_ha1`` are empty for one without a phone,
    ``password_hash`` for one who is still to choose a password."""

    login: str
    name: str
    roles: Role | frozenset[Role]
    password_hash: str
    language: str = "en"
    phone_user: str = ""
    phone_ha1: str = field(default="", repr=False)
    phone_mode: PhoneMode = PhoneMode.PER_CALL


@dataclass(frozen=True, slots=True)
class User:
    """A stored user; ``active`` is false once removed."""

    id: UserId
    login: str
    name: str
    roles: frozenset[Role]
    password_hash: str = field(repr=False)
    language: str
    phone_user: str
    phone_ha1: str = field(repr=False)
    phone_mode: PhoneMode
    active: bool
    created_at: float


_COLUMNS = (
    "id, login, name, (SELECT group_concat(role) FROM user_role r WHERE r.user_id = user.id), password_hash,"
    " language, phone_user, phone_ha1, phone_mode, active, created_at"
)
_CHANGEABLE = ("login", "name", "password_hash", "language", "phone_user", "phone_ha1", "phone_mode")


def create(conn: sqlite3.Connection, user: NewUser, now: float) -> UserId:
    """Store a user. :raises OperatorError: the login is taken."""
    _must_be_free(conn, user.login, None)
    row = conn.execute(
        "INSERT INTO user (login, name, password_hash, language, phone_user, phone_ha1, phone_mode, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            user.login,
            user.name,
            user.password_hash,
            user.language,
            user.phone_user or None,
            user.phone_ha1 or None,
            user.phone_mode,
            now,
        ),
    )
    made = UserId(row.lastrowid or 0)
    set_roles(conn, made, frozenset({user.roles}) if isinstance(user.roles, Role) else user.roles)
    return made


def set_roles(conn: sqlite3.Connection, user: UserId, roles: frozenset[Role]) -> None:
    """Give a user these roles and no other; at least one."""
    if not roles:
        raise ValueError("a user has at least one role")
    conn.execute("DELETE FROM user_role WHERE user_id = ?", (user,))
    conn.executemany("INSERT INTO user_role VALUES (?, ?)", ((user, role) for role in sorted(roles)))


def update(conn: sqlite3.Connection, user: UserId, **changes: str) -> None:
    """Change named columns. :raises OperatorError: unknown user or login taken. :raises ValueError: no such column."""
    strange = set(changes) - set(_CHANGEABLE)
    if strange:
        raise ValueError(f"cannot change {', '.join(sorted(strange))} of a user")
    if get(conn, user) is None:
        raise OperatorError(Problem("id", "user_unknown", f"There is no user {user}."))
    if "login" in changes:
        _must_be_free(conn, changes["login"], user)
    for column in _CHANGEABLE:
        if column in changes:
            value = changes[column] or (None if column.startswith("phone_") else "")
            conn.execute(f"UPDATE user SET {column} = ? WHERE id = ?", (value, user))  # noqa: S608


def remove(conn: sqlite3.Connection, user: UserId) -> None:
    """Take a user's login, phone, sessions and invitation away; the row stays."""
    conn.execute("DELETE FROM invitation WHERE user_id = ?", (user,))
    conn.execute("DELETE FROM session WHERE user_id = ?", (user,))
    conn.execute("UPDATE user SET active = 0, phone_user = NULL, phone_ha1 = NULL WHERE id = ?", (user,))


def get(conn: sqlite3.Connection, user: UserId) -> User | None:
    """Return a user, removed ones too."""
    return _one(conn, "id = ?", user)


def by_login(conn: sqlite3.Connection, login: str) -> User | None:
    """Return the active user with this login, whatever its capitals."""
    return _one(conn, "active = 1 AND login = ?", login)


def by_phone(conn: sqlite3.Connection, phone_user: str) -> User | None:
    """Return the user whose phone has this name."""
    return _one(conn, "phone_user = ?", phone_user)


def every(conn: sqlite3.Connection, *, removed: bool = False) -> list[User]:
    """Return users by name, on request with the removed ones."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM user WHERE active OR ? ORDER BY name COLLATE NOCASE, id",  # noqa: S608
        (removed,),
    )
    return [_read(row) for row in rows]


def _one(conn: sqlite3.Connection, condition: str, value: object) -> User | None:
    row = conn.execute(f"SELECT {_COLUMNS} FROM user WHERE {condition}", (value,)).fetchone()  # noqa: S608
    return None if row is None else _read(row)


def _read(row: tuple[int, str, str, str, str, str, str | None, str | None, str, int, float]) -> User:
    number, login, name, roles, password, language, phone, ha1, mode, active, created_at = row
    return User(
        UserId(number),
        login,
        name,
        frozenset(Role(role) for role in roles.split(",")),
        password,
        language,
        phone or "",
        ha1 or "",
        PhoneMode(mode),
        bool(active),
        created_at,
    )


def _must_be_free(conn: sqlite3.Connection, login: str, owner: UserId | None) -> None:
    found = by_login(conn, login)
    if found is not None and found.id != owner:
        raise OperatorError(Problem("login", "login_taken", f"Somebody else uses the login “{login}”."))
