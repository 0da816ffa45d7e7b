"""Finished contacts made callable once more: only those meant, never opt-outs, and it can be taken back."""

from __future__ import annotations

import sqlite3

import pytest

from firmware.campaigns import retry
from firmware.model import CampaignSettings, ContactListId, Disposition, RetryRule
from firmware.store import attempts, contacts, dnc, due, list_imports, list_schedules, recycling
from firmware.store.list_imports import Brought, Run
from firmware.store.list_schedules import NewSchedule, ScheduleKind
from firmware.store.recycling import Wanted
from tests.unit.store.helpers import NOW, broken_invariants, claim, new_campaign, new_list, number

WEEK_S = 7 * 86400.0
CHOSEN = frozenset({Disposition.NO_ANSWER, Disposition.BUSY})


def closed_as(conn: sqlite3.Connection, list_id: ContactListId, *words: Disposition) -> list[int]:
    """Call a list's contacts, one for each word, and close each with it."""
    campaign = new_campaign(conn, list_id)
    made = claim(conn, campaign, len(words)).claims
    for each, word in zip(made, words, strict=True):
        attempts.dispose(conn, each.attempt_uid, word, NOW + 60, None)
    return [each.contact_id for each in made]


def recycle(
    conn: sqlite3.Connection, list_id: ContactListId, at: float = NOW + WEEK_S, limit: int = 2
) -> int:
    run = list_imports.begin(conn, list_id, "", "anna", at, Run(1, "time", "recycle"))
    wanted, after, opened = Wanted(list_id, CHOSEN, at), 0, 0
    while True:
        part = recycling.some(conn, run, wanted, after, at, limit)
        opened += part.opened
        if part.last is None:
            break
        after = part.last
    list_imports.finish(conn, run, Brought(0, 0, opened, 0, 0, None))
    return run


def opened(conn: sqlite3.Connection, list_id: ContactListId) -> set[str]:
    rows = conn.execute("SELECT id FROM contact WHERE list_id = ? AND state = 'open'", (list_id,)).fetchall()
    found = (contacts.get(conn, row[0]) for row in rows)
    return {each.number for each in found if each is not None}


@pytest.mark.req("GEN-043")
def test_only_the_results_meant_are_called_once_more(conn: sqlite3.Connection) -> None:
    list_id = new_list(conn, 6)
    closed_as(
        conn,
        list_id,
        Disposition.NO_ANSWER,
        Disposition.BUSY,
        Disposition.CONTACTED,
        Disposition.DO_NOT_CALL,
        Disposition.WRONG_NUMBER,
        Disposition.MACHINE,
    )
    recycle(conn, list_id)
    assert opened(conn, list_id) == {number(0), number(1)}
    assert broken_invariants(conn) == []


def test_an_opt_out_stays_closed_whatever_its_last_result(conn: sqlite3.Connection) -> None:
    list_id = new_list(conn, 2)
    closed_as(conn, list_id, Disposition.NO_ANSWER, Disposition.NO_ANSWER)
    dnc.add(conn, dnc.OPT_OUTS, [number(0)], "key 9", NOW)
    recycle(conn, list_id)
    assert opened(conn, list_id) == {number(1)}


def test_a_contact_that_used_up_its_attempts_is_meant_by_its_last_result(conn: sqlite3.Connection) -> None:
    list_id = new_list(conn, 2)
    closed_as(conn, list_id, Disposition.BUSY, Disposition.MACHINE)
    conn.execute("UPDATE contact SET state = 'open', closed_reason = NULL")
    conn.execute("UPDATE contact SET state = 'closed', closed_reason = 'attempts_used_up'")
    recycle(conn, list_id)
    assert opened(conn, list_id) == {number(0)}


