"""A whole box on a fake clock: the real service, store and control socket, scripted far ends."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from firmware.campaigns import defaults
from firmware.clock import FakeClock
from firmware.config import Config, PathsConfig, TrunkConfig
from firmware.model import (
    AgentState,
    CallWindow,
    CampaignId,
    CampaignSettings,
    CampaignState,
    ContactListId,
    Disposition,
    PhoneMode,
    Role,
    UserId,
)
from firmware.probe import Disk, Memory
from firmware.service import Service
from firmware.store import attempts, campaigns, contacts, users
from firmware.trunks.base import Route
from firmware.trunks.simulated import FarEnd, SimulatedMedia, SimulatedOutside

MONDAY_10 = 1_799_053_200.0
"""Monday 2027-01-04, 10:00 in Berlin."""
PHONE = FarEnd(rings_after_s=0.01, answers_after_s=0.1)
HUMAN = FarEnd(answers_after_s=4.0, hangs_up_after_s=30.0)
ALWAYS = tuple(CallWindow(day, 0, 24 * 60) for day in range(7))


class Machine:
    """What the machine says of itself, as the test has it."""

    def __init__(self) -> None:
        self.free_share = 0.5

    def disk(self, path: Path) -> Disk:
        return Disk(self.free_share, int(self.free_share * 1e11))

    def clock_synchronised(self) -> bool | None:
        return True

    def memory(self) -> Memory:
        return Memory(4 << 30, 8 << 30, 100 << 20)


PROVIDER = TrunkConfig(name="provider", host="127.0.0.1", caller_ids=("+493023125000",), lines=30)


class Box:
    """The service and hands to work it."""

    def __init__(
        self,
        folder: Path,
        far_end: Callable[[Route, int], FarEnd],
        at: float = MONDAY_10,
        trunk: TrunkConfig = PROVIDER,
    ) -> None:
        self.folder = folder
        self.clock = FakeClock(at)
        self.machine = Machine()
        self.outside = SimulatedOutside(["provider"])
        self.far_end = far_end
        self.media = SimulatedMedia(self.clock, self._meet)
        paths = PathsConfig(state=folder / "state", runtime=folder / "run")
        self.config = replace(Config(), paths=paths, trunks=(trunk,))
        self.service = Service(self.config, self.clock, self.media, self.outside, self.machine)
        self.clock.on_settle(self.service.idle)

    def _meet(self, route: Route, count: int) -> FarEnd:
        return PHONE if route.kind == "phone" else self.far_end(route, count)

    async def hire(self, *names: str, mode: PhoneMode = PhoneMode.NAILED_UP) -> list[UserId]:
        ids = [await self._hire(name, mode) for name in names]
        await self.service.people_changed()
        return ids

    async def _hire(self, name: str, mode: PhoneMode) -> UserId:
        new = users.NewUser(
            name, name, Role.AGENT, "x", phone_user=f"p{name}", phone_ha1="0" * 32, phone_mode=mode
        )
        return await self.service.store.do(lambda conn: users.create(conn, new, self.clock.utc()))

    async def import_list(
        self, numbers: Iterable[str], zones: tuple[str, ...] = ("Europe/Berlin",)
    ) -> ContactListId:
        rows = [contacts.NewContact(number, f"C{i}", zones, 0, {}) for i, number in enumerate(numbers)]

        def work(conn: Any) -> ContactListId:
            list_id = contacts.create_list(conn, f"list {self.clock.monotonic()}", self.clock.utc())
            contacts.add(conn, list_id, rows)
            return list_id

        return await self.service.store.do(work)

    async def run_campaign(
        self, list_id: ContactListId, agents: Iterable[UserId], **settings: Any
    ) -> CampaignId:
        whole: dict[str, Any] = {
            "windows": ALWAYS,
            "retry": defaults.RETRY,
            "wrap_up_codes": defaults.WRAP_UP_CODES,
            "trunk": "provider",
            "caller_id": "+493023125000",
        } | settings
        campaign = CampaignSettings(name="T", contact_list_id=list_id, agent_ids=tuple(agents), **whole)
        store = self.service.store
        campaign_id = await store.do(lambda conn: campaigns.create(conn, campaign, self.clock.utc()))
        await store.do(lambda c: campaigns.set_state(c, campaign_id, CampaignState.RUNNING, self.clock.utc()))
        await self.service.campaigns_changed()
        return campaign_id

    async def ready(self, *agents: UserId) -> None:
        for agent in agents:
            self.service.desks.log_in(agent)
            self.service.desks.ready(agent)
        await self.clock.advance(0.5)

    async def advance_working(self, seconds: float, code: str = "contacted") -> None:
        """Let time pass second by second; every agent in wrap-up gives ``code`` at once."""
        for _ in range(int(seconds)):
            await self.clock.advance(1.0)
            await self.wrap_up_all(code)

    async def wrap_up_all(self, code: str = "contacted") -> None:
        for agent in self.service.desks.agents():
            if agent.state is AgentState.WRAP_UP and agent.attempt is not None:
                await self.service.desk_commands.wrap_up(
                    agent.user_id, agent.attempt, code, f"k-{agent.attempt}"
                )

    async def counters(self, campaign_id: CampaignId) -> campaigns.Counters:
        return await self.service.store.do(lambda conn: campaigns.counters(conn, campaign_id))

    async def state(self, campaign_id: CampaignId) -> CampaignState:
        return (await self.service.store.do(lambda conn: campaigns.get(conn, campaign_id))).state

    async def attempts(self) -> list[attempts.Attempt]:
        """Every attempt, oldest first."""

        def work(conn: Any) -> list[attempts.Attempt]:
            uids = conn.execute("SELECT uid FROM attempt ORDER BY id").fetchall()
            return [attempts.get(conn, uid) for (uid,) in uids]

        return await self.service.store.do(work)

    @property
    def dialled(self) -> list[str]:
        """Numbers the far side was called for, in order."""
        return [placed.route.address for placed in self.media.placed if placed.route.kind == "trunk"]


def number(index: int) -> str:
    return f"+493023125{index:03d}"


def refused(after_s: float, code: int, cause: Any) -> FarEnd:
    return FarEnd(rings_after_s=None, refuses=(after_s, code, cause))


@asynccontextmanager
async def running(box: Box) -> AsyncIterator[Box]:
    await box.service.start()
    try:
        yield box
    finally:
        await box.service.stop()


__all__ = ["ALWAYS", "HUMAN", "MONDAY_10", "Box", "Disposition", "number", "refused", "running"]
