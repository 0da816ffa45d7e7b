"""Reads an uploaded file in a process of its own: ``python -m firmware.commands.reader``, started by ``imports``.

A file can be large and hostile; here it can neither keep the event loop waiting nor take its memory. The
order is one JSON object on standard input; the answer is JSON lines on standard output: one ``head`` (or
``problems``, and the end), then portions, then an ``end``. Damaged rows go to a report file. What a row may
contain is ``firmware.campaigns.importer``'s, storing it ``imports``'. Rows travel as the store keeps them: the number
as an integer, the fields as canonical JSON.
"""

from __future__ import annotations

import json
import math
import os
import resource
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Any

from firmware.campaigns.importer import BadRow, Preview, Row, preview, read
from firmware.campaigns.report import BadRowReport, open_report
from firmware.model import OperatorError

PORTION_ROWS = 500
PORTION_CHARACTERS = 200_000
"""A portion is stored in one transaction, between calls."""
_MEMORY_BYTES = 1 << 31
"""A workbook of a million rows takes a third of it; a file that takes more ends the reader, not the box."""
_NICE = 10
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
"""How the store writes objects; done here, where nobody waits."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to read. ``mapping`` is role to column name; empty: as guessed."""

    path: str
    mapping: dict[str, str]
    country: str
    report: str
    language: str
    now: float = math.inf
    """The time by the service's clock; no consent can have been given after it."""
    preview: bool = False
    """Only look: the first answer is a ``Preview``, and there is no other."""


class _Counting:
    """Sorts rows: good ones into portions, damaged ones into the report."""

    def __init__(self, order: Order, seen: Preview, stack: ExitStack) -> None:
        self._order, self._seen, self._stack = order, seen, stack
        self._report: BadRowReport | None = None
        self.rows = self.damaged = self.duplicate = 0

    def good(self, found: Row | BadRow) -> list[Any] | None:
        """Count a row; a good one as the list that travels."""
        self.rows += 1
        if isinstance(found, Row):
            return [
                int(found.number),
                found.name,
                " ".join(found.zones),
                found.priority,
                _canonical(found.fields),
                found.numbers,
                found.kind,
                None if found.consent is None else astuple(found.consent),
            ]
        if found.problem.key == "duplicate":
            self.duplicate += 1
        else:
            self.damaged += 1
            self._write(found)
        return None

    def _write(self, bad: BadRow) -> None:
        if self._report is None:
            self._report = self._stack.enter_context(
                open_report(
                    Path(self._order.report), self._seen.columns, self._seen.delimiter, self._order.language
                )
            )
        self._report.add(bad)

    def figures(self) -> dict[str, int]:
        """What has been counted so far."""
        return {"rows": self.rows, "damaged": self.damaged, "duplicate": self.duplicate}


def answers(order: Order) -> Iterator[dict[str, Any]]:
    """Read the file; yield what is said about it."""
    try:
        seen = preview(Path(order.path))
        if order.preview:
            yield {"preview": asdict(seen)}
            return
        found = read(Path(order.path), order.mapping or seen.mapping, order.country, order.now)
    except OperatorError as refused:
        yield {"problems": [asdict(problem) for problem in refused.problems]}
        return
    yield {"head": list(seen.columns)}
    with ExitStack() as stack:
        counting = _Counting(order, seen, stack)
        for portion in _portions(found, counting):
            yield {"portion": portion, **counting.figures()}
    yield {"end": True, **counting.figures()}


def _portions(found: Iterator[Row | BadRow], counting: _Counting) -> Iterator[list[list[Any]]]:
    """Good rows in portions; an empty one now and then where there are only damaged ones, so that progress shows."""
    portion: list[list[Any]] = []
    characters = last = 0
    for each in found:
        row = counting.good(each)
        if row is not None:
            portion.append(row)
            characters += len(row[1]) + len(row[4])
        if (
            len(portion) >= PORTION_ROWS
            or characters >= PORTION_CHARACTERS
            or counting.rows - last >= 10 * PORTION_ROWS
        ):
            yield portion
            portion, characters, last = [], 0, counting.rows
    yield portion


def main() -> int:
    """Do one order."""
    os.nice(_NICE)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    order = Order(**json.loads(sys.stdin.readline()))
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
