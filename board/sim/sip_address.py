"""SIP addresses: URIs, name-addrs and Via values taken apart (RFC 3261 §19.1, §20.10, §20.42).

Only what a user agent needs to find its way; escaped characters in user parts are resolved here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

DEFAULT_PORT = 5060
_URI = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):"
    r"(?:(?P<user>[^@?]*)@)?"
    r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^:;?@\s]+)"
    r"(?::(?P<port>\d{1,5}))?"
    r"(?P<params>(?:;[^?]*)?)"
    r"(?:\?(?P<headers>.*))?\Z",
    re.DOTALL,
)
_VIA = re.compile(
    r"SIP\s*/\s*2\.0\s*/\s*(?P<transport>[A-Za-z]+)\s+"
    r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^:;\s]+)\s*(?::\s*(?P<port>\d{1,5}))?\s*(?P<params>(?:;.*)?)\Z",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Uri:
    """A sip: or tel: URI. `user` is unescaped and without a password; `port` is 0 when not given."""

    scheme: str
    user: str
    host: str
    port: int = 0
    params: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> tuple[str, int]:
        """Where a request for this URI goes when no DNS is asked."""
        return self.host.strip("[]"), self.port or DEFAULT_PORT


@dataclass(frozen=True, slots=True)
class NameAddr:
    """A name-addr or addr-spec with its parameters: From, To, Contact, Route, Record-Route."""

    uri: str
    params: dict[str, str]

    @property
    def tag(self) -> str:
        """The tag parameter, empty if there is none."""
        return self.params.get("tag", "")


@dataclass(frozen=True, slots=True)
class Via:
    """One Via value."""

    transport: str
    host: str
    port: int
    params: dict[str, str]

    @property
    def branch(self) -> str:
        """The branch parameter, empty if there is none."""
        return self.params.get("branch", "")


def parse_uri(text: str) -> Uri:
    """Take a URI apart. Raises ValueError when it is none."""
    if text.lower().startswith("tel:"):
        number, _, params = text[4:].partition(";")
        return Uri("tel", unquote(number), "", 0, _params(";" + params))
    match = _URI.match(text.strip())
    if not match or int(match["port"] or 0) > 65_535:
        raise ValueError(f"not a URI: {text[:80]!r}")
    user = unquote((match["user"] or "").partition(":")[0].partition(";")[0])
    return Uri(
        match["scheme"].lower(), user, match["host"], int(match["port"] or 0), _params(match["params"])
    )


def parse_name_addr(text: str) -> NameAddr:
    """Take a From, To, Contact or Route value apart. Raises ValueError when it has no address."""
    rest = text.strip()
    if rest.startswith('"'):
        quoted = re.match(r'"(?:[^"\\]|\\.)*"\s*', rest, re.DOTALL)
        if not quoted:
            raise ValueError(f"unbalanced quotes: {text[:80]!r}")
        rest = rest[quoted.end() :]
    if "<" in rest:
        uri, closed, params = rest.partition("<")[2].partition(">")
        if not closed:
            raise ValueError(f"unbalanced brackets: {text[:80]!r}")
    else:
        uri, semicolon, params = rest.partition(";")
        params = semicolon + params
    if not uri.strip():
        raise ValueError(f"no address: {text[:80]!r}")
    return NameAddr(uri.strip(), _params(params))


def parse_via(text: str) -> Via:
    """Take one Via value apart. Raises ValueError when it is none."""
    match = _VIA.match(text.strip())
    if not match or int(match["port"] or 0) > 65_535:
        raise ValueError(f"not a Via: {text[:80]!r}")
    return Via(
        match["transport"].upper(),
        match["host"].strip("[]"),
        int(match["port"] or 0),
        _params(match["params"]),
    )


def _params(text: str) -> dict[str, str]:
    """Read `;name=value` pairs; names in lower case, first one wins."""
    found: dict[str, str] = {}
    for part in re.findall(r';((?:[^;"]|"(?:[^"\\]|\\.)*")*)', text):
        name, _, value = part.partition("=")
        found.setdefault(name.strip().lower(), value.strip().strip('"'))
    return found
