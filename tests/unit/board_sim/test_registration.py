"""Registering, seen from a registrar that checks the digest by itself."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from board.sim.phone import Phone
from board.sim.phone_settings import PhoneSettings, office, read_accounts
from board.sim.sip_message import Request
from board.sim.sip_transactions import Timers
from tests.unit.board_sim.support import Peer, make_voices, peer

DOMAIN = "box.invalid"


@asynccontextmanager
async def registering(
    tmp_path: Path, password: str = "secret", **more: object
) -> AsyncIterator[tuple[Phone, Peer]]:
    """A phone that registers at a peer."""
    async with peer(("127.0.0.1", 9)) as registrar:
        settings = PhoneSettings("1001", password, ("127.0.0.1", registrar.port), DOMAIN, expires_s=60,
                                 timers=Timers(0.05, 0.2, 0.2), **more)  # type: ignore[arg-type]  # fmt: skip
        phone = Phone(settings, office(make_voices(tmp_path)))
        await phone.start()
        registrar.to = ("127.0.0.1", phone.port)
        try:
            yield phone, registrar
        finally:
            await phone.stop()


def reply(request: Request, status: str, *fields: str) -> str:
    kept = [f"{n}: {v}" for n, v in request.headers.fields if n in ("Via", "From", "Call-ID", "CSeq")]
    to = f"To: {request.headers.get('To')};tag=r"
    return "\n".join([f"SIP/2.0 {status}", *kept, to, *fields, "Content-Length: 0", "", ""])


async def register(registrar: Peer, at_least: int = 0) -> Request:
    """Return the next REGISTER with a CSeq above `at_least`, repetitions passed over."""
    while True:
        request = await registrar.request("REGISTER")
        if request.cseq[0] > at_least:
            return request


def challenge(nonce: str = "n1", *more: str) -> str:
    return f'WWW-Authenticate: Digest realm="{DOMAIN}", nonce="{nonce}", qop="auth"' + "".join(
        f", {one}" for one in more
    )


def is_right(request: Request, password: str, nonce: str) -> bool:
    """Check an Authorization field by RFC 2617 §3.2.2, written out here once more."""
    value = request.headers.get("Authorization")
    field = {
        name: quoted or bare for name, quoted, bare in re.findall(r'(\w+)=(?:"([^"]*)"|([^,\s]+))', value)
    }

    def md5(text: str) -> str:
        return hashlib.md5(text.encode()).hexdigest()

    ha1, ha2 = md5(f"1001:{DOMAIN}:{password}"), md5(f"REGISTER:{field['uri']}")
    wanted = md5(f"{ha1}:{nonce}:{field['nc']}:{field['cnonce']}:auth:{ha2}")
    return field["response"] == wanted and field["nonce"] == nonce


async def test_it_registers_again_before_it_runs_out_and_leaves(tmp_path: Path) -> None:
    async with registering(tmp_path) as (phone, registrar):
        first = await register(registrar)
        assert not first.headers.has("Authorization")
        registrar.send(reply(first, "401 Unauthorized", challenge()))
        second = await register(registrar, first.cseq[0])
        assert is_right(second, "secret", "n1")
        assert second.call_id == first.call_id
        assert second.headers.get("Contact") == f"<sip:1001@127.0.0.1:{phone.port}>;expires=60"
        other = "Contact: <sip:1001@127.0.0.1:9>;expires=3000"
        registrar.send(
            reply(second, "200 OK", other, f"Contact: <sip:1001@127.0.0.1:{phone.port}>;expires=1")
        )
        await phone.registered()
        third = await register(registrar, second.cseq[0])
        assert is_right(third, "secret", "n1")
        assert "nc=00000002" in third.headers.get("Authorization")
        registrar.send(reply(third, "401 Unauthorized", challenge("n2", "stale=true")))
        fourth = await register(registrar, third.cseq[0])
        assert is_right(fourth, "secret", "n2")
        registrar.send(reply(fourth, "200 OK", "Expires: 60"))
        await phone.registered()
        leaving = asyncio.ensure_future(phone.stop())
        last = await register(registrar, fourth.cseq[0])
        assert last.headers.get("Contact").endswith(";expires=0")
        registrar.send(reply(last, "200 OK"))
        await leaving
        assert not phone.registration.registered.is_set()


async def test_a_wrong_password_is_told_and_tried_again_later(tmp_path: Path) -> None:
    async with registering(tmp_path) as (phone, registrar):
        first = await register(registrar)
        registrar.send(reply(first, "401 Unauthorized", challenge()))
        second = await register(registrar, first.cseq[0])
        registrar.send(reply(second, "401 Unauthorized", challenge("n2")))
        assert (await phone.wait_for("unregistered")).figures == {"status": 401}
        again = await register(registrar, second.cseq[0])
        assert not again.headers.has("Authorization")


async def test_a_silent_registrar_is_told_as_408(tmp_path: Path) -> None:
    async with registering(tmp_path) as (phone, registrar):
        first, again = await registrar.request("REGISTER"), await registrar.request("REGISTER")
        assert first.encode() == again.encode()
        assert (await phone.wait_for("unregistered")).figures == {"status": 408}


async def test_a_registrar_that_wants_longer_gets_it(tmp_path: Path) -> None:
    async with registering(tmp_path) as (_, registrar):
        first = await register(registrar)
        registrar.send(reply(first, "423 Interval Too Brief", "Min-Expires: 600"))
        assert (await register(registrar, first.cseq[0])).headers.get("Contact").endswith(";expires=600")


async def test_a_challenge_nobody_can_meet_is_told(tmp_path: Path) -> None:
    async with registering(tmp_path) as (phone, registrar):
        first = await register(registrar)
        registrar.send(
            reply(first, "407 Proxy Authentication Required", 'Proxy-Authenticate: Basic realm="x"')
        )
        assert (await phone.wait_for("unregistered")).figures == {"status": 407}


def test_accounts_are_read(tmp_path: Path) -> None:
    path = tmp_path / "accounts.json"
    path.write_text('[{"user": "1001", "password": "x", "answer_ms": 20, "sound": "tone"}, {"user": "1002"}]')
    first, second = read_accounts(path, ("127.0.0.1", 5060), DOMAIN)
    assert (first.user, first.password, first.answer_ms, first.sound) == ("1001", "x", 20, "tone")
    assert (second.mode, second.domain) == ("answer", DOMAIN)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[]", "a list of accounts"),
        ("{}", "a list of accounts"),
        ("[3]", "account 1: user and password"),
        ('[{"password": "x"}]', "account 1: user and password"),
        ('[{"user": "1", "pasword": "x"}]', "did you mean 'password'"),
        ('[{"user": "1", "mode": "sleep"}]', "mode is one of"),
        ('[{"user": "1", "sound": "music"}]', "sound is one of"),
    ],
)
def test_wrong_accounts_are_named(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "accounts.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=words):
        read_accounts(path, ("127.0.0.1", 5060), DOMAIN)
