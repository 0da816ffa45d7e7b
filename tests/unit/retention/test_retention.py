"""Forgetting: classes over their time, proof that stays until the law lets go, the chain, and one person's erasure."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from firmware.model import AttemptUid, Disposition, OperatorError
from firmware.retention import erased, person, pseudonym
from firmware.retention.keeper import remove_recordings
from firmware.store import (
    attempts,
    campaigns,
    consents,
    dnc,
    opening,
    parties,
    permits,
    retention,
    tapes,
    webhooks,
)
from firmware.store import erasure as forgetting
from firmware.store.retention import CLASSES, DAY_S
from tests.unit.store.helpers import NOW, claim, new_campaign, new_list, number

KEY = bytes(range(32))
ADA = number(0)
DIGITS = int(ADA[1:])
OWN = pseudonym.of(KEY, DIGITS)


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    opened = opening.open_writer(tmp_path / "strowger.db")
    opened.execute("BEGIN")
    yield opened
    opened.close()


def called(conn: sqlite3.Connection, count: int, at: float = NOW) -> list[AttemptUid]:
    """Finished attempts with notes and recordings."""
    campaign = new_campaign(conn, new_list(conn, count))
    made = [each.attempt_uid for each in claim(conn, campaign, count, now=at).claims]
    for uid in made:
        attempts.dispose(conn, uid, Disposition.CONTACTED, at + 60, None)
        conn.execute(
            "UPDATE attempt SET note = 'likes tea', recording = ? WHERE uid = ?", (f"{uid}.wav", uid)
        )
    return made


def all_of(conn: sqlite3.Connection, key: str, before: float) -> int:
    total = 0
    while gone := retention.step(conn, key, before, NOW):
        assert gone <= retention.STEP
        total += gone
    return total


def test_every_class_has_a_finite_time_within_its_limits() -> None:
    assert all(0 < each.least <= each.days <= each.most for each in CLASSES.values())
    assert CLASSES["proof"].least >= 5 * 365


@pytest.mark.req("ENR-122", "ENR-123")
def test_days_are_the_defaults_until_they_are_set(conn: sqlite3.Connection) -> None:
    assert retention.days(conn) == {key: each.days for key, each in CLASSES.items()}
    retention.set_days(conn, {"recordings": 7})
    assert retention.days(conn) == {**{key: each.days for key, each in CLASSES.items()}, "recordings": 7}


@pytest.mark.req("ENR-126")
def test_details_go_and_the_proof_stays(conn: sqlite3.Connection) -> None:
    called(conn, 3)
    assert retention.over(conn, "details", NOW) == 0
    assert retention.over(conn, "details", NOW + 1) == 3 == all_of(conn, "details", NOW + 1)
    assert conn.execute("SELECT DISTINCT note FROM attempt").fetchall() == [("",)]
    assert permits.verify(conn).fault == ""
    assert retention.over(conn, "details", NOW + 1) == 0


def test_more_than_a_step(conn: sqlite3.Connection) -> None:
    called(conn, retention.STEP + 30)
    assert (
        retention.over(conn, "contacts", NOW + 1) == retention.STEP + 30 == all_of(conn, "contacts", NOW + 1)
    )
    assert conn.execute("SELECT count(*), count(DISTINCT number) FROM attempt").fetchone() == (230, 230)


def test_proof_goes_after_its_time_and_the_chain_says_why(conn: sqlite3.Connection) -> None:
    old, new = called(conn, 2), None
    campaign = campaigns.every(conn)[0].id
    conn.execute("UPDATE contact SET state = 'open', closed_reason = NULL, next_at = 0")
    new = claim(conn, campaign, 1, now=NOW + 9 * DAY_S).claims[0].attempt_uid
    assert retention.over(conn, "proof", NOW + DAY_S) == 2 == all_of(conn, "proof", NOW + DAY_S)
    assert [uid for (uid,) in conn.execute("SELECT uid FROM attempt")] == [new]
    found = permits.verify(conn)
    assert (found.fault, found.checked) == ("", 3)
    with pytest.raises(sqlite3.IntegrityError):
        conn.execute("DELETE FROM attempt")
    conn.execute("DELETE FROM attempt_cleared WHERE attempt_uid = ?", (old[0],))
    assert permits.verify(conn).fault == "missing"


def test_consent_is_kept_while_it_is_used(conn: sqlite3.Connection) -> None:
    for n in range(3):
        given = consents.NewConsent(
            number(n), "sales", NOW - DAY_S, "form", "yes", NOW if n < 2 else None, ""
        )
        consents.add(conn, given, "anna", NOW - DAY_S)
    campaign = new_campaign(conn, new_list(conn, 1))
    claim(conn, campaign, 1, now=NOW + 50)
    assert retention.over(conn, "proof", NOW + 10) == 1 == all_of(conn, "proof", NOW + 10)
    assert conn.execute("SELECT count(*) FROM consent").fetchone() == (2,)


@pytest.mark.parametrize("key", [key for key in CLASSES if key not in ("recordings", "files")])
def test_nothing_is_lost_that_is_young(conn: sqlite3.Connection, key: str) -> None:
    called(conn, 2)
    before = conn.execute("SELECT count(*) FROM attempt").fetchone()
    assert retention.over(conn, key, NOW - DAY_S) == 0
    assert all_of(conn, key, NOW - DAY_S) == 0
    assert conn.execute("SELECT count(*) FROM attempt").fetchone() == before


def test_only_files_of_the_folder_are_removed(tmp_path: Path) -> None:
    folder = tmp_path / "recordings"
    (folder / "a").mkdir(parents=True)
    inside, outside = folder / "a/1.wav", tmp_path / "strowger.db"
    for each in (inside, outside):
        each.write_text("x")
    remove_recordings(folder, ["a/1.wav", "../strowger.db", str(outside), ".", "gone.wav"])
    assert (inside.exists(), outside.exists()) == (False, True)


# -- one person --------------------------------------------------------------------------------------------------------


def known(conn: sqlite3.Connection) -> AttemptUid:
    """Ada has been called, has consented, and was told of."""
    (uid, _) = called(conn, 2)
    given = consents.NewConsent(ADA, "sales", NOW, "form", "yes, please", None, "signed")
    consents.add(conn, given, "anna", NOW)
    conn.execute(
        "INSERT INTO inbound_call (uid, rule, trunk, number_called, caller_text, caller_number, offered_at, ended_at,"
        " outcome, note) VALUES (?, '', 'provider', '1', ?, ?, ?, ?, 'missed', 'angry')",
        ("0" * 26, ADA, DIGITS, NOW, NOW + 9),
    )
    return uid


@pytest.mark.req("ENR-126")
def test_an_erased_person_is_nowhere_in_the_clear(conn: sqlite3.Connection, tmp_path: Path) -> None:
    uid = known(conn)
    account, files = forgetting.erase(conn, DIGITS, OWN, "anna", "letter", False, NOW + 99)
    conn.execute("COMMIT")
    assert files == [f"{uid}.wav"]
    assert {key: account[key] for key in ("contacts", "kept_attempts", "kept_incoming", "kept_consents")} == {
        "contacts": 1, "kept_attempts": 1, "kept_incoming": 1, "kept_consents": 1,
    }  # fmt: skip
    dump = "\n".join(conn.iterdump())
    assert str(DIGITS) not in dump
    assert dump.count("likes tea") == 1  # the other one's
    assert "angry" not in dump
    assert permits.verify(conn).fault == ""
    assert set(forgetting.everything(conn, DIGITS, OWN)) == {"attempts", "incoming", "consents"}
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def test_without_an_entry_the_number_would_be_called_again(conn: sqlite3.Connection) -> None:
    known(conn)
    account, _ = forgetting.erase(conn, DIGITS, OWN, "anna", "", True, NOW + 99)
    assert account["kept_dnc"] == 1
    assert [each.name for each in dnc.look_up(conn, ADA, NOW + 100)] == ["Opt-outs"]
    again, files = forgetting.erase(conn, DIGITS, OWN, "anna", "", True, NOW + 199)
    assert (again["kept_attempts"], again["kept_dnc"], files) == (0, 1, [])


def test_nobody_is_erased_in_the_middle_of_a_call(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 1))
    claim(conn, campaign, 1)
    with pytest.raises(OperatorError):
        forgetting.erase(conn, DIGITS, OWN, "anna", "", True, NOW)
    assert conn.execute("SELECT count(*) FROM erasure").fetchone() == (0,)
    assert conn.execute("SELECT count(*) FROM clearing").fetchone() == (0,)


def test_a_permit_is_found_by_who_brings_the_number(conn: sqlite3.Connection) -> None:
    uid = known(conn)
    forgetting.erase(conn, DIGITS, OWN, "anna", "", True, NOW + 99)
    found = forgetting.everything(conn, DIGITS, OWN)
    assert [each["uid"] for each in found["attempts"]] == [uid]
    assert attempts.get(conn, uid).permit.window
    assert attempts.get(conn, uid).number == f"+{OWN}"


def test_everything_is_told_as_json_and_on_paper(conn: sqlite3.Connection) -> None:
    known(conn)
    found = forgetting.everything(conn, DIGITS, OWN)
    told = json.loads(person.as_json(ADA, found, NOW))
    assert told["stored"]["attempts"][0]["started_at"] == "2026-05-28T20:26:40Z"
    assert told["stored"]["contacts"][0]["number"] == ADA
    for language, title in (("de", "Alles, was"), ("en", "Everything stored")):
        made = person.sheet(ADA, found, "Office", NOW, language)
        assert made.title.startswith(title)
        assert len(made.sections) == sum(len(rows) for rows in found.values())
    assert "nichts gespeichert" in " ".join(person.sheet(ADA, {}, "Office", NOW, "de").lines)


def test_pseudonyms_are_nobodys_number(tmp_path: Path) -> None:
    key = pseudonym.key_in(tmp_path / "k")
    assert pseudonym.key_in(tmp_path / "k") == key
    assert (tmp_path / "k").stat().st_mode & 0o077 == 0
    made = {pseudonym.of(key, 493023125000 + n) for n in range(1000)}
    assert len(made) == 1000
    assert all(str(each).startswith("999") and len(str(each)) == 15 for each in made)


def test_a_torn_list_of_erased_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    file = tmp_path / erased.FILE
    assert erased.read(file) == {}
    erased.append(file, {OWN: NOW})
    erased.append(file, {OWN: NOW + 5, OWN + 1: NOW})
    with file.open("ab") as out:
        out.write(b"17800000\xff 99")
    assert erased.read(file) == {OWN: NOW + 5, OWN + 1: NOW}


def test_a_pseudonym_is_told_from_a_number() -> None:
    assert pseudonym.is_one(OWN)
    assert not pseudonym.is_one(DIGITS)


CAME_IN = AttemptUid("0000000000000000000000000Y")


def came_in(conn: sqlite3.Connection) -> None:
    """A recorded call that came in and was handed on, in two pieces."""
    conn.execute(
        "INSERT INTO inbound_call (uid, rule, trunk, number_called, caller_text, caller_number, offered_at, ended_at,"
        " outcome) VALUES (?, 'office', 't', '', '', 493023125777, ?, ?, 'answered')",
        (CAME_IN, NOW, NOW + 60),
    )
    for file, at in (("a.wav", NOW), ("a-2.wav", NOW + 30)):
        tapes.began(conn, CAME_IN, file, at)
    parties.note(conn, CAME_IN, "ask", NOW, None, "Ben")


def test_the_pieces_of_a_call_go_together(conn: sqlite3.Connection) -> None:
    came_in(conn)
    (uid,) = called(conn, 1)
    assert retention.over(conn, "recordings", NOW + 10) == 3
    found = retention.recordings(conn, NOW + 10)
    assert sorted(found) == sorted([(CAME_IN, "a.wav"), (CAME_IN, "a-2.wav"), (uid, f"{uid}.wav")])
    retention.forget_recordings(conn, [uid for uid, _ in found])
    assert retention.recordings(conn, NOW + 10) == []


def test_a_call_that_came_in_goes_with_what_was_done_in_it(conn: sqlite3.Connection) -> None:
    came_in(conn)
    assert all_of(conn, "incoming", NOW + 10) == 1
    assert parties.steps(conn, CAME_IN) == []
    assert retention.recordings(conn, NOW + 10) != [], "files go in their own time"


def test_who_called_and_is_forgotten_leaves_no_recording(conn: sqlite3.Connection) -> None:
    came_in(conn)
    webhooks.subscribe(conn, "http://127.0.0.1/x", "s", ["inbound.ended"], None, "A", NOW)
    webhooks.enqueue(conn, "inbound.ended", {"caller": "+493023125777"}, NOW)
    _, files = forgetting.erase(conn, 493023125777, 1, "Anna", "asked", False, NOW + 99)
    assert sorted(files) == ["a-2.wav", "a.wav"]
    assert conn.execute("SELECT count(*) FROM call_tape").fetchone() == (0,)
    assert conn.execute("SELECT count(*) FROM webhook_event").fetchone() == (0,)
