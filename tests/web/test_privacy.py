"""Privacy and wallboards on their pages: limits, one person's data and erasure, and links that open one thing only."""

from __future__ import annotations

import json
import re

import pytest

from tests.web.box import ADMINISTRATOR, AGENT, Box, Client
from web_ui import wall_view
from web_ui.language import Languages
from web_ui.live import Picture

GERMAN = Languages("Europe/Berlin", "de").get("de")
NUMBER = "+493023125000"
FOUR = {"figure": ["calls_now", "ready", "abandon_rate", "calls_today"]}


@pytest.fixture
def client(own_office: Box) -> Client:
    return own_office.client(ADMINISTRATOR)


def test_times_have_limits(client: Client) -> None:
    page = client.get("/privacy").text
    assert "Heute Nacht" in page
    client.post("/privacy/keep", {"days-proof": "30", "days-recordings": "7"})
    assert "1.827 bis 3.653 Tage" in client.get("/privacy").text
    client.post("/privacy/keep", {"days-recordings": "7"})
    assert re.search(r'name="days-recordings"[^>]*value="7"', client.get("/privacy").text)


def test_a_person_is_told_everything_and_erased(client: Client) -> None:
    client.post("/privacy/person", {"number": "nonsense"})
    assert "keine Rufnummer" in client.get("/privacy").text or "nonsense" in client.get("/privacy").text
    page = client.post("/privacy/person", {"number": NUMBER})
    assert (page.status, "Was gespeichert ist" in page.text) == (200, True)
    told = client.post("/privacy/person.json", {"number": NUMBER})
    assert json.loads(told.body)["number"] == NUMBER
    assert client.post("/privacy/person.pdf", {"number": NUMBER}).body.startswith(b"%PDF-")
    client.post("/privacy/erase", {"number": NUMBER, "why": "Brief vom 3. Mai", "block": "1"})
    page = client.get("/privacy").text
    assert "Brief vom 3. Mai" in page
    assert "Sperrlisteneinträge behalten" in page


def test_a_wall_is_opened_by_its_link_alone(own_office: Box, client: Client) -> None:
    client.post("/walls", {"name": "Halle", "language": "de", "figure": "calls_now"})
    assert "vier bis sechs" in client.get("/walls").text
    client.post(
        "/walls",
        {"name": "Halle", "language": "en", **FOUR, "target-abandon_rate": "3"},
    )
    link = re.search(r'href="(/wall/[A-Za-z0-9_-]{20,})"', client.get("/walls").text)
    assert link is not None
    assert link[1] not in client.get("/walls").text
    stranger = own_office.client(None)
    page = stranger.get(link[1])
    assert page.status == 200
    assert "Abandon rate" in page.text
    assert "at most 3.0%" in page.text
    assert "Jonas" not in page.text
    assert stranger.get(f"{link[1]}/now").status == 200
    assert stranger.get("/wall/nonsense").status == stranger.get("/wall/nonsense/now").status == 404
    client.post("/walls/1/revoke", {})
    assert [stranger.get(path).status for path in (link[1], f"{link[1]}/now")] == [404, 404]


def test_an_agent_opens_neither(own_office: Box) -> None:
    agent = own_office.client(AGENT)
    assert [agent.get(path).status for path in ("/privacy", "/walls")] == [403, 403]


@pytest.mark.parametrize(("each_agent", "agents", "told"), [(True, 2, 1), (False, 4, None), (False, 5, 1)])
def test_groups_of_few_are_not_counted_where_the_works_council_minds(
    each_agent: bool, agents: int, told: float | None
) -> None:
    states = ["ready", *["paused"] * (agents - 1)]
    picture = Picture(agents={n: {"id": n, "state": state} for n, state in enumerate(states)})
    assert wall_view.values(picture, {}, each_agent)["ready"] == told


@pytest.mark.req("GEN-081", "GEN-085")
def test_targets_are_met_or_not() -> None:
    campaign = {"id": 1, "state": "running", "live_answers": 50, "attempts": 100, "abandoned": 2}
    found = wall_view.values(Picture(campaigns={1: campaign}), {"calls_today": 7.0}, each_agent=True)
    chosen = [
        {"figure": "connect_rate", "target": 60},
        {"figure": "abandon_rate", "target": 4},
        {"figure": "calls_today", "target": None},
        {"figure": "progress", "target": 50},
    ]
    shown = wall_view.large(chosen, found, GERMAN)
    assert [(each.value, each.state) for each in shown] == [
        ("50,0\u00a0%", "bad"), ("4,0\u00a0%", "good"), ("7", ""), ("–", ""),
    ]  # fmt: skip
