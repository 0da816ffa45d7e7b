"""Webhooks: addresses of other programs that are told what happens."""

from __future__ import annotations

from typing import Any

from firmware.store.reports import EVENTS, Subscription
from web_ui.api.endpoint import PREFIX, Answer, Call, Endpoints, optional
from web_ui.api.nouns import common
from web_ui.api.problems import ApiProblem
from web_ui.api.shapes import Flag, Maybe, Member, Moment, Several, Table, Text, Whole, Word
from web_ui.language import N_

endpoints = Endpoints("webhooks")

_MEMBERS = {
    "id": Member(common.ID),
    "url": Member(Text(1, 500)),
    "events": Member(Several(Word(EVENTS))),
    "campaign_id": Member(Maybe(common.ID), N_("Only of this campaign; null: of all.")),
    "active": Member(Flag()),
    "failing_since": Member(Maybe(Moment())),
    "stopped_at": Member(Maybe(Moment()), N_("When the box gave up on it.")),
    "waiting": Member(Whole(0), N_("Deliveries that wait.")),
}
WEBHOOK = Table(_MEMBERS, "Webhook")
DELIVERY = Table(
    {
        "id": Member(common.ID),
        "event_id": Member(Text(1, 80), N_("The same in every try: “webhook-id”.")),
        "event": Member(Text(1, 80)),
        "state": Member(Word(("waiting", "delivered", "failed"))),
        "tries": Member(Whole(0)),
        "last_at": Member(Maybe(Moment())),
        "status": Member(Maybe(Whole(100, 999))),
        "error": Member(Text(0, 300)),
    },
    "Delivery",
)
_ONE = {"webhook_id": common.ID}
_REFUSALS = {
    "webhook_unknown": 404, "campaign_unknown": 422, "webhook_url_unfit": 422, "webhook_address_unfit": 422,
    "webhook_needs_tls": 422, "too_many_webhooks": 409,
}  # fmt: skip


@endpoints.add(
    "GET", "/webhooks", "webhooks:manage", N_("Webhooks"), answer=Table({"items": Member(Several(WEBHOOK))})
)
def every(call: Call) -> Answer:
    """Without their secrets."""
    waiting = call.web.reports.webhook_waiting()
    found = call.web.reports.webhook_subscriptions()
    return Answer({"items": [_webhook(each, waiting.get(each.id, 0)) for each in found]})


@endpoints.add(
    "POST",
    "/webhooks",
    "webhooks:manage",
    N_("Have an address told what happens"),
    body=Table(
        {
            "url": Member(Text(1, 500, example="https://crm.example.org/strowger")),
            "events": Member(Several(Word(EVENTS), 1, len(EVENTS))),
            "campaign_id": optional(common.ID),
        },
        "NewWebhook",
    ),
    answer=Table({**_MEMBERS, "secret": Member(Text(1, 200), N_("Checks signatures; it is told only now."))}),
    status=201,
    refusals=_REFUSALS,
    example='{"url": "https://crm.example.org/strowger", "events": ["attempt.ended", "dnc.added"]}',
)
def add(call: Call) -> Answer:
    """It hears of what happens from now on."""
    made = call.web.call("webhook.add", by=call.who, **call.body)
    told = {**_webhook(_found(call, made["id"]), 0), "secret": made["secret"]}
    return Answer(told, 201, {"Location": f"{PREFIX}/webhooks/{made['id']}"})


@endpoints.add(
    "DELETE", "/webhooks/{webhook_id}", "webhooks:manage", N_("Forget a webhook"), parameters=_ONE, status=204,
    refusals=_REFUSALS,
)  # fmt: skip
def remove(call: Call) -> Answer:
    """What waits for it is dropped."""
    call.web.call("webhook.remove", id=call.path["webhook_id"])
    return Answer(None, 204)


@endpoints.add(
    "POST",
    "/webhooks/{webhook_id}/test",
    "webhooks:manage",
    N_("Send a test event"),
    parameters=_ONE,
    answer=Table({"delivery_id": Member(common.ID)}),
    status=202,
    refusals=_REFUSALS,
)
def test(call: Call) -> Answer:
    """Look at the deliveries for what became of it."""
    made = call.web.call("webhook.test", id=call.path["webhook_id"])
    return Answer({"delivery_id": made["delivery"]}, 202)


@endpoints.add(
    "GET",
    "/webhooks/{webhook_id}/deliveries",
    "webhooks:manage",
    N_("What was sent to a webhook"),
    parameters=_ONE,
    answer=Table({"items": Member(Several(DELIVERY))}),
)
def deliveries(call: Call) -> Answer:
    """The newest fifty."""
    _found(call, call.path["webhook_id"])
    found = call.web.reports.webhook_deliveries(call.path["webhook_id"])
    plain = ("id", "event", "state", "tries", "status", "error")
    items = [
        {
            **{name: getattr(each, name) for name in plain},
            "event_id": each.uid,
            "last_at": common.at(each.last_at),
        }
        for each in found
    ]
    return Answer({"items": items})


def _found(call: Call, number: int) -> Subscription:
    for each in call.web.reports.webhook_subscriptions():
        if each.id == number:
            return each
    raise ApiProblem("not_found")


def _webhook(found: Subscription, waiting: int) -> dict[str, Any]:
    return {
        "id": found.id,
        "url": found.url,
        "events": list(found.events),
        "campaign_id": found.campaign_id,
        "active": found.active,
        "failing_since": common.at(found.failing_since),
        "stopped_at": common.at(found.stopped_at),
        "waiting": waiting,
    }
