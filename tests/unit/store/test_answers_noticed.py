"""How an answer was noticed, and outcomes of a modem's country rules, as stored."""

from __future__ import annotations

import sqlite3

import pytest

from firmware.model import AnswerConfidence, AnswerMethod, AttemptUid, HangupCause, Side
from firmware.store import attempts, migrations
from tests.unit.store.helpers import NOW, claim, new_campaign, new_list


@pytest.fixture
def uid(conn: sqlite3.Connection) -> AttemptUid:
    return claim(conn, new_campaign(conn, new_list(conn, 3))).claims[0].attempt_uid


def test_nothing_is_known_of_an_answer_that_has_not_come(conn: sqlite3.Connection, uid: AttemptUid) -> None:
    found = attempts.get(conn, uid)
    assert (found.answer_method, found.answer_confidence) == (None, None)


@pytest.mark.parametrize("method", list(AnswerMethod))
@pytest.mark.parametrize("confidence", list(AnswerConfidence))
def test_method_and_confidence_are_kept_and_the_first_report_stands(
    conn: sqlite3.Connection, uid: AttemptUid, method: AnswerMethod, confidence: AnswerConfidence
) -> None:
    assert attempts.mark_answered(conn, uid, NOW + 5, method, confidence)
    attempts.mark_answered(conn, uid, NOW + 6, AnswerMethod.TIMER, AnswerConfidence.ASSUMED)
    found = attempts.get(conn, uid)
    assert (found.answer_method, found.answer_confidence, found.answered_at) == (method, confidence, NOW + 5)


@pytest.mark.parametrize("cause", list(HangupCause))
def test_every_hangup_cause_can_be_stored(
    conn: sqlite3.Connection, uid: AttemptUid, cause: HangupCause
) -> None:
    assert attempts.mark_ended(conn, uid, cause, Side.BOX, None, NOW + 5)
    assert attempts.get(conn, uid).hangup_cause is cause


def test_words_nobody_knows_cannot(conn: sqlite3.Connection, uid: AttemptUid) -> None:
    for column in ("hangup_cause", "answer_method", "answer_confidence"):
        with pytest.raises(sqlite3.IntegrityError):
            conn.execute(f"UPDATE attempt SET {column} = 'guessed' WHERE uid = ?", (uid,))


def test_attempts_of_before_have_no_method_and_what_other_steps_added_stays() -> None:
    conn = sqlite3.connect(":memory:", isolation_level=None)
    migrations.bring_up(conn, stop_before="v16")
    conn.execute("ALTER TABLE attempt ADD COLUMN of_another_step TEXT")
    migrations.bring_up(conn)
    names = {row[1]: row[4] for row in conn.execute("PRAGMA table_info(attempt)")}
    assert names["answer_method"] == "''"
    assert "of_another_step" in names
    assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    conn.close()
