"""Pacing on a page: where the legal window stands, in words, and every decision with its figures.

Pure: what the store and the picture tell in, plain values out. Only the predictive mode steers by a budget; the others
are told by what they counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from firmware.store.reports import PacingNote
from web_ui import panels
from web_ui.language import Language
from web_ui.live import Entry

FIGURES = ("risk", "theta", "credit", "answers", "abandoned")
"""What a predictive decision carries, in the order of the table."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The legal window in one sentence; ``over``: more was abandoned than it allows."""

    text: str
    more: str
    over: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: when, how many calls, why, and its figures as text (empty where the mode has none)."""

    at: float
    starts: str
    reason: str
    figures: Sequence[str]


def standing(live: Entry, notes: Sequence[PacingNote], language: Language) -> Standing:
    """Where the abandon rate stands against its target."""
    figures = _newest(live, notes)
    target = panels.number(live, "abandon_target")
    if figures is None:
        answers, abandoned = panels.number(live, "live_answers"), panels.number(live, "abandoned")
        return _counted(answers, abandoned, target, language)
    answers, abandoned = panels.number(figures, "answers"), panels.number(figures, "abandoned")
    credit = int(panels.number(figures, "credit"))
    more = (
        language.ngettext(
            "{count} call may still find no agent in this window.",
            "{count} calls may still find no agent in this window.",
            credit,
        )
        if credit > 0
        else language.gettext("No further call may be lost in this window: one call for each free agent.")
    )
    said = language.gettext(
        "In this legal window {answers} answered and {abandoned} found no agent: {rate}. The limit is {limit}.",
        answers=_people(answers, language),
        abandoned=language.number(round(abandoned)),
        rate=language.percent(panels.share(abandoned, answers)),
        limit=language.percent(target),
    )
    return Standing(said, more, answers > 0 and abandoned > target * answers)


def _counted(answers: float, abandoned: float, target: float, language: Language) -> Standing:
    if not answers:
        text = language.gettext(
            "Nobody has answered yet. The abandon rate may be {limit} at most.",
            limit=language.percent(target),
        )
        return Standing(text, "", False)
    said = language.gettext(
        "Since the start {answers} answered and {abandoned} found no agent: {rate}. The limit is {limit}.",
        answers=_people(answers, language),
        abandoned=language.number(round(abandoned)),
        rate=language.percent(panels.share(abandoned, answers)),
        limit=language.percent(target),
    )
    return Standing(said, "", abandoned > target * answers)


def _people(count: float, language: Language) -> str:
    return language.ngettext("{count} person", "{count} people", round(count))


def _newest(live: Entry, notes: Sequence[PacingNote]) -> Mapping[str, Any] | None:
    """The figures of the newest predictive decision: the service's word, else the journal's."""
    pacing = live.get("pacing")
    told = pacing.get("figures") if isinstance(pacing, Mapping) else None
    if isinstance(told, Mapping) and "theta" in told:
        return told
    return next((note.figures for note in notes if "theta" in note.figures), None)


def decisions(notes: Sequence[PacingNote], language: Language) -> list[Decision]:
    """Decisions for the table, newest first."""
    return [
        Decision(
            note.at,
            language.number(note.starts),
            panels.decision_words(note.reason, note.figures, language),
            [_figure(name, note.figures, language) for name in FIGURES],
        )
        for note in notes
    ]


def _figure(name: str, figures: Mapping[str, Any], language: Language) -> str:
    if "theta" not in figures or name not in figures:
        return ""
    value = panels.number(figures, name)
    if name in ("risk", "theta"):
        return language.percent(value)
    return language.number(round(value, 1 if name == "credit" else 0))
