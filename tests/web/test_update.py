"""The page of updates: files in pieces, what a bundle is and why it is refused, a plan, the way back; Chromium once."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest

from firmware.store.migrations import NAMES
from tests.web.box import ADMINISTRATOR, Box, Client
from tests.web.browser import Browser
from tests.web.test_accessible import WELL, looks

RAUC = """#!/bin/sh
for file; do :; done
case $1 in
info)
    read -r what <"$file"
    case $what in
    stranger) echo 'signature verification failed: Verify error: unable to get local issuer certificate' >&2; exit 1 ;;
    other) echo '{"compatible": "strowger-arm64", "version": "1.3"}' ;;
    *) echo '{"compatible": "strowger-amd64", "version": "1.3", "build": "2026-11-20"}' ;;
    esac
    echo "Verified inline signature by 'O = Office, CN = releases'" >&2 ;;
install) echo ' 40% Copying image'; while [ ! -e "$(dirname "$0")/gate" ]; do sleep 0.05; done ;;
esac
"""
PIECE = 1000


class Flashed(Box):
    """A box as if it had been flashed, with a RAUC of its own."""

    def __init__(self, folder: Path, settings: str = "") -> None:
        super().__init__(folder, settings)
        self.flash, self.tools = folder / "runtime/flash", folder / "tools"
        for made in (self.flash / "system", self.flash / "sticks/sda1", self.tools):
            made.mkdir(parents=True)
        (self.flash / "os-release").write_text(
            "IMAGE_VERSION=1.2\nSTROWGER_COMPATIBLE=strowger-amd64\nSTROWGER_MINIMUM_VERSION=1.1\n"
        )
        (self.flash / "cmdline").write_text("rauc.slot=A")
        (self.flash / "system/proven-A").write_text("1.2 abc")
        (self.tools / "rauc").write_text(RAUC)
        (self.tools / "rauc").chmod(0o755)

    @property
    def restart_wanted(self) -> bool:
        return (self.folder / "runtime/restart-wanted").exists()


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, furnished: Box) -> Iterator[Flashed]:
    monkeypatch.setenv("PATH", f"{tmp_path / 'tools'}:{os.environ['PATH']}")
    with Flashed.started(tmp_path, like=furnished) as made:
        assert isinstance(made, Flashed)
        yield made


def send(client: Client, path: str, body: bytes = b"", **form: object) -> tuple[int, dict[str, object]]:
    """As the script does."""
    headers = {"Origin": client.origin, "X-Form-Token": client.csrf}
    kind = "application/x-www-form-urlencoded" if form else "application/octet-stream"
    answer = client.send("POST", path, urlencode(form) if form else body, {**headers, "Content-Type": kind})
    isjson = answer.headers.get("content-type") == "application/json"
    return answer.status, json.loads(answer.body) if isjson else {}


def upload(client: Client, content: bytes, name: str) -> None:
    status, begun = send(client, "/update/begin", size=len(content))
    assert status == 200
    for at in range(0, len(content), PIECE):
        put = send(client, f"/update/piece/{begun['upload']}/{at}", content[at : at + PIECE])
        assert put == (200, {"have": min(at + PIECE, len(content))})
    assert send(client, f"/update/offer/{begun['upload']}", name=name)[0] == 303


def page(client: Client) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unescape(client.get("/update").text)))


def test_uploads_that_do_not_fit_are_refused_before_they_travel(box: Flashed) -> None:
    client = box.client(ADMINISTRATOR)
    for size in ("0", "-1", "x", str(1 << 31), "9" * 40):
        status, said = send(client, "/update/begin", size=size)
        assert (status, "größer als jede" in str(said["mistake"])) == (422, True)
    status, begun = send(client, "/update/begin", size=10)
    name = begun["upload"]
    assert send(client, f"/update/piece/{name}/5", b"late")[0] == 404, "a piece before it is missing"
    assert send(client, f"/update/piece/{'../' * 3}x/0", b"x")[0] == 404
    assert send(client, f"/update/piece/{name}/0", b"x" * 800_000)[0] in (404, 413)
    assert send(client, f"/update/piece/{name}/0", b"first") == (200, {"have": 5})
    assert send(client, f"/update/piece/{name}/0", b"first") == (200, {"have": 5}), "sent twice"
    assert client.post("/update/install", {"file": "/etc/passwd"}).status == 404


def test_why_a_bundle_is_refused_stands_beside_it(box: Flashed) -> None:
    client = box.client(ADMINISTRATOR)
    upload(client, b"stranger\n" + bytes(2500), "fremd.raucb")
    (box.flash / "sticks/sda1/pi.raucb").write_text("other\n")
    shown = page(client)
    assert "Hochgeladen: fremd.raucb" in shown
    assert "von jemandem unterschrieben, dem diese Anlage nicht traut" in shown
    assert "Auf einem Stick: Version 1.3" in shown
    assert "für eine andere Platine: sie ist für strowger-arm64, dies ist strowger-amd64" in shown
    assert "Version 1.3 einspielen" not in shown


def test_a_plan_for_after_hours_can_be_given_up(box: Flashed) -> None:
    client = box.client(ADMINISTRATOR)
    upload(client, b"good\n", "neu.raucb")
    file = str(box.folder / "state/update/neu.raucb")
    client.post("/update/install", {"file": file, "when": "later", "at": "25:00"})
    assert "Bitte die Uhrzeit als 22:00 eingeben." in page(client)
    client.post("/update/install", {"file": file, "when": "later", "at": "03:30"})
    assert "wird eingespielt am" in page(client)
    assert "03:30" in page(client)
    client.post("/update/cancel")
    assert "wird eingespielt am" not in page(client)
    client.post("/update/drop")
    assert "neu.raucb" not in page(client)


def test_what_became_of_the_last_update_and_the_way_back(box: Flashed) -> None:
    client = box.client(ADMINISTRATOR)
    (box.flash / "system/taken-back").write_text("1.3 call: nobody who answered was heard")
    shown = page(client)
    assert "Läuft seit" in shown
    assert "von Version 1.3 auf 1.2 zurückgekommen" in shown
    assert "der Probeanruf mit Ton ist fehlgeschlagen (nobody who answered was heard)" in shown
    (box.flash / "system/proven-B").write_text("1.1 abc")
    assert "kann aber die Daten nicht mehr lesen" in page(client)
    (box.flash / "system/schema-B").write_text(str(len(NAMES)))
    assert "Zurück zu Version 1.1" in page(client)
    client.post("/update/go_back")
    assert box.restart_wanted
    assert "Die Anlage startet neu." in page(client)


@pytest.mark.web
def test_an_update_from_file_to_restart_in_a_browser(box: Flashed, browser: Browser) -> None:
    client = box.client(ADMINISTRATOR)
    bundle = box.folder / "strowger-1.3.raucb"
    bundle.write_bytes(b"good\n" + bytes(2_000_000))
    (box.flash / "system/proven-B").write_text("1.1 abc")
    (box.flash / "system/schema-B").write_text(str(len(NAMES)))
    browser.open(box, client)
    browser.look("/update")
    browser.do(
        f"""
        await page.setInputFiles('#f-file', {json.dumps(str(bundle))});
        await page.getByRole('button', {{ name: 'Hochladen', exact: true }}).click();
        await page.getByRole('heading', {{ name: 'Hochgeladen: Version 1.3' }}).waitFor();
        """
    )
    for width, scheme in ((375, "dark"), (1280, "light")):
        browser.open(box, client, width=width, scheme=scheme)
        assert looks(browser, "/update") == WELL
    browser.do(
        """
        await page.getByRole('button', { name: 'Version 1.3 einspielen' }).click();
        await page.getByText('Version 1.3 wird geschrieben.').waitFor();
        """
    )
    (box.tools / "gate").touch()
    browser.do("await page.getByText('Die Anlage startet neu.').waitFor();")
    assert box.restart_wanted
    assert browser.said == []
