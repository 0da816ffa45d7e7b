"""Asks an external scrub service about numbers over HTTP. Blocking: for a worker thread.

One POST for one number or many. Request: ``{"numbers": ["+49…", …]}`` with ``Authorization: Bearer``. Answer:
``{"results": [{"number": "+49…", "blocked": true, "line_type": "mobile", "reason": "…"}, …]}``. What a service really
speaks is translated to this by its adapter or its own gateway. An answer that is late, too long, malformed or
incomplete is no answer: whoever asked goes on without, and nobody is called. Redirects are not followed.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from firmware.clock import SystemClock
from firmware.store.scrub import ScrubAnswer, ScrubService

MOST_NUMBERS = 500
"""In one request."""
MOST_BYTES = 1 << 20
_PIECE_BYTES = 1 << 14
_CLOCK = SystemClock()
"""The real one: another machine does not keep to a pretended time."""
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class ScrubError(Exception):
    """No answer, and why in words."""


def usable(url: str) -> bool:
    """Tell whether a service may be asked there: over TLS, or on this very machine."""
    try:
        parts = urlsplit(url)
        plain = parts.scheme == "http" and parts.hostname in _LOOPBACK
        return bool(parts.hostname and (parts.scheme == "https" or plain) and parts.port != 0)
    except ValueError:
        return False


def ask(service: ScrubService, numbers: Sequence[str]) -> list[ScrubAnswer]:
    """Return the service's answers, one for each number (E.164). :raises ScrubError:"""
    deadline_s = _CLOCK.monotonic() + service.timeout_s
    try:
        body = _post(service, json.dumps({"numbers": list(numbers)}).encode(), deadline_s)
        return _read(json.loads(body), numbers)
    except TimeoutError as error:
        raise ScrubError(f"no answer within {service.timeout_s:g} s") from error
    except (OSError, http.client.HTTPException) as error:
        raise ScrubError(f"cannot be reached: {error}") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ScrubError("the answer cannot be understood") from error


def _post(service: ScrubService, body: bytes, deadline_s: float) -> bytes:
    parts = urlsplit(service.url)
    assert parts.hostname is not None, "checked when it was set"
    secure = parts.scheme == "https"
    make = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = make(parts.hostname, parts.port, timeout=service.timeout_s)
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if service.token:
        headers["Authorization"] = f"Bearer {service.token}"
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, headers)
        answer = connection.getresponse()
        if answer.status != http.HTTPStatus.OK:
            raise ScrubError(f"it answered {answer.status}")
        return _body(answer, connection, deadline_s)
    finally:
        connection.close()


def _body(
    answer: http.client.HTTPResponse, connection: http.client.HTTPConnection, deadline_s: float
) -> bytes:
    """Read to the end, but neither longer than the deadline (one that drips) nor more than ``MOST_BYTES``."""
    found, piece = b"", b" "
    while piece and not answer.isclosed():
        left_s = deadline_s - _CLOCK.monotonic()
        if left_s <= 0:
            raise TimeoutError
        if connection.sock is not None:
            connection.sock.settimeout(left_s)
        piece = answer.read1(_PIECE_BYTES)
        found += piece
        if len(found) > MOST_BYTES:
            raise ScrubError("the answer is too long")
    return found


def _read(told: Any, numbers: Sequence[str]) -> list[ScrubAnswer]:
    by_number = {result["number"]: result for result in told["results"]}
    return [_one(by_number[number]) for number in numbers]


def _one(result: Any) -> ScrubAnswer:
    blocked = result["blocked"]
    if not isinstance(blocked, bool):
        raise TypeError("blocked")
    kind, why = str(result.get("line_type") or ""), str(result.get("reason") or "")
    return ScrubAnswer(str(result["number"]), blocked, kind[:40], why[:200])
