"""One attempt: marks that come late, twice or to the wrong attempt; dispositions that come twice; boot."""

from __future__ import annotations

import sqlite3

import pytest

from firmware.model import (
    AmdLabel,
    AttemptState,
    AttemptUid,
    ContactState,
    Disposition,
    HangupCause,
    OperatorError,
    Side,
)
from firmware.store import attempts, campaigns, claims, contacts
from tests.unit.store.helpers import (
    NOW,
    broken_invariants,
    claim,
    new_campaign,
    new_list,
    new_user,
    one,
    uid_of,
)

NOBODY = AttemptUid("0" * 26)


def test_a_second_disposition_is_refused_in_words(conn: sqlite3.Connection) -> None:
    uid = uid_of(conn)
    assert attempts.dispose(conn, uid, Disposition.CONTACTED, NOW + 9, None, key="a")
    with pytest.raises(OperatorError, match="already closed as contacted"):
        attempts.dispose(conn, uid, Disposition.BUSY, NOW + 10, None, key="b")
    assert attempts.get(conn, uid).disposition is Disposition.CONTACTED


def test_a_second_disposition_is_impossible_in_sql_too(conn: sqlite3.Connection) -> None:
    uid = uid_of(conn)
    attempts.dispose(conn, uid, Disposition.CONTACTED, NOW, None)
    for change in ("disposition = 'busy'", "disposition = NULL, disposed_at = NULL, state = 'answered'"):
        with pytest.raises(sqlite3.IntegrityError, match="one disposition"):
            conn.execute(f"UPDATE attempt SET {change} WHERE uid = ?", (uid,))


def test_a_permit_is_never_rewritten(conn: sqlite3.Connection) -> None:
    uid = uid_of(conn)
    with pytest.raises(sqlite3.IntegrityError, match="never rewritten"):
        conn.execute("UPDATE attempt SET permit = '{}' WHERE uid = ?", (uid,))


def test_the_same_key_again_changes_nothing(conn: sqlite3.Connection) -> None:
    uid = uid_of(conn)
    assert attempts.dispose(conn, uid, Disposition.CALLBACK, NOW, NOW + 60, note="later", key="k")
    before = attempts.get(conn, uid)
    assert not attempts.dispose(conn, uid, Disposition.CALLBACK, NOW + 5, None, note="never", key="k")
    assert attempts.get(conn, uid) == before
    kept = contacts.get(conn, before.contact_id)
    assert kept is not None
    assert (kept.state, kept.next_at) == (ContactState.OPEN, NOW + 60)


def test_without_keys_only_the_same_disposition_passes_twice(conn: sqlite3.Connection) -> None:
    uid = uid_of(conn)
    attempts.dispose(conn, uid, Disposition.BUSY, NOW, None)
    assert not attempts.dispose(conn, uid, Disposition.BUSY, NOW, None)
    with pytest.raises(OperatorError):
        attempts.dispose(conn, uid, Disposition.NO_ANSWER, NOW, None)


def test_an_unknown_attempt_is_refused_in_words(conn: sqlite3.Connection) -> None:
    with pytest.raises(OperatorError, match="no attempt"):
        attempts.dispose(conn, NOBODY, Disposition.BUSY, NOW, None)
    with pytest.raises(OperatorError, match="no attempt"):
        attempts.get(conn, NOBODY)
    assert not attempts.mark_ringing(conn, NOBODY, NOW)


def test_late_marks_never_move_an_attempt_backwards(conn: sqlite3.Connection) -> None:
    uid, agent = uid_of(conn), new_user(conn)
    assert attempts.mark_answered(conn, uid, NOW + 3)
    assert attempts.mark_ringing(conn, uid, NOW + 1)
    assert attempts.get(conn, uid).state is AttemptState.ANSWERED
    attempts.mark_talking(conn, uid, agent, NOW + 4)
    attempts.mark_answered(conn, uid, NOW + 5)
    found = attempts.get(conn, uid)
    assert (found.state, found.answered_at, found.ringing_at) == (AttemptState.TALKING, NOW + 3, NOW + 1)


