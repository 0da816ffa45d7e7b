"""The agent's desk without a browser: what the page holds and what its buttons ask for."""

from __future__ import annotations

import json
import time

import pytest

from tests.web.box import AGENT, Box, Client, conversation, record, shown
from tests.web.streams import Events
from web_ui.routes.desk import local_moment

KEY = "0123456789abcdef0123456789abcdef"
RESULT = {"attempt": "01K0000000000000000000000A", "code": "contacted", "note": "Gut", "key": KEY}


def last(box: Box) -> dict[str, object]:
    return [entry for entry in box.ask("asked")["log"] if entry["do"] != "after_wrap_up"][-1]


@pytest.fixture
def agent(own_office: Box) -> Client:
    client = own_office.client(AGENT)
    client.get("/desk")
    return client


@pytest.mark.req("WDE-031")
def test_an_agent_logs_in_gets_ready_and_pauses_with_a_reason(own_office: Box, agent: Client) -> None:
    for action, fields, expected in (
        ("log_in", {}, "Pause"),
        ("ready", {}, "Bereit"),
        ("pause", {"reason": "lunch"}, "Mittagspause"),
        ("log_out", {}, "Abgemeldet"),
    ):
        answer = agent.post(f"/desk/{action}", fields)
        assert json.loads(answer.text) == {"ok": True, "problems": []}
        assert expected in agent.get("/desk").text


@pytest.mark.req("WDE-002", "WDE-010", "WDE-018", "WDE-020", "WDE-021")
def test_the_contact_appears_when_the_call_connects(own_office: Box, agent: Client) -> None:
    with Events(agent, "/live/desk") as events:
        events.next()
        assert "Karla Neumann" not in agent.get("/desk").text
        own_office.talk(own_office.agents["jonas"], since=time.time())
        told = events.wait_for(lambda told: told["desk"]["state"] == "talking")
        assert "Karla Neumann" in told["regions"]["call"]
        assert "+49 30 23125000" in told["regions"]["call"]
        assert "Herbstaktion" in told["regions"]["call"]
        assert "Verbunden" in told["regions"]["call"]
        assert "Neumann &amp; Söhne" in told["regions"]["contact"]
        assert "Ruft zurück" in told["regions"]["contact"]
        assert told["regions"]["codes"].count("<label") == 3
        agent.post("/desk/hold")
        told = events.wait_for(lambda told: told["desk"]["held"])
        assert "Wird gehalten" in told["regions"]["call"]
        agent.post("/desk/hang_up")
        told = events.wait_for(lambda told: told["desk"]["state"] == "wrap_up")
        assert "Beendet durch Agent" in told["regions"]["call"]
        assert told["desk"]["ends_at"] > time.time()


@pytest.mark.req("WDE-023")
def test_what_can_be_done_with_a_call_is_there(own_office: Box, agent: Client) -> None:
    jonas = own_office.agents["jonas"]
    own_office.ask("desk", user_id=jonas, desk=shown(time.time()))
    page = agent.get("/desk").text
    for button in ("b-accept", "b-decline"):
        assert f'id="{button}"' in page
    party = {"role": "first", "stage": "talk", "wishes": ["ask", "ask_blind"], "other": None, "told": None}
    own_office.ask("desk", user_id=jonas, desk={**conversation(time.time()), "party": party})
    page = agent.get("/desk").text
    for button in ("b-hang-up", "b-hold", "b-whom", "phone-mute"):
        assert f'id="{button}"' in page
    for digit in "0123456789*#":
        assert f'data-do="digits" data-digits="{digit}"' in page
    for action in ("hold", "unhold", "hang_up"):
        assert agent.post(f"/desk/{action}").status == 200
        assert last(own_office)["do"] == action


def test_the_page_survives_a_reload_with_the_call_on_it(own_office: Box, agent: Client) -> None:
    own_office.talk(own_office.agents["jonas"], since=time.time())
    page = agent.get("/desk").text
    assert "Karla Neumann" in page
    assert "01K0000000000000000000000A" in page


