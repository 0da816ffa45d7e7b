"""What can stand behind “is” in a condition: words for the keys the box keeps, and values that occur in a list. Pure.

People choose “No answer”, the service is told ``no_answer``; whoever types the key is understood as well. Columns
offer what their contacts have, where it is few enough to choose from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from web_ui import words
from web_ui.language import N_, Language

Choices = Mapping[str, Mapping[str, str]]
"""Field -> key -> word, in the reader's language."""
PROMISES = {
    "promised": N_("promised"),
    "kept": N_("kept"),
    "missed": N_("missed"),
    "withdrawn": N_("withdrawn"),
}
STATES = {"open": N_("open"), "in_flight": N_("being called"), "closed": N_("closed")}


def choices(language: Language, codes: Iterable[Any] = ()) -> Choices:
    """What the box's own fields can hold; ``codes`` are a campaign's wrap-up codes."""
    say = language.gettext
    labels = {each.code: each.label_de if language.code == "de" else each.label_en for each in codes}
    return {
        ":disposition": {key: say(word) for key, word in words.DISPOSITIONS.items()},
        ":verdict": {key: say(word) for key, word in words.VERDICTS.items()},
        ":callback": {key: say(word) for key, word in PROMISES.items()},
        ":state": {key: say(word) for key, word in STATES.items()},
        ":weekday": {str(day): language.weekday_long(day) for day in range(7)},
        ":code": labels,
    }


def said(known: Choices, field: str, value: str) -> str:
    """A kept value as people know it; as it stands where there is no word for it."""
    return known.get(field, {}).get(value, value)


def meant(known: Choices, field: str, typed: str) -> str:
    """What is kept for what somebody typed or chose."""
    wanted = typed.strip().casefold()
    return next((key for key, word in known.get(field, {}).items() if word.casefold() == wanted), typed)


def suggestions(known: Choices, values: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Field -> what is offered for it, fields without anything left out."""
    both = {
        **{field: list(found.values()) for field, found in known.items()},
        **{f: list(v) for f, v in values.items()},
    }
    return {field: offered for field, offered in both.items() if offered}
