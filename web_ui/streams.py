"""Server-sent events: who may keep a stream open, and what is sent when the picture changes.

A stream holds one of the server's threads, so there is a cap for all and one per session; a page that is turned away
asks again every few seconds instead. Pages receive their live regions as ready-made HTML, made once per language and
picture however many people watch, and only the regions that changed for them.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bottle import HTTPResponse

from web_ui.live import Hub, Picture

MOST_STREAMS = 60
MOST_PER_SESSION = 3
KEEP_ALIVE_S = 15.0
BETWEEN_S = 0.1
"""A page is told at most this often; people cannot read faster."""
RETRY_AFTER_S = 5

Regions = Mapping[str, str]
"""Name of a live region -> its HTML."""


class Streams:
    """Counts open streams. Thread-safe."""

    def __init__(self, most: int = MOST_STREAMS, most_per_session: int = MOST_PER_SESSION) -> None:
        self._most, self._most_per_session = most, most_per_session
        self._lock = threading.Lock()
        self._open: Counter[str] = Counter()

    def enter(self, session: str) -> bool:
        """Take a place; False when all are taken."""
        with self._lock:
            if self._open.total() >= self._most or self._open[session] >= self._most_per_session:
                return False
            self._open[session] += 1
            return True

    def leave(self, session: str) -> None:
        """Give the place back."""
        with self._lock:
            self._open[session] -= 1
            if self._open[session] <= 0:
                del self._open[session]

    @property
    def count(self) -> int:
        """Streams open now."""
        with self._lock:
            return self._open.total()


class Shared:
    """Remembers what was made from one picture, so that equal pages are made once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version = -1
        self._made: dict[str, Regions] = {}

    def get(self, version: int, key: str, make: Callable[[], Regions]) -> Regions:
        """The regions for ``key`` in this version of the picture."""
        with self._lock:
            if version != self._version:
                self._version, self._made = version, {}
            if key not in self._made:
                self._made[key] = make()
            return self._made[key]


def message(picture: Picture, regions: Regions, before: Regions, more: Mapping[str, Any]) -> dict[str, Any]:
    """What a page is told: the clock, whether the service answers, and the regions that changed."""
    changed = {name: html for name, html in regions.items() if before.get(name) != html}
    return {"at": time.time(), "connected": picture.connected, "regions": changed, **more}


class Stream:
    """One open stream as a WSGI answer: an iterator that gives its place back when the server closes it."""

    def __init__(
        self,
        hub: Hub,
        streams: Streams,
        session: str,
        make: Callable[[Picture], tuple[Regions, Mapping[str, Any]] | None],
        alive: Callable[[], bool],
    ) -> None:
        self._hub, self._streams, self._session = hub, streams, session
        self._make, self._alive = make, alive
        self._lines = self._run()
        self._closed = False

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._lines)

    def close(self) -> None:
        """Called by the WSGI server when the answer is over, however it ended."""
        if not self._closed:
            self._closed = True
            self._streams.leave(self._session)

    def _run(self) -> Iterator[bytes]:
        before: dict[str, str] = {}
        more_before: Mapping[str, Any] = {}
        picture = self._hub.picture
        connected: bool | None = None
        asked_at = time.monotonic()
        yield b"retry: 2000\n\n"
        while not self._hub.stopping:
            made = self._make(picture)
            if made is not None:
                regions, more = made
                told = message(picture, regions, before, more)
                if told["regions"] or more != more_before or connected != picture.connected:
                    yield b"data: " + json.dumps(told).encode() + b"\n\n"
                    before.update(regions)
                    more_before, connected = more, picture.connected
                    time.sleep(BETWEEN_S)
            newer = self._hub.wait(picture.version, KEEP_ALIVE_S)
            if newer.version == picture.version:
                yield b": still here\n\n"
            if time.monotonic() - asked_at >= KEEP_ALIVE_S:
                asked_at = time.monotonic()
                if not self._alive():
                    yield b"event: over\ndata: {}\n\n"
                    return
            picture = newer


def turned_away() -> HTTPResponse:
    """503 with Retry-After (RFC 9110 §10.2.3): the page asks again by itself."""
    return HTTPResponse("", 503, {"Retry-After": str(RETRY_AFTER_S)})


def answer(stream: Stream) -> HTTPResponse:
    """The headers of a stream; proxies are told not to hold it back."""
    headers = {
        "Content-Type": "text/event-stream; charset=utf-8",
        "Cache-Control": "no-store",
        "X-Accel-Buffering": "no",
    }
    return HTTPResponse(stream, 200, headers)
