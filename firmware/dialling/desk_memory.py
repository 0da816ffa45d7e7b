"""What is remembered about records and agents while the box runs: who gave what back, who was told what, whose page
is open. Pure: ``now_s`` is the monotonic clock of the caller. A restart forgets it, and nothing durable rests on it.
"""

from __future__ import annotations

from dataclasses import replace

from firmware.callbacks.rules import without_own_limits
from firmware.dialling.offer import Offer, Told, shows_records
from firmware.model import CampaignId, CampaignState, ContactId, Refusal, UserId
from firmware.store.campaigns import Campaign

REST_S = 300.0
"""A record an agent rejected is not offered to the same agent again before this; others get it at once."""
ASK_AGAIN_S = 2.0
"""Where nothing was due for an agent, nobody looks again before this."""
PAGE_GONE_S = 12.0
"""An agent's page asks for the desk every few seconds while a record is on it; one that was not seen for so long is
closed, and the box does not dial for somebody who may have left."""


class DeskMemory:
    """Short memory of every desk."""

    def __init__(self) -> None:
        self._resting: dict[tuple[UserId, ContactId], float] = {}
        self._nothing: dict[tuple[UserId, CampaignId], float] = {}
        self._told: dict[UserId, Told] = {}
        self._seen_s: dict[UserId, float] = {}
        self._promised: dict[CampaignId, tuple[Campaign, Campaign]] = {}

    # -- records given back ------------------------------------------------------------------------------------

    def rest(self, user: UserId, contact: ContactId, now_s: float) -> None:
        """The agent has given the contact's record back."""
        self._resting[user, contact] = now_s + REST_S

    def rests(self, user: UserId, contact: ContactId, now_s: float) -> bool:
        """Whether the agent has given it back a moment ago."""
        return self._resting.get((user, contact), 0.0) > now_s

    def passed(self, user: UserId, now_s: float) -> frozenset[ContactId]:
        """Contacts the agent is not offered now."""
        self._resting = {key: until for key, until in self._resting.items() if until > now_s}
        return frozenset(contact for agent, contact in self._resting if agent == user)

    # -- nothing due -------------------------------------------------------------------------------------------

    def nothing_due(self, user: UserId, campaign: CampaignId, now_s: float) -> None:
        """The campaign had nothing for the agent."""
        self._nothing[user, campaign] = now_s + ASK_AGAIN_S

    def may_ask(self, user: UserId, campaign: CampaignId, now_s: float) -> bool:
        """Whether it is worth looking again."""
        return now_s >= self._nothing.get((user, campaign), 0.0)

    def ask_everywhere(self) -> None:
        """Campaigns changed: anything may be due."""
        self._nothing.clear()

    # -- the agent's page --------------------------------------------------------------------------------------

    def seen(self, user: UserId, now_s: float) -> None:
        """The page asked for the desk."""
        self._seen_s[user] = now_s

    def page_gone(self, user: UserId, now_s: float) -> bool:
        """Whether the page has not asked for too long."""
        return now_s - self._seen_s.get(user, 0.0) > PAGE_GONE_S

    def told(self, user: UserId) -> Told | None:
        """What became of the last record without the agent's doing; None once a new one is there."""
        return self._told.get(user)

    def tell(self, offer: Offer, key: str, at: float, refusal: Refusal | None = None) -> None:
        """Remember what to say about a record that left the desk by itself."""
        rule, until = ("", None) if refusal is None else (refusal.rule, refusal.until)
        name = offer.candidate.name or offer.candidate.number
        self._told[offer.user_id] = Told(key, at, name, rule, until)

    def forget_told(self, user: UserId) -> None:
        """A new record is on the desk."""
        self._told.pop(user, None)

    # -- promised calls ----------------------------------------------------------------------------------------

    def promised(self, campaign: Campaign) -> Campaign:
        """The campaign as its promised calls are judged: without its own gap and numbers of attempts."""
        known = self._promised.get(campaign.id)
        if known is None or known[0].settings is not campaign.settings:
            # Kept, because rules are worked out once per settings object.
            known = (campaign, replace(campaign, settings=without_own_limits(campaign.settings)))
            self._promised[campaign.id] = known
        return known[1]


def fits(offer: Offer, campaign: Campaign | None) -> bool:
    """Whether the campaign, as it is now, still wants this agent to have this record."""
    if campaign is None or campaign.state is not CampaignState.RUNNING:
        return False
    settings = campaign.settings
    wanted = settings.manual_dialling if offer.by_hand else shows_records(settings)
    return (wanted or offer.promise is not None) and offer.user_id in settings.agent_ids


def set_limits(offer: Offer) -> None:
    """Say when a record that was just put on the desk dials by itself, and when it goes back."""
    if offer.by_hand:
        return
    settings = offer.campaign.settings
    offer.ends_at = offer.since + settings.preview_limit_s
    if settings.preview_countdown_s:
        offer.dials_at = offer.since + settings.preview_countdown_s


def wakes_at(offer: Offer) -> float | None:
    """When something happens to the record by time alone: the countdown or the limit, whichever comes first."""
    return min((at for at in (offer.dials_at, offer.ends_at) if at is not None), default=None)


def dials_first(offer: Offer) -> bool:
    """Whether the countdown comes before the limit."""
    return offer.dials_at is not None and offer.dials_at <= (offer.ends_at or offer.dials_at)
