"""A small SMTP server (RFC 5321, 3207, 4954) on loopback, in a thread: takes mail, or misbehaves as it is told to.

It stands outside of what is tested: bytes go over a socket, and it checks the order of commands as a server does.
"""

from __future__ import annotations

import base64
import contextlib
import socket
import ssl
import threading
from dataclasses import dataclass, field
from typing import BinaryIO


@dataclass
class Habits:
    """How the server behaves. Codes of 0 mean: take it."""

    recipient_code: int = 0
    data_code: int = 0
    login: tuple[str, str] | None = None
    hang_at: str = ""
    """The command that is never answered."""
    drop_at: str = ""
    """The command after which the line is cut."""
    context: ssl.SSLContext | None = None
    tls_from_start: bool = False


@dataclass
class Taken:
    """One message the server has taken."""

    sender: str
    recipients: list[str]
    content: bytes
    encrypted: bool
    user: str


class SmtpServer:
    """Serves until ``stop``; ``taken`` are the messages."""

    def __init__(self, habits: Habits | None = None) -> None:
        self.habits = habits or Habits()
        self.taken: list[Taken] = []
        self.connections = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._open: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def stop(self) -> None:
        """Close everything; a client that waits sees the line cut."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits in accept
        self._socket.close()
        for each in self._open:
            each.close()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(line)
            threading.Thread(target=self._session, args=(line,), daemon=True).start()

    def _session(self, line: socket.socket) -> None:
        try:
            if self.habits.tls_from_start and self.habits.context is not None:
                line = self.habits.context.wrap_socket(line, server_side=True)
            _Session(self, line).run()
        except (OSError, ssl.SSLError):
            pass
        finally:
            line.close()


@dataclass
class _Session:
    server: SmtpServer
    line: socket.socket
    sender: str = ""
    recipients: list[str] = field(default_factory=list)
    encrypted: bool = False
    user: str = ""

    def run(self) -> None:
        habits = self.server.habits
        self.encrypted = habits.tls_from_start
        if habits.hang_at == "connect":
            threading.Event().wait(60)
        reader = self.line.makefile("rb")
        self._say("220 test ESMTP")
        while command := reader.readline():
            text = command.decode().strip()
            verb = text.split(" ")[0].split(":")[0].upper()
            if verb == habits.hang_at:
                threading.Event().wait(60)
            if verb == habits.drop_at:
                self.line.shutdown(socket.SHUT_RDWR)
                return
            if verb == "QUIT":
                self._say("221 bye")
                return
            if verb == "STARTTLS" and habits.context is not None:
                self._say("220 go ahead")
                self.line = habits.context.wrap_socket(self.line, server_side=True)
                self.encrypted, reader = True, self.line.makefile("rb")
                continue
            self._answer(verb, text, reader)

    def _answer(self, verb: str, text: str, reader: BinaryIO) -> None:
        habits = self.server.habits
        if verb == "EHLO":
            self._offer()
        elif verb == "AUTH":
            _, user, password = base64.b64decode(text.split()[2]).decode().split("\0")
            right = (user, password) == habits.login
            self.user = user if right else ""
            self._say("235 welcome" if right else "535 wrong password")
        elif habits.login is not None and not self.user:
            self._say("530 log in first")
        elif verb == "MAIL":
            self.sender, self.recipients = text.split("<")[1].split(">")[0], []
            self._say("250 ok")
        elif verb == "RCPT":
            if not habits.recipient_code:
                self.recipients.append(text.split("<")[1].split(">")[0])
            self._say(f"{habits.recipient_code} not here" if habits.recipient_code else "250 ok")
        elif verb == "DATA":
            self._data(reader)
        else:
            self._say("250 ok" if verb in ("RSET", "NOOP") else "502 unknown")

    def _offer(self) -> None:
        habits, offered = self.server.habits, ["test"]
        if habits.context is not None and not self.encrypted:
            offered.append("STARTTLS")
        if habits.login is not None:
            offered.append("AUTH PLAIN")
        for name in offered[:-1]:
            self._say(f"250-{name}")
        self._say(f"250 {offered[-1]}")

    def _data(self, reader: BinaryIO) -> None:
        habits = self.server.habits
        self._say("354 go on")
        content = b""
        while (line := reader.readline()) not in (b".\r\n", b""):
            content += line.removeprefix(b".")
        if habits.drop_at == "end":
            self.line.shutdown(socket.SHUT_RDWR)
            return
        if habits.data_code:
            self._say(f"{habits.data_code} not now")
            return
        taken = Taken(self.sender, self.recipients, content, self.encrypted, self.user)
        self.server.taken.append(taken)
        self._say("250 taken")

    def _say(self, text: str) -> None:
        self.line.sendall(text.encode() + b"\r\n")
