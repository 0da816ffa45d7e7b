"""DNC lists: is a number blocked, block it, unblock it with a reason. Every act counts from the answer on."""

from __future__ import annotations

from typing import Any

from web_ui.api.endpoint import Answer, Call, Endpoints, optional
from web_ui.api.nouns import common
from web_ui.api.problems import ApiProblem
from web_ui.api.shapes import Flag, Member, Moment, Several, Table, Text, Whole
from web_ui.language import N_

endpoints = Endpoints("dnc")

LIST = Table(
    {
        "id": Member(common.ID),
        "name": Member(Text(0, 500)),
        "version": Member(Whole(0)),
        "entries": Member(Whole(0)),
    },
    "DncList",
)
_ON = Table({"id": Member(common.ID), "name": Member(Text(0, 500))})
_REFUSALS = {"dnc_list_unknown": 404, "no_number": 422, "beginning_malformed": 422, "expiry_past": 422}
_WHY = Text(0, 200)


@endpoints.add(
    "GET", "/dnc/lists", "dnc:read", N_("DNC lists"), answer=Table({"items": Member(Several(LIST))})
)
def every(call: Call) -> Answer:
    """The opt-outs, list 1, bind every campaign."""
    names = ("id", "name", "version", "entries")
    found = call.web.reports.dnc_lists()
    return Answer({"items": [{name: getattr(each, name) for name in names} for each in found]})


@endpoints.add(
    "GET",
    "/dnc/check",
    "dnc:read",
    N_("Is a number blocked now?"),
    query=Table({"number": Member(common.NUMBER, N_("As people write it; a plus must be sent as %2B."))}),
    answer=Table(
        {"number": Member(common.E164), "blocked": Member(Flag()), "lists": Member(Several(_ON))}, "DncAnswer"
    ),
    refusals=_REFUSALS,
)
def check(call: Call) -> Answer:
    """All lists are asked, registers too."""
    found = call.web.call("dnc.number", number=call.query["number"])
    return Answer({"number": found["number"], "blocked": bool(found["lists"]), "lists": found["lists"]})


@endpoints.add(
    "POST",
    "/dnc/lists/{list_id}/numbers",
    "dnc:write",
    N_("Block numbers"),
    parameters={"list_id": common.ID},
    body=Table(
        {
            "numbers": Member(
                Several(Text(0, 80), 1, 1000), N_("Telephone numbers; +49301* blocks all that begin so.")
            ),
            "reason": optional(_WHY),
            "expires_at": optional(Moment()),
        },
        "DncAddition",
    ),
    answer=Table(
        {
            "added": Member(Whole(0), N_("How many were not blocked before, or not for so long.")),
            "problems": Member(common.PROBLEMS, N_("Entries that are no numbers; the others are blocked.")),
        }
    ),
    refusals=_REFUSALS,
    example='{"numbers": ["+49 30 23125107"], "reason": "Widerspruch per E-Mail"}',
)
def add(call: Call) -> Answer:
    """A typing error does not keep the other numbers from being blocked."""
    body = call.body
    expiry = {"expires_at": body["expires_at"]} if "expires_at" in body else {}
    made = call.web.call(
        "dnc.add",
        list_id=call.path["list_id"],
        numbers=body["numbers"],
        source="API",
        who=call.who,
        why=body.get("reason", ""),
        **expiry,
    )
    return Answer({"added": made["added"], "problems": _problems(made["problems"], call)})


@endpoints.add(
    "DELETE",
    "/dnc/lists/{list_id}/numbers/{number}",
    "dnc:write",
    N_("Unblock a number"),
    parameters={"list_id": common.ID, "number": Text(1, 80, example="+493023125107")},
    query=Table({"reason": Member(Text(1, 200), N_("Why; it is kept with the list's history."))}),
    status=204,
    refusals={**_REFUSALS, "dnc_in_register": 409},
)
def remove(call: Call) -> Answer:
    """404 where the list does not hold it."""
    gone = call.web.call(
        "dnc.remove",
        list_id=call.path["list_id"],
        numbers=[call.path["number"]],
        source="API",
        who=call.who,
        why=call.query["reason"],
    )
    if gone["problems"]:
        told = _problems(gone["problems"], call)
        raise ApiProblem("unfit", " ".join(each["text"] for each in told), told)
    if not gone["removed"]:
        raise ApiProblem("not_found")
    return Answer(None, 204)


def _problems(raw: list[dict[str, Any]], call: Call) -> list[dict[str, str]]:
    return common.problems(raw, call.language)
