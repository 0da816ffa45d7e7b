"""Which dialling mode suits a team: a sentence with figures, from what is known or was simulated.

Predictive dialling gains where agents wait long and many answers spread the risk; it gains nothing where most dials
reach a person and talks are long, and it needs a budget of at least one whole call per legal window. Numbers are the
caller's: assumed, learned or simulated. Sentences are looked up by key; the English ones stand here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_FEW_CALLS = 15.0
"""A budget below this is spent call by call, and is better told in calls than in per cent."""
_SMALL_TEAM = 5
_GAIN_WORTH_IT = 0.02
_MOSTLY_REACHED = 0.5
_LONG_TALK_S = 180.0

SENTENCES: Mapping[str, str] = {
    "advise_agentless": "No agents: agentless, by lines.",
    "advise_progressive_no_budget": (
        "{agents} agents: progressive. About {answers} live answers in the legal window allow no call to be lost."
    ),
    "advise_progressive_little_gain": (
        "{agents} agents: progressive. Dialling ahead would gain {gain_points} points of working time at most."
    ),
    "advise_progressive_with_budget": "{agents} agents: progressive with a budget of {calls} calls (predictive).",
    "advise_predictive": "{agents} agents: predictive; about {calls} calls may be lost in the legal window.",
}


@dataclass(frozen=True, slots=True)
class Team:
    """What the advice rests on. Shares are 0 to 1; ``answers`` are live answers per legal window."""

    agents: int
    answers: float
    abandon_limit: float
    live_share: float
    talk_s: float
    busy_progressive: float | None = None
    """Simulated share of working time that agents are busy, if it was simulated."""
    busy_predictive: float | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """The mode to choose, why (a key of ``SENTENCES``) and the figures of the sentence."""

    mode: str
    key: str
    figures: Mapping[str, float]

    @property
    def text(self) -> str:
        """The English sentence."""
        return SENTENCES[self.key].format(**{key: f"{value:g}" for key, value in self.figures.items()})


def advise(team: Team) -> Advice:
    """The mode for a team."""
    calls = int(team.abandon_limit * team.answers)
    figures: dict[str, float] = {"agents": team.agents, "calls": calls, "answers": round(team.answers)}
    if team.agents <= 0:
        return Advice("agentless", "advise_agentless", figures)
    if calls < 1:
        return Advice("progressive", "advise_progressive_no_budget", figures)
    gain = _gain(team)
    if gain < _GAIN_WORTH_IT:
        figures["gain_points"] = round(100.0 * max(0.0, gain), 1)
        return Advice("progressive", "advise_progressive_little_gain", figures)
    if team.agents < _SMALL_TEAM or calls < _FEW_CALLS:
        return Advice("predictive", "advise_progressive_with_budget", figures)
    return Advice("predictive", "advise_predictive", figures)


def _gain(team: Team) -> float:
    """Working time gained by dialling ahead: as simulated, else a rule of thumb for hot lists with long talks."""
    if team.busy_progressive is not None and team.busy_predictive is not None:
        return team.busy_predictive - team.busy_progressive
    hot = team.live_share >= _MOSTLY_REACHED and team.talk_s >= _LONG_TALK_S
    return 0.0 if hot and team.agents < 2 * _SMALL_TEAM else 1.0
