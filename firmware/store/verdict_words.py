"""What people said about the ears' verdicts: "that was a machine", "that was a person".

Rows are only added, each with what the verdict rested on (no audio); changing one's mind is a new row, and the last
one counts. A result counts as a word where nobody said more (``schema_v5``). Whoever may say it is the caller's to
check; what follows from many words ``firmware.feedback``'s.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from firmware.model import AmdLabel, AttemptUid, CampaignId, OperatorError, Problem, UserId
from firmware.store import pacing_state
from firmware.store.attempts import first_uid
from firmware.store.schema_v5 import RESTED_ON
from firmware.store.words import mapping


class Said(StrEnum):
    """What it was, by a person's word."""

    MACHINE = "machine"
    PERSON = "person"


class How(StrEnum):
    """Where a word comes from."""

    DESK = "desk"
    HISTORY = "history"
    WRAP_UP = "wrap_up"
    """An agent's result says that it was a machine."""
    RESULT = "result"
    """An agent's result that only a person can have given; counts where nobody said more."""


@dataclass(frozen=True, slots=True)
class VerdictWord:
    """One word and what the verdict rested on then. ``decided_ms`` since the answer, None before it."""

    at: float
    user_id: UserId
    said: Said
    how: How
    verdict: AmdLabel
    confidence: float
    cause: str
    figures: Mapping[str, float]
    decided_ms: int | None
    sensitivity: str | None


@dataclass(frozen=True, slots=True)
class Judged:
    """An attempt with a verdict, and the word that counts (None: nobody said anything)."""

    verdict: AmdLabel
    cause: str
    figures: Mapping[str, float]
    decided_ms: int | None
    sensitivity: str | None
    connected: bool
    """An agent heard it."""
    said: Said | None
    how: How | None


_COLUMNS = "at, user_id, said, how, verdict, confidence, cause, figures, decided_ms, sensitivity"
_THAT_COUNTS = "ORDER BY how = 'result', id DESC LIMIT 1"
_JUDGED = (
    f"SELECT {RESTED_ON}, talking_at IS NOT NULL, coalesce("  # noqa: S608 - constants of the schema
    "(SELECT said || ' ' || how FROM verdict_word WHERE attempt_uid = attempt.uid"
    f" {_THAT_COUNTS}),"
    " (SELECT 'person desk' FROM false_machine WHERE false_machine.uid = attempt.uid))"
    " FROM attempt WHERE verdict IS NOT NULL AND uid >= ? AND uid < ?"
)


def say(conn: sqlite3.Connection, uid: AttemptUid, user: UserId, said: Said, how: How, at: float) -> bool:
    """Keep a word; False where the same user's same word stands already.

    A person whom the box hung up on is charged as abandoned (``pacing_state``); taking that word back takes the
    charge back. A machine verdict that an agent heard is a live answer as soon as somebody says that it was a person.

    :raises OperatorError: there is no such attempt, or the ears gave no verdict on it.
    """
    row = conn.execute(
        "SELECT verdict, live, talking_at IS NOT NULL FROM attempt WHERE uid = ?", (uid,)
    ).fetchone()
    if row is None:
        raise OperatorError(Problem("attempt", "attempt_unknown", f"There is no attempt {uid}."))
    if row[0] is None:
        raise OperatorError(
            Problem("attempt", "no_verdict", "The machine detection did not judge this call.")
        )
    if row == (AmdLabel.MACHINE, 0, 0):
        _charge(conn, uid, user, said, at)
    elif row[0] == AmdLabel.MACHINE and row[2]:
        conn.execute("UPDATE attempt SET live = ? WHERE uid = ?", (said is Said.PERSON, uid))
    stands = last(conn, uid)
    if stands is not None and (stands.said, stands.how, stands.user_id) == (said, how, user):
        return False
    conn.execute(
        "INSERT INTO verdict_word (attempt_uid, at, user_id, said, how,"  # noqa: S608 - constants of the schema
        " verdict, confidence, cause, figures, decided_ms, sensitivity)"
        f" SELECT uid, ?, ?, ?, ?, {RESTED_ON} FROM attempt WHERE uid = ?",
        (at, user, said, how, uid),
    )
    return True


def _charge(conn: sqlite3.Connection, uid: AttemptUid, user: UserId, said: Said, at: float) -> None:
    if said is Said.PERSON:
        pacing_state.report_person(conn, uid, user, at)
    else:
        conn.execute("DELETE FROM false_machine WHERE uid = ?", (uid,))


def last(conn: sqlite3.Connection, uid: AttemptUid) -> VerdictWord | None:
    """Return the word that counts."""
    row = conn.execute(
        f"SELECT {_COLUMNS} FROM verdict_word WHERE attempt_uid = ? {_THAT_COUNTS}",  # noqa: S608
        (uid,),
    ).fetchone()
    return None if row is None else _word(row)


def of_attempt(conn: sqlite3.Connection, uid: str) -> list[VerdictWord]:
    """Return every word about an attempt, oldest first."""
    sql = f"SELECT {_COLUMNS} FROM verdict_word WHERE attempt_uid = ? ORDER BY id"  # noqa: S608
    return [_word(row) for row in conn.execute(sql, (uid,)).fetchall()]


def judged(
    conn: sqlite3.Connection, campaign: CampaignId | None, since: float, until: float, most: int
) -> Iterator[Judged]:
    """Yield at most ``most`` attempts with a verdict made in ``since <= t < until``, newest first."""
    where, values = ("", ()) if campaign is None else (" AND campaign_id = ?", (campaign,))
    period = (first_uid(since), first_uid(until))
    rows = conn.execute(f"{_JUDGED}{where} ORDER BY uid DESC LIMIT ?", (*period, *values, most))
    for verdict, _, cause, figures, decided_ms, sensitivity, connected, word in rows:
        said, _, how = (word or "").partition(" ")
        yield Judged(
            AmdLabel(verdict),
            cause,
            mapping(figures),
            decided_ms,
            sensitivity,
            bool(connected),
            Said(said) if said else None,
            How(how) if how else None,
        )


def _word(row: tuple[float, int, str, str, str, float, str, str, int | None, str | None]) -> VerdictWord:
    at, user, said, how, verdict, confidence, cause, figures, decided_ms, sensitivity = row
    return VerdictWord(
        at,
        UserId(user),
        Said(said),
        How(how),
        AmdLabel(verdict),
        confidence,
        cause,
        mapping(figures),
        decided_ms,
        sensitivity,
    )
