"""The read model: no database, a busy one, a replaced one; many threads; odd questions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from firmware.model import CampaignId, ContactListId, Disposition, UserId
from firmware.store import attempts, contacts, dnc, list_imports, opening, reading, sessions, settings
from firmware.store.reports import ATTEMPT_ORDERS, PER_PAGE, Reports, StoreUnavailable
from tests.unit.store.helpers import NOW, claim, new_campaign, new_list, new_user, number


@pytest.fixture
def reports(conn: sqlite3.Connection, tmp_path: Path) -> Iterator[Reports]:
    made = Reports(tmp_path / "strowger.db")
    yield made
    made.close()


def test_no_database_is_unavailable_until_there_is_one(tmp_path: Path) -> None:
    reports = Reports(tmp_path / "strowger.db")
    with pytest.raises(StoreUnavailable, match="there is no database"):
        reports.users()
    opening.open_writer(tmp_path / "strowger.db").close()
    assert reports.users() == []
    reports.close()


def test_a_damaged_database_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "strowger.db").write_bytes(b"nonsense" * 1000)
    with pytest.raises(StoreUnavailable, match="cannot read"):
        Reports(tmp_path / "strowger.db").users()


def test_a_replaced_database_is_noticed(conn: sqlite3.Connection, reports: Reports, tmp_path: Path) -> None:
    assert reports.users() == []
    conn.close()
    other = opening.open_writer(tmp_path / "backup.db")
    new_user(other)
    other.close()
    (tmp_path / "backup.db").rename(tmp_path / "strowger.db")
    assert [u.login for u in reports.users()] == ["anna"]


def test_what_is_unknown_is_none_or_empty(reports: Reports) -> None:
    assert reports.user(UserId(1)) is None
    assert reports.user_by_login("x' OR 1=1 --") is None
    assert reports.session("h") is None
    assert reports.campaign(CampaignId(1)) is None
    assert reports.campaign_progress(CampaignId(1)) is None
    assert reports.list_report(ContactListId(1)) is None
    assert reports.attempt("x") is None
    assert reports.attempts(CampaignId(1)).rows == []
    assert (reports.dnc_entries(7).total, reports.dnc_entries(7).pages) == (0, 1)


def test_an_order_that_is_not_offered_is_the_newest_first(conn: sqlite3.Connection, reports: Reports) -> None:
    campaign = new_campaign(conn, new_list(conn, 3))
    claim(conn, campaign, 3)
    newest = reports.attempts(campaign).rows
    assert reports.attempts(campaign, order="id; DROP TABLE attempt").rows == newest
    assert [a.uid for a in reports.attempts(campaign, order="oldest").rows] == [a.uid for a in newest[::-1]]
    for order in ATTEMPT_ORDERS:
        assert reports.attempts(campaign, order=order).total == 3


def test_progress_follows_the_writer(conn: sqlite3.Connection, reports: Reports) -> None:
    list_id = new_list(conn, 4)
    campaign = new_campaign(conn, list_id)
    calls = claim(conn, campaign, 2).claims
    attempts.dispose(conn, calls[0].attempt_uid, Disposition.CONTACTED, NOW, None)
    progress = reports.campaign_progress(campaign)
    assert progress is not None
    assert (progress.contacts, progress.open, progress.in_flight, progress.closed) == (4, 2, 1, 1)
    listed = reports.contact_lists()[0]
    assert (listed.contacts, listed.open, listed.in_flight, listed.closed) == (4, 2, 1, 1)
    found = reports.campaign(campaign)
    assert found is not None
    assert found.counters == progress
    assert [c.id for c in reports.campaigns()] == [campaign]
    made = list_imports.begin(conn, list_id, "a.csv", "anna", NOW)
    list_imports.finish(conn, made, list_imports.Brought(5, 4, 0, 1, 0, None))
    report = reports.list_report(list_id)
    assert report is not None
    assert report.closed_by == {"contacted": 1}
    assert [(i.rows, i.duplicate) for i in report.imports] == [(5, 1)]
    contacts.delete_list(conn, new_list(conn, 1), NOW)
    assert len(reports.contact_lists()) == 1


def test_pages_end_where_the_rows_end(conn: sqlite3.Connection, reports: Reports) -> None:
    list_id = new_list(conn, 2 * PER_PAGE + 1)
    last = reports.contacts(list_id, page=99)
    assert (last.page, last.pages, last.total, len(last.rows)) == (3, 3, 2 * PER_PAGE + 1, 1)
    assert reports.contacts(list_id, page=-4).page == 1
    assert [c.number for c in reports.contacts(list_id, "+49 30 23125-07").rows] == [
        number(i) for i in range(70, 80)
    ]


def test_attempts_of_a_contact(conn: sqlite3.Connection, reports: Reports) -> None:
    campaign = new_campaign(conn, new_list(conn, 2))
    made = claim(conn, campaign, 2).claims[0]
    assert [a.uid for a in reports.attempts(contact=made.contact_id).rows] == [made.attempt_uid]
    assert reports.attempts().total == 2
    shown = reports.attempt(made.attempt_uid)
    assert shown is not None
    assert (shown.permit, shown.name) == (made.permit, "Person 0")


@pytest.mark.req("GEN-107")
def test_dnc_entries_are_found_by_how_they_begin(conn: sqlite3.Connection, reports: Reports) -> None:
    other = dnc.create_list(conn, "Other", NOW)
    dnc.load(conn, other, ["+12015550100", "+120155501", "+493023125001"], "file", NOW)
    dnc.load(conn, dnc.OPT_OUTS, ["+12015550100"], "key 9", NOW + 1)
    assert [e.number for e in reports.dnc_entries(other).rows] == [
        "+120155501",
        "+12015550100",
        "+493023125001",
    ]
    assert [e.number for e in reports.dnc_entries(other, "+1 201").rows] == ["+120155501", "+12015550100"]
    assert reports.dnc_entries(other, "120155502").total == 0
    (entry,) = reports.dnc_entries(dnc.OPT_OUTS).rows
    assert (entry.source, entry.added_at) == ("key 9", NOW + 1)
    assert [(each.name, each.entries) for each in reports.dnc_lists()] == [("Opt-outs", 1), ("Other", 3)]


def test_people_and_their_logins(conn: sqlite3.Connection, reports: Reports) -> None:
    user = new_user(conn)
    sessions.create(conn, "h", user, NOW, 60)
    found, login = reports.user(user), reports.session("h")
    assert found is not None
    assert reports.user_by_login("ANNA") == found
    assert login is not None
    assert (login.user_id, login.expires_at) == (user, NOW + 60)


def test_many_threads_ask_while_the_writer_writes(conn: sqlite3.Connection, reports: Reports) -> None:
    list_id = new_list(conn, 60)
    campaign = new_campaign(conn, list_id)

    def ask(_: int) -> int:
        progress = reports.campaign_progress(campaign)
        assert progress is not None
        return progress.open + progress.in_flight

    with ThreadPoolExecutor(16) as pool:
        asked = [pool.submit(ask, i) for i in range(200)]
        for i in range(60):
            conn.execute("BEGIN IMMEDIATE")
            claim(conn, campaign, 1)
            settings.put(conn, "turn", i)
            conn.execute("COMMIT")
        assert {each.result() for each in asked} == {60}


def test_when_every_reader_is_busy_it_says_so(
    conn: sqlite3.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "BUSY_TIMEOUT_S", 0.01)
    readers = reading.Readers(tmp_path / "strowger.db", most=1)
    with readers.read(), pytest.raises(StoreUnavailable, match="busy"), readers.read():
        pass
    with readers.read() as again:
        assert again.execute("SELECT 1").fetchone() == (1,)
    readers.close()
