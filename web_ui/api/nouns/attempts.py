"""Attempts: those that have ended, in the order they did, and one with the permit it rested on."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from firmware.model import CampaignId
from firmware.store.reports import Attempt
from web_ui.api import paging
from web_ui.api.endpoint import Answer, Call, Endpoints, optional
from web_ui.api.nouns import common
from web_ui.api.problems import ApiProblem
from web_ui.api.shapes import Anything, Flag, Maybe, Member, Moment, Named, Number, Several, Table, Text
from web_ui.language import N_

endpoints = Endpoints("attempts")

_MAYBE = Member(Maybe(Moment()))
_MEMBERS = {
    "uid": Member(Text(26, 26)),
    "campaign_id": Member(common.ID),
    "contact_id": Member(common.ID),
    "number": Member(common.E164),
    "name": Member(Text(0, 500)),
    "state": Member(Text(1, 40)),
    "disposition": Member(Maybe(Text(1, 40)), N_("What became of it, in the end; null: it is still open.")),
    "wrap_up_code": Member(Maybe(Text(0, 200))),
    "note": Member(Text(0, 1_000_000)),
    "answers": Member(Several(common.ANSWER, 0, 2000), N_("What the agent filled in during the call.")),
    "verdict": Member(Maybe(Text(1, 40)), N_("What the machine detection heard.")),
    "verdict_confidence": Member(Maybe(Number())),
    "person_answered": Member(Flag()),
    "agent_id": Member(Maybe(common.ID)),
    "hangup_cause": Member(Maybe(Text(1, 40))),
    "answer_method": Member(Maybe(Text(1, 40)), N_("How the answer was noticed.")),
    "answer_confidence": Member(Maybe(Text(1, 40)), N_("certain, likely or assumed.")),
    "ended_by": Member(Maybe(Text(1, 40))),
    "started_at": Member(Moment()),
    **dict.fromkeys(("ringing_at", "answered_at", "talking_at", "ended_at", "disposed_at"), _MAYBE),
}
ATTEMPT = Table(_MEMBERS, "Attempt")
WITH_PERMIT = Table(
    {
        **_MEMBERS,
        "permit": Member(
            Named(Anything(), most=200), N_("Why this call was allowed, as it was written then.")
        ),
    },
    "AttemptWithPermit",
)


@endpoints.add(
    "GET",
    "/attempts",
    "attempts:read",
    N_("Attempts that have ended, in the order they did"),
    query=Table(
        {
            "since": optional(Moment(), N_("Only those that ended then or later.")),
            "campaign_id": optional(common.ID),
            "limit": paging.LIMIT,
            "cursor": paging.CURSOR,
        }
    ),
    answer=paging.log_of(ATTEMPT),
)
def ended(call: Call) -> Answer:
    """Keep the cursor of the last page and ask again later: what has ended since then follows."""
    limit, (at, row) = paging.limit_of(call), paging.place(call, (float, int), (-1.0, 0))
    campaign = call.query.get("campaign_id")
    found = call.web.reports.attempts_ended(
        call.query.get("since", 0.0), (at, row), limit + 1, None if campaign is None else CampaignId(campaign)
    )
    places = [[float(attempt.disposed_at or 0.0), number] for number, attempt in found]
    return Answer(paging.log([_attempt(attempt) for _, attempt in found], places, limit, [at, row]))


@endpoints.add(
    "GET",
    "/attempts/{uid}",
    "attempts:read",
    N_("One attempt with its permit"),
    parameters={"uid": Text(26, 26, pattern="[0-9A-HJKMNP-TV-Z]{26}")},
    answer=WITH_PERMIT,
    refusals={"attempt_unknown": 404},
)
def one(call: Call) -> Answer:
    """Open ones too."""
    found = call.web.reports.attempt(call.path["uid"])
    if found is None:
        raise ApiProblem("not_found")
    permit = call.web.call("attempt.permit", uid=found.uid)["permit"]
    return Answer({**_attempt(found), "permit": permit})


_OF_THE_CALL = ("hangup_cause", "answer_method", "answer_confidence", "ended_by")


def _attempt(found: Attempt) -> dict[str, Any]:
    plain = (
        "uid",
        "campaign_id",
        "contact_id",
        "number",
        "name",
        "state",
        "disposition",
        "wrap_up_code",
        "note",
    )
    times = ("started_at", "ringing_at", "answered_at", "talking_at", "ended_at", "disposed_at")
    return {
        **{name: getattr(found, name) for name in (*plain, *_OF_THE_CALL)},
        **{name: common.at(getattr(found, name)) for name in times},
        "answers": [asdict(each) for each in found.answers],
        "verdict": None if found.verdict is None else found.verdict.label,
        "verdict_confidence": None if found.verdict is None else found.verdict.confidence,
        "person_answered": found.live,
        "agent_id": found.user_id,
    }
