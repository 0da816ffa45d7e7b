"""Writes one table as an XLSX workbook, row by row, with nothing but the standard library (ECMA-376, Part 1).

Every text is a text in a text format (``inlineStr``, number format ``@``, ``quotePrefix``): no cell is a formula, nor
becomes one when somebody edits it, and no telephone number loses digits. What is given as a number is one. What XML
cannot hold is left out of a cell, and what is longer than a cell may be is cut.
"""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Iterable, Sequence
from contextlib import closing
from html import escape
from pathlib import Path
from typing import IO

Cell = str | float

MOST_ROWS = 1_048_576
"""Rows a sheet can have, its header among them."""
MOST_CHARACTERS = 32_767
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ROWS_AT_ONCE = 500
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEETML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEETML}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEETML}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_SHEETML}.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATED}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATED}"><sheets>'
        '<sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATED}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_RELATED}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf xfId="0"/>'
        '<xf xfId="0" numFmtId="49" applyNumberFormat="1" quotePrefix="1"/></cellXfs></styleSheet>'
    ),
}


def write(path: Path | IO[bytes], header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """Write the workbook; returns how many rows besides the header. :raises OSError: the disk."""
    count = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as packed:
        for name, text in _PARTS.items():
            packed.writestr(name, _HEAD + text)
        with closing(packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True)) as sheet:
            sheet.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{_row(header)}'.encode())
            waiting: list[str] = []
            for row in rows:
                count += 1
                waiting.append(_row(row))
                if len(waiting) == _ROWS_AT_ONCE:
                    sheet.write("".join(waiting).encode())
                    waiting.clear()
            sheet.write(("".join(waiting) + "</sheetData></worksheet>").encode())
    return count


def _row(cells: Sequence[Cell]) -> str:
    return f"<row>{''.join(map(_cell, cells))}</row>"


def _cell(text: Cell) -> str:
    if not isinstance(text, str):
        return f"<c><v>{text:.10g}</v></c>" if math.isfinite(text) else "<c/>"
    if not text:
        return "<c/>"
    fit = escape(_UNFIT.sub("", text[:MOST_CHARACTERS]), quote=False)
    return f'<c s="1" t="inlineStr"><is><t xml:space="preserve">{fit}</t></is></c>'
