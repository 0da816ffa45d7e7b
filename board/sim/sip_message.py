"""SIP messages: bytes in, values out, and back (RFC 3261 §7, §25).

Reads what a datagram carries, says exactly what is wrong with it, and writes requests and responses.
It knows no transaction and no dialog; `sip_transactions` and `sip_call` do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_COMPACT = {
    "v": "Via", "f": "From", "t": "To", "i": "Call-ID", "m": "Contact", "l": "Content-Length",
    "c": "Content-Type", "e": "Content-Encoding", "k": "Supported", "s": "Subject", "r": "Refer-To",
    "o": "Event", "u": "Allow-Events", "x": "Session-Expires",
}  # fmt: skip
_SPELLING = {
    name.lower(): name
    for name in (*_COMPACT.values(), "CSeq", "Max-Forwards", "Record-Route", "Route", "Require", "Allow",
                 "Expires", "Min-Expires", "User-Agent", "WWW-Authenticate", "Proxy-Authenticate",
                 "Authorization", "Proxy-Authorization", "X-Attempt", "Accept", "Unsupported", "Reason",
                 "P-Asserted-Identity", "Proxy-Require")
}  # fmt: skip
_ONCE = ("From", "To", "Call-ID", "CSeq", "Max-Forwards", "Content-Length", "Content-Type")
_NEEDED = ("Via", "From", "To", "Call-ID", "CSeq")
_TOKEN = re.compile(r"[A-Za-z0-9.!%*_+`'~-]+\Z")
_STATUS_LINE = re.compile(r"SIP/2\.0 ([1-6]\d\d) ?(.*)\Z", re.IGNORECASE)
_CSEQ = re.compile(r"(\d{1,10})[ \t]+([A-Za-z0-9.!%*_+`'~-]+)\Z")
_MAX_BYTES = 65_535

REASONS = {
    100: "Trying", 180: "Ringing", 181: "Call Is Being Forwarded", 183: "Session Progress", 200: "OK",
    400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
    408: "Request Timeout", 410: "Gone", 415: "Unsupported Media Type", 416: "Unsupported URI Scheme",
    420: "Bad Extension", 480: "Temporarily Unavailable", 481: "Call/Transaction Does Not Exist",
    484: "Address Incomplete", 486: "Busy Here", 487: "Request Terminated", 488: "Not Acceptable Here",
    491: "Request Pending", 500: "Server Internal Error", 501: "Not Implemented", 502: "Bad Gateway",
    503: "Service Unavailable", 504: "Server Time-out", 505: "Version Not Supported", 600: "Busy Everywhere",
    603: "Decline", 604: "Does Not Exist Anywhere",
}  # fmt: skip


@dataclass(slots=True)
class Headers:
    """Header fields in the order of the message, one entry a value line, names in one spelling."""

    fields: list[tuple[str, str]] = field(default_factory=list)

    def get(self, name: str, default: str = "") -> str:
        """Return the first value of `name`, or `default`."""
        return next((value for key, value in self.fields if key == name), default)

    def all(self, name: str) -> list[str]:
        """Return every value of `name`; comma-separated lists are taken apart (RFC 3261 §7.3.1)."""
        return [part for key, value in self.fields if key == name for part in split_commas(value)]

    def has(self, name: str) -> bool:
        """Say whether `name` occurs at all."""
        return any(key == name for key, _ in self.fields)

    def add(self, name: str, value: str) -> None:
        """Append one field."""
        self.fields.append((name, value))

    def put(self, name: str, value: str) -> None:
        """Set `name` to one value, at the place of its first occurrence."""
        at = next((i for i, (key, _) in enumerate(self.fields) if key == name), len(self.fields))
        self.fields = [pair for pair in self.fields if pair[0] != name]
        self.fields.insert(at, (name, value))


@dataclass(slots=True)
class Message:
    """What requests and responses share."""

    headers: Headers
    body: bytes = b""

    @property
    def call_id(self) -> str:
        """The Call-ID, empty if the message has none."""
        return self.headers.get("Call-ID")

    @property
    def cseq(self) -> tuple[int, str]:
        """Sequence number and method of the CSeq field; the parser has checked that it is there."""
        number, _, method = self.headers.get("CSeq").partition(" ")
        return int(number), method.strip()

    def _encode(self, first_line: str) -> bytes:
        self.headers.put("Content-Length", str(len(self.body)))
        lines = [first_line, *(f"{name}: {value}" for name, value in self.headers.fields), "", ""]
        return "\r\n".join(lines).encode("utf-8", "surrogateescape") + self.body


@dataclass(slots=True)
class Request(Message):
    """A request: method, request URI, headers, body."""

    method: str = ""
    uri: str = ""

    def encode(self) -> bytes:
        """Return the datagram."""
        return self._encode(f"{self.method} {self.uri} SIP/2.0")


@dataclass(slots=True)
class Response(Message):
    """A response: status code, reason phrase, headers, body."""

    status: int = 0
    reason: str = ""

    def encode(self) -> bytes:
        """Return the datagram."""
        return self._encode(f"SIP/2.0 {self.status} {self.reason}")


class BadMessage(ValueError):
    """A datagram that is not a proper SIP message.

    `status` is what a server should answer; `request` carries the headers to answer to when enough of them
    could be read, and is None when nothing can be answered.
    """

    def __init__(self, why: str, status: int = 400, request: Request | None = None) -> None:
        super().__init__(why)
        self.status = status
        self.request = request


def parse(datagram: bytes) -> Request | Response | None:
    """Read one datagram.

    Returns None for a keep-alive (nothing but CR, LF or NUL). Raises BadMessage for anything that breaks the
    grammar where it matters: start line, the five mandatory fields, single-value fields given twice, CSeq,
    Content-Length.
    """
    if not datagram.strip(b"\r\n\0 \t"):
        return None
    if len(datagram) > _MAX_BYTES:
        raise BadMessage("message too long", 513)
    head, _, body = datagram.lstrip(b"\r\n").partition(b"\r\n\r\n")
    first, *rest = head.decode("utf-8", "surrogateescape").split("\r\n")
    headers, odd = _read_headers(rest)
    status = _STATUS_LINE.match(first)
    if status:
        response = Response(headers, body, int(status[1]), status[2].strip())
        _check(response, None, odd)
        return response
    return _read_request(first, headers, body, odd)


def _read_request(first: str, headers: Headers, body: bytes, odd: str) -> Request:
    parts = first.split(" ")
    answerable = all(headers.has(name) for name in _NEEDED)
    request = Request(headers, body, parts[0], parts[1] if len(parts) > 1 else "")
    target = request if answerable else None
    if len(parts) != 3 or not parts[2].upper().startswith("SIP/") or not _TOKEN.match(parts[0]):
        raise BadMessage(f"malformed request line {first[:80]!r}", 400, target)
    if parts[2].upper() != "SIP/2.0":
        raise BadMessage(f"version {parts[2][:20]!r}", 505, target)
    if not request.uri or request.uri.startswith("<"):
        raise BadMessage("malformed request URI", 400, target)
    _check(request, target, odd)
    if request.cseq[1] != request.method:
        raise BadMessage("CSeq names another method", 400, target)
    return request


def _check(message: Message, target: Request | None, odd: str) -> None:
    """Check what both kinds need, and cut the body to its stated length (RFC 3261 §18.3)."""
    if odd:
        raise BadMessage(f"malformed header line {odd[:80]!r}", 400, target)
    names = [name for name, _ in message.headers.fields]
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise BadMessage(f"no {', '.join(missing)}", 400, target)
    doubled = [name for name in _ONCE if names.count(name) > 1]
    if doubled:
        raise BadMessage(f"{doubled[0]} given twice", 400, target)
    sequence = _CSEQ.match(message.headers.get("CSeq"))
    if not sequence or int(sequence[1]) >= 2**31:
        raise BadMessage("malformed CSeq", 400, target)
    stated = message.headers.get("Content-Length")
    if stated and (not stated.isascii() or not stated.isdigit() or int(stated) > len(message.body)):
        raise BadMessage("Content-Length does not fit", 400, target)
    if stated:
        message.body = message.body[: int(stated)]


def _read_headers(lines: Iterable[str]) -> tuple[Headers, str]:
    """Return the fields and the first line that is none."""
    headers, odd = Headers(), ""
    for line in _unfold(lines):
        name, colon, value = line.partition(":")
        name = name.rstrip(" \t")
        if not colon or not _TOKEN.match(name):
            odd = odd or line
            continue
        lower = name.lower()
        headers.add(_COMPACT.get(lower) or _SPELLING.get(lower, name), value.strip(" \t"))
    return headers, odd


def _unfold(lines: Iterable[str]) -> Iterator[str]:
    """Join continuation lines (RFC 3261 §7.3.1)."""
    held: str | None = None
    for line in lines:
        if line[:1] in (" ", "\t") and held is not None:
            held = f"{held} {line.strip()}"
            continue
        if held is not None:
            yield held
        held = line
    if held is not None:
        yield held


def split_commas(value: str) -> list[str]:
    """Split at commas that stand neither in quotes nor in angle brackets."""
    if "," not in value:
        return [value] if value else []
    parts, start, quoted, angle, escaped = [], 0, False, False, False
    for i, char in enumerate(value):
        if escaped:
            escaped = False
        elif quoted:
            escaped, quoted = char == "\\", char != '"'
        elif char == '"':
            quoted = True
        elif char in "<>":
            angle = char == "<"
        elif char == "," and not angle:
            parts.append(value[start:i].strip())
            start = i + 1
    return [part for part in (*parts, value[start:].strip()) if part]


def respond(request: Request, status: int, reason: str = "", *, to_tag: str = "") -> Response:
    """Build a response that mirrors the fields RFC 3261 §8.2.6 asks for."""
    headers = Headers([(n, v) for n, v in request.headers.fields if n in ("Via", "Record-Route", "From", "To",
                                                                          "Call-ID", "CSeq")])  # fmt: skip
    if status == 100 or status >= 300:
        headers.fields = [pair for pair in headers.fields if pair[0] != "Record-Route"]
    to = headers.get("To")
    if to_tag and status > 100 and not _has_tag(to):
        headers.put("To", f"{to};tag={to_tag}")
    return Response(headers, b"", status, reason or REASONS.get(status, "Unknown"))


def _has_tag(value: str) -> bool:
    return bool(re.search(r";\s*tag\s*=", value.rsplit(">", 1)[-1], re.IGNORECASE))
