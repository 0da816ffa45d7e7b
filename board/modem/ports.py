"""Serial ports of modems: which device a setting means, opening it, and what stands in the way, with the way out.

A port is named by a path (best one of ``/dev/serial/by-id/``), by ``serial:NUMBER`` (the stick's own serial number) or
by ``usb:PATH`` (the socket it is plugged into, ``usb:1-1.3``); the latter two survive that the kernel calls it
otherwise after it was pulled out. Nothing but named ports is ever opened.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import serial
from serial.tools import list_ports

from board.modem.events import Fault

BAUD = 460_800
"""Means nothing on USB; real serial ports need at least 115200 for 8 kB/s each way."""
_READ_WAIT_S = 0.02
_WRITE_WAIT_S = 1.0


class PortTrouble(Exception):
    """The port cannot be had, or has gone."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.text)
        self.fault = fault


def find(port: str, comports: Callable[[], Iterable[Any]] = list_ports.comports) -> str:
    """The device a setting means now. Raises ``PortTrouble`` when nothing like it is plugged in."""
    kind, _, wanted = port.partition(":")
    if kind not in ("serial", "usb") or not wanted:
        return port
    found = sorted(comports(), key=lambda one: str(one.device))
    field = "serial_number" if kind == "serial" else "location"
    for one in found:
        if (getattr(one, field) or "").split(":")[0] == wanted:
            return str(one.device)
    raise PortTrouble(_missing(port, [str(one.device) for one in found]))


class Port:
    """An open serial port. Every failure is a ``PortTrouble``: unplugging alone raises three types below us."""

    def __init__(self, port: str) -> None:
        """Open, alone. Raises ``PortTrouble``."""
        self.name = port
        self._serial = _opened(port)

    def read(self) -> bytes:
        """What has come; waits up to 20 ms for the first byte."""
        return bytes(self._tried(self._read))

    def write(self, raw: bytes) -> None:
        """All of it."""
        self._tried(lambda: self._serial.write(raw))

    def drop_dtr(self, *, up: bool) -> None:
        """Lower or raise DTR, where the port has such a line (a pseudo terminal has none)."""
        try:
            self._serial.dtr = up
        except (OSError, serial.SerialException):
            return

    def close(self) -> None:
        """Close; DTR drops with it."""
        try:
            self._serial.close()
        except (OSError, serial.SerialException):
            return

    def _read(self) -> bytes:
        first = self._serial.read(1)
        waiting = self._serial.in_waiting if first else 0
        return bytes(first + self._serial.read(waiting)) if waiting else bytes(first)

    def _tried(self, what: Callable[[], Any]) -> Any:
        try:
            return what()
        except (OSError, serial.SerialException, TypeError) as error:
            text = f"{self.name}: the modem was unplugged. Plug it in again; the line comes back by itself"
            fault = Fault("line_unplugged", text, {"port": self.name, "detail": str(error)})
            raise PortTrouble(fault) from error


def _opened(port: str) -> serial.Serial:
    device = find(port)
    _examine(port, device)
    try:
        return serial.Serial(
            device, BAUD, timeout=_READ_WAIT_S, write_timeout=_WRITE_WAIT_S, exclusive=True, rtscts=False
        )
    except (OSError, serial.SerialException) as error:
        raise PortTrouble(_explained(port, device, error)) from error


def _examine(port: str, device: str) -> None:
    """What can be told without opening it: a wrong kind of file must not even be opened."""
    try:
        mode = os.stat(device).st_mode
    except OSError:
        raise PortTrouble(_missing(port, _plugged_in())) from None
    if not stat.S_ISCHR(mode):
        text = f"{port}: this is no serial port. Name one of /dev/serial/by-id/"
        raise PortTrouble(Fault("line_port_wrong", text, {"port": port}))
    holder = _lock_holder(device)
    if holder:
        raise PortTrouble(_held(port, holder))


def _explained(port: str, device: str, error: Exception) -> Fault:
    number = getattr(error, "errno", None)
    if number in (errno.EACCES, errno.EPERM):
        text = f"{port}: no permission. The service's user must be in the group dialout (usermod -aG dialout strowger)"
        return Fault("line_port_denied", text, {"port": port})
    if number in (errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK) or "exclusively lock" in str(error):
        return _held(port, _open_by(device))
    if number in (errno.ENOENT, errno.ENXIO, errno.ENODEV, errno.EIO):
        return _missing(port, _plugged_in())
    text = f"{port}: this is no serial port that can be used ({error}). Name one of /dev/serial/by-id/"
    return Fault("line_port_wrong", text, {"port": port})


def _plugged_in() -> list[str]:
    return sorted(str(one.device) for one in list_ports.comports())


def _missing(port: str, found: Iterable[str]) -> Fault:
    there = ", ".join(found) or "none"
    text = f"{port}: nothing is plugged in there. Check plug and name (ls /dev/serial/by-id; found: {there})"
    return Fault("line_port_missing", text, {"port": port, "found": there})


def _held(port: str, holder: str) -> Fault:
    who = holder or "another program"
    text = f"{port}: {who} holds this port. End it (ModemManager: systemctl disable --now ModemManager)"
    return Fault("line_port_held", text, {"port": port, "holder": who})


def _lock_holder(device: str) -> str:
    """Who has left a UUCP lock (``/var/lock/LCK..ttyACM0``) and lives: older programs know no other way."""
    lock = Path("/var/lock") / f"LCK..{Path(os.path.realpath(device)).name}"
    try:
        process = int(lock.read_text(encoding="ascii").split()[0])
        name = Path(f"/proc/{process}/comm").read_text(encoding="utf-8").strip()
    except (OSError, ValueError, IndexError):
        return ""
    return f"{name} ({process})" if process != os.getpid() else ""


def _open_by(device: str) -> str:
    """The program that has the device open, as far as we may look; empty where we may not."""
    real = os.path.realpath(device)
    for folder in Path("/proc").glob("[0-9]*/fd"):
        process = folder.parent.name
        if process != str(os.getpid()) and _has_open(folder, real):
            return f"{_name_of(process)} ({process})"
    return ""


def _has_open(folder: Path, real: str) -> bool:
    try:
        return any(os.path.realpath(one) == real for one in folder.iterdir())
    except OSError:
        return False


def _name_of(process: str) -> str:
    try:
        return Path(f"/proc/{process}/comm").read_text(encoding="utf-8").strip()
    except OSError:
        return "a program"
