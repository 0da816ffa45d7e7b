"""Commands about people who ask for access: ``admission.ask|grant|refuse|set_open``.

Whoever asks learns nothing about who has a login: the pages answer every wish alike. Granted, somebody new is added
without a password, and the pages invite them; somebody with a login has the roles from then on. A refusal goes by mail
where there is an address. How often one may ask is the pages' to limit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from firmware.commands.context import Context
from firmware.commands.texts import refuse
from firmware.commands.users import Departments, Language, Login, Name, Roles, UserCommands, present
from firmware.control import Control
from firmware.mail import message, words
from firmware.mail.sender import MailSender
from firmware.model import PhoneMode, Role, UserId
from firmware.store import admissions, mail
from firmware.store.admissions import Request, Wish
from firmware.typed import Length, Matches

if TYPE_CHECKING:
    import sqlite3

PART = "admissions"
"""The hub's part that says how many wait."""
_PURPOSE = "invitation"
_Words = Annotated[str, Length(0, 500)]
_Reason = Annotated[str, Length(3, 200), Matches(r"[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*", "printable text")]
_Address = Annotated[str, Length(0, 254)]


class AdmissionCommands:
    """Who asks to work with the box, and what becomes of it."""

    def __init__(self, context: Context, users: UserCommands, sender: MailSender) -> None:
        self._context, self._users, self._sender = context, users, sender

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        for name in ("ask", "grant", "refuse", "set_open"):
            control.add(f"admission.{name}", getattr(self, name))

    async def prepare(self) -> None:
        """At start: say how many wait."""
        await self._tell()

    async def ask(
        self,
        name: Name,
        address: _Address = "",
        roles: Annotated[Sequence[Role], Length(0, len(Role))] = (),
        why: _Words = "",
        language: Language = "de",
        user_id: UserId | None = None,
    ) -> None:
        """Ask for access, or with a login for other roles; who asks again says it anew."""
        if address and not message.is_address(address):
            raise refuse("address", "mail_address_wrong", value=address)
        now = self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> None:
            if not admissions.is_open(conn):
                raise refuse("name", "admission_closed")
            called = present(conn, user_id).name if user_id is not None else name
            wish = Wish(called, address, language, tuple(roles), why.strip(), user_id)
            if admissions.ask(conn, wish, now) is None:
                raise refuse("name", "admission_full")

        await self._context.store.do(work)
        await self._tell()

    async def grant(
        self,
        id: int,  # noqa: A002
        roles: Roles,
        login: Login | None = None,
        departments: Departments | None = None,
        who: str = "",
    ) -> Mapping[str, Any]:
        """Grant it -> ``user_id``, ``made`` (a new person's telephone, else None): no password yet, to be invited."""
        found = await self._context.store.do(lambda conn: _waiting(conn, id))
        wish, made = found.wish, None
        if wish.user_id is not None:
            await self._users.update(wish.user_id, roles=roles, departments=departments)
            user_id = wish.user_id
        elif login is None:
            raise refuse("login", "admission_login")
        else:
            made = await self._users.create(
                login, wish.name, roles, None, PhoneMode.NAILED_UP, _language(wish), departments or ()
            )
            user_id = UserId(made["id"])
        now = self._context.clock.utc()
        await self._context.store.do(lambda conn: _decide(conn, id, "granted", who, now))
        await self._tell()
        return {"user_id": user_id, "made": made}

    async def refuse(self, id: int, reason: _Reason, who: str = "") -> None:  # noqa: A002
        """Refuse it; the reason goes by mail to whoever gave an address."""
        now = self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> None:
            wish = _decide(conn, id, "refused", who, now, reason).wish
            if wish.address and self._sender.server is not None:
                mail.enqueue(conn, [self._letter(wish, reason)], now)

        await self._context.store.do(work)
        self._sender.wake()
        await self._tell()

    async def set_open(self, on: bool) -> None:
        """Let people ask, or not; those who have asked already stay."""
        await self._context.store.do(lambda conn: admissions.set_open(conn, on))

    def _letter(self, wish: Wish, reason: str) -> mail.NewMail:
        box = self._context.config.box.name
        subject = words.say("admission_subject", wish.language, box=box)
        body = words.say("admission_body", wish.language, box=box, name=wish.name, reason=reason)
        return mail.NewMail(_PURPOSE, wish.address, subject, body)

    async def _tell(self) -> None:
        waiting = await self._context.store.do(admissions.waiting)
        self._context.hub.publish("machine", {"part": PART, "waiting": waiting})


def _language(wish: Wish) -> Any:
    return "en" if wish.language == "en" else "de"


def _waiting(conn: sqlite3.Connection, request: int) -> Request:
    found = admissions.get(conn, request)
    if found is None or found.state != "open":
        raise refuse("id", "admission_gone")
    return found


def _decide(
    conn: sqlite3.Connection, request: int, state: str, who: str, now: float, reason: str = ""
) -> Request:
    found = admissions.decide(conn, request, state, who, now, reason)
    if found is None:
        raise refuse("id", "admission_gone")
    return found
