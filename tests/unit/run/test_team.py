"""A simulated agent against a control socket whose answers come late."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from firmware.clock import FakeClock
from firmware.control import Control
from firmware.hub import Hub
from firmware.run.team import Desk, Manners

AT_ONCE = Manners(talk_s=(0.0, 0.0), wrap_up_s=(0.0, 0.0), hangs_up_share=1.0)


class Service:
    """Notes what the agent asks for; a result is confirmed only when the test says so."""

    def __init__(self, path: Path) -> None:
        self.hub = Hub(FakeClock())
        self.control = Control(path, self.hub)
        self.confirmed = asyncio.Event()
        self.asked: asyncio.Queue[str] = asyncio.Queue()
        for name in ("log_in", "ready", "hang_up", "state"):
            self.control.add(f"desk.{name}", self._plain(name))
        self.control.add("desk.wrap_up", self.wrap_up)

    def _plain(self, name: str) -> Any:
        async def command(user_id: int) -> Mapping[str, Any]:
            self.asked.put_nowait(name)
            return {"wrap_up": {"codes": [{"code": "contacted", "disposition": "contacted"}]}}

        return command

    async def wrap_up(self, user_id: int, attempt: str, code: str, note: str, key: str) -> Mapping[str, Any]:
        self.asked.put_nowait(f"wrap_up {attempt}")
        await self.confirmed.wait()
        return {}

    def agent(self, state: str, attempt: str | None = None, **more: Any) -> None:
        self.hub.publish("agent", {"id": 1, "state": state, "attempt": attempt, **more})

    async def until(self, wanted: str) -> list[str]:
        """What was asked before this."""
        before: list[str] = []
        async with asyncio.timeout(10):
            while (asked := await self.asked.get()) != wanted:
                before.append(asked)
        return before


async def test_the_next_conversation_does_not_wait_for_the_last_confirmation() -> None:
    with tempfile.TemporaryDirectory() as folder:
        service = Service(Path(folder) / "s")
        await service.control.start()
        desk = Desk(Path(folder) / "s", 1, AT_ONCE, seed=1)
        work = asyncio.create_task(desk.work())
        try:
            await service.until("ready")
            service.agent("talking", "first")
            await service.until("hang_up")
            service.agent("wrap_up", "first")
            await service.until("wrap_up first")
            service.agent("talking", "second")
            service.agent("talking", "second", phone_open=True)
            service.confirmed.set()
            await service.until("hang_up")
            service.agent("wrap_up", "second")
            assert "hang_up" not in await service.until("wrap_up second"), "told twice, done once"
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
            await service.control.stop()
        assert desk.acknowledged["first"] == "contacted"


async def test_a_conversation_that_began_before_the_agent_listened_is_ended_too() -> None:
    with tempfile.TemporaryDirectory() as folder:
        service = Service(Path(folder) / "s")
        service.agent("talking", "early")
        await service.control.start()
        work = asyncio.create_task(Desk(Path(folder) / "s", 1, AT_ONCE, seed=1).work())
        try:
            await service.until("hang_up")
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
            await service.control.stop()
