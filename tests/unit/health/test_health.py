"""Health checks: the full disk and the wrong clock first, then everything else that stops a box from dialling."""

from __future__ import annotations

import errno
import logging
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from firmware.clock import FakeClock
from firmware.config import Config
from firmware.health import RELEASED_AT, Check, Health, Limits, Severity, Vitals, limits_of
from firmware.probe import Disk, Memory, SystemProbe

GB = 1 << 30
WELL = Vitals(store_age_s=0.0, sip_age_s=0.0, edge_age_s=0.0, trunks={"provider": True})


@dataclass
class Machine:
    """A machine whose disk, clock and memory are what the test says."""

    free_share: float = 0.5
    disk_error: OSError | None = None
    synchronised: bool | None = True
    memory_now: Memory = field(default_factory=lambda: Memory(8 * GB, 16 * GB, 100 << 20))

    def disk(self, path: Path) -> Disk:
        if self.disk_error is not None:
            raise self.disk_error
        return Disk(self.free_share, int(self.free_share * 100 * GB))

    def clock_synchronised(self) -> bool | None:
        return self.synchronised

    def memory(self) -> Memory:
        return self.memory_now


@dataclass
class Box:
    clock: FakeClock
    machine: Machine
    health: Health

    def look(self, vitals: Vitals = WELL) -> dict[str, Check]:
        return {check.check: check for check in self.health.look(vitals)}

    def reasons(self) -> list[str]:
        return [reason["key"] for reason in self.health.dialling_allowed()]


def make(trusted_clock: str = "auto", min_free_disk: float = 0.05) -> Box:
    clock, machine = FakeClock(), Machine()
    limits = Limits(Path("/state"), min_free_disk, trusted_clock)
    return Box(clock, machine, Health(clock, machine, limits))


@pytest.fixture
def box() -> Box:
    return make()


# -- disk ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("free_share", "key", "severity", "recording", "dialling"),
    [
        (0.0, "disk_full", Severity.NO_DIALLING, False, False),
        (0.0499, "disk_full", Severity.NO_DIALLING, False, False),
        (0.05, "disk_nearly_full", Severity.NO_RECORDING, False, True),
        (0.0799, "disk_nearly_full", Severity.NO_RECORDING, False, True),
        (0.08, "disk_low", Severity.WARNING, True, True),
        (0.1499, "disk_low", Severity.WARNING, True, True),
        (0.15, "", Severity.NOTE, True, True),
    ],
)
def test_a_disk_that_fills_up(
    box: Box, free_share: float, key: str, severity: Severity, recording: bool, dialling: bool
) -> None:
    box.machine.free_share = free_share
    disk = box.look()["disk"]
    assert (disk.key, disk.severity, disk.ok) == (key, severity, key == "")
    assert disk.figures["free_percent"] == round(free_share * 100, 1)
    assert box.health.recording_allowed() is recording
    assert (box.reasons() == []) is dialling


def test_dialling_goes_on_when_the_disk_has_room_again(box: Box) -> None:
    box.machine.free_share = 0.01
    box.look()
    assert box.reasons() == ["disk_full"]
    box.machine.free_share = 0.3
    box.look()
    assert box.reasons() == []


def test_a_disk_that_cannot_be_asked_is_a_full_one(box: Box) -> None:
    box.machine.disk_error = OSError(errno.EIO, "Input/output error")
    assert box.look()["disk"].figures == {"reason": "Input/output error"}
    assert box.reasons() == ["disk_unreadable"]
    assert not box.health.recording_allowed()


def test_a_stricter_limit_also_ends_recording() -> None:
    box = make(min_free_disk=0.2)
    box.machine.free_share = 0.19
    box.look()
    assert (box.reasons(), box.health.recording_allowed()) == (["disk_full"], False)


# -- clock -----------------------------------------------------------------------------------------------------


def test_a_clock_before_this_release_was_made_cannot_be_right(box: Box) -> None:
    box.clock.step_utc(-box.clock.utc() + RELEASED_AT - 1)
    check = box.look()["clock"]
    assert (check.ok, check.key) == (False, "clock_implausible")
    assert check.figures["earliest"] == "2026-05-01T00:00:00+00:00"
    assert box.reasons() == ["clock_implausible"]


def test_a_clock_behind_the_records_cannot_be_right(box: Box) -> None:
    box.health.stored(box.clock.utc() + 61)
    box.look()
    assert box.reasons() == ["clock_implausible"]


async def advance(clock: FakeClock, by_s: float) -> None:
    await clock.advance(by_s)


def test_a_clock_a_little_behind_the_records_is_tolerated(box: Box) -> None:
    box.health.stored(box.clock.utc() + 59)
    box.look()
    assert box.reasons() == []


def test_a_clock_set_back_stops_dialling_at_once_even_between_two_looks(box: Box) -> None:
    box.look()
    box.clock.step_utc(-3600)
    assert box.reasons() == ["clock_implausible"]


