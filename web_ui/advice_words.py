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
_COUNTED = 3
"""Up to so many calls a budget is told in calls; more of them are predictive dialling, whatever the team's size."""
_A_FEW = 2
"""Fewer people than this are told as hardly anybody."""


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
    figures, key = advice.get("figures") or {}, advice.get("key")
    if key == "advise_progressive_no_budget":
        return _no_budget(_whole(figures, "answers"), language)
    if key == "advise_progressive_little_gain":
        return _little_gain(float(figures.get("gain_points", 0.0)), language)
    if key in ("advise_progressive_with_budget", "advise_predictive"):
        return _dials_ahead(str(key), figures, language)
    return ""


def _no_budget(answers: int, language: Language) -> str:
    _ = language.gettext
    if answers < _A_FEW:
        return _(
            "Hardly anybody will answer, so not one call may be lost: the box dials only for a free agent."
        )
    return _(
        "With about {answers} people answering in the period the law counts, not one call may be lost: "
        "the box dials only for a free agent.",
        answers=language.number(answers),
    )


def _little_gain(points: float, language: Language) -> str:
    _ = language.gettext
    if points < 0.05:
        return _("Dialling ahead would gain nothing: most people answer, and talks are long.")
    return _(
        "Dialling ahead would gain {points} points of working time at most; it is not worth the risk.",
        points=language.number(points),
    )


def _dials_ahead(key: str, figures: Mapping[str, Any], language: Language) -> str:
    """How the mode is called, and what it does with the calls that may be lost."""
    _, calls = language.gettext, _whole(figures, "calls")
    answers = language.number(_whole(figures, "answers"))
    if _by_the_call(key, calls):
        return language.ngettext(
            "Choose the mode “Predictive” for it: it dials for free agents, and a little ahead while one call may "
            "still be lost. About {answers} people will answer in the period the law counts.",
            "Choose the mode “Predictive” for it: it dials for free agents, and a little ahead while {many} calls "
            "may still be lost. About {answers} people will answer in the period the law counts.",
            calls,
            many=many(calls, language),
            answers=answers,
        )
    return _(
        "About {answers} people will answer in the period the law counts. The box dials ahead of free agents and "
        "slows down before more calls are lost.",
        answers=answers,
    )


def _by_the_call(key: str, calls: int) -> bool:
    """Whether a budget is so small that every single call of it counts."""
    return key == "advise_progressive_with_budget" and calls <= _COUNTED


def _said(key: str, calls: int, language: Language) -> str:
    _ = language.gettext
    if _by_the_call(key, calls):
        return language.ngettext(
            "progressive with one call of budget.",
            "progressive with {many} calls of budget.",
            calls,
            many=many(calls, language),
        )
    ahead = language.ngettext(
        "predictive; one call may be lost.",
        "predictive; about {many} calls may be lost.",
        calls,
        many=many(calls, language),
    )
    known = {
        "advise_agentless": _("Without agents: people hear a message, as fast as the lines allow."),
        "advise_progressive_no_budget": _("progressive."),
        "advise_progressive_little_gain": _("progressive."),
        "advise_progressive_with_budget": ahead,
        "advise_predictive": ahead,
    }
    return known.get(key, key)


def _whole(figures: Mapping[str, Any], name: str) -> int:
    value = figures.get(name, 0)
    return int(value) if isinstance(value, int | float) else 0
