"""The ledger of promised callbacks: whatever happens to contact, campaign, agent or box, no promise is lost."""

from __future__ import annotations

import math
import sqlite3
from pathlib import Path

import pytest

from firmware.callbacks.promise import PromiseKind, PromiseState
from firmware.commands import exporter
from firmware.model import (
    AttemptUid,
    CampaignId,
    CampaignSettings,
    ContactId,
    Disposition,
    OperatorError,
    Refusal,
    UserId,
    WrapUpCode,
)
from firmware.store import (
    attempts,
    callbacks,
    campaigns,
    claims,
    contacts,
    offers,
    opening,
    standing,
)
from tests.unit.store.helpers import (
    NOW,
    before,
    broken_invariants,
    claim,
    new_campaign,
    new_list,
    new_user,
    permit,
)

HOUR_S = 3600.0
PROMISED = NOW + HOUR_S


def promised(
    conn: sqlite3.Connection, campaign: CampaignId, owner: UserId | None = None, at: float = PROMISED
) -> tuple[ContactId, int]:
    """The next contact is called and promised a callback."""
    (granted,) = claim(conn, campaign).claims
    attempt = attempts.get(conn, granted.attempt_uid)
    number = callbacks.make(conn, attempt, at, "Europe/Berlin", owner, "about the roof", NOW + 60, owner)
    attempts.dispose(conn, attempt.uid, Disposition.CALLBACK, NOW + 60, math.inf, "callback", key="k")
    return granted.contact_id, number


def state_of(conn: sqlite3.Connection, contact: ContactId) -> tuple[str, float]:
    found = contacts.get(conn, contact)
    assert found is not None
    return found.state.value, found.next_at


def history(conn: sqlite3.Connection) -> list[tuple[str, str]]:
    return conn.execute("SELECT act, cause FROM promise_history ORDER BY id").fetchall()


def test_a_promise_keeps_its_contact_out_of_the_ordinary_order(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 1))
    contact, number = promised(conn, campaign, new_user(conn))
    assert state_of(conn, contact) == ("open", math.inf)
    assert claim(conn, campaign, now=NOW + 30 * 86400).claims == []
    assert [each.id for each in callbacks.agenda(conn, PROMISED)] == [number]
    assert callbacks.agenda(conn, PROMISED - 1) == []
    assert broken_invariants(conn) == []


def test_who_asks_when_a_promised_contact_is_called_is_told_the_time_of_the_promise(
    conn: sqlite3.Connection, tmp_path: Path
) -> None:
    list_id = new_list(conn, 1)
    contact, _ = promised(conn, new_campaign(conn, list_id))
    assert [stand.next_at for stand in standing.stands(conn, contact, NOW)] == [PROMISED]
    target = tmp_path / "list.csv"
    order = exporter.ExportOrder(str(tmp_path / "strowger.db"), list_id, str(target), "en")
    assert exporter.export(order) == 1
    assert target.read_text(encoding="utf-8-sig").splitlines()[1].count("2026-05-28T21:26:40+00:00") == 1


def test_whatever_sets_another_time_the_contact_waits_for_its_promise(conn: sqlite3.Connection) -> None:
    contact, number = promised(conn, new_campaign(conn, new_list(conn, 1)))
    conn.execute("UPDATE contact SET next_at = 5 WHERE id = ?", (contact,))
    assert state_of(conn, contact) == ("open", math.inf)
    callbacks.end(conn, callbacks.get(conn, number), PromiseState.WITHDRAWN, NOW + 90, None, "test")
    assert state_of(conn, contact) == ("open", NOW + 90)


def test_a_contact_that_is_closed_or_removed_withdraws_its_promise_and_says_why(
    conn: sqlite3.Connection,
) -> None:
    campaign = new_campaign(conn, new_list(conn, 2))
    (closed, first), (removed, second) = promised(conn, campaign), promised(conn, campaign)
    conn.execute("UPDATE contact SET state = 'closed', closed_reason = 'dnc' WHERE id = ?", (closed,))
    conn.execute("DELETE FROM contact WHERE id = ?", (removed,))
    assert [callbacks.get(conn, each).state for each in (first, second)] == [PromiseState.WITHDRAWN] * 2
    assert history(conn)[2:] == [("withdrawn", "dnc"), ("withdrawn", "contact_gone")]


