"""Corrections, audits and messages as stored, and what audits say."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from firmware.model import AmdLabel, AttemptUid, CampaignId, Disposition, MessageResult, UserId
from firmware.store import attempts, campaigns, machines, migrations, verdict_words
from tests.unit.store.helpers import NOW, broken_invariants, claim, new_campaign, new_list, new_user


@pytest.fixture
def campaign(conn: sqlite3.Connection) -> Iterator[CampaignId]:
    """With contacts enough; its counters must be right in the end."""
    yield new_campaign(conn, new_list(conn, 100))
    assert broken_invariants(conn) == []


@pytest.fixture
def uid(conn: sqlite3.Connection, campaign: CampaignId) -> AttemptUid:
    return answered(conn, campaign)


def answered(conn: sqlite3.Connection, campaign: CampaignId) -> AttemptUid:
    one = claim(conn, campaign).claims[0].attempt_uid
    attempts.mark_answered(conn, one, NOW + 5)
    return one


def judged(conn: sqlite3.Connection, uid: AttemptUid, label: AmdLabel) -> None:
    attempts.mark_verdict(conn, uid, label, 0.8, "spoke_and_waited", {"speech_s": 0.4}, NOW + 6)


def corrected(conn: sqlite3.Connection, uid: AttemptUid, label: AmdLabel = AmdLabel.MACHINE) -> bool:
    return machines.mark_corrected(conn, uid, label, 0.99, "kept_talking", {"speech_s": 4.0}, NOW + 10)


def test_a_correction_stands_beside_the_verdict_and_is_written_once(
    conn: sqlite3.Connection, uid: AttemptUid
) -> None:
    judged(conn, uid, AmdLabel.UNSURE)
    assert corrected(conn, uid)
    assert not corrected(conn, uid, AmdLabel.FAX)
    with pytest.raises(sqlite3.IntegrityError, match="corrected once"):
        conn.execute("UPDATE attempt SET corrected = 'fax' WHERE uid = ?", (uid,))
    found = attempts.get(conn, uid)
    assert found.verdict is not None
    assert found.correction is not None
    assert (found.verdict.label, found.correction.label) == (AmdLabel.UNSURE, AmdLabel.MACHINE)
    assert (found.correction.at, found.correction.cause) == (NOW + 10, "kept_talking")


@pytest.mark.parametrize("label", [AmdLabel.MUSIC, AmdLabel.SCREEN])
def test_the_new_words_are_stored_and_others_are_not(
    conn: sqlite3.Connection, uid: AttemptUid, label: AmdLabel
) -> None:
    judged(conn, uid, label)
    found = attempts.get(conn, uid).verdict
    assert found is not None
    assert found.label is label
    with pytest.raises(sqlite3.IntegrityError):
        conn.execute("UPDATE attempt SET verdict = 'nonsense' WHERE uid = ?", (uid,))
    assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_machine_found_out_before_an_agent_came_is_no_live_answer(
    conn: sqlite3.Connection, campaign: CampaignId, uid: AttemptUid
) -> None:
    judged(conn, uid, AmdLabel.HUMAN)
    assert campaigns.counters(conn, campaign).live_answers == 1
    corrected(conn, uid)
    assert campaigns.counters(conn, campaign).live_answers == 0
    assert not attempts.get(conn, uid).live


def test_one_that_an_agent_heard_stays_a_live_answer(conn: sqlite3.Connection, uid: AttemptUid) -> None:
    judged(conn, uid, AmdLabel.HUMAN)
    attempts.mark_talking(conn, uid, new_user(conn), NOW + 7)
    corrected(conn, uid)
    assert attempts.get(conn, uid).live


def test_nothing_is_corrected_after_the_final_word(conn: sqlite3.Connection, uid: AttemptUid) -> None:
    judged(conn, uid, AmdLabel.UNSURE)
    attempts.dispose(conn, uid, Disposition.HUNG_UP, NOW + 8, None)
    assert not corrected(conn, uid)


def test_a_message_and_what_became_of_it(conn: sqlite3.Connection, uid: AttemptUid) -> None:
    machines.begin_message(conn, uid, "beep", NOW + 20.0, NOW + 20.2)
    machines.end_message(conn, uid, MessageResult.LEFT, NOW + 28)
    machines.end_message(conn, uid, MessageResult.CUT_OFF, NOW + 29)
    message = attempts.get(conn, uid).message
    assert message is not None
    assert (message.result, message.after, message.ended_at) == (MessageResult.LEFT, "beep", NOW + 28)
    assert message.wait_s == pytest.approx(0.2)


def test_a_message_cut_off_by_a_power_cut_is_said_to_be(conn: sqlite3.Connection, uid: AttemptUid) -> None:
    judged(conn, uid, AmdLabel.MACHINE)
    machines.begin_message(conn, uid, "beep", NOW + 20.0, NOW + 20.2)
    assert attempts.interrupt_open(conn, NOW + 100) == [uid]
    found = attempts.get(conn, uid)
    assert found.message is not None
    assert (found.disposition, found.message.result) == (Disposition.INTERRUPTED, MessageResult.CUT_OFF)


def test_what_was_heard_before_the_answer_is_kept(conn: sqlite3.Connection, uid: AttemptUid) -> None:
    machines.mark_early(conn, uid, "fax_tone")
    machines.mark_early(conn, uid, "busy_tone")
    assert attempts.get(conn, uid).early_cause == "fax_tone"


def audit(conn: sqlite3.Connection, campaign: CampaignId, agent: UserId, said: Disposition) -> AttemptUid:
    one = answered(conn, campaign)
    judged(conn, one, AmdLabel.MACHINE)
    machines.mark_audited(conn, one)
    attempts.mark_talking(conn, one, agent, NOW + 7)
    assert not attempts.get(conn, one).live
    attempts.dispose(conn, one, said, NOW + 60, None, wrap_up_code="x", key=f"k{one}", user_id=agent)
    return one


def test_an_audited_person_is_a_live_answer_and_nobody_was_abandoned(
    conn: sqlite3.Connection, campaign: CampaignId
) -> None:
    agent = new_user(conn)
    person = audit(conn, campaign, agent, Disposition.CONTACTED)
    machine = audit(conn, campaign, agent, Disposition.MACHINE)
    assert (attempts.get(conn, person).live, attempts.get(conn, machine).live) == (True, False)
    verdict_words.say(conn, machine, agent, verdict_words.Said.PERSON, verdict_words.How.HISTORY, NOW + 70)
    assert attempts.get(conn, machine).live
    assert conn.execute("SELECT count(*) FROM false_machine").fetchone() == (0,)


def test_the_share_of_persons_lost_is_told_once_there_are_enough_audits(
    conn: sqlite3.Connection, campaign: CampaignId
) -> None:
    agent = new_user(conn)
    said = [Disposition.CONTACTED, *[Disposition.MACHINE] * (machines.AUDITED_AT_LEAST - 2)]
    for each in said:
        audit(conn, campaign, agent, each)
    assert machines.false_positive_share(conn, campaign) is None
    audit(conn, campaign, agent, Disposition.MACHINE)
    assert machines.audits(conn, campaign) == (20, 20, 1)
    assert machines.false_positive_share(conn, campaign) == 0.0
    for _ in range(40):
        hung_up = answered(conn, campaign)
        judged(conn, hung_up, AmdLabel.MACHINE)
        attempts.dispose(conn, hung_up, Disposition.MACHINE, NOW + 9, None)
    # Of 40 machine verdicts hung up on, one in twenty was a person: 2, beside the one who was served.
    assert machines.false_positive_share(conn, campaign) == pytest.approx(2 / 3)


def test_the_step_keeps_what_other_steps_added_to_attempts() -> None:
    conn = sqlite3.connect(":memory:", isolation_level=None)
    migrations.bring_up(conn, stop_before="v9")
    conn.execute("ALTER TABLE attempt ADD COLUMN of_another_step TEXT")
    migrations.bring_up(conn)
    names = {row[1] for row in conn.execute("PRAGMA table_info(attempt)")}
    assert {"of_another_step", "corrected", "message_at"} <= names
    conn.close()
