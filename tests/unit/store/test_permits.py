"""The chain of permits: whoever changes, removes, inserts or moves one behind the box's back is found."""

from __future__ import annotations

import itertools
import sqlite3
from pathlib import Path

import pytest

from firmware.compliance.again import judge_again
from firmware.model import AttemptUid, CampaignId, CampaignSettings, Permit
from firmware.store import attempts, campaigns, claims, contacts, opening, permits
from firmware.store.schema_v2 import NOTHING
from tests.unit.store.helpers import NOW, claim, new_campaign, new_list, number

COUNT = 7


@pytest.fixture
def uids(conn: sqlite3.Connection) -> list[AttemptUid]:
    """Seven linked attempts, oldest first."""
    return [made.attempt_uid for made in claim(conn, new_campaign(conn, new_list(conn, COUNT)), COUNT).claims]


def behind_its_back(conn: sqlite3.Connection, *statements: str) -> None:
    """What somebody with the file and a database tool can do: take away the triggers, change, put them back."""
    triggers = conn.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        conn.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        conn.execute(statement)
    for _, sql in triggers:
        conn.execute(sql)


def test_an_empty_chain_and_a_whole_one_are_sound(conn: sqlite3.Connection) -> None:
    assert permits.verify(conn) == permits.Verdict(0, permits.Head(0, NOTHING))
    claim(conn, new_campaign(conn, new_list(conn, 3)), 3)
    found = permits.verify(conn)
    assert (found.checked, found.fault) == (3, "")
    assert found.head == permits.head(conn)


def test_every_attempt_has_its_link(conn: sqlite3.Connection, uids: list[AttemptUid]) -> None:
    links = [permits.link_of(conn, uid) for uid in uids]
    assert [link.seq for link in links if link] == list(range(1, COUNT + 1))
    assert all(a and b and b.previous == a.hash for a, b in itertools.pairwise(links))
    assert permits.link_of(conn, AttemptUid("x" * 26)) is None


PERMIT = "UPDATE attempt SET permit = json_set(permit, '$.zone', 'Asia/Tokyo') WHERE id = 4"
SECOND = "(SELECT attempt_uid FROM permit_link WHERE seq = 2)"
CASES: dict[str, tuple[tuple[str, ...], str, int]] = {
    "the permit is rewritten": ((PERMIT,), "changed", 4),
    "another number": (("UPDATE attempt SET number = number + 1 WHERE id = 2",), "changed", 2),
    "another time": (("UPDATE attempt SET started_at = started_at - 3600 WHERE id = 7",), "changed", 7),
    "another campaign": (("UPDATE attempt SET contact_id = 99 WHERE id = 1",), "changed", 1),
    "rewritten with its hash": (
        (PERMIT, "UPDATE permit_link SET content = printf('%064d', 1) WHERE seq = 4"),
        "relinked",
        4,
    ),
    "an attempt is removed": (("DELETE FROM attempt WHERE id = 3",), "missing", 3),
    "a link is removed": (("DELETE FROM permit_link WHERE seq = 3",), "missing", 4),
    "both are removed": (
        ("DELETE FROM attempt WHERE id = 3", "DELETE FROM permit_link WHERE seq = 3"),
        "missing",
        4,
    ),
    "removed and closed up": (
        (
            "DELETE FROM attempt WHERE id = 3",
            "DELETE FROM permit_link WHERE seq = 3",
            "UPDATE permit_link SET seq = seq - 1 WHERE seq > 3",
        ),
        "moved",
        3,
    ),
    "two change places": (
        (
            "UPDATE permit_link SET seq = 100 WHERE seq = 5",
            "UPDATE permit_link SET seq = 5 WHERE seq = 6",
            "UPDATE permit_link SET seq = 6 WHERE seq = 100",
        ),
        "moved",
        5,
    ),
    "two permits change attempts": (
        (
            "UPDATE permit_link SET attempt_uid = printf('%026d', 0) WHERE seq = 2",
            "UPDATE permit_link SET attempt_uid = (SELECT uid FROM attempt WHERE id = 2) WHERE seq = 3",
            "UPDATE permit_link SET attempt_uid = (SELECT uid FROM attempt WHERE id = 3) WHERE seq = 2",
        ),
        "relinked",
        2,
    ),
    "the first is removed": (("DELETE FROM permit_link WHERE seq = 1",), "missing", 2),
    "the end is cut off": (
        ("DELETE FROM attempt WHERE id > 5", "DELETE FROM permit_link WHERE seq > 5"),
        "head",
        5,
    ),
    "an attempt is slipped in": (
        (
            "INSERT INTO attempt (uid, campaign_id, contact_id, number, permit, state, started_at, disposition,"
            " disposed_at) SELECT printf('%026d', 5), campaign_id, 999, number, permit, 'closed', started_at,"
            " 'busy', started_at FROM attempt WHERE id = 1",
        ),
        "unlinked",
        0,
    ),
    "slipped in with a link": (
        (
            "INSERT INTO permit_link SELECT 8, printf('%026d', 5), content, hash, printf('%064d', 7)"
            " FROM permit_link WHERE seq = 7",
        ),
        "relinked",
        8,
    ),
}


