"""Workbooks: what must not be opened, then cells as a person sees them."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest

from firmware.campaigns import workbook
from firmware.campaigns.columns import ColumnType, type_of
from firmware.campaigns.importer import BadRow, Row, preview, read
from firmware.model import OperatorError
from tests.unit.campaigns import workbooks

HEADER = ["Name", "Telefon", "Seit"]


def kept(folder: Path, content: bytes) -> Path:
    path = folder / "upload.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("damage", ["cut off", "no sheets", "broken sheet", "not a workbook at all"])
def test_a_damaged_workbook_is_refused_in_words(tmp_path: Path, damage: str) -> None:
    path = kept(tmp_path, workbooks.workbook([HEADER, ["Ada", "030 23125001", None]]))
    if damage == "cut off":
        path.write_bytes(path.read_bytes()[:-200])
    else:
        with zipfile.ZipFile(path) as whole:
            parts = {name: whole.read(name) for name in whole.namelist()}
        if damage == "no sheets":
            parts["xl/workbook.xml"] = b"<workbook/>"
        elif damage == "broken sheet":
            parts["xl/worksheets/sheet1.xml"] = b"<worksheet><sheetData><row><c"
        else:
            parts = {"xl/nothing.txt": b"x"}
        with zipfile.ZipFile(path, "w") as spoiled:
            for name, content in parts.items():
                spoiled.writestr(name, content)
    with pytest.raises(OperatorError) as refused:
        preview(path)
    assert [problem.where for problem in refused.value.problems] == ["file"]
    assert refused.value.problems[0].key in {"workbook_unreadable", "file_not_csv"}


def test_a_workbook_that_would_unpack_to_far_too_much_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_UNPACKED_BYTES", 2 << 20)
    with zipfile.ZipFile(tmp_path / "bomb", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", bytes(3 << 20))
    assert (tmp_path / "bomb").stat().st_size < 10_000
    with pytest.raises(OperatorError, match="3 MB"):
        preview(tmp_path / "bomb")


def test_no_entity_is_expanded(tmp_path: Path) -> None:
    path = kept(tmp_path, workbooks.workbook([HEADER, ["&laugh;", "030 23125001", None]]))
    with zipfile.ZipFile(path) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b"&amp;laugh;", b"&laugh;")
    declared = b'<!DOCTYPE x [<!ENTITY laugh "hahaha"><!ENTITY far SYSTEM "file:///etc/passwd">]><worksheet'
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(b"<worksheet", declared)
    with zipfile.ZipFile(path, "w") as spoiled:
        for name, content in parts.items():
            spoiled.writestr(name, content)
    try:
        cells = [cell for record in workbook.records(path) for cell in record.cells]
    except OperatorError:
        return
    assert not any("haha" in cell or "root:" in cell for cell in cells)


@pytest.mark.req("GEN-040")
def test_cells_are_read_as_a_person_sees_them(tmp_path: Path) -> None:
    rows: workbooks.Rows = [
        HEADER,
        ["Ada", 493023125001, date(2026, 3, 29)],
        ["Ben", "030 23125002", 2.5],
        [True, "4,91E+11", None],
        [None, None, None],
        ["Cid", "+49 30 23125001", "x"],
    ]
    path = kept(tmp_path, workbooks.workbook([], rows, hidden=[]))
    seen = preview(path)
    assert (seen.encoding, seen.header_line, seen.mapping) == (
        "xlsx",
        1,
        {"number": "Telefon", "name": "Name"},
    )
    found = list(read(path, seen.mapping, "DE"))
    good = [(row.line, row.number, row.name, row.fields) for row in found if isinstance(row, Row)]
    assert good == [
        (2, "+493023125001", "Ada", {"Seit": "2026-03-29"}),
        (3, "+493023125002", "Ben", {"Seit": "2.5"}),
    ]
    bad = [(row.line, row.problem.key) for row in found if isinstance(row, BadRow)]
    assert bad == [(4, "spreadsheet_damage"), (6, "duplicate")]


def test_the_first_visible_sheet_counts_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    rows: workbooks.Rows = [HEADER, ["Ada", "030 23125001", None], ["Ben", "kaputt", None]]
    hidden: workbooks.Rows = [HEADER, ["Geheim", "030 23125009", None]]
    path = kept(tmp_path, workbooks.workbook(hidden, rows, hidden=[0], first_row=4))
    found = list(read(path, {"number": "Telefon", "name": "Name"}, "DE"))
    assert [row.line for row in found] == [5, 6]
    assert isinstance(found[0], Row)
    assert found[0].name == "Ada"


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["", " "], ColumnType.EMPTY),
        (["030 23125001", "+49 30 23125002", ""], ColumnType.PHONE),
        (["01.02.2026", "2026-02-01"], ColumnType.DATE),
        (["1.234,50", "17", "-3"], ColumnType.NUMBER),
        (["a@b.example"], ColumnType.EMAIL),
        (["ja", "Nein", "x"], ColumnType.YES_NO),
        (["Ulm", "Köln", "030 23125001"], ColumnType.TEXT),
    ],
)
def test_what_a_column_holds_is_guessed(cells: list[str], kind: ColumnType) -> None:
    assert type_of(cells) is kind
