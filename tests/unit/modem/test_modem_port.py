"""The driver's thread and its port: a simulated modem on a pseudo terminal, and everything that is no modem."""

from __future__ import annotations

import errno
import os
import pty
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import serial

from board.modem import ports
from board.modem.driver import ModemLine
from board.modem.engine import Settings
from board.modem.events import Ended, Event, Failed, Outcome, Ready
from board.modem.ports import Port, PortTrouble, find
from board.modem.sounds import Duplex
from board.modem.table import State
from board.sim.line import LineSim
from board.sim.modem import ModemSim
from board.sim.modem_kinds import CX930XX_2X
from board.sim.modem_pty import ModemPty
from tests.unit.modem.bench import Ear

PATIENCE_S = 60


def wait_for(what: Callable[[], object]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < until, "waited too long"
        threading.Event().wait(0.02)


@pytest.fixture
def stick(tmp_path: Path) -> Iterator[ModemPty]:
    pty_modem = ModemPty(ModemSim(LineSim("DE"), CX930XX_2X), tmp_path / "modem")
    pty_modem.plug_in()
    yield pty_modem
    pty_modem.unplug()


def trouble(port: str) -> ports.Fault:
    with pytest.raises(PortTrouble) as caught:
        Port(port)
    return caught.value.fault


def test_pulled_out_mid_call_the_call_ends_with_its_cause_and_the_line_comes_back_under_another_name(
    stick: ModemPty, tmp_path: Path
) -> None:
    events: list[Event] = []
    line = ModemLine(str(tmp_path / "modem"), Settings(blind=True, rest_s=0.0), events.append)
    line.start()
    try:
        wait_for(lambda: line.state is State.IDLE)
        line.dial("02312312500", Ear(), Duplex())
        wait_for(lambda: line.state is State.PROGRESS)
        before = stick.path
        held = os.open(before, os.O_RDWR | os.O_NOCTTY)  # so that the next terminal gets another name
        stick.unplug()
        wait_for(lambda: any(isinstance(event, Failed) for event in events))
        assert [event.outcome for event in events if isinstance(event, Ended)] == [Outcome.UNPLUGGED]
        assert line.fault is not None
        assert line.fault.key in ("line_unplugged", "line_port_missing")
        events.clear()
        stick.plug_in()
        assert stick.path != before
        os.close(held)
        wait_for(lambda: any(isinstance(event, Ready) for event in events))
        assert line.fault is None
        line.dial("02312312500", Ear(), Duplex())
        wait_for(lambda: line.state is State.PROGRESS)
        assert stick.modem.off_hook
    finally:
        line.stop()
    wait_for(lambda: not stick.modem.off_hook)
    assert isinstance(next(event for event in events if isinstance(event, Ended)), Ended)


def test_a_process_killed_in_the_middle_of_a_call_leaves_the_line_on_hook(
    stick: ModemPty, tmp_path: Path
) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.unit.modem.pty_child", str(tmp_path / "modem")],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    try:
        assert any(line.strip() == State.PROGRESS.value for line in child.stdout)
        assert stick.modem.off_hook
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
    wait_for(lambda: not stick.modem.off_hook)


def test_a_port_that_is_not_there(tmp_path: Path) -> None:
    fault = trouble(str(tmp_path / "nothing"))
    assert fault.key == "line_port_missing"
    assert "/dev/serial/by-id" in fault.text
    assert str(tmp_path) not in fault.figures["found"]


def test_a_file_that_is_no_port_is_not_even_opened(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert trouble(str(tmp_path / "file")).key == "line_port_wrong"
    assert trouble("/dev/null").key == "line_port_wrong"


def test_a_port_held_by_another_program_names_it(stick: ModemPty) -> None:
    code = (
        "import serial, sys; port = serial.Serial(sys.argv[1], exclusive=True); "
        "print('held', flush=True); sys.stdin.read()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code, stick.path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdin is not None
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    fault = trouble(stick.path)
    assert fault.key == "line_port_held"
    assert str(child.pid) in fault.text
    child.communicate()
    Port(stick.path).close()


def test_no_permission_says_which_group(monkeypatch: pytest.MonkeyPatch) -> None:
    master, slave = pty.openpty()

    def refuse(*_: object, **__: object) -> None:
        raise serial.SerialException(errno.EACCES, "could not open port")

    monkeypatch.setattr(ports.serial, "Serial", refuse)  # a test that runs as root is never refused
    fault = trouble(os.ttyname(slave))
    assert fault.key == "line_port_denied"
    assert "dialout" in fault.text
    os.close(slave)
    os.close(master)


def test_a_stick_is_found_by_its_number_and_by_its_socket() -> None:
    sticks = [
        SimpleNamespace(device="/dev/ttyACM1", serial_number="4711", location="1-1.3:1.0"),
        SimpleNamespace(device="/dev/ttyACM0", serial_number=None, location=None),
    ]
    assert find("serial:4711", lambda: sticks) == "/dev/ttyACM1"
    assert find("usb:1-1.3", lambda: sticks) == "/dev/ttyACM1"
    assert find("/dev/ttyACM0", lambda: sticks) == "/dev/ttyACM0"
    with pytest.raises(PortTrouble, match="ttyACM0"):
        find("serial:4712", lambda: sticks)


def test_a_line_without_a_modem_still_ends_every_call(tmp_path: Path) -> None:
    events: list[Event] = []
    line = ModemLine(str(tmp_path / "nothing"), Settings(), events.append)
    line.start()
    line.dial("112", Ear(), Duplex())
    wait_for(lambda: any(isinstance(event, Ended) for event in events))
    line.stop()
    assert Ended(Outcome.LINE_GONE) in events


def test_what_cannot_be_dialled_is_refused_at_once(tmp_path: Path) -> None:
    line = ModemLine(str(tmp_path / "nothing"), Settings(), lambda _: None)
    for digits in ("", "+4923", "12;ATH", "1" * 41):
        with pytest.raises(ValueError, match="dial string"):
            line.dial(digits, Ear(), Duplex())
