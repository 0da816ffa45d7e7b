"""Further kinds of what happened in a period, counted once in quarters of an hour like ``activity``'s cells.

How long people waited for an agent, who was due and not allowed, which promised calls were kept, and what the ears said
against what people say. A cell's counts are named; sums of cells are sums of names, so every table of a report agrees.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from firmware.model import CampaignId, UserId
from firmware.store import callbacks
from firmware.store.activity import QUARTER_S, Period, where_of

WAITS_S = (1, 2, 5, 10)
"""Bounds of the counts ``w1 w2 w5 w10``; who waited longer is in ``more``."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Named counts; a name that is missing is 0, ``x + y`` adds two."""

    counts: Mapping[str, float] = field(default_factory=dict)

    def __getitem__(self, name: str) -> float:
        return self.counts.get(name, 0)

    def __add__(self, other: Tally) -> Tally:
        names = (*self.counts, *(name for name in other.counts if name not in self.counts))
        return Tally({name: self[name] + other[name] for name in names})


@dataclass(frozen=True, slots=True)
class TallyCell:
    """Counts of one quarter of an hour and campaign; ``user_id`` where they are somebody's own."""

    starts_at: int
    campaign_id: CampaignId
    totals: Tally
    user_id: UserId | None = None


_WAIT = "CASE WHEN talking_at IS NOT NULL THEN talking_at ELSE ended_at END - answered_at"
_SERVED = "user_id IS NOT NULL AND talking_at IS NOT NULL"


def waits(conn: sqlite3.Connection, period: Period) -> list[TallyCell]:
    """People who answered, by how long they waited: ``reached served w1 w2 w5 w10 more lost gone waited_s``.

    ``lost`` were abandoned, ``gone`` hung up or were ended otherwise before an agent came.
    """
    where, values = where_of(period)
    bounds = (0, *WAITS_S)
    spans = [
        f"count(*) FILTER (WHERE {_SERVED} AND {_WAIT} > {low} AND {_WAIT} <= {high})"
        if low
        else f"count(*) FILTER (WHERE {_SERVED} AND {_WAIT} <= {high})"
        for low, high in zip(bounds, WAITS_S, strict=False)
    ]
    sums = {
        "reached": "count(*)",
        "served": f"count(*) FILTER (WHERE {_SERVED})",
        **{f"w{high}": sql for high, sql in zip(WAITS_S, spans, strict=True)},
        "more": f"count(*) FILTER (WHERE {_SERVED} AND {_WAIT} > {WAITS_S[-1]})",
        "lost": f"count(*) FILTER (WHERE NOT ({_SERVED}) AND disposition = 'abandoned')",
        "gone": f"count(*) FILTER (WHERE NOT ({_SERVED}) AND disposition IS NOT 'abandoned')",
        "waited_s": f"coalesce(sum(max(0.0, {_WAIT})) FILTER (WHERE {_SERVED}), 0.0)",
    }
    sql = f"""SELECT CAST(started_at / {QUARTER_S} AS INTEGER) * {QUARTER_S}, campaign_id, {", ".join(sums.values())}
        FROM attempt INDEXED BY attempt_by_start WHERE {where} AND live = 1 GROUP BY 1, 2 ORDER BY 1, 2"""  # noqa: S608
    return [_cell(row, tuple(sums)) for row in conn.execute(sql, values)]


def refusals(conn: sqlite3.Connection, period: Period) -> list[TallyCell]:
    """Contacts that were due and not allowed; the counts are named by the rule."""
    where, values = where_of(period, "starts_at")
    sql = f"SELECT starts_at, campaign_id, rule, n FROM refusal_cell WHERE {where} ORDER BY 1, 2, 3"  # noqa: S608
    return [TallyCell(at, CampaignId(k), Tally({rule: n})) for at, k, rule, n in conn.execute(sql, values)]


