"""The witness: what it writes, what it waits for, and a disk that is full."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from board.sim.witness import Subject, Witness

CALL = Subject("c1", "+493023125100", "+493023125001", "human")


def test_a_line_an_event_appended(tmp_path: Path) -> None:
    for n in range(2):
        witness = Witness(tmp_path / "log.jsonl")
        witness.record(CALL, "invite", {"nth": n, "word": "Grüße\n"}, 1700000000.1234567)
        witness.close()
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert lines[1] == {
        "t": 1700000000.123457, "call_id": "c1", "number": "+493023125100", "caller": "+493023125001",
        "behaviour": "human", "event": "invite", "nth": 1, "word": "Grüße\n",
    }  # fmt: skip


def test_what_is_no_utf8_is_written_all_the_same(tmp_path: Path) -> None:
    witness = Witness(tmp_path / "log.jsonl")
    witness.record(Subject("c1", b"\xff1".decode("utf-8", "surrogateescape")), "invite", {})
    witness.close()
    assert json.loads((tmp_path / "log.jsonl").read_bytes())["number"] == "\udcff1"


async def test_waiting_finds_past_and_coming_events() -> None:
    witness = Witness()
    witness.record(CALL, "spoke", {})
    assert (await witness.wait_for("spoke", number=CALL.number)).event == "spoke"
    second = asyncio.ensure_future(witness.wait_for("spoke", call_id="c1", nth=2))
    await asyncio.sleep(0)
    witness.record(Subject("other"), "spoke", {})
    assert not second.done()
    witness.record(CALL, "spoke", {"n": 2})
    assert (await second).figures == {"n": 2}


async def test_waiting_in_vain_says_what_happened_instead() -> None:
    witness = Witness()
    witness.record(CALL, "ringing", {})
    with pytest.raises(TimeoutError, match=r"ringing\(\+493023125100\)"):
        await witness.wait_for("answered", timeout_s=0.01)


def test_a_full_disk_is_counted_and_said_once(caplog: pytest.LogCaptureFixture) -> None:
    witness = Witness(Path("/dev/full"))
    for _ in range(3):
        witness.record(CALL, "invite", {})
    assert witness.unwritten == 3
    assert len(caplog.records) == 1
    assert len(witness.events) == 3
    witness.close()
