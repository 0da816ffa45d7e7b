"""A campaign's dry run: what its settings and some assumptions come to, by mode and by number of agents.

``Assumptions`` are what nobody knows before: who answers, how long people talk. They are learned where the campaign has
dialled, else the usual ones stand here, and a person may change each. The days simulated are few for a large team, so
that the whole takes some seconds; which ones they are depends on the assumptions alone, so the same ones give the
same answer. Agentless campaigns are reckoned, not simulated: a line is busy for so long per call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Annotated, Any

from firmware.model import CampaignSettings, DiallingMode, OperatorError, PersonAction, Problem
from firmware.pacing.adviser import Advice, Team, advise
from firmware.rules import Length, Range
from firmware.simulate.campaign import (
    Outlook,
    Plan,
    advised,
    calendar,
    dials_per_contact,
    sampled,
    spread,
    with_lines,
)
from firmware.simulate.scenario import (
    Amd,
    Answers,
    Drift,
    Handling,
    Limits,
    LogNormal,
    Mode,
    Run,
    Scenario,
)
from firmware.simulate.scenario import Team as Floor
from firmware.simulate.world import Fates
from firmware.typed import fields_of, read_table

MOST_AGENTS = 500
_AGENT_DAYS = 12.0
"""Days of one agent that are simulated per mode: beyond that the figures hardly move."""
_MOST_DAYS = 2
_LEAST_SHIFT_H = 1.0
_DRAWS = 2000
_MODES: tuple[Mode, ...] = ("progressive", "power", "predictive")
_COMPARED: tuple[Mode, ...] = ("progressive", "predictive")
_WAIT_S = 45.0
"""Idle time per call of a small team, for the advice that is given without a simulation."""

_Share = Annotated[float, Range(0.0, 1.0)]


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What a dry run takes for granted. Shares are 0 to 1, durations means in seconds."""

    agents: Annotated[int, Range(0, MOST_AGENTS)]
    lines: Annotated[int, Range(1, 5000)]
    live_share: Annotated[float, Range(0.01, 0.95)] = 0.25
    """Of all dials, those a person answers."""
    machine_share: Annotated[float, Range(0.0, 1.0)] = 0.45
    """Of the other dials, those a machine answers."""
    talk_s: Annotated[float, Range(5.0, 7200.0)] = 90.0
    wrap_s: Annotated[float, Range(1.0, 3600.0)] = 12.0
    hourly: Annotated[tuple[Annotated[float, Range(0.0, 20.0)], ...], Length(1, 24)] = (1.0,)
    """How the share of answers differs hour by hour of the call window, as factors."""
    seed: Annotated[int, Range(0, 2**31)] = 1


@dataclass(frozen=True, slots=True)
class Frame:
    """What the campaign's settings and its rules say. ``window_days`` is the legal window of the abandon limit."""

    mode: DiallingMode
    abandon_limit: float
    window_days: int
    hold_s: float
    ring_timeout_s: float
    min_ring_s: float
    power_ratio: float
    shift_h: float
    """Hours of call window on a usual day."""
    amd: bool
    message_s: float = 0.0
    """Agentless: how long the message is."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The campaign's team in every mode, other numbers of agents in its best ones, and the advice."""

    own: tuple[Outlook, ...]
    others: tuple[Outlook, ...]
    advice: Advice
    days: float
    """Days that were simulated for the team itself."""


def read(given: Mapping[str, Any], known: Assumptions) -> Assumptions:
    """``known`` with what a person changed. Raises ``OperatorError`` with every mistake by its field."""
    problems: list[Problem] = []
    expected = [each for each in fields_of(Assumptions) if each.name in given]
    strange = [name for name in given if name not in Assumptions.__slots__]
    problems += [Problem(name, "unknown_setting", f"There is no {name}.", {"name": name}) for name in strange]
    plain = {name: given[name] for name in given if name not in strange}
    values = read_table(plain, expected, lambda key: key, problems)
    if problems:
        raise OperatorError(*problems)
    return replace(known, **values)


def frame_of(
    settings: CampaignSettings, limit: float, window_days: int, min_ring_s: float, shift_h: float
) -> Frame:
    """The frame of a campaign whose rules allow this; without agents whose people meet agents, it is progressive."""
    agentless = settings.mode is DiallingMode.AGENTLESS
    agents_only = agentless and settings.meets_agents
    speaks = agentless and settings.on_person is PersonAction.FLOW
    return Frame(
        mode=DiallingMode.PROGRESSIVE if agents_only else settings.mode,
        abandon_limit=min(1.0, max(limit, 0.0001)),
        window_days=window_days,
        hold_s=settings.hold_s,
        ring_timeout_s=settings.ring_timeout_s,
        min_ring_s=min_ring_s,
        power_ratio=settings.lines_per_agent,
        shift_h=min(24.0, max(shift_h, _LEAST_SHIFT_H)),
        amd=settings.amd_enabled,
        message_s=len(settings.message_text) / 14.0 if speaks else 0.0,
    )


def quick_advice(assumed: Assumptions, frame: Frame) -> Advice:
    """The mode for a team by reckoning alone: answers as agents can take them."""
    per_hour = 3600.0 / (assumed.talk_s + assumed.wrap_s + _WAIT_S)
    answers = assumed.agents * per_hour * frame.shift_h * frame.window_days
    return advise(
        Team(assumed.agents, answers, frame.abandon_limit, assumed.live_share, talk_s=assumed.talk_s)
    )


