"""A campaign before it runs: when it will be done, how many people will meet no agent, how long agents will wait.

A few simulated days of the scenario, mode by mode, give the pace; the list is then spread over the days on which
dialling is allowed. Pure apart from its own dice: the same plan gives the same forecast. Which hours are allowed on
which date is the caller's knowledge (``hours_on``), as are contacts that may not be called at all. What a campaign's
settings make of the scenario is ``prospect``'s.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from firmware.pacing.adviser import Advice, Team, advise
from firmware.simulate.runner import simulate
from firmware.simulate.scenario import Mode, Scenario

_LONGEST_DAYS = 3660
_SAMPLE_DAYS = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """``contacts`` that may be called, each at most ``attempts`` times until a person answers."""

    contacts: int
    attempts: int
    start: date
    hours_on: Callable[[date], float]
    """Hours of dialling on a date: 0 for Sundays, holidays and whatever else is closed."""
    lines: int | None = None
    last: date | None = None
    """The last day on which anybody is called; None: as long as it takes."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the plan comes to in one mode. ``ends_on``: None if not within ten years, or not by the plan's last day.

    Then ``left`` contacts have not been called as often as they should; ``dials`` and ``reached`` are those in time.
    """

    mode: str
    ends_on: date | None
    days: int
    dials: int
    reached: int
    abandoned: int
    busy_share: float
    mean_wait_s: float
    lines_needed: int
    agents: int = 0
    abandoned_share: float = 0.0
    """Of the people who answer."""
    left: int = 0


@dataclass(frozen=True, slots=True)
class Forecast:
    """Both modes side by side, and which of them to choose."""

    progressive: Outlook
    predictive: Outlook
    advice: Advice


def dry_run(scenario: Scenario, plan: Plan, days: int = _SAMPLE_DAYS) -> Forecast:
    """Simulate ``days`` days in both modes and spread the plan's list over the calendar."""
    if plan.lines is not None:
        scenario = with_lines(scenario, plan.lines)
    progressive, predictive = (sampled(scenario, mode, days) for mode in ("progressive", "predictive"))
    return Forecast(
        spread(scenario, plan, "progressive", progressive, days),
        spread(scenario, plan, "predictive", predictive, days),
        advised(scenario, progressive, predictive, days),
    )


def with_lines(scenario: Scenario, lines: int) -> Scenario:
    """The scenario with so many lines for the whole team."""
    per_agent = lines / scenario.team.agents
    return replace(scenario, limits=replace(scenario.limits, lines_per_agent=per_agent))


def sampled(scenario: Scenario, mode: Mode, days: int) -> dict[str, Any]:
    """The figures of ``days`` days in a mode."""
    return simulate(replace(scenario, run=replace(scenario.run, mode=mode, days=days)), lambda: 0.0)


def advised(
    scenario: Scenario, progressive: dict[str, Any], predictive: dict[str, Any], days: float
) -> Advice:
    """Which mode suits the team, by what ``days`` days of both came to."""
    windows = 30 if scenario.limits.window == "30d" else 1
    team = Team(
        agents=scenario.team.agents,
        answers=predictive["live_answers"] / days * windows,
        abandon_limit=scenario.limits.abandon_limit,
        live_share=scenario.answers.live,
        talk_s=_talk_s(predictive, scenario),
        busy_progressive=progressive["busy_share"],
        busy_predictive=predictive["busy_share"],
    )
    return advise(team)


def _talk_s(figures: dict[str, Any], scenario: Scenario) -> float:
    """Mean talk of the sample: its share of the time of one call and the wait for it."""
    busy = max(figures["busy_share"], 1e-9)
    cycle_s = figures["mean_wait_s"] / max(1.0 - busy, 1e-9)
    return float(cycle_s * figures["talk_share"]) if scenario.answers.live else 0.0


def spread(scenario: Scenario, plan: Plan, mode: str, figures: dict[str, Any], days: float) -> Outlook:
    """The plan's list at the pace of a sample of ``days`` days."""
    live = figures["live_answers"] / max(1, figures["dials"])
    per_hour = figures["dials"] / (days * scenario.team.shift_h)
    dials = round(plan.contacts * dials_per_contact(live, plan.attempts))
    ends_on, used, undone = calendar(plan, dials, per_hour)
    dials -= round(dials * undone)
    reached = round(dials * live)
    return Outlook(
        mode=mode,
        ends_on=ends_on,
        days=used,
        dials=dials,
        reached=reached,
        abandoned=round(reached * figures["abandoned_share"]),
        busy_share=figures["busy_share"],
        mean_wait_s=figures["mean_wait_s"],
        lines_needed=figures["lines_needed"],
        agents=scenario.team.agents,
        abandoned_share=figures["abandoned_share"],
        left=round(plan.contacts * undone),
    )


def dials_per_contact(live: float, attempts: int) -> float:
    """Expected dials until a person answers or the attempts are used up."""
    return attempts if live <= 0.0 else (1.0 - (1.0 - live) ** attempts) / live


def calendar(plan: Plan, dials: int, per_hour: float) -> tuple[date | None, int, float]:
    """The date on which the last dial is made, on how many days there was dialling, and the share that is not made."""
    left, used, day = float(dials), 0, plan.start
    for _ in range(_LONGEST_DAYS):
        if plan.last is not None and day > plan.last:
            break
        hours = max(0.0, plan.hours_on(day))
        used += hours > 0.0
        left -= hours * per_hour
        if left <= 0.0:
            return day, used, 0.0
        day += timedelta(days=1)
    return None, used, left / dials if dials else 0.0
