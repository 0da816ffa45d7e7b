"""How busy each dialling mode keeps agents, at what share of abandoned calls, and what a decision costs.

Simulated days with drift, pauses and lunch; the seeds are not those the constants were chosen with. Each figure is
the mean over days with its standard error; days differ much, so modes are compared on the same days.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from firmware.simulate.runner import simulate
from firmware.simulate.scenario import LogNormal, Mode, Scenario, load

EXAMPLE = Path(__file__).resolve().parents[2] / "firmware" / "simulate" / "example.toml"
SEED = 90_001
DAYS = 40
COLD_SEEDS = range(80_001, 80_041)

Figures = list[tuple[str, str]]


def scenario(live: float = 0.25, talk_s: float = 90.0, wrap_s: float = 12.0) -> Scenario:
    """The example with another list and other work."""
    base = load(EXAMPLE)
    handling = replace(
        base.handling,
        talk=LogNormal(sigma=0.8, lognormal_mean=talk_s, min=3.0),
        wrap=LogNormal(sigma=0.5, lognormal_mean=wrap_s, min=1.0, max_factor=3.0),
    )
    return replace(base, answers=replace(base.answers, live=live), handling=handling)


BASE = scenario()
COLD, WARM, HOT = scenario(0.15, 60.0, 8.0), scenario(0.45, 120.0, 15.0), scenario(0.60, 180.0, 20.0)


def run(what: Scenario, mode: Mode, agents: int, days: int, seed: int = SEED) -> dict[str, Any]:
    """One run."""
    return simulate(
        replace(
            what,
            run=replace(what.run, mode=mode, days=days, seed=seed),
            team=replace(what.team, agents=agents),
        ),
        time.process_time,
    )


def told(figures: dict[str, Any]) -> str:
    """A run in one line."""
    shares = [100.0 * day["busy_share"] for day in figures["days"]]
    error = statistics.stdev(shares) / len(shares) ** 0.5 if len(shares) > 1 else 0.0
    return (
        f"{100 * figures['busy_share']:.1f} ± {error:.1f} % busy, "
        f"{100 * figures['abandoned_share']:.2f} % abandoned, {100 * figures['days_over_share']:.0f} % of days over, "
        f"wait {figures['mean_wait_s']:.0f} s"
    )


def main(quick: bool) -> Figures:
    """The table."""
    days = 2 if quick else DAYS
    rows: Figures = []
    for agents in (2, 3, 5, 10, 20, 30):
        rows.append((f"predictive, {agents} agents", told(run(BASE, "predictive", agents, days))))
    others: tuple[Mode, ...] = ("progressive", "power", "vicidial_average", "oracle")
    rows += [(f"{mode}, 10 agents", told(run(BASE, mode, 10, days))) for mode in others]
    for name, what in (("cold list", COLD), ("warm list", WARM)):
        rows.append((f"predictive, {name}, 10 agents", told(run(what, "predictive", 10, days))))
    for agents in (2, 3, 10, 30):
        both = [run(HOT, mode, agents, days)["busy_share"] for mode in ("predictive", "progressive")]
        gained = f"{100 * both[0]:.1f} % busy, progressive {100 * both[1]:.1f} %"
        rows.append((f"predictive, hot list, {agents} agents", gained))
    return rows + _special_hours(quick) + _speed(quick)


def _special_hours(quick: bool) -> Figures:
    """The first hour of a campaign that knows nothing, and the hours after the list changes."""
    rows: Figures = []
    for agents in (3, 10, 30):
        seeds = COLD_SEEDS[:2] if quick else COLD_SEEDS[: 40 if agents < 30 else 15]
        runs = [run(BASE, "predictive", agents, 1, seed) for seed in seeds]
        for text, key in (
            ("first hour", "first_hour"),
            ("hour after the list changes", "hour_after_list_change"),
        ):
            live, lost = (sum(each[key][part] for each in runs) for part in ("live_answers", "abandoned"))
            rows.append(
                (f"{text}, {agents} agents", f"{100 * lost / max(1, live):.2f} % of {live} abandoned")
            )
    return rows


def _speed(quick: bool) -> Figures:
    began = time.process_time()
    figures = run(BASE, "predictive", 30, 1 if quick else 20)
    spent_s = time.process_time() - began
    return [
        ("decision, 30 agents", f"{figures['decisions_us']:.0f} µs of processor time"),
        (f"{len(figures['days'])} days of 30 agents", f"{spent_s:.1f} s of processor time"),
    ]
