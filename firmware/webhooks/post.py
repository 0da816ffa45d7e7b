"""Puts one delivery to its receiver over HTTP. Blocking: for a worker thread.

The connection goes to the address that was checked and to no other (the name is not asked again), TLS verifies the
name all the same, redirects are not followed, nothing of the answer but its status is looked at, and everything
together may take no longer than the time-out. Only 2xx counts as taken.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass

from firmware.clock import SystemClock
from firmware.webhooks import target as targets
from firmware.webhooks.target import Policy, Target, UnfitError

_CLOCK = SystemClock()
"""The real one: another machine does not keep to a pretended time."""
_READ_BYTES = 1 << 14


@dataclass(frozen=True, slots=True)
class Outcome:
    """``status`` is HTTP's, None without an answer; ``error`` is empty where the receiver took it.

    Else it is a key and what it is about: ``answered: 500``, ``timeout: 10``, ``unreachable: Connection refused``,
    or one of ``target``'s with the address.
    """

    status: int | None
    error: str
    took_ms: int

    @property
    def taken(self) -> bool:
        """Whether the receiver has it."""
        return not self.error


def post(url: str, headers: Mapping[str, str], body: bytes, policy: Policy, timeout_s: float) -> Outcome:
    """Deliver once. Never raises: what goes wrong out there is an outcome."""
    began_s = _CLOCK.monotonic()
    status: int | None = None
    try:
        target = targets.parse(url)
        status = _exchange(target, targets.resolve(target, policy), headers, body, began_s + timeout_s)
        error = "" if 200 <= status < 300 else f"answered: {status}"
    except UnfitError as unfit:
        error = str(unfit)
    except TimeoutError:
        error = f"timeout: {timeout_s:g}"
    except (OSError, http.client.HTTPException, ValueError) as failed:
        error = f"unreachable: {_why(failed)}"
    return Outcome(status, error, round((_CLOCK.monotonic() - began_s) * 1000))


def _exchange(
    target: Target, address: str, headers: Mapping[str, str], body: bytes, deadline_s: float
) -> int:
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.sock = _connected(target, address, deadline_s)
    try:
        connection.request("POST", target.path, body, {**headers, "Connection": "close"})
        return _status(connection, deadline_s)
    finally:
        connection.close()


def _connected(target: Target, address: str, deadline_s: float) -> socket.socket:
    plain = socket.create_connection((address, target.port), timeout=_left_s(deadline_s))
    try:
        plain.settimeout(_left_s(deadline_s))
        if not target.secure:
            return plain
        return ssl.create_default_context().wrap_socket(plain, server_hostname=target.host)
    except BaseException:
        plain.close()
        raise


def _status(connection: http.client.HTTPConnection, deadline_s: float) -> int:
    """Read the first line of the answer, each piece with the time that is left: one that drips gets no more."""
    head = b""
    assert connection.sock is not None
    while b"\n" not in head:
        connection.sock.settimeout(_left_s(deadline_s))
        piece = connection.sock.recv(_READ_BYTES)
        if not piece or len(head) > _READ_BYTES:
            raise http.client.BadStatusLine(head[:40].decode("latin-1"))
        head += piece
    version, _, rest = head.partition(b" ")
    code = rest[:3]
    if not version.startswith(b"HTTP/1.") or not code.isdigit() or len(code) != 3:
        raise http.client.BadStatusLine(head[:40].decode("latin-1"))
    return int(code)


def _why(failed: Exception) -> str:
    return getattr(failed, "strerror", None) or str(failed) or type(failed).__name__


def _left_s(deadline_s: float) -> float:
    left_s = deadline_s - _CLOCK.monotonic()
    if left_s <= 0:
        raise TimeoutError
    return left_s
