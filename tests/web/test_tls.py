"""Behind nginx with TLS, as on an installed box: the shipped site file, a certificate of its own, impatient clients."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.web.box import ADMINISTRATOR, Box
from tests.web.front import Front, free_port


@pytest.fixture(scope="module")
def front(office: Box, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    front = Front(office.port, tmp_path_factory.mktemp("nginx"))
    yield front
    front.stop()


def log_in(front: Front, origin: str) -> http.client.HTTPResponse:
    form = urlencode({"login": ADMINISTRATOR[0], "password": ADMINISTRATOR[1]})
    kind = "application/x-www-form-urlencoded"
    return front.ask("POST", "/login", form, Origin=origin, Content_Type=kind)


def test_people_log_in_over_tls_with_a_cookie_that_never_leaves_it(front: Front) -> None:
    answer = log_in(front, f"https://127.0.0.1:{front.https}")
    cookie = answer.headers["Set-Cookie"]
    assert answer.status == 303
    assert answer.headers["Location"] == f"https://127.0.0.1:{front.https}/dashboard"
    assert cookie.startswith("__Host-sid=")
    assert "Secure" in cookie
    page = front.ask("GET", "/dashboard", Cookie=cookie.split(";")[0])
    assert page.status == 200
    assert "Übersicht" in page.read().decode()


def test_a_form_from_the_plain_side_is_another_site(front: Front) -> None:
    assert log_in(front, f"http://127.0.0.1:{front.http}").status == 403


def test_plain_http_only_sends_people_on(front: Front) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", front.http, timeout=20)
    connection.request("GET", "/desk?x=1")
    answer = connection.getresponse()
    assert answer.status == 308
    assert answer.headers["Location"] == "https://127.0.0.1/desk?x=1"


def test_old_encryption_is_refused(front: Front) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    with (
        socket.create_connection(("127.0.0.1", front.https)) as plain,
        pytest.raises((ssl.SSLError, OSError)),
    ):
        context.wrap_socket(plain)


def test_events_pass_as_they_come(front: Front, office: Box) -> None:
    cookie = log_in(front, f"https://127.0.0.1:{front.https}").headers["Set-Cookie"].split(";")[0]
    stream = front.ask("GET", "/live/dashboard", Cookie=cookie)
    assert stream.status == 200
    office.ask("publish", event="trunk", data={"name": "through-nginx", "up": True, "legs": 0, "lines": 1})
    while b"through-nginx" not in stream.readline():
        pass
    stream.close()
    office.ask("remove", event="trunk", key="through-nginx")


def test_guessers_are_told_apart_behind_the_proxy(front: Front, office: Box) -> None:
    forged = front.ask("GET", "/login", X_Forwarded_For="203.0.113.7", X_Forwarded_Proto="http")
    assert forged.status == 200
    log_in_again = log_in(front, f"https://127.0.0.1:{front.https}")
    assert log_in_again.headers["Set-Cookie"].startswith("__Host-")
    assert office.web is not None
    assert not any("203.0.113.7" in line for line in office.web.lines)


def test_two_hundred_silent_clients_keep_nobody_waiting(front: Front) -> None:
    silent = [socket.create_connection(("127.0.0.1", front.https)) for _ in range(200)]
    try:
        began = time.monotonic()
        answer = front.ask("GET", "/login")
        assert answer.status == 200
        assert re.search("Anmelden", answer.read().decode())
        assert time.monotonic() - began < 20
    finally:
        for client in silent:
            client.close()


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/desk"), ("POST", "/login"), ("GET", "/live/desk.json")]
)
def test_while_the_pages_start_a_page_says_so_and_looks_again(tmp_path: Path, method: str, path: str) -> None:
    front = Front(free_port(), tmp_path)  # nobody listens there
    try:
        answer = front.ask(method, path, "" if method == "POST" else None)
        page = answer.read().decode()
    finally:
        front.stop()
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Die Anlage startet" in page
    assert "The box is starting" in page
    assert 'http-equiv="refresh"' in page
    assert "://" not in page
