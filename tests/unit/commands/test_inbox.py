"""The watched folder: what is not whole, not a list or not a file is left alone or given back with its reasons."""

from __future__ import annotations

from pathlib import Path

import pytest

from firmware.store.reports import Reports
from tests.unit.commands.office import Box, run
from tests.unit.commands.test_imports import done

ROWS = "Name;Telefon\nAda;030 23125001\nBen;030 23125002\n"


async def quiet(box: Box) -> Path:
    """The folder, looked into only when told to."""
    await box.office.inbox.stop()
    return box.office.inbox.folder


async def delivered(box: Box, name: str, text: str = ROWS) -> int:
    (box.office.inbox.folder / name).write_text(text, encoding="utf-8")
    assert await box.office.inbox.look() == 0
    return await box.office.inbox.look()


def lists(box: Box) -> dict[str, int]:
    return {each.name: each.contacts for each in Reports(box.config.paths.database).contact_lists()}


def test_what_is_still_being_written_waits() -> None:
    async def scene(box: Box) -> None:
        folder = await quiet(box)
        for name in (".Messe.csv", "Messe.csv.part", "Messe.pdf"):
            assert await delivered(box, name) == 0
        (folder / "link.csv").symlink_to("/etc/passwd")
        (folder / "folder.csv").mkdir()
        growing = folder / "Messe.csv"
        for part in ROWS.splitlines(keepends=True):
            with growing.open("a") as file:
                file.write(part)
            assert await box.office.inbox.look() == 0
        assert await box.office.inbox.look() == 1
        assert (await box.next_import(done))["new"] == 2
        assert sorted(each.name for each in folder.iterdir()) == [
            ".Messe.csv",
            "Messe.csv.part",
            "Messe.pdf",
            "folder.csv",
            "link.csv",
        ]

    run(scene)


def test_what_is_no_list_is_given_back_with_the_reason() -> None:
    async def scene(box: Box) -> None:
        folder = await quiet(box)
        assert await delivered(box, "Bild.csv", "%PDF-1.4") == 0
        assert sorted(each.name for each in (folder / "refused").iterdir()) == [
            "Bild.csv",
            "Bild.csv.why.txt",
        ]
        assert "a PDF document" in (folder / "refused" / "Bild.csv.why.txt").read_text(encoding="utf-8")
        box.around.room = False
        assert await delivered(box, "Messe.csv") == 0
        assert (folder / "Messe.csv").exists()
        assert lists(box) == {}
        assert list(box.config.paths.uploads.iterdir()) == []

    run(scene)


@pytest.mark.req("GEN-042")
def test_a_file_becomes_a_list_or_joins_the_one_of_its_name() -> None:
    async def scene(box: Box) -> None:
        await quiet(box)
        assert await delivered(box, "Messe.csv") == 1
        await box.next_import(done)
        assert await delivered(box, "Messe.csv", "Telefon\n030 23125002\n030 23125003\n") == 1
        last = await box.next_import(done)
        assert (last["new"], last["duplicate"]) == (1, 1)
        assert lists(box) == {"Messe": 3}
        report = Reports(box.config.paths.database).list_report(last["list_id"])
        assert report is not None
        assert [each.who for each in report.imports] == ["inbox", "inbox"]

    run(scene)


@pytest.mark.req("GEN-042")
def test_a_kept_mapping_is_used_by_its_name() -> None:
    async def scene(box: Box) -> None:
        await quiet(box)
        kept = {"number": "Zweite", "name": "Wer", "zone": "Fehlt"}
        await box.ask("mapping.save", name="CRM", mapping=kept, country="GB")
        rows = "Telefon;Zweite;Wer\n030 23125001;01632 960001;Ada\n"
        assert await delivered(box, "Messe@crm.csv", rows) == 1
        await box.next_import(done)
        (found,) = Reports(box.config.paths.database).contact_lists()
        (contact,) = Reports(box.config.paths.database).contacts(found.id).rows
        assert (found.name, contact.number, contact.name) == ("Messe", "+441632960001", "Ada")

    run(scene)


def test_files_for_one_list_come_one_after_the_other() -> None:
    async def scene(box: Box) -> None:
        folder = await quiet(box)
        (folder / "Messe.csv").write_text(ROWS, encoding="utf-8")
        (folder / "Messe@x.csv").write_text("Telefon\n030 23125003\n", encoding="utf-8")
        assert [await box.office.inbox.look() for _ in range(2)] == [0, 1]
        await box.office.imports.wait()
        assert await box.office.inbox.look() == 1
        await box.office.imports.wait()
        assert lists(box) == {"Messe": 3}

    run(scene)
