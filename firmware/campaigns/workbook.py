"""The thin opener for workbooks beside ``csv_file``: the rows of one sheet as records, like lines of a CSV file.

Unpacking, shared strings, dates and number formats are python-calamine's. Here a workbook is refused before that when
it would unpack to more than a list ever is (a ZIP bomb), and what no list can be is told in words. Reading takes
memory, so it belongs into a process of its own. Cells become text as a person sees them; a telephone number that a
spreadsheet keeps as a number comes back with all its digits.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

from firmware.campaigns.records import MOST_CHARACTERS, Record
from firmware.campaigns.texts import file_problem
from firmware.model import OperatorError

ENCODING = "xlsx"
"""What ``csv_file.Dialect`` says of a workbook."""
MOST_UNPACKED_BYTES = 1500 * 1024 * 1024
_MOST_PARTS = 5000
_MEGABYTE = 1024 * 1024

Cell = int | float | str | bool | time | date | datetime | timedelta


def examine(path: Path) -> None:
    """Look at the workbook's table of contents. :raises OperatorError: it is damaged, or far too large."""
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
    except (OSError, zipfile.BadZipFile, ValueError) as error:
        raise _unreadable(str(error)) from error
    size = sum(part.file_size for part in parts)
    if size > MOST_UNPACKED_BYTES or len(parts) > _MOST_PARTS:
        figures = {"size_mb": size // _MEGABYTE, "limit_mb": MOST_UNPACKED_BYTES // _MEGABYTE}
        raise OperatorError(file_problem("file", "file_too_large", **figures))


def records(path: Path) -> Iterator[Record]:
    """Yield the rows of the first visible sheet with anything on it; ``line`` is the row's number in the sheet.

    :raises OperatorError: it cannot be read.
    """
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    try:
        with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as book:
            for at, about in enumerate(book.sheets_metadata):
                sheet = book.get_sheet_by_index(at)
                if about.visible is not SheetVisibleEnum.Visible or sheet.start is None:
                    continue
                for line, row in enumerate(sheet.iter_rows(), start=1):
                    yield _record(line, [_text(cell) for cell in row])
                return
    except (CalamineError, OSError, ValueError) as error:
        raise _unreadable(str(error)) from error


def _record(line: int, cells: list[str]) -> Record:
    if sum(map(len, cells)) > MOST_CHARACTERS:
        return Record(line, [cells[0][:200]], "line_too_long")
    return Record(line, cells)


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return str(cell.date()) if cell.time() == time() else cell.isoformat(" ", "minutes")
    return str(cell)


def _unreadable(reason: str) -> OperatorError:
    return OperatorError(file_problem("file", "workbook_unreadable", reason=reason[:200]))
