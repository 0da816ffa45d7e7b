"""The control socket over a real UNIX socket: bad requests first, then slow readers, then what works."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import stat
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import pytest

from firmware.clock import FakeClock
from firmware.control import CONNECTIONS, LINE_BYTES, Control
from firmware.hub import Hub
from firmware.model import CampaignId, OperatorError, Problem
from firmware.typed import Length


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Sum:
    total: int


async def add(left: int, right: int = 1) -> Sum:
    return Sum(left + right)


async def typed(
    id: CampaignId,  # noqa: A002
    name: Annotated[str, Length(1, 5)],
    numbers: list[str],
    colour: Colour = Colour.RED,
    at: float | None = None,
    settings: Mapping[str, Any] | None = None,
    sure: bool = False,
) -> Mapping[str, Any]:
    return {"colour": type(colour).__name__, "at": at, "settings": settings, "id": id, "sure": sure}


async def refuse() -> None:
    raise OperatorError(Problem("a", "one", "one"), Problem("b", "two", "two", {"n": 2}))


async def break_down() -> None:
    raise RuntimeError("secret detail")


async def unspeakable() -> Mapping[str, Any]:
    return {"value": object()}


class Talk:
    """One connection to the socket under test."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, line: bytes) -> dict[str, Any]:
        self.writer.write(line + b"\n")
        return await self.receive()

    async def receive(self) -> dict[str, Any]:
        line = await asyncio.wait_for(self.reader.readline(), 10)
        answer = json.loads(line)
        assert isinstance(answer, dict)
        return answer

    async def ask(self, do: str, **args: Any) -> dict[str, Any]:
        return await self.send(json.dumps({"id": 7, "do": do, "args": args}).encode())


class Bench:
    """A control socket with a few commands, and connections to it."""

    def __init__(self, control: Control, hub: Hub, path: Path) -> None:
        self.control = control
        self.hub = hub
        self.path = path

    async def connect(self, limit: int = 1 << 24) -> Talk:
        return Talk(*await asyncio.open_unix_connection(str(self.path), limit=limit))


@asynccontextmanager
async def opened(path: Path, **options: Any) -> AsyncIterator[Bench]:
    hub = Hub(FakeClock())
    control = Control(path, hub, **options)
    commands = {"sum": add, "typed": typed, "refuse": refuse, "break": break_down, "unspeakable": unspeakable}
    for name, handler in commands.items():
        control.add(name, handler)
    await control.start()
    try:
        yield Bench(control, hub, path)
    finally:
        await control.stop()


@pytest.fixture
def path():
    with tempfile.TemporaryDirectory(prefix="strowger-") as folder:
        yield Path(folder) / "control.sock"


def run(path: Path, scene: Callable[[Bench], Awaitable[None]], **options: Any) -> None:
    async def play() -> None:
        async with opened(path, **options) as bench:
            await scene(bench)

    asyncio.run(play())


def keys(answer: Mapping[str, Any]) -> dict[str, str]:
    assert answer["ok"] is False
    return {problem["where"]: problem["key"] for problem in answer["problems"]}


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"not json",
        b"[1, 2]",
        b'"text"',
        b"{}",
        b'{"id": 1, "do": 5}',
        b'{"id": 1, "do": "sum", "args": [1]}',
        b'{"id": 1, "do": "sum", "args": {}, "more": 1}',
        b'{"id": {}, "do": "sum"}',
        b'{"id": true, "do": "sum"}',
        b"[" * 100_000,
        b'{"id": 1, "do": "\xff"}',
        b'{"id": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_no_request_is_answered_and_the_connection_lives_on(path: Path, line: bytes) -> None:
    async def scene(bench: Bench) -> None:
        talk = await bench.connect()
        assert keys(await talk.send(line)) == {"": "malformed_request"}
        assert (await talk.ask("sum", left=1))["result"] == {"total": 2}

    run(path, scene)


def test_a_request_that_is_too_long_is_told_and_the_connection_closed(path: Path) -> None:
    async def scene(bench: Bench) -> None:
        talk = await bench.connect()
        talk.writer.write(b"x" * (LINE_BYTES + 1))
        assert keys(await talk.receive()) == {"": "request_too_long"}
        assert await talk.reader.read() == b""
        assert (await (await bench.connect()).ask("sum", left=1))["ok"]

    run(path, scene)


