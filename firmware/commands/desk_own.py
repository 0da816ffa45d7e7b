"""Commands about what is an agent's own: ``desk.keys|set_keys|open_items|checked``.

Which keys there are and what they may be is the pages' to know: here they are kept. Promised callbacks are part of
what is open; moving them and passing them on is ``callbacks``'.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from firmware.commands.context import Context
from firmware.commands.texts import refuse
from firmware.commands.users import present
from firmware.control import Control
from firmware.model import CampaignId, Disposition, UserId
from firmware.store import callback_lists, campaigns, own_desk
from firmware.store.callback_lists import Choice
from firmware.typed import Length

if TYPE_CHECKING:
    import sqlite3

MOST_CALLBACKS = 100
_Keys = Annotated[Mapping[str, Annotated[str, Length(0, 20)]], Length(0, 40)]


class DeskOwnCommands:
    """The keys of one's desk, and what one has not finished."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        for name in ("keys", "set_keys", "open_items", "checked"):
            control.add(f"desk.{name}", getattr(self, name))

    async def keys(self, user_id: UserId) -> Mapping[str, str]:
        """The keys chosen, by action; empty: as delivered."""
        return await self._context.store.do(lambda conn: own_desk.keys(conn, user_id))

    async def set_keys(self, user_id: UserId, keys: _Keys) -> None:
        """Keep the keys that are other than delivered, by action."""

        def work(conn: sqlite3.Connection) -> None:
            present(conn, user_id)
            own_desk.put_keys(conn, user_id, keys)

        await self._context.store.do(work)

    async def open_items(self, user_id: UserId) -> Mapping[str, Any]:
        """What is still an agent's -> ``callbacks, callbacks_open, callbacks_late, results, now``.

        A result has ``label_en`` and ``label_de`` of its code, and for one that can still be given, ``codes``.
        """
        now = self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> Mapping[str, Any]:
            _, rows = callback_lists.listing(conn, Choice("open", user_id), now, MOST_CALLBACKS)
            counts = callback_lists.own(conn, user_id, now)
            return {
                "callbacks": rows,
                "callbacks_open": counts["open"],
                "callbacks_late": counts["late"],
                "results": [_with_codes(conn, each) for each in own_desk.unchecked(conn, user_id, now)],
                "now": now,
            }

        return await self._context.store.do(work)

    async def checked(self, user_id: UserId, attempt: Annotated[str, Length(1, 40)]) -> None:
        """The agent has looked at a result the box gave."""
        now = self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> None:
            if not own_desk.check(conn, user_id, attempt, now):
                raise refuse("attempt", "item_not_open")

        await self._context.store.do(work)


def _with_codes(conn: sqlite3.Connection, item: Mapping[str, Any]) -> Mapping[str, Any]:
    """The labels of the campaign's codes; one that promises a callback needs a time, and has a form of its own."""
    number = item["campaign_id"]
    codes = campaigns.get(conn, CampaignId(number)).settings.wrap_up_codes if number is not None else ()
    given = next((each for each in codes if each.code == item["code"]), None)
    shown = [
        {"code": each.code, "label_en": each.label_en, "label_de": each.label_de}
        for each in codes
        if item["lost"] and each.disposition is not Disposition.CALLBACK
    ]
    labels = {"label_en": given.label_en, "label_de": given.label_de} if given else {}
    return {**item, **labels, "codes": shown}
