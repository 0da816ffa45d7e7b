"""What the machine is and how it fares, for whoever stands in front of it: network, clock, disk, heat, version, slot.

Reads files of /proc and /sys and asks the kernel; a few milliseconds, blocking. What cannot be read is an empty text
or None, never a guess. Judging it is ``health``'s.
"""

from __future__ import annotations

import os
import platform
import re
import socket
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

from firmware.probe import SystemProbe

_SYNCHRONISED = Path("/run/systemd/timesync/synchronized")
_SLOT = re.compile(r"rauc\.slot=(\S{1,32})")
_SERIALS = (Path("/proc/device-tree/serial-number"), Path("/sys/class/dmi/id/product_serial"))


def everything(state: Path, probe: SystemProbe) -> list[dict[str, Any]]:
    """Each part with its name in ``part``."""
    return [
        {"part": "network", **network()},
        {"part": "clock", **clock(probe)},
        {"part": "disk", **disk(state)},
        {"part": "heat", **heat()},
        {"part": "version", **what_runs()},
    ]


def network(proc: Path = Path("/proc"), etc: Path = Path("/etc")) -> dict[str, Any]:
    """``interfaces`` (``name up speed_mbit mac addresses``), ``gateway``, ``dns``, ``host``."""
    return {
        "host": socket.gethostname(),
        "interfaces": list(_interfaces()),
        "gateway": _gateway(proc / "net/route"),
        "dns": _dns(etc / "resolv.conf"),
    }


def _interfaces() -> Iterator[dict[str, Any]]:
    stats = psutil.net_if_stats()
    for name, addresses in sorted(psutil.net_if_addrs().items()):
        if name == "lo":
            continue
        found = stats.get(name)
        own = [a.address.split("%")[0] for a in addresses if a.family in (socket.AF_INET, socket.AF_INET6)]
        mac = next((a.address for a in addresses if a.family == psutil.AF_LINK), "")
        up, speed = (found.isup, found.speed) if found else (False, 0)
        yield {"name": name, "up": up, "speed_mbit": speed, "mac": mac, "addresses": own}


def _gateway(table: Path) -> str:
    """The IPv4 default route, from the kernel's table (its addresses are hexadecimal, lowest byte first)."""
    for row in _text(table).splitlines()[1:]:
        cells = row.split()
        if len(cells) > 2 and cells[1] == "00000000" and int(cells[2], 16):
            return socket.inet_ntoa(int(cells[2], 16).to_bytes(4, "little"))
    return ""


def _dns(file: Path) -> list[str]:
    rows = (row.split() for row in _text(file).splitlines())
    return [cells[1] for cells in rows if len(cells) > 1 and cells[0] == "nameserver"]


def clock(probe: SystemProbe) -> dict[str, Any]:
    """``synchronised``, ``source`` (who holds it; empty: unknown), ``offset_ms`` and ``error_ms`` (adjtimex(2))."""
    offset_ms, error_ms = probe.clock_offset()
    source = "systemd-timesyncd" if _SYNCHRONISED.exists() else ""
    synchronised = bool(probe.clock_synchronised())
    return {
        "synchronised": synchronised,
        "source": source,
        "offset_ms": offset_ms,
        "error_ms": error_ms if synchronised else None,
    }


def disk(state: Path, sys: Path = Path("/sys")) -> dict[str, Any]:
    """``total_bytes free_bytes`` where ``state`` lies; ``worn_percent``: at most, of an eMMC that tells (else None)."""
    found = os.statvfs(state)
    return {
        "total_bytes": found.f_blocks * found.f_frsize,
        "free_bytes": found.f_bavail * found.f_frsize,
        "worn_percent": _wear(sys),
    }


def _wear(sys: Path) -> int | None:
    """JEDEC eMMC 5.0: 0x01 is up to 10 % of its life, 0x0B more than all of it; the worse of both memory types."""
    worst = 0
    for file in sorted(sys.glob("block/mmcblk*/device/life_time")):
        for word in _text(file).split():
            worst = max(worst, int(word, 16) if re.fullmatch(r"0x[0-9a-fA-F]{1,2}", word) else 0)
    return min(worst * 10, 110) if worst else None


def heat(sys: Path = Path("/sys")) -> dict[str, Any]:
    """``celsius`` of the hottest sensor, or None."""
    found = [_text(file) for file in sys.glob("class/thermal/thermal_zone*/temp")]
    degrees = [int(text) / 1000 for text in found if re.fullmatch(r"-?\d{1,7}", text)]
    return {"celsius": max(degrees) if degrees else None}


def what_runs(cmdline: Path = Path("/proc/cmdline")) -> dict[str, Any]:
    """``strowger``, ``slot`` (empty: no flashed box), ``kernel``, ``hardware``, ``serial``, ``booted_at``."""
    slot = _SLOT.search(_text(cmdline))
    return {
        "strowger": version("strowger"),
        "slot": slot[1] if slot else "",
        "kernel": platform.release(),
        "hardware": _text(Path("/proc/device-tree/model")).strip("\0") or platform.machine(),
        "serial": next((text for file in _SERIALS if (text := _text(file).strip("\0"))), ""),
        "booted_at": psutil.boot_time(),
    }


def versions() -> Mapping[str, str]:
    """Of what the box is made of."""
    names = ("strowger", "numpy", "bottle", "waitress", "pyserial", "python-periphery", "fpdf2", "psutil")
    return {
        "python": platform.python_version(),
        "kernel": platform.release(),
        **{n: version(n) for n in names},
    }


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
