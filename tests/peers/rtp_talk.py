"""A far end that says one thing over RTP (PCMU, 20 ms), with the faults of a real network: packets lost, none at all
while it is silent (DTX), the first one late. SIPp speaks SIP for it (scenario ``talk_rtp``)."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time

import numpy as np

from tests.peers.far_ends import ulaw

SAMPLES = 160
_AUDIBLE = 40
_HANGOVER = 5
"""Packets still sent after the last audible one."""
_KEEP_ALIVE = 25
"""While silent one packet in so many is sent all the same, as gateways do."""


class RtpTalk:
    """Begins to speak when the first packet of the other side has come; then every packet leaves in its time.

    What the other side says meanwhile is kept, each packet with the number of our own that was next to leave: one clock
    for both, however busy the machine is.
    """

    def __init__(
        self, audio: np.ndarray, *, loss: float = 0.0, dtx: bool = False, late_s: float = 0.0, seed: int = 1,
        host: str = "127.0.0.2",
    ) -> None:  # fmt: skip
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((host, 0))
        self._socket.settimeout(0.2)
        self.port = int(self._socket.getsockname()[1])
        whole = audio[: len(audio) // SAMPLES * SAMPLES].reshape(-1, SAMPLES)
        self._payloads = [ulaw(packet) for packet in whole]
        self.sent = _sent(whole, dtx) & (np.random.default_rng(seed).random(len(whole)) >= loss)
        self.came: dict[int, tuple[int, bytes]] = {}
        """Sequence number -> number of our next packet then, and the payload; in the order in which they came."""
        self._late_s = late_s
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._talk, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join()
        self._socket.close()

    def _talk(self) -> None:
        peer = self._first()
        if peer is None:
            return
        self._socket.setblocking(False)
        self._over.wait(self._late_s)
        due, resting = time.monotonic(), True
        for number, payload in enumerate(self._payloads):
            due += 0.02
            if self._over.wait(max(0.0, due - time.monotonic())):
                return
            self._keep(number)
            if self.sent[number]:
                head = struct.pack(">BBHII", 0x80, 0x80 * resting, *self._place(number), 0x7A1C)
                self._socket.sendto(head + payload, peer)
            resting = not self.sent[number]

    def _keep(self, number: int) -> None:
        with contextlib.suppress(BlockingIOError):
            while True:
                packet = self._socket.recv(2048)
                if len(packet) > 12 and packet[1] & 0x7F == 0:
                    self.came[struct.unpack(">H", packet[2:4])[0]] = (number, packet[12:])

    def _place(self, number: int) -> tuple[int, int]:
        """Sequence numbers count packets that left the far end, lost ones too; timestamps count samples."""
        return number & 0xFFFF, number * SAMPLES

    def _first(self) -> tuple[str, int] | None:
        while not self._over.is_set():
            try:
                return self._socket.recvfrom(2048)[1]
            except TimeoutError:
                continue
        return None


def _sent(packets: np.ndarray, dtx: bool) -> np.ndarray:
    """Which packets a gateway with voice activity detection sends."""
    if not dtx:
        return np.ones(len(packets), dtype=bool)
    audible = np.abs(packets).max(axis=1) >= _AUDIBLE
    kept = np.convolve(audible, np.ones(_HANGOVER + 1), mode="full")[: len(audible)] > 0
    return kept | (np.arange(len(packets)) % _KEEP_ALIVE == 0)
