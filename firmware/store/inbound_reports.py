"""The part of the read model that is about calls that came in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from firmware.model import AttemptUid
from firmware.store import inbound
from firmware.store.inbound import InboundCall
from firmware.store.reading import Readers

_NARROWED = {
    "queue": "i.rule",
    "campaign_id": "i.campaign_id",
    "contact_list_id": "i.contact_list_id",
    "outcome": "i.outcome",
}


class InboundReports:
    """Questions about calls that came in. Raises nothing but ``StoreUnavailable`` unless it says so."""

    _readers: Readers

    def inbound_call(self, uid: str) -> InboundCall | None:
        """One call; None: there is none with this uid."""
        with self._readers.read() as conn:
            return inbound.find(conn, AttemptUid(uid))

    def inbound_recent(self, limit: int) -> list[InboundCall]:
        """The latest calls, newest first."""
        sql = f"SELECT {inbound.COLUMNS} FROM inbound_call i ORDER BY i.offered_at DESC, i.id DESC LIMIT ?"  # noqa: S608
        with self._readers.read() as conn:
            return [inbound.read(row) for row in conn.execute(sql, (limit,)).fetchall()]

    def inbound_ended(
        self, since: float, after: tuple[float, int], limit: int, asked: Mapping[str, Any]
    ) -> list[tuple[int, InboundCall]]:
        """Calls in the order they ended, each after its place in that order; as ``attempts_ended``.

        ``asked`` narrows them: ``queue campaign_id contact_list_id outcome``, None for any.
        """
        narrowed = {_NARROWED[name]: value for name, value in asked.items() if value is not None}
        where = "".join(f" AND {column} = ?" for column in narrowed)
        sql = (
            f"SELECT i.id, {inbound.COLUMNS} FROM inbound_call i WHERE i.outcome IS NOT NULL AND i.ended_at >= ?"  # noqa: S608
            f" AND (i.ended_at, i.id) > (?, ?){where} ORDER BY i.ended_at, i.id LIMIT ?"
        )
        with self._readers.read() as conn:
            rows = conn.execute(sql, (since, *after, *narrowed.values(), limit)).fetchall()
        return [(row[0], inbound.read(row[1:])) for row in rows]


__all__ = ["InboundCall", "InboundReports"]
