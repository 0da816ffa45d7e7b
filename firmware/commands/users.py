"""Commands for people: ``user.create|update|new_phone_secret|remove|demand_second_factor``.

An agent gets a phone's user name nobody can guess and a secret that leaves here once; kept is only its HA1
(RFC 2617 §3.2.2.2). Passwords arrive hashed. Desks and the registrar learn of changes through
``people_changed``.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from firmware.commands.context import Context
from firmware.commands.texts import refuse
from firmware.control import Control
from firmware.edge.phone_book import ha1
from firmware.model import AgentState, DepartmentId, PhoneMode, Role, Scope, UserId
from firmware.store import departments as belonging
from firmware.store import second_factors, sessions, settings, users
from firmware.typed import Length, Matches

if TYPE_CHECKING:
    import sqlite3

T = TypeVar("T")

UNAMBIGUOUS = "abcdefghjkmnpqrstuvwxyz23456789"
"""No ``0 o 1 l i``: people type these into phones."""
_PHONE_USER_CHARACTERS = 10
_SECRET_CHARACTERS = 20
"""About 99 bits."""
_BUSY = (AgentState.RESERVED, AgentState.TALKING, AgentState.WRAP_UP)

Login = Annotated[str, Matches("[a-z][a-z0-9.-]{1,39}", "2 to 40 small letters, digits, dots and hyphens")]
Name = Annotated[str, Length(1, 80), Matches(r"[^\x00-\x1f\x7f]*", "printable text")]
PasswordHash = Annotated[
    str, Matches(r"scrypt\$\d{1,9}\$\d{1,3}\$\d{1,3}\$[\w+/=-]{8,128}\$[\w+/=-]{16,256}", "a scrypt hash")
]
Language = Literal["de", "en"]
Roles = Annotated[Sequence[Role], Length(1, len(Role))]
Departments = Annotated[Sequence[DepartmentId], Length(0, 64)]


class UserCommands:
    """Who works with the box."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        for name in ("create", "update", "new_phone_secret", "remove", "demand_second_factor"):
            control.add(f"user.{name}", getattr(self, name))

    async def create(
        self,
        login: Login,
        name: Name,
        roles: Roles,
        password_hash: PasswordHash | None = None,
        phone_mode: PhoneMode = PhoneMode.NAILED_UP,
        language: Language = "de",
        departments: Departments = (),
    ) -> Mapping[str, Any]:
        """Add a person -> ``id, phone_user, phone_secret, domain, proxy``; who is no agent has no phone.

        Without a password nobody can log in as this person before an invitation has been accepted. Without
        departments they belong to the whole box.
        """
        phone = self._new_phone() if Role.AGENT in roles else _NO_PHONE
        user = users.NewUser(
            login,
            name,
            frozenset(roles),
            password_hash or "",
            language,
            phone["phone_user"],
            self._ha1(phone),
            phone_mode,
        )
        now = self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> UserId:
            made = users.create(conn, user, now)
            belonging.put_user(conn, made, frozenset(departments))
            return made

        user_id = await self._change(work)
        return {"id": user_id, **phone, **self._where()}

    async def update(
        self,
        id: UserId,  # noqa: A002
        login: Login | None = None,
        name: Name | None = None,
        roles: Roles | None = None,
        password_hash: PasswordHash | None = None,
        phone_mode: PhoneMode | None = None,
        language: Language | None = None,
        departments: Departments | None = None,
    ) -> None:
        """Change what is given. A new password, or other departments, end the person's sessions."""
        given = {
            "login": login,
            "name": name,
            "password_hash": password_hash,
            "phone_mode": phone_mode,
            "language": language,
        }
        changes = {key: str(value) for key, value in given.items() if value is not None}
        busy = self._busy(id)

        def work(conn: sqlite3.Connection) -> None:
            before = present(conn, id)
            if roles is not None:
                _change_roles(conn, before, frozenset(roles), busy)
            users.update(conn, id, **changes)
            moved = departments is not None and _move(conn, id, frozenset(departments))
            if password_hash is not None or moved:
                sessions.close_all(conn, id)

        await self._change(work)

    async def new_phone_secret(self, id: UserId) -> Mapping[str, Any]:  # noqa: A002
        """Replace the phone's secret -> ``phone_user, phone_secret, domain, proxy``; the old one stops working."""
        fresh = self._new_phone()

        def work(conn: sqlite3.Connection) -> dict[str, str]:
            phone = {**fresh, "phone_user": present(conn, id).phone_user or fresh["phone_user"]}
            users.update(conn, id, phone_user=phone["phone_user"], phone_ha1=self._ha1(phone))
            return phone

        return {**await self._change(work), **self._where()}

    async def remove(self, id: UserId) -> None:  # noqa: A002
        """Take away login, phone and sessions; what the person did stays on record."""
        if self._busy(id):
            raise refuse("id", "user_busy")

        def work(conn: sqlite3.Connection) -> None:
            _keep_an_administrator(conn, present(conn, id))
            users.remove(conn, id)

        await self._change(work)

    async def demand_second_factor(self, roles: Annotated[Sequence[Role], Length(0, len(Role))]) -> None:
        """Whoever has one of these roles sets up a second factor before anything else; none: as the settings say."""
        wanted = sorted({str(role) for role in roles})
        await self._context.store.do(lambda conn: settings.put(conn, second_factors.DEMANDED, wanted))

    async def _change(self, work: Callable[[sqlite3.Connection], T]) -> T:
        result = await self._context.store.do(work)
        await self._context.people_changed()
        return result

    def _busy(self, user_id: UserId) -> bool:
        return self._context.agent_state(user_id) in _BUSY

    def _new_phone(self) -> dict[str, str]:
        return {
            "phone_user": "p" + _random(_PHONE_USER_CHARACTERS),
            "phone_secret": _random(_SECRET_CHARACTERS),
        }

    def _ha1(self, phone: Mapping[str, str]) -> str:
        if not phone["phone_user"]:
            return ""
        return ha1(phone["phone_user"], self._context.config.sip.domain, phone["phone_secret"])

    def _where(self) -> dict[str, str]:
        return {"domain": self._context.config.sip.domain, "proxy": self._context.config.edge.listen[0]}


