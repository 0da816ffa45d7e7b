"""Asking for access: alike for everybody, braked, switched off; granted it becomes an invitation, refused a word."""

from __future__ import annotations

import email
import email.policy
import json
import re
import time
from pathlib import Path

import pytest

from tests.unit.mail.smtp_server import SmtpServer
from tests.web.box import ADMINISTRATOR, AGENT, Box, Client
from web_ui.throttle import FREE_TRIES

PASSWORD = "ein Satz zum Anmelden, lang genug"
TONI = {"name": "Toni <b>Vogel", "address": "toni@office.example", "role": ["analyst"], "why": "Neu im Team"}
PATH = "/users/requests"


def asking(box: Box) -> Client:
    client = box.client()
    client.get("/ask-access")
    return client


def test_nobody_learns_who_is_known_and_nobody_asks_for_ever(own_office: Box) -> None:
    client = asking(own_office)
    told = []
    for name, address in (("Anna Berg", "anna@office.example"), ("Niemand", "x@office.example")):
        answer = client.post("/ask-access", {"name": name, "address": address})
        told.append((answer.status, answer.text.split("<main")[1]))
    assert told[0] == told[1]
    assert "weitergegeben" in told[0][1]
    assert client.post("/ask-access", {"name": "", "address": ""}).status == 422
    assert client.post("/ask-access", {"name": "x", "address": "a@b@c"}).status == 422
    for _ in range(FREE_TRIES):
        last = client.post("/ask-access", {"name": "Nochmal", "address": ""})
    assert last.status == 429
    assert own_office.client(AGENT).get(PATH).status == 403


@pytest.mark.req("ENR-119")
def test_who_asks_is_listed_granted_and_invited(own_office: Box) -> None:
    assert 'href="/ask-access"' in own_office.client().get("/login").text
    assert asking(own_office).post("/ask-access", TONI).status == 200
    boss = own_office.client(ADMINISTRATOR)
    page = boss.get(PATH).text
    assert "Toni &lt;b&gt;Vogel" in page
    assert "Neu im Team" in page
    assert re.search(r'name="role" value="analyst" checked', page)
    needs = json.loads(boss.get("/live/dashboard.json").text)["regions"]["needs"]
    assert "1 Person bittet um Zugang" in needs
    action = re.search(rf'action="({PATH}/\d+)/grant"', page)
    assert action is not None
    nameless = boss.post(f"{action[1]}/grant", {"role": "analyst", "login": ""})
    assert nameless.status == 422
    assert boss.post(f"{action[1]}/grant", {"login": "toni"}).status == 422
    granted = boss.post(f"{action[1]}/grant", {"role": "analyst", "login": "toni"})
    assert granted.status == 303
    link = re.search(r'id="p-link">https?://[^/]+(/invitation/[A-Za-z0-9_-]+)<', boss.get(granted.path).text)
    assert link is not None
    toni = own_office.client()
    toni.get(link[1])
    assert toni.post(link[1], {"password": PASSWORD, "again": PASSWORD}).path == "/dashboard"
    assert boss.post(f"{action[1]}/refuse", {"reason": "zu spät"}).path == PATH
    page = boss.get(PATH).text
    assert "Über diese Bitte ist schon entschieden." in page
    assert "Niemand wartet." in page
    assert "erteilt" in page
    assert "Bitte um Zugang" in boss.get("/audit").text


@pytest.mark.req("ENR-119")
def test_somebody_with_a_login_asks_for_another_role(own_office: Box) -> None:
    jonas = own_office.client(AGENT)
    assert 'href="/ask-access"' in jonas.get("/account").text
    assert jonas.post("/ask-access", {"name": "Anna Berg", "role": "supervisor"}).status == 200
    boss = own_office.client(ADMINISTRATOR)
    page = boss.get(PATH).text
    assert "Jonas Weber" in page
    assert 'name="login"' not in page
    assert re.findall(r'name="role" value="(\w+)" checked', page) == ["agent", "supervisor"]
    action = re.search(rf'action="({PATH}/\d+)/grant"', page)
    assert action is not None
    assert boss.post(f"{action[1]}/grant", {"role": ["agent", "supervisor"]}).status == 303
    assert own_office.client(AGENT).get("/team").status == 200


def test_who_is_refused_reads_why_by_mail_and_the_page_can_be_switched_off(
    tmp_path: Path, furnished: Box
) -> None:
    server = SmtpServer()
    given = f'[mail]\nhost = "127.0.0.1"\nport = {server.port}\nsecurity = "none"\nsender = "box@office.example"\n'
    with Box.started(tmp_path, given, like=furnished) as box:
        assert asking(box).post("/ask-access", TONI).status == 200
        boss = box.client(ADMINISTRATOR)
        action = re.search(rf'action="({PATH}/\d+)/refuse"', boss.get(PATH).text)
        assert action is not None
        boss.post(f"{action[1]}/refuse", {"reason": ""})
        assert "Toni" in boss.get(PATH).text.split("Entschieden")[0]
        boss.post(f"{action[1]}/refuse", {"reason": "Wir kennen Sie nicht"})
        end = time.monotonic() + 60
        while not server.taken and time.monotonic() < end:
            time.sleep(0.02)  # between two looks at a foreign process
        server.stop()
        sent = email.message_from_bytes(server.taken[0].content, policy=email.policy.default)
        assert sent["To"] == "toni@office.example"
        assert "Wir kennen Sie nicht" in sent.get_content()
        boss.post(f"{PATH}/switch", {})
        stranger = box.client()
        assert "/ask-access" not in stranger.get("/login").text
        assert stranger.get("/ask-access").status == 404
        assert stranger.post("/ask-access", TONI).status == 404
