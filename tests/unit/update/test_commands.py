"""An update asked for over the control socket, with a RAUC that stands outside of the process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from firmware.clock import FakeClock
from firmware.commands.update import UpdateCommands
from firmware.model import OperatorError
from firmware.store.migrations import NAMES
from firmware.update.rauc import Place

RAUC = """#!/bin/sh
case $1 in
info)
    case $4 in
    *other*) echo '{"compatible": "strowger-arm64", "version": "0.1"}' ;;
    *) echo '{"compatible": "strowger-amd64", "version": "2.0", "build": "2026-11-20"}' ;;
    esac
    echo "rauc-Message: 15:20:41.532: Verified inline signature by 'O = Office, CN = releases'" >&2
    ;;
status) echo "$*" >%(gate)s.status ;;
install)
    echo ' 20%% Checking bundle'
    while [ ! -e %(gate)s ]; do sleep 0.01; done
    cat %(gate)s >&2
    exit $(wc -l <%(gate)s)
    ;;
esac
"""


class Box:
    """A flashed box as far as updates see one; ``open_gate`` lets an installation end."""

    def __init__(self, folder: Path) -> None:
        self.calls = 0
        self.clock = FakeClock()
        self.bundle = folder / "new.raucb"
        self.bundle.touch()
        self.gate, self.restart = folder / "gate", folder / "restart-wanted"
        self.taken_back = folder / "taken-back"
        self.folder = folder
        (folder / "uploads").mkdir()
        (folder / "cmdline").write_text("ro rauc.slot=B quiet\n")
        self.place = Place(
            folder / "os-release", folder / "keyring", folder, folder / "sticks", folder / "cmdline"
        )
        self.commands = self.made()

    def made(self) -> UpdateCommands:
        return UpdateCommands(self.clock, lambda: self.calls, self.folder, self.folder, self.place)

    async def seen(self, what: Callable[[], bool]) -> None:
        """Until something is so; the clock goes on meanwhile."""
        async with asyncio.timeout(60):
            while not what():
                await self.clock.advance(1.0)
                await asyncio.sleep(0.01)

    def open_gate(self, errors: str = "") -> None:
        made = self.gate.with_suffix(".new")
        made.write_text(errors)
        made.rename(self.gate)

    async def until(self, state: str) -> Mapping[str, Any]:
        async with asyncio.timeout(30):
            while (now := await self.commands.state())["state"] != state:
                await asyncio.sleep(0.01)
        return now


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Box:
    made = Box(tmp_path)
    release = tmp_path / "os-release"
    release.write_text(
        "IMAGE_VERSION=1.0\nSTROWGER_COMPATIBLE=strowger-amd64\nSTROWGER_MINIMUM_VERSION=1.0\n"
    )
    program = tmp_path / "rauc"
    program.write_text(RAUC % {"gate": made.gate})
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return made


async def refused(asked: Any) -> list[str]:
    with pytest.raises(OperatorError) as error:
        await asked
    return [each.key for each in error.value.problems]


async def test_a_machine_that_was_not_flashed_refuses(tmp_path: Path) -> None:
    assert await refused(Box(tmp_path).commands.state()) == ["update_no_slots"]


async def test_an_update_is_installed_and_started_by_a_restart(box: Box) -> None:
    assert await box.commands.install(box.bundle) == {"version": "2.0", "installed": "1.0"}
    async with asyncio.timeout(30):
        while "Checking" not in (await box.commands.state())["step"]:
            await asyncio.sleep(0.01)
    box.open_gate()
    assert (await box.until("installed"))["version"] == "2.0"
    await box.commands.restart()
    assert box.restart.exists()


async def test_nothing_is_installed_or_restarted_during_a_call_unless_forced(box: Box) -> None:
    box.calls = 2
    assert await refused(box.commands.install(box.bundle)) == ["update_calls"]
    box.open_gate()
    await box.commands.install(box.bundle, force=True)
    await box.until("installed")
    assert await refused(box.commands.restart()) == ["update_calls"]
    assert not box.restart.exists()
    await box.commands.restart(force=True)
    assert box.restart.exists()


async def test_one_update_at_a_time(box: Box) -> None:
    await box.commands.install(box.bundle)
    assert await refused(box.commands.install(box.bundle)) == ["update_under_way"]
    box.open_gate()
    await box.until("installed")


async def test_an_installation_that_fails_says_why_and_starts_nothing(box: Box) -> None:
    box.open_gate("Failed mounting bundle: Input/output error\n")
    await box.commands.install(box.bundle)
    assert (await box.until("failed"))["problem"]["key"] == "update_damaged"
    assert await refused(box.commands.restart()) == ["update_nothing_installed"]


async def test_a_version_that_was_taken_back_is_told_of(box: Box) -> None:
    assert (await box.commands.state())["taken_back"] == ""
    box.taken_back.write_text("2.0 call: nobody who answered was heard\n")
    assert "nobody" in (await box.commands.state())["taken_back"]


async def test_a_plan_is_refused_like_an_installation_but_calls_only_make_it_wait(box: Box) -> None:
    other = box.bundle.with_name("other.raucb")
    other.touch()
    assert await refused(box.commands.plan(other)) == ["update_other_board", "update_too_old"]
    past = box.clock.utc() - 3600
    assert await refused(box.commands.plan(box.bundle, at=past)) == ["update_plan_past"]
    assert await refused(box.commands.cancel()) == ["update_not_planned"]


async def test_a_plan_waits_for_its_time_and_for_the_last_call_and_outlives_the_service(box: Box) -> None:
    box.open_gate()
    box.calls = 1
    await box.commands.plan(box.bundle, at=box.clock.utc() + 3600)
    assert not (await box.commands.state())["due"]
    await box.commands.stop()
    box.commands = box.made()
    await box.commands.prepare()
    await box.clock.advance(3599)
    assert not box.commands.planner.due
    await box.clock.advance(60)
    assert box.commands.planner.due
    assert (await box.commands.state())["state"] == "none"
    box.calls = 0
    await box.seen(box.restart.exists)
    assert box.commands.planner.plan is None
    assert not (box.folder / "update/plan.json").exists()


async def test_a_call_that_comes_during_the_installation_puts_the_restart_off(box: Box) -> None:
    await box.commands.plan(box.bundle)
    await box.clock.advance(1)
    await box.until("installing")
    box.calls = 1
    box.open_gate()
    await box.until("installed")
    await box.clock.advance(600)
    assert not box.restart.exists()
    box.calls = 0
    await box.seen(box.restart.exists)


async def test_a_planned_installation_that_fails_restarts_nothing(box: Box) -> None:
    box.open_gate("Failed mounting bundle: Input/output error\n")
    await box.commands.plan(box.bundle)
    await box.clock.advance(1)
    assert (await box.until("failed"))["problem"]["key"] == "update_damaged"
    await box.seen(lambda: box.commands.planner.plan is None)
    assert not box.restart.exists()


async def test_a_bundle_that_is_gone_by_then_is_told_of(box: Box) -> None:
    await box.commands.plan(box.bundle, at=box.clock.utc() + 60)
    box.bundle.unlink()
    await box.clock.advance(61)
    await box.seen(lambda: box.commands.planner.plan is None)
    assert (await box.until("failed"))["problem"]["key"] == "update_no_file"


async def test_a_plan_given_up_starts_nothing(box: Box) -> None:
    await box.commands.plan(box.bundle, at=box.clock.utc() + 60)
    await box.commands.cancel()
    await box.clock.advance(120)
    assert (await box.commands.state())["state"] == "none"


async def test_what_lies_ready_is_told_with_its_signer_and_what_stands_against_it(box: Box) -> None:
    upload = box.folder / "uploads" / f"{'a' * 32}.raucb"
    upload.write_text("bundle")
    stick = box.folder / "sticks/sda1"
    stick.mkdir(parents=True)
    (stick / "other.raucb").touch()
    await box.commands.offer(upload.name, "../../strowger 2.0.raucb")
    first, second = (await box.commands.state())["bundles"]
    assert (first["name"], first["version"], first["built"], first["on_stick"]) == (
        "strowger 2.0.raucb", "2.0", "2026-11-20", False,
    )  # fmt: skip
    assert first["signer"] == "O = Office, CN = releases"
    assert first["against"] == []
    assert [each["key"] for each in second["against"]] == ["update_other_board", "update_too_old"]
    assert not upload.exists()
    await box.commands.drop()
    assert [each["on_stick"] for each in (await box.commands.state())["bundles"]] == [True]


async def test_one_goes_back_only_to_what_was_proved_here_and_can_read_the_data(box: Box) -> None:
    assert await refused(box.commands.go_back()) == ["update_nothing_to_go_back_to"]
    (box.folder / "proven-A").write_text("0.9 abc\n")
    (box.folder / "schema-A").write_text("1\n")
    assert await refused(box.commands.go_back()) == ["update_other_cannot_read"]
    (box.folder / "schema-A").write_text(f"{len(NAMES)}\n")
    box.calls = 1
    assert await refused(box.commands.go_back()) == ["update_calls"]
    assert (await box.commands.state())["may_go_back"]
    assert await box.commands.go_back(force=True) == {"version": "0.9"}
    assert box.gate.with_name("gate.status").read_text() == "status mark-active other\n"
    assert box.restart.exists()


async def test_since_when_a_version_runs_and_why_another_came_back(box: Box) -> None:
    assert (await box.commands.state())["slots"]["proven_at"] is None
    (box.folder / "proven-B").write_text("1.0 abc\n")
    box.taken_back.write_text("2.0 call: nobody who answered was heard\n")
    found = (await box.commands.state())["slots"]
    assert found["proven_at"] > 0
    assert (found["taken_back"], found["taken_back_reason"]) == ("2.0", "call: nobody who answered was heard")