_NO_PHONE = {"phone_user": "", "phone_secret": ""}


def _random(characters: int) -> str:
    return "".join(secrets.choice(UNAMBIGUOUS) for _ in range(characters))


def present(conn: sqlite3.Connection, user_id: UserId) -> users.User:
    """The user, if there is one who has access."""
    user = users.get(conn, user_id)
    if user is None or not user.active:
        raise refuse("id", "user_unknown", id=user_id)
    return user


def _change_roles(conn: sqlite3.Connection, user: users.User, roles: frozenset[Role], busy: bool) -> None:
    if Role.ADMINISTRATOR not in roles:
        _keep_an_administrator(conn, user)
    if busy and (Role.AGENT in roles) != (Role.AGENT in user.roles):
        raise refuse("id", "user_busy")
    users.set_roles(conn, user.id, roles)


def _move(conn: sqlite3.Connection, user: UserId, wanted: Scope) -> bool:
    """Whether that is a change; open pages would go on to show what was seen before."""
    before = belonging.of_user(conn, user)
    belonging.put_user(conn, user, wanted)
    return before != belonging.of_user(conn, user)


def _keep_an_administrator(conn: sqlite3.Connection, user: users.User) -> None:
    """Refuse to lose the last one: nobody could let anybody in again."""
    if Role.ADMINISTRATOR not in user.roles:
        return
    if not any(Role.ADMINISTRATOR in other.roles and other.id != user.id for other in users.every(conn)):
        raise refuse("id", "last_administrator")
