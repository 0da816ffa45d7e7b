"""What a stream received, kept for measuring: samples in their places, losses, gaps. Bounded."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from board.sim import g711
from board.sim.g711 import SAMPLE_RATE, Samples
from board.sim.rtp import FRAME_S, Packet

_HALF = 1 << 31


class Kept(NamedTuple):
    """One received packet: Unix time of arrival, place in the stream in samples, coded audio."""

    arrived_at: float
    place: int
    codec: str
    payload: bytes


@dataclass(slots=True)
class Capture:
    """Counts every packet and keeps the audio of the first `keep_s` seconds.

    `lost` counts sequence numbers never seen (so far), `late` those that came after a later one,
    `longest_gap_s` the longest time between two packets.
    """

    keep_s: float = 0.0
    received: int = 0
    lost: int = 0
    late: int = 0
    longest_gap_s: float = 0.0
    first_at: float = 0.0
    last_at: float = 0.0
    kept: list[Kept] = field(default_factory=list)
    _ssrc: int = -1
    _sequence: int = 0
    _timestamp: int = 0
    _place: int = 0

    def forget(self) -> None:
        """Let go of the audio kept, and keep no more; the counts stay."""
        self.keep_s = 0.0
        self.kept.clear()

    def add(self, packet: Packet, codec: str, arrived_at: float) -> None:
        """Take one audio packet."""
        if packet.ssrc != self._ssrc:
            self._begin(packet, arrived_at)
        else:
            self._count(packet, arrived_at)
        self.received += 1
        self.last_at = arrived_at
        step = (packet.timestamp - self._timestamp) & 0xFFFFFFFF
        place = self._place + (step - (1 << 32) if step >= _HALF else step)
        if step < _HALF:
            self._timestamp, self._place = packet.timestamp, place
        if 0 <= place < self.keep_s * SAMPLE_RATE and len(self.kept) < self.keep_s / FRAME_S * 2:
            self.kept.append(Kept(arrived_at, place, codec, packet.payload))

    def _begin(self, packet: Packet, arrived_at: float) -> None:
        """Take a new source: its place follows from the clock."""
        self.first_at = self.first_at or arrived_at
        self._ssrc, self._sequence, self._timestamp = packet.ssrc, packet.sequence, packet.timestamp
        self._place = round((arrived_at - self.first_at) * SAMPLE_RATE)

    def _count(self, packet: Packet, arrived_at: float) -> None:
        self.longest_gap_s = max(self.longest_gap_s, arrived_at - self.last_at)
        step = (packet.sequence - self._sequence) & 0xFFFF
        if 0 < step < 0x8000:
            self.lost += step - 1
            self._sequence = packet.sequence
        else:
            self.late += 1
            self.lost -= 1 if step and self.lost else 0

    def samples(self) -> Samples:
        """Return the kept audio as int16, each packet in its place by its timestamp; holes are zeros."""
        length = max((kept.place + len(kept.payload) for kept in self.kept), default=0)
        audio = np.zeros(length, np.int16)
        for kept in self.kept:
            audio[kept.place : kept.place + len(kept.payload)] = g711.decode(kept.payload, kept.codec)
        return audio

    def holes(self) -> list[tuple[float, float]]:
        """Return (begin, length) in seconds of every stretch of the kept audio that no packet covers."""
        found, reached = [], 0
        for kept in sorted(self.kept, key=lambda one: one.place):
            if self.kept and kept.place > reached:
                found.append((reached / SAMPLE_RATE, (kept.place - reached) / SAMPLE_RATE))
            reached = max(reached, kept.place + len(kept.payload))
        return found
