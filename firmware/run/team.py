"""Simulated agents at their desks: they press the buttons a person would, through the control socket.

Their phones are separate programs (``board.sim phones``) that register at Kamailio like any desk phone. A desk logs in,
gets ready, and after each conversation takes a moment for the wrap-up and chooses a result from the campaign's
codes. When the service goes away it comes back as soon as the service does, and says again every result that was not
confirmed: sending one twice is harmless, because each carries a key.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firmware.client import Client
from firmware.model import AgentState, OperatorError, ServiceGone

COME_BACK_S = 0.25


@dataclass(frozen=True, slots=True)
class Manners:
    """How simulated agents work. Seconds, drawn evenly between the two."""

    talk_s: tuple[float, float] = (3.0, 9.0)
    wrap_up_s: tuple[float, float] = (0.5, 2.0)
    hangs_up_share: float = 0.5
    """How often it is the agent who ends the conversation."""


class Desk:
    """One simulated agent."""

    def __init__(self, socket: Path, user_id: int, manners: Manners, seed: int) -> None:
        self._socket = socket
        self._user_id = user_id
        self._manners = manners
        self._random = random.Random(seed)
        self._acknowledged: dict[str, str] = {}
        self._owed: dict[str, dict[str, Any]] = {}
        self._spent: dict[AgentState, float] = {}
        self._state: tuple[AgentState, float] | None = None
        self._step: tuple[AgentState, str | None] | None = None
        self._conversation: asyncio.Task[None] | None = None

    @property
    def spent(self) -> dict[AgentState, float]:
        """Seconds in each state so far, as the box showed them."""
        return dict(self._spent)

    @property
    def acknowledged(self) -> dict[str, str]:
        """Attempt -> wrap-up code, for every result the service has confirmed."""
        return dict(self._acknowledged)

    async def work(self) -> None:
        """Work until cancelled."""
        while True:
            with contextlib.suppress(ServiceGone):
                await self._shift()
            await asyncio.sleep(COME_BACK_S)

    async def _shift(self) -> None:
        self._step = None
        tasks: set[asyncio.Task[None]] = set()
        async with Client(self._socket) as ears, Client(self._socket) as hands:
            await hands.ask("desk.log_in", user_id=self._user_id)
            for attempt in list(self._owed):
                await self._send_result(hands, attempt)
            await self._get_ready(hands)
            try:
                async for kind, data in ears.events():
                    for agent in data["agents"] if kind == "snapshot" else [data] if kind == "agent" else []:
                        if agent["id"] == self._user_id:
                            await self._react(hands, agent, tasks)
            finally:
                for task in list(tasks):
                    task.cancel()

    async def _react(self, hands: Client, agent: Mapping[str, Any], tasks: set[asyncio.Task[None]]) -> None:
        """One step of a call is acted on once, however often it is told; the next one never waits for the last."""
        state = AgentState(agent["state"])
        self._account(state)
        if state is AgentState.PAUSED:
            await asyncio.sleep(COME_BACK_S)
            await self._get_ready(hands)
        if (step := (state, agent["attempt"])) == self._step:
            return
        self._step = step
        if self._conversation is not None:
            self._conversation.cancel()
        if state is AgentState.TALKING:
            self._conversation = _start(self._talk(hands), tasks)
        elif state is AgentState.WRAP_UP:
            _start(self._wrap_up(hands, agent["attempt"]), tasks)

    def _account(self, state: AgentState) -> None:
        now_s = asyncio.get_running_loop().time()
        if self._state is not None:
            before, since_s = self._state
            self._spent[before] = self._spent.get(before, 0.0) + now_s - since_s
        self._state = (state, now_s)

    async def _get_ready(self, hands: Client) -> None:
        with contextlib.suppress(OperatorError):
            await hands.ask("desk.ready", user_id=self._user_id)

    async def _talk(self, hands: Client) -> None:
        if self._random.random() < self._manners.hangs_up_share:
            await asyncio.sleep(self._random.uniform(*self._manners.talk_s))
            with contextlib.suppress(OperatorError, ServiceGone):
                await hands.ask("desk.hang_up", user_id=self._user_id)

    async def _wrap_up(self, hands: Client, attempt: str) -> None:
        await asyncio.sleep(self._random.uniform(*self._manners.wrap_up_s))
        with contextlib.suppress(ServiceGone):
            desk = await hands.ask("desk.state", user_id=self._user_id)
            codes = [c["code"] for c in desk["wrap_up"]["codes"] if c["disposition"] != "callback"]
            key = f"{attempt}-{self._user_id}"
            self._owed[attempt] = {"code": self._random.choice(codes), "note": "", "key": key}
            await self._send_result(hands, attempt)

    async def _send_result(self, hands: Client, attempt: str) -> None:
        result = self._owed[attempt]
        try:
            await hands.ask("desk.wrap_up", user_id=self._user_id, attempt=attempt, **result)
        except OperatorError:
            del self._owed[attempt]
        else:
            self._acknowledged[attempt] = self._owed.pop(attempt)["code"]


def _start(work: Coroutine[Any, Any, None], tasks: set[asyncio.Task[None]]) -> asyncio.Task[None]:
    task = asyncio.create_task(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    return task