def test_marks_after_the_disposition_change_nothing(conn: sqlite3.Connection) -> None:
    uid = uid_of(conn)
    attempts.dispose(conn, uid, Disposition.NO_ANSWER, NOW + 25, NOW + 3600)
    before = attempts.get(conn, uid)
    assert not attempts.mark_ringing(conn, uid, NOW + 26)
    assert not attempts.mark_ended(conn, uid, HangupCause.NORMAL, Side.CUSTOMER, 200, NOW + 26)
    assert attempts.get(conn, uid) == before


def test_the_first_hangup_stands(conn: sqlite3.Connection) -> None:
    uid = uid_of(conn)
    attempts.mark_ended(conn, uid, HangupCause.BUSY, Side.CUSTOMER, 486, NOW + 2)
    attempts.mark_ended(conn, uid, HangupCause.CANCELLED, Side.BOX, 487, NOW + 3)
    found = attempts.get(conn, uid)
    assert (found.hangup_cause, found.ended_by, found.sip_code) == (HangupCause.BUSY, Side.CUSTOMER, 486)
    assert found.ended_at == NOW + 2


def test_a_whole_conversation_is_on_record(conn: sqlite3.Connection) -> None:
    campaign, claimed = one(conn)
    uid, agent = claimed.attempt_uid, new_user(conn)
    attempts.mark_ringing(conn, uid, NOW + 1)
    attempts.mark_answered(conn, uid, NOW + 5)
    attempts.mark_verdict(conn, uid, AmdLabel.HUMAN, 0.97, "greeting", {"speech_ms": 640.0}, NOW + 5.9)
    attempts.mark_reserved(conn, uid, agent, NOW + 5.91)
    attempts.mark_talking(conn, uid, agent, NOW + 6, recording="a.wav")
    attempts.mark_ended(conn, uid, HangupCause.NORMAL, Side.CUSTOMER, 200, NOW + 66)
    assert attempts.get(conn, uid).state is AttemptState.WRAP_UP
    attempts.dispose(
        conn, uid, Disposition.CONTACTED, NOW + 70, None, "sale", "two boxes", key="k", user_id=agent
    )
    found = attempts.get(conn, uid)
    assert found.state is AttemptState.CLOSED
    assert found.name == "Person 0"
    assert found.permit == claimed.permit
    assert (found.wrap_up_code, found.note, found.recording) == ("sale", "two boxes", "a.wav")
    assert (found.talking_at, found.ended_at, found.disposed_at) == (NOW + 6, NOW + 66, NOW + 70)
    assert found.verdict is not None
    assert found.verdict.figures == {"speech_ms": 640.0}
    counted = campaigns.counters(conn, campaign)
    assert (counted.attempts, counted.answered, counted.live_answers, counted.abandoned) == (1, 1, 1, 0)
    assert counted.dispositions == {"contacted": 1}
    assert counted.verdicts == {"human": 1}
    assert broken_invariants(conn) == []


def test_a_verdict_that_changes_is_counted_once(conn: sqlite3.Connection) -> None:
    campaign, claimed = one(conn)
    for label in (AmdLabel.UNSURE, AmdLabel.MACHINE):
        attempts.mark_verdict(conn, claimed.attempt_uid, label, 0.5, "", {}, NOW)
    assert campaigns.counters(conn, campaign).verdicts == {"machine": 1}


def test_abandoned_counts_against_live_answers(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 4))
    first, second, third = (c.attempt_uid for c in claim(conn, campaign, 3).claims)
    attempts.mark_verdict(conn, first, AmdLabel.HUMAN, 0.9, "", {}, NOW)
    attempts.dispose(conn, first, Disposition.ABANDONED, NOW, NOW + 86400)
    attempts.mark_talking(conn, second, new_user(conn), NOW)
    attempts.dispose(conn, third, Disposition.BUSY, NOW, NOW + 60)
    counted = campaigns.counters(conn, campaign)
    assert (counted.live_answers, counted.abandoned, counted.abandon_rate) == (2, 1, 0.5)


