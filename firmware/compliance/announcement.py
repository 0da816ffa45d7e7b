"""What a person hears whom no agent could take in time: what the rules want said, and whether a campaign says it.

Who calls ahead of the agents always needs such a text. One call for each ready agent can still meet nobody (an agent
leaves between answer and connection), and so can whoever asks for an agent by key or is hung up on by a campaign that
leaves messages on machines alone: there it is asked for where a law
says what must be heard (GB, US), and left to the office where the part is our own choice (``Standing.OWN_CHOICE``).
Without agents the message itself says who calls, where such a law holds: 47 CFR 64.1200(b) in the United States, PECR
2003 reg. 19 and 24 in the United Kingdom.

The text is the office's, with ``{fields}`` that the campaign fills in. A part the rules ask for is said where its field
stands in the text and has a value; whether the words around it are true and hold no advertising no program can tell.
Pure. Speaking is ``firmware.dialling.messages``'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from firmware.compliance.in_force import office_of, rules_of
from firmware.compliance.number_plans import PLANS
from firmware.compliance.rules import Standing
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
_WHY = frozenset({"reason", "telemarketing"})
"""What a message of its own says in its own words."""
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


def by_law(settings: CampaignSettings) -> bool:
    """Whether a law says what must be heard, wherever a call meets no agent. Raises ``KeyError``: no such pack."""
    return office_of(settings).pack.sources["announcement"].standing is Standing.CONFIRMED


def lacks(settings: CampaignSettings) -> Iterator[Lack]:
    """Yield what people would have to hear and would not: it keeps a campaign from its start."""
    try:
        wanted, bound = fields_wanted(settings), by_law(settings)
    except KeyError:
        return
    if bound and not settings.meets_agents and not settings.hangs_up_on_people:
        yield from _message_lacks(settings)
    if settings.mode in AHEAD or (bound and _may_abandon(settings)):
        yield from _text_lacks(settings, wanted)


def _may_abandon(settings: CampaignSettings) -> bool:
    """Whether somebody may find nobody though nobody is called ahead of an agent."""
    if settings.mode is not DiallingMode.AGENTLESS:
        return settings.mode is DiallingMode.PROGRESSIVE
    by_key = settings.agent_key and not settings.agent_key_to
    return by_key or settings.meets_agents or settings.hangs_up_on_people


def _message_lacks(settings: CampaignSettings) -> Iterator[Lack]:
    """What the message of a campaign without agents must name, but for the reason: that is what it is about."""
    parts = rules_of(settings).announcement
    there, values = _fields_in(settings.message_text), values_of(settings)
    for name in dict.fromkeys(FIELD_OF[part] for part in parts if part in FIELD_OF and part not in _WHY):
        if name not in there:
            yield Lack("message_text", "message_text_lacks", {"field": f"{{{name}}}"})
        elif not values[name]:
            yield Lack(SETTING_OF[name], "message_field_empty", {"field": f"{{{name}}}"})


def _text_lacks(settings: CampaignSettings, wanted: Sequence[str]) -> Iterator[Lack]:
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
