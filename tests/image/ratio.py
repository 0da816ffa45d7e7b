"""How long the box boots beside a bare Debian: ``python -m tests.image.ratio FOLDER BARE [TURNS]``, a benchmark.

FOLDER is the one ``image/test.sh`` made, with a box that has proved itself; BARE a folder with ``vmlinuz``, ``initrd``
and ``root.img``, a Debian with a kernel and systemd and nothing else. Both boot on the same virtual machine, by turns,
and are asked for their own clock (``CLOCK_MONOTONIC``: since the kernel began), which leaves out firmware and boot
loader: the bare one when it has reached ``multi-user.target``, the box when it takes calls and when its pages answer.
"""

from __future__ import annotations

import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.image.machine import PATIENCE_S, Fault, Machine, accelerator

CALLS = ("strowger.service", "strowger-kamailio.service", "strowger-rtpengine.service")
PAGES = ("strowger-web.service", "strowger-nginx.service")
DONE = r"version \S+ in slot \S is good"


def main(made: Path, bare: Path, turns: int) -> None:
    """By turns, and the medians."""
    found: dict[str, list[float]] = {"bare": [], "calls": [], "pages": []}
    with tempfile.TemporaryDirectory(prefix="ratio-", dir=made) as folder:
        for _ in range(turns):
            found["bare"].append(bare_s(bare, Path(folder)))
            with Machine.like(Path(folder) / "box", made / "proven", running=False) as machine:
                machine.power_on()
                # Looking at a machine that starts slows it down: it is asked once, when it says that it is done.
                machine.wait_for(DONE)
                for what, units in (("calls", CALLS), ("pages", PAGES)):
                    found[what].append(max(up_s(machine, unit) for unit in units))
            sys.stdout.write("  ".join(f"{name} {each[-1]:.1f} s" for name, each in found.items()) + "\n")
            sys.stdout.flush()
    middle = {name: statistics.median(each) for name, each in found.items()}
    sys.stdout.write(
        f"{platform.node()}, {' '.join(accelerator()[:2])}, medians of {turns}: bare Debian {middle['bare']:.1f} s; "
        f"calls possible {middle['calls']:.1f} s ({middle['calls'] / middle['bare']:.2f} times), "
        f"pages {middle['pages']:.1f} s ({middle['pages'] / middle['bare']:.2f} times)\n"
    )


def up_s(machine: Machine, unit: str) -> float:
    """When a unit was up, seconds since the kernel began."""
    return int(machine.run(f"systemctl show --value -p ActiveEnterTimestampMonotonic {unit}")) / 1e6


def bare_s(bare: Path, folder: Path) -> float:
    """Boot the bare Debian and read what it writes to its second serial line. :raises Fault: nothing came"""
    told, root = folder / "told", folder / "bare.qcow2"
    make = ["qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", str((bare / "root.img").resolve())]
    subprocess.run([*make, str(root)], check=True)
    told.write_bytes(b"")
    command = [
        *("qemu-system-x86_64", "-nodefaults", "-no-user-config", "-display", "none", "-machine", "q35"),
        *accelerator(),
        *("-smp", "2", "-m", "1536", "-device", "virtio-rng-pci"),
        *("-kernel", str(bare / "vmlinuz"), "-initrd", str(bare / "initrd")),
        *("-append", "root=/dev/vda ro quiet mitigations=off"),
        *("-drive", f"if=none,id=disk,format=qcow2,cache=writeback,file={root}"),
        *("-device", "virtio-blk-pci,drive=disk", "-serial", "null", "-serial", f"file:{told}"),
    ]  # fmt: skip
    with subprocess.Popen(command, stdin=subprocess.DEVNULL) as running:
        try:
            end = time.monotonic() + PATIENCE_S
            while not (line := told.read_text()).endswith("\n"):
                if time.monotonic() > end or running.poll() is not None:
                    raise Fault(f"the bare Debian said only {line!r}")
                time.sleep(0.2)  # between two looks at a foreign machine
        finally:
            running.kill()
    return int(line) / 1e6


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 3)
