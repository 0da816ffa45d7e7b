"""Factory reset on a tree of files: killed at every single step it takes, and taken up again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from firmware import reset
from firmware.clock import FakeClock
from firmware.commands.reset import ResetCommands
from firmware.model import OperatorError

KILLED = 9
CHILD = """
import os, sys, shutil
left = int(sys.argv[2])
def counted(do):
    def step(*given, **named):
        global left
        if left == 0:
            os._exit(9)
        left -= 1
        return do(*given, **named)
    return step
for name in ("unlink", "rmdir", "fsync", "chown"):
    setattr(os, name, counted(getattr(os, name)))
from pathlib import Path
from firmware import reset
sys.exit(0 if reset.reset(Path(sys.argv[1])) else 3)
"""
FILES = {
    "settings/strowger.toml": "[box]",
    "tls/key.pem": "key",
    "tls/certificate.pem": "certificate",
    "ssh/host_key": "key",
    "network/kept": "{}",
    "system/machine-id": "0" * 32,
    "system/proven-A": "1.0 abc",
    "system/taken-back": "1.1 call: silence",
    "trial/strowger.db": "copy",
    "strowger/strowger.db": "data",
    "strowger/strowger.db-wal": "data",
    "strowger/opt-outs.journal": "data",
    "strowger/erased.journal": "data",
    "strowger/erasure.key": "key",
    "strowger/recordings/2026/1.wav": "sound",
    "strowger/backup/box.key": "key",
    "strowger/settings.toml": "[box]",
    "strowger/secrets/provider.1": "password",
    "strowger/uploads/list.csv": "numbers",
    "strowger/speech/a/b.wav": "sound",
}
KEPT = {
    reset.Kind.WIPE: {"system/machine-id", "system/proven-A"},
    reset.Kind.KEEP_DATA: {
        "system/machine-id", "system/proven-A", "system/taken-back", "strowger/strowger.db",
        "strowger/strowger.db-wal", "strowger/opt-outs.journal", "strowger/recordings/2026/1.wav",
        "strowger/erased.journal", "strowger/erasure.key", "strowger/backup/box.key", "strowger/owner-wanted",
    },
}  # fmt: skip


def furnish(data: Path, kind: reset.Kind) -> Path:
    for name, text in FILES.items():
        file = data / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (data / "strowger/link").symlink_to("/etc/passwd")
    reset.ask_for(data / "strowger", kind)
    return data


def files(data: Path) -> set[str]:
    return {str(path.relative_to(data)) for path in data.rglob("*") if not path.is_dir() or path.is_symlink()}


def child(data: Path, steps: int) -> int:
    command = [sys.executable, "-c", CHILD, str(data), str(steps)]
    return subprocess.run(command, check=False).returncode


@pytest.mark.parametrize("kind", list(reset.Kind))
def test_a_power_cut_at_any_step_is_made_up_for_at_the_next_boot(tmp_path: Path, kind: reset.Kind) -> None:
    cuts = 0
    while child(data := furnish(tmp_path / str(cuts), kind), cuts) == KILLED:
        if reset.wanted(data) is None:
            assert files(data) == KEPT[kind], "the mark goes last"
        else:
            assert reset.reset(data)
            assert files(data) == KEPT[kind]
        cuts += 1
    assert files(data) == KEPT[kind]
    assert cuts > 15
    if kind is reset.Kind.KEEP_DATA:
        assert (data / "strowger/strowger.db").read_text() == "data"


@pytest.mark.parametrize("torn", ["", "everything", "wipe keep-data"])
def test_a_mark_nobody_can_read_resets_nothing(tmp_path: Path, torn: str) -> None:
    data = furnish(tmp_path, reset.Kind.WIPE)
    before = files(data) - {"strowger/reset"}
    (data / "strowger/reset").write_text(torn)
    assert not reset.reset(data)
    assert files(data) == before


class Box:
    """The commands."""

    def __init__(self, folder: Path) -> None:
        self.clock, self.calls, self.folder = FakeClock(), 0, folder
        self.flashed = folder / "flashed"
        self.commands = ResetCommands(self.clock, lambda: self.calls, folder, folder, self.flashed)

    async def refused(self, code: str, **more: bool) -> str:
        with pytest.raises(OperatorError) as error:
            await self.commands.confirm(code, **more)
        return error.value.problems[0].key


async def test_a_reset_takes_a_code_that_was_just_given_and_no_call(tmp_path: Path) -> None:
    box = Box(tmp_path)
    with pytest.raises(OperatorError):
        await box.commands.ask(reset.Kind.WIPE)
    box.flashed.touch()
    assert await box.refused("000000") == "reset_not_asked"
    code = (await box.commands.ask(reset.Kind.WIPE))["code"]
    assert await box.refused("x" + code) == "reset_code_wrong"
    assert await box.refused(code) == "reset_not_asked", "a wrong one uses it up"
    code = (await box.commands.ask(reset.Kind.WIPE))["code"]
    await box.clock.advance(601)
    assert await box.refused(code) == "reset_not_asked"
    code = (await box.commands.ask(reset.Kind.KEEP_DATA))["code"]
    box.calls = 1
    assert await box.refused(code) == "calls_now"
    assert not (tmp_path / "restart-wanted").exists()
    assert await box.commands.confirm(code, force=True) == {"kind": "keep-data"}
    assert (tmp_path / "reset").read_text() == "keep-data"
    assert (tmp_path / "restart-wanted").exists()
    assert os.listdir(tmp_path).count("reset.new") == 0