def test_arguments_are_read_strictly_and_all_mistakes_told(path: Path) -> None:
    async def scene(bench: Bench) -> None:
        talk = await bench.connect()
        answer = await talk.ask("typed", id="3", nam="x", numbers=["1", 2], colour="green", at=True, sure=1)
        assert keys(answer) == {
            "id": "wrong_type",
            "nam": "unknown_key_suggestion",
            "name": "missing",
            "numbers[2]": "wrong_type",
            "colour": "not_one_of",
            "at": "wrong_type",
            "sure": "wrong_type",
        }
        answer = await talk.ask("typed", id=2**63, name="longer", numbers=[], settings=[])
        assert keys(answer) == {"id": "out_of_range", "name": "wrong_length", "settings": "wrong_type"}
        answer = await talk.send(b'{"id":1,"do":"typed","args":{"id":1,"numbers":[],"name":"\\ud800"}}')
        assert keys(answer) == {"name": "malformed"}

    run(path, scene)


def test_an_unknown_command_is_told_with_its_neighbour(path: Path) -> None:
    async def scene(bench: Bench) -> None:
        answer = await (await bench.connect()).ask("statsu")
        assert keys(answer) == {"statsu": "unknown_command"}
        assert answer["problems"][0]["figures"]["suggestion"] == "status"

    run(path, scene)


def test_refusals_carry_every_problem(path: Path) -> None:
    async def scene(bench: Bench) -> None:
        answer = await (await bench.connect()).ask("refuse")
        assert answer == {
            "id": 7,
            "ok": False,
            "problems": [
                {"where": "a", "key": "one", "text": "one", "figures": {}},
                {"where": "b", "key": "two", "text": "two", "figures": {"n": 2}},
            ],
        }

    run(path, scene)


