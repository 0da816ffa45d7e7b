"""Words for calls that came in, and their figures by the hour as a table shows them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from web_ui import words
from web_ui.language import N_, Language

SHOWN = {
    "missed": N_("Missed calls"),
    "answered": N_("Answered"),
    "all": N_("All"),
}
OUTCOMES = {
    "answered": N_("Answered"),
    "missed": N_("Missed call"),
    "closed": N_("Outside the opening hours"),
    "busy": N_("All lines busy"),
    "refused": N_("Not taken: no settings for it"),
    "callback": N_("Callback promised by key"),
    "interrupted": N_("Interrupted"),
}
KINDS = {
    "callback": N_("Calls us back"),
    "new": N_("New customer"),
    "service": N_("Inbound"),
}
MISSED = ("missed", "closed", "busy", "refused", "interrupted")
"""Somebody called and met nobody."""


def kind(incoming: Mapping[str, Any], language: Language) -> str:
    """Why somebody calls."""
    return words.word(KINDS, incoming.get("kind") or "service", language)


def outcome(call: Mapping[str, Any], language: Language) -> str:
    """What became of a call; one that goes on says so."""
    if not call.get("outcome"):
        return language.gettext("Still on")
    return words.word(OUTCOMES, call["outcome"], language)


def caller(call: Mapping[str, Any], language: Language) -> str:
    """Who called: the name, else the number, else that it was withheld."""
    if call.get("name"):
        return str(call["name"])
    number = str(call.get("caller") or "")
    return language.phone(number) if number else language.gettext("Number withheld")


def number(caller: str, seen: bool, language: Language) -> str:
    """A caller's number; its last digits only for whoever may not see those of calls."""
    if not caller:
        return language.gettext("Number withheld")
    return language.phone(caller) if seen else f"•••• {caller[-2:]}"


def can_call_back(call: Mapping[str, Any]) -> bool:
    """Whether a callback can be promised to whoever was missed."""
    known = bool(call.get("caller")) and call.get("campaign_id") is not None
    return call.get("outcome") in MISSED and known and call.get("promise_id") is None


def hours_of_day(hours: Sequence[Mapping[str, Any]], zone: str) -> list[Mapping[str, Any]]:
    """Figures by the hour of the day on the office's clock: ``hour, answered, missed`` (with those to call back)."""
    sums: dict[int, list[int]] = {}
    for each in hours:
        hour = datetime.fromtimestamp(float(each["at"]), ZoneInfo(zone)).hour
        found = sums.setdefault(hour, [0, 0])
        found[0] += int(each["answered"])
        found[1] += int(each["missed"]) + int(each["callback"])
    return [{"hour": hour, "answered": a, "missed": m} for hour, (a, m) in sorted(sums.items())]
