"""What a value must be besides its type: rules to write into annotations, and how a refused value is told.

``Annotated[int, Range(1, 9)]``. A rule is called with the value and answers a ``Fault`` or ``None``. Reading values by
their types is ``firmware.typed``'s, which hands these names on.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_SHOWN_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one value; ``at`` leads further into it (``[2]``), empty for the value itself."""

    key: str
    text: str
    figures: Mapping[str, Any]
    at: str = ""


class RejectedError(Exception):
    """A value that cannot be read, with every reason found in it."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(f.text for f in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Range:
    """``least <= value <= most``."""

    least: float
    most: float

    def __call__(self, value: float) -> Fault | None:
        """Refuse what is outside."""
        if self.least <= value <= self.most:
            return None
        return Fault(
            "out_of_range",
            f"{value:g} is not between {self.least:g} and {self.most:g}",
            {"value": value, "least": self.least, "most": self.most},
        )


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few values."""

    choices: tuple[str, ...] | tuple[int, ...]

    def __call__(self, value: str | int) -> Fault | None:
        """Refuse any other."""
        return None if value in self.choices else not_one_of(value, self.choices)


@dataclass(frozen=True, slots=True)
class Matches:
    """The whole text follows a pattern; ``shape`` says which in words for people."""

    pattern: str
    shape: str

    def __call__(self, value: str) -> Fault | None:
        """Refuse anything else."""
        if re.fullmatch(self.pattern, value):
            return None
        found = shown(value)
        return Fault("malformed", f"{found!r} is not {self.shape}", {"value": found, "expected": self.shape})


@dataclass(frozen=True, slots=True)
class Length:
    """A text of ``least`` to ``most`` characters, or a list of so many entries."""

    least: int
    most: int

    def __call__(self, value: Sequence[object]) -> Fault | None:
        """Refuse what is shorter or longer."""
        if self.least <= len(value) <= self.most:
            return None
        unit = "characters" if isinstance(value, str) else "entries"
        text = f"has {len(value)} {unit}, allowed are {self.least} to {self.most}"
        return Fault("wrong_length", text, {"length": len(value), "least": self.least, "most": self.most})


def not_one_of(value: object, choices: Iterable[object]) -> Fault:
    """The fault of a value that is none of the choices, with the nearest one."""
    found, words = shown(str(value)), [str(c) for c in choices]
    near = difflib.get_close_matches(found, words, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    text = f"{found} is not one of {', '.join(words)}{hint}"
    return Fault("not_one_of", text, {"value": found, "choices": words})


def shown(text: str) -> str:
    """``text`` as it may stand in a message: short, nothing unprintable."""
    short = "".join(c if c.isprintable() else "·" for c in text[:_SHOWN_CHARACTERS])
    return short + "…" if len(text) > _SHOWN_CHARACTERS else short
