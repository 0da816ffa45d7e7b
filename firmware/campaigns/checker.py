"""Reads one JSON object field by field and remembers everything that is wrong with it.

Each reader returns a usable value even where the field is wrong, so that reading goes on and all problems are found
at once; whoever uses it must look at ``problems`` before trusting what was read.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import available_timezones

from firmware.campaigns.hints import did_you_mean
from firmware.campaigns.texts import settings_problem
from firmware.compliance.windows import UnknownZoneError, zone_info
from firmware.model import Problem

Word = TypeVar("Word", bound=StrEnum)
Default = TypeVar("Default")

_EXPECTED = {
    "text": ("text", "Text"),
    "whole": ("a whole number", "eine ganze Zahl"),
    "number": ("a number", "eine Zahl"),
    "flag": ("true or false", "wahr oder falsch"),
    "list": ("a list", "eine Liste"),
    "object": ("an object", "ein Objekt"),
}
_LARGEST_ID = 2**63 - 1


class Checker:
    """One JSON object, read strictly. ``path`` is where it stands in the whole; ``problems`` is shared with parts."""

    def __init__(self, raw: Mapping[str, Any], path: str = "", problems: list[Problem] | None = None) -> None:
        self._raw = raw
        self._path = path
        self.problems: list[Problem] = [] if problems is None else problems
        self.sound = True
        """Whether nothing was wrong with the fields of this very object."""

    def problem(self, field: str, key: str, /, **figures: Any) -> None:
        """Note a problem with ``field``; the figure ``name`` is that field unless another is given."""
        self.sound = False
        self.problems.append(settings_problem(self._path + field, key, **{"name": field, **figures}))

    def unknown(self, name: str, key: str, value: str, known: Iterable[str]) -> None:
        """Note that ``value`` is none of ``known``, with the nearest of them."""
        words = sorted(known)
        possible = ", ".join(words[:12])
        self.problem(name, key, value=value[:80], possible=possible, **did_you_mean(value, words))

    def only(self, names: Sequence[str]) -> None:
        """Note every field that is none of ``names``."""
        for given in self._raw:
            if given not in names:
                hints = did_you_mean(str(given), names)
                self.problem(str(given), "unknown_setting", **{**hints, "name": str(given)[:80]})

    def text(self, name: str, default: str | None, longest: int, empty: bool = False) -> str:
        """Read text without control characters, stripped; ``default`` None means that it must be there."""
        value = self._raw.get(name, default)
        if value is None or (not empty and isinstance(value, str) and not value.strip()):
            self.problem(name, "missing_setting")
            return ""
        if not isinstance(value, str):
            return self._mistyped(name, "text", "")
        value = value.strip()
        if len(value) > longest or not value.isprintable():
            self.problem(name, "text_unfit", longest=longest)
        return value[:longest]

    def number(self, name: str, default: float | None, low: float, high: float) -> float:
        """Read a finite number between ``low`` and ``high``."""
        value = self._given(name, default)
        if value is None:
            return low
        if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
            return self._mistyped(name, "number", low)
        if not low <= value <= high:
            self.problem(name, "out_of_range", low=f"{low:g}", high=f"{high:g}", value=f"{value:g}")
            return low
        return float(value)

    def whole(self, name: str, default: int | None, low: int, high: int) -> int:
        """Read a whole number between ``low`` and ``high``."""
        value = self._given(name, default)
        if value is None:
            return low
        if isinstance(value, bool) or not isinstance(value, int):
            return self._mistyped(name, "whole", low)
        if not low <= value <= high:
            self.problem(name, "out_of_range", low=low, high=high, value=str(value)[:20])
            return low
        return value

    def flag(self, name: str, default: bool) -> bool:
        """Read true or false."""
        value = self._raw.get(name, default)
        return value if isinstance(value, bool) else self._mistyped(name, "flag", default)

    def choice(self, name: str, words: type[Word], default: Word | None) -> Word:
        """Read one of the words of an enumeration."""
        first = next(iter(words))
        text = self.one_of(name, [word.value for word in words], None if default is None else default.value)
        return words(text) if text else first

    def one_of(self, name: str, words: Sequence[str], default: str | None) -> str:
        """Read one of ``words``; empty where that went wrong."""
        value = self._given(name, default)
        if value is None:
            return ""
        if not isinstance(value, str):
            return self._mistyped(name, "text", "")
        if value not in words:
            self.unknown(name, "unknown_value", value, words)
            return ""
        return value

    def zone(self, name: str, default: str, empty: bool = False) -> str:
        """Read the name of a time zone."""
        value = self.text(name, default, longest=64, empty=empty)
        try:
            if value:
                zone_info(value)
        except UnknownZoneError:
            self.unknown(name, "unknown_zone", value, available_timezones())
        return value

    def optional_id(self, name: str) -> int | None:
        """Read an id that may be null."""
        return None if self._raw.get(name) is None else self.whole(name, None, 1, _LARGEST_ID)

    def ids(self, name: str) -> tuple[int, ...]:
        """Read a list of different ids."""
        found: list[int] = []
        for at, value in enumerate(self.items(name)):
            place = f"{name}[{at}]"
            part = Checker({place: value}, self._path, self.problems)
            one = part.whole(place, None, 1, _LARGEST_ID)
            if part.sound and one in found:
                self.problem(place, "duplicate", value=one)
            found.append(one)
        return tuple(found)

    def items(self, name: str) -> Sequence[Any]:
        """Read a list, empty where there is none."""
        value = self._raw.get(name, ())
        return value if isinstance(value, list | tuple) else self._mistyped(name, "list", ())

    def objects(self, name: str) -> list[Checker]:
        """Read a list of objects, each with its own place."""
        parts = []
        for at, value in enumerate(self.items(name)):
            if isinstance(value, Mapping):
                parts.append(Checker(value, f"{self._path}{name}[{at}].", self.problems))
            else:
                self._mistyped(f"{name}[{at}]", "object", None)
        return parts

    def members(self, name: str) -> dict[str, Checker]:
        """Read an object whose values are objects."""
        value = self._raw.get(name, {})
        if not isinstance(value, Mapping):
            return self._mistyped(name, "object", {})
        parts = {}
        for word, each in value.items():
            if isinstance(each, Mapping):
                parts[str(word)] = Checker(each, f"{self._path}{name}.{word}.", self.problems)
            else:
                self._mistyped(f"{name}.{word}", "object", None)
        return parts

    def object(self, name: str) -> Mapping[str, Any]:
        """Read an object, empty where there is none."""
        value = self._raw.get(name, {})
        return value if isinstance(value, Mapping) else self._mistyped(name, "object", {})

    def has(self, name: str) -> bool:
        """Tell whether the field is there at all."""
        return name in self._raw

    def _given(self, name: str, default: Any) -> Any:
        value = self._raw.get(name, default)
        if value is None:
            self.problem(name, "missing_setting")
        return value

    def _mistyped(self, name: str, kind: str, instead: Default) -> Default:
        english, german = _EXPECTED[kind]
        self.problem(name, "wrong_type", expected_en=english, expected_de=german)
        return instead
