"""Rule packs in words: each rule's name, its value as the reader's language writes it, and how sure it is.

Pure. The service tells packs as JSON (``rules.packs``); a name or value nobody has translated is shown as it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from firmware.model import CallWindow
from web_ui import forms, order_forms, term_words, words
from web_ui.language import N_, Language

PACKS = {
    "de": N_("Germany"),
    "at": N_("Austria"),
    "ch": N_("Switzerland"),
    "gb": N_("United Kingdom"),
    "us": N_("United States"),
    "fr": N_("France"),
    "own": N_("Own rules"),
}
RULES = {
    "abandon": N_("Abandon rate, at most"),
    "connect_within_s": N_("An agent within"),
    "connect_from": N_("Counted from"),
    "ring_min_s": N_("Let it ring at least"),
    "ring_max_s": N_("Let it ring at most"),
    "announcement": N_("Without an agent, say"),
    "hours": N_("Hours, in the contact’s own time"),
    "holidays": N_("Public holidays"),
    "limits": N_("Attempts at one number, at most"),
    "after_abandon_s": N_("No call after an abandoned one for"),
    "after_machine_s": N_("No call after a machine answered for"),
    "caller_id": N_("Number shown"),
    "caller_id_never": N_("Never show numbers that begin with"),
    "consent": N_("Consent"),
    "registers": N_("National registers"),
}
REGISTERS = {
    "tps": N_("TPS (Telephone Preference Service, United Kingdom)"),
    "ctps": N_("CTPS (Corporate Telephone Preference Service, United Kingdom)"),
    "ndnc": N_("National Do Not Call Registry (United States)"),
    "other": N_("Another register"),
}
STANDINGS = {
    "confirmed": N_("confirmed"),
    "to_be_confirmed": N_("to be confirmed"),
    "own_choice": N_("own choice: no such rule was found"),
}
PURPOSES = {
    "service": N_("Service calls without advertising"),
    "sales": N_("Advertising to consumers"),
    "sales_business": N_("Advertising to businesses"),
    "research": N_("Polls and market research"),
    "automated": N_("Messages by machine"),
    "automated_service": N_("Service messages by machine"),
    "all": N_("Any purpose"),
}
CAMPAIGN_PURPOSES = ("service", "sales", "sales_business", "research")
NEEDS = {"nothing": N_("none"), "presumed": N_("may be presumed"), "record": N_("must be on record")}
PERIODS = {
    "day": N_("{count} in 24 hours"),
    "week": N_("{count} in 7 days"),
    "month": N_("{count} in 30 days"),
    "campaign": N_("{count} in one campaign"),
}
AGAIN = {
    "same": N_("The same facts give the same answer."),
    "replaced": N_("The rules have been replaced since."),
    "other": N_("The same facts would give another answer today."),
}
"""What the judge says today to a permit's own facts."""
PARTS = {
    "answer": N_("the answer"),
    "greeting_end": N_("the end of the person’s greeting"),
    "caller_name": N_("who called"),
    "reason": N_("why"),
    "number": N_("the number to call back"),
    "telemarketing": N_("that it was an advertising call"),
    "opt_out_key": N_("a key to opt out at once"),
    "free_opt_out_number": N_("a free number to opt out"),
    "no_marketing": N_("no advertising"),
    "shown": N_("must be shown"),
    "own": N_("one you have the right to"),
    "listed": N_("one that stands in the directory"),
    "returnable": N_("one that is answered when called back"),
    "abandoned": N_("abandoned calls"),
    "false_machines": N_("persons taken for a machine"),
    "silent": N_("silent calls"),
    "live_answers": N_("calls a person answered"),
    "attempts": N_("attempts"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One rule as the page shows it."""

    name: str
    values: list[str]
    source: str
    as_of: str
    standing: str


def rows(pack: Mapping[str, Any], language: Language) -> list[Row]:
    """Every rule of a pack, in the order of the law's importance."""
    return [
        Row(
            word(RULES, name, language),
            _SAID.get(name, _plainly)(pack["rules"].get(name), language),
            pack["sources"][name]["text"],
            pack["sources"][name]["as_of"],
            pack["sources"][name]["standing"],
        )
        for name in pack["sources"]
    ]


def why(block: Mapping[str, Any], language: Language) -> str:
    """One reason why a contact is not called, with what it is about."""
    said = word(words.REFUSALS, block["rule"], language)
    detail = _detail(str(block["rule"]), block["figures"], language)
    return f"{said}: {detail}" if detail else said


_PLAIN: Mapping[str, Callable[[Mapping[str, str], Language], str]] = {
    "announcement_lacks": lambda figures, _: figures.get("field", figures.get("fields", "")),
    "campaign_not_begun": lambda figures, language: term_words.day(figures.get("day", ""), language),
    "campaign_over": lambda figures, language: term_words.day(figures.get("day", ""), language),
}


def _detail(rule: str, figures: Mapping[str, str], language: Language) -> str:
    if rule == "contact_closed":
        return words.word({**words.DISPOSITIONS, **words.REFUSALS}, figures.get("reason", ""), language)
    if rule == "campaign_not_running":
        return words.word(words.CAMPAIGN_STATES, figures.get("state", ""), language)
    if rule in _PLAIN:
        return _PLAIN[rule](figures, language)
    if rule == "register_missing":
        return word(REGISTERS, figures.get("register", ""), language)
    if rule == "register_old":
        register = word(REGISTERS, figures.get("register", ""), language)
        return language.gettext(
            "{register}, {days} of at most {limit} days", **{**figures, "register": register}
        )
    if rule == "no_consent":
        return word(PURPOSES, figures.get("purpose", ""), language)
    if rule == "filtered_out":
        return order_forms.in_words(json.loads(figures.get("filter", "{}")), language)
    if rule == "dnc":
        return ", ".join(words.dnc_name(name, language) for name in figures.get("lists", "").split(", "))
    if rule in ("period_limit", "campaign_limit", "attempts_used_up", "number_used_up"):
        return language.gettext("{made} of {limit}", made=figures["attempts"], limit=figures["limit"])
    return (
        figures.get("places")
        or figures.get("zones")
        or figures.get("caller_id")
        or figures.get("rule")
        or figures.get("owner")
        or figures.get("pack", "")
    )


def word(table: Mapping[str, str], key: str, language: Language) -> str:
    """The word for a key, the key itself where there is none."""
    return language.gettext(table[key]) if key in table else key


def _plainly(value: Any, language: Language) -> list[str]:
    if isinstance(value, list):
        return [word(PARTS, str(each), language) for each in value] or ["–"]
    return [word(PARTS, str(value), language)]


def _seconds(value: Any, language: Language) -> list[str]:
    if value is None:
        return [language.gettext("no rule")]
    if value >= 3600:
        return [language.gettext("{hours} hours", hours=language.number(value / 3600))]
    return [language.gettext("{seconds} seconds", seconds=language.number(value))]


def _gap(value: Any, language: Language) -> list[str]:
    return _seconds(value, language) if value else [language.gettext("no rule")]


def _abandon(value: Any, language: Language) -> list[str]:
    return [
        language.gettext(
            "{limit} of {over} ({numerator}), counted over {hours} hours {scope}",
            limit=language.percent(each["limit"]),
            over=word(PARTS, each["denominator"], language),
            numerator=" + ".join(word(PARTS, part, language) for part in each["numerator"]),
            hours=language.number(each["window_s"] / 3600),
            scope=language.gettext("per campaign")
            if each["scope"] == "campaign"
            else language.gettext("per office"),
        )
        for each in value
    ]


def _hours(value: Any, language: Language) -> list[str]:
    windows = [CallWindow(**each) for each in value]
    return [f"{days}: {hours}" for days, hours in forms.week_words(windows, language)]


def _holidays(value: Any, language: Language) -> list[str]:
    if value:
        return [language.gettext("closed, in every state the contact may be in")]
    return [language.gettext("open")]


def _limits(value: Any, language: Language) -> list[str]:
    return [
        _limit(PERIODS[each["period"]], each["most"], language) for each in value if each["period"] in PERIODS
    ]


def _limit(text: str, most: int, language: Language) -> str:
    return language.gettext(text, count=language.number(most))


def _beginnings(value: Any, _language: Language) -> list[str]:
    return [", ".join(value) or "–"]


def _consent(value: Any, language: Language) -> list[str]:
    return [f"{word(PURPOSES, purpose, language)}: {word(NEEDS, need, language)}" for purpose, need in value]


def _registers(value: Any, language: Language) -> list[str]:
    return [
        language.gettext(
            "{register}: at most {days} days old, for: {purposes}",
            register=word(REGISTERS, each["name"], language),
            days=language.number(each["max_age_s"] / 86400),
            purposes=", ".join(word(PURPOSES, purpose, language) for purpose in each["purposes"]),
        )
        for each in value
    ] or [language.gettext("none")]


_SAID: Mapping[str, Callable[[Any, Language], list[str]]] = {
    "abandon": _abandon,
    "connect_within_s": _seconds,
    "ring_min_s": _seconds,
    "ring_max_s": _seconds,
    "hours": _hours,
    "holidays": _holidays,
    "limits": _limits,
    "after_abandon_s": _gap,
    "after_machine_s": _gap,
    "caller_id_never": _beginnings,
    "consent": _consent,
    "registers": _registers,
}
