"""A SIP endpoint of a few lines, for saying things no well-behaved telephone says.

Not an oracle for behaviour: SIPp and baresip are. Leaves retransmission out on purpose: on loopback nothing is lost
unless the other side chose to be silent, and that silence is what the tests ask about.
"""

from __future__ import annotations

import hashlib
import itertools
import re
import socket
import time
from dataclasses import dataclass

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Message:
    """One SIP message taken apart just enough."""

    first: str
    headers: dict[str, str]
    body: str
    source: tuple[str, int]

    @property
    def code(self) -> int:
        """The status, 0 for a request."""
        return int(self.first.split()[1]) if self.first.startswith("SIP/2.0 ") else 0

    @staticmethod
    def of(data: bytes, source: tuple[str, int]) -> Message:
        head, _, body = data.decode("utf-8", "replace").partition("\r\n\r\n")
        first, *lines = head.split("\r\n")
        headers: dict[str, str] = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers.setdefault(name.strip().lower(), value.strip())
        return Message(first, headers, body, source)


class Stranger:
    """A UDP socket that speaks SIP to one address."""

    def __init__(
        self,
        server: tuple[str, int],
        host: str = "127.0.0.3",
        domain: str = "strowger.invalid",
        port: int = 0,
        claims: str = "",
    ) -> None:
        """``claims``: the address it believes to have, as behind NAT."""
        self.server = server
        self.host = claims or host
        self.domain = domain
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((host, port))
        self.port = int(self._socket.getsockname()[1])

    def close(self) -> None:
        self._socket.close()

    def request(
        self, method: str, uri: str, *, user: str = "alice", extra: str = "", body: str = "", to_tag: str = "",
        call_id: str = "", cseq: int = 1, agent: str = "test", to: str = "",
    ) -> str:  # fmt: skip
        """A request as text, every header in place."""
        number = next(_numbers)
        tag = f";tag={to_tag}" if to_tag else ""
        kind = "Content-Type: application/sdp\r\n" if body else ""
        return (
            f"{method} {uri} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP {self.host}:{self.port};branch=z9hG4bK{number}{time.time_ns()}\r\n"
            f"Max-Forwards: 70\r\n"
            f"From: <sip:{user}@{self.domain}>;tag=f{number}\r\n"
            f"To: <{to or f'sip:{user}@{self.domain}'}>{tag}\r\n"
            f"Call-ID: {call_id or f'c{number}{time.time_ns()}'}\r\n"
            f"CSeq: {cseq} {method}\r\n"
            f"Contact: <sip:{user}@{self.host}:{self.port}>\r\n"
            f"User-Agent: {agent}\r\n"
            f"{extra}{kind}Content-Length: {len(body.encode())}\r\n\r\n{body}"
        )

    def send(self, text: str) -> None:
        self._socket.sendto(text.encode(), self.server)

    def receive(self, timeout_s: float = 2.0) -> Message | None:
        """The next message, ``None`` if none comes."""
        self._socket.settimeout(timeout_s)
        try:
            data, source = self._socket.recvfrom(1 << 16)
        except TimeoutError:
            return None
        return Message.of(data, source)

    def ask(self, text: str, timeout_s: float = 2.0) -> Message | None:
        """Send and return the first final answer, ``None`` for silence."""
        self.send(text)
        end = time.monotonic() + timeout_s
        while (left_s := end - time.monotonic()) > 0 and (answer := self.receive(left_s)) is not None:
            if answer.code >= 200:
                return answer
        return None

    def register(self, user: str, secret: str, *, expires: int = 600, contact: str = "") -> Message | None:
        """REGISTER with digest; the last answer."""
        uri = f"sip:{self.domain}"
        extra = f"Expires: {expires}\r\n"
        call_id = f"r{next(_numbers)}{time.time_ns()}"
        first = self.ask(self.request("REGISTER", uri, user=user, extra=extra, call_id=call_id))
        if first is None or first.code != 401:
            return first
        extra += self.credentials(first, "REGISTER", uri, user, secret)
        return self.ask(self.request("REGISTER", uri, user=user, extra=extra, call_id=call_id, cseq=2))

    def credentials(self, challenge: Message, method: str, uri: str, user: str, secret: str) -> str:
        """The header that answers a 401 or 407 (RFC 2617 with qop=auth)."""
        asked = "www-authenticate" if challenge.code == 401 else "proxy-authenticate"
        given = dict(re.findall(r'(\w+)="?([^",]+)"?', challenge.headers[asked].removeprefix("Digest ")))
        ha1 = _md5(f"{user}:{given['realm']}:{secret}")
        response = _md5(f"{ha1}:{given['nonce']}:00000001:0a4f113b:auth:{_md5(f'{method}:{uri}')}")
        name = "Authorization" if challenge.code == 401 else "Proxy-Authorization"
        return (
            f'{name}: Digest username="{user}", realm="{given["realm"]}", nonce="{given["nonce"]}", uri="{uri}", '
            f'qop=auth, nc=00000001, cnonce="0a4f113b", response="{response}", algorithm=MD5\r\n'
        )


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()
