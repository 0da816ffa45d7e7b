"""Stage ``board_arm64``: the image for a Raspberry Pi. Its disk and boot files, then its root in QEMU: a flashed box
proves itself and shows its pages, refuses another board's bundle, tries a good one in the other slot and keeps it.

No part of a Raspberry Pi is there: neither its firmware (``pi`` plays it) nor what the driver asks to try a slot;
the flag is a file for the time of the test.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from tests.image.inside import FIRST, MADE, STROWGER, bring, front_page, say, slot, take_away, version
from tests.image.pi import PARTITIONS, Pi, offsets, read

DISK = MADE / "disk.img"
PATIENCE_S = 1800.0
_FLAG = "/run/tryboot-wanted"


@pytest.fixture(scope="module")
def pi(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pi]:
    """A board with the image on its disk, switched on for the first time."""
    with Pi(DISK, tmp_path_factory.mktemp("machine")) as made:
        made.power_on()
        yield made


def table() -> list[str]:
    told = subprocess.run(["sfdisk", "-d", str(DISK)], check=True, capture_output=True, text=True)
    return told.stdout.splitlines()


def in_slot(path: str) -> bytes:
    """A file of the first slot's root file system."""
    at = offsets(DISK.resolve())["rootfs-a"]
    command = ["unsquashfs", "-offset", str(at), "-cat", str(DISK), path]
    return subprocess.run(command, check=True, capture_output=True).stdout


def kernel_in_slot() -> str:
    at = offsets(DISK.resolve())["rootfs-a"]
    command = ["unsquashfs", "-offset", str(at), "-l", "-d", "", str(DISK), "boot"]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return next(line.lstrip("/") for line in told.splitlines() if "/vmlinuz-" in line)


def test_the_partition_table_is_one_its_firmware_reads() -> None:
    assert {"label: dos", "label-id: 0x57524f47"} <= set(table())
    kinds = [line.rpartition("type=")[2].split(",")[0] for line in table() if "type=" in line]
    assert kinds == ["c", "c", "c", "f", "83", "83", "83"]
    assert set(PARTITIONS.values()) <= offsets(DISK.resolve()).keys()


def test_the_first_partition_says_which_boot_partition_is_started() -> None:
    disk = DISK.resolve()
    told = read(disk, "autoboot", "autoboot.txt").decode()
    assert told == "[all]\ntryboot_a_b=1\nboot_partition=2\n[tryboot]\nboot_partition=3\n"


def test_the_boot_partition_has_all_its_settings_name_and_the_kernel_of_its_slot() -> None:
    disk = DISK.resolve()
    files = {
        name: read(disk, "boot-a", name)
        for name in ("start4.elf", "fixup4.dat", "bcm2711-rpi-4-b.dtb", "config.txt", "tryboot.txt")
    }
    assert files["start4.elf"][:4] == b"\x7fELF"
    assert files["bcm2711-rpi-4-b.dtb"][:4] == b"\xd0\x0d\xfe\xed"
    assert files["config.txt"] == files["tryboot.txt"]
    assert b"\nkernel=vmlinuz\ninitramfs initrd.img followkernel\n" in files["config.txt"]
    kernel = read(disk, "boot-a", "vmlinuz")
    assert kernel[0x38:0x3C] == b"ARM\x64"
    assert kernel == in_slot(kernel_in_slot())


def test_each_slot_has_its_command_line() -> None:
    disk = DISK.resolve()
    for name, partition, letter in (("cmdline-a.txt", 5, "A"), ("cmdline-b.txt", 6, "B")):
        words = read(disk, "boot-a", name).decode().split()
        assert {f"root=PARTUUID=57524f47-0{partition}", f"rauc.slot={letter}", "ro", "panic=10"} <= set(words)
        assert not [word for word in words if word.startswith("init=")]
    assert read(disk, "boot-a", "cmdline.txt") == read(disk, "boot-a", "cmdline-a.txt")


def test_a_flashed_box_proves_itself_and_serves_its_pages(pi: Pi) -> None:
    pi.wait_for(f"version {FIRST} in slot A is good", timeout_s=PATIENCE_S)
    pi.wait_for("set-up code: [A-Z0-9]{8}", timeout_s=PATIENCE_S)
    assert b"Strowger" in front_page(pi)
    assert (slot(pi), version(pi), pi.run("uname -m").strip()) == ("A", FIRST, "aarch64")
    say(pi.run("systemd-analyze; df -h /data | tail -n 1; systemctl --failed --no-legend; rauc status"))
    assert pi.run("systemctl is-system-running --wait || true").strip() == "running"


def test_its_data_fill_the_disk_and_its_driver_is_there(pi: Pi) -> None:
    assert int(pi.run("df --output=size -BM /data | tail -n 1").strip(" M\n")) > 3000
    assert "raspberrypi,bcm2835-firmware" in pi.run("modinfo strowger_tryboot")


def test_a_bundle_for_another_board_is_refused(pi: Pi) -> None:
    path = bring(pi, "other.raucb")
    assert "another board" in pi.run(f"{STROWGER} update {path} 2>&1 || true")
    assert "ompatible" in pi.run(f"rauc install {path} 2>&1 && exit 1 || true")
    take_away(pi)


def test_without_its_firmware_no_slot_is_tried(pi: Pi) -> None:
    pi.run("/usr/lib/strowger/loader set-primary B && exit 1 || true")
    assert pi.run("/usr/lib/strowger/loader get-primary").strip() == "A"


def test_a_good_bundle_is_tried_once_in_the_other_slot_and_kept_when_it_has_proved_itself(pi: Pi) -> None:
    real = "/usr/lib/strowger/loader"
    pi.run(
        f"echo N >{_FLAG} && sed 's#^flag=.*#flag={_FLAG}#' {real} >/data/loader && chmod 755 /data/loader"
        f" && mount --bind /data/loader {real}"
    )
    path = bring(pi, "good.raucb")
    say(pi.run(f"rauc install {path} 2>&1", timeout_s=PATIENCE_S))
    take_away(pi)
    assert pi.run(f"cat {_FLAG}").strip() == "Y"
    assert pi.boot_partition() == "boot-a"
    pi.tries = True
    shown = len(pi.screen)
    pi.run("touch /run/strowger/restart-wanted")
    pi.wait_for("version 0.1.1 is on trial in slot B", after=shown, timeout_s=PATIENCE_S)
    assert pi.boot_partition() == "boot-a"
    pi.wait_for("version 0.1.1 in slot B is good", after=shown, timeout_s=PATIENCE_S)
    assert (slot(pi), version(pi)) == ("B", "0.1.1")
    assert b"Strowger" in front_page(pi)
    pi.run("sync")
    assert pi.boot_partition() == "boot-b"
