"""A report as a workbook (XLSX): its tables below each other on one sheet, figures as figures, no cell a formula."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from firmware.commands import workbook_writer
from firmware.commands.workbook_writer import Cell
from firmware.papers.tables import Report, Table


def write(file: IO[bytes], report: Report) -> None:
    """Write the workbook."""
    workbook_writer.write(file, [report.title], _rows(report))


def _rows(report: Report) -> Iterator[list[Cell]]:
    for said in report.lines:
        yield [said]
    for table in report.tables:
        yield []
        yield [table.title]
        yield from _table(table)


def _table(table: Table) -> Iterator[list[Cell]]:
    if not table.lines:
        yield [table.empty]
        return
    yield [column.title for column in table.columns]
    for line in table.lines:
        yield [cell if isinstance(cell, str) else cell.value for cell in line.cells]
