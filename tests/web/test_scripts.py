"""Scripts, prepared answers and cards: written on pages, checked, kept by version; what people type stays text."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import Any

import pytest

from tests.web.box import ADMINISTRATOR, AGENT, Box, conversation

EVIL = "<script>alert(1)</script>"


def form(name: str, *steps: dict[str, Any], seen: int = 0, do: str = "save") -> dict[str, Any]:
    """The editor's form as a browser sends it."""
    fields: dict[str, Any] = {"name": name, "seen": seen, "do": do}
    for at, step in enumerate(steps):
        mark = f"s{at}"
        for key in ("id", "heading", "text", "next"):
            fields[f"{mark}-{key}"] = step.get(key, "")
        for m, (label, go) in enumerate(step.get("branches", ())):
            fields |= {f"{mark}-b{m}-label": label, f"{mark}-b{m}-go": go}
        for m, (label, kind, choices) in enumerate(step.get("fields", ())):
            fields |= {
                f"{mark}-f{m}-label": label,
                f"{mark}-f{m}-kind": kind,
                f"{mark}-f{m}-choices": choices,
            }
            fields[f"{mark}-f{m}-required"] = "1"
    return fields


GREETING = {
    "id": "s1",
    "heading": "Begrüßung",
    "text": "Guten Tag {Name} aus {Ort}",
    "branches": [("Ja", "s2"), ("Nein", "end")],
}
SIZE = {"id": "s2", "heading": "Bedarf", "fields": [("Größe", "choice", "S; M"), ("Termin", "date", "")]}


def saved(box: Box) -> list[dict[str, Any]]:
    scripts: list[dict[str, Any]] = box.ask("script.list", where="control.sock")["scripts"]
    return scripts


