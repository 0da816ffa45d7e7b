"""A trunk over TLS: its certificate must be vouched for, or no call leaves."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from firmware.edge.plan import Plan
from tests.peers.processes import Kamailio
from tests.peers.test_edge_guard import OFFER
from tests.peers.wire import Message, Stranger

pytestmark = pytest.mark.peers


class Provider:
    """Accepts TLS on 127.0.0.2 and refuses every INVITE with 486."""

    def __init__(self, folder: Path, certificate: Path, key: Path) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self._listener = socket.create_server(("127.0.0.2", 0))
        self.port = int(self._listener.getsockname()[1])
        self._context = context
        self.seen: list[str] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                raw, _ = self._listener.accept()
            except OSError:
                return
            try:
                self._talk(self._context.wrap_socket(raw, server_side=True))
            except OSError:
                continue

    def _talk(self, line: ssl.SSLSocket) -> None:
        buffer = b""
        while chunk := line.recv(65536):
            buffer += chunk
            if b"\r\n\r\n" not in buffer or not buffer.endswith((OFFER.encode(), b"\r\n\r\n")):
                continue
            head = buffer.decode().split("\r\n\r\n")[0].split("\r\n")
            buffer = b""
            self.seen.append(head[0])
            kept = [h for h in head[1:] if h.split(":")[0] in ("Via", "From", "To", "Call-ID", "CSeq")]
            if head[0].startswith(("INVITE", "OPTIONS")):
                answer = ["SIP/2.0 486 Busy Here", *kept, "Content-Length: 0", "", ""]
                line.sendall("\r\n".join(answer).encode())


def certificate(folder: Path) -> tuple[Path, Path]:
    crt, key = folder / "provider.crt", folder / "provider.key"
    subprocess.run(
        [
            *"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=127.0.0.2".split(),
            *["-addext", "subjectAltName=IP:127.0.0.2", "-keyout", str(key), "-out", str(crt)],
        ],
        check=True,
        capture_output=True,
    )
    return crt, key


@pytest.fixture
def provider(tmp_path: Path) -> Iterator[Provider]:
    one = Provider(tmp_path, *certificate(tmp_path))
    yield one
    one.close()


def call(plan: Plan, kamailio: Kamailio) -> Message:
    """An INVITE as the service would send it."""
    service = Stranger(kamailio.address, "127.0.0.1", port=plan.service_port)
    try:
        uri = f"sip:+493023125001@provider.trunk.{plan.domain}"
        answer = service.ask(service.request("INVITE", uri, body=OFFER), 8.0)
        assert answer is not None
        return answer
    finally:
        service.close()


def test_a_trunk_that_is_vouched_for(
    plan: Plan, provider: Provider, tmp_path: Path, start_kamailio: Callable[[Plan], Kamailio]
) -> None:
    trunk = replace(plan.trunks[0], port=provider.port, transport="tls")
    plan = replace(plan, trunks=(trunk,), authorities=str(tmp_path / "provider.crt"))
    assert call(plan, start_kamailio(plan)).code == 486
    assert any(line.startswith("INVITE sip:+493023125001@127.0.0.2") for line in provider.seen)


def test_a_trunk_nobody_vouches_for_gets_no_call(
    plan: Plan, provider: Provider, start_kamailio: Callable[[Plan], Kamailio]
) -> None:
    trunk = replace(plan.trunks[0], port=provider.port, transport="tls")
    plan = replace(plan, trunks=(trunk,))
    assert call(plan, start_kamailio(plan)).code >= 500 or not provider.seen
    assert not any(line.startswith("INVITE") for line in provider.seen)
