"""One audio stream: its sockets, its counters, and one packet out a frame (RFC 3550, RFC 3551).

Arrival times are the kernel's, so a busy event loop does not blur what is measured. The pace is `rtp_clock`'s,
what is said is the `Mouth`'s, what is heard goes to the `Ear` and the `Capture`.
"""

from __future__ import annotations

import random
import secrets
import socket
import struct
import time
from collections.abc import Iterator

from board.sim.capture import Capture
from board.sim.ear import Ear
from board.sim.mouth import Mouth
from board.sim.rtp import FRAME_SAMPLES, DigitReader, pack, unpack
from board.sim.sip_transactions import Address

_SO_TIMESTAMPNS = 35  # Linux; Python's socket module does not name it
_TIMESPEC = struct.Struct("@qq")
_ANCILLARY = socket.CMSG_SPACE(_TIMESPEC.size)
_MAX_PACKETS_A_TICK = 8
_RECEIVE_BUFFER = 64 << 10


class PortPool:
    """Hands out even/odd pairs of UDP ports, going round, so that a port rests before it is used again."""

    def __init__(self, host: str, first: int = 20_000, last: int = 29_999) -> None:
        """Ports are taken from `first` (even) to `last`."""
        self.host = host
        self._first = first + first % 2
        self._pairs = (last - self._first + 1) // 2
        self._next = secrets.randbelow(self._pairs)

    def pair(self) -> tuple[socket.socket, socket.socket]:
        """Return bound sockets for RTP and RTCP. Raises OSError when no pair is free."""
        for _ in range(self._pairs):
            port = self._first + 2 * self._next
            self._next = (self._next + 1) % self._pairs
            rtp, rtcp = self._socket(), self._socket()
            try:
                rtp.bind((self.host, port))
                rtcp.bind((self.host, port + 1))
            except OSError:
                rtp.close()
                rtcp.close()
                continue
            return rtp, rtcp
        raise OSError("no free pair of RTP ports")

    def _socket(self) -> socket.socket:
        made = socket.socket(socket.AF_INET6 if ":" in self.host else socket.AF_INET, socket.SOCK_DGRAM)
        made.setblocking(False)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        return made


class RtpStream:
    """Audio of one call, both ways. Nothing is sent before `remote` is set and `sending` allows it."""

    def __init__(
        self, ports: PortPool, mouth: Mouth, *, keep_s: float = 0.0, rng: random.Random | None = None
    ) -> None:
        """Bind a pair of ports. Raises OSError when none is free."""
        self._rtp, self._rtcp = ports.pair()
        self._rtp.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self.port: int = self._rtp.getsockname()[1]
        self.mouth = mouth
        self.ear = Ear()
        self.capture = Capture(keep_s)
        self.remote: Address | None = None
        self.sending = False
        self.payload_type = 0
        self.event_type = -1
        self.loss_out = 0.0
        self.loss_in = 0.0
        self.sent = 0
        self.send_errors = 0
        self._rng = rng or random.Random()
        self._sequence = secrets.randbelow(1 << 15)
        self._timestamp = secrets.randbits(31)
        self._ssrc = secrets.randbits(32)
        self._fresh = True
        self._digits = DigitReader()

    def close(self) -> None:
        """Free the ports."""
        self._rtp.close()
        self._rtcp.close()

    def skip(self, frames: int) -> None:
        """Let time pass in which nothing could be sent."""
        self._timestamp += frames * FRAME_SAMPLES
        self._fresh = True

    def send_frame(self) -> None:
        """Send this frame's packet, if there is to be one."""
        timestamp = self._timestamp
        self._timestamp += FRAME_SAMPLES
        payload = self.mouth.next_frame()  # on hold, too: whoever speaks then is not heard, but time passes
        if not self.sending or self.remote is None:
            self._fresh = True
            return
        event = self.mouth.next_event() if self.event_type >= 0 else None
        if event:
            began = timestamp - event[1] * FRAME_SAMPLES
            self._send(self.event_type, event[1] == 0, began, event[0])
        elif payload is None:
            self._fresh = True
        else:
            self._send(self.payload_type, self._fresh, timestamp, payload)
            self._fresh = False

    def _send(self, payload_type: int, marker: bool, timestamp: int, payload: bytes) -> None:
        self._sequence += 1
        if self.loss_out and self._rng.random() < self.loss_out:
            return
        packet = pack(payload_type, marker, self._sequence, timestamp, self._ssrc, payload)
        try:
            self._rtp.sendto(packet, self.remote or ("", 0))
        except OSError:
            self.send_errors += 1
        else:
            self.sent += 1

    def receive(self) -> Iterator[tuple[bytes, float]]:
        """Read what has come; yield audio payloads in our codec with their Unix times of arrival."""
        for _ in range(_MAX_PACKETS_A_TICK):
            try:
                data, ancillary, _, _ = self._rtp.recvmsg(2048, _ANCILLARY)
            except BlockingIOError:
                return
            packet = unpack(data)
            if packet is None or (self.loss_in and self._rng.random() < self.loss_in):
                continue
            if packet.payload_type == self.payload_type:
                arrived_at = _arrival(ancillary)
                self.capture.add(packet, self.mouth.codec, arrived_at)
                yield packet.payload, arrived_at
            elif packet.payload_type == self.event_type:
                digit = self._digits.feed(packet.timestamp, packet.payload)
                if digit:
                    self.ear.on_digit(digit)


def _arrival(ancillary: list[tuple[int, int, bytes]]) -> float:
    if ancillary and len(ancillary[0][2]) == _TIMESPEC.size:
        seconds, nanoseconds = _TIMESPEC.unpack(ancillary[0][2])
        return float(seconds + nanoseconds * 1e-9)
    return time.time()
