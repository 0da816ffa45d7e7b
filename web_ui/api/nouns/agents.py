"""Agents: who they are and what they are doing at this moment."""

from __future__ import annotations

from web_ui.api.endpoint import Answer, Call, Endpoints
from web_ui.api.nouns import common
from web_ui.api.problems import ApiProblem
from web_ui.api.shapes import Flag, Maybe, Member, Moment, Several, Table, Text, Word
from web_ui.language import N_

endpoints = Endpoints("agents")

STATES = ("logged_out", "ready", "reserved", "talking", "wrap_up", "paused")
AGENT = Table(
    {
        "id": Member(common.ID),
        "name": Member(Text(0, 200)),
        "state": Member(Word(STATES)),
        "since": Member(Maybe(Moment())),
        "reason": Member(Text(0, 200), N_("Of a pause.")),
        "campaign_id": Member(Maybe(common.ID), N_("Whose call they are in.")),
        "phone_registered": Member(Flag()),
    },
    "Agent",
)


@endpoints.add(
    "GET",
    "/agents",
    "agents:read",
    N_("Agents and what they are doing"),
    answer=Table({"items": Member(Several(AGENT))}),
)
def every(call: Call) -> Answer:
    """As the box told last; 503 while it tells nothing."""
    picture = call.web.hub.picture
    if not picture.connected:
        raise ApiProblem("away", headers={"Retry-After": "5"})
    items = [
        {
            "id": number,
            "name": str(agent.get("name", "")),
            "state": agent.get("state", "logged_out"),
            "since": common.at(agent.get("since")),
            "reason": str(agent.get("reason") or ""),
            "campaign_id": agent.get("campaign_id"),
            "phone_registered": bool(agent.get("phone_registered")),
        }
        for number, agent in sorted(picture.agents.items())
    ]
    return Answer({"items": items})
