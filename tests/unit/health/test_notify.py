"""sd_notify and the watchdog: silence of any thread must reach systemd as silence."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from firmware.clock import FakeClock
from firmware.notify import Notifier, Pulse, Watchdog


class Manager:
    """The service manager's end of the socket."""

    def __init__(self, address: str) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self.socket.bind(address)

    def heard(self) -> list[str]:
        messages = []
        while True:
            try:
                messages.append(self.socket.recv(4096).decode())
            except BlockingIOError:
                return messages


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Manager, dict[str, str]]]:
    if request.param == "path":
        address = shown = str(tmp_path / "notify")
    else:
        shown = f"@strowger-test-{os.getpid()}"
        address = "\0" + shown[1:]
    end = Manager(address)
    yield end, {"NOTIFY_SOCKET": shown}
    end.socket.close()


def test_without_systemd_nothing_happens() -> None:
    notifier = Notifier({})
    notifier.ready()
    notifier.alive()
    assert notifier.watchdog_interval_s is None


def test_a_manager_that_is_gone_is_logged_and_survived(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Notifier({"NOTIFY_SOCKET": str(tmp_path / "nobody")}).ready()
    assert "could not be told READY=1" in caplog.text


def test_what_is_told(manager: tuple[Manager, dict[str, str]]) -> None:
    end, environment = manager
    notifier = Notifier(environment)
    notifier.ready()
    notifier.status("dialling,\n3 calls")
    notifier.status("dialling, 3 calls")
    notifier.alive()
    notifier.stopping()
    assert end.heard() == ["READY=1", "STATUS=dialling, 3 calls", "WATCHDOG=1", "STOPPING=1"]


@pytest.mark.parametrize(
    ("environment", "interval_s"),
    [
        ({"WATCHDOG_USEC": "30000000"}, 10.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}, 10.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
)
def test_how_often_the_watchdog_wants_to_hear(environment: dict[str, str], interval_s: float | None) -> None:
    assert Notifier(environment).watchdog_interval_s == interval_s


def test_the_watchdog_is_fed_only_while_everybody_lives(
    manager: tuple[Manager, dict[str, str]], caplog: pytest.LogCaptureFixture
) -> None:
    end, environment = manager
    clock = FakeClock()
    ages = {"store": 0.0, "sip": 0.0}
    notifier = Notifier({**environment, "WATCHDOG_USEC": "30000000"})
    watchdog = Watchdog(clock, notifier, {name: lambda name=name: ages[name] for name in ages}, limit_s=20)

    async def play() -> None:
        watchdog.start()
        assert end.heard() == ["WATCHDOG=1"]
        await clock.advance(25)
        assert end.heard() == ["WATCHDOG=1"] * 2
        ages["sip"] = 21.0
        await clock.advance(20)
        assert end.heard() == []
        assert caplog.text.count("no sign of life from sip") == 1
        ages["sip"] = 0.0
        await clock.advance(10)
        assert end.heard() == ["WATCHDOG=1"]
        watchdog.stop()
        await clock.advance(100)
        assert end.heard() == []

    asyncio.run(play())


def test_a_pulse_grows_old_while_an_answer_is_owed() -> None:
    async def play() -> None:
        clock, answer = FakeClock(), asyncio.Event()
        pulse = Pulse(clock, answer.wait)
        assert pulse.age_s() == 0.0
        await clock.advance(7)
        assert pulse.age_s() == 7.0
        answer.set()
        await clock.advance(1)
        await clock.advance(1)
        assert pulse.age_s() == 0.0
        await pulse.stop()

    asyncio.run(play())


def test_an_error_is_an_answer_too() -> None:
    async def fail() -> None:
        raise OSError("disk full")

    async def play() -> None:
        clock = FakeClock()
        pulse = Pulse(clock, fail)
        for _ in range(3):
            assert pulse.age_s() == 0.0
            await clock.advance(5)
        await pulse.stop()

    asyncio.run(play())
