"""Why is this contact not called? Every reason at once, and the next moment at which none is left.

The judge names the first rule that objects; here all of them speak, with what stands in the way outside the rules: the
contact is closed, not due yet, being called already, its campaign rests or has reasons of its own. The next moment is
found by asking again at the time the last of them names, until nobody objects, because at that time another window may
have closed. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from firmware.compliance.judge import Candidate, objections
from firmware.model import CampaignSettings, CampaignState, ContactState, Refusal

MOST_TURNS = 400
"""Times the question is asked; each comes later, and two rules that never agree within so many never will."""
LATEST_S = 800 * 86400.0
"""How far ahead a moment is looked for."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a contact stands, beside the rules. ``campaign`` None: no campaign calls its list."""

    state: ContactState
    closed_reason: str
    next_at: float
    number_in_flight: bool
    offered: bool
    campaign: CampaignState | None


@dataclass(frozen=True, slots=True)
class Why:
    """``blocks``: every reason, empty when the contact may be called. ``callable_at``: from when on no rule objects
    and the contact is due (``now`` if that is now); None: never by waiting. What a person must do first, such as
    starting the campaign, is among the blocks without changing that moment."""

    blocks: tuple[Refusal, ...]
    callable_at: float | None


_BY_HAND = frozenset(
    {
        *("contact_in_flight", "number_in_flight", "offered"),
        *("campaign_not_running", "no_campaign", "order_being_prepared"),
    }
)
"""Reasons that end when somebody acts or a call ends; nobody can say when."""


Reasons = Callable[[float], Iterable[Refusal]]
"""Reasons that are nobody's law, at a moment (UTC seconds): a filter, a rule of the campaign."""


def no_more(_at: float) -> tuple[Refusal, ...]:
    """No further reason."""
    return ()


def why(
    candidate: Candidate,
    settings: CampaignSettings,
    standing: Standing,
    now: float,
    more: Reasons = no_more,
) -> Why:
    """Return what keeps the contact from being called at ``now`` (UTC seconds), and until when."""

    def blocks(at: float) -> list[Refusal]:
        return [*_standing(standing, at), *more(at), *objections(candidate, settings, at)]

    return Why(tuple(blocks(now)), _moment(blocks, now))


def _standing(standing: Standing, at: float) -> Iterator[Refusal]:
    if standing.campaign is None:
        yield Refusal("no_campaign")
    elif standing.campaign is not CampaignState.RUNNING:
        yield Refusal("campaign_not_running", figures={"state": standing.campaign.value})
    if standing.state is ContactState.CLOSED:
        yield Refusal("contact_closed", figures={"reason": standing.closed_reason})
    elif standing.state is ContactState.IN_FLIGHT:
        yield Refusal("contact_in_flight")
    elif standing.number_in_flight:
        yield Refusal("number_in_flight")
    elif standing.offered:
        yield Refusal("offered")
    if standing.state is ContactState.OPEN and standing.next_at > at:
        yield Refusal("not_due", until=standing.next_at)


def _moment(blocks: Reasons, now: float) -> float | None:
    at = now
    for _ in range(MOST_TURNS):
        left = [b for b in blocks(at) if b.rule not in _BY_HAND]
        if not left:
            return at
        times = [block.until for block in left]
        if any(time is None for time in times):
            return None
        at = max(time for time in times if time is not None)
        if at > now + LATEST_S:
            return None
    return None
