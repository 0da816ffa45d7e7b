"""One request seen by a page: who asks, from where, in which language, and whether a form is genuine.

Sessions live in the service; the cookie holds the token and the store its SHA-256. The form token is derived from
the session's, so nothing needs to be kept here and it changes with every login.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bottle import BaseRequest, HTTPResponse

from firmware.model import Role, Scope
from web_ui import permissions, scopes
from web_ui.language import Language
from web_ui.permissions import Permission

IDLE_S = 3600.0
IDLE_AT_DESK_S = 4 * 3600.0
"""Without a request for this long a session ends, that of somebody who is nothing but an agent later: it can do less.
An open page that follows the box counts as requests."""
ABSOLUTE_S = 12 * 3600.0
TOUCH_EVERY_S = 60.0


def hash_of(token: str) -> str:
    """What the store keeps of a session's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def form_token(token: str) -> str:
    """The token every form of this session carries."""
    return hmac.new(token.encode(), b"form", hashlib.sha256).hexdigest()


def cookie_name(https: bool) -> str:
    """``__Host-`` (RFC 6265bis) needs Secure, so plain HTTP on a LAN gets another name."""
    return "__Host-sid" if https else "sid"


@dataclass(frozen=True, slots=True)
class Person:
    """The logged-in user, as much as pages need."""

    id: int
    login: str
    name: str
    roles: frozenset[Role]
    language: str
    scope: Scope | None = None
    """The departments they belong to; None: the whole box."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Everything a handler may want to know about the request it answers."""

    request: BaseRequest
    language: Language
    person: Person | None
    token: str

    @property
    def session(self) -> str:
        """Hash of the session's token; the anonymous visitor's is that of nothing."""
        return hash_of(self.token)

    @property
    def csrf(self) -> str:
        """The form token of this session."""
        return form_token(self.token) if self.token else ""

    @property
    def https(self) -> bool:
        """Whether the browser speaks TLS (to the proxy in front of us)."""
        return is_https(self.request)

    @property
    def address(self) -> str:
        """The visitor's address."""
        return str(self.request.environ.get("REMOTE_ADDR", ""))

    @property
    def asker(self) -> Mapping[str, Any]:
        """Who this is, as the service is told with every command."""
        person = self.person
        who = {"who": person.name, "user_id": person.id} if person is not None else {"who": ""}
        return {**who, "via": "pages", "address": self.address[:60]}

    @property
    def user_id(self) -> int:
        """The logged-in user's id; only for routes that need a login."""
        assert self.person is not None
        return self.person.id

    def may(self, permission: Permission) -> bool:
        """Whether this visitor has a permission; templates ask by its word."""
        person = self.person
        return (
            person is not None
            and permissions.may(person.roles, permission)
            and scopes.may(person.scope, Permission(permission))
        )

    def text(self, name: str, limit: int = 2000) -> str:
        """One form field, trimmed; empty when absent."""
        value = self.request.forms.getunicode(name)
        return (value or "").strip()[:limit]

    def secret(self, name: str) -> str:
        """One form field exactly as typed."""
        return self.request.forms.getunicode(name) or ""

    def texts(self, name: str) -> list[str]:
        """Every value of a repeated form field (check boxes)."""
        return [value.strip() for value in self.request.forms.decode().getall(name)]

    def numbers(self, name: str) -> list[int]:
        """Every value of a repeated form field that is a number."""
        return [int(value) for value in self.texts(name) if value.isascii() and value.isdigit()]

    def query(self, name: str) -> str:
        """One value of the query string."""
        return (self.request.query.getunicode(name) or "").strip()[:200]

    def page(self) -> int:
        """The page of a long table, 1 or more."""
        text = self.query("page")
        return min(max(1, int(text)), 1_000_000) if text.isascii() and text.isdigit() else 1


def is_https(request: BaseRequest) -> bool:
    """Whether the browser speaks TLS; waitress has already dropped forged proxy headers."""
    return str(request.environ.get("wsgi.url_scheme", "http")) == "https"


def comes_from_us(request: BaseRequest) -> bool:
    """Whether a form was sent by one of our own pages, as the browser itself says.

    ``Sec-Fetch-Site`` (Fetch Metadata) is only sent on trustworthy origins, ``Origin`` (RFC 6454) always is with a
    form. Neither present: not a browser we know, and refused.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return bool(site == "same-origin")
    origin = request.headers.get("Origin")
    if origin is None:
        return False
    parts = urlsplit(origin)
    scheme = "https" if is_https(request) else "http"
    return (parts.scheme, parts.netloc) == (scheme, str(request.headers.get("Host", "")))


def form_is_genuine(visit: Visit) -> bool:
    """Whether a change may be made: sent by our page, and carrying this session's form token."""
    if not comes_from_us(visit.request):
        return False
    if not visit.token:
        return True
    given = visit.request.headers.get("X-Form-Token") or visit.text("csrf")
    return hmac.compare_digest(str(given).encode(), visit.csrf.encode())


def set_cookie(
    answer: HTTPResponse, name: str, value: str, https: bool, max_age_s: float | None = None
) -> None:
    """Set a cookie that scripts and other sites cannot use."""
    options: dict[str, Any] = {"path": "/", "httponly": True, "samesite": "strict", "secure": https}
    if max_age_s is not None:
        options["max_age"] = int(max_age_s)
    answer.set_cookie(name, value, **options)


def session_is_over(
    roles: frozenset[Role], created_at: float, seen_at: float, now: float | None = None
) -> bool:
    """Whether a session has been idle too long or has lived too long."""
    now = time.time() if now is None else now
    return (
        now - seen_at > (IDLE_AT_DESK_S if roles <= {Role.AGENT} else IDLE_S) or now - created_at > ABSOLUTE_S
    )
