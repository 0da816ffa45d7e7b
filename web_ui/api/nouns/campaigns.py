"""Campaigns: where they stand, and starting, pausing and stopping them. Their settings are a person's."""

from __future__ import annotations

from typing import Any

from firmware.model import CampaignId
from firmware.store.reports import Campaign
from web_ui.api.endpoint import Answer, Call, Endpoints
from web_ui.api.nouns import common
from web_ui.api.problems import ApiProblem
from web_ui.api.shapes import Maybe, Member, Moment, Named, Number, Several, Table, Text, Whole, Word
from web_ui.language import N_

endpoints = Endpoints("campaigns")

STATES = ("draft", "running", "paused", "stopped", "finished")
CAMPAIGN = Table(
    {
        "id": Member(common.ID),
        "name": Member(Text(0, 500)),
        "state": Member(Word(STATES)),
        "mode": Member(Text(1, 40)),
        "contact_list_id": Member(Maybe(common.ID)),
        "first_day": Member(Maybe(Text(10, 10)), N_("The first day on which it may call, YYYY-MM-DD.")),
        "last_day": Member(Maybe(Text(10, 10)), N_("The last one; then it stops by itself.")),
        "created_at": Member(Moment()),
        "started_at": Member(Maybe(Moment())),
        "ended_at": Member(Maybe(Moment())),
        "ended_why": Member(Text(0, 40), N_("last_day: it stopped by itself.")),
        "contacts": Member(Whole(0)),
        "open": Member(Whole(0)),
        "in_flight": Member(Whole(0)),
        "closed": Member(Whole(0)),
        "attempts": Member(Whole(0)),
        "answered": Member(Whole(0)),
        "live_answers": Member(Whole(0)),
        "abandoned": Member(Whole(0)),
        "abandon_rate": Member(Number(), N_("Abandoned per call a person answered, 0 to 1.")),
        "dispositions": Member(Named(Whole(0))),
        "refused": Member(Named(Whole(0)), N_("Contacts that were due and not allowed, by rule.")),
    },
    "Campaign",
)
_ONE = {"campaign_id": common.ID}


@endpoints.add(
    "GET", "/campaigns", "campaigns:read", N_("Campaigns with their figures"),
    answer=Table({"items": Member(Several(CAMPAIGN))}),
)  # fmt: skip
def every(call: Call) -> Answer:
    """Newest first."""
    return Answer({"items": [_campaign(found) for found in call.web.reports.campaigns()]})


@endpoints.add(
    "GET", "/campaigns/{campaign_id}", "campaigns:read", N_("One campaign"), parameters=_ONE, answer=CAMPAIGN
)
def one(call: Call) -> Answer:
    """With its figures."""
    return _answer(call)


def _act(act: str, summary: str) -> None:
    @endpoints.add(
        "POST",
        f"/campaigns/{{campaign_id}}/{act}",
        "campaigns:control",
        summary,
        parameters=_ONE,
        answer=CAMPAIGN,
        refusals={"campaign_unknown": 404},
    )
    def handle(call: Call) -> Answer:
        who = {"who": call.who} if act == "start" else {}
        call.web.call_with(f"campaign.{act}", {"id": call.path["campaign_id"], **who})
        return _answer(call)


_act("start", N_("Let a campaign dial, or say everything that stands against it"))
_act("pause", N_("Place no further call; calls in progress go on"))
_act("stop", N_("End a campaign"))


def _answer(call: Call) -> Answer:
    found = call.web.reports.campaign(CampaignId(call.path["campaign_id"]))
    if found is None:
        raise ApiProblem("not_found")
    return Answer(_campaign(found))


def _campaign(found: Campaign) -> dict[str, Any]:
    counters = found.counters
    plain = ("contacts", "open", "in_flight", "closed", "attempts", "answered", "live_answers", "abandoned")
    return {
        "id": found.id,
        "name": found.settings.name,
        "state": found.state,
        "mode": found.settings.mode,
        "contact_list_id": found.settings.contact_list_id,
        "first_day": found.settings.first_day or None,
        "last_day": found.settings.last_day or None,
        "created_at": common.at(found.created_at),
        "started_at": common.at(found.started_at),
        "ended_at": common.at(found.ended_at),
        "ended_why": found.ended_why,
        **{name: getattr(counters, name) for name in plain},
        "abandon_rate": round(counters.abandon_rate, 6),
        "dispositions": dict(counters.dispositions),
        "refused": dict(counters.refused),
    }
