"""Imports: first what must not work, then what dies half-way, then a whole one."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from firmware.commands.reader import PORTION_ROWS
from firmware.model import ContactListId, UserId
from firmware.store import consents, contacts, desk_edits, dnc
from firmware.store.contacts import Contact
from firmware.store.reports import Reports
from firmware.store.store import open_read_only
from tests.unit.commands.office import Box, config_in, opened, run

MAPPING = {"name": "Name", "number": "Telefon"}
HALF_DONE = 60_000
"""Rows that take the reader long enough to be met in the middle."""


def csv(rows: int) -> str:
    return "Name;Telefon\n" + "".join(f"N{n};+49302{n:07d}\n" for n in range(3_000_000, 3_000_000 + rows))


def lists_of(box: Box) -> dict[str, int]:
    return {found.name: found.contacts for found in Reports(box.config.paths.database).contact_lists()}


def running(data: dict[str, Any]) -> bool:
    return data["rows"] > 0 and not data["done"]


def done(data: dict[str, Any]) -> bool:
    return bool(data["done"])


async def first_of(box: Box, list_id: int) -> Contact:
    """The list's first contact."""

    def work(conn: sqlite3.Connection) -> Contact:
        sql = f"SELECT {contacts.COLUMNS} FROM contact WHERE list_id = ? ORDER BY id"
        return contacts.read(conn.execute(sql, (list_id,)).fetchone())

    return await box.store.do(work)


async def rows_in_store(box: Box) -> int:
    return await box.store.do(lambda conn: int(conn.execute("SELECT count(*) FROM contact").fetchone()[0]))


async def purged(box: Box) -> None:
    while await rows_in_store(box):
        await asyncio.sleep(0)


@pytest.mark.parametrize("place", ["outside", "missing", "link", "folder", "climbing"])
def test_only_uploaded_files_are_opened(place: str, tmp_path: Path) -> None:
    async def scene(box: Box) -> None:
        uploads = box.config.paths.uploads
        outside = tmp_path / "outside.csv"
        outside.write_text(csv(1), encoding="utf-8")
        (uploads / "link").symlink_to(outside)
        (uploads / "folder").mkdir()
        path = {
            "outside": outside,
            "missing": uploads / "missing",
            "link": uploads / "link",
            "folder": uploads / "folder",
            "climbing": uploads / ".." / "strowger.db",
        }[place]
        for command, args in (("list.preview", {}), ("list.import", {"name": "L", "mapping": MAPPING})):
            assert await box.refused(command, path=str(path), **args) == {"path": "not_an_upload"}
        assert outside.exists()

    run(scene)


def test_a_file_that_is_no_csv_is_refused_and_kept() -> None:
    async def scene(box: Box) -> None:
        path = box.upload(b"PK\x03\x04" + bytes(2000))
        assert list((await box.refused("list.preview", path=path)).values()) == ["file_not_csv"]
        refused = await box.refused("list.import", path=path, name="L", mapping=MAPPING)
        assert list(refused.values()) == ["file_not_csv"]
        assert Path(path).exists()
        assert await rows_in_store(box) == 0

    run(scene)


def test_a_wrong_mapping_country_or_list_is_refused_and_the_upload_kept() -> None:
    async def scene(box: Box) -> None:
        path = box.upload(csv(1))
        wrong = {"number": "Tel", "colour": "Name"}
        refused = await box.refused("list.import", path=path, name="L", mapping=wrong)
        assert refused == {"mapping.number": "unknown_column", "mapping": "unknown_role"}
        refused = await box.refused("list.import", path=path, name="L", mapping=MAPPING, country="XX")
        assert refused == {"country": "unknown_country"}
        refused = await box.refused("list.import", path=path, name="L", mapping=MAPPING, list_id=9)
        assert refused == {"list_id": "list_unknown"}
        assert await box.refused("list.import", path=path, name=" ", mapping=MAPPING) == {"name": "malformed"}
        assert Path(path).exists()
        assert lists_of(box) == {}

    run(scene)


