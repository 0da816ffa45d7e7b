"""Order of calls, rules and contacts on pages: what is typed is saved or refused in words, and never executed."""

from __future__ import annotations

import re
from typing import Any

from tests.web.box import ADMINISTRATOR, Box, Client, people

RULE = {"version": "0", "name": "Besetzt", "moment": "after", "active": "1", "other_number": "1"}


def made(client: Client, box: Box) -> tuple[str, str]:
    """The paths of a list and of a campaign over it."""
    box.import_list(client, "Kunden", people(5))
    found = re.search(r'href="(/lists/(\d+))"', client.get("/lists").text)
    assert found is not None
    answer = client.post("/campaigns", {**FORM, "contact_list_id": found[2]})
    assert answer.status == 303, answer.text
    return found[1], answer.path


FORM: dict[str, Any] = {
    "name": "Regeln",
    "country": "DE",
    "default_zone": "Europe/Berlin",
    "max_attempts": "3",
} | {
    "min_gap_h": "4",
    "ring_timeout_s": "25",
    "hold_s": "2",
    "wrap_up_limit_s": "60",
    "abandon_target_pc": "3",
    "amd_sensitivity": "balanced",
    "day-0": "1",
    "from-0-0": "09:00",
    "to-0-0": "18:00",
}


def test_rules_are_refused_in_words_and_kept_moved_and_tried(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    _, campaign = made(client, own_office)
    rules = f"{campaign}/rules"
    assert "Noch keine Regel" in client.get(rules).text
    refused = client.post(f"{rules}/new", {**RULE, "moment": "before"})
    assert refused.status == 422
    assert 'value="Besetzt"' in refused.text
    assert client.post(f"{rules}/new", RULE).status == 303
    skip = {"version": "1", "name": "Sieben", "moment": "before", "active": "1", "skip": "for", "skip_h": "2"}
    check = {"c-field-0": ":number", "c-is-0": "contains", "c-value-0": "23125", "c-as-0": "text"}
    assert client.post(f"{rules}/new", {**skip, **check}).status == 303
    text = client.get(rules).text
    assert text.index("Besetzt</a>") < text.index("Sieben</a>")
    assert "2 Stunden nicht anrufen" in text
    assert client.post(f"{rules}/1/up", {"version": "1"}).status == 303
    assert "inzwischen geändert" in client.get(rules).text, "somebody else was faster"
    client.post(f"{rules}/1/up", {"version": "2"})
    text = client.get(rules).text
    assert text.index("Sieben</a>") < text.index("Besetzt</a>")
    number = re.search(r"\+49 ?30 ?23125[\d ]+", client.get(f"{made_list(client)}/contacts").text)
    assert number is not None
    tried = client.post(f"{rules}/try", {"number": number[0]})
    assert "Der Kontakt wird jetzt nicht angerufen." in tried.text
    client.post(f"{rules}/0/switch", {"version": "3"})
    tried = client.post(f"{rules}/try", {"number": number[0]})
    assert "gilt keine Regel" in tried.text
    client.post(f"{rules}/0/delete", {"version": "4"})
    assert "Sieben</a>" not in client.get(rules).text
    assert client.get(f"{rules}/7").status == 404


def made_list(client: Client) -> str:
    found = re.search(r'href="(/lists/\d+)"', client.get("/lists").text)
    assert found is not None
    return found[1]


def test_an_order_is_kept_and_shown_again(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    _, campaign = made(client, own_office)
    wanted = {"sort-0": ":name", "way-0": "1", "fresh_first": "1", "static": "1"}
    check = {
        "c-join": "some",
        "c-field-0": ":name",
        "c-is-0": "one_of",
        "c-value-0": "A, B",
        "c-as-0": "text",
    }
    assert client.post(f"{campaign}/order", {**wanted, **check}).status == 303
    text = client.get(f"{campaign}/order").text
    assert re.search(r'<option value=":name" selected>', text)
    assert 'value="A, B"' in text
    assert re.search(r'name="static" value="1" checked', text)
    refused = client.post(f"{campaign}/order", {"sort-0": ":nothing"})
    assert refused.status == 422


def test_contacts_are_searched_and_nothing_typed_is_run(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    shown, _ = made(client, own_office)
    assert "Kein Kontakt passt." in client.get(f"{shown}/contacts?q=%27+OR+1%3D1+--").text
    evil = "%27%29+OR+1%3D1%3B+DROP+TABLE+contact%3B--"
    page = client.get(
        f"{shown}/contacts?sort-0={evil}&c-field-0={evil}&c-is-0=equals&c-value-0={evil}&c-as-0=text"
    )
    assert page.status == 200
    assert "Kein Kontakt passt." in page.text
    assert client.get(f"{shown}/contacts?sort-0=:secret").status == 422
    assert client.get(f"{shown}/contacts?page=99999&q=030").status == 200
    assert "Kein Kontakt passt." not in client.get(f"{shown}/contacts?q=23125").text


def test_a_list_as_a_workbook(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    shown, _ = made(client, own_office)
    answer = client.post(f"{shown}/export", {"workbook": "1"})
    assert answer.path.endswith(".xlsx")
    file = client.get(answer.path)
    assert file.headers["content-type"].startswith("application/vnd.openxmlformats")


def test_city_is_berlin_is_chosen_from_what_the_list_has(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    towns = ["Berlin"] * 4 + ["Ulm"] * 2
    rows = "\r\n".join(f"Person {n};+49 30 231259{n:02d};{town}" for n, town in enumerate(towns))
    own_office.import_list(client, "Orte", f"Name;Telefon;Ort\r\n{rows}\r\n".encode())
    found = re.search(r'href="/lists/(\d+)">Orte<', client.get("/lists").text)
    assert found is not None
    campaign = client.post("/campaigns", {**FORM, "contact_list_id": found[1]}).path
    page = client.get(f"{campaign}/order").text
    option = re.search(r'<option value="Ort" data-list="(values-\d+)">Ort</option>', page)
    assert option is not None
    assert f'<datalist id="{option[1]}"><option value="Berlin"></option><option value="Ulm"></option>' in page
    client.post(f"{campaign}/order", {"c-field-0": "Ort", "c-is-0": "equals", "c-value-0": "Berlin"})
    page = client.get(f"{campaign}/order").text
    assert re.search(rf'name="c-value-0" value="Berlin"[^>]*list="{option[1]}"', page)
    rule = {**RULE, "c-field-0": ":disposition", "c-is-0": "equals", "c-value-0": "Besetzt"}
    assert client.post(f"{campaign}/rules/new", rule).status == 303
    assert "Gesprächsergebnis ist “Besetzt”" in client.get(f"{campaign}/rules").text
    assert 'value="Besetzt"' in client.get(f"{campaign}/rules/0").text
