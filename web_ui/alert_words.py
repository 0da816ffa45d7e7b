"""Alerts in words: what each says of itself, and what it is called where receivers choose."""

from __future__ import annotations

from collections.abc import Mapping

from firmware.store.reports import Alert
from web_ui import words
from web_ui.language import N_, Language

RULES: Mapping[str, str] = {
    "trunk_down": N_("A trunk cannot be reached"),
    "nobody_ready": N_("A campaign runs and nobody is ready"),
    "abandon_near": N_("The abandon rate is near its limit"),
    "disk_filling": N_("The disk is filling"),
    "clock_untrusted": N_("The clock cannot be trusted"),
    "backup_red": N_("Something is wrong with the backup"),
    "line_stuck": N_("Something is wrong with a line"),
    "register_old": N_("A national register is out of date"),
    "mail_stuck": N_("No mail goes out"),
    "access_asked": N_("Somebody asks for access to the box"),
    "box_ill": N_("The box does not dial"),
}
"""Every alert there is."""
_TITLES: Mapping[str, str] = {
    "trunk_down": N_("Trunk {about} cannot be reached"),
    "nobody_ready": N_("Campaign {campaign} runs and nobody is ready"),
    "abandon_near": N_("Campaign {campaign}: {percent} % abandoned, the limit is {target_percent} %"),
    "line_stuck": N_("Something is wrong with line {about}"),
}


def title(alert: Alert, language: Language) -> str:
    """What is wrong, in one line."""
    text = _TITLES.get(alert.rule)
    if text is None:
        return words.word(RULES, alert.rule, language)
    shown = {name: _shown(value, language) for name, value in alert.figures.items()}
    try:
        return language.gettext(text).format(**{**shown, "about": alert.about})
    except KeyError:
        return words.word(RULES, alert.rule, language)


def detail(alert: Alert, language: Language) -> str:
    """What the check behind it says; empty where the title says it all."""
    key = str(alert.figures.get("key", ""))
    text = words.HEALTH.get(key)
    if text is None:
        return str(alert.figures.get("reason", ""))
    shown = {name: _shown(value, language) for name, value in alert.figures.items()}
    try:
        return language.gettext(text).format(**shown)
    except KeyError:
        return ""


def _shown(value: object, language: Language) -> str:
    return language.number(value) if isinstance(value, int | float) else str(value)
