"""A list as a file: complete, harmless in a spreadsheet, and readable again by the importer."""

from __future__ import annotations

from firmware.campaigns.importer import Row, preview, read
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
