"""A scrub service that is silent, drips, lies or answers: a real HTTP server in a thread of its own."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from firmware.scrub import ScrubError, ask, usable
from firmware.store import scrub
from firmware.store.scrub import ScrubAnswer, ScrubService
from tests.unit.commands.office import Box, run

BLOCKED = "+493023125009"


class Service(ThreadingHTTPServer):
    """A scrub service that behaves as told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.way = "well"
        self.asked: list[tuple[list[str], str | None]] = []
        self.enough = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1/scrub?client=7"


class Answering(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((body["numbers"], self.headers["Authorization"]))
        results: list[dict[str, Any]] = [
            {"number": each, "blocked": each == BLOCKED, "line_type": "mobile"} for each in body["numbers"]
        ]
        way = self.server.way
        if way == "incomplete":
            results.pop()
        if way == "wordy":
            results[0]["blocked"] = "no"
        self._say(way, json.dumps({"results": results}).encode())

    def _say(self, way: str, answer: bytes) -> None:
        if way in ("silent", "drips"):
            if way == "drips":
                self.send_response(200)
                self.send_header("Content-Length", "100000")
                self.end_headers()
                while not self.server.enough.wait(0.05):
                    self.wfile.write(b" ")
                    self.wfile.flush()
            self.server.enough.wait(30)
            return
        self.send_response({"refuses": 500, "moved": 302}.get(way, 200))
        if way == "moved":
            self.send_header("Location", self.server.url)
        content = {"no json": b"<html>", "endless": b"x" * (2 << 20), "list": b"[]"}.get(way, answer)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[Service]:
    service = Service()
    thread = threading.Thread(target=service.serve_forever)
    thread.start()
    try:
        yield service
    finally:
        service.enough.set()
        service.shutdown()
        thread.join()
        service.server_close()


@pytest.mark.parametrize(
    ("way", "said"),
    [
        ("silent", "no answer within 0.3 s"),
        ("drips", "no answer within 0.3 s"),
        ("refuses", "it answered 500"),
        ("moved", "it answered 302"),
        ("no json", "cannot be understood"),
        ("list", "cannot be understood"),
        ("incomplete", "cannot be understood"),
        ("wordy", "cannot be understood"),
        ("endless", "too long"),
    ],
)
@pytest.mark.req("GEN-073")
def test_what_is_no_answer_is_none(way: str, said: str) -> None:
    with serving() as service:
        service.way = way
        with pytest.raises(ScrubError, match=said):
            ask(ScrubService(2, service.url, "", 0.3, 60), ["+493023125001", BLOCKED])
    assert len(service.asked) == 1


def test_a_service_that_is_not_there() -> None:
    with serving() as service:
        url = service.url
    with pytest.raises(ScrubError, match="cannot be reached"):
        ask(ScrubService(2, url, "", 1, 60), [BLOCKED])


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://scrub.example/x", True),
        ("http://127.0.0.1:8080/", True),
        ("http://scrub.example/", False),
        ("file:///etc/passwd", False),
        ("https://", False),
        ("http://127.0.0.1:99999/", False),
    ],
)
def test_numbers_are_told_over_tls_or_to_this_machine_only(url: str, may: bool) -> None:
    assert usable(url) is may


@pytest.mark.req("GEN-073")
def test_what_is_wanted_is_asked_in_one_request_and_a_silent_service_is_left_alone() -> None:
    async def scene(box: Box) -> None:
        await box.office.scrubbing.stop()
        made = await box.ask("dnc.create", name="Gryphon")
        refused = await box.refused("dnc.set_service", list_id=made["id"], url="http://far.example/")
        assert refused == {"url": "scrub_url_unfit"}
        with serving() as service:
            await box.ask(
                "dnc.set_service", list_id=made["id"], url=service.url, token="s3cret", timeout_s=0.3
            )
            now = box.clock.utc()

            def want(conn: Any) -> None:
                lists = [scrub.one(conn, made["id"])]
                for digits in (493023125001, int(BLOCKED[1:])):
                    assert scrub.objection(conn, lists, digits, now) is not None

            await box.store.do(want)
            service.way = "silent"
            assert await box.office.scrubbing.round() == 0
            service.way = "well"
            assert await box.office.scrubbing.round() == 0
            assert len(service.asked) == 1
            await box.clock.advance(5)
            assert await box.office.scrubbing.round() == 2
        assert service.asked[-1] == (["+493023125001", BLOCKED], "Bearer s3cret")
        told = await box.store.do(lambda conn: scrub.answers_for(conn, BLOCKED))
        assert [(name, answer) for name, answer, _ in told] == [
            ("Gryphon", ScrubAnswer(BLOCKED, True, "mobile"))
        ]

    run(scene)


@pytest.mark.req("GEN-073")
def test_one_number_is_asked_about_at_once() -> None:
    async def scene(box: Box) -> None:
        made = await box.ask("dnc.create", name="Gryphon")
        missing = await box.refused("dnc.ask_service", list_id=made["id"], number="030 23125009")
        assert missing == {"list_id": "scrub_service_unknown"}
        with serving() as service:
            await box.ask("dnc.set_service", list_id=made["id"], url=service.url, timeout_s=0.3)
            told = await box.ask("dnc.ask_service", list_id=made["id"], number="030 23125009")
            assert (told["blocked"], told["line_type"]) == (True, "mobile")
            service.way = "silent"
            silent = await box.refused("dnc.ask_service", list_id=made["id"], number="030 23125009")
            assert silent == {"list_id": "scrub_silent"}
        await box.ask("dnc.remove_service", list_id=made["id"])

    run(scene)
