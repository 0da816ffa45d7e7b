"""A Raspberry Pi in QEMU, as far as there is one: its disk, and what its firmware does with it, on another machine.

QEMU's ``virt`` board has the processor and nothing else of a Raspberry Pi, so the firmware is played here: as power
comes it reads ``autoboot.txt``, picks a boot partition (the other one if it was asked to try it, once), takes kernel,
initrd and command line from there and starts them. Everything is translated, so all patience is long.
"""

from __future__ import annotations

import json
import re
import subprocess
import time
from pathlib import Path

from tests.image.machine import Machine

_HATCH = Path(__file__).with_name("hatch.py")
PARTITIONS = {1: "autoboot", 2: "boot-a", 3: "boot-b", 5: "rootfs-a", 6: "rootfs-b", 7: "data"}


def offsets(disk: Path) -> dict[str, int]:
    """Where the partitions of a raw disk begin, bytes, by the names they have in the running box."""
    told = subprocess.run(["sfdisk", "--json", str(disk)], check=True, capture_output=True, text=True).stdout
    found = {}
    for each in json.loads(told)["partitiontable"]["partitions"]:
        number = int(each["node"].removeprefix(str(disk)))
        found[PARTITIONS.get(number, str(number))] = 512 * int(each["start"])
    return found


def read(disk: Path, partition: str, name: str) -> bytes:
    """A file of a FAT partition."""
    where = f"{disk}@@{offsets(disk)[partition]}"
    return subprocess.run(["mtype", "-i", where, f"::{name}"], check=True, capture_output=True).stdout


class Pi(Machine):
    """``with Pi(image, folder) as pi: pi.power_on()``; ``tries`` is the firmware's flag, for one power-on."""

    def __init__(self, image: Path, folder: Path, *, disk_gb: int = 6, memory_mb: int = 2048) -> None:
        self._set_up(folder, memory_mb)
        self.disk = folder / "disk.img"
        self.tries = False
        subprocess.run(["cp", "--sparse=always", "-L", str(image), str(self.disk)], check=True)
        subprocess.run(["truncate", "-s", f"{disk_gb}G", str(self.disk)], check=True)
        hatch = folder / "hatch.executable"
        text = _HATCH.read_text("utf-8").replace("/dev/ttyS1", "/dev/ttyS0")
        hatch.write_text(f"#!/usr/bin/python3\n{text}", "utf-8")
        commands = f"write {hatch} hatch\nsif hatch mode 0100755\nwrite /dev/null translated\n"
        data = f"{self.disk}?offset={offsets(self.disk)['data']}"
        subprocess.run(
            ["debugfs", "-w", "-f", "-", data], input=commands, text=True, check=True, capture_output=True
        )

    def boot_partition(self) -> str:
        """Which boot partition the firmware would start now."""
        told = read(self.disk, "autoboot", "autoboot.txt").decode("ascii")
        wanted = re.findall(r"boot_partition=(\d)", told)[self.tries]
        return PARTITIONS[int(wanted)]

    def power_on(self) -> None:
        """Switch on: the firmware's part, then the kernel's."""
        partition, self.tries = self.boot_partition(), False
        for name in ("vmlinuz", "initrd.img"):
            (self.folder / name).write_bytes(read(self.disk, partition, name))
        told = read(self.disk, partition, "cmdline.txt").decode("ascii").strip()
        line = told.replace("ttyS1,115200", "ttyAMA0") + " init=/data/hatch mitigations=off"
        command = [
            *("qemu-system-aarch64", "-nodefaults", "-no-user-config", "-display", "none", "-machine", "virt"),
            *("-accel", "tcg,thread=multi", "-cpu", "cortex-a72", "-smp", "2", "-m", str(self._memory_mb)),
            *("-kernel", f"{self.folder}/vmlinuz", "-initrd", f"{self.folder}/initrd.img", "-append", line),
            *("-drive", f"if=none,id=disk,format=raw,cache=writeback,file={self.disk}"),
            *("-device", "virtio-blk-pci,drive=disk", "-device", "virtio-rng-pci"),
            *("-netdev", f"user,id=net,restrict=on,{self._forward(self.https_port, 443)}"
              f",{self._forward(self.http_port, 80)},{self._forward(self.sip_port, 5060)}"),
            *("-device", "virtio-net-pci,netdev=net,romfile=", "-device", "qemu-xhci,id=usb"),
            *("-monitor", f"unix:{self.folder}/monitor,server=on,wait=off"),
            *("-chardev", f"file,id=screen,append=on,path={self.folder}/screen", "-serial", "chardev:screen"),
            *("-chardev", f"socket,id=hatch,server=on,wait=off,path={self.folder}/hatch"),
            *("-device", "pci-serial,chardev=hatch", "-action", "reboot=shutdown"),
        ]  # fmt: skip
        self._hang_up()
        with (self.folder / "qemu.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.started_s = time.monotonic()

    def _alive_before(self, end_s: float, what: str) -> None:
        """A restart comes back to the firmware, which is here."""
        if self.process is not None and self.process.poll() == 0:
            self.power_on()
        super()._alive_before(end_s, what)
