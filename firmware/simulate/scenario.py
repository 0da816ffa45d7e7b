"""A scenario file: what a simulated campaign day is made of. Shapes and reading; strict, every mistake at once.

TOML; durations in seconds unless the key says otherwise. Sections ``[run] [limits] [team] [answers] [handling] [amd]
[drift]``; what has a default may be left out. Mistakes name section, key and line. What the values do is ``world``'s
and ``engine``'s.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

from firmware.model import OperatorError, Problem
from firmware.rules import Length, Range
from firmware.typed import fields_of, read_table, unknown

Mode = Literal["preview", "progressive", "power", "predictive", "vicidial_average", "oracle"]
MODES: tuple[Mode, ...] = (
    "preview",
    "progressive",
    "power",
    "predictive",
    "vicidial_average",
    "oracle",
)

_Share = Annotated[float, Range(0.0, 1.0)]
_Seconds = Annotated[float, Range(0.0, 86400.0)]
_Factor = Annotated[float, Range(0.0, 100.0)]
_Sigma = Annotated[float, Range(0.0, 5.0)]


@dataclass(frozen=True, slots=True)
class Run:
    """How long, from which seed, in which mode; the command line may say otherwise."""

    days: Annotated[int, Range(1, 10_000)] = 20
    seed: Annotated[int, Range(0, 2**53)] = 1
    mode: Mode = "predictive"
    tick_s: Annotated[float, Range(0.05, 60.0)] = 1.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What the law and the box allow."""

    abandon_limit: Annotated[float, Range(0.0001, 1.0)] = 0.03
    window: Literal["24h", "30d"] = "24h"
    hold_s: _Seconds = 2.0
    ring_timeout_s: Annotated[float, Range(1.0, 600.0)] = 25.0
    min_ring_s: _Seconds = 15.0
    lines_per_agent: Annotated[float, Range(1.0, 100.0)] = 8.0
    power_ratio: Annotated[float, Range(1.0, 20.0)] = 1.5


@dataclass(frozen=True, slots=True)
class Team:
    """Who works how long; ``people``: come late, go early, have lunch and pauses."""

    agents: Annotated[int, Range(1, 1000)]
    shift_h: Annotated[float, Range(0.01, 24.0)] = 8.0
    people: bool = True


@dataclass(frozen=True, slots=True)
class PostDial:
    """From dialling to ringing: ``min`` plus a gamma variable of shape k and scale theta."""

    min: _Seconds = 0.8
    gamma_k: Annotated[float, Range(0.01, 100.0)] = 3.0
    gamma_theta: Annotated[float, Range(0.001, 100.0)] = 0.6


@dataclass(frozen=True, slots=True)
class LogNormal:
    """A log-normal duration, by its mean or its median, kept within bounds."""

    sigma: _Sigma
    lognormal_mean: Annotated[float, Range(0.01, 86400.0)] | None = None
    lognormal_median: Annotated[float, Range(0.01, 86400.0)] | None = None
    min: _Seconds = 0.0
    max: Annotated[float, Range(0.01, 86400.0)] | None = None
    max_factor: Annotated[float, Range(1.0, 1000.0)] | None = None

    @property
    def mu(self) -> float:
        """Mean of the logarithm."""
        if self.lognormal_median is not None:
            return math.log(self.lognormal_median)
        assert self.lognormal_mean is not None
        return math.log(self.lognormal_mean) - self.sigma * self.sigma / 2.0

    @property
    def most(self) -> float:
        """The upper bound: ``max``, or ``max_factor`` times the mean (the median where that is given)."""
        bounds = [self.max if self.max is not None else math.inf]
        if self.max_factor is not None:
            bounds.append(self.max_factor * (self.lognormal_mean or self.lognormal_median or math.inf))
        return min(bounds)


_Two = Annotated[tuple[_Seconds, ...], Length(2, 2)]


@dataclass(frozen=True, slots=True)
class MachineRing:
    """When a machine picks up: some early, the others around a mean."""

    early_share: _Share = 0.15
    early: _Two = (0.5, 3.0)
    mean: _Seconds = 20.0
    sd: _Seconds = 2.5


@dataclass(frozen=True, slots=True)
class Answers:
    """What becomes of a dial: ``live`` of all, the other four are shares of the rest."""

    live: _Share
    machine: _Share = 0.45
    no_answer: _Share = 0.38
    busy: _Share = 0.12
    dead: _Share = 0.05
    post_dial_delay: PostDial = PostDial()
    human_ring: LogNormal = LogNormal(sigma=0.6, lognormal_median=8.5, max=25.0)
    machine_ring: MachineRing = MachineRing()


@dataclass(frozen=True, slots=True)
class Handling:
    """How long agents talk and wrap up."""

    talk: LogNormal
    wrap: LogNormal


@dataclass(frozen=True, slots=True)
class Amd:
    """Machine detection; not enabled means one that never errs and takes no time."""

    enabled: bool = False
    human_delay: _Two = (0.6, 1.8)
    machine_delay: _Two = (1.5, 3.5)
    false_positive: _Share = 0.0
    false_negative: _Share = 0.0


@dataclass(frozen=True, slots=True)
class Drift:
    """How the share of live answers moves over a day."""

    enabled: bool = False
    hourly: Annotated[tuple[_Factor, ...], Length(1, 24)] = (0.80, 0.95, 1.05, 1.00, 0.75, 0.90, 1.10, 1.35)
    day_sigma: _Sigma = 0.15
    quarter_hour_sigma: _Sigma = 0.10
    list_change: Annotated[tuple[_Factor, ...], Length(0, 24)] = (1.5, 0.67)
    live_clip: Annotated[tuple[_Share, ...], Length(2, 2)] = (0.04, 0.80)


