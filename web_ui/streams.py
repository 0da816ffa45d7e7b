"""Server-sent events: who may keep a stream open, and what is sent when the picture changes.

A stream holds one of the server's threads, so there is a cap for all and one per session; a page that is turned away
asks again every few seconds instead. Pages receive their live regions as ready-made HTML, made once per language and
picture however many people watch, and only the regions that changed for them.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any

from bottle import HTTPResponse

from web_ui.live import Hub, Picture

MOST_STREAMS = 60
MOST_PER_SESSION = 3
KEEP_ALIVE_S = 15.0
BETWEEN_S = 0.05
"""A page is told at most this often; people cannot read faster."""
RETRY_AFTER_S = 5
LOOK_S = 1.0
"""How soon a stream notices that its page is gone, its session is over, or its place is needed."""
GONE, BUSY, OVER = "gone", "busy", "over"
"""Why a stream ends: nobody listens any more, another page needs the place, the session is over."""

Regions = Mapping[str, str]
"""Name of a live region -> its HTML."""


class Place:
    """One open stream. ``taken_away`` once a newer page of the same session needs the place."""

    def __init__(self, session: str) -> None:
        self.session = session
        self.taken_away = False


class Streams:
    """Gives out the places. Thread-safe."""

    def __init__(self, most: int = MOST_STREAMS, most_per_session: int = MOST_PER_SESSION) -> None:
        self._most, self._most_per_session = most, most_per_session
        self._lock = threading.Lock()
        self._open: list[Place] = []

    def enter(self, session: str) -> Place | None:
        """A place, if need be that of the session's oldest page; None when others hold them all."""
        with self._lock:
            own = [place for place in self._open if place.session == session]
            if len(own) >= self._most_per_session:
                own[0].taken_away = True
                self._open.remove(own[0])
            if len(self._open) >= self._most:
                return None
            place = Place(session)
            self._open.append(place)
            return place

    def leave(self, place: Place) -> None:
        """Give the place back; a second time does nothing."""
        with self._lock:
            if place in self._open:
                self._open.remove(place)

    @property
    def count(self) -> int:
        """Streams open now."""
        with self._lock:
            return len(self._open)


class Shared:
    """Remembers what was made from one picture, so that equal pages are made once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version = -1
        self._made: dict[str, Regions] = {}

    def get(self, picture: Picture, key: str, make: Callable[[], Regions]) -> Regions:
        """The regions for ``key`` in this version of the picture, apart for each whose picture it is."""
        key = f"{picture.seen_by}: {key}"
        with self._lock:
            if picture.version != self._version:
                self._version, self._made = picture.version, {}
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
        leave: Callable[[], None],
        make: Callable[[Picture], tuple[Regions, Mapping[str, Any]] | None],
        state: Callable[[], str],
    ) -> None:
        self._hub, self._make, self._state = hub, make, state
        self._leave = leave
        self._lines = self._run()

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._lines)

    def close(self) -> None:
        """Called by the WSGI server when the answer is over, however it ended."""
        self._lines.close()
        self._leave()

    def _run(self) -> Generator[bytes, None, None]:
        before: dict[str, str] = {}
        more_before: Mapping[str, Any] = {}
        connected: bool | None = None
        seen, spoke_at = -1, time.monotonic()
        yield b"retry: 2000\n\n"
        while not self._hub.stopping:
            picture = self._hub.wait(seen, LOOK_S)
            made = self._make(picture) if picture.version != seen else None
            seen = picture.version
            if made is not None:
                regions, more = made
                told = message(picture, regions, before, more)
                if told["regions"] or more != more_before or connected != picture.connected:
                    yield b"data: " + json.dumps(told).encode() + b"\n\n"
                    before.update(regions)
                    more_before, connected, spoke_at = more, picture.connected, time.monotonic()
                    time.sleep(BETWEEN_S)
            state = self._state()
            if state == GONE:
                return
            if state:
                yield f"event: {state}\ndata: {{}}\n\n".encode()
                return
            if time.monotonic() - spoke_at >= KEEP_ALIVE_S:
                spoke_at = time.monotonic()
                yield b": still here\n\n"


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
