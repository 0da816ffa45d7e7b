"""Rules for logins and passwords that the pages check before the service does."""

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
