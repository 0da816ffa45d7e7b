"""Phones come and go, secrets change, Kamailio dies: the box's idea of who may register always wins."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from firmware.edge.edge import Edge
from firmware.edge.phone_book import ha1
from tests.peers.conftest import DOMAIN
from tests.peers.loops import Loop
from tests.peers.processes import Kamailio, eventually
from tests.peers.test_edge_guard import OFFER
from tests.peers.wire import Stranger

pytestmark = pytest.mark.peers


@pytest.fixture
def phone(kamailio: Kamailio) -> Iterator[Stranger]:
    one = Stranger(kamailio.address, "127.0.0.7")
    yield one
    one.close()


def code(phone: Stranger, user: str, secret: str) -> int:
    answer = phone.register(user, secret)
    assert answer is not None
    return answer.code


def want(edge: Edge, loop: Loop, **secrets: str) -> None:
    wanted = {user: ha1(user, DOMAIN, secret) for user, secret in secrets.items()}
    loop.call(lambda: edge.want_phones(wanted))
    eventually(lambda: edge.book._pushed == wanted)


def test_a_phone_registers_and_shows_and_goes(edge: Edge, loop: Loop, phone: Stranger) -> None:
    want(edge, loop, p1="one", p2="two")
    assert edge.phones == {"p1": False, "p2": False}
    assert code(phone, "p1", "one") == 200
    eventually(lambda: edge.phones == {"p1": True, "p2": False})
    answer = phone.register("p1", "one", expires=0)
    assert answer is not None
    assert answer.code == 200
    eventually(lambda: edge.phones == {"p1": False, "p2": False})


def test_a_new_secret_ends_the_old_registration(edge: Edge, loop: Loop, phone: Stranger) -> None:
    want(edge, loop, p1="one")
    assert code(phone, "p1", "one") == 200
    eventually(lambda: edge.phones["p1"])
    want(edge, loop, p1="other")
    eventually(lambda: not edge.phones["p1"])
    assert code(phone, "p1", "one") == 401
    assert code(phone, "p1", "other") == 200


def test_a_removed_phone_is_out_at_once(edge: Edge, loop: Loop, phone: Stranger) -> None:
    want(edge, loop, p1="one", p2="two")
    assert code(phone, "p1", "one") == 200
    want(edge, loop, p2="two")
    assert code(phone, "p1", "one") == 401
    assert edge.phones == {"p2": False}


@pytest.mark.parametrize("how", ["restart", "kill"])
def test_kamailio_dies_and_is_taught_again(
    edge: Edge, loop: Loop, phone: Stranger, kamailio: Kamailio, how: str
) -> None:
    want(edge, loop, p1="one")
    assert code(phone, "p1", "one") == 200
    if how == "kill":
        kamailio.kill()
        eventually(lambda: not edge.up)
        assert edge.phones == {"p1": False}
        assert edge.trunks == {"provider": False}
        kamailio.start()
    else:
        kamailio.restart()
    eventually(lambda: edge.up and edge.book.pushes == 2)
    assert code(phone, "p1", "one") == 200


def test_the_service_may_start_first(
    plan: object, loop: Loop, tmp_path: object, start_kamailio: Callable[..., Kamailio]
) -> None:
    from pathlib import Path

    from firmware.edge.plan import Plan

    assert isinstance(plan, Plan)
    assert isinstance(tmp_path, Path)
    early = Edge(plan, tmp_path / "kamailio0" / "rpc.sock", poll_s=0.05)
    loop.run(early.start())
    try:
        loop.call(lambda: early.want_phones({"p1": ha1("p1", DOMAIN, "one")}))
        assert not early.up
        kamailio = start_kamailio(plan)
        eventually(lambda: early.up and "p1" in early.book._pushed)
        phone = Stranger(kamailio.address, "127.0.0.7")
        assert code(phone, "p1", "one") == 200
        phone.close()
    finally:
        loop.run(early.stop())


def test_a_phone_behind_nat_is_called_where_its_packets_come_from(
    edge: Edge, loop: Loop, kamailio: Kamailio
) -> None:
    want(edge, loop, p1="one")
    phone = Stranger(kamailio.address, "127.0.0.11", claims="10.99.99.99")
    service = Stranger(kamailio.address, "127.0.0.1", port=kamailio.plan.service_port)
    try:
        assert code(phone, "p1", "one") == 200
        service.send(service.request("INVITE", f"sip:p1@phones.{DOMAIN}", body=OFFER))
        invite = phone.receive()
        assert invite is not None
        assert invite.first.startswith("INVITE sip:p1@10.99.99.99")
        assert (
            kamailio.ask("htable.get", "media", invite.headers["call-id"])["result"]["item"]["value"]
            == "RTP/AVP"
        )  # type: ignore[index]
    finally:
        phone.close()
        service.close()


def test_two_hundred_phones(edge: Edge, loop: Loop, phone: Stranger) -> None:
    want(edge, loop, **{f"p{n}": f"secret{n}" for n in range(200)})
    for n in range(200):
        assert code(phone, f"p{n}", f"secret{n}") == 200
    eventually(lambda: all(edge.phones.values()) and len(edge.phones) == 200)


def test_no_secret_lies_on_disk(edge: Edge, loop: Loop, kamailio: Kamailio) -> None:
    want(edge, loop, p1="a-very-secret-word")
    secret = ha1("p1", DOMAIN, "a-very-secret-word").encode()
    for path in kamailio.rendered.directory.rglob("*"):
        if path.is_file():
            assert secret not in path.read_bytes(), path
            assert path.suffix in (".log", ".pid") or path.stat().st_mode & 0o007 == 0, path
