"""A list as a file: complete, harmless in a spreadsheet, and readable again by the importer."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from firmware.campaigns.importer import Row, preview, read
from firmware.commands import workbook_writer
from firmware.store import contacts
from firmware.store.contacts import NewContact
from tests.unit.commands.office import Box, run


def test_a_list_that_is_not_there_is_not_written() -> None:
    async def scene(box: Box) -> None:
        assert await box.refused("list.export", list_id=9) == {"list_id": "list_unknown"}
        made = await box.contact_list(1)
        box.around.room = False
        assert await box.refused("list.export", list_id=made) == {"list_id": "disk_nearly_full"}
        assert list(box.config.paths.reports.iterdir()) == []

    run(scene)


def test_no_cell_becomes_a_formula_and_nothing_is_lost_on_the_way_back() -> None:
    evil = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"]
    rows = [
        NewContact(f"+49302312500{i}", text, ("Europe/Berlin",), i, {"Ort": text, f"F{i}": 'a";b\nc'})
        for i, text in enumerate(evil)
    ]
    rows.append(NewContact("+493023125009", "Ada", numbers=[("mobile", "+493023125019")]))

    async def scene(box: Box) -> None:
        made = await box.contact_list(0)
        await box.store.do(lambda conn: contacts.add(conn, made, rows))
        told = await box.ask("list.export", list_id=made, language="de")
        assert told["contacts"] == len(rows)
        path = box.config.paths.reports / told["file"]
        text = path.read_text(encoding="utf-8-sig")
        cells = [cell.strip('"') for line in text.splitlines() for cell in line.split(";")]
        assert not [cell for cell in cells if cell.startswith(tuple("=+-@\t＝"))]
        assert "'+493023125019" in cells
        seen = preview(path)
        back = [row for row in read(path, seen.mapping, "DE") if isinstance(row, Row)]
        assert [row.number for row in back] == [row.number for row in rows]
        assert [row.name for row in back[:4]] == evil[:4]
        assert back[0].fields["F0"] == 'a";b\nc'

    run(scene)


def test_a_list_too_long_for_a_workbook_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("firmware.commands.lists.MOST_ROWS", 3)

    async def scene(box: Box) -> None:
        made = await box.contact_list(3)
        refused = await box.refused("list.export", list_id=made, workbook=True)
        assert refused == {"list_id": "too_many_for_workbook"}

    run(scene)


def test_a_workbook_holds_texts_only_and_is_read_back_as_it_was() -> None:
    evil = ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "<b>&amp;", "a\x00\x0b\ufffeb", "007", "🦔"]
    rows = [
        NewContact(f"+49302312500{i}", text, ("Europe/Berlin",), i, {"Ort": text})
        for i, text in enumerate(evil)
    ]

    async def scene(box: Box) -> None:
        made = await box.contact_list(0)
        await box.store.do(lambda conn: contacts.add(conn, made, rows))
        told = await box.ask("list.export", list_id=made, language="en", workbook=True)
        path = box.config.paths.reports / told["file"]
        with zipfile.ZipFile(path) as packed:
            sheet = packed.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert set(re.findall(r' t="(\w+)"', sheet)) == {"inlineStr"}
        back = [row for row in read(path, preview(path).mapping, "DE") if isinstance(row, Row)]
        assert [row.number for row in back] == [row.number for row in rows]
        assert [row.fields["Ort"] for row in back] == [*evil[:6], "ab", *evil[7:]]

    run(scene)


def test_a_cell_is_never_longer_than_a_cell_may_be(tmp_path: Path) -> None:
    path = tmp_path / "long.xlsx"
    assert workbook_writer.write(path, ["Number", "Text"], [["+493023125001", "x" * 40_000]]) == 1
    with zipfile.ZipFile(path) as packed:
        found = re.findall("x+</t>", packed.read("xl/worksheets/sheet1.xml").decode())
    assert [len(each) for each in found] == [workbook_writer.MOST_CHARACTERS + len("</t>")]