def promises(conn: sqlite3.Connection, period: Period) -> list[TallyCell]:
    """Callbacks by the time they were promised for: ``all open kept in_time late missed withdrawn``.

    What was passed on or moved counts once, where and whose it ended up. ``in_time`` and ``late`` are those kept whose
    first try was made within the grace the office allows, or after it.
    """
    where, values = where_of(period, "promised_at")
    grace_s = callbacks.rules_in_force(conn).grace_s
    sums = {
        "all": "count(*)",
        **{state: f"count(*) FILTER (WHERE state = '{state}')" for state in _ENDS},
        "in_time": "count(*) FILTER (WHERE state = 'kept' AND first_try_at <= promised_at + ?)",
        "late": "count(*) FILTER (WHERE state = 'kept' AND first_try_at > promised_at + ?)",
    }
    sql = f"""SELECT CAST(promised_at / {QUARTER_S} AS INTEGER) * {QUARTER_S}, campaign_id, owner,
        {", ".join(sums.values())} FROM promise INDEXED BY promise_by_time
        WHERE state <> 'passed_on' AND {where} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""  # noqa: S608
    rows = conn.execute(sql, (grace_s, grace_s, *values)).fetchall()
    return [_cell((at, k, *rest), tuple(sums), owner) for at, k, owner, *rest in rows]


_ENDS = ("open", "kept", "missed", "withdrawn")
_WORD = (
    "coalesce((SELECT said FROM verdict_word WHERE attempt_uid = attempt.uid ORDER BY how = 'result', id DESC LIMIT 1),"
    " (SELECT 'person' FROM false_machine WHERE false_machine.uid = attempt.uid), 'none')"
)


def confusion(conn: sqlite3.Connection, period: Period) -> list[TallyCell]:
    """What the ears said against the last word of a person: counts ``VERDICT:machine|person|none``."""
    where, values = where_of(period)
    sql = f"""SELECT CAST(started_at / {QUARTER_S} AS INTEGER) * {QUARTER_S}, campaign_id,
        verdict || ':' || {_WORD}, count(*) FROM attempt INDEXED BY attempt_by_start
        WHERE {where} AND verdict IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""  # noqa: S608
    return [TallyCell(at, CampaignId(k), Tally({what: n})) for at, k, what, n in conn.execute(sql, values)]


def _cell(row: tuple[Any, ...], names: tuple[str, ...], owner: int | None = None) -> TallyCell:
    at, campaign, *counts = row
    told = {name: count for name, count in zip(names, counts, strict=True) if count}
    return TallyCell(at, CampaignId(campaign), Tally(told), None if owner is None else UserId(owner))


CALLER_WAITS_S = (10, 20, 60)
"""Bounds of the counts ``w10 w20 w60`` of ``arrivals``."""


def arrivals(conn: sqlite3.Connection, period: Period) -> list[TallyCell]:
    """Calls that came in: ``all`` and one count per outcome, who was connected by how long they waited, and results.

    Campaign 0: calls of none. Waiting counts from the moment the network offered the call.
    """
    where, values = where_of(period, "offered_at")
    wait = "max(0.0, connected_at - offered_at)"
    bounds = (-1, *CALLER_WAITS_S)
    sums = {
        "all": "count(*)",
        **{each: f"count(*) FILTER (WHERE outcome = '{each}')" for each in INBOUND},
        "served": "count(connected_at)",
        **{
            f"w{high}": f"count(*) FILTER (WHERE {wait} > {low} AND {wait} <= {high})"
            for low, high in zip(bounds, CALLER_WAITS_S, strict=False)
        },
        "more": f"count(*) FILTER (WHERE {wait} > {CALLER_WAITS_S[-1]})",
        "waited_s": f"coalesce(sum(max(0.0, {wait})), 0.0)",
    }
    sql = f"""SELECT CAST(offered_at / {QUARTER_S} AS INTEGER) * {QUARTER_S}, coalesce(campaign_id, 0),
        {", ".join(sums.values())} FROM inbound_call WHERE {where} GROUP BY 1, 2 ORDER BY 1, 2"""  # noqa: S608
    found = [_cell(row, tuple(sums)) for row in conn.execute(sql, values)]
    sql = f"""SELECT CAST(offered_at / {QUARTER_S} AS INTEGER) * {QUARTER_S}, coalesce(campaign_id, 0),
        '{RESULT}' || coalesce(wrap_up_code, disposition), count(*) FROM inbound_call WHERE {where}
        AND disposition IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""  # noqa: S608
    results = [TallyCell(at, CampaignId(k), Tally({code: n})) for at, k, code, n in conn.execute(sql, values)]
    return [*found, *results]


RESULT = "result:"
"""Begins the names of counts of results in ``arrivals``; after it comes the wrap-up code."""
INBOUND = ("answered", "missed", "closed", "busy", "refused", "callback", "interrupted")
"""Outcomes of calls that came in, as the schema names them."""
