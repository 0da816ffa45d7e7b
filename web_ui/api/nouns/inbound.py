"""Calls that came in: those that are over, in the order they ended; one; those that are on; and who waits where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from firmware.model import CampaignId
from firmware.store.reports import InboundCall
from web_ui.api import paging
from web_ui.api.endpoint import Answer, Call, Endpoints, optional
from web_ui.api.nouns import common
from web_ui.api.problems import ApiProblem
from web_ui.api.shapes import Flag, Maybe, Member, Moment, Several, Table, Text, Whole, Word
from web_ui.inbound_words import KINDS, OUTCOMES
from web_ui.language import N_

endpoints = Endpoints("inbound")

_MAYBE = Member(Maybe(Moment()))
CALL = Table(
    {
        "uid": Member(Text(26, 26)),
        "queue": Member(Text(0, 40), N_("Which rule of the settings took it; empty: none.")),
        "trunk": Member(Text(0, 40)),
        "number_called": Member(Text(0, 80), N_("As the network told it.")),
        "caller": Member(common.E164, N_("Empty: withheld, or no number.")),
        "campaign_id": Member(Maybe(common.ID)),
        "contact_id": Member(Maybe(common.ID)),
        "contact_list_id": Member(Maybe(common.ID)),
        "agent_id": Member(Maybe(common.ID), N_("Who took it.")),
        "outcome": Member(Maybe(Word(tuple(OUTCOMES))), N_("What became of it; null: it goes on.")),
        "disposition": Member(Maybe(Text(1, 40)), N_("The agent’s result, once it is there.")),
        "wrap_up_code": Member(Maybe(Text(1, 200))),
        "note": Member(Text(0, 1_000_000)),
        "answers": Member(Several(common.ANSWER, 0, 2000), N_("What the agent filled in during the call.")),
        "ended_by": Member(Maybe(Text(1, 40))),
        "callback_id": Member(Maybe(common.ID), N_("The callback that was promised in it.")),
        "offered_at": Member(Moment()),
        **dict.fromkeys(("answered_at", "connected_at", "handed_at", "ended_at"), _MAYBE),
    },
    "InboundCall",
)
LIVE = Table(
    {
        "uid": Member(Text(26, 26)),
        "queue": Member(Text(0, 40)),
        "campaign_id": Member(Maybe(common.ID)),
        "number": Member(Text(0, 40), N_("Masked, as on the dashboard.")),
        "kind": Member(Word(tuple(KINDS)), N_("Why somebody calls, as far as the box knows.")),
        "state": Member(Text(1, 40)),
        "since": Member(Moment()),
        "offered_at": Member(Moment()),
        "position": Member(Maybe(Whole(1)), N_("The place among those who wait; null: not waiting.")),
        "agent_id": Member(Maybe(common.ID)),
        "held": Member(Flag()),
    },
    "LiveInboundCall",
)
QUEUE = Table(
    {
        "name": Member(Text(1, 40)),
        "campaign_id": Member(Maybe(common.ID)),
        "waiting": Member(Whole(0)),
        "oldest_at": Member(Maybe(Moment()), N_("Since when whoever waits longest has waited.")),
        "talking": Member(Whole(0)),
        "ready": Member(Whole(0), N_("Agents who could take a call now.")),
        "offered": Member(Whole(0), N_("Calls of today, and of these:")),
        **dict.fromkeys(("answered", "in_time", "missed", "promised"), Member(Whole(0))),
        "within_s": Member(Whole(1), N_("“in_time” counts calls that met an agent within so many seconds.")),
    },
    "Queue",
)
_UID = Text(26, 26, pattern="[0-9A-HJKMNP-TV-Z]{26}")
_READ = "inbound:read"


@endpoints.add(
    "GET",
    "/inbound",
    _READ,
    N_("Calls that came in and are over, in the order they ended"),
    query=Table(
        {
            "since": optional(Moment(), N_("Only those that ended then or later.")),
            "queue": optional(Text(1, 40)),
            "campaign_id": optional(common.ID),
            "contact_list_id": optional(common.ID),
            "outcome": optional(Word(tuple(OUTCOMES))),
            "limit": paging.LIMIT,
            "cursor": paging.CURSOR,
        }
    ),
    answer=paging.log_of(CALL),
)
def ended(call: Call) -> Answer:
    """Keep the cursor of the last page and ask again later: what has ended since then follows."""
    limit, (at, row) = paging.limit_of(call), paging.place(call, (float, int), (-1.0, 0))
    asked = {name: call.query.get(name) for name in ("queue", "campaign_id", "contact_list_id", "outcome")}
    found = call.web.reports.inbound_ended(call.query.get("since", 0.0), (at, row), limit + 1, asked)
    places = [[float(each.ended_at or 0.0), number] for number, each in found]
    return Answer(paging.log([_call(each) for _, each in found], places, limit, [at, row]))


@endpoints.add(
    "GET",
    "/inbound/recent",
    _READ,
    N_("The latest calls that came in, newest first, also those that are on"),
    query=Table({"limit": paging.LIMIT}),
    answer=Table({"items": Member(Several(CALL, 0, paging.MOST))}),
)
def recent(call: Call) -> Answer:
    """For a wall or a popup; ``/inbound`` leaves nothing out."""
    found = call.web.reports.inbound_recent(paging.limit_of(call))
    return Answer({"items": [_call(each) for each in found]})


@endpoints.add(
    "GET",
    "/inbound/live",
    _READ,
    N_("Calls that came in and are on, and the queues they wait in"),
    answer=Table({"items": Member(Several(LIVE)), "queues": Member(Several(QUEUE))}),
)
def live(call: Call) -> Answer:
    """As the box told last; 503 while it tells nothing."""
    picture = call.web.hub.picture
    if not picture.connected:
        raise ApiProblem("away", headers={"Retry-After": "5"})
    on = [each for each in picture.calls.values() if each.get("incoming")]
    items = [_live(each) for each in sorted(on, key=lambda each: str(each["attempt"]))]
    queues = [_queue(each) for _, each in sorted(picture.queues.items())]
    return Answer({"items": items, "queues": queues})


@endpoints.add(
    "GET",
    "/inbound/{uid}",
    _READ,
    N_("One call that came in"),
    parameters={"uid": _UID},
    answer=CALL,
)
def one(call: Call) -> Answer:
    """Also one that is on."""
    found = call.web.reports.inbound_call(call.path["uid"])
    if found is None:
        raise ApiProblem("not_found")
    return Answer(_call(found))


_PLAIN = ("uid", "trunk", "number_called", "caller", "campaign_id", "contact_id", "contact_list_id", "note")
_TIMES = ("offered_at", "answered_at", "connected_at", "handed_at", "ended_at")


def _call(found: InboundCall) -> dict[str, Any]:
    return {
        **{name: getattr(found, name) for name in (*_PLAIN, "outcome", "disposition", "ended_by")},
        **{name: common.at(getattr(found, name)) for name in _TIMES},
        "answers": [asdict(each) for each in found.answers],
        "queue": found.rule,
        "agent_id": found.user_id,
        "wrap_up_code": found.wrap_up_code or None,
        "callback_id": found.promise_id,
    }


def _live(entry: Mapping[str, Any]) -> dict[str, Any]:
    incoming = entry["incoming"]
    return {
        "uid": entry["attempt"],
        "queue": incoming["rule"],
        "campaign_id": CampaignId(entry["campaign_id"]) if entry.get("campaign_id") else None,
        "number": entry.get("number", ""),
        "kind": incoming["kind"],
        "state": entry["state"],
        "since": common.at(entry["since"]),
        "offered_at": common.at(incoming["offered_at"]),
        "position": incoming["position"],
        "agent_id": entry.get("agent_id"),
        "held": bool(entry.get("held")),
    }


def _queue(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{name: entry.get(name) for name in QUEUE.members},
        "oldest_at": common.at(entry.get("oldest_at")),
    }
