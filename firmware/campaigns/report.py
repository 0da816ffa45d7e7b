"""The damaged rows of an import, given back as a CSV file that can be mended and uploaded again.

Written as the file came: same columns, same delimiter, and one column more that says what is wrong. It begins with
a byte order mark so that spreadsheet programs read its umlauts, and no cell can become a formula (OWASP ASVS 1.2.10):
what would begin one gets an apostrophe in front, which the importer takes off again.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from firmware.campaigns.columns import REPORT_MARK
from firmware.campaigns.importer import BadRow
from firmware.campaigns.texts import row_sentence

_FORMULA_STARTS = tuple("=+-@\t\r\0＝＋－＠")
_HEADERS = {"de": REPORT_MARK + "Fehler", "en": REPORT_MARK + "problem"}
_LINE = {"de": "Zeile", "en": "Line"}


class BadRowReport:
    """Writes damaged rows to a text stream opened with ``newline=""``."""

    def __init__(self, stream: TextIO, columns: Sequence[str], delimiter: str, language: str) -> None:
        self._language = language if language in _HEADERS else "en"
        self._kept = [at for at, name in enumerate(columns) if not name.startswith(REPORT_MARK)]
        self._width = len(columns)
        self._writer = csv.writer(stream, delimiter=delimiter, lineterminator="\r\n")
        self.rows = 0
        """Damaged rows written so far."""
        names = [columns[at] for at in self._kept]
        self._writer.writerow([*map(harmless, names), _HEADERS[self._language]])

    def add(self, bad: BadRow) -> None:
        """Write one row and what is wrong with it; cells beyond the columns follow after the reason."""
        cells = [bad.cells[at] if at < len(bad.cells) else "" for at in self._kept]
        why = f"{_LINE[self._language]} {bad.line}: {row_sentence(bad.problem, self._language)}"
        beyond = bad.cells[self._width :]
        self._writer.writerow([*map(harmless, cells), harmless(why), *map(harmless, beyond)])
        self.rows += 1


@contextmanager
def open_report(path: Path, columns: Sequence[str], delimiter: str, language: str) -> Iterator[BadRowReport]:
    """Open a report file. Errors of the file system pass through as ``OSError``."""
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as stream:
        yield BadRowReport(stream, columns, delimiter, language)


def harmless(cell: str) -> str:
    """Return the cell so that no spreadsheet program runs it."""
    return "'" + cell.replace("\0", "") if cell.lstrip(" ").startswith(_FORMULA_STARTS) else cell
