"""Contact lists: the way of a file from the browser to contacts, and of its damaged rows back."""

from __future__ import annotations

import re
import sqlite3
import time
from contextlib import closing

import pytest

from firmware.model import ContactId, UserId
from firmware.store import desk_edits
from tests.unit.campaigns.workbooks import workbook
from tests.web.box import ADMINISTRATOR, Box, Client, await_import, people
from web_ui.uploads import KEEP_S, MOST_UPLOAD_BYTES, TooLarge, Uploads


@pytest.mark.req("GEN-040")
def test_a_file_becomes_a_list_and_its_bad_rows_come_back(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    rows = "Name;Telefon;Ort\r\nAda;030 23125800;Ulm\r\nBen;4,91E+11;Köln\r\nCid;+49 30 23125800;Bonn\r\n"
    uploaded = client.upload("Messe.csv", rows.encode("cp1252"))
    page = client.get(uploaded.path).text
    assert re.search(r'id="f-name" name="name" value="Messe"', page)
    assert re.search(
        r'<select id="role-1" name="role-1" class="guessed">\s*<option value="number" selected>', page
    )
    assert "Köln" in page
    path = own_office.import_list(client, "Messe", rows.encode("cp1252"))
    result = client.get(path).text
    assert "Der Import ist fertig." in result
    report = re.search(r'href="(/lists/damaged/[^"]+)"', result)
    assert report is not None
    damaged = client.get(report[1])
    assert damaged.headers["content-disposition"].startswith("attachment")
    assert "4,91E+11" in damaged.text
    assert "Ziffern sind verloren" in damaged.text
    assert "Messe" in client.get("/lists").text


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "leer"),
        ("a.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 500, "weder eine CSV-Datei noch eine Arbeitsmappe"),
        ("a.xlsx", b"PK\x03\x04" + b"\0" * 500, "weder eine CSV-Datei noch eine Arbeitsmappe"),
        ("a.xlsx", b"PK\x03\x04xl/" + b"\0" * 500, "Die Arbeitsmappe lässt sich nicht lesen"),
        ("", b"Name;Telefon\r\n", "eine Datei ausw"),
    ],
)
def test_what_is_no_list_is_refused_in_words_and_leaves_nothing(
    own_office: Box, name: str, content: bytes, said: str
) -> None:
    client = own_office.client(ADMINISTRATOR)
    before = set((own_office.folder / "state/uploads").iterdir())
    answer = client.upload(name, content)
    page = client.get(answer.path) if answer.status == 303 else answer
    assert page.status == 422
    assert said in page.text
    assert set((own_office.folder / "state/uploads").iterdir()) == before


