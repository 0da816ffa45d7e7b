"""A small client of the control socket: one JSON line out, one JSON line back.

Every request has a connection of its own: a UNIX socket costs 0.1 ms, and a request is then never mixed up with
another thread's, nor sent twice because an idle connection had died. The stream of events is read in ``live.py``.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from firmware.model import Problem

MAX_LINE_BYTES = 16 * 1024 * 1024


asking: ContextVar[Mapping[str, Any] | None] = ContextVar("asking", default=None)
"""Whom this thread asks the service for: ``who``, ``via``, ``address``, ``user_id``; the log of changes keeps it."""


class ServiceDown(Exception):
    """The service does not answer: not started, restarting, or stuck."""


class Refused(Exception):
    """The service understood and said no; ``problems`` say why, all at once."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(problem.text for problem in problems))
        self.problems = problems


def problem_from(raw: Mapping[str, Any]) -> Problem:
    """A problem as the service wrote it, with nothing taken for granted."""
    figures = raw.get("figures")
    return Problem(
        where=str(raw.get("where", "")),
        key=str(raw.get("key", "")),
        text=str(raw.get("text", "")),
        figures=figures if isinstance(figures, dict) else {},
    )


def _answer(line: bytes) -> Any:
    try:
        reply = json.loads(line)
    except ValueError as error:
        raise ServiceDown("the service sent a line that is not JSON") from error
    if not isinstance(reply, dict):
        raise ServiceDown("the service sent something that is not an answer")
    if reply.get("ok"):
        return reply.get("result")
    raise Refused(tuple(problem_from(raw) for raw in reply.get("problems", ())))


class ServiceClient:
    """Thread-safe: it holds nothing but the socket's path."""

    def __init__(self, path: Path, timeout_s: float = 10.0) -> None:
        self._path = str(path)
        self._timeout_s = timeout_s

    def connect(self, timeout_s: float | None = None) -> socket.socket:
        """A fresh connection; ServiceDown when nobody listens."""
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(timeout_s or self._timeout_s)
        try:
            connection.connect(self._path)
        except OSError as error:
            connection.close()
            raise ServiceDown(f"nobody answers at {self._path}: {error}") from error
        return connection

    def call(self, do: str, args: Mapping[str, Any] | None = None, timeout_s: float | None = None) -> Any:
        """Ask for ``do`` and wait for its result. Raises Refused or ServiceDown."""
        request = {"id": 1, "do": do, "args": dict(args or {}), "by": asking.get()}
        line = json.dumps(request).encode() + b"\n"
        with self.connect(timeout_s) as connection:
            try:
                connection.sendall(line)
                with connection.makefile("rb") as replies:
                    reply = replies.readline(MAX_LINE_BYTES)
            except OSError as error:
                raise ServiceDown(f"no answer to {do}: {error}") from error
        if not reply.endswith(b"\n"):
            raise ServiceDown(f"the connection broke before {do} was answered")
        return _answer(reply)

    def events(self, connection: socket.socket) -> Iterator[Any]:
        """Subscribe on ``connection``: first the snapshot, then one mapping per event.

        ``None`` is yielded when nothing came within the connection's timeout. Raises ServiceDown at the end.
        """
        connection.sendall(json.dumps({"id": 1, "do": "events"}).encode() + b"\n")
        pending = b""
        first = True
        while True:
            line, mark, rest = pending.partition(b"\n")
            if mark:
                pending = rest
                yield _answer(line) if first else json.loads(line)
                first = False
                continue
            try:
                chunk = connection.recv(65536)
            except TimeoutError:
                yield None
                continue
            if not chunk or len(pending) > MAX_LINE_BYTES:
                raise ServiceDown("the service closed the stream of events")
            pending += chunk
