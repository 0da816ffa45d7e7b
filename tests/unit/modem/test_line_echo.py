"""The canceller in a line's own path (engine, simulated modem, hybrid, a counted clock), and the bridge's queues."""

from __future__ import annotations

import numpy as np
import pytest

from board.modem.sounds import Duplex
from board.modem.table import State
from board.sim.line import FarEnd, LineSim
from board.sim.modem_kinds import CX930XX_2X, CX93010_2006
from firmware.trunks._modem_echo import CleanSound
from firmware.trunks._modem_sound import AIM, MOST, BridgeSound, LateSound
from tests.unit.modem.bench import NUMBER, Bench, Ear
from tests.unit.modem.test_line_listener import speech


def power(samples: np.ndarray) -> float:
    return float(np.mean(samples.astype(float) ** 2)) + 1e-9


@pytest.mark.parametrize(
    ("kind", "least_db"), [(CX930XX_2X, 20.0), (CX93010_2006, 7.0)], ids=["A-law", "8 bits"]
)
def test_an_agent_does_not_hear_the_echo_of_the_line(kind, least_db):
    levels = []
    for cleaned in (False, True):
        line = LineSim("DE", {NUMBER: FarEnd(rings=1)}.get)
        bench = Bench(kind, line=line).started()
        ends = Duplex(60_000)
        bench.dial(Ear(), CleanSound(ends) if cleaned else ends)
        bench.reach(State.PROGRESS)
        bench.run(12)
        ends.heard.read(1 << 20)
        ends.said.write(speech(20).tobytes())
        bench.run(20)
        heard = np.frombuffer(ends.heard.read(1 << 20), np.int16)
        levels.append(power(heard[-5 * 8000 :]))
    assert 10 * np.log10(levels[0] / levels[1]) > least_db


def test_torn_reads_lose_no_sample():
    ends = Duplex(60_000)
    clean = CleanSound(ends)
    chance = np.random.default_rng(1)
    noise = chance.integers(-3000, 3000, 16_000).astype(np.int16)
    at = 0
    while at < len(noise):
        size = int(chance.integers(1, 400))
        clean.write(noise[at : at + size].tobytes())
        clean.read(size)
        at += size
    heard = np.frombuffer(ends.heard.read(1 << 20), np.int16)
    assert len(heard) == 16_000
    assert (
        np.corrcoef(heard[4000:], noise[4000:])[0, 1] > 0.9
    )  # nothing was said: only the lowest notes are taken off


class Queue:
    """A port on a bridge whose clock has stopped, or runs."""

    def __init__(self) -> None:
        self.out = bytearray()
        self.back = bytearray()

    def write(self, samples: bytes) -> int:
        self.out += samples
        return len(samples) // 2

    def read(self, max_samples: int) -> bytes:
        block = bytes(self.back[: 2 * max_samples])
        del self.back[: 2 * max_samples]
        return block

    def pending(self) -> int:
        return len(self.out) // 2

    def available(self) -> int:
        return len(self.back) // 2


@pytest.mark.parametrize("ppm", [-300, 0, 300])
def test_two_clocks_that_disagree_stay_together_for_an_hour(ppm):
    queue = Queue()
    sound = BridgeSound(queue)
    frame, owed, longest = bytes(320), 0.0, 0
    for _ in range(180_000):
        sound.write(frame)
        sound.read(160)
        owed += 160 * (1 + ppm / 1e6)
        taken, owed = int(owed), owed - int(owed)
        del queue.out[: 2 * taken]
        queue.back += bytes(2 * taken)
        longest = max(longest, queue.pending(), queue.available())
    assert longest <= AIM + 2 * 160


def test_a_bridge_that_stood_still_is_not_waited_for():
    queue = Queue()
    sound = BridgeSound(queue)
    for _ in range(500):
        sound.write(bytes(320))
    assert queue.pending() <= MOST + 160
    sound.read(160)
    queue.back += bytes(2 * 80_000)
    sound.read(160)
    assert queue.available() <= AIM
    assert sound.slipped > 0


def test_until_the_bridge_has_room_nobody_speaks_and_nobody_hears():
    sound = LateSound()
    assert (sound.write(bytes(320)), sound.read(160)) == (160, b"")
    queue = Queue()
    sound.join(BridgeSound(queue))
    sound.write(bytes(320))
    assert queue.pending() == 160
