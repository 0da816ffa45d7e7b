"""The script that mounts a stick, with a ``mount`` that notes what it is told: read-only, but for the backups'."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[3] / "image/overlay/usr/lib/strowger/stick"


class Room:
    """The script with its paths turned to a folder, and tools that note what they are told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "bin").mkdir()
        (folder / "media/backup").mkdir(parents=True)
        for name in ("mount", "umount", "chown"):
            self.tool(name, f'echo "{name} $*" >>{folder}/done')
        self.tool("mountpoint", f"test -e {folder}/mounted")
        self.tool("id", "echo 600")
        text = (
            SCRIPT.read_text("utf-8")
            .replace("/run/", f"{folder}/run/")
            .replace("/media/", f"{folder}/media/")
        )
        (folder / "stick").write_text(text, "utf-8")

    def tool(self, name: str, does: str) -> None:
        path = self.folder / "bin" / name
        path.write_text(f"#!/bin/sh\n{does}\n")
        path.chmod(0o755)

    def run(self, device: str, what: str, *, label: str = "", kind: str = "vfat") -> int:
        self.tool("blkid", f'case "$*" in *LABEL*) echo "{label}" ;; *) echo "{kind}" ;; esac')
        ways = {**os.environ, "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}"}
        command = ["sh", str(self.folder / "stick"), device, what]
        return subprocess.run(command, env=ways, capture_output=True, check=False).returncode

    @property
    def done(self) -> list[str]:
        file = self.folder / "done"
        return file.read_text().replace(str(self.folder), "").splitlines() if file.exists() else []


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


@pytest.mark.parametrize("device", ["../sda", "sd a", "sda;x"])
def test_what_is_no_device_is_refused(room: Room, device: str) -> None:
    assert room.run(device, "mount", label="STROWGER") == 1
    assert room.done == []


def test_a_file_system_nobody_expects_is_refused(room: Room) -> None:
    assert room.run("sda1", "mount", kind="ntfs") == 1
    assert room.run("sda1", "mount", label="STROWGER", kind="ntfs") == 1
    assert room.done == []


@pytest.mark.parametrize("label", ["", "STICK", "strowger"])
def test_a_stick_is_read_only_wherever_it_is(room: Room, label: str) -> None:
    assert room.run("sda1", "mount", label=label) == 0
    assert room.run("sdb1", "mount", label=label, kind="ext4") == 0
    assert [line.split()[4].split(",")[0] for line in room.done] == ["ro", "ro"]
    assert [line.split()[-1] for line in room.done] == [
        "/run/strowger-sticks/sda1",
        "/run/strowger-sticks/sdb1",
    ]


def test_the_one_named_for_it_takes_the_backups_and_nothing_on_it_can_be_run(room: Room) -> None:
    assert room.run("sda1", "mount", label="STROWGER") == 0
    (mounted,) = room.done
    options = mounted.split()[4].split(",")
    assert mounted.endswith("/dev/sda1 /media/backup")
    assert {"rw", "nodev", "nosuid", "noexec", "uid=600", "gid=600", "umask=0027"} <= set(options)


def test_a_second_one_of_that_name_is_like_any_other(room: Room) -> None:
    room.run("sda1", "mount", label="STROWGER")
    (room.folder / "mounted").touch()
    room.run("sdb1", "mount", label="STROWGER")
    assert room.done[1].endswith("/run/strowger-sticks/sdb1")


def test_only_the_stick_that_holds_the_backups_takes_them_away(room: Room) -> None:
    room.run("sda1", "mount", label="STROWGER")
    room.run("sdb1", "unmount")
    assert "umount --lazy /media/backup" not in room.done
    room.run("sda1", "unmount")
    assert "umount --lazy /media/backup" in room.done
