"""The command line's side of the control socket: JSON lines out, answers and events in.

Used by ``strowger`` and by the demonstration; the web UI has its own client, because it lives in threads. The
protocol is told in ``control``.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from firmware.model import OperatorError, Problem, ServiceGone

_LINE_LIMIT = 4 * 1024 * 1024


class Client:
    """One connection. Requests are answered in turn; ``events`` turns the connection into a stream."""

    def __init__(self, socket: Path) -> None:
        self._path = socket
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._turn = asyncio.Lock()
        self._count = 0

    async def __aenter__(self) -> Self:
        try:
            self._reader, self._writer = await asyncio.open_unix_connection(
                str(self._path), limit=_LINE_LIMIT
            )
        except OSError as error:
            raise ServiceGone(f"the service does not answer at {self._path}: {error.strerror}") from error
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._writer is not None:
            self._writer.close()

    async def ask(self, do: str, **args: Any) -> Any:
        """Do one command and return its result. Raises OperatorError with the service's problems, ServiceGone."""
        async with self._turn:
            self._count += 1
            await self._send({"id": self._count, "do": do, "args": args})
            answer = await self._receive()
            while answer.get("id") != self._count:  # the answer to a question somebody was cancelled over
                answer = await self._receive()
        if not answer.get("ok"):
            raise OperatorError(*(_problem(p) for p in answer.get("problems", [])))
        return answer.get("result")

    async def events(self) -> AsyncIterator[tuple[str, Mapping[str, Any]]]:
        """The snapshot first (as ``("snapshot", data)``), then every change as it happens."""
        snapshot = await self.ask("events")
        yield "snapshot", snapshot
        while True:
            line = await self._receive()
            yield str(line["event"]), line["data"]

    async def _send(self, message: Mapping[str, Any]) -> None:
        assert self._writer is not None, "use 'async with'"
        try:
            self._writer.write(json.dumps(message, separators=(",", ":")).encode() + b"\n")
            await self._writer.drain()
        except ConnectionError as error:
            raise ServiceGone("the service went away") from error

    async def _receive(self) -> dict[str, Any]:
        assert self._reader is not None, "use 'async with'"
        try:
            line = await self._reader.readline()
        except ConnectionError as error:
            raise ServiceGone("the service went away") from error
        if not line.endswith(b"\n"):
            raise ServiceGone("the service went away")
        answer: dict[str, Any] = json.loads(line)
        return answer


def _problem(data: Mapping[str, Any]) -> Problem:
    return Problem(str(data["where"]), str(data["key"]), str(data["text"]), data.get("figures", {}))
