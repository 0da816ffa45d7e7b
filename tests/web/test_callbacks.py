"""Promised callbacks on the pages: who sees and changes what, what is refused in words, and what can be taken back."""

from __future__ import annotations

import json
import re

import pytest

from tests.web.box import ADMINISTRATOR, AGENT, OTHER_AGENT, Box, Client

WEDNESDAY = {"day": "2027-03-10", "time": "10:30"}
WEDNESDAY_AT = 1_804_671_000.0
SUNDAY = {"day": "2027-03-14", "time": "10:30"}


@pytest.fixture
def promised(own_office: Box) -> int:
    """Jonas has promised a person in New York a call, for Wednesday 2027-03-03 at noon in Berlin."""
    made = own_office.ask(
        "promise",
        campaign_id=1,
        user_id=own_office.agents["jonas"],
        at=1_804_071_600.0,
        zone="America/New_York",
    )
    return int(made["id"])


def version(client: Client, number: int) -> str:
    """The version a page shows."""
    found = re.search(r'name="version" value="(\d+)"', client.get(f"/callbacks/{number}").text)
    assert found is not None
    return found[1]


def test_without_any_promise_the_page_says_how_one_comes_about(own_office: Box) -> None:
    page = own_office.client(ADMINISTRATOR).get("/callbacks").text
    assert "Hier steht keine Wiedervorlage." in page
    assert "mit dem Ergebnis „Wiedervorlage“" in page


def test_a_promise_is_shown_by_both_clocks_with_its_story(own_office: Box, promised: int) -> None:
    client = own_office.client(ADMINISTRATOR)
    assert "Jonas Weber" in client.get("/callbacks").text
    page = client.get(f"/callbacks/{promised}").text
    assert "12:00" in page
    assert "06:00 (UTC-05:00)" in page
    assert "Zugesagt" in page
    assert client.get("/callbacks/999").status == 404


def test_an_agent_sees_his_own_and_nobody_elses(own_office: Box, promised: int) -> None:
    mine, other = own_office.client(AGENT), own_office.client(OTHER_AGENT)
    assert f"/callbacks/{promised}" in mine.get("/callbacks").text
    assert mine.get(f"/callbacks/{promised}").status == 200
    for path in ("/callbacks", f"/callbacks?owner={own_office.agents['jonas']}", "/callbacks?owner=team"):
        assert f"/callbacks/{promised}" not in other.get(path).text
    assert other.get(f"/callbacks/{promised}").status == 404
    form = {"version": version(mine, promised), **WEDNESDAY}
    other.post(f"/callbacks/{promised}/move", form)
    other.post(f"/callbacks/{promised}/assign", form)
    assert other.post(f"/callbacks/{promised}/withdraw", form).status == 403
    assert version(mine, promised) == form["version"]


def test_moved_within_the_hours_and_refused_outside_with_the_next_time(
    own_office: Box, promised: int
) -> None:
    client = own_office.client(ADMINISTRATOR)
    first = version(client, promised)
    client.post(f"/callbacks/{promised}/move", {"version": first, **SUNDAY})
    page = client.get(f"/callbacks/{promised}").text
    assert "Dann darf dort niemand angerufen werden." in page
    assert "Wieder möglich: 15.03.2027, 09:00." in page
    client.post(f"/callbacks/{promised}/move", {"version": first, "day": "soon", "time": ""})
    assert "Bitte Tag und Uhrzeit der Wiedervorlage wählen." in client.get(f"/callbacks/{promised}").text
    client.post(f"/callbacks/{promised}/move", {"version": first, **WEDNESDAY, "time": "16:30"})
    assert "Verschoben auf" in client.get(f"/callbacks/{promised}").text


def test_a_page_that_is_old_changes_nothing_and_says_so(own_office: Box, promised: int) -> None:
    client = own_office.client(ADMINISTRATOR)
    first = version(client, promised)
    client.post(f"/callbacks/{promised}/move", {"version": first, **WEDNESDAY, "time": "16:30"})
    client.get(f"/callbacks/{promised}")
    client.post(f"/callbacks/{promised}/assign", {"version": first, "owner": ""})
    assert "wurde inzwischen geändert" in client.get(f"/callbacks/{promised}").text


def test_passed_on_to_a_colleague_and_to_the_team(own_office: Box, promised: int) -> None:
    client, mira = own_office.client(ADMINISTRATOR), own_office.agents["mira"]
    moved = client.post(
        f"/callbacks/{promised}/assign", {"version": version(client, promised), "owner": str(mira)}
    )
    second = int(moved.path.rsplit("/", 1)[1])
    assert "Mira" in client.get(moved.path).text
    assert "Weitergegeben" in client.get(f"/callbacks/{promised}").text
    agent = own_office.client(OTHER_AGENT)
    agent.post(f"/callbacks/{second}/assign", {"version": version(agent, second), "owner": "1"})
    assert f"/callbacks/{second}" not in agent.get("/callbacks").text
    assert "Team" in client.get("/callbacks").text


def test_a_withdrawal_can_be_taken_back(own_office: Box, promised: int) -> None:
    client = own_office.client(ADMINISTRATOR)
    client.post(f"/callbacks/{promised}/withdraw", {"version": version(client, promised), "why": "gekündigt"})
    page = client.get(f"/callbacks/{promised}").text
    assert "gekündigt" in page
    undo = re.search(r'action="(/callbacks/\d+/restore)".*?name="version" value="(\d+)"', page, re.S)
    assert undo is not None
    client.post(undo[1], {"version": undo[2]})
    assert "Die Wiedervorlage ist wieder offen." in client.get(f"/callbacks/{promised}").text


def test_the_table_for_a_spreadsheet_holds_no_formula(own_office: Box, promised: int) -> None:
    client = own_office.client(ADMINISTRATOR)
    client.post(f"/callbacks/{promised}/withdraw", {"version": version(client, promised), "why": "=1+1"})
    table = client.get("/callbacks/csv?show=all")
    assert table.headers["content-type"].startswith("text/csv")
    assert table.text.splitlines()[0].startswith("\ufeffZugesagt;Zeitzone;")
    assert ";'=1+1" in table.text
    assert own_office.client(AGENT).get("/callbacks/csv").status == 403


def test_the_office_sets_how_promises_are_kept(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    typed = {"grace_s": "20", "away_after_s": "5", "team_after_s": "7", "busy_after_s": "30", "again_s": "15"}
    client.post("/callbacks/rules", {**typed, "tries": "2"})
    page = client.get("/callbacks").text
    assert 'value="20"' in page
    assert 'value="7"' in page
    client.post("/callbacks/rules", {**typed, "tries": "many"})
    assert "ganze Zahlen" in client.get("/callbacks").text


def test_a_callback_at_a_time_that_is_refused_comes_back_with_a_proposal(own_office: Box) -> None:
    agent = own_office.client(AGENT)
    figures = {"rule": "window_closed", "until": WEDNESDAY_AT}
    own_office.ask("refuse", do="wrap_up", key="callback_outside_window", text="no", figures=figures)
    form = {
        "attempt": "01K0000000000000000000000A", "code": "callback", "note": "", "key": "ab" * 16,
        "callback": "2027-03-14T10:30", "kind": "personal",
    }  # fmt: skip
    answer = agent.post("/desk/wrap_up", form)
    assert answer.status == 409
    told = json.loads(answer.text)
    assert told["proposal"] == "2027-03-10T10:30"
    assert "10.03.2027" in told["proposed"]
    assert own_office.ask("asked")["log"][-1]["callback_kind"] == "personal"
