"""Strict reading: whatever comes in, the answer is a value of the right type or problems that name it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, NewType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.hub import encode
from firmware.model import Problem
from firmware.typed import Length, Matches, OneOf, Range, Secret, fields_of, read_table, reader_for

Id = NewType("Id", int)


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True)
class Shape:
    id: Id
    flag: bool = False
    share: Annotated[float, Range(0, 1)] = 0.5
    name: Annotated[str, Length(1, 8), Matches("[a-z]+", "small letters")] = "x"
    colour: Colour = Colour.RED
    size: Annotated[int, OneOf((1, 2, 4))] = 1
    kind: Literal["a", "b"] = "a"
    note: str | None = None
    parts: tuple[Annotated[int, Range(1, 9)], ...] = ()
    words: list[str] = field(default_factory=list)
    table: Mapping[str, float] = field(default_factory=dict)
    secret: Secret = field(default_factory=Secret)
    path: Path = Path("/")


FIELDS = fields_of(Shape)
TYPES: Mapping[str, tuple[type, ...]] = {
    "id": (int,),
    "flag": (bool,),
    "share": (float,),
    "name": (str,),
    "colour": (Colour,),
    "size": (int,),
    "kind": (str,),
    "note": (str, type(None)),
    "parts": (tuple,),
    "words": (list,),
    "table": (dict,),
    "secret": (Secret,),
    "path": (Path,),
}

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=8,
)
tables = st.dictionaries(st.sampled_from([*TYPES, "nmae", "x"]) | st.text(max_size=5), plain, max_size=8)


@given(tables)
def test_every_value_is_of_its_type_or_told_as_a_problem(values: dict[str, Any]) -> None:
    problems: list[Problem] = []
    read = read_table(values, FIELDS, str, problems)
    for name, value in read.items():
        assert isinstance(value, TYPES[name])
        assert isinstance(value, bool) == (name == "flag")
    assert len(read) + len(problems) >= len(values)
    encode([[p.where, p.key, p.text, dict(p.figures)] for p in problems]).encode()


@pytest.mark.parametrize(
    ("name", "value", "key"),
    [
        ("id", True, "wrong_type"),
        ("id", 1.0, "wrong_type"),
        ("id", 2**63, "out_of_range"),
        ("id", None, "wrong_type"),
        ("flag", 1, "wrong_type"),
        ("share", float("nan"), "wrong_type"),
        ("share", 1.01, "out_of_range"),
        ("name", "a\0", "malformed"),
        ("name", "\ud800", "malformed"),
        ("size", 3, "not_one_of"),
        ("kind", "c", "not_one_of"),
        ("note", 1, "wrong_type"),
        ("parts", {}, "wrong_type"),
        ("table", {"a": "1"}, "wrong_type"),
        ("secret", 5, "wrong_type"),
    ],
)
def test_nothing_is_converted_silently(name: str, value: object, key: str) -> None:
    problems: list[Problem] = []
    read_table({"id": 1, name: value}, FIELDS, str, problems)
    assert [problem.key for problem in problems][:1] == [key]


def test_the_nearest_word_is_offered() -> None:
    problems: list[Problem] = []
    read_table({"id": 1, "nmae": 1, "colour": "blu"}, FIELDS, str, problems)
    assert [problem.text for problem in problems] == [
        "nmae: is not known; did you mean 'name'?",
        "colour: blu is not one of red, blue; did you mean blue?",
    ]


def test_a_list_of_a_million_mistakes_is_told_by_its_first_few() -> None:
    problems: list[Problem] = []
    read_table({"id": 1, "parts": [0] * 1_000_000}, FIELDS, str, problems)
    assert len(problems) == 50
    assert problems[0].where == "parts[1]"


def test_long_and_unprintable_values_are_shown_safely() -> None:
    problems: list[Problem] = []
    read_table({"id": 1, "kind": "x\x1b[31m" + "y" * 500}, FIELDS, str, problems)
    assert "\x1b" not in problems[0].text
    assert len(problems[0].text) < 120


@pytest.mark.parametrize("annotation", [bytes, set[int], int | str, complex])
def test_types_that_cannot_be_read_are_a_mistake_of_ours(annotation: Any) -> None:
    with pytest.raises(TypeError):
        reader_for(annotation)
