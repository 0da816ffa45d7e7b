"""Campaigns that share agents or lines: whose turn it is, and who is spoken for already.

Turns are counted in calls per weight (stride scheduling: Waldspurger and Weihl, 1995): the campaign that has had least
for its weight is next. One that had nothing to call for a while cannot save its turns up.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from firmware.calls.desks import Desks
from firmware.calls.switchboard import LiveCall, Switchboard
from firmware.model import CampaignId, UserId
from firmware.store.campaigns import Campaign

SAVED_TURNS = 3.0
"""Calls per weight that a campaign may be behind the one that is furthest ahead."""


class Sharing:
    """Who has had how much, and what is promised to whom."""

    def __init__(self, desks: Desks, switchboard: Switchboard) -> None:
        self._desks = desks
        self._switchboard = switchboard
        self._had: dict[CampaignId, float] = {}
        self.callers: Callable[[Collection[UserId]], int] = lambda _: 0
        """Calls that came in and wait for one of these agents."""

    def order(self, campaigns: Sequence[Campaign]) -> list[Campaign]:
        """The campaigns, next one first; equals by age."""
        furthest = max((self._had.get(each.id, 0.0) for each in campaigns), default=0.0)
        for each in campaigns:
            self._had[each.id] = max(self._had.get(each.id, furthest), furthest - SAVED_TURNS)
        return sorted(campaigns, key=lambda each: (self._had[each.id], each.id))

    def had(self, campaign: Campaign, calls: int) -> None:
        """A campaign started calls, or put records on desks."""
        self._had[campaign.id] = self._had.get(campaign.id, 0.0) + calls / campaign.settings.weight

    def calls_without_agent(self, team: Collection[UserId], but: CampaignId | None = None) -> int:
        """Calls that may still ask for one of these agents: whichever campaign (other than ``but``) placed them, or
        coming in."""
        agents = frozenset(team)
        return self.callers(agents) + sum(
            1
            for live in self._open()
            if live.claim.campaign_id != but and not agents.isdisjoint(live.settings.agent_ids)
        )

    def spare(self, team: Collection[UserId]) -> int:
        """Ready agents of a team for whom no call is on the way."""
        return max(0, len(self._desks.available(team)) - self.calls_without_agent(team))

    def spoken_for(self, user: UserId) -> bool:
        """Whether taking this agent away would leave a call that is on the way without one."""
        mine = [live for live in self._open() if user in live.settings.agent_ids]
        if not mine:
            return False
        team = {agent for live in mine for agent in live.settings.agent_ids}
        return len(self._desks.available(team)) <= len(mine)

    def _open(self) -> list[LiveCall]:
        return [live for live in self._switchboard.live() if live.needs_agent and live.reserved is None]


def rivals(campaign: Campaign, running: Sequence[Campaign]) -> bool:
    """Whether another campaign wants the same agents or the same lines."""
    agents, settings = frozenset(campaign.settings.agent_ids), campaign.settings
    return any(
        other.id != campaign.id
        and (other.settings.trunk == settings.trunk or not agents.isdisjoint(other.settings.agent_ids))
        for other in running
    )
