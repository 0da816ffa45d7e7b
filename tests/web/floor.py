"""Puppets for what people do with each other's calls: they note what was asked; the directory is the real one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from firmware.clock import Clock
from firmware.commands.destinations import DestinationCommands
from firmware.control import Control
from firmware.store.store import Store


class FloorPuppets:
    """``desk.whom|consult|party|raise_hand|read_message|confirm_notice`` and ``team.*``."""

    def __init__(self, clock: Clock, store: Store, note: Callable[..., None]) -> None:
        self.destinations = DestinationCommands(clock, store, "DE")
        self._note = note
        self._rules = {"allowed": True, "announced": True}

    def add_to(self, control: Control) -> None:
        """Answer them."""
        self.destinations.add_to(control)
        for name in ("whom", "consult", "party", "raise_hand", "read_message", "confirm_notice"):
            control.add(f"desk.{name}", getattr(self, name))
        for name in ("listen", "leave", "force", "message", "rules", "set_rules"):
            control.add(f"team.{name}", getattr(self, name))

    async def whom(self, user_id: int) -> Mapping[str, Any]:
        self._note("whom", user_id=user_id)
        return {"colleagues": [{"id": 7, "name": "Bernd", "state": "ready"}], "destinations": []}

    async def consult(self, user_id: int, kind: str, id: int, blind: bool) -> None:  # noqa: A002
        self._note("consult", user_id=user_id, kind=kind, id=id, blind=blind)

    async def party(self, user_id: int, wish: str) -> None:
        self._note("party", user_id=user_id, wish=wish)

    async def raise_hand(self, user_id: int, up: bool) -> None:
        self._note("raise_hand", user_id=user_id, up=up)

    async def read_message(self, user_id: int, id: int) -> None:  # noqa: A002
        self._note("read_message", user_id=user_id, id=id)

    async def confirm_notice(self, user_id: int, id: int) -> None:  # noqa: A002
        self._note("confirm_notice", user_id=user_id, id=id)

    async def listen(self, by: int, agent_id: int, kind: str) -> None:
        self._note("listen", by=by, agent_id=agent_id, kind=kind)

    async def leave(self, by: int) -> None:
        self._note("leave", by=by)

    async def force(self, by: int, agent_id: int, to: str) -> None:
        self._note("force", by=by, agent_id=agent_id, to=to)

    async def message(self, by: int, agent_id: int, text: str) -> None:
        self._note("message", by=by, agent_id=agent_id, text=text)

    async def rules(self) -> Mapping[str, Any]:
        return self._rules

    async def set_rules(self, by: int, allowed: bool, announced: bool) -> None:
        self._note("set_rules", by=by)
        self._rules = {"allowed": allowed, "announced": announced}
