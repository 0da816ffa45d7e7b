"""People: adding an agent, the phone's credentials that are seen once, and losing access."""

from __future__ import annotations

import re

from tests.web.box import ADMINISTRATOR, Box

NEW = {
    "name": "Lea Hoffmann",
    "login": "lea",
    "role": "agent",
    "language": "de",
    "phone_mode": "per_call",
    "password": "eine lange losung drei",
    "again": "eine lange losung drei",
}


def secret_in(text: str) -> str | None:
    found = re.search(r'<code id="p-secret">([^<]+)</code>', text)
    return found[1] if found else None


def test_phone_credentials_are_shown_once_to_the_one_who_made_them(own_office: Box) -> None:
    client, colleague = own_office.client(ADMINISTRATOR), own_office.client(ADMINISTRATOR)
    path = client.post("/users", NEW).path
    assert secret_in(colleague.get(path).text) is None
    shown = client.get(path).text
    secret = secret_in(shown)
    assert secret is not None
    assert len(secret) >= 16
    assert "127.0.0.1:5060" in shown
    assert "strowger.invalid" in shown
    assert secret_in(client.get(path).text) is None
    for folder in (own_office.folder / "state").iterdir():
        if folder.is_file():
            assert secret.encode() not in folder.read_bytes()


def test_the_sheet_of_a_phone_is_for_who_made_it(own_office: Box) -> None:
    client, colleague = own_office.client(ADMINISTRATOR), own_office.client(ADMINISTRATOR)
    path = f"/users/{own_office.agents['jonas']}"
    assert client.get(f"{path}/phone").status == 303
    client.get(path)
    client.post(f"{path}/phone")
    secret = secret_in(client.get(path).text)
    assert secret is not None
    assert secret in client.get(f"{path}/phone").text
    for maker in ("yealink", "snom", "grandstream", "gigaset"):
        file = client.get(f"{path}/phone/{maker}")
        assert secret in file.text
        assert "attachment" in file.headers["content-disposition"]
    assert client.get(f"{path}/phone/square.svg").body.startswith(b"<?xml")
    assert client.get(f"{path}/phone/nokia").status == 404
    for wanted in ("", "/yealink", "/square.svg"):
        assert colleague.get(f"{path}/phone{wanted}").status == 303


def test_a_new_secret_replaces_the_old_one(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    path = f"/users/{own_office.agents['jonas']}"
    client.get(path)
    assert client.post(f"{path}/phone").path == path
    first = secret_in(client.get(path).text)
    client.post(f"{path}/phone")
    assert first is not None
    assert secret_in(client.get(path).text) not in (None, first)


def test_mistakes_are_named_beside_their_fields_and_what_was_typed_stays(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    refused = client.post("/users", {**NEW, "login": "9 lives", "name": ""})
    assert refused.status == 422
    assert 'aria-invalid="true"' in refused.text
    assert "Bitte den Namen eingeben." in refused.text
    assert NEW["password"] not in refused.text
    taken = client.post("/users", {**NEW, "login": "jonas"})
    assert taken.status == 422
    assert "Diesen Anmeldenamen benutzt schon jemand." in taken.text
    assert 'value="Lea Hoffmann"' in taken.text


def test_nobody_removes_himself_nor_the_last_administrator(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    assert client.post("/users/1/remove").path == "/users/1"
    assert "Sich selbst entfernen geht nicht." in client.get("/users/1").text
    demoted = client.post(
        "/users/1", {"name": "Anna Berg", "login": "anna", "role": "agent", "language": "de"}
    )
    assert demoted.status == 422
    assert "Das ist der letzte Administrator." in demoted.text


def test_an_agent_on_a_call_is_not_removed(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    jonas = own_office.agents["jonas"]
    own_office.talk(jonas, since=1.0)
    client.post(f"/users/{jonas}/remove")
    assert "im Gespräch oder in der Nachbearbeitung" in client.get(f"/users/{jonas}").text


def test_a_persons_name_stays_text(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    client.post("/users", {**NEW, "name": "<script>alert(1)</script>"})
    for path in ("/users", "/campaigns/new", "/dashboard", "/campaigns/1"):
        text = client.get(path).text
        assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in client.get("/users").text
