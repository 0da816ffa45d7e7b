"""Calls that came in, on the pages: who was missed, who is called back, and what a desk does with one."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest

from tests.web.box import ADMINISTRATOR, AGENT, Box, shown
from tests.web.test_api import Program, program

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


@pytest.mark.req("GEN-094")
def test_calls_are_narrowed_by_queue_campaign_and_list(own_office: Box, called: str) -> None:
    client = own_office.client(ADMINISTRATOR)
    for narrowed, there in {
        "rule=office": True,
        "rule=sales": False,
        "campaign=1": True,
        "campaign=x": True,
    }.items():
        page = client.get(f"/calls/inbound?show=all&{narrowed}").text
        assert (called in page) is there, narrowed
    (listed,) = re.findall(
        r'<select id="f-list".*?<option value="(\d+)"', client.get("/calls/inbound").text, re.DOTALL
    )
    assert called not in client.get(f"/calls/inbound?list={listed}").text, "nobody knows the caller"


def test_one_call_and_what_was_done_in_it(own_office: Box) -> None:
    jonas = own_office.agents["jonas"]
    made = own_office.ask("came_in", caller=CALLER, outcome="answered", at=AT, user_id=jonas)
    client = own_office.client(ADMINISTRATOR)
    page = client.get(f"/calls/inbound/{made['uid']}").text
    assert "+49 30 23125777" in page
    assert "Jonas Weber" in page
    assert client.get(f"/calls/inbound/{'0' * 26}").status == 404
    assert client.get("/calls/inbound/%3Cscript%3E").status == 404


# -- other programs ----------------------------------------------------------------------------------------------------


def test_another_program_follows_calls_that_came_in(own_office: Box, called: str) -> None:
    jonas = own_office.agents["jonas"]
    own_office.ask("came_in", caller=CALLER, outcome="answered", at=AT + 60, user_id=jonas)
    crm = program(own_office, "inbound:read")
    assert program(own_office, "attempts:read").get("/inbound").key == "no_scope"
    page = crm.get("/inbound?limit=1").json
    assert [(each["uid"], each["outcome"]) for each in page["items"]] == [(called, "missed")]
    assert page["more"]
    rest = crm.get(f"/inbound?cursor={page['next']}").json
    assert [each["agent_id"] for each in rest["items"]] == [jonas]
    assert crm.get(f"/inbound?cursor={rest['next']}").json["items"] == []
    assert [each["outcome"] for each in crm.get("/inbound?outcome=answered").json["items"]] == ["answered"]
    assert crm.get("/inbound?queue=elsewhere").json["items"] == []
    assert crm.get(f"/inbound/{called}").json["caller"] == CALLER
    assert crm.get(f"/inbound/{'0' * 26}").key == "not_found"
    newest = crm.get("/inbound/recent?limit=2").json["items"]
    assert [each["outcome"] for each in newest] == ["answered", "missed"]


def seen(crm: Program, patience_s: float = 30.0) -> Any:
    """What is on and who waits, once the pages have heard of it."""
    until = time.monotonic() + patience_s
    while True:
        told = crm.get("/inbound/live").json
        if told.get("items") and told.get("queues"):
            return told
        assert time.monotonic() < until, told
        time.sleep(0.1)


def test_another_program_sees_who_waits(own_office: Box) -> None:
    crm = program(own_office, "inbound:read")
    incoming = {"rule": "office", "kind": "service", "offered_at": AT, "position": 1}
    call = {"attempt": "0" * 26, "campaign_id": None, "state": "waiting", "since": AT, "incoming": incoming}
    figures = dict.fromkeys(("talking", "ready", "offered", "answered", "in_time", "promised"), 0)
    queue = {
        "name": "office",
        "campaign_id": None,
        "waiting": 1,
        "oldest_at": AT,
        "within_s": 20,
        "missed": 2,
        **figures,
    }
    own_office.ask("publish", event="call", data=call)
    own_office.ask("publish", event="queue", data=queue)
    told = seen(crm)
    (call,), (queue,) = told["items"], told["queues"]
    assert (call["state"], call["position"], call["queue"]) == ("waiting", 1, "office")
    assert (queue["name"], queue["waiting"], queue["missed"]) == ("office", 1, 2)