def test_without_room_on_the_disk_nothing_is_begun() -> None:
    async def scene(box: Box) -> None:
        box.around.room = False
        refused = await box.refused("list.import", path=box.upload(csv(1)), name="L", mapping=MAPPING)
        assert refused == {"path": "disk_nearly_full"}

    run(scene)


def test_a_disk_that_fills_up_half_way_ends_the_import_and_drops_the_list() -> None:
    async def scene(box: Box) -> None:
        path = box.upload(csv(HALF_DONE))
        await box.ask("list.import", path=path, name="L", mapping=MAPPING)
        await box.next_import(running)
        box.around.room = False
        last = await box.next_import(done)
        assert [found["key"] for found in last["problems"]] == ["disk_nearly_full"]
        assert lists_of(box) == {}
        assert not Path(path).exists()

    run(scene)


def test_a_reader_that_dies_half_way_leaves_no_half_list() -> None:
    async def scene(box: Box) -> None:
        path = box.upload(csv(HALF_DONE))
        await box.ask("list.import", path=path, name="L", mapping=MAPPING)
        await box.next_import(running)
        (reader,) = (
            child
            for child in psutil.Process().children(recursive=True)
            if "firmware.commands.reader" in child.cmdline()
        )
        reader.kill()
        last = await box.next_import(done)
        assert [found["key"] for found in last["problems"]] == ["import_failed"]
        assert lists_of(box) == {}
        assert list(box.config.paths.reports.iterdir()) == []

    run(scene)


def test_a_cancelled_import_leaves_nothing() -> None:
    async def scene(box: Box) -> None:
        path = box.upload("Name;Telefon\nX;kaputt\n" + csv(HALF_DONE).split("\n", 1)[1])
        job = (await box.ask("list.import", path=path, name="L", mapping=MAPPING))["job"]
        await box.next_import(running)
        await box.ask("list.cancel_import", job=job)
        last = await box.next_import(done)
        assert [found["key"] for found in last["problems"]] == ["import_cancelled"]
        assert lists_of(box) == {}
        assert list(box.config.paths.uploads.iterdir()) == []
        assert list(box.config.paths.reports.iterdir()) == []
        await box.office.imports.wait()
        assert await box.refused("list.cancel_import", job=job) == {"job": "import_unknown"}

    run(scene)


def test_a_service_that_stops_half_way_leaves_nothing(tmp_path: Path) -> None:
    async def play() -> None:
        async with opened(tmp_path) as box:
            await box.ask("list.import", path=box.upload(csv(HALF_DONE)), name="L", mapping=MAPPING)
            await box.next_import(running)
        async with opened(tmp_path) as box:
            assert lists_of(box) == {}
            await purged(box)

    asyncio.run(play())


KILLED = """
import asyncio, sys
from pathlib import Path
from tests.unit.commands.office import opened
from tests.unit.commands.test_imports import MAPPING, csv, running

async def play():
    async with opened(Path(sys.argv[1])) as box:
        await box.ask("list.import", path=box.upload(csv(600_000)), name="L", mapping=MAPPING)
        await box.next_import(running)
        print("half-way", flush=True)
        await asyncio.sleep(3600)

asyncio.run(play())
"""


def test_a_killed_service_leaves_no_half_list(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE) as service:
        assert service.stdout is not None
        assert service.stdout.readline() == b"half-way\n"
        service.send_signal(signal.SIGKILL)
    left = open_read_only(config_in(tmp_path).paths.database)
    assert left.execute("SELECT count(*) FROM contact").fetchone()[0] > 0
    left.close()

    async def play() -> None:
        async with opened(tmp_path) as box:
            assert lists_of(box) == {}
            await purged(box)

    asyncio.run(play())


