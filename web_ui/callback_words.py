"""Words for promised callbacks: what became of them, what happened to them and why, and times by two clocks.

Pure. A key nobody has translated is shown as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from web_ui import words
from web_ui.language import N_, Language

SHOWN = {
    "open": N_("Open"),
    "late": N_("Late"),
    "kept": N_("Kept"),
    "missed": N_("Missed"),
    "withdrawn": N_("Withdrawn"),
    "passed_on": N_("Passed on"),
    "all": N_("All"),
}
ACTS = {
    "made": N_("Promised"),
    "passed_to": N_("Goes on"),
    "moved": N_("Moved"),
    "postponed": N_("Postponed"),
    "tried": N_("Called, nobody reached"),
    "reopened": N_("Brought back"),
    "kept": N_("Kept"),
    "missed": N_("Missed"),
    "withdrawn": N_("Withdrawn"),
    "passed_on": N_("Passed on"),
}
CAUSES = {
    "owner_gone": N_("the agent is no longer there"),
    "owner_left": N_("the agent no longer works for the campaign"),
    "owner_away": N_("the agent is away"),
    "owner_busy": N_("the agent did not come to it"),
    "assigned": N_("assigned"),
    "agreed_anew": N_("another time was agreed"),
    "called_again": N_("the person has been reached since"),
    "contact_gone": N_("the contact was deleted"),
    "skipped": N_("left for later by the agent"),
    "moved": N_("another time was promised"),
    "undone": N_("the withdrawal was taken back"),
}


def cause(key: object, language: Language) -> str:
    """Why something happened to a promise: of its own kinds, a rule that forbids calls, or what a call came to."""
    text = str(key or "")
    for table in (CAUSES, words.REFUSALS, words.DISPOSITIONS):
        if text in table:
            return words.word(table, text, language)
    return text


def whose(row: Mapping[str, Any], language: Language) -> str:
    """The agent whose promise it is, or the team."""
    return str(row.get("owner_name") or "") or language.gettext("Team")


def there(row: Mapping[str, Any], at: float, language: Language) -> str:
    """A time by the contact's own clock; empty where that shows what the office's shows."""
    try:
        local = datetime.fromtimestamp(at, ZoneInfo(str(row.get("zone") or "")))
        office = datetime.fromtimestamp(at, ZoneInfo(language.zone_name))
    except (KeyError, ValueError, OSError):
        return ""
    return "" if local.utcoffset() == office.utcoffset() else language.there(local.isoformat())
