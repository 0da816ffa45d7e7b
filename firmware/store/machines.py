"""What the ears learn late of an attempt, messages left on machines, and machine verdicts that agents check.

Marks for an attempt that is closed change nothing, as in ``attempts``, except what became of a message: that is kept
whenever it is known. A call on which a machine was audited is no live answer until somebody says that it was a person.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from firmware.model import AmdLabel, AttemptUid, CampaignId, MessageResult
from firmware.store.words import canonical

AUDITED_AT_LEAST = 20
"""Fewer audited calls say nothing about the share of persons among machine verdicts."""


def mark_early(conn: sqlite3.Connection, uid: AttemptUid, cause: str) -> None:
    """Keep what was heard before the answer; the first stands."""
    conn.execute("UPDATE attempt SET early_cause = ? WHERE uid = ? AND early_cause = ''", (cause, uid))


def mark_corrected(
    conn: sqlite3.Connection,
    uid: AttemptUid,
    label: AmdLabel,
    confidence: float,
    cause: str,
    figures: Mapping[str, float],
    at: float,
) -> bool:
    """The first verdict was wrong; this stands beside it. Who is no person and met no agent is no live answer."""
    done = conn.execute(
        "UPDATE attempt SET corrected = ?, corrected_confidence = ?, corrected_cause = ?, corrected_figures = ?,"
        " corrected_at = ?, live = iif(? AND talking_at IS NULL, 0, live)"
        " WHERE uid = ? AND disposition IS NULL AND corrected IS NULL",
        (label, confidence, cause, canonical(dict(figures)), at, label is not AmdLabel.HUMAN, uid),
    )
    return done.rowcount > 0


def mark_audited(conn: sqlite3.Connection, uid: AttemptUid) -> None:
    """An agent is to hear this call although it was judged a machine."""
    conn.execute("UPDATE attempt SET audited = 1 WHERE uid = ? AND disposition IS NULL", (uid,))


def begin_message(
    conn: sqlite3.Connection, uid: AttemptUid, after: str, ready_at: float | None, at: float
) -> None:
    """The message is being spoken, for the first time or anew."""
    conn.execute(
        "UPDATE attempt SET message_after = ?, message_ready_at = ?, message_at = ? WHERE uid = ?",
        (after, ready_at, at, uid),
    )


def end_message(conn: sqlite3.Connection, uid: AttemptUid, result: MessageResult, at: float) -> None:
    """What became of the message; the first word stands."""
    conn.execute(
        "UPDATE attempt SET message_result = ?, message_ended_at = ? WHERE uid = ? AND message_result IS NULL",
        (result, at, uid),
    )


def interrupt_messages(conn: sqlite3.Connection, at: float) -> int:
    """At boot: messages that were being spoken when the box stopped were cut off. Returns how many."""
    return conn.execute(
        "UPDATE attempt SET message_result = 'cut_off', message_ended_at = ?"
        " WHERE message_at IS NOT NULL AND message_result IS NULL AND disposition IS NULL",
        (at,),
    ).rowcount


def audits(conn: sqlite3.Connection, campaign: CampaignId) -> tuple[int, int, int]:
    """Return of a campaign: machine verdicts that were audited, those of them with a person's word on what it was, and
    those that were persons."""
    audited, worded, persons = conn.execute(
        "SELECT count(*), coalesce(sum(said IS NOT NULL), 0), coalesce(sum(said = 'person'), 0) FROM ("
        " SELECT (SELECT said FROM verdict_word WHERE attempt_uid = attempt.uid"
        " ORDER BY how = 'result', id DESC LIMIT 1) AS said"
        " FROM attempt WHERE campaign_id = ? AND audited = 1 AND talking_at IS NOT NULL)",
        (campaign,),
    ).fetchone()
    return audited, worded, persons


def false_positive_share(conn: sqlite3.Connection, campaign: CampaignId) -> float | None:
    """Estimate the share of persons who answer and are taken for machines, 0..1; None: too few audited calls.

    Of the audited machine verdicts, the share that were persons, times all machine verdicts that were hung up on, over
    those and the live answers (Ofcom's "reasoned estimate" of false positives). A day without any wrong one among the
    audited is told as it is: 0.
    """
    _, worded, persons = audits(conn, campaign)
    if worded < AUDITED_AT_LEAST:
        return None
    machines, live = conn.execute(
        "SELECT coalesce(sum(n) FILTER (WHERE what = 'verdict:machine'), 0),"
        " coalesce(sum(n) FILTER (WHERE what = 'live'), 0) FROM campaign_count WHERE campaign_id = ?",
        (campaign,),
    ).fetchone()
    lost = persons / worded * max(0, machines - worded)
    return lost / (lost + live) if lost else 0.0
