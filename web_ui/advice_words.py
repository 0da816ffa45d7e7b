"""The adviser's answer as a sentence: how many agents, which mode, how many calls may be lost.

Pure. The service tells a key and figures (``firmware.pacing.adviser``); here they become a sentence in the reader's
language, with small numbers as words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from web_ui.language import N_, Language

SMALL = (
    N_("one"),
    N_("two"),
    N_("three"),
    N_("four"),
    N_("five"),
    N_("six"),
    N_("seven"),
    N_("eight"),
    N_("nine"),
    N_("ten"),
    N_("eleven"),
    N_("twelve"),
)
MODE_OF = {
    "advise_agentless": "agentless",
    "advise_progressive_no_budget": "progressive",
    "advise_progressive_little_gain": "progressive",
    "advise_progressive_with_budget": "predictive",
    "advise_predictive": "predictive",
}
"""The dialling mode each advice is carried out with."""


def many(count: int, language: Language) -> str:
    """A number as a word up to twelve, as digits beyond."""
    return language.gettext(SMALL[count - 1]) if 0 < count <= len(SMALL) else language.number(count)


def sentence(advice: Mapping[str, Any], language: Language) -> str:
    """``Three agents: progressive with a budget of one call.``"""
    figures = advice.get("figures") or {}
    agents, calls = _whole(figures, "agents"), _whole(figures, "calls")
    team = language.ngettext("one agent", "{many} agents", agents, many=many(agents, language))
    text = _said(str(advice.get("key", "")), calls, language)
    return f"{team[:1].upper()}{team[1:]}: {text}" if agents else text


def reason(advice: Mapping[str, Any], language: Language) -> str:
    """Why, in one more sentence; empty for an advice nobody has written a reason for."""
    _ = language.gettext
    figures = advice.get("figures") or {}
    answers = language.number(_whole(figures, "answers"))
    match advice.get("key"):
        case "advise_progressive_no_budget":
            return _(
                "With about {answers} people answering in the legal window, not one call may be lost.",
                answers=answers,
            )
        case "advise_progressive_little_gain":
            points = language.number(float(figures.get("gain_points", 0.0)))
            return _(
                "Dialling ahead would gain {points} points of working time at most; it is not worth the risk.",
                points=points,
            )
        case "advise_progressive_with_budget" | "advise_predictive":
            return _(
                "About {answers} people will answer in the legal window. The mode for this is called predictive.",
                answers=answers,
            )
        case _:
            return ""


def _said(key: str, calls: int, language: Language) -> str:
    _ = language.gettext
    budget = language.ngettext(
        "progressive with one call of budget.",
        "progressive with {many} calls of budget.",
        calls,
        many=many(calls, language),
    )
    known = {
        "advise_agentless": _("Without agents: people hear a message, as fast as the lines allow."),
        "advise_progressive_no_budget": _("progressive."),
        "advise_progressive_little_gain": _("progressive."),
        "advise_progressive_with_budget": budget,
        "advise_predictive": language.ngettext(
            "predictive; one call may be lost.",
            "predictive; about {many} calls may be lost.",
            calls,
            many=many(calls, language),
        ),
    }
    return known.get(key, key)


def _whole(figures: Mapping[str, Any], name: str) -> int:
    value = figures.get(name, 0)
    return int(value) if isinstance(value, int | float) else 0
