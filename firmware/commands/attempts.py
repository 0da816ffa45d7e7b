"""What can be asked about one attempt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from firmware.compliance.again import judge_again
from firmware.control import Control
from firmware.model import AttemptUid, Permit
from firmware.store import attempts, permits
from firmware.store.store import Store

if TYPE_CHECKING:
    import sqlite3

SAME, REPLACED = "same", "replaced"


class AttemptCommands:
    """The ``attempt.*`` commands."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add_to(self, control: Control) -> None:
        """Make the commands known."""
        control.add("attempt.permit", self.permit)

    async def permit(self, uid: AttemptUid) -> Mapping[str, Any]:
        """Why this call was allowed, and what became of it. Refused for an unknown uid.

        ``link`` is the permit's place in the chain, ``head`` the newest one. ``again``: what the judge says today to
        the permit's own facts: ``same``, another rule, or ``replaced`` where the rules are no longer those of then.
        """
        return await self._store.do(lambda conn: _permit(conn, uid))


def _permit(conn: sqlite3.Connection, uid: AttemptUid) -> Mapping[str, Any]:
    attempt = attempts.get(conn, uid)
    link = permits.link_of(conn, uid)
    return {
        "attempt": attempt.uid,
        "campaign_id": attempt.campaign_id,
        "started_at": attempt.started_at,
        "disposition": attempt.disposition,
        "permit": asdict(attempt.permit),
        "link": None if link is None else asdict(link),
        "head": asdict(permits.head(conn)),
        "again": _again(conn, attempt.permit),
    }


def _again(conn: sqlite3.Connection, permit: Permit) -> str:
    settings = permits.kept_settings(conn, permit.settings)
    answer = None if settings is None else judge_again(permit, settings)
    if answer is None:
        return REPLACED
    if isinstance(answer, Permit):
        return SAME if answer == permit else "changed"
    return answer.rule
