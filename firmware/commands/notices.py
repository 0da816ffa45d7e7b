"""What agents are told of their campaigns: shown on their desks until they confirm it (``desk.confirm_notice``).

Who is told when is decided where campaigns are begun (``campaign.announce``, ``campaign.start``).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from firmware.calls.desks import Desks
from firmware.clock import Clock
from firmware.control import Control
from firmware.model import OperatorError, UserId
from firmware.store import notices
from firmware.store.notices import Notice
from firmware.store.store import Store


class NoticeCommands:
    """What is on desks, by agent."""

    def __init__(self, clock: Clock, store: Store, desks: Desks) -> None:
        self._clock = clock
        self._store = store
        self._desks = desks
        self._waiting: dict[UserId, list[Notice]] = {}

    def add_to(self, control: Control) -> None:
        """Answer the command."""
        control.add("desk.confirm_notice", self.confirm_notice)

    async def look(self) -> None:
        """Campaigns or their agents have changed: show what counts now."""
        found: dict[UserId, list[Notice]] = {}
        for notice in await self._store.do(notices.waiting):
            found.setdefault(notice.user_id, []).append(notice)
        before, self._waiting = self._waiting, found
        for user in before.keys() | found.keys():
            if before.get(user) != found.get(user):
                with suppress(OperatorError):  # who has no desk at present sees it later
                    self._desks.refresh(user)

    def at_desk(self, user_id: UserId) -> Mapping[str, Any]:
        """What an agent's own desk shows."""
        told = self._waiting.get(user_id, ())
        return {
            "notices": [{"id": n.id, "campaign": n.campaign, "kind": n.kind, "at": n.made_at} for n in told]
        }

    async def confirm_notice(self, user_id: UserId, id: int) -> None:  # noqa: A002
        """The agent knows, and is there."""
        now = self._clock.utc()
        await self._store.do(lambda conn: notices.confirm(conn, id, user_id, now))
        await self.look()
