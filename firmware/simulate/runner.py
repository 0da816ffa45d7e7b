"""Runs a scenario: its days one after the other, paced by one pacer that learns across them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from firmware.simulate.floor import DAY_S, Floor
from firmware.simulate.pacers import AdaptiveAverage, Pacer, Preview, Ratio
from firmware.simulate.scenario import Mode, Scenario
from firmware.simulate.steered import Oracle, Steered
from firmware.simulate.tally import report


def pacer_of(scenario: Scenario, mode: Mode) -> Pacer | Steered:
    """The pacer of a mode."""
    makers: dict[str, Callable[[], Pacer | Steered]] = {
        "preview": Preview,
        "progressive": lambda: Ratio(1.0),
        "power": lambda: Ratio(scenario.limits.power_ratio),
        "predictive": lambda: Steered(scenario),
        "vicidial_average": lambda: AdaptiveAverage(scenario.limits.abandon_limit),
        "oracle": lambda: Oracle(scenario),
    }
    return makers[mode]()


def simulate(scenario: Scenario, clock: Callable[[], float]) -> dict[str, Any]:
    """The figures of a run; ``clock`` (seconds) only measures how long decisions take."""
    run = scenario.run
    pacer = pacer_of(scenario, run.mode)
    days = []
    for number in range(run.days):
        pacer.begin_day(number, number * DAY_S)
        days.append(Floor(scenario, run.seed, number, pacer, clock).run())
    return report(days, scenario.limits.abandon_limit)
