"""The office's commands for calls that came in: ``inbound.list|figures|call_back``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from firmware.commands.context import Context
from firmware.commands.promised_time import Place, place
from firmware.commands.texts import refuse
from firmware.compliance.numbers import mask, zones_of
from firmware.control import Control
from firmware.model import AttemptUid, CampaignId, ContactListId, UserId
from firmware.store import campaigns, inbound, inbound_lists
from firmware.typed import Length, OneOf, Range

if TYPE_CHECKING:
    import sqlite3

PAGE_ROWS = 50
_Moment = Annotated[float, Range(0.0, 1e18)]


class InboundOfficeCommands:
    """Who called, who was missed, and what is done about it."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        for name in ("list", "figures", "call_back"):
            control.add(f"inbound.{name}", getattr(self, name))

    async def list(
        self,
        show: Annotated[str, OneOf(inbound_lists.SHOWN)] = "all",
        rule: Annotated[str, Length(0, 32)] = "",
        since: _Moment = 0.0,
        until: _Moment = 1e18,
        page: Annotated[int, Range(1, 1_000_000)] = 1,
        masked: bool = False,
        campaign_id: CampaignId | None = None,
        contact_list_id: ContactListId | None = None,
    ) -> Mapping[str, Any]:
        """Calls that came in, newest first -> ``rows, total, page, pages, counts, rules``; perhaps masked."""
        rules = [each.name for each in self._context.config.inbound]
        choice = inbound_lists.Choice(show, rule, since, until, campaign_id, contact_list_id)

        def work(conn: sqlite3.Connection) -> Mapping[str, Any]:
            total, rows = inbound_lists.listing(conn, choice, PAGE_ROWS, (page - 1) * PAGE_ROWS)
            pages = max(1, -(-total // PAGE_ROWS))
            return {
                "rows": [_masked(row) for row in rows] if masked else rows,
                "total": total, "page": page, "pages": pages,
                "counts": inbound_lists.counts(conn, choice), "rules": rules,
            }  # fmt: skip

        return await self._context.store.do(work)

    async def figures(self, since: _Moment, until: _Moment) -> Mapping[str, Any]:
        """Answered and missed calls by the hour -> ``hours``."""
        return {"hours": await self._context.store.do(lambda conn: inbound_lists.by_hour(conn, since, until))}

    async def call_back(self, attempt: AttemptUid, user_id: UserId) -> Mapping[str, Any]:
        """Promise whoever was missed a callback by the team, as soon as the rules allow a call -> ``promised_at``."""
        now = self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> float:
            call = inbound.seen_to(conn, attempt, now)
            if call.promise_id is not None:
                raise refuse("attempt", "called_back_already")
            there = place_of(conn, call)
            zone = (
                there.zone
                if there is not None
                else (*zones_of(call.caller), self._context.config.box.zone)[0]
            )
            at = now if there is None else there.lawful(now)[1]
            if at is None:
                raise refuse("attempt", "caller_not_callable")
            inbound.promise(conn, call, at, zone, now, by=user_id)
            return at

        return {"promised_at": await self._context.store.do(work)}


def place_of(conn: sqlite3.Connection, call: inbound.InboundCall) -> Place | None:
    """Return what times the caller can be promised; None for one whom no campaign knows."""
    if call.contact_id is None or call.campaign_id is None:
        return None
    return place(conn, call.contact_id, campaigns.get(conn, call.campaign_id))


def _masked(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**row, "caller": mask(row["caller"]) if row["caller"] else "", "caller_text": ""}
