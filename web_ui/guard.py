"""The outer wall around every answer: which hosts and methods are let in, and the headers each answer carries.

A WSGI wrapper, so that not even an error page leaves without its headers. Who may use which page is decided in
``app.py``; forged forms are refused in ``visit.py``.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Iterable
from typing import Any

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
WsgiApp = Callable[[Environ, StartResponse], Iterable[bytes]]

HEADERS = [
    (
        "Content-Security-Policy",
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
]
METHODS = frozenset({"GET", "HEAD", "POST"})
API = "/api/v1/"
"""Below this other programs ask; ``web_ui.api`` says itself which methods it knows."""
API_METHODS = METHODS | {"PATCH", "DELETE", "PUT"}
HOST = re.compile(r"^(?:\[(?P<v6>[0-9a-fA-F:.]+)\]|(?P<name>[A-Za-z0-9_.-]{1,255}))(?::[0-9]{1,5})?$")


def own_names() -> frozenset[str]:
    """The names this machine goes by on its network."""
    name = socket.gethostname().lower()
    short = name.split(".")[0]
    return frozenset({"localhost", name, short, f"{short}.local"})


class Guard:
    """Lets through what is addressed to this box by its address or one of its names.

    A page on the Internet can make a browser resolve its own name to this box (DNS rebinding), but cannot make the
    browser send another Host header; addresses in digits cannot be rebound.
    """

    def __init__(self, app: WsgiApp, names: Iterable[str]) -> None:
        self._app = app
        self._names = own_names() | {name.lower() for name in names}

    def host_allowed(self, host: str) -> bool:
        """Whether a Host header (RFC 9110 §7.2) means this box."""
        match = HOST.match(host)
        if not match:
            return False
        name = (match["v6"] or match["name"]).lower().rstrip(".")
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return name in self._names
        return True

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            given = {name.lower() for name, _ in headers}
            extra = [(name, value) for name, value in HEADERS if name.lower() not in given]
            if "cache-control" not in given:
                extra.append(("Cache-Control", "no-store"))
            return start_response(status, headers + extra, exc_info)

        methods = API_METHODS if str(environ.get("PATH_INFO", "")).startswith(API) else METHODS
        if environ["REQUEST_METHOD"] not in methods:
            return _plain(start, "405 Method Not Allowed", "This method is not used here.")
        if not self.host_allowed(environ.get("HTTP_HOST", "")):
            return _plain(start, "421 Misdirected Request", "This box is not known by that name.")
        return self._app(environ, start)


def _plain(start: StartResponse, status: str, text: str) -> list[bytes]:
    body = text.encode()
    start(status, [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))])
    return [body]
