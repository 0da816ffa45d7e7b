"""From lines of text to records of cells (RFC 4180), without ever losing the rows after a broken one.

The standard library's reader does the parsing. What it cannot do is stop: a quotation mark that is never closed
makes it swallow the rest of the file into one cell. Here a record is bounded, and where one turns out to be broken
only its first line is given up and reading goes on with the line after it. Pure: lines in, records out.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MOST_LINES = 100
"""Physical lines of one record (line breaks inside quotes)."""
MOST_CHARACTERS = 65536
"""Characters of one record, and of one line."""


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of one record. ``line`` is the physical line it begins on, counted from 1. ``fault`` is the key of
    what is wrong with it (``unclosed_quote, line_too_long``) or empty."""

    line: int
    cells: list[str]
    fault: str = ""


class _BrokenError(Exception):
    """The record being read cannot be one."""


class _Feed:
    """Lines for the reader; remembers those of the present record so that they can be given again."""

    def __init__(self, lines: Iterable[str], first_line: int) -> None:
        self._source = iter(lines)
        self._again: deque[str] = deque()
        self.held: list[str] = []
        self._held_characters = 0
        self.line = first_line
        """Where the present record begins."""

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._source, None)
        if line is None:
            if self.held:
                raise _BrokenError("unclosed_quote")
            raise StopIteration
        self.held.append(line)
        self._held_characters += len(line)
        if self._held_characters > MOST_CHARACTERS or len(self.held) > MOST_LINES:
            raise _BrokenError("line_too_long" if len(self.held) == 1 else "unclosed_quote")
        return line

    def done(self) -> int:
        """Let the present record go; return the line it began on."""
        began = self.line
        self.line += len(self.held)
        self.held.clear()
        self._held_characters = 0
        return began

    def give_up_first(self) -> tuple[int, str]:
        """Let only the first line of the present record go and give the others again."""
        first, others = self.held[0], self.held[1:]
        self._again.extendleft(reversed(others))
        del self.held[1:]
        return self.done(), first


def records(lines: Iterable[str], delimiter: str, first_line: int = 1) -> Iterator[Record]:
    """Yield the records of ``lines`` (which keep their line ends); blank lines are left out. Raises nothing."""
    feed = _Feed(lines, first_line)
    while True:
        try:
            for cells in csv.reader(feed, delimiter=delimiter, strict=True):
                line = feed.done()
                if cells:
                    yield Record(line, cells)
        except _BrokenError as broken:
            yield _first_line_only(feed, delimiter, str(broken))
        except csv.Error:
            yield _first_line_only(feed, delimiter, "unclosed_quote")
        else:
            return


def _first_line_only(feed: _Feed, delimiter: str, fault: str) -> Record:
    """Read the first held line by itself: leniently, because ``"5" pipe`` is sloppy but not wrong."""
    several = len(feed.held) > 1
    line, text = feed.give_up_first()
    text = text.rstrip("\r\n")
    if fault == "line_too_long":
        return Record(line, [text[:200]], fault)
    if not several and text.count('"') % 2 == 0:
        return Record(line, _leniently(text, delimiter))
    return Record(line, text.split(delimiter), fault)


def _leniently(text: str, delimiter: str) -> list[str]:
    return next(csv.reader([text], delimiter=delimiter, strict=False), [])
