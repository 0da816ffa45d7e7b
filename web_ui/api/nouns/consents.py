"""Consent: what is on record for a number, adding a record, taking one back."""

from __future__ import annotations

from web_ui.api.endpoint import PREFIX, Answer, Call, Endpoints, optional
from web_ui.api.nouns import common
from web_ui.api.nouns.leads import UNFIT
from web_ui.api.shapes import Maybe, Member, Moment, Several, Table, Text, Word
from web_ui.language import N_

endpoints = Endpoints("consents")

PURPOSES = ("service", "sales", "sales_business", "research", "automated", "all")
CONSENT = Table(
    {
        "id": Member(common.ID),
        "purpose": Member(Word(PURPOSES)),
        "given_at": Member(Moment()),
        "until": Member(Maybe(Moment())),
        "source": Member(Text(0, 500)),
        "wording": Member(Text(0, 10_000)),
        "proof": Member(Text(0, 1000)),
        "withdrawn_at": Member(Maybe(Moment())),
    },
    "Consent",
)
_REFUSALS = {
    "consent_in_future": 422, "consent_ends_first": 422, "consent_unknown": 404, **dict.fromkeys(UNFIT, 422),
}  # fmt: skip


@endpoints.add(
    "GET",
    "/consents",
    "consents:read",
    N_("Consents on record for a number"),
    query=Table({"number": Member(common.NUMBER, N_("As people write it; a plus must be sent as %2B."))}),
    answer=Table({"number": Member(common.E164), "items": Member(Several(CONSENT))}),
    refusals=_REFUSALS,
)
def every(call: Call) -> Answer:
    """Oldest first, withdrawn ones too."""
    found = call.web.call("consent.of", number=call.query["number"])
    items = [
        {
            **{name: each["consent"][name] for name in ("id", "purpose", "source", "wording", "proof")},
            "given_at": common.at(each["consent"]["given_at"]),
            "until": common.at(each["consent"]["until"]),
            "withdrawn_at": common.at(each["withdrawn_at"]),
        }
        for each in found["consents"]
    ]
    return Answer({"number": found["number"], "items": items})


@endpoints.add(
    "POST",
    "/consents",
    "consents:write",
    N_("Put a consent on record"),
    body=Table(
        {
            "number": Member(common.NUMBER),
            "purpose": Member(Word(PURPOSES)),
            "source": Member(Text(1, 200), N_("Where it was given, such as a form or a page.")),
            "wording": Member(Text(1, 4000), N_("What the person agreed to, word for word.")),
            "given_at": optional(Moment(), N_("Left out: now.")),
            "until": optional(Moment()),
            "proof": optional(Text(0, 200)),
        },
        "NewConsent",
    ),
    answer=Table({"id": Member(common.ID)}),
    status=201,
    refusals=_REFUSALS,
    example='{"number": "+49 30 23125107", "purpose": "sales", "source": "Website", "wording": "Rufen Sie mich an."}',
)
def add(call: Call) -> Answer:
    """Contacts that were closed for want of one come up again."""
    made = call.web.call("consent.add", by=call.who, **call.body)
    return Answer({"id": made["id"]}, 201, {"Location": f"{PREFIX}/consents/{made['id']}"})


@endpoints.add(
    "POST",
    "/consents/{consent_id}/withdraw",
    "consents:write",
    N_("Take a consent back"),
    parameters={"consent_id": common.ID},
    body=Table({"source": Member(Text(1, 200), N_("How the person said so."))}),
    status=204,
    refusals=_REFUSALS,
    example='{"source": "E-Mail"}',
)
def withdraw(call: Call) -> Answer:
    """It counts from this moment; the record stays."""
    call.web.call("consent.withdraw", id=call.path["consent_id"], source=call.body["source"], by=call.who)
    return Answer(None, 204)
