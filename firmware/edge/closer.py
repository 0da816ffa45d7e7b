"""A closer look at what Kamailio knows of phones and trunks: where from, with what, since when, how quick.

One task asks every ``LOOK_S``; readers get the last answers at once. It decides nothing: whether a phone or a trunk is
there is ``edge``'s to say. Phones are asked one by one, because an answer has to fit into one datagram.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firmware.edge.rpc import Rpc, RpcDown, RpcRefused

_log = logging.getLogger(__name__)
LOOK_S = 10.0
MOST_PHONES = 200
"""Asked in one look; a box has far fewer."""
_ONLINE = 4
"""Kamailio's uac module, flags of a registration: bit 2, it is registered (``UAC_REG_ONLINE``)."""
_ANSWERED = "AP"
"""Kamailio's dispatcher module, flags of a target: active, by a probe. Before the first one it is "AX"."""
_ADDRESS = re.compile(r"sips?:(?:[^@;>]*@)?([^;>]+)")


@dataclass(frozen=True, slots=True)
class PhoneSeen:
    """A registered phone. ``address`` is where its packets come from; ``since`` when it was first seen so (UTC)."""

    address: str
    agent: str
    transport: str
    since: float
    expires_s: int

    def plain(self) -> dict[str, Any]:
        """As the hub has it."""
        return {
            "address": self.address, "agent": self.agent, "transport": self.transport,
            "since": self.since, "expires_s": self.expires_s,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class TrunkSeen:
    """A trunk. ``registered`` None: it is not registered at; ``since`` (UTC) while it has been without a break;
    ``round_trip_ms`` of the last questions whether it is there: in whole ms each, so that 0 is less than one; None: not
    measured."""

    address: str
    registered: bool | None
    since: float | None
    refresh_s: int | None
    round_trip_ms: float | None


class Closer:
    """Start it beside the edge. ``phones``: those that may register; ``trunks``: name -> whether we register there."""

    def __init__(
        self,
        rpc_socket: Path,
        phones: Callable[[], Iterable[str]],
        trunks: Mapping[str, bool],
        utc: Callable[[], float],
        look_s: float = LOOK_S,
    ) -> None:
        self._rpc = Rpc(rpc_socket)
        self._wanted, self._trunk_names, self._utc, self._look_s = phones, trunks, utc, look_s
        self._task: asyncio.Task[None] | None = None
        self.phones: Mapping[str, PhoneSeen] = {}
        self.trunks: Mapping[str, TrunkSeen] = {}

    async def start(self) -> None:
        """Begin to look."""
        await self._rpc.open()
        self._task = asyncio.create_task(self._run(), name="closer")

    async def stop(self) -> None:
        """Look no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        self._rpc.close()

    async def _run(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(self._look_s)

    async def look(self) -> None:
        """Ask once; while Kamailio is away nothing is known."""
        try:
            self.phones = await self._look_at_phones()
            self.trunks = await self._look_at_trunks() if self._trunk_names else {}
        except (RpcDown, RpcRefused) as failure:
            _log.debug("no closer look: %s", failure)
            self.phones, self.trunks = {}, {}

    async def _look_at_phones(self) -> dict[str, PhoneSeen]:
        found = {}
        for phone in sorted(self._wanted())[:MOST_PHONES]:
            try:
                answer = await self._rpc.call("ul.lookup", "location", phone)
            except RpcRefused:
                continue  # not registered
            contact = _first_contact(answer)
            if contact is not None:
                found[phone] = self._phone(contact, self.phones.get(phone))
        return found

    def _phone(self, contact: Mapping[str, Any], before: PhoneSeen | None) -> PhoneSeen:
        source = str(contact.get("Received") or "")
        told = source if source.startswith("sip") else str(contact.get("Address", ""))
        address = _ADDRESS.search(told)
        socket = str(contact.get("Socket") or "")
        expires = contact.get("Expires")
        return PhoneSeen(
            address[1] if address else "",
            str(contact.get("User-Agent") or "")[:120],
            socket.partition(":")[0] if ":" in socket else "",
            before.since if before is not None else self._utc(),
            expires if isinstance(expires, int) else 0,
        )

    async def _look_at_trunks(self) -> dict[str, TrunkSeen]:
        targets = dict(_targets(await self._rpc.call("dispatcher.list")))
        found = {}
        for name, registers in self._trunk_names.items():
            address, round_trip_ms = targets.get(name, ("", None))
            registered, refresh_s = await self._registration(name) if registers else (None, None)
            before = self.trunks.get(name)
            kept = before.since if before is not None and before.registered else self._utc()
            since = kept if registered else None
            found[name] = TrunkSeen(address, registered, since, refresh_s, round_trip_ms)
        return found

    async def _registration(self, name: str) -> tuple[bool, int | None]:
        try:
            answer = await self._rpc.call("uac.reg_info", "l_uuid", name)
        except RpcRefused:
            return False, None
        flags, left = answer.get("flags", 0), answer.get("diff_expires")
        return bool(int(flags) & _ONLINE), left if isinstance(left, int) and left > 0 else None


def _first_contact(answer: Any) -> Mapping[str, Any] | None:
    contacts = answer.get("Contacts") if isinstance(answer, dict) else None
    first = contacts[0] if contacts else None
    contact = first.get("Contact") if isinstance(first, dict) else None
    return contact if isinstance(contact, dict) else None


def _targets(listing: Any) -> Iterable[tuple[str, tuple[str, float | None]]]:
    """Each trunk with its address and how long its last answer took (ms), from ``dispatcher.list``."""
    for record in listing.get("RECORDS") or ():
        for target in record["SET"].get("TARGETS") or ():
            entry = target["DEST"]
            name = str(entry["ATTRS"]["BODY"]).removeprefix("trunk=")
            latency = entry.get("LATENCY") or {}
            average = float(latency.get("EST") or latency.get("AVG") or 0.0)
            measured = average if average > 0 or entry["FLAGS"] == _ANSWERED else None
            address = _ADDRESS.search(str(entry.get("URI", "")))
            yield name, (address[1] if address else "", measured)
