"""Strict reading of plain data (TOML tables, JSON arguments) into annotated Python types.

``fields_of`` turns a dataclass or a function signature into ``Field`` entries, ``read_table`` reads one
mapping against them and reports every mistake at once as ``Problem`` values: unknown keys (with the nearest
known one), missing keys, wrong types, values a rule refuses. Nothing is guessed or converted silently:
``"5"`` is not a number, ``1`` is not true. Rules are written beside the type: ``Annotated[int, Range(1, 9),
"what it is for"]``. What the values mean together (two ports that collide, say) is left to the callers,
``config`` and ``control``.
"""

from __future__ import annotations

import difflib
import inspect
import math
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, NewType, TypeVar, Union, get_args, get_origin

from firmware.model import Problem
from firmware.rules import Fault, Length, Matches, OneOf, Range, RejectedError, not_one_of, shown

__all__ = [
    "REQUIRED",
    "Fault",
    "Field",
    "Length",
    "Matches",
    "OneOf",
    "Range",
    "RejectedError",
    "Secret",
    "fields_of",
    "read_table",
    "reader_for",
    "unknown",
]

REQUIRED = object()
"""The default of a field that has none."""

_INT64 = 2**63
_FAULTS_PER_LIST = 50
"""A list of a million mistakes is reported by its first few."""


class Secret:
    """A text that never shows itself in logs, messages or ``repr``, not even through ``dataclasses.asdict``."""

    __slots__ = ("_text",)

    def __init__(self, text: str = "") -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself; for the one place that must send it."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return "Secret(••••)" if self._text else "Secret()"


