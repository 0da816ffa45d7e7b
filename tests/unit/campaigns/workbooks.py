"""Makes small workbooks (ECMA-376) for tests: strings in place, numbers, dates, hidden sheets."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from xml.sax.saxutils import escape, quoteattr

Cell = str | int | float | bool | date | None
Rows = Sequence[Sequence[Cell]]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"'
    ' applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def workbook(*sheets: Rows, hidden: Sequence[int] = (), first_row: int = 1) -> bytes:
    """The bytes of a workbook; ``hidden`` names sheets by their place."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in _parts(sheets, hidden, first_row).items():
            packed.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)
    return content.getvalue()


def _parts(sheets: Sequence[Rows], hidden: Sequence[int], first_row: int) -> dict[str, str]:
    numbers = range(1, len(sheets) + 1)
    names = [f"xl/worksheets/sheet{n}.xml" for n in numbers]
    kinds = {"xl/workbook.xml": "sheet.main", "xl/styles.xml": "styles", **dict.fromkeys(names, "worksheet")}
    types = "".join(
        f'<Override PartName="/{name}" ContentType="{_KIND}.{kind}+xml"/>' for name, kind in kinds.items()
    )
    defaults = f'<Default Extension="rels" ContentType="{_PACKAGE.replace("http://schemas", "x")}"/>'
    links = [_link(f"r{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
    about = "".join(
        f'<sheet name="S{n}" sheetId="{n}" r:id="r{n}"{" state=" + quoteattr("hidden") if n - 1 in hidden else ""}/>'
        for n in numbers
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">{defaults}{types}</Types>',
        "_rels/.rels": _links([_link("r1", "officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{about}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _links([*links, _link("s1", "styles", "styles.xml")]),
        "xl/styles.xml": _STYLES,
        **{name: _sheet(rows, first_row) for name, rows in zip(names, sheets, strict=True)},
    }


def _link(name: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"/>'


def _links(links: Sequence[str]) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(links)}</Relationships>'


def _sheet(rows: Rows, first_row: int) -> str:
    lines = "".join(
        f'<row r="{n}">{"".join(_cell(cell, chr(65 + at), n) for at, cell in enumerate(row))}</row>'
        for n, row in enumerate(rows, start=first_row)
    )
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData></worksheet>'


def _cell(cell: Cell, column: str, row: int) -> str:
    place = f'r="{column}{row}"'
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f'<c {place} t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
    if isinstance(cell, bool):
        return f'<c {place} t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, date):
        return f'<c {place} s="1"><v>{(cell - date(1899, 12, 30)).days}</v></c>'
    return f"<c {place}><v>{cell}</v></c>"
