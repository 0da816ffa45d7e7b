"""What is different on a Raspberry Pi, as far as it can be judged without building it: all of it means one disk."""

from __future__ import annotations

import configparser
import os
import re
import subprocess
from pathlib import Path

import pytest

IMAGE = Path(__file__).resolve().parents[3] / "image"
BOARD = IMAGE / "arm64"
NAMES = {1: "autoboot", 2: "boot-a", 3: "boot-b", 5: "rootfs-a", 6: "rootfs-b", 7: "data"}


def scripts() -> list[Path]:
    hooks = BOARD / "initramfs/etc/initramfs-tools/hooks"
    return sorted([*(BOARD / "overlay/usr/lib/strowger").iterdir(), *hooks.iterdir(), BOARD / "bundle-hook"])


def hook(folder: Path, slot: str) -> tuple[int, list[str]]:
    """Run the bundle's hook as RAUC does for a slot; its status, and what it copied."""
    tool, text = folder / "mcopy", (BOARD / "bundle-hook").read_text("utf-8")
    tool.write_text(f'#!/bin/sh\necho "$*" >>{folder}/done\n')
    tool.chmod(0o755)
    (folder / "sync").symlink_to("/bin/true")
    (folder / "hook").write_text(text.replace("/run/", f"{folder}/"), "utf-8")
    ways = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    ways |= {"RAUC_SLOT_NAME": slot, "RAUC_SLOT_DEVICE": "/dev/slot"}
    command = ["sh", str(folder / "hook"), "slot-post-install"]
    status = subprocess.run(command, env=ways, capture_output=True, check=False).returncode
    done = folder / "done"
    return status, done.read_text().replace(str(folder), "/run").splitlines() if done.exists() else []


@pytest.mark.parametrize("script", scripts(), ids=lambda path: path.name)
def test_every_script_can_be_read_by_its_shell_and_run(script: Path) -> None:
    done = subprocess.run(["sh", "-n", str(script)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert script.stat().st_mode & 0o111


def test_what_lies_over_the_common_overlay_stands_in_for_a_part_of_it() -> None:
    over = [path.relative_to(BOARD / "overlay") for path in (BOARD / "overlay").rglob("*") if path.is_file()]
    assert over
    assert [path for path in over if not (IMAGE / "overlay" / path).is_file()] == []


def test_the_disk_its_names_and_its_slots_agree() -> None:
    disk = (BOARD / "genimage.cfg").read_text("utf-8")
    order = re.findall(r"partition ([a-z-]+) \{", disk)
    assert order == list(NAMES.values())
    assert ("disk-signature = 0x57524f47" in disk, "extended-partition = 4" in disk) == (True, True)
    rules = (BOARD / "initramfs/usr/lib/udev/rules.d/61-strowger-partitions.rules").read_text("utf-8")
    named = re.findall(r'UUID}=="57524f47-0(\d)", ENV\{ID_PART_ENTRY_NAME}="([a-z-]+)"', rules)
    assert {int(number): name for number, name in named} == NAMES
    conf = configparser.ConfigParser()
    conf.read(BOARD / "overlay/etc/rauc/system.conf")
    slots = {name: conf[name] for name in conf.sections() if name.startswith("slot.")}
    devices = {slot["device"].rpartition("/")[2] for slot in slots.values()}
    assert devices == {"boot-a", "boot-b", "rootfs-a", "rootfs-b"}
    for number, letter in enumerate("ab"):
        assert slots[f"slot.boot.{number}"]["device"].endswith(f"boot-{letter}")
        assert slots[f"slot.rootfs.{number}"]["bootname"] == letter.upper()
    assert conf["system"]["bundle-formats"] == "-plain"
    assert conf["handlers"]["bootloader-custom-backend"] == "/usr/lib/strowger/loader"
    assert (BOARD / "autoboot.txt").read_text("ascii").count("boot_partition=") == 2


def test_no_partition_of_the_box_is_taken_for_a_stick() -> None:
    rule = (IMAGE / "overlay/usr/lib/udev/rules.d/90-strowger-stick.rules").read_text("utf-8")
    spared = re.search(r'ENV\{ID_PART_ENTRY_NAME}!="([^"]+)"', rule)
    assert spared is not None
    assert set(NAMES.values()) <= set(spared[1].split("|"))


def test_the_command_line_is_that_of_a_slot_and_starts_nothing_else() -> None:
    told = (BOARD / "cmdline.txt").read_text("ascii")
    assert told.count("\n") == 1
    for word in ("root=PARTUUID=57524f47-@{partition}", "rauc.slot=@{slot}", "panic=10", "ro"):
        assert word in told.split()
    assert "init=" not in told


@pytest.mark.parametrize(("slot", "letter"), [("boot.0", "a"), ("boot.1", "b")])
def test_a_boot_partition_that_was_written_gets_its_slots_command_line(
    tmp_path: Path, slot: str, letter: str
) -> None:
    assert hook(tmp_path, slot) == (
        0,
        [
            f"-n -i /dev/slot ::cmdline-{letter}.txt /run/strowger-cmdline",
            "-o -i /dev/slot /run/strowger-cmdline ::cmdline.txt",
        ],
    )


def test_another_slot_is_left_as_it_was_written(tmp_path: Path) -> None:
    assert hook(tmp_path, "rootfs.1") == (0, [])
