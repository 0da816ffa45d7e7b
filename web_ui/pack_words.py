"""A country's rules as sentences for somebody who sets up a campaign: what it means, not how the law names it.

Pure. The full table with its sources is ``rule_words``' and the page of the rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from firmware.model import CallWindow
from web_ui import forms, rule_words
from web_ui.language import N_, Language

CONSENT = {
    "nothing": N_("You may call without asking first."),
    "presumed": N_("You need a good reason to think that they agree, and must be able to say which."),
    "record": N_(
        "Only people who agreed beforehand, with the consent on record here. Everybody else is left out."
    ),
}
PERIODS = {
    "day": N_("{count} times in 24 hours"),
    "week": N_("{count} times in 7 days"),
    "month": N_("{count} times in 30 days"),
    "campaign": N_("{count} times in the whole campaign"),
}


def sentences(pack: Mapping[str, Any], language: Language) -> list[str]:
    """The rules a campaign meets every day, in plain sentences."""
    return list(_sentences(pack["rules"], language))


def consent(pack: Mapping[str, Any], purpose: str, language: Language) -> str:
    """What a purpose needs under these rules."""
    need = dict(pack["rules"].get("consent") or ()).get(purpose, "nothing")
    return language.gettext(CONSENT[need]) if need in CONSENT else need


def hours(pack: Mapping[str, Any], language: Language) -> str:
    """The hours the rules allow, days with the same hours together."""
    windows = [CallWindow(**each) for each in pack["rules"].get("hours") or ()]
    week = [f"{days} {open_}" for days, open_ in forms.week_words(windows, language)]
    return "; ".join(week) or language.gettext("never")


def _sentences(rules: Mapping[str, Any], language: Language) -> Iterator[str]:
    _ = language.gettext
    windows = [CallWindow(**each) for each in rules.get("hours") or ()]
    week = "; ".join(f"{days} {open_}" for days, open_ in forms.week_words(windows, language))
    if week:
        yield _("People are called {hours}, by the clock where they are.", hours=week)
    if rules.get("holidays"):
        yield _("Nobody is called on a public holiday of the place where they may be.")
    limits = [
        _said(PERIODS[each["period"]], each["most"], language)
        for each in rules.get("limits") or ()
        if each["period"] in PERIODS
    ]
    if limits:
        yield _("A number is called at most {limits}.", limits=language.listing(limits))
    yield from _ringing(rules, language)
    for each in rules.get("abandon") or ():
        yield _(
            "Of the calls people answer, at most {share} may find no agent, counted over {hours} hours.",
            share=language.percent(each["limit"]),
            hours=language.number(each["window_s"] / 3600),
        )
    if rules.get("after_abandon_s"):
        pause = language.number(rules["after_abandon_s"] / 3600)
        yield _("Whoever found no agent is left alone for {hours} hours.", hours=pause)
    shown = [rule_words.word(rule_words.PARTS, str(each), language) for each in rules.get("caller_id") or ()]
    if shown:
        yield _("The number shown: {parts}.", parts=language.listing(shown))


def _ringing(rules: Mapping[str, Any], language: Language) -> Iterator[str]:
    least, most = rules.get("ring_min_s"), rules.get("ring_max_s")
    if least and most:
        yield language.gettext(
            "The telephone rings for {least} to {most} seconds before the box gives up.",
            least=language.number(least),
            most=language.number(most),
        )
    elif least:
        yield language.gettext(
            "The telephone rings for {least} seconds at least before the box gives up.",
            least=language.number(least),
        )


def _said(text: str, most: int, language: Language) -> str:
    return language.gettext(text, count=language.number(most))
