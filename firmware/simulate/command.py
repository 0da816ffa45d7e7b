"""``strowger simulate``: reads a scenario, runs it, says what came of it. Printing is ``cli``'s."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from firmware.clock import cpu_s
from firmware.simulate.scenario import MODES, Scenario, load, override

_ROWS = (
    ("agents busy", "busy_share", "{:.1%}"),
    ("agents talking", "talk_share", "{:.1%}"),
    ("mean wait for a call", "mean_wait_s", "{:.1f} s"),
    ("abandoned of live answers", "abandoned_share", "{:.2%}"),
    ("days over the limit", "days_over_share", "{:.0%}"),
    ("live answers", "live_answers", "{:,}"),
    ("dials", "dials", "{:,}"),
    ("given up while ringing", "given_up", "{:,}"),
    ("lines used at most", "lines_needed", "{:,}"),
    ("one decision", "decisions_us", "{:.0f} µs of processor time"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments; what is left out is as the scenario says."""
    parser.add_argument("scenario", type=Path, metavar="SCENARIO.toml", help="what a day is made of")
    parser.add_argument("--agents", type=int, metavar="N", help="instead of [team] agents")
    parser.add_argument("--days", type=int, metavar="D", help="instead of [run] days")
    parser.add_argument("--seed", type=int, metavar="S", help="instead of [run] seed")
    parser.add_argument("--mode", choices=MODES, help="instead of [run] mode")
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON object")


def run(arguments: argparse.Namespace) -> str:
    """What to print. Raises ``OperatorError`` for a scenario with mistakes or an option out of range."""
    from firmware.simulate.runner import simulate  # brings numpy, which no other command should wait for

    given = {name: getattr(arguments, name) for name in ("agents", "days", "seed", "mode")}
    scenario = load(arguments.scenario)
    scenario = override(scenario, {name: value for name, value in given.items() if value is not None})
    figures = simulate(scenario, cpu_s)
    if arguments.json:
        return json.dumps(figures, indent=1)
    return "\n".join(_table(scenario, figures))


def _table(scenario: Scenario, figures: Mapping[str, Any]) -> Iterator[str]:
    run = scenario.run
    yield f"{run.mode}, {scenario.team.agents} agents, {run.days} days of {scenario.team.shift_h:g} h, seed {run.seed}"
    for text, key, shape in _ROWS:
        yield f"  {text:<28}{shape.format(figures[key])}"
    yield "  hour       live answers   abandoned"
    for hour, part in enumerate(figures["hours"], 1):
        yield f"  {hour:>4}{part['live_answers']:>19,}{part['abandoned_share']:>12.2%}"
