"""Commands about saved reports: ``report.save|remove``. When they are sent is ``report_mail``'s."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from firmware.commands.context import Context
from firmware.commands.texts import refuse
from firmware.control import Control
from firmware.model import UserId
from firmware.store import views
from firmware.typed import Length

_KEYS = {"kind": str, "from": str, "to": str, "by": str, "span": str}
_MOST_CAMPAIGNS = 500


class ReportCommands:
    """What people keep of the reports they look at."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        control.add("report.save", self.save)
        control.add("report.remove", self.remove)

    async def save(
        self,
        name: Annotated[str, Length(1, 60)],
        user_id: UserId,
        query: dict[str, Any],
        shared: bool = False,
    ) -> Mapping[str, Any]:
        """Keep a report under a name -> ``id``; one's own of the same name is replaced."""
        fit, now = _fit(query), self._context.clock.utc()
        made = await self._context.store.do(
            lambda conn: views.save(conn, name.strip(), user_id, shared, fit, now)
        )
        return {"id": made}

    async def remove(self, id: int, user_id: UserId) -> None:  # noqa: A002
        """Forget one's own saved report and when it was sent."""
        await self._context.store.do(lambda conn: views.remove(conn, id, user_id))


def _fit(query: Mapping[str, Any]) -> dict[str, Any]:
    """Only what a report asks for, of the right kind. :raises OperatorError: it is not."""
    campaigns = query.get("campaigns", [])
    right = (
        isinstance(campaigns, list)
        and len(campaigns) <= _MOST_CAMPAIGNS
        and all(isinstance(each, int) for each in campaigns)
        and all(
            isinstance(query.get(key, ""), kind) and len(query.get(key, "")) <= 20
            for key, kind in _KEYS.items()
        )
    )
    if not right:
        raise refuse("query", "report_not_asked")
    return {**{key: query.get(key, "") for key in _KEYS}, "campaigns": campaigns}