def test_neither_a_promise_nor_its_history_can_be_removed_or_rewritten(conn: sqlite3.Connection) -> None:
    promised(conn, new_campaign(conn, new_list(conn, 1)))
    for sql in (
        "DELETE FROM promise",
        "DELETE FROM promise_history",
        "UPDATE promise_history SET cause = 'another'",
    ):
        with pytest.raises(sqlite3.DatabaseError, match="promise"):
            conn.execute(sql)


def test_a_second_promise_takes_the_place_of_the_first(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 1))
    contact, first = promised(conn, campaign)
    attempt = attempts.of_contact(conn, contact)[0]
    second = callbacks.make(conn, attempt, PROMISED + 60, "Europe/Berlin", None, "", NOW + 70, None)
    assert callbacks.get(conn, first).state is PromiseState.WITHDRAWN
    found = callbacks.open_of(conn, contact)
    assert found is not None
    assert (found.id, found.promised_at) == (second, PROMISED + 60)


def test_passed_on_it_ends_for_one_and_goes_on_for_the_other_with_one_history(
    conn: sqlite3.Connection,
) -> None:
    anna, bernd = new_user(conn), new_user(conn, "bernd")
    contact, first = promised(conn, new_campaign(conn, new_list(conn, 1)), anna)
    second = callbacks.pass_on(conn, callbacks.get(conn, first), bernd, NOW + 100, None, "owner_away")
    third = callbacks.pass_on(conn, callbacks.get(conn, second), None, NOW + 200, bernd, "assigned")
    found = [callbacks.get(conn, each) for each in (first, second, third)]
    assert [each.state for each in found] == [
        PromiseState.PASSED_ON,
        PromiseState.PASSED_ON,
        PromiseState.OPEN,
    ]
    assert [(each.kind, each.owner) for each in found] == [
        (PromiseKind.PERSONAL, anna), (PromiseKind.PERSONAL, bernd), (PromiseKind.TEAM, None),
    ]  # fmt: skip
    assert {each.root for each in found} == {first}
    assert state_of(conn, contact) == ("open", math.inf)


def test_a_page_that_shows_an_older_version_changes_nothing(conn: sqlite3.Connection) -> None:
    _, number = promised(conn, new_campaign(conn, new_list(conn, 1)))
    shown = callbacks.get(conn, number)
    callbacks.move(conn, callbacks.seen(conn, number, shown.version), PROMISED + 60, NOW + 100, None)
    with pytest.raises(OperatorError, match="meanwhile"):
        callbacks.seen(conn, number, shown.version)
    callbacks.end(conn, callbacks.get(conn, number), PromiseState.WITHDRAWN, NOW + 110, None, "")
    with pytest.raises(OperatorError, match="withdrawn already"):
        callbacks.seen(conn, number, callbacks.get(conn, number).version)
    with pytest.raises(OperatorError, match="no promised callback"):
        callbacks.seen(conn, 77, 1)


def test_moved_when_it_was_late_it_stays_missed_and_a_new_one_begins(conn: sqlite3.Connection) -> None:
    contact, number = promised(conn, new_campaign(conn, new_list(conn, 1)))
    late = PROMISED + HOUR_S
    assert callbacks.late(conn, late) == 1
    moved = callbacks.move(conn, callbacks.get(conn, number), late + 60, late, None)
    assert callbacks.get(conn, number).state is PromiseState.MISSED
    assert (callbacks.get(conn, moved).state, callbacks.late(conn, late)) == (PromiseState.OPEN, 0)
    assert state_of(conn, contact) == ("open", math.inf)


