"""The token that asks: what it may do, so that a program can find out before it fails."""

from __future__ import annotations

from firmware.store.reports import SCOPES
from web_ui.api.endpoint import Answer, Call, Endpoints
from web_ui.api.nouns import common
from web_ui.api.shapes import Maybe, Member, Moment, Several, Table, Text, Whole, Word
from web_ui.language import N_

endpoints = Endpoints("token")


@endpoints.add(
    "GET",
    "/token",
    "",
    N_("What this token may do"),
    answer=Table(
        {
            "name": Member(Text(1, 80)),
            "scopes": Member(Several(Word(SCOPES))),
            "rate": Member(Whole(1), N_("Requests a minute.")),
            "expires_at": Member(Maybe(Moment())),
        },
        "Token",
    ),
)
def one(call: Call) -> Answer:
    """Nothing that would help a thief."""
    token = call.token
    told = {"name": token.name, "scopes": list(token.scopes), "rate": token.rate}
    return Answer({**told, "expires_at": common.at(token.expires_at)})
