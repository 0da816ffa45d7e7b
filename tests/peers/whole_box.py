"""The whole box as in an office: edge, relay, service and pages as programs of their own, talked to from outside.

``async with WholeBox(folder, {"provider": port}) as box`` gives a box whose trunk leads to that port of this machine.
Who listens there, and whose telephones register, is the test's to bring. What the box did is asked of its control
socket, of the read model of its pages, and of the kernel.
"""

from __future__ import annotations

import asyncio
import contextlib
import csv
import inspect
import itertools
import json
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import psutil

from firmware.client import Client
from firmware.edge.rpc import Rpc, RpcRefused
from firmware.model import AgentState, CampaignId, ContactListId, PhoneMode, UserId
from firmware.run import sample
from firmware.run.box import CALLER_ID, Box, Sections
from firmware.run.processes import StartFailed, until_says_ready
from firmware.store.reports import Attempt, Contact, ContactList, Reports

T = TypeVar("T")
LOOK_S = 0.05
ALWAYS = [{"weekday": day, "start_min": 0, "end_min": 24 * 60} for day in range(7)]


class WholeBox(Box):
    """Everything started, asked and stopped."""

    def __init__(
        self, folder: Path, trunks: Mapping[str, int], *, pages: bool = False, more: Sections | None = None
    ) -> None:
        super().__init__(folder, trunks, more=more)
        self._pages = pages
        self._stack = contextlib.AsyncExitStack()
        self._files = itertools.count(1)
        self._hands: Client | None = None

    async def __aenter__(self) -> Self:
        try:
            await self.start_edge()
            await self.start_service()
            if self._pages:
                await self.start_pages()
            self._hands = await self._stack.enter_async_context(self.client())
        except BaseException:
            await self.processes.stop_all()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()
        gone = self.processes.gone()
        await self.processes.stop_all()
        if gone and error is None:
            raise StartFailed("; ".join(gone))

    # -- asking ----------------------------------------------------------------------------------------------

    async def ask(self, do: str, **args: Any) -> Any:
        """One command over the control socket. Raises OperatorError."""
        assert self._hands is not None
        return await self._hands.ask(do, **args)

    async def until(self, what: Callable[[], T | Awaitable[T]], timeout_s: float = 15.0, why: str = "") -> T:
        """Ask until the answer is true; the answer. Fails with the last one."""
        end = time.monotonic() + timeout_s
        while True:
            answer = what()
            if inspect.isawaitable(answer):
                answer = await answer
            if answer:
                return answer  # type: ignore[return-value]
            if gone := self.processes.gone():
                raise AssertionError("; ".join(gone))
            assert time.monotonic() < end, (
                f"not within {timeout_s} s: {why or what}; last {answer!r}; {self.directory}"
            )
            await asyncio.sleep(LOOK_S)  # between two looks at a foreign process

    async def agent_is(
        self, user_id: UserId, state: AgentState, timeout_s: float = 15.0
    ) -> Mapping[str, Any]:
        """The desk of an agent, once it is in this state."""
        desk: dict[str, Any] = {}

        async def there() -> bool:
            desk.update(await self.ask("desk.state", user_id=user_id))
            return desk["state"] == state

        await self.until(there, timeout_s, f"agent {user_id} is {state}")
        return desk

    async def registered(self, agent: Mapping[str, Any]) -> bool:
        """Whether the box says that this agent's phone is registered."""
        desk = await self.ask("desk.state", user_id=agent["id"])
        return bool(desk["phone"]["registered"])

    # -- an office's work ------------------------------------------------------------------------------------

    async def hire(self, login: str, mode: PhoneMode = PhoneMode.PER_CALL) -> Mapping[str, Any]:
        """A new agent: ``id, phone_user, phone_secret, domain, proxy``."""
        made: Mapping[str, Any] = await self.ask(
            "user.create",
            login=login,
            name=login.capitalize(),
            roles=["agent"],
            password_hash=sample.unusable_password(),
            phone_mode=mode,
        )
        return made

    async def telephones(self, agents: Iterable[Mapping[str, Any]]) -> None:
        """Simulated desk telephones for these agents, where the telephones are not what is judged."""
        accounts = self.directory / "phones.json"
        wanted = [{"user": a["phone_user"], "password": a["phone_secret"], "answer_ms": 50} for a in agents]
        accounts.write_text(json.dumps(wanted))
        where = ["--registrar", self.config.sip.proxy, "--domain", self.config.sip.domain]
        argv = [sys.executable, "-m", "board.sim", "phones", *where, "--accounts", str(accounts)]
        await until_says_ready(await self.processes.start("phones", argv))

    async def ready(self, *agents: UserId) -> None:
        """They sit down and want calls."""
        for user_id in agents:
            await self.ask("desk.log_in", user_id=user_id)
            await self.ask("desk.ready", user_id=user_id)

    async def contact_list(self, numbers: Iterable[str]) -> ContactListId:
        """Import a list of numbers, as the pages do."""
        source = self.config.paths.uploads / f"list-{next(self._files)}.csv"
        source.parent.mkdir(parents=True, exist_ok=True)
        with source.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file, delimiter=";")
            rows.writerow(["Name", "Telefon"])
            rows.writerows([f"Kunde {number[-3:]}", number] for number in numbers)
        assert self._hands is not None
        return ContactListId(await sample.import_list(self._hands, source))

    async def campaign(
        self, list_id: ContactListId, agents: Iterable[UserId], trunk: str, **settings: Any
    ) -> CampaignId:
        """A draft that may dial at any hour; nobody is called again in this hour."""
        plain = {
            "name": f"Kampagne {list_id}",
            "contact_list_id": list_id,
            "caller_id": CALLER_ID,
            "country": "DE",
            "trunk": trunk,
            "windows": ALWAYS,
            "rule_pack": "own",
            "rules": sample.OWN_RULES,
            "min_gap_s": 300.0,
            "ring_timeout_s": 15.0,
            "agent_ids": list(agents),
        }
        made = await self.ask("campaign.create", settings={**plain, **settings})
        return CampaignId(made["id"])

    async def trunks_up(self) -> None:
        """Wait for every trunk to answer."""
        assert self._hands is not None
        async with asyncio.timeout(30):
            await sample.until_trunk_is_up(self._hands)

    # -- looking ---------------------------------------------------------------------------------------------

    def attempts(self, campaign: CampaignId) -> list[Attempt]:
        """Every attempt of a campaign, oldest first."""
        with contextlib.closing(Reports(self.config.paths.database)) as reports:
            first = reports.attempts(campaign=campaign, order="oldest")
            pages = range(2, first.pages + 1)
            rest = (reports.attempts(campaign=campaign, page=page, order="oldest").rows for page in pages)
            return [*first.rows, *itertools.chain.from_iterable(rest)]

    def contacts(self, list_id: ContactListId) -> list[Contact]:
        """Every contact of a list."""
        with contextlib.closing(Reports(self.config.paths.database)) as reports:
            first = reports.contacts(list_id)
            rest = (reports.contacts(list_id, page=page).rows for page in range(2, first.pages + 1))
            return [*first.rows, *itertools.chain.from_iterable(rest)]

    def lists(self) -> list[ContactList]:
        """Every contact list there is."""
        with contextlib.closing(Reports(self.config.paths.database)) as reports:
            return reports.contact_lists()

    def audio_ports(self) -> set[int]:
        """UDP ports of its audio range that the service holds open, as the kernel tells."""
        sip = self.config.sip
        held = psutil.Process(self.processes.pid("service")).net_connections("udp")
        return {c.laddr.port for c in held if sip.rtp_first <= c.laddr.port <= sip.rtp_last + 1}

    async def ask_edge(self, method: str, *params: str | int) -> Any:
        """Ask Kamailio. Raises RpcRefused."""
        rpc = Rpc(self.config.paths.runtime / "kamailio" / "rpc.sock")
        await rpc.open()
        try:
            return await rpc.call(method, *params)
        finally:
            rpc.close()

    async def banned(self, host: str) -> bool:
        """Whether the edge has shut an address out."""
        try:
            await self.ask_edge("htable.get", "ban", host)
        except RpcRefused:
            return False
        return True

    async def nothing_left(self) -> None:
        """No call, no leg, no port, no dialogue; the service's own audit agrees."""
        await self.until(self._no_calls, 20, "no call and no leg is left")
        await self.until(lambda: not self.audio_ports(), 10, "no audio port is left")

        async def edge_is_empty() -> bool:
            return not await self.ask_edge("dlg.list")

        await self.until(edge_is_empty, 20, "no dialogue is left at the edge")
        health = {check["check"]: check for check in (await self.ask("status"))["health"]}
        assert health["legs"]["ok"], health["legs"]

    async def _no_calls(self) -> bool:
        status = await self.ask("status")
        legs = sum(trunk["legs"] for trunk in status["trunks"])
        return not legs and not status["calls"] and not any(agent["phone_open"] for agent in status["agents"])

    def complaints(self) -> list[str]:
        """What the service itself called an error."""
        log = (self.directory / "log" / "service.log").read_text(encoding="utf-8", errors="replace")
        return [line for line in log.splitlines() if any(word in line for word in _COMPLAINTS)]


_COMPLAINTS = (" ERROR ", " CRITICAL ", "Traceback")