def test_a_clock_that_caught_up_with_the_records_is_trusted_again(box: Box) -> None:
    import asyncio

    box.look()
    box.clock.step_utc(-3600)
    box.look()
    asyncio.run(advance(box.clock, 3541))
    assert box.reasons() == []


def test_a_person_can_vouch_for_the_clock(box: Box, caplog: pytest.LogCaptureFixture) -> None:
    box.health.stored(box.clock.utc() + 365 * 86_400)
    box.look()
    assert box.reasons() == ["clock_implausible"]
    assert box.health.confirm_clock() == box.clock.utc()
    assert box.reasons() == []
    assert "confirmed by a person" in caplog.text


def test_vouching_does_not_make_a_clock_before_the_release_right(box: Box) -> None:
    box.clock.step_utc(-box.clock.utc() + 1000)
    box.health.confirm_clock()
    box.look()
    assert box.reasons() == ["clock_implausible"]


@pytest.mark.parametrize("synchronised", [False, None])
def test_without_ntp_the_clock_is_trusted_unless_it_must_be_synchronised(synchronised: bool | None) -> None:
    for trusted_clock, reasons in (("auto", []), ("require", ["clock_not_synchronised"])):
        box = make(trusted_clock)
        box.machine.synchronised = synchronised
        check = box.look()["clock"]
        assert (check.key, box.reasons()) == ("clock_not_synchronised", reasons)


@pytest.mark.parametrize(("by_s", "key"), [(2.5, "clock_stepped"), (-2.5, "clock_stepped"), (1.9, "")])
def test_a_step_of_the_clock_is_noticed(box: Box, by_s: float, key: str) -> None:
    box.look()
    box.clock.step_utc(by_s)
    check = box.look()["clock_step"]
    assert check.key == key
    assert check.figures == ({"by_s": by_s} if key else {})
    assert box.reasons() == []


def test_a_step_is_forgotten_after_a_while(box: Box) -> None:
    import asyncio

    box.clock.step_utc(30)
    assert not box.look()["clock_step"].ok
    asyncio.run(advance(box.clock, 601))
    assert box.look()["clock_step"].ok


# -- our own parts ---------------------------------------------------------------------------------------------


def test_nothing_is_dialled_before_the_first_look(box: Box) -> None:
    assert box.reasons() == ["not_checked_yet"]
    assert not box.health.recording_allowed()


@pytest.mark.parametrize(
    ("vitals", "key"),
    [
        (Vitals(store_age_s=11), "store_stuck"),
        (Vitals(store_age_s=0, sip_age_s=4), "sip_stuck"),
        (Vitals(store_age_s=0, edge_age_s=21), "edge_silent"),
    ],
)
def test_a_part_without_a_sign_of_life_stops_dialling(box: Box, vitals: Vitals, key: str) -> None:
    box.look(vitals)
    assert box.reasons() == [key]
    box.look()
    assert box.reasons() == []


def test_every_reason_is_told(box: Box) -> None:
    box.machine.free_share = 0.0
    box.clock.step_utc(-1e9)
    box.look(Vitals(store_age_s=99, sip_age_s=99, edge_age_s=99))
    assert box.reasons() == ["clock_implausible", "disk_full", "store_stuck", "sip_stuck", "edge_silent"]


def test_what_only_warns(box: Box) -> None:
    box.machine.memory_now = Memory(GB // 2, 16 * GB, 100 << 20)
    vitals = Vitals(store_age_s=0, ballast_present=False, leaked_legs=2, trunks={"one": False, "two": True})
    checks = box.look(vitals)
    failed = {name: (check.key, check.severity) for name, check in checks.items() if not check.ok}
    assert failed == {
        "memory": ("memory_low", Severity.WARNING),
        "reserve": ("reserve_spent", Severity.WARNING),
        "legs": ("legs_leaked", Severity.WARNING),
        "trunk:one": ("trunk_down", Severity.WARNING),
    }
    assert box.reasons() == []


def test_each_change_is_one_line_in_the_journal(box: Box, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "firmware.health")
    box.look()
    caplog.clear()
    box.machine.free_share = 0.02
    box.look()
    box.look()
    box.machine.free_share = 0.5
    box.look()
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 2
    assert lines[0].startswith("check=disk disk_full free_percent=2.0")
    assert lines[1].startswith("check=disk well")


def test_checks_are_plain_data_for_the_snapshot(box: Box) -> None:
    import json

    for check in box.health.look(WELL):
        assert json.loads(json.dumps(check.plain()))["check"] == check.check


def test_limits_follow_the_configuration() -> None:
    config = Config()
    assert limits_of(config) == Limits(config.paths.state, 0.05, "auto")


def test_the_machine_answers(tmp_path: Path) -> None:
    probe = SystemProbe()
    disk = probe.disk(tmp_path)
    assert 0 <= disk.free_share <= 1
    assert disk.free_bytes > 0
    assert probe.clock_synchronised() in (True, False, None)
    memory = probe.memory()
    assert 0 < memory.own_bytes < memory.total_bytes
    with pytest.raises(FileNotFoundError):
        probe.disk(tmp_path / "nowhere")
