"""Commands about permission: ``rules.packs``, ``permit.*``, ``contact.why``, ``consent.add|withdraw|of``.

Reading a long chain takes seconds, so it is read in a thread of its own from a read-only connection and holds up
neither the event loop nor the writer. What the rules say is ``firmware.compliance``', what a sheet looks like
``firmware.papers``'.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from firmware.commands.context import Context
from firmware.commands.texts import refuse
from firmware.compliance import announcement
from firmware.compliance.again import judge_again
from firmware.compliance.in_force import office_of
from firmware.compliance.numbers import normalise, zones_of
from firmware.compliance.packs import PACKS
from firmware.compliance.regions import places_of
from firmware.compliance.shown import plain
from firmware.compliance.why import Standing, why
from firmware.control import Control
from firmware.model import (
    AttemptUid,
    CampaignState,
    ContactId,
    OperatorError,
    Problem,
    Purpose,
    Refusal,
)
from firmware.papers import pdf, permit, person
from firmware.store import attempts, campaigns, consents, dnc, permits, standing, users
from firmware.store.store import open_read_only
from firmware.typed import Length, OneOf

if TYPE_CHECKING:
    import sqlite3

    from firmware.store.standing import Stand

T = TypeVar("T")
_PURPOSES = (*(purpose.value for purpose in Purpose), "automated", "all")
Language = Annotated[str, OneOf(("de", "en"))]
ConsentPurpose = Annotated[str, OneOf(_PURPOSES)]
Line = Annotated[str, Length(1, 200)]


class PermitCommands:
    """What can be asked about permission, and what is kept for it."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        control.add("rules.packs", self.packs)
        control.add("permit.head", self.head)
        control.add("permit.verify", self.verify)
        control.add("permit.paper", self.paper)
        control.add("contact.why", self.why)
        control.add("consent.add", self.add_consent)
        control.add("consent.withdraw", self.withdraw_consent)
        control.add("consent.of", self.consents_of)

    async def packs(self) -> Mapping[str, Any]:
        """Every rule pack with the source of each rule -> ``packs``."""
        return {"packs": [plain(pack) for pack in PACKS.values()]}

    # -- the chain -------------------------------------------------------------------------------------------------

    async def head(self) -> Mapping[str, Any]:
        """The newest link -> ``seq, hash``."""
        return asdict(await self._context.store.do(permits.head))

    async def verify(self, noted: Annotated[str, Length(0, 64)] = "") -> Mapping[str, Any]:
        """Read the whole chain -> ``checked, head, fault, seq, uid``; ``noted`` is a head written down earlier."""
        return asdict(await self._reading(lambda conn: permits.verify(conn, noted.strip().lower())))

    async def paper(
        self, uid: Annotated[str, Length(0, 26)] = "", number: str = "", language: Language = "de"
    ) -> Mapping[str, Any]:
        """A sheet about an attempt, or about a number -> ``name``, and the PDF as base64 ``content``."""
        if bool(uid) == bool(number):
            raise refuse("uid", "paper_of_what")
        now, box = self._context.clock.utc(), self._context.config.box
        if uid:
            facts = await self._reading(lambda conn: _facts(conn, AttemptUid(uid)))
            made = permit.sheet(facts, box.name, now, language)
        else:
            found = self._number(number)
            known = await self._reading(lambda conn: _person(conn, found, now))
            zone = next(iter(zones_of(found)), box.zone)
            made = person.sheet(known, box.name, now, language, zone)
        content = await asyncio.to_thread(pdf.render, made, datetime.fromtimestamp(now, UTC))
        name = f"permit-{uid or number.strip().lstrip('+')}.pdf"
        return {"name": _file_name(name), "content": base64.b64encode(content).decode()}

    # -- why not ---------------------------------------------------------------------------------------------------

    async def why(self, contact: ContactId | None = None, number: str = "") -> Mapping[str, Any]:
        """Why a contact, or every contact with a number, is not called -> ``now, answers``; an answer per campaign."""
        if (contact is None) == (not number):
            raise refuse("number", "why_whom")
        stored = self._number(number) if number else ""
        now = self._context.clock.utc()

        def look(conn: sqlite3.Connection) -> list[Stand]:
            ids = standing.contacts_with(conn, stored) if contact is None else [contact]
            return [stand for each in ids for stand in standing.stands(conn, each, now)]

        found = await self._reading(look)
        if not found:
            raise refuse("number", "contact_unknown")
        return {"now": now, "answers": [_answer(stand, now) for stand in found]}

    # -- consent ---------------------------------------------------------------------------------------------------

    async def add_consent(
        self,
        number: str,
        purpose: ConsentPurpose,
        source: Line,
        wording: Annotated[str, Length(1, 4000)],
        given_at: float | None = None,
        until: float | None = None,
        proof: Annotated[str, Length(0, 200)] = "",
        by: Annotated[str, Length(0, 80)] = "",
    ) -> Mapping[str, Any]:
        """Keep a record of consent -> ``id``. ``given_at``: now unless given; it may not lie in the future."""
        now, stored = self._context.clock.utc(), self._number(number)
        at = now if given_at is None else given_at
        if at > now:
            raise refuse("given_at", "consent_in_future")
        if until is not None and until <= at:
            raise refuse("until", "consent_ends_first")
        new = consents.NewConsent(stored, purpose, at, source, wording, until, proof)
        return {"id": await self._context.store.do(lambda conn: consents.add(conn, new, by, now))}

    async def withdraw_consent(
        self,
        id: int,  # noqa: A002
        source: Line,
        by: Annotated[str, Length(0, 80)] = "",
    ) -> Mapping[str, Any]:
        """The person takes a consent back -> ``done``: false if that was known already."""
        now = self._context.clock.utc()
        done = await self._context.store.do(lambda conn: consents.withdraw(conn, id, source, by, now))
        return {"done": done}

    async def consents_of(self, number: str) -> Mapping[str, Any]:
        """Everything on record for a number -> ``consents``, withdrawn ones too."""
        stored = self._number(number)
        kept = await self._context.store.do(lambda conn: consents.of_number(conn, stored))
        return {"number": stored, "consents": [asdict(each) for each in kept]}

    # -- small things ----------------------------------------------------------------------------------------------

    def _number(self, text: str) -> str:
        number = normalise(text, self._context.config.box.country)
        if isinstance(number, Problem):
            raise OperatorError(number)
        return number

    async def _reading(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run ``work`` in a thread, over one snapshot of what is durable."""
        await self._context.store.do(lambda _: None)

        def read() -> T:
            conn = open_read_only(self._context.config.paths.database)
            try:
                conn.execute("BEGIN")
                return work(conn)
            finally:
                conn.close()

        return await asyncio.to_thread(read)


def _facts(conn: sqlite3.Connection, uid: AttemptUid) -> permit.Facts:
    attempt = attempts.get(conn, uid)
    settings = permits.kept_settings(conn, attempt.permit.settings)
    agent = users.get(conn, attempt.user_id) if attempt.user_id is not None else None
    return permit.Facts(
        attempt=attempt,
        campaign=campaigns.get(conn, attempt.campaign_id).settings.name,
        agent=agent.name if agent is not None else "?",
        link=permits.link_of(conn, uid),
        chain=permits.verify(conn),
        again=None if settings is None else judge_again(attempt.permit, settings),
    )


def _person(conn: sqlite3.Connection, number: str, now: float) -> person.Person:
    return person.Person(
        number=number,
        attempts=standing.attempts_at(conn, number),
        consents=consents.of_number(conn, number),
        dnc_lists=[found.name for found in dnc.look_up(conn, number, now)],
        campaigns={each.id: each.settings.name for each in campaigns.every(conn)},
        agents={user.id: user.name for user in users.every(conn, removed=True)},
        chain=permits.verify(conn),
    )


def _answer(stand: Stand, now: float) -> Mapping[str, Any]:
    campaign, candidate, settings = stand.campaign, stand.candidate, standing.settings_of(stand)
    at = Standing(
        stand.state,
        stand.closed_reason,
        stand.next_at,
        stand.number_in_flight,
        stand.offered,
        None if campaign is None else campaign.state,
    )
    found = why(candidate, settings, at, now, stand.reasons)
    unsaid = (
        () if campaign is None or campaign.state is CampaignState.RUNNING else announcement.lacks(settings)
    )
    return {
        "contact_id": candidate.contact_id,
        "name": candidate.name,
        "number": candidate.number,
        "list_id": stand.list_id,
        "list": stand.list_name,
        "campaign_id": None if campaign is None else campaign.id,
        "campaign": "" if campaign is None else settings.name,
        "attempts": candidate.attempts,
        "zones": list(candidate.zones) or list(zones_of(candidate.number)) or [settings.default_zone],
        "places": list(places_of(candidate.number, candidate.fields, settings.country)),
        "packs": _packs(stand),
        "blocks": [
            {"rule": block.rule, "until": block.until, "figures": dict(block.figures)}
            for block in (
                *found.blocks,
                *(Refusal("announcement_lacks", figures=each.figures) for each in unsaid),
            )
        ],
        "callable_at": found.callable_at,
    }


def _packs(stand: Stand) -> str:
    try:
        return office_of(standing.settings_of(stand)).for_number(stand.candidate.number).packs
    except KeyError:
        return ""


def _file_name(name: str) -> str:
    return "".join(c for c in name if c.isascii() and (c.isalnum() or c in "-."))
