"""Starts every program of the box on loopback ports, dials the sample campaign, and accounts for it at the end.

The programs are the real ones: Kamailio, rtpengine, the service, the pages. What stands outside the box is simulated
outside it: the telephone exchange and the agents' phones (``board.sim``, programs of their own that speak SIP and
RTP) and the agents' hands (``team``). Nothing listens on any address but 127.0.0.1.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from firmware import config as configuration
from firmware import edge
from firmware.client import Client, ServiceGone
from firmware.model import OperatorError, Problem
from firmware.prompts import default_folder
from firmware.run import progress, report, sample
from firmware.run.processes import (
    Child,
    Processes,
    StartFailed,
    free_port,
    until_bound,
    until_exists,
    until_listening,
)
from firmware.run.team import Desk, Manners

CALLER_ID = "+493023125000"
_PORTS_EACH = 400
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


class Demonstration:
    """Everything that runs. Use as ``async with``."""

    def __init__(self, options: Options, directory: Path) -> None:
        _check("contacts", options.contacts, sample.MOST_CONTACTS)
        _check("agents", options.agents, len(_AGENT_NAMES))
        self.options = options
        self.directory = directory
        self.processes = Processes(directory / "log")
        self.witness = directory / "exchange.jsonl"
        self.desks: list[Desk] = []
        self.campaign_id = 0
        self.web_url = ""
        self.started_at = time.time()
        self._service: Child | None = None
        self._work: list[asyncio.Task[None]] = []
        self._exchange_port = free_port()
        self.config = self._settle_config()

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
            async with Client(self.config.paths.control_socket) as client:
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

    async def crash_service(self) -> None:
        """Kill the service where it stands and start it again, as systemd would."""
        assert self._service is not None
        self._service.expected_to_run = False
        os.killpg(self._service.process.pid, signal.SIGKILL)
        await self._service.process.wait()
        self.config.paths.control_socket.unlink(missing_ok=True)
        await self._start_service()

    @property
    def setup_code(self) -> str:
        """The code for the first visit; empty once an administrator exists."""
        with contextlib.suppress(FileNotFoundError):
            return self.config.paths.setup_code.read_text(encoding="ascii").strip()
        return ""

    def account(self) -> report.Report:
        """What happened, reconciled with what the exchange saw."""
        return report.make(self)

    # -- starting --------------------------------------------------------------------------------------------

    def _settle_config(self) -> configuration.Config:
        first_port = 20_000 + _PORTS_EACH * (os.getpid() % 50)
        path = self.directory / "strowger.toml"
        web_port = free_port(socket.SOCK_STREAM, self.options.web_port)
        text = _CONFIG.format(
            state=json.dumps(str(self.directory / "state")),
            runtime=json.dumps(str(self.directory / "run")),
            prompts=json.dumps(str(default_folder())),
            sip=free_port(),
            proxy=free_port(),
            rtpengine=free_port(),
            exchange=self._exchange_port,
            web=web_port,
            rtp_first=first_port,
            rtp_last=first_port + _PORTS_EACH - 101,
            relay_first=first_port + _PORTS_EACH - 100,
            relay_last=first_port + _PORTS_EACH - 1,
            caller_id=CALLER_ID,
        )
        path.write_text(text, encoding="utf-8")
        self.web_url = f"http://127.0.0.1:{web_port}/"
        return configuration.load(path)

    async def _start(self) -> None:
        for folder in (self.config.paths.state, self.config.paths.runtime):
            folder.mkdir(parents=True, exist_ok=True)
        await self._start_exchange()
        await self._start_edge()
        await self._start_service()
        if not self.options.headless:
            await self._start_pages()
        async with Client(self.config.paths.control_socket) as client:
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
        await _until_says_ready(child)

    async def _start_edge(self) -> None:
        rendered = edge.render(self.config, self.config.paths.runtime / "kamailio")
        edge.check(rendered)
        rtpengine = await self.processes.start("rtpengine", rendered.rtpengine_command())
        await until_bound(rtpengine, int(self.config.edge.rtpengine.rpartition(":")[2]))
        kamailio = await self.processes.start("kamailio", rendered.kamailio_command())
        await until_exists(kamailio, rendered.rpc_socket)

    async def _start_service(self) -> None:
        argv = [sys.executable, "-m", "firmware", "serve", "--config", str(self.directory / "strowger.toml")]
        self._service = await self.processes.start("service", argv)
        await until_exists(self._service, self.config.paths.control_socket)

    async def _start_pages(self) -> None:
        argv = [sys.executable, "-m", "web_ui", "--config", str(self.directory / "strowger.toml")]
        pages = await self.processes.start("pages", argv)
        await until_listening(pages, int(self.web_url.rstrip("/").rpartition(":")[2]))

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
        await _until_says_ready(child)

    async def _hire(self, client: Client, name: str) -> Mapping[str, Any]:
        made = await client.ask(
            "user.create",
            login=f"sim-{name.lower()}",
            name=name,
            role="agent",
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


async def _until_says_ready(child: Child, timeout_s: float = 20.0) -> None:
    """The simulators say ``ready: ...`` on their standard output."""
    deadline = asyncio.get_running_loop().time() + timeout_s
    while "ready:" not in child.output.read_text(encoding="utf-8", errors="replace"):
        if child.process.returncode is not None or asyncio.get_running_loop().time() > deadline:
            raise StartFailed(f"{child.name} did not come up; see {child.output}")
        await asyncio.sleep(0.05)


_CONFIG = """\
[box]
name = "Strowger"

[paths]
state = {state}
runtime = {runtime}
prompts = {prompts}

[sip]
port = {sip}
proxy = "127.0.0.1:{proxy}"
rtp_first = {rtp_first}
rtp_last = {rtp_last}

[edge]
listen = ["127.0.0.1:{proxy}"]
media_address = "127.0.0.1"
rtpengine = "127.0.0.1:{rtpengine}"
rtpengine_first = {relay_first}
rtpengine_last = {relay_last}

[[trunk]]
name = "provider"
host = "127.0.0.1"
port = {exchange}
caller_ids = ["{caller_id}"]

[web]
listen = "127.0.0.1:{web}"
"""
