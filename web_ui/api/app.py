"""Answers ``/api/v1``: one WSGI application beside the pages, with its own way of asking who is there.

Everything a request passes is here in order: path and method, token and its address, scope, rate, headers, body, its
department, the key that makes retries harmless, the handler, and the problem that says what went wrong. It knows
nothing of sessions and cookies. What the endpoints do is their modules'.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from firmware.model import Owned
from firmware.store.reports import StoreUnavailable, Token
from web_ui import scopes
from web_ui.api import openapi
from web_ui.api.endpoint import PREFIX, Answer, Call, Endpoint
from web_ui.api.keys import Rates, Uses, token_of
from web_ui.api.nouns import ENDPOINTS
from web_ui.api.problems import CONTENT_TYPE, ApiProblem, of_faults, of_refusal, phrase
from web_ui.api.shapes import Fault, Flag, Shape, Whole, unknown
from web_ui.client import Refused, ServiceDown, asking
from web_ui.language import Language, preferred
from web_ui.narrow import Narrowed
from web_ui.web import Web

log = logging.getLogger("web_ui")

MOST_BODY_BYTES = 512 * 1024
METHODS = ("GET", "POST", "PATCH", "DELETE")
_LONGEST_KEY = 200
_JSON = re.compile(r"application/(?:[a-z0-9.+-]+\+)?json(?:\s*;\s*charset=\"?utf-8\"?)?", re.IGNORECASE)
_ETAG = re.compile(r'"([0-9a-f]{16})"')
_DEEPEST = 20

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
_Sent = tuple[int, bytes, dict[str, str]]


class Api:
    """The WSGI application. ``endpoints`` is what it serves, in order of declaration."""

    def __init__(
        self, web: Web, narrowed: Narrowed | None = None, endpoints: Iterable[Endpoint] = ENDPOINTS
    ) -> None:
        self._web, self._narrowed = web, narrowed or Narrowed(web)
        self.endpoints = tuple(endpoints)
        self._routes = [(endpoint, endpoint.pattern) for endpoint in self.endpoints]
        self._rates, self._uses = Rates(), Uses()
        self._documents: dict[str, bytes] = {}

    def __call__(self, environ: Environ, start: StartResponse) -> list[bytes]:
        """Answer one request (PEP 3333)."""
        language = self._language(environ)
        try:
            status, body, headers = self._answer(environ, language)
        except ApiProblem as problem:
            status, body, headers = self._told(problem, language)
        except (ServiceDown, StoreUnavailable) as error:
            log.warning("api: %s", error)
            status, body, headers = self._told(ApiProblem("away", headers={"Retry-After": "5"}), language)
        except Exception:
            reference = secrets.token_hex(4)
            log.exception(
                "reference %s: %s %s", reference, environ["REQUEST_METHOD"], environ.get("PATH_INFO")
            )
            status, body, headers = self._told(ApiProblem("our_fault", reference), language)
        headers |= {
            "Content-Length": str(len(body)),
            "Content-Language": language.code,
            "Vary": "Accept-Language",
        }
        start(f"{status} {phrase(status)}", list(headers.items()))
        return [body]

    def _answer(self, environ: Environ, language: Language) -> _Sent:
        method, path = environ["REQUEST_METHOD"], _path(environ)
        if path == "/openapi.json" and method == "GET":
            return 200, self._document(language), {"Content-Type": "application/json"}
        endpoint, named = self._find(method, path)
        token = token_of(self._web, environ)
        now_s = time.monotonic()
        self._rates.take(token, now_s)
        self._uses.note(self._web, token, str(environ.get("REMOTE_ADDR", "")), now_s)
        if endpoint.scope and endpoint.scope not in token.scopes:
            raise ApiProblem("no_scope", endpoint.scope)
        raw = _body(environ, endpoint)
        call = self._call(endpoint, named, token, language, environ, raw)
        address = str(environ.get("REMOTE_ADDR", ""))[:60]
        asking.set({"who": call.who, "via": "api", "address": address, "token_id": token.id})
        self._must_be_theirs(endpoint, call)
        key = str(environ.get("HTTP_IDEMPOTENCY_KEY", ""))
        if key and method == "POST":
            return self._once(endpoint, call, key, method + path, raw, language)
        return self._handled(endpoint, call, language)

    def _document(self, language: Language) -> bytes:
        """Made when first asked for."""
        if language.code not in self._documents:
            document = openapi.document(self.endpoints, language)
            self._documents[language.code] = json.dumps(document, ensure_ascii=False).encode()
        return self._documents[language.code]

    # -- finding -----------------------------------------------------------------------------------------------------

    def _find(self, method: str, path: str) -> tuple[Endpoint, Mapping[str, str]]:
        found = [
            (endpoint, match) for endpoint, pattern in self._routes if (match := pattern.fullmatch(path))
        ]
        if not found:
            raise ApiProblem("not_found")
        for endpoint, match in found:
            if endpoint.method == method:
                return endpoint, match.groupdict()
        allowed = ", ".join(sorted({endpoint.method for endpoint, _ in found}))
        raise ApiProblem("no_method", headers={"Allow": allowed})

    def _language(self, environ: Environ) -> Language:
        asked = str(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
        return self._web.languages.get(preferred(asked, self._web.settings.language))

    # -- reading -----------------------------------------------------------------------------------------------------

    def _call(
        self,
        endpoint: Endpoint,
        named: Mapping[str, str],
        token: Token,
        language: Language,
        environ: Environ,
        raw: bytes,
    ) -> Call:
        faults: list[Fault] = []
        path = {}
        for name, shape in endpoint.parameters.items():
            missed: list[Fault] = []
            path[name] = shape.read(_plain(shape, named[name]), name, missed)
            if missed:
                raise ApiProblem("not_found")
        query = _query(endpoint, str(environ.get("QUERY_STRING", "")), faults)
        body = None if endpoint.body is None else endpoint.body.read(_json(raw), "", faults)
        if faults:
            raise of_faults(faults, language)
        web = self._narrowed.web(self._web.reports.department_of(Owned.TOKEN, token.id))
        return Call(web, token, language, path, query, body, _version(endpoint, environ))

    @staticmethod
    def _must_be_theirs(endpoint: Endpoint, call: Call) -> None:
        """A department's token finds its department's things. :raises ApiProblem: not_found, no_scope"""
        if call.web.reports.scope is None:
            return
        method, path = endpoint.method, endpoint.path
        found = scopes.finding(method, path, call.path, call.web.reports, scopes.ENDPOINTS)
        if found is scopes.Finding.MISSING:
            raise ApiProblem("not_found")
        if found is scopes.Finding.FORBIDDEN:
            raise ApiProblem("no_scope", endpoint.scope)

    # -- handling ----------------------------------------------------------------------------------------------------

    def _handled(self, endpoint: Endpoint, call: Call, language: Language) -> _Sent:
        try:
            return _sent(endpoint.handler(call))
        except Refused as refused:
            raise of_refusal(refused.problems, endpoint.refusals, language) from refused

    def _once(
        self, endpoint: Endpoint, call: Call, key: str, where: str, raw: bytes, language: Language
    ) -> _Sent:
        """Do it, or give the answer the first request with this key got."""
        if len(key) > _LONGEST_KEY or not key.isprintable():
            raise of_faults(
                [Fault("Idempotency-Key", "length", {"least": 1, "most": _LONGEST_KEY})], language
            )
        mark: dict[str, Any] = {"token": call.token.id, "key": key}
        print_ = hashlib.sha256(where.encode("utf-8", "replace") + b"\n" + raw).hexdigest()
        begun = self._web.call("answer.begin", fingerprint=print_, **mark)
        if begun["state"] == "answered":
            kept = json.loads(begun["body"])
            return begun["status"], kept["body"].encode(), {**kept["headers"], "Idempotency-Replayed": "true"}
        if begun["state"] != "new":
            raise ApiProblem(
                "key_busy" if begun["state"] == "busy" else "key_used", headers={"Retry-After": "1"}
            )
        try:
            try:
                status, body, headers = self._handled(endpoint, call, language)
            except ApiProblem as problem:
                status, body, headers = self._told(problem, language)
        except BaseException:
            self._web.call("answer.forget", **mark)
            raise
        if status >= 500:
            self._web.call("answer.forget", **mark)
        else:
            kept = json.dumps({"body": body.decode(), "headers": headers})
            self._web.call("answer.keep", status=status, body=kept, **mark)
        return status, body, headers

    @staticmethod
    def _told(problem: ApiProblem, language: Language) -> _Sent:
        return problem.status, problem.body(language), {"Content-Type": CONTENT_TYPE, **problem.headers}


def _sent(answer: Answer) -> _Sent:
    if answer.body is None:
        return answer.status, b"", dict(answer.headers)
    body = json.dumps(answer.body, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
    return answer.status, body, {"Content-Type": "application/json", **answer.headers}


def _path(environ: Environ) -> str:
    """The path below the prefix, as it was sent (PEP 3333 hands bytes over as Latin-1)."""
    whole = str(environ.get("PATH_INFO", "")).encode("latin-1", "replace").decode("utf-8", "replace")
    return whole.removeprefix(PREFIX)


def _body(environ: Environ, endpoint: Endpoint) -> bytes:
    """The body of a request that has one. :raises ApiProblem: too_large, no_json"""
    length = str(environ.get("CONTENT_LENGTH") or "0")
    size = int(length) if length.isascii() and length.isdigit() else 0
    if size > MOST_BODY_BYTES:
        raise ApiProblem("too_large")
    raw: bytes = environ["wsgi.input"].read(size) if size else b""
    if endpoint.body is None:
        return raw
    if not _JSON.fullmatch(str(environ.get("CONTENT_TYPE", "")).strip()):
        raise ApiProblem("no_json", headers={"Accept": "application/json"})
    return raw


def _json(raw: bytes) -> Any:
    """The body as JSON (RFC 8259), strictly: names once, no NaN, not too deep. :raises ApiProblem: malformed"""
    try:
        found = json.loads(raw.decode(), object_pairs_hook=_object, parse_constant=_no_constant)
        _must_be_shallow(found, _DEEPEST)
    except (ValueError, RecursionError) as error:
        raise ApiProblem("malformed", str(error)[:200]) from error
    return found


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice in one object")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _must_be_shallow(value: Any, left: int) -> None:
    if left == 0:
        raise ValueError("nested too deeply")
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        _must_be_shallow(each, left - 1)


def _query(endpoint: Endpoint, text: str, faults: list[Fault]) -> dict[str, Any]:
    """The query's values, read by their shapes."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=50)
    except ValueError as error:
        raise ApiProblem("malformed", str(error)[:200]) from error
    members, found = endpoint.query.members, {}
    for name, value in pairs:
        if name not in members:
            faults.append(unknown(f"?{name[:80]}", name, list(members)))
        elif name in found:
            faults.append(Fault(f"?{name}", "twice"))
        else:
            shape = members[name].shape
            found[name] = shape.read(_plain(shape, value), f"?{name}", faults)
    missing = [name for name, member in members.items() if member.required and name not in found]
    faults.extend(Fault(f"?{name}", "missing") for name in missing)
    return found


def _plain(shape: Shape, text: str) -> object:
    """A value of a path or query as JSON would have it."""
    if isinstance(shape, Whole) and re.fullmatch(r"-?[0-9]{1,19}", text):
        return int(text)
    if isinstance(shape, Flag) and text in ("true", "false"):
        return text == "true"
    return text


def _version(endpoint: Endpoint, environ: Environ) -> str:
    """What If-Match names, where the endpoint asks for it. :raises ApiProblem: no_version, stale"""
    if not endpoint.versioned or endpoint.method == "GET":
        return ""
    given = str(environ.get("HTTP_IF_MATCH", "")).strip()
    if not given:
        raise ApiProblem("no_version")
    match = _ETAG.fullmatch(given)
    if match is None:
        raise ApiProblem("stale")
    return match[1]