@dataclass(frozen=True, slots=True)
class Scenario:
    """Everything a simulated campaign day needs."""

    team: Team
    answers: Answers
    handling: Handling
    run: Run = field(default_factory=Run)
    limits: Limits = field(default_factory=Limits)
    amd: Amd = field(default_factory=Amd)
    drift: Drift = field(default_factory=Drift)


_LARGEST_FILE = 1 << 20


def load(path: Path) -> Scenario:
    """Read a scenario file; raises ``OperatorError`` with every mistake in it."""
    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST_FILE).decode("utf-8-sig")
        tables = tomllib.loads(text)
    except OSError as error:
        raise _unreadable(path, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise _unreadable(path, "is not UTF-8 text") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _unreadable(path, f"is not valid TOML: {error}") from error
    return read(tables, text, str(path))


def _unreadable(path: Path, text: str) -> OperatorError:
    return OperatorError(Problem(str(path), "scenario_unreadable", f"{path}: {text}"))


def read(tables: Mapping[str, Any], text: str = "", name: str = "") -> Scenario:
    """A scenario from parsed TOML; ``text`` is where the lines of mistakes are looked up."""
    problems: list[Problem] = []
    shapes = get_type_hints(Scenario)
    problems += [unknown(key, shapes, lambda key: f"[{key}]") for key in tables if key not in shapes]
    values = {key: _section(key, shape, tables.get(key, {}), problems) for key, shape in shapes.items()}
    if not problems:
        problems += _together(Scenario(**values))
    if problems:
        lines = dict(_key_lines(text))
        raise OperatorError(*(_with_line(problem, lines, name) for problem in problems))
    return Scenario(**values)


def override(scenario: Scenario, options: Mapping[str, Any]) -> Scenario:
    """The scenario with options of the command line instead: ``agents, days, seed, mode``."""
    problems: list[Problem] = []
    changed: dict[str, Any] = {}
    for name, shape in {"run": Run, "team": Team}.items():
        expected = [f for f in fields_of(shape) if f.name in options]
        given = {f.name: options[f.name] for f in expected}
        values = read_table(given, expected, lambda key: f"--{key}", problems)
        changed[name] = replace(getattr(scenario, name), **values)
    if problems:
        raise OperatorError(*problems)
    return replace(scenario, **changed)


def _section(name: str, shape: type, table: object, problems: list[Problem]) -> Any:
    if not isinstance(table, dict):
        problems.append(_wrong(f"[{name}]", "must be a table"))
        return None
    before = len(problems)
    values = read_table(table, fields_of(shape), lambda key: f"[{name}] {key}", problems)
    return shape(**values) if len(problems) == before else None


def _wrong(where: str, text: str) -> Problem:
    return Problem(where, "scenario_wrong", f"{where}: {text}")


def _together(scenario: Scenario) -> Iterator[Problem]:
    """What single values cannot tell."""
    answers = scenario.answers
    shares = answers.machine + answers.no_answer + answers.busy + answers.dead
    if abs(shares - 1.0) > 0.005:
        text = f"machine, no_answer, busy and dead are shares of the rest and must make 1, not {shares:g}"
        yield _wrong("[answers] machine", text)
    durations = {
        "[answers] human_ring": answers.human_ring,
        "[handling] talk": scenario.handling.talk,
        "[handling] wrap": scenario.handling.wrap,
    }
    for where, duration in durations.items():
        if (duration.lognormal_mean is None) == (duration.lognormal_median is None):
            yield _wrong(where, "needs lognormal_mean or lognormal_median, and not both")
        elif duration.min >= duration.most:
            yield _wrong(where, f"min {duration.min:g} must be less than its upper bound {duration.most:g}")
    pairs = {
        "[answers] machine_ring": answers.machine_ring.early,
        "[amd] human_delay": scenario.amd.human_delay,
        "[amd] machine_delay": scenario.amd.machine_delay,
        "[drift] live_clip": scenario.drift.live_clip,
    }
    for where, (low, high) in pairs.items():
        if low > high:
            yield _wrong(where, f"{low:g} must not be more than {high:g}")


def _key_lines(text: str) -> Iterator[tuple[str, int]]:
    """Where each key and header stands: ``[answers] live``; a table's own header stands for its keys."""
    section, prefix = "", ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[\s*([\w-]+)(?:\s*\.\s*([\w-]+))?\s*\]", line):
            section, prefix = header[1], f"{header[2]}." if header[2] else ""
            yield f"[{section}] {header[2]}" if header[2] else f"[{section}]", number
        elif key := re.match(r"\s*\"?([\w-]+(?:\.[\w-]+)?)\"?\s*=", line):
            yield f"[{section}] {prefix}{key[1]}", number


def _with_line(problem: Problem, lines: Mapping[str, int], name: str) -> Problem:
    """The same problem, told with the file and the nearest line known: the key's, its table's, its section's."""
    where = re.sub(r"(?<=\w)\[\d+\]", "", problem.where)
    nearest = (where, where.partition(".")[0], where.partition(" ")[0])
    line = next((lines[place] for place in nearest if place in lines), None)
    place = ", ".join(part for part in (name, f"line {line}" if line else "") if part)
    text = f"{place}: {problem.text}" if place else problem.text
    return replace(problem, text=text, figures={**problem.figures, "line": line or 0})