@pytest.mark.req("WDE-003", "WDE-004", "WDE-005")
def test_campaigns_that_begin_are_told_until_they_are_confirmed(own_office: Box, agent: Client) -> None:
    told = [
        {"id": 4, "campaign": "<b>Herbst", "kind": "loaded", "at": time.time()},
        {"id": 5, "campaign": "Winter", "kind": "started", "at": time.time()},
    ]
    own_office.ask("desk", user_id=own_office.agents["jonas"], desk={"state": "ready", "notices": told})
    page = agent.get("/desk").text
    assert "&lt;b&gt;Herbst beginnt gleich. Sind Sie da?" in page
    assert "Winter hat begonnen" in page
    assert agent.post("/desk/confirm", {"id": "4"}).status == 200
    assert last(own_office)["id"] == 4


def test_keys_of_the_keypad_reach_the_call_and_nothing_else_does(own_office: Box, agent: Client) -> None:
    own_office.talk(own_office.agents["jonas"], since=time.time())
    assert agent.post("/desk/digits", {"digits": "5#"}).status == 200
    assert last(own_office)["digits"] == "5#"


@pytest.mark.req("WDE-024")
def test_a_result_is_handed_on_with_its_note_and_its_key(own_office: Box, agent: Client) -> None:
    own_office.ask("desk", user_id=own_office.agents["jonas"], desk={**conversation(1.0), "state": "wrap_up"})
    assert agent.post("/desk/wrap_up", RESULT).status == 200
    asked = last(own_office)
    assert {name: asked[name] for name in RESULT} == RESULT
    assert asked["do_not_call"] is False


@pytest.mark.req("WDE-025")
def test_do_not_call_and_a_callback_time_are_handed_on(own_office: Box, agent: Client) -> None:
    agent.post("/desk/wrap_up", {**RESULT, "do_not_call": "1"})
    assert last(own_office)["do_not_call"] is True
    agent.post("/desk/wrap_up", {**RESULT, "code": "callback", "callback": "2027-03-28T10:30"})
    assert last(own_office)["callback_at"] == 1806222600.0


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": ""},
        {"key": "../../x"},
        {"key": "x" * 100},
        {"callback": "soon"},
        {"callback": "2027-13-01T10:00"},
    ],
)
def test_a_result_that_makes_no_sense_is_refused(
    own_office: Box, agent: Client, wrong: dict[str, str]
) -> None:
    before = len(own_office.ask("asked")["log"])
    answer = agent.post("/desk/wrap_up", {**RESULT, **wrong})
    assert answer.status in (400, 422)
    assert json.loads(answer.text)["ok"] is False
    assert len(own_office.ask("asked")["log"]) == before


def test_a_refusal_comes_back_in_the_agents_words(own_office: Box, agent: Client) -> None:
    own_office.ask("refuse", do="ready", key="not_in_this_state", text="ready is not possible while talking.")
    answer = agent.post("/desk/ready")
    assert answer.status == 409
    assert json.loads(answer.text)["problems"] == ["Das ist gerade nicht möglich."]


def test_without_the_service_a_button_says_so(own_office: Box, agent: Client) -> None:
    assert own_office.service is not None
    own_office.service.kill()
    answer = agent.post("/desk/ready")
    assert answer.status == 503
    assert json.loads(answer.text)["problems"] == ["Die Anlage antwortet nicht."]


def test_a_desk_hears_only_of_its_own(own_office: Box, agent: Client) -> None:
    with Events(agent, "/live/desk") as events:
        events.next()
        own_office.talk(own_office.agents["mira"], since=1.0, name="Otto Geheim")
        own_office.ask(
            "desk", user_id=own_office.agents["jonas"], desk={"state": "paused", "reason": "meeting"}
        )
        told = events.wait_for(lambda told: True)
    assert "Besprechung" in told["regions"]["status"]
    assert "Otto Geheim" not in json.dumps(told)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-11-23T09:00", 1795420800.0),
        ("2027-03-28T02:30", 1806197400.0),
        ("2026-10-25T02:30", 1792888200.0),
        ("", None),
        ("2026-11-23T25:00", None),
    ],
)
def test_office_time_is_understood_on_switch_nights_too(text: str, at: float | None) -> None:
    assert local_moment(text, "Europe/Berlin") == at


