"""The office's commands on a real store and a real control socket; only what the service would tell is told here."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from firmware.client import Client
from firmware.clock import FakeClock
from firmware.commands.context import Context
from firmware.commands.machinery import Machinery
from firmware.commands.office import Office
from firmware.config import Config, PathsConfig, TrunkConfig
from firmware.control import Control
from firmware.hub import Hub
from firmware.model import AgentState, OperatorError
from firmware.store import contacts
from firmware.store.contacts import NewContact
from firmware.store.store import Store
from tests import databases

HASH = "scrypt$16384$8$5$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2g="
CALLER = "+493023125001"


@dataclass
class Around:
    """What the rest of the service would know, and what it was told."""

    trunks: dict[str, bool] = field(default_factory=lambda: {"provider": True, "other": False})
    agents: dict[int, AgentState] = field(default_factory=dict)
    room: bool = True
    people_changed: int = 0
    campaigns_changed: int = 0
    gone: list[int] = field(default_factory=list)
    confirmed: int = 0
    why_not: list[dict[str, Any]] = field(default_factory=list)
    machinery: Machinery = field(default_factory=Machinery)

    async def people(self) -> None:
        self.people_changed += 1

    async def campaigns(self) -> None:
        self.campaigns_changed += 1

    def confirm(self) -> float:
        self.confirmed += 1
        return 1.0


class Box:
    """A running office and a connection to it."""

    def __init__(
        self, config: Config, store: Store, hub: Hub, office: Office, clock: FakeClock, around: Around
    ):
        self.config, self.store, self.hub, self.office = config, store, hub, office
        self.clock, self.around = clock, around
        self.heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        hub.subscribe(lambda line: self.heard.put_nowait(json.loads(line)))

    async def ask(self, do: str, **args: Any) -> Any:
        async with Client(self.config.paths.control_socket) as client:
            return await client.ask(do, **args)

    async def refused(self, do: str, **args: Any) -> dict[str, str]:
        """Where -> key of every problem."""
        with pytest.raises(OperatorError) as error:
            await self.ask(do, **args)
        return {problem.where: problem.key for problem in error.value.problems}

    async def next_import(self, ready: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        while True:
            event = await asyncio.wait_for(self.heard.get(), 60)
            if event["event"] == "import" and ready(event["data"]):
                return event["data"]

    async def agent(self, login: str = "anna") -> int:
        made = await self.ask(
            "user.create", login=login, name=login.title(), roles=["agent"], password_hash=HASH
        )
        return int(made["id"])

    def upload(self, text: str | bytes, name: str = "upload-1") -> str:
        path = self.config.paths.uploads / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return str(path)

    async def contact_list(self, rows: int = 3, name: str = "Liste") -> int:
        def work(conn: sqlite3.Connection) -> int:
            made = contacts.create_list(conn, name, self.clock.utc())
            contacts.add(conn, made, (NewContact(f"+4930231250{n:02d}") for n in range(rows)))
            return made

        return await self.store.do(work)


def config_in(folder: Path) -> Config:
    return Config(
        paths=PathsConfig(state=folder / "state", runtime=folder / "run"),
        trunks=(
            TrunkConfig(name="provider", host="192.0.2.1", caller_ids=(CALLER,)),
            TrunkConfig(name="other", host="192.0.2.2", caller_ids=(CALLER,)),
        ),
    )


@asynccontextmanager
async def opened(folder: Path, around: Around | None = None) -> AsyncIterator[Box]:
    config, clock, around = config_in(folder), FakeClock(), around or Around()
    config.paths.state.mkdir(parents=True, exist_ok=True)
    failures: list[BaseException] = []
    databases.lay(config.paths.database)
    store = Store(config.paths.database, config.paths.opt_out_journal, failures.append, ballast_bytes=0)
    await store.open()
    hub = Hub(clock)
    office = Office(
        Context(
            config=config,
            clock=clock,
            store=store,
            hub=hub,
            people_changed=around.people,
            campaigns_changed=around.campaigns,
            campaign_gone=around.gone.append,
            trunk_up=lambda name: around.trunks[name],
            agent_state=lambda user_id: around.agents.get(user_id, AgentState.LOGGED_OUT),
            room=lambda: around.room,
            confirm_clock=around.confirm,
            dialling_allowed=lambda: around.why_not,
            machinery=around.machinery,
        )
    )
    await office.prepare()
    control = Control(config.paths.control_socket, hub)
    office.add_to(control)
    await control.start()
    try:
        yield Box(config, store, hub, office, clock, around)
    finally:
        await control.stop()
        await office.stop()
        await store.close()
    assert failures == []


def run(scene: Callable[[Box], Awaitable[None]], folder: Path | None = None) -> None:
    async def play() -> None:
        with tempfile.TemporaryDirectory(prefix="strowger-") as fresh:
            async with opened(folder or Path(fresh)) as box:
                await scene(box)

    asyncio.run(play())
