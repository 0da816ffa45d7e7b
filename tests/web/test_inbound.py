"""Calls that came in, on the pages: who was missed, who is called back, and what a desk does with one."""

from __future__ import annotations

import re

import pytest

from tests.web.box import ADMINISTRATOR, AGENT, Box, shown

AT = 1_790_000_000.0
CALLER = "+493023125777"


@pytest.fixture
def called(own_office: Box) -> str:
    """Somebody nobody knows has called and met nobody."""
    made = own_office.ask("came_in", caller=CALLER, outcome="missed", at=AT, campaign="Herbstaktion")
    return str(made["uid"])


def test_without_any_call_the_page_says_how_calls_are_taken(own_office: Box) -> None:
    page = own_office.client(ADMINISTRATOR).get("/calls/inbound").text
    assert "Hier ist kein Anruf." in page
    assert "[[inbound]]" in page


def test_agents_do_not_see_who_called_the_office(own_office: Box, called: str) -> None:
    client = own_office.client(AGENT)
    assert client.get("/calls/inbound").status == 403
    assert client.post(f"/calls/inbound/{called}/call_back").status == 403


def test_a_missed_call_is_called_back_once(own_office: Box, called: str) -> None:
    client = own_office.client(ADMINISTRATOR)
    assert "+49 30 23125777" in client.get("/calls/inbound").text
    assert client.post(f"/calls/inbound/{called}/call_back").path == "/calls/inbound"
    page = client.get("/calls/inbound?show=all").text
    assert re.search(r'href="/callbacks/\d+"', page)
    assert "call_back" not in page
    client.post(f"/calls/inbound/{called}/call_back")
    assert "schon ein Rückruf zugesagt" in client.get("/calls/inbound").text
    assert client.post("/calls/inbound/nobody/call_back").status == 404


def test_who_withheld_the_number_cannot_be_called_back(own_office: Box) -> None:
    own_office.ask("came_in", caller="", outcome="missed", at=AT, campaign="Herbstaktion")
    page = own_office.client(ADMINISTRATOR).get("/calls/inbound").text
    assert "Nummer unterdrückt" in page
    assert "call_back" not in page


def test_calls_are_narrowed_and_counted_by_the_hour(own_office: Box, called: str) -> None:
    jonas = own_office.agents["jonas"]
    own_office.ask("came_in", caller=CALLER, outcome="answered", at=AT + 60, user_id=jonas)
    client = own_office.client(ADMINISTRATOR)
    missed, answered = (client.get(f"/calls/inbound?show={each}").text for each in ("missed", "answered"))
    assert "Jonas Weber" not in missed
    assert "Jonas Weber" in answered
    assert called not in answered


def test_a_desk_is_shown_a_call_and_takes_it(own_office: Box) -> None:
    jonas = own_office.agents["jonas"]
    own_office.ask("desk", user_id=jonas, desk=shown(AT))
    client = own_office.client(AGENT)
    page = client.get("/desk").text
    assert 'data-do="accept"' in page
    assert "Ruft uns zurück" in page
    assert "Rief an: Verpasst" in page
    assert client.post("/desk/accept").status == 200
    assert own_office.ask("asked")["log"][-1] == {"do": "accept", "user_id": jonas}
    assert 'data-do="hang_up"' in client.get("/desk").text


def test_an_agent_who_pauses_may_take_incoming_calls(own_office: Box) -> None:
    jonas = own_office.agents["jonas"]
    own_office.ask("desk", user_id=jonas, desk={"state": "paused", "takes_incoming": False})
    client = own_office.client(AGENT)
    assert 'data-reason="on"' in client.get("/desk").text
    assert client.post("/desk/take_incoming", {"reason": "on"}).status == 200
    page = client.get("/desk").text
    assert re.search(r'data-reason="off"[^>]*aria-pressed="true"', page)
