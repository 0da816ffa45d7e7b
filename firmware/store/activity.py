"""What happened in a period, counted once: cells that every report is a sum of.

A cell is a quarter of an hour of one campaign, agent, disposition and wrap-up code. All time zones in use differ from
UTC by whole quarters of an hour, so cells add up to hours, days, weeks and months of any office without splitting one;
and because every table is a sum over the same cells, no two tables of the same question can disagree.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from firmware.model import CampaignId, Disposition, UserId
from firmware.store.attempt_rows import COLUMNS, Attempt, read

QUARTER_S = 900
"""Length of a cell in seconds."""
_MOST_CAMPAIGNS = 500
"""More are not asked for one by one."""


@dataclass(frozen=True, slots=True)
class Period:
    """Attempts that began in ``since <= started_at < until`` (UTC seconds); no campaigns: all of them."""

    since: float
    until: float
    campaigns: Sequence[CampaignId] = ()


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over attempts that were sent. Durations in seconds; ``x + y`` adds two."""

    calls: int = 0
    answered: int = 0
    reached: int = 0
    """A person answered."""
    connected: int = 0
    """Handed to an agent."""
    abandoned: int = 0
    interrupted: int = 0
    """Cut short by a power cut or a crash of the box."""
    handover_s: float = 0.0
    """From the answer to the agent, over the connected ones."""
    talk_s: float = 0.0
    wrapped: int = 0
    """Ended with an agent who then had to wrap up."""
    wrap_up_s: float = 0.0

    def __add__(self, other: Totals) -> Totals:
        return Totals(
            self.calls + other.calls,
            self.answered + other.answered,
            self.reached + other.reached,
            self.connected + other.connected,
            self.abandoned + other.abandoned,
            self.interrupted + other.interrupted,
            self.handover_s + other.handover_s,
            self.talk_s + other.talk_s,
            self.wrapped + other.wrapped,
            self.wrap_up_s + other.wrap_up_s,
        )


@dataclass(frozen=True, slots=True)
class Cell:
    """One quarter of an hour of one campaign, agent and outcome; ``starts_at`` UTC seconds."""

    starts_at: int
    campaign_id: CampaignId
    user_id: UserId | None
    disposition: Disposition | None
    """None: the call goes on."""
    wrap_up_code: str
    """Empty: none was chosen."""
    totals: Totals


_CONNECTED = "user_id IS NOT NULL AND talking_at IS NOT NULL"
_SUMS = ", ".join(
    (
        "count(*)",
        "count(answered_at)",
        "sum(live)",
        f"count(*) FILTER (WHERE {_CONNECTED})",
        "count(*) FILTER (WHERE disposition = 'abandoned')",
        "count(*) FILTER (WHERE disposition = 'interrupted')",
        f"coalesce(sum(max(0.0, talking_at - answered_at)) FILTER (WHERE {_CONNECTED}), 0.0)",
        f"coalesce(sum(max(0.0, ended_at - talking_at)) FILTER (WHERE {_CONNECTED} AND ended_at IS NOT NULL), 0.0)",
        f"count(*) FILTER (WHERE {_CONNECTED} AND ended_at IS NOT NULL AND disposed_at IS NOT NULL)",
        f"coalesce(sum(max(0.0, disposed_at - ended_at)) FILTER (WHERE {_CONNECTED}), 0.0)",
    )
)


def cells(conn: sqlite3.Connection, period: Period) -> list[Cell]:
    """Every cell of the period with something in it, by time."""
    where, values = where_of(period)
    sql = f"""SELECT CAST(started_at / {QUARTER_S} AS INTEGER) * {QUARTER_S}, campaign_id, user_id,
        disposition, coalesce(wrap_up_code, ''), {_SUMS} FROM attempt INDEXED BY attempt_by_start WHERE {where}
        GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5"""  # noqa: S608 - constants and marks only
    return [_cell(row) for row in conn.execute(sql, values)]


def _cell(row: tuple[Any, ...]) -> Cell:
    starts_at, campaign, user, disposition, code, *sums = row
    return Cell(
        starts_at,
        CampaignId(campaign),
        None if user is None else UserId(user),
        None if disposition is None else Disposition(disposition),
        code,
        Totals(*sums),
    )


def count(conn: sqlite3.Connection, period: Period) -> int:
    """How many attempts the period has."""
    where, values = where_of(period)
    sql = f"SELECT count(*) FROM attempt INDEXED BY attempt_by_start WHERE {where}"  # noqa: S608
    (found,) = conn.execute(sql, values).fetchone()
    return int(found)


def history(conn: sqlite3.Connection, period: Period, limit: int, offset: int = 0) -> list[Attempt]:
    """The period's attempts, newest first."""
    where, values = where_of(period)
    sql = f"""SELECT {COLUMNS} FROM attempt INDEXED BY attempt_by_start WHERE {where}
        ORDER BY started_at DESC, id DESC LIMIT ? OFFSET ?"""  # noqa: S608
    return [read(row) for row in conn.execute(sql, (*values, limit, offset))]


def after(
    conn: sqlite3.Connection, period: Period, last: tuple[float, str] | None, limit: int
) -> list[Attempt]:
    """The next attempts of the period in order of time, after the one that began at ``last[0]`` with uid ``last[1]``.

    For long lists in slices: each costs the same, however far it is.
    """
    where, values = where_of(period)
    if last is not None:
        where, values = f"{where} AND (started_at, uid) > (?, ?)", (*values, *last)
    sql = f"""SELECT {COLUMNS} FROM attempt INDEXED BY attempt_by_start WHERE {where}
        ORDER BY started_at, uid LIMIT ?"""  # noqa: S608
    return [read(row) for row in conn.execute(sql, (*values, limit))]


def answer_labels(conn: sqlite3.Connection, period: Period, most: int = 100) -> tuple[str, ...]:
    """What agents were asked to fill in during the period's calls: labels, in the order they were first asked."""
    where, values = where_of(period)
    sql = f"""SELECT json_extract(j.value, '$.label') FROM
        (SELECT uid, started_at FROM attempt INDEXED BY attempt_by_start WHERE {where}) a
        JOIN form_answer f ON f.attempt_uid = a.uid, json_each(f.answers) j
        GROUP BY 1 ORDER BY min(a.started_at), min(j.key) LIMIT ?"""  # noqa: S608
    return tuple(str(label) for (label,) in conn.execute(sql, (*values, most)))


def where_of(period: Period, column: str = "started_at") -> tuple[str, tuple[float | str, ...]]:
    """A condition for rows of the period by the time in ``column``; attempts that were never sent are none."""
    where, values = f"{column} >= ? AND {column} < ?", (period.since, period.until)
    if column == "started_at":
        where = f"sent = 1 AND {where}"
    chosen = tuple(period.campaigns)[:_MOST_CAMPAIGNS]
    if not chosen:
        return where, values
    return f"{where} AND campaign_id IN ({', '.join('?' * len(chosen))})", (*values, *chosen)
