"""The page of alerts: what is wrong now and who has taken note, who is told; reports by mail without a server."""

from __future__ import annotations

import time

import pytest

from tests.web.box import ADMINISTRATOR, AGENT, Box, Client

DOWN = {"check": "trunk:provider", "ok": False, "severity": "no_dialling", "key": "trunk_down"}


@pytest.fixture
def client(own_office: Box) -> Client:
    return own_office.client(ADMINISTRATOR)


def until(client: Client, path: str, words: str) -> str:
    """The page as soon as it says so."""
    ends = time.monotonic() + 90
    while words not in (text := client.get(path).text):
        assert time.monotonic() < ends, text
    return text


def test_what_is_wrong_is_shown_and_noted(own_office: Box, client: Client) -> None:
    assert "Alles in Ordnung" in client.get("/alerts").text
    own_office.ask("publish", event="health", data={**DOWN, "figures": {"trunk": "provider"}})
    page = until(client, "/alerts", "Amtsleitung provider ist nicht erreichbar")
    assert "Zur Kenntnis nehmen" in page
    client.post("/alerts/1/acknowledge", {})
    assert "hat es zur Kenntnis genommen" in client.get("/alerts").text
    assert client.post("/alerts/99/acknowledge", {}).status == 303
    assert "Diese Warnung gibt es nicht" in client.get("/alerts").text


def test_who_is_told(client: Client) -> None:
    client.post("/alerts/receivers", {"address": "kein", "language": "de"})
    assert "kein ist keine E-Mail-Adresse" in client.get("/alerts").text
    for _ in range(2):
        client.post("/alerts/receivers", {"address": "a@b.example", "language": "en", "rule": "trunk_down"})
    page = client.get("/alerts").text
    assert "a@b.example wird schon benachrichtigt" in page
    assert page.count("<strong>a@b.example</strong>") == 1
    client.post("/alerts/receivers/1/remove", {})
    assert "<strong>a@b.example</strong>" not in client.get("/alerts").text


def test_reports_by_mail_need_a_server(client: Client) -> None:
    assert "Kein Mailserver" in client.get("/reports/mail").text
    client.post("/reports/views", {"name": "Woche", "query": "by=day", "span": "last_week"})
    fields = {
        "view": "1",
        "rhythm": "weekly",
        "weekday": "0",
        "at": "07:00",
        "format": "pdf",
        "language": "de",
    }
    client.post("/reports/mail", {**fields, "recipients": "a@b.example"})
    assert "Kein Mailserver ist eingestellt" in client.get("/reports/mail").text
    client.post("/reports/mail/7/run", {})
    client.post("/reports/mail/7/remove", {})
    assert "nicht mehr geplant" in client.get("/reports/mail").text


def test_an_agent_sees_neither(own_office: Box) -> None:
    agent = own_office.client(AGENT)
    assert [agent.get(path).status for path in ("/alerts", "/reports/mail")] == [403, 403]
