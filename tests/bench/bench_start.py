"""What a start costs: processor seconds of the box's own programs from their beginning until they can be used.

A box is quick where its processor is: on a slow one these seconds are most of the wait after power-on, so they are
counted (user and system, of the program and of what it ran), not the time on the wall. Each program is started as its
unit starts it, over a store that is there already; Python's byte code is there too, as it is in an image.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil

from firmware.run.box import Box

_TRUNK = {"provider": 9}
_LONGEST_S = 120.0
_RETRY_S = 0.01


def main(quick: bool = False) -> list[tuple[str, str]]:
    """Seconds of the edge's configuration, of the service until READY, of the pages until they listen."""
    with tempfile.TemporaryDirectory(prefix="strowger-bench-") as folder:
        return asyncio.run(_measure(Path(folder), 2 if quick else 7))


async def _measure(folder: Path, times: int) -> list[tuple[str, str]]:
    box = Box(folder, _TRUNK)
    try:
        await box.start_edge()
        await box.start_service()
        await box.processes.stop_all()
        await box.start_edge()
        return await asyncio.to_thread(_starts, box, times)
    finally:
        await box.processes.stop_all()


def _starts(box: Box, times: int) -> list[tuple[str, str]]:
    kinds: Mapping[str, Callable[[Box], float]] = {
        "strowger edge, until it is done": _edge,
        "strowger serve, until READY": _serve,
        "strowger web, until it listens": _web,
    }
    taken = {kind: [start(box) for _ in range(times + 1)][1:] for kind, start in kinds.items()}
    return [(f"start: {kind}", _figures(each)) for kind, each in taken.items()]


def _edge(box: Box) -> float:
    with _program(box, "edge", "--directory", str(box.directory / "edge")) as running:
        _, status, used = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
    assert running.returncode == 0
    return used.ru_utime + used.ru_stime


def _serve(box: Box) -> float:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        address = box.directory / "notify.sock"
        address.unlink(missing_ok=True)
        manager.bind(str(address))
        manager.settimeout(_LONGEST_S)
        with _program(box, "serve", NOTIFY_SOCKET=str(address)) as running:
            while manager.recv(4096) != b"READY=1":
                pass
            return _ended(running, _spent(running))


def _web(box: Box) -> float:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = taken.getsockname()
    with _program(box, "web", "--listen", f"127.0.0.1:{address[1]}") as running:
        while not _listens(address) and running.poll() is None:
            pass
        return _ended(running, _spent(running))


def _listens(address: tuple[str, int]) -> bool:
    with socket.socket() as probe:
        if probe.connect_ex(address) == 0:
            return True
    time.sleep(_RETRY_S)
    return False


def _program(box: Box, *command: str, **environment: str) -> subprocess.Popen[bytes]:
    argv: Sequence[str] = [sys.executable, "-m", "firmware", *command, "--config", str(box.settings_file)]
    wanted = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    with (box.directory / "start.log").open("ab") as sink:
        return subprocess.Popen(argv, stdout=sink, stderr=sink, env={**wanted, **environment})


def _spent(running: subprocess.Popen[bytes]) -> float:
    return float(sum(psutil.Process(running.pid).cpu_times()[:4]))


def _ended(running: subprocess.Popen[bytes], figure: float) -> float:
    running.send_signal(signal.SIGTERM)
    running.wait(_LONGEST_S)
    return figure


def _figures(taken: list[float]) -> str:
    return f"{statistics.median(taken):.2f} s of processor, {min(taken):.2f} at least (of {len(taken)})"