@pytest.mark.req("GEN-030")
def test_open_attempts_are_interrupted_at_boot_and_wait_for_the_gap(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 3), min_gap_s=3600)
    calls = claim(conn, campaign, 2).claims
    attempts.mark_answered(conn, calls[0].attempt_uid, NOW + 100)
    assert attempts.interrupt_open(conn, NOW + 50) == [c.attempt_uid for c in calls]
    assert attempts.open_attempts(conn) == []
    dues = [contacts.get(conn, c.contact_id) for c in calls]
    assert [d.next_at for d in dues if d] == [NOW + 100 + 3600, NOW + 50 + 3600]
    assert attempts.counts(conn, calls[0].contact_id) == {Disposition.INTERRUPTED: 1}
    assert attempts.get(conn, calls[0].attempt_uid).state is AttemptState.INTERRUPTED
    assert [c.number for c in claim(conn, campaign, 9, now=NOW + 51).claims] == ["+493023125002"]
    assert attempts.interrupt_open(conn, NOW + 52) != []
    assert attempts.interrupt_open(conn, NOW + 53) == []
    assert broken_invariants(conn) == []


def test_the_caller_may_close_at_boot_but_never_call_before_the_gap(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 2), min_gap_s=3600)
    first, second = claim(conn, campaign, 2).claims
    answers = {first.attempt_uid: None, second.attempt_uid: NOW + 1}
    attempts.interrupt_open(conn, NOW + 10, lambda attempt, _campaign: answers[attempt.uid])
    closed, early = contacts.get(conn, first.contact_id), contacts.get(conn, second.contact_id)
    assert closed is not None
    assert early is not None
    assert (closed.state, closed.closed_reason) == (ContactState.CLOSED, "interrupted")
    assert early.next_at == NOW + 10 + 3600


def test_ends_of_a_contact_are_counted_per_disposition(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 1))
    for turn, word in enumerate((Disposition.BUSY, Disposition.BUSY, Disposition.MACHINE)):
        call = claim(conn, campaign, now=NOW + turn).claims[0]
        attempts.dispose(conn, call.attempt_uid, word, NOW + turn, NOW + turn)
    assert attempts.counts(conn, call.contact_id) == {Disposition.BUSY: 2, Disposition.MACHINE: 1}
    assert [a.disposition for a in attempts.of_contact(conn, call.contact_id)] == ["machine", "busy", "busy"]


def test_the_newest_time_known(conn: sqlite3.Connection) -> None:
    assert attempts.newest(conn) == 0.0
    uid = uid_of(conn)
    assert attempts.newest(conn) == NOW
    attempts.mark_ended(conn, uid, HangupCause.BUSY, Side.CUSTOMER, 486, NOW + 7)
    assert attempts.newest(conn) == NOW + 7


def test_uids_are_26_characters_and_sort_by_time() -> None:
    early, late = attempts.new_uid(NOW), attempts.new_uid(NOW + 0.001)
    assert len(early) == len(late) == 26
    assert early < late
    assert len({attempts.new_uid(NOW) for _ in range(1000)}) == 1000
    assert attempts.new_uid(-5.0)[:10] == "0000000000"


def test_taking_back_leaves_no_trace_but_the_record(conn: sqlite3.Connection) -> None:
    campaign, claimed = one(conn)
    assert claims.requeue(conn, claimed.attempt_uid, NOW + 1, NOW + 30)
    assert not claims.requeue(conn, claimed.attempt_uid, NOW + 2)
    contact = contacts.get(conn, claimed.contact_id)
    assert contact is not None
    assert (contact.attempts, contact.last_attempt_at, contact.next_at) == (0, None, NOW + 30)
    assert attempts.counts(conn, claimed.contact_id) == {}
    counted = campaigns.counters(conn, campaign)
    assert (counted.attempts, counted.taken_back, counted.dispositions) == (0, 1, {})
    assert not attempts.get(conn, claimed.attempt_uid).sent
    assert broken_invariants(conn) == []


def test_a_call_that_rang_cannot_be_taken_back(conn: sqlite3.Connection) -> None:
    uid = uid_of(conn)
    attempts.mark_ringing(conn, uid, NOW)
    with pytest.raises(OperatorError, match="has left the box"):
        claims.requeue(conn, uid, NOW)
    assert not claims.requeue(conn, NOBODY, NOW)
