"""Rules for logins and passwords that the pages check before the service does, and what a browser is called."""

from __future__ import annotations

import re

from web_ui.language import N_, Language
from web_ui.passwords import MIN_LENGTH, weakness

LOGIN = re.compile(r"[a-z][a-z0-9.-]{1,39}")

WEAK = {
    "too_short": N_("Use at least {least} characters; a short sentence is easy to remember."),
    "too_long": N_("Use at most 256 characters."),
    "too_few_signs": N_("The same few characters again and again are easy to guess."),
    "contains_name": N_("A password that contains the name is easy to guess."),
    "sequence": N_("A sequence is easy to guess."),
}


def password_problem(password: str, again: str, login: str, name: str, language: Language) -> str:
    """Why a new password cannot be taken, in words; empty when it can."""
    weak = weakness(password, login, name)
    if weak:
        return language.gettext(WEAK[weak]).format(least=MIN_LENGTH)
    if password != again:
        return language.gettext("The two passwords differ.")
    return ""


_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def browser(user_agent: str) -> str:
    """What a browser is called by people, from what it calls itself: ``Firefox, Windows``; else its first word."""
    named = [next((name for sign, name in kind if sign in user_agent), "") for kind in (_BROWSERS, _SYSTEMS)]
    return ", ".join(filter(None, named)) or user_agent.split(" ")[0][:40]
