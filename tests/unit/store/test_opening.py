"""Opening: damaged, newer, foreign and half-made files; what an older version left."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from firmware.model import (
    AgentState,
    AmdLabel,
    AttemptState,
    CampaignState,
    ContactState,
    Disposition,
    HangupCause,
    PhoneMode,
    Role,
    Side,
)
from firmware.store import attempts, campaigns, dnc, migrations, opening, reports, schema_v1
from firmware.store.errors import StoreDamaged, StoreError, StoreTooNew, StoreUnavailable
from firmware.store.store import Store
from tests.unit.store.helpers import broken_invariants, new_campaign, new_list

RELEASED = Path(__file__).parent / "released"


def filled(path: Path) -> None:
    conn = opening.open_writer(path)
    with conn:
        conn.execute("BEGIN")
        new_campaign(conn, new_list(conn, 300))
    conn.close()


def spoil(path: Path, offset: int, length: int) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(b"\xa5" * length)


@pytest.mark.parametrize("what", ["header", "empty", "schema", "text"])
def test_a_damaged_file_is_kept_aside_and_never_replaced(tmp_path: Path, what: str) -> None:
    path = tmp_path / "strowger.db"
    filled(path)
    if what == "empty":
        path.write_bytes(b"")
    elif what == "text":
        path.write_text("name;number\nnot a database\n" * 100)
    else:
        spoil(path, 0 if what == "header" else 100, 4000)
    content = path.read_bytes()
    with pytest.raises(StoreDamaged, match=r"kept as .*strowger\.db\.damaged-1"):
        opening.open_writer(path)
    assert (tmp_path / "strowger.db.damaged-1").read_bytes() == content
    assert not path.exists()
    for _ in range(2):
        with pytest.raises(StoreDamaged, match=r"move strowger\.db\.damaged-1 away"):
            opening.open_writer(path)
    (tmp_path / "strowger.db.damaged-1").rename(tmp_path / "elsewhere")
    opening.open_writer(path).close()


def test_damage_inside_is_found_after_an_unclean_end(tmp_path: Path) -> None:
    path = tmp_path / "strowger.db"
    filled(path)
    spoil(path, path.stat().st_size // 2 // 4096 * 4096, 4096)
    (tmp_path / "strowger.db-wal").write_bytes(b"left behind by a kill")
    with pytest.raises(StoreDamaged):
        opening.open_writer(path)
    assert (tmp_path / "strowger.db.damaged-1").exists()


def test_damage_in_a_large_file_is_found_by_looking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "strowger.db"
    filled(path)
    assert opening.damage(path) is None
    spoil(path, path.stat().st_size - 4096, 4096)
    monkeypatch.setattr(opening, "CHECKED_BYTES", 4096)
    (tmp_path / "strowger.db-wal").write_bytes(b"left behind by a kill")
    opening.open_writer(path).close()
    assert opening.damage(path) is not None
    with pytest.raises(StoreUnavailable):
        opening.damage(tmp_path / "nowhere.db")


async def test_the_store_itself_refuses_and_stays_closed(tmp_path: Path) -> None:
    (tmp_path / "strowger.db").write_bytes(b"x" * 9000)
    store = Store(tmp_path / "strowger.db", tmp_path / "j", lambda _: None, ballast_bytes=0)
    with pytest.raises(StoreDamaged):
        await store.open()
    with pytest.raises(StoreError, match="closed"):
        await store.do(lambda _: None)
    (tmp_path / "strowger.db.damaged-1").unlink()
    await store.open()
    await store.close()


def test_a_newer_file_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "strowger.db"
    filled(path)
    conn = sqlite3.connect(path, isolation_level=None)
    conn.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('strowger', 'v99', 'x')"
    )
    conn.close()
    before = path.read_bytes()
    with pytest.raises(
        StoreTooNew,
        match=rf"newer version of the box .schema v99; this version knows up to {migrations.NAMES[-1]}",
    ):
        opening.open_writer(path)
    assert path.read_bytes() == before
    with pytest.raises(StoreUnavailable, match="v99"):
        opening.open_read_only(path)


def test_another_programs_file_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "strowger.db"
    conn = sqlite3.connect(path)
    conn.execute("CREATE TABLE theirs (x)")
    conn.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        opening.open_writer(path)
    assert path.read_bytes() == before


def test_a_draft_that_was_cut_off_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "strowger.db.new").write_bytes(b"half a database")
    (tmp_path / "strowger.db.new-journal").write_bytes(b"and its journal")
    conn = opening.open_writer(tmp_path / "strowger.db")
    assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    conn.close()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["strowger.db"]


def test_a_missing_database_is_unavailable_to_readers(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="cannot read"):
        opening.open_read_only(tmp_path / "strowger.db")
    assert list(tmp_path.iterdir()) == []


def schema_of(conn: sqlite3.Connection) -> list[tuple[str, ...]]:
    rows = conn.execute("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema ORDER BY name")
    return [(*row[:3], re.sub(r"\s+", " ", row[3])) for row in rows]


@pytest.mark.parametrize("file", sorted(RELEASED.glob("*.sql")), ids=lambda p: p.stem)
def test_every_released_schema_is_brought_up(tmp_path: Path, file: Path) -> None:
    path = tmp_path / "strowger.db"
    old = sqlite3.connect(path)
    old.executescript(file.read_text())
    old.execute(f"PRAGMA application_id = {opening.APPLICATION_ID}")
    old.close()
    conn, fresh = opening.open_writer(path), opening.open_writer(tmp_path / "fresh.db")
    assert schema_of(conn) == schema_of(fresh)
    assert migrations.applied(conn) == list(migrations.NAMES)
    assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert broken_invariants(conn) == []
    (campaign,) = campaigns.every(conn)
    assert (campaign.settings.name, campaign.counters.contacts) == ("Released", 3)
    assert [a.disposition for a in attempts.of_contact(conn, attempts.open_attempts(conn)[0].contact_id)] == [
        None
    ]
    assert [entry.entries for entry in dnc.lists(conn)] == [1]
    conn.close()
    fresh.close()
    shown = reports.Reports(path)
    assert shown.attempts(campaign.id).total == 2
    shown.close()


def test_a_migration_that_fails_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema_v1, "STATEMENTS", (*schema_v1.STATEMENTS[:4], "CREATE NONSENSE"))
    with pytest.raises(StoreError, match="cannot open"):
        opening.open_writer(tmp_path / "strowger.db")
    assert not (tmp_path / "strowger.db").exists()
    monkeypatch.undo()
    opening.open_writer(tmp_path / "strowger.db").close()


CHECKED_WORDS = {
    ("user_role", "role"): Role,
    ("user", "phone_mode"): PhoneMode,
    ("contact", "state"): ContactState,
    ("campaign", "state"): CampaignState,
    ("attempt", "state"): AttemptState,
    ("attempt", "verdict"): AmdLabel,
    ("attempt", "hangup_cause"): HangupCause,
    ("attempt", "ended_by"): Side,
    ("attempt", "disposition"): Disposition,
    ("agent_log", "state"): AgentState,
}


@pytest.mark.parametrize(("table", "column"), CHECKED_WORDS)
def test_the_schema_knows_exactly_the_words_of_the_model(
    conn: sqlite3.Connection, table: str, column: str
) -> None:
    (sql,) = conn.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    found = re.search(rf"CHECK \({column} IN\s*\(([^)]*)\)", sql)
    assert found is not None
    assert re.findall(r"'(\w+)'", found[1]) == [str(word) for word in CHECKED_WORDS[table, column]]
