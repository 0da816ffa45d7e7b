"""The script that decides about a technician's key, run in a room of its own where it thinks it is on a box."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from firmware.commands.technician_access import AccessCommands
from firmware.model import OperatorError, Problem
from firmware.typed import fields_of, read_table

SCRIPT = Path(__file__).resolve().parents[3] / "image/overlay/usr/lib/strowger/technician"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0d6cVbW8X0w0Y7b8y1v1D5o9l1xV0mXyqQ0f5c9Z3E tech@office"

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="OpenSSH is not installed")


class Box:
    """The script with its paths turned to a folder, and ``nft`` and ``systemctl`` that only note what they are told."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.own = folder, folder / "run/strowger-technician"
        (folder / "run/strowger").mkdir(parents=True)
        (folder / "bin").mkdir()
        for name in ("nft", "systemctl"):
            tool = folder / "bin" / name
            tool.write_text(f'#!/bin/sh\necho "{name} $*" >>{folder}/done\n')
            tool.chmod(0o755)
        text = SCRIPT.read_text().replace("/run/", f"{folder}/run/").replace("/data/", f"{folder}/data/")
        text = re.sub(r"/dev/(console|tty1)", rf"{folder}/\1", text)
        self.script = folder / "technician"
        self.script.write_text(text)
        self.commands = AccessCommands(folder / "run/strowger", folder, self.own)

    def run(self, what: str) -> None:
        path = f"{self.folder / 'bin'}:{os.environ['PATH']}"
        subprocess.run(["sh", str(self.script), what], check=True, env={**os.environ, "PATH": path})

    @property
    def code(self) -> str:
        return (self.own / "code").read_text().strip()

    @property
    def done(self) -> str:
        file = self.folder / "done"
        return file.read_text() if file.exists() else ""

    async def state(self) -> str:
        return str((await self.commands.state())["state"])


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path)


@pytest.mark.parametrize(
    "key", ["", "secret", "ssh-dss AAAA", f'command="sh" {KEY}', KEY + "\n" + KEY, KEY.replace("IJ0", "##")]
)
async def test_what_is_no_plain_public_key_does_not_get_as_far_as_root(box: Box, key: str) -> None:
    problems: list[Problem] = []
    read_table({"key": key}, fields_of(box.commands.ask), str, problems)
    assert problems


async def test_root_looks_at_the_key_itself(box: Box) -> None:
    for wrong in (f'command="sh" {KEY}', "ssh-ed25519 AAAA tech", "ssh-ed25519"):
        (box.folder / "run/strowger/technician-key").write_text(wrong)
        box.run("ask")
        assert await box.state() == "refused"
        assert not (box.own / "code").exists()


async def test_the_code_on_the_screen_opens_and_three_wrong_ones_do_not(box: Box) -> None:
    await box.commands.ask(KEY)
    box.run("ask")
    assert await box.state() == "asked"
    assert box.code in (box.folder / "console").read_text()
    right = box.code
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for left in (2, 1, 0):
        await box.commands.open(wrong)
        box.run("open")
        assert await box.commands.state() == {"possible": True, "state": "wrong", "figure": left}
    await box.commands.open(right)
    box.run("open")
    assert await box.state() == "too-late"
    assert box.done == ""


async def test_it_is_open_for_hours_and_shut_afterwards(box: Box) -> None:
    await box.commands.ask(KEY)
    box.run("ask")
    await box.commands.open(box.code)
    box.run("open")
    assert await box.state() == "open"
    assert (box.own / "authorized_keys").read_text().strip() == KEY
    assert (box.folder / "data/ssh/host_key").stat().st_mode & 0o777 == 0o600
    assert "nft add element inet strowger technician { 22 timeout 4h }" in box.done
    assert "systemctl start --no-block strowger-ssh.service" in box.done
    box.run("shut")
    assert await box.state() == "shut"
    assert not (box.own / "authorized_keys").exists()
    assert "nft flush set inet strowger technician" in box.done


async def test_a_machine_that_was_not_flashed_lets_nobody_in_this_way(tmp_path: Path) -> None:
    with pytest.raises(OperatorError):
        await AccessCommands(tmp_path, tmp_path / "none").ask(KEY)
    assert list(tmp_path.iterdir()) == []
