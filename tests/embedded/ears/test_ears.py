"""The ears' thread with rings fed by the test, real analysers and real files."""

from __future__ import annotations

import threading
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from dsp import AmdSettings, Analyser
from firmware.clock import SystemClock
from firmware.ears import Ears, Judge
from firmware.model import AmdLabel, LegId
from firmware.recorder import Recorder
from firmware.trunks.base import (
    LegCorrected,
    LegDigit,
    LegEvent,
    LegGreetingEnd,
    LegHeard,
    ListenSettings,
)
from tests.unit.dsp.sounds import pcm, silence, speech, tone

A, B = LegId("customer"), LegId("agent")


class Ring:
    """What the native ring is to the ears: one side writes, the other reads."""

    def __init__(self) -> None:
        self.waiting = b""
        self.lost = 0
        self.reads = 0

    def hear(self, samples: np.ndarray) -> None:
        self.waiting += samples.astype(np.int16).tobytes()

    def read(self, max_samples: int) -> bytes:
        data, self.waiting = self.waiting[: 2 * max_samples], self.waiting[2 * max_samples :]
        self.reads += 1
        return data

    def dropped(self) -> int:
        return self.lost


class Bench:
    def __init__(self, judge: Callable[[ListenSettings], Judge]) -> None:
        self.events: list[LegEvent] = []
        self.recorder = Recorder()
        self.ears = Ears(self.recorder, SystemClock(), self.events.append, judge)
        self.recorder.start()
        self.ears.start()

    def settle(self) -> None:
        """Until the ears have done everything asked so far."""
        done = threading.Event()
        self.ears._do(done.set)
        assert done.wait(5)

    def stop(self) -> None:
        self.ears.stop()
        self.recorder.stop()


def real(settings: ListenSettings) -> Judge:
    amd = AmdSettings(enabled=settings.amd, country=settings.country, digits=True)
    return Analyser(amd, None, machine=settings.machine)


@pytest.fixture
def bench() -> Iterator[Bench]:
    one = Bench(real)
    yield one
    one.stop()


def until(what: Callable[[], object], timeout_s: float = 5.0) -> None:
    end = time.monotonic() + timeout_s
    while not what():
        assert time.monotonic() < end
        time.sleep(0.002)


def ramp(first: int, count: int) -> np.ndarray:
    return np.arange(first, first + count) % 30000


def recorded(path: Path) -> tuple[np.ndarray, np.ndarray]:
    until(path.exists)
    with wave.open(str(path)) as file:
        frames = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").reshape(-1, 2)
    return frames[:, 0], frames[:, 1]


def test_both_channels_stay_aligned_and_what_was_there_before_is_not_on_the_tape(
    bench: Bench, tmp_path: Path
) -> None:
    left, right = Ring(), Ring()
    left.hear(ramp(9000, 700))
    right.hear(ramp(9000, 300))
    bench.ears.attach(A, left)
    bench.ears.attach(B, right)
    bench.ears.record(A, B, tmp_path / "call.wav")
    bench.settle()
    for n in range(20):
        left.hear(ramp(160 * n, 160))
        right.hear(ramp(160 * n, 160))
    bench.ears.stop_recording(A)
    bench.settle()
    customer, agent = recorded(tmp_path / "call.wav")
    assert (customer == ramp(0, 3200)).all()
    assert (agent == ramp(0, 3200)).all()


def test_a_leg_without_audio_is_silence_of_the_same_length(bench: Bench, tmp_path: Path) -> None:
    left = Ring()
    bench.ears.attach(A, left)
    bench.ears.record(A, B, tmp_path / "call.wav")
    bench.settle()
    left.hear(ramp(1, 8000))
    bench.ears.stop_recording(A)
    customer, agent = recorded(tmp_path / "call.wav")
    assert len(customer) == len(agent) == 8000
    assert (agent == 0).all()


def test_what_a_ring_had_to_drop_becomes_silence(bench: Bench, tmp_path: Path) -> None:
    left, right = Ring(), Ring()
    bench.ears.attach(A, left)
    bench.ears.attach(B, right)
    bench.ears.record(A, B, tmp_path / "call.wav")
    bench.settle()
    left.lost = 1600
    left.hear(ramp(1, 1600))
    right.hear(ramp(1, 3200))
    bench.ears.stop_recording(A)
    customer, agent = recorded(tmp_path / "call.wav")
    assert (customer[:1600] == ramp(1, 1600)).all()
    assert (customer[1600:] == 0).all()
    assert (agent == ramp(1, 3200)).all()


@pytest.mark.parametrize("who", [A, B])
def test_the_end_of_either_leg_closes_the_file(bench: Bench, tmp_path: Path, who: LegId) -> None:
    left, right = Ring(), Ring()
    bench.ears.attach(A, left)
    bench.ears.attach(B, right)
    bench.ears.record(A, B, tmp_path / "call.wav")
    bench.settle()
    left.hear(ramp(1, 800))
    right.hear(ramp(1, 800))
    released: list[str] = []
    bench.ears.detach(who, lambda: released.append(threading.current_thread().name))
    bench.settle()
    assert released == ["ears"]
    assert len(recorded(tmp_path / "call.wav")[0]) == 800


def test_a_leg_nobody_listens_to_is_not_read(bench: Bench) -> None:
    ring = Ring()
    bench.ears.attach(A, ring)
    bench.settle()
    ring.hear(ramp(0, 160))
    bench.settle()
    assert ring.reads == 0


