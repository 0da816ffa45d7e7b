"""May somebody be promised a call at that time? Asked before a promise is written, so that none begins broken.

The answer is the judge's, over the hours, holidays and periods of the contact; what may change until then (consent, DNC
lists) is left to the moment of the call.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from firmware.callbacks.rules import without_own_limits
from firmware.commands.texts import refuse
from firmware.compliance.judge import objections
from firmware.compliance.numbers import zones_of
from firmware.model import CampaignSettings, ContactId
from firmware.store import campaigns, candidates, due
from firmware.store.candidates import Candidate

if TYPE_CHECKING:
    import sqlite3

_OF_TIME = frozenset(
    {
        *("campaign_not_begun", "campaign_over", "window_closed", "holiday", "no_window"),
        *("period_limit", "abandoned_recently", "machine_recently"),
    }
)
_MOST_TURNS = 60


@dataclass(frozen=True, slots=True)
class Place:
    """The contact a promise is made to, as far as times go; None where it is gone."""

    candidate: Candidate | None
    settings: CampaignSettings

    @property
    def zone(self) -> str:
        """Its time zone; the first where it may be in several."""
        if self.candidate is None:
            return self.settings.default_zone
        return zone_of(self.candidate.zones, self.candidate.number, self.settings)

    def lawful(self, at: float) -> tuple[str, float | None]:
        """Return the rule that forbids a call ``at`` (empty: none) and the next time none does (None: never)."""
        if self.candidate is None:
            return "", at
        first, settings = "", without_own_limits(self.settings)
        for _ in range(_MOST_TURNS):
            against = [o for o in objections(self.candidate, settings, at) if o.rule in _OF_TIME]
            if not against:
                return first, at
            first = first or against[0].rule
            times = [each.until for each in against]
            if None in times:
                return first, None
            at = max(time for time in times if time is not None)
        return first, None

    def must_be_lawful(self, at: float) -> None:
        """:raises OperatorError: nobody may call there at that time; the next possible one is named."""
        rule, until = self.lawful(at)
        if rule:
            raise refuse("callback_at", "callback_outside_window", rule=rule, until=until)


def place(conn: sqlite3.Connection, contact: ContactId, campaign: campaigns.Campaign) -> Place:
    """Return what times a contact can be promised, as a call of ``campaign``."""
    row = due.of_contact(conn, contact)
    if row is None:
        return Place(None, campaign.settings)
    asked = candidates.asked_for(conn, campaign, 0.0)
    return Place(candidates.candidate(conn, row, asked), campaign.settings)


def zone_of(zones: tuple[str, ...], number: str, settings: CampaignSettings) -> str:
    """Return the time zone a contact is told times in."""
    return (*zones, *zones_of(number), settings.default_zone)[0]
