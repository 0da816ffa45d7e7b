"""Reads a register of numbers in a process of its own: ``python -m firmware.commands.register_reader``.

National files have millions of lines: one number each, a column of a table, or (United States) area code and number
in two columns. Every line goes through the same ``normalise`` as a contact, so both sides of a check agree, and the
numbers go straight into a ``number_file`` beside the database. Order and answers are JSON lines as ``reader``'s; there
are no portions, because nothing of it passes through the service.
"""

from __future__ import annotations

import csv
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from firmware.campaigns.columns import ColumnRole, places
from firmware.campaigns.content import WORKBOOK
from firmware.campaigns.csv_file import examine, lines, not_csv
from firmware.campaigns.importer import BadRow, Preview, preview
from firmware.campaigns.report import BadRowReport, open_report
from firmware.campaigns.texts import file_problem
from firmware.campaigns.workbook import ENCODING
from firmware.compliance.numbers import known_country, normalise
from firmware.model import OperatorError, Problem
from firmware.store.number_file import NumberFile
from firmware.store.number_file_maker import Maker

_NICE = 10
_TOLD_EVERY = 50_000
_MOST_REPORTED = 10_000
"""Damaged lines kept in the report; beyond, they are only counted."""
_AREA, _LOCAL = re.compile(r"\d{3}"), re.compile(r"\d{7}")

Cut = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class RegisterOrder:
    """What to read into ``target``. ``base``: a register whose numbers stay, empty: these are all."""

    path: str
    mapping: dict[str, str]
    country: str
    report: str
    language: str
    target: str
    base: str = ""


def answers(order: RegisterOrder) -> Iterator[dict[str, Any]]:
    """Read the file, make the register; yield what is said about it."""
    try:
        seen = preview(Path(order.path))
        if seen.encoding == ENCODING:
            raise not_csv(WORKBOOK)
        if not known_country(order.country):
            raise OperatorError(file_problem("country", "unknown_country", text=order.country[:20]))
        cut = _cutter(seen, order)
    except OperatorError as refused:
        yield {"problems": [asdict(problem) for problem in refused.problems]}
        return
    yield {"head": list(seen.columns)}
    with ExitStack() as stack:
        maker = stack.enter_context(Maker(Path(order.target)))
        reading = _Reading(order, seen, stack)
        for number in reading.numbers(cut):
            if number:
                maker.add(number)
            if reading.rows % _TOLD_EVERY == 0:
                yield {
                    "rows": reading.rows,
                    "damaged": reading.damaged,
                    "new": reading.rows - reading.damaged,
                }
        if order.base:
            maker.add_all(NumberFile(Path(order.base)))
        new = maker.finish()
    yield {"end": True, "rows": reading.rows, "damaged": reading.damaged, "new": new}


class _Reading:
    """Counts lines; damaged ones go to the report."""

    def __init__(self, order: RegisterOrder, seen: Preview, stack: ExitStack) -> None:
        self._order, self._seen, self._stack = order, seen, stack
        self._report: BadRowReport | None = None
        self.rows = self.damaged = 0

    def numbers(self, cut: Cut) -> Iterator[int]:
        """Each line's number as digits, 0 for one that has none."""
        country, path = self._order.country, Path(self._order.path)
        for at, line in enumerate(lines(path, examine(path)), start=1):
            text = line.rstrip("\r\n")
            if at == self._seen.header_line or not text or text.isspace():
                continue
            self.rows += 1
            number = normalise(cut(text), country)
            if isinstance(number, str):
                yield int(number)
            else:
                self.damaged += 1
                self._write(at, text, number)
                yield 0

    def _write(self, line: int, text: str, problem: Problem) -> None:
        if self.damaged > _MOST_REPORTED:
            return
        if self._report is None:
            self._report = self._stack.enter_context(
                open_report(
                    Path(self._order.report), self._seen.columns, self._seen.delimiter, self._order.language
                )
            )
        cells = tuple(text.split(self._seen.delimiter))
        self._report.add(BadRow(line, cells, replace(problem, where=f"line {line}")))


def _cutter(seen: Preview, order: RegisterOrder) -> Cut:
    """How the number is cut out of a line: most files need no more than a split."""
    delimiter = seen.delimiter
    if len(seen.columns) == 1:
        return lambda text: text.strip('"')
    if seen.rows and all(_AREA.fullmatch(row[0]) and _LOCAL.fullmatch(row[1]) for row in seen.rows):
        return lambda text: "".join(text.split(delimiter)[:2])
    place = places(order.mapping or seen.mapping, seen.columns)[ColumnRole.NUMBER]

    def cut(text: str) -> str:
        cells = text.split(delimiter) if '"' not in text else next(csv.reader([text], delimiter=delimiter))
        return cells[place] if place < len(cells) else ""

    return cut


def main() -> int:
    """Do one order."""
    os.nice(_NICE)
    order = RegisterOrder(**json.loads(sys.stdin.readline()))
    try:
        for answer in answers(order):
            sys.stdout.write(json.dumps(answer, ensure_ascii=False, separators=(",", ":")) + "\n")
            sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