# -- records to look at, and numbers typed by hand ------------------------------------------------------------------


@pytest.mark.req("GEN-001", "WDE-011")
def test_a_record_is_shown_with_its_history_before_anything_is_dialled(
    own_office: Box, agent: Client
) -> None:
    jonas, now = own_office.agents["jonas"], time.time()
    with Events(agent, "/live/desk") as events:
        events.next()
        own_office.ask("desk", user_id=jonas, desk=record(now, dials_at=now + 20))
        told = events.wait_for(lambda told: told["desk"]["offer"] == 7)
    assert "Noch nicht gewählt" in told["regions"]["call"]
    assert "wählt von selbst in" in told["regions"]["call"]
    assert "Neumann &amp; Söhne" in told["regions"]["contact"]
    assert "Ruft zurück" in told["regions"]["contact"]
    assert told["desk"]["dials_at"] == now + 20
    assert told["desk"]["spoken"] == "Datensatz zur Ansicht: Karla Neumann. F2 ruft an."
    for action in ("dial", "wait", "skip", "reject"):
        assert f'data-do="{action}"' in told["regions"]["call"]
    assert "Karla Neumann" in agent.get("/desk").text


def test_an_open_page_keeps_asking_while_a_record_is_on_it(own_office: Box, agent: Client) -> None:
    """That is how the service knows that somebody looks."""
    own_office.ask("desk", user_id=own_office.agents["jonas"], desk=record(time.time()))
    told = json.loads(agent.get("/live/desk.json").text)
    assert told["desk"]["offer"] == 7
    before = own_office.ask("asked")["looked"]
    end = time.monotonic() + 60
    with Events(agent, "/live/desk") as events:
        events.next()
        while own_office.ask("asked")["looked"] < before + 3:
            assert time.monotonic() < end
            time.sleep(0.1)  # between two looks at a foreign process


def test_what_may_not_be_skipped_has_no_button_for_it(own_office: Box, agent: Client) -> None:
    own_office.ask("desk", user_id=own_office.agents["jonas"], desk=record(time.time(), may_skip=False))
    page = agent.get("/desk").text
    assert 'data-do="reject"' in page
    assert 'data-do="skip"' not in page


@pytest.mark.parametrize(
    ("sent", "handed_on"), [("dealt_with", "dealt_with"), ("<b>", "other"), ("", "other")]
)
def test_a_record_is_skipped_with_a_reason_the_box_knows(
    own_office: Box, agent: Client, sent: str, handed_on: str
) -> None:
    own_office.ask("desk", user_id=own_office.agents["jonas"], desk=record(time.time()))
    assert agent.post("/desk/skip", {"reason": sent}).status == 200
    skipped = [entry for entry in own_office.ask("asked")["log"] if entry["do"] == "skip"]
    assert skipped[-1]["reason"] == handed_on


def test_a_call_that_the_rules_refuse_is_explained(own_office: Box, agent: Client) -> None:
    own_office.ask("desk", user_id=own_office.agents["jonas"], desk=record(time.time()))
    figures = {"rule": "window_closed", "until": 1795420800.0}
    own_office.ask("refuse", do="dial", key="call_refused", text="not now", figures=figures)
    answer = agent.post("/desk/dial")
    assert answer.status == 409
    (said,) = json.loads(answer.text)["problems"]
    assert "Außerhalb der Anrufzeiten" in said
    assert "Wieder möglich ab" in said
    assert "09:00" in said


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"key": "missed", "name": "Karla Neumann"}, "Karla Neumann: Der Datensatz wurde nicht rechtzeitig"),
        ({"key": "refused", "name": "Karla Neumann", "rule": "dnc", "until": None}, "Auf einer Sperrliste"),
    ],
)
def test_what_the_box_did_by_itself_is_said_on_the_desk(
    own_office: Box, agent: Client, told: dict[str, object], said: str
) -> None:
    desk = {"state": "paused", "reason": "offer_missed", "offer": None, "told": told}
    own_office.ask("desk", user_id=own_office.agents["jonas"], desk=desk)
    page = agent.get("/desk").text
    assert said in page
    assert "Ein Datensatz wurde nicht rechtzeitig angenommen" in page


