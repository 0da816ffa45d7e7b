"""An update asked for over the control socket, with a RAUC that stands outside of the process."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from firmware.commands import update
from firmware.commands.update import UpdateCommands
from firmware.model import OperatorError
from firmware.update import rauc

RAUC = """#!/bin/sh
case $1 in
info) echo '{"compatible": "strowger-amd64", "version": "2.0"}' ;;
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
        self.bundle = folder / "new.raucb"
        self.bundle.touch()
        self.gate, self.restart = folder / "gate", folder / "restart-wanted"
        self.taken_back = folder / "taken-back"
        self.commands = UpdateCommands(lambda: self.calls, folder)

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
    monkeypatch.setattr(rauc.this_box, "__defaults__", (release,))
    monkeypatch.setattr(update, "TAKEN_BACK", made.taken_back)
    return made


async def refused(asked: Any) -> list[str]:
    with pytest.raises(OperatorError) as error:
        await asked
    return [each.key for each in error.value.problems]


async def test_a_machine_that_was_not_flashed_refuses(tmp_path: Path) -> None:
    assert await refused(UpdateCommands(lambda: 0, tmp_path).state()) == ["update_no_slots"]


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