@pytest.mark.parametrize("command", ["break", "unspeakable"])
def test_our_own_faults_are_answered_by_reference_and_logged(
    path: Path, command: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene(bench: Bench) -> None:
        talk = await bench.connect()
        answer = await talk.ask(command)
        assert keys(answer) == {command: "our_fault"}
        reference = answer["problems"][0]["figures"]["reference"]
        assert reference in caplog.text
        assert "secret detail" not in json.dumps(answer)
        assert (await talk.ask("sum", left=1))["ok"]

    run(path, scene)


def test_a_slow_reader_is_cut_off_and_nobody_else_notices(path: Path) -> None:
    async def scene(bench: Bench) -> None:
        slow, quick = await bench.connect(), await bench.connect()
        assert (await slow.ask("events"))["ok"]
        assert (await quick.ask("events"))["ok"]
        slow.writer.transport.pause_reading()
        number = 0
        while bench.hub.subscribers == 2:
            number += 1
            bench.hub.publish("agent", {"id": 1, "number": number, "padding": "x" * 10_000})
            event = await quick.receive()
            assert event["data"]["number"] == number
        assert (await quick.ask("sum", left=1))["ok"]
        slow.writer.transport.resume_reading()
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await asyncio.wait_for(slow.reader.readexactly(1 << 30), 10)

    run(path, scene, backlog_bytes=200_000)


def test_a_snapshot_then_every_event_and_none_lost_between(path: Path) -> None:
    async def scene(bench: Bench) -> None:
        number = 0

        async def change() -> None:
            nonlocal number
            while number < 400:
                number += 1
                bench.hub.publish("campaign", {"id": 1, "number": number})
                await asyncio.sleep(0)

        changing = asyncio.create_task(change())
        for _ in range(5):
            talk = await bench.connect()
            snapshot = (await talk.ask("events"))["result"]
            seen = next((part["number"] for part in snapshot["campaigns"]), 0)
            expected = seen
            while expected < 400:
                expected += 1
                assert (await talk.receive())["data"]["number"] == expected
        await changing

    run(path, scene)


def test_a_handler_that_waits_does_not_stall_other_connections(path: Path) -> None:
    async def scene(bench: Bench) -> None:
        gate = asyncio.Event()

        async def wait() -> None:
            await gate.wait()

        bench.control.add("wait", wait)
        first, second = await bench.connect(), await bench.connect()
        waiting = asyncio.create_task(first.ask("wait"))
        assert (await second.ask("sum", left=1))["ok"]
        assert not waiting.done()
        gate.set()
        assert (await waiting)["result"] == {}

    run(path, scene)


def test_stopping_ends_what_is_under_way_and_every_connection(path: Path) -> None:
    async def play() -> None:
        ended: list[str] = []

        async def wait() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                ended.append("wait")

        async with opened(path) as bench:
            bench.control.add("wait", wait)
            busy, listening = await bench.connect(), await bench.connect()
            await listening.ask("events")
            busy.writer.write(b'{"do":"wait"}\n')
            await listening.ask("status")
        assert ended == ["wait"]
        assert bench.hub.subscribers == 0
        assert await busy.reader.read() == b""
        assert await listening.reader.read() == b""

    asyncio.run(play())


def test_too_many_connections_are_told_so(path: Path) -> None:
    async def scene(bench: Bench) -> None:
        held = [await bench.connect() for _ in range(CONNECTIONS)]
        await held[-1].ask("status")
        late = await bench.connect()
        assert keys(await late.receive()) == {"": "too_many_connections"}
        assert await late.reader.read() == b""
        assert (await held[0].ask("status"))["ok"]

    run(path, scene)


def test_a_reader_that_leaves_is_forgotten(path: Path) -> None:
    async def scene(bench: Bench) -> None:
        talk = await bench.connect()
        await talk.ask("events")
        assert bench.hub.subscribers == 1
        talk.writer.close()
        while bench.hub.subscribers:
            await asyncio.sleep(0.01)

    run(path, scene)


def test_what_good_requests_get(path: Path) -> None:
    async def scene(bench: Bench) -> None:
        talk = await bench.connect()
        assert await talk.ask("sum", left=2, right=3) == {"id": 7, "ok": True, "result": {"total": 5}}
        answer = await talk.ask(
            "typed", id=4, name="four", numbers=["1"], colour="blue", at=2, settings={"a": [1]}, sure=True
        )
        assert answer["result"] == {
            "colour": "Colour", "at": 2.0, "settings": {"a": [1]}, "id": 4, "sure": True
        }  # fmt: skip
        bench.hub.publish("box", {"name": "Büro"})
        assert (await talk.ask("status"))["result"]["box"] == {"name": "Büro"}
        assert (await talk.send(b'{"do":"status"}'))["id"] is None

    run(path, scene)


def test_the_socket_is_for_owner_and_group_only_and_goes_away(path: Path) -> None:
    async def scene(bench: Bench) -> None:
        assert stat.S_IMODE(path.stat().st_mode) == 0o660

    before = os.umask(0)
    try:
        run(path, scene)
    finally:
        os.umask(before)
    assert not path.exists()


def test_the_socket_of_a_service_that_died_is_replaced(path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as dead:
        dead.bind(str(path))

    async def scene(bench: Bench) -> None:
        assert (await (await bench.connect()).ask("sum", left=1))["ok"]

    run(path, scene)


def test_the_socket_of_a_living_service_is_left_alone(path: Path) -> None:
    async def scene(bench: Bench) -> None:
        with pytest.raises(OperatorError) as refused:
            await Control(path, Hub(FakeClock())).start()
        assert refused.value.problems[0].key == "already_running"
        assert (await (await bench.connect()).ask("sum", left=1))["ok"]

    run(path, scene)


def test_a_file_in_the_sockets_place_is_not_deleted(path: Path) -> None:
    path.write_text("precious", encoding="utf-8")
    with pytest.raises(OperatorError) as refused:
        asyncio.run(Control(path, Hub(FakeClock())).start())
    assert refused.value.problems[0].key == "not_a_socket"
    assert path.read_text(encoding="utf-8") == "precious"


def test_a_path_too_long_for_a_socket_is_told(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 120) / "control.sock"
    with pytest.raises(OperatorError) as refused:
        asyncio.run(Control(path, Hub(FakeClock())).start())
    assert refused.value.problems[0].key == "path_too_long"


def test_mistakes_of_ours_are_found_when_a_command_is_added(path: Path) -> None:
    async def unreadable(what: socket.socket) -> None: ...

    control = Control(path, Hub(FakeClock()))
    with pytest.raises(TypeError):
        control.add("unreadable", unreadable)
    for name in ("status", "events"):
        with pytest.raises(ValueError, match=name):
            control.add(name, add)