@pytest.mark.req("ENR-103")
def test_a_script_is_written_checked_and_kept_by_version(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    nowhere = {**GREETING, "branches": [("Ja", "s9"), ("Nein", "s1")]}
    answer = client.post("/scripts/new", form("Herbst", nowhere, SIZE))
    assert answer.status == 422
    assert "„Begrüßung“: Die Antwort „Ja“ führt zu einem Schritt, den es nicht gibt." in answer.text
    assert "Guten Tag {Name} aus {Ort}" in answer.text, "what was typed is still there"
    assert saved(own_office) == []
    made = client.post("/scripts/new", form("Herbst", GREETING, SIZE))
    assert made.path == "/scripts/1"
    page = client.get("/scripts/1").text
    assert "Kein Kontakt der Listen hat {Ort}." in page
    assert 'value="S; M"' in page
    assert client.post("/scripts/1", form("Herbst", SIZE, GREETING, seen=1)).path == "/scripts/1"
    late = client.post("/scripts/1", form("Herbst", SIZE, seen=1))
    assert late.status == 422
    assert "Jemand hat diesen Leitfaden inzwischen gespeichert" in late.text
    assert [(each["version"], each["steps"]) for each in saved(own_office)] == [(2, 2)]


def test_steps_are_added_moved_and_removed_without_being_saved(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    added = client.post("/scripts/new", form("A", GREETING, SIZE, do="add-0"))
    assert added.status == 200
    headings = [added.text.index(f'value="{text}" maxlength="200"') for text in ("Begrüßung", "", "Bedarf")]
    assert headings == sorted(headings)
    moved = client.post("/scripts/new", form("A", GREETING, SIZE, do="down-0")).text
    assert moved.index('value="Bedarf"') < moved.index('value="Begrüßung"')
    assert 'value="Bedarf"' not in client.post("/scripts/new", form("A", GREETING, SIZE, do="remove-1")).text
    for wish in ("up-0", "down-7", "remove--1", "nonsense-x"):
        assert client.post("/scripts/new", form("A", GREETING, do=wish)).status == 200
    assert saved(own_office) == []


def test_what_people_type_is_never_html(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    step = {"id": "s1", "heading": EVIL, "text": f"{EVIL} {{Name}}", "fields": [(EVIL, "text", "")]}
    assert client.post("/scripts/new", form(EVIL, step)).path == "/scripts/1"
    client.post("/snippets/new", {"part": EVIL, "title_de": EVIL, "text_de": EVIL})
    pages = (
        "/scripts",
        "/scripts/1",
        f"/scripts/1/preview?c0={EVIL}",
        "/snippets",
        f"/snippets?q={EVIL}",
        "/snippets/1",
    )
    for path in pages:
        page = client.get(path)
        assert page.status == 200, path
        assert EVIL not in page.text, path


@pytest.mark.req("GEN-048")
def test_a_campaign_shows_the_script_and_the_fields_that_were_chosen(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    client.post("/scripts/new", form("Herbst", GREETING, SIZE))
    path = "/campaigns/1/desk"
    assert 'value="all" checked' in client.get(path).text
    chosen = {
        "script": "1",
        "all": "own",
        "c0": "@name",
        "c0-shown": "1",
        "c0-editable": "1",
        "c0-kind": "text",
    }
    assert client.post(path, {**chosen, "c1": "Firma", "best_time": "Firma", "reason": "Firma"}).path == path
    told = own_office.ask("script.of_campaign", where="control.sock", campaign_id=1)
    assert told["script_id"] == 1
    assert told["card"] == {
        "fields": [{"column": "@name", "editable": True, "kind": "text"}],
        "best_time": "Firma",
        "reason": "Firma",
    }
    client.post("/scripts/1/remove")
    assert "Kampagnen verwenden diesen Leitfaden" in client.get("/scripts/1").text
    client.post(path, {"script": "", "all": "all"})
    assert client.post("/scripts/1/remove").path == "/scripts"
    assert saved(own_office) == []


@pytest.mark.req("WDE-017")
def test_prepared_answers_are_written_found_and_removed(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    empty = client.post("/snippets/new", {"title_de": "Nichts"})
    assert empty.status == 422
    assert "Bitte die Antwort auf Deutsch oder Englisch schreiben" in empty.text
    assert client.post("/snippets/new", {"text_en": "No title"}).status == 422
    client.post("/snippets/new", {"part": "Preise", "title_de": "Rabatt", "text_de": "Zehn Prozent"})
    client.post("/snippets/new", {"title_en": "Delivery", "text_en": "In May", "campaigns": "1"})
    assert "Rabatt" in client.get("/snippets?q=zehn%20preise").text
    assert "Nichts gefunden." in client.get("/snippets?q=zwanzig").text
    found = own_office.ask("snippet.list", where="control.sock")["snippets"]
    assert sorted((each["title_de"], each["campaigns"]) for each in found) == [("", [1]), ("Rabatt", [])]
    client.post("/snippets/1/remove")
    assert client.get("/snippets/1").status == 404


def test_answers_stand_in_history_exports_and_for_other_programs(own_office: Box) -> None:
    client, jonas = own_office.client(ADMINISTRATOR), own_office.agents["jonas"]
    answers = {"Größe": "=1+1", EVIL: "yes", **{f"Frage {n}": "x" for n in range(90)}}
    uid = own_office.ask("attempt", campaign_id=1, user_id=jonas, note="", answers=answers)["uid"]
    page = client.get(f"/attempts/{uid}").text
    assert "<dt>Größe</dt>" in page
    assert ">ja</dd>" in page
    assert EVIL not in page
    table = list(csv.DictReader(io.StringIO(client.get("/reports/attempts.csv").text), delimiter=";"))
    (row,) = [each for each in table if each["Anwahlversuch"] == uid]
    assert (row["Größe"], row[EVIL]) == ("'=1+1", "ja")
    assert client.get("/reports/attempts.pdf").body.startswith(b"%PDF")
    book = io.BytesIO(client.get("/reports/attempts.xlsx").body)
    with zipfile.ZipFile(book) as files:
        inside = "".join(files.read(name).decode() for name in files.namelist() if name.endswith(".xml"))
    assert "Größe" in inside
    assert "<f>" not in inside
    token = own_office.ask("token.create", where="control.sock", name="CRM", scopes=["attempts:read"])
    told = client.get("/api/v1/attempts", Authorization=f"Bearer {token['token']}")
    (item,) = [each for each in json.loads(told.text)["items"] if each["uid"] == uid]
    assert item["answers"][:2] == [
        {"field": "f0", "label": "Größe", "value": "=1+1"},
        {"field": "f1", "label": EVIL, "value": "yes"},
    ]


def test_the_desk_asks_for_its_own_script_only(own_office: Box) -> None:
    client, jonas = own_office.client(AGENT), own_office.agents["jonas"]
    assert client.get("/desk/script.json").status == 409
    told = {"about": "X", "version": 3, "steps": [], "step": "", "path": [], "answers": {}, "seq": 0}
    own_office.ask("desk", user_id=jonas, desk={**conversation(since=1.0), "script_told": told})
    assert json.loads(client.get("/desk/script.json").text)["version"] == 3
    assert json.loads(client.get("/desk/snippets.json").text)["snippets"] == []
    typed = {"attempt": "A" * 26, "version": "3", "step": "s1", "seq": "7", "answers": "[]", "path": "[]"}
    assert client.post("/desk/answer", typed).status == 400
    assert client.post("/desk/answer", {**typed, "answers": '{"f1": "x"}', "user_id": "1"}).status == 200
    assert client.post("/desk/edit_contact", {"contact": "5", "changes": "nonsense"}).status == 400
    changes = json.dumps({"Ort": ["a", "b"]})
    assert client.post("/desk/edit_contact", {"contact": "5", "changes": changes}).status == 200
    asked = [each for each in own_office.ask("asked")["log"] if each["do"] in ("answer", "edit_contact")]
    assert [(each["do"], each["user_id"]) for each in asked] == [("answer", jonas), ("edit_contact", jonas)]
