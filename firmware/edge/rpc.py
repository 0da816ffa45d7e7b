"""Talks to Kamailio's JSON-RPC datagram socket from the event loop.

Leaves what is said to ``phone_book`` and ``edge``. A Kamailio that is not there is the outside world's weather: an
``RpcDown`` to be shown and tried again, never a reason to stop.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import socket
from pathlib import Path
from typing import Any


class RpcDown(Exception):
    """Nobody answers on the socket."""


class RpcRefused(Exception):
    """Kamailio understood and said no; ``code`` as in JSON-RPC, e.g. 404 for something that does not exist."""

    def __init__(self, method: str, code: int, text: str) -> None:
        super().__init__(f"{method}: {code} {text}")
        self.code = code


class Rpc(asyncio.DatagramProtocol):
    """One socket for all questions; answers are told apart by their id."""

    def __init__(self, socket_path: Path, timeout_s: float = 2.0) -> None:
        self._path = str(socket_path)
        self._timeout_s = timeout_s
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._socket: socket.socket | None = None
        self._transport: asyncio.DatagramTransport | None = None

    async def open(self) -> None:
        """Make our end. It has an abstract name, so Kamailio's user needs no right on any folder of ours."""
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self._socket.bind("")
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, sock=self._socket)

    def close(self) -> None:
        """Let go of the socket; open questions get ``RpcDown``."""
        if self._transport is not None:
            self._transport.close()
        self._socket = self._transport = None
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(RpcDown("closed"))

    async def call(self, method: str, *params: str | int) -> Any:
        """Ask and wait for the answer. Raises ``RpcDown`` after the time-out and ``RpcRefused``."""
        if self._socket is None:
            raise RpcDown("not open")
        number = next(self._ids)
        question = {"jsonrpc": "2.0", "method": method, "params": list(params), "id": number}
        future = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        try:
            self._socket.sendto(json.dumps(question).encode(), self._path)
            async with asyncio.timeout(self._timeout_s):
                answer = await future
        except OSError as error:  # TimeoutError is one too
            raise RpcDown(f"{method}: {error or 'no answer'}") from error
        finally:
            del self._waiting[number]
        if "error" in answer:
            raise RpcRefused(
                method, int(answer["error"].get("code", 0)), str(answer["error"].get("message", ""))
            )
        return answer.get("result")

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int] | Any) -> None:  # noqa: ARG002
        """Asyncio's: an answer has come."""
        try:
            answer = json.loads(data)
        except ValueError:
            return  # cut off at the socket's limit: the one who asked runs into the time-out
        future = self._waiting.get(answer.get("id", 0)) if isinstance(answer, dict) else None
        if future is not None and not future.done():
            future.set_result(answer)

    def error_received(self, exc: Exception) -> None:
        """Asyncio's: a send failed; the one who asked has seen it or runs into the time-out."""
