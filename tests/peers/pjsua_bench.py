"""pjsua2 and a SIP peer on one thread, for cases that depend on which message comes first.

The library allows one endpoint in a process, so a case runs in a process of its own: `python -m tests.peers.<cases>
<case>` prints what it saw as JSON. Peer and library take turns in one loop; no message is sent, and none is handled,
but where the case says so.
"""

from __future__ import annotations

import gc
import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pjsua2 as pj

LIMIT_S = 10.0
SILENCE = "v=0\r\no=- 1 {version} IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n{media}"
AUDIO_LINE = "m=audio {port} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"

Case = Callable[[], dict[str, Any]]


@contextmanager
def endpoint(max_calls: int = 4) -> Iterator[pj.Endpoint]:
    """A library set up the way the service sets it up: no threads of its own but the clock's, polled by ours."""
    config = pj.EpConfig()
    config.uaConfig.threadCnt = 0
    config.uaConfig.mainThreadOnly = True
    config.uaConfig.maxCalls = max_calls
    config.medConfig.clockRate = config.medConfig.sndClockRate = 8000
    config.logConfig.level = config.logConfig.consoleLevel = 0
    ours = pj.Endpoint()
    ours.libCreate()
    ours.libInit(config)
    ours.audDevManager().setNullDev()
    transport = pj.TransportConfig()
    transport.boundAddress = "127.0.0.1"
    ours.transportCreate(pj.PJSIP_TRANSPORT_UDP, transport)
    ours.libStart()
    try:
        yield ours
    finally:
        gc.collect()
        ours.libDestroy(pj.PJSUA_DESTROY_NO_NETWORK)


def poll_until(reached: Callable[[], bool], step: Callable[[], object] | None = None) -> bool:
    """Let the library (and ``step``) work until ``reached``; False when that takes longer than LIMIT_S."""
    library = pj.Endpoint.instance()
    deadline = time.monotonic() + LIMIT_S
    while not reached():
        if time.monotonic() > deadline:
            return False
        library.libHandleEvents(5)
        if step:
            step()
    return True


class Peer:
    """The far end: keeps every request it gets, answers none by itself."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.port = int(self._socket.getsockname()[1])
        self._media = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._media.bind(("127.0.0.1", 0))
        self.received: list[str] = []
        self._their_address = ("", 0)

    def listen(self) -> None:
        """Take in what has arrived; a retransmission is not kept twice."""
        while True:
            try:
                data, self._their_address = self._socket.recvfrom(65536)
            except BlockingIOError:
                return
            if (text := data.decode()) not in self.received:
                self.received.append(text)

    def expect(self, start: str, *, after: int = 0) -> str:
        """Wait for a message that starts with ``start``, not counting the first ``after`` messages."""
        found: list[str] = []

        def arrived() -> bool:
            self.listen()
            found[:] = [message for message in self.received[after:] if message.startswith(start)]
            return bool(found)

        if not poll_until(arrived):
            raise TimeoutError(f"no {start}; received: {[text.splitlines()[0] for text in self.received]}")
        return found[0]

    def send(self, text: str) -> None:
        self._socket.sendto(text.encode(), self._their_address)

    def answer(self, request: str, status: str, body: str = "") -> None:
        """Answer ``request``; the tag is the same for all of its dialog."""
        copied = [line for line in request.split("\r\n") if re.match(r"(Via|From|Call-ID|CSeq):", line)]
        to = header(request, "To")
        tag = "" if "tag=" in to else ";tag=peer"
        self.send(self._message(f"SIP/2.0 {status}", [*copied, f"To: {to}{tag}"], body))

    def request(self, method: str, invite: str, cseq: int, body: str = "") -> None:
        """Send a request inside the dialog that ``invite`` began."""
        contact = re.search(r"<([^>]+)>", header(invite, "Contact"))
        assert contact
        lines = [
            f"Via: SIP/2.0/UDP 127.0.0.1:{self.port};branch=z9hG4bK{method}{cseq}{header(invite, 'Call-ID')}",
            f"From: {header(invite, 'To')};tag=peer",
            f"To: {header(invite, 'From')}",
            f"Call-ID: {header(invite, 'Call-ID')}",
            f"CSeq: {cseq} {method}",
            "Max-Forwards: 70",
        ]
        self.send(self._message(f"{method} {contact[1]} SIP/2.0", lines, body))

    def description(self, lines: int = 1, version: int = 1) -> str:
        """An SDP with so many audio lines."""
        return SILENCE.format(
            version=version, media=AUDIO_LINE.format(port=self._media.getsockname()[1]) * lines
        )

    def _message(self, first: str, lines: list[str], body: str) -> str:
        lines = [first, *lines, f"Contact: <sip:peer@127.0.0.1:{self.port}>"]
        if body:
            lines.append("Content-Type: application/sdp")
        return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", body])


def header(message: str, name: str) -> str:
    """The value of a header; KeyError when it is missing."""
    found = re.search(rf"^{name}: *(.*?)\r?$", message, re.MULTILINE)
    if not found:
        raise KeyError(name)
    return found[1]


def main(cases: dict[str, Case]) -> None:
    """Run the case the command line names."""
    print(json.dumps(cases[sys.argv[1]]()))  # noqa: T201 - the result is the output


def run(module: str, case: str, **environment: str) -> dict[str, Any]:
    """Run one case in a process of its own; a crash, or an exit other than 0, fails the test."""
    command = [sys.executable, "-m", module, case]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, f"{case} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
    # The library prints a few lines too, before the case has silenced it; which come first is up to the buffers.
    result = next(line for line in done.stdout.splitlines() if line.startswith("{"))
    seen: dict[str, Any] = json.loads(result)
    return seen