def test_a_number_is_typed_for_a_campaign(own_office: Box, agent: Client) -> None:
    fields = {"campaign_id": "1", "number": "030 23125 077"}
    assert agent.post("/desk/dial_number", fields).status == 200
    asked = last(own_office)
    assert (asked["campaign_id"], asked["number"]) == (1, "030 23125 077")
    for wrong in ({"campaign_id": "1", "number": ""}, {"campaign_id": "x", "number": "1"}):
        assert agent.post("/desk/dial_number", wrong).status == 422
    own_office.ask("refuse", do="dial_number", key="cannot_dial", text="no", figures={"reason": "no_lines"})
    answer = agent.post("/desk/dial_number", fields)
    assert json.loads(answer.text)["problems"] == [
        "Die Anlage kann gerade nicht wählen: Alle Leitungen sind belegt."
    ]


def test_an_agent_says_that_a_machine_was_a_person(own_office: Box, agent: Client) -> None:
    uid = "01K0000000000000000000000B"
    past = {"at": 1.0, "disposition": "machine", "note": "", "attempt": uid}
    desk = {**record(time.time()), "history": [past]}
    own_office.ask("desk", user_id=own_office.agents["jonas"], desk=desk)
    assert f'data-do="was_person" data-attempt="{uid}"' in agent.get("/desk").text
    assert agent.post("/desk/was_person", {"attempt": uid}).status == 200
    assert last(own_office)["attempt"] == uid
    reported = {**desk, "history": [{**past, "person": True}]}
    own_office.ask("desk", user_id=own_office.agents["jonas"], desk=reported)
    page = agent.get("/desk").text
    assert "Gemeldet: ein Mensch, kein Anrufbeantworter" in page
    assert "was_person" not in page


def test_an_agent_says_what_it_really_was(own_office: Box, agent: Client) -> None:
    jonas = own_office.agents["jonas"]
    uid = own_office.ask("attempt", campaign_id=1, user_id=jonas, note="")["uid"]
    desk = {**conversation(time.time()), "attempt": uid}
    own_office.ask("desk", user_id=jonas, desk=desk)
    page = agent.get("/desk").text
    assert "Erkannt: Mensch" in page
    assert (
        f'data-do="word" data-said="machine" data-attempt="{uid}" id="b-machine" aria-pressed="false"' in page
    )
    assert json.loads(agent.post("/desk/word", {"attempt": uid, "said": "machine"}).text)["ok"]
    own_office.ask("desk", user_id=jonas, desk={**desk, "state": "wrap_up", "word": "machine"})
    assert 'id="b-machine" aria-pressed="true"' in agent.get("/desk").text
    other = own_office.ask("attempt", campaign_id=1, user_id=own_office.agents["mira"], note="")["uid"]
    for fields, said in (
        ({"attempt": other, "said": "machine"}, "Das war das Gespräch eines anderen Agenten."),
        ({"attempt": "0" * 26, "said": "machine"}, "Diesen Anwahlversuch gibt es nicht."),
    ):
        answer = agent.post("/desk/word", fields)
        assert (answer.status, json.loads(answer.text)["problems"]) == (409, [said])
    own_office.ask("desk", user_id=jonas, desk=conversation(time.time(), verdict=None))
    assert "b-machine" not in agent.get("/desk").text
