"""Cells of a period: compared with a naive count over the attempts, and the slices of a long history."""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firmware.model import CampaignId, Disposition
from firmware.store import activity, attempts, claims, opening
from firmware.store.activity import Period, Totals
from firmware.store.reports import PER_PAGE, Reports
from tests.unit.store.helpers import NOW, claim, new_campaign, new_list, new_user

ALWAYS = Period(0.0, 1e12)


def summed(found: list[activity.Cell]) -> Totals:
    return sum((cell.totals for cell in found), Totals())


def test_an_empty_store_has_no_cells(conn: sqlite3.Connection) -> None:
    assert activity.cells(conn, ALWAYS) == []
    assert activity.count(conn, ALWAYS) == 0
    assert activity.after(conn, ALWAYS, None, 10) == []


def test_a_period_ends_before_its_end(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 1))
    claim(conn, campaign, now=NOW)
    assert summed(activity.cells(conn, Period(NOW, NOW + 1))).calls == 1
    assert activity.cells(conn, Period(NOW - 1, NOW)) == []
    assert activity.cells(conn, Period(NOW, NOW + 1, (CampaignId(campaign + 1),))) == []


def test_what_was_taken_back_is_no_call(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 2))
    first, _ = claim(conn, campaign, 2).claims
    claims.requeue(conn, first.attempt_uid, NOW)
    assert summed(activity.cells(conn, ALWAYS)).calls == 1


@pytest.mark.req("GEN-097", "GEN-098", "GEN-099")
def test_the_spans_of_a_conversation(conn: sqlite3.Connection) -> None:
    user, campaign = new_user(conn), new_campaign(conn, new_list(conn, 1))
    uid = claim(conn, campaign).claims[0].attempt_uid
    conn.execute(
        "UPDATE attempt SET answered_at = ?, live = 1, user_id = ?, talking_at = ?, ended_at = ? WHERE uid = ?",
        (NOW + 10, user, NOW + 12.5, NOW + 72.5, uid),
    )
    attempts.dispose(conn, uid, Disposition.CONTACTED, NOW + 80.0, None)
    (cell,) = activity.cells(conn, ALWAYS)
    assert (cell.user_id, cell.disposition) == (user, Disposition.CONTACTED)
    assert cell.starts_at == NOW - NOW % 900
    assert cell.totals == Totals(
        calls=1, answered=1, reached=1, connected=1, handover_s=2.5, talk_s=60.0, wrapped=1, wrap_up_s=7.5
    )


OUTCOME = st.sampled_from(
    [Disposition.CONTACTED, Disposition.ABANDONED, Disposition.BUSY, Disposition.INTERRUPTED, None]
)


@pytest.mark.req("GEN-100")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 3 * 86_400), OUTCOME, st.integers(0, 2)), max_size=30))
def test_cells_are_a_recount(
    tmp_path_factory: pytest.TempPathFactory, calls: list[tuple[int, Disposition | None, int]]
) -> None:
    conn = opening.open_writer(tmp_path_factory.mktemp("activity") / "strowger.db")
    campaigns = [new_campaign(conn, new_list(conn, 30, 30 * n)) for n in range(3)]
    told: Counter[tuple[int, CampaignId, Disposition | None]] = Counter()
    for at, disposition, which in calls:
        (made,) = claim(conn, campaigns[which], now=NOW + at).claims
        if disposition is not None:
            attempts.dispose(conn, made.attempt_uid, disposition, NOW + at + 30, None)
        told[int((NOW + at) // 900) * 900, campaigns[which], disposition] += 1
    found = activity.cells(conn, ALWAYS)
    conn.close()
    assert {(c.starts_at, c.campaign_id, c.disposition): c.totals.calls for c in found} == dict(told)
    assert summed(found).abandoned == sum(n for (_, _, d), n in told.items() if d is Disposition.ABANDONED)


def test_a_long_history_in_slices_is_complete_and_in_order(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 7))
    for minute in (0, 0, 0, 5, 5, 9, 9):
        claim(conn, campaign, now=NOW + 60 * minute)
    slices, last = [], None
    while rows := activity.after(conn, ALWAYS, last, 2):
        slices.append(len(rows))
        last = (rows[-1].started_at, rows[-1].uid)
        assert [r.started_at for r in rows] == sorted(r.started_at for r in rows)
    assert slices == [2, 2, 2, 1]


@pytest.mark.req("GEN-095")
def test_history_in_pages(conn: sqlite3.Connection, tmp_path: Path) -> None:
    campaign = new_campaign(conn, new_list(conn, PER_PAGE + 3))
    claim(conn, campaign, PER_PAGE + 3)
    reports = Reports(tmp_path / "strowger.db")
    first, second = reports.history(ALWAYS), reports.history(ALWAYS, 9)
    reports.close()
    assert (len(first.rows), first.pages, first.total) == (PER_PAGE, 2, PER_PAGE + 3)
    assert (len(second.rows), second.page) == (3, 2)
    assert not {r.uid for r in first.rows} & {r.uid for r in second.rows}
