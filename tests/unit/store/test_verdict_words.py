"""Words about verdicts: appended with what the verdict rested on, the last one counts, results are words too."""

from __future__ import annotations

import sqlite3

import pytest

from firmware.model import AmdLabel, AttemptUid, Disposition, OperatorError, UserId
from firmware.store import attempts, pacing_state, verdict_words
from firmware.store.verdict_words import How, Said
from tests.unit.store.helpers import NOW, new_user, one, uid_of

FIGURES = {"machine": 0.991, "machine_peak": 0.9912}
FOR_EVER = (None, 0.0, NOW * 2)


def judged_attempt(
    conn: sqlite3.Connection, label: AmdLabel = AmdLabel.HUMAN, user: UserId | None = None
) -> AttemptUid:
    """An answered attempt with a verdict, connected with ``user`` if there is one."""
    uid = uid_of(conn)
    attempts.mark_answered(conn, uid, NOW + 5)
    attempts.mark_verdict(conn, uid, label, 0.9, "kept_talking", FIGURES, NOW + 7.25)
    if user is not None:
        attempts.mark_talking(conn, uid, user, NOW + 8)
    return uid


def said(conn: sqlite3.Connection) -> tuple[Said | None, How | None]:
    (found,) = verdict_words.judged(conn, *FOR_EVER, 10)
    return found.said, found.how


def close(conn: sqlite3.Connection, uid: AttemptUid, word: Disposition, user: UserId, key: str = "k") -> None:
    attempts.dispose(conn, uid, word, NOW + 60, None, wrap_up_code="code", key=key, user_id=user)


def test_a_word_keeps_what_the_verdict_rested_on(conn: sqlite3.Connection) -> None:
    user = new_user(conn)
    uid = judged_attempt(conn, user=user)
    assert verdict_words.say(conn, uid, user, Said.MACHINE, How.DESK, NOW + 9)
    attempts.mark_verdict(conn, uid, AmdLabel.MACHINE, 0.99, "beep", {"at_s": 6.0}, NOW + 11)
    (word,) = verdict_words.of_attempt(conn, uid)
    assert (word.at, word.user_id, word.said, word.how) == (NOW + 9, user, "machine", "desk")
    assert (word.verdict, word.confidence, word.cause) == ("human", 0.9, "kept_talking")
    assert (word.figures, word.decided_ms) == (FIGURES, 2250)


def test_a_changed_mind_is_a_new_row_and_the_last_one_counts(conn: sqlite3.Connection) -> None:
    user = new_user(conn)
    uid = judged_attempt(conn, user=user)
    for word, new in ((Said.MACHINE, True), (Said.MACHINE, False), (Said.PERSON, True)):
        assert verdict_words.say(conn, uid, user, word, How.DESK, NOW + 9) is new
    assert [each.said for each in verdict_words.of_attempt(conn, uid)] == ["machine", "person"]
    assert said(conn) == (Said.PERSON, How.DESK)
    for statement in ("UPDATE verdict_word SET said = 'machine'", "DELETE FROM verdict_word"):
        with pytest.raises(sqlite3.IntegrityError, match="only added to"):
            conn.execute(statement)


def test_there_is_nothing_to_say_about_a_call_that_was_not_judged(conn: sqlite3.Connection) -> None:
    user, uid = new_user(conn), uid_of(conn)
    for attempt, key in ((uid, "no_verdict"), (AttemptUid("0" * 26), "attempt_unknown")):
        with pytest.raises(OperatorError) as refused:
            verdict_words.say(conn, attempt, user, Said.PERSON, How.DESK, NOW)
        assert refused.value.problems[0].key == key
    close(conn, uid, Disposition.CONTACTED, user)
    assert verdict_words.of_attempt(conn, str(uid)) == []


@pytest.mark.parametrize(
    ("result", "word"),
    [
        (Disposition.MACHINE, (Said.MACHINE, How.WRAP_UP)),
        (Disposition.CONTACTED, (Said.PERSON, How.RESULT)),
        (Disposition.DO_NOT_CALL, (Said.PERSON, How.RESULT)),
        (Disposition.FAILED, (None, None)),
    ],
)
def test_an_agents_result_is_a_word(
    conn: sqlite3.Connection, result: Disposition, word: tuple[Said | None, How | None]
) -> None:
    user = new_user(conn)
    close(conn, judged_attempt(conn, user=user), result, user)
    assert said(conn) == word


def test_the_automatic_result_says_nothing(conn: sqlite3.Connection) -> None:
    user = new_user(conn)
    uid = judged_attempt(conn, user=user)
    close(conn, uid, Disposition.CONTACTED, user, key=f"automatic-{uid}")
    assert said(conn) == (None, None)


def test_what_was_said_outweighs_what_a_result_only_suggests(conn: sqlite3.Connection) -> None:
    user = new_user(conn)
    uid = judged_attempt(conn, user=user)
    verdict_words.say(conn, uid, user, Said.MACHINE, How.DESK, NOW + 9)
    close(conn, uid, Disposition.CONTACTED, user)
    assert said(conn) == (Said.MACHINE, How.DESK)
    word = verdict_words.last(conn, uid)
    assert word is not None
    assert word.how == How.DESK


def test_a_person_the_box_hung_up_on_is_charged_until_the_word_is_taken_back(
    conn: sqlite3.Connection,
) -> None:
    user = new_user(conn)
    uid = judged_attempt(conn, AmdLabel.MACHINE)
    campaign = attempts.get(conn, uid).campaign_id

    def charged() -> int:
        return pacing_state.window_counts(conn, campaign, 0.0).false_machines

    for word, count in ((Said.PERSON, 1), (Said.PERSON, 1), (Said.MACHINE, 0), (Said.PERSON, 1)):
        verdict_words.say(conn, uid, user, word, How.HISTORY, NOW + 99)
        assert charged() == count


def test_a_person_an_agent_heard_is_charged_to_nobody(conn: sqlite3.Connection) -> None:
    user = new_user(conn)
    uid = judged_attempt(conn, AmdLabel.MACHINE, user)
    verdict_words.say(conn, uid, user, Said.PERSON, How.DESK, NOW + 99)
    assert pacing_state.window_counts(conn, attempts.get(conn, uid).campaign_id, 0.0).false_machines == 0


def test_a_report_from_the_contacts_history_counts(conn: sqlite3.Connection) -> None:
    uid = judged_attempt(conn, AmdLabel.MACHINE)
    pacing_state.report_person(conn, uid, new_user(conn), NOW)
    assert said(conn) == (Said.PERSON, How.DESK)


def test_verdicts_are_found_by_period_and_campaign(conn: sqlite3.Connection) -> None:
    campaign, claim = one(conn)
    attempts.mark_verdict(conn, claim.attempt_uid, AmdLabel.SILENCE, 1.0, "nobody_spoke", {}, NOW)

    def count(*asked: object) -> int:
        return len(list(verdict_words.judged(conn, *asked)))  # type: ignore[arg-type]

    assert count(None, NOW, NOW + 1, 9) == count(campaign, NOW, NOW + 1, 9) == 1
    assert count(None, NOW + 1, NOW + 2, 9) == count(None, NOW - 1, NOW, 9) == 0
    assert count(campaign + 1, NOW, NOW + 1, 9) == count(None, NOW, NOW + 1, 0) == 0
