"""Where the rows of a contact list's file go: into a list, or only under the eyes of a dry run.

A new list is filled out of sight and shown when it is complete. Rows for an existing list count as they come; every
contact names its import, so what a power cut leaves half-done can be taken back as a whole or brought again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from firmware.commands.context import Context
from firmware.commands.imports import MOST_EXAMPLES, Kept, Progress
from firmware.commands.texts import refuse
from firmware.model import ContactListId
from firmware.scripts.card import NAME
from firmware.store import consents, contacts, dnc, list_imports
from firmware.store.consents import NewConsent
from firmware.store.contacts import NewContact
from firmware.store.desk_values import Clash, contacts_of
from firmware.store.list_imports import Brought, Run
from firmware.store.store import open_read_only
from firmware.store.words import e164, mapping

if TYPE_CHECKING:
    import sqlite3


class Filling:
    """The sink of a contact list."""

    def __init__(
        self,
        context: Context,
        name: str,
        existing: ContactListId | None,
        *,
        update: bool = False,
        over_desk: bool = False,
        who: str = "",
        run: Run | None = None,
    ) -> None:
        self._context, self._name, self._existing = context, name, existing
        self._update, self._over_desk, self._who, self._run = update, over_desk, who, run
        self._list_id: ContactListId | None = existing
        self._import_id = 0

    @property
    def import_id(self) -> int:
        """The import on record, 0 before it has begun."""
        return self._import_id

    async def check(self) -> None:
        """Refuse a list that does not exist, before anything begins."""
        await must_exist(self._context, self._existing)

    async def begin(self) -> int:
        """A list out of sight, or the existing one."""
        now = self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> tuple[ContactListId, int]:
            list_id = self._existing or contacts.begin_list(conn, self._name, now)
            return list_id, list_imports.begin(conn, list_id, self._name, self._who, now, self._run)

        list_id, self._import_id = await self._context.store.do(work)
        self._list_id = list_id
        return list_id

    async def store(self, rows: Sequence[Sequence[Any]]) -> Kept:
        """Add contacts; numbers the list already has are passed over or, if so ordered, changed."""
        list_id, import_id, update, over = self._present(), self._import_id, self._update, self._over_desk
        now = self._context.clock.utc()

        plain = not update and not any(row[5] or row[6] for row in rows)
        ready = [(row[0], row[1], row[2], row[3], row[4]) for row in rows] if plain else []

        def work(conn: sqlite3.Connection) -> Kept:
            if plain:
                added = contacts.add_ready(conn, list_id, ready, import_id)
            else:
                wanted = map(new_contact, rows)
                added = contacts.add(conn, list_id, wanted, import_id, update=update, over_desk=over)
            desk = contacts_of(added.clashes)
            if desk:
                list_imports.note_desk(conn, import_id, desk, replaced=over)
            asked = dnc.asked_by(conn, [])
            blocked = sum(bool(dnc.hits(conn, asked, row[0], now)) for row in rows)
            for row in rows:
                if row[7]:
                    consents.add_new(conn, new_consent(row), self._who or self._name, now)
            return Kept(added.new, added.updated, blocked, 0, desk, _examples(conn, added.clashes))

        return await self._context.store.do(work)

    async def complete(self, progress: Progress) -> None:
        """Show the list, and remember what the import did."""
        list_id, import_id = self._present(), self._import_id
        p = progress
        brought = Brought(p.rows, p.new, p.updated, p.duplicate, p.damaged, p.report)

        def work(conn: sqlite3.Connection) -> None:
            if self._existing is None:
                contacts.show_list(conn, list_id)
            list_imports.finish(conn, import_id, brought)

        await self._context.store.do(work)
        await self._context.campaigns_changed()

    async def drop(self) -> None:
        """A new list goes away; what an existing one got is on record as broken off, and can be taken back."""
        if self._list_id is None or not self._import_id:
            return
        list_id, import_id, now = self._list_id, self._import_id, self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> None:
            list_imports.break_off(conn, import_id)
            if self._existing is None:
                contacts.drop_begun(conn, now, list_id)

        await self._context.store.do(work)

    def _present(self) -> ContactListId:
        assert self._list_id is not None, "begin comes first"
        return self._list_id


class Looking:
    """The sink of a dry run: tells what an import would do and writes nothing. Works on a connection of its own."""

    def __init__(
        self,
        context: Context,
        existing: ContactListId | None,
        *,
        update: bool = False,
        over_desk: bool = False,
    ) -> None:
        self._context, self._existing, self._update, self._over = context, existing, update, over_desk

    async def check(self) -> None:
        """Refuse a list that does not exist, before anything begins."""
        await must_exist(self._context, self._existing)

    async def begin(self) -> int | None:
        """Nothing is made."""
        return self._existing

    async def store(self, rows: Sequence[Sequence[Any]]) -> Kept:
        """Look the rows up."""
        return await asyncio.to_thread(self._look, rows, self._context.clock.utc())

    async def complete(self, progress: Progress) -> None:
        """Nothing is left to do."""

    async def drop(self) -> None:
        """Nothing is there to be dropped."""

    def _look(self, rows: Sequence[Sequence[Any]], now: float) -> Kept:
        with closing(open_read_only(self._context.config.paths.database)) as conn:
            asked = dnc.asked_by(conn, [found.id for found in dnc.lists(conn)])
            new = updated = blocked = bare = 0
            met: list[Clash] = []
            for row in rows:
                contact, number = new_contact(row), int(row[0])
                change = contacts.would_change(conn, self._existing, contact, over_desk=self._over)
                new += change is None
                if change is not None and self._update:
                    updated += change.any
                    met += change.clashes
                blocked += bool(dnc.hits(conn, asked, number, now))
                bare += not row[7] and not consents.standing(conn, number)
            return Kept(new, updated, blocked, bare, contacts_of(met), _examples(conn, met))


async def must_exist(context: Context, list_id: ContactListId | None) -> None:
    """Refuse a list that does not exist."""
    if list_id is not None and not await context.store.do(lambda conn: contacts.exists(conn, list_id)):
        raise refuse("list_id", "list_unknown", id=list_id)


def _examples(conn: sqlite3.Connection, met: Sequence[Clash]) -> list[dict[str, Any]]:
    """The first of them as a progress page shows them; whose they are stays with the contact."""
    told = []
    for each in met[:MOST_EXAMPLES]:
        contact = contacts.get(conn, each.contact)
        assert contact is not None, "it has just been met"
        field = "" if each.field == NAME else each.field
        said = {"field": field, "desk": each.desk, "file": each.file, "before": each.before, "at": each.at}
        told.append({"contact_id": each.contact, "name": contact.name, "number": contact.number, **said})
    return told


def new_contact(row: Sequence[Any]) -> NewContact:
    """A row as the reader sends it (``number, name, zones, priority, fields, numbers, kind, consent``)."""
    number, name, zones, priority, fields, numbers, kind, _ = row
    further = [(k, n) for k, n in numbers]
    return NewContact(e164(number), name, tuple(zones.split()), priority, mapping(fields), further, kind)


def new_consent(row: Sequence[Any]) -> NewConsent:
    """The consent such a row tells of."""
    given_at, source, purpose = row[7]
    return NewConsent(e164(row[0]), purpose, given_at, source, wording="")
