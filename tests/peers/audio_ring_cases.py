"""The cases of test_audio_ring: what a ring keeps, plays, throws away and survives.

Two rings joined by the bridge make a line of known delay: what is written to one comes out of the other, sample for
sample, 20 ms at a time. Values are odd numbers, silence is zero, so the two cannot be taken for each other.
"""

from __future__ import annotations

import gc
import threading
from array import array
from functools import partial
from typing import Any

import pjsua2 as pj

from tests.peers import pjsua_bench
from tests.peers.pjsua_bench import endpoint, poll_until

RATE_HZ = 8000
FRAME = RATE_HZ // 50


def ring(name: str, rx_ms: int = 2000, tx_ms: int = 2000) -> pj.AudioRing:
    return pj.AudioRing(name, RATE_HZ, rx_ms, tx_ms)


def joined() -> tuple[pj.AudioRing, pj.AudioRing]:
    """Return a ring to write to and a ring that hears it."""
    source, sink = ring("source"), ring("sink")
    source.startTransmit(sink)
    return source, sink


def numbered(count: int, first: int = 1) -> array[int]:
    """Return samples that can be told apart: first, first + 2, first + 4 ... (all odd), wrapping below 16001."""
    return array("h", [(first + 2 * index) % 16000 | 1 for index in range(count)])


def heard(sink: pj.AudioRing) -> list[int]:
    """Return everything the ring holds, without the silence around it."""
    samples = array("h", sink.read(1 << 20)).tolist()
    sounding = [index for index, sample in enumerate(samples) if sample]
    return samples[sounding[0] : sounding[-1] + 1] if sounding else []


def silence_follows(sink: pj.AudioRing) -> bool:
    """Wait until five more frames have reached the ring, so that all that was played has."""
    frames = sink.frames()
    return poll_until(lambda: sink.frames() >= frames + 5)


def exact_count() -> dict[str, Any]:
    """A block that does not end on a frame is played to its last sample and not beyond."""
    with endpoint():
        source, sink = joined()
        block = numbered(4321)
        written = source.write(block)
        poll_until(lambda: source.pending() == 0)
        silence_follows(sink)
        return {"written": written, "played": source.played(), "same": heard(sink) == block.tolist()}


def flush() -> dict[str, Any]:
    """Flushing ends what is playing, not what comes after, and leaves room for all of it at once."""
    with endpoint():
        source, sink = joined()
        old, new = numbered(16000), numbered(16000, first=7)
        source.write(old)
        poll_until(lambda: source.played() >= 5 * FRAME)
        source.flush()
        pending, cut = source.pending(), source.played()
        room = source.write(new)
        poll_until(lambda: source.played() >= cut + 10 * FRAME)
        source.flush()
        silence_follows(sink)
        played = source.played()
        expected = old.tolist()[:cut] + new.tolist()[: played - cut]
        return {
            "pending": pending,
            "room": room,
            "whole_frames": cut % FRAME == 0,
            "same": heard(sink) == expected,
        }


def overflow() -> dict[str, Any]:
    """A ring nobody drains keeps the oldest second, counts what it drops, and goes on."""
    with endpoint():
        source, sink = ring("source"), ring("sink", rx_ms=100)
        source.startTransmit(sink)
        poll_until(lambda: sink.frames() >= 12)
        kept, dropped, frames = sink.available(), sink.dropped(), sink.frames()
        seen = {
            "kept": kept,
            "accounted": dropped <= frames * FRAME - kept <= dropped + 2 * FRAME,
            "lost": dropped > 0,
        }
        sink.read(1 << 20)
        seen["goes_on"] = poll_until(lambda: sink.available() > 0)
        full = ring("full", tx_ms=100)
        seen["taken_when_full"] = [full.write(numbered(700)), full.write(numbered(700))]
        return seen


def buffers() -> dict[str, Any]:
    """Any buffer of whole samples will do; half a sample and a buffer that cannot be written are refused."""
    with endpoint():
        source, sink = joined()
        written = [
            source.write(numbered(80)),
            source.write(numbered(80).tobytes()),
            source.write(memoryview(b"\1\0")),
        ]
        poll_until(lambda: sink.available() >= 10 * FRAME)
        target = bytearray(2 * FRAME)
        before = sink.available()
        seen: dict[str, Any] = {"written": written, "read_into": sink.read_into(target)}
        seen["rest"] = sink.available() >= before - FRAME
        seen["read"] = len(sink.read(100))
        seen["refused"] = [
            refusal(source.write, b"odd"),
            refusal(sink.read_into, b"fixed!"),
            refusal(source.write, 1),
        ]
        return seen


def refusal(method: Any, argument: Any) -> str:
    try:
        method(argument)
    except (ValueError, TypeError, BufferError) as error:
        return type(error).__name__
    return ""


def hears(sink: pj.AudioRing) -> bool:
    return bool(sink.frames())


def churn() -> dict[str, Any]:
    """Two hundred rings come and go while the bridge runs through them."""
    with endpoint():
        source = ring("source", tx_ms=8000)
        source.write(numbered(64000))
        delivered = 0
        for number in range(200):
            sink = ring(f"sink{number}")
            source.startTransmit(sink)
            delivered += poll_until(partial(hears, sink))
            del sink
        return {"delivered": delivered}


def foreign_thread() -> dict[str, Any]:
    """The last reference may go on a thread the library has never met, and after the library itself."""
    survivors = []
    with endpoint():
        rings = [ring(f"ring{number}") for number in range(20)]
        for one in rings[1:]:
            rings[0].startTransmit(one)
        survivors.append(rings.pop())
        worker = threading.Thread(target=rings.clear)
        worker.start()
        worker.join(pjsua_bench.LIMIT_S)
        seen = {"done": not worker.is_alive(), "goes_on": silence_follows(joined()[1])}
    survivors.clear()
    gc.collect()
    return seen


def without_endpoint() -> dict[str, Any]:
    """There is no ring without a library, and an impossible clock rate is refused."""
    seen = {}
    try:
        ring("too early")
    except pj.Error:
        seen["before"] = "refused"
    with endpoint():
        try:
            pj.AudioRing("odd", 8001, 100, 100)
        except pj.Error:
            seen["odd_rate"] = "refused"
    return seen


if __name__ == "__main__":
    cases = (exact_count, flush, overflow, buffers, churn, foreign_thread, without_endpoint)
    pjsua_bench.main({case.__name__: case for case in cases})
