"""Callbacks: what is promised to whom, promising one, withdrawing one."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from firmware.model import UserId
from firmware.store.reports import Choice
from web_ui import callback_words
from web_ui.api import paging
from web_ui.api.endpoint import PREFIX, Answer, Call, Endpoints, optional
from web_ui.api.nouns import common
from web_ui.api.problems import ApiProblem
from web_ui.api.shapes import Flag, Maybe, Member, Moment, Table, Text, Whole, Word
from web_ui.language import N_, Language

endpoints = Endpoints("callbacks")

STATES = ("open", "kept", "missed", "withdrawn", "passed_on")
CALLBACK = Table(
    {
        "id": Member(common.ID),
        "contact_id": Member(common.ID),
        "campaign_id": Member(common.ID),
        "number": Member(common.E164),
        "name": Member(Text(0, 500)),
        "agent_id": Member(Maybe(common.ID), N_("Whose promise it is; null: anybody of the team calls.")),
        "state": Member(Word(STATES)),
        "late": Member(Flag(), N_("Nobody has called although the time and the grace are over.")),
        "promised_at": Member(Moment(), N_("What the person was told.")),
        "due_at": Member(
            Moment(), N_("When it is called next; later than promised where a rule wants it so.")
        ),
        "zone": Member(Text(0, 80), N_("The contact's time zone.")),
        "note": Member(Text(0, 10_000)),
        "tries": Member(Whole(0)),
        "made_at": Member(Moment()),
        "closed_at": Member(Maybe(Moment())),
        "cause": Member(
            Text(0, 500), N_("Why it is as it is, in words; empty where nothing happened to it.")
        ),
    },
    "Callback",
)
_ONE = {"callback_id": common.ID}
_UNKNOWN = {"promise_unknown": 404, "contact_unknown": 404, "campaign_unknown": 404}
_UNFIT = ("callback_in_past", "callback_outside_window", "agent_unknown", "owner_not_in_campaign")
_REFUSALS = {
    **_UNKNOWN,
    **dict.fromkeys(_UNFIT, 422),
    "callback_campaign_unfit": 409,
}


@endpoints.add(
    "GET",
    "/callbacks",
    "callbacks:read",
    N_("Promised callbacks"),
    query=Table(
        {
            "state": optional(Word((*STATES, "late", "all"), default="open")),
            "campaign_id": optional(common.ID),
            "contact_id": optional(common.ID),
            "agent_id": optional(common.ID),
            "limit": paging.LIMIT,
            "cursor": paging.CURSOR,
        }
    ),
    answer=paging.page_of(CALLBACK),
)
def every(call: Call) -> Answer:
    """In the order they were promised."""
    asked, limit = call.query, paging.limit_of(call)
    owner = asked.get("agent_id")
    choice = Choice(
        asked.get("state", "open"),
        None if owner is None else UserId(owner),
        campaign=asked.get("campaign_id"),
        contact=asked.get("contact_id"),
    )
    (after,) = paging.place(call, (int,), (0,))
    rows = call.web.reports.callbacks_after(choice, time.time(), after, limit + 1)
    items = [_told(row, call.language) for row in rows]
    return Answer(paging.told(items, [(row["id"],) for row in rows], limit))


@endpoints.add(
    "GET",
    "/callbacks/{callback_id}",
    "callbacks:read",
    N_("One promised callback"),
    parameters=_ONE,
    answer=CALLBACK,
    refusals=_UNKNOWN,
)
def one(call: Call) -> Answer:
    """Whatever became of it."""
    return Answer(_read(call, call.path["callback_id"]))


@endpoints.add(
    "POST",
    "/callbacks",
    "callbacks:write",
    N_("Promise a contact a call at a time"),
    body=Table(
        {
            "contact_id": Member(common.ID),
            "at": Member(Moment(), N_("A time at which somebody may be called there.")),
            "campaign_id": optional(common.ID, N_("Left out: the campaign that calls the contact's list.")),
            "agent_id": optional(common.ID, N_("Left out: anybody of the team calls.")),
            "note": optional(Text(0, 2000), N_("What the agent sees.")),
        },
        "NewCallback",
    ),
    answer=CALLBACK,
    status=201,
    refusals=_REFUSALS,
    example='{"contact_id": 1, "at": "2030-01-15T10:30:00+01:00", "note": "Rückruf über die Website"}',
)
def add(call: Call) -> Answer:
    """One that stood open for the contact gives way: the person has agreed to another time."""
    given = dict(call.body)
    made = call.web.call_with(
        "callback.make",
        {
            "contact": given["contact_id"],
            "at": given["at"],
            "campaign": given.get("campaign_id"),
            "owner": given.get("agent_id"),
            "note": given.get("note", ""),
            "who": call.who,
        },
    )
    return Answer(_read(call, made["id"]), 201, {"Location": f"{PREFIX}/callbacks/{made['id']}"})


@endpoints.add(
    "POST",
    "/callbacks/{callback_id}/withdraw",
    "callbacks:write",
    N_("Withdraw a promised callback"),
    parameters=_ONE,
    body=Table({"reason": optional(Text(0, 200), N_("Why; it stands in the history of the callback."))}),
    answer=CALLBACK,
    refusals=_REFUSALS,
    example='{"reason": "Hat sich per E-Mail gemeldet"}',
)
def withdraw(call: Call) -> Answer:
    """The contact is called again by the campaign's own rules; close it if it is not to be called at all."""
    number = call.path["callback_id"]
    found = _found(call, number)
    why = ": ".join(each for each in (call.who, call.body.get("reason", "")) if each)
    call.web.call("callback.withdraw", id=number, version=found["version"], why=why)
    return Answer(_read(call, number))


def _read(call: Call, number: int) -> dict[str, Any]:
    return _told(_found(call, number), call.language)


def _found(call: Call, number: int) -> Mapping[str, Any]:
    found = call.web.reports.callback(number, time.time())
    if found is None:
        raise ApiProblem("not_found")
    return found


def _told(row: Mapping[str, Any], language: Language) -> dict[str, Any]:
    plain = ("id", "contact_id", "campaign_id", "number", "name", "state", "late", "zone", "note", "tries")
    return {
        **{name: row[name] for name in plain},
        "agent_id": row["owner"],
        "cause": callback_words.cause(row["cause"], language),
        **{name: common.at(row[name]) for name in ("promised_at", "due_at", "made_at", "closed_at")},
    }
