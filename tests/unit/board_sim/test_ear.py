"""The ear: what counts as somebody speaking."""

from __future__ import annotations

import asyncio
import time

import pytest

from board.sim.ear import LOUD_DBFS, Ear

LOUD = 32768.0**2 / 2 * 10 ** ((LOUD_DBFS + 6) / 10)
SOFT = 32768.0**2 / 2 * 10 ** ((LOUD_DBFS - 6) / 10)


def feed(ear: Ear, pattern: str, start: float = 1000.0) -> float:
    """Feed frames 20 ms apart, `#` loud and `.` soft; return the time after them."""
    for n, one in enumerate(pattern):
        ear.feed(LOUD if one == "#" else SOFT, start + 0.02 * n)
    return start + 0.02 * len(pattern)


@pytest.mark.parametrize(
    ("pattern", "bursts"),
    [
        ("....................", 0),
        ("#..#....#....#......", 0),
        ("##..........##......", 0),
        ("....###.............", 1),
        ("....#.#.#...........", 1),
        ("###" + "." * 15 + "###", 1),
        ("###" + "." * 25 + "###", 2),
        ("#" * 200, 1),
    ],
)
def test_bursts(pattern: str, bursts: int) -> None:
    ear = Ear()
    feed(ear, pattern)
    assert ear.bursts == bursts


def test_a_burst_begins_with_its_first_loud_frame() -> None:
    ear, began = Ear(), []
    ear.on_burst = began.append
    feed(ear, "...#.##....", 1000.0)
    assert began == [pytest.approx(1000.06)]
    assert ear.first_heard_at == began[0]
    assert ear.last_loud_at == pytest.approx(1000.12)


def test_after_a_gap_without_packets_a_new_burst_begins() -> None:
    ear = Ear()
    feed(ear, "####", 1000.0)
    feed(ear, "####", 1005.0)
    assert ear.bursts == 2


async def test_waiting_for_speech() -> None:
    ear = Ear()
    assert not await ear.speech(0.01)
    waiting = asyncio.ensure_future(ear.speech(5))
    await asyncio.sleep(0)
    feed(ear, "###", time.time())
    assert await waiting
    assert await ear.speech(0.0)


async def test_waiting_for_a_pause() -> None:
    ear = Ear()
    assert await ear.pause(0.1, 0.0)
    feed(ear, "###", time.time())
    assert not await ear.pause(10.0, 0.02)
    assert await ear.pause(0.05, 5.0)
    assert ear.quiet_s >= 0.05
