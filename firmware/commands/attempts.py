"""What can be asked about one attempt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from firmware.control import Control
from firmware.model import AttemptUid
from firmware.store import attempts
from firmware.store.store import Store


class AttemptCommands:
    """The ``attempt.*`` commands."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add_to(self, control: Control) -> None:
        """Make the commands known."""
        control.add("attempt.permit", self.permit)

    async def permit(self, uid: AttemptUid) -> Mapping[str, Any]:
        """Why this call was allowed, and what became of it. Refused for an unknown uid."""
        attempt = await self._store.do(lambda conn: attempts.get(conn, uid))
        return {
            "attempt": attempt.uid,
            "campaign_id": attempt.campaign_id,
            "started_at": attempt.started_at,
            "disposition": attempt.disposition,
            "permit": asdict(attempt.permit),
        }
