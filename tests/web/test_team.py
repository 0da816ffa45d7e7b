"""The supervisor's page, what an agent does with others in a call, and the directory, without a browser."""

from __future__ import annotations

import json
import time

import pytest

from tests.web.box import ADMINISTRATOR, AGENT, Box, Client, conversation
from tests.web.streams import Events


@pytest.fixture
def boss(own_office: Box) -> Client:
    client = own_office.client(ADMINISTRATOR)
    client.get("/team")
    return client


def asked(box: Box, do: str) -> dict[str, object]:
    found: dict[str, object] = [entry for entry in box.ask("asked")["log"] if entry["do"] == do][-1]
    return found


def seen(client: Client, region: str, text: str) -> str:
    """A live region of the page, once this stands in it."""
    with Events(client, "/live/team") as events:
        told = events.wait_for(lambda told: text in told["regions"].get(region, ""))
    shown: str = told["regions"][region]
    return shown


def in_call(box: Box, **more: object) -> int:
    """Jonas talks with a customer of the first campaign."""
    jonas = box.agents["jonas"]
    uid, since = "01K0000000000000000000000A", time.time()
    call = {
        "attempt": uid, "campaign_id": 1, "number": "+4930…00", "name": "Karla", "state": "bridged", "since": since,
        "verdict": None, "agent_id": jonas, "held": False, "stage": "private", "with": ["Bernd"],
    }  # fmt: skip
    box.ask("publish", event="call", data=call)
    agent = {
        "id": jonas, "name": "Jonas", "state": "talking", "since": since, "reason": "", "phone_mode": "nailed_up",
        "phone_registered": True, "phone_open": True, "attempt": uid, "campaign_id": 1, "party": "first", "hand": None,
        "unread": 0, "monitors": [], **more,
    }  # fmt: skip
    box.ask("publish", event="agent", data=agent)
    return jonas


def test_the_row_of_an_agent_offers_what_makes_sense(own_office: Box, boss: Client) -> None:
    jonas = in_call(own_office)
    page = seen(boss, "team_agents", "mit Bernd")
    for word in ("Mithören", "Einflüstern", "Aufschalten", "In die Pause schicken"):
        assert f"{word}: Jonas" in page
    assert "Bereit schalten: Jonas" not in page
    for kind in ("listen", "whisper", "barge"):
        boss.post(f"/team/{kind}", {"agent": str(jonas)})
        assert asked(own_office, "listen")["kind"] == kind
    boss.post("/team/paused", {"agent": str(jonas)})
    assert asked(own_office, "force") | {"by": 0} == {
        "do": "force",
        "by": 0,
        "agent_id": jonas,
        "to": "paused",
    }
    boss.post("/team/leave", {"agent": str(jonas)})
    assert asked(own_office, "leave")["do"] == "leave"


def test_who_needs_somebody_is_said_first(own_office: Box, boss: Client) -> None:
    in_call(own_office, hand=time.time(), phone_registered=False)
    page = seen(boss, "team_needs", "Jonas bittet um Hilfe.")
    assert "Das Telefon von Jonas ist weg." in page


def test_a_message_and_the_rules_go_to_the_box(own_office: Box, boss: Client) -> None:
    jonas = own_office.agents["jonas"]
    boss.post("/team/message", {"agent": str(jonas), "text": "Bitte kurz zu mir"})
    assert asked(own_office, "message")["text"] == "Bitte kurz zu mir"
    boss.post("/team/rules", {"allowed": "1"})
    assert 'name="announced" value="1">' in boss.get("/team").text


def test_an_agent_may_not_open_the_team(own_office: Box) -> None:
    assert own_office.client(AGENT).get("/team").status == 403


def test_the_directory_takes_no_emergency_number(own_office: Box, boss: Client) -> None:
    boss.post("/destinations", {"name": "Partner", "number": "030 23125900"})
    page = boss.get("/destinations").text
    assert "+49 30 23125900" in page
    boss.post("/destinations", {"name": "Notruf", "number": "112"})
    assert "Notrufnummern sind nie ein Ziel." in boss.get("/destinations").text
    number = page.split("/destinations/")[1].split("/")[0]
    boss.post(f"/destinations/{number}/remove")
    assert "+49 30 23125900" not in boss.get("/destinations").text


@pytest.mark.req("WDE-019")
def test_the_desk_asks_in_changes_over_and_hands_over(own_office: Box) -> None:
    agent = own_office.client(AGENT)
    jonas = own_office.agents["jonas"]
    party = {
        "role": "first",
        "stage": "talk",
        "wishes": ["ask", "ask_blind"],
        "other": None,
        "told": "not_answered",
    }
    more = {"party": party, "messages": [{"id": 4, "from": "Sven", "text": "Kommst du?", "at": 1.0}]}
    desk = {
        **conversation(time.time()),
        **more,
        "monitored": [{"name": "Sven", "kind": "listen"}],
        "hand": None,
    }
    own_office.ask("desk", user_id=jonas, desk=desk)
    page = agent.get("/desk").text
    for said in (
        "Rückfragen oder übergeben",
        "Kommst du?",
        "Sven nimmt an diesem Gespräch teil",
        "Niemand hat abgenommen",
    ):
        assert said in page
    assert json.loads(agent.get("/desk/whom.json").text)["colleagues"][0]["name"] == "Bernd"
    agent.post("/desk/consult", {"kind": "agent", "id": "7", "blind": "1"})
    assert asked(own_office, "consult") == {
        "do": "consult", "user_id": jonas, "kind": "agent", "id": 7, "blind": True,
    }  # fmt: skip
    other = {"name": "Bernd", "kind": "agent", "answered": True}
    wishes = ["toggle", "join", "complete", "take_back"]
    desk["party"] = {**party, "stage": "private", "wishes": wishes, "other": other}
    own_office.ask("desk", user_id=jonas, desk=desk)
    page = agent.get("/desk").text
    for said in ("Bernd", "Makeln", "Konferenz", "Übergeben", "Kunden zurückholen"):
        assert said in page
    assert 'id="b-hold"' not in page
    agent.post("/desk/party", {"wish": "complete"})
    assert asked(own_office, "party")["wish"] == "complete"
    agent.post("/desk/hand", {"up": "1"})
    assert asked(own_office, "raise_hand")["up"] is True
    agent.post("/desk/read", {"id": "4"})
    assert asked(own_office, "read_message")["id"] == 4
