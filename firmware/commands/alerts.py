"""Commands about alerts: ``alert.acknowledge|tell|tell_no_more``, and the keeper that watches for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from firmware.alerts.keeper import AlertKeeper
from firmware.alerts.rules import RULES
from firmware.commands.context import Context
from firmware.commands.texts import refuse
from firmware.control import Control
from firmware.mail import message
from firmware.mail.sender import MailSender
from firmware.store import alerts
from firmware.typed import Length, OneOf


class AlertCommands:
    """What people do with alerts."""

    def __init__(self, context: Context, sender: MailSender) -> None:
        self._context = context
        self.keeper = AlertKeeper(context.config, context.clock, context.store, context.hub, sender)

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        control.add("alert.acknowledge", self.acknowledge)
        control.add("alert.tell", self.tell)
        control.add("alert.tell_no_more", self.tell_no_more)

    async def acknowledge(self, id: int, by: Annotated[str, Length(1, 80)]) -> None:  # noqa: A002
        """Somebody has seen an alert; it ends when its cause does."""
        now = self._context.clock.utc()
        await self._context.store.do(lambda conn: alerts.acknowledge(conn, id, by, now))

    async def tell(
        self,
        address: str,
        language: Annotated[str, OneOf(("de", "en"))],
        rules: Annotated[list[Annotated[str, OneOf(tuple(RULES))]], Length(0, len(RULES))],
        by: Annotated[str, Length(0, 80)] = "",
    ) -> Mapping[str, Any]:
        """Tell somebody by mail from now on -> ``id``; no ``rules``: of every alert."""
        if not message.is_address(address):
            raise refuse("address", "mail_address_wrong", value=address)
        now, chosen = self._context.clock.utc(), sorted(set(rules))
        made = await self._context.store.do(
            lambda conn: alerts.add_receiver(conn, address, language, chosen, by, now)
        )
        if made is None:
            raise refuse("address", "alert_receiver_twice", address=address)
        return {"id": made}

    async def tell_no_more(self, id: int) -> None:  # noqa: A002
        """Tell somebody no more."""
        await self._context.store.do(lambda conn: alerts.remove_receiver(conn, id))
