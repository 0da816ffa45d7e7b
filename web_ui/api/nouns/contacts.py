"""One contact: read, changed against its version, closed, removed; and why it is not called."""

from __future__ import annotations

from typing import Any

from firmware.model import ContactId
from firmware.store.reports import Whole as WholeContact
from web_ui import words
from web_ui.api.endpoint import Answer, Call, Endpoints, optional
from web_ui.api.nouns import common
from web_ui.api.problems import ApiProblem
from web_ui.api.shapes import Flag, Maybe, Member, Moment, Named, Several, Table, Text, Whole, Word
from web_ui.language import N_, Language

endpoints = Endpoints("contacts")

CONTACT = Table(
    {
        "id": Member(common.ID),
        "list_id": Member(common.ID),
        "name": Member(Text(0, 500)),
        "number": Member(common.E164),
        "numbers": Member(
            Several(
                Table(
                    {
                        "number": Member(common.E164),
                        "kind": Member(Word(("", "mobile", "work", "home"))),
                        "closed_reason": Member(Maybe(Text(0, 200))),
                        "next": Member(Flag(), N_("The next call goes to this one.")),
                    },
                    "ContactNumber",
                )
            )
        ),
        "zones": Member(Several(Text(1, 80)), N_("All of them must allow a call.")),
        "priority": Member(Whole(-99, 99)),
        "fields": Member(Named(Text(0, 1_000_000), most=10_000, longest=10_000)),
        "state": Member(Word(("open", "in_flight", "closed"))),
        "next_at": Member(Maybe(Moment()), N_("Not called before; null: at once, or at a promised time.")),
        "attempts": Member(Whole(0)),
        "last_attempt_at": Member(Maybe(Moment())),
        "closed_reason": Member(Maybe(Text(0, 200))),
        "closed_text": Member(Maybe(Text(0, 500)), N_("The reason in words.")),
    },
    "Contact",
)
_ONE = {"contact_id": common.ID}
_REFUSALS = {"contact_unknown": 404, "version_stale": 412, "unknown_zone": 422, "priority_not_whole": 422}


@endpoints.add(
    "GET",
    "/contacts/{contact_id}",
    "contacts:read",
    N_("One contact"),
    parameters=_ONE,
    answer=CONTACT,
    versioned=True,
)
def one(call: Call) -> Answer:
    """With its version as ETag."""
    return _answer(call)


@endpoints.add(
    "PATCH",
    "/contacts/{contact_id}",
    "contacts:write",
    N_("Change a contact"),
    parameters=_ONE,
    body=Table(
        {
            "name": optional(Text(0, 200)),
            "zone": optional(Text(0, 60), N_("Time zone (IANA name); empty: by the numbers.")),
            "priority": optional(Whole(-99, 99)),
            "fields": optional(
                Named(Maybe(Text(0, 4000)), most=200, longest=120),
                N_("Only these are changed; null takes one away."),
            ),
        },
        "ContactChange",
    ),
    answer=CONTACT,
    refusals=_REFUSALS,
    versioned=True,
    example='{"fields": {"Status": "Angebot verschickt"}}',
)
def change(call: Call) -> Answer:
    """Whoever names an old version is told so (412)."""
    call.web.call("contact.change", contact=call.path["contact_id"], version=call.version, **call.body)
    return _answer(call)


@endpoints.add(
    "POST",
    "/contacts/{contact_id}/close",
    "contacts:write",
    N_("Call a contact no more"),
    parameters=_ONE,
    answer=CONTACT,
    refusals=_REFUSALS,
    versioned=False,
)
def close(call: Call) -> Answer:
    """Closing a closed one changes nothing."""
    call.web.call("contact.close", contact=call.path["contact_id"])
    return _answer(call)


@endpoints.add(
    "DELETE",
    "/contacts/{contact_id}",
    "contacts:write",
    N_("Remove a contact that was never called"),
    parameters=_ONE,
    status=204,
    refusals=_REFUSALS,
)
def remove(call: Call) -> Answer:
    """One that was called can only be closed: what happened stays on record."""
    call.web.call("contact.remove", contact=call.path["contact_id"])
    return Answer(None, 204)


@endpoints.add(
    "GET",
    "/contacts/{contact_id}/why",
    "contacts:read",
    N_("Why a contact is not called now, and when it can be"),
    parameters=_ONE,
    answer=Table(
        {
            "items": Member(
                Several(
                    Table(
                        {
                            "campaign_id": Member(Maybe(common.ID)),
                            "campaign": Member(Text(0, 500)),
                            "blocks": Member(Several(common.BLOCK)),
                            "callable_at": Member(Maybe(Moment())),
                        }
                    )
                )
            )
        }
    ),
    refusals=_REFUSALS,
)
def why(call: Call) -> Answer:
    """One answer for each campaign that uses its list."""
    found = call.web.call("contact.why", contact=call.path["contact_id"])
    return Answer(
        {
            "items": [
                {
                    "campaign_id": each["campaign_id"],
                    "campaign": each["campaign"],
                    "blocks": [common.block(block, call.language) for block in each["blocks"]],
                    "callable_at": common.at(each["callable_at"]),
                }
                for each in found["answers"]
            ]
        }
    )


def contact_of(found: WholeContact, language: Language) -> dict[str, Any]:
    """A contact as the API tells it."""
    contact = found.contact
    reason = contact.closed_reason
    return {
        **{
            name: getattr(contact, name)
            for name in ("id", "list_id", "name", "number", "priority", "attempts")
        },
        "numbers": [
            {"number": each.number, "kind": each.kind, "closed_reason": each.closed_reason, "next": each.next}
            for each in found.numbers
        ],
        "zones": list(contact.zones),
        "fields": {name: str(value) for name, value in contact.fields.items()},
        "state": contact.state,
        "next_at": common.at(contact.next_at) if contact.next_at > 0 else None,
        "last_attempt_at": common.at(contact.last_attempt_at),
        "closed_reason": reason,
        "closed_text": reason and words.word({**words.DISPOSITIONS, **words.REFUSALS}, reason, language),
    }


def _answer(call: Call) -> Answer:
    found = call.web.reports.contact(ContactId(call.path["contact_id"]))
    if found is None:
        raise ApiProblem("not_found")
    return Answer(contact_of(found, call.language), headers={"ETag": f'"{found.version}"'})
