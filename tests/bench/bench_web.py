"""The pages under a full office: fifty desks and ten dashboards open, calls changing all the time."""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from pathlib import Path

import psutil

from tests.web.box import ADMINISTRATOR, AGENT, Box, Client
from tests.web.streams import Events

AGENTS, DASHBOARDS = 50, 10
EVENTS_PER_S = 60.0


def main(quick: bool = False) -> list[tuple[str, str]]:
    """State change to page, page answers, processor and memory of the pages' process."""
    seconds = 5.0 if quick else 30.0
    with tempfile.TemporaryDirectory(prefix="strowger-bench-") as folder, Box.started(Path(folder)) as box:
        box.furnish()
        client = box.client(ADMINISTRATOR)
        for number in range(AGENTS):
            box.ask("publish", event="agent", data=_agent(1000 + number, "ready"))
        streams = _open(box)
        assert box.web is not None
        process = psutil.Process(box.web.pid)
        idle = _processor(process, 3.0)
        noise = _Noise(box)
        noise.start()
        busy = _processor(process, seconds / 3)
        delays = _delays(box, client, seconds / 3)
        answers = _answers(client, seconds / 3)
        noise.stopped.set()
        noise.join()
        memory = process.memory_info().rss / 1e6
        for stream in streams:
            stream.close()
    label = f"web: {AGENTS} desks + {DASHBOARDS} dashboards, {EVENTS_PER_S:.0f} events/s"
    return [
        (f"{label}, change to page", _figures(delays)),
        (f"{label}, page answer", _figures(answers)),
        (f"{label}, processor", f"{busy:.0f} % of a core (idle {idle:.1f} %)"),
        (f"{label}, memory", f"{memory:.0f} MB"),
    ]


def _agent(number: int, state: str) -> dict[str, object]:
    now = time.time()
    return {"id": number, "name": f"Agent {number}", "state": state, "since": now, "phone_registered": True}


def _open(box: Box) -> list[Events]:
    """Streams that are read and thrown away, by as many sessions as there would be people."""
    streams = []
    for number in range(AGENTS + DASHBOARDS - 1):
        who, path = (AGENT, "/live/desk") if number < AGENTS else (ADMINISTRATOR, "/live/dashboard")
        stream = Events(box.client(who), path)
        assert stream.status == 200
        threading.Thread(target=_drain, args=(stream,), daemon=True).start()
        streams.append(stream)
    return streams


def _drain(stream: Events) -> None:
    try:
        while stream.socket.recv(65536):
            pass
    except OSError:
        return


class _Noise(threading.Thread):
    """Calls and agents that change as they would in a full office."""

    def __init__(self, box: Box) -> None:
        super().__init__(daemon=True)
        self._box = box
        self.stopped = threading.Event()

    def run(self) -> None:
        count = 0
        while not self.stopped.wait(1 / EVENTS_PER_S):
            count += 1
            if count % 3:
                state = ("dialling", "ringing", "listening", "bridged")[count % 4]
                call = {
                    "attempt": f"u{count % 60}",
                    "campaign_id": 1,
                    "number": "+49 30 23•••••00",
                    "state": state,
                }
                self._box.ask("publish", event="call", data={**call, "since": time.time(), "agent_id": None})
            else:
                state = ("ready", "talking", "wrap_up", "paused")[count % 4]
                self._box.ask("publish", event="agent", data=_agent(1000 + count % AGENTS, state))


def _delays(box: Box, client: Client, seconds: float) -> list[float]:
    taken = []
    with Events(client, "/live/dashboard") as events:
        events.next()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            mark = f"mark {len(taken)}."
            began = time.perf_counter()
            box.ask("publish", event="trunk", data={"name": mark, "up": True, "legs": 0, "lines": 1})
            events.wait_for(lambda told, mark=mark: mark in told["regions"].get("trunks", ""))  # type: ignore[misc]
            taken.append(time.perf_counter() - began)
            box.ask("remove", event="trunk", key=mark)
    return taken


def _answers(client: Client, seconds: float) -> list[float]:
    taken = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for path in ("/campaigns", "/lists", "/users", "/live/dashboard.json"):
            began = time.perf_counter()
            assert client.get(path).status == 200
            taken.append(time.perf_counter() - began)
    return taken


def _processor(process: psutil.Process, seconds: float) -> float:
    return float(process.cpu_percent(seconds))


def _figures(taken: list[float]) -> str:
    p95 = statistics.quantiles(taken, n=20)[-1]
    return f"{statistics.median(taken) * 1e3:.0f} ms median, {p95 * 1e3:.0f} ms p95, {max(taken) * 1e3:.0f} ms worst"
