"""An agent's own: keys that are refused, kept and shown on the desk; open items checked, parked or finished."""

from __future__ import annotations

import json
import time

import pytest

from tests.web.box import ADMINISTRATOR, AGENT, OTHER_AGENT, Box, Client, conversation, record
from web_ui.desk_keys import DELIVERED

WEDNESDAY = {"day": "2027-03-10", "time": "10:30"}


@pytest.fixture
def agent(own_office: Box) -> Client:
    return own_office.client(AGENT)


def keys_on_desk(client: Client) -> dict[str, str]:
    """Key -> action, as the desk's script gets it."""
    found: dict[str, str] = json.loads(client.get("/live/desk.json").text)["desk"]["keys"]
    return found


def test_a_key_that_cannot_be_is_refused_beside_its_field_and_nothing_is_kept(
    own_office: Box, agent: Client
) -> None:
    answer = agent.post("/desk/keys", {**DELIVERED, "hold": "F5", "mute": "Ctrl+M", "ask": "F2"})
    assert answer.status == 422
    assert "F5 behält der Browser: Sie lädt die Seite neu." in answer.text
    assert "CTRL+M: Tasten mit Strg oder Alt" in answer.text
    assert "F2 ist schon vergeben" in answer.text
    assert 'value="F5"' in answer.text
    assert keys_on_desk(agent)["F4"] == "hold"


def test_keys_are_ones_own_and_stand_on_the_desk_until_as_delivered(own_office: Box, agent: Client) -> None:
    own_office.talk(own_office.agents["jonas"], since=time.time())
    agent.post("/desk/keys", {**DELIVERED, "hold": "⇧ f10".replace("⇧ ", ""), "machine": "", "hang_up": "F4"})
    keys = keys_on_desk(agent)
    assert (keys["F10"], keys["F4"]) == ("hold", "hang_up")
    assert "F9" not in keys
    page = agent.get("/desk").text
    assert 'id="b-hold" aria-keyshortcuts="F10"' in page
    assert "<kbd>F10</kbd>" in page
    assert "F4" in keys_on_desk(own_office.client(OTHER_AGENT))
    assert keys_on_desk(own_office.client(OTHER_AGENT))["F4"] == "hold"
    agent.post("/desk/keys", {"delivered": "1"})
    assert keys_on_desk(agent) == {key: action for action, key in DELIVERED.items()}


def test_the_reader_is_told_the_key_that_dials(own_office: Box, agent: Client) -> None:
    own_office.ask("desk", user_id=own_office.agents["jonas"], desk=record(1.0))
    agent.post("/desk/keys", {**DELIVERED, "take": "F10"})
    spoken = json.loads(agent.get("/live/desk.json").text)["desk"]["spoken"]
    assert spoken == "Datensatz zur Ansicht: Karla Neumann. F10 ruft an."
    agent.post("/desk/keys", {**DELIVERED, "take": ""})
    spoken = json.loads(agent.get("/live/desk.json").text)["desk"]["spoken"]
    assert spoken == "Datensatz zur Ansicht: Karla Neumann."


def test_a_person_who_expects_the_call_is_marked_and_told_to_the_script(
    own_office: Box, agent: Client
) -> None:
    def told() -> dict[str, object]:
        found: dict[str, object] = json.loads(agent.get("/live/desk.json").text)
        return found

    jonas = own_office.agents["jonas"]
    own_office.ask("desk", user_id=jonas, desk={**conversation(1.0), "promise": None})
    assert told()["desk"]["expected"] is False  # type: ignore[index]
    own_office.ask(
        "desk", user_id=jonas, desk={**conversation(1.0), "promise": {"promised_at": 1_804_071_600.0}}
    )
    assert told()["desk"]["expected"] is True  # type: ignore[index]
    assert '<span class="tag expected">Wiedervorlage</span>' in told()["regions"]["call"]  # type: ignore[index]


@pytest.mark.req("WDE-032")
def test_what_is_open_is_shown_to_its_agent_alone_until_checked(own_office: Box, agent: Client) -> None:
    jonas = own_office.agents["jonas"]
    assert "In den letzten sieben Tagen hat die Anlage kein Ergebnis" in agent.get("/desk/open").text
    uid = own_office.ask("attempt", campaign_id=1, user_id=jonas, note="", automatic=True)["uid"]
    made = own_office.ask("promise", campaign_id=1, user_id=jonas, at=1_700_000_000.0)["id"]
    own_office.ask("desk", user_id=jonas, desk=conversation(1.0, held=True))
    page = agent.get("/desk/open").text
    assert f'href="/callbacks/{made}"' in page
    assert "Karla Neumann wird gehalten." in page
    assert "Das automatische Ergebnis wurde gespeichert" in page
    assert uid in page
    other = own_office.client(OTHER_AGENT)
    assert uid not in other.get("/desk/open").text
    other.post("/desk/open/checked", {"attempt": uid})
    assert "Das ist nicht mehr offen." in other.get("/desk/open").text
    assert uid in agent.get("/desk/open").text
    agent.post("/desk/open/checked", {"attempt": uid})
    assert uid not in agent.get("/desk/open").text


@pytest.mark.req("WDE-032")
def test_an_open_item_is_parked_until_a_time_and_then_a_callback_of_ones_own(
    own_office: Box, agent: Client
) -> None:
    jonas = own_office.agents["jonas"]
    uid = own_office.ask("attempt", campaign_id=1, user_id=jonas, note="", automatic=True)["uid"]
    form = {"attempt": uid, "note": "Angebot nachfassen", **WEDNESDAY}
    own_office.client(OTHER_AGENT).post("/desk/open/park", form)
    agent.post("/desk/open/park", {**form, "day": "soon"})
    assert "Angebot nachfassen" not in agent.get("/desk/open").text
    agent.post("/desk/open/park", form)
    page = agent.get("/desk/open").text
    assert "Zurückgestellt bis 10.03.2027, 10:30" in page
    assert "Angebot nachfassen" in page
    assert uid not in page
    assert "Angebot nachfassen" not in own_office.client(OTHER_AGENT).get("/desk/open").text


def test_a_result_given_later_reaches_the_box_as_ones_own(own_office: Box, agent: Client) -> None:
    agent.post(
        "/desk/open/result", {"attempt": "01K0000000000000000000000A", "code": "contacted", "note": "x"}
    )
    asked = [entry for entry in own_office.ask("asked")["log"] if entry["do"] == "wrap_up"][-1]
    assert (asked["user_id"], asked["code"], asked["note"]) == (own_office.agents["jonas"], "contacted", "x")


def test_these_pages_are_for_agents(own_office: Box) -> None:
    for path in ("/desk/keys", "/desk/open"):
        assert own_office.client(ADMINISTRATOR).get(path).status == 403
