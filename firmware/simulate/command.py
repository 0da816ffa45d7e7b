"""``strowger simulate``: reads a scenario, runs it, says what came of it. Printing is ``cli``'s."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from firmware.clock import cpu_s
from firmware.model import OperatorError, Problem
from firmware.simulate.scenario import MODES, Scenario, load, override

_A_MONDAY = date(2024, 1, 1)
_SATURDAY = 5
_FORECAST = ("ends_on", "days", "dials", "reached", "abandoned", "busy_share", "mean_wait_s", "lines_needed")
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
    text = "forecast a campaign instead: so many contacts, Monday to Friday, progressive and predictive side by side"
    parser.add_argument("--contacts", type=int, metavar="N", help=text)
    parser.add_argument("--attempts", type=int, default=3, metavar="N", help="per contact (default: 3)")
    parser.add_argument("--lines", type=int, metavar="N", help="instead of [limits] lines_per_agent")
    parser.add_argument(
        "--start", type=date.fromisoformat, metavar="DATE", help="first day (default: a Monday)"
    )


def run(arguments: argparse.Namespace) -> str:
    """What to print. Raises ``OperatorError`` for a scenario with mistakes or an option out of range."""
    given = {name: getattr(arguments, name) for name in ("agents", "days", "seed", "mode")}
    scenario = load(arguments.scenario)
    scenario = override(scenario, {name: value for name, value in given.items() if value is not None})
    if arguments.contacts is not None:
        return _forecast(scenario, arguments)
    from firmware.simulate.runner import simulate  # brings numpy, which no other command should wait for

    figures = simulate(scenario, cpu_s)
    if arguments.json:
        return json.dumps(figures, indent=1)
    return "\n".join(_table(scenario, figures))


def _forecast(scenario: Scenario, arguments: argparse.Namespace) -> str:
    from firmware.simulate.campaign import Plan, dry_run

    plan = Plan(
        contacts=_at_least(0, "contacts", arguments.contacts),
        attempts=_at_least(1, "attempts", arguments.attempts),
        start=arguments.start or _A_MONDAY,
        hours_on=lambda day: scenario.team.shift_h if day.weekday() < _SATURDAY else 0.0,
        lines=None if arguments.lines is None else _at_least(1, "lines", arguments.lines),
    )
    forecast = dry_run(scenario, plan, **({} if arguments.days is None else {"days": arguments.days}))
    if arguments.json:
        return json.dumps(asdict(forecast) | {"sentence": forecast.advice.text}, indent=1, default=str)
    modes = (forecast.progressive, forecast.predictive)
    rows = [(name, *(_short(getattr(mode, name)) for mode in modes)) for name in ("mode", *_FORECAST)]
    return "\n".join((forecast.advice.text, *(f"  {a:<14}{b:>14}{c:>14}" for a, b, c in rows)))


def _short(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _at_least(least: int, name: str, value: int) -> int:
    if value < least:
        text = f"--{name}: {value} is less than {least}"
        raise OperatorError(Problem(f"--{name}", "out_of_range", text, {"value": value, "least": least}))
    return value


def _table(scenario: Scenario, figures: Mapping[str, Any]) -> Iterator[str]:
    run = scenario.run
    yield f"{run.mode}, {scenario.team.agents} agents, {run.days} days of {scenario.team.shift_h:g} h, seed {run.seed}"
    for text, key, shape in _ROWS:
        yield f"  {text:<28}{shape.format(figures[key])}"
    yield "  hour       live answers   abandoned"
    for hour, part in enumerate(figures["hours"], 1):
        yield f"  {hour:>4}{part['live_answers']:>19,}{part['abandoned_share']:>12.2%}"
