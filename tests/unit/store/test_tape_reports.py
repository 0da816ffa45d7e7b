"""Recorded pieces for the pages: of calls of either way, narrowed, and only of the departments that look."""

from __future__ import annotations

from pathlib import Path

import pytest

from firmware.model import Owned, TapeEnd
from firmware.store import attempts, departments, opening, tapes
from firmware.store.reports import PiecesAsked, Reports
from tests.unit.store.helpers import NOW, claim, new_campaign, new_list, new_user, number


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Two campaigns, the second a department's, with a recorded call each; the second's goes on."""
    found = tmp_path / "strowger.db"
    conn = opening.open_writer(found)
    anna = new_user(conn)
    sales = departments.create(conn, "Sales", "anna", NOW)
    for place in (0, 1):
        campaign = new_campaign(conn, new_list(conn, 1, first=place))
        made = claim(conn, campaign, 1).claims[0]
        attempts.mark_talking(conn, made.attempt_uid, anna, NOW + place, f"{made.attempt_uid}.wav")
        tapes.began(conn, made.attempt_uid, f"{made.attempt_uid}.wav", NOW + place)
        if place:
            departments.put_thing(conn, Owned.CAMPAIGN, campaign, sales)
        else:
            tapes.ended(conn, f"{made.attempt_uid}.wav", TapeEnd.OVER, NOW + 60)
    conn.close()
    return found


def test_pieces_are_narrowed_and_the_newest_is_first(path: Path) -> None:
    reports = Reports(path)
    found, total = reports.pieces(PiecesAsked(), 25, 0)
    assert [each.number for each in found] == [number(1), number(0)]
    assert (total, found[0].ended_at, found[1].why) == (2, None, TapeEnd.OVER)
    assert reports.pieces(PiecesAsked(), 1, 1) == ([found[1]], 2)
    assert reports.pieces(PiecesAsked(since=NOW + 1), 25, 0) == ([found[0]], 1)
    assert reports.pieces(PiecesAsked(until=NOW + 1), 25, 0) == ([found[1]], 1)
    assert reports.pieces(PiecesAsked(digits=number(1)[-4:]), 25, 0) == ([found[0]], 1)
    assert reports.piece(found[1].file) == found[1]
    assert reports.piece("../strowger.db") is None
    assert reports.recordings_kept_days() == 90
    reports.close()


def test_a_department_hears_its_own_calls_alone(path: Path) -> None:
    reports = Reports(path)
    everything, _ = reports.pieces(PiecesAsked(), 25, 0)
    own = reports.seen_by(frozenset({reports.departments()[0].id}))
    found, total = own.pieces(PiecesAsked(), 25, 0)
    assert ([each.file for each in found], total) == ([everything[0].file], 1)
    assert found[0].name == "", "the list is another's"
    assert own.piece(everything[1].file) is None
    assert (own.sees("tape", everything[0].file), own.sees("tape", everything[1].file)) == (True, False)
    own.close()
    reports.close()


def test_what_is_deleted_is_on_record_no_more(path: Path) -> None:
    conn = opening.open_writer(path)
    files = [file for (file,) in conn.execute("SELECT file FROM call_tape ORDER BY began_at")]
    assert [tapes.is_over(conn, file) for file in (*files, "x")] == [True, False, None]
    tapes.forget(conn, files[0])
    assert [tapes.is_over(conn, file) for file in files] == [None, False]
    kept = [file for (file,) in conn.execute("SELECT recording FROM attempt ORDER BY id")]
    assert kept == [None, files[1]]
    conn.close()
