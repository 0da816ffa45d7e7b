"""A PC in QEMU that boots the image: its power, its serial lines, its disk, a way in for the test.

``Machine(image, folder)`` works on copies in ``folder``; the image is only read. ``Machine.like(folder, kept)`` is one
that goes on from where another was kept (``keep``): running, its memory and all. All traffic ends on 127.0.0.1.
KVM is used where it works, else instructions are translated, about ten times slower: every patience here is long.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

LOOK_S = 0.2
MONITOR_S = 30.0
PATIENCE_S = float(os.environ.get("STROWGER_PATIENCE_S", "600"))
_FIRMWARE = Path("/usr/share/OVMF")
_HATCH = Path(__file__).with_name("hatch.py")
_ESP_OFFSET = 1 << 20
_LOADER = "::EFI/debian/grub.cfg"
_BASE, _DISKS, _MEMORY = "base.img", ("disk.qcow2", "nvram.qcow2"), "memory"


class Fault(AssertionError):
    """The machine did not do what was waited for; the end of its screen is in the message."""


@functools.cache
def accelerator() -> list[str]:
    """KVM if a machine starts with it, else translation. A host inside a host may offer a KVM that cannot."""
    probe = ["qemu-system-x86_64", "-accel", "kvm", "-cpu", "host", "-machine", "q35", "-display", "none"]
    with contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run([*probe, "-nodefaults", "-S"], capture_output=True, timeout=2, check=False)
        return ["-accel", "tcg,thread=multi", "-cpu", "Nehalem"]
    return ["-accel", "kvm", "-cpu", "host"]


def translated() -> bool:
    """Whether there is no KVM. Calls are then left out of the proof, which ``image/test.sh`` says."""
    return "kvm" not in accelerator()


class Machine:
    """One PC. ``with Machine(...) as m: m.power_on()``; on leaving the power is cut."""

    def __init__(self, image: Path, folder: Path, *, disk_gb: int = 6, memory_mb: int = 1536) -> None:
        self._set_up(folder, memory_mb)
        base = hatched(image, folder)
        command = ["qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", str(base.resolve())]
        subprocess.run([*command, str(self.disk), f"{disk_gb}G"], check=True)
        settings = ["qemu-img", "convert", "-O", "qcow2", str(_FIRMWARE / "OVMF_VARS_4M.fd")]
        subprocess.run([*settings, str(self._nvram)], check=True)

    def _set_up(self, folder: Path, memory_mb: int) -> None:
        self.folder, self._memory_mb = folder, memory_mb
        folder.mkdir(parents=True, exist_ok=True)
        self.disk, self._nvram = folder / "disk.qcow2", folder / "nvram.qcow2"
        self.process: subprocess.Popen[bytes] | None = None
        self.https_port, self.http_port, self.sip_port = free_port(), free_port(), free_port()
        self._line: socket.socket | None = None
        self._memory: Path | None = None
        self._stick: tuple[str, str] | None = None
        self.started_s = 0.0

    @classmethod
    def like(cls, folder: Path, kept: Path, *, running: bool = True, memory_mb: int = 1536) -> Self:
        """A machine as the one kept in a folder; ``power_on`` has it go on, or boot if not ``running``.

        What was kept is only read: the new one's disk holds what it changes itself.
        """
        machine = cls.__new__(cls)
        machine._set_up(folder, memory_mb)
        for name in _DISKS:
            command = ["qemu-img", "create", "-q", "-f", "qcow2", "-F", "qcow2", "-b"]
            subprocess.run([*command, str((kept / name).resolve()), str(folder / name)], check=True)
        machine._memory = (kept / _MEMORY).resolve() if running else None
        return machine

    def keep(self, kept: Path) -> None:
        """Stop the machine and keep it as it is, running, in a folder, for others to go on from.

        One that went on from another itself (``like``) needs that one's folder beside it.
        """
        kept.mkdir(parents=True, exist_ok=True)
        self._monitor("migrate_set_parameter max-bandwidth 10G")
        self._monitor(f'migrate "exec:cat >{shlex.quote(str((kept / _MEMORY).resolve()))}"')
        if "completed" not in (told := self._monitor("info migrate")):
            raise Fault(f"its memory was not kept: {told}")
        self.pull_the_plug()
        for name in _DISKS:
            shutil.move(self.folder / name, kept / name)
        base = self.folder / _BASE
        if base.exists():
            shutil.move(base, kept / _BASE)
            change = ["qemu-img", "rebase", "-u", "-F", "raw", "-b", str((kept / _BASE).resolve())]
            subprocess.run([*change, str(kept / _DISKS[0])], check=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.pull_the_plug()

    # -- power -----------------------------------------------------------------------------------------------

    def power_on(self) -> None:
        """Switch on; the screen (first serial line) goes to ``screen``."""
        command = [
            *("qemu-system-x86_64", "-nodefaults", "-no-user-config", "-display", "none", "-machine", "q35"),
            *accelerator(),
            *("-smp", "2", "-m", str(self._memory_mb), "-device", "virtio-rng-pci"),
            *("-drive", f"if=pflash,format=raw,unit=0,readonly=on,file={_FIRMWARE}/OVMF_CODE_4M.fd"),
            *("-drive", f"if=pflash,format=qcow2,unit=1,file={self._nvram}"),
            *("-drive", f"if=none,id=disk,format=qcow2,cache=writeback,file={self.disk}"),
            *("-device", "virtio-blk-pci,drive=disk,bootindex=1"),
            *("-netdev", f"user,id=net,restrict=on,{self._forward(self.https_port, 443)}"
              f",{self._forward(self.http_port, 80)},{self._forward(self.sip_port, 5060)}"),
            *("-device", "virtio-net-pci,netdev=net,romfile="),
            *("-device", "i6300esb", "-action", "watchdog=reset", "-device", "qemu-xhci,id=usb"),
            *("-monitor", f"unix:{self.folder}/monitor,server=on,wait=off"),
            *("-chardev", f"file,id=screen,append=on,path={self.folder}/screen", "-serial", "chardev:screen"),
            *("-chardev", f"socket,id=hatch,server=on,wait=off,path={self.folder}/hatch"),
            *("-serial", "chardev:hatch"),
            *self._plugged_in(),
            *(("-incoming", f"exec:cat {shlex.quote(str(self._memory))}") if self._memory else ()),
            *(("-action", "reboot=shutdown") if translated() else ()),
        ]  # fmt: skip
        goes_on, self._memory = self._memory is not None, None
        self._hang_up()
        with (self.folder / "qemu.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        if goes_on:
            self._go_on()
        self.started_s = time.monotonic()

    def _go_on(self) -> None:
        """Let it run once its memory is there, whether it ran or stood when it was kept."""
        end = time.monotonic() + PATIENCE_S
        status = "inmigrate"
        while "inmigrate" in status:
            self._alive_before(end, "its memory was never read")
            time.sleep(LOOK_S)
            with contextlib.suppress(OSError):
                status = self._monitor("info status")
        self._monitor("cont")

    def pull_the_plug(self) -> None:
        """No more power, at once."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
        self._hang_up()

    def plug_in(self, file: Path) -> None:
        """A USB stick with one file on it, labelled STICK."""
        stick = self.folder / "stick.img"
        megabytes = file.resolve().stat().st_size // 1_000_000 + 64
        subprocess.run(["truncate", "-s", f"{megabytes}M", str(stick)], check=True)
        subprocess.run(["mkfs.vfat", "-n", "STICK", str(stick)], check=True, capture_output=True)
        subprocess.run(["mcopy", "-i", str(stick), str(file.resolve()), f"::{file.name}"], check=True)
        self._insert(stick, "readonly=on")

    def plug_in_writable(self, megabytes: int, label: str) -> None:
        """An empty USB stick with a name, to be written to; it stays in until ``unplug``."""
        stick = self.folder / "stick.img"
        subprocess.run(["truncate", "-s", f"{megabytes}M", str(stick)], check=True)
        subprocess.run(["mkfs.vfat", "-n", label, str(stick)], check=True, capture_output=True)
        self._insert(stick, "readonly=off")

    def _insert(self, stick: Path, more: str) -> None:
        drive = f"if=none,id=stick,format=raw,{more},file={stick}"
        device = "usb-storage,bus=usb.0,drive=stick,id=stickdev,removable=on"
        added = self._monitor(f"drive_add 0 {drive}") + self._monitor(f"device_add {device}")
        if "Error" in added:
            raise Fault(f"the stick was not plugged in: {added}")
        self._stick = drive, device

    def _plugged_in(self) -> list[str]:
        """A stick stays in while the machine is off."""
        return [] if self._stick is None else ["-drive", self._stick[0], "-device", self._stick[1]]

    def unplug(self) -> None:
        """Take the stick away."""
        self._stick = None
        self._monitor("device_del stickdev")
        end = time.monotonic() + PATIENCE_S
        while "stick" in self._monitor("info block"):  # the machine has to let go of it first
            self._alive_before(end, "the stick was never let go of")
            time.sleep(LOOK_S)
        (self.folder / "stick.img").unlink()

    def _monitor(self, command: str) -> str:
        told = b""
        with self._monitor_line() as line:
            for prompt in (b"", command.encode() + b"\n"):
                line.sendall(prompt)
                told = b""
                while not told.endswith(b"(qemu) "):
                    told += line.recv(65_536)
        return told.decode(errors="replace")

    def _monitor_line(self) -> socket.socket:
        """It is there a moment after the power is on."""
        end = time.monotonic() + MONITOR_S
        while True:
            line = socket.socket(socket.AF_UNIX)
            line.settimeout(MONITOR_S)
            try:
                line.connect(str(self.folder / "monitor"))
            except OSError:
                line.close()
                if time.monotonic() > end:
                    raise
                time.sleep(LOOK_S)
            else:
                return line

    @staticmethod
    def _forward(outside: int, inside: int) -> str:
        return f"hostfwd=tcp:127.0.0.1:{outside}-:{inside}"

    # -- what it shows ---------------------------------------------------------------------------------------

    @property
    def screen(self) -> str:
        """Everything it ever wrote to its first serial line."""
        with contextlib.suppress(FileNotFoundError):
            return (self.folder / "screen").read_text("utf-8", "replace")
        return ""

    def wait_for(self, pattern: str, *, after: int = 0, timeout_s: float = PATIENCE_S) -> int:
        """Wait until the screen shows a pattern behind position ``after``; where it ends. :raises Fault:"""
        end = time.monotonic() + timeout_s
        while True:
            found = re.compile(pattern).search(self.screen, after)
            if found:
                return found.end()
            self._alive_before(end, f"{pattern!r} was never shown")
            time.sleep(LOOK_S)

    def boots(self, after: int = 0) -> list[str]:
        """What the boot loader said at each boot."""
        return [line.strip() for line in re.findall(r"boot: (order=[^\r\n]*)", self.screen[after:])]

    def _alive_before(self, end_s: float, what: str) -> None:
        """A restart is a new start where processors are translated: after a reset the firmware takes minutes there."""
        ended = self.process is None or self.process.poll() is not None
        if ended and self.process is not None and self.process.returncode == 0 and translated():
            self.power_on()
            ended = False
        if ended or time.monotonic() > end_s:
            told = (self.folder / "qemu.log").read_text("utf-8", "replace")[-500:]
            raise Fault(f"{what}{' before it went off' if ended else ''}\n{told}\n{self.screen[-3000:]}")

    # -- the way in ------------------------------------------------------------------------------------------

    def run(self, command: str, *, timeout_s: float = PATIENCE_S, check: bool = True) -> str:
        """Run a shell command as root inside; its output. :raises Fault: it failed or nobody answers"""
        answer = self._ask(command, timeout_s)
        if check and answer["status"] != 0:
            raise Fault(f"{command}: status {answer['status']}\n{answer['output']}")
        return str(answer["output"])

    def until(self, command: str, *, timeout_s: float = PATIENCE_S) -> str:
        """Run a command again and again until it succeeds; its output."""
        end = time.monotonic() + timeout_s
        while True:
            answer = self._ask(command, timeout_s)
            if answer["status"] == 0:
                return str(answer["output"])
            self._alive_before(end, f"{command}: {answer['output']}")
            time.sleep(LOOK_S)

    def _ask(self, command: str, timeout_s: float) -> dict[str, Any]:
        """Ask the hatch. It may not be open yet, and a question that was lost in a boot is put again."""
        end = time.monotonic() + timeout_s
        while True:
            with contextlib.suppress(OSError, ValueError):
                return self._put(
                    command, timeout_s, min(20.0 if self._line is None else timeout_s, timeout_s)
                )
            self._hang_up()
            self._alive_before(end, f"nobody answered {command!r}")
            time.sleep(LOOK_S)

    def _put(self, command: str, timeout_s: float, answer_s: float) -> dict[str, Any]:
        if self._line is None:
            line = socket.socket(socket.AF_UNIX)
            self._line = line
            line.settimeout(5.0)
            line.connect(str(self.folder / "hatch"))
            self._converse(line, {"run": "true", "timeout_s": 5}, 10.0)
        return self._converse(self._line, {"run": command, "timeout_s": timeout_s}, timeout_s + 10.0)

    @staticmethod
    def _converse(line: socket.socket, request: dict[str, Any], answer_s: float) -> dict[str, Any]:
        line.settimeout(answer_s)
        line.sendall(json.dumps(request).encode() + b"\n")
        told = b""
        while not told.endswith(b"\n"):
            part = line.recv(65_536)
            if not part:
                raise OSError("the line is dead")
            told += part
        answer: dict[str, Any] = json.loads(told)
        return answer

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


