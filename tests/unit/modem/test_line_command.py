"""``strowger line``: asked of a simulated modem, and of what is none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from board.sim.line import Faults as LineFaults
from board.sim.line import LineSim
from board.sim.modem import ModemSim
from board.sim.modem_kinds import HALF_DUPLEX, USR5637
from board.sim.modem_pty import ModemPty
from firmware import cli


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
