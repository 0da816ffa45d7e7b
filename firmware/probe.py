"""What the machine says about itself: free disk, NTP state, memory. Questions only; ``health`` judges the answers.

``Probe`` is what ``health`` needs, ``SystemProbe`` asks Linux. Nothing here waits for more than a system
call.
"""

from __future__ import annotations

import ctypes
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psutil

_TIME_ERROR = 5
_STA_UNSYNC = 0x0040
_STA_NANO = 0x2000
_TIMEX_WORDS = 64
"""``struct timex`` has 26 longs on 64-bit Linux (adjtimex(2)); there is room to spare."""
_STATUS_BYTE = 40
"""Offset of ``status``: modes (4 + padding), offset, freq, maxerror, esterror come before it, each a long."""


@dataclass(frozen=True, slots=True)
class Disk:
    """``free_share`` (0..1) of space or of file entries, whichever is scarcer, and free bytes for our user."""

    free_share: float
    free_bytes: int


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes the machine can still give, bytes it has, bytes this process holds."""

    available_bytes: int
    total_bytes: int
    own_bytes: int


class Probe(Protocol):
    """Questions to the machine."""

    def disk(self, path: Path) -> Disk:
        """Free room where ``path`` lies. Raises ``OSError``."""

    def clock_synchronised(self) -> bool | None:
        """Whether the kernel's clock is held by NTP; ``None`` if that cannot be asked."""

    def memory(self) -> Memory:
        """How much memory is left."""


class SystemProbe:
    """Linux."""

    def __init__(self) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._process = psutil.Process()

    def disk(self, path: Path) -> Disk:
        """Ask statvfs(3). Space kept back for root counts as used."""
        found = os.statvfs(path)
        reachable = found.f_blocks - found.f_bfree + found.f_bavail
        shares = [found.f_bavail / reachable if reachable else 0.0]
        if found.f_files:
            shares.append(found.f_favail / found.f_files)
        return Disk(min(shares), found.f_bavail * found.f_frsize)

    def clock_synchronised(self) -> bool | None:
        """Ask adjtimex(2) without changing anything (``modes`` 0)."""
        timex = (ctypes.c_long * _TIMEX_WORDS)()
        state = self._libc.adjtimex(timex)
        if state < 0:
            return None
        status = ctypes.c_int.from_buffer(timex, _STATUS_BYTE).value
        return state != _TIME_ERROR and not status & _STA_UNSYNC

    def clock_offset(self) -> tuple[float | None, float | None]:
        """Milliseconds the kernel still has to make good, and how wrong the clock may be at most (adjtimex(2))."""
        timex = (ctypes.c_long * _TIMEX_WORDS)()
        if self._libc.adjtimex(timex) < 0:
            return None, None
        status = ctypes.c_int.from_buffer(timex, _STATUS_BYTE).value
        a_ms = 1e6 if status & _STA_NANO else 1e3
        return round(timex[1] / a_ms, 3), round(timex[3] / 1e3, 1)

    def memory(self) -> Memory:
        """Ask /proc."""
        machine = psutil.virtual_memory()
        return Memory(machine.available, machine.total, self._process.memory_info().rss)
