"""What values look like: each shape reads one strictly and describes itself as JSON Schema (draft 2020-12).

The same objects read requests, describe requests and answers in the OpenAPI document, and let tests hold real answers
to that document. Nothing is guessed or converted: ``"5"`` is no number. Every fault is collected with its place, so
that a program's author sees all of them at once. Texts with figures are translated where they are shown.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from web_ui.language import N_

TEXTS: Mapping[str, str] = {
    "missing": N_("is missing"),
    "unknown": N_("is not known here"),
    "unknown_near": N_("is not known here; did you mean {suggestion}?"),
    "no_text": N_("must be text"),
    "no_whole": N_("must be a whole number"),
    "no_flag": N_("must be true or false"),
    "no_moment": N_("must be a time with its offset, such as 2026-11-02T15:04:05Z"),
    "no_list": N_("must be a list"),
    "no_object": N_("must be an object"),
    "length": N_("must have {least} to {most} characters"),
    "count": N_("must have {least} to {most} entries"),
    "range": N_("must be between {least} and {most}"),
    "word": N_("must be one of: {possible}"),
    "word_near": N_("must be one of: {possible}; did you mean {suggestion}?"),
    "control": N_("contains characters that are no text"),
    "pattern": N_("cannot be written like that"),
    "twice": N_("is given twice"),
}
EARLIEST, LATEST = 0.0, 4_102_444_800.0
"""1970 and 2100: times outside are typing errors."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: where (RFC 6901 without its escapes), which of ``TEXTS``, and its figures."""

    where: str
    key: str
    figures: Mapping[str, Any] = field(default_factory=dict)


class Shape(Protocol):
    """Reads values and describes them."""

    def read(self, value: object, where: str, faults: list[Fault]) -> Any:
        """The value; or None with something added to ``faults``."""

    def schema(self) -> dict[str, Any]:
        """JSON Schema."""


@dataclass(frozen=True, slots=True)
class Text:
    """Text without control characters but line breaks and tabs; ``pattern`` must match all of it."""

    least: int = 0
    most: int = 200
    pattern: str = ""
    example: str = ""

    def read(self, value: object, where: str, faults: list[Fault]) -> Any:
        """Text."""
        if not isinstance(value, str):
            return _bad(faults, where, "no_text")
        if any((c < " " and c not in "\t\n\r") or c == "\x7f" or "\ud800" <= c <= "\udfff" for c in value):
            return _bad(faults, where, "control")
        if not self.least <= len(value) <= self.most:
            return _bad(faults, where, "length", least=self.least, most=self.most)
        if self.pattern and not re.fullmatch(self.pattern, value):
            return _bad(faults, where, "pattern")
        return value

    def schema(self) -> dict[str, Any]:
        """A string with its limits."""
        found: dict[str, Any] = {"type": "string", "minLength": self.least, "maxLength": self.most}
        if self.pattern:
            found["pattern"] = f"^(?:{self.pattern})$"
        return {**found, **({"examples": [self.example]} if self.example else {})}


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number."""

    least: int = 1
    most: int = 2**63 - 1
    default: int | None = None

    def read(self, value: object, where: str, faults: list[Fault]) -> Any:
        """A whole number; ``1.0`` is none."""
        if not isinstance(value, int) or isinstance(value, bool):
            return _bad(faults, where, "no_whole")
        if not self.least <= value <= self.most:
            return _bad(faults, where, "range", least=self.least, most=self.most)
        return value

    def schema(self) -> dict[str, Any]:
        """An integer with its limits."""
        found: dict[str, Any] = {"type": "integer", "minimum": self.least, "maximum": self.most}
        return found if self.default is None else {**found, "default": self.default}


@dataclass(frozen=True, slots=True)
class Number:
    """A number in an answer; requests have none."""

    def read(self, value: object, where: str, faults: list[Fault]) -> Any:
        """A finite number."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return _bad(faults, where, "no_whole")
        return float(value)

    def schema(self) -> dict[str, Any]:
        """A number."""
        return {"type": "number"}


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    def read(self, value: object, where: str, faults: list[Fault]) -> Any:
        """A truth value."""
        return value if isinstance(value, bool) else _bad(faults, where, "no_flag")

    def schema(self) -> dict[str, Any]:
        """A boolean."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time (RFC 3339, with its offset), read as UTC seconds."""

    def read(self, value: object, where: str, faults: list[Fault]) -> Any:
        """UTC seconds."""
        if not isinstance(value, str) or not _MOMENT.fullmatch(value):
            return _bad(faults, where, "no_moment")
        try:
            at = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", value.upper())).timestamp()
        except (ValueError, OverflowError):
            return _bad(faults, where, "no_moment")
        if not EARLIEST <= at <= LATEST:
            return _bad(faults, where, "range", least=moment(EARLIEST), most=moment(LATEST))
        return at

    def schema(self) -> dict[str, Any]:
        """A string of format date-time."""
        return {"type": "string", "format": "date-time", "examples": ["2026-11-02T15:04:05Z"]}


