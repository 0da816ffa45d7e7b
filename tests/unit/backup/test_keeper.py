"""The night of the keeper on a fake clock: when it works, what it remembers, and when it worries."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from firmware.backup import age
from firmware.backup.keeper import LATE_S, Keeper
from firmware.clock import FakeClock
from firmware.config import BackupConfig, BoxConfig, Config, PathsConfig
from firmware.store import opening

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp()


def config(tmp_path: Path, folder: str = "medium", when: str = "02:30") -> Config:
    wanted = BackupConfig(str(tmp_path / folder) if folder else "", when, own_disk=True)
    return Config(BoxConfig(), PathsConfig(tmp_path / "state", tmp_path / "run"), backup=wanted)


def keeper(tmp_path: Path, now: str = "2026-05-28T12:00", folder: str = "medium") -> tuple[Keeper, FakeClock]:
    clock = FakeClock(at(now))
    return Keeper(clock, config(tmp_path, folder)), clock


async def done(made: Keeper) -> None:
    """Wait until the maker's process has ended."""
    while made.running:
        await asyncio.sleep(0.01)


@pytest.fixture
def box(tmp_path: Path) -> Path:
    (tmp_path / "state").mkdir()
    (tmp_path / "medium").mkdir()
    opening.open_writer(tmp_path / "state" / "strowger.db").close()
    return tmp_path


async def test_without_a_folder_nothing_is_made_and_nobody_worries(box: Path) -> None:
    made, _ = keeper(box, folder="")
    await made.start()
    assert made.worry() == ("", {})
    assert made.state()["next_at"] is None
    await made.stop()


async def test_without_a_recovery_key_nothing_is_made_and_the_box_says_so(box: Path) -> None:
    made, clock = keeper(box)
    await made.start()
    assert made.worry()[0] == "backup_no_recovery_key"
    await clock.advance(86_400.0)
    assert not made.running
    assert list((box / "medium").iterdir()) == []
    await made.stop()


async def test_every_night_one_is_made_and_remembered(box: Path) -> None:
    made, clock = keeper(box)
    await made.start()
    secret = await made.new_recovery_key()
    assert age.public_of(secret) == made.recovery
    assert secret not in "".join(p.read_text() for p in (box / "state" / "backup").iterdir())
    await clock.advance(at("2026-05-29T02:30") - clock.utc())
    assert made.running
    await done(made)
    (file,) = (box / "medium").iterdir()
    assert made.last.account["file"] == file.name
    assert made.worry() == ("", {})
    assert made.next_at() == at("2026-05-30T02:30")
    await made.stop()
    again, _ = keeper(box, "2026-05-29T08:00")
    await again.start()
    assert (again.last, again.recovery) == (made.last, made.recovery)
    await again.stop()


async def test_a_failure_is_told_until_one_is_good_again(box: Path) -> None:
    made, clock = keeper(box)
    await made.start()
    await made.new_recovery_key()
    (box / "medium").rmdir()
    assert made.make()
    assert not made.make()
    await done(made)
    assert made.worry() == ("backup_failed", {"reason": "backup_no_folder"})
    (box / "medium").mkdir()
    made.make()
    await done(made)
    assert made.worry() == ("", {})
    (box / "medium").rename(box / "gone")
    await clock.advance(LATE_S + 60.0)
    await done(made)
    assert made.last.good_at is not None
    assert made.worry()[0] == "backup_failed"
    await made.stop()


async def test_stopping_breaks_one_off_and_leaves_no_file(box: Path) -> None:
    made, _ = keeper(box)
    await made.start()
    await made.new_recovery_key()
    made.make()
    await made.stop()
    assert [p for p in (box / "medium").iterdir() if p.suffix == ".age"] == []


@pytest.mark.parametrize(
    ("now", "when", "due"),
    [
        ("2026-03-28T12:00", "02:30", "2026-03-29T02:30"),
        ("2026-10-24T12:00", "02:30", "2026-10-25T02:30"),
        ("2026-05-28T02:30", "02:30", "2026-05-29T02:30"),
        ("2026-05-28T02:29", "02:30", "2026-05-28T02:30"),
    ],
)
def test_the_hour_in_nights_of_clock_changes(tmp_path: Path, now: str, when: str, due: str) -> None:
    clock = FakeClock(at(now))
    assert Keeper(clock, config(tmp_path, when=when)).next_at() == at(due)


async def test_a_memory_that_cannot_be_read_is_none(box: Path) -> None:
    (box / "state" / "backup").mkdir()
    (box / "state" / "backup" / "recovery.pub").write_text("age1x\n")
    (box / "state" / "backup" / "last.json").write_text("{half")
    made, _ = keeper(box)
    await made.start()
    assert made.last.good_at is None
    await made.stop()