def test_who_was_called_too_short_a_time_ago_rests(conn: sqlite3.Connection) -> None:
    list_id = new_list(conn, 1)
    closed_as(conn, list_id, Disposition.BUSY)
    run = list_imports.begin(conn, list_id, "", "anna", NOW, Run(1, "time", "recycle"))
    part = recycling.some(conn, run, Wanted(list_id, CHOSEN, NOW - 1), 0, NOW)
    assert (part.looked_at, part.opened, part.last) == (0, 0, None)


def test_a_new_round_counts_anew_and_the_attempts_stay(conn: sqlite3.Connection) -> None:
    list_id = new_list(conn, 1)
    (contact,) = closed_as(conn, list_id, Disposition.BUSY)
    assert attempts.counts(conn, contacts.get(conn, contact).id) == {Disposition.BUSY: 1}  # type: ignore[union-attr, arg-type]
    recycle(conn, list_id)
    row = due.of_contact(conn, contacts.get(conn, contact).id)  # type: ignore[union-attr, arg-type]
    assert row is not None
    assert row[7] == 0
    assert attempts.counts(conn, contacts.get(conn, contact).id) == {}  # type: ignore[union-attr, arg-type]
    found = contacts.get(conn, contact)  # type: ignore[arg-type]
    assert found is not None
    assert (found.attempts, found.next_at) == (1, NOW + WEEK_S)
    campaign = new_campaign(conn, list_id)
    later = NOW + WEEK_S + 60
    (again,) = claim(conn, campaign, now=later).claims
    assert again.permit.attempts_before == 0
    counts = {**attempts.counts(conn, found.id), Disposition.BUSY: 1}
    once = CampaignSettings("x", max_attempts=2, retry={Disposition.BUSY: RetryRule(60, 2)})
    assert retry.after(Disposition.BUSY, once, counts, 1, later).at is not None


@pytest.mark.req("GEN-043")
def test_taking_it_back_closes_whoever_was_not_called_meanwhile(conn: sqlite3.Connection) -> None:
    list_id = new_list(conn, 3)
    closed_as(conn, list_id, Disposition.BUSY, Disposition.NO_ANSWER, Disposition.BUSY)
    run = recycle(conn, list_id)
    campaign = new_campaign(conn, list_id)
    (called,) = claim(conn, campaign, now=NOW + WEEK_S + 1).claims
    attempts.dispose(conn, called.attempt_uid, Disposition.CONTACTED, NOW + WEEK_S + 90, None)
    list_imports.begin_undo(conn, run, NOW + WEEK_S + 100)
    while list_imports.undo_some(conn, run, 2):
        assert broken_invariants(conn) == []
    row = conn.execute(
        "SELECT state, removed, kept, put_back FROM contact_import WHERE id = ?", (run,)
    ).fetchone()
    assert row == ("undone", 0, 1, 2)
    reasons = dict(conn.execute("SELECT closed_reason, count(*) FROM contact GROUP BY 1").fetchall())
    assert sum(reasons.values()) == 3
    assert reasons["contacted"] == 1
    assert conn.execute(
        "SELECT sum(attempts_base), sum(round_at) FROM contact WHERE state = 'closed'"
        " AND closed_reason <> 'contacted'"
    ).fetchone() == (0, 0.0)


def test_schedules_of_a_list_that_is_gone_are_gone(conn: sqlite3.Connection) -> None:
    list_id = new_list(conn, 1)
    wanted = NewSchedule(
        list_id, ScheduleKind.RECYCLE, (0, 4), "06:00", dispositions=(Disposition.BUSY,), rest_s=60.0
    )
    made = list_schedules.make(conn, wanted, "anna", NOW, NOW + 10)
    assert list_schedules.get(conn, made).wanted == wanted
    assert [each.id for each in list_schedules.due(conn, NOW + 10)] == [made]
    list_schedules.switch(conn, made, False, None)
    assert list_schedules.due(conn, NOW + 10) == []
    list_schedules.switch(conn, made, True, NOW + 10)
    contacts.delete_list(conn, list_id, NOW)
    assert (list_schedules.due(conn, NOW + 10), list_schedules.of_list(conn, list_id)) == ([], [])
