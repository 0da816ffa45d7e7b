"""How long the control socket takes: a command's round trip, and an event to fifty open pages."""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path

from firmware.client import Client
from firmware.clock import SystemClock
from firmware.control import Control
from firmware.hub import Hub

_READERS = 50


def main(quick: bool = False) -> list[tuple[str, str]]:
    """Return medians and the 95th percentile."""
    return asyncio.run(_measure(200 if quick else 5000))


async def _measure(rounds: int) -> list[tuple[str, str]]:
    with tempfile.TemporaryDirectory(prefix="strowger-bench-") as folder:
        path = Path(folder) / "control.sock"
        hub = Hub(SystemClock())
        control = Control(path, hub)
        control.add("nothing", _nothing)
        await control.start()
        answers = await _answers(path, rounds)
        events = await _events(path, hub, rounds // 10)
        await control.stop()
    return [
        ("control: command", _figures(answers)),
        (f"control: event to the last of {_READERS}", _figures(events)),
    ]


async def _nothing() -> None:
    """The least a command can do."""


async def _answers(path: Path, rounds: int) -> list[float]:
    taken: list[float] = []
    async with Client(path) as client:
        for _ in range(rounds):
            began = time.perf_counter()
            await client.ask("nothing")
            taken.append(time.perf_counter() - began)
    return taken


async def _events(path: Path, hub: Hub, rounds: int) -> list[float]:
    readers = [await asyncio.open_unix_connection(str(path)) for _ in range(_READERS)]
    for reader, writer in readers:
        writer.write(json.dumps({"id": 1, "do": "events"}).encode() + b"\n")
        await reader.readline()
    taken: list[float] = []
    for number in range(rounds):
        began = time.perf_counter()
        hub.publish("agent", {"id": 1, "name": "Anna", "state": "ready", "since": number})
        await asyncio.gather(*(reader.readline() for reader, _ in readers))
        taken.append(time.perf_counter() - began)
    for _, writer in readers:
        writer.close()
    return taken


def _figures(taken: list[float]) -> str:
    return f"{statistics.median(taken) * 1e3:.2f} ms median, {statistics.quantiles(taken, n=20)[-1] * 1e3:.2f} ms p95"
