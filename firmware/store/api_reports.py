"""The part of the read model that other programs ask: tokens, contacts and ended attempts, page after page.

Pages are told by a place to go on from, not by a number, so that nothing is left out or told twice while rows come and
go. A part of ``reports.Reports``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from firmware.model import CampaignId, ContactId, ContactListId, OperatorError
from firmware.store import callback_lists, contact_edits, contacts, tokens, webhooks
from firmware.store.attempt_rows import COLUMNS, Attempt, read
from firmware.store.callback_lists import Choice
from firmware.store.contact_edits import Whole
from firmware.store.reading import Readers
from firmware.store.tokens import Token
from firmware.store.webhooks import Delivery, Subscription


class ApiReports:
    """Questions of other programs. Raises nothing but ``StoreUnavailable`` unless it says so."""

    _readers: Readers

    def api_token(self, token_hash: str) -> Token | None:
        """The token with this hash, whether it counts or not."""
        with self._readers.read() as conn:
            return tokens.by_hash(conn, token_hash)

    def api_tokens(self) -> list[Token]:
        """Every token ever made, newest first."""
        with self._readers.read() as conn:
            return tokens.every(conn)

    def contact(self, contact: ContactId) -> Whole | None:
        """One contact with its numbers and version."""
        with self._readers.read() as conn:
            return contact_edits.whole(conn, contact)

    def contact_with(self, list_id: ContactListId, number: str) -> ContactId | None:
        """The list's contact with this first number (E.164). :raises ValueError: it is none."""
        with self._readers.read() as conn:
            return contact_edits.find(conn, list_id, number)

    def contacts_after(
        self,
        list_id: ContactListId,
        after: int,
        limit: int,
        state: str | None = None,
        number: str | None = None,
    ) -> list[Whole] | None:
        """Contacts of a list in order of id; None: no such list. :raises ValueError: ``number`` is not E.164."""
        with self._readers.read() as conn:
            if not contacts.exists(conn, list_id):
                return None
            return contact_edits.some(conn, list_id, after, limit, state, number)

    def callbacks_after(self, choice: Choice, now: float, after: int, limit: int) -> list[Mapping[str, Any]]:
        """Promised callbacks in order of id, with the names around them."""
        with self._readers.read() as conn:
            return callback_lists.after(conn, choice, now, after, limit)

    def callback(self, promise: int, now: float) -> Mapping[str, Any] | None:
        """One promised callback; None: there is none with this id."""
        with self._readers.read() as conn:
            try:
                return callback_lists.one(conn, promise, now)
            except OperatorError:
                return None

    def attempts_ended(
        self, since: float, after: tuple[float, int], limit: int, campaign: CampaignId | None = None
    ) -> list[tuple[int, Attempt]]:
        """Attempts with their disposition in the order they got it, each after its place in that order.

        Only those disposed of at ``since`` or later, and after the place ``after`` (time and row). An attempt that
        is open is not among them; it comes when it ends.
        """
        where, values = "", []
        if campaign is not None:
            where, values = " AND campaign_id = ?", [campaign]
        sql = (
            f"SELECT id, {COLUMNS} FROM attempt INDEXED BY attempt_by_end WHERE disposed_at IS NOT NULL"  # noqa: S608
            f" AND (disposed_at, id) > (?, ?) AND disposed_at >= ?{where} ORDER BY disposed_at, id LIMIT ?"
        )
        with self._readers.read() as conn:
            rows = conn.execute(sql, (*after, since, *values, limit)).fetchall()
        return [(row[0], read(row[1:])) for row in rows]

    def webhook_subscriptions(self) -> list[Subscription]:
        """Every webhook; nobody who reads needs its secret, and none is told."""
        with self._readers.read() as conn:
            found = webhooks.subscriptions(conn)
        return [replace(each, secret="") for each in found]

    def webhook_waiting(self) -> dict[int, int]:
        """How many deliveries wait, by webhook."""
        with self._readers.read() as conn:
            return webhooks.waiting(conn)

    def webhook_deliveries(self, number: int, before: int = 0, limit: int = 50) -> list[Delivery]:
        """What was sent to a webhook, newest first; ``before`` is an id to go on from."""
        with self._readers.read() as conn:
            return webhooks.deliveries(conn, number, before, limit)


__all__ = ["ApiReports", "Choice", "Delivery", "Subscription", "Token", "Whole"]
