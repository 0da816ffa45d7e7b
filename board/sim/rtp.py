"""RTP packets and telephone events on the wire (RFC 3550 §5.1, RFC 4733 §2.3).

Pure functions over bytes, and the small state that turns a row of event packets into digits.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

FRAME_S = 0.020
FRAME_SAMPLES = 160
DIGITS = "0123456789*#ABCD"
_HEADER = struct.Struct("!BBHII")
_EVENT = struct.Struct("!BBH")
_END_REPEATS = 3
_VOLUME = 10  # -10 dBm0, as RFC 4733 §2.3.2 counts it


class Packet(NamedTuple):
    """One RTP packet, payload without padding and extensions."""

    payload_type: int
    marker: bool
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes


def pack(payload_type: int, marker: bool, sequence: int, timestamp: int, ssrc: int, payload: bytes) -> bytes:
    """Return a version 2 packet without CSRC or extension."""
    return (
        _HEADER.pack(0x80, payload_type | marker << 7, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc)
        + payload
    )


def unpack(data: bytes) -> Packet | None:
    """Read a packet; None when it is no RTP of version 2 or its lengths do not add up."""
    if len(data) < 12 or data[0] >> 6 != 2:
        return None
    first, second, sequence, timestamp, ssrc = _HEADER.unpack_from(data)
    start, end = 12 + 4 * (first & 0x0F), len(data)
    if first & 0x10:
        if len(data) < start + 4:
            return None
        start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4], "big")
    if first & 0x20:
        end -= data[-1] or len(data)
    if start > end:
        return None
    return Packet(second & 0x7F, bool(second & 0x80), sequence, timestamp, ssrc, data[start:end])


def event_payloads(digit: str, duration_s: float) -> list[bytes]:
    """Return the payloads of one pressed key, one a frame, the end packet three times (RFC 4733 §2.5.1.4)."""
    code = DIGITS.index(digit.upper())
    frames = max(1, round(duration_s / FRAME_S))
    payloads = [_EVENT.pack(code, _VOLUME, FRAME_SAMPLES * (i + 1)) for i in range(frames)]
    return payloads[:-1] + [_EVENT.pack(code, 0x80 | _VOLUME, FRAME_SAMPLES * frames)] * _END_REPEATS


class Event(NamedTuple):
    """One telephone-event payload."""

    code: int
    ended: bool
    volume: int
    duration: int


def parse_event(payload: bytes) -> Event | None:
    """Read a telephone-event payload; None when it is too short."""
    if len(payload) < 4:
        return None
    code, flags, duration = _EVENT.unpack_from(payload)
    return Event(code, bool(flags & 0x80), flags & 0x3F, duration)


class DigitReader:
    """Turns event packets into digits: one a timestamp, however often its packets are repeated."""

    def __init__(self) -> None:
        self._last: tuple[int, int] | None = None

    def feed(self, timestamp: int, payload: bytes) -> str:
        """Return the digit when this packet is the first of a new one, else an empty string."""
        event = parse_event(payload)
        if event is None or event.code >= len(DIGITS) or (timestamp, event.code) == self._last:
            return ""
        self._last = (timestamp, event.code)
        return DIGITS[event.code]
