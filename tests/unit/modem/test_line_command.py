"""``strowger line``: asked of a simulated modem, and of what is none."""

from __future__ import annotations

import errno
import os
import pty
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from board.modem import ports
from board.modem.events import Fault
from board.modem.stream import Counters
from board.modem.table import State
from board.sim.line import Faults as LineFaults
from board.sim.line import LineSim
from board.sim.modem import ModemSim
from board.sim.modem_kinds import HALF_DUPLEX, NO_VOICE, USR5637
from board.sim.modem_pty import ModemPty
from firmware import cli
from firmware.trunks.modem import LineStatus
from web_ui.words import HEALTH


@pytest.fixture
def stick(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[ModemPty]:
    kind, faults = request.param
    stick = ModemPty(ModemSim(LineSim("DE", faults=faults), kind), tmp_path / "modem")
    stick.plug_in()
    yield stick
    stick.unplug()


@pytest.mark.parametrize("stick", [(USR5637, LineFaults())], indirect=True)
def test_a_line_is_probed_and_tested(
    stick: ModemPty, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["line", "probe", str(tmp_path / "modem")]) == 0
    said = capsys.readouterr().out
    assert "ATI0           5601 / OK" in said
    assert "8-BIT ALAW" in said
    assert cli.main(["line", "test", str(tmp_path / "modem")]) in (
        0,
        1,
    )  # a busy machine may be late with samples
    said = capsys.readouterr().out
    assert "duplex voice   yes" in said
    assert "dial_tone_level" in said
    assert "echo_return_loss" in said
    assert not stick.modem.off_hook


@pytest.mark.parametrize("stick", [(HALF_DUPLEX, LineFaults())], indirect=True)
def test_a_half_duplex_modem_fails_its_test_in_words(
    stick: ModemPty, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["line", "test", str(tmp_path / "modem")]) == 1
    assert "no: half_duplex" in capsys.readouterr().out
    assert not stick.modem.off_hook


def test_a_wrong_port_is_refused_with_the_way_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("probe", "test"):
        assert cli.main(["line", command, str(tmp_path / "nothing")]) == 1
        assert "nothing is plugged in there" in capsys.readouterr().err


@pytest.mark.parametrize("number", ["112", "110", "0112"])
def test_learning_never_calls_an_emergency_number(
    number: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["line", "learn", str(tmp_path / "nothing"), number]) == 1
    assert "emergency number" in capsys.readouterr().err


SILENT = frozenset({"E0", "Q0", "V1", "H0"})


@pytest.mark.parametrize("stick", [(USR5637, LineFaults())], indirect=True)
def test_what_answers_to_nothing_is_no_modem_and_says_what_to_do(
    stick: ModemPty, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    object.__setattr__(stick.modem._faults, "deaf_to", SILENT)
    try:
        assert cli.main(["line", "test", str(tmp_path / "modem")]) == 1
    finally:
        object.__setattr__(stick.modem._faults, "deaf_to", frozenset())
    assert "pull the modem out and plug it in again" in capsys.readouterr().err


@pytest.mark.parametrize("stick", [(NO_VOICE, LineFaults())], indirect=True)
def test_a_modem_without_voice_says_which_kind_is_needed(
    stick: ModemPty, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del stick
    assert cli.main(["line", "test", str(tmp_path / "modem")]) == 1
    assert "take a voice modem" in capsys.readouterr().err


@pytest.mark.parametrize("stick", [(USR5637, LineFaults())], indirect=True)
def test_a_port_held_by_another_program_is_named_by_every_command(
    stick: ModemPty, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del stick
    with serial.Serial(str(tmp_path / "modem"), exclusive=True):
        for command in (["probe"], ["test"], ["learn"]):
            more = ["+493023125009"] if command == ["learn"] else []
            assert cli.main(["line", *command, str(tmp_path / "modem"), *more]) == 1
            assert "holds this port" in capsys.readouterr().err


def test_no_permission_names_the_group(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise serial.SerialException(errno.EACCES, "could not open port")

    monkeypatch.setattr(ports.serial, "Serial", refuse)  # a test that runs as root is never refused
    master, slave = pty.openpty()
    assert cli.main(["line", "probe", os.ttyname(slave)]) == 1
    assert "dialout" in capsys.readouterr().err
    os.close(slave)
    os.close(master)


FAULTS = {
    "line_port_missing": {"found": "none"},
    "line_port_wrong": {},
    "line_port_denied": {},
    "line_port_held": {"holder": "minicom (4711)"},
    "line_unplugged": {"detail": "gone"},
    "line_no_modem": {},
    "line_no_voice": {"modem": "56K"},
    "line_no_format": {"modem": "56K"},
    "line_failed": {},
}


@pytest.mark.parametrize("key", FAULTS)
def test_health_says_what_is_wrong_with_a_line_in_words(key: str) -> None:
    fault = Fault(key, "text", FAULTS[key])
    status = LineStatus("one", "lines", "/dev/ttyACM0", State.GONE, fault, None, Counters())
    found, figures = status.wrong()
    assert found == key
    sentence = HEALTH[key].format(**figures)
    assert "one" in sentence
    assert "{" not in sentence
