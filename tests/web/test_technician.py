"""The technician's page, the story of a call, and what may be taken along."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Iterator

import pytest

from firmware.model import Role
from tests.web.box import ADMINISTRATOR, Box, Client
from tests.web.technician import PARTS

TECHNICIAN = ("toni.vogel", "ein Satz zum Anmelden, lang genug")


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory, furnished: Box) -> Iterator[Box]:
    """A box of its own: what is published on it is seen by nobody else."""
    with Box.started(tmp_path_factory.mktemp("technician"), like=furnished) as started:
        started.hire(started.client(ADMINISTRATOR), "Toni Vogel", TECHNICIAN, Role.TECHNICIAN)
        for event, data in PARTS:
            started.ask("publish", event=event, data=data)
        yield started


@pytest.fixture
def client(box: Box) -> Client:
    return box.client(TECHNICIAN)


def regions(client: Client) -> dict[str, str]:
    """The live regions, once the pages have heard of the last part."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        found: dict[str, str] = json.loads(client.get("/live/box.json").text)["regions"]
        if "Board" in found["machine"] and "amt-2" in found["lines"] and "p5" in found["phones"]:
            return found
        time.sleep(0.05)  # between two looks at a foreign process
    raise AssertionError("the pages were not told of the machine")


def test_every_part_is_shown_with_what_is_wrong_and_the_way_out(client: Client) -> None:
    told = regions(client)
    assert "Leitung amt-2: " in told["lines"]
    assert "kann dieses Modem nicht messen" in told["lines"]
    assert "403 Forbidden" in told["trunks"]
    assert "angezeigte Nummer" in told["trunks"]
    assert "192.0.2.20:5060" in told["phones"]
    assert "51,2 °C" in told["machine"]
    assert "403" in told["trial"]


def test_the_drawing_says_in_words_what_it_shows(client: Client) -> None:
    told = regions(client)["ports"]
    assert 'role="img"' in told
    assert "amt-1: frei" in told
    assert "amt-2: kein Modem" in told
    assert "style=" not in told


def test_a_test_has_its_figures_limits_and_hints(client: Client) -> None:
    lines = regions(client)["lines"]
    assert "-13,2 dBm0, gut von -25 bis -8" in lines.replace("−", "-")
    assert lines.count('<span class="hint">') == 1
    assert "425 Hz, 480/480 ms" in lines
    assert '/box/lines/amt-2/accept/0"' in lines


def test_what_a_box_without_such_a_line_refuses_is_said(client: Client) -> None:
    for path in ("/box/line/test", "/box/line/learn", "/box/lines/amt-9/stop"):
        answer = client.post(path, {"line": "amt-9", "number": "030 23125001"})
        assert answer.status == 303
        assert 'class="note refused"' in client.get("/box").text


@pytest.mark.parametrize("number", ["112", "110", "+49 112"])
def test_an_emergency_number_is_refused_in_words(client: Client, number: str) -> None:
    for over in ("", "gateway", "line:amt-1"):
        assert client.post("/box/call", {"to": number, "over": over}).status == 303
        assert "Das ist eine Notrufnummer. Sie wird nie zum Testen angerufen." in client.get("/box").text


def test_the_acceptance_sheet_and_the_support_bundle_are_files(client: Client) -> None:
    sheet = client.post("/box/acceptance.pdf", {"by": "Toni", "customer": "Büro", "remark": "keine"})
    assert sheet.headers["content-type"] == "application/pdf"
    assert sheet.body.startswith(b"%PDF-")
    bundle = client.post("/box/support.zip", {})
    with zipfile.ZipFile(io.BytesIO(bundle.body)) as found:
        assert {"settings.json", "journal.txt", "schema.sql"} <= set(found.namelist())
        assert b"Toni" not in b"".join(found.read(name) for name in found.namelist())


def test_the_story_is_readable_and_its_number_masked_for_a_technician(box: Box, client: Client) -> None:
    made = box.ask("attempt", campaign_id=1, user_id=box.agents["jonas"], note="")["uid"]
    number = str(box.ask("story.of", where="control.sock", uid=made, numbers=True)["number"])
    for who, seen in ((client, False), (box.client(ADMINISTRATOR), True)):
        page = who.get(f"/attempts/{made}/story").text
        assert "Die Regeln haben diesen Anruf erlaubt." in page
        assert "Ergebnis:" in page
        with zipfile.ZipFile(io.BytesIO(who.get(f"/attempts/{made}/story.zip").body)) as bundle:
            told = json.loads(bundle.read("story.json"))
            text = bundle.read("story.txt").decode()
        assert (told["number"] == number) is seen
        assert (number in text) is seen


def test_no_story_of_what_never_was(client: Client) -> None:
    assert client.get("/attempts/01K0000000000000000000000A/story").status == 404
    assert client.get("/attempts/short/story").status == 404
