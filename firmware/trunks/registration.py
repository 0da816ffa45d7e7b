"""Would this provider let us register? Asked once, with the answer as a key people get in words.

A REGISTER without a Contact only asks what is registered (RFC 3261 §10.2.3): it changes nothing, neither at the
provider nor for the registration Kamailio keeps up. A trunk without a user name is known by its address and is only
asked with OPTIONS whether it answers at all. Digest as in RFC 2617 and, with SHA-256, RFC 8760. Keeping a registration
is the edge's.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from firmware.config.shape import TrunkConfig

PATIENCE_S = 10.0
_AGAIN_S = (0.5, 1.0, 2.0, 4.0)
"""Waits between transmissions over UDP (RFC 3261 §17.1.2.2)."""
_LARGEST_ANSWER = 65_536
_HASHES = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}
_WRONG = {403: "trunk_password_wrong", 404: "trunk_user_unknown"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the provider said. ``key``: ``trunk_registers``, ``trunk_answers`` or what went wrong."""

    key: str
    figures: Mapping[str, Any] = field(default_factory=dict)

    @property
    def well(self) -> bool:
        """Whether calls can be expected to pass."""
        return self.key in ("trunk_registers", "trunk_answers")


async def ask(trunk: TrunkConfig) -> Outcome:
    """Ask the provider; within ``PATIENCE_S`` there is an answer in any case."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await _ask(trunk)
    except TimeoutError:
        return Outcome("trunk_silent", {"host": trunk.host})
    except socket.gaierror:
        return Outcome("trunk_name_unknown", {"host": trunk.host})
    except ssl.SSLError as error:
        return Outcome("trunk_not_trusted", {"host": trunk.host, "reason": error.reason or ""})
    except OSError as error:
        reason = error.strerror or str(error)
        return Outcome("trunk_unreachable", {"host": trunk.host, "reason": reason})


async def _ask(trunk: TrunkConfig) -> Outcome:
    wire: _Wire = _Datagrams() if trunk.transport == "udp" else _Stream(trunk.transport == "tls")
    mine = await wire.open(trunk.host.strip("[]"), trunk.port)
    request = _Request(trunk, mine)
    try:
        status, head = await wire.exchange(request.text(1, ""))
        if not trunk.username:
            return Outcome("trunk_answers", {"status": status})
        if status not in (401, 407):
            return _judge(status, asked=False)
        name = "Authorization" if status == 401 else "Proxy-Authorization"
        answer = _answer(head, trunk, request)
        if answer is None:
            return Outcome("trunk_digest_unknown", {"status": status})
        status, _ = await wire.exchange(request.text(2, f"{name}: {answer}\r\n"))
        return _judge(status, asked=True)
    finally:
        wire.close()


def _judge(status: int, *, asked: bool) -> Outcome:
    if status < 300:
        return Outcome("trunk_registers")
    if asked and status in (401, 407):
        return Outcome("trunk_password_wrong", {"status": status})
    return Outcome(_WRONG.get(status, "trunk_refused"), {"status": status})


class _Request:
    """The requests of one question; the same Call-ID and From tag, each a branch of its own."""

    def __init__(self, trunk: TrunkConfig, mine: str) -> None:
        self.method = "REGISTER" if trunk.username else "OPTIONS"
        self.uri = f"sip:{trunk.host}"
        self._via = f"SIP/2.0/{trunk.transport.upper()} {mine}"
        self._whom = f"sip:{trunk.username}@{trunk.host}" if trunk.username else f"sip:{trunk.host}"
        self._tag, self._call = secrets.token_hex(6), secrets.token_hex(8)

    def text(self, sequence: int, more: str) -> bytes:
        """One of them, ``more`` among its headers."""
        return (
            f"{self.method} {self.uri} SIP/2.0\r\n"
            f"Via: {self._via};branch=z9hG4bK{secrets.token_hex(8)};rport\r\n"
            f"From: <{self._whom}>;tag={self._tag}\r\nTo: <{self._whom}>\r\n"
            f"Call-ID: {self._call}\r\nCSeq: {sequence} {self.method}\r\n"
            f"Max-Forwards: 70\r\n{more}Content-Length: 0\r\n\r\n"
        ).encode()


def _answer(head: str, trunk: TrunkConfig, request: _Request) -> str | None:
    """The digest for the first challenge we understand; None: there is none."""
    for line in re.findall(r"(?im)^(?:www|proxy)-authenticate[ \t]*:[ \t]*digest[ \t]+(.*?)\r?$", head):
        challenge = {
            key.lower(): quoted or plain
            for key, quoted, plain in re.findall(r'([\w-]+)\s*=\s*(?:"([^"]*)"|([^\s,]+))', line)
        }
        algorithm = challenge.get("algorithm", "MD5").upper()
        if algorithm in _HASHES and "nonce" in challenge:
            return _digest(challenge, algorithm, trunk, request)
    return None


def _digest(challenge: Mapping[str, str], algorithm: str, trunk: TrunkConfig, request: _Request) -> str:
    def hashed(*parts: str) -> str:
        return _HASHES[algorithm](":".join(parts).encode()).hexdigest()

    realm, nonce, count, own = (
        challenge.get("realm", ""),
        challenge["nonce"],
        "00000001",
        secrets.token_hex(8),
    )
    who = hashed(trunk.username, realm, trunk.password.reveal())
    what = hashed(request.method, request.uri)
    said = {"username": trunk.username, "realm": realm, "nonce": nonce, "uri": request.uri}
    bare = f", algorithm={algorithm}"
    if "auth" in re.split(r"[\s,]+", challenge.get("qop", "")):
        said |= {"cnonce": own, "response": hashed(who, nonce, count, own, "auth", what)}
        bare += f", qop=auth, nc={count}"
    else:
        said["response"] = hashed(who, nonce, what)
    if "opaque" in challenge:
        said["opaque"] = challenge["opaque"]
    return "Digest " + ", ".join(f'{key}="{value}"' for key, value in said.items()) + bare


def _status(text: str) -> int:
    found = re.match(r"SIP/2\.0 (\d{3}) ", text)
    return int(found[1]) if found else 0


class _Wire(Protocol):
    """One way to the provider; ``open`` answers our address as a Via says it."""

    async def open(self, host: str, port: int) -> str:
        """Connect. :raises OSError: nobody there"""

    async def exchange(self, request: bytes) -> tuple[int, str]:
        """Send and wait for the final answer: its status and its text."""

    def close(self) -> None:
        """Disconnect."""


class _Datagrams(_Wire, asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self._heard: asyncio.Queue[str] = asyncio.Queue()
        self._transport: asyncio.DatagramTransport | None = None

    async def open(self, host: str, port: int) -> str:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, remote_addr=(host, port))
        return _written(self._transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:  # noqa: ARG002
        """Whatever came."""
        self._heard.put_nowait(data.decode("utf-8", "replace"))

    async def exchange(self, request: bytes) -> tuple[int, str]:
        assert self._transport is not None
        for wait_s in (*_AGAIN_S, PATIENCE_S):
            self._transport.sendto(request)
            try:
                async with asyncio.timeout(wait_s):
                    return await self._final()
            except TimeoutError:
                continue
        raise TimeoutError

    async def _final(self) -> tuple[int, str]:
        while True:
            text = await self._heard.get()
            if (status := _status(text)) >= 200:
                return status, text

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


class _Stream(_Wire):
    def __init__(self, tls: bool) -> None:
        self._tls = ssl.create_default_context() if tls else None
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def open(self, host: str, port: int) -> str:
        self._reader, self._writer = await asyncio.open_connection(
            host, port, ssl=self._tls, limit=_LARGEST_ANSWER
        )
        return _written(self._writer.transport)

    async def exchange(self, request: bytes) -> tuple[int, str]:
        assert self._reader is not None
        assert self._writer is not None
        self._writer.write(request)
        while True:
            try:
                head = (await self._reader.readuntil(b"\r\n\r\n")).decode("utf-8", "replace")
            except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
                raise ConnectionResetError("the provider hung up") from error
            length = re.search(r"(?im)^(?:content-length|l)\s*:\s*(\d{1,5})", head)
            if length:
                await self._reader.readexactly(int(length[1]))
            if (status := _status(head)) >= 200:
                return status, head

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


def _written(transport: asyncio.BaseTransport) -> str:
    host, port = transport.get_extra_info("sockname")[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
