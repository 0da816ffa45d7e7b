"""What the pages ask about a list's contacts, and about a campaign's order and rules. Part of ``reports.Reports``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from firmware.model import CampaignId, ContactListId, OperatorError
from firmware.rulebook import reading
from firmware.rulebook.conditions import ALWAYS
from firmware.store import campaigns, contact_pages, ordering, rule_books
from firmware.store.reading import Readers


class OrderReports:
    """Questions about whom a campaign calls next and what follows."""

    _readers: Readers

    def contacts_of(self, list_id: ContactListId, wanted: contact_pages.Wanted) -> contact_pages.Seen:
        """A page of a list's contacts, searched, filtered and sorted."""
        with self._readers.read() as conn:
            return contact_pages.look(conn, list_id, wanted)

    def wanted_contacts(
        self, plain: Mapping[str, Any], search: str, page: int
    ) -> contact_pages.Wanted | None:
        """What to see of a list, from an order as JSON has it (filter and first sort); None: it cannot be read."""
        try:
            found = reading.order(plain, reading.OF_LIST)
        except OperatorError:
            return None
        sort = found.sorts[0] if found.sorts else None
        return contact_pages.Wanted(search, found.filter or ALWAYS, sort, page)

    def list_columns(self, list_id: ContactListId) -> list[str]:
        """The fields a list's contacts have besides those every contact has."""
        with self._readers.read() as conn:
            return contact_pages.columns(conn, list_id)

    def list_values(self, list_id: ContactListId) -> Mapping[str, list[str]]:
        """What occurs in columns that have few different values, to choose from."""
        with self._readers.read() as conn:
            return contact_pages.values(conn, list_id)

    def campaign_order(self, campaign: CampaignId) -> Mapping[str, Any]:
        """The order a campaign calls its contacts in, as JSON."""
        with self._readers.read() as conn:
            return reading.plain_order(ordering.order_of(conn, campaign))

    def signed_off(self, campaign: CampaignId) -> Mapping[str, Any] | None:
        """Who answers for keeping the law in a campaign; None where nobody started it by name."""
        with self._readers.read() as conn:
            return campaigns.signed_off(conn, campaign)

    def order_waits(self, campaign: CampaignId) -> bool:
        """Whether a running campaign's order is still being made, so that nobody is called."""
        try:
            with self._readers.read() as conn:
                return ordering.waits(conn, campaign)
        except OperatorError:
            return False

    def campaign_rules(self, campaign: CampaignId) -> tuple[int, list[dict[str, Any]]]:
        """The version of a campaign's rules and the rules, as JSON."""
        with self._readers.read() as conn:
            book = rule_books.of_campaign(conn, campaign)
            return book.version, reading.plain_rules(book.rules)

    def rules_fired(self, uid: str) -> list[rule_books.Fired]:
        """What rules did about an attempt."""
        with self._readers.read() as conn:
            return rule_books.of_attempt(conn, uid)
