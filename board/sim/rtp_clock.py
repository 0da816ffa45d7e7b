"""The pace of all streams: one timer, 20 ms, that never drifts.

Each tick is due at a multiple of 20 ms from the start, however late the last one was; a late tick sends what it
owes, up to half a second, so that a busy machine delays audio but does not lose it. The same tick reads every socket
and measures the level of everything heard in one sweep.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict

import numpy as np

from board.sim.ear import Ear
from board.sim.g711 import SQUARES
from board.sim.rtp import FRAME_S
from board.sim.rtp_stream import RtpStream

_MAX_OWED = 25
_Heard = list[tuple[Ear, bytes, float]]


class RtpClock:
    """Drives streams from the moment they are added; stands still while there are none."""

    def __init__(self) -> None:
        self.late_ticks = 0
        self._streams: dict[int, RtpStream] = {}
        self._epoch = 0.0
        self._ticks = 0
        self._timer: asyncio.TimerHandle | None = None

    def add(self, stream: RtpStream) -> None:
        """Take a stream in."""
        self._streams[id(stream)] = stream
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._epoch, self._ticks = loop.time(), 0
            self._timer = loop.call_at(self._epoch + FRAME_S, self._tick)

    def remove(self, stream: RtpStream) -> None:
        """Let a stream go."""
        self._streams.pop(id(stream), None)
        if not self._streams and self._timer:
            self._timer.cancel()
            self._timer = None

    def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        owed = max(1, int((loop.time() - self._epoch) / FRAME_S) - self._ticks)
        self._ticks += owed
        skipped = max(0, owed - _MAX_OWED)
        self.late_ticks += owed - 1
        heard: dict[tuple[str, int], _Heard] = defaultdict(list)
        for stream in tuple(self._streams.values()):
            if skipped:
                stream.skip(skipped)
            for _ in range(owed - skipped):
                stream.send_frame()
            for payload, arrived_at in stream.receive():
                heard[stream.mouth.codec, len(payload)].append((stream.ear, payload, arrived_at))
        next_at = self._epoch + (self._ticks + 1) * FRAME_S
        self._timer = loop.call_at(next_at, self._tick) if self._streams else None
        for (codec, length), packets in heard.items():
            if length:
                _measure(codec, length, packets)


def _measure(codec: str, length: int, packets: _Heard) -> None:
    """Tell each ear the mean square of its packet; one table look-up for all of them."""
    coded = np.frombuffer(b"".join(payload for _, payload, _ in packets), np.uint8)
    powers = SQUARES[codec][coded].reshape(-1, length).mean(axis=1)
    for (ear, _, arrived_at), power in zip(packets, powers.tolist(), strict=True):
        ear.feed(power, arrived_at)
