"""What a wallboard shows: large figures from the live picture and from today's sums, against their targets. Pure.

No figure is of one person. Where figures of single agents are not wanted, how many are talking, ready or paused is
shown only of five or more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from web_ui.language import N_, Language
from web_ui.live import Picture
from web_ui.panels import number
from web_ui.report_view import FEWEST_AGENTS

AVERAGE_STATES = ("talking", "ready", "paused")
HIDDEN = "–"


@dataclass(frozen=True, slots=True)
class Kind:
    """One figure: its name, whether more is better, and whether it is a share (0..1, aimed at in per cent)."""

    name: str
    more_is_better: bool = True
    share: bool = False


FIGURES: Mapping[str, Kind] = {
    "calls_now": Kind(N_("Calls now")),
    "talking": Kind(N_("Agents talking")),
    "ready": Kind(N_("Agents ready")),
    "paused": Kind(N_("Agents pausing"), more_is_better=False),
    "connect_rate": Kind(N_("Connect rate"), share=True),
    "abandon_rate": Kind(N_("Abandon rate"), more_is_better=False, share=True),
    "progress": Kind(N_("Progress of running campaigns"), share=True),
    "left": Kind(N_("Contacts left"), more_is_better=False),
    "calls_today": Kind(N_("Calls today")),
    "reached_today": Kind(N_("People reached today")),
    "incoming_today": Kind(N_("Calls that came in today")),
    "missed_today": Kind(N_("Missed today"), more_is_better=False),
    "callbacks_today": Kind(N_("Callbacks for today")),
    "callbacks_missed": Kind(N_("Callbacks missed today"), more_is_better=False),
}
"""What can be chosen."""
USUAL = ("calls_now", "talking", "ready", "connect_rate", "abandon_rate", "calls_today")


def names(chosen: Iterable[Mapping[str, Any]]) -> list[str]:
    """What the chosen figures are called, in English."""
    return [FIGURES[each["figure"]].name for each in chosen if each["figure"] in FIGURES]


@dataclass(frozen=True, slots=True)
class Large:
    """One figure on the wall. ``state``: ``good`` or ``bad`` against its target, empty without one."""

    key: str
    label: str
    value: str
    target: str
    state: str


def values(picture: Picture, today: Mapping[str, float], each_agent: bool) -> dict[str, float | None]:
    """Every figure; None: not shown, or there is nothing to divide by."""
    running = [each for each in picture.campaigns.values() if each.get("state") == "running"]

    def total(name: str) -> float:
        return sum(number(each, name) for each in running)

    states = [str(agent.get("state")) for agent in picture.agents.values()]
    shown = each_agent or len(states) >= FEWEST_AGENTS
    told: dict[str, float | None] = {key: states.count(key) if shown else None for key in AVERAGE_STATES}
    ended = ("ended", "wrap_up")
    told["calls_now"] = sum(1 for call in picture.calls.values() if call.get("state") not in ended)
    told["connect_rate"] = _share(total("live_answers"), total("attempts"))
    told["abandon_rate"] = _share(total("abandoned"), total("live_answers"))
    told["progress"] = _share(total("closed"), total("contacts"))
    told["left"] = total("open")
    return {**told, **today}


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def large(
    chosen: list[Mapping[str, Any]], found: Mapping[str, float | None], language: Language
) -> list[Large]:
    """The chosen figures in words of one language."""
    return [
        _one(str(each["figure"]), each.get("target"), found.get(str(each["figure"])), language)
        for each in chosen
        if each["figure"] in FIGURES
    ]


def _one(key: str, target: float | None, value: float | None, language: Language) -> Large:
    kind = FIGURES[key]
    say: Callable[[float], str] = language.percent if kind.share else language.number
    aim = None if target is None else target / 100 if kind.share else target
    text = HIDDEN if value is None else say(value)
    told = ""
    if aim is not None:
        sentence = N_("at least {target}") if kind.more_is_better else N_("at most {target}")
        told = language.gettext(sentence, target=say(aim))
    state = ""
    if aim is not None and value is not None:
        state = "good" if (value >= aim if kind.more_is_better else value <= aim) else "bad"
    return Large(key, language.gettext(kind.name), text, told, state)
