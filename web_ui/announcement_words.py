"""A proposal for what people hear whom no agent could take: the parts a pack asks for, in the reader's language. Pure.

The fields in braces are the service's (``firmware.compliance.announcement``) and are filled in there.
"""

from __future__ import annotations

from collections.abc import Collection

from web_ui.language import N_, Language

BASE = N_(
    "Hello, this is {caller_name}. We called you because of {reason}. Nobody is free at the moment; "
    "you reach us at {number}."
)
FURTHER = {
    "free_opt_out_number": N_("If you want no more calls, call {opt_out_number}, free of charge."),
    "opt_out_key": N_("If you want no more calls, press {opt_out_key}."),
}
"""Said besides where a pack asks for the part."""
REASONS = {
    "service": N_("your contract or your order"),
    "sales": N_("an offer"),
    "sales_business": N_("an offer"),
    "research": N_("a survey"),
}
"""By the campaign's purpose."""


def proposal(parts: Collection[str], language: Language) -> str:
    """A text that says every part."""
    said = [BASE, *(text for part, text in FURTHER.items() if part in parts)]
    return " ".join(language.gettext(text) for text in said)


def reason(purpose: str, language: Language) -> str:
    """Why a campaign of this purpose calls, as it is spoken."""
    return language.gettext(REASONS[purpose]) if purpose in REASONS else ""
