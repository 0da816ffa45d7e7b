"""The wiring of the pages: settings, service, store and routes become one WSGI application behind waitress.

Everything a request must pass is here in order: the guard (host, headers), the session, the role, the form token,
the department, the handler, and the page that says in words what went wrong.
"""

from __future__ import annotations

import argparse
import errno
import logging
import os
import secrets
import socket
import sys
import time
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import waitress
from bottle import BaseRequest, Bottle, HTTPError, HTTPResponse, request

from firmware.model import UserId
from firmware.store.reports import Reports, StoreUnavailable
from web_ui import scopes, second_factor, words
from web_ui import settings as settings_module
from web_ui.api.app import Api
from web_ui.client import Refused, ServiceClient, ServiceDown, asking
from web_ui.guard import API, Environ, Guard, StartResponse
from web_ui.language import Language, Languages, preferred
from web_ui.live import Hub
from web_ui.narrow import Narrowed
from web_ui.pages import Pages, see_other
from web_ui.passwords import Busy
from web_ui.routes import MODULES
from web_ui.routing import Addresses, Route
from web_ui.settings import WebSettings
from web_ui.streams import Streams
from web_ui.throttle import Throttle
from web_ui.uploads import MOST_UPLOAD_BYTES, Uploads
from web_ui.visit import (
    TOUCH_EVERY_S,
    Person,
    Visit,
    cookie_name,
    form_is_genuine,
    hash_of,
    is_https,
    session_is_over,
)
from web_ui.web import Web

log = logging.getLogger("web_ui")

BaseRequest.MEMFILE_MAX = 1_000_000
"""The longest form without its files: ten thousand pasted numbers fit in."""
LARGEST_COOKIE = 200
BACKLOG = 1024
LARGEST_ID = 2**63 - 1
"""SQLite's; no such thing exists beyond it."""


