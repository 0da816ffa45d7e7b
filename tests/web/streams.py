"""Reading server-sent events as a browser does."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Callable
from typing import Any

from tests.web.box import Client


class Events:
    """One open stream. ``status`` is that of the answer; ``wait_for`` reads until a message fits."""

    def __init__(self, client: Client, path: str, tls: tuple[ssl.SSLContext, int] | None = None) -> None:
        """``tls``: through the encrypted front at this port instead of straight from the pages."""
        port = tls[1] if tls else client.port
        self.socket: socket.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        if tls:
            self.socket = tls[0].wrap_socket(self.socket)
        cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        version = "1.0" if tls else "1.1"  # nginx cuts what it passes on where it likes, but not for 1.0
        head = f"GET {path} HTTP/{version}\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookies}\r\n\r\n"
        self.socket.sendall(head.encode())
        self._file = self.socket.makefile("rb")
        self.status = int(self._file.readline().split()[1])
        self.headers: dict[str, str] = {}
        while (line := self._file.readline().strip()) != b"":
            name, _, value = line.decode().partition(": ")
            self.headers[name.lower()] = value
        self.shown: dict[str, str] = {}

    def __enter__(self) -> Events:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Go away without a word, as a closed browser does."""
        self._file.close()
        self.socket.close()

    def next(self) -> tuple[str, dict[str, Any]]:
        """The next event: its name and its data."""
        name = "message"
        while line := self._line():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                data = json.loads(line.removeprefix("data: "))
                self.shown.update(data.get("regions", {}))
                return name, data
        return "end", {}

    def _line(self) -> str:
        """One line of the stream; chunk sizes between them are skipped."""
        while raw := self._file.readline():
            text = raw.decode().strip()
            if text and not all(c in "0123456789abcdefABCDEF" for c in text):
                return text
            if text == "0":
                return ""
        return ""

    def wait_for(self, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Read messages until one fits."""
        while True:
            name, data = self.next()
            if name == "end":
                raise AssertionError("the stream ended")
            if name == "message" and fits(data):
                return data
