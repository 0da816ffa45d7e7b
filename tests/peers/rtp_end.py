"""An end of an RTP stream (RFC 3550) that knows exactly what it sent and when each packet came. PCMU, 20 ms.

SIPp speaks SIP for it (scenario ``talk_rtp``). What is judged here are packets: their order, their gaps, and when a
change of sound that was sent at one end comes out at another.
"""

from __future__ import annotations

import socket
import struct
import threading
import time
from dataclasses import dataclass

import numpy as np

from tests.peers.far_ends import tone, ulaw

_SAMPLES = 160
_SO_TIMESTAMPNS = 35
_SILENCE = ulaw(np.zeros(_SAMPLES, dtype=np.int16))


def _expand() -> np.ndarray:
    """µ-law to linear (ITU-T G.711), as a table."""
    code = ~np.arange(256) & 0xFF
    magnitude = (((code & 15) << 3) + 132 << ((code >> 4) & 7)) - 132
    return np.where(code & 0x80, -magnitude, magnitude)


_LINEAR = _expand()


@dataclass(frozen=True)
class Packet:
    """One packet as it came: when the kernel had it (UTC), however late this program looked.

    ``loud``: its peak is above a tenth of full scale.
    """

    at: float
    sequence: int
    loud: bool


class RtpEnd:
    """Sends silence, or a tone while ``speaking``; answers whoever sends to it."""

    def __init__(self, host: str = "127.0.0.2") -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((host, 0))
        self._socket.settimeout(0.2)
        self._socket.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self.port = int(self._socket.getsockname()[1])
        self.peer: tuple[str, int] | None = None
        self.speaking = False
        self.spoke_at = 0.0
        """When the first packet of the tone left, after ``speaking`` was set; UTC."""
        self.packets: list[Packet] = []
        self._frames = [ulaw(tone(1.0, 400.0)[n : n + _SAMPLES]) for n in range(0, 8000, _SAMPLES)]
        self._over = threading.Event()
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._send, self._receive)]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()
        self._socket.close()

    def first_loud(self, since: float, timeout_s: float = 5.0) -> float:
        """When the first loud packet after ``since`` (UTC) came."""
        end = time.monotonic() + timeout_s
        while time.monotonic() < end:
            for packet in reversed(self.packets):
                if packet.at < since:
                    break
                if packet.loud:
                    return min(p.at for p in self.packets if p.at >= since and p.loud)
            time.sleep(0.001)
        raise AssertionError("nothing loud came")

    def _send(self) -> None:
        sequence, due, was_speaking = 0, time.monotonic(), False
        while not self._over.is_set():
            due += 0.02
            self._over.wait(max(0.0, due - time.monotonic()))
            sequence += 1
            if self.peer is None:
                continue
            speaking = self.speaking
            if speaking and not was_speaking:
                self.spoke_at = time.time()
            was_speaking = speaking
            header = struct.pack(
                ">BBHII", 0x80, 0, sequence & 0xFFFF, sequence * _SAMPLES & 0xFFFFFFFF, 0x5E17
            )
            self._socket.sendto(header + (self._frames[sequence % 50] if speaking else _SILENCE), self.peer)

    def _receive(self) -> None:
        while not self._over.is_set():
            try:
                data, notes, _, self.peer = self._socket.recvmsg(2048, 128)
            except TimeoutError:
                continue
            seconds, nanoseconds = struct.unpack("=qq", notes[0][2][:16])
            at = seconds + nanoseconds / 1e9
            if len(data) > 12 and data[1] & 0x7F == 0:
                peak = int(np.abs(_LINEAR[np.frombuffer(data[12:], dtype=np.uint8)]).max())
                self.packets.append(Packet(at, struct.unpack(">H", data[2:4])[0], peak > 3000))