class Application:
    """Answers requests. ``wsgi`` is the application to serve."""

    def __init__(self, web: Web) -> None:
        self.web = web
        self.narrowed = Narrowed(web)
        self.api = Api(web, self.narrowed)
        self._bottle = Bottle()
        self._bottle.default_error_handler = self._error_page
        del self._bottle.router  # nothing of an application may be replaced otherwise
        self._bottle.router = addresses = Addresses()
        for module in MODULES:
            for route in module.routes:
                self._bottle.route(route.path, route.method, self._serve(route))
        addresses.complete()
        self.wsgi = Guard(self._either, web.settings.names)

    def _either(self, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        """Programs and people are asked for different things: neither a cookie nor a token opens the other's door."""
        if str(environ.get("PATH_INFO", "")).startswith(API):
            return self.api(environ, start)
        answer: Iterable[bytes] = self._bottle(environ, start)
        return answer

    def _serve(self, route: Route) -> Callable[..., Any]:
        def serve(**arguments: Any) -> Any:
            visit = self.visit(request)
            asking.set(visit.asker)
            try:
                refusal = self._admit(route, visit)
                if refusal is None and any(isinstance(a, int) and a > LARGEST_ID for a in arguments.values()):
                    refusal = self.web.pages.missing(visit)
                return refusal or self._handled(route, visit, arguments)
            except HTTPResponse as answer:
                return answer
            except Refused as error:
                text = " ".join(words.problem(found, visit.language) for found in error.problems)
                return self._problem(visit, 409, text)
            except ServiceDown:
                log.warning("%s %s: the service does not answer", route.method, route.path)
                return self._problem(visit, 503)
            except StoreUnavailable as error:
                log.warning("%s %s: %s", route.method, route.path, error)
                return self._problem(visit, 503)
            except Busy:
                return self._problem(visit, 503)
            except Exception:
                reference = secrets.token_hex(4)
                log.exception("reference %s: %s %s", reference, route.method, route.path)
                return self._problem(visit, 500, reference=reference)

        return serve

    def _handled(self, route: Route, visit: Visit, arguments: dict[str, Any]) -> Any:
        """Somebody of a department finds what is theirs, and a handler that sees nothing else."""
        if visit.person is None or route.permission is None:
            scope = scopes.scope_of_address(route, arguments, self.web.reports)
            return route.handler(self.narrowed.web(scope), visit, **arguments)
        if visit.person.scope is None or route.permission in scopes.OWN_DESK:
            return route.handler(self.web, visit, **arguments)
        web = self.narrowed.web(visit.person.scope)
        found = scopes.finding(route.method, route.path, arguments, web.reports)
        if found is scopes.Finding.MISSING:
            return web.pages.missing(visit)
        if found is scopes.Finding.FORBIDDEN:
            return self._problem(visit, 403)
        return route.handler(web, visit, **arguments)

    def _admit(self, route: Route, visit: Visit) -> HTTPResponse | None:
        """None when the visitor may go on; otherwise the answer to give instead."""
        if route.permission is not None:
            if visit.person is None:
                if route.method == "GET" and not route.path.startswith("/live/"):
                    return see_other(f"/login?next={visit.request.path}")
                return self._problem(visit, 401)
            if not visit.may(route.permission):
                return self._problem(visit, 403)
            if self._second_factor_due(visit):
                return see_other(second_factor.PATH)
        if route.method != "GET" and not form_is_genuine(visit):
            log.warning(
                "refused a form that did not come from our pages: %s from %s", route.path, visit.address
            )
            return self._problem(visit, 403)
        return None

    def _second_factor_due(self, visit: Visit) -> bool:
        """Whether this person must set up a second factor before anything else."""
        assert visit.person is not None
        wanted = self.web.settings.second_factor_wanted(visit.person.roles)
        if not wanted and visit.person.roles.isdisjoint(self.web.reports.second_factor_roles()):
            return False
        if visit.request.path.startswith(second_factor.OPEN_WITHOUT):
            return False
        return self.web.reports.second_factor(UserId(visit.user_id)) is None

    def visit(self, asked: BaseRequest) -> Visit:
        """Find out who asks and in which language to answer."""
        token = str(asked.get_cookie(cookie_name(is_https(asked))) or "")[:LARGEST_COOKIE]
        person = self._person(token) if token else None
        return Visit(asked, self._language(asked, person), person, token if person else "")

    def _person(self, token: str) -> Person | None:
        try:
            session = self.web.reports.session(hash_of(token))
            user = self.web.reports.user(session.user_id) if session is not None else None
            scope = self.web.reports.scope_of(session.user_id) if session is not None else None
        except StoreUnavailable:
            return None
        if session is None or user is None or not user.active:
            return None
        now = time.time()
        if now > session.expires_at or session_is_over(user.roles, session.created_at, session.seen_at, now):
            return None
        if now - session.seen_at > TOUCH_EVERY_S:
            self.web.keep_session(token)
        return Person(user.id, user.login, user.name, user.roles, user.language, scope)

    def _language(self, asked: BaseRequest, person: Person | None) -> Language:
        if person is not None and person.language:
            return self.web.languages.get(person.language)
        chosen = asked.get_cookie("language")
        default = self.web.settings.language
        return self.web.languages.get(chosen or preferred(asked.headers.get("Accept-Language", ""), default))

    def _problem(self, visit: Visit, status: int, detail: str = "", reference: str = "") -> HTTPResponse:
        return self.web.pages.show(
            visit, "problem", status, number=status, detail=detail, reference=reference, here=""
        )

    def _error_page(self, error: HTTPError) -> str:
        """Bottle's own refusals, such as 404, 405 and 413, in words."""
        page = self._problem(self.visit(request), error.status_code)
        error.content_type = "text/html; charset=utf-8"
        return str(page.body)


def build(settings: WebSettings) -> Application:
    """Put everything together; nothing is started."""
    client = ServiceClient(settings.control_socket)
    hub = Hub(client)
    languages = Languages(settings.zone, settings.language)
    return Application(
        Web(
            settings=settings,
            client=client,
            reports=Reports(settings.database),
            hub=hub,
            pages=Pages(settings.box_name, lambda: hub.picture.connected, languages.for_scripts),
            languages=languages,
            streams=Streams(),
            throttle=Throttle(),
            uploads=Uploads(settings.uploads),
        )
    )


def _listen(application: Application, settings: WebSettings) -> Any:
    try:
        return waitress.create_server(
            application.wsgi,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            backlog=BACKLOG,
            connection_limit=1000,
            channel_timeout=60,
            max_request_body_size=MOST_UPLOAD_BYTES + 1_000_000,
            max_request_header_size=32_768,
            outbuf_high_watermark=1_048_576,
            trusted_proxy="127.0.0.1",
            trusted_proxy_headers={"x-forwarded-for", "x-forwarded-proto"},
            clear_untrusted_proxy_headers=True,
            channel_request_lookahead=1,
            ident=None,
        )
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        text = f"[web] listen: tcp port {settings.port} is in use by another program"
        raise ValueError(text) from error


def serve(settings: WebSettings) -> None:
    """Serve until the process is told to stop. ValueError when the address is taken, OSError when it is not ours."""
    application = build(settings)
    server = _listen(application, settings)
    application.web.hub.start()
    log.info("listening on http://%s:%s", settings.host, getattr(server, "effective_port", settings.port))
    _tell_systemd()
    try:
        server.run()
    finally:
        application.web.hub.stop()
        server.close()


def _tell_systemd() -> None:
    """That the pages can be asked for (sd_notify(3)), where it wants to know."""
    if address := os.environ.get("NOTIFY_SOCKET"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.sendto(b"READY=1", "\0" + address[1:] if address.startswith("@") else address)


def main(argv: list[str] | None = None) -> int:
    """Command line: ``--config FILE`` and ``--listen HOST:PORT``. 0 after a stop, 1 when it could not start."""
    parser = argparse.ArgumentParser(prog="web_ui", description="Serve the pages of the box.")
    parser.add_argument("--config", type=Path, help="the box's TOML file")
    parser.add_argument("--listen", metavar="HOST:PORT", help="overrides [web] listen")
    options = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    try:
        settings = settings_module.load(options.config)
        if options.listen:
            host, port = settings_module.split_address(options.listen)
            settings = replace(settings, host=host, port=port)
        serve(settings)
    except (OSError, ValueError, tomllib.TOMLDecodeError) as error:
        sys.stderr.write(f"The pages cannot be served: {error}\n")
        return 1
    return 0
