"""RTP on the wire: headers, telephone events, and what a stream sends and counts over a real socket."""

from __future__ import annotations

import asyncio
import itertools
import random
import socket
import struct
import time
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.sim.capture import Capture
from board.sim.clips import Clip
from board.sim.mouth import Mouth
from board.sim.rtp import DIGITS, DigitReader, Packet, event_payloads, pack, parse_event, unpack
from board.sim.rtp_clock import RtpClock
from board.sim.rtp_stream import PortPool, RtpStream

TALK = Clip("talk", np.full(160 * 10, 1000, np.int16))
NOISE = Clip("noise", np.full(160, 3, np.int16))


def test_a_packet_is_packed_as_rfc_3550_draws_it() -> None:
    data = pack(8, True, 0x1FFFF, 1 << 33 | 5, 0xDEADBEEF, b"abc")
    assert data == struct.pack("!BBHII", 0x80, 0x88, 0xFFFF, 5, 0xDEADBEEF) + b"abc"
    assert unpack(data) == Packet(8, True, 0xFFFF, 5, 0xDEADBEEF, b"abc")


def test_csrc_extension_and_padding_are_taken_off() -> None:
    head = struct.pack("!BBHII", 0x80 | 0x20 | 0x10 | 2, 0, 1, 2, 3)
    data = head + b"CSRCCSRC" + struct.pack("!HH", 0xBEDE, 1) + b"extn" + b"payload" + b"\0\0\x03"
    packet = unpack(data)
    assert packet
    assert packet.payload == b"payload"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x80" * 11,  # too short
        b"\x40" + b"\0" * 20,  # version 1
        b"\x8f" + b"\0" * 20,  # fifteen contributing sources that are not there
        b"\xa0" + b"\0" * 11,  # padding of nothing
        b"\x90" + b"\0" * 12,  # an extension cut short
        b"\x90" + b"\0" * 13 + b"\xff\xff",  # an extension longer than the packet
        b"\xa0" + b"\0" * 12 + b"\xff",  # more padding than packet
    ],
)
def test_what_is_no_rtp_is_nothing(data: bytes) -> None:
    assert unpack(data) is None


@given(st.binary(max_size=64))
def test_no_datagram_breaks_the_reader(data: bytes) -> None:
    unpack(data)


def test_an_event_grows_and_ends_three_times() -> None:
    payloads = [parse_event(one) for one in event_payloads("#", 0.1)]
    assert [one.duration for one in payloads if one] == [160, 320, 480, 640, 800, 800, 800]
    assert [one.ended for one in payloads if one] == [False] * 4 + [True] * 3
    assert {one.code for one in payloads if one} == {11}
    with pytest.raises(ValueError, match="substring"):
        event_payloads("x", 0.1)


def test_each_press_is_one_digit_however_often_its_packets_come() -> None:
    reader, heard = DigitReader(), ""
    for n, digit in enumerate(DIGITS + "55"):
        for payload in event_payloads(digit, 0.06) * 2:
            heard += reader.feed(1000 * n, payload)
    assert heard == DIGITS + "55"
    assert reader.feed(1, b"\x20\0\0\0") == ""
    assert reader.feed(1, b"\0") == ""


@pytest.fixture
def far() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.setblocking(False)
        yield sock


async def frames(far: socket.socket, count: int) -> list[Packet]:
    """Wait for this many packets."""
    got = []
    while len(got) < count:
        packet = unpack(await asyncio.wait_for(asyncio.get_running_loop().sock_recv(far, 2048), 5))
        assert packet
        got.append(packet)
    return got


def stream(far: socket.socket, background: Clip | None = NOISE, keep_s: float = 1.0) -> RtpStream:
    made = RtpStream(PortPool("127.0.0.1"), Mouth(background), keep_s=keep_s, rng=random.Random(1))
    made.remote, made.sending, made.event_type = far.getsockname(), True, 101
    return made


async def test_sequence_and_timestamp_go_on_through_speech_hold_and_keys(far: socket.socket) -> None:
    clock, talker = RtpClock(), stream(far)
    clock.add(talker)
    talker.mouth.press("5", on_s=0.06, off_s=0.04)
    first = await frames(far, 12)
    talker.sending = False
    await asyncio.wait_for(talker.mouth.play(TALK), 5)
    talker.sending = True
    second = await frames(far, 5)
    clock.remove(talker)
    talker.close()
    every = first + second
    assert {(b.sequence - a.sequence) & 0xFFFF for a, b in itertools.pairwise(every)} == {1}
    events = [one for one in every if one.payload_type == 101]
    assert [one.marker for one in events] == [True] + [False] * 4
    assert {one.timestamp for one in events} == {first[0].timestamp}
    audio = [one for one in every if one.payload_type == 0]
    assert all((b.timestamp - a.timestamp) % 160 == 0 for a, b in itertools.pairwise(audio))
    resumed = [n for n, one in enumerate(every) if one.marker and one.payload_type == 0 and n > 5]
    assert len(resumed) == 1  # a frame or two may have crossed our going on hold
    assert every[resumed[0]].timestamp - every[resumed[0] - 1].timestamp >= 160 * 9