@dataclass(frozen=True, slots=True)
class Word:
    """One of a few words."""

    choices: Sequence[str]
    default: str | None = None

    def read(self, value: object, where: str, faults: list[Fault]) -> Any:
        """One of the words."""
        if not isinstance(value, str):
            return _bad(faults, where, "no_text")
        if value in self.choices:
            return value
        near = difflib.get_close_matches(value[:80], self.choices, n=1)
        possible = ", ".join(self.choices)
        if near:
            return _bad(faults, where, "word_near", possible=possible, suggestion=near[0])
        return _bad(faults, where, "word", possible=possible)

    def schema(self) -> dict[str, Any]:
        """A string of an enumeration."""
        found: dict[str, Any] = {"type": "string", "enum": list(self.choices)}
        return found if self.default is None else {**found, "default": self.default}


@dataclass(frozen=True, slots=True)
class Several:
    """A list of one shape."""

    of: Shape
    least: int = 0
    most: int = 10_000

    def read(self, value: object, where: str, faults: list[Fault]) -> Any:
        """Every entry, read by its shape."""
        if not isinstance(value, list):
            return _bad(faults, where, "no_list")
        if not self.least <= len(value) <= self.most:
            return _bad(faults, where, "count", least=self.least, most=self.most)
        return [self.of.read(each, f"{where}/{at}", faults) for at, each in enumerate(value)]

    def schema(self) -> dict[str, Any]:
        """An array."""
        return {
            "type": "array",
            "items": self.of.schema(),
            "minItems": self.least,
            "maxItems": self.most,
        }


@dataclass(frozen=True, slots=True)
class Named:
    """An object whose names are whatever the sender likes, all values of one shape."""

    of: Shape
    most: int = 200
    longest: int = 200

    def read(self, value: object, where: str, faults: list[Fault]) -> Any:
        """Every member, read by its shape."""
        if not isinstance(value, dict):
            return _bad(faults, where, "no_object")
        if len(value) > self.most:
            return _bad(faults, where, "count", least=0, most=self.most)
        for name in value:
            Text(1, self.longest).read(name, f"{where}/{name[:80]}", faults)
        return {name: self.of.read(each, f"{where}/{name[:80]}", faults) for name, each in value.items()}

    def schema(self) -> dict[str, Any]:
        """An object with free names."""
        names = Text(1, self.longest).schema()
        return {
            "type": "object",
            "propertyNames": names,
            "additionalProperties": self.of.schema(),
            "maxProperties": self.most,
        }


@dataclass(frozen=True, slots=True)
class Maybe:
    """A shape or null."""

    of: Shape

    def read(self, value: object, where: str, faults: list[Fault]) -> Any:
        """The value, or None for null."""
        return None if value is None else self.of.read(value, where, faults)

    def schema(self) -> dict[str, Any]:
        """Either of both."""
        return {"anyOf": [self.of.schema(), {"type": "null"}]}


@dataclass(frozen=True, slots=True)
class Member:
    """One named value of a ``Table``; ``doc`` is an English sentence, translated where it is shown."""

    shape: Shape
    doc: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """An object with known names; anything else in it is a fault, with the nearest name."""

    members: Mapping[str, Member]
    name: str = ""
    """Under which the OpenAPI document keeps it; empty: written out where it is used."""

    def read(self, value: object, where: str, faults: list[Fault]) -> Any:
        """The members that are there."""
        if not isinstance(value, dict):
            return _bad(faults, where, "no_object")
        known = list(self.members)
        faults.extend(unknown(f"{where}/{name[:80]}", name, known) for name in value if name not in known)
        found = {}
        for name, member in self.members.items():
            if name in value:
                found[name] = member.shape.read(value[name], f"{where}/{name}", faults)
            elif member.required:
                faults.append(Fault(f"{where}/{name}", "missing"))
        return found

    def schema(self) -> dict[str, Any]:
        """A reference to its name, or the object itself."""
        return {"$ref": f"#/components/schemas/{self.name}"} if self.name else self.whole()

    def whole(self) -> dict[str, Any]:
        """The object itself."""
        properties = {
            name: {**member.shape.schema(), **({"description": member.doc} if member.doc else {})}
            for name, member in self.members.items()
        }
        required = [name for name, member in self.members.items() if member.required]
        found: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
        return {**found, "required": required} if required else found


@dataclass(frozen=True, slots=True)
class Anything:
    """A value whose inside is told elsewhere; in answers only."""

    def read(self, value: object, where: str, faults: list[Fault]) -> Any:  # noqa: ARG002
        """As it is."""
        return value

    def schema(self) -> dict[str, Any]:
        """No demand at all."""
        return {}


def unknown(where: str, name: str, known: Sequence[str]) -> Fault:
    """The fault of a name nobody knows, with the nearest that exists."""
    near = difflib.get_close_matches(name[:80], known, n=1)
    return Fault(where, "unknown_near", {"suggestion": near[0]}) if near else Fault(where, "unknown")


def moment(at: float) -> str:
    """UTC seconds as the API writes them (RFC 3339, milliseconds)."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _bad(faults: list[Fault], where: str, key: str, **figures: Any) -> Any:
    """Note a fault; what is read in its place is nothing."""
    faults.append(Fault(where, key, figures))
    return None
