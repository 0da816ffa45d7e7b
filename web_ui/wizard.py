"""The assistant for a new campaign: its eight steps, what each one asks, and where its buttons lead.

Pure. Each step is a part of the campaign form; what its fields may hold is the service's word. Saving, uploads and
imports are ``routes/wizard``'s.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from web_ui import forms
from web_ui.language import N_

STEPS: Mapping[str, str] = {
    "list": N_("Contacts"),
    "check": N_("Check of the list"),
    "rules": N_("Purpose and rules"),
    "hours": N_("Call windows"),
    "mode": N_("Dialling mode"),
    "team": N_("Agents and trunk"),
    "results": N_("Results and retries"),
    "start": N_("Forecast and start"),
}
"""In order, with the name each has on the pages."""
NAMES = tuple(STEPS)
SAVED = NAMES[2:7]
"""Steps that are one form of settings."""
FIELDS: Mapping[str, tuple[str, ...]] = {
    "rules": ("purpose", "rule_pack", "caller_id"),
    "hours": ("week", "default_zone", "first_day", "last_day"),
    "mode": (
        *("mode", "preview_offer", "preview_countdown_s", "message_text", "agent_key"),
        *("lines_per_agent", "abandon_target_pc", "amd_enabled"),
        *("abandon_text", "caller_name", "call_reason", "opt_out_number"),
    ),
    "team": ("agent_ids", "trunk", "max_lines", "manual_dialling"),
    "results": (
        *("max_attempts", "min_gap_h", "wrap_up_limit_s", "automatic_wrap_up_code", "retry", "codes"),
    ),
}
"""What each step shows, by the names of the campaign form."""
FIELD_STEPS: Mapping[str, str] = {
    "name": "list",
    "contact_list_id": "list",
    "dnc_list_ids": "check",
    "purpose": "rules",
    "rule_pack": "rules",
    "caller_id": "rules",
    "windows": "hours",
    "default_zone": "hours",
    "first_day": "hours",
    "last_day": "hours",
    "mode": "mode",
    "message_text": "mode",
    "abandon_text": "mode",
    "caller_name": "mode",
    "call_reason": "mode",
    "opt_out_number": "mode",
    "lines_per_agent": "mode",
    "abandon_target": "mode",
    "agent_ids": "team",
    "trunk": "team",
    "max_lines": "team",
    "retry": "results",
    "wrap_up_codes": "results",
    "max_attempts": "results",
    "min_gap_s": "results",
}
"""Where each setting is mended."""

Text = Callable[[str], str]
Texts = Callable[[str], list[str]]


def number_of(step: str) -> int:
    """The step's place, counted from 1."""
    return NAMES.index(step) + 1


def after(step: str, wanted: str) -> str:
    """The step a button leads to: ``back``, ``stay``, ``end``, a step's name, or the next one."""
    at = NAMES.index(step)
    if wanted in NAMES:
        return wanted
    if wanted == "back":
        return NAMES[max(0, at - 1)]
    if wanted == "stay":
        return step
    return NAMES[-1] if wanted == "end" else NAMES[min(at + 1, len(NAMES) - 1)]


def goes_back(step: str, target: str) -> bool:
    """Whether a button leads to a step before this one."""
    return NAMES.index(target) < NAMES.index(step)


def read(step: str, text: Text, texts: Texts) -> dict[str, Any]:
    """The settings of a step from its form; what cannot be read is passed on as typed."""
    return _READERS[step](text, texts)


def _rules(text: Text, _texts: Texts) -> dict[str, Any]:
    return {name: text(name) for name in FIELDS["rules"]}


def _hours(text: Text, _texts: Texts) -> dict[str, Any]:
    windows = forms.read_week(text, lambda name: bool(text(name)))
    days = {name: text(name) for name in ("first_day", "last_day")}
    return {"windows": windows, "default_zone": text("default_zone"), **days}


def _mode(text: Text, _texts: Texts) -> dict[str, Any]:
    return {
        "mode": text("mode"),
        "preview_offer": text("preview_offer"),
        "preview_countdown_s": forms.as_number(text("preview_countdown_s")),
        "message_text": " ".join(text("message_text").split()),
        "agent_key": bool(text("agent_key")),
        "lines_per_agent": forms.as_number(text("lines_per_agent")),
        "abandon_target": forms.as_number(text("abandon_target_pc"), 0.01),
        "amd_enabled": bool(text("amd_enabled")),
        "abandon_text": " ".join(text("abandon_text").split()),
        "caller_name": text("caller_name"),
        "call_reason": text("call_reason"),
        "opt_out_number": text("opt_out_number"),
    }


def _team(text: Text, texts: Texts) -> dict[str, Any]:
    return {
        "agent_ids": [int(each) for each in texts("agent_ids") if each.isdigit()],
        "trunk": text("trunk"),
        "max_lines": forms.as_number(text("max_lines")),
        "manual_dialling": bool(text("manual_dialling")),
    }


def _results(text: Text, _texts: Texts) -> dict[str, Any]:
    found: dict[str, Any] = {
        "max_attempts": forms.as_number(text("max_attempts")),
        "min_gap_s": forms.as_number(text("min_gap_h"), forms.HOUR_S),
        "wrap_up_limit_s": forms.as_number(text("wrap_up_limit_s")),
        "retry": forms.read_retry(text),
        "wrap_up_codes": forms.read_codes(text),
    }
    if text("automatic_wrap_up_code"):
        found["automatic_wrap_up_code"] = text("automatic_wrap_up_code")
    return found


_READERS: Mapping[str, Callable[[Text, Texts], dict[str, Any]]] = {
    "rules": _rules,
    "hours": _hours,
    "mode": _mode,
    "team": _team,
    "results": _results,
}


def typed_again(step: str, shown: Mapping[str, Any], text: Text, texts: Texts) -> dict[str, Any]:
    """``shown`` with what somebody typed in this step laid over it."""
    typed = forms.typed_again(shown, text, texts)
    return {**shown, **{name: typed[name] for name in FIELDS.get(step, ()) if name in typed}}