def test_a_withdrawal_is_taken_back_unless_the_contact_has_gone_on(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 1), min_gap_s=0.0)
    contact, number = promised(conn, campaign)
    callbacks.end(conn, callbacks.get(conn, number), PromiseState.WITHDRAWN, NOW + 90, None, "")
    callbacks.reopen(conn, callbacks.get(conn, number), NOW + 95, None)
    assert callbacks.get(conn, number).state is PromiseState.OPEN
    assert state_of(conn, contact) == ("open", math.inf)
    callbacks.end(conn, callbacks.get(conn, number), PromiseState.WITHDRAWN, NOW + 100, None, "")
    conn.execute("UPDATE contact SET state = 'closed', closed_reason = 'final' WHERE id = ?", (contact,))
    with pytest.raises(OperatorError, match="gone on"):
        callbacks.reopen(conn, callbacks.get(conn, number), NOW + 110, None)


def test_the_law_moves_a_promise_and_says_so_but_excuses_no_delay(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 2))
    whole = campaigns.get(conn, campaign)
    (_, in_time), (_, too_late) = promised(conn, campaign), promised(conn, campaign)
    until = PROMISED + 12 * HOUR_S
    refusal = Refusal("window_closed", until)
    callbacks.ask_law(conn, whole, callbacks.get(conn, in_time), PROMISED + 5, lambda _: refusal)
    callbacks.ask_law(conn, whole, callbacks.get(conn, too_late), PROMISED + HOUR_S, lambda _: refusal)
    first, second = callbacks.get(conn, in_time), callbacks.get(conn, too_late)
    assert (first.law, first.lawful_at, first.due_at) == ("window_closed", until, until)
    assert (second.law, second.lawful_at, second.due_at) == ("", PROMISED, until)
    assert callbacks.late(conn, PROMISED + 2 * HOUR_S) == 1


def test_a_call_the_law_forbids_for_good_ends_promise_and_contact(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 1))
    contact, number = promised(conn, campaign)
    whole = campaigns.get(conn, campaign)
    answer = callbacks.ask_law(conn, whole, callbacks.get(conn, number), PROMISED, lambda _: Refusal("dnc"))
    assert answer == Refusal("dnc")
    assert callbacks.get(conn, number).state is PromiseState.WITHDRAWN
    assert state_of(conn, contact)[0] == "closed"


def test_a_campaign_at_fault_keeps_its_promises(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 1))
    _, number = promised(conn, campaign)
    refusal = Refusal("no_window", of_zones=True)
    callbacks.ask_law(
        conn, campaigns.get(conn, campaign), callbacks.get(conn, number), PROMISED, lambda _: refusal
    )
    found = callbacks.get(conn, number)
    assert (found.state, found.due_at) == (PromiseState.OPEN, PROMISED + callbacks.CAMPAIGN_AT_FAULT_S)
    assert callbacks.late(conn, PROMISED + HOUR_S) == 1


def test_a_promise_on_a_desk_is_dialled_once_and_skipped_it_comes_later(conn: sqlite3.Connection) -> None:
    campaign, anna = new_campaign(conn, new_list(conn, 1)), new_user(conn)
    contact, number = promised(conn, campaign, anna)
    whole = campaigns.get(conn, campaign)
    assert offers.offer_promise(conn, whole, anna, number, PROMISED - 1, permit) is None
    assert offers.offer_promise(conn, whole, anna, number, PROMISED, permit) is not None
    assert offers.offer_promise(conn, whole, anna, number, PROMISED, permit) is None
    assert callbacks.agenda(conn, PROMISED) == []
    offers.end(conn, contact, offers.Outcome.SKIPPED, PROMISED + 5, "later", PROMISED + 600)
    assert callbacks.get(conn, number).due_at == PROMISED + 600
    assert state_of(conn, contact) == ("open", math.inf)
    assert offers.offer_promise(conn, whole, anna, number, PROMISED + 600, permit) is not None
    offers.dial(conn, whole, anna, contact, PROMISED + 610, permit, promised=True)
    assert state_of(conn, contact)[0] == "in_flight"
    assert callbacks.agenda(conn, PROMISED + 10_000) == []


