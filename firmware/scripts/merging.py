"""``{Column}`` in a text, filled in with what is known of a contact; the same braces as in spoken texts.

Doubled braces (``{{ Name }}``) count as well: people who know them from other programs type them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_FIELD = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}|\{\s*([^{}]*?)\s*\}")
MISSING = "…"
"""What stands where nothing is known: an agent who reads aloud sees that something is missing."""


def fields_in(text: str) -> tuple[str, ...]:
    """The columns a text names, each once, in order."""
    return tuple(dict.fromkeys(found[1] or found[2] or "" for found in _FIELD.finditer(text)))


def merged(text: str, known: Mapping[str, str]) -> str:
    """The text with its columns filled in; upper and lower case are the same, as people type them."""
    folded = {name.casefold(): value for name, value in known.items()}

    def value(found: re.Match[str]) -> str:
        name = (found[1] or found[2] or "").casefold()
        return folded.get(name, "").strip() or MISSING

    return _FIELD.sub(value, text)
