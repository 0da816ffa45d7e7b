"""Shapes that several nouns share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from firmware.model import Problem
from web_ui import rule_words, words
from web_ui.api.shapes import Maybe, Member, Moment, Several, Table, Text, Whole, moment
from web_ui.language import N_, Language

ID = Whole(1)
NUMBER = Text(1, 80, example="+49 30 23125107")
"""A telephone number as people write it; one without a country code belongs to the box's own country."""
E164 = Text(0, 16, example="+493023125107")
PROBLEM = Table(
    {"pointer": Member(Text(0, 200)), "key": Member(Text(1, 80)), "text": Member(Text(0, 2000))}, "Fault"
)
PROBLEMS = Several(PROBLEM, 0, 10_000)
BLOCK = Table(
    {
        "rule": Member(Text(1, 80), N_("Which rule it is, as a stable key.")),
        "text": Member(Text(0, 500), N_("The same in words.")),
        "until": Member(Maybe(Moment()), N_("When this rule lets go; null: it is not known, or never.")),
    },
    "Block",
)
ANSWER = Table(
    {
        "field": Member(Text(1, 40), N_("Stays the same when the label changes.")),
        "label": Member(Text(0, 200)),
        "value": Member(Text(0, 2000)),
    },
    "Answer",
)
"""What an agent wrote into one field of a script."""
NAME = Text(1, 120, pattern=r"[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*")


def at(value: float | None) -> str | None:
    """A time or none; what lies beyond all calendars is none."""
    return None if value is None or not 0 <= value < 253_402_300_800 else moment(value)


def block(raw: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """A rule that stands against a call, in words."""
    figures = {str(name): str(value) for name, value in (raw.get("figures") or {}).items()}
    try:
        text = rule_words.why({"rule": raw["rule"], "figures": figures}, language)
    except KeyError:
        text = words.word(words.REFUSALS, raw["rule"], language)
    return {"rule": raw["rule"], "text": text, "until": at(raw.get("until"))}


def problems(raw: Sequence[Mapping[str, Any]], language: Language) -> list[dict[str, str]]:
    """Problems as the service sends them with single rows, in words."""
    found = [
        Problem(str(each["where"]), str(each["key"]), str(each["text"]), each["figures"]) for each in raw
    ]
    return [
        {
            "pointer": "/number" if not each.where else f"/{each.where}",
            "key": each.key,
            "text": words.problem(each, language),
        }
        for each in found
    ]
