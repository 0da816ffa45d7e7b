"""A box that takes calls, for scenarios: somebody rings, and what became of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from firmware.config import InboundConfig
from firmware.model import AgentState, LegId, UserId
from firmware.reception import Incoming
from firmware.service import Service
from firmware.store import inbound
from firmware.trunks.simulated import FarEnd
from tests.scenario.box import HUMAN, Box, number

CALLER, OURS = number(7), "+493023125000"
LEG = LegId("in-1")
NO_ANSWER = FarEnd()


class Office(Box):
    """A box that takes calls by these rules."""

    def __init__(self, folder: Path, *rules: InboundConfig, far_end: FarEnd = HUMAN, **more: Any) -> None:
        super().__init__(folder, lambda *_: far_end, **more)
        self.config = replace(self.config, inbound=rules)
        self.service = Service(self.config, self.clock, self.media, self.outside, self.machine)
        self.clock.on_settle(self.service.idle)

    async def ring(self, caller: str = CALLER, leg: LegId = LEG, called: str = OURS) -> Incoming | None:
        """Somebody calls; the call as the reception has it."""
        self.media.call_in(leg, caller, called, "provider")
        await self.clock.advance(0.1)
        live = self.service.reception.live()
        return live[-1] if live else None

    async def calls(self) -> list[inbound.InboundCall]:
        def work(conn: Any) -> list[inbound.InboundCall]:
            uids = conn.execute("SELECT uid FROM inbound_call ORDER BY id").fetchall()
            return [inbound.get(conn, uid) for (uid,) in uids]

        return await self.service.store.do(work)

    def state(self, user: UserId) -> AgentState:
        return self.service.desks.state(user)

    async def desk(self, user: UserId) -> Any:
        return await self.service.inbound_commands.instead("state", self.service.desk_commands.state)(
            user_id=user
        )

    async def wrap_up(self, user: UserId, code: str, **more: Any) -> None:
        attempt = self.service.desks.agent(user).attempt
        command = self.service.inbound_commands.instead("wrap_up", self.service.desk_commands.wrap_up)
        await command(user_id=user, attempt=attempt, code=code, key=f"k-{attempt}", **more)


OFFICE = InboundConfig("office", ring_s=5.0, wait_s=30.0)
