"""A record on an agent's desk, what the agent's page sees of it, and which campaigns have such records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from firmware.callbacks.promise import Promise
from firmware.clock import Timer
from firmware.model import (
    CampaignSettings,
    CampaignState,
    ContactId,
    DiallingMode,
    PreviewOffer,
    UserId,
)
from firmware.store import claims
from firmware.store.campaigns import Campaign


class Step(StrEnum):
    """How far an offer is."""

    OFFERED = "offered"
    OPENING = "opening"
    """The agent's telephone is being called."""
    DIALLING = "dialling"
    ENDING = "ending"


@dataclass(slots=True)
class Offer:
    """A record on an agent's desk."""

    user_id: UserId
    campaign: Campaign
    candidate: claims.Candidate
    since: float
    by_hand: bool = False
    """The agent typed the number."""
    dials_at: float | None = None
    ends_at: float | None = None
    step: Step = Step.OFFERED
    timer: Timer | None = None
    promise: Promise | None = None
    """The promised callback this call keeps."""

    @property
    def contact_id(self) -> ContactId:
        """Whose record."""
        return self.candidate.contact_id


@dataclass(frozen=True, slots=True)
class Told:
    """The last thing the box did with an agent's record by itself, for the desk to say."""

    key: str
    """``refused`` (then ``rule`` and perhaps ``until``), ``missed``, ``page_gone``, ``withdrawn``, ``phone_lost``."""
    at: float
    name: str
    rule: str = ""
    until: float | None = None


def plain(offer: Offer | None) -> Mapping[str, Any] | None:
    """A record on offer as the agent's page sees it."""
    if offer is None:
        return None
    candidate, settings = offer.candidate, offer.campaign.settings
    return {
        "contact_id": candidate.contact_id,
        "campaign": {"id": offer.campaign.id, "name": settings.name},
        "number": candidate.number,
        "name": candidate.name,
        "fields": dict(candidate.fields),
        "attempts": candidate.attempts,
        "step": offer.step,
        "by_hand": offer.by_hand,
        "since": offer.since,
        "dials_at": offer.dials_at,
        "ends_at": offer.ends_at,
        "may_skip": settings.preview_skip and not offer.by_hand,
        "promise": plain_promise(offer.promise),
    }


def plain_promise(promise: Promise | None) -> Mapping[str, Any] | None:
    """A promised callback as the agent's page sees it: what was promised, and whose it is."""
    if promise is None:
        return None
    return {
        "id": promise.id,
        "promised_at": promise.promised_at,
        "zone": promise.zone,
        "kind": promise.kind,
        "owner": promise.owner,
        "note": promise.note,
    }


def shows_records(settings: CampaignSettings) -> bool:
    """Whether agents see records of this campaign before they are dialled: all of them, or some."""
    return settings.mode is DiallingMode.PREVIEW or bool(settings.preview_after or settings.preview_field)


def dials_by_hand(campaign: Campaign, user: UserId) -> bool:
    """Whether the agent may type numbers in this campaign now."""
    settings = campaign.settings
    running = campaign.state is CampaignState.RUNNING
    return running and settings.manual_dialling and user in settings.agent_ids


def fetches(campaign: Campaign, user: UserId) -> bool:
    """Whether the agent fetches records of this campaign."""
    settings = campaign.settings
    by_agent = shows_records(settings) and settings.preview_offer is PreviewOffer.PULL
    return campaign.state is CampaignState.RUNNING and by_agent and user in settings.agent_ids


def fetching(campaigns: list[Campaign], user: UserId) -> list[Campaign]:
    """The campaigns this agent may fetch a record from."""
    return [campaign for campaign in campaigns if fetches(campaign, user)]


def cancel(timer: Timer | None) -> None:
    """Let a timer go, if there is one."""
    if timer is not None:
        timer.cancel()
