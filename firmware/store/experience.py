"""What a campaign's attempts so far say of the next ones: who answers, at which hours, how long it takes.

Read for a forecast, never for a decision about a call. Hours are of the clock on the wall, by the offset that is given.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from firmware.model import CampaignId
from firmware.store import candidates, due
from firmware.store.campaigns import Campaign
from firmware.store.candidates import Candidate

_LATEST = 100_000
"""Attempts that are looked at, newest first."""
_RECENT = "(SELECT * FROM attempt WHERE campaign_id = ? AND sent = 1 ORDER BY id DESC LIMIT ?)"
_COUNT = f"""SELECT count(*), coalesce(sum(live), 0), coalesce(sum(disposition = 'machine'), 0),
    coalesce(sum(talking_at IS NOT NULL AND ended_at IS NOT NULL), 0), avg(ended_at - talking_at),
    avg(CASE WHEN talking_at IS NOT NULL THEN disposed_at - ended_at END) FROM {_RECENT}"""  # noqa: S608 - constants
_BY_HOUR = f"""SELECT CAST((started_at + ?) / 3600 AS INTEGER) % 24, count(*), coalesce(sum(live), 0)
    FROM {_RECENT} GROUP BY 1"""  # noqa: S608 - constants only
_OPEN = "FROM contact c WHERE c.list_id = ? AND c.state = 'open'"


@dataclass(frozen=True, slots=True)
class Experience:
    """Counts of a campaign's newest attempts. Durations are means in seconds, None where nobody has talked.

    ``hours``: hour of the day -> attempts and live answers.
    """

    attempts: int
    live: int
    machines: int
    talks: int
    talk_s: float | None
    wrap_s: float | None
    hours: Mapping[int, tuple[int, int]]


def of_campaign(
    conn: sqlite3.Connection, campaign: CampaignId, offset_s: float, latest: int = _LATEST
) -> Experience:
    """Count a campaign's ``latest`` attempts; ``offset_s`` is the local time's distance from UTC."""
    attempts, live, machines, talks, talk_s, wrap_s = conn.execute(_COUNT, (campaign, latest)).fetchone()
    by_hour = conn.execute(_BY_HOUR, (offset_s, campaign, latest))
    hours = {int(hour): (int(made), int(reached)) for hour, made, reached in by_hour}
    return Experience(attempts, live, machines, talks, talk_s, wrap_s, hours)


def open_count(conn: sqlite3.Connection, campaign: Campaign) -> tuple[int, float]:
    """How many contacts of the campaign's list are open, and how many attempts each has behind it on average."""
    list_id = campaign.settings.contact_list_id
    if list_id is None:
        return 0, 0.0
    count, mean = conn.execute(
        f"SELECT count(*), avg(c.attempts - c.attempts_base) {_OPEN}", (list_id,)
    ).fetchone()
    return int(count), float(mean or 0.0)


def open_candidates(
    conn: sqlite3.Connection, campaign: Campaign, now: float, every: int = 1
) -> Iterator[Candidate]:
    """Open contacts of the campaign's list as a claim would see them; only each ``every``-th of a long list."""
    asked = candidates.asked_for(conn, campaign, now)
    # Rows are read by id, so that a sample is spread over the list as it was imported.
    sql = (
        "SELECT -c.priority, c.next_at, c.id, c.dialled, c.name, c.fields, c.zones, c.attempts - c.attempts_base"
        f" {_OPEN} AND c.id % ? = 0"
    )
    cursor = conn.execute(sql, (campaign.settings.contact_list_id, every))
    for row in cursor:
        found: due.Row = row
        yield candidates.candidate(conn, found, asked)