def test_columns_are_checked_before_anything_is_imported(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    path = client.upload("x.csv", people(3)).path
    base = {"name": "x", "country": "DE", "list_id": "", "column-0": "Name", "column-1": "Telefon"}
    none = client.post(path, {**base, "role-0": "name", "role-1": "field"})
    assert none.status == 422
    assert "Keine Spalte ist als Rufnummer bestimmt." in none.text
    twice = client.post(path, {**base, "role-0": "number", "role-1": "number"})
    assert "„Rufnummer“ ist für zwei Spalten gewählt." in twice.text
    nameless = client.post(path, {**base, "name": "", "role-0": "name", "role-1": "number"})
    assert nameless.status == 422
    assert "Name braucht 1 bis 120 Zeichen." in nameless.text
    assert 'href="/lists/2"' not in client.get("/lists").text


def test_rows_can_go_into_a_list_that_exists(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    path = client.upload("mehr.csv", people(25)).path
    columns = {"column-0": "Name", "role-0": "name", "column-1": "Telefon", "role-1": "number"}
    begun = client.post(path, {"name": "egal", "country": "DE", "list_id": "1", **columns})
    await_import(client, begun.path)
    page = client.get("/lists/1").text
    assert re.search(r"<dt>Kontakte</dt><dd>25</dd>", page)


ROLES = {"column-0": "Name", "role-0": "name", "column-1": "Telefon", "role-1": "number"}


@pytest.mark.req("GEN-040")
def test_a_workbook_is_looked_at_imported_and_taken_back(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    client.post("/dnc/1/add", {"numbers": "030 23125801"})
    rows = [["Name", "Telefon"], ["Ada", "030 23125800"], ["Ben", "030 23125801"], ["Cid", "kaputt"]]
    uploaded = client.upload("Messe.xlsx", workbook(rows))
    page = client.get(uploaded.path).text
    assert "Gelesen vom ersten Blatt einer Arbeitsmappe." in page
    form = {"name": "Messe", "country": "DE", "list_id": "", "keep_as": "Jede Woche", **ROLES}
    looked = client.post(uploaded.path, {**form, "look": "1"})
    await_import(client, looked.path)
    told = client.get(looked.path).text
    assert "Noch ist nichts geschrieben." in told
    for name, count in (("Neue Kontakte", 2), ("Auf einer Sperrliste", 1), ("Ohne Einwilligung", 2)):
        assert re.search(rf"<dt>{name}</dt><dd>{count}</dd>", told)
    assert "Messe" not in client.get("/lists").text
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', told))
    begun = client.post(uploaded.path, hidden)
    await_import(client, begun.path)
    page = client.get("/lists/2").text
    assert re.search(r"<dt>Kontakte</dt><dd>2</dd>", page)
    action = re.search(r'action="(/lists/2/imports/\d+/undo)"', page)
    assert action is not None
    assert client.post(action[1]).path == "/lists/2"
    while "wird zurückgenommen" in (page := client.get("/lists/2").text):
        pass
    assert "2 entfernt, 0 behalten" in page
    assert client.post(action[1]).path == "/lists/2"
    assert "lässt sich nicht (mehr) zurücknehmen" in client.get("/lists/2").text


@pytest.mark.req("GEN-040", "WDE-016")
def test_a_file_that_knows_less_than_the_agents_says_so_first(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    with closing(sqlite3.connect(own_office.folder / "state/strowger.db", timeout=30)) as conn, conn:
        (first,) = conn.execute("SELECT id FROM contact WHERE number = 493023125000").fetchone()
        changes = {"@name": ("Person 0", "Karla <b>Neumann</b>")}
        jonas = UserId(own_office.agents["jonas"])
        desk_edits.apply(conn, ContactId(first), changes, jonas, None, 1_790_000_000.0)
    path = client.upload("neu.csv", b"Name;Telefon\nKarl N;030 23125000\nX;kaputt\n").path
    assert "was sie eingetragen haben, bleibt" in client.get(path).text
    form = {"name": "egal", "country": "DE", "list_id": "1", "update": "1", **ROLES}
    looked = client.post(path, {**form, "look": "1"})
    await_import(client, looked.path)
    told = client.get(looked.path).text
    assert "Bei 1 Kontakt haben Agenten etwas geändert, das in der Datei anders steht." in told
    for word in ("Karla &lt;b&gt;Neumann&lt;/b&gt;", "Karl N", "Person 0"):
        assert f"<td>{word}</td>" in told
    assert re.search(r'<select id="f-agents" name="agents">', told)
    for agents, said, name in (
        ("keep", "1 Kontakt blieb, wie Agenten ihn geändert hatten", "Karla &lt;b&gt;Neumann&lt;/b&gt;"),
        ("replace", "1 Kontakt, den Agenten geändert hatten, wurde zu dem, was die Datei sagt", "Karl N"),
    ):
        path = client.upload("neu.csv", b"Name;Telefon\nKarl N;030 23125000\nX;kaputt\n").path
        await_import(client, client.post(path, {**form, "agents": agents}).path)
        assert said in client.get("/lists/1").text
        assert name in client.get("/lists/1/contacts?q=23125000").text


def test_a_list_is_exported(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    made = client.post("/lists/1/export")
    assert made.status == 303
    file = client.get(made.path)
    assert file.headers["content-disposition"].startswith("attachment")
    assert file.text.lstrip("\ufeff").startswith("Rufnummer;Weitere Rufnummern;Name;")
    assert "'+493023125000;" in file.text


def test_a_mapping_is_kept_used_and_forgotten(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    path = client.upload("x.csv", people(3)).path
    odd = {**ROLES, "role-0": "field", "name": "x", "country": "AT", "list_id": "", "keep_as": "<i>odd</i>"}
    await_import(client, client.post(path, odd).path)
    again = client.upload("y.csv", people(3)).path
    assert "<i>" not in client.get(again).text
    used = client.get(f"{again}?mapping=%3Ci%3Eodd%3C/i%3E").text
    assert 'name="country" value="AT"' in used
    assert not re.search(r'<option value="name" selected>', used)
    client.post("/lists/mapping/forget", {"mapping": "<i>odd</i>", "upload": again.rsplit("/", 1)[-1]})
    page = client.get(again).text
    assert "Die Zuordnung ist vergessen." in page
    assert "Gemerkte Zuordnung benutzen" not in page


def test_names_from_a_file_stay_text(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    evil = "<img src=x onerror=alert(1)>"
    rows = f"{evil};Telefon\r\n{evil};030 23125801\r\n=cmd|'/C calc'!A0;4,91E+11\r\n"
    uploaded = client.upload(f"{evil}.csv", rows.encode())
    page = client.get(uploaded.path).text
    assert "<img" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    columns = {"column-0": evil, "role-0": "name", "column-1": "Telefon", "role-1": "number"}
    begun = client.post(uploaded.path, {"name": evil, "country": "DE", "list_id": "", **columns})
    await_import(client, begun.path)
    for path in ("/lists", "/lists/2", begun.path, "/campaigns/new"):
        assert "<img" not in client.get(path).text
    report = re.search(r'href="(/lists/damaged/[^"]+)"', client.get(begun.path).text)
    assert report is not None
    assert "'=cmd" in client.get(report[1]).text


def test_a_list_in_use_is_not_deleted_and_another_is(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    own_office.import_list(client, "Frei", people(2))
    assert client.post("/lists/1/delete").path == "/lists/1"
    assert "benutzt diese Liste" in client.get("/lists/1").text
    assert client.post("/lists/2/delete").path == "/lists"
    assert "Die Kontaktliste ist gelöscht." in client.get("/lists").text
    assert client.get("/lists/2").status == 404


def test_an_upload_is_never_larger_than_the_limit_and_never_half_kept(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("web_ui.uploads.MOST_UPLOAD_BYTES", 1000)
    uploads = Uploads(tmp_path / "uploads")
    (tmp_path / "file").write_bytes(b"x" * 1001)
    with (tmp_path / "file").open("rb") as file, pytest.raises(TooLarge):
        uploads.keep(file)
    assert list((tmp_path / "uploads").iterdir()) == []


def test_a_body_that_is_too_large_is_refused_before_it_is_read(office: Box) -> None:
    client = office.client(ADMINISTRATOR)
    announced = {"Content-Length": str(MOST_UPLOAD_BYTES * 5), "Origin": client.origin}
    answer = client.send("POST", "/lists/upload", b"", announced)
    assert answer.status == 413


def test_uploads_have_names_of_our_own_and_are_swept(tmp_path) -> None:
    uploads = Uploads(tmp_path)
    (tmp_path / "passwords.csv").write_text("kept")
    (tmp_path / "in").write_text("a;b")
    with (tmp_path / "in").open("rb") as file:
        name = uploads.keep(file)
    assert re.fullmatch(r"[0-9a-f]{32}", name)
    path = uploads.path(name)
    assert path is not None
    for bad in ("../in", "passwords", name.upper() + "x", ""):
        assert uploads.path(bad) is None
    uploads.sweep(path.stat().st_mtime + KEEP_S + 1)
    assert uploads.path(name) is None
    assert (tmp_path / "passwords.csv").exists()


def runs_of(client: Client, path: str, count: int) -> str:
    """The list's page once so many runs have come to their end."""
    for _ in range(600):
        page = client.get(path).text
        if page.count("von Hand angestoßen") == count and ">läuft<" not in page:
            return page
        time.sleep(0.1)
    raise AssertionError("the run did not end")


@pytest.mark.req("GEN-043")
def test_what_is_done_with_a_list_again_and_again(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    assert "Nichts ist geplant." in client.get("/lists/1").text
    none = client.post("/lists/1/schedules", {"kind": "recycle", "day-0": "1", "at": "06:00"})
    assert "Wählen Sie, welche Kontakte" in client.get(none.path).text
    weekly = {
        "kind": "recycle",
        "results": ["no_answer", "busy"],
        "rest_days": "1",
        "day-0": "1",
        "at": "06:00",
    }
    client.post("/lists/1/schedules", weekly)
    page = client.get("/lists/1").text
    assert "Noch einmal anrufen: " in page
    assert "Montag, 06:00" in page
    action = re.search(r'formaction="(/lists/1/schedules/\d+)/run"', page)
    assert action is not None
    client.post(f"{action[1]}/run")
    page = runs_of(client, "/lists/1", 1)
    assert "Kontakte noch einmal anzurufen" in page
    client.post("/lists/1/schedules", {"kind": "import", "source": "crm*.csv", "at": "06:00", "update": "1"})
    page = client.get("/lists/1").text
    assert "Dateien crm*.csv einlesen" in page
    assert "nur auf Anstoß" in page
    client.post(f"{action[1]}/rest")
    assert "ruht" in client.get("/lists/1").text
    client.post(f"{action[1]}/remove")
    assert action[1] not in client.get("/lists/1").text
    assert client.post(f"{action[1]}/run").status == 404
    assert client.post("/lists/9/schedules", weekly).status == 404
