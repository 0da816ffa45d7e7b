"""Commands about wallboards: ``wall.add|revoke``. The secret of a link is told once and kept as a hash only."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from typing import Annotated, Any

from firmware.commands.context import Context
from firmware.commands.texts import refuse
from firmware.control import Control
from firmware.store import walls
from firmware.typed import Length, OneOf

FIGURES = (
    *("calls_now", "talking", "ready", "paused", "connect_rate", "abandon_rate", "progress", "left"),
    *(
        "calls_today",
        "reached_today",
        "incoming_today",
        "missed_today",
        "callbacks_today",
        "callbacks_missed",
    ),
)
"""What a wallboard can show."""
FEWEST, MOST = 4, 6
LARGEST_TARGET = 1_000_000.0
_SECRET_BYTES = 24


class WallCommands:
    """Links to wallboards."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        control.add("wall.add", self.add)
        control.add("wall.revoke", self.revoke)

    async def add(
        self,
        name: Annotated[str, Length(1, 60)],
        language: Annotated[str, OneOf(("de", "en"))],
        figures: Annotated[list[dict[str, Any]], Length(0, 20)],
        by: Annotated[str, Length(0, 80)] = "",
    ) -> Mapping[str, Any]:
        """Make a wallboard -> ``id, token``; the token is never told again."""
        chosen = [each.get("figure") for each in figures]
        if not FEWEST <= len(chosen) <= MOST or len({*chosen} & {*FIGURES}) != len(chosen):
            raise refuse("figures", "wall_figures_wrong")
        for each in figures:
            target = each.get("target")
            right = isinstance(target, int | float) and not isinstance(target, bool)
            if target is not None and not (right and 0 <= target <= LARGEST_TARGET):
                raise refuse("figures", "wall_target_wrong")
        fit = [{"figure": each["figure"], "target": each.get("target")} for each in figures]
        token, now = secrets.token_urlsafe(_SECRET_BYTES), self._context.clock.utc()
        digest = hashlib.sha256(token.encode()).hexdigest()
        made = await self._context.store.do(
            lambda conn: walls.add(conn, digest, name, language, fit, by, now)
        )
        return {"id": made, "token": token}

    async def revoke(self, id: int, by: Annotated[str, Length(0, 80)] = "") -> None:  # noqa: A002
        """The link opens nothing any more."""
        now = self._context.clock.utc()
        await self._context.store.do(lambda conn: walls.revoke(conn, id, by, now))
