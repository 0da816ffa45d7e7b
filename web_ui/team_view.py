"""What the supervisor's page shows: one row per agent with what can be done about them, and who needs somebody.

Pure, given the picture of the box.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from web_ui import panels, words
from web_ui.language import Language
from web_ui.live import Entry, Picture

LONG_WRAP_UP_S = 120.0
"""A wrap-up that lasts longer needs somebody."""
NEAR_LIMIT = 0.8
"""So much of the abandon target is near it."""
KINDS = ("listen", "whisper", "barge")


@dataclass(frozen=True, slots=True)
class Row:
    """One agent."""

    agent: Entry
    campaign: str
    call: Entry | None
    mine: str
    """How the person who looks takes part in this agent's call; empty: not."""
    can_join: bool
    force: tuple[str, ...]


def rows(picture: Picture, person: int) -> list[Row]:
    """Every agent, those at work first."""
    return [_row(agent, picture, person) for agent in panels.agents(picture)]


def _row(agent: Entry, picture: Picture, person: int) -> Row:
    state, party = agent.get("state"), agent.get("party")
    call = picture.calls.get(str(agent.get("attempt"))) if agent.get("attempt") else None
    campaign = picture.campaigns.get(agent.get("campaign_id") or 0, {})
    mine = next((m["kind"] for m in agent.get("monitors") or () if m.get("id") == person), "")
    in_call = state == "talking" and bool(party) and call is not None
    return Row(agent, str(campaign.get("name", "")), call, mine, in_call, _force(str(state)))


def _force(state: str) -> tuple[str, ...]:
    if state == "logged_out":
        return ()
    ready = ("ready",) if state in ("paused", "wrap_up") else ()
    pause = ("paused",) if state != "paused" else ()
    return (*ready, *pause, "logged_out")


def needs(picture: Picture, language: Language) -> list[panels.Matter]:
    """Who needs somebody now, most urgent first."""
    _ = language.gettext
    found = [matter for agent in panels.agents(picture) for matter in _of_agent(agent, picture.at, language)]
    for campaign in panels.campaigns(picture):
        rate, target = panels.number(campaign, "abandon_rate"), panels.number(campaign, "abandon_target")
        if target and rate >= NEAR_LIMIT * target and panels.number(campaign, "live_answers") >= 20:
            said = _("{name}: abandoned calls are near the limit.", name=campaign.get("name", ""))
            found.append(panels.Matter(said, f"/campaigns/{campaign['id']}", grave=rate > target))
    return sorted(found, key=lambda matter: not matter.grave)


def _of_agent(agent: Entry, at: float, language: Language) -> list[panels.Matter]:
    _, name, found = language.gettext, str(agent.get("name", "")), []
    state = agent.get("state")
    if agent.get("hand"):
        found.append(panels.Matter(_("{name} asks you to come.", name=name), grave=True))
    lasted_s = at - panels.number(agent, "since")
    if state == "wrap_up" and lasted_s > LONG_WRAP_UP_S:
        found.append(panels.Matter(_("{name} has been in wrap-up for long.", name=name)))
    if state in panels.AT_WORK and not agent.get("phone_registered"):
        found.append(panels.Matter(_("The telephone of {name} is gone.", name=name), grave=True))
    return found


def party_words(call: Mapping[str, Any] | None, language: Language) -> str:
    """Who else is in a call."""
    names = [str(name) for name in (call or {}).get("with") or ()]
    return language.gettext("with {names}", names=", ".join(names)) if names else ""


def monitor_words(agent: Entry, language: Language) -> str:
    """Who takes part in an agent's call."""
    people = [
        f"{each.get('name', '')} ({words.word(words.MONITORING, each.get('kind'), language)})"
        for each in agent.get("monitors") or ()
    ]
    return ", ".join(people)
