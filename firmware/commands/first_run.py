"""How far the first run is: ``first_run.state|mark``. What the steps set is written by the commands they belong to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from firmware.control import Control
from firmware.store import settings
from firmware.store.store import Store
from firmware.typed import OneOf

if TYPE_CHECKING:
    import sqlite3

STEPS = (
    "language",
    "owner",
    "country",
    "clock",
    "network",
    "trunk",
    "extensions",
    "hours",
    "greeting",
    "backup",
    "retention",
    "sheet",
)
_KEY = "first_run"


class FirstRunCommands:
    """Each step is done, skipped or still to do; in any order, on any day."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        control.add("first_run.state", self.state)
        control.add("first_run.mark", self.mark)

    async def state(self) -> Mapping[str, Any]:
        """How far it is -> ``steps`` (step -> ``done skipped``, empty: to do), in their order."""
        noted = await self._store.do(_noted)
        return {"steps": {step: noted.get(step, "") for step in STEPS}}

    async def mark(
        self, step: Annotated[str, OneOf(STEPS)], state: Annotated[str, OneOf(("done", "skipped", ""))]
    ) -> None:
        """Note what became of a step; a step that was done is not skipped any more."""

        def work(conn: sqlite3.Connection) -> None:
            noted = _noted(conn)
            if not (state == "skipped" and noted.get(step) == "done"):
                settings.put(conn, _KEY, {**noted, step: state})

        await self._store.do(work)


def _noted(conn: sqlite3.Connection) -> dict[str, str]:
    noted = settings.get(conn, _KEY, {})
    return noted if isinstance(noted, dict) else {}
