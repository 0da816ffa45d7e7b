"""Records from lines: RFC 4180, and what happens to the rows after a broken one."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware.campaigns.records import MOST_CHARACTERS, MOST_LINES, Record, records


def read(text: str, delimiter: str = ";") -> list[Record]:
    return list(records(io.StringIO(text, newline=""), delimiter))


def test_a_quote_that_never_closes_costs_one_row() -> None:
    assert read('a;1\n"b;2\nc;3\nd;4\n') == [
        Record(1, ["a", "1"]),
        Record(2, ['"b', "2"], "unclosed_quote"),
        Record(3, ["c", "3"]),
        Record(4, ["d", "4"]),
    ]


def test_two_broken_quotes_do_not_swallow_what_is_between() -> None:
    found = read('"a;1\nb;2\nc;3\n"d;4\ne;5\n')
    assert [(r.line, r.fault) for r in found] == [
        (1, "unclosed_quote"),
        (2, ""),
        (3, ""),
        (4, "unclosed_quote"),
        (5, ""),
    ]


def test_a_broken_quote_far_from_the_end_of_the_file() -> None:
    rows = "".join(f"x;{n}\n" for n in range(5000))
    found = read('"a;1\n' + rows)
    assert len(found) == 5001
    assert found[0].fault == "unclosed_quote"
    assert found[-1] == Record(5001, ["x", "4999"])


def test_a_line_without_end_is_given_up() -> None:
    found = read("a;1\n" + "x" * (MOST_CHARACTERS + 1) + "\nb;2\n")
    assert [(r.line, r.fault) for r in found] == [(1, ""), (2, "line_too_long"), (3, "")]
    assert len(found[1].cells[0]) == 200


def test_a_cell_of_too_many_lines_is_a_broken_quote() -> None:
    found = read('"' + "x\n" * (MOST_LINES + 5) + '";1\n')
    assert found[0].fault == "unclosed_quote"


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ('a;"b;c";d\n', ["a", "b;c", "d"]),
        ('a;"say ""hello""";d', ["a", 'say "hello"', "d"]),
        ('a;"two\r\nlines";d\r\n', ["a", "two\r\nlines", "d"]),
        ('a;5" pipe;d\n', ["a", '5" pipe', "d"]),
        ('a;"5" "pipe";d\n', ["a", '5 "pipe"', "d"]),
        ('a;"b" ;d\n', ["a", "b ", "d"]),
        ("a;;\n", ["a", "", ""]),
        ("a\r", ["a"]),
    ],
)
def test_one_record(text: str, cells: list[str]) -> None:
    assert read(text) == [Record(1, cells)]


def test_lines_are_counted_as_they_stand_in_the_file() -> None:
    found = read('a\n\n"b\nb"\r\nc\rd\n')
    assert [(r.line, r.cells) for r in found] == [(1, ["a"]), (3, ["b\nb"]), (5, ["c"]), (6, ["d"])]


CELL = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from('";,\t\n\r'), max_size=12)


@given(
    table=st.lists(st.lists(CELL, min_size=2, max_size=4), max_size=8),
    delimiter=st.sampled_from(";,\t|"),
)
@settings(max_examples=300)
def test_what_a_proper_writer_wrote_is_read_back(table: list[list[str]], delimiter: str) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(table)
    assert [r.cells for r in read(text.getvalue(), delimiter)] == table


@given(st.text('"a;\n\r', max_size=300))
@settings(max_examples=500)
def test_every_line_belongs_to_one_record_in_order(text: str) -> None:
    found = read(text)
    starts = [r.line for r in found]
    assert starts == sorted(set(starts))
    last = len(io.StringIO(text, newline="").readlines())
    assert all(1 <= line <= last for line in starts)
