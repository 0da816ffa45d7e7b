"""The registration test against a registrar of its own making: what the provider may do wrong, in our words."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from firmware.config import Secret, TrunkConfig
from firmware.trunks import registration

PASSWORD = "glass mountain"


class Registrar(asyncio.DatagramProtocol):
    """Answers over UDP; ``challenge`` is the header of its 401, ``final`` what a right or wrong password gets."""

    def __init__(self, challenge: str, refusal: int, silent: int) -> None:
        self.challenge, self.refusal, self.silent = challenge, refusal, silent
        self.asked: list[str] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.asked.append(data.decode())
        if len(self.asked) > self.silent:
            self.transport.sendto(b"SIP/2.0 100 Trying\r\n\r\n", addr)
            self.transport.sendto(self.answer(data.decode()).encode(), addr)

    def answer(self, asked: str) -> str:
        if asked.startswith("OPTIONS"):
            return "SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n"
        if "Authorization" not in asked:
            return (
                f"SIP/2.0 401 Unauthorized\r\nWWW-Authenticate: {self.challenge}\r\nContent-Length: 0\r\n\r\n"
            )
        status = "200 OK" if self.right(asked) else f"{self.refusal} No"
        return f"SIP/2.0 {status}\r\nContent-Length: 0\r\n\r\n"

    def right(self, asked: str) -> bool:
        given = dict(re.findall(r'(\w+)="([^"]*)"', asked))
        hashed: Callable[[str], str] = lambda text: (  # noqa: E731
            hashlib.sha256 if "SHA-256" in self.challenge else hashlib.md5
        )(text.encode()).hexdigest()
        who = hashed(f"office:{given['realm']}:{PASSWORD}")
        middle = f"00000001:{given['cnonce']}:auth:" if "cnonce" in given else ""
        return given["response"] == hashed(
            f"{who}:{given['nonce']}:{middle}{hashed('REGISTER:' + given['uri'])}"
        )


@asynccontextmanager
async def registrar(
    challenge: str, refusal: int = 403, silent: int = 0
) -> AsyncIterator[tuple[Registrar, int]]:
    made = Registrar(challenge, refusal, silent)
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: made, local_addr=("127.0.0.1", 0)
    )
    try:
        yield made, transport.get_extra_info("sockname")[1]
    finally:
        transport.close()


def trunk(port: int, password: str = PASSWORD, **more: object) -> TrunkConfig:
    given = {"username": "office", "password": Secret(password), **more}
    return TrunkConfig(name="t", host="127.0.0.1", port=port, **given)  # type: ignore[arg-type]


MD5 = 'Digest realm="box", nonce="n1"'
QOP = 'Digest realm="box", nonce="n1", qop="auth,auth-int", opaque="o", algorithm=MD5'
SHA = 'Digest realm="box", nonce="n1", qop="auth", algorithm=SHA-256'


@pytest.mark.parametrize(("refusal", "key"), [(401, "trunk_password_wrong"), (403, "trunk_password_wrong"),
                                             (404, "trunk_user_unknown"), (503, "trunk_refused")])  # fmt: skip
async def test_what_a_provider_refuses_has_a_word(refusal: int, key: str) -> None:
    async with registrar(QOP, refusal) as (_, port):
        outcome = await registration.ask(trunk(port, "wrong"))
    assert (outcome.key, outcome.well) == (key, False)


async def test_a_challenge_nobody_understands() -> None:
    async with registrar('Digest realm="box", nonce="n", algorithm=MD4') as (_, port):
        assert (await registration.ask(trunk(port))).key == "trunk_digest_unknown"


async def test_nobody_there() -> None:
    async with registrar(MD5) as (_, port):
        pass
    assert (await registration.ask(trunk(port, transport="tcp"))).key == "trunk_unreachable"
    unknown = TrunkConfig(name="t", host="nobody.invalid", username="office")
    assert (await registration.ask(unknown)).key == "trunk_name_unknown"


@pytest.mark.parametrize("challenge", [MD5, QOP, SHA])
async def test_the_right_password_registers_and_a_lost_packet_is_sent_again(challenge: str) -> None:
    async with registrar(challenge, silent=1) as (seen, port):
        outcome = await registration.ask(trunk(port))
    assert (outcome.key, outcome.well) == ("trunk_registers", True)
    assert len(seen.asked) == 3
    assert all("\r\nContact:" not in each and PASSWORD not in each for each in seen.asked), "it only asks"


async def test_a_trunk_known_by_its_address_is_asked_whether_it_is_there() -> None:
    async with registrar(MD5) as (_, port):
        assert (await registration.ask(trunk(port, username=""))).key == "trunk_answers"


async def test_over_a_connection_answers_come_in_pieces() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        logic = Registrar(QOP, 403, 0)
        for _ in range(2):
            asked = (await reader.readuntil(b"\r\n\r\n")).decode()
            text = "SIP/2.0 100 Trying\r\nContent-Length: 3\r\n\r\nabc" + logic.answer(asked)
            for part in (text[:40], text[40:]):
                writer.write(part.encode())
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        assert (await registration.ask(trunk(port, transport="tcp"))).key == "trunk_registers"
