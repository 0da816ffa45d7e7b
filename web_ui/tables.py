"""Tables for spreadsheet programs, in which no cell can become a formula (OWASP, CSV injection)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from web_ui.language import Language

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_DELIMITER = {"de": ";", "en": ","}
"""What a double-click on the file expects in each language."""


def csv_lines(rows: Iterable[Sequence[str]], language: Language, first: bool = False) -> bytes:
    """Rows as CSV (RFC 4180) in UTF-8; the ``first`` ones of a file begin with the mark Excel looks for."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=_DELIMITER[language.code], lineterminator="\r\n")
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig" if first else "utf-8")


def harmless(cell: str) -> str:
    """The cell so that no spreadsheet program runs it."""
    cell = cell.replace("\0", "")
    return "'" + cell if cell.lstrip(" ").startswith(_FORMULA_STARTS) else cell
