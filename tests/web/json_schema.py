"""Checks a value against a JSON Schema (draft 2020-12), as far as the API's document uses it.

Knows nothing of the shapes the document is made from: what it does not understand is an error, not a pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str, "object": dict, "array": list, "boolean": bool, "null": type(None), "integer": int,
    "number": (int, float),
}  # fmt: skip
_IGNORED = {"type", "description", "examples", "default"}


def faults(
    value: Any, schema: Mapping[str, Any], document: Mapping[str, Any], where: str = ""
) -> Iterator[str]:
    """Everything about the value that the schema does not allow."""
    mistyped = list(_type(value, schema["type"], schema, document, where)) if "type" in schema else []
    yield from mistyped
    for word, wanted in schema.items():
        if word not in _IGNORED and not mistyped:
            yield from _CHECKS[word](value, wanted, schema, document, where)


def _ref(value: Any, wanted: str, _schema: Any, document: Any, where: str) -> Iterator[str]:
    found = document
    for part in wanted.removeprefix("#/").split("/"):
        found = found[part]
    yield from faults(value, found, document, where)


def _type(value: Any, wanted: str, _schema: Any, _document: Any, where: str) -> Iterator[str]:
    fits = isinstance(value, _TYPES[wanted]) and (wanted == "boolean" or not isinstance(value, bool))
    if not fits:
        yield f"{where}: {value!r} is no {wanted}"


def _any_of(value: Any, wanted: list[Any], _schema: Any, document: Any, where: str) -> Iterator[str]:
    if all(list(faults(value, each, document, where)) for each in wanted):
        yield f"{where}: {value!r} is none of {len(wanted)}"


def _properties(
    value: Any, wanted: Mapping[str, Any], schema: Any, document: Any, where: str
) -> Iterator[str]:
    for name, each in value.items():
        if name in wanted:
            yield from faults(each, wanted[name], document, f"{where}/{name}")
        elif schema.get("additionalProperties") is False:
            yield f"{where}/{name}: is not told of"


def _others(value: Any, wanted: Any, schema: Any, document: Any, where: str) -> Iterator[str]:
    if wanted is not False:
        for name in set(value) - set(schema.get("properties", {})):
            yield from faults(value[name], wanted, document, f"{where}/{name}")


def _format(value: Any, wanted: str, _schema: Any, _document: Any, where: str) -> Iterator[str]:
    assert wanted == "date-time"
    if not value.endswith("Z") or datetime.fromisoformat(value).tzinfo is None:
        yield f"{where}: {value!r} is no date-time"


def _items(value: Any, wanted: Any, _schema: Any, document: Any, where: str) -> Iterator[str]:
    for at, each in enumerate(value):
        yield from faults(each, wanted, document, f"{where}/{at}")


def _names(value: Any, wanted: Any, _schema: Any, document: Any, where: str) -> Iterator[str]:
    for name in value:
        yield from faults(name, wanted, document, f"{where}/{name}")


def _holds(test: Any, word: str) -> Any:
    def check(value: Any, wanted: Any, _schema: Any, _document: Any, where: str) -> Iterator[str]:
        if not test(value, wanted):
            yield f"{where}: {value!r} against {word} {wanted!r}"

    return check


_CHECKS: dict[str, Any] = {
    "$ref": _ref,
    "anyOf": _any_of,
    "properties": _properties,
    "additionalProperties": _others,
    "propertyNames": _names,
    "items": _items,
    "format": _format,
    "required": _holds(lambda value, wanted: set(wanted) <= set(value), "required"),
    "enum": _holds(lambda value, wanted: value in wanted, "enum"),
    "pattern": _holds(lambda value, wanted: re.search(wanted, value), "pattern"),
    "minLength": _holds(lambda value, wanted: len(value) >= wanted, "minLength"),
    "maxLength": _holds(lambda value, wanted: len(value) <= wanted, "maxLength"),
    "minItems": _holds(lambda value, wanted: len(value) >= wanted, "minItems"),
    "maxItems": _holds(lambda value, wanted: len(value) <= wanted, "maxItems"),
    "maxProperties": _holds(lambda value, wanted: len(value) <= wanted, "maxProperties"),
    "minimum": _holds(lambda value, wanted: value >= wanted, "minimum"),
    "maximum": _holds(lambda value, wanted: value <= wanted, "maximum"),
}
