"""The control socket: commands in, answers and events out, one JSON object a line over a UNIX socket.

The API::

    control = Control(config.paths.control_socket, hub)
    control.add("campaign.start", start)      # async def start(id: int) -> Mapping | dataclass | None
    await control.start()                     # OperatorError: path too long, another service is running
    await control.stop()

A handler is an async function; its parameters are the command's arguments, read strictly by their
annotations (``firmware.typed``; a default makes an argument optional). It answers a mapping or a frozen
dataclass and refuses with ``OperatorError``. ``status`` and ``events`` are built in. A request is ``{"id":
1, "do": "...", "args": {}}``, an answer ``{"id": 1, "ok": true, "result": {}}`` or ``{"id": 1, "ok": false,
"problems": [...]}``; after ``events`` the connection also carries ``{"event", "at", "data"}`` lines.

A request may say ``"by"`` whom it is made (``{"user_id": 3, "who": "Anna", "via": "pages", "address": "192.0.2.7"}``);
without it, it is made by whoever runs the asking process. The log of changes keeps that (``firmware.auditing``), and
somebody of a department is kept to what is theirs (``firmware.scoping``); a program is known by its ``token_id``.

Who may connect is the file system's word (mode 0660). Requests of one connection are answered in order;
connections do not wait for each other. A reader that falls ``BACKLOG_BYTES`` behind is cut off, comes back
and gets a fresh snapshot. What the commands do is ``firmware.commands``'.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import logging
import secrets
import socket
import stat
import struct
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

from firmware.auditing import Auditor, at_console
from firmware.hub import Hub, encode
from firmware.model import OperatorError, Problem, UserId
from firmware.scoping import Scoping
from firmware.store.audit import Actor
from firmware.typed import Field, Length, OneOf, fields_of, read_table, unknown

_log = logging.getLogger(__name__)

LINE_BYTES = 1 << 20
"""The longest request."""
BACKLOG_BYTES = 4 << 20
"""What may wait for a reader before it is cut off; a snapshot fits in easily."""
CONNECTIONS = 256
_SOCKET_MODE = 0o660
_PATH_BYTES = 107
"""sockaddr_un.sun_path without its final zero (unix(7))."""

Handler = Callable[..., Awaitable[object]]


@dataclasses.dataclass(frozen=True, slots=True)
class _By:
    who: Annotated[str, Length(0, 100)]
    via: Annotated[str, OneOf(("pages", "api"))]
    address: Annotated[str, Length(0, 60)] = ""
    user_id: UserId | None = None
    token_id: int | None = None


_ACTOR = fields_of(_By)


class Control:
    """Serves the commands that were added."""

    def __init__(self, path: Path, hub: Hub, backlog_bytes: int = BACKLOG_BYTES) -> None:
        self._path = path
        self._hub = hub
        self._backlog_bytes = backlog_bytes
        self._commands: dict[str, tuple[Handler, tuple[Field, ...]]] = {}
        self._auditor: Auditor | None = None
        self._scoping: Scoping | None = None
        self._server: asyncio.Server | None = None
        self._inode: tuple[int, int] | None = None
        self._connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self.add("status", self._status)

    def add(self, name: str, handler: Handler) -> None:
        """Answer ``name`` with ``handler``.

        Raises ``ValueError`` if the name is taken, ``TypeError`` if an argument's type cannot be read.
        """
        if name in self._commands or name == "events":
            raise ValueError(f"the command {name} exists already")
        self._commands[name] = (handler, fields_of(handler))

    def audit_with(self, auditor: Auditor) -> None:
        """Log what commands change."""
        self._auditor = auditor

    def scope_with(self, scoping: Scoping) -> None:
        """Keep people of a department to what is theirs."""
        self._scoping = scoping

    @property
    def names(self) -> frozenset[str]:
        """Every command there is."""
        return frozenset(self._commands)

    async def start(self) -> None:
        """Open the socket."""
        listening = await asyncio.to_thread(_open, self._path)
        opened = self._path.stat()
        self._inode = (opened.st_dev, opened.st_ino)
        self._server = await asyncio.start_unix_server(self._connected, sock=listening, limit=LINE_BYTES)

    async def stop(self) -> None:
        """Close the socket and every connection; a command under way is cancelled."""
        if self._server is None:
            return
        self._server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None
        self._remove_own_socket()

    def _remove_own_socket(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            found = self._path.stat()
            if (found.st_dev, found.st_ino) == self._inode:
                self._path.unlink()

    async def _status(self) -> Mapping[str, Any]:
        return self._hub.snapshot()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections[task] = writer
        try:
            if len(self._connections) > CONNECTIONS:
                writer.write(_refusal(None, _problem("too_many_connections", "too many connections")))
            else:
                await self._converse(reader, writer)
            await writer.drain()
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            del self._connections[task]
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        leave: list[Callable[[], None]] = []
        try:
            while True:
                try:
                    line = await reader.readline()
                except ValueError:
                    text = f"a request has at most {LINE_BYTES} bytes"
                    writer.write(_refusal(None, _problem("request_too_long", text, most=LINE_BYTES)))
                    return
                if not line.endswith(b"\n"):
                    return
                await self._answer(line, writer, leave)
                await writer.drain()
        finally:
            for end in leave:
                end()

    async def _answer(
        self, line: bytes, writer: asyncio.StreamWriter, leave: list[Callable[[], None]]
    ) -> None:
        request, problem = _parse(line)
        if problem is not None:
            writer.write(_refusal(request.get("id"), problem))
        elif request["do"] == "events":
            if not leave:
                snapshot, end = self._hub.subscribe(self._deliverer(writer))
                leave.append(end)
            else:
                snapshot = self._hub.snapshot()
            writer.write(_reply(request["id"], snapshot))
        else:
            writer.write(await self._perform(request, request["by"] or _peer(writer)))

    def _deliverer(self, writer: asyncio.StreamWriter) -> Callable[[bytes], None]:
        def deliver(line: bytes) -> None:
            transport = writer.transport
            if transport.is_closing():
                return
            writer.write(line)
            if transport.get_write_buffer_size() > self._backlog_bytes:
                _log.warning("a reader of the event stream is too slow and is cut off")
                transport.abort()

        return deliver

    async def _perform(self, request: Mapping[str, Any], actor: Actor) -> bytes:
        name, number = request["do"], request["id"]
        try:
            handler, fields = self._command(name)
            problems: list[Problem] = []
            arguments = read_table(request["args"], fields, str, problems)
            if problems:
                raise OperatorError(*problems)
            return _reply(number, _plain(await self._carry_out(name, handler, arguments, actor)))
        except OperatorError as refused:
            return _refusal(number, *refused.problems)
        except Exception:  # noqa: BLE001 - the top of a request: it must be answered, and the journal told
            reference = secrets.token_hex(4)
            _log.exception("command %s failed, reference %s", name, reference)
            text = f"something failed inside the box; the journal has it under {reference}"
            return _refusal(number, Problem(name, "our_fault", text, {"reference": reference}))

    async def _carry_out(
        self, name: str, handler: Handler, arguments: Mapping[str, Any], actor: Actor
    ) -> object:
        async def work() -> object:
            return await handler(**arguments)

        if self._auditor is None:
            return await work()
        with self._auditor.command(name, arguments, actor) as change:
            if self._scoping is None:
                result = await work()
            else:
                result = await self._scoping.carry_out(name, arguments, actor, work)
        await self._auditor.done(change)
        return result

    def _command(self, name: str) -> tuple[Handler, tuple[Field, ...]]:
        if name in self._commands:
            return self._commands[name]
        raise OperatorError(
            dataclasses.replace(unknown(name, self._commands, lambda key: key), key="unknown_command")
        )


def _parse(line: bytes) -> tuple[dict[str, Any], Problem | None]:
    """The request, complete with ``id`` and ``args``, or why it is none."""
    try:
        request = json.loads(line)
    except (ValueError, RecursionError):
        return {}, _problem("malformed_request", "a request is one JSON object on one line")
    if not isinstance(request, dict):
        return {}, _problem("malformed_request", "a request is one JSON object on one line")
    number = request.get("id")
    whole = {"id": number, "do": request.get("do"), "args": request.get("args", {}), "by": None}
    if number is not None and (isinstance(number, bool) or not isinstance(number, (int, str))):
        return {}, _problem("malformed_request", "id must be a whole number or a text")
    if not isinstance(whole["do"], str):
        return whole, _problem("malformed_request", "do must name a command")
    if not isinstance(whole["args"], dict):
        return whole, _problem("malformed_request", "args must be an object")
    extra = set(request) - set(whole)
    if extra:
        return whole, _problem("malformed_request", "a request has only id, do, args and by")
    if request.get("by") is not None:
        whole["by"] = _actor(request["by"])
        if whole["by"] is None:
            return whole, _problem("malformed_request", "by says who asks: user_id, who, via and address")
    return whole, None


def _actor(given: object) -> Actor | None:
    """Who a request says it is made by; None if it does not say it properly."""
    problems: list[Problem] = []
    if not isinstance(given, dict):
        return None
    read = read_table(given, _ACTOR, str, problems)
    return None if problems else Actor(**read)


def _peer(writer: asyncio.StreamWriter) -> Actor:
    """Who runs the process at the other end (``SO_PEERCRED``, unix(7))."""
    connection = writer.get_extra_info("socket")
    _pid, user, _group = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    return at_console(user)


def _problem(key: str, text: str, **figures: object) -> Problem:
    return Problem("", key, text, figures)


def _plain(result: object) -> object:
    if result is None:
        return {}
    if dataclasses.is_dataclass(result) and not isinstance(result, type):
        return dataclasses.asdict(result)
    return result


def _reply(number: object, result: object) -> bytes:
    return f"{encode({'id': number, 'ok': True, 'result': result})}\n".encode()


def _refusal(number: object, *problems: Problem) -> bytes:
    listed = [{"where": p.where, "key": p.key, "text": p.text, "figures": dict(p.figures)} for p in problems]
    return f"{encode({'id': number, 'ok': False, 'problems': listed})}\n".encode()


def _open(path: Path) -> socket.socket:
    """A listening socket at ``path`` that others cannot open for a moment even while it is being made."""
    if len(bytes(path)) > _PATH_BYTES:
        text = f"[paths] runtime: {path} is longer than the {_PATH_BYTES} bytes a socket's path may have"
        raise OperatorError(
            Problem("[paths] runtime", "path_too_long", text, {"path": str(path), "most": _PATH_BYTES})
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove_stale(path)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listening.bind(str(path))
        path.chmod(_SOCKET_MODE)
        listening.listen(128)
        listening.setblocking(False)
    except OSError:
        listening.close()
        raise
    return listening


def _remove_stale(path: Path) -> None:
    """Take away the socket of a service that died; refuse if one lives or if it is something else."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        text = f"{path} exists and is no socket"
        raise OperatorError(Problem(str(path), "not_a_socket", text, {"path": str(path)}))
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
            return
        except FileNotFoundError:
            return
    text = f"another service answers at {path}"
    raise OperatorError(Problem(str(path), "already_running", text, {"path": str(path)}))
