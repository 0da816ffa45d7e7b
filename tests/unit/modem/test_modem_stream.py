"""Audio through the driver, sample by sample: nothing lost, nothing added, no word in the sound."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest

from board.modem.companding import Encoding, Samples, codec
from board.modem.engine import Sign
from board.modem.events import Ended, Hint
from board.modem.formats import Format
from board.modem.sounds import Duplex
from board.modem.stream import FRAME_SAMPLES, MOST_EXTRA, PREFILL_SAMPLES, Stream
from board.modem.table import Input, State
from board.sim.line.port import Change, Electrical, Hook
from board.sim.modem_kinds import CX930XX_2X, USR5637, ZOOM3095
from tests.unit.modem.bench import Bench, Ear


class Tape:
    """A line that plays what it is given and keeps what it hears."""

    country = "DE"

    def __init__(self) -> None:
        self.state = Electrical(volts=48)
        self.play = np.zeros(0, np.int16)
        self.played = 0
        self.heard: list[Samples] = []

    def set_hook(self, hook: Hook, *, offset_ms: int = 0) -> None:
        self.state = replace(self.state, hook=hook)

    def frame(self, tx: Samples) -> Samples:
        self.heard.append(tx)
        piece = self.play[self.played : self.played + FRAME_SAMPLES]
        self.played += len(piece)
        return np.concatenate((piece, np.zeros(FRAME_SAMPLES - len(piece), np.int16)))

    def changes(self) -> list[Change]:
        return []


class Deaf(Ear):
    """Goes on at once, whatever is heard."""

    def heard(self, samples: Samples) -> Iterable[Sign]:
        return (Sign(Input.HEARD_DIAL_TONE),)


def noise(count: int, encoding: Encoding, seed: int) -> Samples:
    """Random values that the encoding can carry, DLE and ETX more often than chance would have them."""
    chance = np.random.default_rng(seed)
    width = 2 if encoding is Encoding.LINEAR16 else 1
    raw = chance.integers(0, 256, count * width).astype(np.uint8)
    often = chance.random(count * width) < 0.1
    raw[often] = chance.choice(np.array((0x10, 0x03, 0x1A, 0x0D), np.uint8), often.sum())
    return codec(encoding).decode(raw.tobytes())


def found(needle: Samples, haystack: Samples) -> bool:
    return needle.tobytes() in haystack.tobytes()


@pytest.mark.parametrize(
    ("kind", "encoding", "seconds"),
    [(CX930XX_2X, Encoding.ALAW, 600), (ZOOM3095, Encoding.ULAW, 30), (USR5637, Encoding.LINEAR16, 60)],
    ids=["ten minutes of A-law", "u-law", "16 bits"],
)
def test_audio_is_exact_both_ways_with_words_and_torn_reads_in_between(kind, encoding, seconds):
    if encoding is Encoding.LINEAR16:
        kind = replace(kind, format_lines=kind.format_lines[1:2])
    tape, sound, chance = Tape(), Duplex((seconds + 20) * 1000), random.Random(7)
    bench = Bench(kind, line=tape, seed=9).started()
    bench.dial(Deaf(0), sound, "1")
    bench.reach(State.PROGRESS)
    assert bench.engine.identity is not None
    assert bench.engine.identity.format.encoding is encoding
    sound.heard.read(1 << 30)
    inward, outward = (noise(8000 * seconds, encoding, seed) for seed in (1, 2))
    tape.play, tape.heard = inward, []
    sound.said.write(outward.tobytes())
    words = 0
    for _ in range(seconds * 10 + 10):
        bench.run(0.1)
        if chance.random() < 0.3:
            bench.modem.voice.word_due("h")
            words += "h" in kind.stream_words
    assert found(inward, np.frombuffer(sound.heard.read(1 << 30), np.int16))
    assert found(outward, np.concatenate(tape.heard))
    bench.run(0.2)
    assert len(bench.all(Hint)) == words
    assert not bench.all(Ended)
    counters = bench.engine.counters
    assert (counters.underruns, counters.overruns) == (0, 0)
    assert counters.said == counters.heard + PREFILL_SAMPLES
    assert bench.engine.state is State.PROGRESS


def test_the_modem_never_runs_dry_in_a_minute_of_silence():
    bench = Bench(line=Tape()).started()
    bench.dial(Deaf(0), number="1")
    bench.reach(State.PROGRESS)
    bench.run(60)
    assert bench.engine.counters.underruns == 0
    assert bench.engine.counters.silent > 59 * 8000


def test_a_modem_that_ran_dry_gets_a_frame_more_and_one_that_ran_over_a_frame_less():
    stream = Stream(Format(132, Encoding.ALAW), Duplex())
    stream.take()
    stream.hear(b"\x55" * 160)
    assert len(stream.take()) == 160
    stream.ran_dry()
    assert len(stream.take()) == FRAME_SAMPLES
    stream.ran_over()
    stream.hear(b"\x55" * 160)
    assert len(stream.take()) == 0
    stream.hear(b"\x55" * 200)
    assert len(stream.take()) == 200
    assert (stream.counters.underruns, stream.counters.overruns) == (1, 1)


def test_a_late_computer_hears_of_it_and_catches_up():
    bench = Bench(line=Tape()).started()
    bench.dial(Deaf(0), number="1")
    bench.reach(State.PROGRESS)
    for _ in range(20):  # 400 ms in which the computer does nothing
        bench._in += bench.modem.tick()
    bench.run(2)
    assert bench.engine.counters.underruns >= 1
    dry = bench.engine.counters.underruns
    bench.run(20)
    assert bench.engine.counters.underruns == dry
    assert bench.engine.state is State.PROGRESS


def test_after_a_standstill_the_modem_is_not_sent_what_it_has_missed():
    stream = Stream(Format(132, Encoding.ALAW), Duplex())
    stream.take()
    stream.hear(b"\x55" * 160)
    assert len(stream.take()) == 160
    stream.hear(b"\x55" * 4000)  # what has piled up in half a second ...
    assert len(stream.take()) == PREFILL_SAMPLES  # ... fills the modem's buffer as it was, and no more


def test_a_modem_that_always_says_it_runs_dry_does_not_fill_up_with_delay():
    stream = Stream(Format(132, Encoding.ALAW), Duplex())
    stream.take()
    for _ in range(100):
        stream.ran_dry()
    assert len(stream.take()) == MOST_EXTRA


def test_a_half_sample_waits_for_its_other_half():
    sound = Duplex()
    stream = Stream(Format(129, Encoding.LINEAR16), sound)
    for byte in (b"\x34", b"\x12\x78", b"\x56"):
        stream.hear(byte)
    assert np.frombuffer(sound.heard.read(10), np.int16).tolist() == [0x1234, 0x5678]
