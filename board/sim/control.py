"""A UNIX socket for whoever directs the simulation: JSON lines in, JSON lines out.

{"id": 1, "do": "number", "args": {"number": "+493023125100", "what": "busy"}}
{"id": 1, "ok": true, "result": {}}          or   {"id": 1, "ok": false, "error": "no behaviour 'bussy' …"}
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

logger = logging.getLogger(__name__)
Args = Mapping[str, object]
Command = Callable[[Args], Awaitable[object]]
_MAX_LINE = 1 << 20


class ControlServer:
    """Serves named commands. A command that raises KeyError, ValueError or RuntimeError answers with its words."""

    def __init__(self, path: Path, commands: Mapping[str, Command]) -> None:
        """Prepare; `start` binds."""
        self._path = path
        self._commands = commands
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def start(self) -> None:
        """Bind the socket, in place of one that nobody serves any more. Raises OSError."""
        with contextlib.suppress(FileNotFoundError):
            if await self._is_served():
                raise OSError(f"{self._path} is in use")
            self._path.unlink()
        self._server = await asyncio.start_unix_server(self._serve, self._path, limit=_MAX_LINE)

    async def _is_served(self) -> bool:
        try:
            _, writer = await asyncio.open_unix_connection(self._path)
        except ConnectionRefusedError:
            return False
        writer.close()
        return True

    async def stop(self) -> None:
        """Close the socket and everybody on it."""
        if self._server:
            self._server.close()
            for writer in tuple(self._writers):
                writer.close()
            await self._server.wait_closed()
            self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while line := await reader.readline():
                writer.write(json.dumps(await self._answer(line)).encode() + b"\n")
                await writer.drain()
        except (ConnectionError, ValueError) as why:
            logger.debug("control connection: %s", why)
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _answer(self, line: bytes) -> dict[str, object]:
        number: object = None
        try:
            request = json.loads(line)
            number = request.get("id")
            command = self._commands.get(request.get("do"))
            if command is None:
                raise ValueError(f"no command {request.get('do')!r}; there are {', '.join(self._commands)}")
            return {"id": number, "ok": True, "result": await command(request.get("args") or {})}
        except (KeyError, ValueError, TypeError, AttributeError, RuntimeError) as why:
            return {"id": number, "ok": False, "error": f"{type(why).__name__}: {why}"}