def test_an_invite_that_never_left_leaves_the_promise_as_it_was(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 1))
    contact, number = promised(conn, campaign)
    before = callbacks.get(conn, number)
    got = callbacks.claim(conn, campaigns.get(conn, campaign), before, PROMISED, permit)
    assert not isinstance(got, Refusal)
    claims.requeue(conn, got.attempt_uid, PROMISED + 1)
    assert callbacks.get(conn, number) == before
    assert [each.id for each in callbacks.agenda(conn, PROMISED + 1)] == [number]
    assert state_of(conn, contact) == ("open", math.inf)


CODES = (WrapUpCode("again", 1, "Again", "Nochmal", Disposition.CALLBACK),)


def test_callbacks_agreed_before_become_promises_of_the_team(tmp_path: Path) -> None:
    path = tmp_path / "strowger.db"
    conn = before("v6", path)
    settings = CampaignSettings(
        "c", new_list(conn, 4), min_gap_s=0.0, wrap_up_codes=CODES, default_zone="Europe/Vienna"
    )
    campaign = campaigns.create(conn, settings, NOW)
    conn.execute("UPDATE campaign SET state = 'running'")
    anna = UserId(7)
    conn.execute(
        "INSERT INTO user (id, login, name, role, password_hash, phone_mode, language, created_at)"
        " VALUES (?, 'anna', 'Anna', 'agent', 'x', 'per_call', 'de', ?)",
        (anna, NOW),
    )
    rows = conn.execute("SELECT id, number FROM contact ORDER BY id").fetchall()
    uids = [_attempt(conn, campaign, *row, anna) for row in rows]
    _dispose(conn, uids[0], "callback", PROMISED)
    _dispose(conn, uids[1], "no_answer", PROMISED)
    _dispose(conn, uids[2], "interrupted", PROMISED, "again")
    _dispose(conn, uids[3], "callback", None)
    conn.execute("UPDATE contact SET zones = ''")
    conn.close()
    conn = opening.open_writer(path)
    rows = conn.execute(
        "SELECT attempt_uid, kind, promised_at, due_at, zone, note, made_by, state FROM promise"
    ).fetchall()
    kept = ("team", PROMISED, PROMISED, "Europe/Vienna", "note", anna, "open")
    assert rows == [(uids[0], *kept), (uids[2], *kept)]
    assert [r[0] for r in conn.execute("SELECT next_at FROM contact ORDER BY id")] == [
        math.inf, PROMISED, math.inf, 0.0,
    ]  # fmt: skip
    assert history(conn) == [("made", ""), ("made", "")]
    assert broken_invariants(conn) == []
    conn.close()


def _attempt(
    conn: sqlite3.Connection, campaign: CampaignId, contact: int, phone: int, user: UserId
) -> AttemptUid:
    """An attempt as the fifth schema had it, in the wrap-up."""
    from firmware.store import permits

    uid = attempts.new_uid(NOW + contact)
    fixed = (uid, campaign, contact, phone, "{}", NOW + contact)
    permits.append(conn, fixed)
    conn.execute(
        "INSERT INTO attempt (uid, campaign_id, contact_id, number, permit, started_at, state, user_id)"
        " VALUES (?, ?, ?, ?, ?, ?, 'wrap_up', ?)",
        (*fixed, user),
    )
    conn.execute(
        "UPDATE contact SET state = 'in_flight', attempts = 1, last_attempt_at = ? WHERE id = ?",
        (NOW + contact, contact),
    )
    return uid


def _dispose(
    conn: sqlite3.Connection, uid: AttemptUid, word: str, next_at: float | None, code: str = ""
) -> None:
    conn.execute(
        "UPDATE attempt SET disposition = ?, state = ?, disposed_at = ?, note = 'note', key = 'k',"
        " wrap_up_code = ? WHERE uid = ?",
        (word, "interrupted" if word == "interrupted" else "closed", NOW + 50, code or word, uid),
    )
    (contact,) = conn.execute("SELECT contact_id FROM attempt WHERE uid = ?", (uid,)).fetchone()
    attempts.release_contact(conn, ContactId(contact), next_at, word)
