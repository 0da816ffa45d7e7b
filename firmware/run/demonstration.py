"""Starts the box and a world around it, dials the sample campaign, and accounts for it at the end.

The box's programs are the real ones (``box``). What stands outside the box is simulated outside it: the telephone
exchange and the agents' phones (``board.sim``, programs of their own that speak SIP and RTP) and the agents' hands
(``team``).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from firmware.client import Client
from firmware.model import OperatorError, Problem, ServiceGone
from firmware.run import progress, report, sample
from firmware.run.box import CALLER_ID, Box
from firmware.run.processes import StartFailed, free_port, until_says_ready
from firmware.run.team import Desk, Manners

_AGENT_NAMES = ("Anna", "Bernd", "Clara", "Dieter", "Elif", "Frank", "Greta", "Hakan", "Ines", "Jonas")
_LOOK_S = 0.25


@dataclass(frozen=True, slots=True)
class Options:
    """What a demonstration is asked to be. ``directory`` None: a temporary folder, removed at the end."""

    contacts: int = 200
    agents: int = 3
    seed: int = 1
    headless: bool = False
    until_done: bool = False
    json: bool = False
    directory: Path | None = None
    web_port: int = 8080
    manners: Manners = field(default_factory=Manners)
    haste: float = 2.0
    """How much faster than life people at the exchange ring and talk."""


class Demonstration(Box):
    """The box and everything around it. Use as ``async with``."""

    def __init__(self, options: Options, directory: Path) -> None:
        _check("contacts", options.contacts, sample.MOST_CONTACTS)
        _check("agents", options.agents, len(_AGENT_NAMES))
        self._exchange_port = free_port()
        super().__init__(directory, {"provider": self._exchange_port}, web_port=options.web_port)
        self.options = options
        self.witness = directory / "exchange.jsonl"
        self.desks: list[Desk] = []
        self.campaign_id = 0
        self.started_at = time.time()
        self._work: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Demonstration:
        try:
            await self._start()
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stop()

    # -- what can be asked -----------------------------------------------------------------------------------

    async def figures(self) -> Mapping[str, Any] | None:
        """The campaign as the control socket shows it; None while the service is away."""
        with contextlib.suppress(ServiceGone):
            async with self.client() as client:
                snapshot = await client.ask("status")
            return next((c for c in snapshot["campaigns"] if c["id"] == self.campaign_id), None)
        return None

    async def until_finished(self) -> None:
        """Return when every contact is closed and nothing is under way. Raises StartFailed if a program ends."""
        while True:
            if gone := self.processes.gone():
                raise StartFailed("; ".join(gone))
            shown = await self.figures()
            if shown is not None and shown["state"] == "finished":
                return
            await asyncio.sleep(_LOOK_S)

    def account(self) -> report.Report:
        """What happened, reconciled with what the exchange saw."""
        return report.make(self)

    # -- starting --------------------------------------------------------------------------------------------

    async def _start(self) -> None:
        await self._start_exchange()
        await self.start_edge()
        await self.start_service()
        if not self.options.headless:
            await self.start_pages()
        async with self.client() as client:
            agents = [await self._hire(client, name) for name in _AGENT_NAMES[: self.options.agents]]
            await self._start_phones(agents)
            await self._make_campaign(client, [agent["id"] for agent in agents])
        for index, agent in enumerate(agents):
            desk = Desk(
                self.config.paths.control_socket, agent["id"], self.options.manners, self.options.seed + index
            )
            self.desks.append(desk)
            self._work.append(asyncio.create_task(desk.work(), name=f"desk {index}"))

    async def _start_exchange(self) -> None:
        listen = f"127.0.0.1:{self._exchange_port}"
        options = ["--seed", str(self.options.seed), "--no-table", "--haste", str(self.options.haste)]
        exchange = [sys.executable, "-m", "board.sim", "exchange", "--listen", listen, *options]
        child = await self.processes.start("exchange", [*exchange, "--log", str(self.witness)])
        await until_says_ready(child)

    async def _start_phones(self, agents: list[Mapping[str, Any]]) -> None:
        accounts = self.directory / "phones.json"
        accounts.write_text(
            json.dumps(
                [{"user": a["phone_user"], "password": a["phone_secret"], "answer_ms": 200} for a in agents]
            )
        )
        accounts.chmod(0o600)
        where = ["--registrar", self.config.sip.proxy, "--domain", self.config.sip.domain]
        argv = [sys.executable, "-m", "board.sim", "phones", *where, "--accounts", str(accounts)]
        child = await self.processes.start("phones", [*argv, "--log", str(self.directory / "phones.jsonl")])
        await until_says_ready(child)

    async def _hire(self, client: Client, name: str) -> Mapping[str, Any]:
        made = await client.ask(
            "user.create",
            login=f"sim-{name.lower()}",
            name=name,
            roles=["agent"],
            password_hash=sample.unusable_password(),
            phone_mode="nailed_up",
            language="de",
        )
        return {**made, "name": name}

    async def _make_campaign(self, client: Client, agents: list[int]) -> None:
        source = self.config.paths.uploads / "sample.csv"
        source.parent.mkdir(parents=True, exist_ok=True)
        sample.write_contacts(source, self.options.contacts, self.options.seed)
        list_id = await sample.import_list(client, source)
        settings = sample.campaign_settings(list_id, agents, self.config.trunks[0].name, CALLER_ID)
        self.campaign_id = (await client.ask("campaign.create", settings=settings))["id"]
        await sample.until_trunk_is_up(client)
        await client.ask("campaign.start", id=self.campaign_id)

    async def _stop(self) -> None:
        for task in self._work:
            task.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)
        await self.processes.stop_all()


def _check(what: str, number: int, most: int) -> None:
    if not 1 <= number <= most:
        text = f"between 1 and {most} {what} can be simulated"
        raise OperatorError(Problem(f"--{what}", "out_of_range", text, {"least": 1, "most": most}))


async def demonstrate(options: Options) -> int:
    """Run a demonstration until it is done or Ctrl-C; print what happens. Exit status 0 only if all went well."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    with contextlib.ExitStack() as stack:
        directory = options.directory
        if directory is None:
            directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="strowger-")))
        directory.mkdir(parents=True, exist_ok=True)
        try:
            return await _demonstrate(options, directory, stop)
        except StartFailed as failure:
            print(f"strowger: {failure}", file=sys.stderr)
            stack.pop_all()
            return 1


async def _demonstrate(options: Options, directory: Path, stop: asyncio.Event) -> int:
    show = progress.Progress(quiet=options.json)
    show.say(f"Starting the box in {directory} ...")
    async with Demonstration(options, directory) as demonstration:
        if not options.headless:
            show.say(f"Pages:       {demonstration.web_url}")
            show.say(f"Set-up code: {demonstration.setup_code}")
        watching = asyncio.create_task(show.follow(demonstration))
        done = asyncio.create_task(demonstration.until_finished())
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({done, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if done.done() and done.exception() is None and not options.until_done:
            show.say("The campaign is finished. Ctrl-C stops the box.")
            await stopped
        for task in (watching, stopped):
            task.cancel()
        if not done.done():
            done.cancel()
            return 0 if not options.until_done else 1
        done.result()
    account = demonstration.account()
    show.report(account)
    return 1 if account.invariants_broken or account.errors else 0