def test_what_a_forgotten_upload_and_an_unfinished_report_become(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    for folder in (config.paths.uploads, config.paths.reports):
        folder.mkdir(parents=True)
    forgotten, fresh = config.paths.uploads / "forgotten", config.paths.uploads / "fresh"
    for file, at in ((forgotten, 1_700_000_000), (fresh, 1_780_000_000)):
        file.touch()
        os.utime(file, (at, at))
    (config.paths.reports / "import-1.csv").touch()
    (config.paths.reports / "import-2.csv.partial").touch()

    async def play() -> None:
        async with opened(tmp_path):
            assert [file.name for file in config.paths.uploads.iterdir()] == ["fresh"]
            assert [file.name for file in config.paths.reports.iterdir()] == ["import-1.csv"]

    asyncio.run(play())


def test_more_than_two_imports_wait_their_turn() -> None:
    async def scene(box: Box) -> None:
        jobs = [
            await box.ask("list.import", path=box.upload(csv(HALF_DONE), name), name=name, mapping=MAPPING)
            for name in ("one", "two")
        ]
        refused = await box.refused("list.import", path=box.upload(csv(1), "3"), name="3", mapping=MAPPING)
        assert refused == {"path": "imports_busy"}
        for job in jobs:
            await box.ask("list.cancel_import", job=job["job"])
        await box.office.imports.wait()

    run(scene)


@pytest.mark.req("GEN-040")
def test_a_whole_import_keeps_the_good_and_returns_the_bad() -> None:
    async def scene(box: Box) -> None:
        text = (
            "Name;Telefon;Ort\r\n"
            "Anna;030 23125001;Köln\r\n"
            "Bert;4,91E+11;Bonn\r\n"
            "Anna B.;+493023125001;Ulm\r\n"
            "=cmd;abc;Hof\r\n"
            "Cem;030 23125003;Jena\r\n"
        )
        path = box.upload(text.encode("cp1252"))
        seen = await box.ask("list.preview", path=path)
        assert seen["mapping"] == {"name": "Name", "number": "Telefon"}
        job = await box.ask("list.import", path=path, name="Kunden", mapping=seen["mapping"])
        last = await box.next_import(done)
        list_id = last["list_id"]
        report = f"import-{job['job']}.csv"
        assert last == {
            "job": job["job"],
            "kind": "contacts",
            "name": "Kunden",
            "list_id": list_id,
            "rows": 5,
            "new": 2,
            "updated": 0,
            "duplicate": 1,
            "damaged": 2,
            "blocked": 0,
            "without_consent": 0,
            "desk": 0,
            "examples": [],
            "over_desk": False,
            "dry": False,
            "done": True,
            "report": report,
            "problems": [],
        }
        lines = (box.config.paths.reports / report).read_text(encoding="utf-8-sig").splitlines()
        assert len(lines) == 3
        assert lines[1].startswith("Bert;4,91E+11;Bonn;")
        assert lines[2].startswith("'=cmd;abc;Hof;")
        assert not Path(path).exists()
        assert lists_of(box) == {"Kunden": 2}
        counts = await box.store.do(lambda conn: contacts.counts(conn, ContactListId(list_id)))
        assert (counts.contacts, counts.open) == (2, 2)
        assert box.around.campaigns_changed == 1

    run(scene)


def test_the_same_file_again_adds_nothing() -> None:
    async def scene(box: Box) -> None:
        await box.ask("list.import", path=box.upload(csv(10)), name="L", mapping=MAPPING)
        first = await box.next_import(done)
        await box.ask(
            "list.import", path=box.upload(csv(12)), name="L", mapping=MAPPING, list_id=first["list_id"]
        )
        second = await box.next_import(done)
        assert (second["rows"], second["new"], second["duplicate"]) == (12, 2, 10)
        assert lists_of(box) == {"L": 12}

    run(scene)


def test_a_list_is_out_of_sight_until_complete_and_others_get_their_turn() -> None:
    async def scene(box: Box) -> None:
        await box.ask("list.import", path=box.upload(csv(20_000)), name="L", mapping=MAPPING)
        first = await box.next_import(running)
        refused = await box.refused(
            "campaign.create", settings={"name": "K", "contact_list_id": first["list_id"]}
        )
        assert refused == {"contact_list_id": "list_unknown"}
        assert lists_of(box) == {}
        between = 0
        while await rows_in_store(box) < 20_000:
            between += 1
        assert between > 3
        last = await box.next_import(done)
        assert last["new"] == 20_000
        assert lists_of(box) == {"L": 20_000}

    run(scene)


def test_progress_is_told_at_most_five_times_a_second() -> None:
    async def scene(box: Box) -> None:
        told = 0

        def count(line: bytes) -> None:
            nonlocal told
            told += b'"event":"import"' in line

        box.hub.subscribe(count)
        await box.ask("list.import", path=box.upload(csv(20_000)), name="L", mapping=MAPPING)
        await box.next_import(done)
        assert told == 2, "the clock stood still: the first word and the last"

    run(scene)


def test_a_deleted_list_is_gone_at_once_and_its_rows_follow() -> None:
    async def scene(box: Box) -> None:
        number = await box.contact_list(rows=50)
        await box.ask("list.delete", id=number)
        assert lists_of(box) == {}
        await purged(box)
        assert await box.refused("list.delete", id=number) == {"list_id": "list_unknown"}

    run(scene)


@pytest.mark.req("GEN-069")
def test_dnc_lists_take_the_good_numbers_and_name_the_bad() -> None:
    async def scene(box: Box) -> None:
        number = (await box.ask("dnc.create", name="Werbung"))["id"]
        assert await box.refused("dnc.create", name="Werbung") == {"name": "dnc_list_taken"}
        assert await box.refused("dnc.add", list_id=9, numbers=[]) == {"list_id": "dnc_list_unknown"}
        made = await box.ask("dnc.add", list_id=number, numbers=["030 23125001", "x", "4,91E+11"])
        assert made["added"] == 1
        assert [(p["where"], p["key"]) for p in made["problems"]] == [
            ("numbers[1]", "not_a_number"),
            ("numbers[2]", "spreadsheet_damage"),
        ]
        (hit,) = await box.store.do(lambda conn: dnc.look_up(conn, "+493023125001"))
        assert hit.name == "Werbung"
        removed = await box.ask("dnc.remove", list_id=number, numbers=["+493023125001"])
        assert removed == {"removed": 1, "problems": []}
        await box.ask("dnc.delete", id=number)
        assert await box.refused("dnc.delete", id=1) == {"id": "dnc_list_kept"}

    run(scene)


@pytest.mark.req("GEN-068")
def test_a_dnc_file_needs_no_mapping_and_what_is_blocked_stays_blocked() -> None:
    async def scene(box: Box) -> None:
        number = (await box.ask("dnc.create", name="Werbung"))["id"]
        assert await box.refused("dnc.import", list_id=9, path="x") == {"list_id": "dnc_list_unknown"}
        path = box.upload("030 23125001\n030 23125002\nkaputt\n")
        await box.ask("dnc.import", list_id=number, path=path)
        last = await box.next_import(done)
        assert (last["kind"], last["new"], last["damaged"]) == ("dnc", 2, 1)
        job = await box.ask("dnc.import", list_id=number, path=box.upload(csv(HALF_DONE)))
        await box.next_import(running)
        await box.ask("list.cancel_import", job=job["job"])
        await box.next_import(done)
        (found,) = (each for each in await box.store.do(dnc.lists) if each.id == number)
        assert found.entries >= 2 + PORTION_ROWS

    run(scene)


def test_imports_taken_back_at_the_same_time_all_are() -> None:
    async def scene(box: Box) -> None:
        made = await box.contact_list(0)
        for first in (0, 20, 40):
            rows = "Telefon\n" + "".join(f"030 23125{first + n:03d}\n" for n in range(5))
            await box.ask(
                "list.import", path=box.upload(rows), name="x", mapping={"number": "Telefon"}, list_id=made
            )
            await box.next_import(done)
        report = Reports(box.config.paths.database).list_report(ContactListId(made))
        assert report is not None
        assert [each.undoable for each in report.imports] == [True, True, True]
        for each in report.imports:
            await box.ask("list.undo_import", import_id=each.id)
        await purged(box)
        refused = await box.refused("list.undo_import", import_id=99)
        assert refused == {"import_id": "import_missing"}

    run(scene)


def test_a_dry_run_writes_nothing_and_counts_what_would_change() -> None:
    async def scene(box: Box) -> None:
        made = await box.contact_list(3)
        await box.ask("dnc.add", list_id=1, numbers=["030 23125900"])
        rows = "Name;Telefon\nAda;030 23125000\nBen;030 23125900\nCid;x\nDea;030 23125900\n"
        path = box.upload(rows)
        args = {"name": "x", "mapping": MAPPING, "list_id": made, "update": True}
        await box.ask("list.import", path=path, dry=True, **args)
        last = await box.next_import(done)
        told = {key: last[key] for key in ("rows", "new", "updated", "duplicate", "damaged", "blocked")}
        assert told == {"rows": 4, "new": 1, "updated": 1, "duplicate": 1, "damaged": 1, "blocked": 1}
        assert (last["without_consent"], last["dry"], last["problems"]) == (2, True, [])
        assert await rows_in_store(box) == 3
        assert Path(path).exists()
        await box.ask("list.import", path=path, **args)
        assert (await box.next_import(done))["updated"] == 1
        assert await rows_in_store(box) == 4

    run(scene)


def test_what_agents_learnt_is_told_and_stays_unless_the_file_is_to_be_believed() -> None:
    async def scene(box: Box) -> None:
        made, anna = await box.contact_list(2), UserId(await box.agent())
        ada = await first_of(box, made)
        await box.store.do(
            lambda conn: desk_edits.apply(conn, ada.id, {"Ort": ("", "Bonn")}, anna, None, 1.0)
        )
        text = f"Name;Telefon;Ort\n;{ada.number};Köln\nBen;030 23125900;Ulm\n"
        args = {"name": "x", "mapping": MAPPING, "list_id": made}
        for over, ort in ((False, "Bonn"), (True, "Köln")):
            path = box.upload(text)
            await box.ask("list.import", path=path, dry=True, **args)
            assert (await box.next_import(done))["desk"] == 0, "known contacts are passed over"
            await box.ask("list.import", path=path, dry=True, update=True, over_desk=over, **args)
            looked = await box.next_import(done)
            assert (looked["desk"], looked["over_desk"]) == (1, over)
            (told,) = looked["examples"]
            wanted = {"number": ada.number, "field": "Ort", "desk": "Bonn", "file": "Köln", "before": ""}
            assert {key: told[key] for key in wanted} == wanted
            await box.ask("list.import", path=path, update=True, over_desk=over, **args)
            assert (await box.next_import(done))["desk"] == 1
            assert (await first_of(box, made)).fields["Ort"] == ort
        report = Reports(box.config.paths.database).list_report(ContactListId(made))
        assert report is not None
        assert [(each.desk_kept, each.desk_replaced) for each in report.imports] == [(0, 1), (1, 0)]

    run(scene)


@pytest.mark.req("GEN-108")
def test_consents_of_a_list_are_kept_once_and_the_dry_run_counts_who_has_none() -> None:
    async def scene(box: Box) -> None:
        text = "Tel;Am;Wo\r\n030 23125001;1999-12-31;Messe\r\n030 23125002;;\r\n030 23125003;2999-01-01;Messe\r\n"
        order = {
            "name": "L",
            "mapping": {"number": "Tel", "consent_at": "Am", "consent_source": "Wo"},
            "who": "anna",
        }
        path = box.upload(text)
        await box.ask("list.import", path=path, dry=True, **order)
        last = await box.next_import(done)
        assert (last["new"], last["damaged"], last["without_consent"]) == (2, 1, 1)
        for name in ("one", "two"):
            await box.ask("list.import", path=box.upload(text, name), **order)
            assert (await box.next_import(done))["problems"] == []
        kept = await box.store.do(lambda conn: consents.of_number(conn, "+493023125001"))
        assert [(each.consent.source, each.consent.purpose, each.recorded_by) for each in kept] == [
            ("Messe", "sales", "anna")
        ]

    run(scene)