def compare(
    assumed: Assumptions, frame: Frame, plan: Plan, tell: Callable[[float], None] = lambda _: None
) -> Comparison:
    """Every mode for the team, then other teams; ``tell`` hears the share that is done."""
    if frame.mode is DiallingMode.AGENTLESS or not assumed.agents:
        return Comparison((_agentless(assumed, frame, plan),), (), quick_advice(assumed, frame), 0.0)
    scenario = scenario_of(assumed, frame, assumed.agents)
    days = _days(assumed.agents)
    teams = list(_other_teams(assumed.agents))
    steps = len(_MODES) + 2 * len(teams)
    figures: dict[str, dict[str, Any]] = {}
    for done, mode in enumerate(_MODES):
        tell(done / steps)
        figures[mode] = sampled(scenario, mode, days)
    own = tuple(spread(scenario, plan, mode, found, days) for mode, found in figures.items())
    others: list[Outlook] = []
    for at, agents in enumerate(teams):
        team, sample = scenario_of(assumed, frame, agents), _days(agents)
        for half, mode in enumerate(_COMPARED):
            tell((len(_MODES) + 2 * at + half) / steps)
            others.append(spread(team, plan, mode, sampled(team, mode, sample), sample))
    whole_days = days * scenario.team.shift_h / frame.shift_h
    advice = advised(scenario, figures["progressive"], figures["predictive"], whole_days)
    return Comparison(own, tuple(others), advice, whole_days)


def scenario_of(assumed: Assumptions, frame: Frame, agents: int) -> Scenario:
    """One day as the assumptions have it; a large team's is shorter."""
    shift_h = min(frame.shift_h, max(_LEAST_SHIFT_H, _AGENT_DAYS * frame.shift_h / agents))
    rest = 1.0 - assumed.machine_share
    answers = Answers(
        live=assumed.live_share,
        machine=assumed.machine_share,
        no_answer=rest * 38 / 55,
        busy=rest * 12 / 55,
        dead=rest * 5 / 55,
    )
    scenario = Scenario(
        team=Floor(agents=agents, shift_h=shift_h),
        answers=answers,
        handling=Handling(
            talk=LogNormal(sigma=0.8, lognormal_mean=assumed.talk_s, min=3.0),
            wrap=LogNormal(sigma=0.5, lognormal_mean=assumed.wrap_s, min=0.5, max_factor=3.0),
        ),
        run=Run(seed=assumed.seed),
        limits=Limits(
            abandon_limit=frame.abandon_limit,
            window="30d" if frame.window_days > 1 else "24h",
            hold_s=frame.hold_s,
            ring_timeout_s=frame.ring_timeout_s,
            min_ring_s=frame.min_ring_s,
            power_ratio=max(1.0, frame.power_ratio),
        ),
        amd=Amd(enabled=True)
        if frame.amd
        else Amd(enabled=True, human_delay=(0.0, 0.0), machine_delay=(0.0, 0.0), false_negative=1.0),
        drift=Drift(enabled=True, hourly=assumed.hourly, list_change=()),
    )
    return with_lines(scenario, max(assumed.lines, 1))


def _days(agents: int) -> int:
    return max(1, min(_MOST_DAYS, int(_AGENT_DAYS / agents)))


def _other_teams(agents: int) -> Iterator[int]:
    """Fewer and more, to compare with."""
    around = {max(1, round(agents * 2 / 3)), agents + max(1, round(agents / 3)), 2 * agents} - {agents}
    yield from sorted(each for each in around if each <= MOST_AGENTS)


def _agentless(assumed: Assumptions, frame: Frame, plan: Plan) -> Outlook:
    """By lines: a line is busy as long as a call and, where a person answers, the message."""
    scenario = scenario_of(assumed, frame, 1)
    fates = Fates(scenario, assumed.seed, 0)
    drawn = [fates.draw(assumed.live_share) for _ in range(_DRAWS)]
    live = sum(fate.person for fate in drawn) / _DRAWS
    line_s = sum(fate.ends_s + (frame.message_s if fate.person else 0.0) for fate in drawn) / _DRAWS
    dials = round(plan.contacts * dials_per_contact(live, plan.attempts))
    ends_on, used, undone = calendar(plan, dials, assumed.lines * 3600.0 / line_s)
    dials -= round(dials * undone)
    reached, left = round(dials * live), round(plan.contacts * undone)
    return Outlook(
        *(DiallingMode.AGENTLESS.value, ends_on, used, dials, reached, 0, 0.0, 0.0, assumed.lines), left=left
    )


def plain(found: Comparison) -> dict[str, Any]:
    """For JSON; dates as ISO 8601."""

    def one(outlook: Outlook) -> dict[str, Any]:
        told = asdict(outlook)
        return {**told, "ends_on": None if outlook.ends_on is None else outlook.ends_on.isoformat()}

    return {
        "own": [one(each) for each in found.own],
        "others": [one(each) for each in found.others],
        "advice": {
            "mode": found.advice.mode,
            "key": found.advice.key,
            "figures": dict(found.advice.figures),
        },
        "days": found.days,
    }
