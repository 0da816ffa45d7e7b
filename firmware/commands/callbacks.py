"""Commands for promised callbacks: ``callback.list|history|export|make|move|assign|withdraw|restore|rules|set_rules``.

Whoever changes a promise says which version he has seen, so that a page that is old changes nothing. ``only`` narrows
a change to the promises of one agent: whose session may ask for what is the web pages' to check.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

from firmware.callbacks.promise import CallbackRules, Promise, PromiseState
from firmware.campaigns.report import harmless
from firmware.commands.context import Context
from firmware.commands.promised_time import place
from firmware.commands.texts import refuse
from firmware.control import Control
from firmware.model import CampaignId, CampaignState, ContactId, ContactState, Disposition, Role, UserId
from firmware.store import callback_lists, callbacks, campaigns, contacts, users
from firmware.store.attempts import new_uid, release_contact
from firmware.store.callback_lists import Choice
from firmware.typed import Length, OneOf, Range

if TYPE_CHECKING:
    import sqlite3

PAGE_ROWS = 50
MOST_EXPORTED = 50_000
FIGURES_S = 30 * 86400.0
"""Figures per owner look so far back."""

_Show = Annotated[str, OneOf(callback_lists.SHOWN)]
_Seconds = Annotated[float, Range(0.0, 7 * 86400.0)]
_Delimiter = {"de": ";", "en": ","}
_Header = {
    "de": "Zugesagt;Zeitzone;Fällig;Stand;Verspätet;Wessen;Name;Rufnummer;Kampagne;Versuche;Erster Versuch;Beendet;"
    "Notiz;Zugesagt von;Grund",
    "en": "Promised;Time zone;Due;State;Late;Whose;Name;Number;Campaign;Tries;First try;Ended;Note;Promised by;Cause",
}


class CallbackCommands:
    """What can be asked and done about promised callbacks."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        for name in (
            "list",
            "history",
            "export",
            "make",
            "move",
            "assign",
            "withdraw",
            "restore",
            "rules",
            "set_rules",
        ):
            control.add(f"callback.{name}", getattr(self, name))

    # -- looking -------------------------------------------------------------------------------------------------

    async def list(
        self,
        show: _Show = "open",
        owner: UserId | None = None,
        team: bool = False,
        only: UserId | None = None,
        page: Annotated[int, Range(1, 1_000_000)] = 1,
    ) -> Mapping[str, Any]:
        """Promises with the names around them -> ``rows, total, page, pages, counts, figures, agents, now``."""
        now = self._context.clock.utc()
        choice = Choice(show, only or owner, team and only is None)

        def work(conn: sqlite3.Connection) -> Mapping[str, Any]:
            total, rows = callback_lists.listing(conn, choice, now, PAGE_ROWS, (page - 1) * PAGE_ROWS)
            agents = [user for user in users.every(conn) if Role.AGENT in user.roles]
            return {
                "rows": rows,
                "total": total,
                "page": page,
                "pages": max(1, -(-total // PAGE_ROWS)),
                "counts": callback_lists.counts(conn, now, only),
                "figures": callback_lists.figures(conn, now - FIGURES_S, now) if only is None else [],
                "agents": [{"id": user.id, "name": user.name} for user in agents],
                "now": now,
            }

        return await self._context.store.do(work)

    async def history(self, id: int, only: UserId | None = None) -> Mapping[str, Any]:  # noqa: A002
        """Everything that happened to a promise -> ``promise`` (as a row of the list), ``entries``, ``agents``."""
        now = self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> Mapping[str, Any]:
            found = callbacks.get(conn, id)
            _must_be_of(found, only)
            team = campaigns.get(conn, found.campaign_id).settings.agent_ids
            return {
                "promise": callback_lists.one(conn, id, now),
                "entries": callback_lists.history(conn, found.root),
                "agents": [{"id": u.id, "name": u.name} for u in users.every(conn) if u.id in team],
            }

        return await self._context.store.do(work)

    async def export(
        self,
        language: Annotated[str, OneOf(("de", "en"))],
        zone: Annotated[str, Length(1, 60)],
        show: _Show = "all",
        owner: UserId | None = None,
        team: bool = False,
    ) -> Mapping[str, Any]:
        """The list as CSV, times by the clock of ``zone`` -> ``name, content`` (text). No cell becomes a formula."""
        now, clock = self._context.clock.utc(), ZoneInfo(zone)
        choice = Choice(show, owner, team)
        _, rows = await self._context.store.do(
            lambda conn: callback_lists.listing(conn, choice, now, MOST_EXPORTED)
        )
        out = io.StringIO()
        writer = csv.writer(out, delimiter=_Delimiter[language], lineterminator="\r\n")
        writer.writerow(_Header[language].split(";"))
        for row in rows:
            writer.writerow(map(harmless, _cells(row, clock)))
        return {"name": f"callbacks-{_moment(now, clock)[:10]}.csv", "content": "\ufeff" + out.getvalue()}

    # -- changing ------------------------------------------------------------------------------------------------

    async def make(
        self,
        contact: ContactId,
        at: float,
        campaign: CampaignId | None = None,
        owner: UserId | None = None,
        note: Annotated[str, Length(0, 2000)] = "",
        who: Annotated[str, Length(0, 80)] = "",
        made_by: UserId | None = None,
    ) -> Mapping[str, Any]:
        """Write down a callback agreed outside a call of ours, on a web page or by letter -> ``id``.

        Without ``campaign`` the one that calls the contact's list, the running one first. One that stood open for the
        contact gives way; one that was closed comes up again, because the person wants it. Refused where nobody may
        call then, on a DNC list, after "do not call", and while the contact is being called.
        """
        now = self._context.clock.utc()
        if at <= now:
            raise refuse("at", "callback_in_past")

        def work(conn: sqlite3.Connection) -> int:
            found = _callable(conn, contact)
            of = _campaign_for(conn, found, campaign)
            if owner is not None:
                _must_work_for(conn, owner, of)
            there = place(conn, contact, of)
            there.must_be_lawful(at)
            if there.candidate is not None and there.candidate.dnc_hits:
                raise refuse("contact_id", "callback_to_dnc", lists=", ".join(there.candidate.dnc_hits))
            number = callbacks.make_for(
                conn, new_uid(now), contact, of.id, at, there.zone, owner, note, now, made_by, cause=who
            )
            if found.state is ContactState.CLOSED:
                release_contact(conn, contact, math.inf, "")
            return number

        return {"id": await self._context.store.do(work)}

    async def move(
        self,
        id: int,  # noqa: A002
        version: int,
        at: float,
        user_id: UserId,
        only: UserId | None = None,
    ) -> Mapping[str, Any]:
        """Promise another time -> ``id`` of what is open now; refused where nobody may call then."""
        now = self._context.clock.utc()
        if at <= now:
            raise refuse("callback_at", "callback_in_past")

        def work(conn: sqlite3.Connection) -> int:
            found = _seen(conn, id, version, only)
            place(conn, found.contact_id, campaigns.get(conn, found.campaign_id)).must_be_lawful(at)
            return callbacks.move(conn, found, at, now, user_id)

        return {"id": await self._context.store.do(work)}

    async def assign(
        self,
        id: int,  # noqa: A002
        version: int,
        user_id: UserId,
        owner: UserId | None = None,
        only: UserId | None = None,
    ) -> Mapping[str, Any]:
        """Pass it on to an agent or (without ``owner``) to the team -> ``id`` of the one that goes on."""
        now = self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> int:
            found = _seen(conn, id, version, only)
            if owner is not None:
                _must_work_for(conn, owner, campaigns.get(conn, found.campaign_id))
            if owner == found.owner:
                return found.id
            return callbacks.pass_on(conn, found, owner, now, user_id, "assigned")

        return {"id": await self._context.store.do(work)}

    async def withdraw(
        self,
        id: int,  # noqa: A002
        version: int,
        user_id: UserId | None = None,
        why: Annotated[str, Length(0, 300)] = "",
    ) -> Mapping[str, Any]:
        """Withdraw it: the contact is called again by the campaign's own rules -> ``id, version`` to restore it.

        Without ``user_id`` another program did, which says so in ``why``.
        """
        now = self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> Promise:
            callbacks.end(conn, _seen(conn, id, version), PromiseState.WITHDRAWN, now, user_id, why)
            return callbacks.get(conn, id)

        after = await self._context.store.do(work)
        return {"id": after.id, "version": after.version}

    async def restore(self, id: int, version: int, user_id: UserId) -> None:  # noqa: A002
        """Take a withdrawal back."""
        now = self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> None:
            callbacks.reopen(conn, callbacks.seen(conn, id, version, PromiseState.WITHDRAWN), now, user_id)

        await self._context.store.do(work)

    # -- the office's rules ------------------------------------------------------------------------------------------

    async def rules(self) -> Mapping[str, Any]:
        """How the office keeps its promises -> the fields of ``CallbackRules``."""
        return asdict(await self._context.store.do(callbacks.rules_in_force))

    async def set_rules(
        self,
        grace_s: Annotated[float, Range(60.0, 86400.0)],
        away_after_s: _Seconds,
        team_after_s: _Seconds,
        busy_after_s: _Seconds,
        tries: Annotated[int, Range(1, 9)],
        again_s: Annotated[float, Range(60.0, 86400.0)],
    ) -> None:
        """Change them for every promise from now on."""
        rules = CallbackRules(grace_s, away_after_s, team_after_s, busy_after_s, tries, again_s)
        await self._context.store.do(lambda conn: callbacks.set_rules(conn, rules))


def _seen(conn: sqlite3.Connection, promise: int, version: int, only: UserId | None = None) -> Promise:
    _must_be_of(callbacks.get(conn, promise), only)
    return callbacks.seen(conn, promise, version)


def _callable(conn: sqlite3.Connection, contact: ContactId) -> contacts.Contact:
    """The contact, if a call there can be promised."""
    found = contacts.get(conn, contact)
    if found is None:
        raise refuse("contact_id", "contact_unknown")
    if found.state is ContactState.CLOSED and found.closed_reason == Disposition.DO_NOT_CALL:
        raise refuse("contact_id", "contact_is_closed")
    if found.state is ContactState.IN_FLIGHT:
        raise refuse("contact_id", "contact_in_flight")
    return found


def _campaign_for(
    conn: sqlite3.Connection, contact: contacts.Contact, wanted: CampaignId | None
) -> campaigns.Campaign:
    """The campaign that is to make the call: the one that is named, else the running one first."""
    if wanted is not None:
        campaigns.get(conn, wanted)
    found = [
        each
        for each in campaigns.every(conn)
        if each.settings.contact_list_id == contact.list_id
        and each.state not in (CampaignState.STOPPED, CampaignState.FINISHED)
        and wanted in (None, each.id)
    ]
    if not found:
        raise refuse("campaign_id", "callback_campaign_unfit")
    return min(found, key=lambda each: (each.state is not CampaignState.RUNNING, -each.id))


def _must_work_for(conn: sqlite3.Connection, owner: UserId, campaign: campaigns.Campaign) -> None:
    user = users.get(conn, owner)
    if user is None or not user.active or Role.AGENT not in user.roles:
        raise refuse("owner", "agent_unknown", id=owner)
    if owner not in campaign.settings.agent_ids:
        raise refuse("owner", "owner_not_in_campaign", name=user.name)


def _must_be_of(promise: Promise, only: UserId | None) -> None:
    if only is not None and promise.owner != only:
        raise refuse("id", "callback_of_another")


def _cells(row: Mapping[str, Any], clock: ZoneInfo) -> tuple[str, ...]:
    times = {
        name: _moment(row[name], clock) for name in ("promised_at", "due_at", "first_try_at", "closed_at")
    }
    late, due = ("x" if row["late"] else "", times["due_at"] if row["state"] == "open" else "")
    return (
        *(times["promised_at"], row["zone"], due, row["state"], late, row["owner_name"], row["name"]),
        *(row["number"], row["campaign"], str(row["tries"]), times["first_try_at"], times["closed_at"]),
        *(row["note"], row["made_by_name"], row["cause"]),
    )


def _moment(at: float | None, clock: ZoneInfo) -> str:
    return "" if at is None else datetime.fromtimestamp(at, clock).isoformat(" ", "minutes")[:16]
