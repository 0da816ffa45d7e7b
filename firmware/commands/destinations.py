"""The directory of destinations: ``destination.list|add|remove``, and whom key 2 of a campaign reaches.

A destination is a colleague's or a partner's number, entered by people who may; calls are handed to entries, never to
a typed number. Emergency numbers and numbers of contacts are refused, here and once more when one is to be called.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from firmware.calls.company import Wanted
from firmware.calls.live import LiveCall
from firmware.clock import Clock
from firmware.compliance.numbers import is_emergency, normalise
from firmware.control import Control
from firmware.model import Destination, OperatorError, Problem, UserId
from firmware.store import parties
from firmware.store.store import Store
from firmware.typed import Length, Matches

if TYPE_CHECKING:
    import sqlite3

_Name = Annotated[str, Length(1, 80), Matches(r"[^\x00-\x1f\x7f]*", "printable text")]


class DestinationCommands:
    """The directory, kept at hand for calls that are up."""

    def __init__(self, clock: Clock, store: Store, country: str) -> None:
        self._clock = clock
        self._store = store
        self._country = country
        self._known: dict[int, Destination] = {}

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        control.add("destination.list", self.list_all)
        control.add("destination.add", self.add)
        control.add("destination.remove", self.remove)

    async def prepare(self) -> None:
        """Read the directory."""
        found = await self._store.do(parties.destinations)
        self._known = {entry.id: entry for entry in found}

    def known(self) -> list[Destination]:
        """Every entry, by name."""
        return list(self._known.values())

    def find(self, entry: int) -> Destination | None:
        """One entry."""
        return self._known.get(entry)

    async def list_all(self) -> Mapping[str, Any]:
        """Every entry -> ``destinations``: ``id, name, number``."""
        return {"destinations": [asdict(entry) for entry in self.known()]}

    async def add(
        self, name: _Name, number: Annotated[str, Length(1, 40)], by: UserId | None = None
    ) -> Mapping[str, Any]:
        """Enter a number -> the entry. Refused: no whole number, an emergency one, a contact's, one that is there."""
        if is_emergency(number, self._country):
            raise _refused("destination_emergency", "Emergency numbers are never a destination.")
        read = normalise(number, self._country)
        if isinstance(read, Problem):
            raise OperatorError(read)
        if is_emergency(read, self._country):
            raise _refused("destination_emergency", "Emergency numbers are never a destination.")
        now = self._clock.utc()

        def work(conn: sqlite3.Connection) -> Destination:
            return parties.add_destination(conn, name.strip(), read, by, now)

        made = await self._store.do(work)
        await self.prepare()
        return asdict(made)

    async def remove(self, id: int) -> None:  # noqa: A002
        """Take an entry out; calls that led there keep its name and number."""
        now = self._clock.utc()
        if not await self._store.do(lambda conn: parties.remove_destination(conn, id, now)):
            raise _refused("destination_unknown", "There is no such destination.", where="id")
        await self.prepare()

    async def checked(self, entry: int) -> Destination:
        """An entry that may be called now. :raises OperatorError: it is gone, or has become a contact's number."""
        found = self.find(entry)
        if found is None:
            raise _refused("destination_unknown", "There is no such destination.", where="id")
        if await self._store.do(lambda conn: parties.is_contact(conn, found.number, first_only=True)):
            raise _refused(
                "destination_is_contact", "A contact is never a destination: contacts are called by permit."
            )
        return found

    def forward_to(self, live: LiveCall) -> Wanted | None:
        """Whom key 2 of this call's campaign reaches; None: that agent or entry is not named any more."""
        kind, _, number = live.settings.agent_key_to.partition(":")
        if not number.isdecimal():
            return None
        if kind == "agent":
            return Wanted(UserId(int(number)))
        entry = self.find(int(number))
        return None if entry is None else Wanted(destination=entry)


def _refused(key: str, text: str, where: str = "number") -> OperatorError:
    return OperatorError(Problem(where, key, text))
