"""The pages under a full office, behind nginx with TLS: fifty desks and ten dashboards open, calls changing always.

Measured from outside, over real HTTP: how soon a change is on a page, how soon pages and the JSON of pages answer, what
the pages' process and nginx cost, and whether the login page waits when 200 clients say nothing and 100 dawdle.
"""

from __future__ import annotations

import contextlib
import http.client
import math
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from tests.web.box import ADMINISTRATOR, AGENT, REPO, Box, Client
from tests.web.front import TRUSTING, Front
from tests.web.streams import Events

AGENTS, DASHBOARDS = 50, 10
EVENTS_PER_S = 60.0
SILENT, SLOW = 200, 100


def main(quick: bool = False) -> list[tuple[str, str]]:
    """State change to page, answers, processor and memory of the pages' process, and what dawdlers change."""
    seconds = 3.0 if quick else 20.0
    with tempfile.TemporaryDirectory(prefix="strowger-bench-") as folder, Box.started(Path(folder)) as box:
        box.furnish()
        with _alone(box) as pages:
            front = Front(box, Path(folder))
            try:
                return [*_office(box, front, pages, seconds), *_dawdlers(front, 20 if quick else 60)]
            finally:
                front.stop()


@contextlib.contextmanager
def _alone(box: Box) -> Iterator[psutil.Process]:
    """The pages in a process started as on a box: that of the tests is a fork of one that knows more."""
    assert box.web is not None
    port = box.port
    box.web.stop()
    command = [sys.executable, "-m", "web_ui", "--config", str(box.config), "--listen", f"127.0.0.1:{port}"]
    running = subprocess.Popen(
        command, cwd=REPO, env=_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while running.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
        yield psutil.Process(running.pid)
    finally:
        running.terminate()
        running.wait(20)


def _environment() -> dict[str, str]:
    """What the unit sets for the pages."""
    lines = (REPO / "systemd/strowger-web.service").read_text().splitlines()
    set_there = [line.removeprefix("Environment=") for line in lines if line.startswith("Environment=")]
    return {**os.environ, **dict(each.split("=", 1) for each in set_there)}


def _office(box: Box, front: Front, pages: psutil.Process, seconds: float) -> list[tuple[str, str]]:
    for number in range(AGENTS):
        box.ask("publish", event="agent", data=_agent(1000 + number, "ready"))
    client = box.client(ADMINISTRATOR, https=True)
    streams = _open(box, front)
    nginx = psutil.Process(front.process.pid)
    with Events(client, "/live/dashboard", (TRUSTING, front.https)) as last:
        last.next()
        one_more = front.ask("GET", "/live/dashboard", Cookie=_cookie(client)).status
        idle = _spent(pages, nginx, lambda: time.sleep(seconds / 4))
        noise = _Noise(box)
        noise.start()
        busy = _spent(pages, nginx, lambda: time.sleep(seconds))
        delays = _delays(box, last, seconds)
        answers = _answers(front, client, _token(box), seconds)
        noise.stop()
    memory = pages.memory_info().rss / 1e6
    for stream in streams:
        stream.close()
    label = f"web: {AGENTS} desks + {DASHBOARDS} dashboards, {noise.rate:.0f} events/s"
    return [
        (f"{label}, change to page", _figures(delays)),
        *((f"{label}, {kind}", _figures(taken)) for kind, taken in answers.items()),
        (f"{label}, pages' processor", f"{busy[0]:.1f} % of a core (nobody calling: {idle[0]:.1f} %)"),
        (f"{label}, nginx's processor", f"{busy[1]:.1f} % of a core (nobody calling: {idle[1]:.1f} %)"),
        (f"{label}, pages' memory", f"{memory:.0f} MB"),
        (f"{label}, one page more", f"answered {one_more}: it asks every few seconds instead"),
    ]


def _agent(number: int, state: str) -> dict[str, object]:
    now = time.time()
    return {"id": number, "name": f"Agent {number}", "state": state, "since": now, "phone_registered": True}


def _cookie(client: Client) -> str:
    return "; ".join(f"{name}={value}" for name, value in client.cookies.items())


def _token(box: Box) -> str:
    """Of a program that may ask as often as it likes."""
    scopes = ["campaigns:read", "contacts:read"]
    made = box.ask("token.create", where="control.sock", name="bench", scopes=scopes, rate=100_000)
    return str(made["token"])


def _open(box: Box, front: Front) -> list[Events]:
    """Streams that are read and thrown away, by as many sessions as there would be people; one place is left."""
    streams = []
    for number in range(AGENTS + DASHBOARDS - 1):
        who, path = (AGENT, "/live/desk") if number < AGENTS else (ADMINISTRATOR, "/live/dashboard")
        stream = Events(box.client(who, https=True), path, (TRUSTING, front.https))
        assert stream.status == 200
        threading.Thread(target=_drain, args=(stream,), daemon=True).start()
        streams.append(stream)
    return streams


def _drain(stream: Events) -> None:
    try:
        while stream.socket.recv(65536):
            pass
    except (OSError, ValueError):
        return


class _Noise(threading.Thread):
    """Calls and agents that change as they would in a full office."""

    def __init__(self, box: Box) -> None:
        super().__init__(daemon=True)
        self._box = box
        self._stopped = threading.Event()
        self._count, self._began_at, self.rate = 0, time.monotonic(), 0.0

    def stop(self) -> None:
        """No more; ``rate`` is how many a second there were."""
        self._stopped.set()
        self.join()
        self.rate = self._count / (time.monotonic() - self._began_at)

    def run(self) -> None:
        while not self._stopped.wait(1 / EVENTS_PER_S):
            self._count += 1
            count = self._count
            if count % 3:
                state = ("dialling", "ringing", "listening", "bridged")[count % 4]
                call = {"attempt": f"u{count % 60}", "campaign_id": 1, "number": "+49 30 23•••••00"}
                told = {**call, "state": state, "since": time.time(), "agent_id": None}
                self._box.ask("publish", event="call", data=told)
            else:
                state = ("ready", "talking", "wrap_up", "paused")[count % 4]
                self._box.ask("publish", event="agent", data=_agent(1000 + count % AGENTS, state))


def _spent(pages: psutil.Process, nginx: psutil.Process, during: Callable[[], None]) -> tuple[float, float]:
    """Processor time of the pages and of nginx, in per cent of a core."""
    before, began = (_processor(pages), _processor(nginx)), time.monotonic()
    during()
    took = time.monotonic() - began
    return (_processor(pages) - before[0]) / took * 100, (_processor(nginx) - before[1]) / took * 100


def _processor(process: psutil.Process) -> float:
    each = [process, *process.children(recursive=True)]
    return float(sum(sum(one.cpu_times()[:2]) for one in each))


def _delays(box: Box, events: Events, seconds: float) -> list[float]:
    taken: list[float] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        mark = f"mark {len(taken)}."
        began = time.perf_counter()
        box.ask("publish", event="trunk", data={"name": mark, "up": True, "legs": 0, "lines": 1})
        events.wait_for(lambda told, mark=mark: mark in told["regions"].get("trunks", ""))  # type: ignore[misc]
        taken.append(time.perf_counter() - began)
        box.ask("remove", event="trunk", key=mark)
    return taken


def _answers(front: Front, client: Client, token: str, seconds: float) -> dict[str, list[float]]:
    """Whole answers over a connection that stays open, as a browser's does."""
    page, program = {"Cookie": _cookie(client)}, {"Authorization": f"Bearer {token}"}
    kinds = {
        "page answer": (page, ("/campaigns", "/lists", "/users")),
        "live page's JSON": (page, ("/live/dashboard.json",)),
        "API answer": (program, ("/api/v1/campaigns", "/api/v1/lists", "/api/v1/lists/1/contacts")),
    }
    taken: dict[str, list[float]] = {kind: [] for kind in kinds}
    connection = http.client.HTTPSConnection("127.0.0.1", front.https, context=TRUSTING, timeout=30)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for kind, (headers, paths) in kinds.items():
            for path in paths:
                began = time.perf_counter()
                connection.request("GET", path, headers=headers)
                answer = connection.getresponse()
                answer.read()
                assert answer.status == 200
                taken[kind].append(time.perf_counter() - began)
    connection.close()
    return taken


def _dawdlers(front: Front, times: int) -> list[tuple[str, str]]:
    """The login page with nobody else there, and among clients that hold everything up if they can."""
    alone = _logins(front, times)
    with _silent(front), _slow(front):
        crowded = _logins(front, times)
    return [
        ("web: login page, nobody else there", _figures(alone)),
        (f"web: login page, {SILENT} silent and {SLOW} slow clients", _figures(crowded)),
    ]


def _logins(front: Front, times: int) -> list[float]:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        answer = front.ask("GET", "/login")
        answer.read()
        assert answer.status == 200
        taken.append(time.perf_counter() - began)
    return taken


@contextlib.contextmanager
def _silent(front: Front) -> Iterator[None]:
    """Clients that connect and never begin to encrypt."""
    with contextlib.ExitStack() as open_:
        for _ in range(SILENT):
            made = socket.create_connection(("127.0.0.1", front.https), source_address=("127.0.0.2", 0))
            open_.enter_context(made)
        yield


@contextlib.contextmanager
def _slow(front: Front) -> Iterator[None]:
    """Clients whose request drips in and does not end."""
    with contextlib.ExitStack() as open_:
        clients = []
        for _ in range(SLOW):
            made = socket.create_connection(("127.0.0.1", front.https), source_address=("127.0.0.3", 0))
            clients.append(open_.enter_context(TRUSTING.wrap_socket(made)))
            clients[-1].sendall(b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        stopped = threading.Event()
        dripping = threading.Thread(target=_drip, args=(clients, stopped), daemon=True)
        dripping.start()
        try:
            yield
        finally:
            stopped.set()
            dripping.join()


def _drip(clients: list[socket.socket], stopped: threading.Event) -> None:
    while not stopped.wait(0.5):
        for client in clients:
            with contextlib.suppress(OSError):  # nginx has had enough of this one
                client.sendall(b"X")


def _figures(taken: list[float]) -> str:
    ordered = sorted(taken)

    def share(part: float) -> float:
        return ordered[min(len(ordered) - 1, math.ceil(len(ordered) * part) - 1)] * 1e3

    return (
        f"{statistics.median(taken) * 1e3:.0f} ms median, {share(0.95):.0f} ms p95, {share(0.99):.0f} ms p99, "
        f"{ordered[-1] * 1e3:.0f} ms worst of {len(taken)}"
    )
