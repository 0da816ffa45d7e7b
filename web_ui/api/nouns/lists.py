"""Contact lists: looking, making one, and adding contacts one by one or many at once."""

from __future__ import annotations

from typing import Any

from firmware.model import ContactListId
from web_ui.api import paging
from web_ui.api.endpoint import PREFIX, Answer, Call, Endpoints, optional
from web_ui.api.nouns import common
from web_ui.api.nouns.contacts import CONTACT, contact_of
from web_ui.api.problems import ApiProblem
from web_ui.api.shapes import Maybe, Member, Moment, Named, Several, Table, Text, Whole, Word
from web_ui.language import N_

endpoints = Endpoints("lists")

LIST = Table(
    {
        "id": Member(common.ID),
        "name": Member(Text(0, 500)),
        "created_at": Member(Moment()),
        "contacts": Member(Whole(0)),
        "open": Member(Whole(0)),
        "in_flight": Member(Whole(0)),
        "closed": Member(Whole(0)),
    },
    "ContactList",
)
FIELDS = Named(Text(0, 4000), most=200, longest=120)
NEW = {
    "number": optional(
        Text(0, 80, example="+49 30 23125107"), N_("The first number to call, as people write it.")
    ),
    "mobile": optional(Text(0, 80), N_("A further number.")),
    "work": optional(Text(0, 80), N_("A further number.")),
    "home": optional(Text(0, 80), N_("A further number.")),
    "name": optional(Text(0, 200)),
    "zone": optional(Text(0, 60), N_("Time zone (IANA name); left out: by the numbers.")),
    "priority": optional(Whole(-99, 99, default=0), N_("Higher goes first.")),
    "fields": optional(FIELDS, N_("Whatever else is known, under your own names.")),
}
CONTACT_IN = Table(NEW, "NewContact")
ROW = Table(
    {
        "result": Member(Word(("added", "duplicate", "refused"))),
        "contact_id": Member(Maybe(common.ID)),
        "number": Member(Maybe(common.E164)),
        "problems": Member(common.PROBLEMS),
        "dnc": Member(Several(Text(0, 500)), N_("DNC lists that block the number now.")),
    },
    "AddedContact",
)
_SAMPLE = '{"number": "+49 30 23125107", "name": "Ada Beispiel", "fields": {"Kundennummer": "4711"}}'


@endpoints.add(
    "GET", "/lists", "contacts:read", N_("Contact lists"), answer=Table({"items": Member(Several(LIST))})
)
def every(call: Call) -> Answer:
    """All of them; there are few."""
    return Answer({"items": [_list(found) for found in call.web.reports.contact_lists()]})


@endpoints.add(
    "POST",
    "/lists",
    "contacts:write",
    N_("Make a contact list"),
    body=Table({"name": Member(common.NAME)}),
    answer=LIST,
    status=201,
    example='{"name": "Website"}',
)
def create(call: Call) -> Answer:
    """An empty one."""
    made = call.web.call("list.create", name=call.body["name"])
    return Answer(_list(_found(call, made["id"])), 201, {"Location": f"{PREFIX}/lists/{made['id']}"})


@endpoints.add(
    "GET",
    "/lists/{list_id}",
    "contacts:read",
    N_("One contact list"),
    parameters={"list_id": common.ID},
    answer=LIST,
)
def one(call: Call) -> Answer:
    """With its counters."""
    return Answer(_list(_found(call, call.path["list_id"])))


@endpoints.add(
    "GET",
    "/lists/{list_id}/contacts",
    "contacts:read",
    N_("Contacts of a list"),
    parameters={"list_id": common.ID},
    query=Table(
        {
            "state": optional(Word(("open", "in_flight", "closed"))),
            "number": optional(Text(2, 16, pattern=r"\+[0-9]{1,15}"), N_("In the form +493023125107.")),
            "limit": paging.LIMIT,
            "cursor": paging.CURSOR,
        }
    ),
    answer=paging.page_of(CONTACT),
)
def contacts(call: Call) -> Answer:
    """In the order they came."""
    limit, (after,) = paging.limit_of(call), paging.place(call, (int,), (0,))
    found = call.web.reports.contacts_after(
        ContactListId(call.path["list_id"]),
        after,
        limit + 1,
        call.query.get("state"),
        call.query.get("number"),
    )
    if found is None:
        raise ApiProblem("not_found")
    items = [contact_of(each, call.language) for each in found]
    return Answer(paging.told(items, [[each.contact.id] for each in found], limit))


@endpoints.add(
    "POST",
    "/lists/{list_id}/contacts",
    "contacts:write",
    N_("Add a contact"),
    parameters={"list_id": common.ID},
    body=CONTACT_IN,
    answer=ROW,
    status=201,
    refusals={"list_unknown": 404},
    example=_SAMPLE,
)
def add(call: Call) -> Answer:
    """Refused with 422 where an import would call the row damaged, with 409 where the list has the number."""
    (row,) = _add(call, [call.body])
    if row["result"] == "added":
        return Answer(row, 201, {"Location": f"{PREFIX}/contacts/{row['contact_id']}"})
    detail = " ".join(each["text"] for each in row["problems"])
    place = {"Location": f"{PREFIX}/contacts/{row['contact_id']}"} if row["contact_id"] else {}
    raise ApiProblem("refused" if row["result"] == "duplicate" else "unfit", detail, row["problems"], place)


@endpoints.add(
    "POST",
    "/lists/{list_id}/contacts/batch",
    "contacts:write",
    N_("Add up to 1000 contacts, each with an answer of its own"),
    parameters={"list_id": common.ID},
    body=Table({"contacts": Member(Several(CONTACT_IN, 1, 1000))}),
    answer=Table({"results": Member(Several(ROW, 1, 1000), N_("One for each contact, in the same order."))}),
    refusals={"list_unknown": 404},
    example=f'{{"contacts": [{_SAMPLE}]}}',
)
def batch(call: Call) -> Answer:
    """Damaged rows do not keep the others out."""
    return Answer({"results": _add(call, call.body["contacts"])})


def _add(call: Call, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    made = call.web.call("contact.add", list_id=call.path["list_id"], rows=rows)
    return [{**row, "problems": common.problems(row["problems"], call.language)} for row in made["results"]]


def _found(call: Call, list_id: int) -> Any:
    found = next((each for each in call.web.reports.contact_lists() if each.id == list_id), None)
    if found is None:
        raise ApiProblem("not_found")
    return found


def _list(found: Any) -> dict[str, Any]:
    names = ("id", "name", "contacts", "open", "in_flight", "closed")
    return {**{name: getattr(found, name) for name in names}, "created_at": common.at(found.created_at)}
