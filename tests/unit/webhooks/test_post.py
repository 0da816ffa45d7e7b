"""One delivery over a real socket to receivers that are silent, drip, redirect, lie, or take it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from firmware.webhooks.post import Outcome, post
from firmware.webhooks.target import Policy

HERE = Policy(loopback=True)
Way = Callable[[socket.socket, threading.Event], None]


@contextmanager
def receiver(way: Way) -> Iterator[tuple[str, list[bytes]]]:
    """A receiver that reads one request and behaves as told; its address, and what it got."""
    got: list[bytes] = []
    enough = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                got.append(read_request(connection))
                try:
                    way(connection, enough)
                except OSError:
                    return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/hook?from=box", got
        enough.set()
        server.close()


def read_request(connection: socket.socket) -> bytes:
    got = b""
    while b"\r\n\r\n" not in got:
        piece = connection.recv(4096)
        if not piece:
            return got
        got += piece
    head, _, body = got.partition(b"\r\n\r\n")
    length = next(
        int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
    )
    while len(body) < length:
        body += connection.recv(4096)
    return head + b"\r\n\r\n" + body


def says(answer: bytes) -> Way:
    return lambda connection, _: connection.sendall(answer)


def drips(connection: socket.socket, enough: threading.Event) -> None:
    while not enough.wait(0.02):
        connection.sendall(b"H")


def send(url: str, timeout_s: float = 20.0, policy: Policy = HERE) -> Outcome:
    return post(
        url, {"webhook-id": "evt_1", "Content-Type": "application/json"}, b'{"a":1}', policy, timeout_s
    )


def test_one_that_takes_it() -> None:
    with receiver(says(b"HTTP/1.1 204 No Content\r\n\r\n")) as (url, got):
        outcome = send(url)
    assert (outcome.status, outcome.error, outcome.taken) == (204, "", True)
    head, _, body = got[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /hook?from=box HTTP/1.1\r\n")
    assert b"webhook-id: evt_1" in head
    assert body == b'{"a":1}'


@pytest.mark.parametrize("status", [100, 199, 301, 302, 307, 400, 401, 410, 500, 503])
def test_only_2xx_has_taken_it_and_redirects_lead_nowhere(status: int) -> None:
    answer = b"HTTP/1.1 %d X\r\nLocation: http://127.0.0.1:1/\r\n\r\n" % status
    with receiver(says(answer)) as (url, _):
        outcome = send(url)
    assert (outcome.status, outcome.error) == (status, f"answered: {status}")


@pytest.mark.parametrize("answer", [b"", b"\n", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 abc\r\n", b"HTTP/1.1\r\n"])
def test_one_that_speaks_something_else(answer: bytes) -> None:
    with receiver(says(answer)) as (url, _):
        outcome = send(url)
    assert outcome.status is None
    assert outcome.error.startswith("unreachable: ")


@pytest.mark.parametrize("way", [drips, lambda _connection, enough: enough.wait(30)])
def test_one_that_takes_its_time_gets_no_more_than_it_is_given(way: Way) -> None:
    with receiver(way) as (url, _):
        outcome = send(url, timeout_s=0.3)
    assert (outcome.status, outcome.error) == (None, "timeout: 0.3")


def test_one_that_is_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    assert send(f"http://127.0.0.1:{port}/").error == "unreachable: Connection refused"


def test_one_that_must_not_be_reached_gets_nothing() -> None:
    with receiver(says(b"HTTP/1.1 200 OK\r\n\r\n")) as (url, got):
        outcome = send(url, policy=Policy())
        named = send(url.replace("127.0.0.1", "localhost"), policy=Policy())
    assert outcome.error == "webhook_address_unfit: 127.0.0.1"
    assert named.error.startswith("webhook_address_unfit: ")
    assert got == []