async def test_a_clip_says_when_it_begins_and_a_loop_begins_again(far: socket.socket) -> None:
    clock, talker, began = RtpClock(), stream(far, background=None), []
    clock.add(talker)
    before = time.time()
    over = talker.mouth.play(Clip("two", np.full(320, 1000, np.int16)), loop=True, on_begin=began.append)
    await frames(far, 7)
    assert len(began) == 1
    assert 0 <= began[0] - before < 1.0
    talker.mouth.stop()
    assert over.cancelled()
    clock.remove(talker)
    talker.close()


async def test_a_mute_stream_sends_nothing_but_its_clips(far: socket.socket) -> None:
    clock, talker = RtpClock(), stream(far, background=None)
    clock.add(talker)
    await asyncio.wait_for(talker.mouth.play(TALK), 5)
    got = await frames(far, 10)
    assert talker.sent == 10
    assert [one.marker for one in got] == [True] + [False] * 9
    clock.remove(talker)
    talker.close()


async def test_a_lossy_stream_leaves_holes_in_the_sequence(far: socket.socket) -> None:
    clock, talker = RtpClock(), stream(far)
    talker.loss_out = 0.5
    clock.add(talker)
    got = await frames(far, 20)
    clock.remove(talker)
    talker.close()
    span = ((got[-1].sequence - got[0].sequence) & 0xFFFF) + 1
    assert 22 < span < 80
    assert {(b.timestamp - a.timestamp) / 160 == (b.sequence - a.sequence) & 0xFFFF
            for a, b in itertools.pairwise(got)} == {True}  # fmt: skip


async def test_one_stream_hears_another_in_full() -> None:
    pool, clock = PortPool("127.0.0.1"), RtpClock()
    talker = RtpStream(pool, Mouth(None))
    listener = RtpStream(pool, Mouth(NOISE), keep_s=10)
    talker.remote, talker.sending = ("127.0.0.1", listener.port), True
    clock.add(talker)
    clock.add(listener)
    ramp = Clip("ramp", np.arange(-16000, 16000, 10).astype(np.int16))
    talker.mouth.play(ramp)
    end = talker.mouth.play(Clip("end", np.zeros(640, np.int16)))
    assert await listener.ear.speech(5)
    await asyncio.wait_for(end, 5)
    assert (listener.capture.lost, listener.capture.late, listener.capture.holes()) == (0, 0, [])
    heard = listener.capture.samples()[: len(ramp.samples)]
    assert np.max(np.abs(heard.astype(int) - ramp.samples)) <= 16000 / 16
    assert listener.ear.bursts == 1
    clock.remove(talker)
    clock.remove(listener)
    talker.close()
    listener.close()


async def test_ports_are_pairs_and_rest_before_they_are_used_again() -> None:
    pool = PortPool("127.0.0.1", 24_000, 24_399)
    made = [RtpStream(pool, Mouth(NOISE)) for _ in range(3)]
    ports = [one.port for one in made]
    for one in made:
        one.close()
    again = RtpStream(pool, Mouth(NOISE))
    assert all(port % 2 == 0 for port in ports)
    assert len({*ports, again.port}) == 4
    again.close()


def test_no_free_ports_is_said() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1] & ~1
        pool = PortPool("127.0.0.1", port, port + 1)
        with pytest.raises(OSError, match="no free pair"):
            pool.pair()


def packet(sequence: int, timestamp: int, ssrc: int = 1, payload: bytes = b"\xff" * 160) -> Packet:
    return Packet(0, False, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc, payload)


def test_a_capture_counts_losses_late_ones_and_gaps() -> None:
    capture = Capture(keep_s=10)
    start, seq = (1 << 32) - 320, 0xFFFE
    for n in (0, 1, 2, 5, 4, 6):
        capture.add(packet(seq + n, start + 160 * n), "PCMU", 100.0 + 0.02 * n)
    assert (capture.received, capture.lost, capture.late) == (6, 1, 1)
    assert capture.longest_gap_s == pytest.approx(0.06)
    assert capture.holes() == [(pytest.approx(0.06), pytest.approx(0.02))]
    assert len(capture.samples()) == 7 * 160


def test_a_new_source_is_placed_by_the_clock() -> None:
    capture = Capture(keep_s=10)
    capture.add(packet(1, 1000), "PCMU", 50.0)
    capture.add(packet(900, 77, ssrc=2), "PCMA", 51.0)
    assert capture.lost == 0
    assert capture.kept[1].place == 8000


def test_a_capture_is_bounded() -> None:
    capture = Capture(keep_s=0.1)
    for n in range(1000):
        capture.add(packet(n, 160 * n), "PCMU", n * 0.02)
    capture.add(packet(5, 4_000_000_000), "PCMU", 30.0)
    assert len(capture.kept) == 5
    assert capture.received == 1001
    capture.forget()
    capture.add(packet(7, 0), "PCMU", 31.0)
    assert (len(capture.samples()), capture.received) == (0, 1002)