@pytest.mark.parametrize(("changes", "fault", "seq"), CASES.values(), ids=CASES.keys())
def test_the_first_bad_link_is_named(
    conn: sqlite3.Connection, uids: list[AttemptUid], changes: tuple[str, ...], fault: str, seq: int
) -> None:
    behind_its_back(conn, *changes)
    found = permits.verify(conn)
    assert (found.fault, found.seq) == (fault, seq)
    if fault in ("changed", "relinked") and seq <= COUNT:
        assert found.uid in uids


def test_whoever_noted_the_head_finds_even_a_whole_chain_forged(
    conn: sqlite3.Connection, uids: list[AttemptUid]
) -> None:
    noted = permits.head(conn).hash
    assert permits.verify(conn, noted).fault == ""
    claim(conn, new_campaign(conn, new_list(conn, 1, first=50)))
    assert permits.verify(conn, noted).fault == ""
    behind_its_back(
        conn,
        PERMIT,
        "DELETE FROM permit_link",
        f"UPDATE permit_head SET seq = 0, hash = '{NOTHING}'",
    )
    conn.execute("DROP TRIGGER attempt_permitted")
    permits.chain_stored(conn)
    assert permits.verify(conn).fault == ""
    assert permits.verify(conn, noted).fault == "note"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE permit_link SET hash = hash WHERE seq = 1",
        "DELETE FROM permit_link WHERE seq = 7",
        "DELETE FROM permit_head",
        "DELETE FROM attempt WHERE id = 7",
        "UPDATE attempt SET permit = '{}' WHERE id = 7",
        "INSERT INTO permit_link SELECT 9, printf('%026d', 5), content, hash, hash FROM permit_link WHERE seq = 7",
        "INSERT INTO permit_link SELECT 8, printf('%026d', 5), content, previous, hash FROM permit_link"
        " WHERE seq = 7",
        "INSERT INTO attempt (uid, campaign_id, contact_id, number, permit, state, started_at)"
        " SELECT printf('%026d', 5), 1, 999, 1, '{}', 'intent', 0",
        "UPDATE settings_kept SET body = '{}'",
        "DELETE FROM settings_kept",
    ],
)
def test_the_database_itself_refuses(
    conn: sqlite3.Connection, uids: list[AttemptUid], statement: str
) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        conn.execute(statement)
    assert permits.verify(conn).fault == ""


def test_a_claim_that_fails_leaves_no_link(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 2))
    conn.execute("BEGIN")
    claim(conn, campaign, 2)
    conn.execute("ROLLBACK")
    assert permits.verify(conn) == permits.Verdict(0, permits.Head(0, NOTHING))


def test_an_attempt_taken_back_keeps_its_permit(conn: sqlite3.Connection, uids: list[AttemptUid]) -> None:
    claims.requeue(conn, uids[2], NOW)
    assert permits.verify(conn).fault == ""


def test_permits_outlive_the_list_they_came_from(conn: sqlite3.Connection, uids: list[AttemptUid]) -> None:
    attempts.interrupt_open(conn, NOW, lambda _attempt, _campaign: None)
    campaigns.set_state(conn, CampaignId(1), campaigns.CampaignState.STOPPED, NOW)
    contacts.delete_list(conn, campaigns.get(conn, CampaignId(1)).settings.contact_list_id or 0, NOW)  # type: ignore[arg-type]
    while contacts.purge(conn):
        pass
    assert permits.verify(conn).checked == COUNT
    assert permits.verify(conn).fault == ""


def test_the_settings_of_the_moment_are_kept_once(conn: sqlite3.Connection, uids: list[AttemptUid]) -> None:
    stored = {attempts.get(conn, uid).permit.settings for uid in uids}
    (digest,) = stored
    assert permits.kept_settings(conn, digest) == campaigns.get(conn, CampaignId(1)).settings
    assert conn.execute("SELECT count(*) FROM settings_kept").fetchone() == (1,)
    assert permits.kept_settings(conn, "0" * 64) is None


def test_a_permit_reads_back_as_it_was_given(conn: sqlite3.Connection) -> None:
    def rich(candidate: claims.Candidate) -> Permit:
        return Permit(
            *(candidate.number, NOW, "Europe/Berlin", "2026-05-28T22:26:40+02:00", "Thu 00:00-24:00", "t"),
            *({"Box": 3}, 0, None, "+493023125999", "de 2026.1", "DE-BY", "holidays 1"),
            *({"sales": {"id": 1}}, {"day": 2}, {"day": 3}, (1.5, 2.25), 3.0, 4.0),
        )

    (made,) = claim(conn, new_campaign(conn, new_list(conn, 1)), judge=rich).claims
    stored = attempts.get(conn, made.attempt_uid).permit
    assert stored == made.permit
    assert len(stored.settings) == 64
    assert stored.number == number(0)


def test_attempts_of_the_first_schema_get_their_links(tmp_path: Path) -> None:
    path = tmp_path / "strowger.db"
    old = sqlite3.connect(path)
    old.executescript((Path(__file__).parent / "released" / "v1.sql").read_text())
    old.execute(f"PRAGMA application_id = {opening.APPLICATION_ID}")
    old.close()
    conn = opening.open_writer(path)
    assert permits.verify(conn).checked == 2
    assert permits.verify(conn).fault == ""
    stored = attempts.get(conn, AttemptUid("01KSR492006K26SV7JFFSCVCCM"))
    assert (stored.permit.rule_version, stored.permit.pack, stored.permit.history) == ("test", "", ())
    assert judge_again(stored.permit, CampaignSettings("x")) is None
    conn.close()
