"""What a person hears whom no agent could take in time: what the rules want said, and whether a campaign says it.

The text is the office's, with ``{fields}`` that the campaign fills in. A part the rules ask for is said where its field
stands in the text and has a value; whether the words around it are true and hold no advertising no program can tell.
Pure. Speaking is ``firmware.dialling.messages``'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from firmware.compliance.in_force import rules_of
from firmware.compliance.number_plans import PLANS
from firmware.model import CampaignSettings, DiallingMode

FIELD_OF: Mapping[str, str] = {
    "caller_name": "caller_name",
    "reason": "reason",
    "telemarketing": "reason",
    "number": "number",
    "free_opt_out_number": "opt_out_number",
    "opt_out_key": "opt_out_key",
}
"""The field that says a part of an announcement (``Rules.announcement``); ``no_marketing`` has none."""
SETTING_OF: Mapping[str, str] = {
    "caller_name": "caller_name",
    "reason": "call_reason",
    "number": "caller_id",
    "opt_out_number": "opt_out_number",
}
"""The campaign's setting that fills a field; the key is always the same."""
OPT_OUT_KEY = "9"
AHEAD = (DiallingMode.POWER, DiallingMode.PREDICTIVE)
"""Modes that call more people than agents are free: that somebody finds nobody is part of them."""
_BRACES = re.compile(r"\{\s*([^{}]*?)\s*\}")


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing an announcement lacks: the setting to mend, a stable key, and its figures."""

    setting: str
    key: str
    figures: Mapping[str, str] = field(default_factory=dict)


def fields_wanted(settings: CampaignSettings) -> tuple[str, ...]:
    """Return the fields the campaign's rules want in its announcement, each once. Raises ``KeyError``: no such pack."""
    parts = rules_of(settings).announcement
    return tuple(dict.fromkeys(FIELD_OF[part] for part in parts if part in FIELD_OF))


def lacks(settings: CampaignSettings) -> Iterator[Lack]:
    """Yield what keeps a campaign from calling ahead of its agents; nothing in modes that do not."""
    if settings.mode not in AHEAD:
        return
    try:
        wanted = fields_wanted(settings)
    except KeyError:
        return
    if wanted and not settings.abandon_text.strip():
        yield Lack("abandon_text", "no_abandon_text", {"fields": " ".join(f"{{{name}}}" for name in wanted)})
        return
    there = _fields_in(settings.abandon_text)
    for name in wanted:
        if name not in there:
            yield Lack("abandon_text", "abandon_text_lacks", {"field": f"{{{name}}}"})
    for name in _empty(settings):
        yield Lack(SETTING_OF[name], "abandon_field_empty", {"field": f"{{{name}}}"})


def complete(settings: CampaignSettings) -> bool:
    """Whether the campaign's own text can be spoken: there is one, and all it has fields for is known."""
    return bool(settings.abandon_text.strip()) and not _empty(settings)


def _fields_in(text: str) -> list[str]:
    return list(dict.fromkeys(_BRACES.findall(text)))


def _empty(settings: CampaignSettings) -> list[str]:
    """Fields of the text that nothing stands for; columns of the list are not among them."""
    values = values_of(settings)
    return [name for name in _fields_in(settings.abandon_text) if name in SETTING_OF and not values[name]]


def values_of(settings: CampaignSettings) -> Mapping[str, str]:
    """What stands for each field, as it is spoken."""
    return {
        "caller_name": settings.caller_name.strip(),
        "reason": settings.call_reason.strip(),
        "number": spoken(settings.caller_id),
        "opt_out_number": spoken(settings.opt_out_number),
        "opt_out_key": OPT_OUT_KEY,
    }


def spoken(number: str) -> str:
    """A number digit by digit, as people of its country dial it; as it was typed where no plan is known."""
    digits = "".join(c for c in number if c.isascii() and c.isdigit())
    for plan in PLANS.values() if number.startswith("+") else ():
        if digits.startswith(plan.code):
            digits = plan.trunk + digits.removeprefix(plan.code)
            break
    return " ".join(digits)
