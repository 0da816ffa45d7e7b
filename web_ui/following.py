"""Live pages in two ways: a stream of events, or the same asked for every few seconds."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from bottle import HTTPResponse

from web_ui.live import Picture
from web_ui.streams import (
    BUSY,
    GONE,
    OVER,
    Place,
    Regions,
    Stream,
    answer,
    message,
    turned_away,
)
from web_ui.visit import TOUCH_EVERY_S, Visit
from web_ui.web import Web

Told = tuple[Regions, Mapping[str, Any]]
ASK_S = 5.0
"""How often a stream asks whether its session is still open."""
JSON = {"Content-Type": "application/json; charset=utf-8"}


def follow(
    web: Web,
    visit: Visit,
    make: Callable[[Picture], Told | None],
    keeps_session: bool = False,
) -> HTTPResponse:
    """A stream that sends what ``make`` makes of each new picture, until the session ends; 503 when all are taken."""
    place = web.streams.enter(visit.session)
    if place is None:
        return turned_away()
    state = _Watch(web, visit, place, keeps_session)
    return answer(Stream(web.hub, lambda: web.streams.leave(place), make, state))


class _Watch:
    """Tells a stream why to end, asking the store only now and then."""

    def __init__(self, web: Web, visit: Visit, place: Place, keeps_session: bool) -> None:
        self._web, self._token, self._place, self._keeps_session = web, visit.token, place, keeps_session
        self._gone = visit.request.environ.get("waitress.client_disconnected", lambda: False)
        self._asked_at = self._kept_at = time.monotonic()

    def __call__(self) -> str:
        if self._gone():
            return GONE
        if self._place.taken_away:
            return BUSY
        now = time.monotonic()
        if now - self._asked_at < ASK_S:
            return ""
        self._asked_at = now
        if self._keeps_session and now - self._kept_at >= TOUCH_EVERY_S:
            self._kept_at = now
            self._web.keep_session(self._token)
        return "" if self._web.still_logged_in(self._token) else OVER


def asked(web: Web, make: Callable[[Picture], Told]) -> HTTPResponse:
    """The same once, as JSON."""
    picture = web.hub.picture
    regions, more = make(picture)
    return as_json(message(picture, regions, {}, more))


def as_json(body: Mapping[str, Any], status: int = 200) -> HTTPResponse:
    """A JSON answer."""
    return HTTPResponse(json.dumps(body), status, JSON)
