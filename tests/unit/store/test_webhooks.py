"""Events for webhooks: written with what they tell of, taken back with it, one delivery for each who wants it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

import pytest

from firmware.model import CampaignId, CampaignState, Disposition, HangupCause, OperatorError, Side
from firmware.store import attempts, callbacks, campaigns, claims, dnc, webhooks
from tests.unit.store.helpers import NOW, claim, new_campaign, new_list, number


def subscribe(
    conn: sqlite3.Connection, events: Sequence[str] = webhooks.EVENTS, campaign: CampaignId | None = None
) -> int:
    return webhooks.subscribe(conn, "https://crm.example/hook", "s", events, campaign, "Anna", NOW)


def told(conn: sqlite3.Connection, number_: int) -> list[str]:
    return [each.event for each in reversed(webhooks.deliveries(conn, number_, 0, 100))]


def test_nobody_subscribed_nothing_is_written(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 2))
    (only,) = claim(conn, campaign).claims
    attempts.dispose(conn, only.attempt_uid, Disposition.BUSY, NOW, None)
    webhooks.enqueue(conn, "lead.accepted", {}, NOW)
    assert conn.execute("SELECT count(*) FROM webhook_event").fetchone() == (0,)


def test_an_attempt_that_ends_and_its_contact_are_told_with_their_facts(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 1))
    hook = subscribe(conn)
    (made,) = claim(conn, campaign).claims
    attempts.mark_answered(conn, made.attempt_uid, NOW + 4.5)
    attempts.dispose(conn, made.attempt_uid, Disposition.CONTACTED, NOW + 60, None, "won", user_id=None)
    contact, attempt = sorted(webhooks.due(conn, NOW + 61, 10), key=lambda each: each.event, reverse=True)
    body = json.loads(attempt.body)
    assert (attempt.event, attempt.at) == ("attempt.ended", NOW + 60)
    assert body["disposition"] == "contacted"
    assert body["number"] == number(0)
    assert body["answered_at"] == "2026-05-28T20:26:44.500Z"
    assert body["talking_at"] is None
    assert body["fields"] == {}
    assert (contact.event, json.loads(contact.body)["reason"]) == ("contact.closed", "contacted")
    assert contact.at == NOW + 61
    assert [each.subscription_id for each in (attempt, contact)] == [hook, hook]


def test_an_attempt_that_was_taken_back_is_not_told(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 1))
    hook = subscribe(conn, ["attempt.ended"])
    (made,) = claim(conn, campaign).claims
    claims.requeue(conn, made.attempt_uid, NOW)
    assert told(conn, hook) == []


def test_what_is_rolled_back_was_never_told(conn: sqlite3.Connection) -> None:
    hook = subscribe(conn)
    conn.execute("SAVEPOINT task")
    webhooks.enqueue(conn, "lead.accepted", {"contact_id": 1}, NOW)
    assert told(conn, hook) == ["lead.accepted"]
    conn.execute("ROLLBACK TO task")
    assert told(conn, hook) == []


def test_each_hears_what_it_wants_of_the_campaign_it_wants(conn: sqlite3.Connection) -> None:
    first, second = (new_campaign(conn, new_list(conn, 1, start)) for start in (0, 10))
    everything, of_second = subscribe(conn), subscribe(conn, campaign=second)
    leads = subscribe(conn, ["lead.accepted"])
    campaigns.set_state(conn, first, CampaignState.PAUSED, NOW)
    campaigns.set_state(conn, first, CampaignState.PAUSED, NOW)
    webhooks.enqueue(conn, "lead.accepted", {}, NOW, second)
    dnc.add(conn, dnc.OPT_OUTS, [number(5)], "test", NOW)
    assert told(conn, everything) == ["campaign.state", "lead.accepted", "dnc.added"]
    assert told(conn, of_second) == ["lead.accepted", "dnc.added"]
    assert told(conn, leads) == ["lead.accepted"]


def test_numbers_that_were_blocked_already_are_not_told_again(conn: sqlite3.Connection) -> None:
    hook = subscribe(conn, ["dnc.added"])
    for _ in range(2):
        dnc.add(conn, dnc.OPT_OUTS, [number(5), number(6)], "desk", NOW)
    (only,) = webhooks.deliveries(conn, hook, 0, 10)
    assert json.loads(only.body) == {
        "list_id": 1, "list": "Opt-outs", "numbers": [number(5), number(6)], "source": "desk", "expires_at": None,
    }  # fmt: skip


def test_many_numbers_are_told_in_portions(conn: sqlite3.Connection) -> None:
    hook = subscribe(conn, ["dnc.added"])
    dnc.add(conn, dnc.OPT_OUTS, [f"+4930{n:07d}" for n in range(1, 2002)], "office", NOW)
    bodies = [json.loads(each.body)["numbers"] for each in webhooks.deliveries(conn, hook, 0, 10)]
    assert sorted(map(len, bodies)) == [1, 1000, 1000]


def test_an_event_nobody_knows_is_a_mistake_of_ours(conn: sqlite3.Connection) -> None:
    with pytest.raises(ValueError, match=r"attempt\.endet"):
        webhooks.enqueue(conn, "attempt.endet", {}, NOW)


def test_trying_waiting_giving_up_and_beginning_again(conn: sqlite3.Connection) -> None:
    hook = subscribe(conn)
    webhooks.enqueue(conn, "lead.accepted", {}, NOW)
    (first,) = webhooks.due(conn, NOW, 5)
    webhooks.not_delivered(conn, first, 500, "it answered 500", NOW, NOW + 30)
    assert webhooks.due(conn, NOW + 29, 5) == []
    (second,) = webhooks.due(conn, NOW + 30, 5)
    assert (second.uid, second.tries, second.first_at) == (first.uid, 1, NOW)
    webhooks.not_delivered(conn, second, None, "no answer", NOW + 30, None)
    (over,) = webhooks.deliveries(conn, hook, 0, 5)
    assert (over.state, over.tries, over.error) == ("failed", 2, "no answer")
    assert webhooks.subscriptions(conn)[0].failing_since == NOW
    webhooks.again(conn, over.id, NOW + 99)
    (third,) = webhooks.due(conn, NOW + 99, 5)
    webhooks.delivered(conn, third, 204, 12, NOW + 99)
    assert webhooks.subscriptions(conn)[0].failing_since is None
    assert webhooks.deliveries(conn, hook, 0, 5)[0].state == "delivered"


def test_a_stopped_subscription_keeps_what_waits_and_hears_nothing_new(conn: sqlite3.Connection) -> None:
    hook = subscribe(conn)
    webhooks.enqueue(conn, "lead.accepted", {"n": 1}, NOW)
    webhooks.give_up(conn, hook, NOW)
    webhooks.enqueue(conn, "lead.accepted", {"n": 2}, NOW)
    assert webhooks.due(conn, NOW, 5) == []
    webhooks.set_active(conn, hook, True, NOW + 5)
    assert [json.loads(each.body) for each in webhooks.due(conn, NOW + 5, 5)] == [{"n": 1}]


def test_one_that_is_busy_holds_up_nobody_else(conn: sqlite3.Connection) -> None:
    one, two = subscribe(conn), subscribe(conn)
    for _ in range(3):
        webhooks.enqueue(conn, "lead.accepted", {}, NOW)
    assert [each.subscription_id for each in webhooks.due(conn, NOW, 2)] == [one, one, two, two]
    assert {each.subscription_id for each in webhooks.due(conn, NOW, 2, busy=[one])} == {two}


def test_unsubscribing_leaves_nothing_waiting(conn: sqlite3.Connection) -> None:
    hook = subscribe(conn)
    webhooks.enqueue(conn, "lead.accepted", {}, NOW)
    webhooks.unsubscribe(conn, hook, NOW)
    assert webhooks.waiting(conn) == {}
    assert webhooks.subscriptions(conn) == []
    for act in (
        lambda: webhooks.enqueue_test(conn, hook, NOW),
        lambda: webhooks.set_active(conn, hook, True, NOW),
        lambda: webhooks.again(conn, 1, NOW),
    ):
        with pytest.raises(OperatorError, match="no webhook"):
            act()


def test_what_is_over_is_forgotten_after_its_time_and_what_waits_never(conn: sqlite3.Connection) -> None:
    subscribe(conn)
    for _ in range(2):
        webhooks.enqueue(conn, "lead.accepted", {}, NOW)
    webhooks.delivered(conn, webhooks.due(conn, NOW, 1)[0], 200, 5, NOW)
    assert not webhooks.prune(conn, NOW + webhooks.KEPT_S - 1)
    assert webhooks.prune(conn, NOW + webhooks.KEPT_S + 1)
    assert not webhooks.prune(conn, NOW + webhooks.KEPT_S + 1)
    assert conn.execute("SELECT count(*) FROM webhook_event").fetchone() == (1,)
    assert len(webhooks.due(conn, NOW, 5)) == 1


def test_a_call_that_ended_in_the_far_side_is_told_once(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 1))
    hook = subscribe(conn, ["attempt.ended"])
    (made,) = claim(conn, campaign).claims
    attempts.mark_ended(conn, made.attempt_uid, HangupCause.BUSY, Side.CUSTOMER, 486, NOW + 2)
    for _ in range(2):
        attempts.dispose(conn, made.attempt_uid, Disposition.BUSY, NOW + 2, NOW + 999, key="k")
    assert told(conn, hook) == ["attempt.ended"]


def test_a_promise_and_its_move_are_told(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 1))
    hook = subscribe(conn, ["callback.promised"])
    (made,) = claim(conn, campaign).claims
    attempts.dispose(conn, made.attempt_uid, Disposition.CALLBACK, NOW + 60, NOW + 3600)
    attempt = attempts.get(conn, made.attempt_uid)
    promise = callbacks.make(conn, attempt, NOW + 3600, "Europe/Berlin", None, "roof", NOW + 60, None)
    callbacks.move(conn, callbacks.get(conn, promise), NOW + 7200, NOW + 90, None)
    bodies = [json.loads(each.body) for each in webhooks.deliveries(conn, hook, 0, 9)]
    assert [each["promised_at"] for each in bodies] == [
        "2026-05-28T22:26:40.000Z",
        "2026-05-28T21:26:40.000Z",
    ]
    assert {(each["callback_id"], each["number"], each["note"]) for each in bodies} == {
        (promise, number(0), "roof")
    }
