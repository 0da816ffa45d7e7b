"""What agents wrote into the fields of a script during a call, and where in it they were.

A page numbers what it sends; what is older than what is stored changes nothing, so sending twice is harmless.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from firmware.model import AttemptUid, UserId
from firmware.scripts.answers import Kept


@dataclass(frozen=True, slots=True)
class Saved:
    """The state of a script in one call. ``step`` empty: at the end; ``path`` the steps gone before."""

    version_id: int
    step: str
    path: tuple[str, ...]
    answers: tuple[Kept, ...]
    seq: int


def save(conn: sqlite3.Connection, uid: AttemptUid, state: Saved, user: UserId, now: float) -> bool:
    """Keep it; False if the same or something newer was kept already."""
    done = conn.execute(
        "INSERT INTO form_answer (attempt_uid, version_id, step, path, answers, seq, user_id, saved_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET version_id = excluded.version_id,"
        " step = excluded.step, path = excluded.path, answers = excluded.answers, seq = excluded.seq,"
        " user_id = excluded.user_id, saved_at = excluded.saved_at WHERE excluded.seq > seq",
        (
            *(uid, state.version_id, state.step, json.dumps(state.path), written(state.answers)),
            *(state.seq, user, now),
        ),
    )
    return done.rowcount > 0


def of(conn: sqlite3.Connection, uid: AttemptUid) -> Saved | None:
    """What was kept of a call."""
    row = conn.execute(
        "SELECT version_id, step, path, answers, seq FROM form_answer WHERE attempt_uid = ?", (uid,)
    ).fetchone()
    if row is None:
        return None
    version, step, path, answers, seq = row
    return Saved(version, step, tuple(json.loads(path)), read(answers), seq)


def written(answers: Sequence[Kept]) -> str:
    """Answers as they are stored."""
    return json.dumps([asdict(each) for each in answers], ensure_ascii=False)


def read(stored: str | None) -> tuple[Kept, ...]:
    """Answers from what is stored; none where nothing is."""
    return tuple(Kept(**each) for each in json.loads(stored)) if stored else ()


def agents_of(conn: sqlite3.Connection, uid: AttemptUid) -> frozenset[UserId]:
    """Everybody who spoke in a call of either way."""
    rows = conn.execute(
        "SELECT user_id FROM attempt WHERE uid = ?1 UNION SELECT user_id FROM inbound_call WHERE uid = ?1"
        " UNION SELECT user_id FROM call_party WHERE attempt = ?1",
        (uid,),
    )
    return frozenset(UserId(user) for (user,) in rows if user is not None)
