"""What the tests of the simulated far side share: voices made on the spot, and a bare SIP peer on a UDP socket."""

from __future__ import annotations

import asyncio
import csv
import wave
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np

from board.sim.sip_message import Request, Response, parse
from board.sim.sip_transactions import Address

KINDS = {
    "human_hello": 0.6, "human_talk": 1.0, "machine_greeting": 3.0, "intercept": 1.5, "announcement_abandoned": 1.0,
    "call_screening": 1.2,
}  # fmt: skip


def write_wav(path: Path, samples: np.ndarray[tuple[int, ...], np.dtype[np.int16]]) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(samples.astype("<i2").tobytes())


def buzz(seconds: float, hertz: float = 300.0) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    """A loud harmonic sound: to a level detector as good as a voice."""
    at = np.arange(round(seconds * 8000)) / 8000
    return np.asarray(sum(np.sin(2 * np.pi * hertz * n * at) / n for n in (1, 2, 3)) * 5000, np.int16)


def make_voices(directory: Path, languages: Iterable[str] = ("de", "en")) -> Path:
    """Make a voices directory in which every kind is a buzz of known length."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["file", "kind", "language", "voice", "text", "duration_s"])
        for language in languages:
            for n, (kind, seconds) in enumerate(KINDS.items()):
                name = f"{kind}-{language}.wav"
                write_wav(directory / name, buzz(seconds, 250.0 + 50 * n))
                rows.writerow([name, kind, language, f"{language}-1", "buzz", seconds])
    return directory


class Peer(asyncio.DatagramProtocol):
    """A socket that sends what a test writes and hands out what comes, in order."""

    def __init__(self, to: Address) -> None:
        self.to = to
        self.inbox: asyncio.Queue[bytes] = asyncio.Queue()
        self.transport: asyncio.DatagramTransport | None = None

    def datagram_received(self, data: bytes, addr: tuple[str | int, ...]) -> None:
        self.inbox.put_nowait(data)

    @property
    def port(self) -> int:
        assert self.transport
        return int(self.transport.get_extra_info("sockname")[1])

    def send(self, text: str | bytes) -> None:
        """Send a message; `{port}` in a text is our port."""
        assert self.transport
        if isinstance(text, str):
            text = text.replace("{port}", str(self.port)).replace("\n", "\r\n").encode()
        self.transport.sendto(text, self.to)

    async def receive(self, timeout_s: float = 5.0) -> Request | Response:
        """Return the next message."""
        message = parse(await asyncio.wait_for(self.inbox.get(), timeout_s))
        assert message
        return message

    async def response(self, *statuses: int, method: str = "") -> Response:
        """Return the next response with one of these statuses (any final one if none is named)."""
        while True:
            message = await self.receive()
            if (
                isinstance(message, Response)
                and (message.status in statuses or (not statuses and message.status >= 200))
                and (not method or message.cseq[1] == method)
            ):
                return message

    async def request(self, method: str) -> Request:
        """Return the next request with this method."""
        while True:
            message = await self.receive()
            if isinstance(message, Request) and message.method == method:
                return message


@asynccontextmanager
async def peer(to: Address) -> AsyncIterator[Peer]:
    """A peer on a free port of the loopback."""
    transport, made = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Peer(to), local_addr=("127.0.0.1", 0)
    )
    made.transport = transport
    try:
        yield made
    finally:
        transport.close()


SDP = """v=0
o=- 1 1 IN IP4 127.0.0.1
s=-
c=IN IP4 127.0.0.1
t=0 0
m=audio 9 RTP/AVP 0 8 101
a=rtpmap:101 telephone-event/8000
"""


def message(
    method: str, number: str = "+493023125900", *, call_id: str = "call-1", branch: str = "z9hG4bK-1", seq: int = 1,
    to_tag: str = "", body: str = "", extra: str = "", uri: str = "",
) -> str:  # fmt: skip
    """Return a request as text; `{port}` is filled in by the peer that sends it."""
    kind = "Content-Type: application/sdp\n" if body else ""
    tag = f";tag={to_tag}" if to_tag else ""
    return (
        f"{method} {uri or f'sip:{number}@127.0.0.1'} SIP/2.0\n"
        f"Via: SIP/2.0/UDP 127.0.0.1:{{port}};branch={branch};rport\n"
        f"Max-Forwards: 70\nFrom: <sip:+493023125001@127.0.0.1>;tag=from-1\n"
        f"To: <sip:{number}@127.0.0.1>{tag}\nCall-ID: {call_id}\nCSeq: {seq} {method}\n"
        f"Contact: <sip:tester@127.0.0.1:{{port}}>\n{extra}{kind}"
        f"Content-Length: {len(body) + body.count(chr(10))}\n\n{body}"
    )
