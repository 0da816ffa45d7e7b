"""Webhooks in the store: who wants to hear of what, what there is to tell, and what became of each delivery.

``enqueue`` writes an event inside the transaction it tells of; triggers do the same for attempts, contacts and
campaigns. Each event becomes one delivery per subscription that wants it. Sending is ``firmware.webhooks``', and so is
when to try again; here it is only written down. Secrets stay in here and with the sender.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from firmware.model import CampaignId, OperatorError, Problem
from firmware.store.words import canonical

EVENTS: tuple[str, ...] = (
    "alert.began",
    "alert.ended",
    "attempt.ended",
    "callback.promised",
    "campaign.state",
    "contact.closed",
    "dnc.added",
    "inbound.answered",
    "inbound.ended",
    "inbound.missed",
    "inbound.result",
    "lead.accepted",
    "rule.matched",
)
"""What can be subscribed to."""
TEST = "webhook.test"
"""The event of the test button; it goes to one subscription, wanted or not."""
KEPT_S = 30 * 86400.0
"""How long deliveries that are over can be looked at and repeated."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One receiver. Times are UTC seconds; ``secret`` is empty wherever people look."""

    id: int
    url: str
    secret: str
    events: tuple[str, ...]
    campaign_id: CampaignId | None
    active: bool
    created_at: float
    created_by: str
    failing_since: float | None
    stopped_at: float | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one subscription and what became of it. ``status`` is HTTP's, None without an answer."""

    id: int
    subscription_id: int
    uid: str
    event: str
    at: float | None
    body: str
    state: str
    tries: int
    first_at: float | None
    next_at: float
    last_at: float | None
    status: int | None
    error: str
    took_ms: int | None


_SUBSCRIPTION = (
    "id, url, secret, events, campaign_id, active, created_at, created_by, failing_since, stopped_at"
)
_DELIVERY = (
    "d.id, d.subscription_id, e.uid, e.event, e.at, e.body, d.state, d.tries, d.first_at, d.next_at, d.last_at,"
    " d.status, d.error, d.took_ms FROM webhook_delivery d JOIN webhook_event e ON e.id = d.event_id"
)


def moment(at: float | None) -> str | None:
    """UTC seconds as bodies write them (RFC 3339, milliseconds); None stays None."""
    if at is None:
        return None
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


# -- what there is to tell -----------------------------------------------------------------------------------------


def enqueue(
    conn: sqlite3.Connection,
    event: str,
    body: Mapping[str, Any],
    at: float,
    campaign_id: CampaignId | None = None,
) -> None:
    """Tell everybody who wants to hear of ``event``; part of the caller's transaction, nothing if nobody does.

    ``body`` is what JSON can write. ``campaign_id``: only subscriptions to this campaign or to all hear of it.

    :raises ValueError: not one of ``EVENTS``.
    """
    if event not in EVENTS:
        raise ValueError(f"{event} is none of the events")
    conn.execute(
        "INSERT INTO webhook_event (event, campaign_id, at, body) SELECT ?1, ?2, ?3, ?4 WHERE EXISTS (SELECT 1"
        " FROM webhook_subscription s, json_each(s.events) e WHERE s.active = 1 AND e.value = ?1)",
        (event, campaign_id, at, canonical(dict(body))),
    )


def enqueue_test(conn: sqlite3.Connection, subscription: int, now: float) -> int:
    """Tell one subscription that it is being tried; returns the delivery. :raises OperatorError: unknown."""
    _must_exist(conn, subscription)
    row = conn.execute(
        "INSERT INTO webhook_event (event, at, body) VALUES (?, ?, ?)",
        (TEST, now, canonical({"subscription_id": subscription})),
    )
    made = conn.execute(
        "INSERT INTO webhook_delivery (event_id, subscription_id, next_at) VALUES (?, ?, ?)",
        (row.lastrowid, subscription, now),
    )
    return made.lastrowid or 0


# -- subscriptions -------------------------------------------------------------------------------------------------


