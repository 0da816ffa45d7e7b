"""Invitations, logins, the log of changes and the table of roles, as people meet them."""

from __future__ import annotations

import email
import email.policy
import re
import time
from pathlib import Path

import pytest

from tests.unit.mail.smtp_server import SmtpServer
from tests.web.box import ADMINISTRATOR, AGENT, Box, Client
from web_ui.audit_words import act, differences
from web_ui.language import Languages
from web_ui.people import browser
from web_ui.permission_words import PERMISSIONS
from web_ui.permissions import Permission

PASSWORD = "ein ganz anderer Satz, lang genug"
NEW = {
    "name": "Toni Vogel",
    "login": "toni",
    "role": ["analyst", "supervisor"],
    "language": "de",
    "how": "invite",
}


def link_on(client: Client, path: str) -> str:
    found = re.search(r'id="p-link">https?://[^/]+(/invitation/[A-Za-z0-9_-]+)<', client.get(path).text)
    assert found is not None
    return found[1]


@pytest.mark.req("ENR-117", "ENR-116")
def test_somebody_invited_chooses_a_password_and_is_in(own_office: Box) -> None:
    boss, toni = own_office.client(ADMINISTRATOR), own_office.client()
    path = boss.post("/users", NEW).path
    link = link_on(boss, path)
    picture = boss.get(f"{path}/invitation.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert own_office.client().post("/login", {"login": "toni", "password": ""}).status == 401
    assert "Toni Vogel" in toni.get(link).text
    weak = toni.post(link, {"password": "kurz", "again": "kurz"})
    assert weak.status == 422
    done = toni.post(link, {"password": PASSWORD, "again": PASSWORD})
    assert (done.status, done.path) == (303, "/dashboard")
    assert toni.get("/").path == "/dashboard"
    assert own_office.client().get(link).status == 404
    assert own_office.client(("toni", PASSWORD)).get("/reports").status == 200


@pytest.mark.req("ENR-117", "ENR-118")
def test_an_invitation_goes_by_mail_and_asks_for_its_address(tmp_path: Path, furnished: Box) -> None:
    server = SmtpServer()
    given = f'[mail]\nhost = "127.0.0.1"\nport = {server.port}\nsecurity = "none"\nsender = "box@office.example"\n'
    with Box.started(tmp_path, given, like=furnished) as box:
        boss, toni = box.client(ADMINISTRATOR), box.client()
        assert 'name="address"' in boss.get("/users/new").text
        path = boss.post("/users", {**NEW, "address": "toni@office.example"}).path
        page = boss.get(path).text
        assert "toni@office.example" in page
        assert "/invitation/" not in page
        end = time.monotonic() + 60
        while not server.taken and time.monotonic() < end:
            time.sleep(0.02)  # between two looks at a foreign process
        server.stop()
        text = email.message_from_bytes(server.taken[0].content, policy=email.policy.default).get_content()
        (link,) = re.findall(rf"{box.base}(/invitation/[A-Za-z0-9_-]+)\s", text)
        password = {"password": PASSWORD, "again": PASSWORD}
        assert 'name="address"' in toni.get(link).text
        assert toni.post(link, {**password, "address": "anna@office.example"}).status == 422
        assert toni.post(link, password).status == 422
        assert toni.post(link, {**password, "address": "Toni@office.example"}).path == "/dashboard"


def test_without_mail_no_address_is_asked_for(own_office: Box) -> None:
    boss = own_office.client(ADMINISTRATOR)
    assert 'name="address"' not in boss.get("/users/new").text
    path = boss.post("/users", {**NEW, "address": "toni@office.example"}).path
    assert "Kein Mailserver" in boss.get(path).text
    assert own_office.client().get(f"/invitation/{'A' * 43}").status == 404


def test_an_invitation_is_taken_back_and_guessing_is_slowed_down(own_office: Box) -> None:
    boss, stranger = own_office.client(ADMINISTRATOR), own_office.client()
    path = boss.post("/users", NEW).path
    link = link_on(boss, path)
    assert boss.post(f"{path}/invite/revoke").path == path
    assert "invitation/" not in boss.get(path).text
    answers = [stranger.get(link).status for _ in range(8)]
    assert answers[0] == 404
    assert answers[-1] == 429


def test_a_stranger_cannot_send_the_form_of_an_invitation_from_elsewhere(own_office: Box) -> None:
    boss = own_office.client(ADMINISTRATOR)
    link = link_on(boss, boss.post("/users", NEW).path)
    fields = f"password={PASSWORD}&again={PASSWORD}".replace(" ", "+")
    headers = {"Origin": "https://evil.example", "Content-Type": "application/x-www-form-urlencoded"}
    assert own_office.client().send("POST", link, fields, headers).status == 403


def test_ones_own_logins_are_ended_everywhere_else(own_office: Box) -> None:
    here, there = own_office.client(AGENT), own_office.client(AGENT)
    page = here.get("/account").text
    assert page.count('name="name" value="') == 1 + page.count('name="name" value=""')
    assert here.post("/account/sessions/revoke").path == "/account"
    assert here.get("/account").status == 200
    assert there.get("/account").status == 303


def test_the_administrator_ends_somebodys_logins(own_office: Box) -> None:
    agent, boss = own_office.client(AGENT), own_office.client(ADMINISTRATOR)
    path = f"/users/{own_office.agents['jonas']}"
    names = re.findall(r'name="name" value="([0-9a-f]{16})"', boss.get(path).text)
    assert len(names) == 1
    assert boss.post(f"{path}/sessions/revoke", {"name": names[0]}).path == path
    assert agent.get("/desk").status == 303
    assert own_office.client(AGENT).post(f"{path}/sessions/revoke").status == 403


@pytest.mark.req("ENR-121")
def test_the_log_says_who_did_what_and_can_be_narrowed_and_saved(own_office: Box) -> None:
    boss = own_office.client(ADMINISTRATOR)
    boss.post("/campaigns/1/pause")
    page = boss.get("/audit").text
    assert "Kampagne: angehalten" in page
    assert "Anna Berg" in page
    only = boss.get("/audit?noun=user&from=2020-01-01").text
    assert "Kampagne: angehalten" not in only
    assert "Jonas Weber" in only
    assert "Keine Änderung passt dazu." in boss.get("/audit?to=2020-01-01").text
    for odd in ("person=x", "noun=../x", "from=morgen", "to=9999-12-31", "before=-1", "object=%3Cb%3E"):
        assert boss.get(f"/audit?{odd}").status == 200
    file = boss.get("/audit/csv?noun=campaign")
    assert file.headers["content-type"].startswith("text/csv")
    assert "Kampagne: angehalten" in file.body.decode("utf-8-sig")
    assert ADMINISTRATOR[1] not in boss.get("/audit/csv").text
    assert "so, wie sie geschrieben wurden" in boss.post("/audit/verify").text


@pytest.mark.req("ENR-109")
def test_the_table_of_roles_is_there_in_both_languages(office: Box) -> None:
    client = office.client(AGENT)
    page = client.get("/roles").text
    assert "Am Arbeitsplatz telefonieren" in page
    assert "Teamleitung" in page


def test_every_permission_has_words() -> None:
    assert set(PERMISSIONS) >= {permission.value for permission in Permission}


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari, iPhone",
        ),
        ("curl/8.0", "curl/8.0"),
        ("", ""),
    ],
)
def test_a_browser_has_a_name_people_know(told: str, name: str) -> None:
    assert browser(told) == name


def test_what_nobody_has_a_word_for_is_shown_as_it_is() -> None:
    german = Languages("Europe/Berlin", "de").get("de")
    assert act("campaign.start", german) == "Kampagne: gestartet"
    assert act("weather.turn_round", german) == "weather: turn round"
    assert differences({"old": {"a": 1}, "new": {"a": 2, "b": None}}) == [("a", "1", "2"), ("b", "–", "–")]
