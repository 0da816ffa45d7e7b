"""A loopback call between two lines of the box: both ends coupled sample by sample, as a network would."""

from __future__ import annotations

import numpy as np
import pytest

from board.modem.table import Input, State
from firmware.line_loop import LoopCall
from firmware.line_results import Result

FRAME = 160


class Couple:
    """Two ends with a network between them that delays and damps; 20 ms at a time on a counted clock."""

    def __init__(self, delay_ms: int = 60, gain_db: float = -8.0, *, lost: bool = False) -> None:
        self.now = 0.0
        self.call = LoopCall("DE", lambda: self.now)
        self.factor = 0.0 if lost else 10 ** (gain_db / 20)
        self.on_the_way = [np.zeros(delay_ms * 8, np.int16) for _ in range(2)]
        self.signs: list[Input] = []

    def connected(self) -> Couple:
        self.call.caller.moved(State.PROGRESS)
        self.now += 1.5
        self.call.rang()
        self.call.callee.moved(State.TALKING)
        return self

    def run(self, seconds: float) -> None:
        ends = (self.call.caller, self.call.callee)
        for _ in range(round(seconds * 50)):
            self.now += 0.02
            for at, end in enumerate(ends):
                heard, self.on_the_way[at] = self.on_the_way[at][:FRAME], self.on_the_way[at][FRAME:]
                self.signs += [sign.happened for sign in end.heard(heard)]
            for at, end in enumerate(ends):
                said = np.frombuffer(end.read(FRAME), np.int16)
                said = np.concatenate((said, np.zeros(FRAME - len(said), np.int16)))
                there = np.round(said * self.factor).astype(np.int16)
                self.on_the_way[1 - at] = np.concatenate((self.on_the_way[1 - at], there))

    def figures(self, name: str) -> list[Result]:
        return [one for one in self.call.results() if one.figure == name]


@pytest.mark.parametrize(("delay_ms", "gain_db"), [(60, -8.0), (120, -3.0)])
def test_delay_gain_and_keys_are_measured_both_ways(delay_ms: int, gain_db: float) -> None:
    couple = Couple(delay_ms, gain_db).connected()
    couple.run(12)
    assert set(couple.signs) == {Input.FAR_END_GONE}
    assert [one.value for one in couple.figures("set_up")] == [pytest.approx(1500, abs=1)]
    assert [one.value for one in couple.figures("one_way")] == [pytest.approx(delay_ms, abs=25)] * 2
    assert [one.value for one in couple.figures("loop_gain")] == [pytest.approx(gain_db, abs=1)] * 2
    (keys,) = couple.figures("keys")
    assert (keys.value, keys.verdict) == (12, "good")


def test_a_network_that_carries_nothing_is_said_to() -> None:
    couple = Couple(lost=True).connected()
    couple.run(12)
    assert [one.value for one in couple.figures("loop_gain")] == [None, None]
    assert {one.hint for one in couple.figures("loop_gain")} == {"line_hint_loop"}


def test_a_line_that_does_not_ring_is_given_up() -> None:
    couple = Couple()
    couple.call.caller.moved(State.PROGRESS)
    for _ in range(35 * 50):
        couple.signs += [sign.happened for sign in couple.call.caller.heard(np.zeros(FRAME, np.int16))]
    assert couple.signs[0] is Input.FAR_END_GONE
    assert couple.call.failed == "line_loop_not_reached"
    assert [(one.figure, one.verdict) for one in couple.call.results()] == [("set_up", "bad")]


def test_both_lines_are_given_back_after_a_loopback_call() -> None:
    from firmware.line_jobs import LineJob, Loop
    from tests.unit.modem.test_line_jobs import Lent

    first, second = Lent(), Lent()
    job: LineJob = first.job()
    job.test("DE", Loop(second, "02312312599"))
    assert first.bench.run(90, lambda: job.step == "loopback")
    assert second.told is not None
    assert first.bench.run(90, lambda: not job.running)
    assert job.failed == "line_loop_not_reached"
    assert first.told is None
    assert second.told is None
    assert not first.bench.modem.off_hook