def subscribe(
    conn: sqlite3.Connection,
    url: str,
    secret: str,
    events: Iterable[str],
    campaign_id: CampaignId | None,
    who: str,
    now: float,
) -> int:
    """Store a subscription; it hears of what happens from now on."""
    row = conn.execute(
        "INSERT INTO webhook_subscription (url, secret, events, campaign_id, created_at, created_by)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (url, secret, json.dumps(sorted(set(events))), campaign_id, now, who),
    )
    return row.lastrowid or 0


def subscriptions(conn: sqlite3.Connection) -> list[Subscription]:
    """Return every subscription in use, oldest first, with its secret."""
    rows = conn.execute(
        f"SELECT {_SUBSCRIPTION} FROM webhook_subscription WHERE deleted_at IS NULL ORDER BY id"  # noqa: S608
    )
    return [_subscription(row) for row in rows.fetchall()]


def subscription(conn: sqlite3.Connection, number: int) -> Subscription | None:
    """Return one subscription with its secret; None if there is none."""
    row = conn.execute(
        f"SELECT {_SUBSCRIPTION} FROM webhook_subscription WHERE id = ? AND deleted_at IS NULL",  # noqa: S608
        (number,),
    ).fetchone()
    return None if row is None else _subscription(row)


def set_active(conn: sqlite3.Connection, number: int, active: bool, now: float) -> None:
    """Let a subscription hear again, with what waits for it at once, or no more. :raises OperatorError: unknown."""
    _must_exist(conn, number)
    conn.execute(
        "UPDATE webhook_subscription SET active = ?, failing_since = NULL, stopped_at = NULL WHERE id = ?",
        (active, number),
    )
    if active:
        conn.execute(
            "UPDATE webhook_delivery SET next_at = ? WHERE subscription_id = ? AND state = 'waiting'",
            (now, number),
        )


def unsubscribe(conn: sqlite3.Connection, number: int, now: float) -> None:
    """Forget a subscription and what waits for it; what was delivered stays to be seen. :raises OperatorError:"""
    _must_exist(conn, number)
    conn.execute(
        "UPDATE webhook_subscription SET active = 0, deleted_at = ?, secret = 'gone' WHERE id = ?",
        (now, number),
    )
    conn.execute(
        "UPDATE webhook_delivery SET state = 'failed', error = 'unsubscribed'"
        " WHERE subscription_id = ? AND state = 'waiting'",
        (number,),
    )


# -- deliveries ----------------------------------------------------------------------------------------------------


def due(conn: sqlite3.Connection, now: float, each: int, busy: Iterable[int] = ()) -> list[Delivery]:
    """Return up to ``each`` deliveries per subscription to be tried now, none of the subscriptions in ``busy``.

    An event that does not know when it happened is given ``now`` for good.
    """
    conn.execute("UPDATE webhook_event SET at = ? WHERE at IS NULL", (now,))
    sql = (
        f"SELECT {_DELIVERY} WHERE d.state = 'waiting' AND d.subscription_id = ? AND d.next_at <= ?"
        " ORDER BY d.next_at, d.id LIMIT ?"
    )
    rows = [
        row for number in _active(conn, busy) for row in conn.execute(sql, (number, now, each)).fetchall()
    ]
    return [Delivery(*row) for row in rows]


def delivered(conn: sqlite3.Connection, delivery: Delivery, status: int, took_ms: int, now: float) -> None:
    """The receiver has it."""
    conn.execute(
        "UPDATE webhook_delivery SET state = 'delivered', tries = tries + 1, first_at = coalesce(first_at, ?1),"
        " last_at = ?1, status = ?2, error = '', took_ms = ?3 WHERE id = ?4",
        (now, status, took_ms, delivery.id),
    )
    conn.execute(
        "UPDATE webhook_subscription SET failing_since = NULL WHERE id = ?", (delivery.subscription_id,)
    )


