"""What the page of updates shows, from the service's own account of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any

from web_ui import words
from web_ui.client import problem_from
from web_ui.language import N_, Language

PROVEN_LOOKS: Mapping[str, str] = {
    "units": N_("not every part of it came up"),
    "service": N_("the telephone service was not well"),
    "pages": N_("its pages did not answer"),
    "registration": N_("no telephone could have registered"),
    "call": N_("its test call with sound failed"),
    "boot": N_("it did not start"),
}
"""The looks of the proof (``strowger prove``) that can fail."""


def why_taken_back(reason: str, language: Language) -> str:
    """Why a version was taken back: the failed look in words, with what it said."""
    look, mark, said = reason.partition(": ")
    if look not in PROVEN_LOOKS:
        return reason or language.gettext("for no reason it could tell")
    sentence = language.gettext(PROVEN_LOOKS[look])
    return f"{sentence} ({said})" if mark and said else sentence


def bundle(raw: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """One file: what stands against it as sentences."""
    against = [words.problem(problem_from(each), language) for each in raw["against"]]
    return {**raw, "against": against, "readable": bool(raw["version"])}


def phase(state: Mapping[str, Any]) -> str:
    """Where an update is: ``restarting installing waiting planned installed failed quiet``."""
    if state["restarting"]:
        return "restarting"
    if state["state"] == "installing":
        return "installing"
    if state["plan"] is not None:
        return "waiting" if state["due"] else "planned"
    return {"installed": "installed", "failed": "failed"}.get(str(state["state"]), "quiet")


def percent(step: str) -> int | None:
    """RAUC's own figure of progress, ``42% Copying image``; None where it gives none."""
    figure = step.strip().partition("%")[0].strip()
    return int(figure) if figure.isdigit() and int(figure) <= 100 else None


def next_at(clock_time: str, now: float, zone: tzinfo) -> float | None:
    """The next time the office's clock shows ``HH:MM`` (UTC seconds); None when that is no time of day."""
    hour, _, minute = clock_time.partition(":")
    if not (hour.isascii() and hour.isdigit() and minute.isascii() and minute.isdigit()):
        return None
    if int(hour) > 23 or int(minute) > 59:
        return None
    shown = datetime.fromtimestamp(now, zone)
    due = shown.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
    if due <= shown:
        due = (due + timedelta(days=1)).replace(fold=0)
    return due.timestamp()
