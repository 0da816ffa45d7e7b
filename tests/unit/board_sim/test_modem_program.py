"""`python -m board.sim modem`: the program somebody without a telephone line plugs the box into."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest
import serial

from board.sim.modem_caller import lines
from tests.unit.board_sim.support import make_voices
from tests.unit.board_sim.test_programs import ask, program


def said(port: str, command: bytes) -> bytes:
    with serial.Serial(port, timeout=10, exclusive=True) as modem:
        modem.write(command)
        return modem.read_until(b"OK\r\n")


async def test_a_modem_is_offered_directed_pulled_out_and_put_away(tmp_path: Path) -> None:
    sock, link = tmp_path / "c.sock", tmp_path / "modem"
    arguments = ("modem", "--kind", "usr5637", "--link", link, "--voices", make_voices(tmp_path / "v"))
    async with program(*arguments, "--control", sock) as (process, ready):
        assert ready == f"ready: usr5637 on {link}\n"
        assert b"5601" in await asyncio.to_thread(said, str(link), b"ATI0\r")
        state = (await ask(sock, "state"))["result"]
        assert isinstance(state, dict)
        assert (state["off_hook"], state["phase"]) == (False, "idle")
        assert (await ask(sock, "ring", number="02312312501"))["result"] == {"rings": True}
        await ask(sock, "unplug")
        assert not link.exists()
        assert "not plugged in" in str((await ask(sock, "state"))["error"])
        await ask(sock, "plug_in")
        assert b"5601" in await asyncio.to_thread(said, str(link), b"ATI0\r")
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 30) == 0
    assert not link.is_symlink()


@pytest.mark.parametrize(
    ("message", "spaced", "wanted"),
    [
        (b"\x04\x0a03211530O", True, []),  # the sum is wrong
        (b"A02312312501C", False, ["NMBR=02312312501"]),
        (b"\x80\x04\x04\x01P\x00", True, []),
    ],
)
def test_caller_id_as_a_modem_prints_it(message: bytes, spaced: bool, wanted: list[str]) -> None:
    assert lines(message, spaced=spaced) == wanted


def test_a_withheld_number_is_a_letter() -> None:
    body = b"\x04\x01P\x07\x05PROBE"
    message = bytes((0x80, len(body))) + body
    message += bytes((-sum(message) & 0xFF,))
    assert lines(message, spaced=True) == ["NMBR = P", "NAME = PROBE"]
