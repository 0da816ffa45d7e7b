"""Cells as values, conditions on them, and keys that sort as the fields do."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.rulebook.conditions import Check, Every, Is, Some, holds, may_hold, passes
from firmware.rulebook.order import Order, Sort, fits, key
from firmware.rulebook.subject import Subject
from firmware.rulebook.values import Kind, as_date, as_number, folded, moment_text, value_of


@pytest.mark.parametrize(
    "text", ["", " ", "abc", "1e5", "12-3", "--1", "1,2,3.4.5", "٣", "9" * 50, "nan", "inf", "."]
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert as_number(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("-3", -3),
        ("12,5", 12.5),
        ("12.5", 12.5),
        ("1.234,56", 1234.56),
        ("1,234.56", 1234.56),
        ("1.234.567", 1234567),
        ("1,234,567", 1234567),
        ("1 234", 1234),
        ("250 €", 250),
        ("12 %", 12),
        ("+7", 7),
    ],
)
def test_numbers_as_people_write_them(text: str, value: float) -> None:
    assert as_number(text) == value


@pytest.mark.parametrize(
    "text", ["", "2026-13-01", "31.02.2026", "tomorrow", "2026", "1.1.26", "2026-01-01 25:00"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert as_date(text) is None


def test_dates_iso_or_day_first() -> None:
    assert as_date("1970-01-02") == as_date("02.01.1970") == as_date("2/1/1970") == 86400.0
    assert as_date("1970-01-01T01:00") == as_date("1.1.1970 01:00:00") == 3600.0


@given(st.integers(0, 4_000_000_000))
def test_a_moment_is_read_back(at: int) -> None:
    assert as_date(moment_text(at)) == at


def test_moments_no_calendar_has_are_empty() -> None:
    assert moment_text(None) == moment_text(math.inf) == ""


def someone(**values: Any) -> Subject:
    return Subject(1, "+493023125001", **values)


@pytest.mark.parametrize(
    ("check", "cell", "passed"),
    [
        (Check("x", Is.LESS, "5", kind=Kind.NUMBER), "", False),
        (Check("x", Is.MORE, "5", kind=Kind.NUMBER), "many", False),
        (Check("x", Is.LESS, "ten", kind=Kind.NUMBER), "5", False),
        (Check("x", Is.LESS, "10", kind=Kind.NUMBER), "9", True),
        (Check("x", Is.LESS, "10"), "9", False),
        (Check("x", Is.MORE, "2026-01-01", kind=Kind.DATE), "02.01.2026", True),
        (Check("x", Is.EQUALS, "1,0", kind=Kind.NUMBER), "1", True),
        (Check("x", Is.EQUALS, "koln"), " Köln ", True),
        (Check("x", Is.EQUALS, ""), "  ", True),
        (Check("x", Is.DIFFERS, "a"), "", True),
        (Check("x", Is.CONTAINS, "STR"), "Hauptstraße", True),
        (Check("x", Is.STARTS, "haupt"), "Hauptstraße", True),
        (Check("x", Is.EMPTY), " ", True),
        (Check("x", Is.FILLED), "0", True),
        (Check("x", Is.ONE_OF, values=()), "", False),
        (Check("x", Is.ONE_OF, values=("a", "B")), "b", True),
    ],
)
def test_checks(check: Check, cell: str, passed: bool) -> None:
    assert passes(check, cell) is passed


def test_and_and_or() -> None:
    a, b = Check("a", Is.FILLED), Check("b", Is.FILLED)
    contact = someone(fields={"a": "1"})
    assert holds(Some((a, b)), contact)
    assert not holds(Every((a, b)), contact)
    assert holds(Every(), contact)
    assert not holds(Some(()), contact)


def test_an_unknown_field_may_be_anything_a_known_one_not() -> None:
    both = Every((Check("a", Is.EQUALS, "1"), Check("b", Is.EQUALS, "2")))
    assert may_hold(both, {"a": "1"})
    assert not may_hold(both, {"a": "2"})


def test_fields_that_do_not_exist_are_empty() -> None:
    assert someone().text("nothing") == someone().text(":nothing") == ""


cells = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12) | st.sampled_from(
    ["", "1", "2,5", "-7", "1.000,5", "2026-01-01", "01.02.2026", "a", "ab", "Ä", "z"]
)


@given(st.lists(cells, min_size=2, max_size=8), st.sampled_from(Kind), st.booleans())
def test_keys_sort_as_values_do_and_what_is_missing_comes_last(
    found: list[str], kind: Kind, descending: bool
) -> None:
    order = Order((Sort("f", kind, descending),))
    by_key = sorted(found, key=lambda cell: key(order, someone(fields={"f": cell})))
    values = [value_of(cell, kind) for cell in by_key]
    there = [each for each in values if each is not None]
    assert values[len(there) :] == [None] * (len(values) - len(there))
    assert there == sorted(there, reverse=descending)  # type: ignore[type-var]


@given(st.lists(st.tuples(cells, cells), min_size=2, max_size=6))
def test_the_second_field_decides_where_the_first_is_equal(found: list[tuple[str, str]]) -> None:
    order = Order((Sort("a"), Sort("b", descending=True)))
    pairs = sorted(found, key=lambda p: key(order, someone(fields={"a": p[0], "b": p[1]})))
    for (a, b), (c, d) in itertools.pairwise(pairs):
        if folded(a) == folded(c) and folded(b) and folded(d):
            assert folded(b) >= folded(d)


def test_priority_leads_unless_it_has_its_own_place() -> None:
    low, high = someone(fields={"f": "a"}), someone(priority=5, fields={"f": "b"})
    assert key(Order((Sort("f"),)), high) < key(Order((Sort("f"),)), low)
    placed = Order((Sort("f"), Sort(":priority", Kind.NUMBER, descending=True)))
    assert key(placed, low) < key(placed, high)


def test_fresh_first() -> None:
    order = Order((Sort("f"),), fresh_first=True)
    assert key(order, someone(fields={"f": "z"})) < key(order, someone(attempts=1, fields={"f": "a"}))


def test_an_order_without_a_filter_takes_everybody() -> None:
    assert fits(Order(), someone())
    assert not fits(Order(filter=Check("f", Is.FILLED)), someone())