def hatched(image: Path, folder: Path) -> Path:
    """A copy of the image with the hatch on its data partition and the boot loader told to start it."""
    copy = folder / _BASE
    subprocess.run(["cp", "--sparse=always", "-L", str(image), str(copy)], check=True)
    esp = f"{copy}@@{_ESP_OFFSET}"
    told = subprocess.run(["mtype", "-i", esp, _LOADER], check=True, capture_output=True, text=True).stdout
    # Where every system call is translated, guarding against tricks of real processors doubles its price.
    more = "mitigations=off " if translated() else ""
    changed = told.replace('set options="ro ', f'set options="ro init=/data/hatch {more}')
    assert changed != told
    loader = folder / "grub.cfg"
    loader.write_text(changed)
    subprocess.run(["mcopy", "-o", "-i", esp, str(loader), _LOADER], check=True)
    data = f"{copy}?offset={data_offset(copy)}"
    hatch = folder / "hatch.executable"
    hatch.write_text(f"#!/usr/bin/python3\n{_HATCH.read_text('utf-8')}", "utf-8")
    commands = f"write {hatch} hatch\nsif hatch mode 0100755\n"
    if translated():
        commands += "write /dev/null translated\n"
    subprocess.run(
        ["debugfs", "-w", "-f", "-", data], input=commands, text=True, check=True, capture_output=True
    )
    return copy


def data_offset(disk: Path) -> int:
    """Where the data partition of a raw disk begins, bytes."""
    told = subprocess.run(["sfdisk", "--json", str(disk)], check=True, capture_output=True, text=True).stdout
    return 512 * int(json.loads(told)["partitiontable"]["partitions"][3]["start"])


def free_port() -> int:
    """A TCP port of 127.0.0.1 nobody holds."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
