"""The page "Backup": nothing set, the recovery key shown once, a backup made and tried, a medium that is gone."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from tests.unit.backup import smb_server
from tests.unit.backup.server import WHY_NOT, SshServer
from tests.web.box import ADMINISTRATOR, AGENT, Box, Client


@pytest.fixture
def medium(tmp_path: Path) -> Path:
    folder = tmp_path / "medium"
    folder.mkdir()
    return folder


@pytest.fixture
def box(tmp_path: Path, medium: Path, furnished: Box) -> Iterator[Box]:
    """A box whose backups go to a folder."""
    settings = f'[backup]\nfolder = "{medium}"\nown_disk = true\n'
    with Box.started(tmp_path, settings, like=furnished) as started:
        yield started


def wait_for(client: Client, words: str) -> str:
    """Look at the page until it says so."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if words in (page := shown(client)):
            return page
        time.sleep(0.05)  # between two looks at a foreign process
    raise AssertionError(shown(client))


def shown(client: Client) -> str:
    answer = client.get("/backup")
    assert answer.status == 200, answer.text
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", answer.text.split("<main", 1)[1])))


def test_without_a_folder_the_page_says_how_to_set_one(office: Box) -> None:
    client = office.client(ADMINISTRATOR)
    assert "Kein Ordner ist eingestellt." in shown(client)
    client.post("/backup/make", {})
    assert "[backup] folder in der Einstellungsdatei" in shown(client)
    assert office.client(AGENT).get("/backup").status == 403


def test_the_key_is_shown_once_and_a_backup_is_made_and_tried(box: Box, medium: Path) -> None:
    client = box.client(ADMINISTRATOR)
    client.post("/backup/make", {})
    assert "Es gibt noch keinen Wiederherstellungsschlüssel" in shown(client)
    client.post("/backup/key", {})
    assert re.search(r"AGE-SECRET-KEY-1\w{58}", shown(client))
    page = shown(client)
    assert "AGE-SECRET-KEY" not in page
    assert "Noch wurde keine Sicherung gemacht." in page
    client.post("/backup/make", {})
    page = wait_for(client, "Gemacht und zur Probe zurückgespielt")
    (file,) = medium.iterdir()
    assert file.name in page
    file.unlink()
    medium.rmdir()
    client.post("/backup/make", {})
    wait_for(client, "Ist der Datenträger eingesteckt?")


@pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)
def test_a_server_is_asked_who_it_is_confirmed_and_tried(tmp_path: Path, furnished: Box) -> None:
    server = SshServer(tmp_path / "server")
    settings = f'[backup]\nfolder = "{server.address}"\n'
    with Box.started(tmp_path, settings, like=furnished) as box:
        client = box.client(ADMINISTRATOR)
        line = re.search(r"ssh-ed25519 [A-Za-z0-9+/]{68} strowger-backup", shown(client))
        assert line is not None
        client.post("/backup/server/look", {})
        assert "Der Server antwortet nicht." in shown(client)
        try:
            server.start()
            client.post("/backup/server/try", {})
            assert "Noch hat niemand bestätigt, dass es der richtige Server ist." in shown(client)
            client.post("/backup/server/look", {})
            found = re.search(r"Er zeigt den Fingerabdruck (SHA256:\S{43})", shown(client))
            assert found is not None
            client.post("/backup/server/trust", {"fingerprint": found[1]})
            assert f"bestätigt mit dem Fingerabdruck {found[1]}" in shown(client)
            client.post("/backup/server/try", {})
            assert "Tragen Sie ihren Schlüssel dort in authorized_keys" in shown(client)
            server.let_in(line[0])
            client.post("/backup/server/try", {})
            assert "Alles in Ordnung." in shown(client)
        finally:
            server.stop()


@pytest.mark.skipif(bool(smb_server.WHY_NOT), reason=smb_server.WHY_NOT)
def test_the_password_of_a_share_is_typed_tried_and_told_nobody(tmp_path: Path, furnished: Box) -> None:
    with smb_server.serving(tmp_path / "server") as server:
        settings = f'[backup]\nfolder = "{server.address()}"\n'
        with Box.started(tmp_path, settings, like=furnished) as box:
            client = box.client(ADMINISTRATOR)
            assert "Bevor das Passwort eingegeben ist, geht keine Sicherung dorthin." in shown(client)
            client.post("/backup/server/try", {})
            assert "Noch hat niemand das Passwort der Freigabe eingegeben." in shown(client)
            client.post("/backup/server/look", {})
            assert "nicht auf einen Server" in shown(client)
            for odd in ("", " led in by a space", "x" * 128):
                client.post("/backup/server/password", {"password": odd})
                assert "Das Passwort hat 1 bis 127 Zeichen" in shown(client)
            client.post("/backup/server/password", {"password": "wrong-one"})
            assert "Das Passwort ist auf der Anlage hinterlegt." in shown(client)
            client.post("/backup/server/try", {})
            assert "Der Server weist Benutzer oder Passwort ab." in shown(client)
            client.post("/backup/server/password", {"password": smb_server.PASSWORD})
            client.post("/backup/server/try", {})
            assert "Alles in Ordnung." in shown(client)
            assert box.client(AGENT).post("/backup/server/password", {"password": "x"}).status == 403
            for told in (client.get("/backup").text, client.get("/audit").text):
                assert "wrong-one" not in told
                assert smb_server.PASSWORD not in unescape(told)
            assert "Passwort eingegeben" in client.get("/audit").text
