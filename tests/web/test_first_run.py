"""The first visit to a new box: nobody gets in without the code on the console, and then somebody does."""

from __future__ import annotations

import pytest

from tests.web.box import ADMINISTRATOR, Box

GOOD = {
    "name": "Anna Berg",
    "login": "anna",
    "language": "en",
    "password": ADMINISTRATOR[1],
    "again": ADMINISTRATOR[1],
}


def test_a_new_box_leads_to_its_set_up_page_and_knows_nobody(new_box: Box) -> None:
    client = new_box.client()
    assert client.get("/").path == "/login"
    assert client.get("/login").path == "/setup"
    for login, password in (("admin", "admin"), ("root", ""), ("strowger", "strowger"), ("6666", "1234")):
        assert client.post("/login", {"login": login, "password": password}).status == 401


def test_the_code_is_asked_for_and_a_wrong_one_makes_nobody(new_box: Box) -> None:
    client = new_box.client()
    assert new_box.setup_code not in client.get("/setup").text
    refused = client.post("/setup", {**GOOD, "code": "WRONGONE"})
    assert refused.status == 422
    assert "Das ist nicht der Einrichtungscode." in refused.text
    assert client.get("/login").path == "/setup"


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("short", "short", "Bitte mindestens 12 Zeichen"),
        ("aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "wenigen Zeichen"),
        ("123456789012", "123456789012", "Reihenfolge"),
        ("my name is anna", "my name is anna", "mit dem Namen darin"),
        ("korrekt pferd batterie", "korrekt pferd batterei", "verschieden"),
        ("x" * 300, "x" * 300, "höchstens 256"),
    ],
)
def test_weak_passwords_are_refused_in_words(new_box: Box, password: str, again: str, said: str) -> None:
    client = new_box.client()
    given = {**GOOD, "code": new_box.setup_code, "password": password, "again": again}
    refused = client.post("/setup", given)
    assert refused.status == 422
    assert said in refused.text
    assert 'value="Anna Berg"' in refused.text
    assert password not in refused.text


def test_with_the_code_the_first_person_is_the_administrator_and_logged_in(new_box: Box) -> None:
    client = new_box.client()
    made = client.post(
        "/setup", {**GOOD, "code": f" {new_box.setup_code.lower()[:4]}-{new_box.setup_code[4:]}"}
    )
    assert made.path == "/dashboard"
    page = client.get("/dashboard")
    assert page.status == 200
    assert "Three steps to the first call" in page.text
    assert not (new_box.folder / "state/setup-code").exists()


def test_a_box_that_is_set_up_is_not_set_up_again(new_box: Box) -> None:
    code = new_box.setup_code
    assert new_box.client().post("/setup", {**GOOD, "code": code}).status == 303
    other = new_box.client()
    assert other.get("/setup").path == "/login"
    refused = other.post("/setup", {**GOOD, "login": "eve", "code": code})
    assert refused.status == 422
    assert other.post("/login", {"login": "eve", "password": GOOD["password"]}).status == 401