def test_what_was_said_between_the_answer_and_listening_is_judged_too(bench: Bench) -> None:
    ring = Ring()
    bench.ears.attach(A, ring)
    ring.hear(np.full(4000, 9999))  # early media
    bench.ears.answered(A)
    bench.settle()
    at = np.arange(8000) / 8000
    ring.hear(8000 * np.sin(2 * np.pi * 2100 * at))
    bench.ears.listen(A, ListenSettings())
    until(lambda: bench.events)
    heard = bench.events[0]
    assert isinstance(heard, LegHeard)
    assert (heard.label, heard.cause) == (AmdLabel.FAX, "fax_tone")
    assert heard.at_ms < 1200


def test_a_machine_that_passed_for_a_person_is_told_and_heard_to_its_beep(bench: Bench) -> None:
    ring = Ring()
    bench.ears.attach(A, ring)
    bench.ears.answered(A)
    bench.ears.listen(A, ListenSettings())
    bench.settle()
    said = (speech("Hello?"), silence(1300), speech("You have reached the office. Please leave a message."))
    ring.hear(pcm(silence(400), *said, silence(300), tone((1000.0,), 400), silence(3000)))
    until(lambda: any(isinstance(event, LegGreetingEnd) for event in bench.events), 30.0)
    kinds = [type(event) for event in bench.events if not isinstance(event, LegDigit)]
    assert kinds == [LegHeard, LegCorrected, LegGreetingEnd]
    heard, corrected, end = bench.events
    assert isinstance(heard, LegHeard)
    assert isinstance(corrected, LegCorrected)
    assert isinstance(end, LegGreetingEnd)
    assert (heard.label, corrected.label, end.cause) == (AmdLabel.HUMAN, AmdLabel.MACHINE, "beep")
    assert heard.at_ms < corrected.at_ms <= end.at_ms


def test_the_ears_let_go_of_a_person_by_themselves_unless_keys_are_wanted(bench: Bench) -> None:
    rings = {A: Ring(), B: Ring()}
    for leg, ring in rings.items():
        bench.ears.attach(leg, ring)
        bench.ears.answered(leg)
        bench.ears.listen(leg, ListenSettings(keys=leg == B))
        bench.settle()
        ring.hear(pcm(silence(400), speech("Hello?"), silence(9000)))
    until(lambda: bench.ears._ears[A].judge is None, 30.0)
    assert bench.ears._ears[B].judge is not None
    rings[B].hear(keys("9"))
    until(lambda: LegDigit(B, "9") in bench.events, 30.0)


def test_who_is_known_to_be_a_machine_gets_no_verdict(bench: Bench) -> None:
    ring = Ring()
    bench.ears.attach(A, ring)
    bench.ears.answered(A)
    bench.ears.listen(A, ListenSettings(machine=True))
    bench.settle()
    ring.hear(pcm(silence(6000)))
    until(lambda: bench.events, 30.0)
    assert [type(event) for event in bench.events] == [LegGreetingEnd]


def keys(text: str) -> np.ndarray:
    rows, columns = (697, 770, 852, 941), (1209, 1336, 1477)
    at = np.arange(800) / 8000
    parts = [np.zeros(800)]
    for key in text:
        place = "123456789*0#".index(key)
        pair = (rows[place // 3], columns[place % 3])
        parts += [sum(6000 * np.sin(2 * np.pi * hertz * at) for hertz in pair), np.zeros(800)]  # type: ignore[list-item]
    return np.concatenate([*parts, np.zeros(4000)])


def test_a_key_that_came_as_an_event_is_not_reported_again(bench: Bench) -> None:
    first, second = Ring(), Ring()
    for leg, ring in ((A, first), (B, second)):
        bench.ears.attach(leg, ring)
        bench.ears.answered(leg)
        bench.ears.listen(leg, ListenSettings(amd=False))
    bench.ears.keyed(B)
    bench.settle()
    first.hear(keys("19"))
    second.hear(keys("19"))
    until(lambda: not first.waiting and not second.waiting)
    bench.settle()
    assert [(e.leg, e.digit) for e in bench.events if isinstance(e, LegDigit)] == [(A, "1"), (A, "9")]


class Broken:
    def answered(self) -> None:
        pass

    def feed(self, samples: np.ndarray) -> list[object]:
        raise ZeroDivisionError


def test_ears_that_fail_say_so_once_and_harm_no_other_leg() -> None:
    made: list[Judge] = []

    def judge(settings: ListenSettings) -> Judge:
        made.append(Broken() if settings.country == "XX" else real(settings))  # type: ignore[arg-type]
        return made[-1]

    bench = Bench(judge)
    try:
        bad, good = Ring(), Ring()
        bench.ears.attach(A, bad)
        bench.ears.attach(B, good)
        for leg, country in ((A, "XX"), (B, "DE")):
            bench.ears.answered(leg)
            bench.ears.listen(leg, ListenSettings(country=country))
        bench.settle()
        silence = np.zeros(40_000)
        bad.hear(silence)
        good.hear(silence)
        until(lambda: len([e for e in bench.events if isinstance(e, LegHeard)]) == 2)
        labels = {e.leg: e.label for e in bench.events if isinstance(e, LegHeard)}
        assert labels == {A: AmdLabel.UNSURE, B: AmdLabel.SILENCE}
        assert bench.ears.faults == 1
    finally:
        bench.stop()
