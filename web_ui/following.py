"""Live pages in two ways: a stream of events, or the same asked for every few seconds."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from bottle import HTTPResponse

from web_ui.live import Picture
from web_ui.streams import Regions, Stream, answer, message, turned_away
from web_ui.visit import Visit
from web_ui.web import Web

Told = tuple[Regions, Mapping[str, Any]]
JSON = {"Content-Type": "application/json; charset=utf-8"}


def follow(
    web: Web,
    visit: Visit,
    make: Callable[[Picture], Told | None],
    alive: Callable[[], bool] | None = None,
) -> HTTPResponse:
    """A stream that sends what ``make`` makes of each new picture, until the session ends; 503 when all are taken."""
    if not web.streams.enter(visit.session):
        return turned_away()
    still = alive or (lambda: web.still_logged_in(visit.token))
    return answer(Stream(web.hub, web.streams, visit.session, make, still))


def asked(web: Web, make: Callable[[Picture], Told]) -> HTTPResponse:
    """The same once, as JSON."""
    picture = web.hub.picture
    regions, more = make(picture)
    return as_json(message(picture, regions, {}, more))


def as_json(body: Mapping[str, Any], status: int = 200) -> HTTPResponse:
    """A JSON answer."""
    return HTTPResponse(json.dumps(body), status, JSON)
