"""Starts the programs of a demonstration, watches them, and stops every one of them again.

Each child leads its own process group, so stopping it stops what it started; children stop in the reverse order of
their start. Output goes to one file per child, named in the error when a child ends unasked.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_TRIES = 20
STOP_S = 5.0
"""How long a child may take to end after SIGTERM."""


class StartFailed(RuntimeError):
    """A program did not come up; the message says which, why, and where its output is."""


@dataclass(slots=True)
class Child:
    """One running program."""

    name: str
    process: asyncio.subprocess.Process
    output: Path
    expected_to_run: bool = True


class Processes:
    """The programs of one demonstration."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._children: list[Child] = []
        directory.mkdir(parents=True, exist_ok=True)

    async def start(self, name: str, argv: Sequence[str], env: Mapping[str, str] | None = None) -> Child:
        """Start a program in its own process group."""
        output = self._directory / f"{name}.log"
        with output.open("ab") as sink:
            try:
                process = await asyncio.create_subprocess_exec(
                    *argv,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=sink,
                    stderr=sink,
                    env={**os.environ, **(env or {})},
                    start_new_session=True,
                )
            except FileNotFoundError as error:
                raise StartFailed(f"{name}: {argv[0]} is not installed; run 'make setup'") from error
        child = Child(name, process, output)
        self._children.append(child)
        return child

    def pid(self, name: str) -> int:
        """Process id of the newest child of that name."""
        return next(c.process.pid for c in reversed(self._children) if c.name == name)

    def gone(self) -> list[str]:
        """Programs that ended although nobody asked them to, with where to look."""
        return [
            f"{c.name} ended with status {c.process.returncode}, see {c.output}"
            for c in self._children
            if c.expected_to_run and c.process.returncode is not None
        ]

    async def stop(self, child: Child) -> None:
        """End one program and whatever it started."""
        child.expected_to_run = False
        _signal(child, signal.SIGTERM)
        try:
            await asyncio.wait_for(child.process.wait(), STOP_S)
        except TimeoutError:
            _signal(child, signal.SIGKILL)
            await child.process.wait()
        _signal(child, signal.SIGKILL)

    async def kill(self, child: Child) -> None:
        """End one program and whatever it started as a power cut would."""
        child.expected_to_run = False
        _signal(child, signal.SIGKILL)
        await child.process.wait()

    async def stop_all(self) -> None:
        """End everything, last started first."""
        for child in reversed(self._children):
            await self.stop(child)
        self._children.clear()


def _signal(child: Child, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.process.pid, number)


async def until_listening(child: Child, port: int, timeout_s: float = 10.0) -> None:
    """Wait until something accepts TCP connections on loopback; StartFailed when the child ends or time is up."""
    deadline = asyncio.get_running_loop().time() + timeout_s
    while asyncio.get_running_loop().time() < deadline:
        if child.process.returncode is not None:
            break
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
    raise StartFailed(f"{child.name} did not come up on port {port}; see {child.output}")


async def until_bound(child: Child, port: int, timeout_s: float = 10.0) -> None:
    """Wait until something holds a UDP port on loopback; StartFailed as above."""
    deadline = asyncio.get_running_loop().time() + timeout_s
    while free_port(preferred=port) == port:
        if child.process.returncode is not None or asyncio.get_running_loop().time() > deadline:
            raise StartFailed(f"{child.name} did not come up on port {port}; see {child.output}")
        await asyncio.sleep(0.05)


async def until_exists(child: Child, path: Path, timeout_s: float = 15.0) -> None:
    """Wait until a child has made a file or socket."""
    deadline = asyncio.get_running_loop().time() + timeout_s
    while not path.exists():
        if child.process.returncode is not None or asyncio.get_running_loop().time() > deadline:
            raise StartFailed(f"{child.name} did not come up; see {child.output}")
        await asyncio.sleep(0.05)


async def until_says_ready(child: Child, timeout_s: float = 20.0) -> None:
    """The simulators say ``ready: ...`` on their standard output."""
    deadline = asyncio.get_running_loop().time() + timeout_s
    while "ready:" not in child.output.read_text(encoding="utf-8", errors="replace"):
        if child.process.returncode is not None or asyncio.get_running_loop().time() > deadline:
            raise StartFailed(f"{child.name} did not come up; see {child.output}")
        await asyncio.sleep(0.05)


def free_port(*kinds: socket.SocketKind, preferred: int = 0) -> int:
    """A loopback port free for every kind (UDP if none is named): the preferred one if it is, else any."""
    for _ in range(_TRIES):
        port = _bind_all(kinds or (socket.SOCK_DGRAM,), preferred)
        if port:
            return port
        preferred = 0
    raise StartFailed("no free port on 127.0.0.1")


def _bind_all(kinds: Sequence[socket.SocketKind], port: int) -> int:
    with contextlib.ExitStack() as stack:
        for kind in kinds:
            probe = stack.enter_context(socket.socket(socket.AF_INET, kind))
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return 0
            port = int(probe.getsockname()[1])
    return port
