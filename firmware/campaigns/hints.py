"""\"Did you mean\": the nearest known name to one that is not known."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(name: str, known: Iterable[str]) -> dict[str, str]:
    """Return the figures ``hint_en`` and ``hint_de``: a sentence naming the nearest of ``known``, or empty."""
    by_lower = {word.lower(): word for word in known}
    near = get_close_matches(name.lower()[:80], by_lower, n=1, cutoff=0.6)
    if not near:
        return {"hint_en": "", "hint_de": ""}
    word = by_lower[near[0]]
    return {"hint_en": f" Did you mean {word!r}?", "hint_de": f" Meinten Sie {word!r}?"}
