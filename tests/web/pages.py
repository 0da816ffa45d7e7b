"""Every page of a furnished office, and every state of a desk: what is looked at, measured and photographed.

``every_page`` puts something on each page first. A page with a new address is added here, and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tests.web.box import ADMINISTRATOR, Box, conversation, people, record, shown
from tests.web.scripted import furnish, scripted
from tests.web.technician import PARTS
from web_ui.wizard import STEPS

SINCE = 1_790_000_000.0

QUEUE = {
    "name": "office",
    "campaign_id": None,
    "waiting": 1,
    "oldest_at": SINCE,
    "within_s": 20,
    "missed": 2,
    **dict.fromkeys(("talking", "ready", "offered", "answered", "in_time", "promised"), 3),
}
IDLE = {"state": "logged_out", "attempt": None, "call": None, "wrap_up": None, "campaign": None}
CONSULTING = {
    "party": {
        "role": "first",
        "stage": "private",
        "wishes": ["toggle", "join", "complete", "take_back"],
        "other": {"name": "Bernd", "kind": "agent", "answered": True},
    },
    "messages": [{"id": 4, "from": "Sven", "text": "Bitte kurz zu mir", "at": 1_790_000_000.0}],
    "monitored": [{"name": "Sven", "kind": "listen"}],
    "hand": None,
}
"""What a desk shows besides while two consult and a supervisor listens."""


def desks(since: float = SINCE) -> Mapping[str, Mapping[str, Any]]:
    """What an agent's desk shows, state by state."""
    talking = conversation(since=since)
    wrap_up = {**talking, "state": "wrap_up", "wrap_up": {**talking["wrap_up"], "ends_at": 1_900_000_000.0}}
    states = {
        "reserved": {**talking, "state": "reserved"},
        "incoming": shown(since=since),
        "preview": record(since=since),
        "talking": talking,
        "scripted": {**talking, **scripted()},
        "consulting": {**talking, **CONSULTING},
        "wrap-up": wrap_up,
        **{state.replace("_", "-"): {**IDLE, "state": state} for state in ("paused", "ready", "logged_out")},
    }
    alone: Mapping[str, Any] = {
        "offer": None,
        "party": None,
        "messages": [],
        "monitored": [],
        "script": None,
        "card": None,
    }
    return {state: {**alone, **desk} for state, desk in states.items()}


def own_pages(office: Box) -> list[str]:
    """Paths of an agent's (Jonas') own pages, with something on them."""
    jonas = office.agents["jonas"]
    # The office is one for all tests and has twenty contacts: what is there stays.
    if not office.ask("desk.open_items", where="control.sock", user_id=jonas)["results"]:
        office.ask("promise", campaign_id=1, user_id=jonas, at=1_700_000_000.0)
        office.ask("attempt", campaign_id=1, user_id=jonas, note="", automatic=True)
    return ["/desk/keys", "/desk/open", "/account"]


def every_page(office: Box) -> list[str]:
    """Paths of all pages an administrator can see, with something on them."""
    client = office.client(ADMINISTRATOR)
    client.post("/dnc/1/add", {"numbers": "030 23125890\n030 23125891"})
    damaged = b"Name;Telefon\r\nAda;030 23125892\r\nBen;4,91E+11\r\n"
    imported = office.import_list(client, "Messe", damaged)
    columns = client.upload("Spalten.csv", people(12)).path
    hook = office.ask(
        "webhook.add", where="control.sock", url="http://127.0.0.1:9/hook", events=["dnc.added"]
    )["id"]
    office.ask("webhook.test", where="control.sock", id=hook)
    office.ask("token.create", where="control.sock", name="CRM", scopes=["dnc:read", "leads:write"])
    attempt = re.search(r'href="(/attempts/[0-9A-Z]{26})"', client.get("/campaigns/1").text)
    assert attempt is not None
    list_id = re.findall(r'href="/lists/(\d+)"', client.get("/lists").text)[0]
    made = client.post("/wizard/list", {"contact_list_id": list_id, "name": "Entwurf"})
    draft = made.path.removesuffix("/check")
    for event, data in PARTS:
        office.ask("publish", event=event, data=data)
    office.ask("publish", event="queue", data=QUEUE)
    jonas = office.agents["jonas"]
    office.ask(
        "came_in", caller="+493023125010", outcome="missed", at=1_790_000_000.0, campaign="Herbstaktion"
    )
    came = office.ask("came_in", caller="", outcome="answered", at=1_790_000_100.0, user_id=jonas)
    for call, number in ((came["uid"], 1), (came["uid"], 2)):
        office.ask("taped", call=call, at=1_790_000_100.0 + number, number=number, over=number == 1)
    promised = [
        office.ask("promise", campaign_id=1, user_id=jonas, at=at, zone="America/New_York")["id"]
        for at in (1_804_000_000.0, 1_700_000_000.0)
    ]
    figures = [
        {"figure": each, "target": 50} for each in ("calls_now", "ready", "abandon_rate", "calls_today")
    ]
    if "/departments/1" not in client.get("/departments").text:
        office.ask("department.create", where="control.sock", name="Innendienst")
    stranger = office.client()
    stranger.get("/ask-access")
    stranger.post("/ask-access", {"name": "Toni Vogel", "address": "toni@office.example", "role": "analyst"})
    wall = office.ask("wall.add", where="control.sock", name="Halle", language="de", figures=figures)
    return [
        *("/wizard", *(f"{draft}/{step}" for step in STEPS), draft.replace("wizard", "campaigns")),
        *("/campaigns/1/forecast", "/campaigns/1/pacing", "/words"),
        *("/callbacks", "/callbacks?show=late", "/callbacks?show=kept", f"/callbacks/{promised[0]}"),
        *("/calls/inbound", "/calls/inbound?show=all", f"/calls/inbound/{came['uid']}"),
        *("/team", "/destinations", "/calls/recorded"),
        *("/dashboard", "/campaigns", "/campaigns/1", "/campaigns/new", "/campaigns/1/edit", attempt[1]),
        *("/lists", f"/lists/{list_id}", "/lists/new", columns, imported),
        *(f"/lists/{list_id}/contacts", "/campaigns/1/order", "/campaigns/1/rules", "/campaigns/1/rules/new"),
        *("/dnc", "/dnc/1", "/dnc/1/history", "/dnc/number?number=03023125890"),
        *("/permits", "/why?number=03023125890", "/why?contact=1", "/rules", "/rules?pack=us"),
        *("/consent", "/consent?number=03023125890"),
        *furnish(office),
        *("/machine-detection", "/machine-detection?campaign=1", "/recordings"),
        *("/settings/api", "/settings/webhooks", f"/settings/webhooks/{hook}", "/api"),
        *("/reports", "/reports?by=hour&from=x", "/reports/attempts", "/backup", "/update", "/access"),
        "/network",
        *(f"/reports?kind={kind}" for kind in ("waiting", "incoming", "blocks", "callbacks", "detection")),
        *("/reports/mail", "/alerts", "/privacy", "/walls", f"/wall/{wall['token']}"),
        *("/box", f"{attempt[1]}/story"),
        *("/ask-access", "/users/requests"),
        *("/users", "/users/2", "/users/new", "/roles", "/audit", "/departments", "/departments/1"),
        *("/account", "/account/second-factor", "/design", "/label", "/nothing/here"),
    ]
