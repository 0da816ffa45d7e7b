"""What pacing has learned about a campaign, kept over restarts, and what the records say of its legal window."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from firmware.model import AttemptUid, CampaignId, ContactId, OperatorError, Problem, UserId
from firmware.store.attempts import OF_CONTACT, first_uid
from firmware.store.words import canonical, mapping


@dataclass(frozen=True, slots=True)
class WindowCounts:
    """Live answers since a moment, and those of them that met nobody.

    ``false_machines`` are people whom the box took for machines, as reported; they count as answered and abandoned.
    """

    answers: int
    abandoned: int
    false_machines: int


def save(conn: sqlite3.Connection, campaign: CampaignId, at: float, state: Mapping[str, Any]) -> None:
    """Keep a campaign's state in place of the one before."""
    conn.execute(
        "INSERT INTO pacing_state (campaign_id, at, state) VALUES (?, ?, ?)"
        " ON CONFLICT (campaign_id) DO UPDATE SET at = excluded.at, state = excluded.state",
        (campaign, at, canonical(dict(state))),
    )


def load(conn: sqlite3.Connection, campaign: CampaignId) -> dict[str, Any] | None:
    """Return what was kept, None if there is nothing."""
    row = conn.execute("SELECT state FROM pacing_state WHERE campaign_id = ?", (campaign,)).fetchone()
    return None if row is None else mapping(row[0])


def window_counts(conn: sqlite3.Connection, campaign: CampaignId, since: float) -> WindowCounts:
    """Count the campaign's attempts made from ``since`` on; reads no older ones."""
    # Attempts are numbered in the order they were made, and their uids sort by time.
    (first,) = conn.execute("SELECT min(id) FROM attempt WHERE uid >= ?", (first_uid(since),)).fetchone()
    answers, abandoned, reported = conn.execute(
        "SELECT coalesce(sum(live), 0), coalesce(sum(disposition = 'abandoned'), 0),"
        " coalesce(sum(uid IN (SELECT uid FROM false_machine)), 0)"
        " FROM attempt WHERE campaign_id = ? AND id >= ? AND sent = 1",
        (campaign, -1 if first is None else first),
    ).fetchone()
    if first is None:
        return WindowCounts(0, 0, 0)
    return WindowCounts(answers + reported, abandoned + reported, reported)


def report_person(conn: sqlite3.Connection, uid: AttemptUid, user: UserId, at: float) -> CampaignId:
    """An agent says that a call taken for a machine was a person's; returns its campaign. Twice is once.

    :raises OperatorError: there is no such attempt, or it was not taken for a machine.
    """
    row = conn.execute(
        "SELECT campaign_id, verdict, disposition FROM attempt WHERE uid = ?", (uid,)
    ).fetchone()
    if row is None or "machine" not in (row[1], row[2]):
        raise OperatorError(Problem("attempt", "not_a_machine", "This call was not taken for a machine."))
    conn.execute(
        "INSERT INTO false_machine (uid, at, user_id) VALUES (?, ?, ?) ON CONFLICT (uid) DO NOTHING",
        (uid, at, user),
    )
    return CampaignId(row[0])


def persons(conn: sqlite3.Connection, contact: ContactId) -> frozenset[str]:
    """Return those of a contact's attempts of which somebody said that it was a person."""
    sql = f"SELECT uid FROM attempt WHERE {OF_CONTACT} AND uid IN (SELECT uid FROM false_machine)"  # noqa: S608
    return frozenset(uid for (uid,) in conn.execute(sql, (contact, contact)))