def not_delivered(
    conn: sqlite3.Connection,
    delivery: Delivery,
    status: int | None,
    error: str,
    now: float,
    next_at: float | None,
) -> None:
    """The receiver did not take it; try again at ``next_at``, or never (None)."""
    conn.execute(
        "UPDATE webhook_delivery SET state = iif(?1 IS NULL, 'failed', 'waiting'), tries = tries + 1,"
        " first_at = coalesce(first_at, ?2), last_at = ?2, next_at = coalesce(?1, next_at), status = ?3, error = ?4,"
        " took_ms = NULL WHERE id = ?5",
        (next_at, now, status, error[:200], delivery.id),
    )
    conn.execute(
        "UPDATE webhook_subscription SET failing_since = coalesce(failing_since, ?) WHERE id = ?",
        (now, delivery.subscription_id),
    )


def give_up(conn: sqlite3.Connection, number: int, now: float) -> None:
    """Stop telling a subscription that has not listened for long; a person sets it going again."""
    conn.execute("UPDATE webhook_subscription SET active = 0, stopped_at = ? WHERE id = ?", (now, number))


def again(conn: sqlite3.Connection, delivery: int, now: float) -> None:
    """Deliver once more, from the first try on, whatever became of it. :raises OperatorError: unknown or gone."""
    row = conn.execute("SELECT subscription_id FROM webhook_delivery WHERE id = ?", (delivery,)).fetchone()
    if row is None:
        raise OperatorError(Problem("id", "delivery_unknown", f"There is no delivery {delivery}."))
    _must_exist(conn, row[0])
    conn.execute(
        "UPDATE webhook_delivery SET state = 'waiting', tries = 0, first_at = NULL, next_at = ?, error = ''"
        " WHERE id = ?",
        (now, delivery),
    )


def deliveries(conn: sqlite3.Connection, subscription: int, before: int, limit: int) -> list[Delivery]:
    """Return a subscription's deliveries with ids below ``before`` (0: all), newest first."""
    rows = conn.execute(
        f"SELECT {_DELIVERY} WHERE d.subscription_id = ? AND (? = 0 OR d.id < ?) ORDER BY d.id DESC LIMIT ?",
        (subscription, before, before, limit),
    )
    return [Delivery(*row) for row in rows.fetchall()]


def waiting(conn: sqlite3.Connection) -> dict[int, int]:
    """How many deliveries wait, by subscription."""
    sql = "SELECT subscription_id, count(*) FROM webhook_delivery WHERE state = 'waiting' GROUP BY 1"
    return {int(number): int(count) for number, count in conn.execute(sql)}


def prune(conn: sqlite3.Connection, now: float, limit: int = 2000) -> bool:
    """Forget up to ``limit`` deliveries that have been over for ``KEPT_S``; False when none are left."""
    old = conn.execute(
        "DELETE FROM webhook_delivery WHERE id IN (SELECT d.id FROM webhook_delivery d WHERE d.state <> 'waiting'"
        " AND coalesce(d.last_at, 0) < ? LIMIT ?)",
        (now - KEPT_S, limit),
    ).rowcount
    conn.execute(
        "DELETE FROM webhook_event WHERE id IN (SELECT e.id FROM webhook_event e WHERE e.at < ?"
        " AND NOT EXISTS (SELECT 1 FROM webhook_delivery d WHERE d.event_id = e.id) LIMIT ?)",
        (now - KEPT_S, limit),
    )
    return old > 0


def _subscription(row: tuple[Any, ...]) -> Subscription:
    number, url, secret, events, campaign, active, *rest = row
    return Subscription(number, url, secret, tuple(json.loads(events)), campaign, bool(active), *rest)


def _active(conn: sqlite3.Connection, busy: Iterable[int]) -> list[int]:
    left_out = frozenset(busy)
    rows = conn.execute("SELECT id FROM webhook_subscription WHERE active = 1 ORDER BY id")
    return [number for (number,) in rows if number not in left_out]


def _must_exist(conn: sqlite3.Connection, number: int) -> None:
    if subscription(conn, number) is None:
        raise OperatorError(Problem("id", "webhook_unknown", f"There is no webhook {number}."))
