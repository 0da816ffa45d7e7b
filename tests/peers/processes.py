"""Starts and stops the independent peers, each in a folder of its own and on ports nobody else has.

Everything here ends with its context: a peer is terminated, then killed, and its output stays in its folder.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from firmware.edge.plan import Plan
from firmware.edge.render import Rendered, check, render_plan

T = TypeVar("T")
_LOWEST, _HIGHEST = 12_000, 30_000


def free_port(host: str = "127.0.0.1", count: int = 1) -> int:
    """The first of ``count`` neighbouring ports free for UDP and TCP on ``host``, even like RTP wants them.

    One or two of those the kernel chooses; many from below them, where no connection that lingers is in the way.
    Another test may still be quicker, so a peer that cannot bind must be a loud failure.
    """
    for _ in range(200):
        first = (
            _chosen(host) if count <= 2 else random.randrange(_LOWEST, min(_HIGHEST, _own_ports()) - count)
        )
        first &= ~1
        if first + count < 65000 and all(_free(host, first + n) for n in range(count)):
            return first
    raise RuntimeError(f"no {count} free ports on {host}")


def _chosen(host: str) -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def _own_ports() -> int:
    """The lowest port that the kernel gives to whoever asks for none in particular."""
    return int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])


def _free(host: str, port: int) -> bool:
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
        with socket.socket(socket.AF_INET, kind) as probe:
            if kind == socket.SOCK_STREAM:  # closed connections that linger are in nobody's way
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                return False
    return True


def eventually(what: Callable[[], T], timeout_s: float = 10.0, why: str = "") -> T:
    """Ask until the answer is true; the answer. Fails with the last one after ``timeout_s``."""
    end = time.monotonic() + timeout_s
    while not (answer := what()):
        if time.monotonic() > end:
            raise AssertionError(f"not within {timeout_s} s: {why or what}; last answer {answer!r}")
        time.sleep(0.01)  # between two looks at a foreign process, which cannot wake us
    return answer


@contextlib.contextmanager
def running(command: Sequence[str], folder: Path, name: str) -> Iterator[subprocess.Popen[bytes]]:
    """``command`` with ``folder`` as its working directory; output goes to ``name.log`` there."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", *command],  # nothing outlives a test run that is killed
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes], patience_s: float = 3.0) -> int:
    """Ask it to end, then make it and whatever it started."""
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience_s)
    kill(process)
    return process.wait(patience_s)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End it and its children (it leads a group of its own) without a chance to say goodbye."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


class Kamailio:
    """A Kamailio on a rendered plan; ``restart`` makes it forget everything."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self.plan = plan
        self.rendered: Rendered = render_plan(plan, folder)
        check(self.rendered)
        self._stack = contextlib.ExitStack()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        host, _, port = self.plan.proxy.rpartition(":")
        return host, int(port)

    def start(self) -> None:
        """Start and wait until its control socket answers."""
        self.rendered.rpc_socket.unlink(missing_ok=True)
        command = self.rendered.kamailio_command()
        self._process = self._stack.enter_context(running(command, self.rendered.directory, "kamailio"))
        eventually(self._answers, 30.0, f"Kamailio starts, see {self.rendered.directory}/kamailio.log")

    def stop(self) -> None:
        """End it."""
        self._stack.close()

    def kill(self) -> None:
        """End it without a chance to say goodbye."""
        assert self._process is not None
        kill(self._process)
        self._stack.close()

    def restart(self) -> None:
        """Stop and start."""
        self.stop()
        self.start()

    def ask(self, method: str, *params: str | int) -> dict[str, object]:
        """One question over JSON-RPC, for looking in from a test."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ours:
            ours.bind("")
            ours.settimeout(2.0)
            question = {"jsonrpc": "2.0", "method": method, "params": list(params), "id": 1}
            ours.sendto(json.dumps(question).encode(), str(self.rendered.rpc_socket))
            answer: dict[str, object] = json.loads(ours.recv(1 << 16))
            return answer

    def _answers(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            log = (self.rendered.directory / "kamailio.log").read_text(errors="replace")
            raise AssertionError(f"Kamailio ended: {log[-2000:]}")
        try:
            return "result" in self.ask("core.version")
        except OSError:
            return False