Reader = Callable[[object], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One named value: how to read it, what it is when absent, what it is for."""

    name: str
    read: Reader
    default: object = REQUIRED
    doc: str = ""


def fields_of(shape: Any) -> tuple[Field, ...]:
    """The fields of a dataclass, or the parameters of a function (``self`` left out).

    Raises ``TypeError`` for an annotation that cannot be read from plain data: a mistake of ours, found at
    start.
    """
    hints = typing.get_type_hints(shape, include_extras=True)
    if isinstance(shape, type) and is_dataclass(shape):
        return tuple(
            Field(f.name, reader_for(hints[f.name]), _default(f), _doc(hints[f.name])) for f in fields(shape)
        )
    parameters = inspect.signature(shape).parameters.values()
    return tuple(
        Field(
            p.name,
            reader_for(hints[p.name]),
            REQUIRED if p.default is p.empty else p.default,
            _doc(hints[p.name]),
        )
        for p in parameters
    )


def read_table(
    values: Mapping[str, object],
    expected: Iterable[Field],
    place: Callable[[str], str],
    problems: list[Problem],
) -> dict[str, Any]:
    """Read ``values``; every mistake goes to ``problems``. Absent keys with a default are left out of the
    answer.

    ``place(key)`` names a key for the operator, e.g. ``[sip] port``.
    """
    known = {f.name: f for f in expected}
    read: dict[str, Any] = {}
    problems.extend(unknown(key, known, place) for key in values if key not in known)
    for name, entry in known.items():
        if name not in values:
            if entry.default is REQUIRED:
                problems.append(Problem(place(name), "missing", f"{place(name)}: is missing"))
            continue
        try:
            read[name] = entry.read(values[name])
        except RejectedError as rejected:
            problems.extend(_problem(place(name) + fault.at, fault) for fault in rejected.faults)
    return read


def unknown(key: str, known: Iterable[str], place: Callable[[str], str]) -> Problem:
    """The problem of a key nobody knows, with the nearest one that exists."""
    near = difflib.get_close_matches(key, list(known), n=1)
    name = shown(key)
    where, figures = place(name), {"value": name}
    if not near:
        return Problem(where, "unknown_key", f"{where}: is not known", figures)
    text = f"{where}: is not known; did you mean {near[0]!r}?"
    return Problem(where, "unknown_key_suggestion", text, {**figures, "suggestion": near[0]})


def reader_for(annotation: Any) -> Reader:
    """A function that reads one value as ``annotation`` or raises ``RejectedError``."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _ruled(annotation)
    if isinstance(annotation, NewType):
        return reader_for(annotation.__supertype__)
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return _word_reader(tuple(annotation), annotation)
    if origin is Literal:
        return _word_reader(get_args(annotation), str)
    if isinstance(annotation, type) and is_dataclass(annotation):
        return _table_reader(annotation)
    if origin in (Union, types.UnionType):
        return _optional_reader(annotation)
    if origin in (list, tuple, Sequence):
        return _list_reader(reader_for(get_args(annotation)[0]), tuple if origin is tuple else list)
    if origin in (dict, Mapping):
        return _mapping_reader(reader_for(get_args(annotation)[1]))
    raise TypeError(f"cannot read {annotation!r} from plain data")


def _problem(where: str, fault: Fault) -> Problem:
    return Problem(where, fault.key, f"{where}: {fault.text}", fault.figures)


def _default(entry: Any) -> object:
    if entry.default is not MISSING:
        return entry.default
    return REQUIRED if entry.default_factory is MISSING else entry.default_factory()


def _doc(annotation: Any) -> str:
    if get_origin(annotation) is not Annotated:
        return ""
    return " ".join(extra for extra in get_args(annotation)[1:] if isinstance(extra, str))


def _wrong_type(expected: str, value: object) -> RejectedError:
    got = _KINDS.get(type(value), type(value).__name__)
    figures = {"expected": expected, "got": got}
    return RejectedError(Fault("wrong_type", f"must be {expected}, not {got}", figures))


def _read_bool(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise _wrong_type("true or false", value)


def _read_int(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong_type("a whole number", value)
    if not -_INT64 <= value < _INT64:
        raise RejectedError(
            Fault("out_of_range", "is too large a number", {"least": -_INT64, "most": _INT64 - 1})
        )
    return value


def _read_float(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _wrong_type("a number", value)
    if isinstance(value, int):
        return float(_read_int(value))
    if not math.isfinite(value):
        raise _wrong_type("a number", value)
    return value


def _read_str(value: object) -> str:
    if not isinstance(value, str):
        raise _wrong_type("a text", value)
    if "\0" in value or any("\ud800" <= c <= "\udfff" for c in value):
        raise RejectedError(Fault("malformed", "contains characters that are no text", {"expected": "text"}))
    return value


def _read_path(value: object) -> Path:
    return Path(_read_str(value))


def _read_secret(value: object) -> Secret:
    return Secret(_read_str(value))


def _read_anything(value: object) -> object:
    return value


_KINDS: dict[type, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
    list: "a list",
    dict: "a table",
    type(None): "nothing",
}

_PLAIN: dict[Any, Reader] = {
    bool: _read_bool,
    int: _read_int,
    float: _read_float,
    str: _read_str,
    Path: _read_path,
    Secret: _read_secret,
    Any: _read_anything,
    object: _read_anything,
}


def _ruled(annotation: Any) -> Reader:
    base, *extras = get_args(annotation)
    read_base = reader_for(base)
    rules = [extra for extra in extras if callable(extra)]

    def read(value: object) -> Any:
        result = read_base(value)
        faults = [fault for fault in (rule(result) for rule in rules) if fault is not None]
        if faults:
            raise RejectedError(*faults)
        return result

    return read


_Word = TypeVar("_Word", bound=str)


def _word_reader(choices: Sequence[str], make: Callable[[str], _Word]) -> Reader:
    def read(value: object) -> _Word:
        text = _read_str(value)
        if text not in choices:
            raise RejectedError(not_one_of(text, choices))
        return make(text)

    return read


def _optional_reader(annotation: Any) -> Reader:
    options = [option for option in get_args(annotation) if option is not type(None)]
    if len(options) != 1:
        raise TypeError(f"cannot choose between {options!r}")
    inner = reader_for(options[0])

    def read(value: object) -> Any:
        return None if value is None else inner(value)

    return read


def _list_reader(read_one: Reader, make: Callable[[list[Any]], Any]) -> Reader:
    def read(value: object) -> Any:
        if not isinstance(value, list):
            raise _wrong_type("a list", value)
        return make(_read_each(read_one, ((f"[{n}]", entry) for n, entry in enumerate(value, 1))))

    return read


def _table_reader(shape: type) -> Reader:
    """A table inside a table, by the fields of a dataclass; what it means together is ``__post_init__``'s."""
    known = fields_of(shape)

    def read(value: object) -> Any:
        if not isinstance(value, dict):
            raise _wrong_type("a table", value)
        problems: list[Problem] = []
        values = read_table(value, known, lambda key: f".{key}", problems)
        if problems:
            told = (Fault(p.key, p.text.removeprefix(f"{p.where}: "), p.figures, p.where) for p in problems)
            raise RejectedError(*told)
        return shape(**values)

    return read


def _mapping_reader(read_one: Reader) -> Reader:
    def read(value: object) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise _wrong_type("a table", value)
        names = [_read_str(key) for key in value]
        return dict(zip(names, _read_each(read_one, ((f".{k}", v) for k, v in value.items())), strict=True))

    return read


def _read_each(read_one: Reader, entries: Iterable[tuple[str, object]]) -> list[Any]:
    results: list[Any] = []
    faults: list[Fault] = []
    for at, entry in entries:
        try:
            results.append(read_one(entry))
        except RejectedError as rejected:
            faults.extend(Fault(f.key, f.text, f.figures, at + f.at) for f in rejected.faults)
        if len(faults) >= _FAULTS_PER_LIST:
            break
    if faults:
        raise RejectedError(*faults)
    return results
