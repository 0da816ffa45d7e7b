"""Pages that follow the box: what they are told, who gets a stream, and what happens when one side is gone."""

from __future__ import annotations

import json
import socket
import threading

import pytest

from tests.web.box import ADMINISTRATOR, AGENT, Box, people
from tests.web.streams import Events
from web_ui.client import ServiceClient
from web_ui.live import Hub, Picture


def test_the_page_is_told_what_changed_and_only_that(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    jonas = own_office.agents["jonas"]
    with Events(client, "/live/dashboard") as events:
        assert events.headers["content-type"].startswith("text/event-stream")
        assert events.headers["x-accel-buffering"] == "no"
        first = events.wait_for(lambda told: "agents" in told["regions"])
        assert set(first["regions"]) == {"tiles", "needs", "campaigns", "agents", "calls", "trunks", "queues"}
        own_office.ask("desk", user_id=jonas, desk={"state": "ready"})
        told = events.wait_for(lambda told: "agents" in told["regions"])
        assert "Bereit" in told["regions"]["agents"]
        assert "trunks" not in told["regions"]
        own_office.ask("trunk", name="provider", up=False)
        told = events.wait_for(lambda told: "trunks" in told["regions"])
        assert "gestört" in told["regions"]["trunks"]
        assert "Die Amtsleitung provider ist gestört." in told["regions"]["needs"]


@pytest.mark.req("GEN-081", "GEN-082", "GEN-083", "GEN-084", "GEN-085")
def test_the_dashboard_shows_the_campaigns_figures(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    figures = {
        "id": 1, "name": "Herbstaktion", "state": "running", "contacts": 200, "open": 120, "in_flight": 4,
        "closed": 76, "attempts": 150, "live_answers": 50, "abandoned": 2, "abandon_rate": 0.04,
        "abandon_target": 0.03, "dispositions": {"contacted": 40}, "agents": [2, 3],
        "pacing": {"starts": 0, "reason": "nobody_ready", "figures": {}},
    }  # fmt: skip
    with Events(client, "/live/dashboard") as events:
        own_office.ask("desk", user_id=2, desk={"state": "ready"})
        own_office.ask("publish", event="campaign", data=figures)
        told = events.wait_for(lambda told: "38,0" in told["regions"].get("campaigns", ""))
    shown = {**events.shown, **told["regions"]}
    for said in (
        "76 von 200 Kontakten",
        "33,3\u00a0%",
        "4,0\u00a0%",
        "2 abgebrochene Anrufe",
        "höchstens 3,0\u00a0%",
        "Kein Agent ist bereit.",
    ):
        assert said in shown["campaigns"], said
    assert "mehr abgebrochene Anrufe, als das Ziel erlaubt" in shown["needs"]
    assert "Agenten bereit" in shown["tiles"]


def test_names_from_outside_stay_text_in_live_regions(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    evil = "<img src=x onerror=alert(1)>"
    call = {"attempt": "u1", "campaign_id": 1, "number": evil, "name": evil, "state": "ringing", "since": 1.0}
    with Events(client, "/live/dashboard") as events:
        own_office.ask("publish", event="call", data={**call, "agent_id": None, "held": False})
        told = events.wait_for(lambda told: "onerror" in told["regions"].get("calls", ""))
    assert "<img" not in told["regions"]["calls"]


def test_a_page_without_a_stream_can_ask_for_the_same(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    asked = json.loads(client.get("/live/dashboard.json").text)
    with Events(client, "/live/dashboard") as events:
        told = events.wait_for(lambda told: "agents" in told["regions"])
    assert asked["regions"]["agents"] == told["regions"]["agents"]
    assert asked["connected"] is True
    desk = json.loads(own_office.client(AGENT).get("/live/desk.json").text)
    assert desk["desk"]["state"] == "logged_out"


def test_a_fourth_page_of_a_session_takes_the_place_of_the_first(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    opened = [Events(client, "/live/dashboard") for _ in range(4)]
    try:
        assert [events.status for events in opened] == [200] * 4
        while (event := opened[0].next())[0] == "message":
            pass
        assert event[0] == "busy"
    finally:
        for events in opened:
            events.close()


def test_streams_are_capped_and_their_places_come_back(own_office: Box) -> None:
    clients = [own_office.client(ADMINISTRATOR) for _ in range(20)]
    opened = [Events(client, "/live/dashboard") for client in clients for _ in range(3)]
    one_more = own_office.client(ADMINISTRATOR)
    try:
        assert {events.status for events in opened} == {200}
        with Events(one_more, "/live/dashboard") as refused:
            assert refused.status == 503
            assert int(refused.headers["retry-after"]) > 0
        assert one_more.get("/dashboard").status == 200
    finally:
        for events in opened:
            events.close()
    while True:
        with Events(one_more, "/live/dashboard") as events:
            if events.status == 200:
                break


def test_a_hundred_slow_visitors_keep_nobody_waiting(own_office: Box) -> None:
    slow = []
    for _ in range(100):
        visitor = socket.create_connection(("127.0.0.1", own_office.port))
        visitor.sendall(b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\nX-Half: ")
        slow.append(visitor)
    try:
        client = own_office.client(ADMINISTRATOR)
        for path in ("/dashboard", "/campaigns", "/login"):
            assert client.get(path).status in (200, 303)
        with Events(client, "/live/dashboard") as events:
            assert events.next()[0] == "message"
    finally:
        for visitor in slow:
            visitor.close()


def test_a_reader_that_reads_nothing_keeps_nobody_waiting(own_office: Box) -> None:
    deaf = [Events(own_office.client(ADMINISTRATOR), "/live/dashboard") for _ in range(10)]
    client = own_office.client(ADMINISTRATOR)
    name = "x" * 60_000
    with Events(client, "/live/dashboard") as events:
        for i in range(40):
            own_office.ask(
                "publish", event="trunk", data={"name": "noise", "up": True, "legs": i, "lines": name}
            )
        own_office.ask("publish", event="trunk", data={"name": "quiet", "up": True, "legs": 1, "lines": 2})
        events.wait_for(lambda told: "quiet" in told["regions"].get("trunks", ""))
    for stream in deaf:
        stream.close()


def test_a_stream_ends_with_its_session(own_office: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    client = own_office.client(AGENT)
    with Events(client, "/live/desk") as events:
        events.next()
        own_office.client(ADMINISTRATOR).post(f"/users/{own_office.agents['jonas']}/remove")
        while (event := events.next())[0] == "message":
            pass
    assert event[0] == "over"


def test_without_the_service_every_page_still_stands_and_says_so(own_office: Box) -> None:
    client, agent = own_office.client(ADMINISTRATOR), own_office.client(AGENT)
    events = Events(client, "/live/dashboard")
    events.next()
    assert own_office.service is not None
    own_office.service.kill()
    events.wait_for(lambda told: told["connected"] is False)
    events.close()
    for path in ("/dashboard", "/campaigns", "/campaigns/1", "/campaigns/new", "/lists", "/lists/1", "/dnc", "/dnc/1",
                 "/users", "/users/2", "/account"):  # fmt: skip
        page = client.get(path)
        assert page.status == 200, path
        banner = page.text.split('id="banner"')[1].split(">")[0]
        assert "hidden" not in banner, path
    assert "Der Telefondienst antwortet nicht" in agent.get("/desk").text
    refused = client.post("/campaigns/1/pause")
    assert refused.status == 503
    assert "Es wurde nichts geändert" in refused.text
    assert own_office.client().post("/login", {"login": "anna", "password": ADMINISTRATOR[1]}).status == 503
    assert (
        "niemand" in own_office.client().get("/login").text or own_office.client().get("/login").status == 200
    )


def test_the_pages_find_the_service_again_by_themselves(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    with Events(client, "/live/dashboard") as events:
        events.next()
        assert own_office.service is not None
        own_office.service.kill()
        events.wait_for(lambda told: told["connected"] is False)
        own_office.start_service()
        events.wait_for(lambda told: told["connected"] is True)
        own_office.ask("desk", user_id=2, desk={"state": "paused", "reason": "lunch"})
        told = events.wait_for(lambda told: "Mittagspause" in told["regions"].get("agents", ""))
    assert told["connected"]


def test_an_import_is_followed_to_its_end(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    path = client.upload("gross.csv", people(900)).path
    columns = {"column-0": "Name", "role-0": "name", "column-1": "Telefon", "role-1": "number"}
    job = client.post(path, {"name": "Groß", "country": "DE", "list_id": "", **columns}).path
    with Events(client, f"/live{job.removeprefix('/lists')}") as events:
        told = events.wait_for(lambda told: "Der Import ist fertig." in told["regions"].get("import", ""))
    assert ">900<" in told["regions"]["import"]


# -- the hub against a scripted service ---------------------------------------------------------------------------


class Script:
    """A control socket that says what it is told, line by line."""

    def __init__(self, path: str) -> None:
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(path)
        self._listening.listen()
        self.connections: list[socket.socket] = []
        self._came = threading.Semaphore(0)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            connection.recv(65536)
            self.connections.append(connection)
            self._came.release()

    def say(self, text: bytes) -> None:
        """Wait for a connection and speak on it."""
        assert self._came.acquire(timeout=10)
        self.connections[-1].sendall(text)

    def close(self) -> None:
        """Hang up everywhere."""
        self._listening.close()
        for connection in self.connections:
            connection.close()


SNAPSHOT = {"at": 5.0, "box": {}, "agents": [{"id": 1, "state": "ready"}], "calls": [], "campaigns": []}


def line(**data: object) -> bytes:
    return json.dumps(data).encode() + b"\n"


@pytest.fixture
def script(tmp_path):
    service = Script(str(tmp_path / "s"))
    yield service
    service.close()


@pytest.fixture
def hub(tmp_path):
    hub = Hub(ServiceClient(tmp_path / "s"))
    yield hub
    hub.stop()


def wait(hub: Hub, fits) -> Picture:
    picture = hub.wait_until(fits, 10)
    assert fits(picture)
    return picture


@pytest.mark.parametrize(
    "noise",
    [b"not json\n", b"[]\n", b'{"ok": true}\n', b'{"ok": true, "result": 7}\n', b"\n", b"\xff\xfe\n", b""],
)
def test_nonsense_from_the_service_is_survived(script: Script, hub: Hub, noise: bytes) -> None:
    hub.start()
    script.say(noise)
    if not noise:
        script.connections[-1].close()
    script.say(line(id=1, ok=True, result=SNAPSHOT))
    picture = wait(hub, lambda picture: picture.connected)
    assert picture.agents[1]["state"] == "ready"


def test_events_replace_parts_and_take_them_away(script: Script, hub: Hub) -> None:
    hub.start()
    lines = [
        line(id=1, ok=True, result=SNAPSHOT),
        line(event="agent", at=6.0, data={"id": 1, "state": "talking"}),
        line(event="call", at=6.0, data={"attempt": "a", "agent_id": 1}),
        line(event="something_new", at=7.0, data={"x": 1}),
        line(event="call", at=8.0, data={"attempt": "a", "removed": True}),
        line(event="agent", at=9.0, data={"id": 2, "state": "paused"}),
    ]
    script.say(b"".join(lines))
    picture = wait(hub, lambda picture: 2 in picture.agents)
    assert picture.agents[1]["state"] == "talking"
    assert picture.calls == {}
    assert picture.at == 9.0
    assert set(picture.touched) == {1, 2}


def test_a_picture_once_given_never_changes(script: Script, hub: Hub) -> None:
    hub.start()
    script.say(line(id=1, ok=True, result=SNAPSHOT))
    before = wait(hub, lambda picture: picture.connected)
    script.connections[-1].sendall(line(event="agent", at=6.0, data={"id": 1, "state": "paused"}))
    after = wait(hub, lambda picture: picture.agents[1]["state"] == "paused")
    assert before.agents[1]["state"] == "ready"
    assert after.version > before.version
