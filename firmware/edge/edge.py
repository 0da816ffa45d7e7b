"""The service's view of the edge: who is registered, which trunk answers, and the phone book kept pushed.

One task on the event loop asks Kamailio every ``poll_s``; readers get the last answer at once. Leaves routing to
Kamailio and the meaning of it all to the callers of ``phones`` and ``trunks``.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from firmware.edge import leftovers
from firmware.edge.phone_book import PhoneBook, trunk_calls
from firmware.edge.plan import Plan
from firmware.edge.rpc import Rpc, RpcDown, RpcRefused

_log = logging.getLogger(__name__)
_RESOLVE_EVERY_S = 60.0


class Edge:
    """Start it once Kamailio has been told to start, in any order; it waits for Kamailio as long as it takes."""

    def __init__(self, plan: Plan, rpc_socket: Path, poll_s: float = 2.0) -> None:
        self._plan = plan
        self._poll_s = poll_s
        self._rpc = Rpc(rpc_socket)
        self.book = PhoneBook(self._rpc, trunk_calls(plan.trunks, plan.outside))
        self._task: asyncio.Task[None] | None = None
        self._again = asyncio.Event()
        self._looked = asyncio.Condition()
        self._registered: frozenset[str] = frozenset()
        self._reachable: frozenset[str] = frozenset()
        self._up = False
        self._resolved_at = float("-inf")

    async def start(self) -> None:
        """End the calls of a service that is gone, then begin to ask. Place no call before this returns."""
        await self._rpc.open()
        try:
            await leftovers.end_all(self._rpc)
        except RpcDown as down:
            _log.info("edge: Kamailio is not there yet, so it holds no calls: %s", down)
        self._task = asyncio.create_task(self._run(), name="edge")

    async def stop(self) -> None:
        """End asking."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        self._rpc.close()

    def want_phones(self, phones: Mapping[str, str]) -> None:
        """From now on exactly these phones (user name -> HA1, see ``phone_book.ha1``) may register."""
        self.book.want(phones)
        self._again.set()

    def provision(self) -> None:
        """Push phones and trunks into Kamailio once more, at once; ``book.pushes`` counts when that is done."""
        self.book.push_again()
        self._again.set()

    async def phones_known(self, timeout_s: float = 5.0) -> bool:
        """Wait until the phones wanted last may register; False if Kamailio does not answer in time."""
        try:
            async with asyncio.timeout(timeout_s), self._looked:
                await self._looked.wait_for(lambda: self.book.fulfilled)
        except TimeoutError:
            return False
        return True

    @property
    def up(self) -> bool:
        """Whether Kamailio answered the last time it was asked."""
        return self._up

    @property
    def phones(self) -> Mapping[str, bool]:
        """Each phone of the book: whether it is registered."""
        return {phone: phone in self._registered for phone in self.book.phones}

    @property
    def trunks(self) -> Mapping[str, bool]:
        """Each trunk of the settings: whether it answers."""
        return {trunk.name: trunk.name in self._reachable for trunk in self._plan.trunks}

    async def _run(self) -> None:
        while True:
            self._again.clear()
            await self._look()
            async with self._looked:
                self._looked.notify_all()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._poll_s):
                    await self._again.wait()

    async def _look(self) -> None:
        try:
            await self.book.keep()
            self._registered = frozenset(_aors(await self._rpc.call("ul.dump", "brief")))
            await self._look_at_trunks()
        except (RpcDown, RpcRefused) as failure:
            if self._up:
                _log.warning("edge: Kamailio does not answer: %s", failure)
            self._up, self._registered, self._reachable = False, frozenset(), frozenset()
            return
        if not self._up:
            _log.info("edge: Kamailio answers")
        self._up = True

    async def _look_at_trunks(self) -> None:
        """Kamailio leaves a trunk out whose name could not be resolved; it is told to try again now and then."""
        if not self._plan.trunks:
            return
        states = dict(_trunk_states(await self._rpc.call("dispatcher.list")))
        self._reachable = frozenset(name for name, active in states.items() if active)
        now = asyncio.get_running_loop().time()
        if len(states) < len(self._plan.trunks) and now - self._resolved_at > _RESOLVE_EVERY_S:
            self._resolved_at = now
            await self._rpc.call("dispatcher.reload")


def _aors(dump: Any) -> Iterator[str]:
    """The users with a contact, from ``ul.dump brief``: names only, for a datagram has its limits."""
    for domain in _list(dump, "Domains"):
        for entry in _list(domain["Domain"], "AoRs"):
            yield str(entry["AoR"])


def _trunk_states(listing: Any) -> Iterator[tuple[str, bool]]:
    """Each trunk and whether its flags say active, from ``dispatcher.list``."""
    for record in _list(listing, "RECORDS"):
        for target in _list(record["SET"], "TARGETS"):
            entry = target["DEST"]
            yield str(entry["ATTRS"]["BODY"]).removeprefix("trunk="), str(entry["FLAGS"]).startswith("A")


def _list(holder: Any, key: str) -> list[Any]:
    """JSON-RPC shows an empty list as null or leaves it out."""
    return list(holder.get(key) or ()) if isinstance(holder, dict) else []
